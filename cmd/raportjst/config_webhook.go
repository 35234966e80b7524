package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"

	"github.com/pelletier/go-toml/v2"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker/campaign"
	"github.com/raportjst/raportjst/worker/remote"
	"github.com/raportjst/raportjst/worker/smtp"
	"github.com/raportjst/raportjst/worker/webhook"
)

// webhookRow is the receiver of a union as the file of receivers has it.
type webhookRow struct {
	Address remote.Address `toml:"adres"`
	Key     string         `toml:"klucz"` // file with the secret
}

// receivers are the systems that take letters in by themselves: of each union that the file names,
// and under "" of all others.
func (f mailFlags) receivers() (map[string]webhook.Receiver, error) {
	out := map[string]webhook.Receiver{}
	if !f.Webhook.None() {
		key, err := secret("RAPORTJST_WEBHOOK_SECRET", f.WebhookKey, f.WebhookFile)
		if err != nil {
			return nil, err
		}
		out[""] = webhook.Receiver{URL: f.Webhook, Secret: key}
	}
	if f.Webhooks == "" {
		return out, nil
	}
	bad := func(what string, err error) error {
		return &fault.Fault{Where: "--webhooks " + f.Webhooks, What: what, Hint: "dla każdego związku wpisz w nim część [\"Związek Gmin\"], a w niej adres = \"https://…\" i klucz = \"plik z kluczem podpisu\"", Err: err}
	}
	body, err := os.ReadFile(f.Webhooks)
	if err != nil {
		return nil, bad("nie można odczytać pliku", err)
	}
	rows := map[string]webhookRow{}
	if err := toml.NewDecoder(bytes.NewReader(body)).DisallowUnknownFields().Decode(&rows); err != nil {
		return nil, bad("pliku nie można zrozumieć", errors.New("decode receivers")) // what it quotes may be a password
	}
	for name, row := range rows {
		id := campaign.ID(name)
		if _, twice := out[id]; id == "" || twice {
			return nil, bad("związek „"+name+"” nie ma nazwy albo jest podany dwa razy", nil)
		}
		file := row.Key
		if file != "" && !filepath.IsAbs(file) {
			file = filepath.Join(filepath.Dir(f.Webhooks), file)
		}
		at := [2]string{"--webhooks " + f.Webhooks + ", związek „" + name + "”", "--webhooks " + f.Webhooks + ", związek „" + name + "”, klucz"}
		key, err := secret(at[1], "", file)
		if err != nil {
			return nil, err
		}
		out[id] = webhook.Receiver{URL: row.Address, Secret: key, Named: at}
	}
	return out, nil
}

// openWebhook opens the channel to systems that take letters in by themselves.
func (f mailFlags) openWebhook(receivers map[string]webhook.Receiver) (post, error) {
	if f.MailFrom == "" {
		return post{}, &fault.Fault{Where: "--webhook " + f.Webhook.String(), What: "nie podano nadawcy listów", Hint: "podaj adres, na który odbiorcy mogą odpowiedzieć (--mail-from, RAPORTJST_MAIL_FROM)"}
	}
	writer, err := smtp.NewComposer(f.MailFrom)
	if err != nil {
		return post{}, err
	}
	c, err := webhook.New(webhook.Options{Receivers: receivers, Domains: f.MailDomains}, writer)
	where := f.Webhook.String()
	if f.Webhook.None() {
		where = "odbiorcy z pliku " + f.Webhooks
	}
	return post{c, webhookChannel, where, f.MailExpiry}, err
}
