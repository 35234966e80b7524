package snapshot

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/stat"
)

// slot is the figures of a stratum in a year, as a file has them.
type slot struct {
	stratum stratum
	period  stat.Period
}

func slotOf(c source.Cell) slot { return slot{stratumOf(c.Area), c.Period} }

func slotsOf(cells []source.Cell) map[slot]bool {
	out := map[slot]bool{}
	for _, c := range cells {
		out[slotOf(c)] = true
	}
	return out
}

// plan says which of the vintages of an indicator each year of a circle is taken from. The
// vintages stand newest first.
type plan struct {
	vintages []*vintage
	circles  circles
	main     map[circle]int // the vintage whose series it is
	from     map[share]int
	refused  map[int]map[circle]string // why a vintage adds nothing, in Polish
}

// share is the figures of a circle in a year: they are all of one vintage.
type share struct {
	circle circle
	period stat.Period
}

func (p plan) shareOf(c source.Cell) share { return share{p.circles.of(c.Area), c.Period} }

// sharesOf are the shares that cells are of.
func (p plan) sharesOf(cells []source.Cell) map[share]bool {
	out := map[share]bool{}
	for _, c := range cells {
		out[p.shareOf(c)] = true
	}
	return out
}

// takes is the vintage that the place of a cell is taken from, -1 for none.
func (p plan) takes(c source.Cell) int {
	if i, ok := p.from[p.shareOf(c)]; ok {
		return i
	}
	return -1
}

// plan chooses for each circle the vintage whose series it is and adds to it the years that
// only others have, as far as they agree with it: a series never mixes two vintages that
// contradict each other.
func (w *writer) plan(vintages []*vintage) plan {
	p := plan{vintages, w.circles(vintages), nil, map[share]int{}, map[int]map[circle]string{}}
	p.main = w.choose(vintages, p.circles)
	for i, v := range vintages {
		for s := range p.sharesOf(v.cells) {
			if p.main[s.circle] == i {
				p.from[s] = i
			}
		}
	}
	var notes []note
	for i, v := range vintages {
		own := map[circle][]stat.Period{}
		for s := range p.sharesOf(v.cells) {
			own[s.circle] = append(own[s.circle], s.period)
		}
		for _, s := range slices.SortedFunc(maps.Keys(own), circle.compare) {
			if p.main[s] == i {
				continue
			}
			n, added := w.add(&p, i, s, own[s])
			if at := slices.IndexFunc(notes, func(x note) bool { return x.before == n.before && x.after == n.after }); added && at >= 0 {
				notes[at].tiers |= 1 << s.stratum
			} else if added {
				notes = append(notes, n)
			}
		}
	}
	for _, n := range notes {
		w.warn("wskaźnik "+vintages[0].series[0].ID, n.before+tierNames(n.tiers.words())+n.after, 1)
	}
	return p
}

// note says which years of which tiers were added from where.
type note struct {
	before, after string
	tiers         strata
}

// add adds years of a vintage to the series of a circle, or notes why not.
func (w *writer) add(p *plan, i int, s circle, years []stat.Period) (n note, added bool) {
	v, main := p.vintages[i], p.vintages[p.main[s]]
	refuse := func(why string) {
		if p.refused[i] == nil {
			p.refused[i] = map[circle]string{}
		}
		p.refused[i][s] = why
	}
	slices.Sort(years)
	fresh := slices.DeleteFunc(slices.Clone(years), func(y stat.Period) bool { _, ok := p.from[share{s, y}]; return ok })
	if v.day() == "" || main.day() == "" {
		if len(fresh) > 0 {
			refuse("nie wiadomo, z którego dnia są dane; podaj go po znaku @")
		}
		return n, false
	}
	newer := i < p.main[s]
	if base := w.rebased(v, main, newer); base > 0 {
		if newer && slices.ContainsFunc(slices.Collect(maps.Keys(p.from)), func(x share) bool {
			return x.circle == s && x.period >= base && p.from[x] == p.main[s]
		}) {
			refuse(fmt.Sprintf("dane od %d roku przeliczono, a szereg ma je sprzed przeliczenia; pobierz cały szereg", base))
			return n, false
		}
		if !newer {
			years = slices.DeleteFunc(years, func(y stat.Period) bool { return y >= base })
			fresh = slices.DeleteFunc(fresh, func(y stat.Period) bool { return y >= base })
		}
	}
	same := w.compare(*p, v, s, years)
	split, conflict := same.split()
	switch {
	case conflict != "":
		if len(fresh) > 0 || newer {
			refuse(conflict)
		}
		return n, false
	case split > 0 && !newer: // the series has revised the last years
		fresh = slices.DeleteFunc(fresh, func(y stat.Period) bool { return y > split })
	case split > 0: // this one has
		fresh = slices.DeleteFunc(slices.Clone(years), func(y stat.Period) bool {
			_, taken := p.from[share{s, y}]
			return taken && y < split
		})
	}
	if len(fresh) == 0 {
		return n, false
	}
	for _, y := range fresh {
		p.from[share{s, y}] = i
	}
	table, _ := together(v.series)
	n = note{fmt.Sprintf("z pliku %s (%s) dołączono lata: %s (", table, v.day(), source.Years(fresh)), fmt.Sprintf("); pozostałe są z %s", main.day()), 1 << s.stratum}
	switch {
	case split > 0:
		n.after += fmt.Sprintf("; nowsze dane zmieniają wartości od %d roku, wcześniejsze lata wspólne są zgodne", split)
	case same.common == 0:
		n.after += "; nie mają lat wspólnych, więc nie da się sprawdzić, czy są zgodne"
	default:
		n.after += "; w latach wspólnych są zgodne"
	}
	return n, true
}

