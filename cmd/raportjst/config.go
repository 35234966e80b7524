package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/dir"
	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/remote"
	"github.com/raportjst/raportjst/worker/s3"
	"github.com/raportjst/raportjst/worker/smtp"
)

// queueFlags say where orders wait. A password comes from the environment or a file of its
// own; one in an address is taken, too, though a flag can be seen in the list of processes.
type queueFlags struct {
	NATS             remote.Address `name:"nats" env:"RAPORTJST_NATS" placeholder:"URL" help:"Serwer kolejki, np. nats://serwer:4222; bez niego kolejka działa w programie." group:"Kolejka"`
	NATSCreds        string         `name:"nats-creds" env:"RAPORTJST_NATS_CREDS" placeholder:"PLIK" help:"Plik poświadczeń do serwera kolejki." group:"Kolejka"`
	NATSCA           string         `name:"nats-ca" env:"RAPORTJST_NATS_CA" placeholder:"PLIK" help:"Plik z certyfikatem urzędu, któremu ufać." group:"Kolejka"`
	NATSUser         string         `name:"nats-user" env:"RAPORTJST_NATS_USER" placeholder:"NAZWA" help:"Użytkownik serwera kolejki; hasło w RAPORTJST_NATS_PASSWORD albo w pliku RAPORTJST_NATS_PASSWORD_FILE." group:"Kolejka"`
	NATSCert         string         `name:"nats-cert" env:"RAPORTJST_NATS_CERT" and:"certificate" placeholder:"PLIK" help:"Plik certyfikatu, którym przedstawia się program." group:"Kolejka"`
	NATSKey          string         `name:"nats-key" env:"RAPORTJST_NATS_KEY" and:"certificate" placeholder:"PLIK" help:"Plik klucza tego certyfikatu." group:"Kolejka"`
	NATSReplicas     int            `name:"nats-replicas" env:"RAPORTJST_NATS_REPLICAS" placeholder:"N" help:"Co najmniej ile kopii kolejki i księgi trzymać w klastrze: 1, 3 albo 5. Polecenie bez tej opcji niczego nie zmienia." group:"Kolejka"`
	NATSPassword     string         `hidden:"" env:"RAPORTJST_NATS_PASSWORD"`
	NATSPasswordFile string         `hidden:"" env:"RAPORTJST_NATS_PASSWORD_FILE"`
}

// secret is a value, or what stands in a file.
func secret(variable, value, file string) (string, error) {
	if file == "" {
		return value, nil
	}
	body, err := os.ReadFile(file)
	if err != nil {
		return "", &fault.Fault{Where: variable + "_FILE", What: "nie można odczytać pliku " + file, Hint: "sprawdź ścieżkę i prawa do pliku", Err: err}
	}
	return strings.TrimRight(string(body), "\r\n"), nil
}

// process names this process in the ledger and on the server.
func process() string {
	host, err := os.Hostname()
	if err != nil {
		host = "komputer"
	}
	return fmt.Sprintf("%s-%d-%s", host, os.Getpid(), rand.Text()[:4])
}

// options are how to connect.
func (f queueFlags) options() (jetstream.Options, error) {
	password, err := secret("RAPORTJST_NATS_PASSWORD", f.NATSPassword, f.NATSPasswordFile)
	return jetstream.Options{Name: process(), User: f.NATSUser, Password: password, Creds: f.NATSCreds, CA: f.NATSCA, Rendering: generator.Rendering, Cert: f.NATSCert, Key: f.NATSKey, Replicas: f.NATSReplicas}, err
}

func queueDir(home string) string { return filepath.Join(home, "kolejka") }

// join reaches the queue that is there: the named server, or the one in a program that
// serves the home directory. Where there is none the error wraps fs.ErrNotExist.
func (f queueFlags) join(ctx context.Context, home string) (*jetstream.Broker, error) {
	o, err := f.options()
	if err != nil {
		return nil, err
	}
	if !f.NATS.None() {
		return jetstream.Connect(ctx, f.NATS, o)
	}
	b, err := jetstream.Join(ctx, queueDir(home), o)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &fault.Fault{Where: "kolejka", What: "nie działa żadna kolejka zleceń", Hint: "uruchom „raportjst serve” albo podaj serwer (--nats)", Err: err}
	}
	return b, err
}

// open is join, or the queue in this program.
func (f queueFlags) open(ctx context.Context, home string) (*jetstream.Broker, error) {
	if !f.NATS.None() {
		return f.join(ctx, home)
	}
	o, err := f.options()
	if err != nil {
		return nil, err
	}
	return jetstream.Embed(ctx, queueDir(home), o)
}

