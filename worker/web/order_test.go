package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/workertest"
)

// TestAtlas compares the map of a powiat with the list beside it: the same links in the same
// order.
func TestAtlas(t *testing.T) {
	o := open(t)
	body := o.page(t, "/jst/9810").body
	atlas, _, _ := strings.Cut(after(body, `<svg class="atlas"`), "</svg>")
	list, _, _ := strings.Cut(after(body, `<ul class="areas">`), "</ul>")
	link := regexp.MustCompile(`<a href="(/jst/\d+)">`)
	on, in := link.FindAllString(atlas, -1), link.FindAllString(list, -1)
	if len(in) != 3 || strings.Join(on, " ") != strings.Join(in, " ") {
		t.Errorf("map %v, list %v", on, in)
	}
}

// TestYearsOffered reads the page of an order: the years that have data, with what they hold,
// and none else; one of another address is chosen on wish.
func TestYearsOffered(t *testing.T) {
	o := open(t)
	body := o.page(t, "/jst/981001/zamow?rok=2022").body
	for _, want := range []string{`value="2025"`, `value="2022" checked`, "wskaźniki za 2025 r.: "} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	years := regexp.MustCompile(`name="period" value="(\d+)"`).FindAllStringSubmatch(body, -1)
	for _, y := range years {
		if a := o.page(t, "/jst/981001/"+y[1]); a.StatusCode != http.StatusOK {
			t.Errorf("%s is offered, its page: %s", y[1], a.Status)
		}
	}
	if len(years) < 6 || strings.Contains(body, `value="1995"`) {
		t.Errorf("years %v", years)
	}
}

// TestRefusedBefore orders a year of which a unit has no data: it is refused at once, with the
// years that there are and a way back.
func TestRefusedBefore(t *testing.T) {
	o := open(t)
	a := o.ask(t, "POST", "/zlecenia", form, "area=981001&period=1995")
	if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.body, "nie ma własnych danych za rok 1995") || !strings.Contains(a.body, "Można wybrać lata: ") || !strings.Contains(a.body, `href="/jst/981001/zamow"`) {
		t.Errorf("%s: %s", a.Status, after0(a.body, "<h1>"))
	}
	if all, err := o.broker.Batches(t.Context()); err != nil || len(all) > 0 {
		t.Errorf("%d orders: %v", len(all), err)
	}
}

