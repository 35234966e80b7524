package pdf

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/go-pdf/fpdf"
	"github.com/klauspost/compress/zlib"
	chart "github.com/wcharczuk/go-chart/v2"

	"github.com/raportjst/raportjst/fonts"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/layout"
	"github.com/raportjst/raportjst/generator/locale"
)

// The report of the benchmarks: 12 pages, 10 tables of 20 × 8, 12 charts, one map of 180
// polygons × 60 points, about 2 000 structure elements.
const (
	benchTables  = 10
	benchRows    = 20
	benchColumns = 8
	benchCharts  = 12
)

const benchText = "W 2025 r. w gminie Łąck mieszkało 13\u202F482 osób, o 1,7% mniej niż w 2020 r. (mediana grupy: −0,4%); " +
	"dochody własne na mieszkańca wyniosły 3\u202F104 zł i były wyższe niż w połowie gmin grupy porównawczej. "

// benchLayout is that report set by hand.
func benchLayout() *layout.Layout {
	s := newSetter()
	s.heading(1, "Spis treści")
	s.figure("Mapa 4.1. Dochody", choropleth(180, 60))
	for i := range benchCharts {
		if i < benchTables {
			s.heading(1, fmt.Sprintf("%d. Rozdział o czymś", i+1))
			s.paragraph(benchText + benchText)
			s.table(fmt.Sprintf("Tabela %d.1. Wybrane wskaźniki, 2015–2025", i+1), benchRows, benchColumns)
		}
		s.figure(fmt.Sprintf("Wykres %d.1. Dochody własne na mieszkańca", i+1), lineChart(i))
	}
	s.contents()
	return s.l
}

// BenchmarkReportPDF makes the file of the report from its document: layout, charts, map,
// file. xfloor is its processor time over that of deflating the same bytes with the same
// compressor, taken in the same run.
func BenchmarkReportPDF(b *testing.B) {
	d := benchDocument(benchTopology)
	if err := document.Check(d); err != nil {
		b.Fatal(err)
	}
	l, err := layout.Set(d)
	if err != nil {
		b.Fatal(err)
	}
	w := New()
	bench(b, l, func() ([]byte, error) {
		a, err := w.Write(b.Context(), d, "raport", nil)
		return a.Data, err
	})
}

// BenchmarkRender makes the file from the finished layout.
func BenchmarkRender(b *testing.B) {
	l := benchLayout()
	bench(b, l, func() ([]byte, error) { return Render(l, sampleMeta, nil) })
}

// dataSet stands for the data that a worker holds beside its reports, 64 MB of the up to
// 300 MB of the country: without them the garbage collector would run for every report.
func dataSet() []byte { return make([]byte, 64<<20) }

func bench(b *testing.B, l *layout.Layout, file func() ([]byte, error)) {
	defer runtime.KeepAlive(dataSet())
	data, err := file()
	if err != nil {
		b.Fatal(err)
	}
	keep(b, data)
	streams := deflateInput(b, data)
	b.ReportAllocs()
	start := processorTime()
	for b.Loop() {
		if _, err := file(); err != nil {
			b.Fatal(err)
		}
	}
	report := float64(processorTime()-start) / float64(b.N)
	floor := deflateFloor(streams, max(b.N, 20))
	b.ReportMetric(report/1e6, "cpu-ms/op")
	b.ReportMetric(report/floor, "xfloor")
	b.ReportMetric(float64(len(data)), "B/file")
	b.ReportMetric(float64(len(l.Pages)), "pages")
	b.ReportMetric(float64(elements(l.Root)), "elements")
}

func elements(e *layout.Element) int {
	n := 1
	for _, k := range e.Kids {
		n += elements(k)
	}
	return n
}

func benchFile(b testing.TB) []byte {
	b.Helper()
	a, err := New().Write(b.Context(), benchDocument(benchTopology), "raport", nil)
	if err != nil {
		b.Fatal(err)
	}
	return a.Data
}

// BenchmarkDeflateFloor only compresses what is compressed anew for each report.
func BenchmarkDeflateFloor(b *testing.B) {
	streams := deflateInput(b, benchFile(b))
	b.ReportAllocs()
	start := processorTime()
	for b.Loop() {
		deflateFloor(streams, 1)
	}
	b.ReportMetric(float64(processorTime()-start)/float64(b.N)/1e6, "cpu-ms/op")
}

// processorTime is what the process has used of all processors, in nanoseconds: a wall
// clock would also count what others do on the machine.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// deflateInput reads back what was compressed for this report alone: content, structure,
// cross-references; not the fonts and the profile, which were compressed once.
func deflateInput(b *testing.B, data []byte) [][]byte {
	f, err := readPDF(data)
	if err != nil {
		b.Fatal(err)
	}
	var streams [][]byte
	for _, n := range f.sortedObjects() {
		s, ok := f.objects[n].(*stream)
		if !ok || s.dict["Filter"] != name("FlateDecode") || s.dict["Length1"] != nil || s.dict["N"] == 3 || bytes.Contains(s.data, []byte("begincmap")) {
			continue
		}
		streams = append(streams, s.data)
	}
	return streams
}

func deflateFloor(streams [][]byte, times int) float64 {
	var out bytes.Buffer
	z, err := zlib.NewWriterLevel(&out, level)
	if err != nil {
		panic(err)
	}
	start := processorTime()
	for range times {
		for _, s := range streams {
			out.Reset()
			z.Reset(&out)
			z.Write(s)
			z.Close()
		}
	}
	return float64(processorTime()-start) / float64(times)
}

