package campaign_test

import (
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/campaign"
)

// delivery is an earlier letter of the campaign.
func delivery(to, own, content, state string, at int) worker.Delivery {
	return worker.Delivery{
		Campaign: "c", Area: "981001", Period: 2025, Channel: "smtp", Recipient: to, Own: own, Content: content,
		Key: own, State: worker.DeliveryState(state), Changed: time.Unix(int64(at), 0),
	}
}

// TestLook holds what would be sent against what was: nothing twice, a change of the unit's own
// figures always, a change of the comparison alone only on purpose.
func TestLook(t *testing.T) {
	view := worker.View{
		Batch: worker.Batch{Spec: worker.Spec{Period: 2025}},
		Items: []worker.Item{{Area: "981001", Name: "Lipnica", State: worker.Done, Own: "o2", Content: "w2", Key: "k", Files: []worker.File{{Name: "a.pdf", MediaType: "application/pdf", Size: 7}}}, {Area: "981002", State: worker.Failed}},
	}
	list := []worker.Member{{Area: "981001", Recipients: []string{"a@example.org"}}, {Area: "981002", Recipients: []string{"b@example.org"}}}
	for name, c := range map[string]struct {
		earlier        []worker.Delivery
		compared       bool
		want           campaign.Change
		send           bool
		resendsRefused int
	}{
		"nothing was sent":             {nil, false, campaign.New, true, 0},
		"the same was sent":            {[]worker.Delivery{delivery("a@example.org", "o2", "w2", "sent", 1)}, false, campaign.Unchanged, false, 0},
		"in another case of letters":   {[]worker.Delivery{delivery("A@Example.org", "o2", "w2", "sent", 1)}, false, campaign.Unchanged, false, 0},
		"own figures have changed":     {[]worker.Delivery{delivery("a@example.org", "o1", "w1", "sent", 1)}, false, campaign.Own, true, 0},
		"others have changed":          {[]worker.Delivery{delivery("a@example.org", "o2", "w1", "sent", 1)}, false, campaign.Comparison, false, 0},
		"others have, and it is asked": {[]worker.Delivery{delivery("a@example.org", "o2", "w1", "sent", 1)}, true, campaign.Comparison, true, 0},
		"of the first release":         {[]worker.Delivery{delivery("a@example.org", "", "w1", "sent", 1)}, false, campaign.Unknown, false, 0},
		"it was withdrawn":             {[]worker.Delivery{delivery("a@example.org", "o2", "w2", "withdrawn", 1)}, false, campaign.New, true, 0},
		"it was refused":               {[]worker.Delivery{delivery("a@example.org", "o2", "w2", "refused", 1)}, false, campaign.Unchanged, false, 1},
		"back to what was sent first":  {[]worker.Delivery{delivery("a@example.org", "o2", "w2", "sent", 1), delivery("a@example.org", "o1", "w1", "sent", 2)}, false, campaign.Unchanged, false, 0},
		"another address was refused":  {[]worker.Delivery{delivery("stary@example.org", "o1", "w1", "refused", 1)}, false, campaign.New, true, 1},
		"by another channel": {[]worker.Delivery{func() worker.Delivery {
			d := delivery("a@example.org", "o2", "w2", "sent", 1)
			d.Channel = "outbox"
			return d
		}()}, false, campaign.New, true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			r := campaign.Look(campaign.Campaign{ID: "c", Compared: c.compared}, list, view, "smtp", c.earlier, func(string) *document.Said { return nil })
			if len(r.Lines) != 1 || r.Lines[0].Change != c.want || r.Lines[0].Send != c.send || len(r.Failed) != 1 {
				t.Errorf("%+v", r)
			}
			again := &worker.Resend{States: []worker.DeliveryState{worker.Refused}, Mark: "m"}
			if got := len(r.Again(again)); got != c.resendsRefused {
				t.Errorf("a repetition of the refused sends %d, want %d", got, c.resendsRefused)
			}
			other := campaign.Look(campaign.Campaign{ID: "c", Compared: c.compared}, list, view, "outbox", c.earlier, func(string) *document.Said { return nil })
			if other.Digest == r.Digest {
				t.Error("by another channel the digest is the same")
			}
		})
	}
}
