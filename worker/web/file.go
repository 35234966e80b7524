package web

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker"
)

// ready is a finished report, as it is remembered for a while: many download the same one, and
// what it consists of stays, until the order is deleted.
type ready struct {
	worker.Item
	period int
	until  time.Time
}

const (
	readyFor  = time.Minute
	fileWait  = 30 * time.Second // for a file from the store
	fileLarge = filesBytes / 8   // larger ones are not kept: they would drive out all others
)

// file gives a file of a finished report. Its digest is checked before the first byte goes
// out; what was checked is kept as long as there is room.
func (p *Portal) file(w http.ResponseWriter, r *http.Request) error {
	one, err := p.one(r)
	if err != nil {
		return err
	}
	n := slices.IndexFunc(one.Files, func(f worker.File) bool { return f.Name == r.PathValue("file") })
	if n < 0 {
		return worker.ErrNotFound
	}
	f := one.Files[n]
	body, err := p.whole(r.Context(), one.Key, f)
	if errors.Is(err, worker.ErrNotFound) { // the ledger says that it is there
		p.Log.Warn("file is missing or damaged, the report is made again", "batch", one.Batch, "area", one.Area, "error", err)
		p.reports.Remove(one.Batch + "/" + one.Area)
		if _, err := p.Ledger.Remake(r.Context(), one.Batch, one.Area); err != nil {
			return err
		}
		w.Header().Set("Retry-After", "10")
		return failure{status: http.StatusServiceUnavailable, Fault: &fault.Fault{What: "Plik zaginął lub był uszkodzony i powstaje od nowa.", Hint: "Otwórz go ponownie za kilka sekund."}}
	}
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", f.MediaType)
	h.Set("Content-Disposition", worker.Disposition(f.Name, worker.FileTitle(one.period, one.Name, f.Name)))
	h.Set("ETag", `"`+f.Digest+`"`)
	h.Set("Cache-Control", pageLife)
	http.ServeContent(w, r, f.Name, time.Time{}, bytes.NewReader(body))
	return nil
}

// whole is a file of a report, whole.
func (p *Portal) whole(ctx context.Context, key string, f worker.File) ([]byte, error) {
	ctx = context.WithoutCancel(ctx) // others may wait for it, too
	read := func() ([]byte, error) {
		ctx, cancel := context.WithTimeout(ctx, fileWait)
		defer cancel()
		a, err := worker.ReadFile(ctx, p.Store, key, f)
		return a.Data, err
	}
	if f.Size > fileLarge {
		return read()
	}
	return p.files.get(f.Digest, read)
}

// one is the finished report that a URL names.
func (p *Portal) one(r *http.Request) (ready, error) {
	id, code := r.PathValue("id"), r.PathValue("code")
	if one, ok := p.reports.Get(id + "/" + code); ok && p.Now().Before(one.until) {
		return one, nil
	}
	i, err := p.Ledger.Item(r.Context(), id, code)
	if err != nil {
		return ready{}, err
	}
	b, err := p.Ledger.FindBatch(r.Context(), i.Batch)
	one := ready{i, b.Period, p.Now().Add(readyFor)}
	if err == nil && i.State == worker.Done {
		p.reports.Add(id+"/"+code, one)
	}
	return one, err
}
