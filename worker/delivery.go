package worker

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/fault"
)

// DeliveryState is how far a delivery has come.
type DeliveryState string

// The states of a delivery. Sent, refused, held and expired are final until somebody asks to
// send again, withdrawn until its order is placed again.
//
//	pending → sending → committing → sent
//	   ↑________|____________|→ refused, held, expired
//
// What is found in sending was certainly not accepted by the other side and is sent again;
// what is found in committing may have been, and is held for an operator: a visible gap is
// better than an official letter sent twice.
const (
	Pending    DeliveryState = "pending"
	Sending    DeliveryState = "sending"
	Committing DeliveryState = "committing"
	Sent       DeliveryState = "sent"
	Refused    DeliveryState = "refused"
	Held       DeliveryState = "held"
	Expired    DeliveryState = "expired"   // it has waited too long; nobody has refused it
	Withdrawn  DeliveryState = "withdrawn" // its order was cancelled before it was sent
)

// Delivery is one report on its way to one recipient (wysyłka), and the proof that it came.
type Delivery struct {
	ID        string        `json:"id"`
	Batch     string        `json:"batch"`
	Area      string        `json:"area"`
	Name      string        `json:"name"`
	Period    int           `json:"period"`
	Template  string        `json:"template,omitempty"`
	Campaign  string        `json:"campaign,omitempty"`
	Union     string        `json:"union,omitempty"`     // id of the one in whose name it goes out
	UnionName string        `json:"unionName,omitempty"` // as the list has it
	Tag       string        `json:"tag,omitempty"`
	Recipient string        `json:"recipient"`
	To        Addressee     `json:"to,omitzero"`
	Channel   string        `json:"channel"`
	Key       string        `json:"key"` // of the report in the store
	File      File          `json:"file"`
	Content   string        `json:"content,omitempty"`  // what the report says: document.Said.Compared
	Own       string        `json:"own,omitempty"`      // of the unit itself: document.Said.Own
	Compared  bool          `json:"compared,omitempty"` // a change in other units is a new letter, too
	Created   time.Time     `json:"created"`            // the date of the letter
	NotBefore time.Time     `json:"notBefore,omitzero"` // it is not sent
	State     DeliveryState `json:"state"`
	Attempt   int           `json:"attempt,omitempty"`
	Worker    string        `json:"worker,omitempty"`
	Changed   time.Time     `json:"changed"`
	Problems  []string      `json:"problems,omitempty"`
	History
	Receipt Receipt `json:"receipt"`
	Round   int     `json:"round,omitempty"`  // how often it was sent again to somebody who has it
	Resent  string  `json:"resent,omitempty"` // mark of the last Resend

	Revoked  time.Time `json:"revoked,omitzero"`   // its links were taken back
	Settled  string    `json:"settled,omitempty"`  // who said that it has arrived
	Replaced string    `json:"replaced,omitempty"` // mark of the Resend that took another address in place of this one
}

// letterID is the id of the letter: of its own for each round.
func (d Delivery) letterID() string {
	if d.Round == 0 {
		return d.ID
	}
	return fmt.Sprintf("%s.%d", d.ID, d.Round)
}

// Receipt is what the other side said when it took the letter.
type Receipt struct {
	Reference string    `json:"reference,omitempty"` // queue id of the mail server, path of the file
	MessageID string    `json:"messageId,omitempty"`
	At        time.Time `json:"at,omitzero"`
}

// Ended tells whether nothing more will happen to the delivery.
func (d Delivery) Ended() bool {
	switch d.State {
	case Sent, Refused, Held, Expired, Withdrawn:
		return true
	case Pending, Sending, Committing:
	}
	return false
}

// Purpose is whom a delivery is for and what about, whatever the report says.
func (d Delivery) Purpose() string {
	if of, _, ok := strings.Cut(d.ID, "."); ok && Forgotten(d.Recipient) {
		return of // the id was made while the address was known
	}
	return digest("purpose/1", d.Channel, d.Campaign, strings.ToLower(d.Recipient), d.Area, fmt.Sprint(d.Period))[:24]
}

// Subject is what a delivery is about, whoever gets it.
func (d Delivery) Subject() string {
	d.Recipient = ""
	return d.Purpose()
}

