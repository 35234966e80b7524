package main

import (
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/report"
)

// verdict is what template check found out.
type verdict struct {
	built, empty, problems int
	doubts                 map[string]int // in words, with the number of reports that each is in
}

// add checks reports on all processors and prints the problems in the order of the reports.
// whole also writes their files, as render does: what a writer refuses is found here.
func (v *verdict) add(ctx context.Context, c console, name string, lib *report.Library, all []report.Request, whole bool) error {
	g := newGenerator(lib)
	var mu sync.Mutex
	g.Doubt = func(d generator.Doubt) {
		mu.Lock()
		defer mu.Unlock()
		if v.doubts == nil {
			v.doubts = map[string]int{}
		}
		v.doubts[fmt.Sprintf("szablon %s, %s", d.Request.Template, d)]++
	}
	faults := make([]error, len(all))
	done := 0
	tell := c.counting("Sprawdzanie: " + name)
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, r := range all {
		group.Go(func() error {
			faults[i] = try(ctx, g, r, whole)
			if tell != nil {
				mu.Lock()
				defer mu.Unlock()
				done++
				tell(done, len(all))
			}
			return ctx.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i, err := range faults {
		v.built++
		switch {
		case report.NoData(err):
			v.empty++
		case err != nil:
			v.problems++
			fmt.Fprintf(c.err, "szablon %s, jednostka %s (%s): %v\n", all[i].Template, all[i].Area, name, err)
		}
	}
	return nil
}

// try makes a report, or only its document.
func try(ctx context.Context, g *generator.Generator, r report.Request, whole bool) error {
	if whole {
		_, err := g.Generate(ctx, generator.Request{Area: r.Area, Spec: generator.Spec{Period: int(r.Period), Template: r.Template, Peers: r.Peers, Attach: true}})
		return err
	}
	d, err := g.Builder.Build(ctx, r)
	if err != nil {
		return err
	}
	return document.Check(d)
}

// tell prints the sums.
func (v *verdict) tell(c console) error {
	for _, what := range slices.Sorted(maps.Keys(v.doubts)) {
		fmt.Fprintf(c.err, "uwaga: %s (raportów: %d)\n", what, v.doubts[what])
	}
	fmt.Fprintf(c.out, "sprawdzono raportów: %d, z problemami: %d\n", v.built, v.problems)
	if v.empty > 0 {
		fmt.Fprintf(c.out, "bez danych za ten rok, więc nie do wydania: %d\n", v.empty)
	}
	if v.built == v.empty {
		return &fault.Fault{Where: "template check", What: "nie sprawdzono żadnego raportu", Hint: "sprawdź kody w kluczu „areas” szablonu i rok (--period)"}
	}
	if v.problems > 0 {
		return &fault.Fault{Where: "template check", What: fmt.Sprintf("liczba raportów z problemami: %d", v.problems), Hint: "popraw szablon według wykazu powyżej"}
	}
	return nil
}
