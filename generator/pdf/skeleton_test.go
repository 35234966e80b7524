package pdf

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/go-pdf/fpdf"

	"github.com/raportjst/raportjst/generator/layout"
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
	want, err := readSkeleton(whole)
	if err != nil {
		t.Fatal(err)
	}
	if len(want.pages) != 2 || len(want.pages[0].links) != 2 || len(want.outline) != 3 {
		t.Fatalf("read %d pages, %d bookmarks", len(want.pages), len(want.outline))
	}
	inString := false
	for i, c := range whole {
		if c == '(' && whole[i-1] != '\\' {
			inString = true
		}
		changed := bytes.Clone(whole)
		changed[i] = '@'
		if s, err := readSkeleton(changed); err == nil && !inString {
			t.Errorf("byte %d, %q in %q, may be anything: %+v", i, c, around(whole, i), s)
		}
		if c == ')' && whole[i-1] != '\\' {
			inString = false
		}
		if _, err := readSkeleton(whole[:i]); err == nil {
			t.Errorf("a container cut after %d bytes is read", i)
		}
	}
	lines := bytes.SplitAfter(whole, []byte("\n"))
	for i := range lines {
		without := bytes.Join(slices.Delete(slices.Clone(lines), i, i+1), nil)
		if len(lines[i]) == 0 {
			continue
		}
		if _, err := readSkeleton(without); err == nil {
			t.Errorf("a container without line %d, %q, is read", i+1, lines[i])
		}
	}
	if _, err := readSkeleton(append(bytes.Clone(whole), '\n')); err == nil {
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
		if s, err := readSkeleton(b.Bytes()); err == nil {
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
		s, err := readSkeleton(b)
		if err != nil {
			return
		}
		if !bytes.Contains(b, fmt.Appendf(nil, "\n/Size %d\n/Root %d 0 R\n", s.catalogObject()+1, s.catalogObject())) {
			t.Errorf("%d pages and %d bookmarks do not make %d objects", len(s.pages), len(s.outline), s.catalogObject())
		}
		for _, p := range s.pages {
			for _, l := range p.links {
				if _, err := (&lexer{b: fmt.Appendf(nil, "<<%s>>", l)}).value(); err != nil {
					t.Errorf("link %q: %v", l, err)
				}
			}
		}
	})
}