// rebased is the first year whose figures the provider recalculated between the days of two
// vintages, 0 where none is known.
func (w *writer) rebased(v, main *vintage, newer bool) stat.Period {
	if w.content.Rebased == nil {
		return 0
	}
	older, later := v.series[0], main.series[0]
	if newer {
		older, later = later, older
	}
	return w.content.Rebased(later.indicator(), older.Extracted, later.Extracted)
}

// value is the figure at the place of a cell.
func (v *vintage) value(c source.Cell) (float64, bool) {
	at, there := slices.BinarySearchFunc(v.cells, c, source.ByPlace)
	if !there {
		return 0, false
	}
	return v.cells[at].Value()
}

// overlap is how two vintages compare in the years that both have.
type overlap struct {
	common, differ int
	byYear         map[stat.Period][2]int // figures that both have, figures that differ
}

// compare compares a vintage with what was taken so far.
func (w *writer) compare(p plan, v *vintage, s circle, years []stat.Period) overlap {
	o := overlap{byYear: map[stat.Period][2]int{}}
	for _, c := range v.cells {
		if p.circles.of(c.Area) != s || !slices.Contains(years, c.Period) {
			continue
		}
		i := p.takes(c)
		if i < 0 {
			continue
		}
		a, ok := c.Value()
		if !ok {
			continue
		}
		other := p.vintages[i]
		b, ok := other.value(c)
		if !ok { // a city under its other code
			b, ok = other.value(source.Cell{Area: w.content.Register.OtherTier(c.Area), Period: c.Period})
		}
		if !ok {
			continue
		}
		n := o.byYear[c.Period]
		n[0]++
		o.common++
		if !equal(a, b, min(v.series[0].Decimals, other.series[0].Decimals)) {
			n[1]++
			o.differ++
		}
		o.byYear[c.Period] = n
	}
	return o
}

// equal reports whether two figures are the same, where the one with more decimals may have
// been rounded.
func equal(a, b float64, decimals int32) bool {
	return a == b || math.Abs(a-b) <= 0.5*math.Pow10(-int(decimals))*(1+1e-9)
}

// corrected is the share of figures that a provider corrects without making another series.
const corrected = 0.01

// split finds the year from which the newer vintage has other figures, where the years that
// both have before it agree; 0 where all agree. Otherwise conflict says how they contradict
// each other.
func (o overlap) split() (from stat.Period, conflict string) {
	if float64(o.differ) <= corrected*float64(o.common) {
		return 0, ""
	}
	agree := false
	var differ []stat.Period
	for _, y := range slices.Sorted(maps.Keys(o.byYear)) {
		if n := o.byYear[y]; float64(n[1]) > corrected*float64(n[0]) {
			differ = append(differ, y)
		} else if len(differ) == 0 {
			agree = true
		}
	}
	if agree {
		return differ[0], ""
	}
	return 0, fmt.Sprintf("w latach wspólnych (%s) różni się %d z %d wartości", source.Years(slices.Sorted(maps.Keys(o.byYear))), o.differ, o.common)
}

