package worker_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/templates"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/workertest"
)

// TestKeyDependsOnEverythingThatTheBytesDependOn changes one thing at a time.
func TestKeyDependsOnEverythingThatTheBytesDependOn(t *testing.T) {
	keys := map[string]string{}
	for name, change := range map[string]func(*worker.Edition, *worker.Job){
		"nothing":              func(*worker.Edition, *worker.Job) {},
		"the data set":         func(e *worker.Edition, _ *worker.Job) { e.Data = "inny" },
		"the program":          func(e *worker.Edition, _ *worker.Job) { e.Generator = "inny" },
		"the template's edits": func(e *worker.Edition, _ *worker.Job) { e.Template = func(string) string { return "2" } },
		"the template":         func(_ *worker.Edition, j *worker.Job) { j.Template = "powiat" },
		"the area":             func(_ *worker.Edition, j *worker.Job) { j.Area = "981002" },
		"the period":           func(_ *worker.Edition, j *worker.Job) { j.Period = 2024 },
		"what is attached":     func(_ *worker.Edition, j *worker.Job) { j.Attach = true },
		"two at a seam":        func(_ *worker.Edition, j *worker.Job) { j.Area, j.Template = "", "981001" },
	} {
		e, j := workertest.NewEdition(), worker.Job{Area: "981001", Spec: worker.Spec{Period: 2025}}
		change(&e, &j)
		key := e.Key(j)
		if other, twice := keys[key]; twice {
			t.Errorf("%s and %s have one key", name, other)
		}
		keys[key] = name
		// What a job is for does not change its bytes.
		j.Batch, j.Revision = "b", 7
		if e.Key(j) != key {
			t.Errorf("%s: the batch changes the key", name)
		}
	}
}

// TestTitleIsOneLine: a title from outside can neither break a line nor command a terminal.
func TestTitleIsOneLine(t *testing.T) {
	o := workertest.NewOrder(" Powiat\r\nwzorcowy\t2025\x1b[31m\u0085\u202e\x00 Zażółć ", 1)
	if b, _ := workertest.NewEdition().Plan(o, time.Unix(0, 0)); b.Title != "Powiat wzorcowy 2025[31m Zażółć" {
		t.Errorf("title %q", b.Title)
	}
}

// TestSameOrderIsTheSameBatch shuffles the rows of an order and repeats them.
func TestSameOrderIsTheSameBatch(t *testing.T) {
	e := workertest.NewEdition()
	o := workertest.NewOrder("lista", 5)
	want, items := e.Plan(o, time.Unix(0, 0))
	if want.Size != 5 || len(items) != 5 || !slices.IsSortedFunc(items, func(a, b worker.Item) int { return strings.Compare(a.Area, b.Area) }) {
		t.Errorf("batch %+v of %d", want, len(items))
	}
	slices.Reverse(o.Members)
	o.Members = append(o.Members, o.Members[2])
	o.Title = "inna nazwa"
	if got, again := e.Plan(o, time.Unix(1, 0)); got.ID != want.ID || len(again) != 5 {
		t.Errorf("the same rows in another order make batch %s of %d, not %s", got.ID, len(again), want.ID)
	}
	for name, change := range map[string]func(*worker.Order){
		"a repetition":    func(o *worker.Order) { o.Resend = &worker.Resend{Mark: "1"} },
		"a campaign":      func(o *worker.Order) { o.Campaign = "kwiecień" },
		"a year":          func(o *worker.Order) { o.Period = 2024 },
		"another address": func(o *worker.Order) { o.Members[0].Recipients = []string{"inny@example.org"} },
		"one more address": func(o *worker.Order) {
			o.Members = append(o.Members, worker.Member{Area: "980001", Recipients: []string{"drugi@example.org"}})
		},
		"one row less": func(o *worker.Order) { o.Members = o.Members[1:] },
	} {
		o := workertest.NewOrder("lista", 5)
		change(&o)
		if got, _ := e.Plan(o, time.Unix(0, 0)); got.ID == want.ID {
			t.Errorf("%s does not change the batch", name)
		}
	}
}

func TestDeliveryID(t *testing.T) {
	id := func(change func(*worker.Delivery)) string {
		d := worker.Delivery{Channel: "smtp", Campaign: "kwiecień", Recipient: "rada@example.org", Area: "981001", Period: 2025, Content: "c"}
		change(&d)
		d.Identify()
		return d.ID
	}
	want := id(func(*worker.Delivery) {})
	for name, same := range map[string]func(*worker.Delivery){
		"the case of an address": func(d *worker.Delivery) { d.Recipient = "Rada@Example.org" },
		"the batch":              func(d *worker.Delivery) { d.Batch = "b" },
		"the key of the report":  func(d *worker.Delivery) { d.Key, d.File.Digest = "k", "d" },
		"the name of the area":   func(d *worker.Delivery) { d.Name, d.Template = "Łasin", "gmina" },
	} {
		if id(same) != want {
			t.Errorf("%s makes another delivery", name)
		}
	}
	for name, other := range map[string]func(*worker.Delivery){
		"channel":   func(d *worker.Delivery) { d.Channel = "outbox" },
		"campaign":  func(d *worker.Delivery) { d.Campaign = "" },
		"recipient": func(d *worker.Delivery) { d.Recipient = "inna@example.org" },
		"area":      func(d *worker.Delivery) { d.Area = "981002" },
		"period":    func(d *worker.Delivery) { d.Period = 2024 },
		"content":   func(d *worker.Delivery) { d.Content = "d" },
	} {
		if id(other) == want {
			t.Errorf("another %s is the same delivery", name)
		}
	}
}

func TestOlderWorkerLeavesNewerJob(t *testing.T) {
	_, err := worker.DecodeJob([]byte(`{"v":2,"area":"981001","shape":"new"}`))
	if _, told := worker.RetryDelay(err); !told || worker.IsPermanent(err) {
		t.Errorf("a job of a newer program: %v", err)
	}
	for _, body := range []string{"", "x", `{"v":1}`, `{"v":1,"batch":"b","area":"981001"}`} {
		if _, err := worker.DecodeJob([]byte(body)); !worker.IsPermanent(err) {
			t.Errorf("%q: %v", body, err)
		}
	}
}

func FuzzDecodeJob(f *testing.F) {
	f.Add([]byte(`{"v":1,"batch":"b","area":"981001","period":2025,"key":"k"}`))
	f.Add([]byte(`{"v":99}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		j, err := worker.DecodeJob(body)
		_, told := worker.RetryDelay(err)
		if err != nil && !told && !worker.IsPermanent(err) {
			t.Errorf("an unreadable job would be tried again and again: %v", err)
		}
		if err == nil && (j.Batch == "" || j.Area == "" || j.Key == "") {
			t.Errorf("job %+v", j)
		}
	})
}

func TestTexts(t *testing.T) {
	if _, err := worker.ReadLetters(templates.FS); err != nil {
		t.Errorf("the program's own texts: %v", err)
	}
	for name, fsys := range map[string]fstest.MapFS{
		"no file":       {"mail/temat.txt": {Data: []byte("x")}},
		"no template":   {"mail/temat.txt": {Data: []byte("{{")}, "mail/tresc.txt": {Data: []byte("x")}},
		"unknown field": {"mail/temat.txt": {Data: []byte("x")}, "mail/tresc.txt": {Data: []byte("{{.Burmistrz}}")}},
	} {
		_, err := worker.ReadLetters(fsys)
		var f *fault.Fault
		if !errors.As(err, &f) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
