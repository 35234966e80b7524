package pdf

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/layout"
)

// names of the standard structure types by layout.Tag (ISO 32000-1, 14.8.4).
var tagNames = [...]string{
	layout.TagDocument: "Document", layout.TagPart: "Part", layout.TagSect: "Sect", layout.TagDiv: "Div",
	layout.TagH1: "H1", layout.TagH2: "H2", layout.TagH3: "H3", layout.TagH4: "H4", layout.TagH5: "H5", layout.TagH6: "H6",
	layout.TagP: "P", layout.TagL: "L", layout.TagLI: "LI", layout.TagLbl: "Lbl", layout.TagLBody: "LBody",
	layout.TagTOC: "TOC", layout.TagTOCI: "TOCI",
	layout.TagTable: "Table", layout.TagCaption: "Caption", layout.TagTHead: "THead", layout.TagTBody: "TBody",
	layout.TagTR: "TR", layout.TagTH: "TH", layout.TagTD: "TD",
	layout.TagFigure: "Figure", layout.TagNote: "Note", layout.TagLink: "Link", layout.TagReference: "Reference", layout.TagSpan: "Span",
}

const none = -1

// node is an element of the structure tree on its way into the file. Nodes stand in the
// order of the tree, parents before kids.
type node struct {
	*layout.Element
	parent      int
	order       int // when its first content was drawn, its kids' included; none: nothing drawn
	first, last int // its own content, a list in structure.content; none
	id          string
}

// content is what a node shows: a piece of marked content of a page, or an annotation.
type content struct {
	page  int
	mcid  int // none: an annotation
	annot int // its object
	order int
	next  int
}

// structure records which content belongs to which element while pages are drawn, and then
// writes the tree (ISO 32000-1, 14.7). Its memory is used again from report to report.
type structure struct {
	nodes   []node
	number  map[*layout.Element]int
	content []content
	marks   [][]int // by page: the node of each marked content
	annots  []int   // nodes of the annotations, in order of their StructParent
	order   int
	nums    []int // scratch: numbers of object
	object  int   // of the first node
}

// reset takes the elements of a layout.
func (s *structure) reset(root *layout.Element, pages int) error {
	if s.number == nil {
		s.number = map[*layout.Element]int{}
	}
	s.content, s.annots, s.order = s.content[:0], s.annots[:0], 0
	for i := range s.marks {
		s.marks[i] = s.marks[i][:0]
	}
	for len(s.marks) < pages {
		s.marks = append(s.marks, nil)
	}
	s.marks = s.marks[:pages]
	if root == nil || root.Tag != layout.TagDocument {
		return errors.New("read structure: its root is no Document")
	}
	return s.add(root, none)
}

// forget lets go of the layout.
func (s *structure) forget() {
	clear(s.number)
	clear(s.nodes)
	s.nodes = s.nodes[:0]
}

func (s *structure) add(e *layout.Element, parent int) error {
	if _, twice := s.number[e]; twice {
		return fmt.Errorf("read structure: %s stands in the tree twice", s.path(s.number[e]))
	}
	n := len(s.nodes)
	s.number[e] = n
	s.nodes = append(s.nodes, node{Element: e, parent: parent, order: none, first: none, last: none, id: e.ID})
	switch {
	case int(e.Tag) >= len(tagNames):
		return fmt.Errorf("read structure: unknown tag %d in %s", e.Tag, s.path(parent))
	case e.Tag == layout.TagFigure && strings.TrimSpace(e.Alt) == "":
		return fmt.Errorf("read structure: %s has no text alternative", s.path(n))
	case e.Tag == layout.TagNote && e.ID == "": // ISO 14289-1, 7.9 wants one
		s.nodes[n].id = "note." + strconv.Itoa(n)
	}
	for _, kid := range e.Kids {
		if kid == nil {
			return fmt.Errorf("read structure: %s has a nil kid", s.path(n))
		}
		if err := s.add(kid, n); err != nil {
			return err
		}
	}
	return nil
}

// path names an element for a message: the titles and tags that lead to it.
func (s *structure) path(n int) string {
	var names []string
	for ; n != none; n = s.nodes[n].parent {
		e := s.nodes[n].Element
		name := tagNames[layout.TagDocument]
		if int(e.Tag) < len(tagNames) {
			name = tagNames[e.Tag]
		}
		if e.Title != "" {
			name += " „" + e.Title + "”"
		}
		names = append(names, name)
	}
	slices.Reverse(names)
	return strings.Join(names, " / ")
}