// choose takes for each circle the vintage whose series it is: the one that is preferred, else
// the newest that is whole, with at least half as many cells as the fullest. A single year
// taken later does not take the place of a long series. A vintage in another unit than the
// newest chosen is taken for nothing.
func (w *writer) choose(vintages []*vintage, all circles) map[circle]int {
	for {
		count := map[circle][]int{}
		for i, v := range vintages {
			for _, c := range v.cells {
				s := all.of(c.Area)
				if count[s] == nil {
					count[s] = make([]int, len(vintages))
				}
				count[s][i]++
			}
		}
		chosen, newest := map[circle]int{}, len(vintages)-1
		for s, n := range count {
			most := slices.Max(n)
			chosen[s] = slices.IndexFunc(n, func(n int) bool { return 2*n >= most })
			for i, v := range vintages {
				if n[i] > 0 && w.prefers(v) {
					chosen[s] = i
					break
				}
			}
			newest = min(newest, chosen[s])
		}
		odd := slices.IndexFunc(vintages, func(v *vintage) bool {
			return len(v.cells) > 0 && v.series[0].Unit != vintages[newest].series[0].Unit
		})
		if odd < 0 {
			return chosen
		}
		a, b := vintages[odd].series[0], vintages[newest].series[0]
		w.warn("wskaźnik "+a.ID, fmt.Sprintf("dane z pliku %s pominięto, bo są w innej jednostce miary (%s) niż pozostałe (%s)", a.Table, a.Unit, b.Unit), len(vintages[odd].cells))
		vintages[odd].cells = nil
	}
}

// prefers reports whether the user prefers a vintage, by its day or the name of a file.
func (w *writer) prefers(v *vintage) bool {
	return slices.ContainsFunc(w.content.Prefer, func(p string) bool {
		return v.day() == p || slices.ContainsFunc(v.series, func(s series) bool { return s.Table == p })
	})
}

// leaveOut says what of a vintage is not taken, and what it alone had.
func (w *writer) leaveOut(m *Manifest, p plan, i int) {
	v := p.vintages[i]
	for j, by := range p.vintages {
		out := slices.DeleteFunc(slices.Clone(v.cells), func(c source.Cell) bool {
			n := p.takes(c)
			if n < 0 {
				n = p.main[p.circles.of(c.Area)]
				return n != j
			}
			return n == i || n != j
		})
		if j == i || len(out) == 0 {
			continue
		}
		lost, common, differ := 0, 0, 0
		for _, c := range out {
			other := source.Cell{Area: w.content.Register.OtherTier(c.Area), Period: c.Period}
			if a, ok := c.Value(); ok {
				if b, there := by.value(c); there {
					if common++; a != b {
						differ++
					}
				}
			}
			if p.takes(c) < 0 || !by.has(c) && !by.has(other) {
				lost++
			}
		}
		table, _ := together(v.series)
		tiers := tiersOf(out)
		m.Superseded = append(m.Superseded, Superseded{stat.IndicatorID(v.series[0].ID), table, v.day(), by.day(), tiers, lost})
		what := fmt.Sprintf("dane z pliku %s (%s) zastąpiono nowszymi z %s (%s)", table, day(v.day()), day(by.day()), tierNames(tiers))
		if j > i {
			what = fmt.Sprintf("danych z pliku %s (%s) nie użyto, szereg jest z %s (%s)", table, day(v.day()), day(by.day()), tierNames(tiers))
		}
		why := ""
		for s, reason := range p.refused[i] {
			if slices.ContainsFunc(out, func(c source.Cell) bool { return p.circles.of(c.Area) == s }) && (why == "" || reason < why) {
				why = reason
			}
		}
		switch {
		case why == "" && j > i && common > 0 && differ == 0:
			why = "wartości są te same"
		case why == "" && j > i && differ > 0:
			why = fmt.Sprintf("różni się %d z %d wartości, a szereg jest dłuższy", differ, common)
		}
		if why != "" {
			what += ": " + why
		}
		if lost > 0 {
			what += fmt.Sprintf("; wartości, które były tylko tam, przepadły: %d, bo szereg nie łączy dwóch sprzecznych wydań danych", lost)
		}
		if j > i || lost > 0 {
			what += "; żeby użyć tych danych, podaj --prefer " + cmp.Or(v.day(), table)
		}
		w.warn("wskaźnik "+v.series[0].ID, what, 1)
	}
}

// use notes that a series of now became part of the snapshot.
func (w *writer) use(s series) {
	if !s.base {
		w.used[Origin{s.Table, s.Digest}] = true
	}
}

// Origin is a file, or an answer of an API, as the series name it.
type Origin struct{ Table, Digest string }
