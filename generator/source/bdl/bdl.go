// Package bdl loads figures from the API of BDL, the Local Data Bank of Statistics Poland
// (GUS, Bank Danych Lokalnych): a variable at a time, for gminas, powiats, voivodeships and
// the country.
//
// It does not know how to ask politely (gusapi does), reads no files of BDL (bdlfile does,
// and names the variables), stores no figures and computes none.
package bdl

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
	"github.com/raportjst/raportjst/generator/source/bdlfile"
	"github.com/raportjst/raportjst/generator/source/gusapi"
)

// Base is the address of the API.
const Base = "https://bdl.stat.gov.pl/api/v1"

const (
	prefix = "bdl:" // of indicator ids

	day          = 24 * time.Hour
	dictionaries = 30 * day // how long the description of a variable or a subject serves
	vintage      = 7 * day  // how far apart the pages of one series may be taken
)

// Source is BDL through its API. It is not safe for concurrent use.
type Source struct {
	client     *gusapi.Client
	warn       gusapi.Warnings
	refreshing bool
	lenient    bool
	after      map[int64]time.Time // after when the pages of variables must be taken
}

var _ source.Source = (*Source)(nil)

// New makes a source that asks through the client.
func New(client *gusapi.Client) *Source { return &Source{client: client, after: map[int64]time.Time{}} }

// Lenient makes a variable that the API fails to give a warning though it was asked for by name.
func (s *Source) Lenient() { s.lenient = true }

// Load fetches what the archive lacks and then hands over the series from the archive, so
// that a load that was stopped at any point goes on where it stopped.
//
// BDL has far more than a hundred thousand variables: a query that names none means those
// that bdlfile knows. A variable that the API fails to give is an error when it was asked
// for by name and a warning otherwise. Indicators of BDL without a number
// ("bdl:P2137/0-4/mezczyzni") are to be had from files alone and are passed over.
func (s *Source) Load(ctx context.Context, q source.Query, to source.Sink) error {
	defer s.warn.Give(q.Warn)
	ids, err := wanted(q)
	if err != nil || len(ids) == 0 {
		return err
	}
	if plan, err := s.Plan(ctx, q); err == nil {
		s.client.Expect(plan.Requests)
	}
	signs, err := s.attributes(ctx)
	if err != nil {
		return err
	}
	if s.refreshing {
		if err := s.renew(ctx, ids); err != nil {
			return err
		}
	}
	failed, err := gusapi.Each(ids, func(id int64) error {
		_, err := s.fetch(ctx, id)
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(failed)) {
		if len(q.Indicators) > 0 && !s.lenient {
			return failed[id]
		}
		s.warn.Add(where(id), "pominięto, bo nie udało się jej pobrać: "+failed[id].Error(), 1)
	}
	r := reader{Source: s, query: q, signs: signs, to: to}
	for _, id := range ids {
		if failed[id] != nil {
			continue
		}
		if err := r.emit(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

func where(id int64) string { return fmt.Sprintf("BDL, zmienna %d", id) }

// wanted lists the numbers of the variables asked for.
func wanted(q source.Query) ([]int64, error) {
	named := q.Indicators
	if len(named) == 0 {
		named = bdlfile.KnownVariables()
	}
	var ids []int64
	for _, id := range named {
		number, ours := strings.CutPrefix(string(id), prefix)
		if !ours || strings.HasPrefix(number, "P") {
			continue
		}
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return nil, &fault.Fault{Where: "wskaźnik " + string(id), What: "po „bdl:” oczekiwano numeru zmiennej", Hint: "przykład: bdl:72305", Err: err}
		}
		ids = append(ids, n)
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// Plan tells what Load would ask for, without asking anything. How many pages a variable has
// is a guess until its first page is in the archive.
func (s *Source) Plan(ctx context.Context, q source.Query) (gusapi.Plan, error) {
	ids, err := wanted(q)
	if err != nil || len(ids) == 0 {
		return gusapi.Plan{}, err
	}
	kept, missing, estimated := 0, 0, false
	count := func(r gusapi.Request) (known bool, err error) {
		_, known, err = s.client.Kept(r)
		if known {
			kept++
		} else {
			missing++
		}
		return known, err
	}
	offline := Source{client: s.client.Offline()}
	if _, err := count(attributesRequest()); err != nil {
		return gusapi.Plan{}, err
	}
	for _, id := range ids {
		known, err := count(variableRequest(id))
		if err != nil {
			return gusapi.Plan{}, err
		}
		lowest := levels[len(levels)-1].number
		if known {
			v, err := offline.variable(ctx, id)
			if errors.Is(err, gusapi.ErrRequest) {
				continue // BDL has no such variable; Load says so
			}
			if err != nil {
				return gusapi.Plan{}, err
			}
			lowest = v.level
		} else {
			estimated = true
			missing += 3 // its subject, group and category
		}
		for _, l := range levels {
			if l.number > lowest {
				continue
			}
			pages := l.guess(q.Register)
			if first, err := offline.page(ctx, id, l, 0, time.Time{}); err == nil {
				pages = first.pages()
			} else if !errors.Is(err, gusapi.ErrRequest) {
				return gusapi.Plan{}, err
			} else if l.number >= 5 {
				estimated = true
			}
			for n := range max(1, pages) {
				if _, err := count(pageRequest(id, l, n, time.Time{})); err != nil {
					return gusapi.Plan{}, err
				}
			}
		}
	}
	if s.refreshing {
		missing += (len(ids) + batch - 1) / batch
		estimated = true // BDL has to tell what has changed
	}
	plan, err := s.client.Plan(missing, kept, estimated)
	if err != nil {
		return plan, err
	}
	plan.Ages, err = s.ages(ids)
	return plan, err
}
