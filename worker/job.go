package worker

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/normal"
	"github.com/raportjst/raportjst/generator/stat"
)

// Class says which jobs go first.
type Class string

// The classes of jobs.
const (
	Interactive Class = "interactive" // somebody waits for it
	Bulk        Class = "bulk"
	Small       Class = "small" // bulk of a few reports; the queue finds it out
)

// Spec is what is ordered, for every area alike.
type Spec = generator.Spec

// Order is an order (zlecenie) for the reports of many areas.
type Order struct {
	Title string // what people call it: "powiat wzorcowy, 2025"
	Class Class  // Bulk where empty
	Spec
	Campaign  string    // within which nobody gets the same twice; "" is one, too
	Union     string    // id of the one in whose name letters go out
	UnionName string    // of it, as the list of its members has it
	Channel   string    // that letters go to; "": that of the worker that makes the report
	Compared  bool      // send also where only the comparison with other units has changed
	Resend    *Resend   // nil: what was sent, refused or is unclear stays as it is
	NotBefore time.Time // of the letters
	Told      bool      // letters about its reports will follow: what they say is kept
	Members   []Member
	Left      []Left // out of the order, which goes on without them
}

// Left is an area of which an order could not have a report (pominięta jednostka).
type Left struct {
	Area string `json:"area"`
	Name string `json:"name"`
	Why  string `json:"why"` // what is missing and what to do
}

// Member is one row of an order.
type Member struct {
	Area       string // TERYT key, canonical
	Name       string // name of the area
	Recipients []string
	People     map[string]Addressee // who the recipients are, by address, where it is known
}

// Addressee is who gets a letter.
type Addressee struct {
	Name       string `json:"name,omitempty"`       // "Jan Kowalski"
	Role       string `json:"role,omitempty"`       // "sekretarz gminy"
	Salutation string `json:"salutation,omitempty"` // "Szanowna Pani Burmistrz"
	Language   string `json:"language,omitempty"`   // of the letter; "": Polish
}

// Edition names what reports are made from. Two workers with the same edition make the same
// bytes from the same job.
type Edition struct {
	Data      string                 // id of the snapshot
	Generator string                 // how reports are made, in the key: "rendering 1"
	Rendering int                    // the same as a number that orders it; 0: as the first release did
	Template  func(id string) string // version of a template, "" for the choice by kind
	Pack      string                 // Batch.Pack
	Tag       string                 // "DANE PRZYKŁADOWE" where the data are invented
}

// jobVersion is the version of the form of Job.
const jobVersion = 1

// Job is an order for one report as it travels: ids, never payloads.
type Job struct {
	Version int    `json:"v"`
	Batch   string `json:"batch"`
	Area    string `json:"area"`
	Spec
	Campaign  string    `json:"campaign,omitempty"`
	Union     string    `json:"union,omitempty"`
	UnionName string    `json:"unionName,omitempty"`
	Channel   string    `json:"channel,omitempty"`
	Compared  bool      `json:"compared,omitempty"`
	Resend    *Resend   `json:"resend,omitempty"`
	NotBefore time.Time `json:"notBefore,omitzero"`
	Told      bool      `json:"told,omitempty"`     // Order.Told
	Revision  int       `json:"revision,omitempty"` // of the first release: counts orders to send everything again
	Key       string    `json:"key"`                // of the report in the store
	Like      []string  `json:"like,omitempty"`     // Batch.Like
}

// DecodeJob reads a job. A job of a newer program is given back, so that a newer worker
// takes it; one that is no job at all is a permanent failure.
func DecodeJob(body []byte) (Job, error) {
	var j Job
	if err := json.Unmarshal(body, &j); err != nil {
		return Job{}, Permanent(fmt.Errorf("decode job: %w", err))
	}
	if j.Version > jobVersion {
		return Job{}, RetryAfter(longestDelay, &fault.Fault{
			Where: "zlecenie " + j.Area, What: fmt.Sprintf("wersja %d jest nowsza niż obsługiwana %d", j.Version, jobVersion),
			Hint: "uruchom wykonawcę w nowszej wersji programu",
		})
	}
	if !plain(j.Batch) || !plain(j.Area) || !plain(j.Key) {
		return Job{}, Permanent(&fault.Fault{Where: "zlecenie w kolejce", What: "brak numeru zamówienia, kodu jednostki albo klucza raportu, albo nie są to litery i cyfry", Hint: "zamów raport ponownie"})
	}
	return j, nil
}

