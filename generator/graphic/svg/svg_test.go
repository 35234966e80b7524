package svg_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/graphic/svg"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

func TestWrite(t *testing.T) {
	var square graphic.Outline
	square.Rect(1, 2, 30, 40)
	p := &graphic.Picture{Width: 100, Height: 50.25, Ops: []graphic.Op{
		&graphic.Path{Outline: square, Filled: true, EvenOdd: true, Fill: look.Accent, Stroke: graphic.Stroke{Color: look.Ink, Width: 0.5, Dash: []float64{5, 3}, Round: true}},
		&graphic.Group{X: 5, Y: -0.001, Ops: []graphic.Op{
			&graphic.Text{X: 10, Y: 20, Anchor: graphic.End, Face: typeset.Bold, Size: 8, Color: look.Ink, Angle: 90, Text: `A < B & "C"`},
		}},
		&graphic.Clip{Outline: square, EvenOdd: true, Ops: []graphic.Op{&graphic.Path{Outline: square, Filled: true, Fill: look.White}}},
		&graphic.Raster{X: 1, Y: 1, W: 2, H: 2, Data: []byte("\x89PNG\r\n\x1a\n")},
	}}
	meta := graphic.Meta{Title: "Wykres 1 <&>", Description: "Opis „z cudzysłowem”", Language: "pl-PL"}
	var b bytes.Buffer
	if err := svg.Write(&b, p, meta); err != nil {
		t.Fatal(err)
	}
	elements, text := read(t, b.Bytes())
	for name, want := range map[string]map[string]string{
		"svg":      {"width": "100pt", "height": "50.25pt", "viewBox": "0 0 100 50.25", "role": "img", "aria-labelledby": "t d", "lang": "pl-PL"},
		"path":     {"d": "M 1 2 L 31 2 L 31 42 L 1 42 Z", "fill": "#00566b", "fill-rule": "evenodd", "stroke": "#16202a", "stroke-width": "0.5", "stroke-dasharray": "5 3", "stroke-linecap": "round"},
		"g":        {"transform": "translate(5 0)"},
		"text":     {"x": "10", "y": "20", "text-anchor": "end", "font-weight": "bold", "font-size": "8", "transform": "rotate(-90 10 20)"},
		"clipPath": {"id": "c1"},
		"image":    {"width": "2"},
	} {
		if len(elements[name]) == 0 {
			t.Errorf("no %s", name)
			continue
		}
		for attribute, value := range want {
			if got := elements[name][0][attribute]; got != value {
				t.Errorf("%s %s=%q, want %q", name, attribute, got, value)
			}
		}
	}
	if got := elements["image"][0]["href"]; !strings.HasPrefix(got, "data:image/png;base64,") {
		t.Errorf("image %q", got)
	}
	for name, want := range map[string]string{"title": meta.Title, "desc": meta.Description, "text": `A < B & "C"`} {
		if text[name] != want {
			t.Errorf("%s %q, want %q", name, text[name], want)
		}
	}
}

// read parses with the standard library: the attributes of each element by name, and the
// text in them.
func read(t *testing.T, data []byte) (map[string][]map[string]string, map[string]string) {
	t.Helper()
	elements, text := map[string][]map[string]string{}, map[string]string{}
	d := xml.NewDecoder(bytes.NewReader(data))
	in := ""
	for {
		token, err := d.Token()
		if err == io.EOF {
			return elements, text
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, data)
		}
		switch e := token.(type) {
		case xml.StartElement:
			attributes := map[string]string{}
			for _, a := range e.Attr {
				attributes[a.Name.Local] = a.Value
			}
			in = e.Name.Local
			elements[in] = append(elements[in], attributes)
		case xml.CharData:
			text[in] += string(e)
		case xml.EndElement:
			in = ""
		}
	}
}
