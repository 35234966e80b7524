package pdf

import (
	"strconv"

	"github.com/raportjst/raportjst/generator/typeset"
)

// fontName is a font of a document: a face and a part of its characters. Part 0 is the
// shared one.
type fontName struct {
	face typeset.Face
	part int
}

// resource is the name by which the content of a page calls the font: "A", "B", "A1".
func (n fontName) resource() string {
	letter := "AB"[n.face : n.face+1]
	if n.part == 0 {
		return letter
	}
	return letter + strconv.Itoa(n.part)
}

// fontSet is the fonts of one document: the shared ones, and further ones for characters
// that the shared ones leave out. Whatever Lato can show, a report can show.
type fontSet struct {
	sources [2]*source
	beyond  [2]beyond
}

// beyond are the characters of a face beyond its shared part, in order of first use.
type beyond struct {
	order []rune
	index map[rune]int
}

// rare gives a character beyond the shared part its part and code.
func (s *fontSet) rare(face typeset.Face, r rune) (part int, code byte) {
	x := &s.beyond[face]
	i, known := x.index[r]
	if !known {
		if x.index == nil {
			x.index = map[rune]int{}
		}
		i = len(x.order)
		x.index[r] = i
		x.order = append(x.order, r)
	}
	return 1 + i/codes, byte(firstCode + i%codes)
}

// advance is the width of a character in font units.
func (s *fontSet) advance(n fontName, r rune, code byte) int {
	source := s.sources[n.face]
	if n.part == 0 {
		return int(source.advances[code])
	}
	g, _ := source.font.Glyph(r)
	return g.Advance
}

// write puts all fonts into the file and returns the entries of the resource dictionary.
func (s *fontSet) write(f *file) (string, error) {
	cmap := f.reserve(1)
	writeCMap(f, cmap)
	entries := ""
	add := func(n fontName, e *embedded) {
		number := f.reserve(1)
		e.write(f, number, cmap)
		entries += "/" + n.resource() + " " + strconv.Itoa(number) + " 0 R"
	}
	for i, source := range s.sources {
		face := typeset.Face(i)
		add(fontName{face: face}, source.shared)
		rest := s.beyond[i].order
		for part := 1; len(rest) > 0; part++ {
			n := min(codes, len(rest))
			e, err := source.embed(rest[:n])
			if err != nil {
				return "", err
			}
			add(fontName{face, part}, e)
			rest = rest[n:]
		}
	}
	return entries, nil
}
