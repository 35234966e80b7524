package report

import (
	"testing"

	"github.com/raportjst/raportjst/generator/stat"
)

// Money is printed as its size asks for; the values behind it stay whole.
func TestMoney(t *testing.T) {
	reg, err := stat.NewRegister("2026-01-01", []stat.Area{
		{Code: stat.Country, Kind: stat.KindCountry}, {Code: "98", Kind: stat.KindVoivodeship}, {Code: "9801", Kind: stat.KindPowiat}, {Code: "980101", Kind: stat.KindRural},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		unit     string
		total    bool
		value    float64
		decimals int
		fixed    bool
		want     string
	}{
		{"zł", true, 25_482_719.46, 2, false, "25,5~mln~zł"},
		{"zł", true, 2_482_719.46, 2, false, "2,48~mln~zł"},
		{"zł", true, 248_271.46, 2, false, "248,3~tys.~zł"},
		{"zł", true, 24_827.46, 2, false, "24'827~zł"},
		{"zł", true, 24.46, 2, false, "24,46~zł"},
		{"zł", true, 25_482_719, 0, false, "25,5~mln~zł"},
		{"zł", false, 25_482_719.46, 2, false, "25,5~mln~zł"},
		{"zł", false, 248_271.46, 2, false, "248'271~zł"},
		{"zł/mieszkaniec", false, 5_362.39, 2, false, "5'362~zł na~1~mieszkaniec"},
		{"zł/t", false, 62.39, 2, false, "62,39~zł na~1~t"},
		{"tys. zł", true, 25_482.7, 1, false, "25'483~tys. zł"},
		{"osoba", true, 25_482_719, 0, false, "25'482'719~osób"},
		{"zł", true, 25_482_719.46, 2, true, "25'482'719,46~zł"}, // asked for
		{"zł", true, 248_271, 0, true, "248'271~zł"},
		{"zł/mieszkaniec", false, 5_362.39, 1, true, "5'362,4~zł na~1~mieszkaniec"},
	} {
		i := stat.Indicator{ID: "x:1", Name: "Liczba spraw", Unit: c.unit, Decimals: c.decimals, Fixed: c.fixed}
		if c.total {
			i.Aggregation = stat.AggregateSum
		}
		b := stat.NewBuilder(reg, 2025, 2025)
		if err := b.Indicator(i, stat.Provenance{}); err != nil {
			t.Fatal(err)
		}
		if err := b.Set("980101", "x:1", 2025, stat.Observed(c.value, 0)); err != nil {
			t.Fatal(err)
		}
		m := newMeasure(i, 0, nil)
		m.settle(b.Dataset())
		if got := show(m.quantity(c.value)); got != c.want {
			t.Errorf("%v %s: %s, not %s", c.value, c.unit, got, c.want)
		}
		if m.annex.Decimals != c.decimals || m.annex.Unit == m.unit.Label() && m.scale > 0 {
			t.Errorf("%v %s: the annex is in %s with %d decimals", c.value, c.unit, m.annex.Unit, m.annex.Decimals)
		}
	}
}
