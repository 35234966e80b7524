package main

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/report"
	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/files"
	"github.com/raportjst/raportjst/samples"
)

// importCmd brings figures into a snapshot.
type importCmd struct {
	All    importAllCmd    `cmd:"" help:"Wczytaj dane całego kraju jednym poleceniem: rejestr i granice z plików, wskaźniki szablonów z API BDL i SMUP."`
	File   importFileCmd   `cmd:"" help:"Wczytaj pliki: rejestr TERC, granice, pobrane pliki BDL i własne tabele."`
	Terc   importTercCmd   `cmd:"" help:"Wczytaj nowy stan rejestru TERC: nowe miasta, zmiany nazw i kodów."`
	Prg    importPrgCmd    `cmd:"" help:"Wczytaj granice i wyznacz z nich sąsiadów."`
	Smup   importSmupCmd   `cmd:"" help:"Pobierz dane z API SMUP."`
	Bdl    importBdlCmd    `cmd:"" help:"Pobierz dane z API BDL."`
	Sample importSampleCmd `cmd:"" help:"Wczytaj dane przykładowe."`
	Form   importFormCmd   `cmd:"" help:"Utwórz formularz (XLSX) na własne dane jednostki."`
	Map    importMapCmd    `cmd:"" help:"Zaproponuj opis (TOML) tabeli, na przykład z GUS lub ministerstwa, do poprawienia."`
	Check  importCheckCmd  `cmd:"" help:"Sprawdź zbiór danych albo własną tabelę."`
}

// AfterApply trades time for memory: tables of tens of millions of figures are read on office
// computers.
func (importCmd) AfterApply() error {
	debug.SetGCPercent(50)
	return nil
}

// baseFlags say which snapshot an import starts from.
type baseFlags struct {
	Base   string   `placeholder:"KATALOG" help:"Zbiór danych, od którego zacząć: przechodzi z niego wszystko, czego nowe dane nie zastępują; nowe lata są do niego dołączane. Sam się nie zmienia."`
	Prefer []string `placeholder:"DZIEŃ|PLIK" sep:"none" help:"Gdy dwa wydania danych podają różne wartości tych samych lat: użyj danych pobranych tego dnia (RRRR-MM-DD) albo z tego pliku."`

	Templates string `env:"RAPORTJST_TEMPLATES" placeholder:"KATALOG" help:"Katalog własnych szablonów: jego slownik.toml podaje nazwy wskaźników, których program nie zna, a przerwy.toml przerwy w szeregach."`
}

// set begins the files of an import. close frees the base.
func (b baseFlags) set(c console) (set files.Set, done func(), err error) {
	set, done = files.Set{Named: true, Warn: c.warn, Today: today(), Prefer: b.Prefer}, func() {}
	fsys, err := templatesIn(b.Templates)
	if err != nil {
		return set, done, err
	}
	breaks, _, err := report.ReadBreaks(fsys)
	if err != nil {
		return set, done, err
	}
	if set.Titles, err = report.Labels(fsys); err != nil {
		return set, done, err
	}
	checks, err := report.ReadChecks(fsys)
	if err != nil {
		return set, done, err
	}
	set.Rebased, set.Search = report.Rebased(breaks), checks.Search(breaks)
	if b.Base == "" {
		return set, done, nil
	}
	if set.Base, err = snapshot.Open(b.Base); err != nil {
		return set, done, err
	}
	return set, func() { _ = set.Base.Close() }, nil
}

// fileHelp tells what files an import takes.
const fileHelp = "rejestr TERC (kilka stanów pozwala poznać zmiany), jednostki, które dostały inny kod (TOML z wpisami [[same]]: old, new, year), granice (TopoJSON, GeoJSON, paczka shapefile z PRG), plik pobrany z BDL (CREL, CTAB, XTAB), opis własnej tabeli (TOML) albo wypełniony formularz (XLSX, ODS); rodzaj program pozna po treści. Podgrupę BDL i dzień pobrania, gdy nie ma ich w nazwie pliku, podaj za nazwą: plik.csv=P2137@2025-01-31; tytuł podgrupy, której program nie zna, po dwukropku: plik.csv=P2687:Tytuł@2025-01-31."

// made is an import into a new snapshot from files that add puts into the set.
type made struct {
	baseFlags
	Out string `required:"" placeholder:"KATALOG" help:"Katalog nowego zbioru danych."`
}

func (m *made) run(ctx context.Context, c console, add func(*files.Set) error) error {
	set, done, err := m.set(c)
	if err != nil {
		return err
	}
	defer done()
	if err := add(&set); err != nil {
		return err
	}
	s, err := files.Import(ctx, set, m.Out)
	if err != nil {
		return err
	}
	defer s.Close()
	c.summary(s)
	return nil
}

// importFileCmd makes a snapshot from files of any kind.
type importFileCmd struct {
	made
	Files []string `arg:"" name:"plik" help:"Pliki: ${files}"`
}

func (i *importFileCmd) Run(ctx context.Context, c console) error {
	return i.run(ctx, c, func(set *files.Set) error { return addFiles(ctx, set, i.Files) })
}

func addFiles(ctx context.Context, set *files.Set, paths []string) error {
	for _, p := range paths {
		if err := set.Add(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// importTercCmd makes a snapshot with another register.
type importTercCmd struct {
	made
	Files []string `arg:"" name:"plik" help:"Urzędowe pliki TERC (CSV, XML lub XLSX), jeden stan rejestru w każdym, i plik TOML z wpisami [[same]] o jednostkach, które dostały inny kod (old, new, year)."`
}

func (i *importTercCmd) Run(ctx context.Context, c console) error {
	return i.run(ctx, c, func(set *files.Set) error {
		for _, p := range i.Files {
			if strings.EqualFold(filepath.Ext(p), ".toml") {
				set.Same = append(set.Same, files.OnDisk(p))
			} else {
				set.TERC = append(set.TERC, files.OnDisk(p))
			}
		}
		return nil
	})
}

// importPrgCmd makes a snapshot with other boundaries.
type importPrgCmd struct {
	made
	File string `arg:"" name:"plik" help:"Granice gmin: paczka (ZIP) shapefile z PRG, GeoJSON albo TopoJSON. Powiaty i województwa powstają z gmin."`
}

func (i *importPrgCmd) Run(ctx context.Context, c console) error {
	if i.Base == "" {
		return &fault.Fault{Where: "import prg", What: "nie wiadomo, czyje to granice", Hint: "podaj zbiór danych, do którego je dodać (--base)"}
	}
	return i.run(ctx, c, func(set *files.Set) error { return set.Bound(files.OnDisk(i.File)) })
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

// today is the day by the clock of the machine.
func today() string { return time.Now().Format(time.DateOnly) }

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
	if m.Indicators == 0 {
		fmt.Fprintln(c.out, "  dane           brak; dodaj je poleceniem „raportjst import” z opcją --base")
		return
	}
	fmt.Fprintf(c.out, "  dane           wskaźników: %d, wartości: %d, lata %d–%d, pobrane do %s\n", m.Indicators, m.Values, m.First, m.Last, m.Date)
	if m.Invented {
		fmt.Fprintln(c.out, "  "+locale.Invented+" – nie opisują żadnej prawdziwej jednostki")
	}
}
