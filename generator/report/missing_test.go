package report

import (
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/stat"
)

// TestGapsAreCountedOnce holds what the summary says is missing against the indicators of the
// template: each name once, and with those that have a value they are all there are.
func TestGapsAreCountedOnce(t *testing.T) {
	for _, c := range []struct {
		l    *Library
		area stat.AreaCode
		year stat.Period
	}{
		{sampleLibrary(t), "981001", 2025},
		{sampleLibrary(t), "981212", 2025},
		{nationalLibrary(t), "302101", 2018},
		{nationalLibrary(t), "146501", 2024},
		{nationalLibrary(t), "0223", 2023},
		{nationalLibrary(t), "30", 2018},
	} {
		if err := c.l.load(t.Context(), c.l.catalogue); err != nil {
			t.Fatal(err)
		}
		b := builderFor(t, c.l, c.area, c.year)
		got := b.coverage()
		names := map[string]bool{}
		for _, n := range got.none {
			if names[n] {
				t.Errorf("%s in %d: %q is missing twice", c.area, c.year, n)
			}
			names[n] = true
		}
		fresh := map[string]bool{} // has a value of the reporting year
		for _, ch := range b.f.chapters {
			for _, m := range ch.measures {
				if _, ok := c.l.observe(m, c.area, c.year).Value(); ok {
					fresh[locale.Lower(m.label)] = true
				}
			}
		}
		n := len(got.none) + len(fresh)
		for y, older := range got.older {
			if y >= c.year || y < c.year-3 {
				t.Errorf("%s in %d: the newest year is %d", c.area, c.year, y)
			}
			n += older
		}
		if n != got.all {
			t.Errorf("%s in %d: %d without, %v older and %d with a value are not %d", c.area, c.year, len(got.none), got.older, len(fresh), got.all)
		}
	}
}

// TestNothingOldIsDrawn: the age structure of 2016 stood in a report for 2024, since the chart
// counted back in steps from a year without data.
func TestNothingOldIsDrawn(t *testing.T) {
	l := nationalLibrary(t)
	for _, c := range []struct {
		area  stat.AreaCode
		year  stat.Period
		drawn bool
	}{{"146501", 2018, true}, {"146501", 2020, true}, {"146501", 2021, true}, {"146501", 2024, false}, {"0223", 2023, false}} {
		d, err := l.Build(t.Context(), Request{Area: c.area, Period: c.year})
		if err != nil {
			t.Fatal(err)
		}
		text := strings.NewReplacer("~", " ", locale.NBSP, " ").Replace(dump(d))
		if found := strings.Contains(text, "Ludność według ekonomicznych grup wieku"); found != c.drawn {
			t.Errorf("%s in %d: ages are drawn: %v", c.area, c.year, found)
		}
		if c.drawn && !strings.Contains(text, "2018 r. | ") && !strings.Contains(text, "w 2018 r.") {
			t.Errorf("%s in %d: the ages do not end in 2018", c.area, c.year)
		}
	}
}

// TestUnknownSeriesAreNoFindings: of the total of an unnamed subject nobody can tell of what.
func TestUnknownSeriesAreNoFindings(t *testing.T) {
	for label, want := range map[string]bool{
		"Wydatki ogółem (podgrupa BDL P1579)": false, "Lokalizacja: ogółem": false, "Podgrupa BDL P3164: ścieżki": false,
		"Ludność ogółem": true, "Ścieżki rowerowe ogółem": true, "Studenci": true,
	} {
		if m := worded(stat.Indicator{ID: "bdl:P1/x", Name: label}, 0, entry{}); m.known() != want {
			t.Errorf("%q is known: %v", label, m.known())
		}
	}
	l := nationalLibrary(t)
	d, err := l.Build(t.Context(), Request{Area: "30", Period: 2023})
	if err != nil {
		t.Fatal(err)
	}
	every(d, func(b document.Block) {
		switch b := b.(type) {
		case document.Findings:
			for _, f := range b.Items {
				if strings.Contains(inline(f.Sentence), "P1579") {
					t.Errorf("a finding: %s", inline(f.Sentence))
				}
			}
		case document.KeyFigures:
			for _, c := range b.Cards {
				if strings.Contains(c.Label, "P1579") {
					t.Errorf("a card: %s", c.Label)
				}
			}
		case document.Paragraph:
			if b.Role == document.Lead && strings.Contains(inline(b.Content), "P1579") {
				t.Errorf("a lead: %s", inline(b.Content))
			}
		}
	})
}
