// Package source is the port of data sources: one origin of figures each, translated to
// our codes at its border, with the origin's own sign kept. It stores nothing (snapshot)
// and compares nothing (peer).
package source

import (
	"context"
	"slices"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/stat"
)

// Source is one origin of figures: a file, a register, an API. Load hands over whole
// series one after another, so that a national import needs the memory of one series.
//
// A row that cannot be placed for sure (an unknown or dissolved area, a part of a gmina, a
// wrong tier) is left out with a warning; a row that may be wrong (a cut file, a bad
// number, a column that is not there) fails the load with a *fault.Fault that names file,
// line and column. Nothing is guessed.
type Source interface {
	Load(ctx context.Context, q Query, to Sink) error
}

// Query says what is wanted.
type Query struct {
	Register   *stat.Register
	Indicators []stat.IndicatorID // empty: all the source has
	First      stat.Period        // 0: all periods
	Last       stat.Period
	Today      string        // ISO 8601; no data are from a later day. "": not asked
	Warn       func(Warning) // may be nil
}

// Sink takes the series of a source.
type Sink interface {
	// Series takes one whole series of one vintage. The cells are in no order and hold no
	// area and period twice; the slice is the source's again after the call. The same
	// indicator may come again, of another vintage or of other areas: the sink decides.
	Series(i stat.Indicator, p stat.Provenance, cells []Cell) error
}

// Cell is one observation with its place.
type Cell struct {
	Area   stat.AreaCode
	Period stat.Period
	stat.Observation
}

// Warning is something left out or doubtful, in Polish, with its place.
type Warning struct {
	Where string // "plik x.csv, wiersz 12"
	What  string
	Count int // how many rows of this kind; at least 1
}

// Wants reports whether the query asks for the indicator.
func (q Query) Wants(id stat.IndicatorID) bool {
	return len(q.Indicators) == 0 || slices.Contains(q.Indicators, id)
}

// Covers reports whether the query asks for the period.
func (q Query) Covers(p stat.Period) bool {
	return (q.First == 0 || p >= q.First) && (q.Last == 0 || p <= q.Last)
}

// Future says what is wrong with a day of data that has not come yet; nil where nothing is.
func (q Query) Future(where, day string) error {
	if q.Today == "" || day <= q.Today {
		return nil
	}
	return &fault.Fault{Where: where, What: "dzień danych " + day + " jest w przyszłości", Hint: "popraw datę: to dzień, w którym dane pobrano albo sporządzono"}
}

// Report hands a warning over, if anybody listens.
func (q Query) Report(w Warning) {
	if q.Warn != nil && w.Count > 0 {
		q.Warn(w)
	}
}
