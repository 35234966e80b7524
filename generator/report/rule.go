package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/peer"
	"github.com/raportjst/raportjst/generator/stat"
)

// ruled finds the peer group by the rule of the template.
func (l *Library) ruled(f *frame, a stat.Area, p stat.Period) (peer.Group, error) {
	r, rule := l.data.Register, f.Group
	switch rule.Rule {
	case "neighbours":
		return peer.OfNeighbours(r, a), nil
	case "powiat":
		return peer.OfPowiat(r, a), nil
	case "voivodeship":
		return peer.OfKind(r, a, a.Code.Voivodeship()), nil
	case "country":
		return peer.OfKind(r, a, stat.Country), nil
	case "structure":
		s := l.space(f, a, p)
		if g, ok := peer.OfStructure(s.Space, a, rule.Nearest, s.year); ok {
			return g, nil
		}
	case "list":
		codes, err := l.codes(rule.Members, a, f.Union)
		if err != nil {
			return peer.Group{}, err
		}
		if len(codes) == 0 {
			return peer.Group{}, noMembers(f.ID)
		}
		return l.listed(a, codes, rule.Name, f.Union), nil
	case "children":
		return l.children(a), nil
	case "type":
		types, err := f.types()
		if err != nil {
			return peer.Group{}, err
		}
		if g, ok := peer.OfType(r, a, types); ok {
			return g, nil
		}
	}
	size, year := l.size(f, a, p)
	g := peer.OfKindAndSize(r, a, size, rule.Bands, max(rule.Min, 1))
	g.Rule.SizeYear = year
	return g, nil
}

// instead says why a group is not the one that the rule of the template asks for; "" where
// it is.
func (f *frame) instead(g peer.Rule) string {
	if g.Basis != peer.SameKind && g.Basis != peer.KindSize {
		return ""
	}
	var out string
	switch f.Group.Rule {
	case "structure":
		out = " Jednostka nie ma wartości wskaźników podobieństwa, dlatego grupę dobrano według rodzaju i wielkości."
	case "type":
		out = " Jednostki nie ma w pliku z typami, dlatego grupę dobrano według rodzaju i wielkości."
	case "", "kind-size":
	default:
		return ""
	}
	if g.Basis == peer.SameKind && !g.Unsized && len(f.Group.Bands) > 0 {
		out += " Liczby ludności jednostki nie ma w danych, dlatego wielkość pominięto."
	}
	return out
}

// children is all gminas within an area, of any kind.
func (l *Library) children(a stat.Area) peer.Group {
	var codes []stat.AreaCode
	for _, x := range l.data.Register.Areas() {
		if len(x.Code) == 6 && (a.Kind == stat.KindCountry || strings.HasPrefix(string(x.Code), string(a.Code))) {
			codes = append(codes, x.Code)
		}
	}
	name := "gminy w kraju"
	switch a.Kind {
	case stat.KindPowiat:
		name = "gminy powiatu " + locale.Adjective(a.Name, locale.Genitive)
	case stat.KindVoivodeship:
		name = "gminy województwa " + locale.Adjective(a.Name, locale.Genitive)
	}
	return l.listed(a, codes, name, true)
}

// size reads the population for the size bands: the first of the template's indicators
// that the area has, of the newest year up to p, else of the nearest year after.
func (l *Library) size(f *frame, a stat.Area, p stat.Period) (peer.Size, stat.Period) {
	for _, m := range f.sizes {
		first, last := m.set.Periods()
		var years []stat.Period
		for y := min(p, last); y >= first && first > 0; y-- {
			years = append(years, y)
		}
		for y := max(p+1, first); y <= last; y++ {
			years = append(years, y)
		}
		for _, y := range years {
			if _, ok := l.observe(m, a.Code, y).Value(); ok {
				return func(c stat.AreaCode) (float64, bool) { return l.observe(m, c, y).Value() }, y
			}
		}
	}
	return func(stat.AreaCode) (float64, bool) { return 0, false }, 0
}

// space is the areas of one kind placed by structural indicators.
type space struct {
	*peer.Space
	year stat.Period
}

func (l *Library) space(f *frame, a stat.Area, p stat.Period) *space {
	key := fmt.Sprint(f.ID, f.subject, a.Kind, len(a.Code), p)
	l.mu.RLock()
	s, ok := l.spaces[key]
	l.mu.RUnlock()
	if ok {
		return s
	}
	s = &space{}
	var axes []peer.Axis
	for _, x := range f.axes {
		y := l.latest(x.measure, a, p)
		if y == 0 {
			continue
		}
		s.year = max(s.year, y)
		axes = append(axes, peer.Axis{Weight: x.weight, Value: func(c stat.AreaCode) (float64, bool) { return l.observe(x.measure, c, y).Value() }})
	}
	s.Space = peer.NewSpace(peer.Candidates(l.data.Register, a, stat.Country), axes)
	l.mu.Lock()
	l.spaces[key] = s
	l.mu.Unlock()
	return s
}

// typed is a row of the file of types.
type typed struct {
	code       stat.AreaCode
	kind, name string
}

var typeColumns = []column[typed]{
	{[]string{"teryt", "kod", "kod TERYT"}, func(t *typed, s string) (err error) {
		t.code, err = areaCode(s)
		return err
	}},
	{[]string{"typ"}, func(t *typed, s string) error { t.kind = s; return nil }},
	{[]string{"nazwa", "nazwa typu"}, func(t *typed, s string) error { t.name = s; return nil }},
}

