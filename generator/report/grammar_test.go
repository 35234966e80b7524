package report

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/geo"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/stat"
)

// The grammar is tested from outside: on the text alone, with rules of its own.

// faults of any text that is printed.
var always = []struct {
	name string
	re   *regexp.Regexp
}{
	{"two spaces", regexp.MustCompile(`[ \x{00a0}]{2}`)},
	{"space before punctuation", regexp.MustCompile(`[ \x{00a0}][,;:!?]`)},
	{"two full stops", regexp.MustCompile(`\.\.`)},
	{"space at an end", regexp.MustCompile(`^[ \x{00a0}]|[ \x{00a0}]$`)},
	{"one-letter word may end a line", regexp.MustCompile(`(^|[ \x{00a0}(„])[aiouwzAIOUWZ] `)},
	{"number may part from its unit", regexp.MustCompile(`[0-9] (zł|os[oó]b|gmin|powiat|miast|proc|tys\.|mln|mld|km|ha|m²|kg|lat[^a-z]|p\.|r\.|rok|mieszka|podmiot|miejsc|ludności)`)},
	{"dash may begin a line", regexp.MustCompile(` –`)},
	{"hyphen for a minus", regexp.MustCompile(`(^|[ (\x{00a0}])-[0-9]`)},
	{"no number", regexp.MustCompile(`NaN|Inf|%!|<nil>`)},
	{"field left over", regexp.MustCompile(`[{}]`)},
	// P2392 is the id of a subject.
	{"group of thousands", regexp.MustCompile(`(^|[^0-9.,a-fP])([03-9][0-9]{3}|1[0-8][0-9]{2}|2[1-9][0-9]{2}|[0-9]{5,})([^0-9a-f]|$)`)},
	{"change of nothing", regexp.MustCompile(`\bo\x{00a0}0(,0+)?[%\x{00a0}]`)},
	{"sign after o", regexp.MustCompile(`\bo\x{00a0}[+\x{2212}]`)},
	{"decimal point", regexp.MustCompile(`(^|[^0-9.])[0-9]+\.[0-9]+([^0-9.]|$)`)},
	{"gmina takes the feminine", regexp.MustCompile(`\bgmina (liczył|miał|osiągnął|liczyło|miało)[ \x{00a0}.,;]`)},
	{"powiat takes the masculine", regexp.MustCompile(`\bpowiat (liczyła|miała|liczyło|liczyły)[ \x{00a0}.,;]`)},
	{"neuter", regexp.MustCompile(`\b(miasto|województwo) (liczył|liczyła|miał|miała|liczyły)[ \x{00a0}.,;]`)},
	{"plural", regexp.MustCompile(`\b([Dd]ochody|[Ww]ydatki|[Uu]morzenia|[Śś]rodki)[^.;:]* (wyniósł|wyniosła|wyniosło|wzrósł|zmniejszył się|zmniejszyła się)[ \x{00a0}.,;]`)},
	{"masculine", regexp.MustCompile(`\b([Uu]dział|[Dd]ług|[Ww]ynik|[Oo]dsetek|[Pp]odatek|[Cc]zas)[^.;:,]* (wyniosły|wyniosła|wyniosło|wzrosła|wzrosły)[ \x{00a0}.,;]`)},
	{"feminine", regexp.MustCompile(`\b([Ll]iczba|[Gg]ęstość|[Nn]adwyżka|[Oo]płata)[^.;:,]* (wyniósł|wyniosły|wyniosło|wzrósł|wzrosły|zmniejszył się)[ \x{00a0}.,;]`)},
	{"verb without a number", regexp.MustCompile(`\b(wyniós?ł[aoy]?|wyniosł[aoy]) [–.;]`)},
	{"points", regexp.MustCompile(`[0-9]\x{00a0}p\.p\.|pkt proc`)},
	{"praise", regexp.MustCompile(`(?i)\b(lider|najleps|najgors|dobry wynik|zły|niestety|sukces|świetn)`)},
	{"cause", regexp.MustCompile(`(?i)\b(ponieważ|dzięki|wskutek|z powodu (złej|dobrej)|przyczyną)\b`)},
}

// counted finds a number with a noun after it.
var counted = regexp.MustCompile(`(^|[^0-9,])([0-9]{1,3}(?:\x{202f}[0-9]{3})*|[0-9]+)(,[0-9]+)?\x{00a0}(osob[aęy]|osób|gmin[ay]?|powiat(?:y|ów|u)?|miast[ao]?|wskaźnik(?:i|ów|a)?|podmiot(?:y|ów|u)?|sąsiednich)([^a-ząćęłńóśźż]|$)`)

// genitive finds a preposition that takes it, before a number.
var genitive = regexp.MustCompile(`(^|[^\p{L}])(?i:od|do|z|wśród|spośród|powyżej|poniżej|dla)[ \x{00a0}]$`)

