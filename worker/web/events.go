package web

import (
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

// changes is a stream of events (server-sent events): "zmiana" when something has changed,
// "koniec" when the order is over. What has changed is read from the page.
func (p *Portal) changes(w http.ResponseWriter, r *http.Request) error {
	select {
	case p.events <- struct{}{}:
		defer func() { <-p.events }()
	default:
		return failure{http.StatusServiceUnavailable, &fault.Fault{What: "Zbyt wiele osób ogląda postęp.", Hint: "Odśwież stronę za chwilę."}}
	}
	ctx, id := r.Context(), r.PathValue("id")
	if _, _, err := p.Ledger.Batch(ctx, id); err != nil {
		return err
	}
	changed, err := p.Ledger.Watch(ctx, id)
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
	// What was changed before the watch began is told at once.
	for text := "event: zmiana\ndata:\n\n"; ; {
		over, err := p.over(r, id)
		if err != nil {
			return nil // the stream breaks off, and the browser opens another
		}
		if over {
			return say("event: koniec\ndata:\n\n")
		}
		if err := say(text); err != nil {
			return nil
		}
		select {
		case _, open := <-changed:
			if !open {
				return nil
			}
			text = "event: zmiana\ndata:\n\n"
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

// over tells whether nothing more will happen to an order.
func (p *Portal) over(r *http.Request, id string) (bool, error) {
	b, items, err := p.Ledger.Batch(r.Context(), id)
	if err != nil {
		return false, err
	}
	if t := worker.Count(b, items, nil); t.Ended() < t.Total {
		return false, nil
	}
	deliveries, err := p.Ledger.Deliveries(r.Context(), b, items)
	if err != nil {
		return false, err
	}
	return worker.Count(b, items, deliveries).Over(), nil
}
