package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/raportjst/raportjst/worker/workertest"
)

// TestOrderHoldsTheWholeSpec fills every field of the form, and every one of the API, and
// reads the order back from the ledger.
func TestOrderHoldsTheWholeSpec(t *testing.T) {
	o := open(t)
	want := workertest.WholeSpec(t)
	written, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(written, &fields); err != nil {
		t.Fatal(err)
	}
	form := url.Values{"area": {"981001"}}
	for _, name := range workertest.SpecNames(t) {
		switch v := fields[name].(type) {
		case bool:
			form.Set(name, "1")
		case []any:
			var codes []string
			for _, c := range v {
				codes = append(codes, c.(string))
			}
			form.Set(name, strings.Join(codes, ", "))
		default:
			text, _ := json.Marshal(v)
			form.Set(name, strings.Trim(string(text), `"`))
		}
	}
	fields["areas"] = []string{"981002"}
	body, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	made := o.ask(t, http.MethodPost, "/api/v1/batches", "application/json", string(body))
	for by, path := range map[string]string{"form": o.order(t, form), "API": "/partie/" + strings.TrimPrefix(made.Header.Get("Location"), "/api/v1/batches/")} {
		b, _, err := o.broker.Batch(t.Context(), strings.TrimPrefix(path, "/partie/"))
		if err != nil {
			t.Fatalf("%s: %v (%s)", by, err, made.body)
		}
		if !reflect.DeepEqual(b.Spec, want) {
			t.Errorf("%s: ordered %+v, the batch holds %+v", by, want, b.Spec)
		}
	}
}

// TestFormHasEveryField expects a field on the page for each field of Spec.
func TestFormHasEveryField(t *testing.T) {
	o := open(t)
	doc, err := html.Parse(strings.NewReader(o.page(t, "/jst/981001/zamow").body))
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for n := range doc.Descendants() {
		if n.Data == "input" || n.Data == "select" {
			for _, a := range n.Attr {
				if a.Key == "name" {
					there[a.Val] = true
				}
			}
		}
	}
	for _, name := range workertest.SpecNames(t) {
		if !there[name] {
			t.Errorf("the form has no field %s", name)
		}
	}
}

// TestUnacceptableOrder expects that what the generator would refuse is refused at once.
func TestUnacceptableOrder(t *testing.T) {
	o := open(t)
	a := o.ask(t, http.MethodPost, "/zlecenia", "application/x-www-form-urlencoded", "area=981001&period=2025&template=porownanie")
	if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Szablon porownanie: nie podano jednostek do porównania.") {
		t.Errorf("%s: %s", a.Status, a.body)
	}
	if a := o.ask(t, http.MethodPost, "/zlecenia", "application/x-www-form-urlencoded", "area=981001&period=2025&formats="); a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Nie wybrano żadnego pliku.") {
		t.Errorf("%s: %s", a.Status, a.body)
	}
}
