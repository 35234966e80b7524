package gusapi

import "github.com/raportjst/raportjst/generator/source"

// Warnings counts warnings of a kind, so that each is given once.
type Warnings struct {
	order []place
	count map[place]int
}

type place struct{ where, what string }

// Add counts n cases of a warning.
func (w *Warnings) Add(where, what string, n int) {
	if n <= 0 {
		return
	}
	if w.count == nil {
		w.count = map[place]int{}
	}
	k := place{where, what}
	if w.count[k] == 0 {
		w.order = append(w.order, k)
	}
	w.count[k] += n
}

// Give hands the warnings over in the order in which they first came, and forgets them.
func (w *Warnings) Give(to func(source.Warning)) {
	for _, k := range w.order {
		if to != nil {
			to(source.Warning{Where: k.where, What: k.what, Count: w.count[k]})
		}
	}
	*w = Warnings{}
}
