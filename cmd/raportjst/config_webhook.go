package main

import (
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker/smtp"
	"github.com/raportjst/raportjst/worker/webhook"
)

// openWebhook opens the channel to a system that takes letters in by itself.
func (f mailFlags) openWebhook() (post, error) {
	key, err := secret("RAPORTJST_WEBHOOK_SECRET", f.WebhookKey, f.WebhookFile)
	if err != nil {
		return post{}, err
	}
	if f.MailFrom == "" {
		return post{}, &fault.Fault{Where: "--webhook " + f.Webhook.String(), What: "nie podano nadawcy listów", Hint: "podaj adres, na który odbiorcy mogą odpowiedzieć (--mail-from, RAPORTJST_MAIL_FROM)"}
	}
	writer, err := smtp.NewComposer(f.MailFrom)
	if err != nil {
		return post{}, err
	}
	c, err := webhook.New(webhook.Options{URL: f.Webhook, Secret: key}, writer)
	return post{c, webhookChannel, f.Webhook.String(), f.MailExpiry}, err
}