// forms are the right forms of nouns: for 1, for 2–4, for 5 and more, with a fraction.
var forms = map[string][4]string{
	"oso": {"osoba", "osoby", "osób", "osoby"}, "osó": {"osoba", "osoby", "osób", "osoby"},
	"gmi": {"gmina", "gminy", "gmin", "gminy"}, "pow": {"powiat", "powiaty", "powiatów", "powiatu"},
	"mia": {"miasto", "miasta", "miast", "miasta"}, "wsk": {"wskaźnik", "wskaźniki", "wskaźników", "wskaźnika"},
	"pod": {"podmiot", "podmioty", "podmiotów", "podmiotu"},
}

// mistakes lists what is wrong with a printed text.
func mistakes(s string) []string {
	var out []string
	for _, r := range always {
		if m := r.re.FindString(s); m != "" {
			out = append(out, fmt.Sprintf("%s: %q", r.name, m))
		}
	}
	for _, at := range counted.FindAllStringSubmatchIndex(s, -1) {
		m := make([]string, len(at)/2)
		for i := range m {
			if at[2*i] >= 0 {
				m[i] = s[at[2*i]:at[2*i+1]]
			}
		}
		n, err := strconv.Atoi(strings.ReplaceAll(m[2], locale.Thin, ""))
		want, known := forms[string([]rune(m[4])[:3])]
		if err != nil || !known {
			continue
		}
		form := 2
		switch {
		case m[3] != "":
			form = 3
		case n == 1:
			form = 0
		case n%10 >= 2 && n%10 <= 4 && n/10%10 != 1:
			form = 1
		}
		if genitive.MatchString(s[:at[4]]) { // then the noun is in the genitive whatever the number
			if form == 1 {
				form = 2
			}
			if form == 0 {
				form = 3
			}
			if m[4] != want[form] {
				out = append(out, fmt.Sprintf("genitive: %s%s %s, want %s", m[2], m[3], m[4], want[form]))
			}
			continue
		}
		if m[4] != want[form] && m[4] != want[2] && !(n == 1 && m[4] == want[3]) {
			out = append(out, fmt.Sprintf("plural: %s%s %s, want %s", m[2], m[3], m[4], want[form]))
		}
	}
	return out
}

// sentence tests what must also hold of a text of whole sentences.
func sentence(s string) []string {
	out := mistakes(s)
	if !strings.HasSuffix(s, ".") {
		out = append(out, "no full stop")
	}
	if r := []rune(s); len(r) > 0 && strings.ToUpper(string(r[0])) != string(r[0]) {
		out = append(out, "no capital letter")
	}
	return out
}

// texts calls f for every string of a document that is printed or read aloud.
func texts(v reflect.Value, path string, f func(path, s string)) {
	switch v.Kind() {
	case reflect.String:
		if s := v.String(); s != "" {
			f(path, s)
		}
	case reflect.Pointer, reflect.Interface:
		if _, topology := v.Interface().(*geo.Topology); !topology && !v.IsNil() {
			texts(v.Elem(), path, f)
		}
	case reflect.Slice:
		for i := range v.Len() {
			texts(v.Index(i), path, f)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			switch name := v.Type().Field(i).Name; name {
			case "ID", "Target", "Code", "Area", "Named", "Refs", "Identifier", "Generator", "Keywords", "Data", "Annex", "Language", "Own", "Before", "After", "Date",
				"Within", "Lines", "Members", "Powiat", "Inner", "Locator", "Kind", "Subject", "Periods", "Edition", "Of":
			case "Label":
				if s := v.Field(i).String(); !strings.HasPrefix(s, "Tabela") && !strings.HasPrefix(s, "Wykres") && !strings.HasPrefix(s, "Mapa") {
					f(v.Type().Name()+"."+name, s)
				}
			default:
				texts(v.Field(i), v.Type().Name()+"."+name, f)
			}
		}
	}
}

func checkTexts(t *testing.T, name string, d *document.Document) {
	t.Helper()
	faults := 0
	texts(reflect.ValueOf(d).Elem(), "", func(path, s string) {
		if path == "Definition.Text" || path == "Link.Text" || path == "Field.Value" || path == "Text.Text" && strings.HasSuffix(s, " ") {
			s = strings.TrimSpace(s)
			if path != "Text.Text" {
				return // versions and digests
			}
		}
		if _, err := stat.ParseAreaCode(s); err == nil && path == "Text.Text" {
			return // the TERYT codes of a map's table
		}
		check := mistakes
		switch path {
		case "Figure.Alt", "Figure.Source", "Table.Source":
			check = sentence
		}
		if path == "Figure.Alt" && strings.HasPrefix(s, "Mapa") {
			check = mistakes
		}
		if path == "Text.Text" {
			s = strings.TrimPrefix(s, locale.NBSP) // a unit bound to its name
		}
		for _, m := range check(s) {
			if faults < 12 {
				t.Errorf("%s, %s: %s\n  %s", name, path, m, show(s))
			}
			faults++
		}
	})
}