// BenchmarkLevels shows what each compression level costs and saves.
func BenchmarkLevels(b *testing.B) {
	streams := deflateInput(b, benchFile(b))
	for l := 1; l <= 9; l++ {
		b.Run(fmt.Sprint(l), func(b *testing.B) {
			z, err := zlib.NewWriterLevel(io.Discard, l)
			if err != nil {
				b.Fatal(err)
			}
			var out bytes.Buffer
			for b.Loop() {
				out.Reset()
				for _, s := range streams {
					z.Reset(&out)
					z.Write(s)
					z.Close()
				}
			}
			b.ReportMetric(float64(out.Len()), "B/file")
		})
	}
}

// BenchmarkNaive makes the same report the plain way: fpdf's cells in a font added to
// every document, go-chart's pictures at 200 dpi, the map as polygons; untagged. xreport is
// its processor time over that of BenchmarkReportPDF, taken in the same run.
func BenchmarkNaive(b *testing.B) {
	var files [2][]byte
	for i, name := range []string{"Lato-Regular.ttf", "Lato-Bold.ttf"} {
		data, err := fonts.FS.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		files[i] = data
	}
	defer runtime.KeepAlive(dataSet())
	start := processorTime()
	size := 0
	for b.Loop() {
		data, err := naive(files)
		if err != nil {
			b.Fatal(err)
		}
		size = len(data)
	}
	plain := float64(processorTime()-start) / float64(b.N)
	const times = 30
	benchFile(b)
	start = processorTime()
	for range times {
		benchFile(b)
	}
	b.ReportMetric(plain/1e6, "cpu-ms/op")
	b.ReportMetric(plain/(float64(processorTime()-start)/times), "xreport")
	b.ReportMetric(float64(size), "B/file")
}

func naive(fonts [2][]byte) ([]byte, error) {
	f := fpdf.New("P", "pt", "A4", "")
	for i, style := range []string{"", "B"} {
		f.AddUTF8FontFromBytes("lato", style, bytes.Clone(fonts[i])) // fpdf writes into the font it is given
	}
	f.SetFooterFunc(func() {
		f.SetY(-30)
		f.SetFont("lato", "", 8)
		f.CellFormat(0, 10, fmt.Sprint(f.PageNo()), "", 0, "R", false, 0, "")
	})
	f.AddPage()
	naiveMap(f)
	for i := range benchCharts {
		if i < benchTables {
			naiveTable(f, i)
		}
		png, err := naiveChart()
		if err != nil {
			return nil, err
		}
		name := fmt.Sprint(i)
		f.SetFont("lato", "B", 10.5)
		f.CellFormat(0, 15, "Dochody własne na mieszkańca", "", 1, "L", false, 0, "")
		f.RegisterImageOptionsReader(name, fpdf.ImageOptions{ImageType: "PNG"}, bytes.NewReader(png))
		f.ImageOptions(name, 51, f.GetY(), 493, 170, true, fpdf.ImageOptions{ImageType: "PNG"}, 0, "")
	}
	var out bytes.Buffer
	err := f.Output(&out)
	return out.Bytes(), err
}

// naiveMap draws 180 polygons of 60 points.
func naiveMap(f *fpdf.Fpdf) {
	f.SetFillColor(239, 207, 163)
	for i := range mapColumns * mapRows {
		points := make([]fpdf.PointType, 60)
		for k := range points {
			a := 2 * math.Pi * float64(k) / 60
			r := 9 + math.Sin(float64(3*i+5*k))
			points[k] = fpdf.PointType{X: 70 + float64(i%mapColumns)*22 + 1.2*r*math.Cos(a), Y: 70 + float64(i/mapColumns)*18 + r*math.Sin(a)}
		}
		f.Polygon(points, "DF")
	}
}

func naiveTable(f *fpdf.Fpdf, seed int) {
	f.AddPage()
	f.SetFont("lato", "B", 18)
	f.CellFormat(0, 24, fmt.Sprintf("%d. Dochody własne", seed+1), "", 1, "L", false, 0, "")
	f.Bookmark(fmt.Sprintf("%d. Dochody własne", seed+1), 0, -1)
	f.SetFont("lato", "", 10.5)
	f.MultiCell(400, 15, benchText+benchText, "", "L", false)
	f.SetFont("lato", "", 9)
	for r := range benchRows {
		f.CellFormat(180, 16, fmt.Sprintf("Dochody własne %d na mieszkańca, zł", r+1), "B", 0, "L", false, 0, "")
		for c := range benchColumns - 1 {
			v := 100*float64(r+seed) + 37.3*float64(c)
			f.CellFormat(44, 16, locale.Number(v, 1), "B", 0, "R", false, 0, "")
		}
		f.Ln(16)
	}
}

func naiveChart() ([]byte, error) {
	const dpi = 200
	c := chart.Chart{Width: 493 * dpi / 72, Height: 170 * dpi / 72, DPI: dpi}
	for k := range 4 {
		s := chart.ContinuousSeries{}
		for i := range 15 {
			s.XValues = append(s.XValues, float64(2011+i))
			s.YValues = append(s.YValues, float64(10*k+i*(k+1)%7))
		}
		c.Series = append(c.Series, s)
	}
	var out bytes.Buffer
	err := c.Render(chart.PNG, &out)
	return out.Bytes(), err
}
