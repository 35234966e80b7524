package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

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
