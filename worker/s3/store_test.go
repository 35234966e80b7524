package s3_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/remote"
	"github.com/raportjst/raportjst/worker/s3"
	"github.com/raportjst/raportjst/worker/workertest"
)

func open(t *testing.T, address string) *s3.Store {
	t.Helper()
	s, err := s3.Open(t.Context(), s3.Options{URL: remote.Parse(address + "/raporty"), Access: workertest.Access, Secret: workertest.Secret})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestConformance(t *testing.T) {
	address, _ := workertest.S3(t)
	workertest.Store(t, func(t *testing.T) worker.Store { return open(t, address) })
}

// TestLostAnswer lets the first answer to each write be lost: the client repeats the write
// and is told that the object exists. It was its own.
func TestLostAnswer(t *testing.T) {
	address, _ := workertest.S3(t)
	open(t, address) // makes the bucket
	target, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host // it is signed
	}}
	writes := 0
	proxy.ModifyResponse = func(r *http.Response) error {
		if r.Request.Method == http.MethodPut {
			if writes++; writes == 1 {
				return errors.New("the answer is lost")
			}
		}
		return nil
	}
	near := httptest.NewServer(proxy)
	defer near.Close()
	a := generator.NewArtifact("raport.pdf", "application/pdf", bytes.Repeat([]byte("x"), 100_000))
	if err := open(t, near.URL).Put(t.Context(), "hash/raport.pdf", worker.InMemory(a)); err != nil {
		t.Errorf("put whose answer was lost: %v", err)
	}
	if writes < 2 {
		t.Errorf("the client wrote %d times", writes)
	}
}

// TestMendsACutFile cuts an object short behind the server's back, as a power cut does with
// a server that does not sync.
func TestMendsACutFile(t *testing.T) {
	address, files := workertest.S3(t)
	s := open(t, address)
	a := generator.NewArtifact("raport.pdf", "application/pdf", bytes.Repeat([]byte("x"), 100_000))
	if err := s.Put(t.Context(), "hash/raport.pdf", worker.InMemory(a)); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(files, "raporty", "hash", "raport.pdf"), 0); err != nil {
		t.Fatal(err)
	}
	if err := s.Put(t.Context(), "hash/raport.pdf", worker.InMemory(a)); err != nil {
		t.Fatal(err)
	}
	if info, err := s.Stat(t.Context(), "hash/raport.pdf"); err != nil || info.Size != 100_000 || info.Digest != a.Digest {
		t.Errorf("stat: %+v, %v", info, err)
	}
}

// TestServerChecksTheDigest expects that bytes that do not fit their digest are refused.
func TestServerChecksTheDigest(t *testing.T) {
	address, _ := workertest.S3(t)
	s := open(t, address)
	a := generator.NewArtifact("raport.pdf", "application/pdf", []byte("dobre"))
	a.Data = []byte("złe")
	if err := s.Put(t.Context(), "hash/raport.pdf", worker.InMemory(a)); err == nil {
		t.Error("put of bytes with the digest of others succeeds")
	}
	if _, err := s.Stat(t.Context(), "hash/raport.pdf"); !errors.Is(err, worker.ErrNotFound) {
		t.Errorf("stat: %v", err)
	}
}

func TestFaults(t *testing.T) {
	for name, c := range map[string]struct{ url, where, what string }{
		"no server":  {"http://127.0.0.1:1/raporty", "127.0.0.1:1", "brak połączenia"},
		"no bucket":  {"https://s3.example.org", "--s3", "niepełny"},
		"two levels": {"https://s3.example.org/a/b", "--s3", "niepełny"},
		"no scheme":  {"s3.example.org/raporty", "--s3", "niepełny"},
	} {
		_, err := s3.Open(t.Context(), s3.Options{URL: remote.Parse(c.url)})
		expect(t, name, err, c.where, c.what)
	}
}

func TestWrongKey(t *testing.T) {
	address, _ := workertest.S3(t)
	_, err := s3.Open(t.Context(), s3.Options{URL: remote.Parse(address + "/raporty"), Access: workertest.Access, Secret: "inny"})
	expect(t, "wrong key", err, "raporty", "klucz dostępu")
}

func expect(t *testing.T, name string, err error, where, what string) {
	t.Helper()
	var f *fault.Fault
	if !errors.As(err, &f) || !strings.Contains(f.Where, where) || !strings.Contains(f.What, what) || f.Hint == "" {
		t.Errorf("%s: %v", name, err)
	}
}

