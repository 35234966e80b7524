// Command raportjst makes statistical annexes to the reports of Polish local government
// (JST) as accessible PDF and XLSX, one at a time or all at once.
//
// This package wires the rooms together and is the only place that turns an error into a
// message and an exit code. One command a file; no statistics, no drawing, no protocol.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/remote"
)

// Exit codes.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitPartly      = 3 // some reports of a batch failed or were left out
	exitInterrupted = 130
)

// errPartly says that some reports of a batch failed or were left out; the rest is done.
var errPartly = errors.New("some reports failed")

// console is where a command reads and writes.
type console struct {
	out, err io.Writer
	tty      bool
}

// cli is every command and the flags that all of them share.
type cli struct {
	Verbose bool             `short:"v" help:"Wypisuj dziennik szczegółowy." env:"RAPORTJST_VERBOSE"`
	Log     string           `enum:"text,json" default:"text" help:"Postać dziennika: text albo json." env:"RAPORTJST_LOG" placeholder:"POSTAĆ"`
	Version kong.VersionFlag `help:"Wypisz wersję."`

	Render       renderCmd       `cmd:"" help:"Sporządź raport jednej jednostki, bez kolejki."`
	Serve        serveCmd        `cmd:"" help:"Uruchom portal z kolejką; bez ustawień na danych przykładowych."`
	Worker       workerCmd       `cmd:"" help:"Sporządzaj zamówione raporty i wysyłaj wiadomości."`
	Submit       submitCmd       `cmd:"" help:"Zamów raporty wielu jednostek."`
	Status       statusCmd       `cmd:"" help:"Pokaż stan zamówień i dowody wysyłki."`
	Campaign     campaignCmd     `cmd:"" help:"Prowadź kampanię: od listy członków przez przegląd i zatwierdzenie do listów i dowodów."`
	Subscription subscriptionCmd `cmd:"" help:"Prowadź prenumeraty: co roku ten sam raport dla członków, z kalendarzem przed 31 maja."`
	Audit        auditCmd        `cmd:"" help:"Zapisz dowody kampanii: skoroszyt i podpisany wykaz plików, listów i odpowiedzi serwera."`
	Verify       verifyCmd       `cmd:"" help:"Sprawdź bez sieci, z którego zamówienia pochodzi plik i czy jest nienaruszony."`
	Package      packageCmd      `cmd:"" help:"Spakuj raporty zamówienia (ZIP) z wykazem, sumami kontrolnymi i podpisanym dowodem."`
	Jobs         jobsCmd         `cmd:"" help:"Przeglądaj raporty zamówienia i zamawiaj ponownie nieudane."`
	Dead         deadCmd         `cmd:"" help:"Przeglądaj zlecenia, z których zrezygnowano, ponawiaj je i usuwaj."`
	Pause        pauseCmd        `cmd:"" help:"Wstrzymaj zamówienie."`
	Resume       resumeCmd       `cmd:"" help:"Wznów wstrzymane zamówienie."`
	Cancel       cancelCmd       `cmd:"" help:"Anuluj zamówienie: czekające raporty i wiadomości nie powstaną."`
	Store        storeCmd        `cmd:"" help:"Sprawdź gotowe pliki w magazynie."`
	State        stateCmd        `cmd:"" help:"Pokaż, skopiuj albo odtwórz katalog programu: księgę, listy, dowody."`
	Prune        pruneCmd        `cmd:"" help:"Usuń pliki dawnych zamówień, których nikt nie dostał."`
	Config       configCmd       `cmd:"" help:"Pokaż ustawienia ze zmiennych środowiska, z ukrytymi hasłami."`
	Make         makeCmd         `cmd:"" hidden:"" help:"Sporządź raport w osobnym procesie wykonawcy."`
	Healthcheck  healthcheckCmd  `cmd:"" help:"Sprawdź, czy działający proces jest gotowy."`
	Import       importCmd       `cmd:"" help:"Wczytaj dane do zbioru danych."`
	Data         dataCmd         `cmd:"" help:"Przeglądaj, porównuj i przechowuj zbiory danych."`
	List         listCmd         `cmd:"" help:"Znajdź jednostkę; sprawdź listę członków."`
	Template     templateCmd     `cmd:"" help:"Przeglądaj, twórz i sprawdzaj szablony raportów."`
	Templates    templateCmd     `cmd:"" hidden:"" help:"Jak template."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the process at once
	c := console{out: os.Stdout, err: os.Stderr, tty: term.IsTerminal(int(os.Stderr.Fd()))}
	if c.tty {
		c.err = &screen{out: c.err}
	}
	os.Exit(run(ctx, os.Args[1:], c))
}

// run parses the arguments, runs the command and returns the exit code.
func run(ctx context.Context, args []string, c console) int {
	one := c.out == c.err // a log and what is printed in one place
	c.out, c.err = remote.Guard(c.out), remote.Guard(c.err)
	if one {
		c.err = c.out
	}
	var flags cli
	exited := -1
	home, homeless := stateHome()
	parser, err := kong.New(&flags,
		kong.Name("raportjst"),
		kong.Description("Załączniki statystyczne do raportów o stanie JST: "+strings.ToUpper(strings.Join(generator.FormatIDs(nil), ", "))+"."),
		flagVars(home),
		kong.Writers(c.out, c.err),
		kong.Exit(func(code int) { exited = code }),
		kong.Help(printHelp),
	)
	if err != nil {
		fmt.Fprintln(c.err, "raportjst:", err)
		return exitUsage
	}
	parser.Model.HelpFlag.Help = "Pokaż pomoc."
	command, err := parser.Parse(args)
	if exited >= 0 {
		return exited
	}
	if err != nil {
		fmt.Fprintf(c.err, "raportjst: %s\nPomoc: raportjst --help\n", translate(err.Error(), usageErrors))
		return exitUsage
	}
	level := slog.LevelInfo
	if flags.Verbose {
		level = slog.LevelDebug
	}
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: hideAddresses}
	var handler slog.Handler = slog.NewTextHandler(c.err, options)
	if flags.Log == "json" {
		handler = slog.NewJSONHandler(c.err, options)
	}
	slog.SetDefault(slog.New(handler))
	if err := misplaced(command.Flags()); err != nil {
		return exit(err, c)
	}
	if err := settle(command.Flags(), home, homeless, c); err != nil {
		return exit(err, c)
	}
	if err := together(command.Flags()); err != nil {
		return exit(err, c)
	}
	if path := command.Command(); path == "serve" || path == "worker" {
		configured(command)
	}
	command.Bind(parser)
	command.BindTo(ctx, (*context.Context)(nil))
	command.Bind(c)
	return exit(command.Run(), c)
}

// exit turns an error into a message for the user and an exit code.
func exit(err error, c console) int {
	var f *fault.Fault
	var problems document.Problems
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(c.err, "raportjst: przerwano")
		return exitInterrupted
	case errors.Is(err, errPartly):
		return exitPartly
	case errors.As(err, &problems):
		fmt.Fprintln(c.err, "raportjst: dokument nie spełnia wymagań dostępności:")
		for _, p := range problems {
			fmt.Fprintf(c.err, "  %s: %s – %s [%s]\n", p.Path, p.What, p.Hint, p.Rule)
		}
		return exitFailed
	case errors.As(err, &f):
		for _, f := range faults(err) {
			fmt.Fprintln(c.err, "raportjst:", f)
			slog.Debug("cause", "error", err, "chain", fmt.Sprint(f.Err))
		}
		return exitFailed
	}
	if worker.IsOutage(err) || errors.Is(err, context.DeadlineExceeded) {
		fmt.Fprintln(c.err, "raportjst:", &fault.Fault{
			Where: "kolejka albo magazyn plików", What: "serwer nie odpowiada albo nie przyjmuje zapisów",
			Hint: "sprawdź, czy działa i czy ma wolne miejsce na dysku (nats-server po zapełnieniu dysku trzeba uruchomić ponownie), potem powtórz polecenie",
		})
		slog.Debug("cause", "error", err)
		return exitFailed
	}
	fmt.Fprintln(c.err, "raportjst: błąd programu:", err)
	return exitFailed
}

// faults are all faults that an error joins, each without those that caused it.
func faults(err error) []*fault.Fault {
	switch e := err.(type) {
	case *fault.Fault:
		return []*fault.Fault{e}
	case interface{ Unwrap() []error }:
		var out []*fault.Fault
		for _, one := range e.Unwrap() {
			out = append(out, faults(one)...)
		}
		return out
	case interface{ Unwrap() error }:
		return faults(e.Unwrap())
	}
	return nil
}

// flagVars are what the help of flags names; home is the folder of users' programs.
func flagVars(home string) kong.Vars {
	return kong.Vars{
		"version": generator.Version, "home": home, "files": fileHelp,
		"formats": strings.Join(generator.FormatIDs(nil), ", "), "usual": strings.Join(generator.UsualFormats(), ", "),
	}
}
