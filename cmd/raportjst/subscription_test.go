package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/raportjst/raportjst/worker/workertest"
)

// TestSubscription lets a data set and a corrected one come to a subscription: the first makes the
// campaign of its year, the second an edition of which only those get a letter whose own figures
// have changed; what was taken is not taken again.
func TestSubscription(t *testing.T) {
	mail := workertest.NewMailServer(t, workertest.MailRules{})
	dir := t.TempDir()
	list, home := filepath.Join(dir, "lista.csv"), filepath.Join(dir, "home")
	rows := "teryt;nazwa;email\n981001;Lipnica Górna;a@example.org\n981002;Wzorzec;b@example.org\n"
	if err := os.WriteFile(list, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	first, next := sampleData(t), editedData(t, "9810013;bdl:76973;2025;8345,92;", "9810013;bdl:76973;2025;8399,92;")
	smtp := []string{"--mail-from", "raporty@example.org", "--smtp-ca", mail.Certificate(t), "--smtp", "smtp://localhost:" + mail.Address[len("127.0.0.1:"):]}
	at := func(args ...string) []string {
		return append(append([]string{"subscription"}, args...), "--home", home)
	}
	come := func(data string, args ...string) []string {
		return append(append(at(append([]string{"run"}, args...)...), "--data", data), smtp...)
	}
	says(t, []string{"list", "save", list, "--union", "Związek Gmin", "--home", home, "--data", first}, exitDone)
	says(t, come(first), exitFailed, "nie ma jeszcze żadnej")
	says(t, at("add", "Załącznik", "--union", "Inny"), exitFailed, "nie ma zapisanej listy związku „Inny”")
	says(t, at("add", "Załącznik", "--union", "Związek Gmin", "--period", "2025"), exitFailed, "prenumerata nie ma roku")
	says(t, at("add", "Załącznik", "--union", "Związek Gmin", "--formats", "pdf", "--by", "Anna"), exitDone, "Założono prenumeratę")
	says(t, at("list"), exitDone, "zostało dni", "nieprzygotowana", `raportjst subscription run "Załącznik"`)

	says(t, come(first), exitDone, "Założono kampanię „Załącznik 2025”", "do wysłania 2 z 2", "Nic nie zostało wysłane")
	if n := len(mail.Messages()); n != 0 {
		t.Fatalf("%d letters that nobody asked for", n)
	}
	says(t, come(first, "Załącznik", "--send"), exitDone, "jest przygotowana z tego zbioru danych", "wysłane wiadomości: 2 z 2")
	says(t, come(first, "--send"), exitDone, "Nikomu nic się nie zmieniło")
	says(t, come(next, "--send"), exitDone, "Przygotowano nowe wydanie kampanii", "zmienione własne dane: 1", "8 346 zł → 8 400 zł")
	all := mail.Messages()
	if len(all) != 3 || all[2].To[0] != "a@example.org" {
		t.Errorf("%d letters, want two and one to whom the figures changed", len(all))
	}

	last := editedData(t, "9810013;bdl:76973;2025;8345,92;", "9810013;bdl:76973;2025;8499,92;")
	// A second person has to agree: nothing is sent without.
	says(t, at("add", "Załącznik", "--union", "Związek Gmin", "--formats", "pdf", "--compared", "--approval", "--by", "Anna"), exitDone, "Zmieniono prenumeratę")
	says(t, come(last, "--send"), exitDone, "Nic nie zostało wysłane. Dalej: raportjst campaign review")
	if n := len(mail.Messages()); n != 3 {
		t.Errorf("%d letters without an approval", n)
	}
	says(t, at("remove", "załącznik"), exitDone, "Zakończono prenumeratę")
	says(t, []string{"campaign", "list", "--home", home}, exitDone, "Załącznik 2025")
}
