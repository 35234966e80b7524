package main

import (
	"fmt"
	"strings"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/gazetteer"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/report"
	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/web"
)

// library is the templates of a generator that openGenerator has made.
func library(g *generator.Generator) *report.Library { return g.Builder.(*report.Library) }

// rendering is how this program makes reports; tests run the program as one of another release.
var rendering = generator.Rendering

// edition names what this program makes reports from.
func edition(g *generator.Generator, s *snapshot.Snapshot) worker.Edition {
	lib := library(g)
	e := worker.Edition{Data: s.ID(), Generator: fmt.Sprintf("rendering %d", rendering), Rendering: rendering, Template: func(id string) string {
		if id != "" {
			return lib.TemplateVersion(id)
		}
		// Which template the kind of an area chooses depends on all of them.
		var all []string
		for _, t := range lib.Templates() {
			all = append(all, t.ID+" "+lib.TemplateVersion(t.ID))
		}
		return strings.Join(all, ", ")
	}}
	if s.Invented() {
		e.Tag = locale.Invented
	}
	return e
}

// ordered reports whether areas of a kind have reports: all but the country.
func ordered(k stat.Kind) bool { return k != stat.KindCountry && locale.Kind(k).Name != "" }

// areaName is the name of an area as people write it alone.
func areaName(a stat.Area) string { return gazetteer.Name(a) }

// catalogue is what can be ordered from a data set.
func catalogue(s *snapshot.Snapshot) *web.Catalogue {
	r := s.Register()
	var areas []web.Area
	for _, a := range r.Areas() {
		if r.Canonical(a.Code) != a.Code || !ordered(a.Kind) {
			continue
		}
		var place []string
		for c := a.Code.Parent(); c != ""; c = c.Parent() {
			if up, ok := r.Area(c); ok && r.Canonical(c) == c && ordered(up.Kind) {
				place = append(place, locale.Lower(areaName(up)))
			}
		}
		areas = append(areas, web.Area{Code: string(a.Code), Name: areaName(a), Kind: locale.Kind(a.Kind).Name, Place: strings.Join(place, ", ")})
	}
	return web.NewCatalogue(areas, periods(s))
}

// periods are the years that reports can be made for, the newest first.
func periods(s *snapshot.Snapshot) []int {
	m := s.Manifest()
	var out []int
	for p := m.Last; p >= m.First && p > 0; p-- {
		out = append(out, int(p))
	}
	return out
}
