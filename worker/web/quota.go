package web

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
)

// room is what is known of the store's: how much it held when it was measured, and how many reports
// were ordered since.
type room struct {
	mu       sync.Mutex
	used     int64
	measured time.Time
	ordered  int
}

const (
	roomFor     = time.Minute
	roomWait    = 20 * time.Second
	reportBytes = 1 << 20 // that a report takes, amply
)

// fits refuses an order of so many reports that the store has no room for. Where the store cannot be
// measured, the last measure counts: an order is made when it is there again.
func (p *Portal) fits(ctx context.Context, reports int) error {
	if p.Quota <= 0 || p.Used == nil {
		return nil
	}
	p.room.mu.Lock()
	defer p.room.mu.Unlock()
	if p.Now().Sub(p.room.measured) > roomFor {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), roomWait)
		defer cancel()
		used, err := p.Used(ctx)
		if err != nil {
			p.Log.Warn("the store cannot be measured", "error", err)
		} else {
			p.room.used, p.room.ordered = used, 0
		}
		p.room.measured = p.Now()
	}
	if p.room.used+int64(p.room.ordered+reports)*reportBytes > p.Quota {
		p.Log.Warn("an order does not fit into the quota of the store", "used", p.room.used, "ordered", p.room.ordered, "reports", reports, "quota", p.Quota)
		return failure{status: http.StatusInsufficientStorage, Fault: &fault.Fault{What: "W magazynie portalu nie ma już miejsca na nowe załączniki. Niczego nie zamówiono.", Hint: "Pobierz załącznik, który już jest, ze strony jednostki, usuń swoje niepotrzebne zamówienia albo poproś administratora: usuwa on stare pliki poleceniem „raportjst prune” i podnosi ograniczenie ustawieniem --quota."}}
	}
	p.room.ordered += reports
	return nil
}
