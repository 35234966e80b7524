package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/templates"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/dir"
	"github.com/raportjst/raportjst/worker/remote"
	"github.com/raportjst/raportjst/worker/smtp"
)

// mailFlags say how letters go out.
type mailFlags struct {
	SMTP         remote.Address `name:"smtp" env:"RAPORTJST_SMTP" placeholder:"URL" help:"Serwer poczty, np. smtp://uzytkownik@serwer:587 albo smtps://serwer:465; hasło w RAPORTJST_SMTP_PASSWORD (albo w pliku …_FILE). Bez niego wiadomości trafiają do katalogu." group:"Poczta"`
	MailFrom     string         `env:"RAPORTJST_MAIL_FROM" placeholder:"ADRES" help:"Nadawca, np. „Związek Gmin <raporty@zwiazek.pl>”; z serwerem poczty wymagany." group:"Poczta"`
	SMTPCA       string         `name:"smtp-ca" env:"RAPORTJST_SMTP_CA" placeholder:"PLIK" help:"Plik z certyfikatem urzędu, któremu ufać." group:"Poczta"`
	SMTPHello    string         `name:"smtp-hello" env:"RAPORTJST_SMTP_HELLO" placeholder:"NAZWA" help:"Pełna nazwa tego komputera, którą przedstawia się serwerowi (EHLO), np. raporty.zwiazek.pl; bez niej domena nadawcy." group:"Poczta"`
	MailSize     int            `env:"RAPORTJST_MAIL_SIZE" default:"10" placeholder:"MB" help:"Ile najwyżej plików mieści list." group:"Poczta"`
	PortalURL    string         `name:"portal-url" env:"RAPORTJST_PORTAL_URL" placeholder:"URL" help:"Adres portalu, np. https://raporty.zwiazek.pl: czego list nie mieści, jest do pobrania pod odnośnikiem." group:"Poczta"`
	LinkDays     int            `env:"RAPORTJST_LINK_DAYS" default:"30" placeholder:"DNI" help:"Jak długo działa odnośnik z listu." group:"Poczta"`
	MailAttach   []string       `env:"RAPORTJST_MAIL_ATTACH" placeholder:"FORMAT" help:"Co dołączyć do listu obok PDF, np. xlsx." group:"Poczta"`
	MailExpiry   time.Duration  `env:"RAPORTJST_MAIL_EXPIRY" default:"120h" placeholder:"CZAS" help:"Jak długo list może czekać, zanim wygaśnie." group:"Poczta"`
	MailRate     int            `env:"RAPORTJST_MAIL_RATE" default:"0" placeholder:"N" help:"Ile najwyżej listów na minutę wysyła jeden proces do jednej domeny; 0: bez ograniczenia." group:"Poczta"`
	MailPerHost  int            `name:"mail-domain-limit" env:"RAPORTJST_MAIL_DOMAIN_LIMIT" default:"2" placeholder:"N" help:"Ile listów naraz wysyła jeden proces do jednej domeny." group:"Poczta"`
	MailDomains  []string       `env:"RAPORTJST_MAIL_DOMAINS" placeholder:"DOMENA" help:"Dozwolone domeny odbiorców; bez nich wszystkie." group:"Poczta"`
	MailLimit    int            `env:"RAPORTJST_MAIL_LIMIT" default:"4" help:"Ile wiadomości wysyłać naraz, we wszystkich procesach razem." group:"Poczta"`
	MailDryRun   bool           `env:"RAPORTJST_MAIL_DRY_RUN" help:"Niczego nie wysyłaj: zapisz wiadomości w katalogu." group:"Poczta"`
	Outbox       string         `env:"RAPORTJST_OUTBOX" placeholder:"KATALOG" help:"Katalog na wiadomości (pliki .eml), gdy nie ma serwera poczty." group:"Poczta"`
	Webhook      remote.Address `name:"webhook" env:"RAPORTJST_WEBHOOK" placeholder:"URL" help:"Zamiast serwera poczty: adres systemu, który sam przyjmuje listy (EZD), np. https://ezd.urzad.pl/raporty; klucz podpisu w RAPORTJST_WEBHOOK_SECRET (albo w pliku …_FILE)." group:"Poczta"`
	Webhooks     string         `name:"webhooks" env:"RAPORTJST_WEBHOOKS" placeholder:"PLIK" help:"Plik TOML z odbiorcami listów tych związków, które mają własny system (EZD); listy pozostałych wychodzą jak mówią inne opcje." group:"Poczta"`
	WebhookKey   string         `hidden:"" name:"webhook-secret" env:"RAPORTJST_WEBHOOK_SECRET"`
	WebhookFile  string         `hidden:"" name:"webhook-secret-file" env:"RAPORTJST_WEBHOOK_SECRET_FILE"`
	DKIMKey      string         `name:"dkim-key" env:"RAPORTJST_DKIM_KEY" placeholder:"PLIK" help:"Klucz prywatny (PEM), którym program podpisuje listy (DKIM), gdy nie robi tego serwer poczty." group:"Poczta"`
	DKIMSelector string         `name:"dkim-selector" env:"RAPORTJST_DKIM_SELECTOR" placeholder:"NAZWA" help:"Nazwa tego klucza w DNS: NAZWA._domainkey.domena-nadawcy." group:"Poczta"`
	SMTPToken    string         `name:"smtp-token-file" env:"RAPORTJST_SMTP_TOKEN_FILE" placeholder:"PLIK" help:"Plik z tokenem dostępu (XOAUTH2) zamiast hasła; czytany przy każdym połączeniu, odnawia go inny program." group:"Poczta"`
	SMTPPassword string         `hidden:"" env:"RAPORTJST_SMTP_PASSWORD"`
	SMTPFile     string         `hidden:"" env:"RAPORTJST_SMTP_PASSWORD_FILE"`
}

