package smup

import (
	"errors"
	"fmt"
	"math"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/gusapi"
	"github.com/raportjst/raportjst/generator/source/gusapi/gustest"
	"github.com/raportjst/raportjst/generator/stat"
)

func TestTeryt(t *testing.T) {
	for _, c := range []struct {
		unit      gusapi.Record
		code, out string
	}{
		{gusapi.Record{"woj": "10", "pow": "01", "gmn": "01", "rodz": "1", "nazwa": "Bełchatów", "nazwa-dod": "gmina miejska"}, "1001011", ""},
		{gusapi.Record{"woj": "10", "pow": "01", "gmn": "02", "rodz": "2", "nazwa": "Bełchatów", "nazwa-dod": "gmina wiejska"}, "1001022", ""},
		{gusapi.Record{"woj": "2", "pow": "1", "gmn": "4", "rodz": "3"}, "0201043", ""},
		{gusapi.Record{"woj": "02", "pow": "01", "gmn": "04", "rodz": "5", "nazwa-dod": "obszar wiejski"}, "0201045", ""}, // a part, to the register
		{gusapi.Record{"woj": "10", "pow": "01", "nazwa": "Powiat bełchatowski", "nazwa-dod": "powiat"}, "1001000", ""},
		{gusapi.Record{"woj": "14", "pow": "65", "gmn": "00", "nazwa-dod": "miasto stołeczne, na prawach powiatu"}, "1465000", ""},
		{gusapi.Record{"woj": "12", "nazwa": "MAŁOPOLSKIE", "nazwa-dod": "województwo"}, "1200000", ""},
		{gusapi.Record{"nazwa": "POLSKA"}, "0000000", ""},
		{gusapi.Record{"woj": "12", "pow": "17", "nazwa": "KRAKOWSKI", "nazwa-dod": "podregion"}, "", outTier},
		{gusapi.Record{"woj": "12", "nazwa": "MAŁOPOLSKIE", "nazwa-dod": "region"}, "", outTier},
		{gusapi.Record{"nazwa": "MAKROREGION POŁUDNIOWY"}, "", outTier},
		{gusapi.Record{"woj": "10", "pow": "01", "gmn": "01"}, "", outStrange},
		{gusapi.Record{"woj": "10", "gmn": "01", "rodz": "1"}, "", outStrange},
		{gusapi.Record{"pow": "10", "nazwa": "x"}, "", outStrange},
		{gusapi.Record{"woj": "ab"}, "", outStrange},
		{gusapi.Record{"woj": "100"}, "", outStrange},
	} {
		if code, out := teryt(c.unit); code != c.code || out != c.out {
			t.Errorf("%v: %q, %q; want %q, %q", c.unit, code, out, c.code, c.out)
		}
	}
}

// The real register has a place for every unit of the dictionary that is an area, and none
// for the dissolved gminas, whose numbers some list still has.
func TestUnitsOfTheCountry(t *testing.T) {
	b := newBench(t, gustest.Options{TERC: terc, Indicators: 1})
	if !b.Model().Real {
		t.Skip("the real register is not there")
	}
	units, err := b.source(t).readUnits(t.Context(), b.register)
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, u := range units {
		count[u.out]++
	}
	// Counted in the file: awk -F';' '{print $4}' TERC_Urzedowy_2026-01-08.csv | sort | uniq -c
	// gives 302 + 1453 + 724 gminas, 724 + 724 parts, 18 districts, 20 delegations of kinds 8
	// and 9 and 396 powiats and voivodeships; with Poland, six former codes of towns of today, that of Wałbrzych, and one gone for good.
	const placed = 302 + 1453 + 724 + 396 + 1 + 6 + 1
	want := map[string]int{"": placed, outPart: len(units) - placed - 97 - 1, outTier: 97, outGone: 1}
	if !reflect.DeepEqual(count, want) {
		t.Errorf("have %v\nwant %v", count, want)
	}
}

func TestTierless(t *testing.T) {
	for _, c := range []struct {
		name, rest  string
		gmina, city bool
	}{
		{"Udział wydatków budżetów gmin w dochodach", "udział wydatków budżetów § w dochodach", true, false},
		{"Udział wydatków budżetów miast na prawach powiatu w dochodach", "udział wydatków budżetów § w dochodach", false, true},
		{"Dochody gmin łącznie z miastami na prawach powiatu", "dochody § łącznie z §", true, true},
		{"Długość dróg gminnych (w km)", "długość dróg gminnych w km", false, false},
		{"miasta na prawach", "miasta na prawach", false, false},
		{"", "", false, false},
	} {
		if rest, gmina, city := tierless(c.name); rest != c.rest || gmina != c.gmina || city != c.city {
			t.Errorf("%q: %q %v %v", c.name, rest, gmina, city)
		}
	}
}

