package report

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/generator/territory"
)

// A change of territory that the register does not tell shows in the figures themselves: see
// generator/territory. Until somebody says otherwise in a file przerwy*.toml, a suspected one is
// treated as a break.

// Surface tells from which indicators the area of a unit follows.
type Surface struct {
	Size    []string `toml:"size" doc:"ludność 31 grudnia; liczy się pierwszy wskaźnik, który jest w danych"`
	Total   string   `toml:"total" doc:"zamiast size: kwota, której część na 1 mieszkańca podaje each"`
	Each    string   `toml:"each" doc:"ta sama kwota na 1 mieszkańca, liczona od ludności 30 czerwca"`
	Density []string `toml:"density" doc:"gęstość zaludnienia" required:"true"`
}

// Verdict is what somebody found out about a suspected step.
type Verdict struct {
	Areas    []string `toml:"areas" doc:"kody TERYT" required:"true"`
	Year     int      `toml:"year" doc:"pierwszy rok po podejrzanej zmianie" required:"true"`
	Boundary bool     `toml:"boundary" doc:"true: to była zmiana granic; false (albo bez klucza): nie była, szeregu nie przerywa się"`
	Reason   string   `toml:"reason" doc:"co ustalono" required:"true"`
	Source   string   `toml:"source" doc:"skąd to wiadomo" required:"true"`
}

// Checks is how changes of territory are looked for, and what is known of those found.
type Checks struct {
	Surfaces []Surface
	Verdicts []Verdict
}

// ReadChecks reads them from the files of breaks.
func ReadChecks(templates fs.FS) (Checks, error) {
	var out Checks
	err := eachBreakFile(templates, func(name string, src []byte, f breakFile) error {
		at := lines(src)
		for i, v := range f.Verdicts {
			for _, c := range v.Areas {
				if _, err := stat.ParseAreaCode(c); err != nil {
					return atLine(name, at[fmt.Sprintf("verdict[%d].areas", i)], &fault.Fault{What: fmt.Sprintf("„%s” nie jest kodem TERYT", c), Hint: "podaj kody z 2, 4 lub 6 cyfr", Err: err})
				}
			}
		}
		out.Surfaces, out.Verdicts = append(out.Surfaces, f.Surfaces...), append(out.Verdicts, f.Verdicts...)
		return nil
	})
	return out, err
}

// Needs lists the indicators that changes of territory are looked for in.
func (c Checks) Needs() []stat.IndicatorID {
	var out []stat.IndicatorID
	for _, s := range c.Surfaces {
		for _, id := range slices.Concat(s.Size, s.Density, []string{s.Total, s.Each}) {
			if id != "" && !slices.Contains(out, stat.IndicatorID(id)) {
				out = append(out, stat.IndicatorID(id))
			}
		}
	}
	return out
}

// searchVersion is raised when other steps are found in the same data by the same files of breaks.
const searchVersion = 1

// Search is how the changes of territory are looked for that a data set shows and its register
// does not tell. Its ID is that of the surfaces and of those breaks that it heeds.
func (c Checks) Search(all []Break) territory.Search {
	heeded := slices.DeleteFunc(slices.Clone(all), func(b Break) bool { return !b.ofSurface() })
	h := sha256.New()
	// Texts and numbers alone: they can always be written.
	_ = json.NewEncoder(h).Encode([]any{searchVersion, c.Surfaces, heeded})
	return territory.Search{
		ID: hex.EncodeToString(h.Sum(nil)), Needs: c.Needs(),
		Find: func(set *stat.Dataset) []territory.Step { return c.find(heeded, set) },
	}
}

// Undismissed leaves out the steps of which somebody found out that they are none.
func (c Checks) Undismissed(steps []territory.Step) []territory.Step {
	return slices.DeleteFunc(slices.Clone(steps), c.dismissed)
}

// find looks for the steps. Invented figures have none.
func (c Checks) find(all []Break, set *stat.Dataset) []territory.Step {
	if set.Invented() {
		return nil
	}
	r := set.Register()
	first, last := set.Periods()
	var out []territory.Step
	for _, s := range c.Surfaces {
		read := s.reading(all, set)
		if read == nil {
			continue
		}
		for _, tier := range []int{4, 6} {
			var codes []stat.AreaCode
			for _, a := range r.Areas() {
				if len(a.Code) == tier && (tier == 4 || !a.Code.CityPowiat()) {
					codes = append(codes, a.Code)
				}
			}
			found := territory.Areas(codes, first, last, read, s.least())
			if s.Total != "" {
				found = territory.Matched(found, r)
			}
			out = append(out, found...)
		}
	}
	out = append(out, sumSteps(set)...)
	var kept []territory.Step
	for _, s := range out {
		s.Area = r.Canonical(s.Area)
		if !inRegister(r, s) && !slices.ContainsFunc(kept, func(x territory.Step) bool { return x.Area == s.Area && x.Year == s.Year }) {
			kept = append(kept, s)
		}
	}
	return kept
}

