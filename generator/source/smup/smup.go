// Package smup loads figures from the API of SMUP, the system of Statistics Poland (GUS)
// that monitors public services (System Monitorowania Usług Publicznych): its catalogue of
// areas, services and indicators, its dictionaries, and the values of an indicator for the
// whole country, one year a request.
//
// It does not know how to ask politely (gusapi does), names no indicator itself but those in
// indicators.toml, stores no figures and computes none.
//
// The shapes come from public descriptions of the API, not from recorded answers. Therefore
// lists are read with or without an envelope, numbers also as texts, and unknown fields are
// passed over; what cannot be placed or understood for sure is left out with a warning.
package smup

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/gusapi"
	"github.com/raportjst/raportjst/generator/stat"
)

// Base is the address of the API.
const Base = "https://api.smup.gov.pl/api/1.0.0"

const (
	prefix = "smup:" // of indicator ids

	day          = 24 * time.Hour
	dictionaries = 7 * day // how long a list of the catalogue or a dictionary serves
	flashcards   = 90 * day
	newest       = day     // how long "no data" for one of the two newest years serves
	vintage      = 7 * day // how far apart the answers of one series may be taken
)

// Source is SMUP through its API. It is not safe for concurrent use.
type Source struct {
	client     *gusapi.Client
	cards      bool
	warn       gusapi.Warnings
	refreshing bool
	lenient    bool
}

// Refresh makes Load ask for new years and whether the newest of each indicator has changed,
// and for older years only of what has, and of some indicators each month in turn: SMUP tells
// of no updates.
func (s *Source) Refresh() { s.refreshing = true }

var _ source.Source = (*Source)(nil)

// New makes a source that asks through the client. With cards it also reads the flashcard of
// every indicator (definition, formula, unit), one more request each.
func New(client *gusapi.Client, cards bool) *Source {
	return &Source{client: client, cards: cards}
}

// Lenient makes an indicator that the API fails to give a warning though it was asked for by
// name.
func (s *Source) Lenient() { s.lenient = true }

// Load fetches what the archive lacks and then hands over the series from the archive, so
// that a load that was stopped at any point goes on where it stopped.
//
// A gmina indicator comes with its twin for cities, asked for or not. An indicator that the
// API fails to give is an error when it was asked for by name and a warning when all were.
func (s *Source) Load(ctx context.Context, q source.Query, to source.Sink) error {
	defer s.warn.Give(q.Warn)
	w, err := s.work(ctx, q)
	if err != nil {
		return err
	}
	failed, err := s.fetch(ctx, w)
	if err != nil {
		return err
	}
	return s.emit(ctx, w, failed, to)
}

// Plan tells what Load would ask for, without asking anything.
func (s *Source) Plan(ctx context.Context, q source.Query) (gusapi.Plan, error) {
	offline := Source{client: s.client.Offline(), cards: s.cards, refreshing: s.refreshing, lenient: s.lenient}
	w, err := offline.work(ctx, q)
	if errors.Is(err, gusapi.ErrRequest) {
		return s.guess(q)
	}
	if err != nil {
		return gusapi.Plan{}, err
	}
	requests, kept := 0, 0
	taken := map[string]time.Time{}
	for r := range w.requests(s.cards) {
		a, serves, err := s.client.Kept(r)
		if err != nil {
			return gusapi.Plan{}, err
		}
		if !serves {
			requests++
			continue
		}
		kept++
		if id := prefix + r.Query.Get("id"); !a.None() && r.Path == dataPath && (taken[id].IsZero() || a.Time.Before(taken[id])) {
			taken[id] = a.Time
		}
	}
	if s.refreshing { // the newest year of each, and all years of those whose turn it is
		for _, id := range slices.Concat(w.pairs...) {
			if requests++; s.due(id) {
				requests += len(w.years) - 1
			}
		}
	}
	plan, err := s.client.Plan(requests, kept, s.refreshing)
	for _, id := range slices.Sorted(maps.Keys(taken)) {
		plan.Ages = append(plan.Ages, gusapi.Age{ID: id, Taken: taken[id]})
	}
	return plan, err
}

// guess plans from what is publicly known of the size of SMUP.
func (s *Source) guess(q source.Query) (gusapi.Plan, error) {
	const lists, indicators, firstYear = 120, 1285, 2010
	n := 0
	for _, id := range q.Indicators {
		if strings.HasPrefix(string(id), prefix) {
			n++
		}
	}
	if len(q.Indicators) == 0 {
		n = indicators
	}
	if n == 0 {
		return s.client.Plan(0, 0, false)
	}
	first, last := max(q.First, firstYear), stat.Period(time.Now().Year()-1)
	if q.Last != 0 {
		last = min(last, q.Last)
	}
	requests := lists + n*max(0, int(last-first)+1)
	if s.cards {
		requests += n
	}
	return s.client.Plan(requests, 0, true)
}

// work is what a load has to do.
type work struct {
	catalogue
	register *stat.Register
	years    []year    // ascending
	pairs    [][]int64 // an indicator, with its twin for cities where it has one
	named    bool      // the indicators were asked for by name
	began    time.Time
}

// work reads the catalogue and picks from it.
func (s *Source) work(ctx context.Context, q source.Query) (*work, error) {
	var wanted []int64
	for _, id := range q.Indicators {
		number, ours := strings.CutPrefix(string(id), prefix)
		if !ours {
			continue
		}
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return nil, &fault.Fault{Where: "wskaźnik " + string(id), What: "po „smup:” oczekiwano liczby", Hint: "przykład: smup:4074", Err: err}
		}
		wanted = append(wanted, n)
	}
	if len(q.Indicators) > 0 && len(wanted) == 0 {
		return &work{}, nil
	}
	c, err := s.catalogue(ctx, q.Register)
	if err != nil {
		return nil, err
	}
	w := &work{catalogue: *c, register: q.Register, named: len(wanted) > 0 && !s.lenient, began: time.Now()}
	for _, y := range c.years {
		if q.Covers(y.period) {
			w.years = append(w.years, y)
		}
	}
	if s.lenient {
		wanted = slices.DeleteFunc(wanted, func(n int64) bool {
			_, ok := c.indicators[n]
			if !ok {
				s.warn.Add(fmt.Sprintf("SMUP, wskaźnik %d", n), "nie ma go w katalogu SMUP", 1)
			}
			return !ok
		})
		if len(wanted) == 0 && len(q.Indicators) > 0 {
			return w, nil
		}
	}
	for _, n := range wanted {
		if _, ok := c.indicators[n]; !ok {
			return nil, &fault.Fault{
				Where: fmt.Sprintf("wskaźnik %s%d", prefix, n), What: "nie ma go w katalogu SMUP",
				Hint: "sprawdź numer na smup.gov.pl",
			}
		}
	}
	w.pairs = s.pair(c, wanted)
	return w, nil
}

// requests lists everything that a load asks for after the catalogue.
func (w *work) requests(cards bool) func(yield func(gusapi.Request) bool) {
	return func(yield func(gusapi.Request) bool) {
		for _, id := range slices.Concat(w.pairs...) {
			if cards && !yield(cardRequest(id)) {
				return
			}
			for _, y := range w.years {
				if !yield(w.dataRequest(id, y, 1)) {
					return
				}
			}
		}
	}
}
