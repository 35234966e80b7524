package layout

import (
	"strconv"

	"github.com/raportjst/raportjst/generator/document"
)

// survey is what must be known of the whole document before its first block is set.
type survey struct {
	sections []entry
	chapters []entry           // those of the first level
	titles   map[string]string // by anchor: how a link there is described
	notes    map[string]string // by anchor: the mark of a note
}

// entry is a section in the order of the document.
type entry struct {
	title    string
	anchor   string
	depth    int  // 1: chapter
	contents bool // it holds the table of contents
	alone    bool // and nothing else
}

func surveyOf(d *document.Document) *survey {
	s := &survey{titles: map[string]string{}, notes: map[string]string{}}
	for depth, b := range document.All(d.Body) {
		anchor, title := document.Title(b)
		switch b := b.(type) {
		case document.Section:
			e := entry{title: title, anchor: sectionAnchor(b, len(s.sections)), depth: depth + 1}
			for _, inner := range b.Blocks {
				if _, ok := inner.(document.Contents); ok {
					e.contents, e.alone = true, len(b.Blocks) == 1
				}
			}
			s.sections = append(s.sections, e)
			if depth == 0 {
				s.chapters = append(s.chapters, e)
			}
			anchor = e.anchor
		case document.Note:
			s.notes[b.ID] = b.Label
			continue
		case document.Columns, document.Contents, document.Definitions, document.Figure, document.Findings, document.KeyFigures,
			document.List, document.NoteBox, document.Paragraph, document.SideFacts, document.Table:
		}
		if anchor != "" {
			s.titles[anchor] = title
		}
	}
	return s
}

// sectionAnchor is the section's own anchor, or one that no document can use.
func sectionAnchor(s document.Section, number int) string {
	if s.ID != "" {
		return s.ID
	}
	return "\x00" + strconv.Itoa(number)
}
