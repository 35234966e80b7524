package layout

import (
	"math"

	"github.com/raportjst/raportjst/generator/fault"
)

// room is the height of a page's content.
const room = bottom - top

// span is the slugs of one chapter that stand together on a page.
type span struct {
	chapter  *chapterSlugs
	from, to int
	head     float64 // height of a repeated table head above the first slug
	space    float64 // above, where a chapter follows another on the page
}

// paginate chooses the pages of all chapters. A chapter begins a page; one that may follow
// another stands below it where it fits whole, and so do short chapters of the end matter.
func paginate(chapters []*chapterSlugs) ([][]span, error) {
	var pages [][]span
	filled := 0.0 // height used on the last page
	shared := false
	for _, ch := range chapters {
		if len(ch.slugs) == 0 {
			continue
		}
		wanted, _ := heights(ch.slugs)
		if (ch.follow || shared && ch.end) && len(pages) > 0 && filled+chapterSpace+wanted <= room {
			last := len(pages) - 1
			pages[last] = append(pages[last], span{chapter: ch, to: len(ch.slugs), space: chapterSpace})
			filled += chapterSpace + wanted
			continue
		}
		spans, err := breakPages(ch)
		if err != nil {
			return nil, err
		}
		for _, s := range spans {
			pages = append(pages, []span{s})
		}
		last := spans[len(spans)-1]
		filled, _ = heights(ch.slugs[last.from:last.to])
		filled, shared = filled+last.head, ch.end
	}
	return pages, nil
}

// chapterSpace is the space above a chapter that begins in the middle of a page.
const chapterSpace = 35

// The costs of a page (its fault is their sum). A page that is left half empty costs as
// much as a table broken in two; squeezing is better than either.
const (
	costPage     = 30
	costHole     = 120 // times the square of the part of the page that stays empty
	costSpaces   = 4   // all spaces squeezed
	costCharts   = 15  // all charts squeezed as well
	costWidow    = 25  // a last page with next to nothing
	costNever    = 1e6
	costOverfull = 1e9
)

var breakCosts = [...]float64{free: 0, withinText: 12, withinBox: 18, withinRows: 14, withinFew: 45, never: costNever}

// breakPages divides a chapter so that the pages together cost least (Knuth and Plass's way
// with lines, done with pages). The work is linear in the number of slugs: a page holds
// only so many.
func breakPages(ch *chapterSlugs) ([]span, error) {
	s := ch.slugs
	n := len(s)
	best := make([]float64, n+1)
	from := make([]int32, n+1)
	for i := range best {
		best[i] = math.Inf(1)
	}
	best[0] = 0
	for i := range n {
		if math.IsInf(best[i], 1) {
			continue
		}
		head := repeatedHead(s, i)
		wanted, least, give := head, head, 0.0
		for j := i; j < n; j++ {
			wanted += s[j].height
			least += s[j].least
			if j > i {
				wanted += s[j].space
				least += s[j].tight
				give += s[j].space - s[j].tight
			}
			cost := best[i] + pageCost(wanted, least, give, j+1 == n, i == 0)
			if j+1 < n {
				cost += breakCosts[s[j+1].rule]
			}
			if least > room+1e-6 {
				if j > i {
					break
				}
				cost += costOverfull
			}
			if cost < best[j+1] {
				best[j+1], from[j+1] = cost, int32(i)
			}
		}
	}
	if best[n] >= costOverfull {
		return nil, &fault.Fault{
			Where: "rozdział „" + ch.short + "”", What: "jeden z elementów jest wyższy niż strona",
			Hint: "skróć tytuł, tekst karty albo uwagę, która nie może być podzielona",
		}
	}
	var out []span
	for j := n; j > 0; j = int(from[j]) {
		i := int(from[j])
		out = append(out, span{chapter: ch, from: i, to: j, head: repeatedHead(s, i)})
	}
	for a, b := 0, len(out)-1; a < b; a, b = a+1, b-1 {
		out[a], out[b] = out[b], out[a]
	}
	return out, nil
}

// pageCost judges a page by its heights as wanted and at least, and the part of the
// difference that spaces give.
func pageCost(wanted, least, give float64, last, only bool) float64 {
	cost := float64(costPage)
	if wanted > room {
		excess := wanted - room
		if give > 0 {
			cost += costSpaces * min(1, excess/give)
		}
		if charts := wanted - give - least; excess > give && charts > 0 {
			cost += costCharts * (excess - give) / charts
		}
		return cost
	}
	hole := (room - wanted) / room
	switch {
	case !last:
		cost += costHole * hole * hole
	case !only && hole > 0.85:
		cost += costWidow
	}
	return cost
}

// repeatedHead is the height of what is repeated above slug i when a page begins with it.
func repeatedHead(s []slug, i int) float64 {
	if i == 0 || s[i].table == nil || s[i-1].table != s[i].table {
		return 0
	}
	h := s[i].table.continued()
	if g := s[i].group; g != nil && s[i-1].group == g {
		h += g.height()
	}
	return h
}

// locate finds the page of every anchor; the cover is page 0.
func locate(pages [][]span) map[string]int {
	at := map[string]int{}
	var walk func(slugs []slug, page int)
	walk = func(slugs []slug, page int) {
		for i := range slugs {
			if a := slugs[i].anchor; a != "" {
				at[a] = page
			}
			if q, ok := slugs[i].content.(*pair); ok {
				walk(q.left.slugs, page)
				walk(q.right.slugs, page)
			}
		}
	}
	for n, spans := range pages {
		for _, s := range spans {
			walk(s.chapter.slugs[s.from:s.to], n+1)
		}
	}
	return at
}
