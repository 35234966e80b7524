package web

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/html"
	"github.com/raportjst/raportjst/generator/report"
	"github.com/raportjst/raportjst/generator/stat"
)

// Units are compared on a page whose address says with whom and for which year, so that it can be
// sent and kept: "?z=sasiedzi&rok=2024", "?z=981002,981005".

// Whom a unit can be compared with beside a list of codes.
const (
	neighbours = "sasiedzi"
	around     = "powiat" // the units inside the same one above
	group      = "grupa"
)

// mostBeside is how many units a page puts beside one: the largest powiat has fewer gminas, and the
// largest voivodeship not more powiats.
const mostBeside = 50

// byTemplate makes comparisons.
const byTemplate = "porownanie"

// tab is one choice of whom to compare with.
type tab struct {
	URL, Name string
	Here      bool
}

// comparison is the page that puts units beside one.
type comparison struct {
	frame
	Area      Area
	Path      []Area
	Tabs      []tab
	Years     []year
	Year      int
	Against   string // as in the address
	Beside    []beside
	Named     string // what the unit is compared with
	Own       bool   // it is a list of the reader's own
	URL       string // of this comparison
	Said      string // why there is nothing to see, or what was left out
	Asked     string // what was typed to be added
	Found     []beside
	Patterns  template.HTML
	Contents  []html.Entry
	Sections  []section
	Reference string // of the unit's own page for the year
}

// beside is a unit of a comparison with the address of the comparison that it is taken from or
// added to.
type beside struct {
	Area
	URL string
}

// compareURL is the address of a comparison.
func compareURL(code, against string, year int) string {
	return fmt.Sprintf("/jst/%s/porownanie?z=%s&rok=%d", code, strings.ReplaceAll(url.QueryEscape(against), "%2C", ","), year)
}

// upper names the unit whose parts a unit is one of: its powiat, its voivodeship, the country.
func (p *Portal) upper(a Area) string {
	if up, ok := p.Catalogue.area(p.Catalogue.parent(a.Code)); ok {
		return up.Name
	}
	return "wszystkie województwa"
}

// tabs are the choices of whom to compare with, without those that have nobody in them.
func (p *Portal) tabs(a Area, year int, here string) []tab {
	var out []tab
	for _, t := range []struct{ id, name string }{{neighbours, "sąsiedzi"}, {around, p.upper(a)}} {
		if n := len(p.among(a, t.id)); n > 0 {
			out = append(out, tab{compareURL(a.Code, t.id, year), fmt.Sprintf("%s (%d)", t.name, n), here == t.id})
		}
	}
	return append(out, tab{compareURL(a.Code, group, year), "grupa porównawcza", here == group}, tab{compareURL(a.Code, "", year), "własny wybór", here != neighbours && here != around && here != group})
}

// among are the units that a choice names by the register, without the unit itself.
func (p *Portal) among(a Area, choice string) []string {
	var out []string
	switch choice {
	case neighbours:
		if p.Register != nil {
			for _, c := range p.Register.Neighbours(stat.AreaCode(a.Code)) {
				out = append(out, string(c))
			}
		}
	case around:
		for _, x := range p.Catalogue.children(p.Catalogue.parent(a.Code)) {
			if len(x.Code) == len(a.Code) {
				out = append(out, x.Code)
			}
		}
	}
	return slices.DeleteFunc(out, func(c string) bool { return c == a.Code || !p.Catalogue.has(c) })
}

// listed reads a list of codes as it stands in an address. What is no unit of the tier of the one
// that is compared is an error that names it.
func (p *Portal) listed(a Area, codes string) ([]string, error) {
	var out []string
	for code := range strings.SplitSeq(codes, ",") {
		if code = strings.TrimSpace(code); code == "" || code == a.Code || slices.Contains(out, code) {
			continue
		}
		x, _, err := p.lookup(code)
		switch {
		case err != nil:
			return nil, err
		case len(x.Code) != len(a.Code):
			return nil, notFound(x.Name+" i "+a.Name+" to jednostki różnych szczebli, więc nie da się ich porównać.", "Wybierz jednostki tego samego szczebla.")
		case !slices.Contains(out, x.Code) && x.Code != a.Code:
			out = append(out, x.Code)
		}
	}
	if len(out) > mostBeside {
		return nil, notFound(fmt.Sprintf("Porównanie obejmuje zbyt wiele jednostek: %d.", len(out)), fmt.Sprintf("Wybierz najwyżej %d.", mostBeside))
	}
	return out, nil
}

// beside is the request for the comparison that a list names.
func (p *Portal) beside(r report.Request, codes string) (report.Request, error) {
	a, _ := p.Catalogue.area(string(r.Area))
	var err error
	r.Template = byTemplate
	r.Peers, err = p.listed(a, codes)
	return r, err
}

// grouped are the units of the peer group that the report of a unit has.
func (p *Portal) grouped(ctx context.Context, a Area, year int) ([]string, error) {
	d, err := p.Library.Build(ctx, report.Request{Area: stat.AreaCode(a.Code), Period: stat.Period(year)})
	if err != nil {
		return nil, err
	}
	var out []string
	for _, x := range d.Annex.Areas {
		if strings.Contains(x.Relation, "grupa porównawcza") && x.Code != a.Code && p.Catalogue.has(x.Code) {
			out = append(out, x.Code)
		}
	}
	return out, nil
}

