package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"

	"github.com/raportjst/raportjst/generator/fault"
)

// Who places an order may give it up: the address to which an order leads holds the right, which
// is made of the order and the secret of the ledger, so that nothing is kept for it and every
// portal beside knows it. Who only has the address of the order has it not.

// Key reads the secret that all portals on one ledger share.
type Key func(context.Context) ([]byte, error)

// right is the right to cancel an order; "" where there is no secret.
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

// mayCancel tells whether a request may cancel an order.
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
		return failure{status: http.StatusForbidden, Fault: &fault.Fault{What: "To zamówienie może anulować tylko ten, kto je złożył, albo administrator.", Hint: "Otwórz stronę zamówienia pod adresem, który pokazał się po jego złożeniu."}}
	}
	if _, err := p.Ledger.Cancel(context.WithoutCancel(r.Context()), b.ID); err != nil {
		return err
	}
	http.Redirect(w, r, "/partie/"+b.ID, http.StatusSeeOther)
	return nil
}
