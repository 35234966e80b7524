package sheet

// merge is a range of cells shown as one: that at the first row and column.
type merge struct {
	first, last int // rows
	columns     span
	text        string // what it shows, once its first row was read
}

// grid hands over the rows of a worksheet with what merged cells show over them.
type grid struct {
	yield  func(Row, error) bool
	gone   []span  // hidden columns
	merges []merge // by first row
	active []merge
}

// hand hands over a row. What is stored under a merged cell nobody sees: it is left out.
func (g *grid) hand(row Row) bool {
	row.gone = g.gone
	for len(g.merges) > 0 && g.merges[0].first <= row.Line {
		m := g.merges[0]
		g.merges = g.merges[1:]
		if m.first == row.Line {
			m.text = row.Cell(m.columns.first - 1)
		}
		g.active = append(g.active, m)
	}
	var over []merge
	for _, m := range g.active {
		if m.last < row.Line {
			continue
		}
		over = append(over, m)
		for c := m.columns.first; c <= min(m.columns.last, len(row.Cells)); c++ {
			if row.Line != m.first || c != m.columns.first {
				row.Cells[c-1], row.marks[c-1] = "", mark{}
			}
		}
	}
	row.over, g.active = over, over
	return g.yield(row, nil)
}

// covered finds the merged cell that covers another.
func (r Row) covered(i int) (merge, bool) {
	for _, m := range r.over {
		if m.columns.first <= i+1 && i+1 <= m.columns.last && (r.Line != m.first || i+1 != m.columns.first) {
			return m, true
		}
	}
	return merge{}, false
}
