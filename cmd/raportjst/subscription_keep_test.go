package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/raportjst/raportjst/worker/campaign"
	"github.com/raportjst/raportjst/worker/remote"
	"github.com/raportjst/raportjst/worker/workertest"
)

// TestSubscriptionsKeptByThemselves lets data sets come to two machines that keep the subscriptions:
// one of them prepares and sends, once; a corrected data set brings a letter to those alone whose own
// figures have changed; where a second person has to agree, nothing goes out before, and by itself after.
func TestSubscriptionsKeptByThemselves(t *testing.T) {
	mail := workertest.NewMailServer(t, workertest.MailRules{})
	dir := t.TempDir()
	list, home, in := filepath.Join(dir, "lista.csv"), filepath.Join(dir, "home"), filepath.Join(dir, "przychodzi")
	rows := "teryt;nazwa;email\n981001;Lipnica Górna;a@example.org\n981002;Wzorzec;b@example.org\n"
	if err := errors.Join(os.WriteFile(list, []byte(rows), 0o600), os.Mkdir(in, 0o700)); err != nil {
		t.Fatal(err)
	}
	old := sampleData(t)
	says(t, []string{"list", "save", list, "--union", "Związek Gmin", "--home", home, "--data", old}, exitDone)
	add := func(name string, more ...string) {
		t.Helper()
		says(t, append([]string{"subscription", "add", name, "--union", "Związek Gmin", "--formats", "pdf", "--send", "--by", "Anna", "--home", home}, more...), exitDone)
	}
	add("Załącznik")
	flags := submitFlags{dataFlags: dataFlags{Home: home, Data: old}, mailFlags: mailFlags{
		SMTP: remote.Parse("smtp://" + strings.Replace(mail.Address, "127.0.0.1", "localhost", 1)), SMTPCA: mail.Certificate(t),
		MailFrom: "raporty@example.org", MailSize: 10, MailLimit: 2, MailExpiry: time.Hour,
	}}
	var machines []*office
	for n := range 2 {
		broker, err := flags.queueFlags.open(t.Context(), home)
		if n > 0 {
			broker, err = flags.join(t.Context(), home)
		}
		if err != nil {
			t.Fatal(err)
		}
		o, err := openOffice(t.Context(), broker, flags.dataFlags, flags.storeFlags, flags.mailFlags)
		if err != nil {
			t.Fatal(err)
		}
		o.times = timeFlags{JobTime: time.Minute, JobStall: time.Minute}
		mine := flags
		if mine.Data = ""; n == 0 {
			mine.Data = old // it was named at the start
		}
		if err := o.keep(t.Context(), keepFlags{Subscriptions: true, DataIn: in}, mine); err != nil {
			t.Fatal(err)
		}
		machines = append(machines, o)
	}
	var all sync.WaitGroup
	var keepers []*keeper
	ctx, stop := context.WithCancel(t.Context())
	for _, o := range machines {
		keepers = append(keepers, o.keeper)
		o.keeper = nil // the test says when it looks
		all.Go(func() {
			if err := o.work(ctx, 1, 2); err != nil {
				t.Error(err)
			}
		})
	}
	defer func() {
		stop()
		all.Wait()
		for _, o := range machines {
			defer o.close() // the one that holds the queue last
		}
	}()
	pass := func() {
		t.Helper()
		var both sync.WaitGroup
		for _, k := range keepers {
			both.Go(func() {
				if err := k.pass(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
	}
	book := campaign.Book{Shelf: machines[0].broker}
	letters := func(want int, to string) {
		t.Helper()
		until(t, time.Minute, "letters go out", func() error {
			if n := len(mail.Messages()); n < want {
				return fmt.Errorf("%d of %d letters", n, want)
			}
			return nil
		})
		pass() // what has ended is not begun again
		got := mail.Messages()
		if len(got) != want || to != "" && got[len(got)-1].To[0] != to {
			t.Fatalf("%d letters, want %d, the last to %q", len(got), want, to)
		}
	}
	events := func(name, what string) int {
		t.Helper()
		c, err := book.Find(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, e := range c.Log {
			if strings.HasPrefix(e.What, what) {
				n++
			}
		}
		return n
	}
	come := func(name, before, after string) {
		t.Helper()
		if err := os.Rename(editedData(t, before, after), filepath.Join(in, name)); err != nil {
			t.Fatal(err)
		}
	}

	pass()
	letters(2, "")
	if made, sent := events("Załącznik 2025", "założenie"), events("Załącznik 2025", "wysyłka"); made != 1 || sent != 1 || events("Załącznik 2025", "nowe wydanie") != 0 {
		t.Errorf("prepared %d times, sent %d times", made, sent)
	}
	come("poprawka", "9810013;bdl:76973;2025;8345,92;", "9810013;bdl:76973;2025;8399,92;")
	pass()
	letters(3, "a@example.org")
	if n := events("Załącznik 2025", "nowe wydanie"); n != 1 {
		t.Errorf("%d new editions", n)
	}
	says(t, []string{"subscription", "list", "--home", home}, exitDone, "rok 2025: zrobiono", "zakończona")

	add("Załącznik", "--approval")
	come("druga", "9810013;bdl:76973;2025;8345,92;", "9810013;bdl:76973;2025;8499,92;")
	pass()
	pass()
	says(t, []string{"subscription", "list", "--home", home}, exitDone, "przygotowano, czeka na człowieka", "raportjst campaign review")
	if n := len(mail.Messages()); n != 3 {
		t.Fatalf("%d letters without an approval", n)
	}
	says(t, []string{"campaign", "approve", "Załącznik 2025", "--by", "prenumerata", "--channel", "smtp", "--home", home}, exitFailed, "inna osoba")
	says(t, []string{"campaign", "approve", "Załącznik 2025", "--by", "Piotr", "--channel", "smtp", "--home", home}, exitDone, "listy: 1")
	pass()
	letters(4, "a@example.org")

	// Somebody announces a data set from another machine.
	add("Wiosna")
	third := editedData(t, "9810013;bdl:76973;2025;8345,92;", "9810013;bdl:76973;2025;8599,92;")
	says(t, []string{"data", "push", third, "--announce", "--home", home}, exitDone)
	pass()
	letters(6, "")
	says(t, []string{"campaign", "list", "--home", home}, exitDone, "Wiosna 2025")
}
