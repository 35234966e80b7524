package main

import (
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/report"
	"github.com/raportjst/raportjst/generator/stat"
)

// BenchmarkReports makes reports as a process that has just started does: it opens a data
// set, makes one report, then those of other areas. In one run it tells what the first
// costs over a later one (xfirst), what the document costs over its PDF (xbuild) and the
// workbook over the PDF (xworkbook), all in processor time. RAPORTJST_DATA names a data set
// in place of the sample's.
func BenchmarkReports(b *testing.B) {
	areas, period := []stat.AreaCode{"981001", "981101", "981213", "981206", "981002", "981102"}, stat.Period(2025)
	if os.Getenv("RAPORTJST_DATA") != "" {
		areas, period = []stat.AreaCode{"302101", "302102", "302103", "302104", "141901", "141902", "020101", "300101"}, 2018
	}
	for b.Loop() {
		g, data, err := openGenerator(b.Context(), dataFlags{Data: os.Getenv("RAPORTJST_DATA"), Home: b.TempDir()})
		if err != nil {
			b.Fatal(err)
		}
		defer data.Close()
		var parts [3]time.Duration // document, workbook, PDF
		one := func(area stat.AreaCode) time.Duration {
			before := processorTime()
			doc, err := g.Builder.Build(b.Context(), report.Request{Area: area, Period: period})
			if err != nil {
				b.Fatal(err)
			}
			at := processorTime()
			parts[0] += at - before
			for i, w := range g.Writers {
				var a generator.Artifact
				if a, err = w.Write(b.Context(), doc, "raport", nil); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(len(a.Data)), "B-"+a.Name)
				now := processorTime()
				parts[1+i] += now - at
				at = now
			}
			return at - before
		}
		first := one(areas[0])
		b.Logf("first %v: document %v, workbook %v, PDF %v", first, parts[0], parts[1], parts[2])
		for range 2 { // the second round has everything shared at hand
			for _, a := range areas {
				parts = [3]time.Duration{}
				b.Logf("later %v %v: document %v, workbook %v, PDF %v", a, one(a), parts[0], parts[1], parts[2])
			}
		}
		parts = [3]time.Duration{}
		later := time.Duration(0)
		const rounds = 10
		for range rounds {
			for _, a := range areas {
				later += one(a)
			}
		}
		later /= time.Duration(rounds * len(areas))
		b.ReportMetric(float64(later.Microseconds())/1e3, "cpu-ms/report")
		b.ReportMetric(float64(first)/float64(later), "xfirst")
		b.ReportMetric(float64(parts[0])/float64(parts[2]), "xbuild")
		b.ReportMetric(float64(parts[1])/float64(parts[2]), "xworkbook")
	}
}

// processorTime is what the process has used of all processors: on a busy machine the
// clock on the wall says little.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
