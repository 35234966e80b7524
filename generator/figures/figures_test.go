package figures_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
	"github.com/raportjst/raportjst/generator/figures"
)

func unzip(t *testing.T, format figures.Format, d *document.Document) ([]string, map[string][]byte) {
	t.Helper()
	w := figures.Writer{Format: format}
	first, err := w.Write(t.Context(), d, "raport-981001-2025", nil)
	if err != nil {
		t.Fatal(err)
	}
	if first.Name != "raport-981001-2025-wykresy-"+string(format)+".zip" || first.MediaType != "application/zip" {
		t.Errorf("artifact %s of type %s", first.Name, first.MediaType)
	}
	z, err := zip.NewReader(bytes.NewReader(first.Data), int64(len(first.Data)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, f.Name)
		files[f.Name] = data
	}
	return names, files
}

func TestSVG(t *testing.T) {
	names, files := unzip(t, figures.SVG, documenttest.Report())
	want := []string{
		"okladka/polozenie-gminy-lipnica-gorna.svg", "finanse-jst/wykres-3-1.svg",
		"wynik-operacyjny-na-tle-powiatu-i-grupy/mapa-4-1.svg", "wynik-operacyjny-na-tle-powiatu-i-grupy/wykres-4-2.svg",
		"ludnosc/wykres-5-1.svg", "ludnosc/wykres-5-2.svg", "ludnosc/wykres-5-3.svg", "opisy.txt",
	}
	if !slices.Equal(names[1:], want[1:]) || !strings.HasPrefix(names[0], "okladka/") {
		t.Errorf("files\n%s\nwant\n%s", strings.Join(names, "\n"), strings.Join(want, "\n"))
	}
	for name, data := range files {
		if !strings.HasSuffix(name, ".svg") {
			continue
		}
		var root struct {
			Title string   `xml:"title"`
			Desc  string   `xml:"desc"`
			Text  []string `xml:"text"`
		}
		if err := xml.Unmarshal(data, &root); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(root.Title) < 5 || len(root.Desc) < 20 {
			t.Errorf("%s: title %q, description %q", name, root.Title, root.Desc)
		}
		all := strings.Join(root.Text, " ")
		if !strings.Contains(all, "DANE PRZYKŁADOWE") {
			t.Errorf("%s lacks the tag", name)
		}
		if !strings.HasPrefix(name, "okladka/") && !strings.Contains(all, "Źródło:") {
			t.Errorf("%s lacks its source: %s", name, all)
		}
	}
	words := string(files["opisy.txt"])
	for _, s := range []string{"finanse-jst/wykres-3-1.svg\r\nWykres 3.1. Udział dochodów", "Źródło: GUS"} {
		if !strings.Contains(words, s) {
			t.Errorf("opisy.txt lacks %q:\n%.600s", s, words)
		}
	}
}

func TestPNG(t *testing.T) {
	names, files := unzip(t, figures.PNG, documenttest.Report())
	for _, name := range names[:len(names)-1] {
		img, err := png.Decode(bytes.NewReader(files[name]))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if w := img.Bounds().Dx(); w < 900 || w > 1420 { // 114 to 174 mm and margins at 200 dpi
			t.Errorf("%s is %d pixels wide", name, w)
		}
		if !bytes.Contains(files[name], []byte("Description\x00\x00\x00pl-PL\x00")) {
			t.Errorf("%s has no description", name)
		}
	}
}

func TestSameBytes(t *testing.T) {
	w := figures.Writer{Format: figures.SVG}
	first, err := w.Write(t.Context(), documenttest.Report(), "x", nil)
	if err != nil {
		t.Fatal(err)
	}
	second, err := w.Write(t.Context(), documenttest.Report(), "x", nil)
	if err != nil {
		t.Fatal(err)
	}
	if first.Digest != second.Digest {
		t.Error("two documents alike, two files")
	}
}

// Every kind of figure of the language is drawn, whatever surrounds it.
func TestAllBlocks(t *testing.T) {
	names, _ := unzip(t, figures.SVG, documenttest.AllBlocks())
	if len(names) < 8 {
		t.Errorf("only %d files: %s", len(names), strings.Join(names, ", "))
	}
	if slices.Sort(names); len(slices.Compact(names)) != len(names) {
		t.Error("two files of one name")
	}
}

func TestWriteRefuses(t *testing.T) {
	if _, err := (figures.Writer{Format: "bmp"}).Write(t.Context(), documenttest.Report(), "x", nil); err == nil {
		t.Error("an unknown format was written")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (figures.Writer{Format: figures.SVG}).Write(ctx, documenttest.Report(), "x", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
	broken := documenttest.Report()
	broken.Cover.Map.Content = document.Locator{Topology: broken.Cover.Map.Content.(document.Locator).Topology, Lines: []string{"nie ma"}}
	if _, err := (figures.Writer{Format: figures.SVG}).Write(t.Context(), broken, "x", nil); err == nil || !strings.Contains(err.Error(), "nie ma") {
		t.Errorf("a map without boundaries: %v", err)
	}
}
