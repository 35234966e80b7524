package bdl

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/gusapi"
	"github.com/raportjst/raportjst/generator/stat"
)

// series is everything that BDL has of a variable.
type series struct {
	indicator stat.Indicator
	levels    map[level][]page
	oldest    time.Time
	updated   string
}

// fetch gets a variable with all its pages, from the archive or from the API. They are of
// one vintage: pages much older than the newest, or from before an update that another page
// tells of, are asked for again.
func (s *Source) fetch(ctx context.Context, id int64) (*series, error) {
	v, err := s.variable(ctx, id)
	if err != nil {
		return nil, err
	}
	all := &series{}
	if all.indicator, err = s.indicator(ctx, id, v); err != nil {
		return nil, err
	}
	after := s.after[id]
	for try := 0; ; try++ {
		if err := s.pages(ctx, id, v, all, after); err != nil {
			return nil, err
		}
		stale := all.stale()
		if stale.IsZero() {
			return all, nil
		}
		if try == 3 {
			return nil, &fault.Fault{Where: where(id), What: "BDL zmienia dane w trakcie pobierania", Hint: "spróbuj później", Err: gusapi.ErrRequest}
		}
		after = stale
	}
}

// pages gets the pages of all levels; those taken before after anew. BDL says how far down a
// variable goes and which years it has: what it promises and does not give is asked for once
// more, and an answer that stays without it is an error, not a level or a year less.
func (s *Source) pages(ctx context.Context, id int64, v variable, all *series, after time.Time) error {
	all.levels = map[level][]page{}
	for _, l := range levels {
		if l.number > v.level {
			continue
		}
		if err := s.again(id, after, func(after time.Time) (problem string, err error) {
			all.levels[l], problem, err = s.level(ctx, id, l, after)
			return problem, err
		}); err != nil {
			return err
		}
	}
	missing := all.missing(v.years)
	if len(missing) == 0 {
		return nil
	}
	lowest := levels[0]
	for _, l := range levels {
		if l.number <= v.level {
			lowest = l
		}
	}
	return s.again(id, time.Now(), func(after time.Time) (problem string, err error) {
		if all.levels[lowest], problem, err = s.level(ctx, id, lowest, after); problem != "" || err != nil {
			return problem, err
		}
		if missing = all.missing(v.years); len(missing) > 0 {
			problem = "brak lat, które BDL zapowiada: " + source.Years(missing)
		}
		return problem, nil
	})
}

// again does what asks for pages, and once more for newer ones where that has a problem.
func (s *Source) again(id int64, after time.Time, ask func(after time.Time) (problem string, err error)) error {
	for try := 0; ; try++ {
		problem, err := ask(after)
		if err != nil || problem == "" {
			return err
		}
		if try == 1 || s.client.IsOffline() {
			return &fault.Fault{Where: where(id), What: problem, Hint: "uruchom import później: BDL będzie zapytany jeszcze raz", Err: gusapi.ErrRequest}
		}
		after = time.Now()
	}
}

// level gets the pages of one level, none of them from before after. problem says in Polish
// what is wrong with the whole of them.
func (s *Source) level(ctx context.Context, id int64, l level, after time.Time) (pages []page, problem string, err error) {
	units := map[string]bool{}
	for n, last := 0, 1; n < last; n++ {
		p, err := s.page(ctx, id, l, n, after)
		if err != nil {
			return nil, "", err
		}
		if n == 0 {
			last = p.pages()
		}
		for _, u := range p.units {
			units[u.id] = true
		}
		pages = append(pages, p)
	}
	switch total := pages[0].total; {
	case total == 0:
		return pages, fmt.Sprintf("BDL nie podało żadnej jednostki poziomu %d, choć zapowiada dane tego poziomu", l.number), nil
	case int64(len(units)) != total:
		return pages, fmt.Sprintf("strony mają razem %d jednostek z %d", len(units), total), nil
	}
	return pages, "", nil
}

