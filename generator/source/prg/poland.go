package prg

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/geo"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/stat"
)

// box is an extent in degrees.
type box struct{ west, east, south, north float64 }

func (b box) holds(p geo.Point, margin float64) bool {
	return p[0] >= b.west-margin && p[0] <= b.east+margin && p[1] >= b.south-margin && p[1] <= b.north+margin
}

// poland is the extent of the country with its territorial sea.
var poland = box{13.9, 24.2, 48.95, 55.1}

// voivodeships are the extents, to a tenth of a degree, and the areas in km² of the
// voivodeships (Statistics Poland, territory and population 2024). What lies elsewhere has
// the code of another area or comes from another projection.
var voivodeships = map[string]struct {
	box
	area float64
}{
	"02": {box{14.8, 17.8, 50.1, 51.8}, 19947}, "04": {box{17.2, 19.8, 52.3, 53.8}, 17971},
	"06": {box{21.6, 24.2, 50.2, 52.3}, 25123}, "08": {box{14.5, 16.5, 51.3, 53.2}, 13988},
	"10": {box{18.0, 20.7, 50.8, 52.4}, 18219}, "12": {box{19.0, 21.5, 49.1, 50.6}, 15183},
	"14": {box{19.2, 23.2, 51.0, 53.5}, 35559}, "16": {box{16.9, 18.7, 49.9, 51.2}, 9412},
	"18": {box{21.1, 23.6, 49.0, 50.9}, 17846}, "20": {box{21.6, 24.0, 52.2, 54.5}, 20187},
	"22": {box{16.7, 19.7, 53.4, 54.9}, 18323}, "24": {box{18.0, 20.0, 49.3, 51.1}, 12333},
	"26": {box{19.7, 21.9, 50.1, 51.4}, 11710}, "28": {box{19.1, 22.9, 53.1, 54.5}, 24173},
	"30": {box{15.7, 19.1, 51.1, 53.7}, 29826}, "32": {box{14.1, 17.0, 52.6, 54.6}, 22905},
}

const (
	near     = 0.1  // degrees that the middle of an outline may lie outside its voivodeship
	areaOdds = 0.04 // by which the area of a voivodeship may differ
)

// checkPlace fails on outlines that do not lie where Poland and the voivodeships of their
// codes are. Codes of an invented voivodeship are held to the country alone.
func checkPlace(t *geo.Topology) error {
	outside, swapped, elsewhere := []string(nil), true, []string(nil)
	for _, code := range slices.Sorted(maps.Keys(t.Shapes)) {
		low, high := extent(t, code)
		if err := low.Degrees(); err != nil {
			return notDegrees(low)
		}
		if err := high.Degrees(); err != nil {
			return notDegrees(high)
		}
		swapped = swapped && poland.holds(geo.Point{low[1], low[0]}, 0) && poland.holds(geo.Point{high[1], high[0]}, 0)
		if !poland.holds(low, 0) || !poland.holds(high, 0) {
			outside = append(outside, code)
		} else if v, ok := voivodeships[code[:2]]; ok && !v.holds(geo.Point{(low[0] + high[0]) / 2, (low[1] + high[1]) / 2}, near) {
			elsewhere = append(elsewhere, code)
		}
	}
	switch {
	case len(outside) > 0 && swapped:
		return &fault.Fault{
			Where: "współrzędne", What: "szerokość geograficzna stoi przed długością: granice wypadają poza Polską (14–24,2° E, 49–54,9° N)",
			Hint: "wyeksportuj granice w kolejności długość, szerokość, jak każe GeoJSON (RFC 7946); w QGIS: Eksportuj, EPSG:4326, RFC7946: YES",
		}
	case len(outside) > 0:
		return &fault.Fault{
			Where: "współrzędne", What: fmt.Sprintf("granice wypadają poza Polską (14–24,2° E, 49–54,9° N), jednostek: %d, na przykład %s", len(outside), some(outside)),
			Hint: "sprawdź układ współrzędnych: potrzebny jest EPSG:4326, a w paczce shapefile EPSG:2180 opisany w pliku .prj",
		}
	case len(elsewhere) > 0:
		return &fault.Fault{
			Where: "współrzędne", What: fmt.Sprintf("granice leżą w innym województwie niż wskazuje ich kod, jednostek: %d, na przykład %s", len(elsewhere), some(elsewhere)),
			Hint: "sprawdź, czy kody stoją przy właściwych granicach i czy układ współrzędnych jest dobrze opisany",
		}
	}
	return nil
}

