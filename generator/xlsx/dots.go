package xlsx

import (
	"fmt"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/ooxml"
)

// dotChart sets two columns against each other.
func dotChart(d *data, _ document.Chart) []*chart {
	x, y := d.column(document.X), d.column(document.Y)
	g := group{kind: dots, series: []series{{column: y, across: x, kind: true, look: ooxml.Look{Marker: "circle", Size: 7, MarkerFill: peerFill}}}}
	for _, s := range d.stressed(y) {
		s.across, s.look = x, ooxml.Look{Marker: "circle", Size: 10, MarkerFill: accent}
		if s.median {
			s.look = ooxml.Look{Marker: "plus", Size: 12}
		}
		g.series = append(g.series, s.series)
	}
	return []*chart{{data: d, groups: []group{g}, legend: true, x: d.valueAxis(d.columns[x].head, false, x), y: d.valueAxis(d.columns[y].head, false, y)}}
}

// mapWords says where the map is and what its classes are.
func mapWords(m document.Map) string {
	key := make([]string, len(m.Classes))
	for i, c := range m.Classes {
		key[i] = fmt.Sprintf("%s: %d", c.Text, c.Count)
	}
	remark := "Mapę zawiera plik PDF; tu są dane, z których ją narysowano."
	if len(key) > 0 {
		slices.Reverse(key)
		remark += " Klasy i liczba jednostek: " + strings.Join(key, "; ") + "."
	}
	return remark
}
