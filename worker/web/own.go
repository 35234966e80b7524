package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/time/rate"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/report"
	"github.com/raportjst/raportjst/worker"
)

// A report may hold what the unit itself brings: a table of its figures, a chapter, its coat of
// arms. What is wrong with them is shown row by row, and nothing is ordered.

// Own is what a visitor brings to the report of an area.
type Own struct {
	Area, Name string
	Period     int
	Template   string // that is extended; "" the one of the kind of the area
	Peers      []string
	Sections   []string // of that template, and OwnChapter; none: all
	Table      *OwnFile
	Title      string // of the chapter
	Chapter    string // Markdown
	Arms       *OwnFile
}

// OwnFile is a file that was sent.
type OwnFile struct {
	Name string
	Body []byte
}

// OwnChapter is the name of the visitor's chapter among those of the report.
const OwnChapter = "wlasny-rozdzial"

// OwnEdition is what a report with own content is ordered from.
type OwnEdition struct {
	worker.Edition
	Accept
	Template string
	Warnings []string // of the importer
}

// Make takes what a visitor brings and calls order with what the report is to be ordered from.
// The error joins a *fault.Fault for each thing that is wrong.
type Make func(ctx context.Context, x Own, order func(OwnEdition) error) error

// How much may be sent, how many are taken in at a time and how often: each is a data set in the
// store.
const (
	mostSent    = 8 << 20
	mostChapter = 200_000
	mostArms    = 2 << 20
	ownAtOnce   = 2
	ownBurst    = 40
	ownEvery    = 5 * time.Minute
)

// own is the state of what is taken in.
type own struct {
	at   chan struct{}
	rate *rate.Limiter
}

// ownPage is the page where own content is sent.
type ownPage struct {
	frame
	Area   Area
	Path   []Area
	Years  []report.Year
	Last   int
	Chosen int
	choices
	Title   string
	Chapter string
	Faults  []fault.Fault
	Sent    string // name of the file that the faults are of
}

// ownForm answers with the page where own content is sent.
func (p *Portal) ownForm(w http.ResponseWriter, r *http.Request) error {
	a, _, err := p.lookup(r.PathValue("code"))
	if err != nil {
		return err
	}
	if p.Make == nil {
		return notFound("Ten portal nie przyjmuje własnych danych.", "Poproś administratora.")
	}
	page, err := p.ownPage(r.Context(), a, r.URL.Query().Get("szablon"))
	if err != nil {
		return err
	}
	return p.show(w, http.StatusOK, "wlasne", page)
}

func (p *Portal) ownPage(ctx context.Context, a Area, template string) (*ownPage, error) {
	years, err := p.yearsOf(ctx, a.Code)
	if err != nil {
		return nil, err
	}
	c, err := p.choices(a, template, best(years))
	if err != nil {
		return nil, err
	}
	return &ownPage{choices: c, frame: p.frame("Własne dane: "+a.Name, "szukaj"), Area: a, Path: p.Catalogue.above(a.Code), Years: years, Last: p.lastYear(), Chosen: best(years)}, nil
}

// blank answers with the empty form for own data.
func (p *Portal) blank(w http.ResponseWriter, r *http.Request) error {
	a, _, err := p.lookup(r.PathValue("code"))
	if err != nil {
		return err
	}
	if p.Blank == nil {
		return worker.ErrNotFound
	}
	body, err := p.Blank(a.Code, p.lastYear())
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", generator.FormatOf("xlsx").MediaType)
	h.Set("Content-Disposition", worker.Disposition("formularz-"+a.Code+".xlsx", "Własne dane – "+a.Name+".xlsx"))
	h.Set("Cache-Control", pageLife)
	_, err = w.Write(body)
	return err
}

