package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/layout"
	"github.com/raportjst/raportjst/generator/pdf"
	"github.com/raportjst/raportjst/generator/report"
	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/source/files"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/generator/xlsx"
	"github.com/raportjst/raportjst/templates"
)

// realData is a snapshot of the real files beside the project; the test is skipped where
// there are none.
func realData(t *testing.T) *snapshot.Snapshot {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "data")
	in := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
	if _, err := os.Stat(in("register")); errors.Is(err, fs.ErrNotExist) {
		t.Skip("the real data are not beside the project (../shared/data)")
	}
	borders := files.OnDisk(in("boundaries/boundaries_pl_2026.topojson"))
	set := files.Set{TERC: []files.File{files.OnDisk(in("register/TERC_Urzedowy_2026-01-08.csv"))}, Boundaries: &borders}
	for _, name := range []string{
		"panel_gminy_2003_2019.csv=@2020-06-30", "crel/FINA_1579_CREL_20250113235613.csv", "crel/LUDN_1872_CREL_20220407210059.csv",
		"crel/LUDN_2137_CREL_20220407210714.csv", "crel/LUDN_4382_CREL_20250125191617.csv", "xtab/RYNE_2392_XTAB_20250329140926Bezrobocie.xlsx",
	} {
		set.BDL = append(set.BDL, files.BDL(in("bdl/"+name)))
	}
	s, err := files.Import(t.Context(), set, filepath.Join(t.TempDir(), "real"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// Every area of Poland gets its PDF and workbook from real figures, in order of code and
// without an error, and no page of them says no more than that data are missing.
func TestEveryArea(t *testing.T) {
	if os.Getenv("RAPORTJST_HEAVY") == "" {
		t.Skip("set RAPORTJST_HEAVY=1 to write the reports of all areas of Poland")
	}
	s := realData(t)
	lib, err := report.NewLibrary(templates.FS, report.Data{
		Register: s.Register(), Indicators: s.Indicators(), Topology: s.Topology(), SnapshotID: s.ID(), Date: s.Manifest().Date, Load: s.Load,
	})
	if err != nil {
		t.Fatal(err)
	}
	g := &generator.Generator{Builder: lib, Writers: map[string]generator.Writer{"xlsx": xlsx.New(), "pdf": pdf.New()}, Pictures: map[string]generator.Writer{"svg": pages{}}}
	var codes []stat.AreaCode
	for _, a := range s.Register().Areas() {
		if a.Code != stat.Country {
			codes = append(codes, a.Code)
		}
	}
	if !slices.IsSorted(codes) || len(codes) != 2479+380+16 {
		t.Fatalf("%d areas", len(codes))
	}
	begin := time.Now()
	var bytes, sheets [2]int
	var mu sync.Mutex
	next := make(chan stat.AreaCode)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for code := range next {
				out, err := g.Generate(t.Context(), generator.Request{Area: code, Spec: generator.Spec{Period: 2018, Formats: []string{"pdf", "xlsx"}, Charts: "svg"}})
				if young := code == "120713" || code == "200216"; young && report.NoData(err) {
					continue // Szczawa and Grabówka came after 2018
				}
				if err != nil {
					t.Errorf("%s: %v", code, err)
					continue
				}
				mu.Lock()
				for i, kind := range []string{".xlsx", ".pdf"} {
					if a := out[i]; !strings.HasSuffix(a.Name, kind) || !strings.Contains(a.Name, string(s.Register().Canonical(code))) || len(a.Data) < 20_000 {
						t.Errorf("%s: %s of %d bytes", code, a.Name, len(a.Data))
					} else {
						bytes[i], sheets[i] = bytes[i]+len(a.Data), sheets[i]+1
					}
				}
				mu.Unlock()
			}
		})
	}
	for _, code := range codes {
		next <- code
	}
	close(next)
	workers.Wait()
	t.Logf("%d PDF files of %d MB and %d workbooks of %d MB in %s", sheets[1], bytes[1]>>20, sheets[0], bytes[0]>>20, time.Since(begin).Round(time.Second))
}

// pages is a writer that only looks at the pages of a document.
type pages struct{}

func (pages) Write(_ context.Context, d *document.Document, base string, _ []generator.Artifact) (generator.Artifact, error) {
	l, err := layout.Set(d)
	if err != nil {
		return generator.Artifact{}, err
	}
	tables := map[*layout.Element]bool{} // what lies in a cell of a table
	var walk func(e *layout.Element, cell bool)
	walk = func(e *layout.Element, cell bool) {
		cell = cell || e.Tag == layout.TagTD
		tables[e] = cell
		for _, k := range e.Kids {
			walk(k, cell)
		}
	}
	walk(l.Root, false)
	var faults []error
	for n := range l.Pages {
		if !speaks(&l.Pages[n], tables) {
			faults = append(faults, fmt.Errorf("%s, page %d says nothing", base, n+1))
		}
	}
	return generator.Artifact{}, errors.Join(faults...)
}

// speaks reports whether a page holds a picture, a figure in a cell, or a sentence beside its
// headings and words for what is missing.
func speaks(p *layout.Page, cells map[*layout.Element]bool) bool {
	var prose strings.Builder
	table := false
	for _, item := range p.Items {
		e := item.Element
		if e == nil || e.Tag >= layout.TagH1 && e.Tag <= layout.TagH6 || e.Tag == layout.TagTH || e.Tag == layout.TagCaption {
			continue
		}
		if e.Tag == layout.TagFigure {
			return true
		}
		for _, op := range item.Ops {
			text, ok := op.(*graphic.Text)
			switch {
			case !ok:
			case cells[e]:
				table = true
				if strings.ContainsFunc(text.Text, unicode.IsDigit) {
					return true
				}
			default:
				prose.WriteString(text.Text)
				prose.WriteByte(' ')
			}
		}
	}
	rest := prose.String()
	for _, s := range []string{"brak danych", "Brak danych", "brak informacji"} {
		rest = strings.ReplaceAll(rest, s, "")
	}
	return !table && len(strings.TrimSpace(rest)) > 60
}

func TestSpeaks(t *testing.T) {
	item := func(tag layout.Tag, texts ...string) layout.Item {
		i := layout.Item{Element: &layout.Element{Tag: tag}}
		for _, s := range texts {
			i.Ops = append(i.Ops, &graphic.Text{Text: s})
		}
		return i
	}
	head, long := item(layout.TagH1, "Rozdział o liczbie ludności w 2018 r."), strings.Repeat("zdanie ", 12)
	for _, c := range []struct {
		name string
		item layout.Item
		want bool
	}{
		{"signs only", item(layout.TagTD, ".", "#", "–", "x"), false},
		{"a figure", item(layout.TagTD, ".", "7,5"), true},
		{"a row header", item(layout.TagTH, "Ludność w 2018 r."), false},
		{"missing data", item(layout.TagP, "Brak danych.", "brak danych"), false},
		{"a sentence", item(layout.TagP, long), true},
		{"a picture", item(layout.TagFigure), true},
		{"a running head", layout.Item{Artifact: layout.Header, Ops: []graphic.Op{&graphic.Text{Text: long}}}, false},
	} {
		p := layout.Page{Items: []layout.Item{head, c.item}}
		if got := speaks(&p, map[*layout.Element]bool{c.item.Element: c.item.Element != nil && c.item.Element.Tag == layout.TagTD}); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
