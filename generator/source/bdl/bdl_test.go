package bdl

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
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
}

func newBench(t *testing.T, o gustest.Options) *bench {
	t.Helper()
	s := gustest.New(o)
	return &bench{Server: s, register: s.Model().Register(), options: s.Client(t, "bdl")}
}

func (b *bench) source(t *testing.T) *Source {
	t.Helper()
	c, err := gusapi.Open(b.options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return New(c)
}

func (b *bench) load(t *testing.T, q source.Query) (*gustest.Collection, error) {
	t.Helper()
	c := gustest.NewCollection()
	q.Register, q.Warn = b.register, c.Warn
	return c, b.source(t).Load(t.Context(), q, c)
}

// truth is what the server has of variables for the areas of the register, worked out anew,
// with the meanings of the attributes written out once more.
func (b *bench) truth(numbers ...int64) map[gustest.Key]stat.Observation {
	missing := func(sign string) stat.Observation { return stat.Unobserved(stat.Missing, sign) }
	of := func(attr int, x float64) stat.Observation {
		switch attr {
		case 1:
			return stat.Observed(x, 0)
		case 15:
			return missing("-")
		case 50:
			return stat.Unobserved(stat.Pending, "n")
		case 4, 91:
			return missing("x")
		case 14:
			return missing("X").WithRemark(stat.NewMethod)
		case 7:
			return stat.Unobserved(stat.BelowFormat, "a")
		case 17:
			return stat.Unobserved(stat.BelowFormat, "A").WithRemark(stat.NewMethod)
		case 94:
			return stat.Observed(0, 0).WithSign("z")
		case 98:
			return stat.Observed(0, stat.NewMethod).WithSign("Z")
		case 3:
			return stat.Observed(x, stat.Incomplete).WithSign("k")
		case 13:
			return stat.Observed(x, stat.Incomplete|stat.NewMethod).WithSign("K")
		case 11:
			return stat.Observed(x, stat.NewMethod).WithSign("M")
		case 97:
			return stat.Observed(x, stat.Joint).WithSign("p")
		case 9:
			return stat.Observed(x, stat.Preliminary).WithSign("s")
		case 20, 21:
			return stat.Observed(x, stat.LowPrecision).WithSign("v")
		}
		return missing(fmt.Sprintf("attrId %d", attr))
	}
	all := map[gustest.Key]stat.Observation{}
	for _, v := range gustest.Variables {
		lowest := map[int]stat.Level{2: stat.LevelVoivodeship, 5: stat.LevelPowiat, 6: stat.LevelGmina}[v.Level]
		for year := b.Model().First; slices.Contains(numbers, v.ID) && year <= b.Model().Last; year++ {
			for _, u := range b.Model().Units {
				code := u.Code()
				_, known := b.register.Area(code)
				// A gmina that became a town has two codes, each of which says "-" in the years of
				// the other.
				if !known || code.Level() > lowest || !u.Stands(year) {
					continue
				}
				all[gustest.Key{ID: id(v.ID), Area: code, Period: stat.Period(year)}] = of(b.Model().BDLValue(v.ID, year, u))
			}
		}
	}
	return all
}

func id(number int64) stat.IndicatorID { return stat.IndicatorID(fmt.Sprintf("bdl:%d", number)) }

func TestLoad(t *testing.T) {
	for _, o := range []gustest.Options{{TERC: terc}, {}} {
		b := newBench(t, o)
		q := source.Query{Indicators: []stat.IndicatorID{id(72305), id(60270), id(217230), "bdl:P2137/0-4/mezczyzni", "smup:4074"}}
		c, err := b.load(t, q)
		if err != nil {
			t.Fatal(err)
		}
		c.Compare(t, b.truth(72305, 60270, 217230))
		if !c.Warned("zmienna 72305", "części gmin") || !c.Warned("zmienna 72305", "spoza rejestru") || c.Warned("sprzeczne") {
			t.Errorf("warnings %q", c.Warnings)
		}
		if b.Model().Real && !c.Warned("nieznany atrybut 99") {
			t.Errorf("warnings %q", c.Warnings)
		}
		n := b.Requests()
		again, err := b.load(t, q)
		if err != nil || b.Requests() != n || !maps.Equal(again.Cells, c.Cells) || !maps.Equal(again.Provenance, c.Provenance) {
			t.Errorf("the second load sent %d requests, %v", b.Requests()-n, err)
		}
	}
}

func TestIndicator(t *testing.T) {
	b := newBench(t, gustest.Options{})
	c, err := b.load(t, source.Query{Indicators: []stat.IndicatorID{id(72305), id(217230)}, First: 2021, Last: 2022})
	if err != nil {
		t.Fatal(err)
	}
	want := b.truth(72305, 217230)
	maps.DeleteFunc(want, func(k gustest.Key, _ stat.Observation) bool { return k.Period < 2021 || k.Period > 2022 })
	c.Compare(t, want)
	known := c.Indicators[id(72305)]
	if known.Label != "Ludność" || known.Unit != "osoba" || known.Aggregation != stat.AggregateSum || known.Area != "Ludność" || known.Decimals != 2 {
		t.Errorf("%+v", known)
	}
	if got, want := c.Indicators[id(217230)], (stat.Indicator{ID: id(217230), Name: "Temat P2492: ogółem", Area: "Kategoria", Decimals: 2}); got != want {
		t.Errorf("have %+v\nwant %+v", got, want)
	}
	p := c.Provenance[id(72305)]
	if p.Dataset != "BDL" || p.Table != "data/by-variable/72305" || p.Updated != "2025-06-30" || p.Extracted != time.Now().UTC().Format(time.DateOnly) || len(p.Digest) != 64 {
		t.Errorf("%+v", p)
	}
}

func TestLoadFromBadServer(t *testing.T) {
	deeds := []gustest.Misdeed{
		gustest.Quota200, gustest.Behave, gustest.Cut, gustest.Behave, gustest.CutJSON, gustest.Behave,
		gustest.TooMany, gustest.Behave, gustest.Error200, gustest.Behave, gustest.ServerError, gustest.Behave,
	}
	b := newBench(t, gustest.Options{Misdeed: func(a gustest.Ask) gustest.Misdeed { return deeds[a.N%len(deeds)] }})
	c, err := b.load(t, source.Query{Indicators: []stat.IndicatorID{id(72305), id(76037), id(60270)}})
	if err != nil {
		t.Fatal(err)
	}
	c.Compare(t, b.truth(72305, 76037, 60270))
}

// Without names all known variables are asked for; those that BDL does not have are a
// warning, and an error when one is asked for by name.
func TestUnknownVariable(t *testing.T) {
	b := newBench(t, gustest.Options{})
	c, err := b.load(t, source.Query{})
	if err != nil {
		t.Fatal(err)
	}
	c.Compare(t, b.truth(72305, 76037, 60270))
	if !c.Warned("zmienna 58:", "nie ma jej w BDL") {
		t.Errorf("warnings %q", c.Warnings)
	}
	var f *fault.Fault
	if _, err = b.load(t, source.Query{Indicators: []stat.IndicatorID{id(1)}}); !errors.As(err, &f) || f.Where != "BDL, zmienna 1" {
		t.Errorf("error %v", err)
	}
	if _, err = b.load(t, source.Query{Indicators: []stat.IndicatorID{"bdl:x"}}); !errors.As(err, &f) || !strings.Contains(f.What, "numeru") {
		t.Errorf("error %v", err)
	}
}

// When BDL updates a variable while its pages are fetched, the pages from before are asked
// for again, and no series has values of both editions.
func TestUpdateBetweenPages(t *testing.T) {
	var b *bench
	b = newBench(t, gustest.Options{TERC: terc, Misdeed: func(a gustest.Ask) gustest.Misdeed {
		if a.N == 30 {
			b.Revise()
		}
		return gustest.Behave
	}})
	c, err := b.load(t, source.Query{Indicators: []stat.IndicatorID{id(72305)}})
	if err != nil {
		t.Fatal(err)
	}
	c.Compare(t, b.truth(72305))
	if p := c.Provenance[id(72305)]; p.Updated != "2025-07-01" && b.Model().Real {
		t.Errorf("%+v", p)
	}
}

// through sends the answers of a server through a change.
type through struct {
	http.Handler
	change func(r *http.Request, body []byte) []byte
}

func (h through) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	inner := httptest.NewRecorder()
	h.Handler.ServeHTTP(inner, r)
	w.WriteHeader(inner.Code)
	w.Write(h.change(r, inner.Body.Bytes()))
}

