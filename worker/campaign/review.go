package campaign

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/worker"
)

// Change is what a report brings to a recipient.
type Change string

// The kinds of change. Only New and Own make a letter, and Comparison where the campaign asks
// for it.
const (
	New        Change = "nowy"                  // nothing about the unit and year was sent to this recipient in the campaign
	Own        Change = "zmienione własne dane" // the unit's own figures, texts or pictures
	Comparison Change = "zmienione porównanie"  // medians, ranks, maps, other units
	Unchanged  Change = "bez zmian"             // the same
	Unknown    Change = "wysłany wcześniej"     // by an earlier release: what has changed cannot be told
)

// Line is one letter that a campaign would send, or not.
type Line struct {
	Area, Name, Recipient string
	Change                Change
	Send                  bool
	Facts                 []document.Changed // of Own: what has changed
	Parts                 []document.Changed // sections that have
	Size                  int64
	Item                  worker.Item
	Earlier               *worker.Delivery  // what the recipient has
	Newest                *worker.Delivery  // the newest letter to the recipient about the unit, whatever it says
	Instead               []worker.Delivery // of a recipient who has had none: those about the unit that did not arrive, to others
}

// Review is a campaign as it would go out now.
type Review struct {
	Campaign Campaign
	Channel  string       // by which the letters would go
	Tally    worker.Tally // of its reports
	Lines    []Line
	Without  []worker.Member // with a report that nobody gets
	Failed   []worker.Item
	Left     []worker.Left
	Digest   string // of all this: what is approved
}

// Count counts the lines of a kind.
func (r Review) Count(c Change) int {
	n := 0
	for _, l := range r.Lines {
		if l.Change == c {
			n++
		}
	}
	return n
}

// Letters is how many letters would go out.
func (r Review) Letters() int {
	n := 0
	for _, l := range r.Lines {
		if l.Send {
			n++
		}
	}
	return n
}

// Said tells what a report says that was made under a key; nil where it is not known.
type Said func(key string) *document.Said

// Look compares the reports of a campaign with what its recipients have. earlier are all
// deliveries of the campaign so far.
func Look(c Campaign, list []worker.Member, v worker.View, channel string, earlier []worker.Delivery, said Said) Review {
	r := Review{Campaign: c, Channel: channel, Tally: v.Tally, Left: v.Batch.Left}
	items := map[string]worker.Item{}
	for _, i := range v.Items {
		items[i.Area] = i
		if i.State == worker.Failed {
			r.Failed = append(r.Failed, i)
		}
	}
	had := map[string][]worker.Delivery{} // by purpose, oldest first
	slices.SortFunc(earlier, func(x, y worker.Delivery) int { return x.Changed.Compare(y.Changed) })
	for _, d := range earlier {
		if d.State == worker.Withdrawn {
			continue
		}
		had[d.Purpose()] = append(had[d.Purpose()], d)
	}
	sum := sha256.New()
	fmt.Fprintln(sum, c.List, c.Compared, channel)
	for _, m := range list {
		i, ok := items[m.Area]
		if !ok || i.State != worker.Done {
			continue
		}
		if len(m.Recipients) == 0 {
			r.Without = append(r.Without, m)
		}
		i.Channel = channel
		i.Recipients, i.People = m.Recipients, m.People
		for _, d := range i.Letters(worker.Job{Spec: v.Batch.Spec, Campaign: c.ID, Compared: c.Compared}, v.Batch.Tag) {
			l := Line{Area: i.Area, Name: i.Name, Recipient: d.Recipient, Item: i, Change: New}
			for _, f := range i.Files {
				l.Size += f.Size
			}
			if all := had[d.Purpose()]; len(all) > 0 {
				l.Newest = &all[len(all)-1]
				l.compare(d, all, said)
			} else {
				l.Instead = astray(had, d.Subject(), m.Recipients)
			}
			l.Send = l.Change == New || l.Change == Own || l.Change == Comparison && c.Compared
			fmt.Fprintln(sum, l.Area, l.Recipient, i.Content)
			r.Lines = append(r.Lines, l)
		}
	}
	r.Digest = hex.EncodeToString(sum.Sum(nil))[:24]
	return r
}

// astray are the newest letters about a subject to addresses that stand on the list no more.
func astray(had map[string][]worker.Delivery, subject string, listed []string) []worker.Delivery {
	var out []worker.Delivery
	for _, all := range had {
		last := all[len(all)-1]
		gone := !slices.ContainsFunc(listed, func(to string) bool { return strings.EqualFold(to, last.Recipient) })
		if gone && last.Subject() == subject {
			out = append(out, last)
		}
	}
	return out
}

// Again are the lines that a repetition would send.
func (r Review) Again(again *worker.Resend) []Line {
	var out []Line
	for _, l := range r.Lines {
		if l.Newest != nil && again.Picks(*l.Newest) || slices.ContainsFunc(l.Instead, again.Replaces) {
			out = append(out, l)
		}
	}
	return out
}

// compare tells what a letter would bring to somebody who has others.
func (l *Line) compare(d worker.Delivery, all []worker.Delivery, said Said) {
	last := all[len(all)-1]
	for _, e := range all {
		if d.Tells(e) {
			last = e
		}
	}
	l.Earlier = &last
	switch {
	case last.Content == d.Content:
		l.Change = Unchanged
		return
	case last.Own == "":
		l.Change = Unknown
		return
	case last.Own == d.Own:
		l.Change = Comparison
	default:
		l.Change = Own
	}
	before, after := said(last.Key), said(d.Key)
	if before == nil || after == nil {
		return
	}
	l.Facts = document.Differences(before.Facts, after.Facts)
	l.Parts = document.Differences(before.Parts, after.Parts)
}

// What says in a line what has changed.
func (l Line) What() string {
	var out []string
	for _, f := range l.Facts {
		out = append(out, fmt.Sprintf("%s: %s → %s", f.Of, dash(f.Before), dash(f.After)))
	}
	if len(out) == 0 {
		for _, p := range l.Parts {
			out = append(out, p.Of)
		}
	}
	if n := len(out); n > 6 {
		out = append(out[:6], fmt.Sprintf("i jeszcze %d", n-6))
	}
	return strings.Join(out, "; ")
}

func dash(s string) string {
	if s == "" {
		return "nie było"
	}
	return s
}
