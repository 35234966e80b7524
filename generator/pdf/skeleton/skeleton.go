// Package skeleton has fpdf make the frame of a file – pages, link annotations with their
// targets, the outline – and takes apart what fpdf wrote.
//
// Why read back what was just written: fpdf knows pages, links and outlines and gets them
// right, but it cannot tag content (PDF/UA), writes fonts, metadata and catalog in ways
// that PDF/A refuses, offers no hook to change them, and is archived, so that nothing will
// be mended there. Package pdf writes all that itself and takes from fpdf what it is good
// at, through its only door, the bytes. The reader knows exactly what version 0.9.0 writes
// for what is asked of it here and fails on every other byte: were fpdf ever to write
// something else, no file would come out rather than a wrong one.
//
// It draws nothing and writes no file.
package skeleton

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/raportjst/raportjst/generator/layout"
)

// Skeleton is what fpdf wrote, taken apart: the dictionaries that stay as they are, and how
// its objects are numbered – 1 the page tree, 2 the resources, then a page and its content
// in turn, the outline with its root last, document information and catalog.
type Skeleton struct {
	Box     []byte // of the page tree: "[0 0 595.28 841.89]"
	Pages   []Page
	Outline [][]byte // entries of each item but its Count
	Root    []byte   // entries of the root of the outline
}

// Page is a page: its size where it is not that of the page tree, and the entries of its
// link annotations.
type Page struct {
	Box   []byte
	Links [][]byte
}

// Numbers of objects as fpdf gives them.
const (
	PagesObject     = 1
	ResourcesObject = 2
)

// PageObject is the number of a page, counted from 0.
func PageObject(p int) int { return 3 + 2*p }

// ContentObject is the number of the content of a page.
func ContentObject(p int) int { return 4 + 2*p }

// Of makes the skeleton of a layout. It fails on links, bookmarks and pages that lead
// nowhere or have no size, and where fpdf wrote anything but what it was asked for.
func Of(l *layout.Layout) (*Skeleton, error) {
	raw, err := container(l)
	if err != nil {
		return nil, err
	}
	s, err := read(raw)
	if err != nil {
		return nil, err
	}
	return s, s.check(l)
}

// check compares what fpdf wrote with what it was asked for.
func (s *Skeleton) check(l *layout.Layout) error {
	if got, want := len(s.Pages), len(l.Pages); got != want {
		return fmt.Errorf("check container: %d pages of %d", got, want)
	}
	for i, p := range s.Pages {
		if got, want := len(p.Links), len(l.Pages[i].Links); got != want {
			return fmt.Errorf("check container: %d links of %d on page %d", got, want, i+1)
		}
	}
	if got, want := len(s.Outline), count(l.Outline); got != want {
		return fmt.Errorf("check container: %d bookmarks of %d", got, want)
	}
	return nil
}

func count(marks []layout.Bookmark) int {
	n := len(marks)
	for _, m := range marks {
		n += count(m.Kids)
	}
	return n
}

// OutlineObject is the number of the first outline item.
func (s *Skeleton) OutlineObject() int { return 3 + 2*len(s.Pages) }

// InfoObject is the number of the document information.
func (s *Skeleton) InfoObject() int {
	n := s.OutlineObject()
	if len(s.Outline) > 0 {
		n += len(s.Outline) + 1
	}
	return n
}

// CatalogObject is the number of the catalog, the last.
func (s *Skeleton) CatalogObject() int { return s.InfoObject() + 1 }

// read takes the output of fpdf v0.9.0 apart. It knows exactly what that version
// writes for what container asks of it, reads every byte once, and fails on all else.
func read(b []byte) (*Skeleton, error) {
	r := &reader{b: b, offsets: map[int]int{}}
	s := &Skeleton{}
	r.expect("%PDF-1.3\n")
	for r.err == nil && !r.ahead("1 0 obj\n") {
		s.Pages = append(s.Pages, r.page(len(s.Pages)))
	}
	r.begin(PagesObject)
	r.expect("<</Type /Pages\n/Kids [")
	for p := range s.Pages {
		r.ref(PageObject(p))
		r.expect(" ")
	}
	r.expect("]\n/Count ")
	r.integer(len(s.Pages))
	r.expect("\n/MediaBox ")
	s.Box = r.box()
	r.expect("\n>>\nendobj\n")
	r.begin(ResourcesObject)
	r.expect("<<\n/ProcSet [/PDF /Text /ImageB /ImageC /ImageI]\n/Font <<\n>>\n/XObject <<\n>>\n/ColorSpace <<\n>>\n>>\nendobj\n")
	r.outline(s)
	r.end(s)
	if r.err != nil {
		return nil, fmt.Errorf("read container: %w", r.err)
	}
	return s, nil
}

// reader goes through the container. After the first error nothing moves.
type reader struct {
	b       []byte
	at      int
	offsets map[int]int // of objects, by number
	err     error
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("byte %d: %s", r.at, fmt.Sprintf(format, args...))
	}
}

func (r *reader) ahead(s string) bool {
	return r.err == nil && bytes.HasPrefix(r.b[r.at:], []byte(s))
}

func (r *reader) accept(s string) bool {
	if !r.ahead(s) {
		return false
	}
	r.at += len(s)
	return true
}

func (r *reader) expect(s string) {
	if !r.accept(s) {
		r.fail("%q expected, found %q", s, r.b[r.at:min(r.at+len(s), len(r.b))])
	}
}

func (r *reader) integer(n int) { r.expect(strconv.Itoa(n)) }

func (r *reader) ref(n int) { r.expect(strconv.Itoa(n) + " 0 R") }

// begin reads the head of object n.
func (r *reader) begin(n int) {
	r.offsets[n] = r.at
	r.expect(strconv.Itoa(n) + " 0 obj\n")
}