// storeFlags say where finished files are kept.
type storeFlags struct {
	Store        string         `env:"RAPORTJST_STORE" placeholder:"KATALOG" help:"Katalog na gotowe pliki; bez niego podkatalog katalogu programu." group:"Magazyn plików"`
	S3           remote.Address `name:"s3" env:"RAPORTJST_S3" placeholder:"URL" help:"Magazyn S3, np. https://serwer:7070/zasobnik; klucze w RAPORTJST_S3_ACCESS_KEY i RAPORTJST_S3_SECRET_KEY (albo w plikach …_FILE)." group:"Magazyn plików"`
	S3Region     string         `name:"s3-region" env:"RAPORTJST_S3_REGION" default:"us-east-1" help:"Region magazynu S3." group:"Magazyn plików"`
	S3CA         string         `name:"s3-ca" env:"RAPORTJST_S3_CA" placeholder:"PLIK" help:"Plik z certyfikatem urzędu, któremu ufać." group:"Magazyn plików"`
	S3Lookup     string         `name:"s3-lookup" env:"RAPORTJST_S3_LOOKUP" enum:"auto,path,host" default:"auto" help:"Gdzie stoi nazwa zasobnika: w ścieżce (path), w nazwie serwera (host) albo jak u dostawcy (auto)." group:"Magazyn plików"`
	S3Access     string         `hidden:"" env:"RAPORTJST_S3_ACCESS_KEY"`
	S3AccessFile string         `hidden:"" env:"RAPORTJST_S3_ACCESS_KEY_FILE"`
	S3Secret     string         `hidden:"" env:"RAPORTJST_S3_SECRET_KEY"`
	S3SecretFile string         `hidden:"" env:"RAPORTJST_S3_SECRET_KEY_FILE"`
}

// store is a store that takes large files, too, and can tell whether it can be reached.
type store interface {
	worker.Store
	PutFrom(ctx context.Context, key string, o worker.Object) error
	Remove(ctx context.Context, key string) error // nothing where there is nothing
	Ready(context.Context) error
}

// open opens the store and says in words where it is.
func (f storeFlags) open(ctx context.Context, home string) (store, string, error) {
	if f.S3.None() {
		root := f.Store
		if root == "" {
			root = filepath.Join(home, "raporty")
		}
		s, err := dir.Open(root)
		return s, root, err
	}
	access, err := secret("RAPORTJST_S3_ACCESS_KEY", f.S3Access, f.S3AccessFile)
	if err != nil {
		return nil, "", err
	}
	key, err := secret("RAPORTJST_S3_SECRET_KEY", f.S3Secret, f.S3SecretFile)
	if err != nil {
		return nil, "", err
	}
	s, err := s3.Open(ctx, s3.Options{URL: f.S3, Region: f.S3Region, Access: access, Secret: key, CA: f.S3CA, Lookup: strings.TrimPrefix(f.S3Lookup, "auto")})
	return s, f.S3.Bare(), err
}

// mailFlags say how letters go out.
type mailFlags struct {
	SMTP         remote.Address `name:"smtp" env:"RAPORTJST_SMTP" placeholder:"URL" help:"Serwer poczty, np. smtp://uzytkownik@serwer:587 albo smtps://serwer:465; hasło w RAPORTJST_SMTP_PASSWORD (albo w pliku …_FILE). Bez niego wiadomości trafiają do katalogu." group:"Poczta"`
	MailFrom     string         `env:"RAPORTJST_MAIL_FROM" default:"Raport JST <raporty@localhost>" placeholder:"ADRES" help:"Nadawca, np. „Związek Gmin <raporty@zwiazek.pl>”." group:"Poczta"`
	MailDomains  []string       `env:"RAPORTJST_MAIL_DOMAINS" placeholder:"DOMENA" help:"Dozwolone domeny odbiorców; bez nich wszystkie." group:"Poczta"`
	MailLimit    int            `env:"RAPORTJST_MAIL_LIMIT" default:"4" help:"Ile wiadomości wysyłać naraz, we wszystkich procesach razem." group:"Poczta"`
	MailDryRun   bool           `env:"RAPORTJST_MAIL_DRY_RUN" help:"Niczego nie wysyłaj: zapisz wiadomości w katalogu." group:"Poczta"`
	Outbox       string         `env:"RAPORTJST_OUTBOX" placeholder:"KATALOG" help:"Katalog na wiadomości (pliki .eml), gdy nie ma serwera poczty." group:"Poczta"`
	SMTPPassword string         `hidden:"" env:"RAPORTJST_SMTP_PASSWORD"`
	SMTPFile     string         `hidden:"" env:"RAPORTJST_SMTP_PASSWORD_FILE"`
}

// post is a channel with its name in the ledger and where it leads in words.
type post struct {
	worker.Channel
	name, where string
}

// open opens the channel. Letters that went into a directory are not taken for sent when
// a mail server is named later: the channels have names of their own.
func (f mailFlags) open(home string) (post, error) {
	if f.SMTP.None() || f.MailDryRun {
		root := f.Outbox
		if root == "" {
			root = filepath.Join(home, "wiadomosci")
		}
		c, err := smtp.NewComposer(f.MailFrom)
		if err != nil {
			return post{}, err
		}
		o, err := dir.OpenOutbox(root, c.Compose)
		return post{o, "outbox", root}, err
	}
	password, err := secret("RAPORTJST_SMTP_PASSWORD", f.SMTPPassword, f.SMTPFile)
	if err != nil {
		return post{}, err
	}
	c, err := smtp.New(smtp.Options{URL: f.SMTP, Password: password, From: f.MailFrom, Domains: f.MailDomains})
	return post{c, "smtp", f.SMTP.String()}, err
}
