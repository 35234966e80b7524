package web

import (
	"bytes"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker"
)

// file gives a file of a finished report. Its digest is checked before the first byte goes
// out.
func (p *Portal) file(w http.ResponseWriter, r *http.Request) error {
	b, items, err := p.one(r)
	if err != nil {
		return err
	}
	n := slices.IndexFunc(items.Files, func(f worker.File) bool { return f.Name == r.PathValue("file") })
	if n < 0 {
		return worker.ErrNotFound
	}
	a, err := worker.ReadFile(r.Context(), p.Store, items.Key, items.Files[n])
	if errors.Is(err, worker.ErrNotFound) { // the ledger says that it is there
		p.Log.Warn("file is missing or damaged, the report is made again", "batch", items.Batch, "area", items.Area, "error", err)
		if _, err := p.Ledger.Remake(r.Context(), items.Batch, items.Area); err != nil {
			return err
		}
		w.Header().Set("Retry-After", "10")
		return failure{status: http.StatusServiceUnavailable, Fault: &fault.Fault{What: "Plik zaginął lub był uszkodzony i powstaje od nowa.", Hint: "Otwórz go ponownie za kilka sekund."}}
	}
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", a.MediaType)
	h.Set("Content-Disposition", worker.Disposition(a.Name, worker.FileTitle(b.Period, items.Name, a.Name)))
	h.Set("ETag", `"`+a.Digest+`"`)
	h.Set("Cache-Control", "private, no-cache")
	http.ServeContent(w, r, a.Name, time.Time{}, bytes.NewReader(a.Data))
	return nil
}

// one reads the item that a URL names, with its batch.
func (p *Portal) one(r *http.Request) (worker.Batch, worker.Item, error) {
	i, err := p.Ledger.Item(r.Context(), r.PathValue("id"), r.PathValue("code"))
	if err != nil {
		return worker.Batch{}, worker.Item{}, err
	}
	b, err := p.Ledger.FindBatch(r.Context(), i.Batch)
	return b, i, err
}
