package document

import (
	"iter"
	"slices"
)

// All yields blocks and all that they hold in reading order, each with its depth: how many
// sections lie around it. A block comes before its parts.
func All(blocks []Block) iter.Seq2[int, Block] {
	return func(yield func(int, Block) bool) { walk(blocks, 0, yield) }
}

func walk(blocks []Block, depth int, yield func(int, Block) bool) bool {
	for _, b := range blocks {
		if !yield(depth, b) {
			return false
		}
		inner := depth
		if _, ok := b.(Section); ok {
			inner++
		}
		for _, part := range parts(b) {
			if !walk(part, inner, yield) {
				return false
			}
		}
	}
	return true
}

// parts are the flows of blocks that a block holds.
func parts(b Block) [][]Block {
	switch b := b.(type) {
	case Section:
		return [][]Block{b.Blocks}
	case NoteBox:
		return [][]Block{b.Blocks}
	case Columns:
		return [][]Block{b.Left, b.Right}
	case List:
		var under [][]Block
		for _, i := range b.Items {
			for _, l := range i.Under {
				under = append(under, []Block{l})
			}
		}
		return under
	case Paragraph, Contents, Note, KeyFigures, Findings, SideFacts, Definitions, Table, Figure:
	}
	return nil
}

// Title is the anchor of a block and the words that tell where a link there leads; both are
// empty where a block has no anchor.
func Title(b Block) (anchor, title string) {
	switch b := b.(type) {
	case Section:
		return b.ID, b.Title
	case Note:
		return b.ID, b.Label
	case KeyFigures:
		return b.ID, b.Title
	case Findings:
		return b.ID, b.Title
	case Definitions:
		return b.ID, b.Title
	case Table:
		return b.ID, Labelled(b.Label, b.Title)
	case Figure:
		return b.ID, Labelled(b.Label, b.Title)
	case Paragraph, List, NoteBox, Columns, Contents, SideFacts:
	}
	return "", ""
}

// Labelled is the whole caption of a table or figure: "Wykres 3.1. Dochody własne".
func Labelled(label, title string) string {
	switch {
	case label == "":
		return title
	case title == "":
		return label
	}
	return label + ". " + title
}

// Numbers yields the numbers of the tables and cards among blocks, in reading order. Those
// of figures and side facts tell parts of a subject, such as ages, and are left out.
func Numbers(blocks []Block) iter.Seq[*Number] {
	return func(yield func(*Number) bool) {
		for _, b := range All(blocks) {
			switch b := b.(type) {
			case KeyFigures:
				for i := range b.Cards {
					if !yield(&b.Cards[i].Number) {
						return
					}
				}
			case Table:
				for n := range b.Numbers() {
					if !yield(n) {
						return
					}
				}
			case Section, Paragraph, List, NoteBox, Columns, Contents, Note, Findings, SideFacts, Definitions, Figure:
			}
		}
	}
}

// Origins yields how the figures of blocks came about: of their numbers, of what strips and
// sparks draw, of what words tell. Whoever asks what a document uses walks it.
func Origins(blocks []Block) iter.Seq[Origin] {
	return func(yield func(Origin) bool) {
		for _, b := range All(blocks) {
			for o := range origins(b) {
				if !yield(o) {
					return
				}
			}
		}
	}
}

// origins are those of one block, without its parts.
func origins(b Block) iter.Seq[Origin] {
	return func(yield func(Origin) bool) {
		all := func(os []Origin) bool { return !slices.ContainsFunc(os, func(o Origin) bool { return !yield(o) }) }
		strip := func(s *Strip) bool { return s == nil || yield(Origin{Op: Count, Refs: s.Refs}) }
		switch b := b.(type) {
		case Paragraph:
			all(b.Basis)
		case KeyFigures:
			for i := range b.Cards {
				if c := &b.Cards[i]; !yield(c.Number.Origin) || !strip(c.Strip) || !all(c.Basis) {
					return
				}
			}
		case Findings:
			for i := range b.Items {
				if f := &b.Items[i]; !strip(f.Strip) || !all(f.Basis) {
					return
				}
			}
		case SideFacts:
			for i := range b.Facts {
				if f := &b.Facts[i]; !yield(f.Number.Origin) || !all(f.Basis) {
					return
				}
			}
		case Table:
			b.origins(yield)
		case Figure:
			if b.Table != nil {
				b.Table.origins(yield)
			}
		case Section, List, NoteBox, Columns, Contents, Note, Definitions:
		}
	}
}

func (t *Table) origins(yield func(Origin) bool) {
	for _, r := range t.Rows {
		for _, c := range r.Cells {
			switch {
			case c.Number != nil:
				if !yield(c.Number.Origin) {
					return
				}
			case c.Strip != nil:
				if !yield(Origin{Op: Count, Refs: c.Strip.Refs}) {
					return
				}
			case c.Spark != nil:
				for i := range c.Spark.Refs {
					if c.Spark.Points[i].Present && !yield(Origin{Op: Observed, Refs: c.Spark.Refs[i : i+1]}) {
						return
					}
				}
			}
		}
	}
}

// Numbers yields the numbers of a table, row by row.
func (t *Table) Numbers() iter.Seq[*Number] {
	return func(yield func(*Number) bool) {
		for _, r := range t.Rows {
			for _, c := range r.Cells {
				if c.Number != nil && !yield(c.Number) {
					return
				}
			}
		}
	}
}