// Names pair only where there is exactly one of each, in the same area and service.
func TestTwinsByName(t *testing.T) {
	c := &catalogue{indicators: map[int64]stat.Indicator{
		1: {Name: "Udział A gmin"}, 2: {Name: "Udział A miast na prawach powiatu"},
		3: {Name: "Udział B gmin"}, 4: {Name: "Udział B miast na prawach powiatu"}, 5: {Name: "Udział B miasta na prawach powiatu"},
		6: {Name: "Udział C gmin", Area: "Edukacja"}, 7: {Name: "Udział C miast na prawach powiatu", Area: "Finanse JST"},
		9: {Name: "Udział D gmin"},
	}}
	if got := (&Source{}).twins(c); !reflect.DeepEqual(got, map[int64]int64{1: 2}) {
		t.Errorf("twins %v", got)
	}
	if got := (&Source{}).pair(c, nil); !reflect.DeepEqual(got, [][]int64{{1, 2}, {3}, {4}, {5}, {6}, {7}, {9}}) {
		t.Errorf("pairs %v", got)
	}
	if got := (&Source{}).pair(c, []int64{2}); !reflect.DeepEqual(got, [][]int64{{2}}) {
		t.Errorf("the city alone: %v", got)
	}
}

func TestKnownIndicators(t *testing.T) {
	all := known()
	if len(all) != 15+7 || all[4424].Label != all[4074].Label || all[4424].City != 0 || all[16].City != 0 {
		t.Errorf("%d known", len(all))
	}
	for id, k := range all {
		if _, ok := classes[k.Class]; !ok || k.Label == "" || k.Unit == "" || (k.Unit == "%") != (k.Class == "percent") {
			t.Errorf("%d: %+v", id, k)
		}
	}
}

// Twins are joined when their areas show that they are, and the count of gminas and cities
// is checked.
func TestJoin(t *testing.T) {
	var areas []stat.Area
	for _, code := range []stat.AreaCode{"0201", "020101", "020102", "0261", "026101", "0262", "026201"} {
		areas = append(areas, stat.Area{Code: code})
	}
	register, err := stat.NewRegister("2024-01-01", areas, nil)
	if err != nil {
		t.Fatal(err)
	}
	cells := func(codes ...stat.AreaCode) (out []source.Cell) {
		for _, c := range codes {
			out = append(out, source.Cell{Area: c, Period: 2023, Observation: stat.Observed(1, 0)})
		}
		return out
	}
	for _, c := range []struct {
		of, with []source.Cell
		twin     stat.IndicatorID
		says     string
	}{
		{cells("020101", "020102", "0201"), cells("026101", "026201"), "smup:2", ""},
		{cells("020101", "020102"), cells("0261", "0262"), "smup:2", ""}, // on the powiat tier
		{cells("020101"), cells("026101", "026201"), "smup:2", "dane 1 z 2 gmin"},
		{cells("020101", "020102"), cells("026101"), "smup:2", "dane 1 z 2 miast"},
		{cells("020101", "020102", "026101"), cells("026101", "026201"), "", "nie dzielą się"},
		{cells("020101", "020102"), cells("026101", "020101"), "", "nie dzielą się"},
	} {
		s := &Source{}
		of := figures{indicator: stat.Indicator{ID: "smup:1"}, cells: c.of}
		s.join(&work{register: register}, &of, figures{indicator: stat.Indicator{ID: "smup:2"}, cells: c.with})
		var said []string
		s.warn.Give(func(w source.Warning) { said = append(said, w.What) })
		if of.indicator.Twin != c.twin || (c.says == "") != (len(said) == 0) || !strings.Contains(strings.Join(said, "|"), c.says) {
			t.Errorf("%v with %v: twin %q, %q", c.of, c.with, of.indicator.Twin, said)
		}
	}
}

