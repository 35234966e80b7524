package docx

import (
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/typeset"
)

// pages reckons on which page things come to stand, so that the table of contents and
// references are filled before Word has set the text. It knows the widths of Lato, of which
// Calibri is the narrower sister.
type pages struct {
	page int
	used float64
	of   map[string]int // by anchor
	keep float64        // height that must stay with what follows

	width, room float64 // of the text of a page
}

const (
	narrower  = 0.915 // Calibri to Lato
	lineOfOne = 1.22  // height of a line of Calibri at a distance of one line
)

// number is the page of an anchor, as text.
func (p *pages) number(anchor string) string { return strconv.Itoa(max(1, p.of[anchor])) }

func (p *pages) begin() {
	if p.used+p.keep > 0 {
		p.page, p.used, p.keep = p.page+1, 0, 0
	}
}

// block is something that no page break splits.
func (p *pages) block(h float64) {
	h += p.keep
	p.keep = 0
	if p.used > 0 && p.used+h > p.room {
		p.page, p.used = p.page+1, 0
	}
	for p.used += h; p.used > p.room; {
		p.page, p.used = p.page+1, p.used-p.room
	}
}

// mark notes where an anchor stands: with the next block.
func (p *pages) mark(anchor string, least float64) {
	if anchor == "" {
		return
	}
	n := p.page
	if p.used > 0 && p.used+p.keep+least > p.room {
		n++
	}
	p.of[anchor] = n
}

// lines is how many lines a text takes.
func lines(s string, t text, width float64) int {
	face := typeset.Regular
	if t.bold {
		face = typeset.Bold
	}
	n := 0
	for _, line := range strings.Split(s, "\n") {
		n += max(1, len(typeset.Break([]typeset.Run{{Text: line, Style: typeset.Style{Face: face, Size: t.size * narrower}}}, width)))
	}
	return n
}

func height(s string, t text, width float64) float64 {
	return float64(lines(s, t, width))*t.size*t.line*lineOfOne + t.before + t.after
}

// text is a paragraph, of which some lines may stand on the next page.
func (p *pages) text(style, s string, width float64) {
	t := texts[style]
	lead := t.size * t.line * lineOfOne
	h := height(s, t, width)
	if h > 3*lead && p.keep == 0 && p.used+h > p.room && p.room-p.used > 2*lead {
		p.used += h
		for p.used > p.room {
			p.page, p.used = p.page+1, p.used-p.room
		}
		return
	}
	p.block(h)
}

// heading stays with what follows.
func (p *pages) heading(style, s, anchor string) {
	h := height(s, texts[style], p.width)
	p.mark(anchor, h+3*12)
	p.keep += h
}

// foot takes the room of a footnote from the page.
func (p *pages) foot(s string) { p.used += height(s, text{size: 8.5, line: 1}, p.width) }
