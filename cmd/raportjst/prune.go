package main

import (
	"context"
	"fmt"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/jetstream"
)

// pruneCmd removes finished files that nobody needs any more. The orders stay in the ledger,
// and a file that is asked for all the same is made again.
type pruneCmd struct {
	ledgerFlags
	storeFlags
	Older  int  `required:"" placeholder:"DNI" help:"Usuń pliki zamówień złożonych dawniej niż tyle dni temu i zakończonych. Zostają pliki nowszych zamówień i te, które ktoś dostał: nazywają je dowody wysyłki."`
	DryRun bool `help:"Tylko pokaż, co zostałoby usunięte."`
}

func (p *pruneCmd) Run(ctx context.Context, c console) error {
	if p.Older < 1 {
		return &fault.Fault{Where: fmt.Sprintf("--older %d", p.Older), What: "liczba dni musi być dodatnia", Hint: "podaj na przykład 365"}
	}
	return p.with(ctx, func(b *jetstream.Broker) error {
		files, where, err := p.storeFlags.open(ctx, p.Home)
		if err != nil {
			return err
		}
		old, kept, err := prunable(ctx, b, time.Now().AddDate(0, 0, -p.Older))
		if err != nil {
			return err
		}
		removed, size := 0, int64(0)
		for key, report := range old {
			for _, f := range report {
				size += f.Size
			}
			removed++
			if p.DryRun {
				continue
			}
			if err := removeReport(ctx, files, key, report); err != nil {
				return err
			}
		}
		verb := "usunięte raporty"
		if p.DryRun {
			verb = "do usunięcia raporty"
		}
		fmt.Fprintf(c.out, "Magazyn %s: %s: %d (%d kB), pozostają: %d\n", where, verb, removed, size/1000, kept)
		return nil
	})
}

// prunable are the files of the reports, by key, of which every order has ended and was placed
// before the time, and which no delivery names; and how many others there are.
func prunable(ctx context.Context, b *jetstream.Broker, before time.Time) (map[string][]worker.File, int, error) {
	batches, err := b.Batches(ctx)
	if err != nil {
		return nil, 0, err
	}
	old, keep := map[string][]worker.File{}, map[string]bool{}
	for _, batch := range batches {
		v, err := b.View(ctx, batch.ID)
		if err != nil {
			return nil, 0, err
		}
		for _, d := range v.Deliveries { // whatever has become of it
			keep[d.Key] = true
		}
		for _, i := range v.Items {
			if v.Batch.Closed && v.Batch.Ordered.Before(before) {
				old[i.Key] = append(old[i.Key], i.Files...)
			} else {
				keep[i.Key] = true
			}
		}
	}
	for key, files := range old {
		if keep[key] || len(files) == 0 {
			delete(old, key)
		}
	}
	return old, len(keep), nil
}

// removeReport removes the manifest before the files: what is left by a death in between is
// not taken for a whole report.
func removeReport(ctx context.Context, s store, key string, files []worker.File) error {
	if err := s.Remove(ctx, key+"/"+worker.ManifestName); err != nil {
		return err
	}
	for _, f := range files {
		if err := s.Remove(ctx, key+"/"+f.Name); err != nil {
			return err
		}
	}
	return nil
}
