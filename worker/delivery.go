package worker

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/fault"
)

// DeliveryState is how far a delivery has come.
type DeliveryState string

// The states of a delivery. Sent, refused and held are final.
//
//	pending → sending → committing → sent
//	   ↑________|____________|→ refused, held
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
)

// Delivery is one report on its way to one recipient (wysyłka), and the proof that it came.
type Delivery struct {
	ID        string        `json:"id"`
	Batch     string        `json:"batch"`
	Area      string        `json:"area"`
	Name      string        `json:"name"`
	Period    int           `json:"period"`
	Tag       string        `json:"tag,omitempty"`
	Recipient string        `json:"recipient"`
	Channel   string        `json:"channel"`
	Key       string        `json:"key"` // of the report in the store
	File      File          `json:"file"`
	Created   time.Time     `json:"created"` // the date of the letter
	State     DeliveryState `json:"state"`
	Attempt   int           `json:"attempt,omitempty"`
	Worker    string        `json:"worker,omitempty"`
	Changed   time.Time     `json:"changed"`
	Problems  []string      `json:"problems,omitempty"`
	Receipt   Receipt       `json:"receipt"`
}

// Receipt is what the other side said when it took the letter.
type Receipt struct {
	Reference string    `json:"reference,omitempty"` // queue id of the mail server, path of the file
	MessageID string    `json:"messageId,omitempty"`
	At        time.Time `json:"at,omitzero"`
}

// Ended tells whether nothing more will happen to the delivery.
func (d Delivery) Ended() bool {
	return d.State == Sent || d.State == Refused || d.State == Held
}

// DeliveryID is the id of a delivery: the same report to the same recipient by the same
// channel is one delivery, whatever batches ask for it; a higher revision is a new one.
func DeliveryID(channel, recipient, key string, revision int) string {
	return digest("delivery/1", channel, strings.ToLower(recipient), key, fmt.Sprint(revision))[:32]
}

// DeliveryIDs are the ids of the deliveries of a finished report.
func (i Item) DeliveryIDs(revision int) []string {
	if i.State != Done {
		return nil
	}
	out := make([]string, len(i.Recipients))
	for n, to := range i.Recipients {
		out[n] = DeliveryID(i.Channel, to, i.Key, revision)
	}
	return out
}

// deliveries are what the recipients of a finished report get: its PDF.
func (i Item) deliveries(j Job, tag string) []Delivery {
	pdf := letterFile(i.Files)
	now := time.Now().UTC()
	out := make([]Delivery, len(i.Recipients))
	for n, to := range i.Recipients {
		out[n] = Delivery{
			ID: DeliveryID(i.Channel, to, i.Key, j.Revision), Batch: i.Batch, Area: i.Area, Name: i.Name, Period: j.Period, Tag: tag,
			Recipient: to, Channel: i.Channel, Key: i.Key, File: i.Files[pdf], Created: now, State: Pending, Changed: now,
		}
	}
	return out
}

// letterFile is the place of the file that is sent: the PDF; -1 where there is none.
func letterFile(files []File) int {
	return slices.IndexFunc(files, func(f File) bool { return f.MediaType == "application/pdf" })
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

// Letter is what a channel delivers: one report to one recipient. It is a pure function of
// the delivery and the file, so that each attempt sends the same bytes.
type Letter struct {
	ID      string // of the delivery; the message id is made of it
	To      string
	Subject string
	Text    string
	Date    time.Time
	Attempt int
	File    generator.Artifact
}
