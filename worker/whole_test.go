package worker_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/workertest"
)

// TestListOfMembers orders reports for 20 members with addresses, and the same list again.
func TestListOfMembers(t *testing.T) {
	t.Parallel()
	mail := workertest.NewMailServer(t, workertest.MailRules{})
	h := newHouse(t, mail)
	g := &workertest.Generator{Size: 200_000}
	h.here(t, g)
	b, _ := h.place(t, workertest.NewOrder("członkowie", 20))
	items, deliveries := h.until(t, b, ended)
	h.whole(t, items)
	proven(t, mail, items, deliveries)
	if len(mail.Messages()) != 20 {
		t.Fatalf("%d messages", len(mail.Messages()))
	}

	again, created := h.place(t, workertest.NewOrder("członkowie", 20))
	if created || again.ID != b.ID {
		t.Error("the same list is another batch")
	}
	items, deliveries = h.until(t, again, ended)
	proven(t, mail, items, deliveries)
	if n := g.Made.Load(); n != 20 || len(mail.Messages()) != 20 {
		t.Errorf("%d reports made, %d messages sent for the same list twice", n, len(mail.Messages()))
	}
	// A longer list is another batch; of it only the new member is made and written to.
	longer, created := h.place(t, workertest.NewOrder("członkowie i nowy", 21))
	if !created {
		t.Error("a longer list is the same batch")
	}
	items, deliveries = h.until(t, longer, ended)
	h.whole(t, items)
	proven(t, mail, items, deliveries)
	if n := g.Made.Load(); n != 21 || len(mail.Messages()) != 21 {
		t.Errorf("%d reports made, %d messages sent", n, len(mail.Messages()))
	}
	// A deliberate repetition sends again, and makes nothing.
	o := workertest.NewOrder("członkowie, ponownie", 2)
	o.Resend = &worker.Resend{States: []worker.DeliveryState{worker.Sent}, Mark: "1"}
	b, _ = h.place(t, o)
	h.until(t, b, ended)
	if n := g.Made.Load(); n != 21 || len(mail.Messages()) != 23 {
		t.Errorf("%d reports made, %d messages sent", n, len(mail.Messages()))
	}
}

// TestRebuildSendsNothing makes the same reports with another build of the program, whose
// files look otherwise and say the same: nobody gets a second letter, but in another campaign.
func TestRebuildSendsNothing(t *testing.T) {
	t.Parallel()
	mail := workertest.NewMailServer(t, workertest.MailRules{})
	h := newHouse(t, mail)
	t.Run("first build", func(t *testing.T) {
		h.here(t, &workertest.Generator{Size: 1000})
		b, _ := h.place(t, workertest.NewOrder("lista", 5))
		h.until(t, b, ended)
	})
	h.Program = "another build"
	g := &workertest.Generator{Size: 1000, Look: "new"}
	h.here(t, g)
	b, created := h.place(t, workertest.NewOrder("lista", 5))
	items, deliveries := h.until(t, b, ended)
	if !created || g.Made.Load() != 5 {
		t.Errorf("another build has made %d reports", g.Made.Load())
	}
	if n := len(mail.Messages()); n != 5 || len(deliveries) != 5 {
		t.Errorf("%d messages for %d deliveries after a rebuild", n, len(deliveries))
	}
	if tally := worker.Count(b, items, deliveries); tally.Letters != 5 || tally.Sent != 5 || tally.Earlier != 5 || !tally.Over() {
		t.Errorf("tally %+v", tally)
	}
	o := workertest.NewOrder("lista", 5)
	o.Campaign = "maj"
	b, _ = h.place(t, o)
	h.until(t, b, ended)
	if n := len(mail.Messages()); n != 10 {
		t.Errorf("%d messages after another campaign", n)
	}
}

// TestKilledWorker kills one of two worker processes again and again in the middle of a
// batch of 20.
func TestKilledWorker(t *testing.T) {
	t.Parallel()
	mail := workertest.NewMailServer(t, workertest.MailRules{})
	h := newHouse(t, mail)
	h.Work = 700 * time.Millisecond // longer than a quick report, which is never seen as running
	victim := h.spawn(t)
	b, _ := h.place(t, workertest.NewOrder("partia", 20))
	for _, n := range []int{2, 8, 14} {
		h.kill(t, b, victim, n)
		victim = h.spawn(t)
	}
	items, deliveries := h.until(t, b, ended)
	h.whole(t, items)
	// A worker that was killed between the final dot and the answer leaves a delivery whose
	// outcome nobody knows; it is held, and never sent twice.
	sent := deliveries[:0]
	for _, d := range deliveries {
		switch d.State {
		case worker.Sent:
			sent = append(sent, d)
		case worker.Held:
			t.Logf("held: %s", d.Problems)
		default:
			t.Errorf("delivery %+v", d)
		}
	}
	got := map[string]bool{}
	for _, m := range mail.Messages() {
		if got[m.To[0]] {
			t.Errorf("%s got two messages", m.To[0])
		}
		got[m.To[0]] = true
	}
	if len(sent) == len(deliveries) {
		proven(t, mail, items, sent)
	}
	interrupted := 0
	for _, i := range items {
		interrupted += len(i.Problems)
	}
	if interrupted == 0 {
		t.Error("no job was at work when its process was killed: the test proves nothing")
	}
}

