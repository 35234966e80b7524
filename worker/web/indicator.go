package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
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

// One indicator of all units has a page: which units, which year and which of them stands out is
// in its address, "/wskaznik/bdl:72305?szczebel=gmina&w=30&rok=2023&jst=302109".

// tiers are the tiers of units, by what the address calls them.
var tiers = []struct {
	id, name string
	digits   int
}{{"gmina", "gminy i miasta", 6}, {"powiat", "powiaty", 4}, {"wojewodztwo", "województwa", 2}}

// How many units of a ranking are shown at once, and of a longer one: the first, those around the
// one that stands out, the last.
const (
	rankedAll    = 60
	rankedFirst  = 10
	rankedAround = 3

	mappedMost = 500 // units of a map that lies in the page: one of all gminas weighs a megabyte
)

// asked is what an address asks of an indicator.
type asked struct {
	report.Across
	All bool // of a long ranking
}

// indicatorPage is the page of an indicator.
type indicatorPage struct {
	frame
	Indicator document.AnnexIndicator
	Tiers     []option
	Within    []option
	Years     []option
	Own       *Area
	Typed     string // the unit that should stand out, as it is typed
	Asked     string // the same where there is none
	Survey    *report.Survey
	Where     string // "Województwo wielkopolskie"
	Rows      []ranked
	Hidden    int // units of the ranking that are not shown
	WholeURL  string
	FileURL   string // without extension
	Query     template.URL
	Patterns  template.HTML
	Map       template.HTML
	Sum       bool   // there is no map
	Large     bool   // the map is a file alone
	Said      string // why there is nothing
	Practices []report.Practice
	Service   string
	Area      string
}

// option is a choice of a form.
type option struct {
	ID, Name string
	Here     bool
}

// ranked is a line of a ranking.
type ranked struct {
	report.Ranked
	URL   string
	Place string
	Under string // where the unit lies
	Bar   int    // of 100; 0: no bar
	Gap   bool   // units are left out before it
}

// indicatorURL is the address of the page of an indicator.
func indicatorURL(id string) string {
	return "/wskaznik/" + strings.ReplaceAll(url.PathEscape(id), "%2F", "/")
}

// indicator answers with the page of an indicator, or its table or map as a file.
func (p *Portal) indicator(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	ext := ""
	if e := path.Ext(id); mediaTypes[e] != "" {
		id, ext = strings.TrimSuffix(id, e), e
	}
	n := slices.IndexFunc(p.surveyed, func(i document.AnnexIndicator) bool { return i.ID == id })
	if n < 0 {
		return notFound("Nie ma w danych wskaźnika „"+id+"”.", "Wybierz wskaźnik z listy na stronie „Wskaźniki”.")
	}
	query := r.URL.Query()
	a, own, err := p.asks(query, id)
	if err != nil {
		return err
	}
	said := strings.TrimSpace(query.Get("jst"))
	key := digestOf("wskaznik", p.base, ext, fmt.Sprint(a), said)
	k, err := p.cache.get(key, func() ([]byte, string, error) {
		ctx := context.WithoutCancel(r.Context())
		s, a, err := p.survey(ctx, a)
		var f *fault.Fault
		if errors.As(err, &f) && ext != "" {
			return nil, "", notFound("Nie ma takiego pliku.", f.Hint)
		}
		if err != nil && f == nil {
			return nil, "", err
		}
		if ext != "" {
			body, err := p.surveyFile(s, a, ext)
			return body, mediaTypes[ext], err
		}
		page := p.indicatorPage(p.surveyed[n], a, own, said)
		if f != nil {
			page.Said = "Nie ma tu czego pokazać: " + f.What + ". Można: " + f.Hint + "."
		} else if err := p.showSurvey(page, s, a); err != nil {
			return nil, "", err
		}
		body, err := p.fill("wskaznik", page)
		return body, "text/html; charset=utf-8", err
	})
	if err != nil {
		return err
	}
	if ext != "" {
		w.Header().Set("Content-Disposition", `inline; filename="wskaznik-`+slug(id)+ext+`"`)
	}
	return k.send(w, r, pageLife)
}

// slug is an id as it may stand in the name of a file.
func slug(id string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, id)
}

