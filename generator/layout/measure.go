package layout

import (
	"math"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
)

// Column widths.
const (
	digit = textWidth / (document.LineRoom + 0.4) // of a character of a number, with its share of the space between columns

	figuresGap = 10      // least space between two numbers of a row: more than between their groups of digits
	numberGap  = 6       // least space before another number's column
	headGap    = 6       // least space before the head of a number's column
	headOver   = 10      // how far such a head may stand over the empty end of a strip
	textGap    = 8       // space after a text
	leastText  = 26 * mm // a text column gives way down to this
	widestWord = 40 * mm // longer words are broken
	numberRoom = 13 * mm // a number column whose width is not given
	longName   = 4       // lines that a name may take before numbers make room for it
)

// measure finds the columns' widths: as given, never less than the numbers need, what is
// left shared among texts. Where the numbers need more than the page has, it returns
// several sets of columns of nearly one number, each with the row headers.
func (c *composer) measure(t *document.Table, width float64) [][]column {
	all := make([]column, len(t.Columns))
	for i := range t.Columns {
		all[i] = column{Column: &t.Columns[i], index: i}
		c.need(t, &all[i])
	}
	heads := min(t.RowHeaders, len(all)-1)
	taken := 0.0
	for i := range heads {
		taken += all[i].least
	}
	most := len(all) // columns of a part
	if n := fitting(all[heads:], width-taken, most); n > 1 {
		for each := (len(all) - heads + n - 1) / n; each > 0; each-- {
			most = each
			if fitting(all[heads:], width-taken, each) <= (len(all)-heads+each-1)/each {
				break
			}
		}
	}
	var parts [][]column
	for rest := all[heads:]; ; {
		to := fill(rest, width-taken, most)
		part := append(append(make([]column, 0, heads+to), all[:heads]...), rest[:to]...)
		share(part, width)
		parts = append(parts, part)
		if rest = rest[to:]; len(rest) == 0 {
			return parts
		}
	}
}

// fill counts the columns, one at least, that fit into a width.
func fill(columns []column, width float64, most int) int {
	n, w := 0, 0.0
	for n < min(len(columns), most) && (n == 0 || w+columns[n].least <= width) {
		w += columns[n].least
		n++
	}
	return n
}

// fitting counts the parts into which columns fall.
func fitting(columns []column, width float64, most int) (parts int) {
	for ; len(columns) > 0; parts++ {
		columns = columns[fill(columns, width, most):]
	}
	return parts
}

// need finds the width below which the cells of a column cannot be set, and what its
// longest text would like.
func (c *composer) need(t *document.Table, k *column) {
	k.right = numeric(k.Kind)
	head := min(c.breaker.Widest(c.one(k.Head, headOwn)), widestWord)
	if k.Sub != "" {
		head = max(head, min(c.breaker.Widest(c.one(k.Sub, headOwn)), widestWord))
	}
	before := document.TextColumn
	if k.index > 0 {
		before = t.Columns[k.index-1].Kind
	}
	switch {
	case k.Kind == document.SparkColumn:
		k.least = max(14*mm, head+headGap)
	case k.Kind == document.StripColumn:
		k.least = max(25*mm, head+headGap)
	case k.right:
		gap := float64(numberGap)
		if k.Kind == document.NumberColumn && before == document.NumberColumn {
			gap = figuresGap
		}
		if k.overhang = before == document.StripColumn; k.overhang {
			head -= headOver
		}
		k.least = max(c.widestNumber(t, k)+gap, head+headGap)
		k.wish = min(headText.Width(k.Head)/2+figuresGap, widestWord) // a long head in two lines
	case k.Kind == document.SignColumn:
		k.least = max(c.widestNumber(t, k), c.widestText(t, k), head) + textGap
	default:
		k.wish = max(c.widestText(t, k), head) + textGap
		k.least = max(c.widestNumber(t, k), head, min(leastText, k.wish-textGap)) + textGap
	}
}

// widestNumber measures the numbers of a column and decides whether their commas are
// aligned: where all are of one unit and their decimals differ. In a column of different
// indicators numbers end at its edge.
func (c *composer) widestNumber(t *document.Table, k *column) (widest float64) {
	whole, long, short := 0.0, 0.0, math.Inf(1)
	unit, mixed := "", false
	st := cellOwn
	if k.Own && t.Layout == document.StripTable {
		st = cellValue
	}
	for i := range t.Rows {
		if k.index >= len(t.Rows[i].Cells) {
			continue
		}
		v := &t.Rows[i].Cells[k.index]
		n := v.Number
		switch {
		case n != nil:
			w := st.Width(n.Text)
			widest = max(widest, w)
			if !n.Present {
				continue
			}
			d := decimals(n.Text, st)
			whole, long, short = max(whole, w-d), max(long, d), min(short, d)
			if unit == "" {
				unit = n.Unit
			}
			mixed = mixed || n.Unit != unit || n.Unit == ""
		case k.right:
			widest = max(widest, min(c.breaker.Widest(c.runs(v.Text, st, &c.spare)), widestWord))
			c.spare.Kids = nil
		}
	}
	if k.right && !mixed && short < long {
		k.frac = long
		widest = max(widest, whole+long)
	}
	return widest
}

