package html

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/chart"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
)

// table writes a table with its caption, in a region of its own that scrolls where the page is
// narrow, and its notes and source.
func (w *writer) table(t *document.Table) {
	w.raw(`<div class="tabela"`)
	w.anchor(t.ID)
	w.raw(">")
	w.leaves(t, t.Label, t.Title, t.Subtitle, "")
	w.remarks(t.Notes, t.Source)
	w.files(t.ID, document.Labelled(t.Label, t.Title), nil, t)
	w.raw("</div>\n")
}

// grid writes the table itself. Its region is named by its caption, or by a name of its own where
// several tables may have one title.
func (w *writer) grid(t *document.Table, label, title, subtitle, name string) {
	id := w.id()
	if name == "" && label != "" { // the whole caption is much to hear twice
		name = document.Labelled(label, title)
	}
	w.old = older(t)
	w.raw(`<div class="przewijane`)
	if w.old != nil {
		w.raw(` lata`)
	}
	w.raw(`" role="region" tabindex="0" `)
	if name != "" {
		w.raw(`aria-label="`)
		w.plain(name)
	} else {
		w.raw(`aria-labelledby="`, id)
	}
	w.raw(`"><table`, tableClass[t.Layout], `><caption id="`, id, `">`)
	w.caption(label, title, subtitle)
	w.raw("</caption><thead><tr>")
	byRow, told := w.differ(t), ""
	for i := range t.Columns {
		about := ""
		if !byRow {
			about = w.columnIndicator(t, i)
		}
		if about == told { // the columns beside it are of the same
			about = ""
		}
		told = cmp.Or(about, told)
		w.head(&t.Columns[i], w.earlier(i), about)
	}
	w.raw("</tr></thead>\n<tbody>")
	for i := range t.Rows {
		w.row(t, &t.Rows[i], i, byRow)
	}
	w.raw("</tbody></table></div>\n")
	if w.old == nil {
		return
	}
	n := 0
	for _, old := range w.old {
		if old {
			n++
		}
	}
	first := slices.Index(w.old, true)
	w.raw(`<details class="starsze"><summary>Pokaż lata `, t.Columns[first].Head, "–", t.Columns[first+n-1].Head, `<span class="ukryte">: `)
	w.plain(document.Labelled(label, title))
	w.raw(`</span></summary><p class="zrodlo">Tabela jest teraz szersza od ekranu: można ją przewijać w&nbsp;bok.</p></details>`, "\n")
	w.old = nil
}

// older tells which columns of a table are of earlier years: on a narrow screen it shows the last
// year, and those on demand. nil where the columns do not run over years one after the other.
func older(t *document.Table) []bool {
	const few = 3 // have room
	out := make([]bool, len(t.Columns))
	n, last := 0, -1
	for i := range t.Columns {
		year := t.Columns[i].Head
		if len(year) != 4 || strings.Trim(year, "0123456789") != "" {
			continue
		}
		if last >= 0 && last != i-1 {
			return nil
		}
		out[i], last = true, i
		n++
	}
	if n <= few || t.RowHeaders == 0 {
		return nil
	}
	out[last] = false
	return out
}

var tableClass = [...]string{document.YearTable: "", document.StripTable: ` class="wysoka"`, document.SmallTable: ` class="drobna"`}

// caption writes label, title and subtitle.
func (w *writer) caption(label, title, subtitle string) {
	if label != "" {
		w.raw(`<span class="etykieta">`)
		w.plain(label + ".")
		w.raw("</span> ")
	}
	w.raw(`<span class="tytul">`)
	w.text(title)
	w.raw("</span>")
	if subtitle != "" {
		w.raw(` <span class="podtytul">`)
		w.text(subtitle)
		w.raw("</span>")
	}
}

// numeric tells whether a column's cells stand at the right.
func numeric(c *document.Column) bool {
	switch c.Kind {
	case document.NumberColumn, document.YearColumn, document.ChangeColumn, document.RankColumn:
		return true
	case document.TextColumn, document.SparkColumn, document.StripColumn, document.SignColumn:
	}
	return false
}

func (w *writer) head(c *document.Column, old bool, about string) {
	w.raw(`<th scope="col"`)
	w.class(numeric(c), c.Own, old, c.Aside)
	w.raw(">")
	w.text(c.Head)
	if c.Sub != "" {
		w.raw("<br>")
		w.text(c.Sub)
	}
	if c.Low != "" || c.High != "" {
		w.raw(`<span class="konce"><span>`)
		w.text(c.Low)
		w.raw("</span> <span>")
		w.text(c.High)
		w.raw("</span></span>")
	}
	if about != "" {
		w.raw(" ")
		w.about(about, "opis", w.known[about].Label)
	}
	w.raw("</th>")
}