// TestSecondVisitor orders what is finished: the order stays as it is, and is not made again.
func TestSecondVisitor(t *testing.T) {
	o := open(t)
	o.work(t)
	values := url.Values{"area": {"981001"}, "period": {"2025"}}
	path := o.order(t, values)
	o.done(t, path)
	id := strings.TrimPrefix(path, "/partie/")
	before, err := o.broker.FindBatch(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if again := o.order(t, values); again != path {
		t.Errorf("the same order is at %s", again)
	}
	after, err := o.broker.FindBatch(t.Context(), id)
	if err != nil || after.Round != before.Round {
		t.Errorf("round %d, then %d: %v", before.Round, after.Round, err)
	}
	if a := o.page(t, path); !strings.Contains(a.body, "<h1>Załącznik jest gotowy</h1>") || !strings.Contains(a.body, "Gotowe raporty: 1 z 1.") {
		t.Errorf("the page of the second visitor:\n%.2000s", after0(a.body, "<h1>"))
	}
}

func after0(s, mark string) string { return mark + after(s, mark) }

// TestFailureLooksLikeIt reads the page of an order that failed: the heading says so, there is no
// bar, the reason stands once, and a link leads on.
func TestFailureLooksLikeIt(t *testing.T) {
	o := open(t)
	order := workertest.NewOrder("zła", 1)
	order.Members[0].Recipients = nil
	b, items := workertest.NewEdition().Plan(order, time.Now().UTC())
	if _, _, err := o.broker.Place(t.Context(), b, items); err != nil {
		t.Fatal(err)
	}
	area := items[0].Area
	_, err := o.broker.ChangeItem(t.Context(), b.ID, area, func(i *worker.Item) error {
		i.State, i.Problems = worker.Failed, []string{"próba 1: brak danych za ten rok", "próba 1: brak danych za ten rok"}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	a := o.page(t, "/partie/"+b.ID)
	if !strings.Contains(a.body, "<h1>Nie udało się sporządzić załącznika</h1>") || strings.Contains(a.body, "<progress") || strings.Contains(a.body, "zakończone") ||
		strings.Count(a.body, "brak danych za ten rok") != 1 || !strings.Contains(a.body, `href="/jst/`+area+`/zamow"`) {
		t.Errorf("%s", after0(a.body, "<h1>"))
	}
	if a := o.page(t, "/partie"); !strings.Contains(a.body, "nie powiodło się") || strings.Contains(a.body, "zakończone") {
		t.Error("the list says that it is finished")
	}
}

// TestForOperators asks for what only operators may order as a visitor who comes through a proxy.
func TestForOperators(t *testing.T) {
	o := open(t)
	const typ = "application/json"
	for body, status := range map[string]int{
		`{"areas":["981001","981002"],"period":2025}`:                                        http.StatusForbidden,
		`{"areas":["981001"],"period":2025,"title":"moje"}`:                                  http.StatusForbidden,
		`{"areas":["981001"],"period":2025}`:                                                 http.StatusCreated,
		`{"areas":["981001"],"period":2025} {"areas":["981002"]}`:                            http.StatusUnprocessableEntity,
		`{"areas":["981001"],"period":2025,"title":"a\u202eb"}`:                              http.StatusUnprocessableEntity,
		`{"areas":["981001"],"period":2025,"sections":["` + strings.Repeat("x", 101) + `"]}`: http.StatusUnprocessableEntity,
		`{"areas":["981001"],"period":1000}`:                                                 http.StatusUnprocessableEntity,
	} {
		if a := o.ask(t, "POST", "/api/v1/batches", typ, body, "X-Forwarded-For", "192.0.2.1"); a.StatusCode != status {
			t.Errorf("%s: %s, want %d\n%s", body, a.Status, status, a.body)
		}
	}
	if a := o.ask(t, "POST", "/api/v1/batches", typ, `{"areas":["981001","981002"],"period":2025,"title":"moje"}`); a.StatusCode != http.StatusCreated {
		t.Errorf("an operator: %s", a.Status)
	}
}

// TestRetryAfter expects that who is refused hears when to come back.
func TestRetryAfter(t *testing.T) {
	o := open(t)
	for range 40 {
		if a := o.ask(t, "POST", "/zlecenia", form, "area=981001&period=2025"); a.StatusCode == http.StatusTooManyRequests {
			if a.Header.Get("Retry-After") == "" {
				t.Error("not said when")
			}
			return
		}
	}
	t.Error("40 orders in a moment were taken")
}

// TestStatement expects of the statement of accessibility the ids that are looked for by those
// who monitor, and that it is not shown as made while fields are empty.
func TestStatement(t *testing.T) {
	o := open(t)
	body := o.page(t, "/deklaracja-dostepnosci").body
	for _, id := range []string{"wstep", "podmiot", "url", "data-publikacja", "data-aktualizacja", "status", "data-sporzadzenie", "data-deklaracja-przeglad", "audytor", "kontakt", "osoba", "email", "telefon", "procedura", "architektura"} {
		if strings.Count(body, `id="a11y-`+id+`"`) != 1 {
			t.Errorf("id %s", id)
		}
	}
	if !strings.Contains(body, "Deklaracja nie jest jeszcze sporządzona") || !strings.Contains(body, "<code>podmiot</code>") {
		t.Error("an empty statement is shown as made")
	}
}

// TestOrderChapters orders some of the chapters by their boxes, and all of them, which is the whole
// report; a group and a unit of one's own; another report, whose page has its own chapters.
func TestOrderChapters(t *testing.T) {
	o := open(t)
	page := o.page(t, "/jst/981001/zamow").body
	all := regexp.MustCompile(`name="rozdzialy" value="([^"]+)"`).FindStringSubmatch(page)
	if all == nil || strings.Contains(page, "{Jednostka}") || strings.Count(page, `name="sections"`) != strings.Count(all[1], ",")+1 {
		t.Fatalf("chapters %q", all)
	}
	chapters := strings.Split(all[1], ",")
	spec := func(values url.Values) worker.Spec {
		id := strings.TrimPrefix(o.order(t, values), "/partie/")
		b, err := o.broker.FindBatch(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return b.Spec
	}
	form := url.Values{"area": {"981001"}, "period": {"2025"}, "rozdzialy": {all[1]}, "sections": chapters, "peers": {"", ""}}
	if s := spec(form); len(s.Sections) > 0 || len(s.Peers) > 0 {
		t.Errorf("all: %+v", s)
	}
	form["sections"], form["peers"] = chapters[1:2], []string{"981002,981003", "986101, 981002"}
	if s := spec(form); !slices.Equal(s.Sections, chapters[1:2]) || !slices.Equal(slices.Sorted(slices.Values(s.Peers)), []string{"981002", "981003", "986101"}) {
		t.Errorf("one: %+v", s)
	}
	delete(form, "sections")
	if a := o.ask(t, http.MethodPost, "/zlecenia", "application/x-www-form-urlencoded", form.Encode()); a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Nie wybrano żadnego rozdziału") {
		t.Errorf("none: %s", a.Status)
	}
	other := o.page(t, "/jst/981001/zamow?szablon=porownanie").body
	if !strings.Contains(other, `name="template" value="porownanie"`) || strings.Contains(other, all[0]) {
		t.Error("the page of another report has the same chapters")
	}
	if a := o.page(t, "/jst/981001/zamow?szablon=nie-ma"); a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.body, "/jst/981001/zamow") {
		t.Errorf("a report that there is not: %s", a.Status)
	}
}