// asks reads an address. A unit that stands out names the tier and the voivodeship where the
// address does not.
func (p *Portal) asks(query url.Values, id string) (asked, *Area, error) {
	a := asked{Across: report.Across{Indicator: stat.IndicatorID(id)}, All: query.Get("wszystkie") != ""}
	for _, t := range tiers {
		if t.id == query.Get("szczebel") {
			a.Tier = t.digits
		}
	}
	if s := query.Get("szczebel"); s != "" && a.Tier == 0 {
		return a, nil, notFound("Nie ma szczebla „"+s+"”.", "Wybierz gminy, powiaty albo województwa.")
	}
	var own *Area
	if s := strings.TrimSpace(query.Get("jst")); s != "" {
		found := p.Catalogue.find(s)
		n := slices.IndexFunc(found, func(x Area) bool { return a.Tier == 0 || a.Tier == len(x.Code) })
		if n >= 0 {
			own = &found[n]
			a.Own, a.Tier = stat.AreaCode(own.Code), len(own.Code)
		}
	}
	a.Within = stat.Country
	switch w := query.Get("w"); {
	case w != "" && w != string(stat.Country):
		x, ok := p.Catalogue.area(w)
		if !ok || len(x.Code) > 4 {
			return a, nil, notFound("Nie ma obszaru „"+w+"”.", "Podaj kod województwa albo powiatu.")
		}
		if a.Tier != 0 && len(w) >= a.Tier { // voivodeships of a voivodeship
			break
		}
		a.Within = stat.AreaCode(w)
	case w == "" && own != nil && len(own.Code) > 2:
		a.Within = stat.AreaCode(own.Code[:2])
	}
	if s := query.Get("rok"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			return a, nil, notFound("Rok „"+s+"” nie jest liczbą.", "Wybierz rok z listy.")
		}
		a.Period = stat.Period(n)
	}
	return a, own, nil
}

// survey reads what is asked for; where no tier is named, of the lowest that has values.
func (p *Portal) survey(ctx context.Context, a asked) (*report.Survey, asked, error) {
	if a.Tier != 0 {
		s, err := p.Library.Survey(ctx, a.Across)
		return s, a, err
	}
	var first error
	for _, t := range tiers {
		if a.Tier = t.digits; len(a.Within) >= t.digits && a.Within != stat.Country {
			continue
		}
		s, err := p.Library.Survey(ctx, a.Across)
		if err == nil {
			return s, a, nil
		}
		if first == nil {
			first = err
		}
		if !errors.As(err, new(*fault.Fault)) {
			break
		}
	}
	a.Tier = tiers[0].digits
	return nil, a, first
}

// indicatorPage is what the page says of an indicator itself and offers to choose.
func (p *Portal) indicatorPage(i document.AnnexIndicator, a asked, own *Area, said string) *indicatorPage {
	page := &indicatorPage{frame: p.frame(i.Label, "wskazniki"), Indicator: i, Own: own, Service: p.subjectURL("usluga", i.Service), Area: p.subjectURL("obszar", i.Area)}
	page.Raport = p.assets["raport.css"].digest
	switch found := p.Catalogue.find(said); {
	case own == nil:
		page.Asked, page.Typed = said, said
	case found[0].Code == own.Code: // else another unit has the same name
		page.Typed = own.Name
	default:
		page.Typed = own.Code
	}
	for _, t := range tiers {
		page.Tiers = append(page.Tiers, option{t.id, t.name, t.digits == a.Tier})
	}
	page.Within = []option{{string(stat.Country), "cała Polska", a.Within == stat.Country}}
	for _, v := range p.Catalogue.children("") {
		page.Within = append(page.Within, option{v.Code, v.Name, v.Code == string(a.Within)})
	}
	if x, ok := p.Catalogue.area(string(a.Within)); ok {
		page.Where = x.Name
		if len(x.Code) == 4 {
			page.Within = append(page.Within, option{x.Code, x.Name, true})
		}
	}
	page.Practices = p.practicesOf(i.ID, i.Service)
	return page
}

// address writes what is asked as a query.
func (a asked) address() string {
	v := url.Values{"w": {string(a.Within)}, "rok": {fmt.Sprint(a.Period)}}
	for _, t := range tiers {
		if t.digits == a.Tier {
			v.Set("szczebel", t.id)
		}
	}
	if a.Own != "" {
		v.Set("jst", string(a.Own))
	}
	return v.Encode()
}

