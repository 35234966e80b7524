package web_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/templates"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/dir"
	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/web"
	"github.com/raportjst/raportjst/worker/workertest"
)

// office is a portal on a real queue and store, with a worker when the test wants one.
type office struct {
	*httptest.Server
	broker *jetstream.Broker
	store  *dir.Store
	files  string // its root
	ready  error
}

var areas = []web.Area{
	{Code: "98", Name: "Województwo przykładowe", Kind: "województwo"},
	{Code: "9810", Name: "Powiat wzorcowy", Kind: "powiat", Place: "województwo przykładowe"},
	{Code: "981001", Name: "Lipnica Górna", Kind: "gmina miejsko-wiejska", Place: "powiat wzorcowy, województwo przykładowe"},
	{Code: "981002", Name: "Wólka Nowa", Kind: "gmina wiejska", Place: "powiat wzorcowy, województwo przykładowe"},
	{Code: "981003", Name: "Zażółć <b>Gęślą</b>", Kind: "gmina wiejska", Place: "powiat wzorcowy, województwo przykładowe"},
	{Code: "986101", Name: "Modelin", Kind: "miasto na prawach powiatu", Place: "województwo przykładowe"},
}

func open(t *testing.T, change ...func(*web.Options)) *office {
	t.Helper()
	b, err := jetstream.Embed(t.Context(), t.TempDir(), jetstream.Options{Lease: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	files := t.TempDir()
	s, err := dir.Open(files)
	if err != nil {
		t.Fatal(err)
	}
	o := &office{broker: b, store: s, files: files}
	e := workertest.NewEdition()
	e.Tag = "DANE PRZYKŁADOWE"
	options := web.Options{
		Guard: web.Guard{Local: true}, Key: func(context.Context) ([]byte, error) { return []byte("klucz"), nil }, Ledger: b, Store: s, Edition: e, Catalogue: web.NewCatalogue(areas, []int{2025, 2024}), Library: library(t), Borders: borders(t), Register: register(t), Pages: templates.FS,
		Templates: func(string) []web.Choice {
			return []web.Choice{{ID: "gmina", Title: "Gmina"}, {ID: "porownanie", Title: "Porównanie"}}
		},
		Accept: func(_ context.Context, o worker.Order) (worker.Order, error) {
			if o.Template == "porownanie" && len(o.Peers) == 0 {
				return o, &fault.Fault{Where: "szablon porownanie", What: "nie podano jednostek do porównania", Hint: "podaj ich kody TERYT"}
			}
			for i, m := range o.Members {
				if m.Area == "981003" && o.Template == "gmina" && len(o.Members) > 1 { // has no data
					o.Members = slices.Delete(o.Members, i, i+1)
					o.Left = append(o.Left, worker.Left{Area: m.Area, Name: m.Name, Why: "brak danych; dane obejmują lata 2003–2018"})
					break
				}
			}
			return o, nil
		},
		Version: "0.1.0", Data: "15 kwietnia 2026", Zone: time.UTC, Ready: func(context.Context) error { return o.ready }, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Remove: func(ctx context.Context, i worker.Item) error {
			for _, f := range i.Files {
				if err := s.Remove(ctx, i.Key+"/"+f.Name); err != nil {
					return err
				}
			}
			return nil
		},
	}
	for _, c := range change {
		c(&options)
	}
	p, err := web.New(options)
	if err != nil {
		t.Fatal(err)
	}
	o.Server = httptest.NewServer(p.Handler())
	t.Cleanup(o.Close)
	return o
}

// work runs a worker until the test ends.
func (o *office) work(t *testing.T) {
	t.Helper()
	q, err := o.broker.Render(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	l := worker.Loop{Queue: q, Handler: &worker.Renderer{
		Generator: &workertest.Generator{Size: 50_000}, Edition: workertest.NewEdition(), Store: o.store, Ledger: o.broker, Channel: "outbox", Name: "one",
	}}
	go func() { l.Run(ctx); close(done) }()
	t.Cleanup(func() { stop(); <-done })
}

type answer struct {
	*http.Response
	body string
}

// ask sends a request and reads the whole answer; redirections are not followed.
func (o *office) ask(t *testing.T, method, path, contentType, body string, header ...string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, o.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	reply, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	all, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{reply, string(all)}
}

func (o *office) page(t *testing.T, path string) answer { return o.ask(t, "GET", path, "", "") }

const form = "application/x-www-form-urlencoded"

// order orders through the form and returns the path of the order.
func (o *office) order(t *testing.T, values url.Values) string {
	t.Helper()
	a := o.ask(t, "POST", "/zlecenia", form, values.Encode(), "Origin", o.URL, "Sec-Fetch-Site", "same-origin")
	if a.StatusCode != http.StatusSeeOther {
		t.Fatalf("order: %s\n%s", a.Status, a.body)
	}
	path, _, _ := strings.Cut(a.Header.Get("Location"), "?") // what follows is the right to cancel it
	return path
}

// TestLeftOut orders all gminas of a powiat, of which one has no data: its page and the API
// name it and say why.
func TestLeftOut(t *testing.T) {
	o := open(t)
	path := o.order(t, url.Values{"area": {"9810"}, "scope": {"all"}, "period": {"2025"}, "template": {"gmina"}})
	if a := o.page(t, path); !strings.Contains(a.body, "nie mają danych: 1") || !strings.Contains(a.body, "Zażółć &lt;b&gt;Gęślą&lt;/b&gt;") || !strings.Contains(a.body, "dane obejmują lata 2003–2018") {
		t.Errorf("the page does not name the area left out:\n%s", a.body)
	}
	a := o.page(t, strings.Replace(path, "/partie/", "/api/v1/batches/", 1))
	if !strings.Contains(a.body, `"left":[{"area":"981003"`) || strings.Contains(a.body, `"size":3`) {
		t.Errorf("the API does not name the area left out: %s", a.body)
	}
}

func TestSearch(t *testing.T) {
	o := open(t)
	for query, want := range map[string]string{
		"lipnica": "981001", "LIPNICA GORNA": "981001", "górna lip": "981001", "wolka": "981002", "981002": "981002",
		"modelin": "986101", "miasto na prawach": "986101", "zazolc": "981003", "9810": "9810",
	} {
		a := o.page(t, "/?q="+url.QueryEscape(query))
		first, _, _ := strings.Cut(after(a.body, `<ul class="areas">`), "</li>")
		if !strings.Contains(first, `href="/jst/`+want+`"`) {
			t.Errorf("%q: first is %s", query, first)
		}
	}
	if a := o.page(t, "/?q=Atlantyda"); !strings.Contains(a.body, "Nie ma takiej jednostki") {
		t.Error("an unknown name is not named so")
	}
}

func after(s, mark string) string {
	_, rest, _ := strings.Cut(s, mark)
	return rest
}

func TestOrderWatchDownload(t *testing.T) {
	o := open(t)
	path := o.order(t, url.Values{"area": {"9810"}, "scope": {"all"}, "period": {"2025"}})
	if a := o.page(t, path); !strings.Contains(a.body, "Gotowe raporty: 0 z 3.") || !strings.Contains(a.body, "w kolejce") {
		t.Errorf("page of an order that nobody works on:\n%s", a.body)
	}
	events, err := http.Get(o.URL + path + "/zdarzenia")
	if err != nil {
		t.Fatal(err)
	}
	defer events.Body.Close()
	if ct := events.Header.Get("Content-Type"); ct != "text/event-stream" {
		t.Errorf("events are %s", ct)
	}
	var seen []string
	for lines := bufio.NewScanner(events.Body); lines.Scan(); {
		if e, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
			if seen = append(seen, e); len(seen) == 1 {
				o.work(t)
			}
		}
		if d, ok := strings.CutPrefix(lines.Text(), "data: "); ok && !strings.Contains(d, `"state":"Gotowe raporty: `) {
			t.Errorf("an event tells %s", d)
		}
	}
	if n := len(seen); n < 2 || seen[0] != "zmiana" || seen[n-1] != "koniec" {
		t.Errorf("events %v", seen)
	}
	a := o.page(t, path)
	if !strings.Contains(a.body, "Gotowe raporty: 3 z 3. Zamówienie jest zakończone.") || strings.Contains(a.body, "data-events") {
		t.Errorf("page of an order that is over:\n%s", a.body)
	}
	file := o.page(t, path+"/981001/raport-981001-2025.pdf")
	_, parameters, err := mime.ParseMediaType(file.Header.Get("Content-Disposition"))
	if err != nil || parameters["filename"] != "Załącznik statystyczny 2025 – Lipnica Górna.pdf" {
		t.Errorf("file name %q: %v", parameters["filename"], err)
	}
	digest := generator.NewArtifact("", "", []byte(file.body)).Digest
	if file.Header.Get("Content-Type") != "application/pdf" || file.Header.Get("ETag") != `"`+digest+`"` || len(file.body) != 50_000 {
		t.Errorf("file of %d bytes: %v", len(file.body), file.Header)
	}
	if again := o.ask(t, "GET", path+"/981001/raport-981001-2025.pdf", "", "", "If-None-Match", `"`+digest+`"`); again.StatusCode != http.StatusNotModified {
		t.Errorf("the same file again: %s", again.Status)
	}
	if a := o.page(t, path+"/981001/inny.pdf"); a.StatusCode != http.StatusNotFound {
		t.Errorf("a file that is not there: %s", a.Status)
	}
	if same := o.order(t, url.Values{"area": {"9810"}, "scope": {"all"}, "period": {"2025"}}); same != path {
		t.Errorf("the same order is at %s and at %s", path, same)
	}
	if a := o.page(t, "/partie"); !strings.Contains(a.body, "Powiat wzorcowy – wszystkie gminy") {
		t.Error("the order is not on the list")
	}
}

func TestRefusals(t *testing.T) {
	o := open(t)
	for _, c := range []struct {
		values url.Values
		what   string
	}{
		{url.Values{"area": {"999999"}, "period": {"2025"}}, "Nie ma w rejestrze jednostki o kodzie „999999”."},
		{url.Values{"area": {"981001"}, "period": {"2031"}}, "Nie ma danych za rok 2031."},
		{url.Values{"area": {"981001"}, "period": {"rok"}}, "Rok „rok” nie jest liczbą."},
		{url.Values{"area": {"981001"}, "scope": {"all"}, "period": {"2025"}}, "nie obejmuje żadnej jednostki"},
	} {
		a := o.ask(t, "POST", "/zlecenia", form, c.values.Encode())
		if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.body, c.what) {
			t.Errorf("%v: %s, want %q", c.values, a.Status, c.what)
		}
	}
	for _, path := range []string{"/jst/999999", "/jst/9999999", "/jednostki/999999", "/jst/981001/1990", "/jst/981001/rok", "/jst/981001/2025/nie-ma.svg", "/jst/981001/2025/tabela-2-1.png", "/jst/981001/1990/wykres-3-1.svg", "/jst/981001/2025/wykres-3-1.exe", "/partie/nie-ma", "/partie/0123456789abcdef0123", "/partie/..%2f..", "/inne", "/partie/*/zdarzenia"} {
		if a := o.page(t, path); a.StatusCode != http.StatusNotFound || !strings.Contains(a.body, "Nie") {
			t.Errorf("%s: %s", path, a.Status)
		}
	}
}

func TestForeignFormIsRefused(t *testing.T) {
	o := open(t)
	for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://obcy.example"}} {
		a := o.ask(t, "POST", "/zlecenia", form, "area=981001&period=2025", header...)
		if a.StatusCode != http.StatusForbidden {
			t.Errorf("%v: %s", header, a.Status)
		}
	}
	if all, err := o.broker.Batches(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("%d orders were placed: %v", len(all), err)
	}
}