// checkLines fails on outlines that cross themselves: drawn, they would have holes and spikes
// that no area has, and their surface is not what they enclose. Where the lines of two areas
// cross, they overlap by a hair; checkAreas judges that.
func checkLines(t *geo.Topology) error {
	crossed := map[int32][]geo.Crossing{}
	for c := range t.Crossings() {
		crossed[c.Arcs[0]] = append(crossed[c.Arcs[0]], c)
	}
	var codes []string
	var at geo.Point
	for _, code := range slices.Sorted(maps.Keys(t.Shapes)) {
		own := map[int32]bool{}
		for _, polygon := range t.Shapes[code].Polygons {
			for _, ring := range polygon {
				for _, arc := range ring {
					own[max(arc, ^arc)] = true
				}
			}
		}
		for arc := range own {
			for _, c := range crossed[arc] {
				if own[c.Arcs[1]] && !slices.Contains(codes, code) {
					if len(codes) == 0 {
						at = c.At
					}
					codes = append(codes, code)
				}
			}
		}
	}
	if len(codes) == 0 {
		return nil
	}
	return &fault.Fault{
		Where: "granice", What: fmt.Sprintf("linia granicy przecina samą siebie, jednostek: %d, na przykład %s (koło %s° E, %s° N)", len(codes), some(codes), locale.Number(at[0], 4), locale.Number(at[1], 4)),
		Hint: "napraw geometrię (w QGIS: Przetwarzanie, Napraw geometrie) i wyeksportuj granice jeszcze raz",
	}
}

// extent is the corners of the box around a shape.
func extent(t *geo.Topology, code string) (low, high geo.Point) {
	low, high = geo.Point{math.Inf(1), math.Inf(1)}, geo.Point{math.Inf(-1), math.Inf(-1)}
	for _, polygon := range t.Shapes[code].Polygons {
		for _, ring := range polygon {
			t.Walk(ring, func(p geo.Point) {
				for i := range p {
					low[i], high[i] = min(low[i], p[i]), max(high[i], p[i])
				}
			})
		}
	}
	return low, high
}

// checkMoved fails where many areas lie apart from where they were before: gminas do not
// move, so codes were mixed up or the projection is wrong.
func checkMoved(t, known *geo.Topology) error {
	if known == nil {
		return nil
	}
	both, apart := 0, []string(nil)
	for _, code := range slices.Sorted(maps.Keys(t.Shapes)) {
		if _, ok := known.Shapes[code]; !ok || len(code) != 6 {
			continue
		}
		both++
		low, high := extent(t, code)
		before, beyond := extent(known, code)
		if low[0] > beyond[0] || high[0] < before[0] || low[1] > beyond[1] || high[1] < before[1] {
			apart = append(apart, code)
		}
	}
	if len(apart) > max(1, both/20) {
		return &fault.Fault{
			Where: "granice", What: fmt.Sprintf("jednostki leżą gdzie indziej niż w dotychczasowych granicach: %d z %d, na przykład %s", len(apart), both, some(apart)),
			Hint: "sprawdź, czy kody stoją przy właściwych granicach i czy układ współrzędnych jest dobrze opisany",
		}
	}
	return nil
}

