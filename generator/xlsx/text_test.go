package xlsx

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/ooxml"
)

// TestLooks finds a preset for every dash and mark that charts are drawn with.
func TestLooks(t *testing.T) {
	for _, l := range append(look.Roles[1:], look.Further[:]...) {
		if l.Dash != look.Solid && dashes[l.Dash] == "" || markers[l.Mark] == "" {
			t.Errorf("no preset for %+v", l)
		}
	}
}

func TestNumberFormat(t *testing.T) {
	for _, c := range []struct {
		decimals int
		signed   bool
		suffix   string
		want     string
	}{
		{0, false, "", `#,##0;"−"#,##0`},
		{2, false, "", `#,##0.00;"−"#,##0.00`},
		{1, true, "\u00a0p. proc.", "+#,##0.0\"\u00a0p. proc.\";\"−\"#,##0.0\"\u00a0p. proc.\";0.0\"\u00a0p. proc.\""},
		{0, false, `"`, `#,##0"";"−"#,##0""`},
	} {
		if got := numberFormat(c.decimals, c.signed, c.suffix); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
	if got, want := scaledFormat(1, 6, true, ""), `+#,##0.0,,;"−"#,##0.0,,;0.0`; got != want {
		t.Errorf("millions: %s, not %s", got, want)
	}
}

func TestFormatOf(t *testing.T) {
	for _, c := range []struct {
		n    document.Number
		want string
	}{
		{document.Number{Value: 2018, Text: "2018"}, "0"},
		{document.Number{Value: 2018, Text: "2\u202f018"}, `#,##0;"−"#,##0`},
		{document.Number{Value: 74965622.78, Text: "75,0", Decimals: 1, Scale: 6}, `#,##0.0,,;"−"#,##0.0,,`}, // four characters, no year
		{document.Number{Value: 5, Text: "+5", Decimals: 0}, `+#,##0;"−"#,##0;0`},
	} {
		if got := formatOf(c.n, false); got != c.want {
			t.Errorf("%q: %s, not %s", c.n.Text, got, c.want)
		}
	}
}

// A sheet is printed on so many pages side by side that its text can be read.
func TestAcross(t *testing.T) {
	for _, c := range []struct{ columns, pages int }{{4, 1}, {10, 1}, {28, 2}, {60, 3}, {400, 4}} {
		s := &sheet{wide: labelWidth}
		s.widen(c.columns-1, 12)
		for i := range s.widths {
			s.widths[i] = 12
		}
		if got := s.across(); got != c.pages {
			t.Errorf("%d columns: %d pages", c.columns, got)
		}
		if scale := float64(s.across()) * pageWidth / s.points(); c.pages < 4 && scale < leastScale {
			t.Errorf("%d columns: printed at %.2f", c.columns, scale)
		}
	}
}

func TestSentences(t *testing.T) {
	got := sentences("W 2025 r. dochody wyniosły 7 842 zł, o 27 zł więcej. Udział wzrósł od 2020 r. o 2,1 p. proc. Stan na 31.12.2025 r.")
	want := []string{"W 2025 r. dochody wyniosły 7 842 zł, o 27 zł więcej.", "Udział wzrósł od 2020 r. o 2,1 p. proc.", "Stan na 31.12.2025 r."}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("%q", got)
	}
}

// FuzzTexts: whatever the text, a name can hold it and nothing is misread.
func FuzzTexts(f *testing.F) {
	for _, s := range []string{"", "zwykły", "a\x00b", "=1", strings.Repeat("ż😀", 20000), "[:]*?/\\", "'a'", "History", "A1", "R1C1", "A" + strings.Repeat("1", 200) + "_x", "\xff\xfe"} {
		f.Add(s)
	}
	name := regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{3,}$`)
	address := regexp.MustCompile(`(?i)^[a-z]{1,3}[0-9]+$|^r[0-9]*c[0-9]*$`)
	f.Fuzz(func(t *testing.T, s string) {
		var sheets, tables names = names{}, names{}
		for range 3 {
			n := sheets.sheetName(s)
			if n == "" || ooxml.Length16(n) > maxSheetName || strings.ContainsAny(n, "[]:*?/\\") || n[0] == '\'' || n[len(n)-1] == '\'' || !utf8.ValidString(n) {
				t.Fatalf("%q makes the sheet %q", s, n)
			}
			if n := tables.tableName(s); !name.MatchString(n) || address.MatchString(n) || len(n) > 255 {
				t.Fatalf("%q makes the table %q", s, n)
			}
		}
		if len(sheets) != 3 || len(tables) != 3 {
			t.Fatalf("%q: names %v, %v", s, sheets, tables)
		}
	})
}

func TestPageWord(t *testing.T) {
	for before, want := range map[string]string{"(str.\u00a0": "(", "strona\u00a0": "", "patrz str. ": "patrz "} {
		if got := pageWord.ReplaceAllString(before, ""); got != want {
			t.Errorf("%q: %q", before, got)
		}
	}
}
