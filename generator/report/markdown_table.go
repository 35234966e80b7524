package report

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
)

// captionOf begins the paragraph that is the caption of the table after it.
const captionOf = "Tabela: "

// table reads a table; its caption is the paragraph "Tabela: tytuł" right before it. A cell
// left empty prints nothing: a dash would say that the phenomenon did not occur.
func (r *reader) table(n *east.Table) []document.Block {
	label := r.label("Tabela")
	t := document.Table{ID: anchor(label), Label: label, Title: "Zestawienie", RowHeaders: 1, Source: "Źródło: dane własne."}
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		if _, head := row.(*east.TableHeader); head {
			t.Columns = r.heads(n, row)
			continue
		}
		if typed := r.cellCount(row); typed > len(t.Columns) {
			r.fail(row, fmt.Sprintf("wiersz tabeli ma komórek: %d, a kolumn jest %d", typed, len(t.Columns)), "usuń nadmiarowe komórki albo dopisz kolumnę; kreskę w tekście zapisz \\|")
		}
		var cells []document.Cell
		for c := row.FirstChild(); c != nil; c = c.NextSibling() {
			in := r.inlines(c)
			cells = append(cells, document.Cell{Text: in, Blank: strings.TrimSpace(plainText(in)) == ""})
		}
		t.Rows = append(t.Rows, document.Row{Cells: cells})
	}
	for i := range t.Columns {
		typedColumn(&t, i, n.Alignments[i])
	}
	if p, ok := n.PreviousSibling().(*ast.Paragraph); ok {
		if s, ok := strings.CutPrefix(plainText((&reader{src: r.src}).inlines(p)), captionOf); ok {
			t.Title = locale.Bind(r.title(p, "tytuł tabeli")[len(captionOf):])
			if strings.TrimSpace(s) == "" {
				r.fail(p, "tabela bez tytułu", "dopisz tytuł po słowie „Tabela:”")
			}
		}
	}
	return []document.Block{t}
}

func (r *reader) heads(n *east.Table, row ast.Node) []document.Column {
	var out []document.Column
	for c := row.FirstChild(); c != nil; c = c.NextSibling() {
		s := strings.TrimSpace(r.title(c, "nagłówek kolumny"))
		if s == "" {
			r.fail(n, "kolumna tabeli bez nagłówka", "nadaj nagłówek każdej kolumnie")
		}
		out = append(out, document.Column{Head: locale.Bind(s)})
	}
	return out
}

// cellCount is how many cells a row has as it is typed; the parser drops those without a
// column.
func (r *reader) cellCount(row ast.Node) int {
	line := r.src[max(row.Pos(), 0):]
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	line = bytes.TrimSpace(line)
	line = bytes.TrimPrefix(line, []byte("|"))
	n := 1
	for i, c := range line {
		if c == '|' && i < len(line)-1 && (i == 0 || line[i-1] != '\\') {
			n++
		}
	}
	return n
}

var (
	// typedNumber is a number as it is typed in Polish. A point is none: "1.234" may be a
	// thousand or little more than one, and a zero before digits makes a code.
	typedNumber = regexp.MustCompile(`^([-+−–]?)((?:[1-9]\d{0,2}(?:[ \x{a0}\x{202f}]\d{3})+)|(?:0|[1-9]\d*))(?:,(\d+))?(\s?%)?$`)
	// typedSign stands where a number would.
	typedSign = regexp.MustCompile(`^[-–—.x#*]$`)
	typedYear = regexp.MustCompile(`^(19|20)\d\d$`)
)

// typedColumn makes a column of numbers where the author aligned it right, or said nothing and
// put nothing else into it. The first column names the rows. A column of years is not
// grouped.
func typedColumn(t *document.Table, column int, align east.Alignment) {
	if align == east.AlignRight {
		t.Columns[column].Kind = document.NumberColumn
	} else if align != east.AlignNone || column == 0 {
		return
	}
	years, found := true, map[int]*document.Number{}
	for i, row := range t.Rows {
		if column >= len(row.Cells) || row.Cells[column].Blank {
			continue
		}
		s := strings.TrimSpace(plainText(row.Cells[column].Text))
		number := numberOf(row.Cells[column].Text, s)
		if number == nil && align == east.AlignNone && !typedSign.MatchString(s) {
			return
		}
		if number != nil {
			found[i] = number
			years = years && typedYear.MatchString(s)
		}
	}
	if len(found) == 0 {
		return
	}
	t.Columns[column].Kind = document.NumberColumn
	for i, number := range found {
		if years {
			number.Text = strconv.Itoa(int(number.Value))
		}
		t.Rows[i].Cells[column] = document.Cell{Number: number}
	}
}

// numberOf reads a cell that is nothing but a number in plain type; nil for another.
func numberOf(in []document.Inline, s string) *document.Number {
	m := typedNumber.FindStringSubmatch(s)
	if t, ok := in[0].(document.Text); m == nil || len(in) != 1 || !ok || t.Emphasis != document.Plain {
		return nil
	}
	digits := strings.NewReplacer(" ", "", locale.NBSP, "", locale.Thin, "").Replace(m[2])
	if len(digits)+len(m[3]) > 15 {
		return nil // more digits than a float64 keeps
	}
	v, err := strconv.ParseFloat(digits+"."+m[3]+"0", 64)
	if err != nil || v == 0 && m[1] != "" { // a zero has no sign
		return nil
	}
	write := locale.Number
	switch m[1] {
	case "+":
		write = locale.Signed
	case "":
	default:
		v = -v
	}
	n := document.Number{Value: v, Present: true, Decimals: len(m[3]), Text: write(v, len(m[3]))}
	if m[4] != "" {
		n.Unit = "%"
		n.Text += "%"
	}
	return &n
}
