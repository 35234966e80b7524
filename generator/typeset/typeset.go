// Package typeset measures text, breaks it into lines and knows which characters the fonts
// can show. It decides nothing about pages.
package typeset

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"github.com/raportjst/raportjst/fonts"
)

// Face is one of the report's two faces.
type Face uint8

const (
	Regular Face = iota
	Bold
)

// near is the first code point beyond the flat table: letters of Europe, punctuation,
// arrows and mathematical signs lie before it.
const near = 0x2300

// Placeholder stands on a page in place of a character that the fonts cannot show, so that
// a reader sees that something is missing there.
const Placeholder = '□'

// noBreakHyphen is printed as the hyphen that it looks like.
const (
	noBreakHyphen = '\u2011'
	hyphen        = '\u2010'
)

// Font is a parsed face. It is immutable and safe for concurrent use.
type Font struct {
	Name       string // PostScript name
	Program    []byte // the TrueType file; do not change
	UnitsPerEm int
	near       [near]Glyph // glyph 0: the font lacks the character
	parsed     *sfnt.Font
	far        sync.Map // Glyph by rune, of those that were asked for
}

// Glyph is what is known of a character: its glyph index and its advance in font units.
type Glyph struct {
	Index   uint16
	Advance int
}

var loaded = sync.OnceValues(func() ([2]*Font, error) {
	var f [2]*Font
	for i, name := range []string{"Lato-Regular", "Lato-Bold"} {
		data, err := fonts.FS.ReadFile(name + ".ttf")
		if err != nil {
			return f, fmt.Errorf("load font: %w", err)
		}
		if f[i], err = parse(name, data); err != nil {
			return f, err
		}
	}
	return f, nil
})

// Of returns a face's font. It panics if an embedded font cannot be parsed, which a test
// rules out.
func Of(face Face) *Font {
	f, err := loaded()
	if err != nil {
		panic(err)
	}
	return f[face]
}

// parse reads what texts are made of once, so that measuring is a table look-up; the rest of
// the Basic Multilingual Plane is read as it occurs.
func parse(name string, data []byte) (*Font, error) {
	p, err := sfnt.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("parse font %s: %w", name, err)
	}
	f := &Font{Name: name, Program: data, UnitsPerEm: int(p.UnitsPerEm()), parsed: p}
	var buf sfnt.Buffer
	for r := rune(0x20); r < near; r++ {
		if f.near[r], err = f.read(&buf, r); err != nil {
			return nil, fmt.Errorf("parse font %s: advance of %q: %w", name, r, err)
		}
	}
	if f.near[noBreakHyphen].Index == 0 {
		f.near[noBreakHyphen] = f.near[hyphen]
	}
	return f, nil
}

// read finds a character in the font; it has glyph 0 where the font lacks it.
func (f *Font) read(buf *sfnt.Buffer, r rune) (Glyph, error) {
	g, err := f.parsed.GlyphIndex(buf, r)
	if err != nil || g == 0 {
		return Glyph{}, nil
	}
	advance, err := f.parsed.GlyphAdvance(buf, g, fixed.I(f.UnitsPerEm), font.HintingNone)
	return Glyph{Index: uint16(g), Advance: advance.Round()}, err
}

// Glyph finds a character; false when the font cannot show it.
func (f *Font) Glyph(r rune) (Glyph, bool) {
	if r >= 0 && r < near {
		g := f.near[r]
		return g, g.Index != 0
	}
	if r < 0 || r >= 0xFFFE { // no plane beyond the first
		return Glyph{}, false
	}
	known, ok := f.far.Load(r)
	if !ok {
		g, err := f.read(new(sfnt.Buffer), r)
		if err != nil {
			g = Glyph{}
		}
		known, _ = f.far.LoadOrStore(r, g)
	}
	g := known.(Glyph)
	return g, g.Index != 0
}