// inRegister reports a step that a change of the register explains: of the area, or where parts
// did not add up of the whole or another part. That of a gmina follows from figures of the
// middle of the year and may lie a year beside.
func inRegister(r *stat.Register, s territory.Step) bool {
	codes, slack := []stat.AreaCode{s.Area}, 0
	if s.Way == territory.BySums {
		codes = append(codes, s.Area.Parent())
		codes = append(codes, r.Children(s.Area.Parent())...)
		codes = append(codes, r.Children(s.Area)...)
	} else if len(s.Area) == 6 && !s.Area.CityPowiat() {
		slack = 1
	}
	return slices.ContainsFunc(codes, func(c stat.AreaCode) bool {
		a, _ := r.Area(c)
		return slices.ContainsFunc(a.Changes, func(x stat.Change) bool {
			return x.Kind == stat.ChangeBoundary && x.Year >= int(s.Year)-slack && x.Year <= int(s.Year)+slack
		})
	})
}

// dismissed reports a step of which somebody found out that it is none.
func (c Checks) dismissed(s territory.Step) bool {
	v, ok := c.verdict(s)
	return ok && !v.Boundary
}

func (c Checks) verdict(s territory.Step) (Verdict, bool) {
	i := slices.IndexFunc(c.Verdicts, func(v Verdict) bool {
		return v.Year == int(s.Year) && slices.ContainsFunc(v.Areas, func(a string) bool {
			return a == string(s.Area) || s.Area.CityPowiat() && a == string(s.Area[:4])
		})
	})
	if i < 0 {
		return Verdict{}, false
	}
	return c.Verdicts[i], true
}

// How far a step must go: by exact figures, and by those of the middle of the year, which are
// moved to its end by half of the usual growth.
const (
	leastExact = 0.005
	leastMoved = 0.01
	moveSlack  = 0.005
)

func (s Surface) least() float64 {
	if s.Total != "" {
		return leastMoved
	}
	return leastExact
}

// reading is what the area of a unit may be by the surface; nil where the data set lacks an
// indicator of it.
func (s Surface) reading(all []Break, set *stat.Dataset) territory.Reading {
	density, ok := figureOf(all, set, s.Density...)
	if !ok {
		return nil
	}
	if s.Total != "" {
		total, ok1 := figureOf(all, set, s.Total)
		each, ok2 := figureOf(all, set, s.Each)
		if !ok1 || !ok2 {
			return nil
		}
		return midyear(set, total, each, density)
	}
	size, ok := figureOf(all, set, s.Size...)
	if !ok {
		return nil
	}
	return func(a stat.AreaCode, p stat.Period) (territory.Interval, bool) {
		n, ok1 := size(a, p)
		d, ok2 := density(a, p)
		if !ok1 || !ok2 || d.Low <= 0 {
			return territory.Interval{}, false
		}
		if v := (n.Low + n.High) / 2; n.High-n.Low == 1 { // persons are counted, not rounded
			n.Low, n.High = v, v
		}
		return n.Over(d), true
	}
}

// midyear is the area that follows from an amount, the amount per head of the middle of the year
// and the density of its end.
func midyear(set *stat.Dataset, total, each, density territory.Reading) territory.Reading {
	first, last := set.Periods()
	middle := func(a stat.AreaCode, p stat.Period) (territory.Interval, bool) {
		t, ok1 := total(a, p)
		e, ok2 := each(a, p)
		if !ok1 || !ok2 || e.Low <= 0 || t.Low <= 0 {
			return territory.Interval{}, false
		}
		return t.Over(e), true
	}
	var of stat.AreaCode // whose growth was reckoned last: areas are asked for one after the other
	var grown float64
	return func(a stat.AreaCode, p stat.Period) (territory.Interval, bool) {
		n, ok1 := middle(a, p)
		d, ok2 := density(a, p)
		if !ok1 || !ok2 || d.Low <= 0 {
			return territory.Interval{}, false
		}
		if a != of {
			of, grown = a, usualGrowth(func(p stat.Period) (territory.Interval, bool) { return middle(a, p) }, first, last)
		}
		f := math.Exp(grown / 2)
		n.Low, n.High = n.Low*f, n.High*f
		return n.Over(d).Widened(moveSlack), true
	}
}

