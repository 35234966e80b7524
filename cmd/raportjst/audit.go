package main

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/campaign"
	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/proof"
)

// auditCmd writes the whole proof of a campaign: a workbook for people and a signed manifest.
type auditCmd struct {
	ledgerFlags
	proofFlag
	campaignName
	Out string `default:"." placeholder:"KATALOG" help:"Katalog na skoroszyt i podpisany dowód."`
}

func (a *auditCmd) Run(ctx context.Context, c console) error {
	return a.with(ctx, func(b *jetstream.Broker) error {
		x, err := campaign.Book{Shelf: b}.Find(ctx, a.Name)
		if err != nil {
			return err
		}
		all, err := b.OfCampaign(ctx, x.ID)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			return &fault.Fault{Where: "kampania „" + x.Name + "”", What: "nie ma jeszcze żadnego listu", Hint: "stan pokazuje „raportjst campaign show”"}
		}
		batches, err := orders(ctx, b, x)
		if err != nil {
			return err
		}
		m := proof.Manifest{What: "kampania „" + x.Name + "”, " + x.List.String(), At: time.Now().UTC().Truncate(time.Second), Program: generator.Version}
		for _, e := range x.Log {
			m.Log = append(m.Log, proof.Event(e))
		}
		if err := listed(ctx, b, &m, batches); err != nil {
			return err
		}
		lettersOf(&m, all)
		key, err := a.key(a.Home)
		if err != nil {
			return err
		}
		body, err := proof.Seal(m, key)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(a.Out, 0o700); err != nil {
			return &fault.Fault{Where: "--out " + a.Out, What: "nie można utworzyć katalogu", Hint: "wybierz katalog, w którym możesz zapisywać", Err: err}
		}
		name := filepath.Join(a.Out, "dowody-"+x.ID)
		if err := writeFileFor(name+".json", body, 0o600); err != nil {
			return &fault.Fault{Where: "plik " + name + ".json", What: "nie można go zapisać", Hint: "sprawdź prawa i miejsce na dysku", Err: err}
		}
		if err := writePrivate(name+".xlsx", auditTables(m, publicKey(key))...); err != nil {
			return err
		}
		fmt.Fprintf(c.out, "Dowody kampanii „%s”: listy: %d, pliki: %d\n  skoroszyt        %s.xlsx\n  podpisany dowód  %s.json\n  klucz publiczny  %s\n", x.Name, len(m.Letters), len(m.Files), name, name, publicKey(key))
		fmt.Fprintln(c.out, "Ogłoś klucz publiczny, np. na stronie związku: z nim „raportjst verify --key” potwierdza, kto podpisał. Dowody zawierają adresy; chroń je jak listę.")
		return nil
	})
}

// proofFlag names the key that signs proofs where several machines share one.
type proofFlag struct {
	ProofKey string `name:"proof-key" env:"RAPORTJST_PROOF_KEY" placeholder:"PLIK" help:"Klucz, którym podpisuje się dowody, gdy kilka komputerów ma podpisywać tym samym; bez tego własny, z katalogu stanu (klucze/dowody.pem)."`
}

// key is the key of proofs.
func (f proofFlag) key(home string) (ed25519.PrivateKey, error) {
	if f.ProofKey != "" {
		return proof.ReadKey(f.ProofKey)
	}
	return proof.Key(keysDir(home))
}

// keysDir is where the key of proofs lies in a home.
func keysDir(home string) string { return filepath.Join(home, "klucze") }

func publicKey(key ed25519.PrivateKey) string {
	return proof.Public(key.Public().(ed25519.PublicKey))
}

// listed adds orders with all files of their finished reports.
func listed(ctx context.Context, b *jetstream.Broker, m *proof.Manifest, batches []worker.Batch) error {
	for _, o := range batches {
		_, items, err := b.Batch(ctx, o.ID)
		if err != nil {
			return err
		}
		m.Orders = append(m.Orders, proof.Order{ID: o.ID, Title: o.Title, At: o.Ordered, Period: o.Period, Data: o.Data, Template: o.Template, Templates: o.Templates, Program: o.Program})
		for _, i := range items {
			if i.State != worker.Done {
				continue
			}
			for _, f := range i.Files {
				m.Files = append(m.Files, fileOf(o, i, f))
			}
		}
	}
	return nil
}

