package report

import (
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/peer"
	"github.com/raportjst/raportjst/generator/stat"
)

// TestSmallCountsChangeInUnits: two marriages and then eight are six more, not 300 per cent; a
// whole number of one or two digits changes by whole per cents; amounts and rates as ever.
func TestSmallCountsChangeInUnits(t *testing.T) {
	for _, c := range []struct {
		unit, name     string
		class          stat.UnitClass
		decimals       int
		earlier, later float64
		want           string
	}{
		{"para", "Małżeństwa", stat.UnitAmount, 0, 2, 8, "+6"},
		{"para", "Małżeństwa", stat.UnitAmount, 0, 29, 16, "−13"},
		{"para", "Małżeństwa", stat.UnitAmount, 0, 30, 33, "+10%"},
		{"osoba", "Bezrobotni", stat.UnitAmount, 0, 200, 141, "−29,5%"},
		{"osoba", "Bezrobotni", stat.UnitAmount, 0, 105, 99, "−6%"},
		{"osoba", "Bezrobotni", stat.UnitAmount, 0, 0, 3, "+3"},
		{"osoba", "Bezrobotni", stat.UnitAmount, 0, 7, 7, "bez zmian"},
		{"osoba/km²", "Gęstość zaludnienia", stat.UnitAmount, 0, 9, 8, "−11%"},
		{"osoba", "Osoby na 1 oddział", stat.UnitAmount, 0, 20, 25, "+25%"},
		{"zł", "Opłata", stat.UnitAmount, 2, 10, 15, "+50,0%"},
		{"km", "Ścieżki", stat.UnitAmount, 1, 2, 3, "+50,0%"},
		{"%", "Udział", stat.UnitPercent, 1, 2, 3.5, "+1,5 p. proc."},
	} {
		m := worded(stat.Indicator{ID: "x:1", Name: c.name, Unit: c.unit, UnitClass: c.class, Decimals: c.decimals}, 0, entry{})
		series := func(p stat.Period) stat.Observation {
			return stat.Observed(map[stat.Period]float64{2020: c.earlier, 2025: c.later}[p], 0)
		}
		change := m.expressed(peer.Of(series, 2020, 2025, c.class))
		if got := strings.ReplaceAll(changeText(m, change), locale.NBSP, " "); got != c.want || change.State != peer.Measured {
			t.Errorf("%s %v → %v: %q (state %d), want %q", c.name, c.earlier, c.later, got, change.State, c.want)
		}
	}
}

// TestSmallestGminas reads real reports of the smallest gminas: no per cent of a handful.
func TestSmallestGminas(t *testing.T) {
	l := nationalLibrary(t)
	for _, c := range []struct {
		area        stat.AreaCode
		has, hasNot string
	}{{"321103", "o 6 więcej niż w 2013 r.", "300,0%"}, {"021006", "", "71,4%"}, {"200902", "", "o 60,0% więcej"}} {
		d, err := l.Build(t.Context(), Request{Area: c.area, Period: 2018})
		if err != nil {
			t.Fatal(err)
		}
		text := strings.NewReplacer("~", " ", locale.NBSP, " ").Replace(dump(d))
		if strings.Contains(text, c.hasNot) {
			t.Errorf("%s says %q", c.area, c.hasNot)
		}
		checkChanges(t, l, d)
	}
}

// TestSecretBase: where the base of a change is secret, its own sign stands in the table, and
// the card and the alternative text say secrecy, not absence.
func TestSecretBase(t *testing.T) {
	l := sampleLibrary(t)
	if err := l.load(t.Context(), l.catalogue); err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, a := range l.data.Register.Areas() {
		if !gmina(a) || found == 20 {
			continue
		}
		b := builderFor(t, l, a.Code, 2025)
		for _, m := range l.catalogue {
			r := b.read(m)
			if r.year == 0 || !r.has || l.observe(m, a.Code, r.year-5).Status != stat.Secret {
				continue
			}
			found++
			if n := b.changed(r, r.five); n.Text != signSecret {
				t.Errorf("%s of %s: the change is %q", m.ID, a.Code, n.Text)
			}
			line := b.changeLine(r)
			if text := line[len(line)-1]; !strings.Contains(inline(line), "tajemnica (#)") {
				t.Errorf("%s of %s: the card says %v", m.ID, a.Code, text)
			}
			if c := b.course(r); c != nil && strings.Contains(b.trendAlt(c, nil), "Brak danych za: 2020") {
				t.Errorf("%s of %s: a secret is said to be missing", m.ID, a.Code)
			}
		}
	}
	if found == 0 {
		t.Error("the sample has no change with a secret base")
	}
}
