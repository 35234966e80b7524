package bdl

import (
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/gusapi/gustest"
	"github.com/raportjst/raportjst/generator/stat"
)

// TestRefresh: what has changed is found with one request for many variables, and nothing else
// is asked for again.
func TestRefresh(t *testing.T) {
	b := newBench(t, gustest.Options{})
	q := source.Query{Indicators: []stat.IndicatorID{id(72305), id(60270), id(217230)}}
	if _, err := b.load(t, q); err != nil {
		t.Fatal(err)
	}
	b.ReviseOne(60270)
	before := b.Count()
	refresh := func() (*gustest.Collection, int) {
		n := b.Requests()
		c := gustest.NewCollection()
		s := b.source(t)
		s.Refresh()
		q := q
		q.Register, q.Warn = b.register, c.Warn
		plan, err := s.Plan(t.Context(), q)
		if err != nil || len(plan.Ages) != 3 || plan.Ages[0].ID != "bdl:60270" || plan.Ages[0].Taken.IsZero() {
			t.Errorf("plan %+v, %v", plan, err)
		}
		if err := s.Load(t.Context(), q, c); err != nil {
			t.Fatal(err)
		}
		return c, b.Requests() - n
	}
	c, sent := refresh()
	c.Compare(t, b.truth(72305, 60270, 217230))
	if p := c.Provenance[id(60270)]; p.Updated != "2025-07-01" {
		t.Errorf("%+v", p)
	}
	if sent != 1+3 { // one for the updates; the country, the voivodeships and the powiats of one variable
		t.Errorf("%d requests", sent)
	}
	for url, n := range b.Count().Asked {
		if n > before.Asked[url] && !strings.Contains(url, "by-unit") && !strings.Contains(url, "/60270") {
			t.Errorf("asked for %s", url)
		}
	}
	if _, sent := refresh(); sent != 0 {
		t.Errorf("a refresh that was done sends %d requests", sent)
	}
}
