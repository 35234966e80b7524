package layout

import (
	"slices"
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
		pages, err := c.paginate()
		if err != nil {
			return nil, err
		}
		if c.refers && len(strconv.Itoa(len(pages)+1)) > digits {
			continue
		}
		return impose(c, pages)
	}
}

// contentsFrom is how many pages a report has at least, the cover among them, whose contents
// are listed: in a shorter one everything is found sooner than in a list.
const contentsFrom = 12

// paginate chooses the pages, without chapters of contents where they are few.
func (c *composer) paginate() ([]sheet, error) {
	var body []*chapterSlugs
	left := map[*Element]bool{}
	for i, ch := range c.chapters {
		if c.survey.chapters[i].alone {
			left[ch.element] = true
		} else {
			body = append(body, ch)
		}
	}
	if len(left) == 0 || len(body) == 0 {
		return paginate(c.chapters)
	}
	pages, err := paginate(body)
	if err != nil {
		return nil, err
	}
	if len(pages)+1 >= contentsFrom {
		return paginate(c.chapters)
	}
	c.root.Kids = slices.DeleteFunc(c.root.Kids, func(e *Element) bool { return left[e] })
	c.short = true
	return pages, nil
}

// impose puts everything where it belongs.
func impose(c *composer, pages []sheet) (*Layout, error) {
	p := &press{composer: c, pageOf: locate(pages), total: len(pages) + 1, anchors: map[string]place{}}
	p.pages = make([]Page, 0, p.total)
	p.cover()
	for _, s := range pages {
		p.begin()
		p.furnish(s.short)
		p.column(s.slugs, left, top, room)
		p.end()
	}
	if c.err != nil {
		return nil, c.err
	}
	for _, a := range p.aims {
		at, ok := p.anchors[a.anchor]
		if !ok && !c.unlisted(a.anchor) {
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

// unlisted reports the anchor of contents that were left out: a link there leads to the cover.
func (c *composer) unlisted(anchor string) bool {
	return c.short && slices.ContainsFunc(c.survey.chapters, func(e entry) bool { return e.alone && e.anchor == anchor })
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