func TestTooManyOrders(t *testing.T) {
	o := open(t)
	for range 40 {
		if a := o.ask(t, "POST", "/zlecenia", form, "area=981001&period=2025"); a.StatusCode == http.StatusTooManyRequests {
			return
		}
	}
	t.Error("40 orders in a moment were taken")
}

func TestAPI(t *testing.T) {
	o := open(t)
	o.work(t)
	const typ = "application/json"
	a := o.ask(t, "POST", "/api/v1/batches", typ, `{"areas":["981001","986101"],"period":2024,"title":"dwie"}`)
	if a.StatusCode != http.StatusCreated {
		t.Fatalf("order: %s %s", a.Status, a.body)
	}
	where := a.Header.Get("Location")
	var got struct {
		Over  bool
		Tally worker.Tally
		Items []struct {
			Area  string
			Files []struct{ Name, URL, Digest string }
		}
	}
	for deadline := time.Now().Add(20 * time.Second); !got.Over; {
		if err := json.Unmarshal([]byte(o.page(t, where).body), &got); err != nil {
			t.Fatal(err)
		}
		if time.Now().After(deadline) {
			t.Fatalf("order does not end: %+v", got)
		}
	}
	if got.Tally.Done != 2 || len(got.Items) != 2 || len(got.Items[1].Files) != len(generator.UsualFormats()) {
		t.Fatalf("order %+v", got)
	}
	f := got.Items[1].Files[1]
	if body := o.page(t, f.URL).body; generator.NewArtifact("", "", []byte(body)).Digest != f.Digest {
		t.Errorf("%s has another digest", f.URL)
	}
	if a := o.ask(t, "POST", "/api/v1/batches", typ, `{"areas":["986101","981001"],"period":2024}`); a.StatusCode != http.StatusOK || a.Header.Get("Location") != where {
		t.Errorf("the same order: %s %s", a.Status, a.body)
	}
	for body, want := range map[string]string{
		`{"areas":["981001"],"rok":2024}`:    "rok",
		`{"areas":["999999"],"period":2024}`: "999999",
		`{"areas":[],"period":2024}`:         "żadnej jednostki",
		`nie json`:                           "Nie można odczytać",
	} {
		a := o.ask(t, "POST", "/api/v1/batches", typ, body)
		if a.StatusCode != http.StatusUnprocessableEntity || a.Header.Get("Content-Type") != "application/problem+json" || !strings.Contains(a.body, want) {
			t.Errorf("%.40s: %s %s", body, a.Status, a.body)
		}
	}
	if a := o.ask(t, "POST", "/api/v1/batches", typ, `{"areas":["`+strings.Repeat("9", 1<<20)); a.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(a.body, "zbyt długie") {
		t.Errorf("an order of a megabyte: %s %s", a.Status, a.body)
	}
	if a := o.page(t, "/api/v1/areas?q=lipnica"); !strings.Contains(a.body, `"code":"981001"`) {
		t.Errorf("areas: %s", a.body)
	}
}

