package skeleton

import (
	"bytes"
	"fmt"
	"time"
	"unicode/utf16"

	"github.com/go-pdf/fpdf"

	"github.com/raportjst/raportjst/generator/layout"
)

// container has fpdf make the frame of the file: page objects, link annotations with their
// targets, the outline.
func container(l *layout.Layout) ([]byte, error) {
	if len(l.Pages) == 0 {
		return nil, fmt.Errorf("make container: no pages")
	}
	for i, p := range l.Pages {
		if !(p.Width > 0 && p.Width <= largest && p.Height > 0 && p.Height <= largest) {
			return nil, fmt.Errorf("make container: page %d measures %v × %v", i+1, p.Width, p.Height)
		}
	}
	f := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: l.Pages[0].Width, Ht: l.Pages[0].Height}})
	f.SetCompression(false)
	f.SetCatalogSort(true)
	f.SetAutoPageBreak(false, 0)
	f.SetCreationDate(time.Unix(0, 0).UTC()) // replaced by rewrite; unset, it would be the clock's
	f.SetModificationDate(time.Unix(0, 0).UTC())
	for i, p := range l.Pages {
		f.AddPageFormat("P", fpdf.SizeType{Wd: p.Width, Ht: p.Height})
		for _, a := range p.Links {
			if err := link(f, l, a); err != nil {
				return nil, fmt.Errorf("make container: page %d: %w", i+1, err)
			}
		}
	}
	// fpdf measures the places of bookmarks from the top of the last page, whatever their own.
	last := l.Pages[len(l.Pages)-1].Height
	if err := bookmarks(f, l, last, l.Outline, 0); err != nil {
		return nil, fmt.Errorf("make container: %w", err)
	}
	f.SetPage(len(l.Pages)) // fpdf writes the pages up to the current one
	var b bytes.Buffer
	if err := f.Output(&b); err != nil {
		return nil, fmt.Errorf("make container: %w", err)
	}
	return b.Bytes(), nil
}

// limit bounds every coordinate: far beyond the largest page, small enough for fpdf's two
// decimals.
const limit = 1e6

// largest is the longest side of a page (ISO 32000-1, annex C).
const largest = 14400

func link(f *fpdf.Fpdf, l *layout.Layout, a layout.LinkArea) error {
	for _, v := range [...]float64{a.X0, a.Y0, a.X1, a.Y1, a.Y} {
		if !(v > -limit && v < limit) {
			return fmt.Errorf("link %q: %v is no coordinate", a.Contents, v)
		}
	}
	if a.X1 <= a.X0 || a.Y1 <= a.Y0 {
		return fmt.Errorf("link %q has no area", a.Contents)
	}
	if a.URI != "" {
		f.LinkString(a.X0, a.Y0, a.X1-a.X0, a.Y1-a.Y0, escapeURI(a.URI))
		return nil
	}
	if a.Page < 0 || a.Page >= len(l.Pages) {
		return fmt.Errorf("link %q leads to page %d of %d", a.Contents, a.Page+1, len(l.Pages))
	}
	target := f.AddLink()
	f.SetLink(target, max(a.Y, 0), a.Page+1) // −1 would mean the place fpdf is at
	f.Link(a.X0, a.Y0, a.X1-a.X0, a.Y1-a.Y0, target)
	return nil
}

// escapeURI leaves ASCII alone and encodes all else: a URI is written in seven bits
// (ISO 32000-1, 12.6.4.7).
func escapeURI(uri string) string {
	var b []byte
	for i := range len(uri) {
		if c := uri[i]; c > ' ' && c <= '~' {
			b = append(b, c)
		} else {
			b = fmt.Appendf(b, "%%%02X", c)
		}
	}
	return string(b)
}

func bookmarks(f *fpdf.Fpdf, l *layout.Layout, last float64, marks []layout.Bookmark, depth int) error {
	for _, m := range marks {
		if m.Page < 0 || m.Page >= len(l.Pages) || !(m.Y > -limit && m.Y < limit) {
			return fmt.Errorf("bookmark %q leads to %v on page %d of %d", m.Title, m.Y, m.Page+1, len(l.Pages))
		}
		f.SetPage(m.Page + 1)
		y := last - l.Pages[m.Page].Height + max(m.Y, 0)
		if y == -1 { // to fpdf, "where we are"
			y = 0
		}
		f.Bookmark(textString(m.Title), depth, y)
		if err := bookmarks(f, l, last, m.Kids, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// textString is s as a text string before escaping, for fpdf, which escapes but does not
// encode.
func textString(s string) string {
	if plain(s) {
		return s
	}
	b := []byte{0xFE, 0xFF}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return string(b)
}

// plain reports whether s may be written in PDFDocEncoding byte by byte.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' && s[i] != '\n' && s[i] != '\t' || s[i] > '~' {
			return false
		}
	}
	return true
}
