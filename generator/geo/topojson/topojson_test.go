package topojson

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/geo"
	"github.com/raportjst/raportjst/samples"
)

func id(p map[string]any) string {
	s, _ := p["id"].(string)
	return s
}

// TestRoundTrip writes the boundaries of the sample and reads them back: the same arcs to
// a centimetre, the same shapes, and the second time the same bytes.
func TestRoundTrip(t *testing.T) {
	raw, err := samples.FS.ReadFile("data/granice.topojson")
	if err != nil {
		t.Fatal(err)
	}
	want, err := Decode(raw, id)
	if err != nil {
		t.Fatal(err)
	}
	written := Encode(want)
	if !json.Valid(written) {
		t.Fatal("no JSON is written")
	}
	have, err := Decode(written, id)
	if err != nil {
		t.Fatal(err)
	}
	if len(have.Arcs) != len(want.Arcs) || len(have.Shapes) != len(want.Shapes) {
		t.Fatalf("%d arcs and %d shapes, want %d and %d", len(have.Arcs), len(have.Shapes), len(want.Arcs), len(want.Shapes))
	}
	for i, arc := range want.Arcs {
		for j, p := range arc {
			if q := have.Arcs[i][j]; math.Abs(p[0]-q[0]) > 1e-7 || math.Abs(p[1]-q[1]) > 1e-7 {
				t.Fatalf("arc %d: %v, want %v", i, q, p)
			}
		}
	}
	if !bytes.Equal(Encode(have), written) {
		t.Error("written again it is something else")
	}
}

// TestPlain reads a topology without a transform, with a hole and nested collections.
func TestPlain(t *testing.T) {
	top, err := Decode([]byte(`{"type":"Topology","arcs":[[[0,0],[3,0],[3,3],[0,0]],[[1,0.5],[2,0.5],[2,1],[1,0.5]]],"objects":{"a":{"type":"GeometryCollection","geometries":[
		{"type":"GeometryCollection","geometries":[{"type":"Polygon","properties":{"id":"10"},"arcs":[[0],[-2]]}]},
		{"type":"MultiPolygon","properties":{"id":"12"},"arcs":[[[1]]]},
		{"type":"Point","properties":{"id":"14"}},{"type":"Polygon","properties":{"n":"x"},"arcs":[[9]]}]}}}`), id)
	if err != nil {
		t.Fatal(err)
	}
	if len(top.Shapes) != 2 || len(top.Shapes["10"].Polygons[0]) != 2 || top.Arcs[0][1] != (geo.Point{3, 0}) {
		t.Errorf("%+v", top)
	}
}

func TestRefused(t *testing.T) {
	object := func(arcs string) string {
		return `{"arcs":[[[0,0],[3,0],[3,3],[0,0]],[[0,0],[1,1]]],"objects":{"a":{"type":"Polygon","properties":{"id":"10"},"arcs":` + arcs + `}}}`
	}
	for name, c := range map[string]struct{ raw, want string }{
		"no JSON":   {`{`, "read topology"},
		"short arc": {`{"arcs":[[[0,0]]]}`, "fewer than two positions"},
		"position":  {`{"arcs":[[[0],[1,1]]]}`, "has 1 numbers"},
		"metres":    {`{"arcs":[[[500000,0],[1,1]]]}`, "not in degrees"},
		"no arc":    {object(`[[2]]`), "no arc 2"},
		"open":      {object(`[[1]]`), "not closed"},
		"empty":     {object(`[[]]`), "no arcs"},
		"no list":   {object(`7`), "arcs of 10"},
	} {
		if _, err := Decode([]byte(c.raw), id); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
