package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/workertest"
)

func TestResendIsReadStrictly(t *testing.T) {
	r, err := letterFlags{Resend: []string{" niejasne", "Odrzucone", "odrzucone", "Rada <rada@example.org>"}}.resend()
	if err != nil {
		t.Fatal(err)
	}
	if want := []worker.DeliveryState{worker.Held, worker.Refused}; !reflect.DeepEqual(r.States, want) || !reflect.DeepEqual(r.To, []string{"rada@example.org"}) || r.Mark == "" {
		t.Errorf("resend %+v", r)
	}
	again, err := letterFlags{Resend: []string{"odrzucone"}}.resend()
	if err != nil || again.Mark == r.Mark {
		t.Errorf("two repetitions have one mark: %v", err)
	}
	for _, wrong := range []string{"1", "wszystko", ""} { // a number once sent everything again, to everybody
		if _, err := (letterFlags{Resend: []string{wrong}}).resend(); err == nil || !strings.Contains(err.Error(), "odrzucone, niejasne") {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	if r, err := (letterFlags{}).resend(); r != nil || err != nil {
		t.Errorf("without the flag: %+v, %v", r, err)
	}
	o := worker.Order{Members: []worker.Member{{Recipients: []string{"Rada@example.org"}}}}
	if err := (letterFlags{Resend: []string{"rada@example.org", "niejasne"}}).known(o); err != nil {
		t.Error(err)
	}
	if err := (letterFlags{Resend: []string{"inna@example.org"}}).known(o); err == nil {
		t.Error("an address that is not on the list is accepted")
	}
}

// TestResendToCorrectedAddress does what the README says of letters that were refused: the
// address is corrected in the list, and only that letter goes out.
func TestResendToCorrectedAddress(t *testing.T) {
	mail := workertest.NewMailServer(t, workertest.MailRules{Refuse: func(to string) error {
		if strings.HasPrefix(to, "zle@") {
			return workertest.Refusal(550)
		}
		return nil
	}})
	t.Setenv("RAPORTJST_SMTP_CA", mail.Certificate(t))
	list := filepath.Join(t.TempDir(), "lista.csv")
	base := []string{
		"submit", "--home", t.TempDir(), "--data", sampleData(t), "--list", list, "--wait",
		"--mail-from", "Związek <raporty@example.org>", "--smtp", "smtp://" + strings.Replace(mail.Address, "127.0.0.1", "localhost", 1),
	}
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(list, []byte("teryt;email\n"+text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("981001;zle@example.org\n981002;b@example.org\n")
	says(t, base, exitPartly, "wysłane wiadomości: 1 z 2")
	write("981001;dobre@example.org\n981002;b@example.org\n981002;nowy@example.org\n")
	again := append(base, "--resend", "odrzucone,niejasne")
	out := says(t, again, exitDone, "wysłane wiadomości: 1 z 1", "adres nowy nowy@example.org (981002 ")
	if strings.Contains(out, "adres nowy dobre@") || strings.Contains(out, "Nie było niczego") {
		t.Error(out)
	}
	says(t, again, exitDone, "Nie było niczego do ponownego wysłania")
	to := map[string]int{}
	for _, m := range mail.Messages() {
		to[strings.Join(m.To, " ")]++
	}
	if want := map[string]int{"b@example.org": 1, "dobre@example.org": 1}; !reflect.DeepEqual(to, want) {
		t.Errorf("letters: %v, want %v", to, want)
	}
}
