package typeset

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

func plain(s string) []Run { return []Run{{Text: s, Style: Style{Regular, 10}}} }

func joined(lines []Line) string {
	var b strings.Builder
	for _, l := range lines {
		for _, r := range l.Runs {
			b.WriteString(r.Text)
		}
	}
	return b.String()
}

func texts(lines []Line) []string {
	var out []string
	for _, l := range lines {
		s := ""
		for _, r := range l.Runs {
			s += r.Text
		}
		out = append(out, strings.TrimRight(s, " "))
	}
	return out
}

func TestFontsParse(t *testing.T) {
	if _, err := loaded(); err != nil {
		t.Fatal(err)
	}
	for _, face := range []Face{Regular, Bold} {
		const needed = "aąćęłńóśźżĄĆĘŁŃÓŚŹŻ0123456789,.%–−„”…·²³\u00A0\u202F#*•"
		for _, r := range needed {
			if Of(face).Printed(r) != r {
				t.Errorf("face %d lacks %q", face, r)
			}
		}
		for _, r := range "漢✓\ue000\ufeff\n😀" {
			if Of(face).Printed(r) != Placeholder || Width(face, string(r), 10) != Width(face, string(Placeholder), 10) {
				t.Errorf("face %d shows %q", face, r)
			}
		}
		if Width(face, "\u2011", 10) != Width(face, "\u2010", 10) || Of(face).Printed('\u2011') != '\u2011' {
			t.Errorf("face %d: a hyphen that does not break is not shown as one", face)
		}
		if a, b := Width(face, "0", 10), Width(face, "8", 10); a != b {
			t.Errorf("face %d: digits are not of one width: %v, %v", face, a, b)
		}
	}
}

func TestLacking(t *testing.T) {
	if have, want := Name(Lacking("zażółć 漢 gęślą \uf061漢😀")), "„漢” (U+6F22), U+F061, „😀” (U+1F600)"; have != want {
		t.Errorf("%s, want %s", have, want)
	}
	if have := Lacking("pieszo\u2011rowerowe – 5\u00a0km² • „ąę”"); have != nil {
		t.Errorf("%q are lacking", have)
	}
}

func TestBreak(t *testing.T) {
	tests := []struct {
		name  string
		text  string
		width float64
		want  []string
	}{
		{"empty", "", 100, nil},
		{"fits", "gmina wiejska", 100, []string{"gmina wiejska"}},
		{"at a space", "gmina wiejska", 45, []string{"gmina", "wiejska"}},
		{"after a hyphen between letters", "gmina miejsko-wiejska", 70, []string{"gmina miejsko-", "wiejska"}},
		{"never before two letters", "gęstość, osoby/km²", 55, []string{"gęstość,", "osoby/km²"}},
		{"never in a range of years", "w latach 2015–2023", 60, []string{"w latach", "2015–2023"}},
		{"never at a no-break space", "razem 12\u202F345\u00A0zł", 50, []string{"razem", "12\u202F345\u00A0zł"}},
		{"no word of one letter at the end", "gmina i powiat", 40, []string{"gmina", "i powiat"}},
		{"nor in brackets", "gmina (w powiecie)", 60, []string{"gmina", "(w powiecie)"}},
		{"nor two of them", "tam a w nim", 36, []string{"tam", "a w nim"}},
		{"a dash stays with the word before", "Gmina – załącznik", 42, []string{"Gmina –", "załącznik"}},
		{"a word wider than the line is cut", "nieprzewidywalność", 40, []string{"nieprze", "widywal", "ność"}},
		{"unbounded", strings.Repeat("tekst ", 50), math.Inf(1), []string{strings.TrimSpace(strings.Repeat("tekst ", 50))}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			lines := Break(plain(tt.text), tt.width)
			got := texts(lines)
			if strings.Join(got, "|") != strings.Join(tt.want, "|") {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if joined(lines) != tt.text {
				t.Errorf("the lines hold %q, not the text", joined(lines))
			}
		})
	}
}

func TestBreakOverStyles(t *testing.T) {
	bold := Style{Bold, 10}
	name := []Run{
		{Text: "Uczniowie na 1\u00A0oddział szkoły, ", Style: Style{Regular, 10}, Tag: 1},
		{Text: "osoby", Style: Style{Regular, 10}, Tag: 2, Bound: true},
	}
	got := texts(Break(name, Style{Regular, 10}.Width("Uczniowie na 1\u00A0oddział szkoły, os")))
	if len(got) != 2 || got[1] != "szkoły, osoby" {
		t.Errorf("the unit left its name: %q", got)
	}
	word := []Run{{Text: "nie", Style: bold}, {Text: "rozdzielny wyraz", Style: Style{Regular, 10}}}
	got = texts(Break(word, bold.Width("nierozdziel")))
	if len(got) < 2 || strings.Contains(got[0], "wyraz") {
		t.Errorf("got %q", got)
	}
	got = texts(Break(word, 60))
	if len(got) != 2 || got[0] != "nierozdzielny" {
		t.Errorf("a change of style broke a word: %q", got)
	}
}