// notDegrees says what positions are that are no degrees.
func notDegrees(p geo.Point) error {
	name := "w metrach, w nieznanym układzie"
	switch a, b := min(p[0], p[1]), max(p[0], p[1]); {
	case a > 1e5 && b < 9e5:
		name = "w metrach, zapewne w układzie PL-1992 (EPSG:2180)"
	case a > 5.2e6 && b < 8.7e6:
		name = "w metrach, zapewne w układzie PL-2000 (EPSG:2176–2179)"
	case a > 1.5e6 && a < 2.8e6 && b > 6e6 && b < 7.5e6:
		name = "w metrach, zapewne w układzie Web Mercator (EPSG:3857)"
	}
	return &fault.Fault{
		Where: "współrzędne", What: fmt.Sprintf("nie są w stopniach (%.0f, %.0f), lecz %s", p[0], p[1], name),
		Hint: "wyeksportuj granice w układzie EPSG:4326 (WGS 84); w QGIS: Eksportuj, Układ współrzędnych: EPSG:4326",
	}
}

// checkWhole fails on outlines that leave gminas of the register without one where their
// neighbours have it, for powiats made of what is there would be drawn wrong, and on the
// piece of a larger file. A gmina under a code that the register does not know is of
// another year and tolerated: Unmatched tells it. The outlines of one voivodeship, or of
// powiats in it, are what an office may have on purpose; part reports that they are to be
// set among the known ones.
func checkWhole(r *stat.Register, t, known *geo.Topology) (part bool, err error) {
	var missing, powiats []string
	held, of, within := 0, 0, map[string]bool{}
	for _, a := range r.Areas() {
		if a.Code.Level() != stat.LevelPowiat {
			continue
		}
		var lacking []string
		there := 0
		for _, g := range r.Children(a.Code) {
			if _, ok := t.Shapes[string(g)]; ok {
				there++
			} else {
				lacking = append(lacking, string(g))
			}
		}
		held, of = held+there, of+there+len(lacking)
		if there == 0 {
			powiats = append(powiats, string(a.Code))
			continue
		}
		within[string(a.Code[:2])] = true
		if len(lacking) > strangers(r, t, string(a.Code)) {
			missing = append(missing, lacking...)
		}
	}
	counted := fmt.Sprintf("plik ma granice %d z %d gmin rejestru", held, of)
	const hint = "pobierz z PRG granice wszystkich gmin (A03) z tego samego roku co rejestr"
	switch {
	case len(missing) > 0:
		return false, &fault.Fault{Where: "granice", What: counted + "; brak gmin w powiatach, których inne gminy są: " + some(missing), Hint: hint}
	case held > 0 && len(powiats) > 0 && len(within) > 1:
		return false, &fault.Fault{
			Where: "granice", What: counted + "; brak całych powiatów: " + some(powiats),
			Hint: hint + "; granice jednego województwa lub powiatu można wczytać osobno",
		}
	}
	return known != nil && len(powiats) > 0, nil
}

// strangers counts the gminas of a powiat that the register does not know.
func strangers(r *stat.Register, t *geo.Topology, powiat string) int {
	n := 0
	for code := range t.Shapes {
		if _, known := r.Area(stat.AreaCode(code)); len(code) == 6 && strings.HasPrefix(code, powiat) && !known {
			n++
		}
	}
	return n
}

// checkAreas holds the whole voivodeships of Poland to their areas: outlines that are too
// large overlap or are in a wrong scale, those that are too small have gaps.
func checkAreas(t *geo.Topology) error {
	for _, code := range slices.Sorted(maps.Keys(voivodeships)) {
		if _, ok := t.Shapes[code]; !ok {
			continue
		}
		km2, of := 0.0, 0
		for c := range t.Shapes {
			if len(c) == 6 && c[:2] == code {
				km2, of = km2+t.Area(c), of+1
			}
		}
		if want := voivodeships[code].area; of > 0 && math.Abs(km2-want) > want*areaOdds {
			return &fault.Fault{
				Where: "granice", What: fmt.Sprintf("gminy województwa %s mają razem %.0f km², a województwo ma %.0f km²", code, km2, want),
				Hint: "sprawdź, czy granice nie nakładają się i nie mają luk, oraz ich układ współrzędnych",
			}
		}
	}
	return nil
}
