package report

import (
	"context"
	"syscall"
	"testing"

	"github.com/raportjst/raportjst/generator/stat"
)

// BenchmarkBuild is one report with everything shared at hand; BenchmarkBuildCold the
// first of a library. Their ratio is what the shared caches are worth.
func BenchmarkBuild(b *testing.B) {
	l := sampleLibrary(b)
	areas := []stat.AreaCode{"981001", "981101", "981213", "981206", "981002"}
	for _, a := range areas {
		if _, err := l.Build(context.Background(), Request{Area: a, Period: 2025}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	before := processor(b)
	n := 0
	for b.Loop() {
		d, err := l.Build(context.Background(), Request{Area: areas[n%len(areas)], Period: 2025})
		if err != nil {
			b.Fatal(err)
		}
		n++
		b.ReportMetric(float64(len(d.Annex.Data)), "figures/report")
	}
	b.ReportMetric((processor(b)-before)/float64(n)*1e3, "cpu-ms/op")
}

// processor is the processor time of the process so far, in seconds: on a busy machine the
// clock on the wall says little.
func processor(b *testing.B) float64 {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}

func BenchmarkBuildCold(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		l := sampleLibrary(b)
		if _, err := l.Build(context.Background(), Request{Area: "981001", Period: 2025}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBuildReal is a report of a real gmina with the eight indicators of the panel,
// in order of code as a batch goes.
func BenchmarkBuildReal(b *testing.B) {
	l := realLibrary(b)
	var areas []stat.AreaCode
	for _, a := range l.data.Register.Areas() {
		if len(a.Code) == 6 && a.Code[:2] == "30" {
			areas = append(areas, a.Code)
		}
	}
	for _, a := range areas {
		if _, err := l.Build(context.Background(), Request{Area: a, Period: 2018}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	before, n := processor(b), 0
	for b.Loop() {
		if _, err := l.Build(context.Background(), Request{Area: areas[n%len(areas)], Period: 2018}); err != nil {
			b.Fatal(err)
		}
		n++
	}
	b.ReportMetric((processor(b)-before)/float64(n)*1e3, "cpu-ms/op")
}
