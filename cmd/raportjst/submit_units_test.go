package main

import (
	"io"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/snapshot"
)

// TestUnits orders by level and by voivodeship.
func TestUnits(t *testing.T) {
	data, err := snapshot.Open(sampleData(t))
	if err != nil {
		t.Fatal(err)
	}
	defer data.Close()
	for args, want := range map[string]string{
		"--all":              "GGGPPV", // kinds that must be there
		"--all=gminy":        "G",
		"--all=powiaty":      "P",
		"--all=wojewodztwa":  "V",
		"--voivodeship 98":   "GPV",
		"--powiat 9810":      "G",
		"--area 981001,9810": "GP",
	} {
		parser, flags := newParser(t)
		if _, err := parser.Parse(append([]string{"submit"}, strings.Fields(args)...)); err != nil {
			t.Fatalf("%s: %v", args, err)
		}
		o, err := flags.Submit.order(t.Context(), console{out: io.Discard, err: io.Discard}, data)
		if err != nil {
			t.Fatalf("%s: %v", args, err)
		}
		seen, kinds := map[string]bool{}, map[int]int{}
		for _, m := range o.Members {
			if seen[m.Area] {
				t.Errorf("%s: %s twice", args, m.Area)
			}
			seen[m.Area] = true
			kinds[len(m.Area)]++
		}
		for letter, length := range map[string]int{"G": 6, "P": 4, "V": 2} {
			if strings.Contains(want, letter) != (kinds[length] > 0) {
				t.Errorf("%s: %v", args, kinds)
			}
		}
		if o.Title == "" || strings.Contains(args, ",") && !strings.Contains(o.Title, ",") {
			t.Errorf("%s has the title %q", args, o.Title)
		}
	}
	for _, args := range []string{"--voivodeship 9810", "--voivodeship 77", "--powiat 98"} {
		parser, flags := newParser(t)
		if _, err := parser.Parse(append([]string{"submit"}, strings.Fields(args)...)); err != nil {
			t.Fatal(err)
		}
		if _, err := flags.Submit.order(t.Context(), console{out: io.Discard, err: io.Discard}, data); err == nil {
			t.Errorf("%s is taken", args)
		}
	}
}

// TestUnitsOfPoland counts the real units: 2,479 gminas, 314 powiats, 16 voivodeships.
func TestUnitsOfPoland(t *testing.T) {
	s := realData(t)
	for level, want := range map[everything]int{"gminy": 2479, "powiaty": 314, "wojewodztwa": 16, "wszystko": 2809} {
		if n := len(unitsUnder(s.Register(), "", level)); n != want {
			t.Errorf("%s: %d", level, n)
		}
	}
}

func TestTitleNamesAllUnits(t *testing.T) {
	for want, names := range map[string][]string{
		"Bór":                  {"Bór"},
		"Bór, Las, Sad":        {"Bór", "Las", "Sad"},
		"Bór i inne, razem 22": append([]string{"Bór"}, make([]string, 21)...),
	} {
		if have := titled(names); have != want {
			t.Errorf("%q, want %q", have, want)
		}
	}
}