// kill kills a worker that is making a report when n reports of the batch are done. The
// process is stopped first, so that it cannot finish between the look and the kill.
func (h house) kill(t *testing.T, b worker.Batch, victim *exec.Cmd, n int) {
	t.Helper()
	name := fmt.Sprint(victim.Process.Pid)
	// One that is suspected already is not hit again: three times would be a reason.
	atWork := func(i worker.Item) bool {
		return i.State == worker.Running && i.Worker == name && i.Deaths == 0
	}
	signal := func(s os.Signal) {
		if err := victim.Process.Signal(s); err != nil {
			t.Fatal(err)
		}
	}
	for {
		h.until(t, b, func(items []worker.Item, _ []worker.Delivery) bool {
			return count(items, worker.Done) >= n && slices.ContainsFunc(items, atWork)
		})
		signal(syscall.SIGSTOP)
		_, items, err := h.Batch(t.Context(), b.ID)
		if err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(items, atWork) {
			signal(syscall.SIGKILL)
			_ = victim.Wait()
			return
		}
		signal(syscall.SIGCONT)
	}
}

func count(items []worker.Item, s worker.State) int {
	n := 0
	for _, i := range items {
		if i.State == s {
			n++
		}
	}
	return n
}

// TestTwoProcessesShareTheQueue expects that both processes work.
func TestTwoProcessesShareTheQueue(t *testing.T) {
	t.Parallel()
	mail := workertest.NewMailServer(t, workertest.MailRules{})
	h := newHouse(t, mail)
	h.Work = 100 * time.Millisecond
	one, two := h.spawn(t), h.spawn(t)
	var began []string
	// Both are there before the work begins: each has made the report that it waited for.
	for n := 1; len(began) < 2; n++ {
		b, _ := h.place(t, workertest.NewOrder("próba", n))
		items, _ := h.until(t, b, ended)
		for _, i := range items {
			if len(began) == 0 || began[0] != i.Worker {
				began = append(began, i.Worker)
				break
			}
		}
	}
	o := workertest.NewOrder("partia", 40)
	o.Period = 2024
	b, _ := h.place(t, o)
	items, _ := h.until(t, b, ended)
	did := map[string]int{}
	for _, i := range items {
		did[i.Worker]++
	}
	for _, p := range []*exec.Cmd{one, two} {
		if did[fmt.Sprint(p.Process.Pid)] == 0 {
			t.Errorf("process %d did nothing: %v", p.Process.Pid, did)
		}
	}
}

// TestFailureIsNamed expects that one bad row fails with its reason and the others come.
func TestFailureIsNamed(t *testing.T) {
	t.Parallel()
	mail := workertest.NewMailServer(t, workertest.MailRules{})
	h := newHouse(t, mail)
	h.here(t, &workertest.Generator{Size: 1000})
	o := workertest.NewOrder("lista", 3)
	o.Members = append(o.Members, worker.Member{Area: workertest.Unknown, Recipients: []string{"nikt@example.org"}})
	b, _ := h.place(t, o)
	items, _ := h.until(t, b, ended)
	if count(items, worker.Done) != 3 || len(mail.Messages()) > 3 {
		t.Errorf("%d reports, %d messages", count(items, worker.Done), len(mail.Messages()))
	}
	bad := items[3]
	if bad.State != worker.Failed || len(bad.Problems) != 1 || !strings.Contains(bad.Problems[0], "nieznany kod TERYT 999999") {
		t.Errorf("item %+v", bad)
	}
	dead, err := h.Dead(t.Context())
	if err != nil || len(dead) != 1 || !strings.Contains(dead[0].Reason, "nieznany kod TERYT 999999") {
		t.Errorf("buried %+v, %v", dead, err)
	}
}