func TestReadiness(t *testing.T) {
	o := open(t)
	if a := o.page(t, "/readyz"); a.StatusCode != http.StatusOK {
		t.Error(a.Status)
	}
	o.ready = errors.New("no store")
	if a := o.page(t, "/readyz"); a.StatusCode != http.StatusServiceUnavailable {
		t.Error(a.Status)
	}
	if a := o.page(t, "/livez"); a.StatusCode != http.StatusOK {
		t.Error(a.Status)
	}
}

// TestRecipientsAreNotShown places an order with addresses and looks for them on every page.
func TestRecipientsAreNotShown(t *testing.T) {
	o := open(t)
	order := workertest.NewOrder("lista", 2)
	b, items := workertest.NewEdition().Plan(order, time.Now().UTC())
	if _, _, err := o.broker.Place(t.Context(), b, items); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/partie", "/partie/" + b.ID, "/api/v1/batches", "/api/v1/batches/" + b.ID} {
		if a := o.page(t, path); a.StatusCode != http.StatusOK || strings.Contains(a.body, "@example.org") {
			t.Errorf("%s: %s shows an address", path, a.Status)
		}
	}
	if a := o.page(t, "/partie/"+b.ID); !strings.Contains(a.body, "wysłano 0 z 2") {
		t.Error("the page does not say how many letters are sent")
	}
}

