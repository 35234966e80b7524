package report

import (
	"cmp"
	"math"
	"slices"

	"github.com/raportjst/raportjst/generator/peer"
	"github.com/raportjst/raportjst/generator/stat"
)

// The choice of findings is a rule, printed on the method page (findingsRule): first what
// the template always puts first, then the indicators that lie furthest from the median of
// the group or changed most unlike it, in interquartile ranges, at most two of a chapter;
// where the chapters are too few for that, as many of each as they need.

const findingsRule = "Pierwsze ustalenia dotyczą wskaźników wskazanych w szablonie. Kolejne to wskaźniki, których wartość lub zmiana w ciągu pięciu lat (albo od pierwszego porównywalnego roku) jest najbardziej oddalona od mediany grupy, mierząc rozstępem ćwiartkowym; zmian liczb mniejszych niż 30 nie bierze się pod uwagę; za każdy rok opóźnienia danych odejmuje się 0,25. Gdy grupa jest zbyt mała, liczy się sama zmiana. Z jednego rozdziału pochodzą najwyżej dwa, chyba że rozdziałów jest za mało."

const findingsName = "Ustalenia"

const (
	perChapter = 2
	stale      = 0.25 // taken off for each year by which the newest figure lags behind
	furthest   = 3.0  // interquartile ranges beyond which distance counts no more
)

// candidate is an indicator that may become a finding.
type candidate struct {
	*reading
	chapter *shownChapter
	score   float64
	order   int
}

// chosen picks up to n findings: the lead ones, then by score. Of equal score the newer,
// then the earlier in the template.
func chosen(lead, rest []candidate, n int) []candidate {
	var out []candidate
	count := map[*shownChapter]int{}
	take := func(c candidate) {
		if len(out) < n && !slices.ContainsFunc(out, func(x candidate) bool { return x.reading == c.reading }) {
			out = append(out, c)
			count[c.chapter]++
		}
	}
	for _, c := range lead {
		take(c)
	}
	most := max(perChapter, share(rest, n))
	rest = slices.Clone(rest)
	slices.SortStableFunc(rest, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.year, a.year), cmp.Compare(a.order, b.order))
	})
	for _, c := range rest {
		if count[c.chapter] < most && c.score > 0 {
			take(c)
		}
	}
	return out
}

// share is how many of n findings fall to each chapter, rounded up.
func share(rest []candidate, n int) int {
	chapters := map[*shownChapter]bool{}
	for _, c := range rest {
		chapters[c.chapter] = true
	}
	if len(chapters) == 0 {
		return n
	}
	return (n + len(chapters) - 1) / len(chapters)
}

// score is how far a reading lies from its group, in value or in change.
func (b *builder) score(r *reading) float64 {
	d := 0.0
	if r.ranked && r.Aggregation != stat.AggregateSum {
		d = apart(r.value, &r.sample.Sample)
	}
	if r.span.State == peer.Measured && r.span.Class == r.UnitClass { // the change of a small count is chance
		if s := b.l.changes(b.group.members, r.measure, r.span.From, r.span.To); s.Enough() {
			d = max(d, apart(r.span.Value, &s.Sample))
		} else {
			d = max(d, alone(r.span))
		}
	}
	return d - stale*float64(b.period-r.year)
}

// apart is the distance from the median in interquartile ranges, at most furthest; 0 where
// the middle half of the group is all equal.
func apart(v float64, s *peer.Sample) float64 {
	iqr := s.High - s.Low
	if iqr <= 0 {
		return 0
	}
	return min(math.Abs(v-s.Median)/iqr, furthest)
}

// alone is the score of a change with nobody to compare: 100 per cent or 100 points count
// as one.
func alone(c peer.Change) float64 {
	if c.Class == stat.UnitSigned {
		return 0
	}
	return min(math.Abs(c.Value)/100, 1)
}

// findings picks the findings of the summary.
func (b *builder) findings() []candidate {
	home := map[*measure]*shownChapter{}
	var rest []candidate
	for _, c := range b.shown {
		for _, r := range c.readings {
			if _, twice := home[r.measure]; twice || !r.has || !r.known() {
				continue
			}
			home[r.measure] = c
			rest = append(rest, candidate{reading: r, chapter: c, score: b.score(r), order: len(rest)})
		}
	}
	var lead []candidate
	for _, choice := range b.f.lead {
		if r := b.first(choice); r != nil && home[r.measure] != nil {
			lead = append(lead, candidate{reading: r, chapter: home[r.measure]})
		}
	}
	n := b.f.Summary.Findings
	if n == 0 {
		n = 6
	}
	out := chosen(lead, rest, n)
	// Told in the order of the chapters they come from.
	place := func(c candidate) int { return slices.Index(b.shown, c.chapter) }
	slices.SortStableFunc(out, func(x, y candidate) int { return cmp.Compare(place(x), place(y)) })
	return out
}