// types reads the table of types: teryt, typ and, if wanted, nazwa.
func (f *frame) types() (map[stat.AreaCode]string, error) {
	rows, err := readTable(f.folder(f.Group.Types), f.Group.Types, typeColumns, func(t *typed) error {
		if t.code == "" || t.kind == "" {
			return &fault.Fault{What: "wiersz nie ma kodu TERYT lub typu", Hint: "podaj w nagłówku kolumny teryt, typ i nazwa, a w wierszu kod i typ"}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := map[stat.AreaCode]string{}
	for _, t := range rows {
		out[t.code] = t.kind
		if t.name != "" {
			out[t.code] += " " + locale.Dash + " " + t.name
		}
	}
	return out, nil
}

// inWords puts the rule of a group into words.
func (l *Library) inWords(pg peer.Group, f *frame, a stat.Area) *group {
	g := &group{Group: pg, members: l.set(pg), noun: groupNoun(pg.Rule.Kind, pg.Members)}
	r := pg.Rule
	all := locale.Kind(r.Kind).Plural
	if all == "" || r.Kind == stat.KindCountry {
		all = g.noun.Plural(locale.Nominative)
	}
	within := " w kraju"
	long := " w kraju"
	switch area, _ := l.data.Register.Area(r.Within); {
	case r.Within == "" || r.Within == stat.Country:
	case len(r.Within) == 2:
		within, long = " w województwie", " w województwie "+locale.Adjective(area.Name, locale.Locative)
	case len(r.Within) == 4:
		within = " powiatu " + locale.Adjective(area.Name, locale.Genitive)
		long = within
	}
	switch r.Basis {
	case peer.KindSize:
		g.short = all + " o liczbie ludności " + band(r.Low, r.High) + within
		g.long = all + " o liczbie ludności " + band(r.Low, r.High) + long
		if r.SizeYear != 0 {
			g.long += fmt.Sprintf(", stan na 31.12.%d r.", r.SizeYear)
		}
	case peer.SameKind:
		g.short, g.long = all+within, all+long
	case peer.SamePowiat:
		g.short, g.long = all+within, "wszystkie "+all+long
	case peer.Neighbours:
		g.short = locale.Kind(a.Kind).Noun.In(locale.Nominative) + " i " + g.noun.Plural(locale.Nominative) + " sąsiednie"
		g.long = "jednostka opisywana i te, które mają z nią wspólną granicę"
	case peer.Structure:
		g.short = fmt.Sprintf("%s w kraju najbardziej podobne pod względem struktury", all)
		var names []string
		for _, x := range f.axes {
			names = append(names, fmt.Sprintf("%s (waga %s)", x.lower(), locale.Number(x.weight, decimalsOf(x.weight))))
		}
		g.long = fmt.Sprintf("%s, po %d najbliższych jednostce opisywanej według wskaźników: %s. Każdy wskaźnik wystandaryzowano w kraju; odległość to pierwiastek z ważonej sumy kwadratów różnic", g.short, r.Nearest, strings.Join(names, ", "))
	case peer.List:
		g.short = strings.ReplaceAll(cmp.Or(r.Name, "{członkowie} wskazane w szablonie"), "{członkowie}", g.noun.Plural(locale.Nominative))
		g.long = g.short
	case peer.Type:
		g.short = all + " typu „" + r.Name + "”"
		g.long = g.short
		if f.Group.TypesTitle != "" {
			g.long += " według klasyfikacji „" + f.Group.TypesTitle + "”"
		}
	}
	if r.Widened {
		g.long = locale.Stop(g.long) + " W województwie takich jednostek jest mniej niż " + locale.Number(float64(f.Group.Min), 0) + ", dlatego grupa obejmuje cały kraj."
	}
	if r.Unsized {
		g.long = locale.Stop(g.long) + " Jednostek tej samej wielkości jest w kraju mniej niż pięć, dlatego wielkość pominięto."
	}
	if why := f.instead(r); why != "" {
		g.long = locale.Stop(g.long) + why
	}
	g.short, g.long = locale.Bind(g.short), locale.Bind(locale.Stop(locale.Upper(g.long)))
	return g
}

// groupNoun is what members of a group are called.
func groupNoun(k stat.Kind, codes []stat.AreaCode) locale.AreaNoun {
	if n := locale.Kind(k).Noun; n != (locale.AreaNoun{}) && k != stat.KindCountry {
		return n
	}
	tier := 0
	for _, c := range codes {
		if tier != 0 && tier != len(c) {
			return locale.Jednostka
		}
		tier = len(c)
	}
	switch tier {
	case 6:
		if !slices.ContainsFunc(codes, func(c stat.AreaCode) bool { return !c.CityPowiat() }) {
			return locale.Miasto
		}
		return locale.Gmina
	case 4:
		return locale.Powiat
	case 2:
		return locale.Wojewodztwo
	}
	return locale.Jednostka
}

// band is a size band in words: "poniżej 5 tys.", "10–20 tys.", "100 tys. i więcej".
func band(low, high float64) string {
	whole := func(v float64) string { return locale.Number(v/1000, decimalsOf(v/1000)) }
	switch {
	case low == 0:
		return "poniżej " + whole(high) + " tys."
	case math.IsInf(high, 1):
		return whole(low) + " tys. i więcej"
	}
	return whole(low) + locale.Dash + whole(high) + " tys."
}

// decimalsOf is how many decimals, up to two, a configured number needs.
func decimalsOf(v float64) int {
	for d := range 2 {
		if locale.Round(v, d) == v {
			return d
		}
	}
	return 2
}
