package pdf

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"sync"

	"github.com/klauspost/compress/zlib"

	"github.com/raportjst/raportjst/generator/typeset"
)

// Codes of a font: one byte each. The lower 32 stay free, so that ASCII stands for itself
// in the content of a page and no control character needs escaping.
const (
	firstCode = 0x20
	codes     = 0x100 - firstCode
)

// common are the characters of the font that every report embeds, after ASCII: Polish and
// its neighbours in Europe, the languages of minorities that use the Latin alphabet, and
// the signs of statistics and of good typesetting. Codes beyond belong to a further font.
const common = "\u00A0\u202F\u2009\u2212–—„”“’‘‚«»…§°±×÷·•‰" +
	"ĄĆĘŁŃÓŚŹŻąćęłńóśźż" +
	"ÀÁÂÃÄÇÈÉÊËÍÎÒÔÖÙÚÜÝßàáâãäçèéêëíîñòôöùúüýå" +
	"ČĎĚŇŘŠŤŮŽčďěňřšťůžĽľŐőŰűĖėĮįŲųŪū" +
	"¹²³€©≤≥≠≈←↑→↓′″"

// embedded is a font of the PDF: some characters of a face, each with a code.
type embedded struct {
	tag     string // six letters that mark a subset (9.9)
	program []byte // TrueType, deflated
	length  int    // before deflating
	unicode []byte // ToUnicode CMap, deflated
	widths  string // array W
	source  *source
}

// source is what is known of a whole face.
type source struct {
	font       *typeset.Font
	program    *program
	descriptor string // entries of the descriptor that all parts share
	encode     [0x2300]byte
	encodeRest map[rune]byte // characters of the shared part beyond
	advances   [256]uint16   // by code of the shared part, font units
	shared     *embedded
}

// faces are both faces with the part that every report embeds, made once per process and
// not changed after.
var faces = sync.OnceValues(func() (f [2]*source, err error) {
	for i := range f {
		if f[i], err = newSource(typeset.Of(typeset.Face(i))); err != nil {
			return f, fmt.Errorf("embed font: %w", err)
		}
	}
	return f, nil
})

func newSource(font *typeset.Font) (*source, error) {
	p, err := readProgram(font.Program)
	if err != nil {
		return nil, err
	}
	s := &source{font: font, program: p, encodeRest: map[rune]byte{}, descriptor: descriptor(font, p)}
	var set []rune
	for r := rune(' '); r <= '~'; r++ {
		set = append(set, r)
	}
	seen := map[rune]bool{}
	for _, r := range common {
		if _, ok := font.Glyph(r); ok && !seen[r] {
			seen[r] = true
			set = append(set, r)
		}
	}
	for i, r := range set {
		g, _ := font.Glyph(r)
		s.advances[firstCode+i] = uint16(g.Advance)
		if int(r) < len(s.encode) {
			s.encode[r] = byte(firstCode + i)
		} else {
			s.encodeRest[r] = byte(firstCode + i)
		}
	}
	s.shared, err = s.embed(set)
	return s, err
}

// code finds a character in the shared part; 0 when it is not there.
func (s *source) code(r rune) byte {
	if uint(r) < uint(len(s.encode)) {
		return s.encode[r]
	}
	return s.encodeRest[r]
}

// embed makes the font of up to 224 characters; the n-th has code, CID and glyph 32+n, so
// that no further mapping is needed.
func (s *source) embed(set []rune) (*embedded, error) {
	if len(set) > codes {
		return nil, fmt.Errorf("%d characters for %d codes", len(set), codes)
	}
	glyphs := make([]uint16, firstCode+len(set))
	widths := []byte("[32[")
	for i, r := range set {
		g, ok := s.font.Glyph(r)
		if !ok {
			return nil, fmt.Errorf("%s has no %q", s.font.Name, r)
		}
		glyphs[firstCode+i] = g.Index
		if i > 0 {
			widths = append(widths, ' ')
		}
		widths, _ = appendNumber(widths, float64(g.Advance)*1000/float64(s.font.UnitsPerEm))
	}
	program, err := s.program.subset(glyphs)
	if err != nil {
		return nil, err
	}
	return &embedded{
		tag:     subsetTag(s.font.Name, set),
		program: deflated(program),
		length:  len(program),
		unicode: deflated(toUnicode(set)),
		widths:  string(append(widths, "]]"...)),
		source:  s,
	}, nil
}