// earlier tells whether a column of the table that is open is of an earlier year.
func (w *writer) earlier(column int) bool { return column < len(w.old) && w.old[column] }

// lastKnown is the cell of the last year that a row has a value of, where that of the newest year
// has none: a narrow screen shows it in the place of that one, for the median and the place beside
// it are of that year.
func (w *writer) lastKnown(t *document.Table, r *document.Row, k int) (year string, at *document.Cell) {
	newest := r.Cells[k].Number
	if newest == nil || newest.Present || k == 0 || w.earlier(k) {
		return "", nil
	}
	for k--; w.earlier(k); k-- {
		if n := r.Cells[k].Number; n != nil && n.Present {
			return t.Columns[k].Head, &r.Cells[k]
		}
	}
	return "", nil
}

// class writes the class of a cell: of a number, of what is the unit's own, of an earlier year, of
// what a phone has no room for.
func (w *writer) class(number, own, old, aside bool) {
	if !number && !own && !old && !aside {
		return
	}
	w.raw(` class="`)
	sep := ""
	for _, c := range [...]struct {
		is   bool
		name string
	}{{number, "n"}, {own, "j"}, {old, "d"}, {aside, "bok"}} {
		if c.is {
			w.raw(sep, c.name)
			sep = " "
		}
	}
	w.raw(`"`)
}

func (w *writer) row(t *document.Table, r *document.Row, i int, byRow bool) {
	if r.Group != "" {
		if i > 0 {
			w.raw("</tbody>\n<tbody>")
		}
		w.raw(`<tr><th scope="rowgroup" colspan="`, strconv.Itoa(len(t.Columns)), `">`)
		w.text(r.Group)
		w.raw("</th></tr>\n")
		return
	}
	w.raw("<tr")
	w.class(false, r.Own, false, false)
	w.raw(">")
	about := ""
	if byRow {
		about = w.rowIndicator(r)
	}
	for k := range r.Cells {
		c := &t.Columns[min(k, len(t.Columns)-1)]
		tag := "td"
		if k < t.RowHeaders {
			tag = "th"
		}
		w.raw("<", tag)
		if tag == "th" {
			w.raw(` scope="row"`)
		}
		w.class(numeric(c), c.Own, w.earlier(k), c.Aside)
		w.raw(">")
		if year, at := w.lastKnown(t, r, k); at != nil {
			w.raw(`<span class="teraz">`)
			w.cell(&r.Cells[k])
			w.raw(`</span><span class="ostatni" hidden>`)
			w.cell(at)
			w.raw(" <small>z&nbsp;", year, "&nbsp;r.</small></span>")
		} else {
			w.cell(&r.Cells[k])
		}
		if k == 0 && about != "" {
			w.raw(" ")
			w.about(about, "opis", w.known[about].Label)
		}
		w.raw("</", tag, ">")
	}
	w.raw("</tr>\n")
}

func (w *writer) cell(c *document.Cell) {
	switch {
	case c.Number != nil:
		w.number(c.Number)
	case c.Strip != nil:
		w.strip(c.Strip, cellStripW, cellStripH, c.Strip.Alt)
	case c.Spark != nil:
		w.marks(chart.Spark(*c.Spark, sparkW/markScale, sparkH/markScale), "przebieg", c.Spark.Alt)
	default:
		w.inlines(c.Text)
	}
}

// number writes a figure as it is printed; a sign with its meaning.
func (w *writer) number(n *document.Number) {
	meaning, known := w.signs[n.Text]
	if !n.Present && known || n.Sign != "" && n.Sign == n.Text && known {
		w.raw(`<abbr title="`)
		w.plain(meaning)
		w.raw(`">`)
		w.plain(n.Text)
		w.raw("</abbr>")
	} else {
		w.plain(n.Text)
	}
	if n.Mark != "" {
		w.plain(n.Mark)
	}
}

// indicator is the one that a number comes from; "" where it is none or several.
func (w *writer) indicator(n *document.Number) string {
	if len(n.Origin.Refs) == 0 {
		return ""
	}
	id := n.Origin.Refs[0].Indicator
	for _, r := range n.Origin.Refs[1:] {
		if r.Indicator != id {
			return ""
		}
	}
	if w.known[id] == nil {
		return ""
	}
	return id
}

