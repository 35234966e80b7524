package main

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/proof"
)

// verifyCmd says of files where they come from and whether they are untouched. It asks no server:
// it goes by signed proofs and by the ledger of this machine.
type verifyCmd struct {
	homeFlag
	proofFlag
	Files []string `arg:"" name:"plik" help:"Pliki raportów (PDF, XLSX, HTML, DOCX) albo paczki ZIP z „raportjst package”."`
	Proof []string `placeholder:"PLIK" help:"Podpisany dowód (dowody-….json z „raportjst audit”); bez niego dowody obok pliku i księga tego komputera."`
	Key   string   `placeholder:"KLUCZ" help:"Klucz publiczny, którym dowód musi być podpisany, tak jak go ogłoszono."`
}

// known is a manifest and how far it can be trusted.
type known struct {
	proof.Manifest
	source string // in words
}

// mostProof is the largest proof that is read.
const mostProof = 256 << 20

func (v *verifyCmd) Run(ctx context.Context, c console) error {
	var given []known
	for _, name := range v.Proof {
		k, err := v.read(name)
		if err != nil {
			return err
		}
		given = append(given, k)
	}
	var own []known
	if len(v.Proof) == 0 && v.Key == "" {
		k, err := v.ledger(ctx)
		if err != nil {
			return err
		}
		own = k
	}
	doubtful := false
	for _, name := range v.Files {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		ok, err := v.file(c, name, given, own)
		if err != nil {
			return err
		}
		doubtful = doubtful || !ok
	}
	if doubtful {
		return errPartly
	}
	return nil
}

// read reads a signed proof.
func (v *verifyCmd) read(name string) (known, error) {
	f, err := os.Open(name)
	if err != nil {
		return known{}, &fault.Fault{Where: "dowód " + name, What: "nie można go odczytać", Hint: "podaj plik dowody-….json", Err: err}
	}
	defer func() { _ = f.Close() }()
	body, err := io.ReadAll(io.LimitReader(f, mostProof))
	if err != nil {
		return known{}, &fault.Fault{Where: "dowód " + name, What: "nie można go odczytać", Hint: "podaj plik dowody-….json", Err: err}
	}
	return v.open(name, body)
}

func (v *verifyCmd) open(name string, body []byte) (known, error) {
	m, key, err := proof.Open(body)
	switch {
	case errors.Is(err, proof.ErrForged):
		return known{}, &fault.Fault{Where: "dowód " + name, What: "podpis się nie zgadza: dowód zmieniono po podpisaniu", Hint: "weź dowód wprost od tego, kto go wydał", Err: err}
	case err != nil:
		return known{}, &fault.Fault{Where: "dowód " + name, What: "nie jest to podpisany dowód tego programu", Hint: "podaj plik dowody-….json z „raportjst audit”", Err: err}
	}
	public, trust := proof.Public(key), ""
	switch {
	case v.Key != "" && strings.TrimSpace(v.Key) != public:
		return known{}, &fault.Fault{Where: "dowód " + name, What: "podpisano go innym kluczem: " + public, Hint: "porównaj klucz z ogłoszonym; jeśli jest właściwy, dowód jest cudzy"}
	case v.Key != "":
		trust = "klucz zgodny z podanym"
	case v.ours() == public:
		trust = "klucz tego komputera"
	default:
		trust = "klucz " + public + "; porównaj go z ogłoszonym przez wydawcę"
	}
	return known{m, fmt.Sprintf("dowód %s, %s, podpis poprawny (%s)", filepath.Base(name), m.What, trust)}, nil
}

// ours is the public key of this machine; "" where there is none. None is made for it.
func (v *verifyCmd) ours() string {
	if _, err := os.Stat(keysDir(v.Home)); err != nil && v.ProofKey == "" {
		return ""
	}
	key, err := v.key(v.Home)
	if err != nil {
		return ""
	}
	return publicKey(key)
}

// ledger is what the ledger of this machine knows, if it has one.
func (v *verifyCmd) ledger(ctx context.Context) ([]known, error) {
	if _, err := os.Stat(queueDir(v.Home)); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	k := known{source: "księga tego komputera"}
	err := ledgerFlags{Home: v.Home}.with(ctx, func(b *jetstream.Broker) error {
		batches, err := b.Batches(ctx)
		if err == nil {
			err = listed(ctx, b, &k.Manifest, batches)
		}
		if err != nil {
			return err
		}
		all, err := b.AllDeliveries(ctx)
		lettersOf(&k.Manifest, all)
		return err
	})
	return []known{k}, err
}

