package main

import (
	"bytes"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/campaign"
	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/remote"
	"github.com/raportjst/raportjst/worker/workertest"
)

// postOffice is a mail server as the run below needs it.
type postOffice struct {
	url     string
	args    []string
	got     func() map[string]int // letters that it has taken, by recipient
	restart func()
}

// lettersNumber is how many letters the run sends, of RAPORTJST_LETTERS; without it there is none.
func lettersNumber(t *testing.T) int {
	t.Helper()
	n, err := strconv.Atoi(os.Getenv("RAPORTJST_LETTERS"))
	if err != nil {
		t.Skip("takes a quarter of an hour; set RAPORTJST_LETTERS to the number of letters (.ci/long)")
	}
	return n
}

// share tells whether an address is among so many in a hundred, by a salt.
func share(to, salt string, percent uint32) bool {
	h := fnv.New32a()
	_, _ = h.Write([]byte(salt + strings.ToLower(to)))
	return h.Sum32()%100 < percent
}

// TestLettersUnderFaults sends a campaign through a mail server that greylists a fifth, refuses three
// in a hundred, and breaks the line before and after the final dot, while the sender is killed ten
// times and queue and mail server are restarted: each recipient gets one letter or stands in the
// ledger with a reason, nobody gets two, and what is unclear is listed and settled by a repetition of
// these alone.
func TestLettersUnderFaults(t *testing.T) {
	n := lettersNumber(t)
	var mu sync.Mutex
	seen, random, calm := map[string]int{}, rand.New(rand.NewPCG(1, 2)), atomic.Bool{}
	cut := func(percent int) bool {
		mu.Lock()
		defer mu.Unlock()
		return !calm.Load() && random.IntN(1000) < percent*10
	}
	cuts := atomic.Int32{}
	server := workertest.NewMailServer(t, workertest.MailRules{
		Refuse: func(to string) error {
			mu.Lock()
			seen[to]++
			first := seen[to] == 1
			mu.Unlock()
			switch {
			case share(to, "refused", 3):
				return workertest.Refusal(550)
			case share(to, "grey", 20) && first && n >= 1000: // it comes back after five minutes
				return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "greylisted, come back later"}
			case share(to, "grey", 20) && first: // it comes back after seconds
				return workertest.Refusal(421)
			}
			return nil
		},
		CutBeforeDot: func() bool { return cut(1) },
		CutAfterDot: func() bool {
			if !cut(1) {
				return false
			}
			cuts.Add(1)
			return true
		},
	})
	line := workertest.NewLine(t, server.Address)
	office := postOffice{
		url: "smtp://" + strings.Replace(line.Address, "127.0.0.1", "localhost", 1), args: []string{"--smtp-ca", server.Certificate(t)},
		restart: func() { line.Close(true); line.Cut(); time.Sleep(2 * time.Second); line.Close(false) },
		got: func() map[string]int {
			out := map[string]int{}
			for _, m := range server.Messages() {
				out[m.To[0]]++
			}
			return out
		},
	}
	bar(t, n, office, &calm)
	t.Logf("lines broken after the final dot: %d", cuts.Load())
}

