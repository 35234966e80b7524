package main

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// made is the files of the sample, made once.
var made = sync.OnceValues(makeFiles)

// TestFilesAreCurrent holds the committed files against the program that makes them.
func TestFilesAreCurrent(t *testing.T) {
	files, err := made()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		have, err := os.ReadFile(filepath.Join("..", "data", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(have, want) {
			t.Errorf("data/%s is not what the program makes; run go generate ./samples", name)
		}
	}
}

// TestAgesAddUp checks that population by age and sex is the population.
func TestAgesAddUp(t *testing.T) {
	areas := makeAreas(newRandom(1))
	km := map[string]float64{}
	for _, a := range areas {
		km[a.code] = 100
	}
	f := compute(areas, km)
	for _, a := range areas {
		for _, y := range []int{2016, 2020} {
			s := 0.0
			for _, age := range ages {
				s += f.value("bdl:P2137/"+age+"/mezczyzni", a.code, y) + f.value("bdl:P2137/"+age+"/kobiety", a.code, y)
			}
			if s != f.value("bdl:72305", a.code, y) {
				t.Errorf("%s in %d: ages add up to %v, population %v", a.code, y, s, f.value("bdl:72305", a.code, y))
			}
		}
	}
}

// TestAmountsAddUp checks that what sums of an area's gminas is its figure.
func TestAmountsAddUp(t *testing.T) {
	areas := makeAreas(newRandom(1))
	f := compute(areas, map[string]float64{})
	for _, id := range []string{"bdl:72305", "bdl:76037", "bdl:58"} {
		total := map[string]float64{}
		for _, a := range areas {
			total[a.code[:4]] += f.value(id, a.code, 2024)
			total[a.code[:2]] += f.value(id, a.code, 2024)
		}
		for code, want := range total {
			if have := f.value(id, code, 2024); math.Abs(have-want) > 0.01 {
				t.Errorf("%s of %s: %v, its gminas have %v", id, code, have, want)
			}
		}
	}
}

// TestCoast checks that no land is cut off by the edge of the field.
func TestCoast(t *testing.T) {
	areas := makeAreas(newRandom(1))
	shore := waves(newRandom(3), 6, 5)
	place(areas, shore)
	f := paint(areas, shore)
	for y := range rows {
		for x := range columns {
			if (y == 0 || x == 0 || y == rows-1 || x == columns-1) && f[y][x] != outside {
				t.Fatalf("%s lies at the edge of the field, at %d, %d", areas[f[y][x]].code, x, y)
			}
		}
	}
}

// TestTraps checks that every trap stands in the files.
func TestTraps(t *testing.T) {
	files, err := made()
	if err != nil {
		t.Fatal(err)
	}
	data := string(files["dane.csv"])
	for what, row := range map[string]string{
		"missing in the middle":        "9810013;smup:4060;2019;;.",
		"secret":                       "9810013;smup:18;2021;;#",
		"impossible":                   "9811053;smup:9404;2025;;x",
		"break of method":              "9810013;smup:9502;2018;",
		"secret in a city":             "9863000;smup:18;2025;;#",
		"missing in a powiat":          "9814000;smup:9503;2024;;.",
		"missing in a voivodeship":     "9700000;smup:9503;2024;;.",
		"city under the twin":          "9861011;smup:4424;2025;",
		"new town under its old digit": "9812132;bdl:72305;2025;",
	} {
		if !strings.Contains(data, "\n"+row) {
			t.Errorf("%s: no row %q", what, row)
		}
	}
	for what, row := range map[string]string{
		"area without the last year":   "9812122;bdl:72305;2025;",
		"service area that ends early": ";smup:9801;2025;",
		"city under the gmina id":      "9861011;smup:4074;",
	} {
		if strings.Contains(data, row) {
			t.Errorf("%s: row %q stands in the file", what, row)
		}
	}
	for what, sign := range map[string]string{"not occurring": ";;-\n", "below the format": ";0;0\n", "not yet": ";;n\n", "preliminary": ";s\n"} {
		if !strings.Contains(data, sign) {
			t.Errorf("%s: no sign %q", what, sign)
		}
	}
}
