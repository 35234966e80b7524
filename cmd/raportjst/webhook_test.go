package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/workertest"
)

// TestWebhook sends the letters of a list to a system that takes them in by itself, once, and keeps
// what it calls them; a receiver that is away for a moment gets them later.
func TestWebhook(t *testing.T) {
	var mu sync.Mutex
	var got [][]byte
	busy := true
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		if err != nil || busy {
			busy = false
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		got = append(got, body)
		_, _ = io.WriteString(w, "EZD/1")
	}))
	defer s.Close()
	dir := t.TempDir()
	list := filepath.Join(dir, "lista.csv")
	if err := os.WriteFile(list, []byte("teryt;email\n981001;rada@example.org\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	order := []string{"submit", "--list", list, "--period", "2025", "--formats", "pdf", "--wait", "--home", filepath.Join(dir, "home"), "--data", sampleData(t), "--webhook", s.URL}
	says(t, order, exitFailed, "nie podano nadawcy")
	order = append(order, "--mail-from", "Związek <raporty@example.org>")
	says(t, order, exitFailed, "klucz podpisu")
	t.Setenv("RAPORTJST_WEBHOOK_SECRET", "tajny-klucz-podpisu-0123456789")
	says(t, append(order, "--smtp", "smtp://localhost"), exitFailed, "nie wiadomo, którym sposobem wysyłać")
	says(t, order, exitDone, "wysłane wiadomości: 1 z 1")
	says(t, order, exitDone, "wysłane wiadomości: 1 z 1")
	if len(got) != 1 {
		t.Fatalf("%d letters", len(got))
	}
	if m := workertest.ReadMail(t, got[0]); !strings.HasPrefix(m.Name, "Załącznik statystyczny 2025") || len(m.File) == 0 {
		t.Errorf("file %q of %d bytes", m.Name, len(m.File))
	}
}

// TestWebhookOfUnion sends the letters of the union that has a system of its own there, signed with
// its own key, and those of another union by mail, with one setting for both; the domains that are
// allowed bind both ways.
func TestWebhookOfUnion(t *testing.T) {
	mail := workertest.NewMailServer(t, workertest.MailRules{})
	var mu sync.Mutex
	var got [][]byte
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		h := hmac.New(sha256.New, []byte("klucz-zwiazku-gmin-0123456789"))
		_, _ = io.WriteString(h, r.Header.Get("webhook-id")+"."+r.Header.Get("webhook-timestamp")+".")
		h.Write(body)
		if err != nil || r.Header.Get("webhook-signature") != "v1,"+base64.StdEncoding.EncodeToString(h.Sum(nil)) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		got = append(got, body)
	}))
	defer s.Close()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"lista.csv": "teryt;email\n981001;rada@example.org\n981002;rada@gdzie-indziej.example\n", "klucz": "klucz-zwiazku-gmin-0123456789\n",
		"odbiorcy.toml": "[\"Związek Gmin\"]\nadres = \"" + s.URL + "\"\nklucz = \"klucz\"\n", "zle.toml": "[\"Związek Gmin\"]\nadres = \"https://ja:haslo@ezd.example\"\nhaslo = 1\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	data, home := sampleData(t), filepath.Join(dir, "home")
	in := func(name string) string { return filepath.Join(dir, name) }
	with := func(receivers string, args ...string) []string {
		return append(append([]string{"campaign"}, args...), "--home", home, "--data", data, "--webhooks", in(receivers), "--mail-domains", "example.org", "--mail-from", "raporty@example.org", "--smtp-ca", mail.Certificate(t), "--smtp", "smtp://"+strings.Replace(mail.Address, "127.0.0.1", "localhost", 1))
	}
	for _, x := range []struct{ name, union, channel string }{{"A", "Związek Gmin", "webhook"}, {"B", "Inny", "smtp"}} {
		says(t, []string{"campaign", "new", x.name, "--list", in("lista.csv"), "--union", x.union, "--approval", "--formats", "pdf", "--by", "Anna", "--home", home, "--data", data}, exitDone)
		says(t, []string{"campaign", "approve", x.name, "--by", "Piotr", "--home", home, "--webhooks", in("odbiorcy.toml"), "--smtp", "smtp://localhost"}, exitDone, "do wysyłki „"+x.channel+"”")
		says(t, with("odbiorcy.toml", "send", x.name, "--by", "Anna"), exitPartly, "wysłane wiadomości: 1 z 2", "domena gdzie-indziej.example nie jest dozwolona")
	}
	says(t, with("odbiorcy.toml", "test", "A", "--to", "ja@example.org"), exitDone, "wysłano do ja@example.org: 200 OK")
	if len(got) != 2 || len(mail.Messages()) != 1 || mail.Messages()[0].To[0] != "rada@example.org" {
		t.Errorf("%d letters by webhook, %d by mail", len(got), len(mail.Messages()))
	}
	if out := says(t, with("zle.toml", "send", "A"), exitFailed, "pliku nie można zrozumieć"); strings.Contains(out, "haslo@") {
		t.Error("a password is shown")
	}
	// A worker that delivers another way would leave the letters lying.
	broker, err := jetstream.Embed(t.Context(), queueDir(home), jetstream.Options{Name: "test", Rendering: generator.Rendering})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = broker.Close() }()
	if err := errors.Join(broker.Attend(), broker.AttendChannel("smtp")); err != nil {
		t.Fatal(err)
	}
	says(t, with("odbiorcy.toml", "send", "A"), exitFailed, "żaden działający wykonawca nie wysyła sposobem „webhook”")
	says(t, with("odbiorcy.toml", "send", "B", "--dry-run"), exitDone, "nie wysłano żadnego listu")
}
