package layout

import "github.com/raportjst/raportjst/generator/fault"

// room is the height of a page's content.
const room = bottom - top

// sheet is what stands on a page.
type sheet struct {
	short string // of the running head: the chapter that the page begins with
	slugs []slug
}

// chapterSpace is the space above a chapter that begins in the middle of a page.
const chapterSpace, chapterTight = 35, 22.5

// paginate chooses the pages of all chapters: they run on, and only one that begins a page
// ends the page before it wherever it is full. Blocks that a picture waits for change their
// places in the structure as well.
func paginate(chapters []*chapterSlugs) ([]sheet, error) {
	var pages []sheet
	for len(chapters) > 0 {
		n := 1
		for n < len(chapters) && !chapters[n].begins {
			n++
		}
		s := streamOf(chapters[:n])
		if err := s.choose(); err != nil {
			return nil, err
		}
		pages = append(pages, s.sheets()...)
		chapters = chapters[n:]
	}
	return pages, nil
}

// stream is the slugs of chapters that run on.
type stream struct {
	chapters []*chapterSlugs
	slugs    []slug
	first    []int     // slug of each chapter
	blocks   []stretch // of all chapters
	begins   []int32   // by slug: the block that may wait and begins there, or -1
	sums     []float64 // of spaces and heights of the slugs before
	nodes    []node
	at       [][]int32 // by slug: the nodes before which pages end there
}

// node is the best way to have set everything before a slug, one picture waiting or none.
type node struct {
	at, waits int32 // waits: a block, or -1
	skips     int32 // the block that was left out on the page, or -1
	before    int32 // the node at which the page begins; -1: there is none
	cost      float64
}

// stretch is the slugs of a block, and its elements.
type stretch struct {
	from, to int // slugs
	parent   *Element
	kids     [2]int
	figure   bool
	waits    bool // a figure that may wait for a page that has room for it
}

func streamOf(chapters []*chapterSlugs) *stream {
	s := &stream{chapters: chapters}
	n := 0
	for _, ch := range chapters {
		n += len(ch.slugs)
	}
	s.slugs = make([]slug, 0, n)
	for i, ch := range chapters {
		at := len(s.slugs)
		s.first = append(s.first, at)
		s.slugs = append(s.slugs, ch.slugs...)
		if i > 0 && len(ch.slugs) > 0 {
			first := &s.slugs[at]
			first.space, first.tight = chapterSpace, chapterTight
			if chapters[i-1].whole {
				first.rule = afterWhole
			}
		}
		for k := at + 1; ch.whole && k < len(s.slugs); k++ {
			if s.slugs[k].rule != never {
				s.slugs[k].rule = withinWhole
			}
		}
		for _, b := range ch.blocks {
			b.from, b.to = b.from+at, b.to+at
			if b.waits && b.from < b.to {
				_, least := heights(s.slugs[b.from:b.to])
				b.waits = !ch.whole && !ch.begins && least <= room
			}
			s.blocks = append(s.blocks, b)
		}
	}
	s.begins = make([]int32, n)
	for i := range s.begins {
		s.begins[i] = -1
	}
	for k, b := range s.blocks {
		if b.waits && b.from < b.to {
			s.begins[b.from] = int32(k)
		}
	}
	s.sums = make([]float64, n+1)
	for i := range s.slugs {
		s.sums[i+1] = s.sums[i] + s.slugs[i].space + s.slugs[i].height
	}
	return s
}

// The costs of a page (its fault is their sum). A page that is left half empty costs as
// much as a table broken in two; squeezing is better than either. More than a quarter of a
// page is left empty only where nothing else can be done.
const (
	costPage     = 30
	costHole     = 120 // times the square of the part of the page that stays empty
	costGap      = 250 // more than mostEmpty of it
	costSpaces   = 4   // all spaces squeezed
	costCharts   = 15  // all charts squeezed as well
	costWidow    = 25  // a last page with next to nothing
	costWait     = 8   // a picture that waits
	costNever    = 1e6
	costOverfull = 1e9

	mostEmpty = 0.24
)

var breakCosts = [...]float64{
	free: 0, withinText: 12, withinBox: 18, withinRows: 14, withinFew: 45, afterWhole: -60, withinWhole: 900, never: costNever,
}

// choose divides the slugs so that the pages together cost least (Knuth and Plass's way
// with lines, done with pages). The work is linear in the number of slugs: a page holds
// only so many.
func (s *stream) choose() error {
	n := len(s.slugs)
	s.at = make([][]int32, n+1)
	s.nodes = append(s.nodes, node{waits: -1, skips: -1, before: -1})
	s.at[0] = append(s.at[0], 0)
	for i := range n {
		for _, k := range s.at[i] {
			s.fill(k)
		}
	}
	for _, k := range s.at[n] { // a picture that waits at the very end has a page of its own
		if d := s.nodes[k].waits; d >= 0 {
			f := filling{page: s, from: k}
			f.picture(d)
			s.reach(n, -1, -1, k, f.cost(true, false))
		}
	}
	if k := s.end(); k < 0 || s.nodes[k].cost >= costOverfull {
		return &fault.Fault{
			Where: "rozdział „" + s.overfull() + "”", What: "jeden z elementów jest wyższy niż strona",
			Hint: "skróć tytuł, tekst karty albo uwagę, która nie może być podzielona",
		}
	}
	return nil
}

// end is the node with which everything is set; -1 where there is none.
func (s *stream) end() int32 {
	for _, k := range s.at[len(s.slugs)] {
		if s.nodes[k].waits < 0 {
			return k
		}
	}
	return -1
}

