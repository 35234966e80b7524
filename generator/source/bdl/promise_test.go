package bdl

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/gusapi/gustest"
	"github.com/raportjst/raportjst/generator/stat"
)

// faulty answers in place of the server where spoil wants it.
type faulty struct {
	http.Handler
	spoil func(r *http.Request) (status int, body string)
}

func (h faulty) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if status, body := h.spoil(r); status != 0 {
		w.WriteHeader(status)
		fmt.Fprint(w, body)
		return
	}
	h.Handler.ServeHTTP(w, r)
}

// TestPromised: a level, a page or a year that BDL promises is never lost to one bad answer. It
// is asked for again; where it stays away the load fails, and the next one asks again.
func TestPromised(t *testing.T) {
	const none = `{"errors":[{"errorResult":"Brak danych"}]}`
	at := func(level, page string) func(*http.Request) bool {
		return func(r *http.Request) bool {
			q := r.URL.Query()
			return q.Get("unit-level") == level && q.Get("page") == page
		}
	}
	for _, c := range []struct {
		name   string
		hit    func(*http.Request) bool
		status int
		body   string
		says   string
	}{
		{"no country", at("0", "0"), 404, none, "BDL nie podało żadnej jednostki poziomu 0"},
		{"no powiats", at("5", "0"), 404, none, "BDL nie podało żadnej jednostki poziomu 5"},
		{"a web page for gminas", at("6", "0"), 404, "<html>Przerwa</html>", "BDL nie podało żadnej jednostki poziomu 6"},
		{"nothing of powiats", at("5", "0"), 200, `{"totalRecords":0,"variableId":72305,"results":[]}`, "BDL nie podało żadnej jednostki poziomu 5"},
		{"no second page", at("6", "1"), 404, none, "strony mają razem"},
		{"an empty second page", at("6", "1"), 200, `{"totalRecords":0,"variableId":72305,"results":[]}`, "strony mają razem"},
	} {
		for _, times := range []int{1, 1000} {
			o := gustest.Options{}
			if strings.Contains(c.name, "second page") { // the invented country has one
				o.TERC = terc
			}
			b := newBench(t, o)
			if o.TERC != "" && !b.Model().Real {
				continue
			}
			left := times
			b.options.Transport = gustest.Transport(faulty{b.Server, func(r *http.Request) (int, string) {
				if left > 0 && c.hit(r) && strings.Contains(r.URL.Path, "by-variable") {
					left--
					return c.status, c.body
				}
				return 0, ""
			}})
			q := source.Query{Indicators: []stat.IndicatorID{id(72305)}}
			got, err := b.load(t, q)
			if times > 1 {
				if err == nil || !strings.Contains(err.Error(), c.says) {
					t.Errorf("%s: error %v", c.name, err)
				}
				left = 0 // the provider is well again; its bad answers are in the archive
				got, err = b.load(t, q)
			}
			if err != nil {
				t.Errorf("%s, %d times: %v", c.name, times, err)
				continue
			}
			got.Compare(t, b.truth(72305))
		}
	}
}

// TestPromisedYear: a year of the description that no unit has is asked for again.
func TestPromisedYear(t *testing.T) {
	b := newBench(t, gustest.Options{})
	lost := true
	b.through(func(r *http.Request, body []byte) []byte {
		if lost && strings.Contains(r.URL.Path, "by-variable") {
			return bytes.ReplaceAll(body, []byte(`{"year":"2023"`), []byte(`{"year":"2022"`))
		}
		return body
	})
	q := source.Query{Indicators: []stat.IndicatorID{id(72305)}}
	if _, err := b.load(t, q); err == nil || !strings.Contains(err.Error(), "brak lat, które BDL zapowiada: 2023") {
		t.Errorf("error %v", err)
	}
	lost = false
	b.options.Archive = t.TempDir() // the other levels have the year twice
	got, err := b.load(t, q)
	if err != nil {
		t.Fatal(err)
	}
	got.Compare(t, b.truth(72305))
}
