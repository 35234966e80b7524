package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker"
)

// Who places an order may give it up, or delete it when it is over: the address to which an order leads holds the right, which
// is made of the order and the secret of the ledger, so that nothing is kept for it and every
// portal beside knows it. Who only has the address of the order has it not.

// Key reads the secret that all portals on one ledger share.
type Key func(context.Context) ([]byte, error)

// right is the right to cancel or delete an order; "" where there is no secret.
func (p *Portal) right(ctx context.Context, id string) string {
	if p.Key == nil {
		return ""
	}
	key, err := p.Key(ctx)
	if err != nil || len(key) == 0 {
		p.Log.Warn("the right to cancel an order cannot be made", "batch", id, "error", err)
		return ""
	}
	h := hmac.New(sha256.New, key)
	h.Write([]byte("cancel/1" + id))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:16])
}

// mayCancel tells whether a request may cancel or delete an order.
func (p *Portal) mayCancel(r *http.Request, id, shown string) bool {
	if p.Guard.operator(r) {
		return true
	}
	want := p.right(r.Context(), id)
	return want != "" && hmac.Equal([]byte(want), []byte(shown))
}

// cancel gives up what is left of an order.
func (p *Portal) cancel(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return unread(err, "Nie można odczytać formularza.", "Spróbuj ponownie.")
	}
	id, right := r.PathValue("id"), r.Form.Get("moje")
	b, err := p.Ledger.FindBatch(r.Context(), id)
	if err != nil {
		return err
	}
	if !p.mayCancel(r, b.ID, right) {
		return notYours("anulować")
	}
	if _, err := p.Ledger.Cancel(context.WithoutCancel(r.Context()), b.ID); err != nil {
		return err
	}
	http.Redirect(w, r, "/partie/"+b.ID, http.StatusSeeOther)
	return nil
}

func notYours(what string) error {
	return failure{status: http.StatusForbidden, Fault: &fault.Fault{What: "To zamówienie może " + what + " tylko ten, kto je złożył, albo administrator.", Hint: "Otwórz stronę zamówienia pod adresem, który pokazał się po jego złożeniu."}}
}

// asksDelete answers with the page that asks whether an order is to be deleted: there is no way back.
func (p *Portal) asksDelete(w http.ResponseWriter, r *http.Request) error {
	b, err := p.Ledger.FindBatch(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	right := r.URL.Query().Get("moje")
	if !p.mayCancel(r, b.ID, right) {
		return notYours("usunąć")
	}
	return p.show(w, http.StatusOK, "usun", struct {
		frame
		Batch worker.Batch
		Right string
	}{p.frame("Usuń zamówienie: "+b.Title, "partie"), b, right})
}

// delete takes an order that is over out of the ledger, with the files that only it names.
func (p *Portal) delete(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return unread(err, "Nie można odczytać formularza.", "Spróbuj ponownie.")
	}
	b, err := p.Ledger.FindBatch(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if !p.mayCancel(r, b.ID, r.Form.Get("moje")) {
		return notYours("usunąć")
	}
	ctx := context.WithoutCancel(r.Context())
	alone, err := p.Ledger.Delete(ctx, b.ID)
	if errors.Is(err, worker.ErrKept) {
		return failure{status: http.StatusConflict, Fault: &fault.Fault{What: "Tego zamówienia nie można usunąć: jeszcze trwa albo wysłano z niego wiadomości, których jest dowodem.", Hint: "Jeśli trwa, anuluj je na jego stronie i usuń potem."}}
	}
	if err != nil {
		return err
	}
	for _, key := range p.reports.Keys() {
		if strings.HasPrefix(key, b.ID+"/") {
			p.reports.Remove(key)
		}
	}
	for _, i := range alone {
		if p.Remove == nil || len(i.Files) == 0 {
			continue
		}
		if err := p.Remove(ctx, i); err != nil { // the order is gone all the same
			p.Log.Warn("files of a deleted order stay in the store", "batch", b.ID, "area", i.Area, "key", i.Key, "error", err)
		}
	}
	p.shelf.forget()
	http.Redirect(w, r, "/partie?usunieto=1", http.StatusSeeOther)
	return nil
}
