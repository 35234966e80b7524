package web

import (
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
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
		out[i] = entry{b, "zakończone"}
		if b.Closed {
			continue
		}
		_, items, err := p.Ledger.Batch(r.Context(), b.ID)
		if err != nil {
			return err
		}
		if t := worker.Count(b, items, nil); t.Ended() < t.Total {
			out[i].Word = fmt.Sprintf("w toku, gotowe: %d", t.Done)
		}
	}
	return p.show(w, http.StatusOK, "partie", struct {
		frame
		Batches []entry
	}{p.frame("Zamówienia", "partie"), out})
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
var words = map[worker.State]string{worker.Queued: "w kolejce", worker.Running: "w trakcie", worker.Done: "gotowy", worker.Failed: "nie powiódł się"}

func newRow(i worker.Item) row {
	r := row{Item: i, Word: words[i.State]}
	if i.State == worker.Queued && len(i.Problems) > 0 {
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

// batch is the page of an order: how far it has come and its files.
func (p *Portal) batch(w http.ResponseWriter, r *http.Request) error {
	b, items, err := p.Ledger.Batch(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	deliveries, err := p.Ledger.Deliveries(r.Context(), b, items)
	if err != nil {
		return err
	}
	t := worker.Count(b, items, deliveries)
	f := p.frame(b.Title, "partie")
	if !t.Over() {
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
	}{frame: f, Batch: b, Tally: t, Ended: t.Over(), State: sentence(t), Letters: letterSentence(t)}
	for _, i := range items {
		page.Items = append(page.Items, newRow(i))
		if i.State == worker.Failed {
			page.Failed = append(page.Failed, i)
		}
	}
	return p.show(w, http.StatusOK, "partia", page)
}

// sentence says how far an order has come, in a form that needs no plural.
func sentence(t worker.Tally) string {
	s := fmt.Sprintf("Gotowe raporty: %d z %d.", t.Done, t.Total)
	if t.Failed > 0 {
		s += fmt.Sprintf(" Nie powiodło się: %d.", t.Failed)
	}
	if t.Ended() == t.Total {
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
	b, items, err := p.Ledger.Batch(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	deliveries, err := p.Ledger.Deliveries(r.Context(), b, items)
	if err != nil {
		return err
	}
	t := worker.Count(b, items, deliveries)
	over := t.Over()
	out := newBatch(b)
	out.Tally, out.Over = &t, &over
	for _, i := range items {
		a := apiItem{Area: i.Area, Name: i.Name, State: string(i.State), Problems: i.Problems}
		for _, f := range i.Files {
			a.Files = append(a.Files, apiFile{f, fileURL(i, f)})
		}
		out.Items = append(out.Items, a)
	}
	return send(w, http.StatusOK, out)
}
