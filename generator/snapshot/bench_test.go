package snapshot_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/stat"
)

// BenchmarkOpen opens a snapshot of 3 million observations, 70 indicators of 15 years of
// the whole country, and loads all of it or what one template asks for.
func BenchmarkOpen(b *testing.B) {
	r := country(b)
	dir := filepath.Join(b.TempDir(), "three-million")
	s, err := snapshot.Write(b.Context(), dir, snapshot.Content{Register: r, Fill: fill(r, 70, 15)})
	if err != nil {
		b.Fatal(err)
	}
	s.Close()
	for _, part := range []struct {
		name       string
		indicators int
	}{{"all", 70}, {"template-of-10", 10}} {
		b.Run(part.name, func(b *testing.B) {
			cells := 0
			for b.Loop() {
				s, err := snapshot.Open(dir)
				if err != nil {
					b.Fatal(err)
				}
				var ids []stat.IndicatorID
				for _, i := range s.Indicators()[:part.indicators] {
					ids = append(ids, i.ID)
				}
				d, err := s.Load(context.Background(), ids...)
				if err != nil {
					b.Fatal(err)
				}
				cells = d.Len()
				s.Close()
			}
			b.ReportMetric(float64(cells), "cells")
			b.ReportMetric(float64(cells)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mcells/s")
		})
	}
}

// BenchmarkWrite writes one indicator of the whole country at a time.
func BenchmarkWrite(b *testing.B) {
	r := country(b)
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		n++
		s, err := snapshot.Write(b.Context(), filepath.Join(b.TempDir(), "s"), snapshot.Content{Register: r, Fill: fill(r, 10, 15)})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(s.Manifest().Observations)*float64(n)/b.Elapsed().Seconds()/1e6, "Mcells/s")
		s.Close()
	}
}
