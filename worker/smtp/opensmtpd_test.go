package smtp_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/raportjst/raportjst/worker/remote"
	mail "github.com/raportjst/raportjst/worker/smtp"
	"github.com/raportjst/raportjst/worker/workertest"
)

// TestOpenSMTPD sends 20 letters to the OpenSMTPD that RAPORTJST_SMTPD names and looks for
// them in the mailbox. It needs root: the server changes its user.
func TestOpenSMTPD(t *testing.T) {
	server := os.Getenv("RAPORTJST_SMTPD")
	if server == "" {
		t.Skip("RAPORTJST_SMTPD names no smtpd")
	}
	address, box, _ := workertest.OpenSMTPD(t, server)
	c, err := mail.New(mail.Options{URL: remote.Parse("smtp://" + address), From: from})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	want := map[string][]byte{}
	for i := range 20 {
		l := workertest.NewLetter(fmt.Sprintf("list-%d", i), 200_000+i)
		l.To = fmt.Sprintf("rada.%d@example.org", i)
		receipt, err := c.Send(t.Context(), l, accept)
		if err != nil {
			t.Fatal(err)
		}
		if receipt.Reference == "" {
			t.Errorf("the server gave no number to %s", l.To)
		}
		want["<"+receipt.MessageID+">"] = l.Files[0].Data
	}
	for deadline := time.Now().Add(30 * time.Second); len(files(t, box)) < len(want); {
		if time.Now().After(deadline) {
			t.Fatalf("%d of %d letters in the mailbox", len(files(t, box)), len(want))
		}
		time.Sleep(50 * time.Millisecond) // the server has no signal for us
	}
	for _, name := range files(t, box) {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		m := workertest.ReadMail(t, raw)
		id := m.Header.Get("Message-Id")
		if data, ok := want[id]; !ok || !bytes.Equal(data, m.File) {
			t.Errorf("letter %s has a file of %d bytes", id, len(m.File))
		}
		delete(want, id)
	}
	if len(want) > 0 {
		t.Errorf("%d letters are missing", len(want))
	}
}

func files(t *testing.T, box string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(box, "new", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return names
}
