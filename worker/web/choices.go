package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/report"
	"github.com/raportjst/raportjst/generator/stat"
)

// choices are what the forms of orders let choose beside the year.
type choices struct {
	Templates []Choice // that are made for the area
	Template  string   // the one that is chosen; "" the one of the kind of the area
	Contents  []box    // its chapters
	All       string   // their names, as the form says them
	Groups    []box    // whom to compare with
	Codes     string   // of units that the visitor has typed
	Formats   []box
}

// box is a thing to choose.
type box struct {
	ID, Title string
	Chosen    bool
}

// choices are those of an area, everything as usual.
func (p *Portal) choices(a Area, template string, year int) (choices, error) {
	c := choices{Templates: p.Templates(a.Code), Template: template, Groups: []box{{"", "grupa, którą dobiera raport", true}}}
	for _, f := range generator.Formats {
		c.Formats = append(c.Formats, box{f.ID, f.Name + " – " + f.Label, f.Usual})
	}
	for _, g := range []struct{ id, name string }{{neighbours, "sąsiedzi"}, {around, "wszystkie jednostki tego szczebla z tej samej jednostki nadrzędnej"}} {
		codes := p.among(a, g.id)
		if g.id == around && len(a.Code) == 6 {
			g.name = "wszystkie gminy powiatu"
		}
		if len(codes) > 0 {
			c.Groups = append(c.Groups, box{strings.Join(codes, ","), fmt.Sprintf("%s, razem: %d", g.name, len(codes)), false})
		}
	}
	if p.Library == nil {
		return c, nil
	}
	all, err := p.Library.Contents(report.Request{Area: stat.AreaCode(a.Code), Period: stat.Period(year), Template: template})
	var f *fault.Fault
	if errors.As(err, &f) && template != "" {
		return c, failure{http.StatusUnprocessableEntity, &fault.Fault{What: locale.Upper(f.Where) + ": " + f.What + ".", Hint: locale.Upper(f.Hint) + "."}, &link{URL: "/jst/" + a.Code + "/zamow", Of: "Popraw zamówienie"}}
	}
	if err != nil { // told by the order
		return c, nil
	}
	var names []string
	for _, x := range all {
		c.Contents = append(c.Contents, box{x.ID, x.Title, true})
		names = append(names, x.ID)
	}
	c.All = strings.Join(names, ",")
	return c, nil
}

// like chooses what was chosen in a form that comes back.
func (c *choices) like(form map[string][]string) {
	mark := func(all []box, field string) {
		for i := range all {
			all[i].Chosen = slices.Contains(form[field], all[i].ID)
		}
	}
	mark(c.Contents, "sections")
	mark(c.Formats, "formats")
	c.Groups[0].Chosen = true
	for i := range c.Groups[1:] {
		g := &c.Groups[i+1]
		if g.Chosen = slices.Contains(form["peers"], g.ID); g.Chosen {
			c.Groups[0].Chosen = false
		}
	}
	for _, typed := range form["peers"] {
		if !slices.ContainsFunc(c.Groups, func(g box) bool { return g.ID == typed }) {
			c.Codes = typed
		}
	}
}
