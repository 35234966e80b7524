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

const dataPath = "indicator-date-data"

// dataRequest asks for one page of the values of an indicator in a year, for all units.
func (w *work) dataRequest(id int64, y year, page int64) gusapi.Request {
	r := gusapi.Request{
		Path: dataPath,
		Query: url.Values{
			"id": {strconv.FormatInt(id, 10)}, "id-daty": {strconv.FormatInt(y.date, 10)},
			"page": {strconv.FormatInt(page, 10)}, "page-size": {"5000"}, "lang": {"pl"},
		},
		Check: func(body []byte) error {
			rows, _, err := readRows(body, id, y.date, nil)
			if err == nil && len(rows) == 0 {
				err = errNothing
			}
			return err
		},
		LifeOfNone: flashcards,
	}
	if y.newest {
		r.LifeOfNone = newest
	}
	return r
}

// errNothing is a page without a row: where SMUP has no data it says so with a 404, and it has
// no pages beyond those that it counts.
var errNothing = errors.New("a page without a row")

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
	after, recent, err := s.renew(ctx, w, id)
	if err != nil {
		return err
	}
	answers := make([]gusapi.Answer, len(w.years))
	for {
		var taken span
		for i, y := range w.years {
			r := w.dataRequest(id, y, 1)
			if r.After = after; y.newest {
				r.AfterNone = recent
			}
			answer, err := s.client.Fetch(ctx, r)
			if err != nil {
				return err
			}
			if !answer.None() {
				taken.add(answer.Time)
			}
			answers[i] = answer
		}
		if err := s.fillHoles(ctx, w, id, answers, &taken); err != nil {
			return err
		}
		if one, err := s.oneVintage(w, id, taken); one || err != nil {
			return err
		}
		after = taken.newest.Add(-vintage)
	}
}

// rounds is how many months it takes until every indicator was asked for anew.
const rounds = 12

// due reports whether all years of an indicator are asked for again this month.
func (s *Source) due(id int64) bool { return id%rounds == int64(time.Now().Month())%rounds }

// renew asks whether the newest year that the archive has of an indicator has changed. after is
// the time after which its answers must be taken; recent, that for years which were not there.
func (s *Source) renew(ctx context.Context, w *work, id int64) (after, recent time.Time, err error) {
	if !s.refreshing {
		return after, recent, nil
	}
	recent = w.began.Add(-gusapi.Fresh)
	if s.due(id) {
		return recent, recent, nil
	}
	for _, y := range slices.Backward(w.years) {
		r := w.dataRequest(id, y, 1)
		old, found, err := s.client.Offline().Kept(r)
		if err != nil {
			return after, recent, err
		}
		if !found || old.None() {
			continue
		}
		r.After = recent
		now, err := s.client.Fetch(ctx, r)
		if err == nil && now.Digest != old.Digest {
			after = recent
		}
		return after, recent, err
	}
	return after, recent, nil
}

// oneVintage reports whether answers taken over a time are of one vintage: taken within a few
// days, or linked by a year that SMUP gave without a change at both ends of that time.
func (s *Source) oneVintage(w *work, id int64, taken span) (bool, error) {
	if taken.newest.Sub(taken.oldest) <= vintage {
		return true, nil
	}
	for _, y := range slices.Backward(w.years) {
		r := w.dataRequest(id, y, 1)
		a, found, err := s.client.Offline().Kept(r)
		if err != nil {
			return false, err
		}
		if !found || a.None() || taken.newest.Sub(a.Time) > vintage {
			continue
		}
		since, err := s.client.Since(r)
		if err != nil {
			return false, err
		}
		if since.Sub(taken.oldest) <= vintage {
			return true, nil
		}
	}
	return false, nil
}

// fillHoles asks again for the years without data between years with data, if the provider was
// last asked for them before this day: one bad answer must not cost a year for ever.
func (s *Source) fillHoles(ctx context.Context, w *work, id int64, answers []gusapi.Answer, taken *span) error {
	has := func(a gusapi.Answer) bool { return !a.None() }
	for i, a := range answers {
		if has(a) || !slices.ContainsFunc(answers[:i], has) || !slices.ContainsFunc(answers[i:], has) {
			continue
		}
		r := w.dataRequest(id, w.years[i], 1)
		if r.AfterNone = time.Now().Add(-newest); !a.Time.Before(w.began) {
			r.AfterNone = time.Now() // the first answer of this load
		}
		again, err := s.client.Fetch(ctx, r)
		if err != nil {
			return err
		}
		if answers[i] = again; has(again) {
			taken.add(again.Time)
		} else if !a.Time.Before(w.began) {
			s.warn.Add(fmt.Sprintf("SMUP, wskaźnik %d", id), fmt.Sprintf("SMUP nie ma danych z lat, choć ma z wcześniejszych i późniejszych: %d", w.years[i].period), 1)
		}
	}
	return nil
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
