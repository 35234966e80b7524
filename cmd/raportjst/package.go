package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/normal"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/campaign"
	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/proof"
)

// packageCmd packs the reports of an order.
type packageCmd struct {
	dataFlags
	queueFlags
	storeFlags
	proofFlag
	Batch       string   `arg:"" name:"zamówienie" help:"Numer zamówienia albo nazwa kampanii."`
	Out         string   `required:"" placeholder:"PLIK" help:"Plik ZIP."`
	By          string   `enum:"powiat,wojewodztwo,zwiazek" default:"powiat" placeholder:"PODZIAŁ" help:"Katalogi w paczce: powiat (w województwie), wojewodztwo albo zwiazek (z zapisanych list)."`
	Voivodeship []string `placeholder:"TERYT" help:"Tylko te województwa."`
	Powiat      []string `placeholder:"TERYT" help:"Tylko te powiaty."`
	Union       string   `placeholder:"NAZWA" help:"Tylko członkowie tego związku, według ostatniej zapisanej listy."`
	Formats     []string `placeholder:"FORMAT" help:"Tylko te pliki, po przecinku, np. pdf,xlsx; bez tego wszystkie."`
}

func (p *packageCmd) Run(ctx context.Context, c console) error {
	return ledgerFlags{queueFlags: p.queueFlags, Home: p.Home}.with(ctx, func(b *jetstream.Broker) error {
		files, _, err := p.storeFlags.open(ctx, p.Home)
		if err != nil {
			return err
		}
		v, err := p.order(ctx, b)
		if err != nil {
			return err
		}
		packed, err := p.pick(ctx, b, v)
		if err != nil {
			return err
		}
		pack, err := p.pack(v.Batch, packed)
		if err != nil {
			return err
		}
		size, err := writeOut(p.Out, func(w io.Writer) error { return pack.Write(ctx, w, files) })
		if err != nil {
			return err
		}
		fmt.Fprintf(c.out, "Paczka %s: pliki: %d, %s\n", p.Out, len(packed), bytesText(size))
		if n := v.Tally.Total - v.Tally.Done; n > 0 {
			fmt.Fprintf(c.err, "uwaga: w zamówieniu nie ma jeszcze albo nie udało się raportów: %d; w paczce ich brakuje\n", n)
			return errPartly
		}
		return nil
	})
}

// order finds the order by its number or the name of a campaign.
func (p *packageCmd) order(ctx context.Context, b *jetstream.Broker) (worker.View, error) {
	v, err := b.View(ctx, p.Batch)
	if !errors.Is(err, worker.ErrNotFound) {
		return v, err
	}
	x, none := campaign.Book{Shelf: b}.Find(ctx, p.Batch)
	if none != nil {
		return v, noBatch(p.Batch, err)
	}
	v, err = b.View(ctx, x.Preview)
	return v, noBatch(x.Preview, err)
}

// pick are the files to pack, in order of folder and unit.
func (p *packageCmd) pick(ctx context.Context, b *jetstream.Broker, v worker.View) ([]proof.Packed, error) {
	data, err := p.dataFlags.open(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = data.Close() }()
	folders, member, err := p.folders(ctx, b, data.Register())
	if err != nil {
		return nil, err
	}
	under := append(slices.Clone(p.Voivodeship), p.Powiat...)
	var out []proof.Packed
	for _, i := range v.Items {
		if i.State != worker.Done || !member(i.Area) {
			continue
		}
		if len(under) > 0 && !slices.ContainsFunc(under, func(u string) bool { return strings.HasPrefix(i.Area, u) }) {
			continue
		}
		for _, f := range i.Files {
			format, ok := generator.FileFormat(f.MediaType)
			if len(p.Formats) > 0 && (!ok || !slices.Contains(p.Formats, format.ID)) {
				continue
			}
			for _, folder := range folders(i.Area) {
				out = append(out, proof.Packed{Folder: folder, Title: worker.FileTitle(v.Batch.Period, i.Name, f.Name), File: fileOf(v.Batch, i, f)})
			}
		}
	}
	if len(out) == 0 {
		return nil, &fault.Fault{Where: "package " + p.Batch, What: "nie ma czego spakować", Hint: "sprawdź, czy raporty są gotowe („raportjst status”) i czy wybór nie jest pusty"}
	}
	slices.SortStableFunc(out, func(x, y proof.Packed) int {
		return cmp.Or(locale.Compare(strings.Join(x.Folder, " / "), strings.Join(y.Folder, " / ")), strings.Compare(x.Area, y.Area))
	})
	return out, nil
}

