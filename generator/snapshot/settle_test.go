package snapshot_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/stat"
)

// TestVintages has the population of 2020 as it was told in 2022 and in 2025, a file of
// the same day for other areas, and a small file that is newer than all. What is newer
// counts on each tier by itself: nobody but the oldest file knows the voivodeship.
func TestVintages(t *testing.T) {
	old := call{population, taken("2022-04-07", "old.csv"), []source.Cell{
		cell("00", 2020, stat.Observed(38265013, 0)), cell("981001", 2020, stat.Observed(5, 0)), cell("981002", 2019, stat.Observed(4, 0)),
		cell("98", 2020, stat.Observed(9, 0)),
	}}
	now := call{population, taken("2025-03-29", "new.xlsx"), []source.Cell{cell("00", 2020, stat.Observed(38088564, 0)), cell("981001", 2020, stat.Observed(6, 0))}}
	more := call{population, taken("2025-03-29", "more.xlsx"), []source.Cell{
		cell("981002", 2020, stat.Observed(7, 0)), cell("981001", 2020, stat.Observed(6, 0)), cell("981001", 2021, stat.Observed(6, 0)),
	}}
	more.p.Updated, more.p.Digest = "2024-01-01", strings.Repeat("cd", 32)
	late := call{population, taken("2026-03-21", "late.csv"), []source.Cell{cell("981002", 2025, stat.Observed(8, 0))}}
	var ids []string
	for _, order := range [][]call{{old, now, more, late}, {late, more, now, old}} {
		var told []string
		s, err := snapshot.Write(t.Context(), filepath.Join(t.TempDir(), "s"), snapshot.Content{
			Register: few(t), Fill: give(order...), Warn: func(w source.Warning) { told = append(told, w.What) },
		})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		ids = append(ids, s.ID())
		d, err := s.Load(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range append(append(slices.Clone(now.cells), more.cells...), old.cells[3], late.cells[0]) {
			if o := d.At(c.Area, population.ID, c.Period); o != c.Observation {
				t.Errorf("%s in %d is %+v", c.Area, c.Period, o)
			}
		}
		if d.Len() != 6 {
			t.Errorf("%d cells: vintages were mixed", d.Len())
		}
		p := d.Origin("981001", population.ID, 2020)
		if p.Extracted != "2025-03-29" || p.Table != "more.xlsx; new.xlsx" || p.Updated != "2024-01-01" || len(p.Digest) != 64 {
			t.Errorf("%+v", p)
		}
		if p := d.Origin("981002", population.ID, 2025); p != late.p {
			t.Errorf("2025 is from %+v", p)
		}
		if p := d.Origin("98", population.ID, 2020); p != old.p || len(s.Provenances(population.ID)) != 3 || s.Manifest().Indicators != 1 || len(s.Indicators()) != 1 {
			t.Errorf("%+v", p)
		}
		want := "z pliku late.csv (2026-03-21) dołączono lata: 2025 (gminy); pozostałe są z 2025-03-29; nie mają lat wspólnych, więc nie da się sprawdzić, czy są zgodne\n" +
			"dane z pliku old.csv (2022-04-07) zastąpiono nowszymi z 2025-03-29 (Polska, gminy): w latach wspólnych (2020) różni się 1 z 1 wartości; wartości, które były tylko tam, przepadły: 1, bo szereg nie łączy dwóch sprzecznych wydań danych; żeby użyć tych danych, podaj --prefer 2022-04-07\n" +
			"dane są z różnych dni: 2026-03-21 (gminy), 2025-03-29 (Polska, gminy), 2022-04-07 (województwa)"
		if have := strings.Join(told, "\n"); have != want {
			t.Errorf("told:\n%s", have)
		}
		if m := s.Manifest(); len(m.Superseded) != 1 || m.Superseded[0] != (snapshot.Superseded{Indicator: population.ID, Table: "old.csv", Extracted: "2022-04-07", By: "2025-03-29", Tiers: "country gmina", Lost: 1}) ||
			m.Superseded[0].TierNames() != "Polska, gminy" {
			t.Errorf("%+v", m.Superseded)
		}
	}
	if ids[0] != ids[1] {
		t.Error("the order of files changes the snapshot")
	}
}

// withCity is few with a city with powiat rights.
func withCity(t *testing.T) *stat.Register {
	t.Helper()
	r, err := stat.NewRegister("2026-01-01", append(slices.Clone(few(t).Areas()),
		stat.Area{Code: "9861", Kind: stat.KindCity, Name: "Miasto"}, stat.Area{Code: "986101", Kind: stat.KindCity, Name: "Miasto"}), nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestVintagesOfCities has a city with powiat rights under one code in an old file and
// under the other in a new one: what is read from both codes is of one vintage.
func TestVintagesOfCities(t *testing.T) {
	old := call{population, taken("2022-04-07", "old.csv"), []source.Cell{
		cell("981001", 2020, stat.Observed(1, 0)), cell("986101", 2019, stat.Observed(2, 0)), cell("986101", 2020, stat.Observed(3, 0)),
	}}
	now := call{population, taken("2025-03-29", "new.csv"), []source.Cell{cell("9810", 2020, stat.Observed(4, 0)), cell("9861", 2020, stat.Observed(5, 0))}}
	s, err := snapshot.Write(t.Context(), filepath.Join(t.TempDir(), "s"), snapshot.Content{Register: withCity(t), Fill: give(old, now)})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	d, err := s.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for p, want := range map[stat.Period]stat.Observation{2019: {}, 2020: stat.Observed(5, 0)} {
		if o := d.Figure("986101", population.ID, p); o != want {
			t.Errorf("%d: %+v, want %+v", p, o, want)
		}
	}
	for a, want := range map[stat.AreaCode]string{"981001": "old.csv", "9810": "new.csv", "9861": "new.csv", "986101": "new.csv"} {
		if p := d.Origin(a, population.ID, 0); p.Table != want {
			t.Errorf("%s is from %s, want %s", a, p.Table, want)
		}
	}
	if m := s.Manifest(); len(m.Superseded) != 1 || m.Superseded[0].Lost != 1 || m.Superseded[0].Tiers != "city" {
		t.Errorf("%+v", m.Superseded)
	}
}

// TestVintagesOfUnits does not put thousands beside ones.
func TestVintagesOfUnits(t *testing.T) {
	thousands := population
	thousands.Unit = "tys. osób"
	s, err := snapshot.Write(t.Context(), filepath.Join(t.TempDir(), "s"), snapshot.Content{Register: few(t), Fill: give(
		call{population, taken("2025-03-29", "new.csv"), []source.Cell{cell("00", 2020, stat.Observed(38088564, 0))}},
		call{thousands, taken("2022-04-07", "old.csv"), []source.Cell{cell("98", 2020, stat.Observed(5, 0))}},
	)})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if m := s.Manifest(); m.Observations != 1 || s.Indicators()[0].Unit != "osoba" {
		t.Errorf("%+v", m)
	}
}

// TestSameDayClash has two files of one day that contradict each other.
func TestSameDayClash(t *testing.T) {
	a := call{population, taken("2025-03-29", "a.csv"), []source.Cell{cell("00", 2020, stat.Observed(1, 0)), cell("98", 2020, stat.Observed(3, 0))}}
	b := call{population, taken("2025-03-29", "b.csv"), []source.Cell{cell("00", 2020, stat.Observed(2, 0))}}
	told := 0
	s, err := snapshot.Write(t.Context(), filepath.Join(t.TempDir(), "s"), snapshot.Content{
		Register: few(t), Fill: give(a, b), Warn: func(w source.Warning) { told += w.Count },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if told != 1 || s.Manifest().Observations != 1 {
		t.Errorf("%d warnings, %d observations", told, s.Manifest().Observations)
	}
}

// TestUndated files are vintages of their own: nobody knows that they are of one day.
func TestUndated(t *testing.T) {
	a := call{population, taken("", "a.csv"), []source.Cell{cell("00", 2020, stat.Observed(1, 0))}}
	b := call{population, taken("", "b.csv"), []source.Cell{cell("00", 2021, stat.Observed(2, 0))}}
	b.p.Digest = strings.Repeat("cd", 32)
	s, err := snapshot.Write(t.Context(), filepath.Join(t.TempDir(), "s"), snapshot.Content{Register: few(t), Fill: give(a, b)})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if s.Manifest().Observations != 1 {
		t.Errorf("%d observations of two undated files", s.Manifest().Observations)
	}
}

// TestFormsOfSeveralOffices keeps what each office says of itself, on whatever day it said so, in
// one import and in two; figures that were recalculated between the days are not mixed.
func TestFormsOfSeveralOffices(t *testing.T) {
	form := func(a stat.AreaCode, day string, values ...float64) call {
		c := call{population, taken(day, string(a)+".xlsx"), nil}
		c.p.Digest = string(a)
		for i, v := range values {
			c.cells = append(c.cells, cell(a, 2020+stat.Period(i), stat.Observed(v, 0)))
		}
		return c
	}
	early, late := form("981001", "2024-03-01", 1, 2, 3), form("981002", "2025-03-01", 7)
	recalculated := func(stat.Indicator, string, string) stat.Period { return 2020 }
	for _, c := range []struct {
		name    string
		base    []call
		more    []call
		rebased func(stat.Indicator, string, string) stat.Period
		want    int
	}{
		{"at once", nil, []call{early, late}, nil, 4},
		{"the later one later", []call{early}, []call{late}, nil, 4},
		{"the earlier one later", []call{late}, []call{early}, nil, 4},
		{"recalculated", []call{early}, []call{late}, recalculated, 3},
		{"one side by side with both", []call{early}, []call{late, {population, taken("2026-03-01", "all.xlsx"), []source.Cell{
			cell("981001", 2020, stat.Observed(1, 0)), cell("981002", 2020, stat.Observed(7, 0)), cell("981001", 2021, stat.Observed(2, 0)), cell("981002", 2021, stat.Observed(8, 0)),
		}}}, nil, 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			var told []string
			content := snapshot.Content{Register: few(t), Fill: give(c.more...), Rebased: c.rebased, Warn: func(w source.Warning) { told = append(told, w.What) }}
			if c.base != nil {
				base, err := snapshot.Write(t.Context(), filepath.Join(t.TempDir(), "b"), snapshot.Content{Register: few(t), Fill: give(c.base...)})
				if err != nil {
					t.Fatal(err)
				}
				defer base.Close()
				content.Base = base
			}
			s, err := snapshot.Write(t.Context(), filepath.Join(t.TempDir(), "s"), content)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			d, err := s.Load(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if d.Len() != c.want {
				t.Errorf("%d figures, want %d; told:\n%s", d.Len(), c.want, strings.Join(told, "\n"))
			}
			if c.want == 4 {
				for _, o := range []call{early, late} {
					if p := d.Origin(o.cells[0].Area, population.ID, 2020); p.Table != o.p.Table || p.Extracted != o.p.Extracted {
						t.Errorf("%s is from %+v", o.cells[0].Area, p)
					}
				}
			}
		})
	}
}

// TestFormsOfCities does the same for cities, whichever of their codes the register has.
func TestFormsOfCities(t *testing.T) {
	register, err := stat.NewRegister("2026-01-01", []stat.Area{
		{Code: "00", Kind: stat.KindCountry, Name: "Polska"},
		{Code: "98", Kind: stat.KindVoivodeship, Name: "przykładowe"},
		{Code: "9861", Kind: stat.KindCity, Name: "Wzorcowo"},
		{Code: "9862", Kind: stat.KindCity, Name: "Przykładowo"},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	early := call{population, taken("2024-03-01", "a.xlsx"), []source.Cell{cell("9861", 2020, stat.Observed(1, 0)), cell("9861", 2021, stat.Observed(2, 0))}}
	late := call{population, taken("2025-03-01", "b.xlsx"), []source.Cell{cell("9862", 2020, stat.Observed(7, 0))}}
	late.p.Digest = strings.Repeat("cd", 32)
	s, err := snapshot.Write(t.Context(), filepath.Join(t.TempDir(), "s"), snapshot.Content{Register: register, Fill: give(early, late)})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if n := s.Manifest().Observations; n != 3 {
		t.Errorf("%d figures of two cities, want 3: %+v", n, s.Manifest().Superseded)
	}
}
