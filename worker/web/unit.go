package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/figures"
	"github.com/raportjst/raportjst/generator/html"
	"github.com/raportjst/raportjst/generator/report"
	"github.com/raportjst/raportjst/generator/stat"
)

// unit is the page of a unit: what the report says, read on a screen, with its files.
type unit struct {
	frame
	Area     Area
	Path     []Area
	Children []Area
	Below    string
	Atlas    template.HTML
	Year     int // shown; 0: there is no year with data
	Years    []year
	Lead     string
	Head     template.HTML
	Patterns template.HTML
	Contents []html.Entry
	Sections []section
	Main     *link     // the file to download first
	Made     []edition // of the year shown
	Others   []edition // of other years, and of other data
	Unknown  bool      // which reports are finished cannot be read now
	Compare  []tab     // with whom the unit can be compared
}

// year is a year that a page of a unit can show.
type year struct {
	report.Year
	Here, Newest bool
}

// section is a chapter as it lies in the page.
type section struct {
	Anchor, Title string
	HTML          template.HTML
}

// lookup finds the unit that an address names. One of seven digits is that of the register
// TERYT, with the kind of a gmina at its end; it leads to the one of six.
func (p *Portal) lookup(code string) (a Area, moved bool, err error) {
	if a, ok := p.Catalogue.area(code); ok {
		return a, false, nil
	}
	if len(code) == 7 {
		if a, ok := p.Catalogue.area(code[:6]); ok {
			return a, true, nil
		}
	}
	if len(code) == 4 { // a city with powiat rights on its other tier
		if a, ok := p.Catalogue.area(code + "01"); ok {
			return a, true, nil
		}
	}
	return Area{}, false, notFound("Nie ma w rejestrze jednostki o kodzie „"+code+"”.", "Znajdź jednostkę po nazwie albo sprawdź kod TERYT.")
}

// yearsOf lists what a unit can be shown and ordered for: up to the year that has ended last,
// or the newest of the data where that is later.
func (p *Portal) yearsOf(ctx context.Context, code string) ([]report.Year, error) {
	last := p.lastYear()
	key := fmt.Sprint(code, " ", last)
	if years, ok := p.offered.Get(key); ok {
		return years, nil
	}
	years, err := p.Library.Years(ctx, report.Request{Area: stat.AreaCode(code)}, stat.Period(last))
	if err != nil {
		return nil, err
	}
	p.offered.Add(key, years)
	return years, nil
}

// lastYear is the newest year that can be reported on.
func (p *Portal) lastYear() int {
	last := p.Now().In(p.Zone).Year() - 1
	if n := p.Catalogue.periods; len(n) > 0 {
		last = max(last, n[0])
	}
	return last
}

// best is the year that a page shows unasked: the newest that shows a good deal, at least half
// of what the fullest year shows. The newest of all may have little yet, and one that has
// figures of its own year may be long ago.
func best(years []report.Year) int {
	most := 0
	for _, y := range years {
		most = max(most, y.Own+y.Earlier)
	}
	for _, y := range years {
		if 2*(y.Own+y.Earlier) >= most {
			return int(y.Period)
		}
	}
	return 0
}

// unit answers with the page of a unit.
func (p *Portal) unit(w http.ResponseWriter, r *http.Request) error {
	a, moved, err := p.lookup(r.PathValue("code"))
	if err != nil {
		return err
	}
	rest := r.PathValue("year")
	if moved {
		to := "/jst/" + a.Code
		if rest != "" {
			to += "/" + rest
		}
		http.Redirect(w, r, to, http.StatusMovedPermanently)
		return nil
	}
	years, err := p.yearsOf(r.Context(), a.Code)
	if err != nil {
		return err
	}
	shown := best(years)
	if rest != "" {
		n, err := strconv.Atoi(rest)
		if err != nil {
			return notFound("Nie ma takiej strony.", "Sprawdź adres.")
		}
		if !slices.ContainsFunc(years, func(y report.Year) bool { return int(y.Period) == n }) {
			return notFound(noYear(a, n), spans(years))
		}
		shown = n
	}
	editions, err := p.finished(r.Context(), a.Code)
	unknown := err != nil
	if unknown {
		p.Log.Warn("finished reports cannot be listed", "area", a.Code, "error", err)
	}
	key := digestOf("jst", p.base, a.Code, strconv.Itoa(shown), fmt.Sprint(rest == "", unknown), fingerprint(editions), fmt.Sprint(years))
	k, err := p.cache.get(key, func() ([]byte, string, error) {
		u, err := p.compose(context.WithoutCancel(r.Context()), a, shown, years, editions)
		if err != nil {
			return nil, "", err
		}
		u.Unknown = unknown
		body, err := p.fill("jst", u)
		return body, "text/html; charset=utf-8", err
	})
	if err != nil {
		return err
	}
	life := pageLife
	if unknown {
		life = "no-store"
	}
	return k.send(w, r, life)
}

