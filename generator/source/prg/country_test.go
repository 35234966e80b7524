package prg

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/text/encoding/unicode"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/geo"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/samples"
)

// feature is an outline with its code as a file is to hold it.
type feature struct {
	code    any
	name    string
	outline [][][]geo.Point
}

// features are the gminas of a topology in order of code, with their six digits.
func features(r *stat.Register, t *geo.Topology) []feature {
	var out []feature
	outlines := t.Outlines()
	for _, code := range slices.Sorted(maps.Keys(outlines)) {
		if len(code) == 6 {
			a, _ := r.Area(stat.AreaCode(code))
			out = append(out, feature{code, "gmina " + a.Name, outlines[code]})
		}
	}
	return out
}

// written writes features as GeoJSON.
func geoFile(t *testing.T, fs []feature) string {
	t.Helper()
	var out []map[string]any
	for _, f := range fs {
		geometry := map[string]any{"type": "MultiPolygon", "coordinates": f.outline}
		if f.outline == nil {
			geometry = nil
		}
		out = append(out, map[string]any{"type": "Feature", "properties": map[string]any{"id": f.code, "n": f.name}, "geometry": geometry})
	}
	raw, err := json.Marshal(map[string]any{"type": "FeatureCollection", "features": out})
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// turned changes every position.
func turned(fs []feature, to func(geo.Point) geo.Point) []feature {
	out := slices.Clone(fs)
	for i, f := range fs {
		out[i].outline = nil
		for _, polygon := range f.outline {
			var rings [][]geo.Point
			for _, ring := range polygon {
				var line []geo.Point
				for _, p := range ring {
					line = append(line, to(p))
				}
				rings = append(rings, line)
			}
			out[i].outline = append(out[i].outline, rings)
		}
	}
	return out
}

// twist exchanges two neighbours of an outline wherever they stand.
func twist(f feature) func(geo.Point) geo.Point {
	ring := f.outline[0][0]
	a, b := ring[len(ring)/2], ring[len(ring)/2+1]
	return func(p geo.Point) geo.Point {
		switch p {
		case a:
			return b
		case b:
			return a
		}
		return p
	}
}

// coded changes every code.
func coded(fs []feature, to func(string) any) []feature {
	out := slices.Clone(fs)
	for i := range out {
		out[i].code = to(out[i].code.(string))
	}
	return out
}

func unnamed(fs []feature) []feature {
	for i := range fs {
		fs[i].name = ""
	}
	return fs
}

func only(fs []feature, keep func(code string) bool) []feature {
	return slices.DeleteFunc(slices.Clone(fs), func(f feature) bool { return !keep(f.code.(string)) })
}

func readFeatures(t *testing.T, fs []feature, head string, r *stat.Register, known Known) (*Boundaries, error) {
	t.Helper()
	return Read(t.Context(), fstest.MapFS{"granice.geojson": {Data: []byte(head + geoFile(t, fs))}}, "granice.geojson", r, known)
}

// Files of the whole country as exports write them: each is read as it is meant or refused
// with what is wrong with it.
func TestCountry(t *testing.T) {
	dir := shared(t)
	r := national(t, dir)
	whole, err := Read(t.Context(), os.DirFS(dir), "boundaries/boundaries_pl_2026.topojson", r, Known{})
	if err != nil {
		t.Fatal(err)
	}
	all := features(r, whole.Topology)
	fs := only(all, func(c string) bool { return c < "04" }) // one voivodeship is quicker, and its codes begin with a zero
	inside := slices.DeleteFunc(slices.Clone(whole.Borders), func(b stat.Border) bool { return b.A[:2] != "02" || b.B[:2] != "02" || len(b.A) == 2 })
	for _, c := range []struct {
		name, head, want string // want: "" where it is read
		features         []feature
	}{
		{"as it is", "", "", fs},
		{"byte order mark", "\ufeff", "", fs},
		{"without zeros", "", "", coded(fs, func(c string) any { return strings.TrimLeft(c, "0") })},
		{"numbers", "", "", coded(fs, func(c string) any { return json.Number(strings.TrimLeft(c, "0")) })},
		{"with the kind", "", "", coded(fs, func(c string) any { return c + "_" + sevens[stateOf(r, c)] })},
		{"seven digits without zeros", "", "", coded(fs, func(c string) any { return strings.TrimLeft(c+sevens[stateOf(r, c)], "0") })},
		{"spaced", "", "", coded(fs, func(c string) any { return c[:2] + " " + c[2:4] + " " + c[4:] + " " + sevens[stateOf(r, c)] })},
		{"floats", "", "", coded(fs, func(c string) any { return strings.TrimLeft(c, "0") + ".0" })},

		{"latitude first", "", "szerokość geograficzna stoi przed długością", turned(fs, func(p geo.Point) geo.Point { return geo.Point{p[1], p[0]} })},
		{"metres", "", "EPSG:2180", turned(fs, geo.PL1992)},
		{"metres, northing first", "", "EPSG:2180", turned(fs, func(p geo.Point) geo.Point { q := geo.PL1992(p); return geo.Point{q[1], q[0]} })},
		{"Mercator", "", "EPSG:3857", turned(fs, func(p geo.Point) geo.Point { return geo.Point{p[0] * 111_319.5, p[1] * 129_000} })},
		{"another country", "", "poza Polską", turned(fs, func(p geo.Point) geo.Point { return geo.Point{p[0] - 10, p[1]} })},
		{"a crossed outline", "", "linia granicy przecina samą siebie, jednostek: 2, na przykład 020101, 020102 (koło 15,5575° E, 51,2777° N)", turned(fs, twist(fs[0]))},
		{"one outline abroad", "", "jednostek: 1, na przykład 020101", append(turned(fs[:1], func(p geo.Point) geo.Point { return geo.Point{p[0] - 5, p[1]} }), fs[1:]...)},
		{"shifted", "", "w innym województwie", turned(fs, func(p geo.Point) geo.Point { return geo.Point{p[0] + 2, p[1]} })},
		{"stretched", "", "mają razem", turned(fs, func(p geo.Point) geo.Point { return geo.Point{p[0]*0.9 + 1.6, p[1]} })},
		{"codes one row off", "", "nazwy większości gmin nie są nazwami ich kodów: 02", slices.Collect(func(yield func(feature) bool) {
			for i := range fs {
				if !yield(feature{fs[(i+1)%len(fs)].code, fs[i].name, fs[i].outline}) {
					return
				}
			}
		})},
		{"first half", "", "plik ma granice 1239 z 2479 gmin rejestru; brak gmin w powiatach", all[:1239]},
		{"every other", "", "brak gmin w powiatach, których inne gminy są", slices.Collect(func(yield func(feature) bool) {
			for i := 0; i < len(all); i += 2 {
				if !yield(all[i]) {
					return
				}
			}
		})},
		{"half the voivodeships", "", "brak całych powiatów: 1801", only(all, func(c string) bool { return c < "18" })},
		{"one gmina lost", "", "2478 z 2479 gmin rejestru; brak gmin w powiatach, których inne gminy są: 302105", only(all, func(c string) bool { return c != "302105" })},
		{"no outline", "", "obiekt 8 (020202 gmina Dzierżoniów): brak granic", append(append(slices.Clone(all[:7]), feature{all[7].code, all[7].name, nil}), all[8:]...)},
		{"numbers of rows", "", "atrybut id: większość kodów jest nieznana", coded(fs, func(c string) any { i, _ := r.Index(stat.AreaCode(c)); return 500000 + i })},
	} {
		b, err := readFeatures(t, c.features, c.head, r, Known{})
		if c.want != "" {
			var f *fault.Fault
			if !errors.As(err, &f) || !strings.Contains(err.Error(), c.want) || f.Hint == "" || !strings.HasPrefix(f.Where, "plik granice.geojson") {
				t.Errorf("%s: %v, want %q", c.name, err, c.want)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if len(b.Topology.Shapes) != 169+30+1 || len(b.Borders) != len(inside) || b.Merged != 0 {
			t.Errorf("%s: %d shapes, %d borders", c.name, len(b.Topology.Shapes), len(b.Borders))
		}
	}
	known := Known{whole.Topology, whole.Borders}
	t.Run("merge", func(t *testing.T) { merged(t, r, known, all) })
}

var sevens = map[stat.Kind]string{stat.KindUrban: "1", stat.KindCity: "1", stat.KindRural: "2", stat.KindUrbanRural: "3"}

func stateOf(r *stat.Register, c string) stat.Kind {
	a, _ := r.Area(stat.AreaCode(c))
	return a.Kind
}

// The outlines of a powiat, of a city and of a voivodeship take their place among those of
// the country: nobody loses a map or a neighbour.
func merged(t *testing.T, r *stat.Register, known Known, fs []feature) {
	for _, part := range []string{"3021", "3064", "02"} {
		inside := only(fs, func(c string) bool { return strings.HasPrefix(c, part) })
		b, err := readFeatures(t, inside, "", r, known)
		if err != nil {
			t.Errorf("%s: %v", part, err)
			continue
		}
		if len(b.Topology.Shapes) != len(known.Topology.Shapes) || b.Merged < len(inside) || b.Merged > len(inside)+31 {
			t.Errorf("%s: %d shapes, %d merged", part, len(b.Topology.Shapes), b.Merged)
		}
		if len(b.Borders) != len(known.Borders) {
			t.Fatalf("%s: %d borders, want %d", part, len(b.Borders), len(known.Borders))
		}
		for i, x := range slices.SortedFunc(slices.Values(known.Borders), func(x, y stat.Border) int { return cmp.Or(cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B)) }) {
			if y := b.Borders[i]; x.A != y.A || x.B != y.B || x.SharedKm-y.SharedKm > 1e-6 || y.SharedKm-x.SharedKm > 1e-6 {
				t.Errorf("%s: border %v, want %v", part, y, x)
			}
		}
		for code := range known.Topology.Shapes {
			if have, want := b.Topology.Area(code), known.Topology.Area(code); have-want > 1e-6 || want-have > 1e-6 {
				t.Errorf("%s: %s has %v km², want %v", part, code, have, want)
			}
		}
		// From another source the line differs by a hair; it is in its place all the same.
		moved := turned(inside, func(p geo.Point) geo.Point { return geo.Point{p[0] + 1e-5, p[1]} })
		if b, err = readFeatures(t, moved, "", r, known); err != nil || len(b.Borders) != len(known.Borders) || len(b.Topology.Shapes) != len(known.Topology.Shapes) {
			t.Errorf("%s, a metre off: %v", part, err)
		}
	}
	for name, c := range map[string]struct {
		part []feature
		want string
	}{
		"a gmina":        {only(fs, func(c string) bool { return c == "302101" }), "brak gmin w powiatach"},
		"another powiat": {coded(unnamed(only(fs, func(c string) bool { return c[:4] == "3021" })), func(c string) any { return "3003" + c[4:] }), "jednostki leżą gdzie indziej"},
		"half a country": {only(fs, func(c string) bool { return c < "18" }), "brak całych powiatów"},
	} {
		if _, err := readFeatures(t, c.part, "", r, known); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The same files as they stand on disk of others: a package made on a Mac, and kinds of
// files that are not read.
func TestForeign(t *testing.T) {
	good, err := os.ReadFile("testdata/prg-2180.zip")
	if err != nil {
		t.Fatal(err)
	}
	packed := unpacked(t, good)
	for name, data := range maps.Clone(packed) {
		packed["__MACOSX/._"+name] = "\x00\x05\x16\x07" + data[:1]
	}
	b, err := Read(t.Context(), fstest.MapFS{"mac.zip": {Data: archive(t, packed)}}, "mac.zip", invented(t), Known{})
	if err != nil || len(b.Topology.Shapes) == 0 {
		t.Errorf("Mac: %v", err)
	}
	for name, data := range map[string]string{
		"GeoPackage": "SQLite format 3\x00", "GML": "<?xml version='1.0'?><gml/>", "cała paczka ZIP": "\x00\x00\x27\x0a\x00",
		"rodzaj „Polygon” to nie zbiór granic": `{"type":"Polygon"}`, "to Esri JSON": `{"spatialReference":{"wkid":4326},"features":[]}`,
		"plik jest pusty": "\ufeff \n", "to nie jest plik granic": "kod;wkt\n302101;POLYGON\n", "archiwum jest puste": "PK\x05\x06" + strings.Repeat("\x00", 18),
		"wiersz 2: to nie jest poprawny JSON": "{\n// eksport\n}", "plik jest ucięty": `{"type":"FeatureCollection","fea`,
		"atrybut id: to nie są kody TERYT, na przykład „PL981001”": square("PL981001"),
		"są: gminy.gpkg, opis.txt":                                 string(archive(t, map[string]string{"gminy.gpkg": "SQLite", "opis.txt": "x", "__MACOSX/._opis.txt": "x"})),
		"w archiwum jest archiwum":                                 string(archive(t, map[string]string{"gminy.json": "PK\x03\x04"})),
	} {
		_, err := Read(t.Context(), fstest.MapFS{"x": {Data: []byte(data)}}, "x", invented(t), Known{})
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// square is a file with one area of a code.
func square(code string) string {
	return fmt.Sprintf(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":%q},"geometry":{"type":"Polygon","coordinates":[[[19,52],[20,52],[20,53],[19,52]]]}}]}`, code)
}

// The same boundaries in every form in which programs export them.
func TestFormsOfGeoJSON(t *testing.T) {
	raw, err := samples.FS.ReadFile("data/granice.topojson")
	if err != nil {
		t.Fatal(err)
	}
	r := invented(t)
	known, err := topologyOf(t.Context(), r, raw)
	if err != nil {
		t.Fatal(err)
	}
	var features []string
	for _, code := range slices.Sorted(maps.Keys(known.Shapes)) {
		if len(code) == 6 {
			coordinates, err := json.Marshal(known.Outlines()[code])
			if err != nil {
				t.Fatal(err)
			}
			features = append(features, fmt.Sprintf(`{"type":"Feature","properties":{"id":%q},"geometry":{"type":"MultiPolygon","coordinates":%s}}`, code, coordinates))
		}
	}
	whole := fmt.Sprintf(`{"type":"FeatureCollection","features":[%s]}`, strings.Join(features, ",\n"))
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(whole)
	if err != nil {
		t.Fatal(err)
	}
	want, err := topologyOf(t.Context(), r, []byte(whole))
	if err != nil || len(want.Shapes) != len(features) {
		t.Fatal(err)
	}
	for name, data := range map[string]string{
		"one a line":     strings.Join(features, "\n") + "\n",
		"text sequence":  "\x1e" + strings.Join(features, "\n\x1e"),
		"UTF-16":         wide,
		"BOM":            "\ufeff" + whole,
		"packed":         string(archive(t, map[string]string{"gminy/granice.geojson": whole, "__MACOSX/gminy/._granice.geojson": "x"})),
		"each one twice": fmt.Sprintf(`{"type":"FeatureCollection","features":[%s]}`, strings.Join(append(features, features...), ",")),
	} {
		have, err := topologyOf(t.Context(), r, []byte(data))
		if err != nil || !reflect.DeepEqual(have.Outlines(), want.Outlines()) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWrittenCodes(t *testing.T) {
	for value, want := range map[any]string{
		"0201011": "0201011", " 02 01 01 1 ": "0201011", "020101_1": "0201011", "020101-1": "0201011", "20101_1": "201011", "201011.0": "201011", "201011,00": "201011",
		20101.0: "20101", 20101: "20101", 1.5: "", "": "", "PL": "", "abc": "", "1234567890123": "", nil: "", true: "",
	} {
		if have := written(value); have != want {
			t.Errorf("%v: %q, want %q", value, have, want)
		}
	}
	if have := fmt.Sprint(bare("20101"), bare("0201012"), bare("0201014"), bare("1"), bare("123456789")); have != "02010102010101" {
		t.Errorf("%q", have)
	}
}

// unpacked is the files of an archive.
func unpacked(t *testing.T, raw []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(data)
	}
	return out
}
