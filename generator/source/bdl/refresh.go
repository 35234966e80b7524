package bdl

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/go-faster/jx"

	"github.com/raportjst/raportjst/generator/source/gusapi"
)

// Refresh makes Load ask what has changed since the answers in the archive were taken, and for
// that alone. BDL tells the last update of many variables in one answer about one unit.
func (s *Source) Refresh() { s.refreshing = true }

// batch is how many variables one such answer tells of.
const batch = 50

// country is the unit that has figures of the most variables.
const country = "000000000000"

// updateRequest asks for the last updates of variables.
func updateRequest(ids []int64) gusapi.Request {
	q := url.Values{"format": {"json"}, "lang": {"pl"}, "page-size": {strconv.Itoa(pageSize)}}
	for _, id := range ids {
		q.Add("var-id", strconv.FormatInt(id, 10))
	}
	return gusapi.Request{Path: "data/by-unit/" + country, Query: q, Life: gusapi.Fresh, LifeOfNone: gusapi.Fresh}
}

// renew finds which of the variables in the archive BDL has updated since and notes after what
// time their pages must be taken. Where nothing tells of an update, the first page of the
// highest level is asked for again; see series.stale.
func (s *Source) renew(ctx context.Context, ids []int64) error {
	offline := Source{client: s.client.Offline()}
	had := map[int64]string{} // the last update that the archive knows
	for _, id := range ids {
		all, err := offline.fetch(ctx, id)
		if err == nil {
			had[id] = all.updated
		}
	}
	ids = slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { _, there := had[id]; return !there })
	for group := range slices.Chunk(ids, batch) {
		told, asked, err := s.updates(ctx, group)
		if err != nil {
			return err
		}
		for _, id := range group {
			switch now := second(told[id]); {
			case now == "" || had[id] == "":
				if _, err := s.page(ctx, id, levels[0], 0, time.Now().Add(-gusapi.Fresh)); err != nil {
					return err
				}
			case now != second(had[id]):
				s.after[id] = asked
			}
		}
	}
	return nil
}

// second cuts the fraction off a time as BDL writes it.
func second(s string) string { return s[:min(len(s), len("2006-01-02T15:04:05"))] }

// updates asks when variables were last updated, as BDL writes it, and tells when it was asked.
func (s *Source) updates(ctx context.Context, ids []int64) (map[int64]string, time.Time, error) {
	body, answer, err := s.client.Body(ctx, updateRequest(ids))
	told := map[int64]string{}
	if err != nil || answer.None() {
		return told, answer.Time, err
	}
	err = gusapi.Rows(body, func(d *jx.Decoder) error {
		var id int64
		var updated string
		err := d.Obj(func(d *jx.Decoder, name string) (err error) {
			switch name {
			case "id":
				id, _, err = gusapi.Integer(d)
			case "lastUpdate":
				updated, err = gusapi.Text(d)
			default:
				err = d.Skip()
			}
			return err
		})
		told[id] = updated
		return err
	}, func(d *jx.Decoder, _ string) error { return d.Skip() })
	if err != nil { // the pages themselves will tell
		s.warn.Add("BDL, data/by-unit", fmt.Sprintf("nie udało się odczytać dat aktualizacji: %v", err), 1)
		return map[int64]string{}, answer.Time, nil
	}
	return told, answer.Time, nil
}

// ages tells when what the archive has of the variables was taken.
func (s *Source) ages(ids []int64) ([]gusapi.Age, error) {
	var out []gusapi.Age
	for _, id := range ids {
		taken := time.Time{}
		for _, l := range levels {
			a, found, err := s.client.Offline().Kept(pageRequest(id, l, 0, time.Time{}))
			if err != nil {
				return nil, err
			}
			if found && !a.None() && (taken.IsZero() || a.Time.Before(taken)) {
				taken = a.Time
			}
		}
		if !taken.IsZero() {
			out = append(out, gusapi.Age{ID: prefix + strconv.FormatInt(id, 10), Taken: taken})
		}
	}
	return out, nil
}
