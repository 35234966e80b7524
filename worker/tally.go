package worker

// Tally is how far a batch has come. It is counted from the records, never kept: what
// happens twice counts once.
type Tally struct {
	Total     int `json:"total"`
	Queued    int `json:"queued"`
	Waiting   int `json:"waiting,omitempty"` // of them: for something, such as a store that is away
	Running   int `json:"running"`
	Done      int `json:"done"`
	Failed    int `json:"failed"`
	Cancelled int `json:"cancelled,omitempty"`
	Missing   int `json:"missing,omitempty"` // ordered, but not written into the ledger yet

	Letters int `json:"letters"` // that finished reports have to be sent in
	Sent    int `json:"sent"`
	Earlier int `json:"earlier,omitempty"` // of them: sent for another order
	Refused int `json:"refused"`
	Held    int `json:"held"`
	Expired int `json:"expired,omitempty"`

	Withdrawn int `json:"withdrawn,omitempty"`
}

// Count counts the items and the deliveries of a batch.
func Count(b Batch, items []Item, deliveries []Delivery) Tally {
	t := Tally{Total: b.Size, Missing: max(b.Size-len(items), 0)}
	states := map[State]*int{Queued: &t.Queued, Running: &t.Running, Done: &t.Done, Failed: &t.Failed, Cancelled: &t.Cancelled}
	for _, i := range items {
		if n := states[i.State]; n != nil {
			*n++
		}
		if i.State == Queued && i.Why != "" {
			t.Waiting++
		}
		switch {
		case i.State == Done:
			t.Letters += len(i.DeliveryIDs(b))
		case i.State != Failed && i.State != Cancelled && b.Resend == nil:
			t.Letters += len(i.Recipients)
		}
	}
	ends := map[DeliveryState]*int{Sent: &t.Sent, Refused: &t.Refused, Held: &t.Held, Expired: &t.Expired, Withdrawn: &t.Withdrawn}
	for _, d := range deliveries {
		if d.State == Sent && d.Batch != b.ID {
			t.Earlier++
		}
		if n := ends[d.State]; n != nil {
			*n++
		}
	}
	return t
}

// Ended is how many reports have ended, well or not.
func (t Tally) Ended() int { return t.Done + t.Failed + t.Cancelled }

// Over tells whether nothing more will happen.
func (t Tally) Over() bool {
	return t.Ended() == t.Total && t.Sent+t.Refused+t.Held+t.Expired+t.Withdrawn == t.Letters
}

// View is a batch with everything in it, at one moment.
type View struct {
	Batch      Batch
	Items      []Item // in order of area
	Deliveries []Delivery
	Tally      Tally
}
