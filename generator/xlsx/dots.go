package xlsx

import (
	"fmt"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
)

func drawScatter(s document.Scatter) *drawing {
	f := &feed{}
	xf, yf := numberFormat(s.XDecimals, false, ""), numberFormat(s.YDecimals, false, "")
	var names []string
	var xs, ys []document.Point
	ownName, ownRow, medianRow := "", -1, -1
	for _, d := range s.Dots {
		if d.Own {
			ownName, ownRow = d.Name, len(names)
		}
		names, xs, ys = append(names, d.Name), append(xs, d.X), append(ys, d.Y)
	}
	if s.XMedian.Present && s.YMedian.Present {
		medianRow = len(names)
		names, xs, ys = append(names, medianName), append(xs, s.XMedian), append(ys, s.YMedian)
	}
	f.texts(areaHead, names)
	x := f.add(feedColumn{head: withUnit(s.XName, s.XUnit), format: xf, values: xs})
	y := f.add(feedColumn{head: withUnit(s.YName, s.YUnit), format: yf, values: ys})
	g := group{kind: dots, series: []series{{column: y, across: x, look: look{marker: "circle", size: 7, markerFill: peerFill}}}}
	if ownRow >= 0 {
		g.series = append(g.series, series{
			across: x, column: f.only(ownName, y, func(i int) bool { return i == ownRow }),
			look: look{marker: "circle", size: 10, markerFill: accent},
		})
	}
	if medianRow >= 0 {
		g.series = append(g.series, series{
			across: x, column: f.only("Mediana grupy", y, func(i int) bool { return i == medianRow }),
			look: look{marker: "plus", size: 12},
		})
	}
	c := &chart{groups: []group{g}, legend: true}
	xLow, xHigh := reach(xs)
	yLow, yHigh := reach(ys)
	c.x, c.y = valueAxisOf(withUnit(s.XName, s.XUnit), xf, xLow, xHigh, false), valueAxisOf(withUnit(s.YName, s.YUnit), yf, yLow, yHigh, false)
	f.signs()
	return one(f, c)
}

// drawMap is the table of a map: Excel draws maps only with a service on the network.
func drawMap(m document.Map) *drawing {
	f := &feed{}
	var names, codes, classes []string
	var values []document.Point
	for _, r := range m.Regions {
		if r.Context {
			continue
		}
		class := ""
		if r.Class >= 0 && r.Class < len(m.Classes) {
			class = m.Classes[r.Class].Text
		}
		names, codes, classes, values = append(names, r.Name), append(codes, r.Code), append(classes, class), append(values, r.Value)
	}
	f.texts(areaHead, names)
	f.texts("TERYT", codes)
	f.add(feedColumn{head: withUnit("Wartość", m.Unit), format: numberFormat(m.Decimals, false, ""), values: values, bars: true})
	f.texts("Klasa na mapie", classes)
	f.signs()
	key := make([]string, len(m.Classes))
	for i, c := range m.Classes {
		key[i] = fmt.Sprintf("%s: %d", c.Text, c.Count)
	}
	remark := "Mapę zawiera plik PDF; tu są dane, z których ją narysowano."
	if len(key) > 0 {
		slices.Reverse(key)
		remark += " Klasy i liczba jednostek: " + strings.Join(key, "; ") + "."
	}
	return &drawing{feed: f, remark: remark}
}

func drawStrip(s document.Strip) *drawing {
	f := &feed{}
	const format = "#,##0.##"
	names := make([]string, len(s.Values))
	values := make([]document.Point, len(s.Values))
	for i, v := range s.Values {
		names[i] = fmt.Sprintf("wartość %d.", i+1)
		values[i] = document.Point{Value: v, Present: true}
	}
	for _, v := range []struct {
		name  string
		value float64
		ok    bool
	}{{"opisywana jednostka", s.Own, s.Present}, {medianName, s.Median, s.Stats}, {"kwartyl dolny", s.Low, s.Stats}, {"kwartyl górny", s.High, s.Stats}} {
		if v.ok {
			names, values = append(names, v.name), append(values, document.Point{Value: v.value, Present: true})
		}
	}
	f.texts("Wartości w grupie od najniższej", names)
	f.add(feedColumn{head: "Wartość", format: format, values: values})
	return &drawing{feed: f, remark: "Pasek pozycji zawiera plik PDF; tu są wartości, które pokazuje."}
}

func drawSpark(s document.Spark) *drawing {
	f := &feed{}
	var periods []int
	for _, p := range s.Points {
		periods = append(periods, p.Period)
	}
	rows := upTo(len(periods))
	f.add(feedColumn{head: yearHead, format: yearFormat, values: years(periods, rows)})
	f.add(feedColumn{head: "Wartość", format: "#,##0.##", values: pick(s.Points, rows)})
	c := &chart{
		x: axis{title: yearHead, format: yearFormat, low: true}, y: axis{format: "General", grid: true},
		groups: []group{{kind: lines, series: []series{{column: 1, look: roleLooks[document.Own]}}}},
	}
	return one(f, c)
}
