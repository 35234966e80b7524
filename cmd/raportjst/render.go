package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/report"
	"github.com/raportjst/raportjst/generator/stat"
)

// renderCmd makes the files of one report, without a queue.
type renderCmd struct {
	dataFlags
	reportFlags
	chartsFlag
	Area string `required:"" help:"Kod TERYT jednostki (2, 4 lub 6 cyfr)." placeholder:"TERYT"`
	Out  string `default:"." help:"Katalog na pliki." placeholder:"KATALOG"`
}

// reportFlags say which report is made.
type reportFlags struct {
	Period   int      `required:"" help:"Rok sprawozdawczy." placeholder:"ROK"`
	Template string   `help:"Szablon raportu; bez niego wybiera go rodzaj jednostki." placeholder:"SZABLON"`
	Peers    []string `help:"Własna grupa porównawcza: kody TERYT po przecinku." placeholder:"TERYT"`
	Attach   bool     `help:"Dołącz do PDF skoroszyt i tabelę danych (PDF/A-3a)."`
}

// request makes the order for one area.
func (f reportFlags) request(area string) (generator.Request, error) {
	code, err := stat.ParseAreaCode(area)
	if err != nil {
		return generator.Request{}, &fault.Fault{Where: "--area " + area, What: "to nie jest kod TERYT", Hint: "podaj 2, 4 lub 6 cyfr; kod jednostki znajdziesz poleceniem „raportjst list NAZWA”", Err: err}
	}
	return generator.Request{
		Request: report.Request{Area: code, Period: stat.Period(f.Period), Template: f.Template, Peers: f.Peers},
		Attach:  f.Attach,
	}, nil
}

func (r *renderCmd) Run(ctx context.Context, c console) error {
	order, err := r.request(r.Area)
	if err != nil {
		return err
	}
	g, data, err := openGenerator(ctx, r.dataFlags)
	if err != nil {
		return err
	}
	defer data.Close()
	r.add(g)
	artifacts, err := g.Generate(ctx, order)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(r.Out, 0o755); err != nil {
		return &fault.Fault{Where: "--out " + r.Out, What: "nie można utworzyć katalogu", Hint: "wybierz katalog, w którym możesz zapisywać", Err: err}
	}
	for _, a := range artifacts {
		path := filepath.Join(r.Out, a.Name)
		if err := writeFile(path, a.Data); err != nil {
			return &fault.Fault{Where: path, What: "nie można zapisać pliku", Hint: "sprawdź wolne miejsce i uprawnienia", Err: err}
		}
		fmt.Fprintln(c.out, path)
	}
	return nil
}

// writeFile writes a file whole or not at all: beside its place first, then renamed.
func writeFile(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".raportjst-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err := f.Write(data); err != nil {
		f.Close()
		return err
	}
	if err := f.Chmod(fs.FileMode(0o644)); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
