package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/report"
	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/worker"
)

// specFlags say which report is made. Every command that makes or orders one has them all,
// and a test holds them against the fields of worker.Spec.
type specFlags struct {
	Period   int      `help:"Rok sprawozdawczy; bez niego ostatni w danych." placeholder:"ROK"`
	Template string   `help:"Szablon raportu (lista: „raportjst template list”); bez niego wybiera go rodzaj jednostki." placeholder:"SZABLON"`
	Peers    []string `help:"Własna grupa porównawcza: kody TERYT po przecinku." placeholder:"TERYT"`
	Sections []string `help:"Tylko te rozdziały, po przecinku: ich nazwy w szablonie („ludnosc,finanse”), a także najwazniejsze, na-tle-grupy, metoda; nazwę, której szablon nie ma, program odrzuca i podaje listę." placeholder:"ROZDZIAŁ"`
	Only     string   `enum:"tabele,wykresy," default:"" help:"Tylko tabele albo tylko wykresy i mapy." placeholder:"tabele|wykresy"`
	Formats  []string `help:"Pliki raportu, po przecinku: ${formats}; bez tego ${usual}." placeholder:"FORMAT"`
	Attach   bool     `help:"Dołącz do PDF skoroszyt i tabelę danych (PDF/A-3a), a do strony HTML rysunki (SVG i PNG) i tabele (CSV) do zapisania."`
	Charts   string   `enum:"svg,png," default:"" help:"Zapisz też wykresy i mapy jako pliki w jednym archiwum ZIP: svg albo png (200 dpi)." placeholder:"FORMAT"`

	Reference string `help:"Dokument Word urzędu (.docx), z którego plik docx przejmuje style, marginesy i papier firmowy; dla submit i campaign także jego identyfikator w magazynie plików." placeholder:"PLIK"`
}

// spec is what the flags ask for on a data set.
func (f specFlags) spec(data *snapshot.Snapshot) (worker.Spec, error) {
	for _, x := range []struct {
		flag   string
		listed []string
	}{{"--sections", f.Sections}, {"--formats", f.Formats}, {"--peers", f.Peers}} {
		if x.listed != nil && strings.TrimSpace(strings.Join(x.listed, "")) == "" { // a variable of a script that is not set
			return worker.Spec{}, &fault.Fault{Where: x.flag, What: "wartość jest pusta", Hint: "podaj ją albo pomiń tę opcję"}
		}
	}
	m := data.Manifest()
	reference, _, err := f.reference()
	if err != nil {
		return worker.Spec{}, err
	}
	s := worker.Spec{Period: cmp.Or(f.Period, int(m.Last)), Template: f.Template, Peers: f.Peers, Sections: f.Sections, Only: f.Only, Formats: f.Formats, Attach: f.Attach, Charts: f.Charts, Reference: reference}.Clean()
	// A report about a year is due before all of its figures are out, so the year after the
	// last one of the data can be ordered, too.
	if s.Period < int(m.First) || s.Period > int(m.Last)+1 {
		return s, &fault.Fault{Where: fmt.Sprintf("--period %d", s.Period), What: "nie ma danych za ten rok", Hint: fmt.Sprintf("zbiór danych obejmuje lata %s", locale.Years(int(m.First), int(m.Last)))}
	}
	return s, s.Check()
}

// mostFaults is how many faults of an order are told; the rest are counted.
const mostFaults = 10

// accept takes an order without the areas of which the data hold nothing: the others go on,
// and the order names those left out. It tells what else the generator would refuse, and
// refuses an order of which nothing would be left.
func accept(ctx context.Context, lib *report.Library, o worker.Order) (worker.Order, error) {
	if err := o.Spec.Clean().Check(); err != nil {
		return o, err
	}
	if to := slices.ContainsFunc(o.Members, func(m worker.Member) bool { return len(m.Recipients) > 0 }); to && !o.Spec.Clean().Sends() {
		return o, &fault.Fault{Where: "formaty", What: "wśród nich nie ma pliku, który można wysłać odbiorcom", Hint: "dodaj format " + strings.Join(generator.FormatIDs(func(f generator.Format) bool { return f.Letter }), ", ") + " albo podaj listę bez adresów"}
	}
	var faults, empty []error
	var taken []worker.Member
	for _, m := range o.Members {
		r := report.Request{Area: stat.AreaCode(m.Area), Period: stat.Period(o.Period), Template: o.Template, Peers: o.Peers, Sections: o.Spec.Clean().Sections, Only: o.Only}
		switch err := lib.Accept(ctx, r); {
		case err == nil:
			taken = append(taken, m)
		case report.NoData(err):
			empty = append(empty, err)
			if !slices.ContainsFunc(o.Left, func(l worker.Left) bool { return l.Area == m.Area }) {
				o.Left = append(o.Left, leftOut(m, err))
			}
		default:
			faults = append(faults, err)
		}
	}
	if len(taken) == 0 {
		faults = append(faults, empty...)
	}
	if more := len(faults) - mostFaults; more > 1 {
		faults = append(faults[:mostFaults], &fault.Fault{Where: "zamówienie", What: fmt.Sprintf("jednostek, dla których nie można sporządzić tego raportu, jest więcej: jeszcze %d", more), Hint: "zmień rok, szablon albo wybór jednostek"})
	}
	o.Members = taken
	return o, errors.Join(faults...)
}

// leftOut is a member of an order of whom there can be no report.
func leftOut(m worker.Member, err error) worker.Left {
	l := worker.Left{Area: m.Area, Name: m.Name, Why: "brak danych"}
	var f *fault.Fault
	if errors.As(err, &f) {
		l.Why = "brak danych; " + f.Hint
	}
	return l
}
