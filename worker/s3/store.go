// Package s3 is a Store on an S3-compatible server: AWS, versitygw and others that keep
// conditional writes (If-None-Match) and SHA-256 checksums. It creates no bucket policy and
// removes what it is told to alone.
package s3

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"path"
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
	CA     string // file of a certificate authority, beside those of the system
	Lookup string // where the bucket is named: "path", "host"; "" finds out

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
	transport, err := connections(o, u.Scheme == "https")
	if err != nil {
		return nil, err
	}
	client, err := minio.New(u.Host, &minio.Options{
		Creds: credentials.NewStaticV4(o.Access, o.Secret, ""), Secure: u.Scheme == "https", Region: o.Region,
		BucketLookup: lookups[o.Lookup], Transport: transport,
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

var lookups = map[string]minio.BucketLookupType{"": minio.BucketLookupAuto, "path": minio.BucketLookupPath, "host": minio.BucketLookupDNS}

// connections are how the server is reached.
func connections(o Options, secure bool) (http.RoundTripper, error) {
	t, err := minio.DefaultTransport(secure)
	if err != nil {
		return nil, fmt.Errorf("prepare connections: %w", err)
	}
	t.DialContext = (&net.Dialer{Timeout: 3 * time.Second, KeepAlive: 15 * time.Second}).DialContext
	t.MaxIdleConnsPerHost = 64
	if o.CA == "" {
		return t, nil
	}
	pem, err := os.ReadFile(o.CA)
	pool, _ := x509.SystemCertPool()
	if pool == nil {
		pool = x509.NewCertPool()
	}
	if err != nil || !pool.AppendCertsFromPEM(pem) {
		return nil, &fault.Fault{Where: "--s3-ca " + o.CA, What: "nie można odczytać certyfikatu", Hint: "podaj plik PEM z certyfikatem urzędu", Err: err}
	}
	if t.TLSClientConfig == nil {
		t.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	t.TLSClientConfig.RootCAs = pool
	return t, nil
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
		var unknown x509.UnknownAuthorityError
		if errors.As(err, &unknown) {
			return &fault.Fault{Where: where, What: "certyfikat serwera podpisał nieznany urząd", Hint: "podaj plik z certyfikatem urzędu (--s3-ca)", Err: err}
		}
		return &fault.Fault{Where: where, What: "brak połączenia z serwerem", Hint: "sprawdź adres (--s3) i czy serwer działa", Err: worker.Outage(err)}
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return &fault.Fault{Where: where, What: "serwer ma kłopoty", Hint: "sprawdź jego dziennik", Err: worker.Outage(err)}
	}
	return &fault.Fault{Where: where, What: "serwer odmówił dostępu do zasobnika", Hint: "sprawdź nazwę zasobnika i uprawnienia", Err: err}
}

// Replace writes an object over another.
func (s *Store) Replace(ctx context.Context, key string, a worker.Object) error {
	return s.write(ctx, key, a, false)
}

// Remove removes an object; where there is none it does nothing.
func (s *Store) Remove(ctx context.Context, key string) error {
	err := s.ask(ctx, 0, func(ctx context.Context) error {
		return s.client.RemoveObject(ctx, s.bucket, key, minio.RemoveObjectOptions{})
	})
	if err != nil {
		return fmt.Errorf("remove object: %w", err)
	}
	return nil
}

// Used is how many bytes the objects of the bucket have.
func (s *Store) Used(ctx context.Context) (int64, error) {
	var sum int64
	for o := range s.client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Recursive: true}) {
		if o.Err != nil {
			return 0, fmt.Errorf("measure store: %w", o.Err)
		}
		sum += o.Size
	}
	return sum, nil
}

// Put writes an object once. The server checks the bytes against their SHA-256.
func (s *Store) Put(ctx context.Context, key string, a worker.Object) error {
	err := s.write(ctx, key, a, true)
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
		if err := s.write(ctx, key, a, false); err != nil {
			return fmt.Errorf("mend object: %w", err)
		}
	}
	return nil
}

// write writes an object, once: only if there is none. The server checks the bytes.
func (s *Store) write(ctx context.Context, key string, a worker.Object, once bool) error {
	sum, err := hex.DecodeString(a.Digest)
	if err != nil {
		return worker.Permanent(fmt.Errorf("put %s: digest: %w", key, err))
	}
	o := minio.PutObjectOptions{
		ContentType: a.MediaType, ContentDisposition: worker.Disposition(path.Base(key), a.Title), DisableMultipart: true,
		// The signature covers the headers, and with them the checksum, by which the server
		// checks the body: hashing it once more to sign it, on both sides, would prove the same.
		DisableContentSha256: true,
		UserMetadata:         map[string]string{"x-amz-checksum-sha256": base64.StdEncoding.EncodeToString(sum), "digest": a.Digest},
	}
	maps.Copy(o.UserMetadata, a.Facts)
	if once {
		o.SetMatchETagExcept("*") // If-None-Match
	}
	return s.ask(ctx, a.Size, func(ctx context.Context) error {
		body, err := fromStart(a)
		if err != nil {
			return err
		}
		_, err = s.client.PutObject(ctx, s.bucket, key, body, a.Size, o)
		return err
	})
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

// readyTime is how long the server may take to write and read a small object.
const readyTime = 4 * time.Second

// readyKey is the object that Ready writes.
const readyKey = "stan/zapis"

// Ready tells whether the server takes and gives objects: it writes a small one and reads it.
func (s *Store) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	body := []byte(time.Now().UTC().Format(time.RFC3339))
	_, err := s.client.PutObject(ctx, s.bucket, readyKey, bytes.NewReader(body), int64(len(body)), minio.PutObjectOptions{ContentType: "text/plain", DisableMultipart: true})
	if err != nil {
		return fmt.Errorf("store: write object: %w", err)
	}
	o, err := s.client.GetObject(ctx, s.bucket, readyKey, minio.GetObjectOptions{})
	if err != nil {
		return fmt.Errorf("store: read object: %w", err)
	}
	defer func() { _ = o.Close() }()
	// Another process may have written it again; what is read is of the same form.
	read, err := io.ReadAll(io.LimitReader(o, int64(len(body))+1))
	if err == nil && len(read) != len(body) {
		err = errors.New("it has other bytes than were written")
	}
	if err != nil {
		return fmt.Errorf("store: read object: %w", err)
	}
	return nil
}
