package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/mail"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/jetstream"
)

// letterFlags say which letters an order sends.
type letterFlags struct {
	Campaign string   `placeholder:"NAZWA" help:"Osobna wysyłka. W jednej wysyłce nikt nie dostaje dwa razy tego samego raportu, także po zmianie programu; bez nazwy wszystkie zamówienia są jedną wysyłką."`
	Compared bool     `help:"Wyślij także te raporty, w których od poprzedniego listu zmieniło się tylko porównanie z innymi jednostkami. Bez tego nowy list dostaje tylko ten, u kogo zmieniły się własne liczby, teksty albo obrazy."`
	Resend   []string `placeholder:"CO" help:"Wyślij ponownie tylko to, co podano po przecinku: odrzucone, niejasne, wygasle, wyslane albo adresy odbiorców; adres poprawiony na liście zastępuje ten, do którego list nie doszedł. Bez tego nic, co już wysłano, nie idzie po raz drugi."`
}

// resendWords are the words for deliveries that have ended.
var resendWords = map[string]worker.DeliveryState{
	"odrzucone": worker.Refused, "niejasne": worker.Held, "wyslane": worker.Sent, "wysłane": worker.Sent,
	"wygasle": worker.Expired, "wygasłe": worker.Expired,
}

// resend is the deliberate repetition that is asked for; nil where there is none.
func (f letterFlags) resend() (*worker.Resend, error) {
	if len(f.Resend) == 0 {
		return nil, nil
	}
	r := &worker.Resend{Mark: rand.Text()}
	for _, word := range f.Resend {
		word = strings.TrimSpace(word)
		if state, ok := resendWords[strings.ToLower(word)]; ok {
			r.States = append(r.States, state)
			continue
		}
		a, err := mail.ParseAddress(word)
		if err != nil {
			return nil, &fault.Fault{Where: "--resend " + word, What: "nie wiadomo, co wysłać ponownie", Hint: "podaj odrzucone, niejasne, wygasle, wyslane albo adresy odbiorców, po przecinku", Err: err}
		}
		r.To = append(r.To, a.Address)
	}
	slices.Sort(r.States)
	r.States = slices.Compact(r.States)
	return r, nil
}

// known tells whether each address that is chosen is on the list.
func (f letterFlags) known(o worker.Order) error {
	for _, word := range f.Resend {
		a, err := mail.ParseAddress(word)
		if err != nil {
			continue // a word
		}
		listed := slices.ContainsFunc(o.Members, func(m worker.Member) bool {
			return slices.ContainsFunc(m.Recipients, func(to string) bool { return strings.EqualFold(to, a.Address) })
		})
		if !listed {
			return &fault.Fault{Where: "--resend " + word, What: "na liście nie ma takiego odbiorcy", Hint: "podaj adres tak, jak stoi na liście (--list)"}
		}
	}
	return nil
}

// mostNamed is how many addresses an answer names one by one.
const mostNamed = 20

// repeated says what a repetition has left out, so that nobody takes an address that was never
// written to for one that has its report.
func (c console) repeated(ctx context.Context, broker *jetstream.Broker, b worker.Batch, t worker.Tally) error {
	if t.Letters == 0 {
		fmt.Fprintln(c.out, "Nie było niczego do ponownego wysłania.")
	}
	items, err := broker.Untried(ctx, b.ID)
	if err != nil {
		return err
	}
	n := 0
	for _, i := range items {
		for _, to := range i.Recipients {
			if n++; n <= mostNamed {
				fmt.Fprintf(c.out, "adres nowy %s (%s %s): nic do niego nie wysłano; wyślij bez --resend\n", to, i.Area, i.Name)
			}
		}
	}
	if n > mostNamed {
		fmt.Fprintf(c.out, "… i jeszcze takich adresów: %d\n", n-mostNamed)
	}
	return nil
}
