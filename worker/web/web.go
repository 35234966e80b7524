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
	"strings"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/klauspost/compress/gzhttp"
	"golang.org/x/time/rate"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/geo"
	"github.com/raportjst/raportjst/generator/report"
	"github.com/raportjst/raportjst/generator/stat"
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
	Cancel(ctx context.Context, id string) (worker.Batch, error)
	Delete(ctx context.Context, id string) ([]worker.Item, error)
}

// Options are what the portal is made of.
type Options struct {
	Ledger    Ledger
	Store     worker.Store
	Edition   worker.Edition
	Catalogue *Catalogue
	Library   *report.Library            // what pages say of units
	Borders   *geo.Topology              // nil: no map to choose from
	Register  *stat.Register             // that knows who is whose neighbour
	Templates func(area string) []Choice // that are made for an area; nil: none to choose from
	Guard     Guard
	Site      Site
	Accept    Accept                                         // nil: every order is taken
	Make      Make                                           // takes own content; nil: it is not taken
	Blank     func(area string, last int) ([]byte, error)    // empty form for own data
	Stored    func(ctx context.Context, b worker.Batch) bool // what an order is made from lies where every worker finds it; nil: it does not
	Quota     int64                                          // bytes that the store may hold; 0: any number
	Used      func(ctx context.Context) (int64, error)       // bytes that it holds
	Remove    func(ctx context.Context, i worker.Item) error // the files of a report that nobody's order names any more; nil: they stay
	Key       Key                                            // of the right to cancel or delete an order; nil: nobody has it but operators
	Link      Link                                           // opens files by links of letters; nil: there are none
	Pages     fs.FS                                          // web/ of the templates
	Version   string
	Data      string // day of the data, as people write it
	Zone      *time.Location
	Now       func() time.Time
	Ready     func(context.Context) error // nil when everything that orders need can be reached
	Log       *slog.Logger
}

// Accept takes an order, without the areas of which there can be no report (Order.Left), or
// says with a *fault.Fault what the generator would refuse of it.
type Accept func(ctx context.Context, o worker.Order) (worker.Order, error)

// Portal is the handler of all pages.
type Portal struct {
	Options
	pages   map[string]*template.Template
	assets  assets
	limits  limits
	events  chan struct{} // a place for each open stream of events
	base    string        // digest of all that pages of units are made of
	cache   *cache
	files   *bounded[[]byte]                  // that were asked for, by digest, as they were verified
	reports *lru.Cache[string, ready]         // finished, by order and code
	offered *lru.Cache[string, []report.Year] // by code and last year
	shelf   shelf
	room    room
	taken   own

	surveyed []document.AnnexIndicator // that pages show for all units
	detail   *geo.Detail
	atlases  sync.Map // of code: func() (template.HTML, error)
}

const (
	cacheBytes   = 96 << 20 // of packed pages and files of figures
	offeredUnits = 4096
	filesBytes   = 64 << 20 // of files of reports
	reportsKept  = 8192
)

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
	if o.Now == nil {
		o.Now = time.Now
	}
	p := &Portal{Options: o, events: make(chan struct{}, openStreams), cache: newCache(cacheBytes), files: newBounded(filesBytes, func(b []byte) int { return len(b) })}
	p.taken = own{make(chan struct{}, ownAtOnce), rate.NewLimiter(rate.Every(ownEvery), ownBurst)}
	if o.Library != nil {
		p.surveyed = o.Library.Surveyed()
	}
	if o.Borders != nil {
		p.detail = geo.NewDetail(o.Borders)
	}
	var err error
	p.offered, err = lru.New[string, []report.Year](offeredUnits)
	if err == nil {
		p.reports, err = lru.New[string, ready](reportsKept)
	}
	if err == nil {
		err = p.read()
	}
	if err != nil {
		return nil, &fault.Fault{Where: "szablony stron", What: err.Error(), Hint: "popraw szablon w katalogu web", Err: err}
	}
	return p, nil
}

