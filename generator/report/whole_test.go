package report

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/stat"
)

// The median under the table of a map is that of all its areas, also where the table shows
// only the highest and the lowest.
func TestMedianOfAMap(t *testing.T) {
	l := realLibrary(t)
	var peers []string
	for _, a := range l.data.Register.Areas() {
		if len(a.Code) == 6 && strings.HasPrefix(string(a.Code), "3021") || strings.HasPrefix(string(a.Code), "3003") && len(a.Code) == 6 || strings.HasPrefix(string(a.Code), "3027") && len(a.Code) == 6 {
			peers = append(peers, string(a.Code))
		}
	}
	for _, r := range []Request{{Area: "30", Period: 2018}, {Area: "30", Period: 2018, Template: "zwiazek", Peers: peers}} {
		d, err := l.Build(context.Background(), r)
		if err != nil {
			t.Fatal(err)
		}
		compared := 0
		for _, f := range figuresOf(d) {
			if _, ok := f.Content.(document.Map); !ok || drawnAreas(f) <= 30 {
				continue
			}
			var n *document.Number
			for _, row := range f.Table.Rows {
				if row.Role == document.GroupMedian {
					n = row.Cells[2].Number
				}
			}
			if n == nil || len(n.Origin.Refs) != drawnAreas(f) {
				t.Fatalf("%s: the median is of %+v of %d areas", f.Title, n, drawnAreas(f))
			}
			for _, x := range tablesOf(d) {
				end := x.Rows[len(x.Rows)-1].Cells
				for i, c := range x.Columns {
					if i > 0 && inline(end[0].Text) == "mediana" && end[i].Number.Origin.Refs != nil && end[i].Number.Origin.Refs[0] == n.Origin.Refs[0] {
						compared++
						if end[i].Number.Text != n.Text {
							t.Errorf("%s: median %s in the map, %s in %s", c.Head, n.Text, end[i].Number.Text, x.Label)
						}
					}
				}
			}
		}
		if compared == 0 {
			t.Errorf("%s: nothing was compared", r.Area)
		}
	}
}

// What a note says of the bars shown is what the chart shows: nine around the unit, or of a
// union the first nine, and three at each end.
func TestShownBars(t *testing.T) {
	for _, c := range []struct{ n, own, want int }{{20, 3, 20}, {40, -1, 12}, {40, 0, 12}, {40, 39, 12}, {40, 20, 15}, {40, 4, 12}} {
		ps := make([]place, c.n)
		if c.own >= 0 {
			ps[c.own].own = true
		}
		got := 0
		for _, aside := range windowed(ps) {
			if !aside {
				got++
			}
		}
		if got != c.want {
			t.Errorf("%d places, own %d: %d shown, not %d", c.n, c.own, got, c.want)
		}
	}
}

// A chapter about the areas inside a powiat speaks of them and not of the powiat again.
func TestInside(t *testing.T) {
	d, err := sampleLibrary(t).Build(context.Background(), Request{Area: "9810", Period: 2025})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range d.Body {
		if s := b.(document.Section); s.ID == chapterAnchor+"gminy" {
			text := show(inline(s.Blocks[0].(document.Paragraph).Content))
			if !strings.Contains(text, "najwyższa wartość") || strings.Contains(text, "budżetów gmin") || strings.Contains(text, "mediany grupy") {
				t.Error(text)
			}
			return
		}
	}
	t.Error("no chapter of the gminas")
}

// figuresOf lists the figures of the chapters of a document.
func figuresOf(d *document.Document) []document.Figure { return blocksOf[document.Figure](d) }

// drawnAreas counts the areas that a map draws with their values.
func drawnAreas(f document.Figure) int {
	n := 0
	for _, r := range f.Table.Rows {
		if r.Area != "" {
			n++
		}
	}
	return n
}

// A report of named members is about them: their number and kind, where they are, and figures
// under the names that they have for areas of their kind.
func TestNamedMembers(t *testing.T) {
	l := realLibrary(t)
	for _, c := range []struct {
		area, cover, kind, income string
		peers                     []string
	}{
		{"30", "6~powiatów", "województwa: dolnośląskie~(2), lubuskie~(2) i~wielkopolskie~(2)", "Dochody budżetów gmin na 1~mieszkańca", []string{"0201", "0202", "0801", "0802", "3001", "3002"}},
		{"14", "5~miast", "województwa: dolnośląskie~(4) i~lubuskie~(1)", "Dochody na mieszkańca", []string{"026101", "0262", "026401", "026501", "086101"}},
		{"3021", "5~gmin", "województwo wielkopolskie", "Dochody na mieszkańca", []string{"302101", "302102", "302103", "302104", "302105"}},
	} {
		d, err := l.Build(context.Background(), Request{Area: stat.AreaCode(c.area), Period: 2018, Template: "zwiazek", Peers: c.peers})
		if err != nil {
			t.Fatal(err)
		}
		text := show(dump(d))
		loc := d.Cover.Map.Content.(document.Locator)
		if show(d.Cover.Name) != c.cover || show(d.Cover.Kind) != c.kind || len(loc.Members) != len(c.peers) || loc.Own != "" {
			t.Errorf("%s, %s, %d on the map", show(d.Cover.Name), show(d.Cover.Kind), len(loc.Members))
		}
		if !strings.Contains(text, c.income) || strings.Contains(strings.ToLower(text), "jednostki wskazane") {
			t.Errorf("%s: no %q or no word for the members", c.cover, c.income)
		}
		for _, f := range figuresOf(d) {
			if m, ok := f.Content.(document.Map); ok && slices.ContainsFunc(m.Classes, func(c document.Class) bool { return c.Count == 0 }) {
				t.Errorf("%s, %s: an empty class", c.cover, show(f.Subtitle))
			}
		}
	}
}

// The annex of a union describes no area: nothing is the area's own, nothing has a place.
func TestUnionHasNoOwnArea(t *testing.T) {
	d, err := sampleLibrary(t).Build(context.Background(), requests()["zwiazek-lista"])
	if err != nil {
		t.Fatal(err)
	}
	if d.Annex.Own != "" || len(d.Annex.Areas) != len(requests()["zwiazek-lista"].Peers) {
		t.Errorf("own %q, %d areas", d.Annex.Own, len(d.Annex.Areas))
	}
	for _, s := range d.Annex.Statistics {
		if s.Ranked {
			t.Errorf("%s has a place", s.Indicator)
		}
	}
}
