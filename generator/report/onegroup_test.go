package report

import (
	"slices"
	"testing"

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
