package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker"
)

const (
	quiet = 15 * time.Second       // after which a stream says that it is alive
	calm  = 700 * time.Millisecond // between two events
)

// event is what a page that is open is told: what changes on it at once. The rows it asks for.
type event struct {
	State string `json:"state"`
	Ended int    `json:"ended"`
	Total int    `json:"total"`
}

// changes is a stream of events (server-sent events): "zmiana" when something has changed,
// "koniec" when the order is over.
func (p *Portal) changes(w http.ResponseWriter, r *http.Request) error {
	select {
	case p.events <- struct{}{}:
		defer func() { <-p.events }()
	default:
		return failure{status: http.StatusServiceUnavailable, Fault: &fault.Fault{What: "Zbyt wiele osób ogląda postęp.", Hint: "Odśwież stronę za chwilę."}}
	}
	ctx, id := r.Context(), r.PathValue("id")
	b, err := p.Ledger.FindBatch(ctx, id)
	if err != nil {
		return err
	}
	tallies, err := p.Ledger.Follow(ctx, id)
	if err != nil {
		return err
	}
	stream := http.NewResponseController(w)
	if err := stream.SetWriteDeadline(time.Time{}); err != nil {
		return fmt.Errorf("open stream: %w", err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	say := func(text string) error {
		if _, err := fmt.Fprint(w, text); err != nil {
			return err
		}
		return stream.Flush()
	}
	for text := ":\n\n"; ; {
		if err := say(text); err != nil {
			return nil // the reader has gone, or the browser opens another stream
		}
		select {
		case t, open := <-tallies:
			if !open {
				return nil
			}
			if text = told(b, t); t.Over() {
				return say(text)
			}
			select { // changes that follow at once are one
			case <-ctx.Done():
				return nil
			case <-time.After(calm):
			}
		case <-time.After(quiet):
			text = ":\n\n"
		}
	}
}

// told is an event as it is sent.
func told(b worker.Batch, t worker.Tally) string {
	name := "zmiana"
	if t.Over() {
		name = "koniec"
	}
	body, err := json.Marshal(event{State: sentence(b, t), Ended: t.Ended(), Total: t.Total})
	if err != nil {
		panic(err) // plain fields cannot fail
	}
	return "event: " + name + "\ndata: " + string(body) + "\n\n"
}
