package layout

import (
	"strconv"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
)

// Set sets a document on pages: it composes slugs, chooses the pages, and places what
// stands on them. The document has passed document.Check; what has not, or fits on no page,
// fails (a *fault.Fault where the user can mend it). Set is pure and safe for concurrent
// use; the same document gives the same layout.
//
// Page numbers are known only after the pages are chosen, and in running text their width
// could move a line. So lines are broken with room for two digits, and only a reference
// beyond page 99 makes the text be set again, with more room.
func Set(d *document.Document) (*Layout, error) {
	s := surveyOf(d)
	for digits := 2; ; digits++ {
		c, err := compose(d, s, digits)
		if err != nil {
			return nil, err
		}
		pages, err := paginate(c.chapters)
		if err != nil {
			return nil, err
		}
		if c.refers && len(strconv.Itoa(len(pages)+1)) > digits {
			continue
		}
		return impose(c, pages)
	}
}

// impose puts everything where it belongs.
func impose(c *composer, pages [][]span) (*Layout, error) {
	p := &press{composer: c, pageOf: locate(pages), total: len(pages) + 1, anchors: map[string]place{}}
	p.pages = make([]Page, 0, p.total)
	p.cover()
	for _, spans := range pages {
		p.begin()
		p.furnish(spans[0].chapter.short)
		y := float64(top)
		for i := range spans {
			y = p.span(&spans[i], y)
		}
		p.end()
	}
	if c.err != nil {
		return nil, c.err
	}
	for _, a := range p.aims {
		at, ok := p.anchors[a.anchor]
		if !ok {
			return nil, &fault.Fault{
				Where: "odsyłacz do „" + a.anchor + "”", What: "miejsce, do którego prowadzi, niczego nie drukuje",
				Hint: "usuń odsyłacz albo uzupełnij to miejsce",
			}
		}
		l := &p.pages[a.page].Links[a.link]
		l.Page, l.Y = at.page, at.y
	}
	marks := p.outline
	return &Layout{Pages: p.pages, Root: c.root, Outline: nest(&marks, 1), Lang: c.doc.Meta.Language, Title: c.doc.Meta.Title}, nil
}

// span places the slugs of a chapter on the open page and returns where they end.
func (p *press) span(s *span, y float64) float64 {
	slugs := s.chapter.slugs[s.from:s.to]
	y += s.space
	if s.head > 0 {
		first := &slugs[0]
		before := &s.chapter.slugs[s.from-1]
		p.repeat(first, left, y, first.group != nil && before.group == first.group)
		y += s.head
	}
	p.column(slugs, left, y, top+room-y)
	wanted, _ := heights(slugs)
	return y + wanted
}

// nest turns headings in order into a tree.
func nest(marks *[]outlined, level int) []Bookmark {
	var out []Bookmark
	for len(*marks) > 0 && (*marks)[0].level >= level {
		m := (*marks)[0]
		*marks = (*marks)[1:]
		out = append(out, Bookmark{Title: m.title, Page: m.page, Y: m.y, Kids: nest(marks, m.level+1)})
	}
	return out
}
