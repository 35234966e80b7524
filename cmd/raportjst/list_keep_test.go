package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/campaign"
	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/workertest"
)

// TestListsAreKeptAndErased saves a list, sends by it, and erases an address: its proof keeps a
// hash, nobody is written to again, and no log has ever named it.
func TestListsAreKeptAndErased(t *testing.T) {
	mail := workertest.NewMailServer(t, workertest.MailRules{Refuse: func(to string) error {
		if strings.EqualFold(to, "zle@example.org") {
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "<ZLE@example.org> unknown"}
		}
		return nil
	}})
	dir, data := t.TempDir(), sampleData(t)
	home, list := filepath.Join(dir, "home"), filepath.Join(dir, "lista.csv")
	if err := os.WriteFile(list, []byte("teryt;email\n981001;Zle@example.org\n981002;dobry@example.org\n981003;\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	in := func(args ...string) []string { return append(args, "--home", home) }
	with := func(args ...string) []string { return append(in(args...), "--data", data) }
	says(t, in("list", "saved"), exitFailed, "nie działa żadna kolejka")
	says(t, with("list", "save", list), exitUsage, "union")
	says(t, with("list", "save", list, "--union", "Związek Gmin", "--keep", "0"), exitFailed, "co najmniej jeden dzień")
	says(t, with("list", "save", list, "--union", "Związek Gmin", "--by", "Anna"), exitDone, "Zapisano listę: Związek Gmin, wersja 1; jednostki: 3, adresy: 2, bez adresu: 1")
	says(t, with("list", "save", list, "--union", "związek gmin", "--by", "Anna"), exitDone, "już zapisana: Związek Gmin, wersja 1")
	if out := says(t, in("list", "saved"), exitDone, "Związek Gmin", "Anna", "lista.csv"); strings.Contains(out, "@") {
		t.Error("the overview names addresses:", out)
	}
	says(t, in("list", "saved", "Związek Gmin"), exitDone, "Zle@example.org", "dobry@example.org", "nikt")
	says(t, in("list", "saved", "Związek Gmin", "--list-version", "2"), exitFailed, "nie ma takiej listy")

	send := append(with("campaign", "send", "Próba", "--log", "json"), "--mail-from", "raporty@zgw.example", "--smtp-ca", mail.Certificate(t),
		"--smtp", "smtp://"+strings.Replace(mail.Address, "127.0.0.1", "localhost", 1))
	says(t, with("campaign", "new", "Próba", "--union", "Związek Gmin"), exitDone, "Związek Gmin, wersja 1")
	logged := 0
	for line := range strings.Lines(says(t, send, exitPartly, "wysłane wiadomości: 1 z 2")) {
		if !strings.HasPrefix(line, "{") {
			continue
		}
		if strings.Contains(line, "attempt failed") {
			logged++
		}
		if low := strings.ToLower(line); strings.Contains(low, "zle@") || strings.Contains(low, "dobry@") {
			t.Error("a log names an address:", line)
		}
	}
	if logged == 0 {
		t.Error("the refusal is not in the log")
	}

	says(t, in("list", "erase", "nikt@example.org"), exitFailed, "nie ma tego adresu")
	says(t, in("list", "erase", "bez małpy"), exitFailed, "nie jest adresem")
	says(t, in("list", "erase", "Urząd <zle@Example.org>", "dobry@example.org"), exitDone, "Wersje list: 2, dowody (został skrót SHA-256): 2, zakończone zamówienia: 2")
	for _, args := range [][]string{in("status", "--csv", "-"), in("dead", "list"), in("campaign", "show", "Próba"), in("list", "saved", "Związek Gmin")} {
		if out := strings.ToLower(says(t, args, exitDone)); strings.Contains(out, "zle@") || strings.Contains(out, "dobry@") {
			t.Errorf("%v names an erased address:\n%s", args, out)
		}
	}
	says(t, in("status", "--csv", "-"), exitDone, worker.HashAddress("zle@example.org"), worker.HashAddress("dobry@example.org"))
	// Whoever stands on a list again has the letter already.
	says(t, with("list", "save", list, "--union", "Związek Gmin"), exitDone, "wersja 2")
	says(t, with("campaign", "new", "Próba", "--union", "Związek Gmin"), exitDone, "wersja 2")
	says(t, send, exitDone)
	if n := len(mail.Messages()); n != 1 {
		t.Errorf("%d letters, want the first alone", n)
	}
}

// TestListsExpire takes the addresses out of lists and letters whose time has run out, and out of
// no others.
func TestListsExpire(t *testing.T) {
	dir, data := t.TempDir(), sampleData(t)
	home, list := filepath.Join(dir, "home"), filepath.Join(dir, "lista.csv")
	if err := os.WriteFile(list, []byte("teryt;email\n981001;a@example.org\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	says(t, []string{"submit", "--list", list, "--wait", "--home", home, "--data", data}, exitDone, "wiadomości zapisane w katalogu, nie wysłane: 1 z 1")
	says(t, []string{"list", "save", list, "--union", "A", "--home", home, "--data", data}, exitDone)
	says(t, []string{"list", "expire", "--older", "1", "--home", home}, exitDone, "Wersje list: 0, dowody (został skrót SHA-256): 0, zakończone zamówienia: 0")
	err := (ledgerFlags{Home: home}).with(t.Context(), func(b *jetstream.Broker) error {
		if n, err := (campaign.Book{Shelf: b}).Expire(t.Context(), time.Now().AddDate(4, 0, 0)); n != 1 || err != nil {
			t.Errorf("%d lists, %v", n, err)
		}
		if e, err := b.ForgetBefore(t.Context(), time.Now()); e != (jetstream.Erased{Letters: 1, Orders: 1}) || err != nil {
			t.Errorf("%+v, %v", e, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	says(t, []string{"list", "saved", "A", "--home", home}, exitDone, "nikt")
	says(t, []string{"status", "--csv", "-", "--home", home}, exitDone, worker.HashAddress("a@example.org"))
}