// TestHangs reads and writes over a line that falls silent again and again, whatever is being
// said: each time costs a moment, and the bytes are the right ones.
func TestHangs(t *testing.T) {
	address, _ := workertest.S3(t)
	open(t, address)
	line := workertest.NewLine(t, strings.TrimPrefix(address, "http://"))
	s, err := s3.Open(t.Context(), s3.Options{
		URL: remote.Parse("http://" + line.Address + "/raporty"), Access: workertest.Access, Secret: workertest.Secret,
		Patience: worker.Patience{Answer: 200 * time.Millisecond, Whole: 20 * time.Second},
	})
	if err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var faults sync.WaitGroup
	faults.Go(func() {
		for n := 0; ; n++ {
			select {
			case <-stop:
				line.Lose(false)
				line.Cut()
				return
			case <-time.After(time.Duration(20+n%7*20) * time.Millisecond):
				line.Lose(n%2 == 0)
				if n%4 == 1 {
					line.Cut()
				}
			}
		}
	})
	for n := range 15 {
		a := generator.NewArtifact("raport.pdf", "application/pdf", bytes.Repeat([]byte{byte(n), 1, 2}, 400_000))
		key := fmt.Sprintf("hash/raport-%d.pdf", n)
		if err := s.Put(t.Context(), key, worker.InMemory(a)); err != nil {
			t.Errorf("put: %v", err)
		}
		got, err := worker.ReadFile(t.Context(), s, "hash", worker.File{Name: fmt.Sprintf("raport-%d.pdf", n), Digest: a.Digest, Size: int64(len(a.Data))})
		if err != nil || !bytes.Equal(got.Data, a.Data) {
			t.Errorf("read %s: %v", key, err)
		}
	}
	close(stop)
	faults.Wait()
	a := generator.NewArtifact("raport.pdf", "application/pdf", []byte("inny"))
	if err := s.Put(t.Context(), "hash/raport-0.pdf", worker.InMemory(a)); !errors.Is(err, worker.ErrConflict) {
		t.Errorf("put of other bytes: %v", err)
	}
}

// TestAnyClientReadsObjects reads an object with a bare client: its media type, the name that
// people know and what it is about are with it.
func TestAnyClientReadsObjects(t *testing.T) {
	address, _ := workertest.S3(t)
	a := generator.NewArtifact("raport-981001-2025.pdf", "application/pdf", []byte("raport"))
	o := worker.InMemory(a)
	o.Title, o.Facts = worker.FileTitle(2025, "Gmina Łąki/Górne", a.Name), map[string]string{"area": "981001", "period": "2025", "template": "gmina", "data": "zbior"}
	if err := open(t, address).Put(t.Context(), "hash/"+a.Name, o); err != nil {
		t.Fatal(err)
	}
	client, err := minio.New(strings.TrimPrefix(address, "http://"), &minio.Options{Creds: credentials.NewStaticV4(workertest.Access, workertest.Secret, "")})
	if err != nil {
		t.Fatal(err)
	}
	body, err := client.GetObject(t.Context(), "raporty", "hash/"+a.Name, minio.GetObjectOptions{})
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(body)
	if err != nil || !bytes.Equal(data, a.Data) {
		t.Errorf("%q, %v", data, err)
	}
	info, err := body.Stat()
	if err != nil {
		t.Fatal(err)
	}
	_, names, err := mime.ParseMediaType(info.Metadata.Get("Content-Disposition"))
	if err != nil || names["filename"] != "Załącznik statystyczny 2025 – Gmina Łąki-Górne.pdf" || info.ContentType != "application/pdf" {
		t.Errorf("%s, %q, %v", info.ContentType, names, err)
	}
	want := map[string]string{"Area": "981001", "Period": "2025", "Template": "gmina", "Data": "zbior", "Digest": a.Digest}
	for k, v := range want {
		if got := info.UserMetadata[k]; got != v {
			t.Errorf("%s: %q", k, got)
		}
	}
}

// TestUsed counts what lies in a bucket.
func TestUsed(t *testing.T) {
	address, _ := workertest.S3(t)
	s := open(t, address)
	before, err := s.Used(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for n, key := range []string{"a/raport.pdf", "b/raport.pdf"} {
		if err := s.Put(t.Context(), key, worker.InMemory(generator.NewArtifact(key, "x/y", make([]byte, 1000*(n+1))))); err != nil {
			t.Fatal(err)
		}
	}
	if used, err := s.Used(t.Context()); err != nil || used-before != 3000 {
		t.Errorf("%d after %d, %v", used, before, err)
	}
}