// TestDamagedFileIsMadeAgain reads a file that was damaged in the store: the reader is told
// to come back, and finds it whole.
func TestDamagedFileIsMadeAgain(t *testing.T) {
	o := open(t)
	o.work(t)
	path := o.order(t, url.Values{"area": {"981001"}, "period": {"2025"}})
	for end := time.Now().Add(20 * time.Second); !strings.Contains(o.page(t, path).body, "zakończone"); {
		if time.Now().After(end) {
			t.Fatal("order does not end")
		}
	}
	file := path + "/981001/raport-981001-2025.pdf"
	stored, err := filepath.Glob(filepath.Join(o.files, "*", "raport-981001-2025.pdf"))
	if err != nil || len(stored) != 1 {
		t.Fatalf("%q, %v", stored, err)
	}
	whole, err := os.ReadFile(stored[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(stored[0], []byte("%PDF-uszkodzony"), 0o600); err != nil {
		t.Fatal(err)
	}
	if a := o.page(t, file); a.StatusCode != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" || !strings.Contains(a.body, "powstaje od nowa") {
		t.Errorf("%s: %s", a.Status, a.body)
	}
	for end := time.Now().Add(20 * time.Second); ; {
		if a := o.page(t, file); a.StatusCode == http.StatusOK && a.body == string(whole) {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the file does not come back")
		}
	}
	// What was read once and found whole is at hand, for everybody and without the store.
	if err := os.Remove(stored[0]); err != nil {
		t.Fatal(err)
	}
	again := o.page(t, file)
	if again.StatusCode != http.StatusOK || again.body != string(whole) || !strings.HasPrefix(again.Header.Get("Cache-Control"), "public") {
		t.Errorf("%s %q", again.Status, again.Header)
	}
	if a := o.ask(t, http.MethodGet, file, "", "", "If-None-Match", again.Header.Get("ETag")); a.StatusCode != http.StatusNotModified || a.body != "" {
		t.Errorf("who has it gets it again: %s", a.Status)
	}
}

// TestLongOrder looks at the pages of an order with more reports than one of them shows.
func TestLongOrder(t *testing.T) {
	o := open(t)
	b, items := workertest.NewEdition().Plan(workertest.NewOrder("długie", 205), time.Now().UTC())
	if _, _, err := o.broker.Place(t.Context(), b, items); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]int{"": 100, "?strona=2": 100, "?strona=3": 5, "?strona=9": 5, "?strona=x": 100, "?strona=-1": 100} {
		a := o.page(t, "/partie/"+b.ID+query)
		if n := strings.Count(a.body, `<th scope="row">`); n != want || !strings.Contains(a.body, "z&nbsp;3.") {
			t.Errorf("%q shows %d rows", query, n)
		}
	}
}

