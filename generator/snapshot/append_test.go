package snapshot_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/stat"
)

// run is a series of one gmina from a year on.
func run(file, day string, from stat.Period, values ...float64) call {
	c := call{population, taken(day, file), nil}
	c.p.Digest = file
	for i, v := range values {
		c.cells = append(c.cells, cell("981001", from+stat.Period(i), stat.Observed(v, 0)))
	}
	return c
}

// TestNewYears adds new years to a series where they agree with it, or have nothing in common,
// and tells the vintages apart.
func TestNewYears(t *testing.T) {
	rebased := func(_ stat.Indicator, older, newer string) stat.Period {
		if older < "2024-01-01" && newer > "2024-01-01" {
			return 2020
		}
		return 0
	}
	for _, c := range []struct {
		name    string
		calls   []call
		prefer  string
		rebased bool
		want    string // year:file's first letter
		told    string
	}{
		{"only the new year", []call{run("a.csv", "2025-01-01", 2019, 1, 2, 3, 4), run("b.csv", "2026-01-01", 2023, 5)}, "", false, "aaaab", "z pliku b.csv (2026-01-01) dołączono lata: 2023 (gminy); pozostałe są z 2025-01-01; nie mają lat wspólnych"},
		{"it agrees", []call{run("a.csv", "2025-01-01", 2019, 1, 2, 3, 4, 5), run("b.csv", "2026-01-01", 2022, 4, 5, 6)}, "", false, "aaabbb", "z pliku a.csv (2025-01-01) dołączono lata: 2019–2021 (gminy); pozostałe są z 2026-01-01; w latach wspólnych są zgodne"},
		{"the new year of a long series", []call{run("a.csv", "2025-01-01", 2015, 1, 2, 3, 4, 5), run("b.csv", "2026-01-01", 2019, 5, 6)}, "", false, "aaaaab", "z pliku b.csv (2026-01-01) dołączono lata: 2020 (gminy); pozostałe są z 2025-01-01; w latach wspólnych są zgodne"},
		{"the last year of a long series was revised", []call{run("a.csv", "2025-01-01", 2014, 1, 2, 3, 4, 5, 6, 7), run("b.csv", "2026-01-01", 2019, 6, 70, 8)}, "", false, "aaaaaabb", "nowsze dane zmieniają wartości od 2020 roku"},
		{"the last year was revised", []call{run("a.csv", "2025-01-01", 2019, 1, 2, 3, 4, 5), run("b.csv", "2026-01-01", 2022, 4, 50, 6)}, "", false, "aaabbb", "nowsze dane zmieniają wartości od 2023 roku, wcześniejsze lata wspólne są zgodne"},
		{"it has nothing new", []call{run("a.csv", "2025-01-01", 2015, 1, 2, 3, 4, 5, 6), run("b.csv", "2026-01-01", 2020, 6)}, "", false, "aaaaaa", "danych z pliku b.csv (2026-01-01) nie użyto, szereg jest z 2025-01-01 (gminy): wartości są te same; żeby użyć tych danych, podaj --prefer 2026-01-01"},
		{"it contradicts", []call{run("a.csv", "2025-01-01", 2019, 1, 2, 3, 4, 5), run("b.csv", "2026-01-01", 2023, 50, 6)}, "", false, "aaaaa.", "danych z pliku b.csv (2026-01-01) nie użyto, szereg jest z 2025-01-01 (gminy): w latach wspólnych (2023) różni się 1 z 1 wartości; wartości, które były tylko tam, przepadły: 1"},
		{"the user prefers it by day", []call{run("a.csv", "2025-01-01", 2019, 1, 2, 3, 4, 5), run("b.csv", "2026-01-01", 2023, 50, 6)}, "2026-01-01", false, "....bb", "różni się 1 z 1"},
		{"the user prefers it by name", []call{run("a.csv", "2025-01-01", 2019, 1, 2, 3, 4, 5), run("b.csv", "2026-01-01", 2023, 50, 6)}, "b.csv", false, "....bb", "różni się 1 z 1"},
		{"older years of an older file", []call{run("a.csv", "2020-01-01", 2010, 1, 2, 3), run("b.csv", "2026-01-01", 2012, 3, 4, 5, 6)}, "", false, "aabbbb", "z pliku a.csv (2020-01-01) dołączono lata: 2010–2011 (gminy); pozostałe są z 2026-01-01; w latach wspólnych są zgodne"},
		{"a new base before the new year", []call{run("a.csv", "2022-01-01", 2017, 1, 2, 3, 4, 5), run("b.csv", "2026-01-01", 2024, 6)}, "", true, "aaaaa.", "nie użyto, szereg jest z 2022-01-01 (gminy): dane od 2020 roku przeliczono, a szereg ma je sprzed przeliczenia"},
		{"a new base after the old years", []call{run("a.csv", "2022-01-01", 2017, 1, 2, 3, 4, 5), run("b.csv", "2026-01-01", 2020, 7, 8, 9, 10)}, "", true, "aaabbbb", "z pliku a.csv (2022-01-01) dołączono lata: 2017–2019 (gminy)"},
		{"undated", []call{run("a.csv", "2022-01-01", 2017, 1, 2), run("b.csv", "", 2019, 3)}, "", false, "aa.", "nie wiadomo, z którego dnia są dane"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var told []string
			content := snapshot.Content{Register: few(t), Fill: give(c.calls...), Warn: func(w source.Warning) { told = append(told, w.What) }}
			if c.prefer != "" {
				content.Prefer = []string{c.prefer}
			}
			if c.rebased {
				content.Rebased = rebased
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
			first := c.calls[0].cells[0].Period
			have := ""
			for i := range c.want {
				p := first + stat.Period(i)
				if d.At("981001", population.ID, p).Status != stat.Present {
					have += "."
					continue
				}
				have += d.Origin("981001", population.ID, p).Table[:1]
			}
			if have != c.want || !strings.Contains(strings.Join(told, "\n"), c.told) {
				t.Errorf("years %s, want %s; told:\n%s", have, c.want, strings.Join(told, "\n"))
			}
			// What is added comes through the next import.
			again, err := snapshot.Write(t.Context(), filepath.Join(t.TempDir(), "t"), snapshot.Content{Register: few(t), Base: s, Rebased: content.Rebased, Fill: give(run("c.csv", "2027-01-01", 2030, 9))})
			if err != nil {
				t.Fatal(err)
			}
			defer again.Close()
			if d, err = again.Load(t.Context()); err != nil {
				t.Fatal(err)
			}
			for i, from := range c.want {
				if o := d.At("981001", population.ID, first+stat.Period(i)); (o.Status == stat.Present) != (from != '.') {
					t.Errorf("in the next snapshot %d is %+v", first+stat.Period(i), o)
				}
			}
		})
	}
}

