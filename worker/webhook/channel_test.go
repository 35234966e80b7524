package webhook_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/remote"
	"github.com/raportjst/raportjst/worker/smtp"
	"github.com/raportjst/raportjst/worker/webhook"
	"github.com/raportjst/raportjst/worker/workertest"
)

const secret = "tajny-klucz-podpisu-0123456789"

// receiver is an office's system: it takes what is signed rightly and is new.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	bodies [][]byte
	seen   map[string]bool
}

// valid checks a signature as the text of Standard Webhooks says, without the code under test.
func valid(r *http.Request, body []byte) bool {
	h := hmac.New(sha256.New, []byte(secret))
	io.WriteString(h, r.Header.Get("webhook-id")+"."+r.Header.Get("webhook-timestamp")+".")
	h.Write(body)
	return r.Header.Get("webhook-signature") == "v1,"+base64.StdEncoding.EncodeToString(h.Sum(nil))
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	s := &receiver{seen: map[string]bool{}}
	s.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the sender gave up
		}
		if r.Method != http.MethodPost || r.Header.Get("Content-Type") != "message/rfc822" || !valid(r, body) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if id := r.Header.Get("webhook-id"); s.seen[id] {
			w.WriteHeader(http.StatusConflict)
			return
		} else {
			s.seen[id] = true
		}
		s.bodies = append(s.bodies, body)
		w.WriteHeader(http.StatusAccepted)
		io.WriteString(w, "EZD/2027/0001\n")
	}))
	t.Cleanup(s.Close)
	return s
}

func open(t *testing.T, s *httptest.Server, key string) *webhook.Channel {
	t.Helper()
	w, err := smtp.NewComposer("Związek Gmin <raporty@zgw.example>")
	if err != nil {
		t.Fatal(err)
	}
	c, err := webhook.New(webhook.Options{Receivers: map[string]webhook.Receiver{"": {URL: remote.Parse(s.URL + "/listy"), Secret: key}}, Client: s.Client()}, w)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func accept(context.Context) error { return nil }

func TestConformance(t *testing.T) {
	workertest.Channel(t, func(t *testing.T) workertest.ChannelFixture {
		s := newReceiver(t)
		return workertest.ChannelFixture{Channel: open(t, s.Server, secret), Received: func(*testing.T) [][]byte {
			s.mu.Lock()
			defer s.mu.Unlock()
			return append([][]byte(nil), s.bodies...)
		}}
	})
}

// TestReceipt keeps what the receiver calls the letter; a letter that it has is not refused.
func TestReceipt(t *testing.T) {
	s := newReceiver(t)
	c := open(t, s.Server, "whsec_"+base64.StdEncoding.EncodeToString([]byte(secret)))
	for _, want := range []string{"202 Accepted EZD/2027/0001", "409 Conflict"} {
		got, err := c.Send(t.Context(), workertest.NewLetter("a", 10_000), accept)
		if err != nil || got.Reference != want || !strings.HasSuffix(got.MessageID, "@zgw.example") {
			t.Errorf("%+v, %v; want %s", got, err, want)
		}
	}
	_, err := open(t, s.Server, strings.Repeat("x", 30)).Send(t.Context(), workertest.NewLetter("b", 1000), accept)
	if _, again := worker.RetryDelay(err); !again || !worker.IsOutage(err) || worker.IsPermanent(err) {
		t.Errorf("another key: %v", err)
	}
}

// TestAnswers says of each answer whose fault it is: the letter's, the moment's, everybody's.
func TestAnswers(t *testing.T) {
	var code int
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Retry-After", "120")
		w.Header().Set("Location", "/gdzie-indziej")
		w.WriteHeader(code)
	}))
	defer s.Close()
	c := open(t, s, secret)
	for _, x := range []struct {
		code             int
		permanent, world bool
	}{{302, false, true}, {400, true, false}, {401, false, true}, {404, false, true}, {410, true, false}, {413, true, false}, {429, false, false}, {500, false, false}, {503, false, false}} {
		code = x.code
		_, err := c.Send(t.Context(), workertest.NewLetter("a", 5000), accept)
		delay, again := worker.RetryDelay(err)
		if err == nil || worker.IsPermanent(err) != x.permanent || worker.IsOutage(err) != x.world || again == x.permanent || again && delay != 2*time.Minute {
			t.Errorf("%d: %v (again: %v in %v)", x.code, err, again, delay)
		}
	}
}

// TestUnclear does not know what became of a letter of which the last byte was sent and that nobody
// answered, and knows that one did not arrive that was answered before its end.
func TestUnclear(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Content-Length"); r.ContentLength > 1_000_000 {
			w.WriteHeader(http.StatusOK) // without reading it
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		panic(http.ErrAbortHandler)
	}))
	defer s.Close()
	c := open(t, s, secret)
	commits := 0
	_, err := c.Send(t.Context(), workertest.NewLetter("a", 5000), func(context.Context) error { commits++; return nil })
	if _, again := worker.RetryDelay(err); err == nil || commits != 1 || again || worker.IsPermanent(err) || worker.IsOutage(err) {
		t.Errorf("cut after the end: %v, %d commits", err, commits)
	}
	_, err = c.Send(t.Context(), workertest.NewLetter("b", 8_000_000), accept)
	if err == nil || !worker.IsOutage(err) {
		t.Errorf("answered before its end: %v", err)
	}
	s.Close()
	commits = 0
	_, err = c.Send(t.Context(), workertest.NewLetter("c", 5000), func(context.Context) error { commits++; return nil })
	if err == nil || commits != 0 || !worker.IsOutage(err) {
		t.Errorf("nobody there: %v, %d commits", err, commits)
	}
}

// TestOptions refuses what would send letters in the open or sign them with nothing, without a word
// of the secret.
func TestOptions(t *testing.T) {
	for url, key := range map[string]string{"http://ezd.example/x": secret, "ftp://ezd.example": secret, "": secret, "https://ja:haslo123@ezd.example/x": "haslo-krotkie", "https://ezd.example": "whsec_!!haslo"} {
		_, err := webhook.New(webhook.Options{Receivers: map[string]webhook.Receiver{"": {URL: remote.Parse(url), Secret: key}}}, nil)
		var f *fault.Fault
		if !errors.As(err, &f) || f.Hint == "" || strings.Contains(f.Error(), "haslo") {
			t.Errorf("%s: %v", url, err)
		}
	}
}
