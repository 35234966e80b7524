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
	"github.com/raportjst/raportjst/generator/stat"
)

// verdict is what template check found out.
type verdict struct {
	every                  bool             // all reports are made, not only those that tell of the others
	possible               []report.Request // those that the data allow
	whole                  int              // made with all their files
	built, empty, problems int
	doubts                 map[string]int // in words, with the number of reports that each is in
	years                  []string       // in words, of templates checked on another year
}

// accept asks for each report whether it can be made.
func (v *verdict) accept(ctx context.Context, c console, lib *report.Library, all []report.Request) error {
	faults, err := eachReport(ctx, c.counting("Sprawdzanie: jednostki"), all, func(r report.Request) error { return lib.Accept(ctx, r) })
	if err != nil {
		return err
	}
	v.built = len(all)
	for i, err := range faults {
		if v.judge(c, all[i], "dane", err) {
			v.possible = append(v.possible, all[i])
		}
	}
	return nil
}

// earlier asks for the reports of templates that have no data in the last year on the newest year
// in which one of them can be made: what such a template says is checked, too.
func (v *verdict) earlier(ctx context.Context, c console, lib *report.Library, all []report.Request, first stat.Period) error {
	left := map[string][]report.Request{}
	for _, r := range all {
		left[r.Template] = append(left[r.Template], r)
	}
	for _, r := range v.possible {
		delete(left, r.Template)
	}
	for _, id := range slices.Sorted(maps.Keys(left)) {
		for requests := slices.Clone(left[id]); requests[0].Period > first; {
			for i := range requests {
				requests[i].Period--
			}
			faults, err := eachReport(ctx, nil, requests, func(r report.Request) error { return lib.Accept(ctx, r) })
			if err != nil {
				return err
			}
			found := 0
			for i, err := range faults {
				switch {
				case err == nil:
					v.possible = append(v.possible, requests[i])
					found++
				case !report.NoData(err):
					v.judge(c, requests[i], "dane", err)
				}
			}
			if v.empty -= found; found > 0 {
				v.years = append(v.years, fmt.Sprintf("szablon %s: bez danych za rok %d, sprawdzono na roku %d", id, left[id][0].Period, requests[0].Period))
				break
			}
		}
	}
	return nil
}

// make makes the reports, or those of them that tell of all, on a data set of a name and prints
// the problems in their order. whole also writes their files, in all formats: what a writer
// refuses is found here.
func (v *verdict) make(ctx context.Context, c console, name string, lib *report.Library, whole bool) error {
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
	made := v.possible
	if !v.every {
		made = lib.Telling(made)
	}
	faults, err := eachReport(ctx, c.counting("Sprawdzanie: "+name), made, func(r report.Request) error { return try(ctx, g, r, whole) })
	if err != nil {
		return err
	}
	if whole {
		v.whole = len(made)
	} else {
		v.built += len(made)
	}
	for i, err := range faults {
		v.judge(c, made[i], name, err)
	}
	return nil
}

// judge counts what came of a report and reports whether it can be made.
func (v *verdict) judge(c console, r report.Request, name string, err error) bool {
	switch {
	case report.NoData(err):
		v.empty++
	case err != nil:
		v.problems++
		fmt.Fprintf(c.err, "szablon %s, jednostka %s (%s): %v\n", r.Template, r.Area, name, err)
	}
	return err == nil
}

// eachReport does something for each report on all processors and tells how far it is; the errors are
// in the order of the reports.
func eachReport(ctx context.Context, tell func(done, all int), all []report.Request, do func(report.Request) error) ([]error, error) {
	faults := make([]error, len(all))
	var mu sync.Mutex
	done := 0
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, r := range all {
		group.Go(func() error {
			faults[i] = do(r)
			if tell != nil {
				mu.Lock()
				defer mu.Unlock()
				done++
				tell(done, len(all))
			}
			return ctx.Err()
		})
	}
	return faults, group.Wait()
}

// try makes a report in all its forms, or only its document.
func try(ctx context.Context, g *generator.Generator, r report.Request, whole bool) error {
	if whole {
		_, err := g.Generate(ctx, generator.Request{Area: r.Area, Spec: generator.Spec{
			Period: int(r.Period), Template: r.Template, Peers: r.Peers, Formats: generator.FormatIDs(nil), Attach: true, Charts: generator.Pictures[0],
		}})
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
	for _, line := range v.years {
		fmt.Fprintln(c.out, line)
	}
	if v.whole < len(v.possible) {
		fmt.Fprintf(c.out, "sporządzono w całości: %d, po kilka każdego rodzaju jednostek; wszystkie sporządza --all, wybrane --area\n", v.whole)
	}
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
