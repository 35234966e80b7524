package svg_test

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/graphic/svg"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

// inline writes a picture of 100 by 50 points at 2 CSS pixels to a point.
func inline(t *testing.T, ops ...graphic.Op) string {
	t.Helper()
	in := svg.Inline{Scale: 2, Class: "szeroki", Prefix: "r.7"}
	b, err := in.Append([]byte("<p>"), &graphic.Picture{Width: 100, Height: 50, Ops: ops}, graphic.Meta{Title: `A < "B"`, Description: "C & D"})
	if err != nil {
		t.Fatal(err)
	}
	s, ok := strings.CutPrefix(string(b), "<p>")
	if !ok {
		t.Fatalf("what stood before is gone: %s", b)
	}
	if strings.Contains(s, "style=") {
		t.Errorf("a style attribute, which the policy of a page refuses: %s", s)
	}
	return s
}

func TestInline(t *testing.T) {
	var square, dot graphic.Outline
	square.Rect(1, 2, 30, 40)
	dot.Line(5, 5, 5, 5)
	first, _ := look.Ink.Token()
	second, _ := look.Accent.Token()
	s := inline(t,
		&graphic.Path{Outline: square, Filled: true, EvenOdd: true, Fill: look.Accent, Stroke: graphic.Stroke{Color: look.Ink, Width: 0.5, Dash: []float64{5, 3}, Round: true}},
		&graphic.Path{Outline: dot, Stroke: graphic.Stroke{Color: look.Ink, Width: 1, Round: true}},
		&graphic.Path{Filled: true}, // nothing
		&graphic.Group{X: 5, Ops: []graphic.Op{
			&graphic.Text{X: 10, Y: 20, Anchor: graphic.End, Face: typeset.Bold, Size: 8, Color: look.Ink, Angle: 90, Text: `1 < 2 & "3"`},
			&graphic.Text{X: 10, Y: 20, Anchor: graphic.Middle, Size: 7, Color: look.Ink, Text: "zwykły"},
		}},
		&graphic.Clip{Outline: square, EvenOdd: true, Ops: []graphic.Op{&graphic.Path{Outline: square, Filled: true, Fill: look.Accent}}},
	)
	elements, text := read(t, []byte(s))
	width := func(face typeset.Face, s string, size float64) string {
		return fmt.Sprint(math.Round(typeset.Width(face, s, size) * 20))
	}
	for _, w := range []struct {
		element   string
		n         int
		attribute string
		want      string
	}{
		{"svg", 0, "class", "szeroki"},
		{"svg", 0, "viewBox", "0 0 2000 1000"},
		{"svg", 0, "width", "200"},
		{"svg", 0, "height", "100"},
		{"svg", 0, "role", "img"},
		{"svg", 0, "aria-labelledby", "r.7t"},
		{"svg", 0, "aria-describedby", "r.7d"},
		{"title", 0, "id", "r.7t"},
		{"desc", 0, "id", "r.7d"},
		{"path", 0, "d", "M20 40l600 0l0 800l-600 0z"},
		{"path", 0, "class", "f-" + second.Name + " s-" + first.Name},
		{"path", 0, "fill-rule", "evenodd"},
		{"path", 0, "stroke-width", "10"},
		{"path", 0, "stroke-dasharray", "100 60"},
		{"path", 0, "stroke-linecap", "round"},
		{"path", 1, "d", "M100 100h1"}, // a dot that its round stroke shows
		{"path", 1, "class", "s-" + first.Name},
		{"g", 0, "transform", "translate(100 0)"},
		{"g", 1, "clip-path", "url(#r.7c1)"},
		{"clipPath", 0, "id", "r.7c1"},
		{"path", 2, "clip-rule", "evenodd"},
		{"text", 0, "x", "200"},
		{"text", 0, "y", "400"},
		{"text", 0, "font-size", "160"},
		{"text", 0, "font-weight", "700"},
		{"text", 0, "text-anchor", "end"},
		{"text", 0, "transform", "rotate(-90 200 400)"},
		{"text", 0, "lengthAdjust", "spacingAndGlyphs"},
		{"text", 0, "textLength", width(typeset.Bold, `1 < 2 & "3"`, 8)},
		{"text", 1, "font-size", ""}, // the usual one
		{"text", 1, "text-anchor", "middle"},
		{"text", 1, "textLength", width(typeset.Regular, "zwykły", 7)},
	} {
		if len(elements[w.element]) <= w.n {
			t.Errorf("no %s %d in %s", w.element, w.n, s)
			continue
		}
		if got := elements[w.element][w.n][w.attribute]; got != w.want {
			t.Errorf("%s %d: %s=%q, want %q", w.element, w.n, w.attribute, got, w.want)
		}
	}
	if n := len(elements["path"]); n != 4 {
		t.Errorf("%d paths, want 4: an empty one is not written", n)
	}
	for name, want := range map[string]string{"title": `A < "B"`, "desc": "C & D", "text": `1 < 2 & "3"zwykły`} {
		if text[name] != want {
			t.Errorf("%s %q, want %q", name, text[name], want)
		}
	}
}

