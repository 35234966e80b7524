package skeleton

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/go-pdf/fpdf"

	"github.com/raportjst/raportjst/generator/layout"
)

const (
	a4w, a4h = 595.28, 841.89
)

// frame is a small container with everything that fpdf is asked for.
func frame(t testing.TB) []byte {
	t.Helper()
	b, err := container(&layout.Layout{
		Pages: []layout.Page{
			{Width: a4w, Height: a4h, Links: []layout.LinkArea{
				{X0: 1, Y0: 2, X1: 30, Y1: 40, URI: "https://gmina.pl/żółw_(1)\\"}, {X0: 1, Y0: 2, X1: 30, Y1: 40, Page: 1, Y: 7},
			}},
			{Width: a4h, Height: a4w},
		},
		Outline: []layout.Bookmark{{Title: "Łąka (1)", Kids: []layout.Bookmark{{Title: "b", Page: 1}}}, {Title: "c\nd\r)", Page: 1}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestSkeletonIsStrict changes every single byte of a container, cuts it everywhere and
// leaves out every line. Only inside a string or a number can a change go unseen.
func TestSkeletonIsStrict(t *testing.T) {
	whole := frame(t)
	want, err := read(whole)
	if err != nil {
		t.Fatal(err)
	}
	if len(want.Pages) != 2 || len(want.Pages[0].Links) != 2 || len(want.Outline) != 3 {
		t.Fatalf("read %d pages, %d bookmarks", len(want.Pages), len(want.Outline))
	}
	inString := false
	for i, c := range whole {
		if c == '(' && whole[i-1] != '\\' {
			inString = true
		}
		changed := bytes.Clone(whole)
		changed[i] = '@'
		if s, err := read(changed); err == nil && !inString {
			t.Errorf("byte %d, %q in %q, may be anything: %+v", i, c, around(whole, i), s)
		}
		if c == ')' && whole[i-1] != '\\' {
			inString = false
		}
		if _, err := read(whole[:i]); err == nil {
			t.Errorf("a container cut after %d bytes is read", i)
		}
	}
	lines := bytes.SplitAfter(whole, []byte("\n"))
	for i := range lines {
		without := bytes.Join(slices.Delete(slices.Clone(lines), i, i+1), nil)
		if len(lines[i]) == 0 {
			continue
		}
		if _, err := read(without); err == nil {
			t.Errorf("a container without line %d, %q, is read", i+1, lines[i])
		}
	}
	if _, err := read(append(bytes.Clone(whole), '\n')); err == nil {
		t.Error("a container with more at its end is read")
	}
}

func around(b []byte, i int) []byte { return b[max(i-10, 0):min(i+10, len(b))] }

// TestSkeletonRefuses gives files that fpdf makes when asked for more than it should be.
func TestSkeletonRefuses(t *testing.T) {
	for name, make := range map[string]func(f *fpdf.Fpdf){
		"text":        func(f *fpdf.Fpdf) { f.SetFont("Helvetica", "", 10); f.Text(10, 10, "a") },
		"transparent": func(f *fpdf.Fpdf) { f.SetAlpha(.5, "Normal") },
		"layer":       func(f *fpdf.Fpdf) { f.AddLayer("l", true) },
		"attached":    func(f *fpdf.Fpdf) { f.SetAttachments([]fpdf.Attachment{{Content: []byte("x"), Filename: "x"}}) },
		"script":      func(f *fpdf.Fpdf) { f.SetJavascript("x") },
		"metadata":    func(f *fpdf.Fpdf) { f.SetXmpMetadata([]byte("x")) },
		"title":       func(f *fpdf.Fpdf) { f.SetTitle("x", true) },
		"box":         func(f *fpdf.Fpdf) { f.SetPageBox("crop", 0, 0, 1, 1) },
		"compressed":  func(f *fpdf.Fpdf) { f.SetCompression(true) },
		"protected":   func(f *fpdf.Fpdf) { f.SetProtection(0, "", "") },
		"spot colour": func(f *fpdf.Fpdf) { f.AddSpotColor("s", 1, 2, 3, 4) },
		"view":        func(f *fpdf.Fpdf) { f.SetDisplayMode("fullpage", "single") },
		"plain":       func(*fpdf.Fpdf) {}, // its dates are the clock's
	} {
		f := fpdf.New("P", "pt", "A4", "")
		f.SetCompression(false)
		f.AddPage()
		make(f)
		var b bytes.Buffer
		if err := f.Output(&b); err != nil {
			t.Fatal(err)
		}
		if s, err := read(b.Bytes()); err == nil {
			t.Errorf("%s: read as %+v", name, s)
		}
	}
}

// FuzzSkeleton reads anything: it fails or finds a file whose parts account for each other.
func FuzzSkeleton(f *testing.F) {
	whole := frame(f)
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add(bytes.Replace(whole, []byte("/Count 0"), []byte("/Count 1"), 1))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := read(b)
		if err != nil {
			return
		}
		if !bytes.Contains(b, fmt.Appendf(nil, "\n/Size %d\n/Root %d 0 R\n", s.CatalogObject()+1, s.CatalogObject())) {
			t.Errorf("%d pages and %d bookmarks do not make %d objects", len(s.Pages), len(s.Outline), s.CatalogObject())
		}
		for _, p := range s.Pages {
			for _, l := range p.Links {
				if !bytes.HasPrefix(l, []byte("/Type /Annot /Subtype /Link /Rect [")) {
					t.Errorf("link %q", l)
				}
			}
		}
	})
}

// TestOf makes the skeleton of a layout and refuses those that lead nowhere.
func TestOf(t *testing.T) {
	page := layout.Page{Width: a4w, Height: a4h}
	s, err := Of(&layout.Layout{Pages: []layout.Page{page, page}, Outline: []layout.Bookmark{{Title: "a", Page: 1}}})
	if err != nil || len(s.Pages) != 2 || len(s.Outline) != 1 || s.CatalogObject() != s.InfoObject()+1 || s.OutlineObject() != ContentObject(1)+1 {
		t.Errorf("%+v, %v", s, err)
	}
	for name, l := range map[string]*layout.Layout{
		"no page":  {},
		"no size":  {Pages: []layout.Page{{}}},
		"bookmark": {Pages: []layout.Page{page}, Outline: []layout.Bookmark{{Title: "a", Page: 1}}},
		"link":     {Pages: []layout.Page{{Width: a4w, Height: a4h, Links: []layout.LinkArea{{X1: 5, Y1: 5, Page: 3}}}}},
		"area":     {Pages: []layout.Page{{Width: a4w, Height: a4h, Links: []layout.LinkArea{{URI: "https://gmina.pl"}}}}},
	} {
		if _, err := Of(l); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// TestTextString: a text reads back from its bytes.
func TestTextString(t *testing.T) {
	for _, s := range []string{"", "abc (1)", "żółw", "😀", "a\x00b"} {
		got := textString(s)
		if rest, ok := strings.CutPrefix(got, "\xFE\xFF"); ok {
			var units []uint16
			for ; len(rest) > 1; rest = rest[2:] {
				units = append(units, uint16(rest[0])<<8|uint16(rest[1]))
			}
			got = string(utf16.Decode(units))
		}
		if got != s {
			t.Errorf("%q reads back as %q", s, got)
		}
	}
}
