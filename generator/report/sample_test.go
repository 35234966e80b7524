package report

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/prg"
	"github.com/raportjst/raportjst/generator/source/table"
	"github.com/raportjst/raportjst/generator/source/terc"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/samples"
	"github.com/raportjst/raportjst/templates"
)

// collector takes the series of a source into a data set.
type collector struct{ b *stat.Builder }

func (c collector) Series(i stat.Indicator, p stat.Provenance, cells []source.Cell) error {
	if err := c.b.Indicator(i, p); err != nil {
		return err
	}
	for _, x := range cells {
		if err := c.b.Set(x.Area, i.ID, x.Period, x.Observation); err != nil {
			return err
		}
	}
	return nil
}

// sample is the sample data set, read by the importers of the program.
var sampleData = sync.OnceValues(func() (Data, error) {
	ctx := context.Background()
	state, err := terc.Read(ctx, samples.FS, "data/terc.csv")
	if err != nil {
		return Data{}, err
	}
	bounds, err := prg.Read(ctx, samples.FS, "data/granice.topojson", state.State)
	if err != nil {
		return Data{}, err
	}
	bounds.Topology.Source = "granice wymyślone"
	reg, _, err := terc.Build([]*terc.Register{state}, prg.Borders(bounds.Topology))
	if err != nil {
		return Data{}, err
	}
	src, err := table.Open(samples.FS, "data/dane.toml")
	if err != nil {
		return Data{}, err
	}
	b := stat.NewBuilder(reg, 2016, 2025)
	b.Invent()
	if err := src.Load(ctx, source.Query{Register: reg}, collector{b}); err != nil {
		return Data{}, err
	}
	set := b.Dataset()
	return Data{
		Register: reg, Indicators: set.Indicators(), Topology: bounds.Topology, Date: "2026-04-15", Invented: true, Generator: "raportjst 0.1.0",
		SnapshotID: "4f1c9a27b83e60d512aa7c94e05f3b6897d2041e6bc8f3a150e79d24c3185fb6",
		Load:       func(context.Context, ...stat.IndicatorID) (*stat.Dataset, error) { return set, nil },
	}, nil
})

func sampleLibrary(t testing.TB) *Library {
	t.Helper()
	data, err := sampleData()
	if err != nil {
		t.Fatal(err)
	}
	l, err := NewLibrary(templates.FS, data)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// shared is the folder of real data beside the project; the test is skipped without it.
func shared(t testing.TB) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "data")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the real data are not beside the project (../shared/data)")
	}
	return dir
}
