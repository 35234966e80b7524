package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/report"
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
		Atlas template.HTML
	}{p.frame(title, "start"), query, count, found, p.atlas("")})
}

// old leads from the address that pages of units had.
func (p *Portal) old(w http.ResponseWriter, r *http.Request) error {
	a, _, err := p.lookup(r.PathValue("code"))
	if err == nil {
		http.Redirect(w, r, "/jst/"+a.Code, http.StatusMovedPermanently)
	}
	return err
}

// area is the page where the annex of a unit is ordered.
func (p *Portal) area(w http.ResponseWriter, r *http.Request) error {
	c := p.Catalogue
	a, moved, err := p.lookup(r.PathValue("code"))
	if err != nil {
		return err
	}
	if moved {
		http.Redirect(w, r, "/jst/"+a.Code+"/zamow", http.StatusMovedPermanently)
		return nil
	}
	years, err := p.yearsOf(r.Context(), a.Code)
	if err != nil {
		return err
	}
	chosen, err := strconv.Atoi(r.URL.Query().Get("rok"))
	if err != nil || !slices.ContainsFunc(years, func(y report.Year) bool { return int(y.Period) == chosen }) {
		chosen = best(years)
	}
	editions, err := p.finished(r.Context(), a.Code)
	if err != nil {
		p.Log.Warn("finished reports cannot be listed", "area", a.Code, "error", err)
	}
	choice, err := p.choices(a, r.URL.Query().Get("szablon"), chosen)
	if err != nil {
		return err
	}
	page := orderPage{choices: choice, frame: p.frame("Zamów załącznik: "+a.Name, "szukaj"), Area: a, Path: c.above(a.Code), Children: len(c.children(a.Code)) > 0, Gminas: len(c.gminas(a.Code)), Most: mostReports, Own: p.Make != nil, Without: without(years, p.lastYear())}
	for i, y := range years {
		o := offer{Year: y, Chosen: int(y.Period) == chosen, Old: i >= newestYears && int(y.Period) != chosen}
		if n := slices.IndexFunc(editions, func(e edition) bool { return e.Usual() && e.Batch.Period == int(y.Period) }); n >= 0 {
			o.Made = &editions[n]
		}
		page.Years = append(page.Years, o)
	}
	return p.show(w, http.StatusOK, "jednostka", page)
}

// orderPage is the page where an annex is ordered.
type orderPage struct {
	frame
	Area     Area
	Path     []Area
	Children bool
	Gminas   int
	Most     int
	Years    []offer
	Without  []int // the newest years, of which there are no data of the unit
	choices
	Own bool // own content is taken
}

// offer is a year that can be ordered, with what it holds.
type offer struct {
	report.Year
	Chosen, Old bool
	Made        *edition // the usual report of the year, where it is finished
}

// newestYears are shown at once; older ones on wish.
const newestYears = 6

// Held says what the report of a year would hold.
func (o offer) Held() string {
	s := fmt.Sprintf("wskaźniki za %d r.: %d z %d", o.Period, o.Own, o.Total)
	if o.Earlier > 0 {
		s += fmt.Sprintf("; z danymi z wcześniejszych lat: %d", o.Earlier)
	}
	return s
}

// without lists the newest years that a unit cannot be reported on, three at most.
func without(years []report.Year, last int) []int {
	var out []int
	for y := last; len(out) < 3 && len(years) > 0 && y > int(years[0].Period); y-- {
		out = append(out, y)
	}
	return out
}

// below is what the areas inside one are called, by the length of its code.
var below = map[int]string{2: "Powiaty i\u00a0miasta na prawach powiatu", 4: "Gminy powiatu"}

