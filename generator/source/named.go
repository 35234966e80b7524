package source

import (
	"fmt"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/gazetteer"
	"github.com/raportjst/raportjst/generator/stat"
)

// Labels are the texts of one column of a table beside its codes, which may be names of areas.
type Labels struct {
	Told   bool // the head says that it names the area of the code
	all    []label
	seen   map[label]struct{} // those of codes that have more than one
	latest []latest           // by the number of the code
	mixed  bool
}

// label is a text beside a code, by its number.
type label struct {
	code int32
	text string
	line int
}

// latest is the text that stood beside a code last, and how many it had.
type latest struct {
	text string
	n    int
}

// mostLabels is how many texts one code may have in a column that does not tell what it names.
// One with more has remarks or kinds, not names, and is not collected any further.
const mostLabels = 16

// Add keeps the text beside a code. Every text of a code is kept once, with its first line:
// rows of a code may be swapped or mistyped behind the first, too.
func (l *Labels) Add(code int32, text string, line int) {
	for int(code) >= len(l.latest) {
		l.latest = append(l.latest, latest{})
	}
	last := &l.latest[code]
	if text == "" || text == last.text || l.mixed {
		return
	}
	if last.n > 0 {
		if l.seen == nil {
			l.seen = map[label]struct{}{}
		}
		l.seen[label{code: code, text: last.text}] = struct{}{}
		if _, ok := l.seen[label{code: code, text: text}]; ok {
			last.text = text
			return
		}
	}
	last.text = text
	last.n++
	l.mixed = !l.Told && last.n > mostLabels
	l.all = append(l.all, label{code, text, line})
}

// Misnamed is a row whose code and name are not of the same area.
type Misnamed struct {
	Line   int
	What   string // in Polish
	Proved bool   // the name is that of another area
}

// sameNames is the share of rows in which a column must have the name of the area of the code,
// or of the powiat or voivodeship around it, to be one of such names.
const sameNames = 0.6

// CheckNames holds the texts of a column against the codes. A column that does not tell of
// itself what it names is taken for names of the areas, of their powiats or voivodeships where
// most of it agrees. In a column of the areas' own names one that is exactly the name of
// another area proves a contradiction, unless that area stands in the column too under a code
// of its own or is the city that the powiat is named after: the gmina Redzikowo was called
// Słupsk, as the city beside it is. Where another row has the right name beside the code, that
// the other area stands in the column excuses nothing: rows were swapped. Any other strange name may be an old one.
func CheckNames(g *gazetteer.Gazetteer, codes []string, located map[string]Located, column Labels) []Misnamed {
	for _, of := range []struct {
		area func(stat.AreaCode) stat.AreaCode
		own  bool
	}{
		{func(c stat.AreaCode) stat.AreaCode { return c }, true},
		{func(c stat.AreaCode) stat.AreaCode { return c[:min(4, len(c))] }, false},
		{stat.AreaCode.Voivodeship, false},
	} {
		var out []Misnamed
		n, same := 0, 0
		agreed := map[stat.AreaCode]bool{}
		var strange []label
		for _, x := range column.all {
			text := x.text
			l := located[codes[x.code]]
			if l.Place != Placed || l.Area == stat.Country {
				continue
			}
			a, ok := g.Area(of.area(l.Area))
			if !ok || !of.own && len(l.Area) <= len(a.Code) {
				continue
			}
			n++
			switch g.Fits(a, text) {
			case gazetteer.Same:
				same++
				agreed[a.Code] = true
			case gazetteer.Differs:
				strange = append(strange, x)
				out = append(out, Misnamed{x.line, contradiction(g, codes[x.code], a, text), g.OfOthers(a, text)})
			case gazetteer.Perhaps:
			}
		}
		if n == 0 || float64(same) < sameNames*float64(n) && !(of.own && column.Told) {
			continue
		}
		for k, m := range out {
			area := located[codes[strange[k].code]].Area
			around, _ := g.Area(area.Parent())
			innocent := slices.ContainsFunc(g.Named(gazetteer.Plain(strange[k].text)), func(x stat.Area) bool {
				return agreed[x.Code] && !agreed[area] || x.Kind == stat.KindCity && gazetteer.Alike(gazetteer.Plain(x.Name), gazetteer.Plain(around.Name)) != gazetteer.Differs
			})
			out[k].Proved = m.Proved && of.own && !innocent
		}
		return slices.DeleteFunc(out, func(m Misnamed) bool { return !m.Proved && 2*same < n })
	}
	return nil
}

// contradiction puts a row into words whose code is of one area and whose name is not.
func contradiction(g *gazetteer.Gazetteer, code string, a stat.Area, text string) string {
	what := fmt.Sprintf("kod %s to %s, a w wierszu jest „%s”", code, g.Places([]stat.Area{a}), text)
	if others := g.Named(gazetteer.Plain(text)); len(others) > 0 {
		what += " (" + g.Places(others) + ")"
	}
	return what
}

// TellMisnamed makes a warning of rows whose names may be old ones.
func TellMisnamed(where string, all []Misnamed) Warning {
	var some []string
	n := 0
	for _, m := range all {
		if m.Proved {
			continue
		}
		if n++; n <= 3 {
			some = append(some, m.What)
		}
	}
	return Warning{Where: where, Count: n, What: "nazwy, które mogą nie pasować do kodów; sprawdź: " + strings.Join(some, "; ")}
}
