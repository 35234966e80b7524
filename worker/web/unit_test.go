package web_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"image/png"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/raportjst/raportjst/generator/geo"
	"github.com/raportjst/raportjst/generator/report"
	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/source/files"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/samples"
	"github.com/raportjst/raportjst/templates"
)

var scratch string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "web-test-")
	if err != nil {
		panic(err)
	}
	scratch = dir
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

var theSample = sync.OnceValues(func() (*snapshot.Snapshot, error) {
	return files.Sample(context.Background(), samples.FS, filepath.Join(scratch, "sample"))
})

// borders are those of the sample.
func borders(t *testing.T) *geo.Topology {
	t.Helper()
	s, err := theSample()
	if err != nil {
		t.Fatal(err)
	}
	return s.Topology()
}

// register is that of the sample.
func register(t *testing.T) *stat.Register {
	t.Helper()
	s, err := theSample()
	if err != nil {
		t.Fatal(err)
	}
	return s.Register()
}

var theLibrary = sync.OnceValues(func() (*report.Library, error) {
	s, err := theSample()
	if err != nil {
		return nil, err
	}
	return report.NewLibrary(templates.FS, report.Data{
		Register: s.Register(), Indicators: s.Indicators(), Topology: s.Topology(), SnapshotID: s.ID(), Date: s.Manifest().Date, Invented: s.Invented(), Generator: "raportjst test", Load: s.Load,
	})
})

// library is the templates on the sample data.
func library(t *testing.T) *report.Library {
	t.Helper()
	l, err := theLibrary()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// done waits until an order has ended.
func (o *office) done(t *testing.T, path string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !strings.Contains(o.page(t, path).body, "zakończone"); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("order does not end")
		}
	}
}

// TestUnit reads the page of a unit: what is said of it, the years, the files of figures.
func TestUnit(t *testing.T) {
	o := open(t)
	a := o.page(t, "/jst/981001")
	for _, want := range []string{
		"<h1>Gmina Lipnica Górna</h1>", `class="karty"`, "Źródło i\u00a0definicja", `href="/jst/981001/2024"`, `aria-current="page">2025</a>`,
		`id="rozdzial-finanse"`, "Źródło: ", "Czego brakuje", `id="pliki"`, `href="/jst/981001/zamow?rok=2025"`,
	} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if a.Header.Get("Set-Cookie") != "" || !strings.HasPrefix(a.Header.Get("Cache-Control"), "public") || a.Header.Get("ETag") == "" {
		t.Errorf("headers %v", a.Header)
	}
	if again := o.ask(t, "GET", "/jst/981001", "", "", "If-None-Match", a.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
		t.Errorf("the same page again: %s", again.Status)
	}
	for from, to := range map[string]string{"/jst/9810013": "/jst/981001", "/jednostki/981001": "/jst/981001", "/jst/9861": "/jst/986101", "/jst/9810013/2024": "/jst/981001/2024"} {
		if a := o.page(t, from); a.StatusCode != http.StatusMovedPermanently || a.Header.Get("Location") != to {
			t.Errorf("%s: %s, to %s", from, a.Status, a.Header.Get("Location"))
		}
	}
	if a := o.page(t, "/jst/981001/2020"); !strings.Contains(a.body, `aria-current="page">2020</a>`) || strings.Contains(a.body, "osoby, 2025") {
		t.Error("the page of another year is not of that year")
	}
}

