// Package web is the portal and the HTTP API: find an area, order its annex, watch it being
// made, download the files. It makes no report and sends no letter; it places orders in the
// ledger and reads what has become of them. Addresses of recipients are never shown.
package web

import (
	"context"
	"errors"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker"
)

// Ledger is what the portal needs of the ledger.
type Ledger interface {
	Place(ctx context.Context, b worker.Batch, items []worker.Item) (worker.Batch, bool, error)
	Batches(ctx context.Context) ([]worker.Batch, error)
	FindBatch(ctx context.Context, id string) (worker.Batch, error)
	View(ctx context.Context, id string) (worker.View, error)
	Tally(ctx context.Context, b worker.Batch) (worker.Tally, error)
	Follow(ctx context.Context, id string) (<-chan worker.Tally, error)
	Item(ctx context.Context, batch, area string) (worker.Item, error)
	Remake(ctx context.Context, batch, area string) (bool, error)
}

// Options are what the portal is made of.
type Options struct {
	Ledger    Ledger
	Store     worker.Store
	Edition   worker.Edition
	Catalogue *Catalogue
	Templates func(area string) []Choice // that are made for an area; nil: none to choose from
	Accept    Accept                     // nil: every order is taken
	Pages     fs.FS                      // web/ of the templates
	Version   string
	Data      string // day of the data, as people write it
	Zone      *time.Location
	Ready     func(context.Context) error // nil when everything that orders need can be reached
	Log       *slog.Logger
}

// Accept takes an order, without the areas of which there can be no report (Order.Left), or
// says with a *fault.Fault what the generator would refuse of it.
type Accept func(ctx context.Context, o worker.Order) (worker.Order, error)

// Portal is the handler of all pages.
type Portal struct {
	Options
	pages  map[string]*template.Template
	assets assets
	limits limits
	events chan struct{} // a place for each open stream of events
}

// openStreams is how many streams of events may be open.
const openStreams = 500

// New reads the pages. The error is a *fault.Fault.
func New(o Options) (*Portal, error) {
	if o.Templates == nil {
		o.Templates = func(string) []Choice { return nil }
	}
	if o.Accept == nil {
		o.Accept = func(_ context.Context, o worker.Order) (worker.Order, error) { return o, nil }
	}
	p := &Portal{Options: o, events: make(chan struct{}, openStreams)}
	if err := p.read(); err != nil {
		return nil, &fault.Fault{Where: "szablony stron", What: err.Error(), Hint: "popraw szablon w katalogu web", Err: err}
	}
	return p, nil
}

// Handler is the routes with the protection of all of them.
func (p *Portal) Handler() http.Handler {
	mux := http.NewServeMux()
	for pattern, h := range map[string]handler{
		"GET /{$}":                       p.search,
		"GET /jednostki/{code}":          p.area,
		"POST /zlecenia":                 p.order,
		"GET /partie":                    p.batches,
		"GET /partie/{id}":               p.batch,
		"GET /partie/{id}/zdarzenia":     p.changes,
		"GET /partie/{id}/{code}/{file}": p.file,
		"GET /":                          p.missing,
		"GET /api/v1/areas":              p.apiAreas,
		"GET /api/v1/batches":            p.apiBatches,
		"POST /api/v1/batches":           p.apiOrder,
		"GET /api/v1/batches/{id}":       p.apiBatch,
		"GET /livez":                     alive,
		"GET /readyz":                    p.readiness,
		"GET /api/":                      p.missing,
		"GET /favicon.ico":               p.missing,
		"POST /api/":                     p.missing,
	} {
		mux.Handle(pattern, p.wrap(h))
	}
	for name, a := range p.assets {
		mux.Handle("GET /"+name, a)
	}
	return protect(http.NewCrossOriginProtection().Handler(mux))
}

// policy allows what the pages are made of and nothing else: no script or style but our own
// files, no frame, no foreign form.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func protect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
		next.ServeHTTP(w, r)
	})
}

// handler answers a request or says why it cannot.
type handler func(w http.ResponseWriter, r *http.Request) error

// failure is an answer that is an error.
type failure struct {
	status int
	*fault.Fault
}

func (f failure) Unwrap() error { return f.Fault }

func notFound(what, hint string) error {
	return failure{http.StatusNotFound, &fault.Fault{What: what, Hint: hint}}
}

func refused(what, hint string) error {
	return failure{http.StatusUnprocessableEntity, &fault.Fault{What: what, Hint: hint}}
}

// wrap turns an error into an answer: for people a page, for programs a problem (RFC 9457).
func (p *Portal) wrap(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := h(w, r)
		if err == nil || r.Context().Err() != nil {
			return
		}
		f := failure{http.StatusServiceUnavailable, &fault.Fault{What: "Nie można teraz wykonać tej czynności.", Hint: "Spróbuj ponownie za kilka minut.", Err: err}}
		var own failure
		switch {
		case errors.As(err, &own):
			f = own
		case errors.Is(err, worker.ErrNotFound):
			f = failure{http.StatusNotFound, &fault.Fault{What: "Nie ma takiego zamówienia ani pliku.", Hint: "Sprawdź adres albo zamów załącznik ponownie."}}
		default:
			p.Log.Error("request failed", "method", r.Method, "path", r.URL.Path, "error", err)
		}
		p.answer(w, r, f)
	})
}

// alive says that the process runs.
func alive(w http.ResponseWriter, _ *http.Request) error {
	_, err := w.Write([]byte("ok\n"))
	return err
}

// readiness says whether orders can be taken.
func (p *Portal) readiness(w http.ResponseWriter, r *http.Request) error {
	ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
	defer cancel()
	if err := p.Ready(ctx); err != nil {
		p.Log.Warn("not ready", "error", err)
		http.Error(w, "not ready", http.StatusServiceUnavailable)
		return nil
	}
	return alive(w, r)
}

func (p *Portal) missing(http.ResponseWriter, *http.Request) error {
	return notFound("Nie ma takiej strony.", "Sprawdź adres.")
}