// mark takes the next marked content of a page for an element and returns its MCID.
func (s *structure) mark(n, page int) int {
	mcid := len(s.marks[page])
	s.marks[page] = append(s.marks[page], n)
	s.link(n, content{page: page, mcid: mcid, order: s.order})
	if s.nodes[n].order == none {
		s.nodes[n].order = s.order
	}
	s.order++
	return mcid
}

// annotation ties an annotation, written as object number, to its element and returns its
// StructParent. It is called after all marks, so that it follows the text in the element.
func (s *structure) annotation(n, page, object int) int {
	s.link(n, content{page: page, mcid: none, annot: object, order: s.order})
	s.order++
	s.annots = append(s.annots, n)
	return len(s.marks) + len(s.annots) - 1
}

func (s *structure) link(n int, c content) {
	c.next = none
	s.content = append(s.content, c)
	at := len(s.content) - 1
	if node := &s.nodes[n]; node.first == none {
		node.first, node.last = at, at
	} else {
		s.content[node.last].next = at
		node.last = at
	}
}

// write puts the tree into the file and returns the number of its root. page gives the
// object and the height of a page.
func (s *structure) write(f *file, page func(int) (object int, height float64)) (int, error) {
	for i := len(s.nodes) - 1; i > 0; i-- {
		if n := s.nodes[i]; n.order != none {
			if up := &s.nodes[n.parent]; up.order == none || n.order < up.order {
				up.order = n.order
			}
		}
	}
	root := f.reserve(2 + len(s.marks))
	parents, arrays := root+1, root+2
	s.object = f.reserve(len(s.nodes))
	for i := range s.nodes {
		if err := s.element(f, i, root, page); err != nil {
			return 0, err
		}
	}
	s.parentTree(f, parents, arrays)
	f.begin(root)
	f.body = append(f.body, "<</Type/StructTreeRoot/K "...)
	f.body = append(appendRef(f.body, s.object), "/ParentTree "...)
	f.body = append(appendRef(f.body, parents), "/ParentTreeNextKey "...)
	f.body = appendInt(f.body, len(s.marks)+len(s.annots))
	if err := s.idTree(f); err != nil {
		return 0, err
	}
	f.body = append(f.body, ">>"...)
	f.end()
	return root, nil
}

// element writes one element. Its own content comes between its kids where it was drawn
// between them; the kids keep the order of the layout.
func (s *structure) element(f *file, i, root int, page func(int) (int, float64)) error {
	n := &s.nodes[i]
	f.begin(s.object + i)
	b := append(append(f.body, "<</S/"...), tagNames[n.Tag]...)
	b = append(b, "/P "...)
	if n.parent == none {
		b = appendRef(b, root)
	} else {
		b = appendRef(b, s.object+n.parent)
	}
	home := none // the page of content that is not said otherwise
	if n.first != none {
		home = s.content[n.first].page
		object, _ := page(home)
		b = appendRef(append(b, "/Pg "...), object)
	}
	b = s.kids(b, i, home, page)
	var err error
	f.body, err = s.attributes(b, i, page)
	if err == nil {
		f.body = append(f.body, ">>"...)
		f.end()
	}
	return err
}

// kids appends /K.
func (s *structure) kids(b []byte, i, home int, page func(int) (int, float64)) []byte {
	n := &s.nodes[i]
	own := n.first
	if own == none && len(n.Kids) == 0 {
		return b
	}
	b = append(b, "/K"...)
	single := own != none && len(n.Kids) == 0 && s.content[own].next == none || own == none && len(n.Kids) == 1
	if !single {
		b = append(b, '[')
	} else if own == none || s.content[own].mcid != none {
		b = append(b, ' ')
	}
	for k := i + 1; k < len(s.nodes) && s.nodes[k].parent >= i; k++ {
		if s.nodes[k].parent != i {
			continue
		}
		for ; own != none && s.nodes[k].order != none && s.content[own].order < s.nodes[k].order; own = s.content[own].next {
			b = append(s.piece(b, own, home, page), ' ')
		}
		b = append(appendRef(b, s.object+k), ' ')
	}
	for ; own != none; own = s.content[own].next {
		b = append(s.piece(b, own, home, page), ' ')
	}
	if b[len(b)-1] == ' ' {
		b = b[:len(b)-1]
	}
	if !single {
		b = append(b, ']')
	}
	return b
}

