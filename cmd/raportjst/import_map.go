package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/source/files"
	"github.com/raportjst/raportjst/generator/source/table"
)

// importMapCmd proposes the mapping of a table.
type importMapCmd struct {
	File      string `arg:"" name:"plik" help:"Tabela: XLSX, ODS albo CSV z kolumną kodów TERYT."`
	Worksheet string `placeholder:"ARKUSZ" help:"Arkusz skoroszytu; bez niego ten, w którym jest najwięcej jednostek."`
	Out       string `placeholder:"PLIK" help:"Plik opisu (TOML); bez niego obok tabeli, pod jej nazwą. Kreska (-): na ekran."`
}

func (i *importMapCmd) Run(ctx context.Context, c console) error {
	f := files.OnDisk(i.File)
	day := ""
	if info, err := os.Stat(i.File); err == nil {
		day = info.ModTime().Format(time.DateOnly)
	}
	mapping, err := table.Propose(ctx, f.FS, f.Path, i.Worksheet, day)
	if err != nil {
		return err
	}
	if i.Out == "-" {
		_, err := c.out.Write(mapping)
		return err
	}
	out := i.Out
	if out == "" {
		out = strings.TrimSuffix(i.File, filepath.Ext(i.File)) + ".toml"
	}
	if _, err := os.Stat(out); err == nil {
		return &fault.Fault{Where: out, What: "plik już istnieje", Hint: "podaj inną nazwę (--out) albo wypisz opis na ekran (--out -)"}
	}
	if err := writeFile(out, mapping); err != nil {
		return &fault.Fault{Where: out, What: "nie można zapisać pliku", Hint: "sprawdź wolne miejsce i uprawnienia", Err: err}
	}
	fmt.Fprintln(c.out, out)
	if filepath.Dir(out) != filepath.Dir(i.File) {
		fmt.Fprintln(c.err, "uwaga: opis ma leżeć obok tabeli; przenieś go tam albo popraw w nim wiersz „file”")
	}
	fmt.Fprintf(c.err, "Popraw plik (miejsca UZUPEŁNIJ), potem: raportjst import check %s\n", out)
	return nil
}
