package report

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/stat"
)

// Accept tells, before a report is made, why a request cannot be built: an unknown area or
// template, a template that is not made for the area or needs a choice, a peer group that is
// missing or holds no area, an area without figures of its own that are new enough (NoData).
// It fails as Build would, so that whoever orders hears it at once and not from a job that
// failed. What Build may refuse beyond is what the template itself says and shows in every
// report: its texts and pictures.
func (l *Library) Accept(ctx context.Context, r Request) error {
	_, err := l.accept(ctx, r)
	return err
}

// accepted is what a report is built from.
type accepted struct {
	*Library // the edition for the year
	f        *frame
	area     stat.Area
	group    *group
}

func (l *Library) accept(ctx context.Context, r Request) (accepted, error) {
	l = l.edition(r.Period)
	out := accepted{Library: l}
	var err error
	if out.area, err = l.area(r.Area); err != nil {
		return out, err
	}
	d, subject, err := l.template(r.Template, out.area)
	if err != nil {
		return out, err
	}
	if out.f, err = l.prepare(ctx, d, subject, out.area, r); err != nil {
		return out, err
	}
	if out.group, err = l.group(out.f, out.area, r); err != nil {
		return out, err
	}
	subjects := []stat.AreaCode{out.area.Code}
	if d.Union { // of whose own figures the report is made
		subjects = out.group.codes
	}
	if err := l.figures(out.f, subjects, r.Period); err != nil {
		return out, err
	}
	return out, l.companions(out.f, out.area, out.group.codes, r.Period)
}

// oldest is how old figures may be where the template does not say.
const oldest = 3

// age is how many years before the reporting year a figure may be of.
func (f *frame) age() int { return cmp.Or(f.MaxAge, oldest) }

// figures fails where none of some areas has a figure of its own, not older than allowed, of
// any indicator that a template shows: such a report would say nothing. What their group has
// does not count.
func (l *Library) figures(f *frame, subjects []stat.AreaCode, period stat.Period) error {
	if !l.anyFigure(f, subjects, period) {
		return l.barren(f, subjects, period, "żaden wskaźnik szablonu nie ma własnej wartości")
	}
	if !f.Union {
		return nil
	}
	with := l.withFigures(f, subjects, period)
	if !slices.ContainsFunc(f.told, func(m *measure) bool { return l.halfHave(m, with, period, period-stat.Period(f.age())) != 0 }) {
		return l.barren(f, subjects, period, "nie ma czego zestawić: żaden wskaźnik nie ma wartości co najmniej połowy jednostek, które mają dane,")
	}
	return nil
}

// withFigures are those of some areas that have any figure that a template shows.
func (l *Library) withFigures(f *frame, areas []stat.AreaCode, period stat.Period) []stat.AreaCode {
	return slices.DeleteFunc(slices.Clone(areas), func(a stat.AreaCode) bool { return !l.anyFigure(f, []stat.AreaCode{a}, period) })
}

// halfHave is the newest year of a span of which at least half of some areas have values of an
// indicator; 0 where there is none.
func (l *Library) halfHave(m *measure, areas []stat.AreaCode, newest, oldest stat.Period) stat.Period {
	for y := newest; y >= max(oldest, 1); y-- {
		n := 0
		for _, a := range areas {
			if _, ok := l.observe(m, a, y).Value(); ok {
				n++
			}
		}
		if 2*n >= len(areas) {
			return y
		}
	}
	return 0
}

