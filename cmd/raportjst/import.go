package main

import (
	"context"
	"fmt"

	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/files"
	"github.com/raportjst/raportjst/samples"
)

// importCmd brings figures into a snapshot.
type importCmd struct {
	Files  importFilesCmd  `cmd:"" help:"Wczytaj pliki: rejestr, granice, pobrane pliki BDL i własne tabele."`
	Smup   importSmupCmd   `cmd:"" help:"Pobierz dane z API SMUP i wczytaj je razem z plikami."`
	Bdl    importBdlCmd    `cmd:"" help:"Pobierz dane z API BDL i wczytaj je razem z plikami."`
	Sample importSampleCmd `cmd:"" help:"Wczytaj dane przykładowe."`
	Form   importFormCmd   `cmd:"" help:"Utwórz formularz (XLSX) na własne dane jednostki."`
	Check  importCheckCmd  `cmd:"" help:"Sprawdź zbiór danych albo własną tabelę."`
}

// fileFlags name the files of a snapshot.
type fileFlags struct {
	Terc       []string `required:"" sep:"none" placeholder:"PLIK" help:"Urzędowy plik TERC (CSV); kilka stanów pozwala poznać zmiany."`
	Boundaries string   `placeholder:"PLIK" help:"Granice: TopoJSON, GeoJSON albo paczka shapefile z PRG."`
	BDL        []string `name:"bdl" sep:"none" placeholder:"PLIK[=P2137][@2025-01-31]" help:"Plik pobrany z BDL (CREL, CTAB, XTAB); podgrupę i dzień pobrania podaj, gdy nie ma ich w nazwie."`
	Table      []string `sep:"none" placeholder:"PLIK" help:"Własna tabela: opis (TOML) albo wypełniony formularz (XLSX) z „raportjst import form”."`
}

// importFilesCmd makes a snapshot from files.
type importFilesCmd struct {
	fileFlags
	Out string `required:"" placeholder:"KATALOG" help:"Katalog nowego zbioru danych."`
}

// set turns the flags into the files.
func (i *fileFlags) set(c console) files.Set {
	s := files.Set{Warn: c.warn}
	for _, p := range i.Terc {
		s.TERC = append(s.TERC, files.OnDisk(p))
	}
	if i.Boundaries != "" {
		b := files.OnDisk(i.Boundaries)
		s.Boundaries = &b
	}
	for _, p := range i.BDL {
		s.BDL = append(s.BDL, files.BDL(p))
	}
	for _, p := range i.Table {
		s.Tables = append(s.Tables, files.OnDisk(p))
	}
	return s
}

func (i *importFilesCmd) Run(ctx context.Context, c console) error {
	s, err := files.Import(ctx, i.set(c), i.Out)
	if err != nil {
		return err
	}
	defer s.Close()
	c.summary(s)
	return nil
}

// importSampleCmd makes the snapshot of the sample data.
type importSampleCmd struct {
	Out string `required:"" placeholder:"KATALOG" help:"Katalog nowego zbioru danych."`
}

func (i *importSampleCmd) Run(ctx context.Context, c console) error {
	s, err := files.Sample(ctx, samples.FS, i.Out)
	if err != nil {
		return err
	}
	defer s.Close()
	c.summary(s)
	return nil
}

// warn prints a warning of an import.
func (c console) warn(w source.Warning) {
	fmt.Fprintf(c.err, "uwaga: %s: %s", w.Where, w.What)
	if w.Count > 1 {
		fmt.Fprintf(c.err, " (%d)", w.Count)
	}
	fmt.Fprintln(c.err)
}

// summary tells what a snapshot holds.
func (c console) summary(s *snapshot.Snapshot) {
	m := s.Manifest()
	fmt.Fprintf(c.out, "Zbiór danych %s\n", s.Dir())
	fmt.Fprintf(c.out, "  identyfikator  %s\n", s.ID())
	fmt.Fprintf(c.out, "  stan rejestru  %s, jednostek: %d\n", m.State, m.Areas)
	fmt.Fprintf(c.out, "  dane           wskaźników: %d, wartości: %d, lata %d–%d, pobrane do %s\n", m.Indicators, m.Values, m.First, m.Last, m.Date)
	if m.Invented {
		fmt.Fprintln(c.out, "  DANE PRZYKŁADOWE – nie opisują żadnej prawdziwej jednostki")
	}
}