func TestObserve(t *testing.T) {
	f := flags{9: {name: "dziewiąta"}}
	for id, m := range meanings {
		f[id] = flag{status: m.status, known: true}
	}
	doubt := doubts{flags: map[int64]int{}}
	for _, c := range []struct {
		row  row
		want stat.Observation
	}{
		{row{flag: 1, value: 1160.06, has: true}, stat.Observed(1160.06, 0)},
		{row{flag: 1}, stat.Unobserved(stat.Missing, "id-flaga 1")}, // null is no zero
		{row{flag: 2, has: true}, stat.Unobserved(stat.NotOccurred, "id-flaga 2")},
		{row{flag: 2}, stat.Unobserved(stat.NotOccurred, "id-flaga 2")},
		{row{flag: 2, value: 3, has: true}, stat.Unobserved(stat.Missing, "id-flaga 2")},
		{row{flag: 3, value: 0, has: true}, stat.Unobserved(stat.BelowFormat, "id-flaga 3")},
		{row{flag: 5, value: 7, has: true}, stat.Unobserved(stat.Missing, "id-flaga 5")}, // a secret value is never shown
		{row{flag: 9, value: 7, has: true}, stat.Unobserved(stat.Missing, "id-flaga 9")},
		{row{flag: 77, value: 7, has: true}, stat.Unobserved(stat.Missing, "id-flaga 77")},
		{row{flag: noFlag, value: 7, has: true}, stat.Unobserved(stat.Missing, "id-flaga -1")},
	} {
		if got := f.observe(c.row, &doubt); got != c.want {
			t.Errorf("%+v: %+v, want %+v", c.row, got, c.want)
		}
	}
	quiet := doubts{flags: map[int64]int{}}
	for id := int64(noFlag); id < 100; id++ { // a value is that of flag 1 alone, and no flag makes one of null
		for _, x := range []row{{flag: id}, {flag: id, has: true}, {flag: id, value: 5, has: true}} {
			o := f.observe(x, &quiet)
			v, there := o.Value()
			plain := id == 1 && x.has
			zero := v == 0 && (id == 2 && x.value == 0 || id == 3) // stated: did not occur, too small to show
			if there && !plain && !zero || plain && (!there || v != x.value) {
				t.Errorf("%+v: %+v", x, o)
			}
		}
	}
	var w gusapi.Warnings
	doubt.tell(&w, f, "tu")
	var said []string
	w.Give(func(w source.Warning) { said = append(said, fmt.Sprint(w.What, w.Count)) })
	want := []string{
		"wiersze bez flagi – przyjęto brak informacji1", "flaga 9 („dziewiąta”) o nieznanym znaczeniu – przyjęto brak informacji1",
		"nieznana flaga 77 – przyjęto brak informacji1",
		"flaga 1 (zjawisko wystąpiło) bez wartości – przyjęto brak informacji1",
		"flaga 2 (zjawisko nie wystąpiło) z wartością różną od zera – przyjęto brak informacji1",
	}
	if !slices.Equal(said, want) {
		t.Errorf("said %q", said)
	}
}

// The meaning of a flag is what its name in the dictionary says; a known number with an
// unknown meaning is an unknown flag.
func TestFlagDictionary(t *testing.T) {
	for _, c := range []struct {
		body  string
		known []int64
	}{
		{`[{"id-flaga":1,"nazwa":"Zjawisko wystąpiło"},{"id-flaga":2,"nazwa":"zjawisko nie wystąpiło"},{"id-flaga":4,"nazwa":"inna"}]`, []int64{1, 2, 3, 5}},
		{`{"data":[{"id":"1","nazwa":"Zjawisko nie wystąpiło"},{"id":"2","nazwa":"Zjawisko wystąpiło"}]}`, []int64{3, 5}},
		{`[{"id-flaga":5,"opis":"Coś zupełnie innego"},{"id-flaga":1}]`, []int64{1, 2, 3}},
		{`{"kody":{}}`, []int64{1, 2, 3, 5}}, // unreadable: the known meanings stand
	} {
		s := &Source{}
		rows, _, err := gusapi.Records([]byte(c.body))
		if err != nil {
			t.Fatal(err)
		}
		var known []int64
		for id, f := range s.understand(rows) {
			if f.known {
				known = append(known, id)
			}
		}
		if slices.Sort(known); !slices.Equal(known, c.known) {
			t.Errorf("%s: known %v, want %v", c.body, known, c.known)
		}
	}
}

