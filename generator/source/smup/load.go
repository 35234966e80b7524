package smup

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/raportjst/raportjst/generator/source/gusapi"
)

// dataRequest asks for one page of the values of an indicator in a year, for all units.
func (w *work) dataRequest(id int64, y year, page int64) gusapi.Request {
	r := gusapi.Request{
		Path: "indicator-date-data",
		Query: url.Values{
			"id": {strconv.FormatInt(id, 10)}, "id-daty": {strconv.FormatInt(y.date, 10)},
			"page": {strconv.FormatInt(page, 10)}, "page-size": {"5000"}, "lang": {"pl"},
		},
		Check: func(body []byte) error {
			_, _, err := readRows(body, id, y.date, nil)
			return err
		},
	}
	if y.newest {
		r.LifeOfNone = newest
	}
	return r
}

// fetch brings everything that the load needs into the archive. An indicator with a request
// that fails twice is given back, if not all were asked for by name.
func (s *Source) fetch(ctx context.Context, w *work) (failed map[int64]error, err error) {
	missing := 0
	for r := range w.requests(s.cards) {
		_, serves, err := s.client.Kept(r)
		if err != nil {
			return nil, err
		}
		if !serves {
			missing++
		}
	}
	s.client.Expect(missing)
	failed, err = gusapi.Each(slices.Concat(w.pairs...), func(id int64) error { return s.fetchIndicator(ctx, w, id) })
	for _, id := range slices.Sorted(maps.Keys(failed)) {
		if w.named {
			return nil, failed[id]
		}
		s.warn.Add(fmt.Sprintf("SMUP, wskaźnik %d", id), "pominięto, bo nie udało się go pobrać: "+failed[id].Error(), 1)
	}
	return failed, err
}

// fetchIndicator fetches the years of one indicator. All of them are of one vintage: an
// answer much older than the newest is asked for again.
func (s *Source) fetchIndicator(ctx context.Context, w *work, id int64) error {
	if s.cards {
		if _, err := s.client.Fetch(ctx, cardRequest(id)); err != nil && !errors.Is(err, gusapi.ErrRequest) {
			return err
		}
	}
	after := time.Time{}
	for {
		var taken span
		for _, y := range w.years {
			r := w.dataRequest(id, y, 1)
			r.After = after
			answer, err := s.client.Fetch(ctx, r)
			if err != nil {
				return err
			}
			if !answer.None() {
				taken.add(answer.Time)
			}
		}
		if taken.newest.Sub(taken.oldest) <= vintage {
			return nil
		}
		after = taken.newest.Add(-vintage)
	}
}

// span is the time in which answers were taken.
type span struct{ oldest, newest time.Time }

func (s *span) add(t time.Time) {
	if s.oldest.IsZero() || t.Before(s.oldest) {
		s.oldest = t
	}
	if t.After(s.newest) {
		s.newest = t
	}
}
