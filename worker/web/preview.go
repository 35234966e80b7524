package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/html"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/report"
	"github.com/raportjst/raportjst/generator/stat"
)

// previewPage shows what an order would hold.
type previewPage struct {
	frame
	Area     Area
	Path     []Area
	Year     int
	Form     url.Values // of the order
	Head     template.HTML
	Patterns template.HTML
	Contents []html.Entry
	Sections []section
}

// preview answers with what an order of the form would hold, before it is placed.
func (p *Portal) preview(w http.ResponseWriter, r *http.Request) error {
	a, _, err := p.lookup(r.PathValue("code"))
	if err != nil {
		return err
	}
	form := r.URL.Query()
	form.Set("area", a.Code)
	spec, err := specOf(form)
	if err != nil {
		return err
	}
	spec = spec.Clean()
	o := request{Areas: []string{a.Code}, Spec: spec}
	if err := sized(o); err != nil {
		return err
	}
	if err := p.offers(r.Context(), o); err != nil {
		return err
	}
	asked, err := json.Marshal(spec)
	if err != nil {
		return fmt.Errorf("preview %s: %w", a.Code, err)
	}
	key := digestOf("podglad", p.base, a.Code, string(asked), form.Encode())
	if !p.cache.has(key) {
		if after := p.limits.wait(p.Guard.visitor(r)); after > 0 {
			return later(w, http.StatusTooManyRequests, after, "Z tego adresu otwarto przed chwilą wiele podglądów.", "Odczekaj minutę i spróbuj ponownie.")
		}
	}
	k, err := p.cache.get(key, func() ([]byte, string, error) {
		d, err := p.Library.Build(context.WithoutCancel(r.Context()), report.Request{Area: stat.AreaCode(a.Code), Period: stat.Period(spec.Period), Template: spec.Template, Peers: spec.Peers, Sections: spec.Sections, Only: spec.Only})
		var f *fault.Fault
		if errors.As(err, &f) {
			return nil, "", refused(locale.Upper(f.Where)+": "+f.What+".", locale.Upper(f.Hint)+".")
		}
		if err != nil {
			return nil, "", err
		}
		plain := *d
		plain.Meta.Tag = ""
		parts, err := html.Compose(&plain, html.Options{})
		if err != nil {
			return nil, "", err
		}
		page := previewPage{frame: p.frame("Podgląd: "+a.Name, "szukaj"), Area: a, Path: p.Catalogue.above(a.Code), Year: spec.Period, Form: form, Head: template.HTML(parts.Head), Patterns: template.HTML(parts.Patterns), Contents: parts.Contents, Sections: sections(parts)} //nolint:gosec // the generator escapes
		page.Raport = p.assets["raport.css"].digest
		body, err := p.fill("podglad", page)
		return body, "text/html; charset=utf-8", err
	})
	var f failure
	if errors.As(err, &f) {
		f.back = &link{URL: "/jst/" + a.Code + "/zamow", Of: "Popraw zamówienie"}
		return f
	}
	if err != nil {
		return err
	}
	return k.send(w, r, "private, max-age=300")
}
