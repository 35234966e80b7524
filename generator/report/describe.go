package report

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/stat"
)

// Description is what a template makes of a data set, whatever the area.
type Description struct {
	ID, Version, Title, Description string
	Chapters                        []DescribedChapter
	Absent                          []string // labels of what the template names and the data lack
	Doubts                          []string // what it may have mistyped, in words
}

// DescribedChapter is a chapter with the indicators that it found.
type DescribedChapter struct {
	ID, Title  string
	Blocks     []string // kinds, in order
	Indicators []stat.Indicator
}

// Describe says what a template shows; id may carry a choice after a colon.
func (l *Library) Describe(id string) (Description, error) {
	name, _, chosen := strings.Cut(id, ":")
	d, err := l.known(name)
	if err != nil {
		return Description{}, err
	}
	subject := ""
	if chosen { // alone it is described whatever the data hold
		if subject, err = l.chosen(d, id, func(Template) bool { return true }); err != nil {
			return Description{}, err
		}
	}
	out := Description{ID: d.ID, Version: d.Version, Title: d.Title, Description: d.Description}
	if d.Subject != "" && subject == "" {
		for _, c := range d.Chapters {
			out.Chapters = append(out.Chapters, DescribedChapter{ID: c.ID, Title: c.Title, Blocks: kindsOf(c)})
		}
		return out, nil
	}
	f, err := l.frame(d, subject, !d.Union && !slices.ContainsFunc(d.Kinds, func(k string) bool { return strings.HasPrefix(k, "gmina") || strings.HasPrefix(k, "miasto") }))
	if err != nil {
		return out, err
	}
	out.Absent, out.Doubts = f.absent, f.doubts
	for _, c := range f.chapters {
		x := DescribedChapter{ID: c.ID, Title: c.Title, Blocks: kindsOf(c.Chapter)}
		for _, m := range c.measures {
			x.Indicators = append(x.Indicators, m.Indicator)
		}
		out.Chapters = append(out.Chapters, x)
	}
	return out, nil
}

func kindsOf(c Chapter) []string {
	var out []string
	for _, b := range c.Blocks {
		out = append(out, b.Kind)
	}
	return out
}

// errNoData marks the fault of a request for which the data hold nothing at all.
var errNoData = errors.New("no data")

// NoData reports whether Build failed only because the data hold nothing for the request:
// another year, area or choice may do.
func NoData(err error) bool { return errors.Is(err, errNoData) }

// Starter is a first report.toml of an own template that takes over another: everything
// that one may change, in comments.
func Starter(id, area string, base Description) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "#:schema ../szablon.schema.json\n")
	fmt.Fprintf(&b, "# Własny szablon. Wszystko, czego tu nie ma, jest przejmowane z szablonu „%s”.\n", base.ID)
	fmt.Fprintf(&b, "# Wiersze ze znakiem # są podpowiedzią: usuń znak, aby ich użyć.\n\n")
	fmt.Fprintf(&b, "id = %q\nversion = \"1.0\"\nextends = %q\n", id, base.ID)
	if area != "" {
		fmt.Fprintf(&b, "areas = [%q]\n", area)
	} else {
		b.WriteString("# areas = [\"000000\"]      # kody TERYT jednostek, dla których jest ten szablon\n")
	}
	var chapters []string
	for _, c := range base.Chapters {
		chapters = append(chapters, fmt.Sprintf("%q", c.ID))
	}
	fmt.Fprintf(&b, "\n# Kolejność rozdziałów i rozdziały pomijane:\n# order = [%s]\n# omit = []\n", strings.Join(chapters, ", "))
	b.WriteString(`
[cover]
# author = "Urząd Gminy"
# arms = "herb.png"          # plik PNG lub JPEG w tym katalogu
# arms_alt = "Herb gminy: …" # opis dla osób niewidomych, wymagany przy herbie

[group]
# Grupa porównawcza: kind-size (rodzaj i wielkość), neighbours (sąsiednie), powiat,
# voivodeship, country, structure (najbardziej podobne), list (podane w members).
# rule = "neighbours"
# members = []

# Własny rozdział: tekst z pliku Markdown, wskaźniki z własnej tabeli („own:…”).
# [[chapter]]
# id = "o-gminie"
# title = "O gminie"
# text = "o-gminie.md"
# indicators = ["own:sciezki-rowerowe"]
#
#   [[chapter.block]]
#   kind = "years"
`)
	return []byte(b.String())
}

// Unmade tells why no report can be made of a template with the data, whichever area and year is
// chosen; nil where one can.
func (l *Library) Unmade(ctx context.Context, id string) (why, err error) {
	d, err := l.known(id)
	if err != nil {
		return nil, err
	}
	if d.Subject != "" {
		if len(l.Subjects(d.ID)) == 0 {
			return l.nothingToChoose(d, func(Template) bool { return false }), nil
		}
		return nil, nil
	}
	why = &fault.Fault{
		Where: "szablon " + d.ID, What: "z tych danych nie można sporządzić raportu tym szablonem: żadna jednostka, dla której jest przeznaczony, nie ma wartości jego wskaźników",
		Hint: "zaimportuj dane, które jej dotyczą, albo zmień klucze „kinds” i „areas” szablonu",
	}
	seen := map[heldKey]bool{}
	for _, a := range l.data.Register.Areas() {
		key := heldKey{kind: a.Kind, tier: len(a.Code)}
		if seen[key] || !d.Union && !l.suits(d.Template, a) { // a union speaks of its members
			continue
		}
		seen[key] = true
		if _, err := l.frame(d, "", len(a.Code) < 6); err != nil { // the data hold nothing that it names
			why = err
			continue
		}
		f, err := l.prepare(ctx, d, "", a, Request{})
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(f.told, func(m *measure) bool { return l.latest(m, a, lastPeriod(m)) != 0 }) {
			return nil, nil
		}
	}
	return why, nil
}
