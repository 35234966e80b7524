package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"golang.org/x/time/rate"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/worker"
)

// shown is how many areas a list of results has at most.
const shown = 50

// search is the first page: the search and its results, or the areas at the top.
func (p *Portal) search(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query().Get("q")
	found := p.Catalogue.find(query)
	count := len(found)
	title := "Wyniki dla „" + query + "”"
	found = found[:min(count, shown)]
	if query == "" {
		title, found = "Znajdź jednostkę", p.Catalogue.children("")
	}
	return p.show(w, http.StatusOK, "szukaj", struct {
		frame
		Query string
		Count int
		Found []Area
	}{p.frame(title, "szukaj"), query, count, found})
}

// area is the page of a unit, where its annex is ordered.
func (p *Portal) area(w http.ResponseWriter, r *http.Request) error {
	c := p.Catalogue
	a, ok := c.area(r.PathValue("code"))
	if !ok {
		return notFound("Nie ma w rejestrze jednostki o kodzie „"+r.PathValue("code")+"”.", "Znajdź jednostkę po nazwie albo sprawdź kod TERYT.")
	}
	var above []Area
	for code := c.parent(a.Code); code != ""; code = c.parent(code) {
		up, _ := c.area(code)
		above = append(above, up)
	}
	slices.Reverse(above)
	children := c.children(a.Code)
	for i := range children {
		children[i].Place = "" // the page says it
	}
	return p.show(w, http.StatusOK, "jednostka", struct {
		frame
		Area     Area
		Path     []Area
		Children []Area
		Below    string
		Gminas   int
		Periods  []int
		Choices  []Choice
	}{p.frame(a.Name, ""), a, above, children, below[len(a.Code)], len(c.gminas(a.Code)), c.periods, p.Templates(a.Code)})
}

// below is what the areas inside one are called, by the length of its code.
var below = map[int]string{2: "Powiaty i\u00a0miasta na prawach powiatu", 4: "Gminy powiatu"}

// order takes the form of the page of a unit.
func (p *Portal) order(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return refused("Nie można odczytać formularza.", "Wypełnij go ponownie.")
	}
	spec, err := specOf(r.PostForm)
	if err != nil {
		return err
	}
	o := request{Areas: []string{r.PostForm.Get("area")}, Gminas: r.PostForm.Get("scope") == "all", Spec: spec}
	b, _, err := p.place(r, o)
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/partie/"+b.ID, http.StatusSeeOther)
	return nil
}

// specOf reads the fields of the form, which have the names of the JSON form.
func specOf(form url.Values) (worker.Spec, error) {
	period, err := strconv.Atoi(form.Get("period"))
	if err != nil {
		return worker.Spec{}, refused("Rok „"+form.Get("period")+"” nie jest liczbą.", "Wybierz rok z listy.")
	}
	peers := strings.FieldsFunc(form.Get("peers"), func(r rune) bool { return r == ',' || r == ';' || unicode.IsSpace(r) })
	return worker.Spec{Period: period, Template: form.Get("template"), Peers: peers, Attach: form.Get("attach") != "", Charts: form.Get("charts")}, nil
}

// request is an order as it comes in through the API.
type request struct {
	Areas  []string `json:"areas"`            // TERYT codes
	Gminas bool     `json:"gminas,omitempty"` // every gmina of the areas in their place
	Title  string   `json:"title,omitempty"`
	worker.Spec
}