func TestReadRows(t *testing.T) {
	const id, date = 4074, 20231231
	good := row{unit: 1324, flag: 1, value: 1160.06, has: true, decimals: 2}
	for _, c := range []struct {
		body     string
		rows     []row
		pages    int64
		mismatch bool
	}{
		{`{"data":[{"id":4074,"id-daty":20231231,"id-teryt":1324,"id-flaga":1,"wartosc":1160.06,"precyzja":2}],"page-count":1}`, []row{good}, 1, false},
		{`[{"id":"4074","id-daty":"20231231","id-teryt":"1324","id-flaga":"1","wartosc":"1160,06","precyzja":"2","nowe":{"a":[1]}}]`, []row{good}, 0, false},
		{"\ufeff" + ` [{"id-teryt":1324.0,"id-flaga":1,"wartosc":1.16006e3,"precyzja":2}] `, []row{good}, 0, false},
		{`{"page-count":"3","data":[{"id-teryt":7,"id-flaga":5,"wartosc":null}],"page-number":1}`, []row{{unit: 7, flag: 5, decimals: -1}}, 3, false},
		{`{"data":[],"page-count":0}`, nil, 0, false},
		{`{"data":null}`, nil, 0, false},
		{`[]`, nil, 0, false},
		{`[{"id":1,"id-daty":20231231,"id-teryt":1,"id-flaga":1,"wartosc":1}]`, nil, 0, true},
		{`[{"id-daty":20221231,"id-teryt":1,"id-flaga":1,"wartosc":1}]`, nil, 0, true},
		{`[{"id-flaga":1,"wartosc":1}]`, nil, 0, true},
		{`[{"id-teryt":1,"id-flaga":1,"wartosc":"brak"}]`, nil, 0, true},
		{`[{"id-teryt":1.5}]`, nil, 0, true},
		{`{"message":"x"}`, nil, 0, true},
		{`"text"`, nil, 0, true},
		{`7`, nil, 0, true},
	} {
		rows, pages, err := readRows([]byte(c.body), id, date, nil)
		var mismatch *gusapi.Mismatch
		if errors.As(err, &mismatch) != c.mismatch || !c.mismatch && (err != nil || !slices.Equal(rows, c.rows) || pages != c.pages) {
			t.Errorf("%s: %+v, %d, %v", c.body, rows, pages, err)
		}
	}
	for _, broken := range []string{``, `[`, `{"data":[{"id-teryt":1,"wartosc":1`, `[{"id-teryt":1}] x`, `[{"id-teryt":1}][]`, `{"data":[{"id-teryt":}]}`, `nul`} {
		if _, _, err := readRows([]byte(broken), id, date, nil); err == nil {
			t.Errorf("%s was read", broken)
		}
	}
}

// Every cut of a body is noticed.
func TestReadRowsCut(t *testing.T) {
	s := gustest.New(gustest.Options{})
	for _, id := range []int64{2, 3, 4, 9} {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest("GET", fmt.Sprintf("/smup/indicator-date-data?id=%d&id-daty=20221231&page-size=8", id), nil))
		body := w.Body.Bytes()
		if _, _, err := readRows(body, id, 20221231, nil); err != nil {
			t.Fatal(err)
		}
		for n := range body {
			if _, _, err := readRows(body[:n], id, 20221231, nil); err == nil {
				t.Fatalf("%d of %d bytes of indicator %d were read", n, len(body), id)
			}
		}
	}
}

func TestReadCard(t *testing.T) {
	for body, want := range map[string]stat.Indicator{
		`{"id":1,"definicja-wskaznika":"Co to jest","wzor":"a/b","jednostka-miary":"%"}`: {Definition: "Co to jest", Formula: "a/b", Unit: "%", UnitClass: stat.UnitPercent},
		`[{"wskaznik":{"opis":"Opis","sposob-obliczania":["a","b"]}}]`:                   {Definition: "Opis", Formula: "a; b"},
		`{"data":[{"id-opisu":3,"nazwa":"x"}]}`:                                          {},
		`[]`:                                                                             {},
	} {
		var got stat.Indicator
		if err := readCard([]byte(body), &got); err != nil || got != want {
			t.Errorf("%s: %+v, %v", body, got, err)
		}
	}
}

func FuzzReadRows(f *testing.F) {
	for _, seed := range []string{
		`{"data":[{"id":4074,"id-daty":20231231,"id-teryt":1324,"id-flaga":1,"wartosc":1160.06,"precyzja":2}],"page-count":1}`,
		`[{"id":"4074","id-daty":"20231231","id-teryt":"1324","id-flaga":"1","wartosc":"1160,06","nowe":{"a":[1]}}]`,
		`{"data":null,"page-count":-1}`, `[{"id-teryt":1e400}]`, `[[]]`, `{"data":{"id-teryt":1}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		rows, _, err := readRows(body, 4074, 20231231, nil)
		if err != nil {
			return
		}
		for _, r := range rows {
			if r.unit < 0 || math.IsNaN(r.value) || math.IsInf(r.value, 0) || r.decimals < -1 || r.decimals > 10 || !r.has && r.value != 0 {
				t.Errorf("%+v", r)
			}
		}
		// What is read from an answer does not depend on its envelope.
		if body[0] == '[' {
			again, _, err := readRows([]byte(`{"data":`+string(body)+`}`), 4074, 20231231, nil)
			if err != nil || !slices.Equal(rows, again) {
				t.Errorf("in an envelope: %v", err)
			}
		}
	})
}

func FuzzReadCard(f *testing.F) {
	f.Add([]byte(`{"definicja":"a","wzor":["b",{"c":"d"}],"jednostka-miary":"%"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var i stat.Indicator
		if err := readCard(body, &i); err == nil && i.Unit != "%" && i.UnitClass == stat.UnitPercent {
			t.Errorf("%+v", i)
		}
	})
}