// piece appends one content of an element.
func (s *structure) piece(b []byte, at, home int, page func(int) (int, float64)) []byte {
	c := s.content[at]
	if c.mcid != none && c.page == home {
		return appendInt(b, c.mcid)
	}
	if c.mcid != none {
		b = append(b, "<</Type/MCR"...)
	} else {
		b = append(b, "<</Type/OBJR/Obj "...)
		b = appendRef(b, c.annot)
	}
	if c.page != home {
		object, _ := page(c.page)
		b = appendRef(append(b, "/Pg "...), object)
	}
	if c.mcid != none {
		b = appendInt(append(b, "/MCID "...), c.mcid)
	}
	return append(b, ">>"...)
}

// attributes appends what else is known of an element (14.7.3, 14.8.5).
func (s *structure) attributes(b []byte, i int, page func(int) (int, float64)) ([]byte, error) {
	n := &s.nodes[i]
	for _, p := range [...]struct{ key, value string }{{"/T", n.Title}, {"/Lang", n.Lang}, {"/Alt", n.Alt}} {
		if p.value != "" {
			b = appendText(append(b, p.key...), p.value)
		}
	}
	if n.id != "" {
		b = appendLiteral(append(b, "/ID"...), n.id)
	}
	switch n.Tag {
	case layout.TagTH, layout.TagTD:
		if n.Scope == layout.NoScope && n.ColSpan <= 1 {
			break
		}
		b = append(b, "/A<</O/Table"...)
		switch n.Scope {
		case layout.ScopeColumn:
			b = append(b, "/Scope/Column"...)
		case layout.ScopeRow:
			b = append(b, "/Scope/Row"...)
		}
		if n.ColSpan > 1 {
			b = appendInt(append(b, "/ColSpan "...), n.ColSpan)
		}
		b = append(b, ">>"...)
	case layout.TagL:
		if n.Numbering != "" {
			b = append(appendName(append(b, "/A<</O/List/ListNumbering"...), n.Numbering), ">>"...)
		}
	case layout.TagFigure:
		if n.Page < 0 || n.Page >= len(s.marks) {
			return b, fmt.Errorf("write structure: %s is on page %d of %d", s.path(i), n.Page+1, len(s.marks))
		}
		_, height := page(n.Page)
		b = append(b, "/A<</O/Layout/Placement/Block/BBox["...)
		for k, v := range [...]float64{n.BBox[0], height - n.BBox[3], n.BBox[2], height - n.BBox[1]} {
			if k > 0 {
				b = append(b, ' ')
			}
			var ok bool
			if b, ok = appendNumber(b, v); !ok {
				return b, fmt.Errorf("write structure: box %v of %s is none", n.BBox, s.path(i))
			}
		}
		b = append(b, "]>>"...)
	}
	return b, nil
}

// parentTree writes the way back from content to elements: an array for each page, an
// element for each annotation.
func (s *structure) parentTree(f *file, number, arrays int) {
	for p, marks := range s.marks {
		f.begin(arrays + p)
		f.body = append(f.body, '[')
		for _, n := range marks {
			f.body = append(appendRef(f.body, s.object+n), ' ')
		}
		f.body = append(f.body, ']')
		f.end()
	}
	f.begin(number)
	f.body = append(f.body, "<</Nums["...)
	for p := range s.marks {
		f.body = append(appendRef(append(appendInt(f.body, p), ' '), arrays+p), ' ')
	}
	for i, n := range s.annots {
		f.body = append(appendRef(append(appendInt(f.body, len(s.marks)+i), ' '), s.object+n), ' ')
	}
	f.body = append(f.body, "]>>"...)
	f.end()
}

// idTree appends the name tree of identifiers, sorted, where there are any.
func (s *structure) idTree(f *file) error {
	s.nums = s.nums[:0]
	for i, n := range s.nodes {
		if n.id != "" {
			s.nums = append(s.nums, i)
		}
	}
	if len(s.nums) == 0 {
		return nil
	}
	slices.SortFunc(s.nums, func(a, b int) int { return strings.Compare(s.nodes[a].id, s.nodes[b].id) })
	f.body = append(f.body, "/IDTree<</Names["...)
	for k, i := range s.nums {
		if k > 0 && s.nodes[i].id == s.nodes[s.nums[k-1]].id {
			return fmt.Errorf("write structure: %s and %s share the identifier %q", s.path(s.nums[k-1]), s.path(i), s.nodes[i].id)
		}
		f.body = append(appendRef(append(appendLiteral(f.body, s.nodes[i].id), ' '), s.object+i), ' ')
	}
	f.body = append(f.body, "]>>"...)
	return nil
}