func TestTruncate(t *testing.T) {
	s := Style{Regular, 10}
	const text = "Gmina Lipnica Górna · Najważniejsze informacje"
	for _, tt := range []struct {
		width float64
		want  string
	}{
		{1000, text},
		{s.Width("Gmina Lipnica Górna …"), "Gmina Lipnica Górna …"},
		{s.Width("Gmina …") + 1, "Gmina …"},
		{s.Width("Gmi…") + 1, "Gmi…"},
		{0, "…"},
	} {
		if got := Truncate(text, s, tt.width); got != tt.want {
			t.Errorf("width %v: got %q, want %q", tt.width, got, tt.want)
		}
	}
}

// checkLines states what every set text keeps: nothing lost, nothing too wide but a single
// character, widths as measured.
func checkLines(t *testing.T, runs []Run, width float64) {
	t.Helper()
	lines := Break(runs, width)
	want := ""
	for _, r := range runs {
		want += r.Text
	}
	if got := joined(lines); got != want {
		t.Fatalf("lost text: %q, want %q", got, want)
	}
	for i, l := range lines {
		w, text := 0.0, ""
		for k, r := range l.Runs {
			s := r.Text
			if k == len(l.Runs)-1 {
				s = strings.TrimRight(s, " ")
			}
			w += r.Style.Width(s)
			text += s
		}
		if trimmed := strings.TrimRight(text, " "); trimmed == text && math.Abs(w-l.Width) > 1e-6 {
			t.Fatalf("line %d %q measures %v, says %v", i, text, w, l.Width)
		}
		if l.Width > width+1e-9 && utf8.RuneCountInString(strings.Trim(text, " ")) > 1 {
			t.Fatalf("line %d %q is %v wide, more than %v", i, text, l.Width, width)
		}
	}
}

func TestBreakKeepsEverything(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	words := []string{"w", "i", "gmina", "miejsko-wiejska", "2015–2023", "–", "(z", "12\u202F345\u00A0zł", "Konstantynopolitańczykowianeczka", "  ", "km/h"}
	var shared Breaker
	for range 2000 {
		var runs []Run
		for range 1 + rnd.IntN(4) {
			s := ""
			for range rnd.IntN(8) {
				s += words[rnd.IntN(len(words))]
				if rnd.IntN(5) > 0 {
					s += " "
				}
			}
			runs = append(runs, Run{Text: s, Style: Style{Face(rnd.IntN(2)), 8 + float64(rnd.IntN(4))}, Tag: rnd.IntN(3), Bound: rnd.IntN(3) == 0})
		}
		width := 1 + 300*rnd.Float64()
		checkLines(t, runs, width)
		if got, want := texts(shared.Break(runs, width)), texts(Break(runs, width)); strings.Join(got, "|") != strings.Join(want, "|") {
			t.Fatalf("a used breaker sets %q, a new one %q", got, want)
		}
		if w := Widest(runs); len(Break(runs, w)) > 0 {
			for _, l := range Break(runs, w+1e-9) {
				if l.Width > w+1e-9 {
					t.Fatalf("a stretch of %v is wider than the widest, %v", l.Width, w)
				}
			}
		}
	}
}

func FuzzBreak(f *testing.F) {
	f.Add("Zażółć gęślą jaźń", "w 2025 r. – i dalej", 50.0)
	f.Add("", " ", 0.0)
	f.Add("a a a a a", "bez-myślnik/łamany", 3.0)
	f.Add("\xff\xfe", "x\u00A0y", 12.0)
	f.Fuzz(func(t *testing.T, a, b string, width float64) {
		if math.IsNaN(width) || width < 0 {
			t.Skip()
		}
		checkLines(t, []Run{{Text: a, Style: Style{Regular, 9}}, {Text: b, Style: Style{Bold, 11}, Tag: 1, Bound: len(a)%2 == 1}}, width)
	})
}

func BenchmarkBreak(b *testing.B) {
	runs := plain(strings.Repeat("Na koniec 2025 r. w gminie mieszkało 13 482 osoby, o 2,1% mniej niż pięć lat wcześniej. ", 8))
	b.ReportAllocs()
	var br Breaker
	for b.Loop() {
		br.Break(runs, 400)
	}
}

// A run that ends its line does so whatever follows, and nothing is lost.
func TestBreakEnds(t *testing.T) {
	runs := []Run{
		{Text: "Urząd ", Style: Style{Regular, 10}, Ends: true},
		{Text: "ul. Główna 1, w", Style: Style{Regular, 10}},
		{Text: " ", Style: Style{Bold, 10}, Ends: true},
		{Text: "zł", Style: Style{Bold, 10}, Bound: true},
		{Text: "", Style: Style{Bold, 10}, Ends: true},
		{Text: "– Miasto ", Style: Style{Regular, 10}, Ends: true},
	}
	lines := Break(runs, 1000)
	if have, want := strings.Join(texts(lines), "|"), "Urząd|ul. Główna 1, w|zł|– Miasto"; have != want {
		t.Errorf("%q, want %q", have, want)
	}
	if have, want := joined(lines), "Urząd ul. Główna 1, w zł– Miasto "; have != want {
		t.Errorf("%q, want %q", have, want)
	}
}