// compare answers with a comparison.
func (p *Portal) compare(w http.ResponseWriter, r *http.Request) error {
	a, moved, err := p.lookup(r.PathValue("code"))
	if err != nil {
		return err
	}
	if moved {
		http.Redirect(w, r, "/jst/"+a.Code+"/porownanie?"+r.URL.RawQuery, http.StatusMovedPermanently)
		return nil
	}
	years, err := p.yearsOf(r.Context(), a.Code)
	if err != nil {
		return err
	}
	query := r.URL.Query()
	shown := best(years)
	if asked := query.Get("rok"); asked != "" {
		n, err := strconv.Atoi(asked)
		if err != nil || !slices.ContainsFunc(years, func(y report.Year) bool { return int(y.Period) == n }) {
			return notFound(noYear(a, n), spans(years))
		}
		shown = n
	}
	if shown == 0 {
		return notFound(a.Name+": w zbiorze danych nie ma danych tej jednostki, więc nie ma czego porównać.", "Wybierz inną jednostkę.")
	}
	against, asked := query.Get("z"), strings.TrimSpace(query.Get("dodaj"))
	var codes []string
	own := against != neighbours && against != around && against != group
	if own {
		if codes, err = p.listed(a, against); err != nil {
			return err
		}
	}
	if own && asked != "" { // one that can only be that one is added at once
		if found := p.additions(a, codes, asked); len(found) == 1 {
			http.Redirect(w, r, compareURL(a.Code, strings.Join(append(codes, found[0].Code), ","), shown), http.StatusSeeOther)
			return nil
		}
	}
	key := digestOf("porownanie", p.base, a.Code, strconv.Itoa(shown), against, asked, fmt.Sprint(years))
	k, err := p.cache.get(key, func() ([]byte, string, error) {
		c, err := p.contrast(context.WithoutCancel(r.Context()), a, shown, years, against, codes, asked)
		if err != nil {
			return nil, "", err
		}
		body, err := p.fill("porownanie", c)
		return body, "text/html; charset=utf-8", err
	})
	if err != nil {
		return err
	}
	return k.send(w, r, pageLife)
}

// additions are the units that a text may mean and that a comparison has not yet.
func (p *Portal) additions(a Area, codes []string, asked string) []Area {
	found := slices.DeleteFunc(p.Catalogue.find(asked), func(x Area) bool {
		return len(x.Code) != len(a.Code) || x.Code == a.Code || slices.Contains(codes, x.Code)
	})
	return found[:min(len(found), 10)]
}

// contrast makes what the page of a comparison shows.
func (p *Portal) contrast(ctx context.Context, a Area, shown int, years []report.Year, against string, codes []string, asked string) (*comparison, error) {
	c := &comparison{
		frame: p.frame("Porównanie: "+a.Name, "szukaj"), Area: a, Path: p.Catalogue.above(a.Code), Tabs: p.tabs(a, shown, against), Year: shown,
		Against: against, Asked: asked, Reference: fmt.Sprintf("/jst/%s/%d", a.Code, shown),
	}
	c.Raport = p.assets["raport.css"].digest
	var err error
	switch against {
	case neighbours:
		c.Named, codes = "sąsiedzi", p.among(a, against)
	case around:
		c.Named, codes = p.upper(a), p.among(a, against)
	case group:
		c.Named = "grupa porównawcza"
		if codes, err = p.grouped(ctx, a, shown); err != nil {
			return nil, err
		}
	default:
		c.Named, c.Own = "własny wybór", true
		against = strings.Join(codes, ",")
		for _, x := range p.additions(a, codes, asked) {
			c.Found = append(c.Found, beside{x, compareURL(a.Code, strings.Join(append(slices.Clone(codes), x.Code), ","), shown)})
		}
	}
	c.URL, c.Against = compareURL(a.Code, against, shown), against
	for _, y := range years {
		c.Years = append(c.Years, year{y, int(y.Period) == shown, false})
	}
	if len(codes) > mostBeside {
		c.Said = fmt.Sprintf("Ta grupa liczy %d jednostek, za dużo na jedno zestawienie. Miejsce w całej grupie przy każdym wskaźniku pokazuje strona jednostki.", len(codes))
		return c, nil
	}
	for _, code := range codes {
		x, _ := p.Catalogue.area(code)
		less := slices.DeleteFunc(slices.Clone(codes), func(other string) bool { return other == code })
		c.Beside = append(c.Beside, beside{x, compareURL(a.Code, strings.Join(less, ","), shown)})
	}
	if len(codes) == 0 {
		return c, nil
	}
	d, err := p.Library.Build(ctx, report.Request{Area: stat.AreaCode(a.Code), Period: stat.Period(shown), Template: byTemplate, Peers: codes})
	var f *fault.Fault
	if errors.As(err, &f) {
		c.Said = "Tych jednostek nie da się porównać za ten rok: " + f.What + ". Wybierz inny rok albo inne jednostki."
		return c, nil
	}
	if err != nil {
		return nil, err
	}
	parts, err := p.parts(d, fmt.Sprintf("/jst/%s/%d/", a.Code, shown), "z="+strings.Join(codes, ",")+"&v="+p.base[:8])
	if err != nil {
		return nil, err
	}
	c.Patterns, c.Contents, c.Sections = template.HTML(parts.Patterns), parts.Contents, sections(parts) //nolint:gosec // the generator escapes
	return c, nil
}
