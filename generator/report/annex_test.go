package report

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
)

// checkContent fails on a chapter that says nothing.
func checkContent(t *testing.T, d *document.Document) {
	t.Helper()
	for _, b := range d.Body {
		s := b.(document.Section)
		if s.ID == "spis-tresci" || s.ID == "metoda" {
			continue
		}
		if lead, ok := s.Blocks[0].(document.Paragraph); ok && strings.Contains(show(inline(lead.Content)), "nie zawiera wartości tej jednostki") {
			continue // the page that says so
		}
		if !says(s.Blocks) {
			t.Errorf("chapter %q holds no figure", s.Title)
		}
	}
}

// says reports whether blocks hold a present number or a picture.
func says(bs []document.Block) bool {
	for _, b := range document.All(bs) {
		switch b := b.(type) {
		case document.Figure, document.KeyFigures, document.Findings:
			return true
		case document.Table:
			for _, r := range b.Rows {
				for i, c := range r.Cells {
					if c.Strip != nil || c.Number != nil && c.Number.Present && b.Columns[i].Kind == document.NumberColumn {
						return true
					}
				}
			}
		}
	}
	return false
}

// numbers calls f for every number of a document.
func numbers(v reflect.Value, f func(document.Number)) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() && !strings.HasSuffix(v.Type().String(), "Topology") {
			numbers(v.Elem(), f)
		}
	case reflect.Slice:
		for i := range v.Len() {
			numbers(v.Index(i), f)
		}
	case reflect.Struct:
		if n, ok := v.Interface().(document.Number); ok {
			f(n)
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && v.Type().Field(i).Name != "Annex" {
				numbers(v.Field(i), f)
			}
		}
	}
}

// checkAnnex computes every number of a report again from the annex alone: an observation
// equals its datum, a change and a statistic follow from the figures they refer to.
func checkAnnex(t *testing.T, d *document.Document) int {
	t.Helper()
	data := map[document.Ref]document.Datum{}
	for _, x := range d.Annex.Data {
		ref := document.Ref{Area: x.Area, Indicator: x.Indicator, Period: x.Period}
		if _, twice := data[ref]; twice {
			t.Fatalf("%v stands twice in the annex", ref)
		}
		data[ref] = x
	}
	computed := 0
	check := func(n document.Number) {
		if n.Origin.Op == document.Unknown {
			return
		}
		var vs []float64
		for i, ref := range n.Origin.Refs {
			x, ok := data[ref]
			if !ok && n.Origin.Op == document.Observed && !n.Present {
				continue // simply absent
			}
			if !ok {
				t.Fatalf("%v of %q is not in the annex", ref, n.Text)
			}
			if x.Present {
				if i >= len(n.Origin.Refs)-n.Origin.Less {
					x.Value = -x.Value
				}
				vs = append(vs, x.Value)
				if n.Origin.Op == document.Rank && ref.Area == n.Origin.Of { // the one that is placed comes first
					vs[0], vs[len(vs)-1] = vs[len(vs)-1], vs[0]
				}
			} else if n.Origin.Op != document.Observed {
				t.Fatalf("%v of %q has no value", ref, n.Text)
			}
		}
		computed++
		if want, ok := again(n.Origin.Op, vs); ok && n.Present && !near2(n.Value, want) {
			t.Errorf("number %q is %v, from its figures %v (op %d)", n.Text, n.Value, want, n.Origin.Op)
		}
	}
	numbers(reflect.ValueOf(d).Elem(), check)
	for _, s := range d.Annex.Statistics {
		for _, n := range s.Changes {
			check(n)
		}
	}
	return computed
}

func near2(a, b float64) bool { return max(a-b, b-a) <= 1e-9*max(1, max(a, -a)) }

// again computes an operation in the plainest way.
func again(op document.Op, vs []float64) (float64, bool) {
	if len(vs) == 0 {
		return 0, false
	}
	quantile := func(p float64) float64 {
		s := slices.Sorted(slices.Values(vs))
		h := p * float64(len(s)-1)
		lo := int(h)
		hi := min(lo+1, len(s)-1)
		return s[lo]*(1-(h-float64(lo))) + s[hi]*(h-float64(lo))
	}
	switch op {
	case document.Observed:
		return vs[0], true
	case document.Sum:
		sum := 0.0
		for _, v := range vs {
			sum += v
		}
		return sum, true
	case document.Change:
		return vs[1] - vs[0], true
	case document.ChangePercent:
		return 100 * (vs[1] - vs[0]) / vs[0], true
	case document.Median:
		return quantile(0.5), true
	case document.LowerQuartile:
		return quantile(0.25), true
	case document.UpperQuartile:
		return quantile(0.75), true
	case document.Rank:
		n := 1.0
		for _, v := range vs[1:] {
			if v > vs[0] {
				n++
			}
		}
		return n, true
	}
	return 0, false
}

// The annex gives each indicator of the catalogue its dimension, so that a workbook tells what
// is cost and what is quality.
func TestAnnexTellsDimensions(t *testing.T) {
	d, err := sampleLibrary(t).Build(t.Context(), Request{Area: "981001", Period: 2025})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, i := range d.Annex.Indicators {
		seen[i.Dimension]++
	}
	for _, dimension := range []string{"koszt", "jakość", "dostępność", "ilość", "efektywność"} {
		if seen[dimension] == 0 {
			t.Errorf("no indicator of dimension %s: %v", dimension, seen)
		}
	}
}
