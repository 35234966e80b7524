package imap_test

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker/imap"
	"github.com/raportjst/raportjst/worker/remote"
	"github.com/raportjst/raportjst/worker/workertest"
)

// TestReports reads the reports of a mailbox and nothing else, over TLS from the start and STARTTLS,
// and leaves the mailbox as it was.
func TestReports(t *testing.T) {
	day := time.Date(2027, 5, 10, 9, 0, 0, 0, time.UTC)
	box := workertest.NewMailbox(t, "zwroty", "tajne")
	for _, m := range []struct {
		text string
		at   time.Time
	}{
		{"Content-Type: multipart/report; boundary=x\r\nSubject: dawny\r\n\r\n--x--\r\n", day.AddDate(0, -1, 0)},
		{"Content-Type: multipart/report; boundary=x\r\nSubject: pierwszy\r\n\r\n--x--\r\n", day},
		{"Content-Type: text/plain\r\nSubject: pytanie\r\n\r\nmultipart/report\r\n", day},
		{"Content-Type: multipart/report; boundary=x\r\nSubject: drugi\r\n\r\n--x--\r\n" + strings.Repeat("dalej\r\n", 200_000), day.AddDate(0, 0, 3)},
	} {
		box.Add(t, m.text, m.at)
	}
	for _, url := range []string{"imaps://zwroty@" + box.Address + "/INBOX", "imap://zwroty@" + box.StartTLS} {
		var got []string
		err := imap.Reports(t.Context(), imap.Options{URL: remote.Parse(url), Password: "tajne", TLS: box.TLS}, day, func(m io.Reader) error {
			body, err := io.ReadAll(m)
			got = append(got, string(body))
			return err
		})
		if err != nil || len(got) != 2 || !strings.Contains(got[0], "pierwszy") || !strings.Contains(got[1], "drugi") || len(got[1]) > 600<<10 || len(got[1]) < 500<<10 {
			t.Fatalf("%s: %d reports, %v", url, len(got), err)
		}
	}
	if flags := box.Flags(t); len(flags) != 0 {
		t.Errorf("marked: %v", flags)
	}
	stop := errors.New("stop")
	if err := imap.Reports(t.Context(), imap.Options{URL: remote.Parse("imaps://zwroty:tajne@" + box.Address), TLS: box.TLS}, day, func(io.Reader) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("the error of the caller: %v", err)
	}
}

// TestReportsRefused says what is wrong without a word of the password, and trusts nobody unknown.
func TestReportsRefused(t *testing.T) {
	box := workertest.NewMailbox(t, "zwroty", "tajne")
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := silent.Close(); err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]imap.Options{
		"no user":        {URL: remote.Parse("imaps://" + box.Address), Password: "haslo-x", TLS: box.TLS},
		"another scheme": {URL: remote.Parse("pop3://zwroty:haslo-x@" + box.Address), TLS: box.TLS},
		"wrong password": {URL: remote.Parse("imaps://zwroty:haslo-x@" + box.Address), TLS: box.TLS},
		"no folder":      {URL: remote.Parse("imaps://zwroty@" + box.Address + "/Brak"), Password: "tajne", TLS: box.TLS},
		"not trusted":    {URL: remote.Parse("imaps://zwroty@" + box.Address), Password: "tajne", TLS: &tls.Config{MinVersion: tls.VersionTLS12}},
		"nobody there":   {URL: remote.Parse("imaps://zwroty@" + silent.Addr().String()), Password: "tajne", TLS: box.TLS},
	} {
		err := imap.Reports(t.Context(), o, time.Time{}, func(io.Reader) error { return nil })
		var f *fault.Fault
		if !errors.As(err, &f) || f.Hint == "" || strings.Contains(f.Error(), "haslo-x") || strings.Contains(f.Error(), "tajne") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