// Identify gives a delivery its id: the purpose and what is delivered. The same for the same
// purpose is one delivery, whatever batch, program and data set it comes from. What counts as
// the same is what the report says of the unit itself or, where Compared is set, all that it says.
func (d *Delivery) Identify() {
	if d.Compared || d.Own == "" {
		d.ID = d.Purpose() + "." + digest("content/1", d.Content)[:24]
		return
	}
	d.ID = d.Purpose() + "." + digest("own/1", d.Own)[:24]
}

// Tells tells whether whoever has the earlier letter has what the delivery would bring. Of a
// letter of an earlier release only the whole content is known: whether the unit's own figures
// have changed since cannot be told from it, so that it counts as the same; a new one goes out
// on purpose (Resend).
func (d Delivery) Tells(earlier Delivery) bool {
	if earlier.Content == d.Content {
		return true
	}
	return !d.Compared && d.Own != "" && (earlier.Own == d.Own || earlier.Own == "")
}

// DeliveryIDs are the ids of the deliveries of a finished report.
func (i Item) DeliveryIDs(b Batch) []string {
	if i.State != Done || len(i.Deliveries) > 0 || i.Content != "" {
		return i.Deliveries
	}
	// The first release made them of the key of the report.
	out := make([]string, len(i.Recipients))
	for n, to := range i.Recipients {
		out[n] = firstID(i.Channel, to, i.Key, b.Revision)
	}
	return out
}

func firstID(channel, recipient, key string, revision int) string {
	return digest("delivery/1", channel, strings.ToLower(recipient), key, fmt.Sprint(revision))[:32]
}

// Letters are what the recipients of a finished report get: the file in the format that is sent.
func (i Item) Letters(j Job, tag string) []Delivery {
	sent := letterFile(i.Files)
	now := time.Now().UTC()
	out := make([]Delivery, 0, len(i.Recipients))
	for _, to := range i.Recipients {
		if Forgotten(to) {
			continue
		}
		d := Delivery{
			Batch: i.Batch, Area: i.Area, Name: i.Name, Period: j.Period, Template: j.Template, Campaign: j.Campaign, Union: j.Union, UnionName: j.UnionName, Tag: tag,
			Recipient: to, To: i.People[to], Channel: i.Channel, Key: i.Key, File: i.Files[sent], Content: i.Content, Own: i.Own, Compared: j.Compared, Created: now, NotBefore: j.NotBefore, State: Pending, Changed: now,
		}
		d.Identify()
		out = append(out, d)
	}
	return out
}

// Resend is a deliberate repetition: which deliveries that have ended are sent again, and no
// others. The newest of each recipient and report counts. A recipient who is new on the list
// counts as one whose letter did not arrive and who stands on it no more: a corrected address.
type Resend struct {
	States []DeliveryState `json:"states,omitempty"`
	To     []string        `json:"to,omitempty"` // addresses, whatever the state
	Mark   string          `json:"mark"`         // of this one, so that it takes place once
}

func (r *Resend) mark() string {
	if r == nil {
		return ""
	}
	return r.Mark
}

// resend is the deliberate repetition that a job asks for.
func (j Job) resend() *Resend {
	if j.Resend == nil && j.Revision > 0 { // of the first release, to everybody
		return &Resend{States: []DeliveryState{Sent, Refused, Held, Expired}, Mark: fmt.Sprintf("%s-%d", j.Batch, j.Revision)}
	}
	return j.Resend
}

// Picks tells whether the delivery is sent again.
func (r *Resend) Picks(d Delivery) bool {
	return d.Ended() && (slices.Contains(r.States, d.State) || slices.ContainsFunc(r.To, func(to string) bool { return strings.EqualFold(to, d.Recipient) }))
}

// Replaces tells whether a letter to an address that has not been tried takes the place of an
// earlier one that did not arrive. One letter is replaced in one repetition and never again:
// whoever was written to in its place has it by then, or was refused, too.
func (r *Resend) Replaces(earlier Delivery) bool {
	switch earlier.State {
	case Refused, Held, Expired:
		return slices.Contains(r.States, earlier.State) && (earlier.Replaced == "" || earlier.Replaced == r.Mark)
	case Pending, Sending, Committing, Sent, Withdrawn:
	}
	return false
}