// widestText is the width of a column's longest text, set in one line.
func (c *composer) widestText(t *document.Table, k *column) (w float64) {
	for i := range t.Rows {
		if k.index >= len(t.Rows[i].Cells) {
			continue
		}
		line := 0.0
		for _, in := range t.Rows[i].Cells[k.index].Text {
			switch in := in.(type) {
			case document.Text:
				line += cellBold.Width(in.Text)
			case document.Link:
				line += cellBold.Width(in.Text)
			case document.PageRef:
				line += cellBold.Width(in.Before + "000" + in.After)
			case document.NoteRef, document.LineBreak:
			}
		}
		w = max(w, line)
	}
	return w
}

// numeric reports whether the cells of a kind end at the right edge.
func numeric(k document.ColumnKind) bool {
	switch k {
	case document.NumberColumn, document.YearColumn, document.ChangeColumn, document.RankColumn:
		return true
	}
	return false
}

// decimals measures the part of a number from its comma on.
func decimals(s string, st *style) float64 {
	if i := strings.IndexByte(s, ','); i >= 0 {
		return st.Width(s[i:])
	}
	return 0
}

// share shares the width of the table out and puts the columns in their places.
func share(columns []column, width float64) {
	total := 0.0
	for i := range columns {
		k := &columns[i]
		switch {
		case k.Room > 0:
			k.width = max(k.Room*digit, k.least)
		case k.Kind == document.NumberColumn:
			k.width = max(k.least, numberRoom)
		case k.Kind == document.StripColumn:
			k.width = max(k.least, min(40*mm, 0.23*width))
		default:
			k.width = k.least
		}
		total += k.width
	}
	if total > width {
		squeeze(columns, total-width)
	} else {
		spread(columns, width-total)
	}
	relieve(columns)
	x := 0.0
	for i := range columns {
		k := &columns[i]
		k.x = x
		x += k.width
		if !k.right && i > 0 && columns[i-1].right {
			k.indent = textGap
		}
		k.room = k.width - k.indent
		if i+1 < len(columns) && !k.right {
			k.room -= textGap
		}
	}
}

// squeeze takes the excess from columns that are wider than they need: texts first.
func squeeze(columns []column, excess float64) {
	for _, text := range [...]bool{true, false} {
		slack := 0.0
		for i := range columns {
			if (columns[i].Kind == document.TextColumn) == text {
				slack += columns[i].width - columns[i].least
			}
		}
		if slack <= 0 {
			continue
		}
		part := min(1, excess/slack)
		for i := range columns {
			if (columns[i].Kind == document.TextColumn) == text {
				columns[i].width -= part * (columns[i].width - columns[i].least)
			}
		}
		excess -= part * slack
	}
}

// spread gives what is left to columns without a given width: first so that heads of
// numbers take two lines and texts one; then to texts by their length, or where theirs are
// given to all others alike. Where every width is given, the first text column has it.
func spread(columns []column, rest float64) {
	wanted, texts, others := 0.0, 0.0, 0.0
	for i := range columns {
		k := &columns[i]
		if k.Room > 0 {
			continue
		}
		wanted += max(0, k.wish-k.width)
		if k.Kind == document.TextColumn {
			texts += k.wish
		} else if k.right {
			others++
		}
	}
	part := 1.0
	if wanted > rest {
		part = rest / wanted
	}
	for i := range columns {
		if k := &columns[i]; k.Room == 0 && k.wish > k.width {
			more := part * (k.wish - k.width)
			k.width += more
			rest -= more
		}
	}
	for i := range columns {
		k := &columns[i]
		switch {
		case texts > 0:
			if k.Kind == document.TextColumn && k.Room == 0 {
				k.width += rest * k.wish / texts
			}
		case others > 0:
			if k.right && k.Room == 0 {
				k.width += rest / others
			}
		case k.Kind == document.TextColumn:
			k.width += rest
			return
		}
	}
}

// relieve makes numbers stand closer where a name would take many lines.
func relieve(columns []column) {
	for i := range columns {
		k := &columns[i]
		if k.Kind != document.TextColumn || k.wish <= longName*k.width {
			continue
		}
		for j := range columns {
			if o := &columns[j]; o.right && o.width > o.least {
				k.width += o.width - o.least
				o.width = o.least
			}
		}
		return
	}
}