// noYear says that a unit has no page and no report of a year.
func noYear(a Area, n int) string {
	return fmt.Sprintf("%s: nie ma własnych danych za rok %d ani za trzy poprzednie lata, więc nie ma z czego sporządzić załącznika.", a.Name, n)
}

// spans tells the years that a unit has.
func spans(years []report.Year) string {
	if len(years) == 0 {
		return "W zbiorze danych nie ma żadnych danych tej jednostki."
	}
	var out []string
	for i := 0; i < len(years); {
		j := i
		for j+1 < len(years) && years[j+1].Period == years[j].Period-1 {
			j++
		}
		s := fmt.Sprint(years[j].Period)
		if i < j {
			s += "–" + fmt.Sprint(years[i].Period)
		}
		out, i = append(out, s), j+1
	}
	slices.Reverse(out)
	return "Można wybrać lata: " + strings.Join(out, ", ") + "."
}

// compose makes what the page of a unit shows.
func (p *Portal) compose(ctx context.Context, a Area, shown int, years []report.Year, editions []edition) (*unit, error) {
	c := p.Catalogue
	u := &unit{frame: p.frame(a.Name, "szukaj"), Area: a, Path: c.above(a.Code), Children: c.children(a.Code), Below: below[len(a.Code)], Atlas: p.atlas(a.Code), Year: shown}
	u.Raport, u.Feed = p.assets["raport.css"].digest, "/jst/"+a.Code+"/atom.xml"
	for i := range u.Children {
		u.Children[i].Place = "" // the page says it
	}
	for _, y := range years {
		u.Years = append(u.Years, year{y, int(y.Period) == shown, int(y.Period) == best(years)})
	}
	for _, e := range editions {
		if e.Batch.Period == shown && e.Current {
			u.Made = append(u.Made, e)
		} else {
			u.Others = append(u.Others, e)
		}
	}
	for _, e := range u.Made {
		if e.Usual() && u.Main == nil && len(e.Links) > 0 {
			u.Main = &e.Links[0]
		}
	}
	if shown == 0 {
		return u, nil
	}
	u.Compare = p.tabs(a, shown, "")
	d, err := p.Library.Build(ctx, report.Request{Area: stat.AreaCode(a.Code), Period: stat.Period(shown)})
	if err != nil {
		return nil, err
	}
	u.Lead = headline(d)
	parts, err := p.parts(d, fmt.Sprintf("/jst/%s/%d/", a.Code, shown), p.base[:8])
	if err != nil {
		return nil, err
	}
	u.Head, u.Patterns, u.Contents, u.Sections = template.HTML(parts.Head), template.HTML(parts.Patterns), parts.Contents, sections(parts) //nolint:gosec // the generator escapes
	return u, nil
}

// parts are a report as parts of a page; the files of its figures lie at an address, with a query.
func (p *Portal) parts(d *document.Document, at, query string) (*html.Parts, error) {
	plain := *d
	plain.Meta.Tag, plain.Cover.Title, plain.Cover.Fields = "", nil, nil // the page says them in its own place
	pictures := map[string]bool{}
	for _, b := range document.All(d.Body) {
		if f, ok := b.(document.Figure); ok {
			_, image := f.Content.(document.Image)
			_, key := f.Content.(document.StripKey)
			pictures[f.ID] = !image && !key
		}
	}
	return html.Compose(&plain, html.Options{Files: func(anchor string) []html.File {
		var out []html.File
		kinds := []string{"csv"}
		if pictures[anchor] {
			kinds = []string{"png", "svg", "csv"}
		}
		if tabled(d, anchor) == nil {
			kinds = slices.DeleteFunc(kinds, func(k string) bool { return k == "csv" })
		}
		for _, k := range kinds {
			out = append(out, html.File{Name: strings.ToUpper(k), URL: at + anchor + "." + k + "?" + query})
		}
		return out
	}, About: func(id string) []html.File {
		own := "?jst=" + d.Annex.Own
		out := []html.File{{Name: "Wszystkie jednostki", URL: indicatorURL(id) + own}}
		if n := slices.IndexFunc(p.surveyed, func(i document.AnnexIndicator) bool { return i.ID == id }); n < 0 {
			out = nil
		} else if len(p.practicesOf(id, p.surveyed[n].Service)) > 0 {
			out = append(out, html.File{Name: "Dobre praktyki", URL: indicatorURL(id) + own + "#praktyki"})
		}
		return out
	}})
}

