package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/worker/workertest"
)

// editedData imports the sample with one changed cell and returns the data set.
func editedData(t *testing.T, before, after string) string {
	t.Helper()
	from, out := sampleFiles(t), filepath.Join(t.TempDir(), "zbior")
	name := filepath.Join(from, "dane.csv")
	body, err := os.ReadFile(name)
	if err != nil || !strings.Contains(string(body), before) {
		t.Fatalf("nothing to change: %v", err)
	}
	if err := os.WriteFile(name, []byte(strings.Replace(string(body), before, after, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	says(t, []string{
		"import", "file", filepath.Join(from, "terc-2025.csv"), filepath.Join(from, "terc.csv"),
		filepath.Join(from, "granice.topojson"), filepath.Join(from, "dane.toml"), "--out", out,
	}, exitDone)
	return out
}

// TestCampaign walks the way of a union's clerk: list, reports, review, test, approval, letters;
// then a new edition with one changed cell, of which only those get a letter whose own values
// have changed.
func TestCampaign(t *testing.T) {
	mail := workertest.NewMailServer(t, workertest.MailRules{Refuse: func(to string) error {
		if strings.HasPrefix(to, "pelna@") {
			return workertest.Refusal(552)
		}
		return nil
	}})
	dir := t.TempDir()
	list, home := filepath.Join(dir, "lista.csv"), filepath.Join(dir, "home")
	rows := "teryt;nazwa;email;zwrot\n981001;Lipnica Górna;a@example.org;Szanowna Pani Burmistrz\n981002;Wzorzec;b@example.org;\n981003;Brzezina;pelna@example.org;\n9810;Powiat wzorcowy;p@example.org;\n981004;Jeziorzany Nowe;;\n"
	if err := os.WriteFile(list, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	data := sampleData(t)
	at := func(args ...string) []string { return append(append([]string{"campaign"}, args...), "--home", home) }
	smtp := func(args ...string) []string {
		return append(at(args...), "--mail-from", "Związek, Gmin <raporty@związek.pl>", "--smtp-ca", mail.Certificate(t), "--smtp-hello", "raporty.example.org",
			"--smtp", "smtp://"+strings.Replace(mail.Address, "127.0.0.1", "localhost", 1))
	}
	on := func(data string, args []string) []string { return append(args, "--data", data) }

	says(t, at("show", "Brak"), exitFailed, "nie działa żadna kolejka")
	says(t, on(data, at("new", "Załącznik 2025", "--by", "Anna")), exitFailed, "nie podano listy członków")
	says(t, on(data, at("new", "Załącznik 2025", "--list", list, "--union", "Związek Gmin", "--approval", "--by", "Anna")), exitDone, "Założono kampanię", "wersja 1", "Nic nie zostało wysłane")
	says(t, at("show", "Brak"), exitFailed, "nie ma takiej kampanii")
	says(t, at("review", "Załącznik 2025", "--channel", "smtp", "--xlsx", filepath.Join(dir, "p.xlsx"), "--samples", filepath.Join(dir, "probki")), exitDone, "do wysłania 4 z 4; nowy: 4", "bez adresu 981004", "gotowe 5 z 5")
	if n := len(mail.Messages()); n != 0 {
		t.Fatalf("%d letters before anybody sent any", n)
	}
	says(t, on(data, smtp("send", "Załącznik 2025", "--by", "Anna")), exitFailed, "czeka na zatwierdzenie przez drugą osobę")
	says(t, at("approve", "Załącznik 2025", "--by", "ANNA "), exitFailed, "inna osoba")
	says(t, on(data, smtp("test", "Załącznik 2025", "--by", "Anna", "--to", "ja@example.org")), exitDone, "List próbny (9810 ")
	says(t, at("approve", "Załącznik 2025", "--by", "Piotr"), exitDone, "Zatwierdzono", "do wysyłki „outbox”")
	says(t, on(data, smtp("send", "Załącznik 2025", "--by", "Anna")), exitFailed, "zatwierdzono ją do wysyłki „outbox”, a nie „smtp”")
	says(t, at("approve", "Załącznik 2025", "--by", "Piotr", "--channel", "smtp"), exitDone, "do wysyłki „smtp”")
	says(t, on(data, smtp("send", "Załącznik 2025", "--by", "Anna", "--dry-run")), exitDone, "nie wysłano żadnego listu")
	if n := len(mail.Messages()); n != 1 {
		t.Fatalf("%d letters after a test and a dry run", n)
	}
	says(t, on(data, smtp("send", "Załącznik 2025", "--by", "Anna", "--at", "2001-01-01 08:00")), exitFailed, "ten czas już minął")
	says(t, on(data, smtp("send", "Załącznik 2025", "--by", "Anna")), exitPartly, "wysłane wiadomości: 3 z 4", "skrzynka jest pełna; adres jest dobry")
	says(t, on(data, smtp("send", "Załącznik 2025", "--by", "Anna")), exitPartly, "wysłane wiadomości: 3 z 4")
	if n := len(mail.Messages()); n != 4 {
		t.Fatalf("%d letters, want 1 test and 3", n)
	}
	m := workertest.ReadMail(t, mail.Messages()[1].Data)
	if from, err := m.Header.AddressList("From"); err != nil || from[0].Name != "Związek, Gmin" || from[0].Address != "raporty@xn--zwizek-bxa.pl" && !strings.HasPrefix(from[0].Address, "raporty@xn--") {
		t.Errorf("from %v, %v", from, err)
	}
	if !strings.HasPrefix(m.Name, "Załącznik statystyczny 2025 – ") || !strings.Contains(m.Text, "nie jest doręczeniem") || !strings.Contains(m.HTML, "nie jest doręczeniem") || !strings.Contains(m.HTML, `lang="pl"`) || !strings.Contains(m.HTML, ">Związek Gmin</p>") {
		t.Errorf("file %q, text %s", m.Name, m.Text)
	}
	says(t, at("delivered", "Załącznik 2025", "a@example.org", "--why", "x"), exitFailed, "nie ma odrzuconego")
	says(t, at("delivered", "Załącznik 2025", "pelna@example.org", "--why", "potwierdził telefonicznie", "--by", "Anna"), exitDone, "Oznaczono jako doręczone: 1")
	says(t, on(data, smtp("resend", "Załącznik 2025", "--only", "odrzucone", "--by", "Anna")), exitDone, "Nie było niczego do ponownego wysłania; nie złożono zamówienia")

	// A new edition of the figures.
	next := editedData(t, "9810013;bdl:76973;2025;8345,92;", "9810013;bdl:76973;2025;8399,92;")
	says(t, on(next, smtp("send", "Załącznik 2025", "--by", "Anna")), exitFailed, "przygotowano ją z innego zbioru danych")
	says(t, on(next, at("new", "Załącznik 2025", "--union", "Związek Gmin", "--by", "Anna")), exitDone, "Przygotowano nowe wydanie kampanii", "wersja 1")
	says(t, at("review", "Załącznik 2025", "--channel", "smtp"), exitDone, "do wysłania 2 z 4", "zmienione własne dane: 2", "bdl:76973 2025: 8 346 zł → 8 400 zł")
	says(t, on(next, smtp("send", "Załącznik 2025", "--by", "Anna")), exitFailed, "czeka na zatwierdzenie")
	says(t, at("approve", "Załącznik 2025", "--by", "Piotr", "--channel", "smtp"), exitDone, "listy: 2")
	before := len(mail.Messages())
	says(t, on(next, smtp("send", "Załącznik 2025", "--by", "Anna")), exitDone)
	to := map[string]int{}
	for _, m := range mail.Messages()[before:] {
		to[m.To[0]]++
	}
	if len(to) != 2 || to["a@example.org"] != 1 || to["p@example.org"] != 1 {
		t.Errorf("letters of the new edition: %v", to)
	}
	says(t, at("list"), exitDone, "Załącznik 2025", "zakończona", "Związek Gmin, wersja 1")
}