func (b *bench) through(change func(r *http.Request, body []byte) []byte) {
	b.options.Transport = gustest.Transport(through{b.Server, change})
}

var twelve = regexp.MustCompile(`"id":"\d\d(\d\d)\d\d\d(\d\d)(\d\d\d)"`)

// Ids of the administrative layout, seven digits, mean the same.
func TestSevenDigits(t *testing.T) {
	b := newBench(t, gustest.Options{TERC: terc})
	b.through(func(_ *http.Request, body []byte) []byte { return twelve.ReplaceAll(body, []byte(`"id":"$1$2$3"`)) })
	c, err := b.load(t, source.Query{Indicators: []stat.IndicatorID{id(72305)}})
	if err != nil {
		t.Fatal(err)
	}
	c.Compare(t, b.truth(72305))
}

func TestLocalities(t *testing.T) {
	b := newBench(t, gustest.Options{})
	b.through(func(r *http.Request, body []byte) []byte {
		if r.URL.Query().Get("unit-level") != "6" {
			return body
		}
		body = regexp.MustCompile(`"totalRecords":\d+`).ReplaceAllFunc(body, func(m []byte) []byte {
			var n int
			fmt.Sscanf(string(m), `"totalRecords":%d`, &n)
			return fmt.Appendf(nil, `"totalRecords":%d`, n+1)
		})
		return bytes.Replace(body, []byte(`"results":[`), []byte(`"results":[{"id":"030210564011-0986283","values":[{"year":"2023","val":1,"attrId":1}]},`), 1)
	})
	c, err := b.load(t, source.Query{Indicators: []stat.IndicatorID{id(72305)}})
	if err != nil {
		t.Fatal(err)
	}
	c.Compare(t, b.truth(72305))
	if !c.Warned("miejscowości statystyczne (1)") {
		t.Errorf("warnings %q", c.Warnings)
	}
}