// TestPages holds every page to what a page that all can use has: one heading of the first
// level, a language, labels, captions and scopes, nothing from elsewhere, nothing inline.
func TestPages(t *testing.T) {
	o := open(t)
	o.work(t)
	path := o.order(t, url.Values{"area": {"981003"}, "period": {"2025"}, "attach": {"1"}})
	for deadline := time.Now().Add(20 * time.Second); !strings.Contains(o.page(t, path).body, "zakończone"); {
		if time.Now().After(deadline) {
			t.Fatal("order does not end")
		}
	}
	for _, path := range []string{"/", "/?q=gmina", "/?q=" + url.QueryEscape("<script>x</script>"), "/jst/9810", "/jst/981003", "/jst/981003/zamow", "/jst/9810/zamow", "/partie", path, "/nie-ma", "/pomoc", "/dane-osobowe", "/deklaracja-dostepnosci"} {
		t.Run(path, func(t *testing.T) {
			a := o.page(t, path)
			if got := a.Header.Get("Content-Security-Policy"); !strings.HasPrefix(got, "default-src 'none'") || strings.Contains(got, "unsafe") {
				t.Errorf("policy %q", got)
			}
			doc, err := html.Parse(strings.NewReader(a.body))
			if err != nil {
				t.Fatal(err)
			}
			inspect(t, doc)
			if !strings.Contains(a.body, "DANE PRZYKŁADOWE") {
				t.Error("the page does not say that the data are invented")
			}
			if strings.Contains(a.body, "<b>Gęślą") || strings.Contains(a.body, "<script>x") {
				t.Error("text is taken for markup")
			}
		})
	}
	for _, name := range []string{"/styl.css", "/postep.js", "/znak.svg"} {
		if a := o.page(t, name); a.StatusCode != http.StatusOK || a.Header.Get("ETag") == "" || strings.Contains(strings.ReplaceAll(a.body, "url(Lato-", ""), "url(h") || strings.Contains(a.body, "@import") {
			t.Errorf("%s: %s", name, a.Status)
		}
	}
}

