package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/campaign"
	"github.com/raportjst/raportjst/worker/imap"
	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/remote"
	"github.com/raportjst/raportjst/worker/smtp"
)

// campaignBouncesCmd takes in what mail servers have reported after they took letters.
type campaignBouncesCmd struct {
	ledgerFlags
	campaignName
	whoFlag
	Files    []string       `arg:"" optional:"" name:"plik" help:"Zwroty zapisane z programu pocztowego jako pliki .eml."`
	IMAP     remote.Address `name:"imap" env:"RAPORTJST_IMAP" placeholder:"URL" help:"Skrzynka, do której przychodzą zwroty, np. imaps://uzytkownik@serwer/INBOX; hasło w RAPORTJST_IMAP_PASSWORD (albo w pliku …_FILE). Program niczego w niej nie zmienia."`
	CA       string         `name:"imap-ca" env:"RAPORTJST_IMAP_CA" placeholder:"PLIK" help:"Plik z certyfikatem urzędu, któremu ufać."`
	Password string         `hidden:"" name:"imap-password" env:"RAPORTJST_IMAP_PASSWORD"`
	File     string         `hidden:"" name:"imap-password-file" env:"RAPORTJST_IMAP_PASSWORD_FILE"`
}

func (n *campaignBouncesCmd) Run(ctx context.Context, c console) error {
	if len(n.Files) == 0 && n.IMAP.None() {
		return &fault.Fault{Where: "campaign bounces", What: "nie podano zwrotów", Hint: "podaj pliki .eml albo skrzynkę (--imap)"}
	}
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
		r := returns{console: c, broker: b, letters: all, touched: map[string]bool{}}
		failed := r.files(ctx, n.Files)
		wrong := r.unknown // of what somebody has picked; a mailbox holds other reports, too
		if failed == nil && !n.IMAP.None() {
			failed = n.mailbox(ctx, x, &r)
		}
		for id := range r.touched { // what was read before something failed counts
			if err := b.Recount(context.WithoutCancel(ctx), id); err != nil {
				return err
			}
		}
		if failed != nil {
			return failed
		}
		fmt.Fprintf(c.out, "Zwroty: %d, inne: %d. Po poprawieniu adresów na liście: raportjst campaign resend %q --only odrzucone\n", r.bounced, r.unknown, x.Name)
		if err := book.Note(ctx, n.Name, n.who(), fmt.Sprintf("przyjęto zwroty: %d", r.bounced), time.Now()); err != nil {
			return err
		}
		if wrong > 0 {
			return errPartly
		}
		return nil
	})
}

// mailbox reads the reports that have come into the mailbox since the campaign was begun.
func (n *campaignBouncesCmd) mailbox(ctx context.Context, x campaign.Campaign, r *returns) error {
	password, err := secret("RAPORTJST_IMAP_PASSWORD", n.Password, n.File)
	if err != nil {
		return err
	}
	trusted, err := trust("--imap-ca", n.CA)
	if err != nil {
		return err
	}
	since := x.Log[0].At.AddDate(0, 0, -1) // a server counts in days of its own
	return imap.Reports(ctx, imap.Options{URL: n.IMAP, Password: password, TLS: trusted}, since, func(message io.Reader) error {
		found, err := smtp.ReadBounce(message)
		if errors.Is(err, smtp.ErrNoBounce) { // a receipt of reading, say
			r.unknown++
			return nil
		}
		if err != nil {
			return err
		}
		return r.take(ctx, found, func(smtp.Bounce) {})
	})
}

// returns are the letters of a campaign that have come back.
type returns struct {
	console
	broker           *jetstream.Broker
	letters          []worker.Delivery
	bounced, unknown int
	touched          map[string]bool // orders
}

// files reads the reports that somebody has saved.
func (r *returns) files(ctx context.Context, names []string) error {
	for _, name := range names {
		found, err := readBounces(name)
		if errors.Is(err, smtp.ErrNoBounce) {
			r.unknown++
			fmt.Fprintf(r.out, "%s: nie jest to zwrot (raport o doręczeniu); przeczytaj go\n", name)
			continue
		}
		if err == nil {
			err = r.take(ctx, found, func(b smtp.Bounce) {
				fmt.Fprintf(r.out, "%s: zwrot od %s nie dotyczy żadnego listu tej kampanii\n", name, b.Recipient)
			})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// take records what a report says of letters of the campaign; strange is told of those that are none.
func (r *returns) take(ctx context.Context, found []smtp.Bounce, strange func(smtp.Bounce)) error {
	for _, one := range found {
		d := bouncedLetter(r.letters, one)
		if d == nil {
			r.unknown++
			strange(one)
			continue
		}
		said := strings.TrimSpace(one.Status + " " + one.Diagnostic)
		now, err := r.broker.ChangeDelivery(ctx, d.ID, func(d *worker.Delivery) error {
			d.Bounce(one.Action == "failed", said)
			return nil
		})
		if err != nil {
			return err
		}
		r.touched[now.Batch] = true
		if one.Action == "failed" {
			r.bounced++
		}
		fmt.Fprintf(r.out, "%s → %s, %s: %s\n", now.Area, now.Recipient, stateName(now), said)
	}
	return nil
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