// subsetTag derives the six letters from what is in the subset.
func subsetTag(name string, set []rune) string {
	sum := sha256.Sum256([]byte(name + string(set)))
	n := binary.BigEndian.Uint64(sum[:])
	tag := make([]byte, 6)
	for i := range tag {
		tag[i] = byte('A' + n%26)
		n /= 26
	}
	return string(tag)
}

// deflated compresses what is made once per process (or for a rare character): as small as
// it gets.
func deflated(data []byte) []byte {
	var b bytes.Buffer
	z, err := zlib.NewWriterLevel(&b, zlib.BestCompression)
	if err != nil {
		panic(err) // the level is a constant
	}
	_, _ = z.Write(data) // a buffer never fails
	_ = z.Close()
	return b.Bytes()
}

// descriptor is the part of a font descriptor (9.8) that follows from the face.
func descriptor(font *typeset.Font, p *program) string {
	em := func(table string, at int) int {
		return int(int16(binary.BigEndian.Uint16(p.tables[table][at:]))) * 1000 / font.UnitsPerEm
	}
	const symbolic = 4 // its encoding is its own
	stem := 80
	if binary.BigEndian.Uint16(p.tables["OS/2"][4:]) >= 700 { // usWeightClass
		stem = 140
	}
	return fmt.Sprintf("/Flags %d/FontBBox[%d %d %d %d]/ItalicAngle 0/Ascent %d/Descent %d/CapHeight %d/StemV %d",
		symbolic, em("head", 36), em("head", 38), em("head", 40), em("head", 42),
		em("hhea", 4), em("hhea", 6), em("OS/2", 88), stem)
}

// oneByte is the CMap of every font here: a code of one byte is the CID.
var oneByte = sync.OnceValue(func() []byte {
	return deflated([]byte(`/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo 3 dict dup begin
/Registry (Adobe) def
/Ordering (Identity) def
/Supplement 0 def
end def
/CMapName /OneByte def
/CMapType 1 def
/WMode 0 def
1 begincodespacerange
<20> <FF>
endcodespacerange
1 begincidrange
<20> <FF> 32
endcidrange
endcmap
CMapName currentdict /CMap defineresource pop
end
end
`))
})

// toUnicode is the CMap by which a reader gets from codes back to text (9.10.3).
func toUnicode(set []rune) []byte {
	b := []byte(`/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<20> <FF>
endcodespacerange
`)
	const most = 100 // entries of a section
	for start := 0; start < len(set); start += most {
		part := set[start:min(start+most, len(set))]
		b = fmt.Appendf(b, "%d beginbfchar\n", len(part))
		for i, r := range part {
			b = fmt.Appendf(b, "<%02X> <%04X>\n", firstCode+start+i, r)
		}
		b = append(b, "endbfchar\n"...)
	}
	return append(b, "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"...)
}

// write puts the font into a file as object number, a Type0 font (9.7.6) over one
// descendant. cmap is the object of the shared CMap.
func (e *embedded) write(f *file, number, cmap int) {
	name := e.tag + "+" + e.source.font.Name
	first := f.reserve(4)
	descendant, desc, program, unicode := first, first+1, first+2, first+3
	f.object(number, fmt.Sprintf("<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding %d 0 R/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>",
		name, cmap, descendant, unicode))
	f.object(descendant, fmt.Sprintf("<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/CIDToGIDMap/Identity/DW 0/W%s/FontDescriptor %d 0 R>>",
		name, e.widths, desc))
	f.object(desc, fmt.Sprintf("<</Type/FontDescriptor/FontName/%s%s/FontFile2 %d 0 R>>", name, e.source.descriptor, program))
	f.stored(program, fmt.Sprintf("/Filter/FlateDecode/Length1 %d", e.length), e.program)
	f.stored(unicode, "/Filter/FlateDecode", e.unicode)
}

// writeCMap puts the shared CMap into a file.
func writeCMap(f *file, number int) {
	f.stored(number, "/Type/CMap/CMapName/OneByte/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/Filter/FlateDecode", oneByte())
}