// Handler is the routes with the protection of all of them.
func (p *Portal) Handler() http.Handler {
	mux := http.NewServeMux()
	for pattern, h := range map[string]handler{
		"GET /{$}":                       p.search,
		"GET /jst/{code}":                p.unit,
		"GET /jst/{code}/{year}":         p.unit,
		"GET /jst/{code}/{year}/{file}":  p.figure,
		"GET /jst/{code}/zamow":          p.area,
		"GET /jst/{code}/porownanie":     p.compare,
		"GET /jst/{code}/podglad":        p.preview,
		"GET /jst/{code}/atom.xml":       p.feed,
		"GET /jst/{code}/wlasne":         p.ownForm,
		"POST /jst/{code}/wlasne":        p.takeOwn,
		"GET /jst/{code}/formularz.xlsx": p.blank,
		"POST /partie/{id}/anuluj":       p.cancel,
		"GET /partie/{id}/usun":          p.asksDelete,
		"POST /partie/{id}/usun":         p.delete,
		"GET /jednostki/{code}":          p.old,
		"GET /wskaznik":                  p.indicators,
		"GET /wskaznik/{id...}":          p.indicator,
		"GET /usluga/{name}":             p.subject("usluga"),
		"GET /obszar/{name}":             p.subject("obszar"),
		"GET /praktyki":                  p.practices,
		"POST /zlecenia":                 p.order,
		"GET /partie":                    p.batches,
		"GET /partie/{id}":               p.batch,
		"GET /partie/{id}/zdarzenia":     p.changes,
		"GET /partie/{id}/{code}/{file}": p.file,
		"GET /deklaracja-dostepnosci":    p.told("deklaracja", "Deklaracja dostępności"),
		"GET /dane-osobowe":              p.told("dane-osobowe", "Dane osobowe"),
		"GET /pomoc":                     p.told("pomoc", "Pomoc"),
		"GET /":                          p.missing,
		"GET /api/v1/areas":              p.apiAreas,
		"GET /api/v1/batches":            p.apiBatches,
		"POST /api/v1/batches":           p.apiOrder,
		"GET /api/v1/batches/{id}":       p.apiBatch,
		"GET /p/{token}":                 p.linked,
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
	return protect(p.Guard.named(pack(http.NewCrossOriginProtection().Handler(mux))))
}

// policy allows what the pages are made of and nothing else: no script or style but our own
// files, no frame, no foreign form. Pictures may lie in the page: coats of arms do.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func protect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY") // for browsers that do not read frame-ancestors
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		most := int64(1 << 20)
		if strings.HasSuffix(r.URL.Path, "/wlasne") {
			most = mostSent
		}
		r.Body = http.MaxBytesReader(w, r.Body, most)
		next.ServeHTTP(w, r)
	})
}

// pack packs what is worth it and not packed yet; streams of events and files are left alone.
var pack = func() func(http.Handler) http.HandlerFunc {
	f, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.ContentTypes([]string{"text/html", "text/css", "text/javascript", "application/json", "image/svg+xml"}), gzhttp.SuffixETag("-gz"))
	if err != nil {
		panic(err) // the options are constant
	}
	return f
}()

// handler answers a request or says why it cannot.
type handler func(w http.ResponseWriter, r *http.Request) error

// failure is an answer that is an error.
type failure struct {
	status int
	*fault.Fault
	back *link // the way out; nil: the search
}

func (f failure) Unwrap() error { return f.Fault }

func notFound(what, hint string) error {
	return failure{status: http.StatusNotFound, Fault: &fault.Fault{What: what, Hint: hint}}
}

func refused(what, hint string) error {
	return failure{status: http.StatusUnprocessableEntity, Fault: &fault.Fault{What: what, Hint: hint}}
}

// wrap turns an error into an answer: for people a page, for programs a problem (RFC 9457).
func (p *Portal) wrap(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := h(w, r)
		if err == nil {
			return
		}
		if r.Context().Err() != nil { // who asked has gone
			p.answer(w, r, failure{status: http.StatusRequestTimeout, Fault: &fault.Fault{What: "Połączenie zostało przerwane.", Hint: "Spróbuj ponownie."}})
			return
		}
		f := failure{status: http.StatusServiceUnavailable, Fault: &fault.Fault{What: "Nie można teraz wykonać tej czynności.", Hint: "Spróbuj ponownie za kilka minut.", Err: err}}
		var own failure
		switch {
		case errors.As(err, &own):
			f = own
		case errors.Is(err, worker.ErrNotFound):
			f = failure{status: http.StatusNotFound, Fault: &fault.Fault{What: "Nie ma takiego zamówienia ani pliku.", Hint: "Sprawdź adres albo zamów załącznik ponownie."}}
		default:
			w.Header().Set("Retry-After", "30")
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
