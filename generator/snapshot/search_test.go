package snapshot_test

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/generator/territory"
)

// TestStepsAreKept: what the search of an import finds in the finished figures is kept with them
// and is part of the content address; in invented figures nothing is looked for.
func TestStepsAreKept(t *testing.T) {
	search := territory.Search{ID: "sum", Needs: []stat.IndicatorID{population.ID, "not there"}, Find: func(set *stat.Dataset) []territory.Step {
		v, ok := set.At("981002", population.ID, 2024).Value()
		if !ok {
			t.Error("the figures are not there")
		}
		return []territory.Step{{Area: "981002", Year: 2024, Way: territory.ByArea, Before: v / 3, After: v, Least: 0.1}}
	}}
	content := snapshot.Content{Register: few(t), Fill: func(to source.Sink) error {
		return to.Series(population, taken("2025-01-31", "P2137"), []source.Cell{cell("981002", 2024, stat.Observed(1234.5, 0))})
	}}
	write := func(name string, search territory.Search) *snapshot.Snapshot {
		content.Search = search
		s, err := snapshot.Write(t.Context(), filepath.Join(t.TempDir(), name), content)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	}
	with, without := write("with", search), write("without", territory.Search{})
	want := territory.Step{Area: "981002", Year: 2024, Way: territory.ByArea, Before: 1234.5 / 3, After: 1234.5, Least: 0.1}
	if got := with.Found(); got.Search != "sum" || !slices.Equal(got.Steps, []territory.Step{want}) {
		t.Errorf("kept is %+v", got)
	}
	if without.Found().Search != "" || with.ID() == without.ID() {
		t.Error("a snapshot in which nobody looked says that somebody did")
	}
	if err := with.Verify(t.Context()); err != nil || !slices.ContainsFunc(with.Files(), func(f snapshot.FileSummary) bool { return f.Name == "steps.json" }) {
		t.Errorf("the file is not one of the snapshot: %v", err)
	}
	content.Base, content.Fill = with, func(source.Sink) error { return nil }
	if grown := write("grown", search); grown.Found().Search != "sum" {
		t.Error("a snapshot made from another does not look again")
	}
	content.Base, content.Invented = nil, true
	search.Find = func(*stat.Dataset) []territory.Step { t.Error("looked in invented figures"); return nil }
	if made := write("made", search); made.Found().Search != "" {
		t.Error("invented figures keep what was found")
	}
}
