package source_test

import (
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/stat"
)

// TestImpossible takes shares outside a whole for missing, and nothing that may be so.
func TestImpossible(t *testing.T) {
	for _, c := range []struct {
		name, unit string
		v          float64
		wrong      bool
	}{
		{"Stopa bezrobocia rejestrowanego", "%", 310, true},
		{"Stopa bezrobocia rejestrowanego", "%", -3.1, true},
		{"Stopa bezrobocia rejestrowanego", "%", 100, false},
		{"Udział dochodów własnych w dochodach ogółem", "%", 100.4, true},
		{"Odsetek dzieci objętych wychowaniem przedszkolnym", "% ogółu", -1, true},
		{"Udział zobowiązań w dochodach", "%", 130, false},
		{"Udział wyniku w dochodach", "%", -12, false},
		{"Zmiana udziału", "%", -12, false},
		{"Dynamika dochodów", "%", 310, false},
		{"Współczynnik skolaryzacji brutto", "%", 104, false},
		{"Udział w podatku", "zł", 310, false},
	} {
		if why := source.Impossible(stat.Indicator{Name: c.name, Unit: c.unit}, c.v); (why != "") != c.wrong {
			t.Errorf("%s, %v %s: %q", c.name, c.v, c.unit, why)
		}
	}
	cells := []source.Cell{{Area: "020101", Period: 2023, Observation: stat.Observed(310, 0)}, {Area: "020102", Period: 2023, Observation: stat.Observed(7, 0)}}
	w := source.DropImpossible(register(t), "plik x", stat.Indicator{ID: "a:b", Name: "Udział", Unit: "%"}, cells)
	if _, ok := cells[0].Value(); ok || cells[1].Status != stat.Present || w.Count != 1 || !strings.Contains(w.What, "020101, rok 2023: 310%") {
		t.Errorf("%+v, %+v", cells, w)
	}
}

// TestPartial tells of the areas that a file lacks.
func TestPartial(t *testing.T) {
	codes := []string{"0201011", "0201022"}
	located, err := source.Locate(register(t), codes)
	if err != nil {
		t.Fatal(err)
	}
	if w := source.Partial(register(t), "plik x", located, false); w.Count != 1 || !strings.Contains(w.What, "gminy: 2 z 6") {
		t.Errorf("%+v", w)
	}
	if w := source.Partial(register(t), "plik x", located, true); w.Count != 0 {
		t.Errorf("the table of one powiat: %+v", w)
	}
}