// takeOwn takes what was sent and orders the report with it, or shows what is wrong.
func (p *Portal) takeOwn(w http.ResponseWriter, r *http.Request) error {
	a, _, err := p.lookup(r.PathValue("code"))
	if err != nil {
		return err
	}
	if p.Make == nil {
		return notFound("Ten portal nie przyjmuje własnych danych.", "Poproś administratora.")
	}
	if err := r.ParseMultipartForm(mostSent); err != nil {
		return unread(err, "Nie można odczytać wysłanych plików.", "Wyślij je ponownie.")
	}
	x, spec, err := readOwn(r, a)
	if err != nil {
		return p.back(a, err)
	}
	if after := p.limits.wait(p.Guard.visitor(r)); after > 0 {
		return later(w, http.StatusTooManyRequests, after, "Z tego adresu wysłano przed chwilą wiele zamówień.", "Odczekaj minutę i spróbuj ponownie.")
	}
	select {
	case p.taken.at <- struct{}{}:
		defer func() { <-p.taken.at }()
	default:
		return later(w, http.StatusServiceUnavailable, 10*time.Second, "Portal wczytuje teraz dane innych.", "Wyślij plik ponownie za kilka sekund.")
	}
	if !p.taken.rate.Allow() && !p.Guard.operator(r) {
		return later(w, http.StatusServiceUnavailable, ownEvery, "Portal przyjął dziś bardzo wiele własnych danych.", "Spróbuj później albo poproś administratora.")
	}
	if err := p.fits(r.Context(), 0); err != nil { // what was sent would lie in the store, too
		return p.back(a, err)
	}
	var b worker.Batch
	created := false
	err = p.Make(r.Context(), x, func(e OwnEdition) error {
		o := request{Areas: []string{a.Code}, Spec: spec}
		o.Template = e.Template
		var err error
		b, created, err = p.placeWith(r, o, e.Edition, e.Accept)
		return err
	})
	if faults := faultsIn(err); len(faults) > 0 {
		page, err := p.ownPage(r.Context(), a, x.Template)
		if err != nil {
			return err
		}
		page.like(r.PostForm)
		page.Faults, page.Title, page.Chapter, page.Chosen = faults, x.Title, x.Chapter, x.Period
		if x.Table != nil {
			page.Sent = x.Table.Name
		}
		return p.show(w, http.StatusUnprocessableEntity, "wlasne", page)
	}
	if err != nil {
		return p.back(a, err)
	}
	to := "/partie/" + b.ID
	if right := p.right(r.Context(), b.ID); created && right != "" {
		to += "?moje=" + right
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// back gives a failure a way to the page where own content is sent.
func (p *Portal) back(a Area, err error) error {
	var f failure
	if errors.As(err, &f) {
		f.back = &link{URL: "/jst/" + a.Code + "/wlasne", Of: "Popraw zamówienie"}
		return f
	}
	return err
}

// faultsIn lists the faults that an error joins; none where it is of another kind or one of this
// machine.
func faultsIn(err error) []fault.Fault {
	if err == nil || fault.OfMachine(err) || worker.IsOutage(err) {
		return nil
	}
	var own failure
	if errors.As(err, &own) && own.status != http.StatusUnprocessableEntity {
		return nil
	}
	if many, ok := err.(interface{ Unwrap() []error }); ok { //nolint:errorlint // what errors.Join makes
		var out []fault.Fault
		for _, e := range many.Unwrap() {
			out = append(out, faultsIn(e)...)
		}
		return out
	}
	var f *fault.Fault
	if errors.As(err, &f) {
		return []fault.Fault{*f}
	}
	return nil
}

// readOwn reads what was sent.
func readOwn(r *http.Request, a Area) (Own, worker.Spec, error) {
	x := Own{Area: a.Code, Name: a.Name, Title: strings.TrimSpace(r.PostForm.Get("title")), Chapter: strings.TrimSpace(strings.ReplaceAll(r.PostForm.Get("chapter"), "\r\n", "\n"))}
	spec, err := specOf(r.PostForm)
	if err != nil {
		return x, spec, err
	}
	x.Period, x.Template = spec.Period, spec.Template
	if x.Table, err = sent(r.MultipartForm, "table", mostSent, ".xlsx", ".ods"); err != nil {
		return x, spec, err
	}
	if x.Arms, err = sent(r.MultipartForm, "arms", mostArms, ".png", ".jpg", ".jpeg"); err != nil {
		return x, spec, err
	}
	switch {
	case x.Table == nil && x.Chapter == "" && x.Arms == nil:
		return x, spec, refused("Nie wysłano własnych danych, rozdziału ani herbu.", "Dodaj co najmniej jedno albo zamów zwykły załącznik.")
	case x.Chapter != "" && x.Title == "":
		return x, spec, refused("Własny rozdział nie ma tytułu.", "Wpisz tytuł rozdziału.")
	case len(x.Chapter) > mostChapter || !utf8.ValidString(x.Chapter):
		return x, spec, refused("Własny rozdział jest za długi albo nie jest tekstem.", "Skróć go; najwyżej 200 tysięcy znaków.")
	}
	if err := titled(x.Title); err != nil {
		return x, spec, err
	}
	if len(spec.Sections) > 0 && x.Chapter != "" {
		spec.Sections = append(spec.Sections, OwnChapter)
	}
	x.Peers, x.Sections = spec.Peers, spec.Sections
	return x, spec, sized(request{Spec: spec})
}

// sent is a file of a form; nil where none was chosen.
func sent(form *multipart.Form, field string, most int64, kinds ...string) (*OwnFile, error) {
	all := form.File[field]
	if len(all) == 0 || all[0].Filename == "" && all[0].Size == 0 {
		return nil, nil
	}
	h := all[0]
	name := filepath.Base(strings.ReplaceAll(h.Filename, `\`, "/"))
	if err := titled(name); err != nil || !slices.Contains(kinds, strings.ToLower(filepath.Ext(name))) {
		return nil, refused("Pliku tego rodzaju nie da się wczytać.", "Wybierz plik "+strings.Join(kinds, " albo ")+".")
	}
	if h.Size > most {
		return nil, failure{status: http.StatusRequestEntityTooLarge, Fault: &fault.Fault{What: fmt.Sprintf("Plik „%s” jest za duży: %s.", name, size(h.Size)), Hint: "Najwyżej " + size(most) + "."}}
	}
	f, err := h.Open()
	if err != nil {
		return nil, fmt.Errorf("read file that was sent: %w", err)
	}
	defer f.Close()
	body, err := io.ReadAll(f)
	if err != nil {
		return nil, fmt.Errorf("read file that was sent: %w", err)
	}
	return &OwnFile{name, body}, nil
}