// inspect checks the elements of a page.
func inspect(t *testing.T, doc *html.Node) {
	t.Helper()
	labels, ids, headings := map[string]bool{}, map[string]bool{}, 0
	for n := range doc.Descendants() {
		if n.Data == "label" {
			labels[attribute(n, "for")] = true
		}
		if id := attribute(n, "id"); id != "" {
			if ids[id] {
				t.Errorf("id %s stands twice", id)
			}
			ids[id] = true
		}
	}
	level := 0
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		for _, a := range n.Attr {
			outside := strings.Contains(a.Val, "//") && a.Key != "xmlns" && n.Data != "a" // a report may link to what it tells of
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") || outside {
				t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
			}
			if a.Key == "aria-labelledby" || a.Key == "aria-describedby" {
				if !ids[a.Val] {
					t.Errorf("%s points to %q, which is not there", a.Key, a.Val)
				}
			}
		}
		switch n.Data {
		case "html":
			if attribute(n, "lang") != "pl" {
				t.Error("the language is missing")
			}
		case "h1", "h2", "h3":
			now := int(n.Data[1] - '0')
			if now == 1 {
				headings++
			}
			if now > level+1 {
				t.Errorf("heading of level %d after one of level %d", now, level)
			}
			level = now
		case "path":
			if n.Parent.Data == "a" && attribute(n, "d") == "" {
				t.Error("a unit of the map has no outline")
			}
		case "input", "select":
			if attribute(n, "type") != "hidden" && !labels[attribute(n, "id")] {
				t.Errorf("field %s has no label", attribute(n, "name"))
			}
		case "table":
			if n.FirstChild == nil || next(n.FirstChild).Data != "caption" {
				t.Error("table without a caption")
			}
		case "th":
			if attribute(n, "scope") == "" {
				t.Error("header cell without a scope")
			}
		case "script":
			if attribute(n, "src") == "" {
				t.Error("inline script")
			}
		case "img":
			t.Error("picture without a need")
		case "style":
			t.Error("inline style")
		}
	}
	if headings != 1 {
		t.Errorf("%d headings of the first level", headings)
	}
	if !ids["tresc"] {
		t.Error("nothing to skip to")
	}
}

// next is the first element from n on.
func next(n *html.Node) *html.Node {
	for n.Type != html.ElementNode && n.NextSibling != nil {
		n = n.NextSibling
	}
	return n
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func TestLongNameIsCutIntoNoHeader(t *testing.T) {
	// A name with a line break or a quote must not end the header.
	o := open(t)
	e := workertest.NewEdition()
	batch, items := e.Plan(worker.Order{Spec: worker.Spec{Period: 2025}, Members: []worker.Member{{Area: "981001", Name: "Złe\r\nSet-Cookie: a=b\"/.."}}}, time.Now().UTC())
	if _, _, err := o.broker.Place(t.Context(), batch, items); err != nil {
		t.Fatal(err)
	}
	a := generator.NewArtifact("raport.pdf", "application/pdf", bytes.Repeat([]byte("x"), 10))
	if err := o.store.Put(t.Context(), items[0].Key+"/raport.pdf", worker.InMemory(a)); err != nil {
		t.Fatal(err)
	}
	_, err := o.broker.ChangeItem(t.Context(), batch.ID, "981001", func(i *worker.Item) error {
		i.State, i.Files = worker.Done, []worker.File{{Name: a.Name, MediaType: a.MediaType, Digest: a.Digest, Size: 10}}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	got := o.page(t, fmt.Sprintf("/partie/%s/981001/raport.pdf", batch.ID))
	if got.StatusCode != http.StatusOK || got.Header.Get("Set-Cookie") != "" || strings.ContainsAny(got.Header.Get("Content-Disposition"), "\r\n/") {
		t.Errorf("%s %v", got.Status, got.Header)
	}
}
