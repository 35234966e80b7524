package choropleth

import (
	"fmt"
	"math"
	"slices"

	"github.com/raportjst/raportjst/generator/document"
)

// mapped is a map with what its table says of each region.
type mapped struct {
	document.Map
	Regions []region
}

// region is an area of a map: one with a value, or one of the surroundings.
type region struct {
	Code, Name string
	Text       string // of the value, or the sign in its place
	Present    bool   // there is a value
	Class      int    // index into the classes; −1 where it has none
	Own        bool   // outlined
	Label      bool   // a name is wanted if it fits
	Context    bool   // surroundings
}

// mappedOf reads the rows of a figure's table that its map draws.
func mappedOf(f *document.Figure) (mapped, error) {
	m, ok := f.Content.(document.Map)
	if !ok || f.Table == nil {
		return mapped{}, fmt.Errorf("draw map: %T is no map with a table", f.Content)
	}
	out := mapped{Map: m}
	at := func(as document.Position) int {
		return slices.IndexFunc(m.Encoding, func(c document.Channel) bool { return c.As == as })
	}
	name, value := at(document.Name), at(document.Y)
	for _, r := range f.Table.Rows {
		if r.Area == "" {
			continue
		}
		g := region{Code: r.Area, Name: r.Print(name), Text: r.Print(value), Own: r.Own, Label: slices.Contains(m.Named, r.Area), Class: -1}
		if n := number(r, value); n != nil && n.Present {
			if !(math.Abs(n.Shown()) <= document.Largest) {
				return mapped{}, document.TooLarge(n.Shown())
			}
			g.Present = true
			if r.Class >= 1 && r.Class <= len(m.Classes) {
				g.Class = r.Class - 1
			}
		}
		out.Regions = append(out.Regions, g)
	}
	for _, a := range m.Around {
		out.Regions = append(out.Regions, region{Code: a.Code, Name: a.Name, Class: -1, Label: a.Named, Context: true})
	}
	return out, nil
}

func number(r document.Row, col int) *document.Number {
	if col < 0 || col >= len(r.Cells) {
		return nil
	}
	return r.Cells[col].Number
}