// plain tells whether s, which comes from outside, may stand in a key.
func plain(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return (r < '0' || r > '9') && (r < 'a' || r > 'z') }) < 0
}

// request is what the job asks the generator for.
func (j Job) request() generator.Request {
	return generator.Request{Area: stat.AreaCode(j.Area), Spec: j.Spec}
}

// digest is the SHA-256 (hex) of parts; each is preceded by its length, so that no two lists
// of parts look the same.
func digest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Key is the key of a report in the store: a hash of everything that its bytes depend on.
func (e Edition) Key(j Job) string {
	parts := []string{"report/1", e.Generator, e.Data, j.Template, e.Template(j.Template), j.Area, fmt.Sprint(j.Period), fmt.Sprint(j.Attach)}
	// The first Spec had these three fields. What was added to it counts only where it is
	// asked for, so that a report ordered as before has the key that it had.
	more := j.Spec
	more.Period, more.Template, more.Attach = 0, "", false
	if s := specText(more); s != specText(Spec{}) {
		parts = append(parts, s)
	}
	return digest(parts...)
}

// specText is a Spec as text, the same for the same Spec.
func specText(s Spec) string {
	body, err := json.Marshal(s)
	if err != nil {
		panic(err) // plain fields cannot fail
	}
	return string(body)
}

// State is how far a report has come.
type State string