// sections are the chapters of a page.
func sections(parts *html.Parts) []section {
	out := make([]section, len(parts.Sections))
	for i, s := range parts.Sections {
		out[i] = section{s.Anchor, s.Title, template.HTML(s.HTML)} //nolint:gosec // the generator escapes
	}
	return out
}

// headline is the first finding of a report, of which a page says more below.
func headline(d *document.Document) string {
	for _, b := range document.All(d.Body) {
		f, ok := b.(document.Findings)
		if !ok {
			continue
		}
		var topics, said []string
		for _, i := range f.Items {
			if len(said) == 2 || slices.Contains(topics, i.Topic) {
				continue
			}
			var s strings.Builder
			for _, x := range i.Sentence {
				if t, ok := x.(document.Text); ok {
					s.WriteString(t.Text)
				}
			}
			topics, said = append(topics, i.Topic), append(said, s.String())
		}
		return strings.Join(said, " ")
	}
	return ""
}

// tabled is the table under an anchor: of a figure, or itself.
func tabled(d *document.Document, anchor string) *document.Table {
	for _, b := range document.All(d.Body) {
		if f, ok := b.(document.Figure); ok && f.ID == anchor {
			return f.Table
		}
		if t, ok := b.(document.Table); ok && t.ID == anchor {
			return &t
		}
	}
	return nil
}

// mediaTypes are the files of a figure, by extension.
var mediaTypes = map[string]string{".png": "image/png", ".svg": "image/svg+xml", ".csv": "text/csv; charset=utf-8"}

// figure gives a chart, map or table of the page of a unit as a file.
func (p *Portal) figure(w http.ResponseWriter, r *http.Request) error {
	a, _, err := p.lookup(r.PathValue("code"))
	if err != nil {
		return err
	}
	name := r.PathValue("file")
	ext := path.Ext(name)
	anchor, mediaType := strings.TrimSuffix(name, ext), mediaTypes[ext]
	shown, err := strconv.Atoi(r.PathValue("year"))
	if err != nil || mediaType == "" {
		return notFound("Nie ma takiego pliku.", "Sprawdź adres.")
	}
	with, against := r.URL.Query().Get("v") == p.base[:8], r.URL.Query().Get("z")
	request := report.Request{Area: stat.AreaCode(a.Code), Period: stat.Period(shown)}
	if against != "" {
		if request, err = p.beside(request, against); err != nil {
			return err
		}
	}
	key := digestOf("plik", p.base, a.Code, strconv.Itoa(shown), name, strings.Join(request.Peers, ","))
	k, err := p.cache.get(key, func() ([]byte, string, error) {
		d, err := p.Library.Build(context.WithoutCancel(r.Context()), request)
		var f *fault.Fault
		if errors.As(err, &f) {
			return nil, "", notFound("Nie ma takiego pliku.", f.Hint)
		}
		if err != nil {
			return nil, "", err
		}
		var b bytes.Buffer
		if ext == ".csv" {
			if t := tabled(d, anchor); t != nil {
				return html.CSV(t), mediaType, nil
			}
			err = figures.ErrNoFigure
		} else {
			err = figures.Writer{Format: figures.Format(ext[1:])}.One(&b, d, anchor)
		}
		if errors.Is(err, figures.ErrNoFigure) {
			return nil, "", notFound("Nie ma takiego wykresu, mapy ani tabeli.", "Otwórz stronę jednostki i wybierz plik z listy pod rysunkiem.")
		}
		return b.Bytes(), mediaType, err
	})
	if err != nil {
		return err
	}
	life := pageLife
	if r.URL.RawQuery == p.base[:8] || with {
		life = everLife
	}
	file := fmt.Sprintf("%s-%s-%d%s", anchor, a.Code, shown, ext)
	w.Header().Set("Content-Disposition", `inline; filename="`+file+`"`)
	return k.send(w, r, life)
}
