package web_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/templates"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/web"
	"github.com/raportjst/raportjst/worker/workertest"
)

// TestLink follows links of letters: one that holds gives its file and nothing to caches, one that is
// over says so, and any other is no page.
func TestLink(t *testing.T) {
	p, err := web.New(web.Options{
		Edition: workertest.NewEdition(), Zone: time.UTC, Log: slog.New(slog.DiscardHandler), Catalogue: web.NewCatalogue(areas, []int{2025}), Pages: templates.FS, Library: library(t),
		Link: func(_ context.Context, token string) (generator.Artifact, error) {
			switch token {
			case "dobry":
				a := generator.NewArtifact("Załącznik statystyczny 2025 – Łasin.pdf", "application/pdf", []byte("%PDF"))
				return a, nil
			case "stary":
				return generator.Artifact{}, worker.ErrLinkExpired
			case "cofniety":
				return generator.Artifact{}, worker.ErrLinkRevoked
			}
			return generator.Artifact{}, worker.ErrNotFound
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	for token, want := range map[string]struct {
		status int
		text   string
	}{"dobry": {http.StatusOK, "%PDF"}, "stary": {http.StatusGone, "wygasł"}, "cofniety": {http.StatusGone, "cofnięty"}, "inny": {http.StatusNotFound, "nie ma pliku"}} {
		w := httptest.NewRecorder()
		p.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/p/"+token, nil))
		if w.Code != want.status || !strings.Contains(w.Body.String(), want.text) || w.Code == http.StatusOK && w.Header().Get("Cache-Control") != "private, no-store" || w.Header().Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: %d %v %s", token, w.Code, w.Header(), w.Body)
		}
		if token == "dobry" && !strings.Contains(w.Header().Get("Content-Disposition"), "%C5%81asin.pdf") {
			t.Errorf("name %s", w.Header().Get("Content-Disposition"))
		}
	}
}