// Printed is the character that stands on a page for r: r itself or the Placeholder, also
// for those whose meaning no reader may be told: private use, byte order marks and what
// lies beyond (ISO 19005-2, 6.2.11.7).
func (f *Font) Printed(r rune) rune {
	if _, ok := f.Glyph(r); !ok || r >= 0xE000 && r <= 0xF8FF || r >= 0xFEFF {
		return Placeholder
	}
	return r
}

// Lacking returns the characters of a text that a report cannot print, each once.
func Lacking(s string) []rune {
	var out []rune
	for _, r := range s {
		if (Of(Regular).Printed(r) != r || Of(Bold).Printed(r) != r) && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}

// Name tells characters to a user: „✓” (U+2713).
func Name(chars []rune) string {
	var all []string
	for _, r := range chars {
		name := fmt.Sprintf("U+%04X", r)
		if unicode.IsGraphic(r) {
			name = fmt.Sprintf("„%c” (%s)", r, name)
		}
		all = append(all, name)
	}
	return strings.Join(all, ", ")
}

// Width measures a line of text in points at the given size. A character that the font
// lacks counts as the Placeholder.
func (f *Font) Width(s string, size float64) float64 {
	n := 0
	for _, r := range s {
		g, ok := f.Glyph(r)
		if !ok || r >= 0xE000 {
			g, _ = f.Glyph(f.Printed(r))
		}
		n += g.Advance
	}
	return float64(n) * size / float64(f.UnitsPerEm)
}

// Width measures s in a face; see Font.Width.
func Width(face Face, s string, size float64) float64 { return Of(face).Width(s, size) }

// Ascent is the height above the baseline that a line of the report's fonts takes, as a
// share of the size: cap height with room for Polish diacritics.
const Ascent = 0.74

// Style is how a run of text is set.
type Style struct {
	Face Face
	Size float64
}

// Width measures s in the style.
func (s Style) Width(text string) float64 { return Of(s.Face).Width(text, s.Size) }

// Run is a piece of text in one style. Tag is the caller's: it travels with the run
// through line breaking (a colour, a link, an element).
type Run struct {
	Text  string
	Style Style
	Tag   int
	Bound bool // no line may end just before this run: a unit stays with the last word of its name
	Ends  bool // the line ends after this run
}

// Line is a set line: runs from left to right and their width in points. The space at
// which the line was broken stays at the end of its last run (it is not counted in the
// width), so that joining the lines gives back the text.
type Line struct {
	Runs  []Run
	Width float64
}

// Break sets runs into lines no wider than width, ragged right, breaking only after a run
// that Ends, at U+0020 and after a hyphen or slash inside a word; U+00A0 and U+202F never break. A line does
// not end with a word of one letter nor begin with a dash. A word wider than the line is
// broken between characters rather than left to stick out.
func Break(runs []Run, width float64) []Line { return new(Breaker).Break(runs, width) }

// Widest measures the widest stretch that Break would not divide at the given or any
// greater width.
func Widest(runs []Run) float64 { return new(Breaker).Widest(runs) }

// Truncate shortens s to the width: it drops whole words at the end and puts "…" after
// what is left; where not even one word fits, letters.
func Truncate(s string, style Style, width float64) string {
	if style.Width(s) <= width {
		return s
	}
	const ellipsis = "…"
	for t := s; ; {
		i := strings.LastIndexByte(t, ' ')
		if i < 0 {
			break
		}
		t = strings.TrimRight(t[:i], " ,;·–-")
		if t != "" && style.Width(t)+style.Width(" "+ellipsis) <= width {
			return t + " " + ellipsis
		}
	}
	for t := s; t != ""; {
		_, n := utf8.DecodeLastRuneInString(t)
		t = t[:len(t)-n]
		if style.Width(t)+style.Width(ellipsis) <= width {
			return t + ellipsis
		}
	}
	return ellipsis
}

func finite(width float64) float64 {
	if math.IsInf(width, 1) {
		return math.MaxFloat64
	}
	return width
}
