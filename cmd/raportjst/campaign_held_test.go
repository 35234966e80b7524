package main

import (
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/worker/workertest"
)

// TestCampaignIsHeld gives a campaign a time, holds it, gives it up and sends it all the same:
// everybody gets one letter, and the proof says so. A new edition goes to a server that asks again
// and again to slow down: the sending is held by itself, and the command says so and ends.
func TestCampaignIsHeld(t *testing.T) {
	var busy atomic.Bool
	mail := workertest.NewMailServer(t, workertest.MailRules{Refuse: func(string) error {
		if busy.Load() {
			return workertest.Refusal(421)
		}
		return nil
	}})
	dir, data := t.TempDir(), sampleData(t)
	home, list := filepath.Join(dir, "home"), filepath.Join(dir, "lista.csv")
	var rows strings.Builder
	for _, to := range strings.Split("abcdefghi", "") {
		rows.WriteString("981001;" + to + "@example.org\n")
	}
	if err := os.WriteFile(list, []byte("teryt;email\n"+rows.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	in := func(args ...string) []string { return append(append([]string{"campaign"}, args...), "--home", home) }
	send := append(in("send", "Próba", "--by", "Anna"), "--data", data, "--mail-from", "raporty@zgw.example", "--smtp-ca", mail.Certificate(t),
		"--smtp", "smtp://"+strings.Replace(mail.Address, "127.0.0.1", "localhost", 1))
	says(t, append(in("new", "Próba", "--list", list, "--by", "Anna"), "--data", data), exitFailed, "nie wiadomo, w czyim imieniu wyjdą listy")
	says(t, append(in("new", "Próba", "--list", list, "--union", "Związek Próbny", "--by", "Anna"), "--data", data), exitDone, "Założono kampanię")
	says(t, in("pause", "Próba"), exitFailed, "nie ma wysyłki w toku")
	says(t, in("proof", "Próba"), exitFailed, "nie ma jeszcze żadnego listu")

	tomorrow := time.Now().In(locale.Warsaw).AddDate(0, 0, 1).Format("2006-01-02") + " 12:00"
	says(t, append(send, "--at", tomorrow), exitDone, "Listy wyjdą", "12:00 (czas polski)")
	says(t, in("show", "Próba"), exitDone, "zaplanowana", "12:00")
	says(t, in("pause", "Próba", "--by", "Piotr"), exitDone, "Wstrzymano wysyłkę", "campaign resume")
	says(t, in("resume", "Próba", "--by", "Piotr"), exitDone, "Wznowiono wysyłkę")
	says(t, in("stop", "Próba", "--by", "Piotr"), exitDone, "Zatrzymano wysyłkę", "kto już dostał list, nie dostanie drugiego")
	says(t, in("show", "Próba"), exitDone, "zatrzymana", "wstrzymanie (Piotr)", "wznowienie (Piotr)", "zatrzymanie (Piotr)")
	if n := len(mail.Messages()); n != 0 {
		t.Fatalf("%d letters before their time", n)
	}

	says(t, send, exitDone, "wysłane wiadomości: 9 z 9")
	says(t, send, exitDone, "wysłane wiadomości: 9 z 9")
	if n := len(mail.Messages()); n != 9 {
		t.Errorf("%d letters, want 9", n)
	}

	file := filepath.Join(dir, "dowody.csv")
	says(t, in("proof", "Próba", "--csv", file), exitDone)
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	body, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(body), "\ufeff")))
	r.Comma = ';'
	table, err := r.ReadAll()
	if err != nil || len(table) != 10 || table[1][4] != "a@example.org" || table[9][4] != "i@example.org" || table[9][6] != "wysłana" || len(table[9][11]) != 64 || table[9][9] == "" {
		t.Errorf("%v, %v", table, err)
	}
	if screen := says(t, in("proof", table[1][0]), exitDone); screen != string(body) {
		t.Error("by the number of an order the proof is another")
	}

	busy.Store(true)
	next := editedData(t, "9810013;bdl:76973;2025;8345,92;", "9810013;bdl:76973;2025;8399,92;")
	says(t, append(in("new", "Próba", "--by", "Anna", "--union", "Związek Próbny"), "--data", next), exitDone, "nowe wydanie")
	says(t, append(send, "--data", next), exitFailed, "wysyłka została wstrzymana", "8 razy z rzędu proszono o przerwę", "czeka: 9")
	says(t, in("show", "Próba"), exitDone, "odpowiedź 421")
	if n := len(mail.Messages()); n != 9 {
		t.Errorf("%d letters, though the server took none more", n)
	}
	says(t, in("list"), exitDone, "wstrzymana")
	busy.Store(false)
	says(t, in("resume", "Próba", "--by", "Anna"), exitDone, "Wznowiono wysyłkę")
	says(t, append(send, "--data", next), exitDone, "wysłane wiadomości: 9 z 9")
	says(t, in("list"), exitDone, "zakończona")
	if n := len(mail.Messages()); n != 18 {
		t.Errorf("%d letters after the pause, want 18", n)
	}
	// A letter of them comes back.
	last := mail.Messages()[17]
	sent := workertest.ReadMail(t, last.Data)
	bounce, other := filepath.Join(dir, "zwrot.eml"), filepath.Join(dir, "inny.eml")
	report := "Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\nFinal-Recipient: rfc822; " + last.To[0] + "\nAction: failed\nStatus: 5.1.1\n\n--x\nContent-Type: text/rfc822-headers\n\nMessage-ID: " + sent.Header.Get("Message-Id") + "\n\n--x--\n"
	if err := errors.Join(os.WriteFile(bounce, []byte(report), 0o600), os.WriteFile(other, []byte("Subject: x\n\nnie ma mnie w pracy"), 0o600)); err != nil {
		t.Fatal(err)
	}
	says(t, in("bounces", "Próba", bounce, other, "--by", "Anna"), exitPartly, last.To[0]+", odrzucona: 5.1.1", "nie jest to zwrot", "Zwroty: 1, inne: 1")
	says(t, in("show", "Próba"), exitDone, "zakończona, nie wszystko dotarło", "zwrot po wysłaniu: 5.1.1", "przyjęto zwroty: 1 (Anna)")
	// Another comes back into the mailbox, where reports of other letters lie.
	gone := mail.Messages()[16]
	box := workertest.NewMailbox(t, "zwroty", "tajne")
	crlf := func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }
	box.Add(t, crlf(strings.ReplaceAll(strings.ReplaceAll(report, last.To[0], gone.To[0]), sent.Header.Get("Message-Id"), workertest.ReadMail(t, gone.Data).Header.Get("Message-Id"))), time.Now())
	box.Add(t, crlf(strings.ReplaceAll(report, sent.Header.Get("Message-Id"), "<inny@example.org>")), time.Now())
	t.Setenv("RAPORTJST_IMAP_PASSWORD", "tajne")
	says(t, in("bounces", "Próba"), exitFailed, "nie podano zwrotów")
	says(t, in("bounces", "Próba", "--imap", "imaps://zwroty@"+box.Address, "--imap-ca", mail.Certificate(t), "--by", "Anna"), exitDone, gone.To[0]+", odrzucona: 5.1.1", "Zwroty: 1, inne: 1")
	says(t, in("delivered", "Próba", gone.To[0], "--why", "telefonicznie", "--by", "Anna"), exitDone, "Oznaczono jako doręczone: 1")
	says(t, in("delivered", "Próba", last.To[0], "--why", "telefonicznie", "--by", "Anna"), exitDone, "Oznaczono jako doręczone: 1")
	says(t, in("list"), exitDone, "zakończona  ")
	if m := workertest.ReadMail(t, mail.Messages()[0].Data); !strings.Contains(strings.ToLower(m.Header.Get("From")), "=?utf-8?") {
		t.Errorf("the sender has not the name of the union: %s", m.Header.Get("From"))
	}
}
