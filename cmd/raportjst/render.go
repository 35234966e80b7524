package main

import (
	"context"

	"github.com/raportjst/raportjst/generator/fault"
)

// renderCmd makes the files of one report, without a queue.
type renderCmd struct {
	Area   string `required:"" help:"Kod TERYT jednostki (2, 4 lub 6 cyfr)."`
	Period int    `required:"" help:"Rok sprawozdawczy."`
	Out    string `default:"." help:"Katalog na pliki."`
}

func (r *renderCmd) Run(ctx context.Context, c console) error {
	return &fault.Fault{Where: "render", What: "brak zbioru danych"}
}