// TestLettersThroughOpenSMTPD is the same with the mail server of a distribution, which is restarted.
func TestLettersThroughOpenSMTPD(t *testing.T) {
	n := lettersNumber(t)
	program := os.Getenv("RAPORTJST_SMTPD")
	if program == "" {
		t.Skip("RAPORTJST_SMTPD names no smtpd")
	}
	address, box, server := workertest.OpenSMTPD(t, program)
	// A letter counts by the number that the server gave it when it took it: a server that is ended
	// between putting a letter into the box and taking it off its own list puts it there once more.
	type taken struct{ to, number string }
	read := map[string]taken{} // by file
	number := regexp.MustCompile(`with E?SMTPS? id ([0-9a-f]+)`)
	office := postOffice{
		url: "smtp://" + address,
		restart: func() {
			server.Signal(syscall.SIGTERM)
			time.Sleep(2 * time.Second)
			server.Kill()
			server.Start(t)
		},
		got: func() map[string]int {
			out, seen := map[string]int{}, map[taken]bool{}
			names, err := filepath.Glob(filepath.Join(box, "new", "*"))
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range names {
				if _, known := read[name]; !known {
					body, err := os.ReadFile(name)
					if err != nil {
						t.Fatal(err)
					}
					m, err := mail.ReadMessage(bytes.NewReader(body))
					if err != nil {
						t.Fatal(err)
					}
					to, err := mail.ParseAddress(m.Header.Get("To"))
					if err != nil {
						t.Fatal(err)
					}
					id := number.FindStringSubmatch(m.Header.Get("Received"))
					if id == nil {
						t.Fatalf("no number in %q", m.Header.Get("Received"))
					}
					read[name] = taken{to.Address, id[1]}
				}
				if one := read[name]; !seen[one] {
					seen[one] = true
					out[one.to]++
				}
			}
			return out
		},
	}
	bar(t, n, office, &atomic.Bool{})
}