// order takes the form of the page of a unit.
func (p *Portal) order(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return unread(err, "Nie można odczytać formularza.", "Wypełnij go ponownie.")
	}
	spec, err := specOf(r.PostForm)
	if err != nil {
		return err
	}
	o := request{Areas: []string{r.PostForm.Get("area")}, Gminas: r.PostForm.Get("scope") == "all", Spec: spec}
	b, created, err := p.place(w, r, o)
	var f failure
	if a, known := p.Catalogue.area(o.Areas[0]); known && errors.As(err, &f) {
		f.back = &link{URL: "/jst/" + a.Code + "/zamow", Of: "Popraw zamówienie"}
		return f
	}
	if err != nil {
		return err
	}
	to := "/partie/" + b.ID
	if right := p.right(r.Context(), b.ID); created && right != "" {
		to += "?moje=" + right
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// specOf reads the fields of the form, which have the names of the JSON form.
func specOf(form url.Values) (worker.Spec, error) {
	period, err := strconv.Atoi(form.Get("period"))
	if err != nil {
		return worker.Spec{}, refused("Rok „"+form.Get("period")+"” nie jest liczbą.", "Wybierz rok z listy.")
	}
	listed := func(name string) []string {
		return strings.FieldsFunc(strings.Join(form[name], ","), func(r rune) bool { return r == ',' || r == ';' || unicode.IsSpace(r) })
	}
	sections := listed("sections")
	if all := listed("rozdzialy"); len(all) > 0 { // a form with a box for each
		if len(sections) == 0 {
			return worker.Spec{}, refused("Nie wybrano żadnego rozdziału.", "Zaznacz co najmniej jeden.")
		}
		if !slices.ContainsFunc(all, func(s string) bool { return !slices.Contains(sections, s) }) {
			sections = nil // the whole report
		}
	}
	var peers []string
	for _, code := range listed("peers") {
		if !slices.Contains(peers, code) {
			peers = append(peers, code)
		}
	}
	formats := listed("formats")
	if form.Has("formats") && len(formats) == 0 { // the form says so, and means no usual choice
		return worker.Spec{}, refused("Nie wybrano żadnego pliku.", "Zaznacz co najmniej jeden.")
	}
	return worker.Spec{Period: period, Template: form.Get("template"), Peers: peers, Sections: sections, Only: form.Get("only"), Formats: formats, Attach: form.Get("attach") != "", Charts: form.Get("charts"), Reference: form.Get("reference")}, nil
}

// request is an order as it comes in through the API.
type request struct {
	Areas  []string `json:"areas"`            // TERYT codes
	Gminas bool     `json:"gminas,omitempty"` // every gmina of the areas in their place
	Title  string   `json:"title,omitempty"`
	worker.Spec
}

// place checks an order against the catalogue and places it.
func (p *Portal) place(w http.ResponseWriter, r *http.Request, o request) (worker.Batch, bool, error) {
	if after := p.limits.wait(p.Guard.visitor(r)); after > 0 {
		return worker.Batch{}, false, later(w, http.StatusTooManyRequests, after, "Z tego adresu złożono przed chwilą wiele zamówień.", "Odczekaj minutę i spróbuj ponownie.")
	}
	if err := p.sound(o); err != nil {
		return worker.Batch{}, false, err
	}
	if err := p.offers(r.Context(), o); err != nil {
		return worker.Batch{}, false, err
	}
	return p.placeWith(r, o, p.Edition, p.Accept)
}

// sound refuses an order with a field that no order has.
func (p *Portal) sound(o request) error {
	if err := titled(o.Title); err != nil {
		return err
	}
	if o.Period > p.lastYear() || o.Period < firstYear {
		return refused(fmt.Sprintf("Nie ma danych za rok %d.", o.Period), p.years())
	}
	return sized(o)
}

// placeWith places an order of reports that are made from an edition.
func (p *Portal) placeWith(r *http.Request, o request, e worker.Edition, accept Accept) (worker.Batch, bool, error) {
	if err := p.sound(o); err != nil {
		return worker.Batch{}, false, err
	}
	operator := p.Guard.operator(r)
	if !operator && (o.Title != "" || len(o.Areas) > 1) {
		return worker.Batch{}, false, forOperators("Listę jednostek i własny tytuł może zamówić tylko administrator portalu.")
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
	if len(order.Members) > mostReports && !operator {
		return worker.Batch{}, false, forOperators(fmt.Sprintf("Tyle raportów naraz (%d) może zamówić tylko administrator portalu.", len(order.Members)))
	}
	switch len(order.Members) {
	case 0:
		return worker.Batch{}, false, refused("Zamówienie nie obejmuje żadnej jednostki.", "Podaj co najmniej jeden kod TERYT.")
	case 1:
		order.Class = worker.Interactive
	}
	order, err := refuse(r.Context(), accept, order)
	if err != nil {
		return worker.Batch{}, false, err
	}
	b, items := e.Plan(order, time.Now().UTC())
	if known, ok := p.known(r.Context(), b.ID); ok {
		return known, false, nil
	}
	if err := p.fits(r.Context(), len(items)); err != nil {
		return worker.Batch{}, false, err
	}
	// An order that was taken is placed whole, even when the asker has gone. One that is
	// accepted is taken: what is still to be queued is queued by the workers.
	b, created, err := p.Ledger.Place(context.WithoutCancel(r.Context()), b, items)
	if errors.Is(err, worker.ErrAccepted) {
		p.Log.Warn("order is accepted, but not all queued", "batch", b.ID, "error", err)
		err = nil
	}
	return b, created, err
}

// known finds an order that was placed before and is done, or is still being made, well: who
// orders the same gets it as it is.
func (p *Portal) known(ctx context.Context, id string) (worker.Batch, bool) {
	v, err := p.Ledger.View(ctx, id)
	if err != nil {
		return worker.Batch{}, false
	}
	t := v.Tally
	return v.Batch, !v.Batch.Cancelled && t.Failed == 0 && t.Cancelled == 0 && t.Missing == 0
}

// offers refuses the usual report of one unit for a year without its data, and names the years
// that there are.
func (p *Portal) offers(ctx context.Context, o request) error {
	if len(o.Areas) != 1 || o.Gminas || o.Template != "" || len(o.Sections) > 0 {
		return nil
	}
	a, ok := p.Catalogue.area(o.Areas[0])
	if !ok {
		return nil // told of where units are looked up
	}
	years, err := p.yearsOf(ctx, a.Code)
	if err != nil || slices.ContainsFunc(years, func(y report.Year) bool { return int(y.Period) == o.Period }) {
		return err
	}
	return refused(noYear(a, o.Period), spans(years))
}

// firstYear is before any data.
const firstYear = 1945

// sized refuses an order with more in a field than any report takes.
func sized(o request) error {
	const mostCodes, mostText = 3000, 100
	for what, field := range map[string][]string{"jednostek": o.Areas, "jednostek do porównania": o.Peers, "rozdziałów": o.Sections, "formatów": o.Formats} {
		if len(field) > mostCodes {
			return refused(fmt.Sprintf("Zamówienie wymienia zbyt wiele %s: %d.", what, len(field)), fmt.Sprintf("Podaj najwyżej %d.", mostCodes))
		}
		if i := slices.IndexFunc(field, func(s string) bool { return len(s) > mostText }); i >= 0 {
			return refused("Jedna z pozycji zamówienia jest zbyt długa: „"+string([]rune(field[i])[:20])+"…”.", "Podaj kody TERYT albo nazwy z listy.")
		}
	}
	if len(o.Template) > mostText || len(o.Only) > mostText || len(o.Charts) > mostText {
		return refused("Nazwa szablonu, zawartości albo rodzaju wykresów jest zbyt długa.", "Wybierz ją z listy.")
	}
	return nil
}

func forOperators(what string) error {
	return failure{status: http.StatusForbidden, Fault: &fault.Fault{What: what, Hint: "Zamów raporty mniejszej jednostki albo poproś administratora."}}
}

// refuse refuses an order that the generator would refuse.
func refuse(ctx context.Context, accept Accept, o worker.Order) (worker.Order, error) {
	o, err := accept(ctx, o)
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
	return fmt.Sprintf("Wybierz rok od %d do %d.", p.Catalogue.periods[n-1], p.lastYear())
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
		return unread(err, "Nie można odczytać zamówienia: "+err.Error()+".", "Potrzebny jest obiekt JSON: {\"areas\": [\"981001\"], \"period\": 2025}.")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return refused("Za zamówieniem stoi jeszcze coś.", "Wyślij jeden obiekt JSON.")
	}
	b, created, err := p.place(w, r, o)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if created {
		status = http.StatusCreated
	}
	w.Header().Set("Location", "/api/v1/batches/"+b.ID)
	answer := newBatch(b)
	if right := p.right(r.Context(), b.ID); created && right != "" {
		answer.Cancel = "/partie/" + b.ID + "/anuluj?moje=" + right
	}
	return send(w, status, answer)
}
