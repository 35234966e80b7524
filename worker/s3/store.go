// Package s3 is a Store on an S3-compatible server: AWS, versitygw and others that keep
// conditional writes (If-None-Match) and SHA-256 checksums. It creates no bucket policy and
// deletes nothing.
package s3

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/remote"
)

// Store keeps objects in one bucket. It is safe for concurrent use.
type Store struct {
	client   *minio.Client
	bucket   string
	patience worker.Patience
}

// Options say where the bucket is.
type Options struct {
	URL    remote.Address // "https://host[:port]/bucket"; http is for a server in the same network
	Region string         // "us-east-1" where empty
	Access string         // key; where empty, the user and the password in URL
	Secret string

	Patience worker.Patience // with the server; 4 and 30 seconds, more for large objects
}

// Open connects to the server and makes the bucket if it is missing. The error is a
// *fault.Fault.
func Open(ctx context.Context, o Options) (*Store, error) {
	u, err := o.URL.URL()
	bucket := ""
	if err == nil {
		bucket = strings.Trim(u.Path, "/")
	}
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || bucket == "" || strings.Contains(bucket, "/") {
		return nil, &fault.Fault{Where: "--s3 " + o.URL.String(), What: "adres magazynu jest niepełny", Hint: "podaj go w postaci https://serwer:port/zasobnik", Err: err}
	}
	if o.Region == "" {
		o.Region = "us-east-1"
	}
	if o.Access == "" {
		o.Access, o.Secret = o.URL.Login()
	}
	transport, err := minio.DefaultTransport(u.Scheme == "https")
	if err != nil {
		return nil, fmt.Errorf("prepare connections: %w", err)
	}
	transport.DialContext = (&net.Dialer{Timeout: 3 * time.Second, KeepAlive: 15 * time.Second}).DialContext
	transport.MaxIdleConnsPerHost = 64
	client, err := minio.New(u.Host, &minio.Options{
		Creds: credentials.NewStaticV4(o.Access, o.Secret, ""), Secure: u.Scheme == "https", Region: o.Region,
		BucketLookup: minio.BucketLookupAuto, Transport: transport,
		MaxRetries:      1,    // requests are repeated by ask, each with a time of its own
		TrailingHeaders: true, // without it the client drops checksums given as headers
	})
	if err != nil {
		return nil, &fault.Fault{Where: "--s3 " + o.URL.String(), What: "nie można użyć adresu magazynu", Hint: "podaj go w postaci https://serwer:port/zasobnik", Err: err}
	}
	if o.Patience == (worker.Patience{}) {
		o.Patience = worker.Patience{Answer: 4 * time.Second, Whole: 30 * time.Second}
	}
	s := &Store{client, bucket, o.Patience}
	if err := s.make(ctx, o.Region); err != nil {
		return nil, refusal("magazyn S3 "+u.Host+"/"+bucket, err)
	}
	return s, nil
}

// make makes the bucket unless it is there.
func (s *Store) make(ctx context.Context, region string) error {
	there, err := s.client.BucketExists(ctx, s.bucket)
	if err != nil || there {
		return err
	}
	return s.ask(ctx, 0, func(ctx context.Context) error {
		err := s.client.MakeBucket(ctx, s.bucket, minio.MakeBucketOptions{Region: region})
		if c := minio.ToErrorResponse(err).Code; c == minio.BucketAlreadyOwnedByYou {
			return nil // another process was faster
		}
		return err
	})
}

// refusal says why the server cannot be used.
func refusal(where string, err error) error {
	switch minio.ToErrorResponse(err).StatusCode {
	case http.StatusForbidden, http.StatusUnauthorized:
		return &fault.Fault{Where: where, What: "serwer odrzucił klucz dostępu", Hint: "sprawdź RAPORTJST_S3_ACCESS_KEY i RAPORTJST_S3_SECRET_KEY", Err: err}
	case 0:
		return &fault.Fault{Where: where, What: "brak połączenia z serwerem", Hint: "sprawdź adres (--s3) i czy serwer działa", Err: err}
	}
	return &fault.Fault{Where: where, What: "serwer odmówił dostępu do zasobnika", Hint: "sprawdź nazwę zasobnika i uprawnienia", Err: err}
}

