package main

import (
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/report"
	"github.com/raportjst/raportjst/generator/stat"
)

// BenchmarkReports makes reports as a process that has just started does: it opens a data
// set, makes one report, then those of other areas. In one run it tells what the first
// costs over a later one (xfirst), and what the document (xbuild) and each other format (xxlsx, …)
// cost over the PDF, all in processor time. RAPORTJST_DATA names a data set
// in place of the sample's.
func BenchmarkReports(b *testing.B) {
	areas, period := []stat.AreaCode{"981001", "981101", "981213", "981206", "981002", "981102"}, stat.Period(2025)
	if os.Getenv("RAPORTJST_DATA") != "" {
		areas, period = []stat.AreaCode{"302101", "302102", "302103", "302104", "141901", "141902", "020101", "300101"}, 2018
	}
	for b.Loop() {
		g, data, err := openGenerator(b.Context(), dataFlags{Data: os.Getenv("RAPORTJST_DATA"), Home: b.TempDir()}, func(err error) { b.Error(err) })
		if err != nil {
			b.Fatal(err)
		}
		defer data.Close()
		formats := generator.FormatIDs(nil)
		parts := map[string]time.Duration{}
		one := func(area stat.AreaCode) time.Duration {
			before := processorTime()
			doc, err := g.Builder.Build(b.Context(), report.Request{Area: area, Period: period})
			if err != nil {
				b.Fatal(err)
			}
			at := processorTime()
			parts["build"] += at - before
			for _, id := range formats {
				var a generator.Artifact
				if a, err = g.Writers[id].Write(b.Context(), doc, "raport", nil); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(len(a.Data)), "B-"+a.Name)
				now := processorTime()
				parts[id] += now - at
				at = now
			}
			return at - before
		}
		first := one(areas[0])
		b.Logf("first %v: %v", first, parts)
		for range 2 { // the second round has everything shared at hand
			for _, a := range areas {
				clear(parts)
				b.Logf("later %v %v: %v", a, one(a), parts)
			}
		}
		clear(parts)
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
		for what, took := range parts {
			if what != "pdf" {
				b.ReportMetric(float64(took)/float64(parts["pdf"]), "x"+what)
			}
		}
	}
}

// BenchmarkProcesses starts a process for each repetition, which runs BenchmarkReports once,
// and tells the median of its ratios: only the first report of a process pays for fonts,
// borders and series. -benchtime=20x makes it twenty processes.
func BenchmarkProcesses(b *testing.B) {
	program, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	ratios := map[string][]float64{}
	for b.Loop() {
		c := exec.CommandContext(b.Context(), program, "-test.run=^$", "-test.bench=^BenchmarkReports$", "-test.benchtime=1x")
		c.Env = append(os.Environ(), programVariable+"=") // the tests again, not the program
		out, err := c.CombinedOutput()
		if err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
		words := strings.Fields(string(out))
		for i, w := range words {
			if v, err := strconv.ParseFloat(words[max(0, i-1)], 64); err == nil && strings.HasPrefix(w, "x") {
				ratios[w] = append(ratios[w], v)
			}
		}
	}
	if len(ratios) == 0 {
		b.Fatal("no ratio was told")
	}
	for unit, all := range ratios {
		slices.Sort(all)
		b.ReportMetric(all[len(all)/2], unit)
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
