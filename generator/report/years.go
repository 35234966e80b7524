package report

import (
	"context"

	"github.com/raportjst/raportjst/generator/stat"
)

// Year is a reporting year for which a report of an area can be made, and what it would hold
// of the area's own: figures of indicators, each counted once.
type Year struct {
	Period  stat.Period
	Own     int // with a figure of the year itself
	Earlier int // with the newest one from a year before, but not too old to be told
	Total   int // of the template
}

// Years lists the reporting years up to last for which a request can be built (Accept), the
// newest first, whatever year the request names. It fails as Accept does where no year can
// help: an unknown area or template, a choice that is missing.
func (l *Library) Years(ctx context.Context, r Request, last stat.Period) ([]Year, error) {
	a, err := l.area(r.Area)
	if err != nil {
		return nil, err
	}
	d, subject, err := l.template(r.Template, a)
	if err != nil {
		return nil, err
	}
	r.Period = last
	f, err := l.prepare(ctx, d, subject, a, r)
	if err != nil {
		return nil, err
	}
	first := last
	for _, m := range f.told {
		lo, _ := m.set.Periods()
		first = min(first, lo)
	}
	var out []Year
	for y := last; y >= first; y-- {
		r.Period = y
		if l.Accept(ctx, r) == nil {
			out = append(out, l.year(f, a.Code, y))
		}
	}
	return out, nil
}

// year counts what a report would hold.
func (l *Library) year(f *frame, a stat.AreaCode, p stat.Period) Year {
	newest := map[string]stat.Period{} // one indicator may stand in several files
	for _, m := range f.told {
		key := m.same
		if key == "" {
			key = string(m.ID)
		}
		since := newest[key]
		newest[key] = since
		for y := p; y >= p-stat.Period(f.age()) && y > since; y-- {
			if _, ok := l.observe(m, a, y).Value(); ok {
				newest[key] = y
				break
			}
		}
	}
	out := Year{Period: p, Total: len(newest)}
	for _, y := range newest {
		switch y {
		case p:
			out.Own++
		case 0:
		default:
			out.Earlier++
		}
	}
	return out
}
