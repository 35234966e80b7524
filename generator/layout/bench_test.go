package layout

import (
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
)

// BenchmarkSet sets the report of the design. The pictures in it are drawn as well.
func BenchmarkSet(b *testing.B) {
	d := documenttest.Report()
	b.ReportAllocs()
	for b.Loop() {
		l, err := Set(d)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(l.Pages)), "pages")
	}
}

// BenchmarkRows shows that a table of 10,000 rows costs about ten times one of 1,000.
func BenchmarkRows(b *testing.B) {
	for name, n := range map[string]int{"1000": 1000, "10000": 10_000} {
		d := documenttest.Report()
		d.Body = []document.Block{document.Section{Title: "Tabela", Blocks: []document.Block{documenttest.Rows("1", n)}}}
		d.Cover.Map = nil
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Set(d); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/row")
		})
	}
}
