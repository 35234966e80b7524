package pdf

import (
	"bytes"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/raportjst/raportjst/generator/geo"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/layout"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/pdf/skeleton"
)

// squares is a base of n squares and a line under them.
func squares(n int) *graphic.Base {
	b := &graphic.Base{}
	for i := range n {
		var o graphic.Outline
		o.Polygon(float64(20*i), 0, float64(20*i)+15.5, 2, float64(20*i), 15)
		b.Paths = append(b.Paths, graphic.Path{Outline: o, Filled: true, EvenOdd: true, Fill: look.White, Stroke: graphic.Stroke{Color: look.White, Width: 1.8, Round: true}})
	}
	b.Paths = append(b.Paths, graphic.Path{}) // smaller than can be printed
	var line graphic.Outline
	line.Line(0, 20, float64(20*n), 20)
	b.Paths = append(b.Paths, graphic.Path{Outline: line, Stroke: graphic.Stroke{Color: look.Ink, Width: 0.5, Dash: []float64{5, 3}}})
	return b
}

// TestForms shows bases with and without tint, two of them twice: each form has all it
// calls, a base without tint is one object, and the colours are those of the picture.
func TestForms(t *testing.T) {
	tinted, plain := squares(3), squares(2)
	figure := func(s *setter, ops ...graphic.Op) {
		e := s.child(s.sect, layout.TagFigure)
		e.Alt = "mapa"
		s.put(e, &graphic.Group{X: 100, Y: 200, Ops: ops})
	}
	s := newSetter()
	fills := []look.Color{look.Accent, look.Blue}
	figure(s, &graphic.Shared{Base: tinted, Tint: []int{0, 1, -1}, Fills: fills}, &graphic.Shared{Base: plain})
	figure(s, &graphic.Shared{Base: tinted, Tint: []int{1, 1, 1}, Fills: fills}, &graphic.Shared{Base: plain})
	data := render(t, s.l)
	f := conform(t, data).f
	forms := f.dict(f.dict(f.objects[skeleton.ResourcesObject])["XObject"])
	if len(forms) != 3 {
		t.Fatalf("%d forms, want 3: %v", len(forms), forms)
	}
	for n, want := range map[name][]string{"M0": {"00566B", "0072B2", "FFFFFF"}, "M1": nil, "M2": {"0072B2", "0072B2", "0072B2"}} {
		x := f.get(forms[n]).(*stream)
		spaces := f.dict(f.dict(x.dict["Resources"])["ColorSpace"])
		var got []string
		painted := 0
		for _, o := range operations(t, x.data) {
			switch {
			case o.op == "cs":
				space := f.array(spaces[o.args[0].(name)])
				if len(space) != 4 || space[0] != name("Indexed") || space[1] != name("DeviceRGB") || space[2] != 0 {
					t.Fatalf("%s calls %v, which is %v", n, o.args[0], space)
				}
				got = append(got, fmt.Sprintf("%X", string(space[3].(str))))
			case slices.Contains(painting, o.op):
				painted++
			}
		}
		if !slices.Equal(got, want) || painted != len(tinted.Paths)-1 && painted != len(plain.Paths)-1 {
			t.Errorf("%s has colours %v, want %v; it paints %d times", n, got, want, painted)
		}
		box := f.array(x.dict["BBox"])
		if float(box[0]) > -9 || float(box[1]) > -9 || float(box[3]) < 200 {
			t.Errorf("%s: box %v cuts what is drawn", n, box)
		}
	}
	// Packed anew, all is the same.
	again := newSetter()
	tinted, plain = squares(3), squares(2)
	figure(again, &graphic.Shared{Base: tinted, Tint: []int{0, 1, -1}, Fills: fills}, &graphic.Shared{Base: plain})
	figure(again, &graphic.Shared{Base: tinted, Tint: []int{1, 1, 1}, Fills: fills}, &graphic.Shared{Base: plain})
	if !bytes.Equal(render(t, again.l), data) {
		t.Error("bases packed anew give another file")
	}
	wrong := newSetter()
	figure(wrong, &graphic.Shared{Base: plain, Tint: make([]int, 9), Fills: fills})
	if _, err := Render(wrong.l, sampleMeta, nil); err == nil {
		t.Error("more tints than paths are drawn")
	}
}

// TestMapsAnew writes reports with a map at once, from the same borders at hand and from
// borders read anew: the same bytes.
func TestMapsAnew(t *testing.T) {
	want := benchFile(t)
	fresh := *benchTopology
	var all sync.WaitGroup
	for i := range 6 {
		borders := []*geo.Topology{benchTopology, &fresh}[i%2]
		all.Go(func() {
			a, err := New().Write(t.Context(), benchDocument(borders), "raport", nil)
			if err != nil {
				t.Error(err)
			} else if !bytes.Equal(a.Data, want) {
				t.Error("the file depends on what was drawn before")
			}
		})
	}
	all.Wait()
}
