package html

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
)

var update = flag.Bool("update", false, "write the golden page anew")

// chapter is a report of one chapter that holds a chart.
func chapter(t *testing.T) *document.Document {
	t.Helper()
	d := documenttest.Report()
	d.Cover.Map = nil
	for _, b := range d.Body {
		for _, inner := range document.All([]document.Block{b}) {
			if f, ok := inner.(document.Figure); ok {
				if _, ok := f.Content.(document.Chart); ok {
					d.Body = []document.Block{b}
					return d
				}
			}
		}
	}
	t.Fatal("no chapter holds a chart")
	return nil
}

// TestGoldenPage shows in each change of the project what becomes of a page. The style sheet,
// its font and its hash are left out: other tests hold them.
func TestGoldenPage(t *testing.T) {
	got := write(t, chapter(t))
	got = regexp.MustCompile(`(?s)<style>.*</style>`).ReplaceAll(got, []byte("<style>…</style>"))
	got = regexp.MustCompile(`sha256-[^']+`).ReplaceAll(got, []byte("sha256-…"))
	got = bytes.ReplaceAll(got, []byte("><"), []byte(">\n<")) // a line for each element
	name := filepath.Join("testdata", "page.html")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(got, want) {
		return
	}
	g, w := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			t.Fatalf("line %d:\n%s\nwant\n%s\nif it is right: go test ./generator/html -run TestGoldenPage -update", i+1, g[i], w[i])
		}
	}
	t.Fatalf("%d lines, want %d", len(g), len(w))
}

// TestCompose gives a page around them the parts that the file has.
func TestCompose(t *testing.T) {
	d := documenttest.Report()
	page := string(write(t, d))
	parts, err := Compose(d, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(parts.Head, "<header") || !strings.Contains(page, parts.Patterns+`<div class="strona">`+parts.Head+"<nav") {
		t.Errorf("head %.200s", parts.Head)
	}
	all := ""
	for _, s := range parts.Sections {
		if !strings.Contains(s.HTML, "<h2") || s.Title == "" || !strings.Contains(s.HTML, ` id="`+s.Anchor+`"`) {
			t.Errorf("section %q %q: %.100s", s.Anchor, s.Title, s.HTML)
		}
		all += s.HTML
	}
	if len(parts.Sections) < 3 || !strings.Contains(page, ">\n"+all+"</main>") {
		t.Errorf("the %d sections are not those of the page", len(parts.Sections))
	}
}

// TestLongNumber sets a key figure smaller that would break on its card.
func TestLongNumber(t *testing.T) {
	for text, want := range map[string]string{"128\u202f956": `<p class="liczba"><b>`, "1\u202f083\u202f007": `<p class="liczba dluga"><b>`} {
		d := &document.Document{Body: []document.Block{document.Section{ID: "a", Title: "A", Blocks: []document.Block{
			document.KeyFigures{Cards: []document.KeyFigure{{Label: "Ludność", Number: document.Number{Text: text, Present: true}}}},
		}}}}
		if page := string(write(t, d)); !strings.Contains(page, want+text) {
			t.Errorf("%s is not in %s", text, want)
		}
	}
}
