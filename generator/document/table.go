package document

import (
	"math"
	"slices"
)

// Table is a table with a caption. One header row; the first RowHeaders columns of each
// row are row headers. It may hold group rows (an area heading over the rows below it).
type Table struct {
	ID         string // anchor
	Label      string // "Tabela 2.1"
	Title      string // required: the caption
	Subtitle   string // unit and years
	Layout     TableLayout
	Columns    []Column
	RowHeaders int
	Rows       []Row
	Notes      []string // explanation of the signs that occur, one paragraph each
	Shortened  string   // what is said where rows that are Aside are left out, with where they stand
	Source     string   // "Źródło: …"
}

// TableLayout chooses row height and type (design.md §7).
type TableLayout uint8

const (
	YearTable  TableLayout = iota // rows with room between them
	StripTable                    // high rows for marks, values in bold
	SmallTable                    // low rows: end matter, side tables
)

// Column is a column of a table.
type Column struct {
	Head  string // "Mediana grupy"
	Sub   string // second line of the head
	Low   string // of a strip column, the ends of its scale: "najniższa"
	High  string // "najwyższa"
	Kind  ColumnKind
	Room  float64 // wished, in characters of a number; a page holds LineRoom; 0 shares what is left
	Own   bool    // the column of the current year or value: bold, accent
	Aside bool    // stands in the workbook and the web page, not on paper
}

// LineRoom is how many characters of numbers stand side by side across a page.
const LineRoom = 99

// ColumnKind is what the cells of a column hold.
type ColumnKind uint8

const (
	TextColumn ColumnKind = iota
	NumberColumn
	YearColumn
	ChangeColumn
	SparkColumn
	StripColumn
	RankColumn
	SignColumn
)

// Row is a row of cells, or a group heading where Group is set (then it has no cells).
type Row struct {
	Group string
	Own   bool   // the unit's own row: bold and marked
	Role  Role   // whose values it holds, where a picture or a reader must know
	Aside bool   // stands in the workbook and the web page, not on paper: the middle of a long list
	Area  string // code of the area it is about, where a map draws it
	Class int    // of those of the map, counted from 1; 0 where it has no value
	Cells []Cell
}

// Whole is how many rows of the table of a map are printed whole. Of more, paper has the unit's own,
// its neighbours, the extremes and the limits of classes, and Shortened says where the rest is.
const Whole = 40

// Printed is the table as it stands on paper: without the rows and columns that are Aside, and
// with a note where there are such rows.
func (t *Table) Printed() *Table {
	aside := func(r Row) bool { return r.Aside }
	if !slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Aside }) && !slices.ContainsFunc(t.Rows, aside) {
		return t
	}
	out := *t
	out.Columns, out.Rows = nil, nil
	for _, c := range t.Columns {
		if !c.Aside {
			out.Columns = append(out.Columns, c)
		}
	}
	for _, r := range t.Rows {
		if r.Aside {
			continue
		}
		cells := r.Cells
		r.Cells = nil
		for i, c := range cells {
			if i >= len(t.Columns) || !t.Columns[i].Aside {
				r.Cells = append(r.Cells, c)
			}
		}
		out.Rows = append(out.Rows, r)
	}
	if t.Shortened != "" && len(out.Rows) < len(t.Rows) {
		out.Notes = append(slices.Clone(t.Notes), t.Shortened)
	}
	return &out
}

// Cell holds one of: text, a number, a strip, a sparkline. An empty cell is an error unless
// it is Blank: one that the author of an own table left empty, which says nothing. A figure
// that is missing is never blank; it has its sign.
type Cell struct {
	Blank  bool
	Text   []Inline
	Number *Number
	Strip  *Strip
	Spark  *Spark
}

// Print is what a row prints in a column: its number or sign, or its text; "" where it has no
// such cell.
func (r *Row) Print(col int) string {
	if col < 0 || col >= len(r.Cells) {
		return ""
	}
	if n := r.Cells[col].Number; n != nil {
		return n.Text
	}
	s := ""
	for _, i := range r.Cells[col].Text {
		if t, ok := i.(Text); ok {
			s += t.Text
		}
	}
	return s
}

// Number is a figure that is final: its value, and exactly how it is printed.
type Number struct {
	Value    float64
	Present  bool   // false: Value means nothing and Text is a sign
	Decimals int    // decimals shown
	Scale    int    // power of ten of the unit shown: 6 for a value in zł printed in mln zł
	Unit     string // "zł", "%", "p. proc."
	Text     string // as printed, in Polish: "−1,7", "13 482", ".", "#"
	Mark     string // hangs after the number: "*"
	Sign     string // the GUS sign where no number is shown, or "–" and "0" where they stand for a value
	Caution  string // what to know before it is used: "dane wstępne: Bezrobotni zarejestrowani (2025)"
	Origin   Origin // how it came about
}

// Shown is the value in the unit that is printed: in mln zł where Scale is 6.
func (n Number) Shown() float64 { return n.Value / math.Pow10(n.Scale) }

// Origin tells how a figure came about, so that a workbook can compute it again. What the
// Refs are depends on the operation:
//
//	Observed                      the observation
//	Change, ChangePercent         the earlier, the later
//	Sum                           what is added, then Less of them that are taken away
//	Share, PerHead                the numerator, the denominator
//	Median, the quartiles, Count  all members of the group that have a value
//	Rank, Distance                the same; Of is the area that is placed
type Origin struct {
	Op   Op
	Refs []Ref
	Less int    // of a Sum: how many of the last Refs are taken away
	Of   string // of a Rank and a Distance: the area, one of those of the Refs
}

// Op is the operation of an Origin.
type Op uint8

const (
	Unknown Op = iota // retyped from elsewhere, not computed
	Observed
	Change        // later − earlier
	ChangePercent // 100 × (later − earlier) / earlier
	Share         // 100 × numerator / denominator
	PerHead       // numerator / denominator
	Median        // of an even number: the mean of the two in the middle
	LowerQuartile // quartiles by linear interpolation (Hyndman–Fan type 7, Excel QUARTILE.INC)
	UpperQuartile
	Rank // 1 is the highest; ties share the better rank
	Count
	Distance // value − median
	Sum
)

// Ref is one observation in the Annex.
type Ref struct {
	Area      string
	Indicator string
	Period    int
}
