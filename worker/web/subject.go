package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/report"
)

// Indicators are listed by the area of service and the service that they belong to; each of both
// has a page, and so have the good practices.

// subject is an area of service or a service.
type subject struct {
	Kind, Name, URL string
	Indicators      []document.AnnexIndicator
	Services        []subject // of an area
}

// subjectURL is the address of the page of an area ("obszar") or a service ("usluga"); "" for none.
func (p *Portal) subjectURL(kind, name string) string {
	if name == "" {
		return ""
	}
	return "/" + kind + "/" + locale.Slug(name)
}

// subjects are the areas of service with their services, in the order of reports.
func (p *Portal) subjects() []subject {
	var out []subject
	for _, i := range p.surveyed {
		name := i.Area
		if name == "" {
			name = "Inne"
		}
		n := slices.IndexFunc(out, func(s subject) bool { return s.Name == name })
		if n < 0 {
			n = len(out)
			out = append(out, subject{Kind: "obszar", Name: name, URL: p.subjectURL("obszar", name)})
		}
		a := &out[n]
		a.Indicators = append(a.Indicators, i)
		if i.Service == "" {
			continue
		}
		k := slices.IndexFunc(a.Services, func(s subject) bool { return s.Name == i.Service })
		if k < 0 {
			k = len(a.Services)
			a.Services = append(a.Services, subject{Kind: "usluga", Name: i.Service, URL: p.subjectURL("usluga", i.Service)})
		}
		a.Services[k].Indicators = append(a.Services[k].Indicators, i)
	}
	return out
}

// indicators lists all there are, or those that have the words that are looked for.
func (p *Portal) indicators(w http.ResponseWriter, r *http.Request) error {
	query := strings.TrimSpace(r.URL.Query().Get("q"))
	var found []document.AnnexIndicator
	words := strings.Fields(fold(query))
	for _, i := range p.surveyed {
		text := fold(strings.Join([]string{i.ID, i.Label, i.Name, i.Area, i.Service, i.Definition}, " "))
		if query != "" && !slices.ContainsFunc(words, func(s string) bool { return !strings.Contains(text, s) && !strings.Contains(text, stem(s)) }) {
			found = append(found, i)
		}
	}
	return p.kept(w, r, "wskazniki", digestOf("wskazniki", query), func() any {
		return struct {
			frame
			Query    string
			Found    []document.AnnexIndicator
			Subjects []subject
			Count    int
		}{p.frame("Wskaźniki", "wskazniki"), query, found, p.subjects(), len(p.surveyed)}
	})
}

// subject answers with the page of an area or a service.
func (p *Portal) subject(kind string) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		var found *subject
		for _, a := range p.subjects() {
			for _, s := range append([]subject{a}, a.Services...) {
				if s.URL == "/"+kind+"/"+r.PathValue("name") {
					if found == nil {
						found = &s
					} else { // the same service may stand in several areas
						found.Indicators = append(found.Indicators, s.Indicators...)
					}
				}
			}
		}
		if found == nil {
			return notFound("Nie ma w danych takiego obszaru ani takiej usługi.", "Wybierz je z listy na stronie „Wskaźniki”.")
		}
		return p.kept(w, r, "obszar", digestOf(kind, r.PathValue("name")), func() any {
			var practices []report.Practice
			for _, x := range p.Library.Practices() {
				if kind == "usluga" && x.Service == found.Name || kind == "obszar" && x.Domain == found.Name {
					practices = append(practices, x)
				}
			}
			f := p.frame(found.Name, "wskazniki")
			f.Raport = p.assets["raport.css"].digest
			return struct {
				frame
				Subject   subject
				Practices []report.Practice
			}{f, *found, practices}
		})
	}
}

// practicesOf are the good practices of an indicator, those of its service after those that name it.
func (p *Portal) practicesOf(id, service string) []report.Practice {
	var named, of []report.Practice
	for _, x := range p.Library.Practices() {
		switch {
		case slices.Contains(x.Indicators, id):
			named = append(named, x)
		case x.Service != "" && x.Service == service:
			of = append(of, x)
		}
	}
	return append(named, of...)
}

// practices lists good practices, by words, service or indicator.
func (p *Portal) practices(w http.ResponseWriter, r *http.Request) error {
	query, service, id := strings.TrimSpace(r.URL.Query().Get("q")), r.URL.Query().Get("usluga"), r.URL.Query().Get("wskaznik")
	all := p.Library.Practices()
	var found []report.Practice
	var services []option
	for _, x := range all {
		if x.Service != "" && !slices.ContainsFunc(services, func(o option) bool { return o.Name == x.Service }) {
			services = append(services, option{locale.Slug(x.Service), x.Service, locale.Slug(x.Service) == service})
		}
		text := fold(strings.Join([]string{x.Title, x.Summary, x.Name, x.Domain, x.Service, strings.Join(x.Indicators, " ")}, " "))
		if service != "" && locale.Slug(x.Service) != service || id != "" && !slices.Contains(x.Indicators, id) ||
			slices.ContainsFunc(strings.Fields(fold(query)), func(s string) bool { return !strings.Contains(text, s) && !strings.Contains(text, stem(s)) }) {
			continue
		}
		found = append(found, x)
	}
	slices.SortFunc(services, func(a, b option) int { return locale.Compare(a.Name, b.Name) })
	label := ""
	if n := slices.IndexFunc(p.surveyed, func(i document.AnnexIndicator) bool { return i.ID == id }); n >= 0 {
		label = p.surveyed[n].Label
	}
	return p.kept(w, r, "praktyki", digestOf("praktyki", query, service, id), func() any {
		return struct {
			frame
			Query, Indicator, Label string
			Services                []option
			Practices               []report.Practice
			Count                   int
		}{p.frame("Dobre praktyki", "wskazniki"), query, id, label, services, found, len(all)}
	})
}

// kept answers with a page that is the same for all who ask for it.
func (p *Portal) kept(w http.ResponseWriter, r *http.Request, name, key string, data func() any) error {
	k, err := p.cache.get(digestOf("strona", p.base, key), func() ([]byte, string, error) {
		body, err := p.fill(name, data())
		return body, "text/html; charset=utf-8", err
	})
	if err != nil {
		return err
	}
	return k.send(w, r, pageLife)
}
