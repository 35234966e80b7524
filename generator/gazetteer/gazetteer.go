// Package gazetteer knows the names of areas as people write them: with a title or the name of
// their office in front, declined, without Polish letters. It finds areas by name and tells
// whether a name fits a code, for lists of members and for tables of figures alike.
//
// It places no figure: a name alone never decides where one belongs.
package gazetteer

import (
	"cmp"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/normal"
	"github.com/raportjst/raportjst/generator/stat"
)

// Name is the name of an area as people write it alone: "Lipnica Górna", "Powiat
// wzorcowy", "Województwo przykładowe".
func Name(a stat.Area) string {
	if a.Kind == stat.KindPowiat || a.Kind == stat.KindVoivodeship {
		return locale.Upper(locale.Kind(a.Kind).Name) + " " + a.Name
	}
	return a.Name
}

// Gazetteer finds the areas of a register by name.
type Gazetteer struct {
	*stat.Register
	names map[string][]stat.Area // by plain name
}

// New indexes the names of a register.
func New(r *stat.Register) *Gazetteer {
	g := &Gazetteer{r, map[string][]stat.Area{}}
	for _, a := range r.Areas() {
		if r.Canonical(a.Code) == a.Code && a.Kind != stat.KindCountry {
			g.names[Plain(a.Name)] = append(g.names[Plain(a.Name)], a)
		}
	}
	return g
}

// Named are the areas of a plain name, in order of the register.
func (g *Gazetteer) Named(plain string) []stat.Area { return slices.Clone(g.names[plain]) }

// titles are words in front of a name that tell the kind of a unit or of its office, the
// longest first, with the tier that they tell.
var titles = []struct {
	words string
	level stat.Level
}{
	{"miasto-i-gmina", stat.LevelGmina},
	{"miasto-na-prawach-powiatu", stat.LevelGmina},
	{"gmina-miejsko-wiejska", stat.LevelGmina},
	{"gmina-miejska", stat.LevelGmina},
	{"gmina-wiejska", stat.LevelGmina},
	{"urzad-miasta-i-gminy-w", stat.LevelGmina},
	{"urzad-miasta-i-gminy", stat.LevelGmina},
	{"urzad-miejski-w", stat.LevelGmina},
	{"urzad-miejski-we", stat.LevelGmina},
	{"urzad-miasta", stat.LevelGmina},
	{"urzad-gminy-w", stat.LevelGmina},
	{"urzad-gminy", stat.LevelGmina},
	{"starostwo-powiatowe-w", stat.LevelPowiat},
	{"starostwo-powiatowe-we", stat.LevelPowiat},
	{"urzad-marszalkowski-wojewodztwa", stat.LevelVoivodeship},
	{"miasto-stoleczne", stat.LevelGmina},
	{"m-st", stat.LevelGmina},
	{"miasto", stat.LevelGmina},
	{"gmina", stat.LevelGmina},
	{"gm", stat.LevelGmina},
	{"m", stat.LevelGmina},
	{"powiat", stat.LevelPowiat},
	{"pow", stat.LevelPowiat},
	{"wojewodztwo", stat.LevelVoivodeship},
	{"woj", stat.LevelVoivodeship},
}

// Plain is a name without its title, Polish letters and remarks in brackets.
func Plain(s string) string { text, _ := Titled(s); return text }

// Titled is a plain name and the tier that its title tells, LevelUnknown without one.
func Titled(s string) (string, stat.Level) {
	if i := strings.IndexByte(s, '('); i > 0 {
		s = s[:i]
	}
	text := locale.Slug(s)
	for _, t := range titles {
		if rest, ok := strings.CutPrefix(text, t.words+"-"); ok {
			return rest, t.level
		}
	}
	return text, stat.LevelUnknown
}

// Level is the tier of an area; a city with powiat rights counts as a gmina.
func Level(a stat.Area) stat.Level {
	if a.Kind == stat.KindCity {
		return stat.LevelGmina
	}
	return a.Code.Level()
}

// Places lists areas with their codes and where they lie.
func (g *Gazetteer) Places(areas []stat.Area) string {
	var out []string
	for _, a := range areas[:min(len(areas), 6)] {
		text := string(a.Code) + " " + Name(a) + " (" + locale.Kind(a.Kind).Short
		if up, ok := g.Area(a.Code.Parent()); ok && a.Code.Level() == stat.LevelGmina && a.Kind != stat.KindCity {
			text += ", powiat " + up.Name
		}
		out = append(out, text+")")
	}
	return strings.Join(out, "; ")
}

// Near is the names that differ from one in a letter or two.
func (g *Gazetteer) Near(text string) string {
	var out []stat.Area
	for n, areas := range g.names {
		if len(text) > 3 && Distance(n, text) <= 1+len(text)/8 {
			out = append(out, areas...)
		}
	}
	slices.SortFunc(out, func(a, b stat.Area) int { return cmp.Compare(a.Code, b.Code) })
	if len(out) == 0 {
		return ""
	}
	return g.Places(out)
}

// Fits tells whether a name may be that of an area. One that is the name of another area and not
// of this one differs, as does one of another tier.
func (g *Gazetteer) Fits(a stat.Area, listed string) Likeness {
	text, level := Titled(listed)
	own := Plain(a.Name)
	if level != stat.LevelUnknown && level != Level(a) && !(a.Kind == stat.KindCity && level == stat.LevelPowiat) {
		return Differs
	}
	earlier := slices.ContainsFunc(a.Changes, func(c stat.Change) bool { return c.Kind == stat.ChangeName && Plain(c.From) == text })
	if text == own || earlier {
		return Same
	}
	if g.OfOthers(a, listed) {
		return Differs
	}
	if own != "" && strings.Contains(normal.Key(listed), normal.Key(a.Name)) {
		return Same
	}
	if level == stat.LevelPowiat && strings.HasPrefix(locale.Slug(listed), "starostwo") { // named by its town
		if text[:min(3, len(text))] == own[:min(3, len(own))] {
			return Same
		}
		return Perhaps
	}
	return Alike(own, text)
}

// OfOthers reports that a name is exactly that of another area, and not of this one.
func (g *Gazetteer) OfOthers(a stat.Area, listed string) bool {
	text := Plain(listed)
	return text != Plain(a.Name) && slices.ContainsFunc(g.names[text], func(x stat.Area) bool { return x.Code != a.Code })
}

// Likeness is whether two names may mean the same.
type Likeness int

const (
	Differs Likeness = iota
	Perhaps
	Same
)

// Alike compares a name with one that may be declined and stand among other words: "kornik" and
// "urzad-miejski-w-korniku". Each word of the name needs one that begins as it does.
func Alike(own, text string) Likeness {
	out := Same
	for _, w := range strings.Split(own, "-") {
		if len(w) < 3 {
			continue
		}
		best := Differs
		for _, x := range strings.Split(text, "-") {
			n := 0
			for n < min(len(w), len(x)) && w[n] == x[n] {
				n++
			}
			shorter := min(len(w), len(x))
			switch {
			case n >= 3 && n >= shorter-1 && len(x) <= len(w)+3:
				best = Same
			case n >= 3 && n >= shorter-2 && len(x) <= len(w)+3:
				best = max(best, Perhaps)
			}
		}
		out = min(out, best)
	}
	return out
}

// Distance is how many letters have to be put in, left out, replaced or swapped with the next
// (optimal string alignment).
func Distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}
