package gustest

import (
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/gusapi"
	"github.com/raportjst/raportjst/generator/stat"
)

// Fast is a pace for tests on the network of the machine.
var Fast = gusapi.Pace{
	Limits: gusapi.Limits{{N: 1000, Per: time.Millisecond}}, Timeout: 20 * time.Second,
	Backoff: time.Millisecond, Refusal: time.Millisecond, Cooldown: 5 * time.Millisecond, Patience: time.Second,
}

// Client is how to reach one API of the server on the network: "smup" or "bdl". Archive and
// ledger are in a folder of the test.
func (s *Server) Client(t testing.TB, api string) gusapi.Options {
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	dir := t.TempDir()
	return gusapi.Options{
		Name: strings.ToUpper(api), Base: h.URL + "/" + api, Agent: "raportjst/test", Pace: Fast,
		Archive: filepath.Join(dir, "archive"), Ledger: filepath.Join(dir, "ledger"),
	}
}

// Key is the place of an observation.
type Key struct {
	ID     stat.IndicatorID
	Area   stat.AreaCode
	Period stat.Period
}

// Collection is a sink that keeps everything and refuses what comes twice.
type Collection struct {
	Indicators map[stat.IndicatorID]stat.Indicator
	Provenance map[stat.IndicatorID]stat.Provenance
	Cells      map[Key]stat.Observation
	Warnings   []string
}

// NewCollection makes an empty one.
func NewCollection() *Collection {
	return &Collection{
		Indicators: map[stat.IndicatorID]stat.Indicator{}, Provenance: map[stat.IndicatorID]stat.Provenance{},
		Cells: map[Key]stat.Observation{},
	}
}

// Series implements source.Sink.
func (c *Collection) Series(i stat.Indicator, p stat.Provenance, cells []source.Cell) error {
	if _, twice := c.Indicators[i.ID]; twice {
		return fmt.Errorf("series %s came twice", i.ID)
	}
	c.Indicators[i.ID], c.Provenance[i.ID] = i, p
	for _, cell := range cells {
		k := Key{i.ID, cell.Area, cell.Period}
		if _, twice := c.Cells[k]; twice {
			return fmt.Errorf("%v came twice", k)
		}
		c.Cells[k] = cell.Observation
	}
	return nil
}

// Warn keeps a warning as text.
func (c *Collection) Warn(w source.Warning) {
	c.Warnings = append(c.Warnings, fmt.Sprintf("%s: %s (%d)", w.Where, w.What, w.Count))
}

// Warned reports whether a warning says all the words.
func (c *Collection) Warned(words ...string) bool {
	for _, w := range c.Warnings {
		all := true
		for _, word := range words {
			all = all && strings.Contains(w, word)
		}
		if all {
			return true
		}
	}
	return false
}

// Compare reports where the cells differ from what they should be.
func (c *Collection) Compare(t testing.TB, want map[Key]stat.Observation) {
	t.Helper()
	if len(want) == 0 {
		t.Error("nothing to compare with")
	}
	bad := 0
	differ := func(format string, args ...any) {
		t.Helper()
		if bad++; bad <= 5 {
			t.Errorf(format, args...)
		}
	}
	for k, w := range want {
		if got, ok := c.Cells[k]; !ok || got != w {
			differ("%v: have %+v (%v), want %+v", k, got, ok, w)
		}
	}
	for k := range c.Cells {
		if _, ok := want[k]; !ok {
			differ("%v is not to be there", k)
		}
	}
	if bad > 5 {
		t.Errorf("%d differences in all", bad)
	}
}
