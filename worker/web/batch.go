package web

import (
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

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
	}{p.frame("Zamówienia", "partie"), out})
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
	case t.Failed > 0:
		return fmt.Sprintf("zakończone, nie powiodło się: %d", t.Failed)
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
	for _, f := range i.Files {
		r.Links = append(r.Links, link{URL: fileURL(i, f), Kind: strings.ToUpper(strings.TrimPrefix(path.Ext(f.Name), ".")), Of: i.Name, Size: size(f.Size)})
	}
	slices.SortFunc(r.Links, func(a, b link) int { return strings.Compare(a.Kind, b.Kind) }) // PDF first
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
	f := p.frame(v.Batch.Title, "partie")
	if !v.Tally.Over() {
		f.Script = p.assets["postep.js"].digest
	}
	page := struct {
		frame
		Batch   worker.Batch
		Tally   worker.Tally
		Ended   bool
		State   string
		Letters string
		Items   []row
		Failed  []worker.Item
		Pages   pages
	}{frame: f, Batch: v.Batch, Tally: v.Tally, Ended: v.Tally.Over(), State: sentence(v.Batch, v.Tally), Letters: letterSentence(v.Tally)}
	for _, i := range v.Items {
		if i.State == worker.Failed && len(page.Failed) < rowsShown {
			page.Failed = append(page.Failed, i)
		}
	}
	page.Pages = newPages(r.URL.Query().Get("strona"), len(v.Items))
	for _, i := range v.Items[page.Pages.from:page.Pages.to] {
		page.Items = append(page.Items, newRow(i))
	}
	return p.show(w, http.StatusOK, "partia", page)
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
	switch {
	case b.Cancelled:
		s += " Zamówienie anulowano."
	case t.Missing > 0 && b.Whole(): // of the first release: nobody knows what is missing
		s += fmt.Sprintf(" Zamówienie jest niekompletne, brakuje: %d. Złóż je ponownie.", t.Missing)
	case t.Missing > 0:
		s += " Zamówienie jest jeszcze zapisywane."
	case b.Paused:
		s += " Zamówienie jest wstrzymane."
	case t.Ended() == t.Total:
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