func fileOf(o worker.Batch, i worker.Item, f worker.File) proof.File {
	return proof.File{Order: o.ID, Area: i.Area, Unit: i.Name, Period: o.Period, Report: i.Key, Name: f.Name, MediaType: f.MediaType, Size: f.Size, SHA256: f.Digest}
}

// lettersOf adds letters, in order of unit. What was sent stands among the files even where its
// order has made the report anew since.
func lettersOf(m *proof.Manifest, all []worker.Delivery) {
	slices.SortFunc(all, func(x, y worker.Delivery) int {
		return cmp.Or(strings.Compare(x.Area, y.Area), strings.Compare(x.Recipient, y.Recipient), x.Created.Compare(y.Created))
	})
	known := map[string]bool{}
	for _, f := range m.Files {
		known[f.SHA256] = true
	}
	for _, d := range all {
		m.Letters = append(m.Letters, proof.Letter{
			Order: d.Batch, Area: d.Area, Unit: d.Name, Recipient: d.Recipient, Channel: d.Channel, State: stateName(d),
			At: d.Receipt.At, Answer: d.Receipt.Reference, MessageID: d.Receipt.MessageID, SHA256: d.File.Digest, Remarks: d.Problems,
		})
		if !known[d.File.Digest] {
			known[d.File.Digest] = true
			m.Files = append(m.Files, proof.File{Order: d.Batch, Area: d.Area, Unit: d.Name, Period: d.Period, Report: d.Key, Name: d.File.Name, MediaType: d.File.MediaType, Size: d.File.Size, SHA256: d.File.Digest})
		}
	}
}

// templateName is the template of an order in words.
func templateName(o proof.Order) string { return cmp.Or(o.Template, "według rodzaju jednostki") }

// auditTables are a manifest as worksheets.
func auditTables(m proof.Manifest, key string) []*grid {
	about := &grid{name: "Dowód", head: []string{"Co", "Wartość"}}
	about.add("Dotyczy", m.What)
	about.add("Sporządzono", locale.Clock(m.At))
	about.add("Program", m.Program)
	about.add("Klucz publiczny (Ed25519)", key)
	about.add("Listy", len(m.Letters))
	about.add("Pliki", len(m.Files))
	states := map[string]int{}
	for _, l := range m.Letters {
		states[l.State]++
	}
	for s, n := range states {
		about.add("Listy: "+s, n)
	}
	slices.SortStableFunc(about.rows[6:], func(x, y []any) int { return strings.Compare(fmt.Sprint(x[0]), fmt.Sprint(y[0])) })
	of := &grid{name: "Zamówienia", head: []string{"Zamówienie", "Nazwa", "Złożone", "Rok", "Zbiór danych", "Szablon", "Wersja szablonów", "Program"}}
	for _, o := range m.Orders {
		of.add(o.ID, harmless(o.Title), locale.Clock(o.At), o.Period, o.Data, templateName(o), o.Templates, o.Program)
	}
	letters := &grid{name: "Listy", head: []string{"Kod", "Jednostka", "Odbiorca", "Sposób", "Stan", "Kiedy", "Odpowiedź serwera", "Message-ID", "SHA-256 pliku", "Zamówienie", "Uwagi"}}
	for _, l := range m.Letters {
		letters.add(l.Area, l.Unit, harmless(l.Recipient), l.Channel, l.State, locale.Clock(l.At), harmless(l.Answer), l.MessageID, l.SHA256, l.Order, harmless(strings.Join(l.Remarks, " | ")))
	}
	files := filesTable(m.Files)
	log := &grid{name: "Przebieg", head: []string{"Kiedy", "Kto", "Co"}}
	for _, e := range m.Log {
		log.add(locale.Clock(e.At), harmless(e.By), harmless(e.What))
	}
	return []*grid{about, letters, files, of, log}
}

func filesTable(all []proof.File) *grid {
	g := &grid{name: "Pliki", head: []string{"Kod", "Jednostka", "Rok", "Plik", "Rodzaj", "Bajty", "SHA-256", "Zamówienie"}}
	for _, f := range all {
		g.add(f.Area, f.Unit, f.Period, f.Name, generator.FileName(f.Name, f.MediaType), int(f.Size), f.SHA256, f.Order)
	}
	return g
}
