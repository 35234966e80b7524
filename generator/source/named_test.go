package source_test

import (
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/gazetteer"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/stat"
)

// TestCheckNames tells contradictions of code and name from names that are old, declined or in
// capitals.
func TestCheckNames(t *testing.T) {
	r, err := stat.NewRegister("2026-01-01", []stat.Area{
		{Code: "00", Kind: stat.KindCountry, Name: "Polska"},
		{Code: "22", Kind: stat.KindVoivodeship, Name: "pomorskie"},
		{Code: "2212", Kind: stat.KindPowiat, Name: "słupski"},
		{Code: "221201", Kind: stat.KindRural, Name: "Damnica"},
		{Code: "221202", Kind: stat.KindRural, Name: "Dębnica Kaszubska"},
		{Code: "221206", Kind: stat.KindRural, Name: "Kobylnica"},
		{Code: "221208", Kind: stat.KindRural, Name: "Redzikowo"},
		{Code: "2213", Kind: stat.KindPowiat, Name: "starogardzki"},
		{Code: "221302", Kind: stat.KindUrban, Name: "Skórcz", Changes: []stat.Change{{Year: 2010, Kind: stat.ChangeName, From: "Skurcz"}}},
		{Code: "2263", Kind: stat.KindCity, Name: "Słupsk"},
		{Code: "226301", Kind: stat.KindCity, Name: "Słupsk"},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	codes := []string{"221201", "221202", "221206", "221208", "221302", "226301", "00"}
	located, err := source.Locate(r, codes)
	if err != nil {
		t.Fatal(err)
	}
	g := gazetteer.New(r)
	for _, c := range []struct {
		name   string
		told   bool
		text   string // by code, joined by |
		proved string // numbers of the codes
		other  string
	}{
		{"as in the register", true, "Damnica|Dębnica Kaszubska|Kobylnica|Redzikowo|Skórcz|Słupsk|POLSKA", "", ""},
		{"as files write them", false, "DAMNICA (2)|Gmina Debnica Kaszubska|gm. Kobylnica|Redzikowo|Skurcz|Powiat m. Słupsk|", "", ""},
		{"two swapped", false, "Dębnica Kaszubska|Damnica|Kobylnica|Redzikowo|Skórcz|Słupsk|", "0 1", ""},
		{"two swapped alone", true, "Dębnica Kaszubska|Damnica||||||", "0 1", ""},
		{"a mistyped code", true, "Damnica|Kobylnica||Redzikowo|Skórcz||", "1", ""},
		{"one name twice", true, "Damnica|Damnica|Kobylnica|Redzikowo|Skórcz|Słupsk|", "", "1"},
		{"swapped in later years", true, "Damnica;Dębnica Kaszubska|Dębnica Kaszubska;Damnica;Dębnica Kaszubska|||||", "0 1", ""},
		{"swapped in later years, not told", false, "Damnica;Kobylnica;Damnica|Dębnica Kaszubska|Kobylnica|Redzikowo|Skórcz|Słupsk|", "0", ""},
		{"strange in one year", true, "Damnica;Xyz|Dębnica Kaszubska|||||", "", "0"},
		{"renamed, with both names", true, "Damnica|Dębnica Kaszubska||Słupsk;Redzikowo|Skurcz;Skórcz|Słupsk|", "", "3"},
		{"an old name of a city", true, "Damnica|Dębnica Kaszubska|Kobylnica|Słupsk|Skórcz||", "", "3"},
		{"an unknown name", true, "Damnica|Dębnica Kaszubska|Kobylnica|Xyz|Skórcz||", "", "3"},
		{"powiats", false, "słupski|słupski|słupski|słupski|starogardzki||", "", ""},
		{"a powiat mistaken", false, "słupski|słupski|słupski|starogardzki|starogardzki||", "", "3"},
		{"voivodeships", false, "POMORSKIE|pomorskie|pomorskie|woj. pomorskie|pomorskie|pomorskie|", "", ""},
		{"remarks", false, "szacunek|jak w 2023||Damnica|||", "", ""},
		{"numbers", true, "1|2|3|4|5|6|7", "", ""},
	} {
		var proved, other []string
		text := strings.Split(c.text, "|")
		column := source.Labels{Told: c.told}
		for i, s := range text[:min(len(text), len(codes))] {
			for _, s := range strings.Split(s, ";") { // of one row each
				column.Add(int32(i), s, i)
			}
		}
		for _, m := range source.CheckNames(g, codes, located, column) {
			if n := string(rune('0' + m.Line)); m.Proved {
				proved = append(proved, n)
			} else {
				other = append(other, n)
			}
			if !strings.Contains(m.What, "kod "+codes[m.Line]+" to ") {
				t.Errorf("%s: %s", c.name, m.What)
			}
		}
		if p, o := strings.Join(proved, " "), strings.Join(other, " "); p != c.proved || o != c.other {
			t.Errorf("%s: contradictions %q, old names %q; want %q, %q", c.name, p, o, c.proved, c.other)
		}
	}
}