// A server that gives the first page again and again, or fewer units than it tells of, is
// noticed.
func TestPagesThatLack(t *testing.T) {
	for name, change := range map[string]func(*http.Request, []byte) []byte{
		"fewer units": func(r *http.Request, body []byte) []byte {
			return bytes.Replace(body, []byte(`"totalRecords":`), []byte(`"totalRecords":1`), 1)
		},
		"a unit twice": func(r *http.Request, body []byte) []byte {
			ids := twelve.FindAll(body, 2)
			if len(ids) < 2 {
				return body
			}
			return bytes.Replace(body, ids[1], ids[0], 1)
		},
	} {
		b := newBench(t, gustest.Options{})
		b.through(change)
		_, err := b.load(t, source.Query{Indicators: []stat.IndicatorID{id(72305)}})
		if err == nil || !strings.Contains(err.Error(), "strony mają razem") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAttributesUnreadable(t *testing.T) {
	b := newBench(t, gustest.Options{})
	b.through(func(r *http.Request, body []byte) []byte {
		if strings.HasSuffix(r.URL.Path, "attributes") {
			return []byte(`{"results":[]}`)
		}
		return body
	})
	if _, err := b.load(t, source.Query{}); err == nil || !strings.Contains(err.Error(), "listy atrybutów") {
		t.Errorf("error %v", err)
	}
}

func TestPlan(t *testing.T) {
	b := newBench(t, gustest.Options{TERC: terc})
	q := source.Query{Register: b.register, Indicators: []stat.IndicatorID{id(72305)}}
	plan := func() gusapi.Plan {
		p, err := b.source(t).Plan(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	first := plan()
	if b.Requests() != 0 {
		t.Error("a plan sent requests")
	}
	if _, err := b.load(t, q); err != nil {
		t.Fatal(err)
	}
	if n := b.Requests(); !first.Estimated || max(n, first.Requests)-min(n, first.Requests) > n/10 {
		t.Errorf("planned %+v, sent %d", first, n)
	}
	if p := plan(); p.Requests != 0 || p.Estimated || p.Kept == 0 {
		t.Errorf("the plan after the load: %+v", p)
	}
}

func TestSentence(t *testing.T) {
	for in, want := range map[string]string{"LUDNOŚĆ": "Ludność", "ŻEGLUGA MORSKA": "Żegluga morska", "Finanse": "Finanse", "": ""} {
		if got := sentence(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func TestReadPage(t *testing.T) {
	const good = `{"totalRecords":1,"variableId":60270,"lastUpdate":"2025-06-30T10:00:00","results":[{"id":"011200000000","name":"MAŁOPOLSKIE","values":[{"year":"2023","val":4.5,"attrId":1},{"year":2024,"val":null,"attrId":3,"x":{}}]}]}`
	p, err := readPage([]byte(good), 60270)
	if err != nil || p.total != 1 || date(p.updated) != "2025-06-30" || len(p.units) != 1 {
		t.Fatalf("%+v, %v", p, err)
	}
	if want := []value{{2023, 4.5, true, 1}, {2024, 0, false, 3}}; p.units[0].id != "011200000000" || !slices.Equal(p.units[0].values, want) {
		t.Errorf("%+v", p.units)
	}
	for _, bad := range []string{
		`{"variableId":1,"results":[]}`, `{"results":[{"values":[]}]}`, `{"results":[{"id":"1","values":[{"year":"x"}]}]}`,
		`{"results":[{"id":"1","values":[{"val":1}]}]}`, `{"totalRecords":-1,"results":[]}`, `{"totalRecords":99999999,"results":[]}`,
	} {
		_, err := readPage([]byte(bad), 60270)
		var mismatch *gusapi.Mismatch
		if !errors.As(err, &mismatch) {
			t.Errorf("%s: %v", bad, err)
		}
	}
	for n := range len(good) {
		if _, err := readPage([]byte(good[:n]), 60270); err == nil {
			t.Errorf("%s was read", good[:n])
		}
	}
}

func FuzzReadPage(f *testing.F) {
	f.Add([]byte(`{"totalRecords":1,"variableId":60270,"lastUpdate":"x","results":[{"id":"011200000000","values":[{"year":"2023","val":4.5,"attrId":1}]}]}`))
	f.Add([]byte(`[{"id":7,"values":[{"year":2023,"val":"1,5"}]}]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		p, err := readPage(body, 60270)
		if err != nil {
			return
		}
		if int(p.total) < len(p.units) || p.pages() > 10_001 {
			t.Errorf("%d of %d", len(p.units), p.total)
		}
		for _, u := range p.units {
			for _, v := range u.values {
				if u.id == "" || v.year < 1900 || v.year > 2200 || !v.has && v.val != 0 {
					t.Errorf("%+v", u)
				}
			}
		}
	})
}

func TestConformance(t *testing.T) {
	b := newBench(t, gustest.Options{})
	sourcetest.Run(t, b.register, func(t *testing.T) source.Source { return b.source(t) })
}
