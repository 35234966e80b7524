package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/campaign"
	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/smtp"
)

// campaignBouncesCmd takes in what mail servers have reported after they took letters.
type campaignBouncesCmd struct {
	ledgerFlags
	campaignName
	whoFlag
	Files []string `arg:"" name:"plik" help:"Zwroty zapisane z programu pocztowego jako pliki .eml."`
}

func (n *campaignBouncesCmd) Run(ctx context.Context, c console) error {
	return n.with(ctx, func(b *jetstream.Broker) error {
		book := campaign.Book{Shelf: b}
		x, err := book.Find(ctx, n.Name)
		if err != nil {
			return err
		}
		all, err := b.OfCampaign(ctx, x.ID)
		if err != nil {
			return err
		}
		bounced, unknown := 0, 0
		touched := map[string]bool{} // orders
		for _, name := range n.Files {
			found, err := readBounces(name)
			if errors.Is(err, smtp.ErrNoBounce) {
				unknown++
				fmt.Fprintf(c.out, "%s: nie jest to zwrot (raport o doręczeniu); przeczytaj go\n", name)
				continue
			}
			if err != nil {
				return err
			}
			for _, r := range found {
				d := bouncedLetter(all, r)
				if d == nil {
					unknown++
					fmt.Fprintf(c.out, "%s: zwrot od %s nie dotyczy żadnego listu tej kampanii\n", name, r.Recipient)
					continue
				}
				said := strings.TrimSpace(r.Status + " " + r.Diagnostic)
				now, err := b.ChangeDelivery(ctx, d.ID, func(d *worker.Delivery) error {
					d.Bounce(r.Action == "failed", said)
					return nil
				})
				if err != nil {
					return err
				}
				touched[now.Batch] = true
				if r.Action == "failed" {
					bounced++
				}
				fmt.Fprintf(c.out, "%s → %s, %s: %s\n", now.Area, now.Recipient, stateName(now), said)
			}
		}
		for id := range touched {
			if err := b.Recount(ctx, id); err != nil {
				return err
			}
		}
		fmt.Fprintf(c.out, "Zwroty: %d, inne: %d. Po poprawieniu adresów na liście: raportjst campaign resend %q --only odrzucone\n", bounced, unknown, x.Name)
		if err := book.Note(ctx, n.Name, n.who(), fmt.Sprintf("przyjęto zwroty: %d", bounced), time.Now()); err != nil {
			return err
		}
		if unknown > 0 {
			return errPartly
		}
		return nil
	})
}

func readBounces(name string) ([]smtp.Bounce, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, &fault.Fault{Where: "plik " + name, What: "nie można go odczytać", Hint: "sprawdź ścieżkę i prawa", Err: err}
	}
	defer func() { _ = f.Close() }()
	return smtp.ReadBounce(f)
}

// bouncedLetter is the letter that a report is about: by its message id or, where the report does not
// bring that back, the newest to the address.
func bouncedLetter(all []worker.Delivery, r smtp.Bounce) *worker.Delivery {
	var newest *worker.Delivery
	for n := range all {
		d := &all[n]
		switch {
		case r.MessageID != "" && strings.EqualFold(d.Receipt.MessageID, r.MessageID):
			return d
		case r.MessageID == "" && strings.EqualFold(d.Recipient, r.Recipient) && slices.Contains([]worker.DeliveryState{worker.Sent, worker.Held}, d.State):
			if newest == nil || newest.Changed.Before(d.Changed) {
				newest = d
			}
		}
	}
	return newest
}
