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

	"github.com/alecthomas/kong"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/dir"
	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/remote"
	"github.com/raportjst/raportjst/worker/s3"
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
	switch f.NATSReplicas {
	case 0, 1, 3, 5:
	default:
		return jetstream.Options{}, &fault.Fault{Where: fmt.Sprintf("--nats-replicas %d", f.NATSReplicas), What: "tylu kopii nie utrzyma żaden klaster", Hint: "podaj 1, 3 albo 5"}
	}
	password, err := secret("RAPORTJST_NATS_PASSWORD", f.NATSPassword, f.NATSPasswordFile)
	return jetstream.Options{Name: process(), User: f.NATSUser, Password: password, Creds: f.NATSCreds, CA: f.NATSCA, Rendering: rendering, Cert: f.NATSCert, Key: f.NATSKey, Replicas: f.NATSReplicas}, err
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

// together refuses a command that takes both a queue that many share and a directory of this
// process alone: what is made there counts as done for all, and nobody else could read it; what
// others have made would be missing there.
func together(flags []*kong.Flag) error {
	var queue remote.Address
	asked, stored := false, false
	for _, f := range flags {
		switch f.Name {
		case "nats":
			queue, _ = f.Target.Interface().(remote.Address)
		case "s3", "store":
			asked, stored = true, stored || !f.Target.IsZero()
		}
	}
	if queue.None() || !asked || stored {
		return nil
	}
	return &fault.Fault{
		Where: "--nats " + queue.String(), What: "kolejka jest wspólna, a magazyn plików byłby katalogiem tego programu: gotowych raportów nie odczytałby nikt inny",
		Hint: "podaj magazyn S3 (--s3) albo katalog wspólny dla wszystkich (--store)",
	}
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

// store is a store that can remove files and tell whether it can be reached.
type store interface {
	worker.Store
	Remove(ctx context.Context, key string) error // nothing where there is nothing
	Used(ctx context.Context) (int64, error)      // bytes of all objects
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
