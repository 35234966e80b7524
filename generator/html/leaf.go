package html

import (
	"fmt"

	"github.com/raportjst/raportjst/generator/document"
)

// A table of hundreds of rows is no reading for a phone: it becomes an index of leaves, of which
// one is open. Searching the page opens the leaf of what is found, and paper has all of them.
const (
	mostRows = 100
	leafRows = 50
)

// leaves writes a table whole, or as an index and leaves where it has more rows than anybody
// scrolls through. name is that of its region where several tables may have one title.
func (w *writer) leaves(t *document.Table, label, title, subtitle, name string) {
	if len(t.Rows) <= mostRows {
		w.grid(t, label, title, subtitle, name)
		return
	}
	if name == "" {
		name = document.Labelled(label, title)
	}
	w.raw(`<div class="naglowek">`)
	w.caption(label, title, subtitle)
	w.raw("</div>\n")
	index := w.id()
	for i, l := range cutLeaves(t) {
		w.raw(`<details class="karta" name="`, index, `"`)
		if i == 0 {
			w.raw(" open")
		}
		w.raw("><summary>")
		w.plain(l.name)
		w.raw(`<span class="ukryte">: `)
		w.plain(name)
		w.raw("</span></summary>\n")
		part := *t
		part.Rows = l.rows
		w.grid(&part, "", l.name, "", name+", "+l.name)
		w.raw("</details>\n")
	}
}

// leaf is a part of a table: "wiersze 51–100: Garwolin – Iłża".
type leaf struct {
	name string
	rows []document.Row
}

// cutLeaves cuts the rows of a table; the title of a group stands again where its rows go on.
func cutLeaves(t *document.Table) []leaf {
	var out []leaf
	var group *document.Row
	var rows []document.Row
	at, first := 0, 0
	from, last := "", ""
	end := func() {
		if first == 0 {
			return
		}
		name := fmt.Sprintf("wiersze %d–%d", first, at)
		if from != "" && last != "" {
			name += ": " + from + " – " + last
		}
		out = append(out, leaf{name, rows})
		first, rows = 0, nil
		if group != nil {
			rows = append(rows, *group)
		}
	}
	for i := range t.Rows {
		r := &t.Rows[i]
		if r.Group != "" {
			group = r
			if len(rows) > 0 && rows[len(rows)-1].Group != "" { // the group before goes on no more
				rows = rows[:len(rows)-1]
			}
			rows = append(rows, *r)
			continue
		}
		at++
		last = rowName(t, r)
		if first == 0 {
			first, from = at, last
		}
		rows = append(rows, *r)
		if at%leafRows == 0 {
			end()
		}
	}
	end()
	return out
}

// rowName is what a row is of: the first heading of it that is no number.
func rowName(t *document.Table, r *document.Row) string {
	for k := range min(t.RowHeaders, len(r.Cells)) {
		if c := &r.Cells[k]; c.Number == nil {
			if s := words(c); s != "" {
				return s
			}
		}
	}
	return ""
}