// rowIndicator is the one that all numbers of a row come from.
func (w *writer) rowIndicator(r *document.Row) string {
	id := ""
	for i := range r.Cells {
		n := r.Cells[i].Number
		if n == nil || len(n.Origin.Refs) == 0 {
			continue
		}
		at := w.indicator(n)
		if at == "" || id != "" && at != id {
			return ""
		}
		id = at
	}
	return id
}

// columnIndicator is the one that all numbers of a column come from.
func (w *writer) columnIndicator(t *document.Table, k int) string {
	id := ""
	for i := range t.Rows {
		if k >= len(t.Rows[i].Cells) {
			continue
		}
		n := t.Rows[i].Cells[k].Number
		if n == nil || len(n.Origin.Refs) == 0 {
			continue
		}
		at := w.indicator(n)
		if at == "" || id != "" && at != id {
			return ""
		}
		id = at
	}
	return id
}

// differ tells whether the rows of a table are of several indicators, or there is but one, so that
// each tells its own: otherwise the columns do.
func (w *writer) differ(t *document.Table) bool {
	first, rows := "", 0
	for i := range t.Rows {
		at := w.rowIndicator(&t.Rows[i])
		if at == "" {
			continue
		}
		if first != "" && at != first {
			return true
		}
		first = at
		rows++
	}
	return rows == 1
}

// about links to the definition and source of an indicator.
func (w *writer) about(id, word, label string) {
	w.said[id] = true
	w.raw(`<a class="opis" href="#`, w.indicatorAnchor(id), `">`, word, `<span class="ukryte">: `)
	w.plain(label)
	w.raw("</span></a>")
}

func (w *writer) indicatorAnchor(id string) string {
	a, ok := w.anchors[id]
	if !ok {
		a = "wskaznik-" + locale.Slug(id)
		w.anchors[id] = a
	}
	return a
}

// remarks writes notes and source under a figure or table.
func (w *writer) remarks(notes []string, source string) {
	for _, s := range notes {
		w.raw(`<p class="zrodlo">`)
		w.inlines(w.labels.Led(s))
		w.raw("</p>")
	}
	if source != "" {
		w.raw(`<p class="zrodlo">`)
		w.text(source)
		w.raw("</p>")
	}
}

// indicators is the chapter that tells what each indicator of the page is and where it is from.
func (w *writer) indicators() (Section, bool) {
	const anchor, title = "opis-wskaznikow", "Opis wskaźników i\u00a0źródła"
	if len(w.said) == 0 {
		return Section{}, false
	}
	w.raw(`<section id="`, anchor, `"><h2>`, title, `</h2><dl class="wskazniki">`, "\n")
	for i := range w.d.Annex.Indicators {
		n := &w.d.Annex.Indicators[i]
		if !w.said[n.ID] {
			continue
		}
		var about []File
		if w.options.About != nil {
			about = w.options.About(n.ID)
		}
		w.raw(`<div id="`, w.indicatorAnchor(n.ID), `"><dt>`)
		if len(about) > 0 {
			w.raw(`<a href="`)
			w.plain(about[0].URL)
			w.raw(`">`)
			w.text(n.Label)
			w.raw("</a>")
		} else {
			w.text(n.Label)
		}
		if n.Unit != "" {
			w.text(", " + n.Unit)
		}
		w.raw("</dt>")
		for _, f := range [...]document.Field{{Value: different(n.Name, n.Label)}, {Value: n.Definition}, {Name: "Wzór", Value: n.Formula}, {Name: "Źródło", Value: n.Source}, {Name: "Pobrano", Value: n.Extracted}, {Name: "Identyfikator", Value: n.ID}} {
			if f.Value == "" {
				continue
			}
			w.raw("<dd>")
			if f.Name != "" {
				w.raw(`<span class="cicho">`, f.Name, `:</span> `)
			}
			w.text(f.Value)
			w.raw("</dd>")
		}
		for _, f := range about[min(1, len(about)):] {
			w.raw(`<dd><a href="`)
			w.plain(f.URL)
			w.raw(`">`)
			w.plain(f.Name)
			w.raw(`<span class="ukryte">: `)
			w.plain(n.Label)
			w.raw("</span></a></dd>")
		}
		w.raw("</div>\n")
	}
	w.raw("</dl></section>\n")
	return Section{Anchor: anchor, Title: title}, true
}

// different is s where it says more than t.
func different(s, t string) string {
	if s == t {
		return ""
	}
	return s
}
