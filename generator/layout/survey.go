package layout

import (
	"strconv"

	"github.com/raportjst/raportjst/generator/document"
)

// survey is what must be known of the whole document before its first block is set.
type survey struct {
	sections []entry
	titles   map[string]string // by anchor: how a link there is described
	notes    map[string]string // by anchor: the mark of a note
}

// entry is a section in the order of the document.
type entry struct {
	title    string
	anchor   string
	depth    int  // 1: chapter
	contents bool // it holds the table of contents
}

func surveyOf(d *document.Document) *survey {
	s := &survey{titles: map[string]string{}, notes: map[string]string{}}
	s.blocks(d.Body, 1)
	return s
}

func (s *survey) blocks(bs []document.Block, depth int) {
	for _, b := range bs {
		switch b := b.(type) {
		case document.Section:
			e := entry{title: b.Title, anchor: sectionAnchor(b, len(s.sections)), depth: depth}
			for _, inner := range b.Blocks {
				if _, ok := inner.(document.Contents); ok {
					e.contents = true
				}
			}
			s.sections = append(s.sections, e)
			s.title(e.anchor, b.Title)
			s.blocks(b.Blocks, depth+1)
		case document.Columns:
			s.blocks(b.Left, depth)
			s.blocks(b.Right, depth)
		case document.NoteBox:
			s.blocks(b.Blocks, depth)
		case document.Note:
			s.notes[b.ID] = b.Label
		case document.Table:
			s.title(b.ID, labelled(b.Label, b.Title))
		case document.Figure:
			s.title(b.ID, labelled(b.Label, b.Title))
		case document.KeyFigures:
			s.title(b.ID, b.Title)
		case document.Findings:
			s.title(b.ID, b.Title)
		case document.Definitions:
			s.title(b.ID, b.Title)
		case document.Paragraph, document.List, document.Contents, document.SideFacts:
		}
	}
}

func (s *survey) title(anchor, title string) {
	if anchor != "" {
		s.titles[anchor] = title
	}
}

func labelled(label, title string) string {
	switch {
	case label == "":
		return title
	case title == "":
		return label
	}
	return label + ". " + title
}

// sectionAnchor is the section's own anchor, or one that no document can use.
func sectionAnchor(s document.Section, number int) string {
	if s.ID != "" {
		return s.ID
	}
	return "\x00" + strconv.Itoa(number)
}
