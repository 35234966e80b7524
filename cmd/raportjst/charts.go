package main

import (
	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/figures"
)

// chartsFlag asks for the charts and maps of a report as picture files.
type chartsFlag struct {
	Charts string `enum:"svg,png," default:"" help:"Zapisz też wykresy i mapy jako pliki w jednym archiwum ZIP: svg albo png (200 dpi)." placeholder:"FORMAT"`
}

// add appends the writer of the pictures, where they are asked for.
func (f chartsFlag) add(g *generator.Generator) {
	if f.Charts != "" {
		g.Writers = append(g.Writers, figures.Writer{Format: figures.Format(f.Charts)})
	}
}