// file tells of one file, or of each in a package.
func (v *verifyCmd) file(c console, name string, given, own []known) (bool, error) {
	body, err := os.ReadFile(name)
	if err != nil {
		return false, &fault.Fault{Where: "plik " + name, What: "nie można go odczytać", Hint: "sprawdź ścieżkę i prawa", Err: err}
	}
	if z, err := zip.NewReader(bytes.NewReader(body), int64(len(body))); err == nil {
		if f, err := z.Open(proof.ProofName); err == nil {
			text, err := io.ReadAll(io.LimitReader(f, mostProof))
			if err != nil {
				return false, &fault.Fault{Where: "paczka " + name, What: "jest uszkodzona", Hint: "weź ją od nowa", Err: err}
			}
			return v.bundle(c, name, text, z)
		}
	}
	all := given
	if len(given) == 0 {
		if all, err = v.beside(name); err != nil {
			return false, err
		}
		all = append(all, own...)
	}
	return c.finding(name, body, all), nil
}

// bundle tells of the files of a package; of those that are whole it gives the number alone.
func (v *verifyCmd) bundle(c console, name string, text []byte, z *zip.Reader) (bool, error) {
	k, err := v.open(name+", "+proof.ProofName, text)
	if err != nil {
		return false, err
	}
	sums := map[string]bool{}
	for _, f := range k.Files {
		sums[f.SHA256] = true
	}
	whole, bad := 0, 0
	for _, f := range z.File {
		switch f.Name {
		case proof.ProofName, proof.SumsName, "index.html", "index.xlsx":
			continue
		}
		if f.FileInfo().IsDir() {
			continue
		}
		sum := sha256.New()
		r, err := f.Open()
		if err == nil {
			_, err = io.Copy(sum, r)
		}
		if err != nil || !sums[hex.EncodeToString(sum.Sum(nil))] {
			bad++
			fmt.Fprintf(c.out, "%s: %s: zmieniony albo dołożony po spakowaniu\n", name, f.Name)
			continue
		}
		whole++
	}
	fmt.Fprintf(c.out, "%s: pliki nienaruszone: %d, zmienione: %d, brakujące: %d\n  %s\n", name, whole, bad, max(len(sums)-whole, 0), k.source)
	return bad == 0 && whole >= len(sums), nil
}

// beside are the proofs in the folder of a file.
func (v *verifyCmd) beside(name string) ([]known, error) {
	found, err := filepath.Glob(filepath.Join(filepath.Dir(name), "dowody*.json"))
	if err != nil {
		return nil, nil // the folder has signs of a pattern in its name
	}
	var out []known
	for _, p := range found {
		k, err := v.read(p)
		if err != nil {
			return nil, err
		}
		out = append(out, k)
	}
	return out, nil
}

// finding tells of one file and whether it is whole.
func (c console) finding(name string, body []byte, all []known) bool {
	sum := sha256.Sum256(body)
	digest := hex.EncodeToString(sum[:])
	var changed *proof.Finding
	source := ""
	for _, k := range all {
		f := k.Find(digest, body)
		switch {
		case f == nil:
		case f.Whole:
			fmt.Fprintf(c.out, "%s: nienaruszony\n", name)
			c.origin(*f, k.source)
			return true
		case changed == nil:
			changed, source = f, k.source
		}
	}
	if changed == nil {
		fmt.Fprintf(c.out, "%s: nieznany; nie ma go w żadnym dowodzie ani w księdze\n  SHA-256      %s\n  podaj dowód wydawcy (--proof)\n", name, digest)
		return false
	}
	fmt.Fprintf(c.out, "%s: ZMIENIONY albo z innego zamówienia; podaje się za plik %s, który ma inną sumę kontrolną\n  SHA-256      %s\n  powinno być  %s\n", name, changed.File.Name, digest, changed.File.SHA256)
	c.origin(*changed, source)
	return false
}

func (c console) origin(f proof.Finding, source string) {
	fmt.Fprintf(c.out, "  jednostka    %s (%s), rok %d\n  zamówienie   %s, %s, %s\n  zbiór danych %s\n  szablon      %s, wersja %s\n  podstawa     %s\n",
		f.File.Unit, f.File.Area, f.File.Period, f.Order.ID, f.Order.Title, locale.Clock(f.Order.At), f.Order.Data, templateName(f.Order), f.Order.Templates, source)
}
