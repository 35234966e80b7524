package report_test

import (
	"slices"
	"testing"

	"github.com/raportjst/raportjst/generator/report"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/templates"
)

// TestNeeds: what the chapters of the shipped templates are made of.
func TestNeeds(t *testing.T) {
	all, err := report.Needs(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	find := func(template, chapter string) report.Need {
		i := slices.IndexFunc(all, func(n report.Need) bool { return n.Template == template && n.Chapter == chapter })
		if i < 0 {
			t.Fatalf("no chapter %s of %s", chapter, template)
		}
		return all[i]
	}
	n := find("Gmina", "Ludność")
	met := func(ids ...stat.IndicatorID) int {
		there, met := map[stat.IndicatorID]bool{}, 0
		for _, id := range ids {
			there[id] = true
		}
		for _, w := range n.Wants {
			if w.Met(there) {
				met++
			}
		}
		return met
	}
	if n.Area != "Ludność" || met() != 0 || met("bdl:72305") != 2 || met("bdl:P2137/0-4/mezczyzni") != 1 || met("bdl:P2137/0-4/kobiety", "bdl:P2137/x") != 1 {
		t.Errorf("%+v", n)
	}
	if !slices.Contains(n.Told, "bdl:60559") {
		t.Errorf("told %v", n.Told)
	}
	if f := find("Gmina", "Finanse JST"); !slices.ContainsFunc(f.Wants, func(w report.Want) bool { return slices.Equal(w, report.Want{"bdl:76071"}) }) {
		t.Errorf("steps: %+v", f.Wants)
	}
}