// TestPreferUnknown: a day or a file that no data are of is refused, with those that there are.
func TestPreferUnknown(t *testing.T) {
	for _, p := range []string{"2024-01-01", "nie-ma.csv", "01.01.2026"} {
		_, err := snapshot.Write(t.Context(), filepath.Join(t.TempDir(), "s"), snapshot.Content{
			Register: few(t), Fill: give(run("a.csv", "2025-01-01", 2019, 1, 2, 3), run("b.csv", "2026-01-01", 2021, 30, 4)), Prefer: []string{p},
		})
		if err == nil || !strings.Contains(err.Error(), "--prefer "+p) || !strings.Contains(err.Error(), "2025-01-01, 2026-01-01 albo jeden z plików: a.csv, b.csv") {
			t.Errorf("%s: %v", p, err)
		}
	}
}

// TestCheck: an import that is refused at its end leaves nothing behind.
func TestCheck(t *testing.T) {
	dir := t.TempDir()
	refused := errors.New("refused")
	var used map[snapshot.Origin]bool
	_, err := snapshot.Write(t.Context(), filepath.Join(dir, "s"), snapshot.Content{
		Register: few(t), Fill: give(run("a.csv", "2025-01-01", 2019, 1, 2, 3), run("b.csv", "2024-01-01", 2019, 1, 2)),
		Check: func(u map[snapshot.Origin]bool) error { used = u; return refused },
	})
	if !errors.Is(err, refused) || !used[snapshot.Origin{Table: "a.csv", Digest: "a.csv"}] || len(used) != 1 {
		t.Errorf("%v, used %v", err, used)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