// missing are the promised years that no unit of any level has.
func (all *series) missing(years []stat.Period) []stat.Period {
	have := map[stat.Period]bool{}
	for _, pages := range all.levels {
		for _, p := range pages {
			for _, u := range p.units {
				for _, v := range u.values {
					have[stat.Period(v.year)] = true
				}
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(years), func(y stat.Period) bool { return have[y] })
}

// stale finds a time such that the pages taken before it are of an older vintage than the
// newest; zero where all are of one. It notes when the oldest page was taken.
func (all *series) stale() time.Time {
	var oldest, newest, outdated time.Time
	all.updated = ""
	for _, pages := range all.levels {
		for _, p := range pages {
			all.updated = max(all.updated, p.updated)
		}
	}
	for _, pages := range all.levels {
		for _, p := range pages {
			t := p.answer.Time
			if p.answer.None() {
				continue
			}
			if oldest.IsZero() || t.Before(oldest) {
				oldest = t
			}
			if t.After(newest) {
				newest = t
			}
			if p.updated != all.updated && t.After(outdated) {
				outdated = t
			}
		}
	}
	all.oldest = oldest
	switch {
	case !outdated.IsZero():
		return outdated.Add(1)
	case all.updated == "" && newest.Sub(oldest) > vintage: // nothing tells that they are of one edition
		return newest.Add(-vintage)
	}
	return time.Time{}
}

// reader turns what is in the archive into series.
type reader struct {
	*Source
	query source.Query
	signs signs
	to    source.Sink
}

// emit hands over the series of a variable.
func (r reader) emit(ctx context.Context, id int64) error {
	all, err := r.fetch(ctx, id)
	if err != nil {
		return err
	}
	var cells []source.Cell
	digest, doubled := sha256.New(), map[stat.AreaCode]bool{}
	for _, l := range levels {
		located, err := r.locate(id, all.levels[l])
		if err != nil {
			return err
		}
		for area := range source.Doubled(located) {
			doubled[area] = true
		}
		for _, p := range all.levels[l] {
			digest.Write([]byte(p.answer.Digest))
			for _, u := range p.units {
				switch at := located[u.id]; {
				case at.Area == "": // warned of
				case at.Area.Level() == l.level:
					cells = r.observe(cells, id, at.Area, u)
				default:
					r.warn.Add(where(id), "pominięto jednostki innego poziomu, niż pytano", 1)
				}
			}
		}
	}
	cells, clashes := source.Settle(source.WithoutEmpties(cells, doubled))
	if len(clashes) > 0 {
		r.warn.Add(where(id), fmt.Sprintf("pominięto sprzeczne wartości tej samej jednostki (np. %s w %d roku)", clashes[0].Area, clashes[0].Period), len(clashes))
	}
	if len(cells) == 0 {
		return nil
	}
	all.indicator.Decimals = max(all.indicator.Decimals, gusapi.Decimals(cells, 2))
	return r.to.Series(all.indicator, stat.Provenance{
		Agency: "GUS", Dataset: "BDL", Table: "data/by-variable/" + strconv.FormatInt(id, 10),
		Extracted: all.oldest.Format(time.DateOnly), Updated: date(all.updated), Digest: hex.EncodeToString(digest.Sum(nil)),
	}, cells)
}

// locate finds the areas of the units of a level. Statistical localities have ids of their
// own (030210564011-0986283) and are no areas.
func (r reader) locate(id int64, pages []page) (map[string]source.Located, error) {
	var ids []string
	localities := 0
	for _, p := range pages {
		for _, u := range p.units {
			if strings.Contains(u.id, "-") {
				localities++
				continue
			}
			ids = append(ids, u.id)
		}
	}
	r.warn.Add(where(id), "pominięto miejscowości statystyczne", localities)
	located, err := source.Locate(r.query.Register, ids)
	var code *source.CodeError
	if errors.As(err, &code) {
		return nil, &fault.Fault{Where: where(id), What: "identyfikatory jednostek: " + code.Polish(), Hint: "sprawdź, czy wczytano rejestr całego kraju", Err: err}
	}
	for _, w := range source.Unplaced(ids, located) {
		r.warn.Add(where(id), w.What, w.Count)
	}
	return located, err
}

// observe adds the cells of a unit.
func (r reader) observe(cells []source.Cell, id int64, area stat.AreaCode, u unit) []source.Cell {
	for _, v := range u.values {
		period := stat.Period(v.year)
		if !r.query.Covers(period) {
			continue
		}
		o, doubt := r.signs.observe(v)
		if doubt != "" {
			r.warn.Add(where(id), doubt, 1)
		}
		cells = append(cells, source.Cell{Area: area, Period: period, Observation: o})
	}
	return cells
}
