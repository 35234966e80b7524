package main

import (
	"cmp"
	"errors"
	"fmt"

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
	Attach   bool     `help:"Dołącz do PDF skoroszyt i tabelę danych (PDF/A-3a)."`
	Charts   string   `enum:"svg,png," default:"" help:"Zapisz też wykresy i mapy jako pliki w jednym archiwum ZIP: svg albo png (200 dpi)." placeholder:"FORMAT"`
}

// spec is what the flags ask for on a data set.
func (f specFlags) spec(data *snapshot.Snapshot) (worker.Spec, error) {
	m := data.Manifest()
	s := worker.Spec{Period: cmp.Or(f.Period, int(m.Last)), Template: f.Template, Peers: f.Peers, Attach: f.Attach, Charts: f.Charts}
	// A report about a year is due before all of its figures are out, so the year after the
	// last one of the data can be ordered, too.
	if s.Period < int(m.First) || s.Period > int(m.Last)+1 {
		return s, &fault.Fault{Where: fmt.Sprintf("--period %d", s.Period), What: "nie ma danych za ten rok", Hint: fmt.Sprintf("zbiór danych obejmuje lata %s", locale.Years(int(m.First), int(m.Last)))}
	}
	return s, nil
}

// mostFaults is how many faults of an order are told; the rest are counted.
const mostFaults = 10

// accept tells what the generator would refuse of an order.
func accept(lib *report.Library, o worker.Order) error {
	var faults []error
	for _, m := range o.Members {
		r := report.Request{Area: stat.AreaCode(m.Area), Period: stat.Period(o.Period), Template: o.Template, Peers: o.Peers}
		if err := lib.Accept(r); err != nil {
			faults = append(faults, err)
		}
	}
	if more := len(faults) - mostFaults; more > 1 {
		faults = append(faults[:mostFaults], &fault.Fault{Where: "zamówienie", What: fmt.Sprintf("jednostek, dla których nie można sporządzić tego raportu, jest więcej: jeszcze %d", more), Hint: "zmień szablon albo wybór jednostek"})
	}
	return errors.Join(faults...)
}