// usualGrowth is the median of the changes from one year to the next, as a difference of
// logarithms; 0 where there is none.
func usualGrowth(of func(stat.Period) (territory.Interval, bool), first, last stat.Period) float64 {
	var all []float64
	before, known := 0.0, false
	for y := first; y <= last; y++ {
		x, ok := of(y)
		now := math.Log(x.Low + x.High)
		if ok && known {
			all = append(all, now-before)
		}
		before, known = now, ok
	}
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// figureOf reads the first of the indicators that the data set has, as what the rounding of each
// figure leaves open, marked with its vintage.
func figureOf(all []Break, set *stat.Dataset, ids ...string) (territory.Reading, bool) {
	for _, id := range ids {
		i, ok := set.Indicator(stat.IndicatorID(id))
		if !ok {
			continue
		}
		cuts := cutsOf(all, i, set.Origins(i.ID), false)
		slice := set.Slice(i.ID)
		decimals := map[stat.Period]int{}
		first, last := set.Periods()
		for y := first; y <= last; y++ {
			for _, o := range slice.In(y) {
				if v, ok := o.Value(); ok {
					for decimals[y] < i.Decimals && locale.Round(v, decimals[y]) != v {
						decimals[y]++
					}
				}
			}
		}
		surveys := cuts.ofSurface()
		several := len(set.Origins(i.ID)) > 1
		type method struct {
			extracted, table string
			surveys          int // how many of them went before
		}
		var methods []method // few; an interval has its place in them
		return func(a stat.AreaCode, p stat.Period) (territory.Interval, bool) {
			v, ok := set.Figure(a, i.ID, p).Value()
			if !ok || v <= 0 {
				return territory.Interval{}, false
			}
			m := method{}
			if several {
				origin := set.Origin(a, i.ID, p)
				m.extracted, m.table = origin.Extracted, origin.Table
			}
			for _, b := range surveys {
				if stat.Period(b.Year) <= p && b.at(a) {
					m.surveys++
				}
			}
			n := slices.Index(methods, m)
			if n < 0 {
				n = len(methods)
				methods = append(methods, m)
			}
			out := territory.Rounded(v, decimals[p])
			out.Of = uint64(n)
			return out, true
		}, true
	}
	return nil, false
}

// ofSurface is the breaks that are no matter of the census, which population and density share:
// those of the measure of surfaces.
func (c *cuts) ofSurface() []*Break {
	if c == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(c.all), func(b *Break) bool { return !b.ofSurface() })
}

// ofSurface reports a break of the measure of surfaces.
func (b *Break) ofSurface() bool { return !b.Believed() && strings.Contains(b.Label, "powierzchni") }

// sumSteps finds the areas whose parts add up only since a year, by the first count or amount
// that tells.
func sumSteps(set *stat.Dataset) []territory.Step {
	first, last := set.Periods()
	var out []territory.Step
	for _, i := range set.Indicators() {
		if i.Aggregation != stat.AggregateSum || i.UnitClass == stat.UnitSigned {
			continue
		}
		half := 0.5 * math.Pow10(-i.Decimals)
		out = append(out, territory.Sums(set.Register(), first, last, func(a stat.AreaCode, p stat.Period) (float64, float64, bool) {
			v, ok := set.At(a, i.ID, p).Value()
			return v, half, ok
		})...)
	}
	return out
}

// suspects looks for changes of territory once, before the first report of a library.
func (l *Library) suspects(ctx context.Context) error {
	l.common.loading.Lock()
	defer l.common.loading.Unlock()
	if l.common.searched {
		return nil
	}
	if !l.data.Invented {
		search := l.checks.Search(l.breaks)
		search.Needs = slices.DeleteFunc(search.Needs, func(id stat.IndicatorID) bool { return l.measures[id] == nil })
		steps, err := search.Steps(ctx, l.data.Found, l.data.Load)
		if err != nil {
			return fmt.Errorf("look for changes of territory: %w", err)
		}
		for _, s := range l.checks.Undismissed(steps) {
			for _, c := range []stat.AreaCode{s.Area, l.data.Register.OtherTier(s.Area)} {
				if c != "" {
					l.moved[c] = append(l.moved[c], s.Year)
					l.suspected[c] = append(l.suspected[c], s)
				}
			}
		}
	}
	l.common.searched = true
	return nil
}

// relocation is what a change of the territory of an area is called.
func (l *Library) relocation(a stat.AreaCode, y stat.Period) string {
	if l.suspicion(a, y) != nil {
		return "prawdopodobna zmiana granic"
	}
	return "zmiana granic"
}

// suspicion is the suspected step of an area in a year that nobody has confirmed; nil for none.
func (l *Library) suspicion(a stat.AreaCode, y stat.Period) *territory.Step {
	all := l.suspected[a]
	i := slices.IndexFunc(all, func(s territory.Step) bool { return s.Year == y })
	if i < 0 {
		return nil
	}
	if v, ok := l.checks.verdict(all[i]); ok && v.Boundary {
		return nil
	}
	return &all[i]
}

// suspicions are the suspected changes of the territory of the area in the years of the report,
// in sentences.
func (b *builder) suspicions() []string {
	var out []string
	for _, s := range b.l.suspected[b.area.Code] {
		if s.Year < b.period-longest || s.Year > b.period || b.l.suspicion(b.area.Code, s.Year) == nil {
			continue
		}
		why := "wartości części dopiero od tego roku sumują się do całości"
		if s.Way == territory.ByArea {
			why = fmt.Sprintf("powierzchnia, która wynika z danych, to około %s km², rok wcześniej %s km²", locale.Number(s.After, 1), locale.Number(s.Before, 1))
		}
		out = append(out, locale.Bind("Od "+locale.Date(fmt.Sprintf("%d-01-01", s.Year))+" prawdopodobnie inne granice ("+why+"); wartości sprzed i po nie porównano."))
	}
	return out
}