// bar sends n letters of 200 kB through a mail server under faults and looks what has come.
func bar(t *testing.T, n int, office postOffice, calm *atomic.Bool) {
	t.Helper()
	nats := workertest.NATSServer(t)
	dir, data, home := t.TempDir(), sampleData(t), t.TempDir()
	list := filepath.Join(dir, "lista.csv")
	rows := "teryt;email\n"
	for i := range n {
		rows += fmt.Sprintf("%d;rada.%d@urzad%d.example.org\n", 981001+i%12, i, i%300)
	}
	if err := os.WriteFile(list, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	common := []string{"--home", home, "--data", data, "--nats", nats.URL, "--store", filepath.Join(home, "raporty")}
	post := append([]string{"--smtp", office.url, "--mail-from", "raporty@zgw.example", "--mail-limit", "8"}, office.args...)
	sender := supervise(t, "sender", nil, append(append([]string{"worker", "--slots", "1"}, common...), post...)...)
	says(t, append([]string{"campaign", "new", "Bary", "--list", list, "--union", "Związek Gmin", "--by", "Anna", "--formats", "pdf"}, common...), exitDone)
	broker, err := jetstream.Connect(t.Context(), remote.Parse(nats.URL), jetstream.Options{Name: "test", Rendering: generator.Rendering})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = broker.Close() }()
	begin := time.Now()
	when := time.Now().Add(90 * time.Second)
	send := append(append([]string{"campaign", "send", "Bary", "--by", "Anna"}, common...), post...)
	says(t, append(send, "--at", warsaw(when)), exitDone, "Listy wyjdą")
	ordered := func() worker.View {
		v, err := newestOf(t, broker)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	until(t, 5*time.Minute, "letters go out", func() error {
		v, err := newestOf(t, broker)
		if err == nil && v.Tally.Sent < n/20 {
			err = fmt.Errorf("%+v", v.Tally)
		}
		return err
	})
	sending := time.Now()
	for kill := range 10 {
		until(t, 4*time.Minute, "some more letters go out", func() error {
			v, err := newestOf(t, broker)
			if err == nil && v.Tally.Sent < (kill+2)*n/20 && !v.Tally.Over() {
				err = fmt.Errorf("%+v", v.Tally)
			}
			return err
		})
		sender.signal(syscall.SIGKILL)
		switch kill {
		case 3, 7:
			nats.Kill()
			time.Sleep(2 * time.Second)
			nats.Start(t)
		case 2, 5, 8:
			office.restart()
		}
	}
	t.Logf("killed ten times within %v", time.Since(sending).Round(time.Second))
	until(t, 15*time.Minute, "the campaign ends", func() error {
		v, err := newestOf(t, broker)
		if err == nil && !v.Tally.Over() {
			err = fmt.Errorf("%+v", v.Tally)
			for _, d := range v.Deliveries {
				if !d.Ended() {
					err = fmt.Errorf("%w\n%s %s: %s, attempt %d by %s, waits until %v: %s", err, d.ID, d.Recipient, d.State, d.Attempt, d.Worker, d.Until, d.Why)
				}
			}
		}
		return err
	})
	v := ordered()
	tally := v.Tally
	t.Logf("%d letters of %d kB: sent %d, refused %d, unclear %d, expired %d, within %v", tally.Letters, v.Deliveries[0].File.Size>>10, tally.Sent, tally.Refused, tally.Held, tally.Expired, time.Since(begin).Round(time.Second))
	if tally.Letters != n {
		t.Errorf("%d letters, want %d", tally.Letters, n)
	}
	got := settled(t, office, tally.Sent)
	held := map[string]bool{}
	screen := says(t, append([]string{"campaign", "show", "Bary"}, "--home", home, "--nats", nats.URL), exitDone)
	for _, d := range v.Deliveries {
		switch k := got[d.Recipient]; d.State {
		case worker.Sent:
			if k != 1 {
				t.Errorf("%s has %d letters, the ledger says it was sent", d.Recipient, k)
			}
		case worker.Refused, worker.Expired:
			if k != 0 || len(d.Problems) == 0 {
				t.Errorf("%s has %d letters, the ledger says %s: %q", d.Recipient, k, d.State, d.Problems)
			}
		case worker.Held:
			held[d.Recipient] = true
			if k > 1 || len(d.Problems) == 0 || d.Receipt.MessageID == "" {
				t.Errorf("unclear %s has %d letters: %q", d.Recipient, k, d.Problems)
			}
			if !strings.Contains(screen, d.Recipient) {
				t.Errorf("unclear %s is not listed", d.Recipient)
			}
		case worker.Pending, worker.Sending, worker.Committing, worker.Withdrawn:
			t.Errorf("%s is %s", d.Recipient, d.State)
		}
	}
	calm.Store(true)
	if len(held) == 0 {
		t.Log("nothing was unclear")
		return
	}
	code, out := command(t, append([]string{"campaign", "resend", "Bary", "--only", "niejasne", "--by", "Anna"}, append(common, post...)...)...)
	v = ordered()
	t.Logf("repetition of %d unclear: exit %d, sent %d, unclear %d", len(held), code, v.Tally.Sent, v.Tally.Held)
	if v.Tally.Held != 0 || v.Tally.Letters != len(held) {
		t.Errorf("%+v: %s", v.Tally, out)
	}
	again := settled(t, office, tally.Sent+v.Tally.Sent)
	for to, k := range again {
		if was := got[to]; k != was && (!held[to] || k != was+1) {
			t.Errorf("%s had %d letters and has %d after the repetition", to, was, k)
		}
	}
}

// settled waits until a mail server has put away at least so many letters.
func settled(t *testing.T, office postOffice, least int) map[string]int {
	t.Helper()
	var got map[string]int
	until(t, 3*time.Minute, "the mail server puts letters away", func() error {
		got = office.got()
		n := 0
		for _, k := range got {
			n += k
		}
		if n < least {
			return fmt.Errorf("%d of %d", n, least)
		}
		return nil
	})
	time.Sleep(2 * time.Second) // what should not come
	return office.got()
}

func warsaw(at time.Time) string { return at.In(locale.Warsaw).Format("2006-01-02 15:04") }

// newestOf is the newest order with letters.
func newestOf(t *testing.T, b *jetstream.Broker) (worker.View, error) {
	t.Helper()
	all, err := orders(t.Context(), b, campaign.Campaign{ID: "bary"})
	if err != nil {
		return worker.View{}, err
	}
	if len(all) == 0 {
		return worker.View{}, errors.New("no order with letters")
	}
	return b.View(t.Context(), all[len(all)-1].ID)
}