// TestRefusedAndUnknown expects that a refused recipient is named, that an unknown outcome
// is held, and that neither is written to again.
func TestRefusedAndUnknown(t *testing.T) {
	t.Parallel()
	cut := true
	mail := workertest.NewMailServer(t, workertest.MailRules{
		Refuse: func(to string) error {
			if strings.Contains(to, "980001") {
				return workertest.Refusal(550)
			}
			return nil
		},
		CutAfterDot: func() bool { now := cut; cut = false; return now },
	})
	h := newHouse(t, mail)
	h.here(t, &workertest.Generator{Size: 1000})
	b, _ := h.place(t, workertest.NewOrder("lista", 2))
	_, deliveries := h.until(t, b, ended)
	if d := deliveries[0]; d.State != worker.Refused || !strings.Contains(strings.Join(d.Problems, ""), "550") {
		t.Errorf("refused: %+v", d)
	}
	if d := deliveries[1]; d.State != worker.Held || len(d.Problems) != 1 {
		t.Errorf("unknown: %+v", d)
	}
	b, _ = h.place(t, workertest.NewOrder("lista", 2))
	h.until(t, b, ended)
	if n, err := h.Reconcile(t.Context()); err != nil || n != 0 {
		t.Errorf("%d jobs queued again: %v", n, err)
	}
	if n := len(mail.Messages()); n != 1 {
		t.Errorf("%d messages", n)
	}
}

// TestLostFileIsMadeAgain takes a finished report out of the store.
func TestLostFileIsMadeAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t, workertest.NewMailServer(t, workertest.MailRules{}))
	g := &workertest.Generator{Size: 200_000}
	h.here(t, g)
	o := workertest.NewOrder("jeden", 1)
	b, _ := h.place(t, o)
	items, _ := h.until(t, b, ended)
	if err := os.Remove(filepath.Join(h.Store, items[0].Key, items[0].Files[0].Name)); err != nil {
		t.Fatal(err)
	}
	b, created := h.place(t, o)
	if created {
		t.Fatal("the same order is another batch")
	}
	items, _ = h.until(t, b, ended)
	h.whole(t, items)
	if g.Made.Load() != 2 {
		t.Errorf("made %d times", g.Made.Load())
	}
}

// TestTrialRunIsNotTheRealOne sends a list into a directory first and then, with a mail
// server named, for real.
func TestTrialRunIsNotTheRealOne(t *testing.T) {
	t.Parallel()
	mail := workertest.NewMailServer(t, workertest.MailRules{})
	h := newHouse(t, mail)
	h.Trial = t.TempDir()
	t.Run("trial", func(t *testing.T) {
		h.here(t, &workertest.Generator{Size: 1000})
		b, _ := h.place(t, workertest.NewOrder("lista", 3))
		h.until(t, b, ended)
	})
	if letters, err := filepath.Glob(filepath.Join(h.Trial, "*.eml")); err != nil || len(letters) != 3 || len(mail.Messages()) != 0 {
		t.Fatalf("%d letters, %d messages: %v", len(letters), len(mail.Messages()), err)
	}
	h.Trial = ""
	h.here(t, &workertest.Generator{Size: 1000})
	b, _ := h.place(t, workertest.NewOrder("lista", 3))
	items, deliveries := h.until(t, b, ended)
	proven(t, mail, items, deliveries)
	if n := len(mail.Messages()); n != 3 {
		t.Errorf("%d messages", n)
	}
}

// TestNothingToSend expects that a report that cannot be sent fails and does not wait for
// ever.
func TestNothingToSend(t *testing.T) {
	t.Parallel()
	h := newHouse(t, workertest.NewMailServer(t, workertest.MailRules{}))
	h.here(t, &workertest.Generator{})
	o := workertest.NewOrder("jeden", 1)
	o.Formats = []string{"xlsx"}
	b, _ := h.place(t, o)
	items, _ := h.until(t, b, ended)
	if items[0].State != worker.Failed || !strings.Contains(strings.Join(items[0].Problems, ""), "nie ma pliku, który można wysłać") {
		t.Errorf("item %+v", items[0])
	}
}

// TestOtherEdition gives a worker a job of another data set: it leaves it to others.
func TestOtherEdition(t *testing.T) {
	t.Parallel()
	h := newHouse(t, workertest.NewMailServer(t, workertest.MailRules{}))
	h.here(t, &workertest.Generator{Size: 1000})
	e := workertest.NewEdition()
	e.Data = "inny zbiór"
	batch, items := e.Plan(workertest.NewOrder("inny", 1), time.Now().UTC())
	batch, _, err := h.Place(t.Context(), batch, items)
	if err != nil {
		t.Fatal(err)
	}
	items, _ = h.until(t, batch, func(items []worker.Item, _ []worker.Delivery) bool { return items[0].Why != "" })
	if items[0].State != worker.Queued || !strings.Contains(items[0].Why, "innego zbioru danych") || items[0].Attempt != 0 {
		t.Errorf("item %+v", items[0])
	}
}
