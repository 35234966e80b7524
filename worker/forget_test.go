package worker_test

import (
	"strings"
	"testing"

	"github.com/raportjst/raportjst/worker"
)

func TestForgetLeavesAHash(t *testing.T) {
	d := worker.Delivery{
		Recipient: "Jan.O'Nowak@example.org", To: worker.Addressee{Name: "Jan O'Nowak"}, Area: "981001", Period: 2025,
		Problems: []string{"odpowiedź 550 <jan.o'nowak@EXAMPLE.org>: no such user"},
	}
	d.Identify()
	purpose := d.Purpose()
	d.Forget()
	d.Forget()
	if d.Recipient != worker.HashAddress("jan.o'nowak@example.org") || !worker.Forgotten(d.Recipient) || d.To != (worker.Addressee{}) || strings.Contains(strings.ToLower(d.Problems[0]), "nowak") {
		t.Errorf("%+v", d)
	}
	if d.Purpose() != purpose {
		t.Error("whom the letter was for is not known any more: it would go out again")
	}
	i := worker.Item{Recipients: []string{d.Recipient, "b@example.org"}, Files: []worker.File{{MediaType: "application/pdf"}}}
	if letters := i.Letters(worker.Job{}, ""); len(letters) != 1 || letters[0].Recipient != "b@example.org" {
		t.Errorf("letters to a hash: %+v", letters)
	}
}

func TestHideAddresses(t *testing.T) {
	for text, want := range map[string]string{
		"550 <jan.kowalski+x@urzad.gov.pl>: unknown": "550 <…@urzad.gov.pl>: unknown",
		`{"to":["a@x.pl","żółw@gmina-żary.pl"]}`:     `{"to":["…@x.pl","…@gmina-żary.pl"]}`,
		"adres „o'brien@x.pl”, inny: b@x.pl.":        "adres „…@x.pl”, inny: …@x.pl.",
		"NATS nats://ja:xxxxx@127.0.0.1:1: brak":     "NATS nats://ja:xxxxx@127.0.0.1:1: brak",
		"https://x.pl/lista?do=a@x.pl":               "https://x.pl/…@x.pl",
		"smtp://raporty@host:587 i bez adresu @ tu":  "smtp://raporty@host:587 i bez adresu @ tu",
	} {
		if have := worker.HideAddresses(text); have != want {
			t.Errorf("%q: %q, want %q", text, have, want)
		}
	}
}
