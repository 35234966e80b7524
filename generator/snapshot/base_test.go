package snapshot_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/stat"
)

// TestBase starts from a snapshot with another register: one gmina has another code now,
// one is no more. What comes anew takes the place of what the base has of the same file and
// day; a file of another name of that day stands beside it.
func TestBase(t *testing.T) {
	other := population
	other.ID, other.Name = "bdl:2", "Inny"
	day := taken("2025-03-29", "a.csv")
	base, err := snapshot.Write(t.Context(), filepath.Join(t.TempDir(), "base"), snapshot.Content{
		Register: few(t), Topology: square(), Sources: []stat.Provenance{{Agency: "GUS", Dataset: "TERC"}},
		Fill: give(
			call{population, day, []source.Cell{cell("981001", 2020, stat.Observed(1, 0)), cell("981002", 2020, stat.Observed(2, 0)), cell("00", 2020, stat.Observed(3, 0))}},
			call{other, day, []source.Cell{cell("981001", 2021, stat.Observed(4, 0)), cell("981002", 2021, stat.Observed(5, 0))}},
		),
		Warnings: func() []source.Warning { return []source.Warning{{Where: "w", What: "x", Count: 1}} },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer base.Close()
	from := func(r *stat.Register, calls ...call) (*stat.Dataset, *snapshot.Snapshot, string) {
		t.Helper()
		var told []string
		s, err := snapshot.Write(t.Context(), filepath.Join(t.TempDir(), "s"), snapshot.Content{
			Base: base, Register: r, Topology: base.Topology(), Sources: []stat.Provenance{{Agency: "GUS", Dataset: "TERC"}}, Fill: give(calls...),
			Warn: func(w source.Warning) { told = append(told, fmt.Sprintf("%s: %s (%d)", w.Where, w.What, w.Count)) },
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		d, err := s.Load(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return d, s, strings.Join(told, "\n")
	}
	if _, s, told := from(few(t)); s.ID() != base.ID() || told != "" {
		t.Errorf("nothing new makes another snapshot: %s", told)
	}

	next, err := stat.NewRegister("2027-01-01", []stat.Area{
		{Code: "00", Kind: stat.KindCountry, Name: "Polska"},
		{Code: "98", Kind: stat.KindVoivodeship},
		{Code: "9810", Kind: stat.KindPowiat},
		{Code: "981009", Kind: stat.KindUrban, Changes: []stat.Change{{Year: 2027, Kind: stat.ChangeCode, From: "981001"}}},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	d, s, told := from(next)
	if v, _ := d.At("981009", other.ID, 2021).Value(); v != 4 || d.Len() != 3 || s.Provenances(other.ID)[0] != day {
		t.Errorf("%v of the gmina with another code, %d cells", v, d.Len())
	}
	if want := "zbiór wyjściowy: pominięto wartości jednostek, których nie ma już w rejestrze: 981002 (2)"; told != want {
		t.Errorf("told %q, want %q", told, want)
	}

	again := day
	again.Digest = strings.Repeat("cd", 32)
	d, s, told = from(few(t), call{population, again, []source.Cell{cell("981001", 2020, stat.Observed(10, 0))}})
	if v, _ := d.At("981001", population.ID, 2020).Value(); v != 10 || d.Len() != 3 || s.Provenances(population.ID)[0] != again || told != "" {
		t.Errorf("the file again: %v, %d cells, %s", v, d.Len(), told)
	}
	beside := taken("2025-03-29", "b.csv")
	beside.Digest = again.Digest
	d, s, told = from(few(t), call{population, beside, []source.Cell{cell("981001", 2020, stat.Observed(10, 0)), cell("98", 2020, stat.Observed(11, 0))}})
	a, _ := d.At("981001", population.ID, 2020).Value()
	b, _ := d.At("981002", population.ID, 2020).Value()
	if p := s.Provenances(population.ID); a != 10 || b != 2 || d.Len() != 6 || p[0].Table != "a.csv; b.csv" || !strings.Contains(told, "981001 w roku 2020: było 1, jest 10") {
		t.Errorf("another file of the day: %v and %v, %d cells, %+v, %s", a, b, d.Len(), p, told)
	}
	if m := s.Manifest(); len(m.Warnings) != 1 || m.Indicators != 2 || len(m.Sources) != 3 {
		t.Errorf("%+v", m)
	}
}

// TestDamagedBase takes over nothing that is damaged, read or unread.
func TestDamagedBase(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "base")
	base := write(t, dir, every()...)
	path := filepath.Join(dir, "observations.parquet")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)/4] ^= 1
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, calls := range map[string][]call{"unread": nil, "read": {{population, taken("2026-05-15", "b.csv"), every()}}} {
		out := filepath.Join(t.TempDir(), "s")
		_, err := snapshot.Write(t.Context(), out, snapshot.Content{Base: base, Register: few(t), Fill: give(calls...)})
		var f *fault.Fault
		if !errors.As(err, &f) || !strings.Contains(f.Where, dir) {
			t.Errorf("%s: %v", name, err)
		}
		clean(t, out)
	}
}
