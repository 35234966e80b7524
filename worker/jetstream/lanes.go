package jetstream

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/raportjst/raportjst/worker"
)

// Bulk orders share the workers. A small one, such as all gminas of a powiat, has a class of
// its own that goes before the large ones, within bounds; each large one waits in a lane, the
// emptiest when it was placed, and the lanes take turns. So an order of 20 does not wait for
// the whole country, and two orders of the country come on together.

const (
	// smallOrder is the most reports of a small order.
	smallOrder = 50
	// smallTurns is every how many picks a lane goes before the small orders.
	smallTurns = 4
)

// classes are what is asked for jobs, in order of precedence: somebody waits, small orders,
// lanes.
var classes = []worker.Class{worker.Interactive, worker.Small, worker.Bulk, "bulk-2", "bulk-3", "bulk-4"}

// lanes are the classes of large orders.
var lanes = classes[2:]

// precedence is the order in which the classes are asked at the nth pick: it gives everybody
// a turn. served is the pick at which each was served last; of the lanes the one that has
// waited longest goes first.
func precedence(pick uint64, served []atomic.Uint64) []int {
	bulk := []int{}
	for i := range lanes {
		bulk = append(bulk, len(classes)-len(lanes)+i)
	}
	slices.SortStableFunc(bulk, func(a, b int) int { return cmp.Compare(served[a].Load(), served[b].Load()) })
	if pick%smallTurns != 0 {
		bulk = append([]int{1}, bulk...)
	} else {
		bulk = append(bulk, 1)
	}
	if pick%turn == 0 { // a flood of interactive jobs does not starve the bulk
		return append(bulk, 0)
	}
	return append([]int{0}, bulk...)
}

// lane is the class that a new order waits in.
func (b *Broker) lane(ctx context.Context, batch worker.Batch) (worker.Class, error) {
	switch {
	case batch.Class != worker.Bulk || batch.Rendering == 0: // workers of the first release know no other
		return batch.Class, nil
	case batch.Size <= smallOrder:
		return worker.Small, nil
	}
	info, err := b.subjects(ctx, b.render, renderPrefix+">")
	if err != nil {
		return "", err
	}
	waiting := map[worker.Class]int{}
	for subject := range info.State.Subjects {
		for _, part := range strings.Split(subject, ".") {
			waiting[worker.Class(part)]++ // whichever part names the class
		}
	}
	least := lanes[0]
	for _, l := range lanes {
		if waiting[l] < waiting[least] {
			least = l
		}
	}
	return least, nil
}
