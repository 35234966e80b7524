// Package sourcetest is the conformance suite of the port source: what every source of
// figures keeps, whatever its origin. It knows no origin and no figure.
package sourcetest

import (
	"context"
	"encoding/hex"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/stat"
)

// Series is one call of a sink.
type Series struct {
	Indicator  stat.Indicator
	Provenance stat.Provenance
	Cells      []source.Cell
}

// Recorder is a sink that keeps what it takes.
type Recorder []Series

// Series implements source.Sink.
func (r *Recorder) Series(i stat.Indicator, p stat.Provenance, cells []source.Cell) error {
	*r = append(*r, Series{i, p, slices.Clone(cells)})
	return nil
}

// At finds an observation.
func (r Recorder) At(a stat.AreaCode, id stat.IndicatorID, p stat.Period) (stat.Observation, bool) {
	for _, s := range r {
		for _, c := range s.Cells {
			if s.Indicator.ID == id && c.Area == a && c.Period == p {
				return c.Observation, true
			}
		}
	}
	return stat.Observation{}, false
}

// Load loads a source into a recorder and fails the test where that fails.
func Load(t *testing.T, s source.Source, q source.Query) Recorder {
	t.Helper()
	var r Recorder
	if err := s.Load(t.Context(), q, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// Run holds a source to the port. The source must have figures for the query's register;
// open makes a fresh one.
func Run(t *testing.T, register *stat.Register, open func(t *testing.T) source.Source) {
	t.Helper()
	var warnings []source.Warning
	all := Load(t, open(t), source.Query{Register: register, Warn: func(w source.Warning) { warnings = append(warnings, w) }})
	if len(all) == 0 {
		t.Fatal("the source hands over no series")
	}
	t.Run("series", func(t *testing.T) {
		for _, s := range all {
			whole(t, register, s)
		}
	})
	t.Run("warnings", func(t *testing.T) {
		for _, w := range warnings {
			if w.Where == "" || w.What == "" || w.Count < 1 {
				t.Errorf("warning %+v", w)
			}
		}
	})
	t.Run("again", func(t *testing.T) {
		again := Load(t, open(t), source.Query{Register: register})
		if !slices.EqualFunc(all, again, same) {
			t.Error("a second load hands over something else")
		}
	})
	t.Run("query", func(t *testing.T) { queried(t, register, open, all) })
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		sink := sinkFunc(func() error { cancel(); return ctx.Err() })
		if err := open(t).Load(ctx, source.Query{Register: register}, sink); !errors.Is(err, context.Canceled) {
			t.Errorf("a cancelled load returns %v", err)
		}
	})
	t.Run("sink fails", func(t *testing.T) {
		full := errors.New("disk full")
		if err := open(t).Load(t.Context(), source.Query{Register: register}, sinkFunc(func() error { return full })); !errors.Is(err, full) {
			t.Errorf("the sink's error comes back as %v", err)
		}
	})
}

type sinkFunc func() error

func (f sinkFunc) Series(stat.Indicator, stat.Provenance, []source.Cell) error { return f() }

// whole checks one series.
func whole(t *testing.T, register *stat.Register, s Series) {
	id := string(s.Indicator.ID)
	if origin, rest, ok := strings.Cut(id, ":"); !ok || origin == "" || rest == "" || strings.ContainsAny(id, " \t\n") {
		t.Errorf("indicator id %q", id)
	}
	if s.Indicator.Name == "" {
		t.Errorf("%s has no name", id)
	}
	if s.Provenance.Agency == "" || s.Provenance.Dataset == "" {
		t.Errorf("%s: provenance %+v", id, s.Provenance)
	}
	if raw, err := hex.DecodeString(s.Provenance.Digest); err != nil || len(raw) != 32 {
		t.Errorf("%s: digest %q is no SHA-256", id, s.Provenance.Digest)
	}
	for _, day := range []string{s.Provenance.Extracted, s.Provenance.Updated} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			t.Errorf("%s: day %q", id, day)
		}
	}
	if len(s.Cells) == 0 {
		t.Errorf("%s has no cell", id)
	}
	type place struct {
		area   stat.AreaCode
		period stat.Period
	}
	seen := map[place]bool{}
	for _, c := range s.Cells {
		if _, ok := register.Area(c.Area); !ok {
			t.Errorf("%s: unknown area %q", id, c.Area)
		}
		if c.Period < 1900 || c.Period > 2100 {
			t.Errorf("%s: period %d", id, c.Period)
		}
		if seen[place{c.Area, c.Period}] {
			t.Errorf("%s: %s in %d stands twice", id, c.Area, c.Period)
		}
		seen[place{c.Area, c.Period}] = true
		if v, ok := c.Value(); ok && (math.IsNaN(v) || math.IsInf(v, 0)) {
			t.Errorf("%s: %s in %d is %v", id, c.Area, c.Period, v)
		}
	}
}

func same(a, b Series) bool {
	key := func(s Series) []source.Cell {
		c := slices.Clone(s.Cells)
		slices.SortFunc(c, source.ByPlace)
		return c
	}
	return a.Indicator == b.Indicator && a.Provenance == b.Provenance && slices.Equal(key(a), key(b))
}

// queried asks for one indicator and one period and for nothing that is there.
func queried(t *testing.T, register *stat.Register, open func(t *testing.T) source.Source, all Recorder) {
	want := all[len(all)-1]
	period := want.Cells[len(want.Cells)/2].Period
	some := Load(t, open(t), source.Query{Register: register, Indicators: []stat.IndicatorID{want.Indicator.ID}, First: period, Last: period})
	if len(some) == 0 {
		t.Fatal("nothing of an indicator and period that are there")
	}
	n := 0
	for _, s := range some {
		if s.Indicator.ID != want.Indicator.ID {
			t.Errorf("%s was not asked for", s.Indicator.ID)
		}
		for _, c := range s.Cells {
			if c.Period != period {
				t.Errorf("%d was not asked for", c.Period)
			}
			n++
		}
	}
	have := 0
	for _, s := range all {
		for _, c := range s.Cells {
			if s.Indicator.ID == want.Indicator.ID && c.Period == period {
				have++
			}
		}
	}
	if n != have {
		t.Errorf("%d cells of %s in %d, want %d", n, want.Indicator.ID, period, have)
	}
	if none := Load(t, open(t), source.Query{Register: register, Indicators: []stat.IndicatorID{"no:such"}}); len(none) > 0 {
		t.Errorf("%d series of an indicator nobody has", len(none))
	}
}
