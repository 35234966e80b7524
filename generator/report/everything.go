package report

import (
	"cmp"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/stat"
)

// Everything lists a request for each template on each area that it is made for; of a
// template that needs a choice, each choice on one area of each kind. A template that
// compares is given the neighbours. Where areas are named there are no others.
func (l *Library) Everything(period stat.Period, areas ...stat.AreaCode) []Request {
	var out []Request
	for _, t := range l.Templates() {
		subjects := slices.Sorted(maps.Keys(l.Subjects(t.ID)))
		seen := map[stat.Kind]bool{}
		for _, a := range l.data.Register.Areas() {
			if l.data.Register.Canonical(a.Code) != a.Code || !l.suits(t, a) || len(areas) > 0 && !slices.Contains(areas, a.Code) {
				continue
			}
			r := Request{Area: a.Code, Period: period, Template: t.ID}
			if t.Group.Rule == "list" && len(t.Group.Members) == 0 {
				if r.Peers = l.some(a); len(r.Peers) == 0 {
					continue // the only one of its kind
				}
			}
			switch {
			case t.Subject == "":
				out = append(out, r)
			case !seen[a.Kind]:
				seen[a.Kind] = true
				for _, s := range subjects {
					r.Template = t.ID + ":" + s
					out = append(out, r)
				}
			}
		}
	}
	return out
}

func (l *Library) suits(t Template, a stat.Area) bool {
	return (len(t.Kinds) == 0 || slices.Contains(t.Kinds, locale.Kind(a.Kind).Key)) && (len(t.Areas) == 0 || slices.Contains(t.Areas, string(a.Code)))
}

// some is areas to compare with: the neighbours, else all others of the kind.
func (l *Library) some(a stat.Area) []string {
	var out []string
	for _, c := range l.data.Register.Neighbours(a.Code) {
		out = append(out, string(c))
	}
	if len(out) == 0 {
		for _, x := range l.data.Register.Areas() {
			if x.Code != a.Code && x.Kind == a.Kind && len(x.Code) == len(a.Code) {
				out = append(out, string(x.Code))
			}
		}
	}
	return out
}

// telling is how many reports of a template on areas of one kind Telling spreads over the country.
const telling = 6

// Telling chooses, of requests that Everything lists, those whose reports show what the others
// do: of each template and kind of area some from all over the country and the extremes, those
// with the longest and the shortest name, the most and the fewest neighbours, inhabitants and
// figures. They stand in the order of the requests.
//
// It leaves out no way in which a template can be at fault. What Build refuses is the same for
// all areas but for what Accept tells, which is quick enough to ask for each; and how a report
// is set depends on how much and how large what it shows is.
func (l *Library) Telling(all []Request) []Request {
	type class struct {
		template string
		kind     stat.Kind
	}
	classes := map[class][]int{}
	for i, r := range all {
		a, _ := l.data.Register.Area(r.Area)
		k := class{r.Template, a.Kind}
		classes[k] = append(classes[k], i)
	}
	chosen := map[int]bool{}
	for _, members := range classes {
		for n := range min(telling, len(members)) {
			chosen[members[n*len(members)/min(telling, len(members))]] = true
		}
		if len(members) <= telling {
			continue
		}
		for _, size := range l.sizes(all[members[0]]) {
			by := func(i, k int) int { return cmp.Compare(size(all[i].Area), size(all[k].Area)) }
			chosen[slices.MinFunc(members, by)], chosen[slices.MaxFunc(members, by)] = true, true
		}
	}
	var out []Request
	for _, i := range slices.Sorted(maps.Keys(chosen)) {
		out = append(out, all[i])
	}
	return out
}

// sizes are in what areas differ that a template describes; they are known after Accept.
func (l *Library) sizes(r Request) []func(stat.AreaCode) float64 {
	out := []func(stat.AreaCode) float64{
		func(c stat.AreaCode) float64 {
			a, _ := l.data.Register.Area(c)
			return float64(utf8.RuneCountInString(a.Name))
		},
		func(c stat.AreaCode) float64 { return float64(len(l.data.Register.Neighbours(c))) },
	}
	a, err := l.area(r.Area)
	if err != nil {
		return out
	}
	d, subject, err := l.template(r.Template, a)
	if err != nil {
		return out
	}
	f, err := l.frame(d, subject, len(a.Code) < 6)
	if err != nil || slices.ContainsFunc(f.measures, func(m *measure) bool { return m.set == nil }) {
		return out
	}
	people, _ := l.size(f, a, r.Period)
	figures := map[stat.AreaCode]float64{}
	return append(out,
		func(c stat.AreaCode) float64 { n, _ := people(c); return n },
		func(c stat.AreaCode) float64 {
			if _, ok := figures[c]; !ok {
				figures[c] = 0
				for _, m := range f.told {
					for y := r.Period - stat.Period(f.age()); y <= r.Period; y++ {
						if _, ok := l.observe(m, c, y).Value(); ok {
							figures[c]++
						}
					}
				}
			}
			return figures[c]
		})
}