// showSurvey puts what was found on the page.
func (p *Portal) showSurvey(page *indicatorPage, s *report.Survey, a asked) error {
	page.Survey, page.Indicator, a.Period = s, s.Indicator, s.Period
	for _, y := range s.Years {
		page.Years = append(page.Years, option{fmt.Sprint(y), fmt.Sprint(y), y == s.Period})
	}
	page.FileURL, page.Query = indicatorURL(s.Indicator.ID), template.URL(a.address()) //nolint:gosec // encoded
	page.WholeURL = page.FileURL + "?" + a.address() + "&wszystkie=1#ranking"
	page.Rows, page.Hidden = p.ranking(s, a.All)
	page.Sum = len(s.Document.Body) == 0
	if page.Large = !page.Sum && len(s.Ranked) > mappedMost; page.Large {
		return nil
	}
	parts, err := html.Compose(s.Document, html.Options{Files: func(string) []html.File {
		var out []html.File
		for _, kind := range []string{"png", "svg"} {
			out = append(out, html.File{Name: strings.ToUpper(kind), URL: page.FileURL + "." + kind + "?" + a.address()})
		}
		return out
	}})
	if err != nil {
		return err
	}
	page.Patterns = template.HTML(parts.Patterns) //nolint:gosec // the generator escapes
	if len(s.Document.Body) > 0 {
		page.Map = template.HTML(parts.Sections[0].HTML) //nolint:gosec // the generator escapes
	}
	return nil
}

// ranking is the list of units as the page shows it: whole, or both ends and what lies around
// the unit that stands out.
func (p *Portal) ranking(s *report.Survey, all bool) (rows []ranked, hidden int) {
	most, negative, at := 0.0, false, -1
	for i, x := range s.Ranked {
		if x.Value.Present {
			most, negative = max(most, x.Measure), negative || x.Measure < 0
		}
		if x.Own {
			at = i
		}
	}
	shows := func(i int) bool {
		n := len(s.Ranked)
		return all || n <= rankedAll || i < rankedFirst || i >= n-rankedAround || at >= 0 && i >= at-rankedAround && i <= at+rankedAround
	}
	gap := false
	for i, x := range s.Ranked {
		if !shows(i) {
			gap = true
			hidden++
			continue
		}
		row := ranked{Ranked: x, Gap: gap, Place: "–"}
		gap = false
		if x.Place > 0 {
			row.Place = strconv.Itoa(x.Place) + "."
		}
		if a, ok := p.Catalogue.area(string(x.Code)); ok {
			row.URL, row.Under = "/jst/"+a.Code, a.Place
		}
		if x.Value.Present && !negative && most > 0 {
			row.Bar = max(1, int(100*x.Measure/most))
		}
		rows = append(rows, row)
	}
	return rows, hidden
}

// surveyFile is the table or the map of a survey as a file.
func (p *Portal) surveyFile(s *report.Survey, a asked, ext string) ([]byte, error) {
	if ext != ".csv" {
		var b bytes.Buffer
		err := figures.Writer{Format: figures.Format(ext[1:])}.One(&b, s.Document, "mapa-wskaznika")
		if errors.Is(err, figures.ErrNoFigure) {
			return nil, notFound("Tego wskaźnika nie ma na mapie.", "Pobierz tabelę (CSV).")
		}
		return b.Bytes(), err
	}
	t := &document.Table{Columns: []document.Column{{Head: "Miejsce"}, {Head: "Jednostka"}, {Head: "TERYT"}, {Head: "Położenie"}, {Head: "Wskaźnik"}, {Head: "Rok"}, {Head: "Wartość"}, {Head: "Jednostka miary"}, {Head: fmt.Sprintf("Wartość %d", s.Period-5)}, {Head: "Źródło"}}}
	rows, _ := p.ranking(s, true)
	text := func(s string) document.Cell { return document.Cell{Text: document.Plainly(s)} }
	for _, x := range rows {
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{text(strings.Trim(x.Place, "–.")), text(x.Name), text(string(x.Code)), text(x.Under), text(s.Indicator.Label), text(fmt.Sprint(s.Period)), {Number: &x.Value}, text(s.Indicator.Unit), {Number: &x.Before}, text(s.Indicator.Source + ", pobrano " + s.Indicator.Extracted)}})
	}
	return html.CSV(t), nil
}
