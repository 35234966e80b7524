package html

import (
	"bytes"
	"encoding/csv"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
)

// CSV is a table as a file that a spreadsheet in Polish opens: UTF-8 with a mark, semicolons,
// decimal commas; a missing value is its sign.
func CSV(t *document.Table) []byte {
	var b bytes.Buffer
	b.WriteString("\uFEFF")
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = ';', true
	head := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		head[i] = harmless(strings.TrimSpace(c.Head + " " + c.Sub))
	}
	_ = w.Write(head) // writing to memory does not fail
	for _, r := range t.Rows {
		if r.Group != "" {
			_ = w.Write([]string{harmless(r.Group)})
			continue
		}
		out := make([]string, len(r.Cells))
		for i := range r.Cells {
			out[i] = words(&r.Cells[i])
		}
		_ = w.Write(out)
	}
	w.Flush()
	return b.Bytes()
}

// words is a cell as a text; a number without the spaces between its thousands.
func words(c *document.Cell) string {
	switch {
	case c.Number != nil && c.Number.Present:
		return strings.NewReplacer("\u202f", "", "\u00a0", "", "−", "-").Replace(c.Number.Text)
	case c.Number != nil:
		return harmless(c.Number.Text)
	case c.Strip != nil:
		return harmless(c.Strip.Alt)
	case c.Spark != nil:
		return harmless(c.Spark.Alt)
	}
	var b strings.Builder
	for _, i := range c.Text {
		switch i := i.(type) {
		case document.Text:
			b.WriteString(i.Text)
		case document.Link:
			b.WriteString(i.Text)
		case document.LineBreak:
			b.WriteString(" ")
		case document.PageRef, document.NoteRef:
		}
	}
	return harmless(b.String())
}

// harmless is a text that no spreadsheet takes for a formula.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
