package graphic

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

func TestDump(t *testing.T) {
	var square, curve Outline
	square.Rect(1, 2.5, 3, 4)
	curve.MoveTo(0, -0.001)
	curve.CurveTo(1, 2, 3, 4, 5.126, 6)
	p := &Picture{Width: 10, Height: 20.5, Ops: []Op{
		&Path{Outline: square, Filled: true, EvenOdd: true, Fill: look.Accent, Stroke: Stroke{Color: look.Ink, Width: 0.5, Dash: []float64{5, 3}, Round: true}},
		&Group{X: 1, Y: 2, Ops: []Op{
			&Text{X: 3, Y: 4, Anchor: End, Face: typeset.Bold, Size: 8, Color: look.Muted, Angle: 90, Text: "„a”"},
		}},
		&Clip{Outline: curve, Ops: []Op{&Raster{W: 1, H: 2, Data: []byte("abc")}}},
	}}
	var b strings.Builder
	if err := p.Dump(&b); err != nil {
		t.Fatal(err)
	}
	want := `picture 10 20.5
  path fill 00566b evenodd stroke 16202a 0.5 dash 5 3 round: M 1 2.5 L 4 2.5 L 4 6.5 L 1 6.5 Z
  group 1 2
    text 3 4 end bold 8 46525c angle 90 "„a”"
  clip: M 0 0 C 1 2 3 4 5.13 6
    raster 0 0 1 2 3 bytes
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

func TestAppendNumber(t *testing.T) {
	for v, want := range map[float64]string{0: "0", math.Copysign(0, -1): "0", -0.004: "0", 0.005: "0.01", -1.5: "-1.5", 100: "100", 12.345: "12.35", 1e6: "1000000"} {
		if got := string(AppendNumber(nil, v)); got != want {
			t.Errorf("%v: %q, want %q", v, got, want)
		}
	}
}

// Crosses agrees with walking along the line.
func TestBoxCrosses(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 20000 {
		b := Box{X0: r.Float64() * 5, Y0: r.Float64() * 5}
		b.X1, b.Y1 = b.X0+r.Float64()*4, b.Y0+r.Float64()*4
		x0, y0, x1, y1 := r.Float64()*10, r.Float64()*10, r.Float64()*10, r.Float64()*10
		if r.IntN(3) == 0 {
			x1 = x0
		}
		walked := false
		deep := 0.0
		for k := range 400 {
			s := float64(k) / 399
			x, y := x0+(x1-x0)*s, y0+(y1-y0)*s
			if d := min(x-b.X0, b.X1-x, y-b.Y0, b.Y1-y); d > 0 {
				walked, deep = true, max(deep, d)
			}
		}
		if got := b.Crosses(x0, y0, x1, y1); got != walked && (walked || deep > 0.05) {
			t.Fatalf("%v from (%v, %v) to (%v, %v): %v, walked %v", b, x0, y0, x1, y1, got, walked)
		}
	}
	if b := (Box{0, 0, 1, 1}); b.Crosses(-1, 0, 2, 0) || b.Crosses(-1, 2, 2, 2) || !b.Crosses(-1, 0.5, 2, 0.5) {
		t.Error("a line along an edge or beside the box crosses nothing")
	}
}

func TestClashes(t *testing.T) {
	text := func(x, y float64, s string) *Text { return &Text{X: x, Y: y, Size: 8, Text: s} }
	for name, c := range map[string]struct {
		ops  []Op
		want int
	}{
		"apart":                {[]Op{text(5, 10, "jeden"), text(5, 20, "dwa")}, 0},
		"one on another":       {[]Op{text(5, 10, "jeden"), text(10, 12, "dwa")}, 1},
		"touching":             {[]Op{text(5, 10, "jeden"), text(5+typeset.Width(0, "jeden", 8), 10, "dwa")}, 0},
		"out on the right":     {[]Op{text(90, 10, "jeden")}, 1},
		"moved out by a group": {[]Op{&Group{X: 85, Ops: []Op{text(5, 10, "jeden")}}}, 1},
		"moved apart":          {[]Op{text(5, 10, "jeden"), &Group{Y: 20, Ops: []Op{text(5, 10, "dwa")}}}, 0},
		"an accent above":      {[]Op{text(5, 10, "gygy"), text(5, 18.6, "gmina"), text(5, 18.6+20, "x")}, 0},
		"an accent into it":    {[]Op{text(5, 10, "gygy"), text(5, 18.6, "Świdnica")}, 1},
	} {
		p := &Picture{Width: 100, Height: 50, Ops: c.ops}
		if got := p.Clashes(); len(got) != c.want {
			t.Errorf("%s: %q, want %d", name, got, c.want)
		}
	}
}

func TestWalk(t *testing.T) {
	inner := &Text{Text: "x"}
	p := &Picture{Ops: []Op{&Group{X: 1, Y: 2, Ops: []Op{&Clip{Ops: []Op{&Group{X: 10, Ops: []Op{inner}}}}}}}}
	seen := 0
	p.Walk(func(op Op, x, y float64) {
		seen++
		if op == Op(inner) && (x != 11 || y != 2) {
			t.Errorf("moved by (%v, %v), want (11, 2)", x, y)
		}
	})
	if seen != 4 {
		t.Errorf("%d steps, want 4", seen)
	}
}

func TestOutline(t *testing.T) {
	var o Outline
	o.Polygon(1, 1, 2, 1, 2, 2)
	o.Polyline(5, 5, 6, 6)
	o.Polygon()
	o.Dot(3, 3)
	if got, want := o.String(), " M 1 1 L 2 1 L 2 2 Z M 5 5 L 6 6 M 3 3 L 3.01 3"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	var circle Outline
	circle.Circle(0, 0, 4)
	for i := 0; i+5 < len(circle.Coords)-2; i += 6 { // the middle of each curve lies on the circle
		c := circle.Coords[i:]
		x, y := (c[0]+3*c[2]+3*c[4]+c[6])/8, (c[1]+3*c[3]+3*c[5]+c[7])/8
		if d := math.Hypot(x, y); math.Abs(d-4) > 0.02 {
			t.Errorf("radius %v, want 4", d)
		}
	}
}

// TestShared: a base looks like its paths, those of a tint in one, what others draw over
// left out; what was made of it is made once.
func TestShared(t *testing.T) {
	b := &Base{}
	for i := range 4 {
		var o Outline
		o.Line(float64(i), 0, float64(i), 1)
		b.Paths = append(b.Paths, Path{Outline: o, Filled: true, Fill: look.Ink})
	}
	b.Paths[1].Outline = Outline{}
	p := &Picture{Width: 10, Height: 10, Ops: []Op{
		&Group{X: 5, Ops: []Op{&Shared{Base: b, Tint: []int{1, 0, 1}, Fills: []look.Color{look.Blue, look.Accent, look.Green}}}},
		&Shared{Base: b, Tint: []int{0, 0, -1}, Fills: []look.Color{look.Blue}},
	}}
	var s strings.Builder
	if err := p.Dump(&s); err != nil {
		t.Fatal(err)
	}
	want := `picture 10 10
  group 5 0
    path fill 00566b: M 0 0 L 0 1 M 2 0 L 2 1
    path fill 16202a: M 3 0 L 3 1
  path fill 0072b2: M 0 0 L 0 1
  path fill 16202a: M 3 0 L 3 1
`
	if s.String() != want {
		t.Errorf("got\n%s\nwant\n%s", s.String(), want)
	}
	paths := 0
	p.Walk(func(op Op, x, _ float64) {
		if _, ok := op.(*Path); ok {
			paths++
		}
	})
	made := 0
	for range 3 {
		if v := b.Kept("k", func() any { made++; return 7 }); v != 7 {
			t.Errorf("kept %v", v)
		}
	}
	if paths != 4 || made != 1 {
		t.Errorf("%d paths are visited, made %d times", paths, made)
	}
	b.Paths[3].Outline.Coords[0] = math.NaN()
	if p.Check() == nil {
		t.Error("a base with a wild coordinate is drawn")
	}
}