// overfull is the chapter of the first slug that no page holds.
func (s *stream) overfull() string {
	for i := range s.slugs {
		least := s.slugs[i].least
		for k := i + 1; k < len(s.slugs) && s.slugs[k].rule == never; k++ {
			least += s.slugs[k].tight + s.slugs[k].least
		}
		if least > room {
			return s.chapterOf(i).short
		}
	}
	return s.chapters[0].short
}

func (s *stream) chapterOf(at int) *chapterSlugs {
	k := len(s.first) - 1
	for k > 0 && s.first[k] > at {
		k--
	}
	return s.chapters[k]
}

// reach notes a way to end a page before slug at.
func (s *stream) reach(at int, waits, skips, before int32, cost float64) {
	cost += s.nodes[before].cost
	for _, k := range s.at[at] {
		if o := &s.nodes[k]; o.waits == waits {
			if cost < o.cost {
				*o = node{at: int32(at), waits: waits, skips: skips, before: before, cost: cost}
			}
			return
		}
	}
	s.at[at] = append(s.at[at], int32(len(s.nodes)))
	s.nodes = append(s.nodes, node{at: int32(at), waits: waits, skips: skips, before: before, cost: cost})
}

// filling is a page being filled: its height as wanted and at least, and the part of the
// difference that spaces give.
type filling struct {
	page                *stream
	from                int32 // the node at which it begins
	slugs               int
	wanted, least, give float64
	run                 int32 // the run of columns at its end
	start               int   // its first slug on the page
	above, leastAbove   float64
}

func (f *filling) cost(last, only bool) float64 {
	return pageCost(f.wanted, f.least, f.give, last, only)
}

// picture puts a block that waited on top.
func (f *filling) picture(d int32) {
	for i := f.page.blocks[d].from; i < f.page.blocks[d].to; i++ {
		f.add(i)
	}
}

// add puts slug i below the others.
func (f *filling) add(i int) {
	v := &f.page.slugs[i]
	if v.run != 0 {
		if f.run != v.run {
			f.run, f.start, f.above, f.leastAbove = v.run, i, f.wanted, f.least
			if f.slugs > 0 {
				f.above, f.leastAbove = f.above+v.space, f.leastAbove+v.space
			}
		}
		h := f.page.balance(f.start, i+1).height
		f.wanted, f.least = f.above+h, f.leastAbove+h
		f.slugs++
		return
	}
	f.run = 0
	if f.slugs == 0 {
		head := repeatedHead(f.page.slugs, i)
		f.wanted, f.least = f.wanted+head, f.least+head
	} else {
		f.wanted += v.space
		f.least += v.tight
		f.give += v.space - v.tight
	}
	f.wanted += v.height
	f.least += v.least
	f.slugs++
}

// over reports a page that holds more than it can.
func (f *filling) over() bool { return f.least > room+1e-6 }

// fill tries all pages that begin at a node.
func (s *stream) fill(from int32) {
	b := s.nodes[from]
	f := filling{page: s, from: from}
	if b.waits >= 0 {
		f.picture(b.waits)
	}
	n := len(s.slugs)
	for j := int(b.at); j < n; j++ {
		if k := s.begins[j]; k >= 0 && f.slugs > 0 {
			s.skip(f, k)
		}
		f.add(j)
		extra := 0.0
		if f.over() {
			if f.slugs > 1 {
				return
			}
			extra = costOverfull
		}
		s.reach(j+1, -1, -1, from, f.cost(j+1 == n, b.at == 0)+s.broken(j+1)+extra)
	}
}

// broken is the cost of a page that ends before a slug.
func (s *stream) broken(at int) float64 {
	if at == len(s.slugs) {
		return 0
	}
	return breakCosts[s.slugs[at].rule]
}

// skip goes on filling a page with what comes after a picture, which waits for the next page.
// Only tables and texts of the same section may stand before it: the order of figures stays.
func (s *stream) skip(f filling, k int32) {
	parent := s.blocks[k].parent
	at := s.blocks[k].to
	for m := int(k) + 1; m < len(s.blocks); m++ {
		b := &s.blocks[m]
		if b.parent != parent || b.from != at || b.figure {
			return
		}
		for i := b.from; i < b.to; i++ {
			f.add(i)
		}
		if f.over() {
			return
		}
		at = b.to
		s.reach(at, k, k, f.from, f.cost(false, false)+costWait)
	}
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
		if hole > mostEmpty {
			cost += costGap * (1 + hole)
		}
	case !only && hole > 0.85:
		cost += costWidow
	}
	return cost
}

// repeatedHead is the height of what is repeated above slug i when a page or column begins
// with it.
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

// balanced is a run of slugs in two columns: where the second begins, and the height.
type balanced struct {
	second int
	height float64
}

// tall is the height of a column of slugs.
func (s *stream) tall(from, to int) float64 {
	if from == to {
		return 0
	}
	return repeatedHead(s.slugs, from) + s.sums[to] - s.sums[from] - s.slugs[from].space
}

// balance divides slugs between two columns so that the higher one is as low as can be.
func (s *stream) balance(from, to int) balanced {
	best := balanced{to, s.tall(from, to)}
	low, high := from+1, to
	for low < high { // the first place from which the left column is the higher one
		if m := (low + high) / 2; s.tall(from, m) < s.tall(m, to) {
			low = m + 1
		} else {
			high = m
		}
	}
	try := func(k int) bool {
		if k <= from || k >= to || s.slugs[k].rule == never {
			return false
		}
		if h := max(s.tall(from, k), s.tall(k, to)); h < best.height {
			best = balanced{k, h}
		}
		return true
	}
	for k := low; k < to && !try(k); {
		k++
	}
	for k := low - 1; k > from && !try(k); {
		k--
	}
	return best
}
