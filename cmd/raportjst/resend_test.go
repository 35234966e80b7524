package main

import (
	"reflect"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/worker"
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