// barren is the fault of a report without figures.
func (l *Library) barren(f *frame, subjects []stat.AreaCode, period stat.Period, why string) error {
	whose := "dane tej jednostki obejmują"
	where := fmt.Sprintf("jednostka %s, rok %d", subjects[0], period)
	if len(subjects) > 1 {
		whose, where = "dane tych jednostek obejmują", fmt.Sprintf("zestawienie jednostek (%d), rok %d", len(subjects), period)
	}
	if full := f.inFull(l, subjects, period); len(full) > 0 {
		return &fault.Fault{
			Where: where, What: fmt.Sprintf("brak danych: w wybranych rozdziałach (%s) %s za ten rok ani za poprzednie (%s)", strings.Join(f.chosen, ", "), why, locale.Rok.Count(f.age())),
			Hint: "rozdziały, które mają dane: " + strings.Join(full, ", "), Err: errNoData,
		}
	}
	hint := "wybierz szablon przeznaczony dla tego rodzaju jednostek albo zaimportuj dane, które go dotyczą"
	if years := l.yearsOf(f, subjects); len(years) > 0 {
		hint = fmt.Sprintf("%s lata %s; wybierz jeden z nich albo zaimportuj nowsze dane", whose, spans(years))
	}
	return &fault.Fault{
		Where: where,
		What:  fmt.Sprintf("brak danych: %s za ten rok ani za poprzednie (%s)", why, locale.Rok.Count(f.age())),
		Hint:  hint,
		Err:   errNoData,
	}
}

// inFull are the chapters that have figures where those that a request is for have none.
func (f *frame) inFull(l *Library, subjects []stat.AreaCode, period stat.Period) []string {
	if len(f.chosen) == 0 {
		return nil
	}
	var out []string
	for _, c := range f.chapters {
		part := frame{definition: f.definition}
		for _, m := range f.all {
			if c.shows(m) {
				part.told = append(part.told, m)
			}
		}
		if l.anyFigure(&part, subjects, period) {
			out = append(out, c.ID)
		}
	}
	return out
}

// anyFigure reports whether any of some areas has a figure that is new enough of what a
// template shows.
func (l *Library) anyFigure(f *frame, areas []stat.AreaCode, period stat.Period) bool {
	since := period - stat.Period(f.age())
	for _, m := range f.told {
		for _, a := range areas {
			for y := period; y >= since; y-- {
				if _, ok := l.observe(m, a, y).Value(); ok {
					return true
				}
			}
		}
	}
	return false
}

// yearsOf are the years in which any of some areas has a figure that a template shows.
func (l *Library) yearsOf(f *frame, subjects []stat.AreaCode) []stat.Period {
	var out []stat.Period
	first, last := stat.Period(math.MaxInt32), stat.Period(0)
	for _, m := range f.told {
		lo, hi := m.set.Periods()
		first, last = min(first, lo), max(last, hi)
	}
	for y := first; y <= last; y++ {
		if slices.ContainsFunc(f.told, func(m *measure) bool {
			return slices.ContainsFunc(subjects, func(a stat.AreaCode) bool { _, ok := l.observe(m, a, y).Value(); return ok })
		}) {
			out = append(out, y)
		}
	}
	return out
}

// spans writes years as runs: "2003–2018, 2020".
func spans(years []stat.Period) string {
	var out []string
	for len(years) > 0 {
		n := 1
		for n < len(years) && years[n] == years[n-1]+1 {
			n++
		}
		out = append(out, locale.Years(int(years[0]), int(years[n-1])))
		years = years[n:]
	}
	return strings.Join(out, ", ")
}

// Choice is a template as it can be named in a request.
type Choice struct {
	ID    string // "gmina", "usluga:szkoly-podstawowe"
	Title string // "Załącznik do raportu o stanie gminy"; of a choice its name, too
}

// Choices are the templates that are made for an area, in order of id, each choice of those
// that need one by itself.
func (l *Library) Choices(code stat.AreaCode) []Choice {
	a, err := l.area(code)
	if err != nil {
		return nil
	}
	var out []Choice
	for _, t := range l.Templates() {
		switch {
		case !l.suits(t, a):
		case t.Subject == "":
			out = append(out, Choice{t.ID, t.Title})
		default:
			subjects := l.Subjects(t.ID)
			var ids []string
			for id := range subjects {
				ids = append(ids, id)
			}
			slices.Sort(ids)
			for _, id := range ids {
				out = append(out, Choice{t.ID + ":" + id, t.Title + ": " + subjects[id]})
			}
		}
	}
	return out
}
