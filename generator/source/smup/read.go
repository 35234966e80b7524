package smup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/gusapi"
	"github.com/raportjst/raportjst/generator/stat"
)

// reader turns the kept answers of one indicator after another into series.
type reader struct {
	*Source
	*work
	places map[int64]place // of each unit of the dictionary
	rows   [][]row         // of each year
	pages  []int64         // of each year
	next   []int           // of each area of the register: where its next cell goes
	ranks  []rank          // of each area: that of the row behind its cell of the year at hand
	cells  [2][]source.Cell
}

// place is where the rows of a unit belong: an area of the register, or out with them.
type place struct {
	area   int
	rank   rank
	before stat.Period
	out    string
}

// figures is what was read of one indicator.
type figures struct {
	indicator  stat.Indicator
	provenance stat.Provenance
	cells      []source.Cell
}

// emit reads everything from the archive and hands it over.
func (s *Source) emit(ctx context.Context, w *work, failed map[int64]error, to source.Sink) error {
	r := &reader{
		Source: s, work: w, places: make(map[int64]place, len(w.units)),
		rows: make([][]row, len(w.years)), pages: make([]int64, len(w.years)),
	}
	for id, u := range w.units {
		area, _ := w.register.Index(u.area)
		r.places[id] = place{area: area, rank: u.rank, before: u.before, out: u.out}
	}
	for _, pair := range w.pairs {
		var read []figures
		for i, id := range pair {
			if failed[id] != nil {
				continue
			}
			f, err := r.read(ctx, id, &r.cells[i])
			if err != nil {
				return err
			}
			read = append(read, f)
		}
		if len(read) == 2 {
			s.join(w, &read[0], read[1])
		}
		for _, f := range read {
			if len(f.cells) == 0 {
				continue
			}
			if err := to.Series(f.indicator, f.provenance, f.cells); err != nil {
				return err
			}
		}
	}
	return nil
}

// read reads one indicator, its cells into the buffer.
func (r *reader) read(ctx context.Context, id int64, buffer *[]source.Cell) (figures, error) {
	f := figures{indicator: r.indicators[id]}
	where := fmt.Sprintf("SMUP, wskaźnik %d", id)
	if err := r.card(ctx, id, &f.indicator); err != nil {
		return f, err
	}
	taken, digest, err := r.answers(ctx, id)
	if err != nil {
		return f, err
	}
	one, err := r.oneVintage(r.work, id, taken)
	if err != nil {
		return f, err
	}
	if !one { // only without the network: Load refreshes the old ones
		r.warn.Add(where, "pominięto, bo odpowiedzi w archiwum pochodzą z różnych wydań danych", 1)
		return f, nil
	}
	doubt := doubts{flags: map[int64]int{}, out: map[string]int{}}
	*buffer = r.order(*buffer, &doubt)
	doubt.tell(&r.warn, r.flags, where)
	cells, clashes := source.Settle(*buffer)
	if len(clashes) > 0 {
		r.warn.Add(where, fmt.Sprintf("pominięto sprzeczne wartości tej samej jednostki (np. %s w %d roku)", clashes[0].Area, clashes[0].Period), len(clashes))
	}
	f.cells = cells
	f.indicator.Decimals = r.decimals(cells)
	f.provenance = stat.Provenance{
		Agency: "GUS", Dataset: "SMUP", Table: "indicator-date-data?id=" + strconv.FormatInt(id, 10),
		Extracted: taken.oldest.Format(time.DateOnly), Digest: digest,
	}
	return f, nil
}

// order makes the cells of the rows, in order of area and period: sorting by counting, as
// the areas have numbers and the years come in order.
//
// An area may have rows under a former code too. They count for the years before the code
// was given up, and in those years before the rows under the code of today; where that year
// is not known, they count where today's code has none.
func (r *reader) order(cells []source.Cell, doubt *doubts) []source.Cell {
	areas := r.register.Areas()
	r.next = append(r.next[:0], make([]int, len(areas)+1)...)
	total := 0
	for i, y := range r.years {
		kept := r.rows[i][:0]
		for _, row := range r.rows[i] {
			p, ok := r.places[row.unit]
			switch {
			case !ok:
				p.out = outUnknown
			case p.before != 0 && y.period >= p.before:
				p.out = outFormer
			}
			if p.out != "" {
				doubt.out[p.out]++
				continue
			}
			row.unit, row.rank = int64(p.area), p.rank
			r.next[p.area+1]++
			kept = append(kept, row)
		}
		r.rows[i] = kept
		total += len(kept)
	}
	for i := range areas {
		r.next[i+1] += r.next[i]
	}
	cells = slices.Grow(cells[:0], total)[:total]
	clear(cells)
	for i, y := range r.years {
		r.ranks = append(r.ranks[:0], make([]rank, len(areas))...)
		for _, row := range r.rows[i] {
			at, area := &r.next[row.unit], areas[row.unit].Code
			if *at > 0 && cells[*at-1].Area == area && cells[*at-1].Period == y.period {
				if row.rank < r.ranks[row.unit] {
					continue
				}
				if row.rank > r.ranks[row.unit] {
					*at--
				}
			}
			cells[*at] = source.Cell{Area: area, Period: y.period, Observation: r.flags.observe(row, doubt)}
			r.ranks[row.unit] = row.rank
			*at++
		}
	}
	return slices.DeleteFunc(cells, func(c source.Cell) bool { return c.Area == "" })
}

