package xlsx_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
	"github.com/raportjst/raportjst/generator/xlsx"
)

// heavy skips a test that takes long or needs a program that not every machine has.
func heavy(t *testing.T) {
	t.Helper()
	if os.Getenv("RAPORTJST_HEAVY") == "" {
		t.Skip("set RAPORTJST_HEAVY=1 to run the tests that take long or need LibreOffice")
	}
}

func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	return path
}

// documents are those that the independent programs are asked about.
func documents() map[string]*document.Document {
	return map[string]*document.Document{
		"przyklad": sample(),
		"bloki":    documenttest.AllBlocks(),
		"projekt":  documenttest.Report(),
		"duzy":     large(200, 5, 15, 8),
		"grupy":    gathering(),
		"pusty":    {Meta: document.Meta{Title: "Pusty"}},
	}
}

var cached = regexp.MustCompile(`</f><v>[^<]*</v>`)

// withoutCaches takes the cached values of formulas away, so that whoever opens the
// workbook has to compute them.
func withoutCaches(t *testing.T, data []byte) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	b := readWorkbook(t, data)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		p, err := w.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Write(cached.ReplaceAll(b.parts[f.Name], []byte("</f>"))); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestRecalculation lets LibreOffice compute every formula anew and holds the results
// against the values of the document.
func TestRecalculation(t *testing.T) {
	heavy(t)
	soffice := program(t, "soffice")
	for name, d := range documents() {
		t.Run(name, func(t *testing.T) {
			data := write(t, d)
			dir := t.TempDir()
			in := filepath.Join(dir, "in.xlsx")
			if err := os.WriteFile(in, withoutCaches(t, data), 0o600); err != nil {
				t.Fatal(err)
			}
			c := exec.Command(soffice, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", "xlsx", "--outdir", filepath.Join(dir, "out"), in)
			if out, err := c.CombinedOutput(); err != nil {
				t.Fatalf("convert: %v: %s", err, out)
			}
			computed, err := os.ReadFile(filepath.Join(dir, "out", "in.xlsx"))
			if err != nil {
				t.Fatal(err)
			}
			ours, theirs := readWorkbook(t, data), readWorkbook(t, computed)
			n := 0
			for i, s := range ours.sheets {
				for ref, c := range s.cells {
					if c.formula == "" {
						continue
					}
					n++
					got := theirs.sheets[i].cells[ref]
					if got.kind != 'n' || math.Abs(got.number-c.number) > 1e-9*max(1, math.Abs(c.number)) {
						t.Errorf("%s!%s: %s gives %v %s, the document says %v", s.name, ref, c.formula, got.number, got.text, c.number)
					}
				}
			}
			t.Logf("%d formulas", n)
		})
	}
}

// TestValidity asks openxml-audit, a port of the validation of Microsoft's Open XML SDK,
// and checks first that it notices a broken workbook.
func TestValidity(t *testing.T) {
	heavy(t)
	audit := program(t, "openxml-audit")
	check := func(data []byte) (string, error) {
		path := filepath.Join(t.TempDir(), "book.xlsx")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(audit, "--format", "microsoft365", "--max-errors", "20", path).CombinedOutput()
		return string(out), err
	}
	good := write(t, sample())
	for what, change := range map[string][2]string{
		"a relationship to nowhere":     {`Target="../tables/table1.xml"`, `Target="../tables/none.xml"`},
		"an element out of its place":   {`<pageMargins`, `<sheetData/><pageMargins`},
		"an attribute that is no value": {`activePane="bottomRight"`, `activePane="middle"`},
	} {
		if out, err := check(rewrite(t, good, change[0], change[1])); err == nil {
			t.Errorf("the check accepts %s: %s", what, out)
		}
	}
	for name, d := range documents() {
		if name == "duzy" { // many rows of the same kind say nothing new and take minutes
			continue
		}
		if out, err := check(write(t, d)); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

// rewrite changes a text in all parts of a workbook.
func rewrite(t *testing.T, data []byte, old, to string) []byte {
	t.Helper()
	b := readWorkbook(t, data)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range b.order {
		p, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Write(bytes.ReplaceAll(b.parts[name], []byte(old), []byte(to))); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestMillion writes 1,285 indicators × 15 years × 60 areas: 1.16 million observations,
// more than one sheet has rows, with flat memory.
func TestMillion(t *testing.T) {
	heavy(t)
	d := &document.Document{Meta: document.Meta{Title: "Duży", Language: "pl-PL", Date: "2026-04-15"}}
	a := &d.Annex
	for i := range 60 {
		a.Areas = append(a.Areas, document.AnnexArea{Code: fmt.Sprint(981001 + i), Name: fmt.Sprint("Gmina ", i), Relation: "grupa porównawcza"})
	}
	a.Own = a.Areas[0].Code
	a.Data = make([]document.Datum, 0, 1285*60*15)
	for i := range 1285 {
		ind := document.AnnexIndicator{ID: fmt.Sprint("bdl:", 10000+i), Label: fmt.Sprint("Wskaźnik ", i), Unit: "zł", Decimals: i % 3, Source: "GUS, BDL", Extracted: "15.04.2026"}
		a.Indicators = append(a.Indicators, ind)
		for k, area := range a.Areas {
			for y := range 15 {
				a.Data = append(a.Data, document.Datum{Area: area.Code, Indicator: ind.ID, Period: 2011 + y, Value: float64((i*31+k*17+y*7)%100000) / 100, Present: true})
			}
		}
	}
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	var highest atomic.Uint64
	done := make(chan struct{})
	watch := time.NewTicker(5 * time.Millisecond)
	defer watch.Stop()
	go func() {
		for {
			select {
			case <-done:
				return
			case <-watch.C:
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				highest.Store(max(highest.Load(), m.HeapAlloc))
			}
		}
	}()
	artifact, err := xlsx.New().Write(t.Context(), d, "duzy", nil)
	close(done)
	if err != nil {
		t.Fatal(err)
	}
	used := float64(highest.Load()-min(highest.Load(), before.HeapAlloc)) / (1 << 20)
	t.Logf("document %.0f MiB, writer at most %.0f MiB more, workbook %.1f MiB", float64(before.HeapAlloc)/(1<<20), used, float64(len(artifact.Data))/(1<<20))
	if used > 150 {
		t.Errorf("the writer took %.0f MiB", used)
	}
	z, err := zip.NewReader(bytes.NewReader(artifact.Data), int64(len(artifact.Data)))
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for _, f := range z.File {
		if ok, _ := filepath.Match("xl/worksheets/sheet*.xml", f.Name); ok && f.UncompressedSize64 > 1<<24 {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			n := count(t, r, "<row ") - 1
			if n > 1_048_575 {
				t.Errorf("%s has %d rows", f.Name, n)
			}
			rows += n
		}
	}
	if rows != len(a.Data) {
		t.Errorf("%d rows of %d", rows, len(a.Data))
	}
}

// count counts a text in a stream, in pieces.
func count(t *testing.T, r interface{ Read([]byte) (int, error) }, what string) int {
	t.Helper()
	buf := make([]byte, 1<<16)
	n, held := 0, 0
	for {
		got, err := r.Read(buf[held:])
		piece := buf[:held+got]
		n += bytes.Count(piece, []byte(what))
		keep := min(len(what)-1, len(piece))
		tail := piece[len(piece)-keep:]
		held = copy(buf, tail)
		if err != nil {
			return n
		}
	}
}