// The states of an item. Done, failed and cancelled are final until somebody orders again.
const (
	Queued    State = "queued"
	Running   State = "running"
	Done      State = "done"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// Batch is an order that was accepted (partia). Its id is a hash of what was ordered, so
// that the same order again is the same batch.
type Batch struct {
	ID      string    `json:"id"`
	Title   string    `json:"title"`
	Class   Class     `json:"class"`
	Ordered time.Time `json:"ordered"`
	Spec
	Campaign  string    `json:"campaign,omitempty"`
	Union     string    `json:"union,omitempty"`
	UnionName string    `json:"unionName,omitempty"`
	Channel   string    `json:"channel,omitempty"`
	Compared  bool      `json:"compared,omitempty"`
	Resend    *Resend   `json:"resend,omitempty"`
	NotBefore time.Time `json:"notBefore,omitzero"` // of the letters
	Told      bool      `json:"told,omitempty"`     // Order.Told
	Revision  int       `json:"revision,omitempty"` // of the first release
	Data      string    `json:"data"`
	Program   string    `json:"program,omitempty"`   // Edition.Generator of who ordered it
	Rendering int       `json:"rendering,omitempty"` // of who ordered it: only workers of this one, or a later, get the jobs
	Templates string    `json:"templates,omitempty"` // of that program, in short
	Pack      string    `json:"pack,omitempty"`      // id of the own templates in the store; "" where there are none, or they lie in a folder
	Tag       string    `json:"tag,omitempty"`
	Size      int       `json:"size"`
	Left      []Left    `json:"left,omitempty"`   // areas of the order that have no report
	Closed    bool      `json:"closed,omitempty"` // every item and delivery has ended
	Final     *Tally    `json:"final,omitempty"`  // of a closed batch

	List      ListRef  `json:"list,omitzero"`      // what was ordered
	Round     int      `json:"round,omitempty"`    // how many times it was ordered
	Expanded  int      `json:"expanded,omitempty"` // the last round whose items are all there
	Like      []string `json:"like,omitempty"`     // other orders from the same for the same, which may have made its reports
	Paused    bool     `json:"paused,omitempty"`
	Why       string   `json:"why,omitempty"` // it was paused, where nobody did it
	Cancelled bool     `json:"cancelled,omitempty"`
}

// ListRef names the list of an order, which the ledger keeps in parts.
type ListRef struct {
	Digest string `json:"digest"`
	Parts  int    `json:"parts"`
}

// Whole tells whether all items of the batch have been written in its present round. A batch
// of the first release has no rounds and no list: one that is short of items cannot be
// completed but by ordering it again.
func (b Batch) Whole() bool { return b.Expanded >= b.Round }

// Item is one report of a batch as the ledger knows it.
type Item struct {
	Batch      string               `json:"batch"`
	Area       string               `json:"area"`
	Name       string               `json:"name"`
	Key        string               `json:"key"`
	Recipients []string             `json:"recipients,omitempty"`
	People     map[string]Addressee `json:"people,omitempty"`  // by address
	Channel    string               `json:"channel,omitempty"` // that the deliveries went to
	Round      int                  `json:"round,omitempty"`   // of its batch, in which it was queued last
	State      State                `json:"state"`
	Attempt    int                  `json:"attempt,omitempty"`
	Worker     string               `json:"worker,omitempty"`
	Changed    time.Time            `json:"changed"`
	Problems   []string             `json:"problems,omitempty"` // of every attempt that failed, oldest first
	History
	Files      []File   `json:"files,omitempty"`
	Damaged    bool     `json:"damaged,omitempty"`    // a file was found missing or damaged
	Content    string   `json:"content,omitempty"`    // what the report says: document.Said.Whole
	Own        string   `json:"own,omitempty"`        // of the unit itself: document.Said.Own
	Deliveries []string `json:"deliveries,omitempty"` // ids, once it is done
}

// File is one file of a finished report; its key in the store is the item's key, a slash
// and the name.
type File struct {
	Name      string `json:"name"`
	MediaType string `json:"mediaType"`
	Digest    string `json:"digest"` // SHA-256, hex
	Size      int64  `json:"size"`
}

// Ended tells whether nothing more will happen to the item.
func (i Item) Ended() bool { return i.State == Done || i.State == Failed || i.State == Cancelled }

// Doubted tells whether the files of the report have to be read before they are taken for
// whole: one was found damaged, or the report was ordered again, perhaps for that reason.
func (i Item) Doubted() bool { return i.Damaged || i.Round > 1 }

// Requeue begins the item anew: what went wrong in an earlier round is not said of this one.
func (i *Item) Requeue() {
	i.State, i.Attempt, i.Problems, i.History, i.Changed = Queued, 0, nil, History{}, time.Now().UTC()
}

// Job is the item as it is queued.
func (i Item) Job(b Batch) Job {
	return Job{Version: jobVersion, Batch: i.Batch, Area: i.Area, Spec: b.Spec, Campaign: b.Campaign, Union: b.Union, UnionName: b.UnionName, Channel: b.Channel, Compared: b.Compared, Resend: b.Resend, NotBefore: b.NotBefore, Told: b.Told, Revision: b.Revision, Key: i.Key, Like: b.Like}
}

// Plan turns an order into a batch and its items, in order of area. An area that stands in
// several rows is one report for all their recipients. The title becomes one plain line here,
// whatever door it came through: it is shown on terminals and in tables. The result depends on the order and
// the edition alone, but for the time.
func (e Edition) Plan(o Order, now time.Time) (Batch, []Item) {
	b := Batch{
		Title: normal.Line(o.Title), Class: cmp.Or(o.Class, Bulk), Ordered: now, Spec: o.Spec.Clean(), Campaign: o.Campaign, Union: o.Union, UnionName: o.UnionName, Channel: o.Channel, Compared: o.Compared, Resend: o.Resend, NotBefore: o.NotBefore, Told: o.Told, Data: e.Data, Program: e.Generator, Rendering: e.Rendering, Templates: e.templates(o.Template), Pack: e.Pack, Tag: e.Tag, Left: o.Left,
	}
	byArea := map[string]*Item{}
	var items []*Item
	for _, m := range o.Members {
		i := byArea[m.Area]
		if i == nil {
			i = &Item{Area: m.Area, Name: m.Name, State: Queued, Changed: now}
			i.Key = e.Key(i.Job(b))
			byArea[m.Area] = i
			items = append(items, i)
		}
		for _, r := range m.Recipients {
			if !slices.Contains(i.Recipients, r) {
				i.Recipients = append(i.Recipients, r)
			}
			if who, ok := m.People[r]; ok {
				if i.People == nil {
					i.People = map[string]Addressee{}
				}
				i.People[r] = who
			}
		}
	}
	slices.SortFunc(items, func(a, b *Item) int { return strings.Compare(a.Area, b.Area) })
	parts := []string{"batch/1", "0"}
	if o.Campaign != "" || o.Resend != nil {
		parts = append(parts, o.Campaign, o.Resend.mark())
	}
	if o.Compared {
		parts = append(parts, "compared")
	}
	if o.Told {
		parts = append(parts, "told")
	}
	if o.Channel != "" {
		parts = append(parts, "by "+o.Channel)
	}
	for _, i := range items {
		slices.Sort(i.Recipients)
		parts = append(parts, i.Key)
		parts = append(parts, i.Recipients...)
	}
	b.ID, b.Size = digest(parts...)[:20], len(items)
	out := make([]Item, len(items))
	for n, i := range items {
		i.Batch = b.ID
		out[n] = *i
	}
	return b, out
}
