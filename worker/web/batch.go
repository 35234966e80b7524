package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/worker"
)

// entry is an order on the list of orders.
type entry struct {
	worker.Batch
	Word string
}

// batches lists the orders.
func (p *Portal) batches(w http.ResponseWriter, r *http.Request) error {
	all, err := p.Ledger.Batches(r.Context())
	if err != nil {
		return err
	}
	out := make([]entry, len(all))
	for i, b := range all {
		t, err := p.Ledger.Tally(r.Context(), b)
		if err != nil {
			return err
		}
		out[i] = entry{b, standing(b, t)}
	}
	return p.show(w, http.StatusOK, "partie", struct {
		frame
		Batches []entry
		Deleted bool
	}{p.frame("Zamówienia", "partie"), out, r.URL.Query().Has("usunieto")})
}

// standing says in a few words how an order stands.
func standing(b worker.Batch, t worker.Tally) string {
	switch {
	case b.Cancelled:
		return "anulowane"
	case t.Missing > 0 && b.Whole():
		return "niekompletne"
	case b.Paused:
		return fmt.Sprintf("wstrzymane, gotowe: %d", t.Done)
	case t.Ended() < t.Total:
		return fmt.Sprintf("w toku, gotowe: %d", t.Done)
	case t.Failed == t.Total:
		return "nie powiodło się"
	case t.Failed > 0:
		return fmt.Sprintf("gotowe: %d, nie powiodło się: %d", t.Done, t.Failed)
	case t.Cancelled > 0:
		return fmt.Sprintf("gotowe: %d, anulowane: %d", t.Done, t.Cancelled)
	}
	return "zakończone"
}

// row is one report on the page of its order.
type row struct {
	worker.Item
	Word  string
	Links []link
}

// link is a file to download.
type link struct{ URL, Kind, Of, Size string }

// words say in Polish how far a report has come.
var words = map[worker.State]string{worker.Queued: "w kolejce", worker.Running: "w trakcie", worker.Done: "gotowy", worker.Failed: "nie powiódł się", worker.Cancelled: "anulowany"}

func newRow(i worker.Item) row {
	r := row{Item: i, Word: words[i.State]}
	if i.State == worker.Queued && (len(i.Problems) > 0 || i.Why != "") {
		r.Word = "czeka na ponowną próbę"
	}
	files := slices.Clone(i.Files)
	slices.SortStableFunc(files, func(a, b worker.File) int {
		return cmp.Compare(generator.FileOrder(a.MediaType), generator.FileOrder(b.MediaType))
	})
	for _, f := range files {
		r.Links = append(r.Links, link{URL: fileURL(i, f), Kind: generator.FileName(f.Name, f.MediaType), Of: i.Name, Size: size(f.Size)})
	}
	return r
}

func fileURL(i worker.Item, f worker.File) string {
	return "/partie/" + i.Batch + "/" + i.Area + "/" + url.PathEscape(f.Name)
}

// size is a size in words: "734 kB".
func size(n int64) string {
	if n < 1_000_000 {
		return fmt.Sprintf("%d kB", max(1, (n+500)/1000))
	}
	return strings.Replace(fmt.Sprintf("%.1f MB", float64(n)/1e6), ".", ",", 1)
}

// rowsShown is how many reports a page of an order has.
const rowsShown = 100