// channelFlag says for which channel a campaign is reviewed and approved.
type channelFlag struct {
	Channel  string         `enum:"smtp,webhook,outbox," default:"" placeholder:"SPOSÓB" help:"Jak wyjdą listy: smtp, webhook albo outbox (katalog); bez tego jak mówią ustawienia poczty (RAPORTJST_SMTP, RAPORTJST_WEBHOOK, RAPORTJST_WEBHOOKS, RAPORTJST_MAIL_DRY_RUN)."`
	Webhook  remote.Address `hidden:"" name:"webhook" env:"RAPORTJST_WEBHOOK"`
	Webhooks string         `hidden:"" name:"webhooks" env:"RAPORTJST_WEBHOOKS"`
	SMTP     remote.Address `hidden:"" name:"smtp" env:"RAPORTJST_SMTP"`
	DryRun   bool           `hidden:"" name:"mail-dry-run" env:"RAPORTJST_MAIL_DRY_RUN"`
}

// chooser says by which channel the letters of a union go.
type chooser func(union string) (string, error)

// channel is the channel that is named, or the one that sending with the same settings uses.
func (f channelFlag) channel(union string) (string, error) {
	if f.Channel != "" {
		return f.Channel, nil
	}
	return mailFlags{SMTP: f.SMTP, Webhook: f.Webhook, Webhooks: f.Webhooks, MailDryRun: f.DryRun}.channelOf(union)
}

// post is a channel with its name in the ledger and where it leads in words.
type post struct {
	worker.Channel
	name, where string
	expiry      time.Duration // of a letter that waits
}

// close ends its connections.
func (p post) close() {
	if c, ok := p.Channel.(interface{ Close() error }); ok {
		if err := c.Close(); err != nil {
			slog.Debug("close channel", "channel", p.name, "error", err)
		}
	}
}

// outboxFrom is the sender of letters that only go into a directory. It has no name: that of the union stands there.
const outboxFrom = "raporty@localhost"

