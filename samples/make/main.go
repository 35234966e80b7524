// Command make writes the invented sample data set into samples/data: the voivodeship
// „przykładowe” (code 98) and four small ones beside it, with their areas, boundaries,
// indicators and figures; enough that areas of every kind have a group to stand in. The
// seed is fixed, so the same program writes the same files. It holds on purpose every trap
// of real data: missing, secret, impossible, not occurring and too small figures, a break
// of method, preliminary figures, a new town, twin indicators, repeated names, an area and
// a service area with nothing for the last year.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"log"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	out := flag.String("out", "data", "directory to write to")
	flag.Parse()
	files, err := makeFiles()
	if err != nil {
		log.Fatal(err)
	}
	if err := os.MkdirAll(*out, 0o755); err != nil {
		log.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := os.WriteFile(filepath.Join(*out, name), files[name], 0o644); err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s: %d bytes\n", name, len(files[name]))
	}
}

// makeFiles makes every file of the sample, by name.
func makeFiles() (map[string][]byte, error) {
	areas := makeAreas(newRandom(1))
	shore := waves(newRandom(3), 6, 5)
	place(areas, shore)
	f := paint(areas, shore)
	arcs := trace(f)
	topo, err := topology(areas, arcs)
	if err != nil {
		return nil, err
	}
	cells := map[string]float64{}
	for y := range rows {
		for x := range columns {
			if o := f[y][x]; o != outside {
				cells[areas[o].code] += cellKm * cellKm
			}
		}
	}
	return map[string][]byte{
		"terc.csv":         register(areas, "2026-01-01", false),
		"terc-2025.csv":    register(areas, "2025-01-01", true),
		"granice.topojson": topo,
		"dane.csv":         figures(areas, compute(areas, cells)),
		"dane.toml":        mapping(),
		"czlonkowie.csv":   members(areas),
	}, nil
}

// register writes the areas in the layout of the official TERC file.
func register(areas []area, state string, before bool) []byte {
	var b bytes.Buffer
	b.WriteString("\ufeffWOJ;POW;GMI;RODZ;NAZWA;NAZWA_DOD;STAN_NA\r\n")
	last := ""
	for _, a := range slices.SortedFunc(slices.Values(areas), func(x, y area) int { return strings.Compare(x.code, y.code) }) {
		if !strings.HasPrefix(last, a.code[:2]) {
			fmt.Fprintf(&b, "%s;;;;%s;województwo;%s\r\n", a.code[:2], strings.ToUpper(nameOf(a.code[:2])), state)
		}
		if p := a.code[:4]; p != last {
			last = p
			kind := "powiat"
			if isCity(p) {
				kind = "miasto na prawach powiatu"
			}
			fmt.Fprintf(&b, "%s;%s;;;%s;%s;%s\r\n", p[:2], p[2:], nameOf(p), kind, state)
		}
		kind := a.kind
		if a.newTown && before {
			kind = rural
		}
		row := func(k int, extra string) {
			fmt.Fprintf(&b, "%s;%s;%s;%d;%s;%s;%s\r\n", a.code[:2], a.code[2:4], a.code[4:], k, a.name, extra, state)
		}
		switch kind {
		case urban:
			row(1, "gmina miejska")
		case rural:
			row(2, "gmina wiejska")
		case urbanRural:
			row(3, "gmina miejsko-wiejska")
			row(4, "miasto")
			row(5, "obszar wiejski")
		}
	}
	return b.Bytes()
}

// figures writes the long table. Years before 2026 carry the new town under its old
// seventh digit, as BDL does.
func figures(areas []area, t table) []byte {
	seven := map[string]string{}
	for _, a := range areas {
		kind := a.kind
		if a.newTown {
			kind = rural
		}
		seven[a.code] = fmt.Sprintf("%s%d", a.code, kind)
		seven[a.code[:4]], seven[a.code[:2]] = a.code[:4]+"000", a.code[:2]+"00000"
	}
	var b bytes.Buffer
	b.WriteString("kod;wskaznik;rok;wartosc;znak\n")
	for _, id := range slices.Sorted(maps.Keys(t)) {
		for _, code := range slices.Sorted(maps.Keys(t[id])) {
			for _, year := range slices.Sorted(maps.Keys(t[id][code])) {
				b.WriteString(csvLine(seven[code], id, year, t[id][code][year]))
			}
		}
	}
	return b.Bytes()
}

// mapping writes the mapping file that names the columns and describes the indicators.
func mapping() []byte {
	var b bytes.Buffer
	b.WriteString(`# Made by samples/make. All figures, names and borders are invented.

[table]
file = "dane.csv"
code = "kod"
period = "rok"
indicator = "wskaznik"
value = "wartosc"
sign = "znak"
dash = "zero"

[source]
agency = "GUS"
dataset = "SMUP"
extracted = "2026-04-15"
licence = "dane wymyślone"
invented = true
`)
	all := append(slices.Clone(computed), ratios...)
	for _, age := range ages {
		for _, sex := range []struct{ id, name string }{{"mezczyzni", "mężczyźni"}, {"kobiety", "kobiety"}} {
			name := fmt.Sprintf("Ludność w wieku %s lat, %s", strings.Replace(age, "-", "–", 1), sex.name)
			if age == "85+" {
				name = "Ludność w wieku 85 lat i więcej, " + sex.name
			}
			all = append(all, indicator{id: "bdl:P2137/" + age + "/" + sex.id, name: name, unit: "osoba", class: "amount", sum: true, area: areaPeople, dataset: "BDL"})
		}
	}
	for _, i := range slices.Clone(all) {
		if i.twin != "" {
			twin := i
			twin.id, twin.twin = i.twin, ""
			twin.name += " (miasta na prawach powiatu)"
			all = append(all, twin)
		}
	}
	slices.SortStableFunc(all, func(x, y indicator) int { return strings.Compare(x.id, y.id) })
	for _, i := range all {
		b.WriteString("\n[[indicator]]\n")
		put := func(key, value string) {
			if value != "" {
				fmt.Fprintf(&b, "%s = %q\n", key, value)
			}
		}
		put("id", i.id)
		put("name", i.name)
		put("label", i.label)
		put("unit", i.unit)
		put("unit_class", i.class)
		if i.unit != "zł" { // amounts are printed as their size asks for
			fmt.Fprintf(&b, "decimals = %d\n", i.decimals)
		}
		put("direction", i.direction)
		if i.sum {
			put("aggregation", "sum")
		}
		put("area", i.area)
		put("service", i.service)
		put("dimension", i.dimension)
		put("definition", i.definition)
		put("formula", i.formula)
		put("twin", i.twin)
		put("dataset", i.dataset)
	}
	return b.Bytes()
}

// members is an invented list of the members of a union with their office addresses. The
// domain is reserved for examples (RFC 2606) and receives no mail.
func members(areas []area) []byte {
	var b bytes.Buffer
	b.WriteString("teryt;nazwa;email\n")
	for _, a := range areas[:20] {
		mail := fmt.Sprintf("rada.%s@example.org", a.code)
		if a.code == "981005" {
			mail = "" // a member may have no address
		}
		fmt.Fprintf(&b, "%s;%s;%s\n", a.code, a.name, mail)
	}
	return b.Bytes()
}