// batch is the page of an order: how far it has come and its files.
func (p *Portal) batch(w http.ResponseWriter, r *http.Request) error {
	v, err := p.Ledger.View(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	f := p.frame(heading(v.Batch, v.Tally)+": "+v.Batch.Title, "partie")
	if !v.Tally.Over() {
		f.Script = p.assets["postep.js"].digest
	}
	page := struct {
		frame
		Batch     worker.Batch
		Tally     worker.Tally
		Ended     bool
		State     string
		Letters   string
		Items     []row
		Failed    []failed
		Pages     pages
		Formats   []generator.Format
		Heading   string
		Foreign   string // why the portal's own workers do not make it
		Right     string // to cancel the order; "" where the visitor has none or nothing is left to cancel
		Moje      string // the right as it was shown, to delete the order
		Deletable bool   // by the visitor: it is over and no letter is its
		Stopped   bool   // it is over, and not all is made: a full bar would say another thing
	}{frame: f, Heading: heading(v.Batch, v.Tally), Stopped: v.Tally.Ended() == v.Tally.Total && v.Tally.Done < v.Tally.Total, Formats: v.Batch.Chosen(), Batch: v.Batch, Tally: v.Tally, Ended: v.Tally.Over(), State: sentence(v.Batch, v.Tally), Letters: letterSentence(v.Tally)}
	for _, i := range v.Items {
		if i.State == worker.Failed && len(page.Failed) < rowsShown {
			page.Failed = append(page.Failed, failed{i})
		}
	}
	if err := p.Edition.Fits(v.Batch); err != nil && !v.Tally.Over() && (p.Stored == nil || !p.Stored(r.Context(), v.Batch)) {
		page.Foreign = "To zamówienie złożono z innego zbioru danych albo w innej wersji programu niż te, z których działa portal. Sporządzi je wykonawca, który je ma; jeśli takiego nie ma, zamówienie będzie czekać. Aby dostać załącznik od razu, zamów go na stronie jednostki."
	}
	if right := r.URL.Query().Get("moje"); v.Tally.Ended() < v.Tally.Total && !v.Batch.Cancelled && p.mayCancel(r, v.Batch.ID, right) {
		page.Right = right
	}
	if moje := r.URL.Query().Get("moje"); v.Tally.Ended() == v.Tally.Total && v.Tally.Letters == 0 && p.mayCancel(r, v.Batch.ID, moje) {
		page.Moje, page.Deletable = moje, true
	}
	page.Pages = newPages(r.URL.Query().Get("strona"), len(v.Items))
	for _, i := range v.Items[page.Pages.from:page.Pages.to] {
		page.Items = append(page.Items, newRow(i))
	}
	return p.show(w, http.StatusOK, "partia", page)
}

// failed is a report that could not be made.
type failed struct{ worker.Item }

// Reasons are why, each once, however often it was tried.
func (f failed) Reasons() []string {
	var out []string
	for _, s := range f.Problems {
		if _, said, ok := strings.Cut(s, ": "); ok && strings.HasPrefix(s, "próba ") {
			s = said
		}
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// heading says at once how an order stands.
func heading(b worker.Batch, t worker.Tally) string {
	one := t.Total == 1
	switch {
	case b.Cancelled:
		return "Zamówienie anulowano"
	case t.Ended() < t.Total && one:
		return "Załącznik jest sporządzany"
	case t.Ended() < t.Total:
		return "Załączniki są sporządzane"
	case t.Failed > 0 && one:
		return "Nie udało się sporządzić załącznika"
	case t.Failed > 0:
		return "Nie udało się sporządzić wszystkich załączników"
	case one:
		return "Załącznik jest gotowy"
	}
	return "Załączniki są gotowe"
}

// pages are the pages of a long table.
type pages struct {
	Here, Last, Before, Next int // numbers from 1; Before and Next are 0 where there is none
	from, to                 int
}

// newPages finds the page that is asked for; one that there is not is the nearest that there is.
func newPages(asked string, rows int) pages {
	n, _ := strconv.Atoi(asked)
	p := pages{Last: max((rows+rowsShown-1)/rowsShown, 1)}
	p.Here = min(max(n, 1), p.Last)
	p.from = (p.Here - 1) * rowsShown
	p.to = min(p.from+rowsShown, rows)
	p.Before = p.Here - 1
	if p.Here < p.Last {
		p.Next = p.Here + 1
	}
	return p
}

// sentence says how far an order has come, in a form that needs no plural.
func sentence(b worker.Batch, t worker.Tally) string {
	s := fmt.Sprintf("Gotowe raporty: %d z %d.", t.Done, t.Total)
	if t.Failed > 0 {
		s += fmt.Sprintf(" Nie powiodło się: %d.", t.Failed)
	}
	if t.Cancelled > 0 && !b.Cancelled {
		s += fmt.Sprintf(" Anulowane: %d.", t.Cancelled)
	}
	switch {
	case b.Cancelled:
		s += " Zamówienie anulowano."
	case t.Missing > 0 && b.Whole(): // of the first release: nobody knows what is missing
		s += fmt.Sprintf(" Zamówienie jest niekompletne, brakuje: %d. Złóż je ponownie.", t.Missing)
	case t.Missing > 0:
		s += " Zamówienie jest jeszcze zapisywane."
	case b.Paused:
		s += " Zamówienie jest wstrzymane."
	case t.Ended() == t.Total && t.Failed == 0:
		s += " Zamówienie jest zakończone."
	}
	return s
}

// letterSentence says how far the deliveries have come; no address is shown.
func letterSentence(t worker.Tally) string {
	if t.Letters == 0 {
		return ""
	}
	s := fmt.Sprintf("wysłano %d z %d", t.Sent, t.Letters)
	if t.Refused > 0 {
		s += fmt.Sprintf(", odrzucono %d", t.Refused)
	}
	if t.Held > 0 {
		s += fmt.Sprintf(", do wyjaśnienia %d", t.Held)
	}
	return s
}

// The forms of the API. They say nothing of recipients.

type apiBatch struct {
	ID      string        `json:"id"`
	Title   string        `json:"title"`
	Period  int           `json:"period"`
	Ordered time.Time     `json:"ordered"`
	Data    string        `json:"data"`
	Tag     string        `json:"tag,omitempty"`
	Size    int           `json:"size"`
	Left    []worker.Left `json:"left,omitempty"`
	URL     string        `json:"url"`
	Cancel  string        `json:"cancel,omitempty"` // where who ordered it may POST to give it up
	Tally   *worker.Tally `json:"tally,omitempty"`
	Over    *bool         `json:"over,omitempty"`
	Items   []apiItem     `json:"items,omitempty"`
}

type apiItem struct {
	Area     string    `json:"area"`
	Name     string    `json:"name"`
	State    string    `json:"state"`
	Problems []string  `json:"problems,omitempty"`
	Files    []apiFile `json:"files,omitempty"`
}

type apiFile struct {
	worker.File
	URL string `json:"url"`
}

func newBatch(b worker.Batch) apiBatch {
	return apiBatch{ID: b.ID, Title: b.Title, Period: b.Period, Ordered: b.Ordered, Data: b.Data, Tag: b.Tag, Size: b.Size, Left: b.Left, URL: "/api/v1/batches/" + b.ID}
}

func (p *Portal) apiBatches(w http.ResponseWriter, r *http.Request) error {
	all, err := p.Ledger.Batches(r.Context())
	if err != nil {
		return err
	}
	out := make([]apiBatch, len(all))
	for i, b := range all {
		out[i] = newBatch(b)
	}
	return send(w, http.StatusOK, struct {
		Batches []apiBatch `json:"batches"`
	}{out})
}

func (p *Portal) apiBatch(w http.ResponseWriter, r *http.Request) error {
	v, err := p.Ledger.View(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	over := v.Tally.Over()
	out := newBatch(v.Batch)
	out.Tally, out.Over = &v.Tally, &over
	for _, i := range v.Items {
		a := apiItem{Area: i.Area, Name: i.Name, State: string(i.State), Problems: i.Problems}
		for _, f := range i.Files {
			a.Files = append(a.Files, apiFile{f, fileURL(i, f)})
		}
		out.Items = append(out.Items, a)
	}
	return send(w, http.StatusOK, out)
}
