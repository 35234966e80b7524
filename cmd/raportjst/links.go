package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/campaign"
	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/web"
)

// linkKey reads the secret of links, which all workers and the portal share; where there is none,
// one is made.
func linkKey(ctx context.Context, b *jetstream.Broker) (key []byte, err error) {
	err = b.ChangeRecord(ctx, "link.key", func(there []byte) ([]byte, error) {
		if key = there; len(key) == 0 {
			key = []byte(rand.Text() + rand.Text())
		}
		return key, nil
	})
	return key, err
}

// links makes links to the portal for what letters have no room for; nil without a portal.
func (f mailFlags) links(ctx context.Context, b *jetstream.Broker) (*worker.Links, error) {
	if f.PortalURL == "" {
		return nil, nil
	}
	u, err := url.Parse(f.PortalURL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, &fault.Fault{Where: "--portal-url", What: "nie jest to adres portalu", Hint: "podaj go w postaci https://raporty.zwiazek.pl"} // what is wrong with it may hold a password
	}
	if f.LinkDays < 1 {
		return nil, &fault.Fault{Where: fmt.Sprintf("--link-days %d", f.LinkDays), What: "liczba dni musi być dodatnia", Hint: "podaj na przykład 30"}
	}
	key, err := linkKey(ctx, b)
	return &worker.Links{Portal: f.PortalURL, Key: key, Last: time.Duration(f.LinkDays) * 24 * time.Hour}, err
}

// linkOpener opens files by links for the portal.
func linkOpener(b *jetstream.Broker, files worker.Store) web.Link {
	return func(ctx context.Context, token string) (generator.Artifact, error) {
		key, err := linkKey(ctx, b)
		if err != nil {
			return generator.Artifact{}, err
		}
		return worker.OpenLink(ctx, key, b, files, token, time.Now())
	}
}

// campaignRevokeCmd takes the links of letters back.
type campaignRevokeCmd struct {
	ledgerFlags
	campaignName
	whoFlag
	Recipient string `arg:"" name:"adres" optional:"" help:"Adres odbiorcy; bez niego odnośniki wszystkich listów kampanii."`
}

func (r *campaignRevokeCmd) Run(ctx context.Context, c console) error {
	return r.with(ctx, func(b *jetstream.Broker) error {
		book := campaign.Book{Shelf: b}
		x, err := book.Find(ctx, r.Name)
		if err != nil {
			return err
		}
		all, err := b.OfCampaign(ctx, x.ID)
		if err != nil {
			return err
		}
		n := 0
		for _, d := range all {
			if r.Recipient != "" && !strings.EqualFold(d.Recipient, r.Recipient) {
				continue
			}
			if _, err := b.ChangeDelivery(ctx, d.ID, func(d *worker.Delivery) error {
				if d.Revoked.IsZero() {
					d.Revoked = time.Now().UTC()
				}
				return nil
			}); err != nil {
				return err
			}
			n++
		}
		if n == 0 {
			return &fault.Fault{Where: "kampania „" + x.Name + "”", What: "nie ma listu do " + r.Recipient, Hint: "listy pokazuje „raportjst campaign show”"}
		}
		fmt.Fprintf(c.out, "Cofnięto odnośniki w listach: %d\n", n)
		return book.Note(ctx, r.Name, r.who(), fmt.Sprintf("cofnięto odnośniki w listach: %d", n), time.Now())
	})
}
