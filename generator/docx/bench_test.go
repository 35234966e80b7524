package docx_test

import (
	"syscall"
	"testing"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/document/documenttest"
	"github.com/raportjst/raportjst/generator/docx"
	"github.com/raportjst/raportjst/generator/pdf"
)

// cpu is the processor time of the process in milliseconds.
func cpu() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return float64(u.Utime.Sec+u.Stime.Sec)*1e3 + float64(u.Utime.Usec+u.Stime.Usec)/1e3
}

// BenchmarkWord writes the text document and, in the same run, the PDF it is measured
// against: at most 2.5 times its processor time.
func BenchmarkWord(b *testing.B) {
	d := documenttest.Report()
	took := func(w generator.Writer) float64 {
		before := cpu()
		if _, err := w.Write(b.Context(), d, "x", nil); err != nil {
			b.Fatal(err)
		}
		return cpu() - before
	}
	word, paper := docx.New(), pdf.New()
	took(word) // maps are simplified once in a process
	took(paper)
	ours, theirs := 0.0, 0.0
	for b.Loop() {
		ours, theirs = ours+took(word), theirs+took(paper)
	}
	b.ReportMetric(ours/float64(b.N), "docx-ms/op")
	b.ReportMetric(ours/theirs, "×pdf")
}
