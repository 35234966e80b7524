package main

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"os"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/worker/members"
)

// listCheckCmd shows a list of members as a table: who gets what, who gets nothing and why.
type listCheckCmd struct {
	dataFlags
	File     string `arg:"" name:"plik" help:"Lista członków: XLSX, ODS albo CSV."`
	CheckDNS bool   `name:"check-dns" help:"Zapytaj też w sieci, czy domeny adresów przyjmują pocztę (rekordy MX)."`
	XLSX     string `name:"xlsx" placeholder:"PLIK" help:"Zapisz tę tabelę jako skoroszyt."`
}

func (l *listCheckCmd) Run(ctx context.Context, c console) error {
	s, err := l.open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	list, err := readList(ctx, l.File, s.Register())
	if err != nil {
		return err
	}
	if l.CheckDNS {
		list.CheckDomains(ctx, net.DefaultResolver)
	}
	g := listTable(list)
	if l.XLSX != "" {
		if err := writePrivate(l.XLSX, g); err != nil {
			return err
		}
	} else {
		g.print(c.out, 0)
	}
	for _, p := range list.Problems {
		if p.Row == 0 || l.XLSX == "" {
			fmt.Fprintln(c.out, p.String())
		}
	}
	errors := len(list.Errors())
	sound := list.Sound()
	units, letters := counts(sound)
	fmt.Fprintf(c.out, "Jednostki: %d, listy: %d, bez adresu: %d, błędy: %d, uwagi: %d\n", units, letters, len(sound.Left()), errors, len(list.Problems)-errors)
	if s.Invented() {
		fmt.Fprintln(c.err, locale.Invented+": listę sprawdzono z wymyślonym rejestrem; własny zbiór danych wskaż przez --data")
	}
	if errors > 0 {
		return errPartly
	}
	return nil
}

// listTable is the table of a list.
func listTable(l *members.List) *grid {
	g := &grid{name: "Lista", head: []string{"Wiersz", "Kod", "Jednostka", "Raport dostaje", "Uwagi"}}
	said, wrong := map[int][]string{}, map[int]bool{}
	for _, p := range l.Problems {
		if p.Row == 0 {
			continue
		}
		what := p.What
		if p.Error {
			what, wrong[p.Row] = "BŁĄD: "+what, true
		}
		said[p.Row] = append(said[p.Row], what)
	}
	for _, r := range l.Rows {
		var to []string
		for _, p := range r.People {
			a := p.Address
			if p.Shown != "" {
				a = p.Shown
			}
			if p.Name != "" {
				a = p.Name + " <" + a + ">"
			}
			to = append(to, a)
		}
		who, unit := strings.Join(to, ", "), r.Name
		if wrong[r.Row] {
			who, unit = "nikt", cmp.Or(r.Name, r.Listed)
		} else if len(to) == 0 {
			who = "nikt"
		}
		g.add(fmt.Sprint(r.Row), r.Area, unit, who, strings.Join(said[r.Row], "; "))
	}
	return g
}

// writePrivate writes tables that hold addresses as a workbook that only its owner may read.
func writePrivate(name string, grids ...*grid) error {
	if err := writeWorkbook(name, grids); err != nil {
		return err
	}
	if err := os.Chmod(name, 0o600); err != nil {
		return &fault.Fault{Where: "plik " + name, What: "nie można ograniczyć praw do pliku", Hint: "zapisz go w innym katalogu", Err: err}
	}
	return nil
}
