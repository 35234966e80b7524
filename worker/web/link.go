package web

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker"
)

// Link opens the file that a token of a letter gives the right to: worker.OpenLink.
type Link func(ctx context.Context, token string) (generator.Artifact, error)

// linked gives the one file that a link in a letter leads to.
func (p *Portal) linked(w http.ResponseWriter, r *http.Request) error {
	h := w.Header()
	h.Set("Cache-Control", "private, no-store")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Referrer-Policy", "no-referrer") // the address is the right
	if p.Link == nil {
		return worker.ErrNotFound
	}
	a, err := p.Link(r.Context(), r.PathValue("token"))
	switch {
	case errors.Is(err, worker.ErrLinkExpired):
		return failure{status: http.StatusGone, Fault: &fault.Fault{What: "Ten odnośnik wygasł.", Hint: "Poproś nadawcę listu o nowy."}}
	case errors.Is(err, worker.ErrLinkRevoked):
		return failure{status: http.StatusGone, Fault: &fault.Fault{What: "Ten odnośnik został cofnięty przez nadawcę.", Hint: "Poproś nadawcę listu o nowy."}}
	case errors.Is(err, worker.ErrNotFound):
		return notFound("Pod tym adresem nie ma pliku.", "Sprawdź, czy adres z listu jest przepisany w całości, albo poproś nadawcę o plik.")
	case err != nil:
		return err
	}
	h.Set("Content-Type", a.MediaType)
	h.Set("Content-Disposition", worker.Disposition("zalacznik", a.Name))
	http.ServeContent(w, r, a.Name, time.Time{}, bytes.NewReader(a.Data))
	return nil
}
