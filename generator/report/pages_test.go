package report

import (
	"fmt"
	"slices"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/layout"
	"github.com/raportjst/raportjst/generator/stat"
)

// Where the text of a page begins and ends, and the part of it that may stay empty below the
// last block.
const (
	textTop    = 25 * 72 / 25.4
	textBottom = 277 * 72 / 25.4
	mostEmpty  = 0.25
)

// emptyParts measures a layout by what it draws: for each page after the cover, the part of the
// height of the text below the last text or picture.
func emptyParts(l *layout.Layout) []float64 {
	low := make([]float64, len(l.Pages))
	for n, p := range l.Pages {
		for _, item := range p.Items {
			for _, op := range item.Ops {
				if t, ok := op.(*graphic.Text); ok && item.Element != nil {
					low[n] = max(low[n], t.Y+0.2*t.Size)
				}
			}
		}
	}
	var pictures func(e *layout.Element)
	pictures = func(e *layout.Element) {
		low[e.Page] = max(low[e.Page], e.BBox[3])
		for _, k := range e.Kids {
			pictures(k)
		}
	}
	pictures(l.Root)
	var out []float64
	for _, y := range low[1:] {
		out = append(out, max(0, textBottom-y)/(textBottom-textTop))
	}
	return out
}

// pagesOf sets a report; own are the pages that an own chapter of an office begins.
func pagesOf(t *testing.T, l *Library, r Request) (empty []float64, own []int) {
	t.Helper()
	d, err := l.Build(t.Context(), r)
	if err != nil {
		t.Fatalf("%s in %d: %v", r.Area, r.Period, err)
	}
	set, err := layout.Set(d)
	if err != nil {
		t.Fatalf("%s in %d: %v", r.Area, r.Period, err)
	}
	for _, x := range d.Body[1:] {
		s := x.(document.Section)
		for _, b := range set.Outline {
			if b.Title == s.Title && !s.Follow {
				own = append(own, b.Page)
			}
		}
	}
	return emptyParts(set), own
}

// holes are the pages that more than a quarter of stays empty, but the last and those before an
// own chapter.
func holes(empty []float64, own []int) (out []string) {
	for i, e := range empty[:len(empty)-1] {
		if e > mostEmpty && !slices.Contains(own, i+2) {
			out = append(out, fmt.Sprintf("page %d: %.0f%%", i+2, 100*e))
		}
	}
	return out
}

// TestPagesAreFull holds that no page but the last is left empty for more than a quarter below
// its last block, in every report of the sample and, in the heavy run, in a hundred reports of
// each of two years of the real data. It prints how many pages reports take.
func TestPagesAreFull(t *testing.T) {
	check := func(t *testing.T, l *Library, areas []stat.Area, year stat.Period) {
		count, pages, sum := map[int]int{}, 0, 0.0
		for _, a := range areas {
			empty, own := pagesOf(t, l, Request{Area: a.Code, Period: year})
			if h := holes(empty, own); len(h) > 0 {
				t.Errorf("%s in %d (%d pages): %v", a.Code, year, len(empty)+1, h)
			}
			count[len(empty)+1]++
			pages += len(empty)
			for _, e := range empty {
				sum += e
			}
		}
		t.Logf("bar: %d reports of %d, pages: %v; empty on average: %.0f%%", len(areas), year, count, 100*sum/float64(pages))
	}
	t.Run("sample", func(t *testing.T) {
		l := sampleLibrary(t)
		check(t, l, withData(t, l, 2025, 1), 2025)
	})
	if !heavy() {
		return
	}
	t.Run("real", func(t *testing.T) {
		l := nationalLibrary(t)
		for _, year := range []stat.Period{2018, 2023} {
			all := withData(t, l, year, 1)
			check(t, l, withData(t, l, year, len(all)/100), year)
		}
		for _, one := range []struct {
			area stat.AreaCode
			year stat.Period
			most int
		}{{"302101", 2018, 9}, {"302101", 2023, 5}, {"146501", 2018, 10}} { // no more than what they have come down to
			empty, _ := pagesOf(t, l, Request{Area: one.area, Period: one.year})
			t.Logf("bar: %s in %d takes %d pages", one.area, one.year, len(empty)+1)
			if len(empty)+1 > one.most {
				t.Errorf("%s in %d takes %d pages, more than %d", one.area, one.year, len(empty)+1, one.most)
			}
		}
	})
}

// withData is every step-th area that has a report for the year.
func withData(t *testing.T, l *Library, year stat.Period, step int) (out []stat.Area) {
	n := 0
	for _, a := range l.data.Register.Areas() {
		if a.Kind == stat.KindCountry || silentIn(t, l, a.Code, year) {
			continue
		}
		if n%step == 0 {
			out = append(out, a)
		}
		n++
	}
	return out
}