// place checks an order against the catalogue and places it.
func (p *Portal) place(r *http.Request, o request) (worker.Batch, bool, error) {
	if !p.limits.allow(r.RemoteAddr) {
		return worker.Batch{}, false, failure{http.StatusTooManyRequests, &fault.Fault{What: "Z tego adresu złożono przed chwilą wiele zamówień.", Hint: "Odczekaj minutę i spróbuj ponownie."}}
	}
	if !slices.Contains(p.Catalogue.periods, o.Period) {
		return worker.Batch{}, false, refused(fmt.Sprintf("Nie ma danych za rok %d.", o.Period), p.years())
	}
	order := worker.Order{Title: strings.TrimSpace(o.Title), Class: worker.Bulk, Spec: o.Spec}
	for _, code := range o.Areas {
		a, ok := p.Catalogue.area(code)
		if !ok {
			return worker.Batch{}, false, refused("Nie ma w rejestrze jednostki o kodzie „"+code+"”.", "Sprawdź kod TERYT.")
		}
		areas := []Area{a}
		if o.Gminas {
			areas = p.Catalogue.gminas(code)
		}
		for _, a := range areas {
			order.Members = append(order.Members, worker.Member{Area: a.Code, Name: a.Name})
		}
		if order.Title == "" {
			order.Title = a.Name
			if len(code) == 6 { // names are not unique, and the title stands alone
				order.Title += ", " + a.Kind
			}
			if o.Gminas {
				order.Title += " – wszystkie gminy"
			}
		}
	}
	switch len(order.Members) {
	case 0:
		return worker.Batch{}, false, refused("Zamówienie nie obejmuje żadnej jednostki.", "Podaj co najmniej jeden kod TERYT.")
	case 1:
		order.Class = worker.Interactive
	}
	order, err := p.accept(r.Context(), order)
	if err != nil {
		return worker.Batch{}, false, err
	}
	b, items := p.Edition.Plan(order, time.Now().UTC())
	// An order that was taken is placed whole, even when the asker has gone. One that is
	// accepted is taken: what is still to be queued is queued by the workers.
	b, created, err := p.Ledger.Place(context.WithoutCancel(r.Context()), b, items)
	if errors.Is(err, worker.ErrAccepted) {
		p.Log.Warn("order is accepted, but not all queued", "batch", b.ID, "error", err)
		err = nil
	}
	return b, created, err
}

// accept refuses an order that the generator would refuse.
func (p *Portal) accept(ctx context.Context, o worker.Order) (worker.Order, error) {
	o, err := p.Accept(ctx, o)
	var f *fault.Fault
	if errors.As(err, &f) {
		return o, refused(locale.Upper(f.Where)+": "+f.What+".", locale.Upper(f.Hint)+".")
	}
	return o, err
}

// years names the periods that have data.
func (p *Portal) years() string {
	n := len(p.Catalogue.periods)
	if n == 0 {
		return "Zbiór danych jest pusty."
	}
	return fmt.Sprintf("Wybierz rok od %d do %d.", p.Catalogue.periods[n-1], p.Catalogue.periods[0])
}

func (p *Portal) apiAreas(w http.ResponseWriter, r *http.Request) error {
	found := p.Catalogue.find(r.URL.Query().Get("q"))
	if r.URL.Query().Get("q") == "" {
		found = p.Catalogue.areas
	}
	if found == nil {
		found = []Area{}
	}
	return send(w, http.StatusOK, struct {
		Areas   []Area `json:"areas"`
		Periods []int  `json:"periods"`
	}{found, p.Catalogue.periods})
}

func (p *Portal) apiOrder(w http.ResponseWriter, r *http.Request) error {
	var o request
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&o); err != nil {
		hint := "Potrzebny jest obiekt JSON: {\"areas\": [\"981001\"], \"period\": 2025}."
		if tooLarge(err) {
			hint = "Zamówienie jest zbyt długie; podziel je."
		}
		return refused("Nie można odczytać zamówienia: "+err.Error()+".", hint)
	}
	b, created, err := p.place(r, o)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if created {
		status = http.StatusCreated
	}
	w.Header().Set("Location", "/api/v1/batches/"+b.ID)
	return send(w, status, newBatch(b))
}

// limits hold how often an address may order.
type limits struct {
	mu sync.Mutex
	of map[string]*rate.Limiter
}

const (
	orderEvery = 2 * time.Second
	orderBurst = 30
	addresses  = 10_000 // remembered at most
)

// allow tells whether the address may order now.
func (l *limits) allow(remote string) bool {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		host = remote
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of == nil || len(l.of) > addresses {
		l.of = map[string]*rate.Limiter{}
	}
	if l.of[host] == nil {
		l.of[host] = rate.NewLimiter(rate.Every(orderEvery), orderBurst)
	}
	return l.of[host].Allow()
}
