package report

import (
	"errors"
	"slices"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/stat"
)

// TestSurvey reads every indicator of the sample for all gminas: the figures are those that the
// reports of the gminas would show, in order, with the places that follow from them.
func TestSurvey(t *testing.T) {
	l := sampleLibrary(t)
	for _, i := range l.Surveyed() {
		for _, tier := range []int{6, 4, 2} {
			s, err := l.Survey(t.Context(), Across{Indicator: stat.IndicatorID(i.ID), Tier: tier, Within: stat.Country, Own: "981001"})
			if errors.As(err, new(*fault.Fault)) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			m := l.measures[stat.IndicatorID(i.ID)]
			if tier < 6 && m.above != nil {
				m = m.above
			}
			if len(s.Ranked) != len(l.tier(tier, stat.Country)) || !slices.Contains(s.Years, s.Period) {
				t.Errorf("%s: %d units of %d, %d of %v", i.ID, len(s.Ranked), len(l.tier(tier, stat.Country)), s.Period, s.Years)
			}
			for n, x := range s.Ranked {
				o := l.observe(m, stat.AreaCode(x.Value.Origin.Refs[0].Area), s.Period)
				if v, ok := o.Value(); ok != x.Value.Present || ok && v != x.Value.Value || !ok && (x.Value.Text == "" || x.Place != 0) {
					t.Errorf("%s of %s: %+v, observed %v %v", i.ID, x.Code, x.Value, v, ok)
				}
				if n > 0 && x.Value.Present && s.Ranked[n-1].Value.Value < x.Value.Value {
					t.Errorf("%s: %s stands below a lower one", i.ID, x.Code)
				}
			}
			if err := document.Check(s.Document); err != nil && len(s.Document.Body) > 0 {
				t.Errorf("%s: %v", i.ID, err)
			}
			if has := len(s.Document.Body) > 0; has && m.Aggregation == stat.AggregateSum {
				t.Errorf("%s is an amount and has a map", i.ID)
			}
		}
	}
}

// TestSurveyRefuses asks for what there is not.
func TestSurveyRefuses(t *testing.T) {
	l := sampleLibrary(t)
	for _, r := range []Across{{Indicator: "nie:ma", Tier: 6, Within: stat.Country}, {Indicator: "bdl:72305", Tier: 6, Within: stat.Country, Period: 1950}, {Indicator: "bdl:72305", Tier: 6, Within: "77"}} {
		if _, err := l.Survey(t.Context(), r); !errors.As(err, new(*fault.Fault)) {
			t.Errorf("%+v: %v", r, err)
		}
	}
}

// TestPracticesAreListed expects those of the sample, with the unit that has each.
func TestPracticesAreListed(t *testing.T) {
	all := sampleLibrary(t).Practices()
	if len(all) < 3 || all[0].Area == "" || all[0].Name == "" || all[0].Summary == "" {
		t.Errorf("%+v", all)
	}
}