// Put writes an object once. The server checks the bytes against their SHA-256.
func (s *Store) Put(ctx context.Context, key string, a generator.Artifact) error {
	return s.PutFrom(ctx, key, worker.InMemory(a))
}

// PutFrom is Put for what is not in memory.
func (s *Store) PutFrom(ctx context.Context, key string, a worker.Object) error {
	sum, err := hex.DecodeString(a.Digest)
	if err != nil {
		return worker.Permanent(fmt.Errorf("put %s: digest: %w", key, err))
	}
	o := minio.PutObjectOptions{
		ContentType: a.MediaType, DisableMultipart: true,
		UserMetadata: map[string]string{"x-amz-checksum-sha256": base64.StdEncoding.EncodeToString(sum)},
	}
	write := func(o minio.PutObjectOptions) error {
		return s.ask(ctx, a.Size, func(ctx context.Context) error {
			body, err := fromStart(a)
			if err != nil {
				return err
			}
			_, err = s.client.PutObject(ctx, s.bucket, key, body, a.Size, o)
			return err
		})
	}
	once := o
	once.SetMatchETagExcept("*") // If-None-Match: only if there is none
	err = write(once)
	if err == nil {
		return nil
	}
	if minio.ToErrorResponse(err).StatusCode != http.StatusPreconditionFailed {
		return fmt.Errorf("put object: %w", err)
	}
	// Somebody has written it: another worker, or this request, whose answer was lost and
	// which the client has repeated.
	there, err := s.Stat(ctx, key)
	if err != nil {
		return err
	}
	if there.Digest == "" {
		if there, err = s.read(ctx, key); err != nil {
			return err
		}
	}
	switch {
	case there.Digest != a.Digest:
		return fmt.Errorf("put %s: %w", key, worker.ErrConflict)
	case there.Size != a.Size:
		// The checksum is that of these bytes, the bytes are not: a server that does not
		// sync its files was cut off.
		if err := write(o); err != nil {
			return fmt.Errorf("mend object: %w", err)
		}
	}
	return nil
}

// Stat tells the size and the SHA-256 that the server keeps.
func (s *Store) Stat(ctx context.Context, key string) (worker.Info, error) {
	var o minio.ObjectInfo
	err := s.ask(ctx, 0, func(ctx context.Context) (err error) {
		o, err = s.client.StatObject(ctx, s.bucket, key, minio.StatObjectOptions{Checksum: true})
		return err
	})
	if err != nil {
		return worker.Info{}, found(key, err)
	}
	info := worker.Info{Size: o.Size}
	if sum, err := base64.StdEncoding.DecodeString(o.ChecksumSHA256); err == nil {
		info.Digest = hex.EncodeToString(sum)
	}
	return info, nil
}

// read computes what a server that keeps no checksums does not tell.
func (s *Store) read(ctx context.Context, key string) (worker.Info, error) {
	body, err := s.Open(ctx, key)
	if err != nil {
		return worker.Info{}, err
	}
	defer body.Close()
	data, err := io.ReadAll(body)
	if err != nil {
		return worker.Info{}, fmt.Errorf("read object: %w", err)
	}
	return worker.Info{Size: int64(len(data)), Digest: generator.NewArtifact("", "", data).Digest}, nil
}

// found turns the server's answer about a key that holds nothing into worker.ErrNotFound.
func found(key string, err error) error {
	if c := minio.ToErrorResponse(err).Code; c == minio.NoSuchKey || c == "NotFound" {
		return fmt.Errorf("open %s: %w", key, worker.ErrNotFound)
	}
	return fmt.Errorf("open object: %w", err)
}

// Ready tells whether the bucket can be reached.
func (s *Store) Ready(ctx context.Context) error {
	there, err := s.client.BucketExists(ctx, s.bucket)
	if err == nil && !there {
		err = errors.New("bucket is gone")
	}
	return err
}
