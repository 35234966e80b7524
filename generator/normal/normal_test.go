package normal

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

func TestLine(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "Drogi gminne (km)", "Drogi gminne (km)"},
		{"decomposed", "S\u0301ciez\u0307ki", "Ścieżki"},
		{"line break of a cell", "Ścieżki\nrowerowe", "Ścieżki rowerowe"},
		{"carriage return", "a\r\nb\rc", "a b c"},
		{"tab", "a\tb", "a b"},
		{"vertical tab of Word", "a\vb", "a b"},
		{"next line, separators", "a\u0085b\u2028c\u2029d", "a b c d"},
		{"runs, ends", "  a  \t b \n", "a b"},
		{"no-break space stays", "10\u00a0km", "10\u00a0km"},
		{"no-break beside a space", "10\u00a0 km", "10 km"},
		{"two no-break spaces", "10\u00a0\u00a0km", "10\u00a0km"},
		{"no-break ends", "\u00a0a\u00a0", "a"},
		{"narrow no-break", "1\u202f234", "1\u00a0234"},
		{"thin and ideographic", "a\u2009b\u3000c", "a b c"},
		{"soft hyphen", "nieza\u00adleż\u00adny", "niezależny"},
		{"byte order mark", "\ufeffKod", "Kod"},
		{"zero width", "a\u200bb\u200cc\u200dd\u2060e", "abcde"},
		{"bidi", "\u202aabc\u202c\u200e\u2066d\u2069", "abcd"},
		{"variation selector", "✓\ufe0f a\ufe0e", "✓ a"},
		{"dropped inside a space", "a \u200b b", "a b"},
		{"accent behind a dropped sign", "o\u200b\u0301", "ó"},
		{"no-break hyphen", "pieszo\u2011rowerowe", "pieszo\u2011rowerowe"},
		{"bullets of Word", "\uf0b7 droga \uf0a7 most", "• droga ▪ most"},
		{"arrows, ticks and boxes of Word", "2019 \uf0e0 2020, tak \uf0fc, nie \uf0fb, \uf0a8 \uf0fe, \uf0b3 5", "2019 → 2020, tak ✓, nie ✗, □ ☑, ≥ 5"},
		{"a letter of a symbol font", "\uf061", "\uf061"},
		{"control", "a\x00b\x07c\x7fd", "abcd"},
		{"broken bytes", "a\xffb", "a\uFFFDb"},
		{"empty", "\u200b \n", ""},
	} {
		if have := Line(c.in); have != c.want {
			t.Errorf("%s: %q becomes %q, want %q", c.name, c.in, have, c.want)
		}
	}
}

func TestLines(t *testing.T) {
	have := Lines("# Tytuł\r\n\r\n\tkod\r- a\u00adb  \u2028c\u2029d\u200b")
	if want := "# Tytuł\n\n\tkod\n- ab  \nc\n\nd"; have != want {
		t.Errorf("%q, want %q", have, want)
	}
}

func TestSame(t *testing.T) {
	for _, s := range []string{"Ścieżki rowerowe", "ścieżki  rowerowe", "S\u0301ciez\u0307ki rowerowe", "Ścieżki\nrowerowe", "Ścież\u00adki rowerowe", "Ścieżki\u00a0rowerowe"} {
		if !Same(s, "Ścieżki rowerowe") {
			t.Errorf("%q is another name", s)
		}
	}
	for _, p := range [][2]string{{"pieszo-rowerowe", "pieszo\u2011rowerowe"}, {"2019–2020", "2019-2020"}} {
		if !Same(p[0], p[1]) {
			t.Errorf("%q and %q are two names", p[0], p[1])
		}
	}
	if Same("Ścieżki", "Sciezki") || Same("a b", "ab") {
		t.Error("names that a reader tells apart are the same")
	}
}

func TestStrings(t *testing.T) {
	type inner struct {
		Text string
		Many []string
	}
	v := struct {
		Name  string
		File  string `normal:"-"`
		In    *inner
		Map   map[string]inner
		Count int
		own   string
	}{"a\tb", "a\tb", &inner{"c\nd", []string{" e "}}, map[string]inner{"x": {Text: "f\u00adg"}}, 3, " h"}
	Strings(&v)
	if v.Name != "a b" || v.File != "a\tb" || v.In.Text != "c d" || v.In.Many[0] != "e" || v.Map["x"].Text != "fg" || v.own != " h" {
		t.Errorf("%+v %+v", v, v.In)
	}
}

// FuzzLine: whatever comes in is one composed line without a character that nobody sees,
// and what is plain stays as it is.
func FuzzLine(f *testing.F) {
	for _, s := range []string{"Ścieżki\nrowerowe", "o\u200b\u0301", "a\u00a0\u00a0b", "\uf0b7 x", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		have := Line(s)
		if again := Line(have); again != have {
			t.Errorf("%q becomes %q, and that %q", s, have, again)
		}
		if !norm.NFC.IsNormalString(have) || strings.TrimSpace(have) != have {
			t.Errorf("%q becomes %q", s, have)
		}
		for _, r := range have {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && plain(r) == drop || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) {
				t.Errorf("%q keeps %U", s, r)
			}
		}
		if l := Lines(s); Lines(l) != l {
			t.Errorf("lines of %q do not stay", s)
		}
		if Key(have) != Key(s) {
			t.Errorf("%q and %q have two keys", s, have)
		}
	})
}
