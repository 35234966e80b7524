package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/stat"
)

// TestOneUnitHasOneGroup: the annex and the reports about an area or a service compare a unit
// with the same group, on every kind of unit, on the sample and on real data.
func TestOneUnitHasOneGroup(t *testing.T) {
	for _, c := range []struct {
		l     *Library
		areas []stat.AreaCode
		year  stat.Period
		other []string
	}{
		{sampleLibrary(t), []stat.AreaCode{"981001", "981002", "981207", "986101", "9810", "98"}, 2025, []string{"obszar:finanse-jst", "usluga:szkoly-podstawowe"}},
		{nationalLibrary(t), []stat.AreaCode{"146501", "306401", "3021", "0223", "302101", "321103"}, 2018, []string{"obszar:rynek-pracy"}},
	} {
		for _, a := range c.areas {
			annex := builderOf(t, c.l, "", a, c.year).group
			for _, template := range c.other {
				g := builderOf(t, c.l, template, a, c.year).group
				if !slices.Equal(g.codes, annex.codes) || g.short != annex.short || g.long != annex.long {
					t.Errorf("%s: %d in the annex (%s), %d in %s (%s)", a, len(annex.codes), annex.short, len(g.codes), template, g.short)
				}
			}
		}
	}
}

// TestEmptyDimensionsAreTold: the table of one service or of an area without services names the
// dimensions that no indicator of the data has, and none that one has.
func TestEmptyDimensionsAreTold(t *testing.T) {
	for _, c := range []struct {
		l        *Library
		request  Request
		has, not string
	}{
		{sampleLibrary(t), Request{Area: "981001", Period: 2025, Template: "usluga:szkoly-podstawowe"}, "dostępność", "koszt"},
		{nationalLibrary(t), Request{Area: "302101", Period: 2018, Template: "obszar:ludnosc"}, "jakość, dostępność, koszt i efektywność", "ilość"},
	} {
		d, err := c.l.Build(t.Context(), c.request)
		if err != nil {
			t.Fatal(err)
		}
		said := ""
		for _, x := range document.All(d.Body) {
			if table, ok := x.(document.Table); ok && table.Layout == document.StripTable {
				said += plainSpaces.Replace(strings.Join(table.Notes, " "))
			}
		}
		_, said, ok := strings.Cut(said, "usług bez danych: ")
		said, _, _ = strings.Cut(said, ".")
		if !ok || !strings.Contains(said, c.has) || strings.Contains(said, c.not) {
			t.Errorf("%s %s: empty dimensions %q, want %q and not %q", c.request.Area, c.request.Template, said, c.has, c.not)
		}
	}
}
