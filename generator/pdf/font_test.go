package pdf

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/layout"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

func TestCommonCharacters(t *testing.T) {
	sources, err := faces()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sources {
		n := 0
		for r := rune(0); r < 0xFFFF; r++ {
			if s.code(r) > 0 {
				n++
			}
		}
		if n != codes {
			t.Errorf("%s: %d of %d codes are taken", s.font.Name, n, codes)
		}
		for _, r := range "ĄĆĘŁŃÓŚŹŻąćęłńóśźż„”–−\u00A0\u202F%§" {
			if s.code(r) == 0 {
				t.Errorf("%s: %q is not in the shared part", s.font.Name, r)
			}
		}
	}
}

// everything is a layout that shows all that Lato can, 40 characters a line.
func everything() (l *layout.Layout, shown [2]string) {
	s := newSetter()
	sources, _ := faces()
	for face := range shown {
		var set []rune
		for r := rune(' '); r < 0xFFFF; r++ {
			if sources[face].font.Printed(r) == r {
				set = append(set, r)
			}
		}
		shown[face] = string(set)
		p := s.child(s.sect, layout.TagP)
		for ; len(set) > 0; set = set[min(40, len(set)):] {
			s.need(15)
			s.y += 15
			s.put(p, &graphic.Text{X: edge, Y: s.y, Text: string(set[:min(40, len(set))]), Size: 9, Face: typeset.Face(face)})
		}
	}
	return s.l, shown
}

// TestEveryCharacter shows all characters that Lato has: all are read back, none is
// without a glyph, and each glyph has the box that the whole font gives it.
func TestEveryCharacter(t *testing.T) {
	l, shown := everything()
	c := conform(t, render(t, l))
	sect := c.tree.kids[0]
	for face, want := range shown {
		if got := sect.kids[face].text; got != want {
			t.Errorf("face %d: %d characters are read, %d were shown", face, utf8.RuneCountInString(got), utf8.RuneCountInString(want))
		}
	}
	for _, f := range c.fonts {
		face := typeset.Regular
		if strings.HasSuffix(f.base, "Bold") {
			face = typeset.Bold
		}
		p, err := readProgram(typeset.Of(face).Program)
		if err != nil {
			t.Fatal(err)
		}
		for code, char := range f.unicode {
			r, _ := utf8.DecodeRuneInString(char)
			g, _ := typeset.Of(face).Glyph(r)
			whole := p.tables["glyf"][p.loca(int(g.Index)):p.loca(int(g.Index)+1)]
			part := f.glyf[f.loca[code]:f.loca[int(code)+1]]
			if (len(whole) > 0) != (len(part) > 0) {
				t.Fatalf("%s: %q has %d bytes of %d", f.base, char, len(part), len(whole))
			}
			if len(whole) > 0 && string(whole[:10]) != string(part[:10]) {
				t.Errorf("%s: %q has contours and box %v, not %v", f.base, char, part[:10], whole[:10])
			}
		}
	}
}

// TestMissingCharacter prints a square in place of what the fonts cannot show, and nothing
// is lost beside it.
func TestMissingCharacter(t *testing.T) {
	for _, r := range []rune{'▲', '☺', '\uF8FF', '\uFEFF', '\uFFFD', '\n', '\t', 0, '𝔸', '中'} {
		s := newSetter()
		p := s.child(s.sect, layout.TagP)
		s.put(p, line(50, 100, "wzrost "+string(r)+" o 2%", 9, look.Ink))
		c := conform(t, render(t, s.l))
		if got, want := c.tree.kids[0].kids[0].text, "wzrost □ o 2%"; got != want {
			t.Errorf("%q is read %q, want %q", r, got, want)
		}
	}
}

// FuzzString shows any text: it is read back unchanged but for the squares in place of what
// cannot be shown, as wide as the font measures it.
func FuzzString(f *testing.F) {
	f.Add("Zażółć (gęślą) \\ jaźń", uint8(0))
	f.Add("−1,7\u00A0% Жыццё Ħ", uint8(1))
	f.Add("\xff", uint8(2))
	f.Fuzz(func(t *testing.T, s string, anchor uint8) {
		sources, err := faces()
		if err != nil {
			t.Fatal(err)
		}
		c := &canvas{fonts: &fontSet{sources: sources}}
		c.reset(800)
		c.draw([]graphic.Op{&graphic.Text{X: 100, Y: 100, Text: s, Size: 10, Anchor: graphic.Anchor(anchor % 3)}})
		if c.err != nil {
			t.Fatalf("%q: %v", s, c.err)
		}
		if s == "" {
			return
		}
		shown := strings.Map(sources[0].font.Printed, s)
		var got strings.Builder
		part, x := 0, 0.0
		for _, o := range operations(t, c.b) {
			switch o.op {
			case "Td":
				x = float(o.args[0])
			case "Tf":
				part = 0
				if n := o.args[0].(name); len(n) > 1 {
					fmt.Sscan(string(n[1:]), &part)
				}
			case "Tj":
				for _, code := range []byte(o.args[0].(str)) {
					got.WriteRune(character(sources[0], c.fonts, part, code))
				}
			}
		}
		if got.String() != shown {
			t.Errorf("%q is read %q", shown, got.String())
		}
		want := 100 - float64(anchor%3)/2*typeset.Width(typeset.Regular, s, 10)
		if x-want > .01 || want-x > .01 {
			t.Errorf("%q, anchor %d: x is %v, not %v", s, anchor%3, x, want)
		}
	})
}

// character is what a code of a part stands for.
func character(s *source, set *fontSet, part int, code byte) rune {
	if part > 0 {
		return set.beyond[0].order[(part-1)*codes+int(code)-firstCode]
	}
	for r := rune(0); r < 0x2300; r++ {
		if s.code(r) == code {
			return r
		}
	}
	for r, c := range s.encodeRest {
		if c == code {
			return r
		}
	}
	return utf8.RuneError
}

func TestBrokenFont(t *testing.T) {
	whole := typeset.Of(typeset.Regular).Program
	for _, cut := range []int{0, 3, 11, 40, 200, 5000, len(whole) / 2} {
		if _, err := readProgram(whole[:cut:cut]); err == nil {
			t.Errorf("a font cut after %d bytes is read", cut)
		}
	}
	p, err := readProgram(whole)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.subset([]uint16{0xFFFF}); err == nil {
		t.Error("a glyph that is not there is found")
	}
	if got := binary.BigEndian.Uint32(whole); got != 0x00010000 {
		t.Errorf("the font was changed: it begins with %X", got)
	}
}