func show(s string) string {
	return strings.NewReplacer(locale.NBSP, "~", locale.Thin, "'").Replace(s)
}

// builderFor makes a builder as build does, to say single sentences.
func builderFor(t testing.TB, l *Library, code stat.AreaCode, year stat.Period) *builder {
	t.Helper()
	return builderOf(t, l, "", code, year)
}

// builderOf makes a builder of one template.
func builderOf(t testing.TB, l *Library, template string, code stat.AreaCode, year stat.Period) *builder {
	t.Helper()
	area, err := l.area(code)
	if err != nil {
		t.Fatal(err)
	}
	def, subject, err := l.template(template, area)
	if err != nil {
		t.Fatal(err)
	}
	f, err := l.prepare(t.Context(), def, subject, area, Request{Area: area.Code, Period: year})
	if err != nil {
		t.Fatal(err)
	}
	g, err := l.group(f, area, Request{Area: area.Code, Period: year})
	if err != nil {
		t.Fatal(err)
	}
	return &builder{
		l: l, f: f, area: area, kinds: []stat.Area{area}, period: year, said: year, group: g, noun: locale.Kind(area.Kind).Noun, full: fullName(area), name: shortName(area),
		maxAge: 3, readings: map[*measure]*reading{}, sources: map[sourceKey]string{}, referred: map[*sample][]document.Ref{}, document: &document.Document{},
	}
}

// Ten thousand sentences of all shapes over the real panel pass the grammar.
func TestSentences(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: the same reports again and again")
	}
	l := realLibrary(t)
	areas := l.data.Register.Areas()[1:]
	r := rand.New(rand.NewPCG(10, 18))
	said, want, faults := 0, 10_000, 0
	seen := map[string]bool{}
	for said < want {
		a := areas[r.IntN(len(areas))]
		b := builderFor(t, l, a.Code, stat.Period(2008+r.IntN(11)))
		for _, m := range b.f.measures {
			x := b.read(m)
			if !b.fresh(x) {
				continue
			}
			gone := *x // as if the figure were secret, inapplicable or missing
			gone.own = stat.Unobserved([]stat.Status{stat.Secret, stat.NotApplicable, stat.Missing}[r.IntN(3)], "")
			gone.has, gone.last = false, x.year-1
			shapes := map[string]func(*reading) string{"missing": func(*reading) string { return b.missing(&gone) }}
			if x.has {
				shapes["finding"], shapes["distanced"], shapes["placed"] = b.finding, b.distanced, b.placed
				shapes["signed"], shapes["developed"] = b.signed, b.developed
			}
			for name, f := range shapes {
				s := locale.Bind(f(x))
				said++
				seen[name] = true
				for _, m := range sentence(s) {
					if faults++; faults < 12 {
						t.Errorf("%s of %s for %s in %d: %s\n  %s", name, x.ID, a.Code, b.period, m, show(s))
					}
				}
			}
		}
	}
	for _, name := range []string{"missing", "finding", "distanced", "placed", "signed", "developed"} {
		if !seen[name] {
			t.Errorf("no sentence of shape %s", name)
		}
	}
}

// The test of the grammar finds what it is there to find.
func TestGrammarFinds(t *testing.T) {
	for s, want := range map[string]string{
		"Gmina  liczyła.": "two spaces", "W gminie.": "one-letter", "Było 5\u00a0osoby.": "plural", "Było 22\u00a0osób.": "",
		"Wśród 22\u00a0miasta.": "genitive", "Z\u00a01\u00a0gmina.": "genitive", "do 1\u202f562\u00a0osoby": "genitive", "do 1\u202f562\u00a0osób": "", "od 2,5\u00a0osoby": "", "spośród 5\u00a0gmin": "", "Pokazano 12 z 22\u00a0powiaty": "genitive",
		"Dochody ogółem wyniosła 5.": "plural", "Na 13482 osoby.": "thousands", "Zmiana -5.": "hyphen", "o\u00a00,0% więcej.": "nothing",
		"Udział wyniosły 3%.": "masculine", "W\u00a02020\u00a0r..": "full stops", "gmina liczył 5": "feminine", "5 zł": "unit", "Było 3.5 tony.": "decimal point",
		"W\u00a0{rok} r.": "field", "Wzrost dzięki drogom.": "cause",
	} {
		got := strings.Join(mistakes(s), "; ")
		if want == "" && got != "" || want != "" && !strings.Contains(got, want) {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}