// Replace records in the earlier letter which address was taken in its place.
func (r *Resend) Replace(earlier *Delivery, recipient string) {
	earlier.Replaced = r.Mark
	if note := "po poprawieniu adresu wysłana do: " + recipient; !slices.Contains(earlier.Problems, note) {
		earlier.Problems = append(earlier.Problems, note)
	}
}

// Again makes a delivery that has ended wait to be sent once more. One that the recipient has
// becomes a new letter with a date of its own; of one that is unclear the letter stays the
// same, so that a server that has it already may drop it.
func (r *Resend) Again(d *Delivery) {
	now := time.Now().UTC()
	if d.State == Sent {
		d.Round++
		d.Created = now
	}
	d.Problems = append(d.Problems, "wysyłka ponowiona na polecenie; poprzedni stan: "+stateWords[d.State])
	if d.State == Expired {
		d.Created = now
	}
	d.State, d.Resent, d.Replaced, d.Changed, d.Attempt = Pending, r.Mark, "", now, 0
	d.History = History{}
}

// stateWords are the ends of a delivery in Polish.
var stateWords = map[DeliveryState]string{Sent: "wysłana", Refused: "odrzucona", Held: "do wyjaśnienia", Expired: "wygasła", Withdrawn: "wycofana"}

// Settle records that a person knows that a letter has arrived, or was not needed any more: a
// delivery that did not end well counts as sent, with who said so.
func (d *Delivery) Settle(by, why string) error {
	switch d.State {
	case Refused, Held, Expired, Withdrawn:
	case Sent, Pending, Sending, Committing:
		return ErrNotSettled
	}
	now := time.Now().UTC()
	d.Problems = append(d.Problems, "oznaczono jako doręczoną: "+by+", "+why+"; poprzedni stan: "+stateWords[d.State])
	d.State, d.Changed, d.Settled, d.Receipt = Sent, now, by, Receipt{At: now, MessageID: d.Receipt.MessageID}
	return nil
}

// Bounce records what a mail server reports of a letter after it was taken: it has come back, or that
// has been said of it without changing anything, such as a delay. The same report twice counts once.
func (d *Delivery) Bounce(failed bool, said string) {
	note := "serwer poczty po przyjęciu listu: " + said
	if failed {
		note = "zwrot po wysłaniu: " + said
	}
	if slices.Contains(d.Problems, note) {
		return
	}
	d.Problems = append(d.Problems, note)
	if failed && (d.State == Sent || d.State == Held) {
		d.State, d.Changed = Refused, time.Now().UTC()
	}
}

// ErrNotSettled says that a delivery has arrived or is on its way, so that there is nothing to
// settle.
var ErrNotSettled = errors.New("the delivery has not ended badly")

// letterFile is the place of the file that is sent; -1 where there is none.
func letterFile(files []File) int {
	return slices.IndexFunc(files, func(f File) bool {
		format, ok := generator.FileFormat(f.MediaType)
		return ok && format.Letter
	})
}

// notice is a delivery as it is queued.
type notice struct {
	Version  int    `json:"v"`
	Delivery string `json:"delivery"`
}

// Notice is the delivery as it is queued.
func (d Delivery) Notice() []byte {
	body, err := json.Marshal(notice{Version: jobVersion, Delivery: d.ID})
	if err != nil {
		panic(err) // two plain fields cannot fail
	}
	return body
}

// decodeNotice reads the id of a delivery.
func decodeNotice(body []byte) (string, error) {
	var n notice
	if err := json.Unmarshal(body, &n); err != nil {
		return "", Permanent(fmt.Errorf("decode delivery: %w", err))
	}
	if n.Version > jobVersion {
		return "", RetryAfter(longestDelay, &fault.Fault{
			Where: "wysyłka " + n.Delivery, What: fmt.Sprintf("wersja %d jest nowsza niż obsługiwana %d", n.Version, jobVersion),
			Hint: "uruchom wykonawcę w nowszej wersji programu",
		})
	}
	if n.Delivery == "" {
		return "", Permanent(fmt.Errorf("decode delivery: id is missing"))
	}
	return n.Delivery, nil
}