// decimals is the greatest precision of the rows with a value. Where none of them tells, the
// values themselves do, up to four decimals.
func (r *reader) decimals(cells []source.Cell) int {
	most := int8(-1)
	for _, rows := range r.rows {
		for _, row := range rows {
			if row.has {
				most = max(most, row.decimals)
			}
		}
	}
	if most >= 0 {
		return int(most)
	}
	return gusapi.Decimals(cells, 4)
}

// answers reads the rows of every year. It returns when the answers were taken and the
// SHA-256 of their digests in order of year and page.
func (r *reader) answers(ctx context.Context, id int64) (taken span, digest string, err error) {
	sum := sha256.New()
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, y := range r.years {
		r.rows[i], r.pages[i] = r.rows[i][:0], 0
		body, answer, err := r.client.Body(ctx, r.dataRequest(id, y, 1))
		if err != nil {
			return taken, "", errors.Join(err, group.Wait())
		}
		if answer.None() {
			continue
		}
		taken.add(answer.Time)
		sum.Write([]byte(answer.Digest))
		group.Go(func() (err error) {
			r.rows[i], r.pages[i], err = readRows(body, id, y.date, r.rows[i])
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return taken, "", unreadable(id, err)
	}
	for i, y := range r.years {
		for page := int64(2); page <= r.pages[i]; page++ {
			body, answer, err := r.page(ctx, id, y, page)
			if err != nil {
				return taken, "", err
			}
			taken.add(answer.Time)
			sum.Write([]byte(answer.Digest))
			if r.rows[i], _, err = readRows(body, id, y.date, r.rows[i]); err != nil {
				return taken, "", unreadable(id, err)
			}
		}
	}
	return taken, hex.EncodeToString(sum.Sum(nil)), nil
}

// page reads a page that the first one counts. Where SMUP says that there is none it is asked
// once more.
func (r *reader) page(ctx context.Context, id int64, y year, page int64) ([]byte, gusapi.Answer, error) {
	request := r.dataRequest(id, y, page)
	body, answer, err := r.client.Body(ctx, request)
	if err == nil && answer.None() && !r.client.IsOffline() {
		request.AfterNone = time.Now()
		body, answer, err = r.client.Body(ctx, request)
	}
	if err == nil && answer.None() {
		err = &fault.Fault{
			Where: fmt.Sprintf("SMUP, wskaźnik %d, rok %d", id, y.period), What: fmt.Sprintf("brak strony %d, którą SMUP zapowiada", page),
			Hint: "uruchom import później: SMUP będzie zapytany jeszcze raz", Err: gusapi.ErrRequest,
		}
	}
	return body, answer, err
}

func unreadable(id int64, err error) error {
	return &fault.Fault{
		Where: fmt.Sprintf("SMUP, wskaźnik %d", id), What: "odpowiedź w archiwum jest nieczytelna",
		Hint: "pobierz dane ponownie z flagą --since", Err: err,
	}
}

// card adds what the flashcard says. A card that cannot be had or read is no great loss.
func (r *reader) card(ctx context.Context, id int64, i *stat.Indicator) error {
	if !r.cards {
		return nil
	}
	body, answer, err := r.client.Body(ctx, cardRequest(id))
	if err == nil && !answer.None() {
		err = readCard(body, i)
	} else if err != nil && !errors.Is(err, gusapi.ErrRequest) {
		return err
	}
	if err != nil {
		r.warn.Add("SMUP, fiszki wskaźników", "nie udało się ich odczytać – bez definicji i wzoru", 1)
	}
	return nil
}
