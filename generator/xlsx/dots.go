package xlsx

import (
	"fmt"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
)

// dotChart sets two columns against each other.
func dotChart(d *data, _ document.Chart) []*chart {
	x, y := d.column(document.X), d.column(document.Y)
	g := group{kind: dots, series: []series{{column: y, across: x, look: look{marker: "circle", size: 7, markerFill: peerFill}}}}
	for _, s := range d.stressed(y) {
		s.across, s.look = x, look{marker: "circle", size: 10, markerFill: accent}
		if s.median {
			s.look = look{marker: "plus", size: 12}
		}
		g.series = append(g.series, s.series)
	}
	return []*chart{{data: d, groups: []group{g}, legend: true, x: d.valueAxis(d.columns[x].head, false, x), y: d.valueAxis(d.columns[y].head, false, y)}}
}

// mapTable is the table of a map: Excel draws maps only with a service on the network.
func mapTable(m document.Map) document.Table {
	t := document.Table{RowHeaders: 1, Columns: []document.Column{{Head: areaHead}, {Head: codeHead}, {Head: withUnit("Wartość", m.Unit), Kind: document.NumberColumn}, {Head: "Klasa na mapie"}}}
	for _, r := range m.Regions {
		if r.Context {
			continue
		}
		class := ""
		if r.Class >= 0 && r.Class < len(m.Classes) {
			class = m.Classes[r.Class].Text
		}
		n := document.Number{Value: r.Value.Value, Present: r.Value.Present, Text: r.Value.Text, Decimals: m.Decimals}
		t.Rows = append(t.Rows, document.Row{Own: r.Own, Cells: []document.Cell{{Text: document.Plainly(r.Name)}, {Text: document.Plainly(r.Code)}, {Number: &n}, {Text: document.Plainly(class)}}})
	}
	return t
}

func withUnit(head, unit string) string {
	if unit == "" {
		return head
	}
	return head + ", " + unit
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