// number reads a number as fpdf writes it: with two decimals.
func (r *reader) number() {
	start := r.at
	r.accept("-")
	r.digits()
	r.expect(".")
	point := r.at
	r.digits()
	if r.err == nil && r.at-point != 2 {
		r.fail("%q is no number of two decimals", r.b[start:r.at])
	}
}

func (r *reader) digits() int {
	n, start := 0, r.at
	for ; r.err == nil && r.at < len(r.b) && r.b[r.at] >= '0' && r.b[r.at] <= '9' && r.at-start < 10; r.at++ {
		n = 10*n + int(r.b[r.at]-'0')
	}
	if r.at == start {
		r.fail("digits expected")
	}
	return n
}

// box reads the box of a page.
func (r *reader) box() []byte {
	start := r.at
	r.expect("[0 0 ")
	r.number()
	r.expect(" ")
	r.number()
	r.expect("]")
	return r.b[start:r.at]
}

// literal reads a literal string; fpdf escapes every parenthesis.
func (r *reader) literal() {
	r.expect("(")
	for ; r.err == nil; r.at++ {
		if r.at >= len(r.b) {
			r.at = len(r.b)
			r.fail("string does not end")
			return
		}
		switch r.b[r.at] {
		case ')':
			r.at++
			return
		case '(':
			r.fail("string in a string")
		case '\\':
			r.at++
		}
	}
}

func (r *reader) page(p int) (page Page) {
	r.begin(PageObject(p))
	r.expect("<</Type /Page\n/Parent 1 0 R\n")
	if r.accept("/MediaBox ") {
		page.Box = r.box()
		r.expect("\n")
	}
	r.expect("/Resources 2 0 R\n")
	if r.accept("/Annots [") {
		for r.err == nil && !r.accept("]\n") {
			page.Links = append(page.Links, r.link())
		}
	}
	r.expect("/Contents ")
	r.ref(ContentObject(p))
	r.expect(">>\nendobj\n")
	r.begin(ContentObject(p))
	r.expect("<</Length 31>>\nstream\n0 J\n0 j\n0.57 w\n0.000 G\n0.000 g\n\nendstream\nendobj\n")
	return page
}

func (r *reader) link() []byte {
	r.expect("<<")
	start := r.at
	r.expect("/Type /Annot /Subtype /Link /Rect [")
	for i := range 4 {
		if i > 0 {
			r.expect(" ")
		}
		r.number()
	}
	r.expect("] /Border [0 0 0] ")
	if r.accept("/A <</S /URI /URI ") {
		r.literal()
		r.expect(">>")
	} else {
		r.destination()
	}
	end := r.at
	r.expect(">>")
	return r.b[start:end]
}

func (r *reader) destination() {
	r.expect("/Dest [")
	r.digits()
	r.expect(" 0 R /XYZ 0 ")
	r.number()
	r.expect(" null]")
}

func (r *reader) outline(s *Skeleton) {
	for n := s.OutlineObject(); r.err == nil; n++ {
		r.begin(n)
		switch {
		case r.ahead("<</Title "):
			r.expect("<<")
			s.Outline = append(s.Outline, r.item())
		case len(s.Outline) > 0:
			r.expect("<<")
			start := r.at
			r.expect("/Type /Outlines /First ")
			r.digits()
			r.expect(" 0 R\n/Last ")
			r.digits()
			r.expect(" 0 R")
			s.Root = r.b[start:r.at]
			r.expect(">>\nendobj\n")
			r.begin(n + 1) // document information
			return
		default:
			return
		}
	}
}

func (r *reader) item() []byte {
	start := r.at
	r.expect("/Title ")
	r.literal()
	r.expect("\n/Parent ")
	r.digits()
	r.expect(" 0 R\n")
	for _, key := range [...]string{"/Prev ", "/Next ", "/First ", "/Last "} {
		if r.accept(key) {
			r.digits()
			r.expect(" 0 R\n")
		}
	}
	r.destination()
	end := r.at
	r.expect("\n/Count 0>>\nendobj\n")
	return r.b[start:end]
}

// end reads document information (its head is read), catalog, cross-reference table and
// trailer.
func (r *reader) end(s *Skeleton) {
	r.expect("<<\n/Producer (\xFE\xFF\x00F\x00P\x00D\x00F\x00 \x001\x00.\x007)\n/CreationDate (D:19700101000000)\n/ModDate (D:19700101000000)\n>>\nendobj\n")
	r.begin(s.CatalogObject())
	r.expect("<<\n/Type /Catalog\n/Pages 1 0 R\n")
	if len(s.Outline) > 0 {
		r.expect("/Outlines ")
		r.ref(s.InfoObject() - 1)
		r.expect("\n/PageMode /UseOutlines\n")
	}
	r.expect("/Names <<\n/EmbeddedFiles << /Names [\n  \n] >>\n>>\n>>\nendobj\n")
	xref := r.at
	n := s.CatalogObject()
	r.expect("xref\n0 ")
	r.integer(n + 1)
	r.expect("\n0000000000 65535 f \n")
	for i := 1; i <= n; i++ {
		r.expect(fmt.Sprintf("%010d 00000 n \n", r.offsets[i]))
	}
	r.expect("trailer\n<<\n/Size ")
	r.integer(n + 1)
	r.expect("\n/Root ")
	r.ref(n)
	r.expect("\n/Info ")
	r.ref(n - 1)
	r.expect("\n>>\nstartxref\n")
	r.integer(xref)
	r.expect("\n%%EOF\n")
	if r.err == nil && r.at != len(r.b) {
		r.fail("%d bytes follow the end", len(r.b)-r.at)
	}
}
