package report

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/stat"
)

// every calls visit with all blocks of a document.
func every(d *document.Document, visit func(document.Block)) {
	for _, b := range document.All(d.Body) {
		visit(b)
	}
}

// The map of a gmina shows the powiat and, without values, the neighbours beyond it.
func TestSurroundings(t *testing.T) {
	l := sampleLibrary(t)
	d, err := l.Build(context.Background(), Request{Area: "981206", Period: 2025})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for _, c := range l.data.Register.Neighbours("981206") {
		if c.Parent() != stat.AreaCode("9812") {
			want[string(c)] = true
		}
	}
	if len(want) == 0 {
		t.Fatal("the sample gmina lies in the middle of its powiat")
	}
	maps := 0
	every(d, func(b document.Block) {
		f, _ := b.(document.Figure)
		m, ok := f.Content.(document.Map)
		if !ok {
			return
		}
		maps++
		for _, r := range m.Around {
			if !want[r.Code] || !r.Named {
				t.Errorf("%s: %s is drawn as surroundings", f.Label, r.Code)
			}
		}
		if len(m.Around) != len(want) {
			t.Errorf("%s: %d neighbours beyond the powiat, want %d", f.Label, len(m.Around), len(want))
		}
		apart := slices.IndexFunc(f.Table.Rows, func(r document.Row) bool { return r.Group != "" })
		if apart < 0 || len(f.Table.Rows)-apart-1 != len(want) {
			t.Errorf("%s: the neighbours beyond the powiat are not in the table", f.Label)
		}
	})
	if maps == 0 {
		t.Error("no map")
	}
}

// A chapter that only shows other indicators anew is no gap when it stays empty, and does
// not name sources twice; a summary about one chapter has as many findings as it may.
func TestOneChapter(t *testing.T) {
	l := sampleLibrary(t)
	for template, findings := range map[string]int{"obszar:finanse-jst": 6, "usluga:szkoly-podstawowe": 3} {
		d, err := l.Build(context.Background(), Request{Area: "981001", Period: 2025, Template: template})
		if err != nil {
			t.Fatal(err)
		}
		every(d, func(b document.Block) {
			switch b := b.(type) {
			case document.Findings:
				if len(b.Items) != findings {
					t.Errorf("%s: %d findings, want %d", template, len(b.Items), findings)
				}
			case document.Section:
				if b.ID == "braki" && len(b.Blocks) > b2i(strings.Contains(dump(&document.Document{Body: []document.Block{b}}), "Najnowszy rok z~danymi to 2024: ")) {
					t.Errorf("%s: something is said to be missing: %s", template, dump(&document.Document{Body: []document.Block{b}}))
				}
			case document.Table:
				if b.ID != "zrodla" {
					return
				}
				for _, r := range b.Rows {
					if s := dumpCells(r); strings.Contains(s, ";") {
						t.Errorf("%s: a source of two chapters, of which the second shows nothing new: %s", template, s)
					}
				}
			}
		})
	}
}

func dumpCells(r document.Row) string {
	var out []string
	for _, c := range r.Cells {
		for _, i := range c.Text {
			if x, ok := i.(document.Text); ok {
				out = append(out, x.Text)
			}
		}
	}
	return strings.Join(out, " | ")
}

// Sources tell of every year that a chart shows.
func TestSourceYears(t *testing.T) {
	d, err := sampleLibrary(t).Build(context.Background(), Request{Area: "981001", Period: 2025})
	if err != nil {
		t.Fatal(err)
	}
	var years []int
	every(d, func(b document.Block) {
		if f, ok := b.(document.Figure); ok {
			if x, ok := f.Content.(document.Chart); ok && x.Mark == document.Line {
				for _, r := range f.Table.Rows {
					years = append(years, int(r.Cells[0].Number.Value))
				}
			}
		}
	})
	first := slices.Min(years)
	every(d, func(b document.Block) {
		x, ok := b.(document.Table)
		if !ok || x.ID != "zrodla" {
			return
		}
		if s := dumpCells(x.Rows[0]); !strings.Contains(s, strconv.Itoa(first)+"–2025") {
			t.Errorf("charts begin in %d, the first source says %s", first, s)
		}
	})
}
