package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/campaign"
	"github.com/raportjst/raportjst/worker/jetstream"
)

// campaignReviewCmd shows a campaign before it is sent.
type campaignReviewCmd struct {
	ledgerFlags
	storeFlags
	campaignName
	channelFlag
	XLSX    string `name:"xlsx" placeholder:"PLIK" help:"Zapisz wykaz listów jako skoroszyt."`
	Samples string `placeholder:"KATALOG" help:"Zapisz trzy raporty do obejrzenia: najmniejszy, średni i największy."`
}

func (r *campaignReviewCmd) Run(ctx context.Context, c console) error {
	return r.with(ctx, func(b *jetstream.Broker) error {
		files, _, err := r.storeFlags.open(ctx, r.Home)
		if err != nil {
			return err
		}
		review, v, err := look(ctx, b, files, r.channel, r.Name)
		if err != nil {
			return err
		}
		c.review(review)
		if r.XLSX != "" {
			if err := writePrivate(r.XLSX, letterTable(review)); err != nil {
				return err
			}
			fmt.Fprintf(c.out, "  wykaz      %s\n", r.XLSX)
		}
		if r.Samples != "" {
			names, err := samplesOf(ctx, files, v.Items, r.Samples)
			if err != nil {
				return err
			}
			fmt.Fprintf(c.out, "  do obejrzenia\n    %s\n", strings.Join(names, "\n    "))
		}
		return nil
	})
}

// readSaid reads what reports say; one that cannot be read is told in the log.
func readSaid(ctx context.Context, files worker.Store) func(key string) *document.Said {
	return func(key string) *document.Said {
		s, err := worker.ReadSaid(ctx, files, key)
		if err != nil {
			slog.Warn("what a report says is not known", "report", key, "error", err)
		}
		return s
	}
}

// review writes a review in words.
func (c console) review(r campaign.Review) {
	var sum, least, most int64
	for _, l := range r.Lines {
		sum += l.Size
		most = max(most, l.Size)
		if least == 0 || l.Size < least {
			least = l.Size
		}
	}
	fmt.Fprintf(c.out, "%s, rok %d, %s\n", r.Campaign.Name, r.Campaign.Period, r.Campaign.List)
	fmt.Fprintf(c.out, "  raporty    gotowe %d z %d, nieudane %d, pominięte %d\n", r.Tally.Done, r.Tally.Total, r.Tally.Failed, len(r.Left))
	fmt.Fprintf(c.out, "  listy      do wysłania %d z %d", r.Letters(), len(r.Lines))
	for _, k := range []campaign.Change{campaign.New, campaign.Own, campaign.Comparison, campaign.Unchanged, campaign.Unknown} {
		if n := r.Count(k); n > 0 {
			fmt.Fprintf(c.out, "; %s: %d", k, n)
		}
	}
	fmt.Fprintln(c.out)
	if len(r.Lines) > 0 {
		fmt.Fprintf(c.out, "  pliki      razem %s, od %s do %s na jednostkę\n", bytesText(sum), bytesText(least), bytesText(most))
	}
	if n := r.Count(campaign.Comparison); n > 0 && !r.Campaign.Compared {
		fmt.Fprintf(c.out, "  u %d odbiorców zmieniło się tylko porównanie z innymi; listy do nich wyśle kampania z opcją --compared\n", n)
	}
	n := 0
	for _, l := range r.Lines {
		if l.Change != campaign.Own && l.Change != campaign.Comparison {
			continue
		}
		if n++; n <= mostNamed {
			fmt.Fprintf(c.out, "    %s %s → %s, %s: %s\n", l.Area, l.Name, l.Recipient, l.Change, l.What())
		}
	}
	if n > mostNamed {
		fmt.Fprintf(c.out, "    … i jeszcze %d; wszystkie zapisuje --xlsx\n", n-mostNamed)
	}
	for _, m := range r.Without[:min(len(r.Without), mostNamed)] {
		fmt.Fprintf(c.out, "  bez adresu %s %s: nikt nie dostanie raportu\n", m.Area, m.Name)
	}
	for _, l := range r.Left {
		fmt.Fprintf(c.out, "  pominięto  %s %s: %s\n", l.Area, l.Name, l.Why)
	}
	c.failures(r.Failed, nil)
	fmt.Fprintf(c.out, "  skrót      %s\n", r.Digest)
}

// letterTable is the letters of a review as a worksheet.
func letterTable(r campaign.Review) *grid {
	g := &grid{name: "Listy", head: []string{"Kod", "Jednostka", "Odbiorca", "Zmiana", "Zostanie wysłany", "Co się zmieniło", "Pliki", "Poprzedni list", "SHA-256 poprzedniego"}}
	for _, l := range r.Lines {
		send, before, sum := "nie", "", ""
		if l.Send {
			send = "tak"
		}
		if l.Earlier != nil {
			before, sum = locale.Clock(l.Earlier.Receipt.At), l.Earlier.File.Digest
		}
		g.add(l.Area, l.Name, harmless(l.Recipient), string(l.Change), send, l.What(), bytesText(l.Size), before, sum)
	}
	for _, m := range r.Without {
		g.add(m.Area, m.Name, "", "brak adresu", "nie", "", "", "", "")
	}
	return g
}

// bytesText is a size for people.
func bytesText(n int64) string {
	switch {
	case n >= 1<<30:
		return locale.Number(float64(n)/(1<<30), 1) + " GB"
	case n >= 1<<20:
		return locale.Number(float64(n)/(1<<20), 1) + " MB"
	}
	return locale.Number(float64(n)/1024, 0) + " kB"
}
