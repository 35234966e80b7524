package smup

import (
	"context"
	"fmt"
	"maps"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/gusapi"
	"github.com/raportjst/raportjst/generator/source/gusapi/gustest"
	"github.com/raportjst/raportjst/generator/stat"
)

// terc is the official register, where the real data are; without it the made server
// invents its units.
const terc = "../../../../shared/data/register/TERC_Urzedowy_2026-01-08.csv"

// fast is a pace for tests against a server on this machine.
var fast = gusapi.Pace{
	Limits: gusapi.Limits{{N: 1000, Per: time.Millisecond}}, Timeout: 20 * time.Second,
	Backoff: time.Millisecond, Refusal: time.Millisecond, Cooldown: 5 * time.Millisecond, Patience: time.Second,
}

// bench is a made server with a client of it.
type bench struct {
	*gustest.Server
	register *stat.Register
	options  gusapi.Options
}

func newBench(t testing.TB, o gustest.Options) *bench {
	t.Helper()
	s := gustest.New(o)
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	dir := t.TempDir()
	return &bench{Server: s, register: s.Model().Register(), options: gusapi.Options{
		Name: "SMUP", Base: h.URL + "/smup", Archive: filepath.Join(dir, "archive"), Ledger: filepath.Join(dir, "ledger"), Pace: fast,
	}}
}

// load loads everything asked for and gives it with the warnings.
func (b *bench) load(t testing.TB, q source.Query) (*loaded, error) {
	t.Helper()
	c, err := gusapi.Open(b.options)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	l := &loaded{series: map[stat.IndicatorID]stat.Indicator{}, cells: map[key]stat.Observation{}, provenance: map[stat.IndicatorID]stat.Provenance{}}
	q.Register, q.Warn = b.register, func(w source.Warning) {
		l.warnings = append(l.warnings, fmt.Sprintf("%s: %s (%d)", w.Where, w.What, w.Count))
	}
	err = New(c, false).Load(t.Context(), q, l)
	return l, err
}

type key struct {
	id     stat.IndicatorID
	area   stat.AreaCode
	period stat.Period
}

// loaded is a sink that remembers everything.
type loaded struct {
	series     map[stat.IndicatorID]stat.Indicator
	provenance map[stat.IndicatorID]stat.Provenance
	cells      map[key]stat.Observation
	warnings   []string
}

func (l *loaded) Series(i stat.Indicator, p stat.Provenance, cells []source.Cell) error {
	if _, twice := l.series[i.ID]; twice {
		return fmt.Errorf("series %s came twice", i.ID)
	}
	l.series[i.ID], l.provenance[i.ID] = i, p
	for _, c := range cells {
		k := key{i.ID, c.Area, c.Period}
		if _, twice := l.cells[k]; twice {
			return fmt.Errorf("%v came twice", k)
		}
		l.cells[k] = c.Observation
	}
	return nil
}

// truth is what the made server has for the areas of the register, worked out anew.
func truth(m *gustest.Model, r *stat.Register) map[key]stat.Observation {
	status := map[int]stat.Status{2: stat.NotOccurred, 3: stat.BelowFormat, 5: stat.Missing, 6: stat.Missing}
	all := map[key]stat.Observation{}
	for _, i := range m.Indicators {
		for year := m.First; year <= m.Last; year++ {
			if m.Lacks(i, year) {
				continue
			}
			for _, u := range m.Units {
				if _, ok := r.Area(u.Code()); !ok || !i.Has(u) {
					continue
				}
				flag, value := m.Value(i.ID, year, u.ID)
				o := stat.Observed(value, 0)
				if flag != 1 {
					o = stat.Unobserved(status[flag], fmt.Sprintf("id-flaga %d", flag))
				}
				all[key{stat.IndicatorID(fmt.Sprintf("smup:%d", i.ID)), u.Code(), stat.Period(year)}] = o
			}
		}
	}
	return all
}

func diff(t *testing.T, got, want map[key]stat.Observation) {
	t.Helper()
	bad := 0
	for k, w := range want {
		if g, ok := got[k]; !ok || g != w {
			if bad++; bad <= 5 {
				t.Errorf("%v: have %v (%v), want %v", k, g, ok, w)
			}
		}
	}
	for k := range got {
		if _, ok := want[k]; !ok {
			if bad++; bad <= 5 {
				t.Errorf("%v: is not to be there", k)
			}
		}
	}
	if bad > 5 {
		t.Errorf("%d differences in all", bad)
	}
}

func TestWholeCatalogue(t *testing.T) {
	for _, o := range []gustest.Options{
		{Indicators: 60, TERC: terc}, {Indicators: 60, PageMax: 50},
	} {
		b := newBench(t, o)
		l, err := b.load(t, source.Query{})
		if err != nil {
			t.Fatal(err)
		}
		want := truth(b.Model(), b.register)
		if len(want) == 0 {
			t.Fatal("no truth")
		}
		diff(t, l.cells, want)
		t.Logf("%d cells, %d requests, warnings:\n%s", len(l.cells), b.Requests(), strings.Join(l.warnings, "\n"))
		// The same once more asks nothing and gives the same.
		n := b.Requests()
		again, err := b.load(t, source.Query{})
		if err != nil {
			t.Fatal(err)
		}
		if m := b.Requests(); m != n {
			t.Errorf("the second load sent %d requests", m-n)
		}
		if !maps.Equal(again.cells, l.cells) {
			t.Error("the second load differs from the first")
		}
	}
}

var _ = context.Background
