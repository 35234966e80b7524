package layout

import "slices"

// sheets puts together the pages that were chosen.
func (s *stream) sheets() []sheet {
	var pages []sheet
	for k := s.end(); k >= 0 && s.nodes[k].before >= 0; k = s.nodes[k].before {
		to := s.nodes[k]
		from := s.nodes[to.before]
		pages = append(pages, s.sheet(from, to))
		if from.waits >= 0 {
			s.move(from.waits, int(from.at))
		}
	}
	slices.Reverse(pages)
	return pages
}

func (s *stream) sheet(from, to node) sheet {
	out := sheet{short: s.chapterOf(min(int(from.at), len(s.slugs)-1)).short}
	if from.waits >= 0 {
		b := s.blocks[from.waits]
		out.slugs = append(out.slugs, s.slugs[b.from:b.to]...)
		out.short = s.chapterOf(b.from).short
	}
	for i := int(from.at); i < int(to.at); {
		if to.skips >= 0 && i == s.blocks[to.skips].from {
			i = s.blocks[to.skips].to
			continue
		}
		v := s.slugs[i]
		if v.run == 0 {
			if len(out.slugs) == 0 {
				out.slugs = s.column(out.slugs, i, i+1)
			} else {
				out.slugs = append(out.slugs, v)
			}
			i++
			continue
		}
		end := i + 1
		for end < int(to.at) && s.slugs[end].run == v.run {
			end++
		}
		b := s.balance(i, end)
		l, r := &flow{slugs: s.column(nil, i, b.second)}, &flow{slugs: s.column(nil, b.second, end)}
		piece := beside(l, r, half+gutter)
		piece.height = max(piece.height, b.height)
		piece.least = piece.height
		piece.space, piece.tight = v.space, v.space
		out.slugs = append(out.slugs, piece)
		i = end
	}
	return out
}

// column is slugs that begin a page or column, under the head that goes on.
func (s *stream) column(out []slug, from, to int) []slug {
	if from == to {
		return out
	}
	at := len(out)
	if h := repeatedHead(s.slugs, from); h > 0 {
		first := &s.slugs[from]
		g := s.slugs[from-1].group
		out = append(out, slug{height: h, least: h, x: first.x, content: &again{first, first.group != nil && g == first.group}})
		at++
	}
	out = append(out, s.slugs[from:to]...)
	out[at].space, out[at].tight = 0, 0
	return out
}

// again is the head of a table that goes on.
type again struct {
	first   *slug
	grouped bool
}

func (a *again) set(p *press, x, y, _ float64) { p.repeat(a.first, x-a.first.x, y, a.grouped) }

// move puts the elements of a picture after those of the blocks that stand before it.
func (s *stream) move(k int32, at int) {
	b := &s.blocks[k]
	last := b.kids[1]
	for m := int(k) + 1; m < len(s.blocks) && s.blocks[m].from < at; m++ {
		last = s.blocks[m].kids[1]
	}
	kids := b.parent.Kids[b.kids[0]:last]
	n := b.kids[1] - b.kids[0]
	copy(kids, append(slices.Clone(kids[n:]), kids[:n]...))
}

// locate finds the page of every anchor; the cover is page 0.
func locate(pages []sheet) map[string]int {
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
	for n := range pages {
		walk(pages[n].slugs, n+1)
	}
	return at
}