// folders tells in which folders the files of a unit stand, and whether it is packed at all.
func (p *packageCmd) folders(ctx context.Context, b *jetstream.Broker, r *stat.Register) (of func(area string) [][]string, member func(string) bool, err error) {
	name := func(code stat.AreaCode, kind stat.Kind) string {
		if a, ok := r.Area(code); ok {
			return areaName(a)
		}
		return locale.Kind(kind).Name + " " + string(code)
	}
	of = func(area string) [][]string {
		code := stat.AreaCode(area)
		out := []string{name(code.Voivodeship(), stat.KindVoivodeship)}
		if p.By == "powiat" && len(area) > 2 {
			out = append(out, name(code[:4], stat.KindPowiat))
		}
		return [][]string{out}
	}
	member = func(string) bool { return true }
	if p.Union == "" && p.By != "zwiazek" {
		return of, member, nil
	}
	lists, err := campaign.Book{Shelf: b}.Lists(ctx, normal.Line(p.Union))
	if err != nil {
		return nil, nil, err
	}
	if len(lists) == 0 {
		return nil, nil, &fault.Fault{Where: "package " + p.Batch, What: "nie ma zapisanej listy związku", Hint: "zapisz ją („raportjst list save”); listy wypisuje „raportjst list saved”"}
	}
	newest := map[string]campaign.Saved{} // of each union; they come oldest first
	for _, s := range lists {
		newest[campaign.ID(s.Union)] = s
	}
	unions := map[string][][]string{} // by area
	for _, s := range newest {
		for _, m := range s.List.Members() {
			unions[m.Area] = append(unions[m.Area], []string{s.Union})
		}
	}
	if p.By == "zwiazek" {
		of = func(area string) [][]string { return unions[area] }
	}
	return of, func(area string) bool { return len(unions[area]) > 0 }, nil
}

// pack is the package with its list and proof.
func (p *packageCmd) pack(b worker.Batch, packed []proof.Packed) (proof.Package, error) {
	m := proof.Manifest{
		What: "paczka zamówienia " + b.ID, At: time.Now().UTC().Truncate(time.Second), Program: generator.Version,
		Orders: []proof.Order{{ID: b.ID, Title: b.Title, At: b.Ordered, Period: b.Period, Data: b.Data, Template: b.Template, Templates: b.Templates, Program: b.Program}},
	}
	seen := map[string]bool{}
	for _, f := range packed {
		if !seen[f.SHA256] {
			seen[f.SHA256] = true
			m.Files = append(m.Files, f.File)
		}
	}
	key, err := p.key(p.Home)
	if err != nil {
		return proof.Package{}, err
	}
	body, err := proof.Seal(m, key)
	if err != nil {
		return proof.Package{}, err
	}
	title := fmt.Sprintf("%s, rok %d", b.Title, b.Period)
	return proof.Package{Title: title, At: m.At, Notice: b.Tag, Files: packed, Proof: body}, nil
}

// writeOut streams a file beside its place and gives it its name when it is whole.
func writeOut(name string, write func(io.Writer) error) (size int64, err error) {
	part := name + ".nowy"
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err == nil {
		err = write(f)
		if err == nil {
			err = f.Sync()
		}
		if info, stat := f.Stat(); stat == nil {
			size = info.Size()
		}
		if err = errors.Join(err, f.Close()); err == nil {
			err = os.Rename(part, name)
		}
		if err != nil {
			_ = os.Remove(part)
		}
	}
	var known *fault.Fault
	if err != nil && !errors.As(err, &known) && !errors.Is(err, context.Canceled) {
		err = &fault.Fault{Where: "plik " + name, What: "nie można go zapisać", Hint: "sprawdź ścieżkę, prawa i miejsce na dysku", Err: err}
	}
	return size, err
}
