package smup

import (
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/gusapi"
	"github.com/raportjst/raportjst/generator/source/gusapi/gustest"
	"github.com/raportjst/raportjst/generator/source/sourcetest"
	"github.com/raportjst/raportjst/generator/stat"
)

// terc is the official register, where the real data are; without it the made server
// invents its units.
const terc = "../../../../shared/data/register/TERC_Urzedowy_2026-01-08.csv"

// bench is a made server with what is needed to load from it.
type bench struct {
	*gustest.Server
	register *stat.Register
	options  gusapi.Options
	cards    bool
}

func newBench(t testing.TB, o gustest.Options) *bench {
	t.Helper()
	s := gustest.New(o)
	return &bench{Server: s, register: s.Model().Register(), options: s.Client(t, "smup")}
}

func (b *bench) source(t testing.TB) *Source {
	t.Helper()
	c, err := gusapi.Open(b.options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return New(c, b.cards)
}

func (b *bench) load(t testing.TB, q source.Query) (*gustest.Collection, error) {
	t.Helper()
	c := gustest.NewCollection()
	q.Register, q.Warn = b.register, c.Warn
	return c, b.source(t).Load(t.Context(), q, c)
}

// truth is what the server has of some indicators, all where none is named.
func (b *bench) truth(ids ...stat.IndicatorID) map[gustest.Key]stat.Observation {
	all := map[gustest.Key]stat.Observation{}
	for k, o := range b.Model().SMUP(b.register) {
		if (source.Query{Indicators: ids}).Wants(k.ID) {
			all[k] = o
		}
	}
	return all
}

func TestLoad(t *testing.T) {
	for _, o := range []gustest.Options{
		{Indicators: 26, First: 2022, TERC: terc}, // the whole country
		{Indicators: 40, PageMax: 50},             // several pages each
	} {
		b := newBench(t, o)
		c, err := b.load(t, source.Query{})
		if err != nil {
			t.Fatal(err)
		}
		c.Compare(t, b.truth())
		if !c.Warned("jednostki statystyczne") || !c.Warned("spoza rejestru TERYT") {
			t.Errorf("warnings %q", c.Warnings)
		}
		n := b.Requests()
		again, err := b.load(t, source.Query{})
		if err != nil {
			t.Fatal(err)
		}
		if m := b.Requests(); m != n {
			t.Errorf("the second load sent %d requests", m-n)
		}
		if !maps.Equal(again.Cells, c.Cells) || !maps.Equal(again.Provenance, c.Provenance) {
			t.Error("the second load differs from the first")
		}
	}
}

func TestIndicators(t *testing.T) {
	b := newBench(t, gustest.Options{Indicators: 30})
	b.cards = true
	c, err := b.load(t, source.Query{Indicators: []stat.IndicatorID{"smup:4074", "smup:6001", "smup:3"}, First: 2020, Last: 2021})
	if err != nil {
		t.Fatal(err)
	}
	want := b.truth("smup:4074", "smup:4424", "smup:6001", "smup:6101", "smup:3")
	maps.DeleteFunc(want, func(k gustest.Key, _ stat.Observation) bool { return k.Period < 2020 || k.Period > 2021 })
	c.Compare(t, want)
	for id, want := range map[stat.IndicatorID]stat.Indicator{
		"smup:4074": {
			Name: "Wskaźnik finansowy budżetów gmin nr 4074", Label: "Dług na koniec roku na mieszkańca", Unit: "zł/mieszkańca",
			Area: "Finanse JST", Service: "Usługa 10", Twin: "smup:4424",
		},
		"smup:4424": {
			Name: "Wskaźnik finansowy, miasta, nr 4424", Label: "Dług na koniec roku na mieszkańca", Unit: "zł/mieszkańca",
			Area: "Finanse JST", Service: "Usługa 10",
		},
		"smup:6001": {
			Name: "Udział wydatków na cel 6001 w wydatkach budżetów gmin ogółem", Unit: "szt.",
			Area: "Finanse JST", Service: "Usługa 10", Twin: "smup:6101",
		},
		"smup:6101": {
			Name: "Udział wydatków na cel 6001 w wydatkach budżetów miast na prawach powiatu ogółem", Unit: "szt.",
			Area: "Finanse JST", Service: "Usługa 10",
		},
		"smup:3": {Name: "Liczba zdarzeń rodzaju 3 na 1000 mieszkańców", Unit: "szt.", Area: "Drogownictwo i Transport", Service: "Usługa 4"},
	} {
		want.ID, want.Decimals, want.Dimension = id, 2, "ilość"
		want.Definition, want.Formula = "Definicja "+strings.TrimPrefix(string(id), "smup:"), "a / b"
		if got := c.Indicators[id]; got != want {
			t.Errorf("have %+v\nwant %+v", got, want)
		}
		p := c.Provenance[id]
		if p.Agency != "GUS" || p.Dataset != "SMUP" || p.Extracted != time.Now().UTC().Format(time.DateOnly) || len(p.Digest) != 64 {
			t.Errorf("provenance %+v", p)
		}
	}
}

// Whatever the server does, what is loaded in the end is right.
func TestLoadFromBadServer(t *testing.T) {
	deeds := []gustest.Misdeed{
		gustest.ServerError, gustest.Behave, gustest.Cut, gustest.Behave, gustest.Page, gustest.Behave, gustest.CutJSON, gustest.Behave,
		gustest.Quota200, gustest.Behave, gustest.TooMany, gustest.Behave, gustest.Error200, gustest.Behave,
	}
	b := newBench(t, gustest.Options{Misdeed: func(a gustest.Ask) gustest.Misdeed { return deeds[a.N%len(deeds)] }})
	c, err := b.load(t, source.Query{})
	if err != nil {
		t.Fatal(err)
	}
	c.Compare(t, b.truth())
	if t.Failed() {
		t.Log(c.Warnings)
	}
}

// An indicator that cannot be had is no reason to lose the others, but is one to fail when
// it was asked for by name.
func TestLoadWithoutOne(t *testing.T) {
	b := newBench(t, gustest.Options{Misdeed: func(a gustest.Ask) gustest.Misdeed {
		if strings.Contains(a.URL, "data?id=7&id-daty=2021") {
			return gustest.ServerError
		}
		return gustest.Behave
	}})
	c, err := b.load(t, source.Query{})
	if err != nil {
		t.Fatal(err)
	}
	want := b.truth()
	maps.DeleteFunc(want, func(k gustest.Key, _ stat.Observation) bool { return k.ID == "smup:7" })
	c.Compare(t, want)
	if !c.Warned("wskaźnik 7:", "błędem 500") {
		t.Errorf("warnings %q", c.Warnings)
	}
	_, err = b.load(t, source.Query{Indicators: []stat.IndicatorID{"smup:7", "smup:8"}})
	var f *fault.Fault
	if !errors.As(err, &f) || !strings.Contains(f.Where, "id=7&id-daty=20211231") {
		t.Errorf("error %v", err)
	}
}

func TestQueries(t *testing.T) {
	b := newBench(t, gustest.Options{})
	for _, c := range []struct {
		ids  []stat.IndicatorID
		says string // of the error; "" succeeds
	}{
		{[]stat.IndicatorID{"bdl:72305"}, ""}, // not ours
		{[]stat.IndicatorID{"smup:x"}, "oczekiwano liczby"},
		{[]stat.IndicatorID{"smup:999999"}, "nie ma go w katalogu"},
	} {
		got, err := b.load(t, source.Query{Indicators: c.ids})
		if c.says == "" && (err != nil || len(got.Cells) > 0) || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%v: %v", c.ids, err)
		}
	}
	// A register of some other country.
	other, err := stat.NewRegister("2024-01-01", []stat.Area{{Code: "55"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	b.register = other
	if _, err := b.load(t, source.Query{}); err == nil || !strings.Contains(err.Error(), "nie pasuje do rejestru") {
		t.Errorf("error %v", err)
	}
}

// A series is of one vintage: when a new year is added long after, the old years are asked
// for again, and a server with validators need not send them.
func TestVintage(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		server := gustest.New(gustest.Options{Indicators: 1})
		b := &bench{Server: server, register: server.Model().Register(), options: gusapi.Options{
			Name: "SMUP", Base: "https://api.smup.gov.pl/smup", Archive: filepath.Join(dir, "archive"), Ledger: filepath.Join(dir, "ledger"),
			Transport: gustest.Transport(server),
		}}
		ids := []stat.IndicatorID{"smup:2"}
		server.Model().Indicators[0].ID = 2
		requests := func(q source.Query) int {
			before := server.Requests()
			c, err := b.load(t, q)
			if err != nil {
				t.Fatal(err)
			}
			want := b.truth(ids...)
			maps.DeleteFunc(want, func(k gustest.Key, _ stat.Observation) bool { return !q.Covers(k.Period) })
			c.Compare(t, want)
			if got := c.Provenance[ids[0]].Extracted; got != time.Now().Format(time.DateOnly) {
				t.Errorf("extracted %s at %v", got, time.Now())
			}
			return server.Requests() - before
		}
		const lists = 5 + 2*10
		if n := requests(source.Query{Indicators: ids, Last: 2021}); n != lists+3 {
			t.Errorf("%d requests for three years", n)
		}
		time.Sleep(time.Second)
		if n := requests(source.Query{Indicators: ids, Last: 2021}); n != 0 {
			t.Errorf("%d requests for what is there", n)
		}
		time.Sleep(30 * 24 * time.Hour)
		server.Revise()
		if n := requests(source.Query{Indicators: ids}); n != lists+5 {
			t.Errorf("%d requests for two more years a month later", n)
		}
	})
}

// "No data" for one of the two newest years is asked for again the next day.
func TestNewestYears(t *testing.T) {
	b := newBench(t, gustest.Options{Indicators: 1}) // indicator 1 lacks the last year
	s := b.source(t)
	w, err := s.work(t.Context(), source.Query{Register: b.register})
	if err != nil {
		t.Fatal(err)
	}
	for i, y := range w.years {
		want := flashcards
		if i >= len(w.years)-2 {
			want = 24 * time.Hour
		}
		if r := w.dataRequest(1, y, 1); r.LifeOfNone != want || r.Life != 0 {
			t.Errorf("%d: %v", y.period, r.LifeOfNone)
		}
	}
}

// A plan is a guess without the catalogue and exact with it, and never asks.
func TestPlan(t *testing.T) {
	b := newBench(t, gustest.Options{Indicators: 30})
	b.cards = true
	q := source.Query{Register: b.register}
	plan := func(q source.Query) gusapi.Plan {
		before := b.Requests()
		p, err := b.source(t).Plan(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if b.Requests() != before {
			t.Error("a plan sent requests")
		}
		return p
	}
	if p := plan(q); !p.Estimated || p.Requests < 19_000 || p.Anonymous < 10*24*time.Hour || p.Keyed > p.Anonymous {
		t.Errorf("the first plan of everything: %+v", p)
	}
	if p := plan(source.Query{Register: b.register, Indicators: []stat.IndicatorID{"bdl:1"}}); p.Requests != 0 {
		t.Errorf("the plan of nothing: %+v", p)
	}
	if _, err := b.load(t, source.Query{Indicators: []stat.IndicatorID{"smup:3"}, First: 2023}); err != nil {
		t.Fatal(err)
	}
	p := plan(q)
	if p.Estimated || p.Kept != 2 || p.Requests != 30*6-2 {
		t.Errorf("the plan with the catalogue: %+v", p)
	}
	before := b.Requests()
	if _, err := b.load(t, source.Query{}); err != nil {
		t.Fatal(err)
	}
	if n := b.Requests() - before; n != p.Requests {
		t.Errorf("%d requests, planned %d", n, p.Requests)
	}
}

// Offline everything comes from the archive.
func TestOffline(t *testing.T) {
	b := newBench(t, gustest.Options{Indicators: 5})
	if _, err := b.load(t, source.Query{}); err != nil {
		t.Fatal(err)
	}
	n := b.Requests()
	b.options.Offline = true
	c, err := b.load(t, source.Query{})
	if err != nil {
		t.Fatal(err)
	}
	c.Compare(t, b.truth())
	if b.Requests() != n {
		t.Error("requests were sent")
	}
}

// BenchmarkLoad reads what is in the archive: unpack, parse, place, settle. x-json is how
// many times as long encoding/json takes to parse the same alone.
func BenchmarkLoad(b *testing.B) {
	bench := newBench(b, gustest.Options{TERC: terc, Indicators: 34, First: 2015, Last: 2024})
	ids := []stat.IndicatorID{"smup:3", "smup:4", "smup:6", "smup:7", "smup:8", "smup:10"}
	if _, err := bench.load(b, source.Query{Indicators: ids}); err != nil {
		b.Fatal(err)
	}
	s := bench.source(b)
	var got sum
	for b.Loop() {
		got = sum{}
		if err := s.Load(b.Context(), source.Query{Register: bench.register, Indicators: ids}, counter{&got}); err != nil {
			b.Fatal(err)
		}
	}
	own := b.Elapsed() / time.Duration(b.N)
	b.ReportMetric(float64(plain(b, answer(b, "4")))*float64(10*len(ids))/float64(own), "x-json")
	b.ReportMetric(float64(got.Cells)/own.Seconds(), "cells/s")
}

// counter is a sink that only counts.
type counter struct{ *sum }

func (c counter) Series(_ stat.Indicator, _ stat.Provenance, cells []source.Cell) error {
	c.sum.Series++
	c.Cells += len(cells)
	return nil
}

// A register that does not know of changes gives the rows under today's codes.
func TestFormerCodeUnknown(t *testing.T) {
	b := newBench(t, gustest.Options{Indicators: 10})
	want := map[gustest.Key]stat.Observation{}
	for _, i := range b.Model().Indicators {
		for year := b.Model().First; year <= b.Model().Last; year++ {
			for _, u := range b.Model().Units {
				if _, ok := b.register.Area(u.Code()); ok && u.Before == 0 && i.Has(u, year) && !b.Model().Lacks(i, year) {
					flag, value := b.Model().Value(i.ID, year, u.ID)
					if flag == 1 {
						want[gustest.Key{ID: indicatorID(i.ID), Area: u.Code(), Period: stat.Period(year)}] = stat.Observed(value, 0)
					}
				}
			}
		}
	}
	areas := slices.Clone(b.register.Areas())
	for i := range areas {
		areas[i].Changes = nil
	}
	var err error
	if b.register, err = stat.NewRegister("2024-01-01", areas, nil); err != nil {
		t.Fatal(err)
	}
	c, err := b.load(t, source.Query{})
	if err != nil {
		t.Fatal(err)
	}
	maps.DeleteFunc(c.Cells, func(_ gustest.Key, o stat.Observation) bool { return o.Status != stat.Present })
	c.Compare(t, want)
	if c.Warned("sprzeczne") {
		t.Errorf("warnings %q", c.Warnings)
	}
}

// Wałbrzych was gmina 022109 until 2012 and is the city 026501 since. SMUP may have rows of
// both codes in every year; each counts in its own.
func TestFormerCode(t *testing.T) {
	b := newBench(t, gustest.Options{TERC: terc, Indicators: 3, First: 2011, Last: 2014})
	if !b.Model().Real {
		t.Skip("the real register is not there")
	}
	c, err := b.load(t, source.Query{})
	if err != nil {
		t.Fatal(err)
	}
	c.Compare(t, b.truth())
	for k := range b.truth("smup:4074", "smup:4424") {
		if k.Area == "026501" && (k.ID == "smup:4074") != (k.Period < 2013) {
			t.Errorf("the truth is wrong: %v", k)
		}
	}
	if c.Indicators["smup:4074"].Twin != "smup:4424" || !c.Warned("miały już inny kod") {
		t.Errorf("%+v, warnings %q", c.Indicators["smup:4074"], c.Warnings)
	}
}

func TestConformance(t *testing.T) {
	b := newBench(t, gustest.Options{Indicators: 20})
	b.cards = true
	sourcetest.Run(t, b.register, func(t *testing.T) source.Source { return b.source(t) })
}

// TestPromised: a page that the first one counts, and a year between years with data, are not
// lost to one bad answer.
func TestPromised(t *testing.T) {
	for _, c := range []struct{ name, hit, says, warns string }{
		{"second page", "&page=2&", "brak strony 2, którą SMUP zapowiada", ""},
		{"a year between", "id-daty=20211231", "", "choć ma z wcześniejszych i późniejszych: 2021"},
	} {
		for _, times := range []int{1, 1000} {
			left := times
			b := newBench(t, gustest.Options{Indicators: 20, PageMax: 60, Misdeed: func(a gustest.Ask) gustest.Misdeed {
				if left > 0 && strings.Contains(a.Path, "indicator-date-data") && strings.Contains(a.URL, c.hit) {
					left--
					return gustest.Page404
				}
				return gustest.Behave
			}})
			q := source.Query{Indicators: []stat.IndicatorID{"smup:4074"}}
			got, err := b.load(t, q)
			if times > 1 {
				if c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) || c.says == "" && (err != nil || !strings.Contains(strings.Join(got.Warnings, "\n"), c.warns)) {
					t.Errorf("%s: %v, %q", c.name, err, got.Warnings)
				}
				left = 0
				if c.says == "" { // it is asked for again the next day
					continue
				}
				got, err = b.load(t, q)
			}
			if err != nil {
				t.Fatal(err)
			}
			years := map[stat.Period]int{}
			for k := range got.Cells {
				years[k.Period]++
			}
			if years[2021] == 0 || years[2021] < years[2020]-5 {
				t.Errorf("%s: cells by year %v", c.name, years)
			}
		}
	}
}