// TestInlineHidden says nothing to a screen reader.
func TestInlineHidden(t *testing.T) {
	b, err := svg.Inline{Scale: 1, Hidden: true, Class: "x"}.Append(nil, &graphic.Picture{Width: 9, Height: 9}, graphic.Meta{Title: "A"})
	want := `<svg class="x" viewBox="0 0 90 90" width="9" height="9" fill="none" font-size="140" aria-hidden="true" focusable="false"></svg>`
	if err != nil || string(b) != want {
		t.Errorf("%s, %v, want %s", b, err, want)
	}
}

// TestInlineShared writes what pictures share as it writes the same paths of one picture.
func TestInlineShared(t *testing.T) {
	base := &graphic.Base{Paths: make([]graphic.Path, 5)}
	for i := range base.Paths {
		p := &base.Paths[i]
		p.Filled, p.Stroke = i < 4, graphic.Stroke{Color: look.Ink, Width: 0.3}
		if i != 2 { // has no outline
			p.Outline.Rect(float64(i)*7.03, 1.01, 5, float64(i)+1)
			p.Outline.Line(0.5, float64(i), 0.5, float64(i))
		}
	}
	for name, s := range map[string]*graphic.Shared{
		"tinted": {Base: base, Tint: []int{1, -1, 0, 1}, Fills: []look.Color{look.Accent, look.Muted, look.White}},
		"plain":  {Base: base},
		"again":  {Base: base, Tint: []int{0, 0, 0, 0}, Fills: []look.Color{look.White}},
	} {
		if got, want := inline(t, s), inline(t, s.Expand()...); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, want)
		}
	}
	other := svg.Inline{Scale: 3, Prefix: "x"} // what is kept at one scale is not taken at another
	p := &graphic.Picture{Width: 9, Height: 9, Ops: []graphic.Op{&graphic.Shared{Base: base}}}
	got, err := other.Append(nil, p, graphic.Meta{})
	p.Ops = p.Ops[0].(*graphic.Shared).Expand()
	want, otherErr := other.Append(nil, p, graphic.Meta{})
	if err != nil || otherErr != nil || !bytes.Equal(got, want) {
		t.Errorf("at another scale\n%s, %v, want\n%s, %v", got, err, want, otherErr)
	}
}

// TestInlineRefuses names what no browser could draw, also where pictures share it.
func TestInlineRefuses(t *testing.T) {
	var far graphic.Outline
	far.Line(0, 0, math.NaN(), 1)
	bad := graphic.Path{Outline: far, Stroke: graphic.Stroke{Width: 1}}
	for name, op := range map[string]graphic.Op{
		"path": &bad, "group": &graphic.Group{X: 1e9, Ops: []graphic.Op{&graphic.Path{}}}, "in a clip": &graphic.Clip{Ops: []graphic.Op{&bad}},
		"shared": &graphic.Shared{Base: &graphic.Base{Paths: []graphic.Path{{}, bad}}}, "text": &graphic.Text{Size: math.Inf(1)},
	} {
		for range 2 { // the second time from memory
			if _, err := (svg.Inline{Scale: 1}).Append(nil, &graphic.Picture{Width: 9, Height: 9, Ops: []graphic.Op{op}}, graphic.Meta{}); err == nil {
				t.Errorf("%s is written", name)
			}
		}
	}
}