// open opens the channels. Letters that went into a directory are not taken for sent when
// a mail server is named later: the channels have names of their own.
//
// The first is the one of letters that name none.
func (f mailFlags) open(home string) ([]post, error) {
	if !f.SMTP.None() && !f.Webhook.None() {
		return nil, &fault.Fault{Where: "--smtp, --webhook", What: "nie wiadomo, którym sposobem wysyłać", Hint: "podaj jeden z nich, a odbiorców, którzy przyjmują listy bez poczty, w pliku (--webhooks)"}
	}
	var out []post
	name := f.channelName()
	if name != webhookChannel {
		p, err := f.openMail(home, name)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	if f.MailDryRun || f.Webhook.None() && f.Webhooks == "" {
		return out, nil
	}
	receivers, err := f.receivers()
	if err != nil {
		return nil, err
	}
	p, err := f.openWebhook(receivers)
	return append(out, p), err
}

// openMail opens the channel to a mail server or, where there is none, to a directory.
func (f mailFlags) openMail(home, name string) (post, error) {
	from := f.MailFrom
	if name == outboxChannel {
		if from == "" {
			from = outboxFrom
		}
		root := f.Outbox
		if root == "" {
			root = filepath.Join(home, "wiadomosci")
		}
		c, err := smtp.NewComposer(from)
		if err != nil {
			return post{}, err
		}
		o, err := dir.OpenOutbox(root, c)
		where := root
		if f.MailDryRun {
			where = "nie wysłano: zapisano w " + root
		}
		return post{o, outboxChannel, where, f.MailExpiry}, err
	}
	if from == "" {
		return post{}, &fault.Fault{Where: "--smtp " + f.SMTP.String(), What: "nie podano nadawcy listów", Hint: "podaj adres, na który odbiorcy mogą odpowiedzieć, np. --mail-from „Związek Gmin <raporty@zwiazek.pl>” (RAPORTJST_MAIL_FROM)"}
	}
	password, err := secret("RAPORTJST_SMTP_PASSWORD", f.SMTPPassword, f.SMTPFile)
	if err != nil {
		return post{}, err
	}
	trusted, err := trust("--smtp-ca", f.SMTPCA)
	if err != nil {
		return post{}, err
	}
	var signing *smtp.DKIM
	if f.DKIMKey != "" {
		key, err := os.ReadFile(f.DKIMKey)
		if err != nil {
			return post{}, &fault.Fault{Where: "--dkim-key " + f.DKIMKey, What: "nie można odczytać pliku", Hint: "sprawdź ścieżkę i prawa do pliku", Err: err}
		}
		signing = &smtp.DKIM{Selector: f.DKIMSelector, Key: key}
	}
	var token func() (string, error)
	if f.SMTPToken != "" {
		token = func() (string, error) { return secret("RAPORTJST_SMTP_TOKEN", "", f.SMTPToken) }
		if _, err := token(); err != nil {
			return post{}, err
		}
	}
	c, err := smtp.New(smtp.Options{Token: token, DKIM: signing, URL: f.SMTP, Password: password, From: from, Domains: f.MailDomains, TLS: trusted, Hello: f.SMTPHello, DomainRate: f.MailRate, DomainLimit: f.MailPerHost})
	return post{c, "smtp", f.SMTP.String(), f.MailExpiry}, err
}

// trust is a TLS setting that trusts an authority beside those of the system; nil for "".
func trust(flag, file string) (*tls.Config, error) {
	if file == "" {
		return nil, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	body, err := os.ReadFile(file)
	if err != nil || !pool.AppendCertsFromPEM(body) {
		return nil, &fault.Fault{Where: flag + " " + file, What: "nie ma w nim certyfikatu, który można odczytać", Hint: "podaj plik PEM z certyfikatem urzędu", Err: err}
	}
	return &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, nil
}

// letters are the templates of letters with what is attached.
func (f mailFlags) letters(own string) (*worker.Letters, error) {
	layers := []fs.FS{templates.FS}
	if own != "" {
		layers = []fs.FS{os.DirFS(own), templates.FS}
	}
	l, err := worker.ReadLetters(layers...)
	if err != nil {
		return nil, err
	}
	for _, id := range f.MailAttach {
		if !slices.Contains(generator.FormatIDs(nil), id) {
			return nil, &fault.Fault{Where: "--mail-attach " + id, What: "nie ma takiego formatu", Hint: "do wyboru: xlsx i inne formaty raportu"}
		}
	}
	if f.MailSize < 1 {
		return nil, &fault.Fault{Where: fmt.Sprintf("--mail-size %d", f.MailSize), What: "list musi mieścić choć 1 MB", Hint: "podaj na przykład 10"}
	}
	l.Attach, l.Limit = f.MailAttach, int64(f.MailSize)<<20
	return l, nil
}