// TestFigureFiles follows every link to a file on the page of a unit: each is there, is what its
// name says and can be kept for ever.
func TestFigureFiles(t *testing.T) {
	o := open(t)
	page := o.page(t, "/jst/981001").body
	links := regexp.MustCompile(`href="(/jst/981001/2025/[^"]+)"`).FindAllStringSubmatch(page, -1)
	kinds := map[string]int{}
	for _, l := range links {
		name, _, _ := strings.Cut(l[1], "?")
		ext := filepath.Ext(name)
		kinds[ext]++
		if ext == ".png" && kinds[ext] > 1 { // they are slow to make
			continue
		}
		a := o.page(t, l[1])
		if a.StatusCode != http.StatusOK || !strings.Contains(a.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %s, %s", l[1], a.Status, a.Header.Get("Cache-Control"))
			continue
		}
		var err error
		switch ext {
		case ".png":
			_, err = png.Decode(strings.NewReader(a.body))
		case ".svg":
			err = xml.Unmarshal([]byte(a.body), new(struct{ XMLName xml.Name }))
		case ".csv":
			if !strings.Contains(a.body, ";") || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/csv") {
				t.Errorf("%s: %.100s", l[1], a.body)
			}
		}
		if err != nil {
			t.Errorf("%s: %v", l[1], err)
		}
	}
	if kinds[".png"] < 5 || kinds[".svg"] != kinds[".png"] || kinds[".csv"] < kinds[".png"] {
		t.Errorf("links %v", kinds)
	}
}

// TestFinishedFiles orders two years and finds their files on the page of the unit, with size,
// day and checksum; an order for all gminas shows there, too.
func TestFinishedFiles(t *testing.T) {
	o := open(t)
	o.work(t)
	o.done(t, o.order(t, url.Values{"area": {"981001"}, "period": {"2025"}}))
	o.done(t, o.order(t, url.Values{"area": {"9810"}, "scope": {"all"}, "period": {"2024"}}))
	var a answer
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(100 * time.Millisecond) { // the list of orders is read every few seconds
		if a = o.page(t, "/jst/981001"); strings.Contains(a.body, "Inne lata i wcześniejsze wydania") || time.Now().After(end) {
			break
		}
	}
	main := regexp.MustCompile(`<a class="button" href="([^"]+)">Pobierz załącznik za 2025&nbsp;r. \(PDF, 50 kB\)`).FindStringSubmatch(a.body)
	if main == nil {
		t.Fatalf("no button to download:\n%.600s", after(a.body, `class="deeds"`))
	}
	if f := o.page(t, main[1]); f.StatusCode != http.StatusOK || f.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("%s: %s", main[1], f.Status)
	}
	doc, err := html.Parse(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	sums, rows := 0, strings.Count(after(a.body, `id="inne-wydania"`), `<th scope="row">2024</th><td>załącznik</td>`)
	for n := range doc.Descendants() {
		if n.Data != "span" || attribute(n, "class") != "sum" {
			continue
		}
		sums++
		if len(attribute(n, "title")) != 64 {
			t.Errorf("checksum %q", attribute(n, "title"))
		}
	}
	if sums < 3 || rows != 1 {
		t.Errorf("%d checksums, %d rows of 2024", sums, rows)
	}
}

// TestPackedPage gets the same page packed and plain.
func TestPackedPage(t *testing.T) {
	o := open(t)
	packed := o.ask(t, "GET", "/jst/981001", "", "", "Accept-Encoding", "gzip")
	plain := o.ask(t, "GET", "/jst/981001", "", "", "Accept-Encoding", "identity")
	if packed.Header.Get("Content-Encoding") != "gzip" || plain.Header.Get("Content-Encoding") != "" || len(packed.body) > 100_000 || len(plain.body) < len(packed.body) {
		t.Errorf("packed %d bytes, plain %d", len(packed.body), len(plain.body))
	}
	if packed.Header.Get("ETag") == plain.Header.Get("ETag") {
		t.Error("other bytes have the same tag")
	}
	if again := o.ask(t, "GET", "/jst/981001", "", "", "Accept-Encoding", "gzip", "If-None-Match", packed.Header.Get("ETag")); again.StatusCode != http.StatusNotModified || again.body != "" {
		t.Errorf("the same page again: %s", again.Status)
	}
	if !bytes.Equal([]byte(plain.body), []byte(o.ask(t, "GET", "/jst/981001", "", "", "Accept-Encoding", "identity").body)) {
		t.Error("the same page differs")
	}
}
