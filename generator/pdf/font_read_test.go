package pdf

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
)

// readFont is a font of a file as a reader sees it.
type readFont struct {
	base    string
	widths  map[byte]float64
	unicode map[byte]string
	loca    []uint32
	glyf    []byte
	advance []uint16
	upem    float64
}

// readFontObject reads a Type0 font and checks what PDF/A (ISO 19005-2, 6.2.11) asks of it.
func (f *pdfFile) readFontObject(t testing.TB, v any) *readFont {
	t.Helper()
	d := f.dict(v)
	fail := func(format string, args ...any) { t.Errorf("font %v: %s", d["BaseFont"], fmt.Sprintf(format, args...)) }
	r := &readFont{base: string(d["BaseFont"].(name)), widths: map[byte]float64{}, unicode: map[byte]string{}}
	if tag, _, ok := strings.Cut(r.base, "+"); !ok || len(tag) != 6 || strings.ToUpper(tag) != tag {
		fail("no subset tag")
	}
	cmap := f.get(d["Encoding"]).(*stream)
	if !strings.Contains(string(cmap.data), "<20> <FF>\nendcodespacerange") || !strings.Contains(string(cmap.data), "<20> <FF> 32\n") {
		fail("CMap:\n%s", cmap.data)
	}
	desc := f.dict(f.array(d["DescendantFonts"])[0])
	if desc["BaseFont"] != d["BaseFont"] || desc["CIDToGIDMap"] != name("Identity") {
		fail("descendant %v", desc)
	}
	w := desc["W"].(array)
	first := w[0].(int)
	for i, v := range w[1].(array) {
		r.widths[byte(first+i)] = float(v)
	}
	descriptor := f.dict(desc["FontDescriptor"])
	if descriptor["FontName"] != d["BaseFont"] {
		fail("descriptor of %v", descriptor["FontName"])
	}
	r.program(t, f.get(descriptor["FontFile2"]).(*stream))
	r.toUnicode(t, string(f.get(d["ToUnicode"]).(*stream).data))
	for c, w := range r.widths {
		if got := float64(r.advance[c]) * 1000 / r.upem; got-w > .01 || w-got > .01 {
			fail("W of %02X is %v, the program says %v", c, w, got)
		}
	}
	return r
}

func float(v any) float64 {
	switch v := v.(type) {
	case int:
		return float64(v)
	case float64:
		return v
	}
	return 0
}

// program reads the TrueType program and checks its sums.
func (r *readFont) program(t testing.TB, s *stream) {
	t.Helper()
	data := s.data
	if s.dict["Length1"] != len(data) {
		t.Errorf("font %s: Length1 is %v, the program %d bytes", r.base, s.dict["Length1"], len(data))
	}
	tables := map[string][]byte{}
	for i := range int(binary.BigEndian.Uint16(data[4:])) {
		e := data[12+16*i:]
		at, n := binary.BigEndian.Uint32(e[8:]), binary.BigEndian.Uint32(e[12:])
		if at%4 > 0 {
			t.Errorf("font %s: table %s stands at %d", r.base, e[:4], at)
		}
		tables[string(e[:4])] = data[at : at+n]
	}
	var sum uint32
	for i := 0; i < len(data); i += 4 {
		sum += binary.BigEndian.Uint32(data[i:])
	}
	if sum != 0xB1B0AFBA {
		t.Errorf("font %s: checksum %08X", r.base, sum)
	}
	r.upem = float64(binary.BigEndian.Uint16(tables["head"][18:]))
	for i := 0; i < len(tables["loca"]); i += 4 {
		r.loca = append(r.loca, binary.BigEndian.Uint32(tables["loca"][i:]))
	}
	for i := 0; i < len(tables["hmtx"]); i += 4 {
		r.advance = append(r.advance, binary.BigEndian.Uint16(tables["hmtx"][i:]))
	}
	if glyphs := int(binary.BigEndian.Uint16(tables["maxp"][4:])); glyphs != len(r.advance) || glyphs+1 != len(r.loca) ||
		int(binary.BigEndian.Uint16(tables["hhea"][34:])) != glyphs || int(r.loca[glyphs]) != len(tables["glyf"]) {
		t.Errorf("font %s: %d glyphs, %d advances, %d places", r.base, glyphs, len(r.advance), len(r.loca))
	}
	r.glyf = tables["glyf"]
	r.composites(t)
}

// composites checks that every component of every glyph is there and drawn.
func (r *readFont) composites(t testing.TB) {
	t.Helper()
	for g := range len(r.loca) - 1 {
		data := r.glyf[r.loca[g]:r.loca[g+1]]
		if len(data) == 0 || int16(binary.BigEndian.Uint16(data)) >= 0 {
			continue
		}
		component := int(binary.BigEndian.Uint16(data[12:]))
		if component >= len(r.advance) || r.loca[component] == r.loca[component+1] {
			t.Errorf("font %s: glyph %d is made of glyph %d, which is not there", r.base, g, component)
		}
	}
}

func (r *readFont) toUnicode(t testing.TB, cmap string) {
	t.Helper()
	for section := range strings.SplitSeq(cmap, "beginbfchar\n") {
		body, _, ok := strings.Cut(section, "endbfchar")
		if !ok {
			continue
		}
		for line := range strings.Lines(body) {
			var code byte
			var char rune
			if _, err := fmt.Sscanf(line, "<%02X> <%04X>", &code, &char); err != nil {
				t.Fatalf("font %s: ToUnicode %q: %v", r.base, line, err)
			}
			r.unicode[code] = string(char)
		}
	}
}

// decode turns codes into text; every code must have a width, a meaning and a glyph.
func (r *readFont) decode(t testing.TB, s str) string {
	t.Helper()
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		char, ok := r.unicode[c]
		if _, wide := r.widths[c]; !ok || !wide {
			t.Errorf("font %s: code %02X has no meaning or no width", r.base, c)
			continue
		}
		if blank := strings.Trim(char, "\u034F\u200B\u200C\u200D\u2060 ") == "" || strings.TrimSpace(char) == ""; r.loca[c] == r.loca[int(c)+1] && !blank {
			t.Errorf("font %s: no glyph for %q", r.base, char)
		}
		b.WriteString(char)
	}
	return b.String()
}
