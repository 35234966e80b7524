package sheet

import (
	"fmt"
	"math"
	"regexp"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/stat"
)

// Kind is what a cell holds as the office sees it. Cells of a text file are Text.
type Kind uint8

const (
	Text       Kind = iota
	Number          // at the scale that is shown, with the precision that is stored
	Percent         // shown as so many per cent: "67.5" for 67,5%
	Date            // a day, or an hour; "2019" where the format shows the year alone
	Boolean         // PRAWDA or FAŁSZ
	Error           // of a formula: #N/D!
	Uncomputed      // a formula whose value was never computed
	Unseen          // a value that the format of the cell does not show
	Odd             // a number that its format shows as something else
	Unsigned        // a number that its format shows with another sign
)

// mark is what is known of a cell beside its text.
type mark struct {
	kind Kind
	unit string // written beside a number by its format: "zł"
	left bool   // on its left

	stored string // a number that the format hides behind words or "####"

	scale int // powers of ten by which its format shows it larger, beside those of per cent
}

// Row is one row of a file.
type Row struct {
	Line  int // in text the line it begins on, in a worksheet the row; from 1
	Grid  int // the row that a spreadsheet shows it as: a cell with several lines is in one row
	Cells []string

	marks  []mark // nil in a text file
	over   []merge
	hidden bool
	gone   []span // hidden columns
}

// span is a run of columns, from 1.
type span struct{ first, last int }

// Cell is the text of a cell, "" where the row is shorter: text as normal.Line leaves it, a
// number with a point, a day as "12.05.2019".
func (r Row) Cell(i int) string {
	if i < 0 || i >= len(r.Cells) {
		return ""
	}
	return r.Cells[i]
}

// Shown is the text of a cell or, where a merged cell covers it, of that one.
func (r Row) Shown(i int) string {
	if m, ok := r.covered(i); ok {
		return m.text
	}
	return r.Cell(i)
}

// Width is the number of columns in which something is shown.
func (r Row) Width() int {
	n := len(r.Cells)
	for _, m := range r.over {
		if m.text != "" {
			n = max(n, m.columns.last)
		}
	}
	return n
}

// Kind is the kind of a cell.
func (r Row) Kind(i int) Kind {
	if i < 0 || i >= len(r.marks) {
		return Text
	}
	return r.marks[i].kind
}

// Blank reports whether nothing stands in a cell or over it.
func (r Row) Blank(i int) bool { return r.Shown(i) == "" }

// Hidden reports whether the row is hidden, as a filter leaves those that do not match.
func (r Row) Hidden() bool { return r.hidden }

// OutOfSight reports whether the column of a cell is hidden.
func (r Row) OutOfSight(i int) bool {
	for _, s := range r.gone {
		if s.first <= i+1 && i+1 <= s.last {
			return true
		}
	}
	return false
}

func wrong(what, hint string) error { return &fault.Fault{What: what, Hint: hint} }

// Words reads a cell as text. A formula that gives none is refused, like a value that
// nobody sees. The error is a *fault.Fault without a place.
func (r Row) Words(i int) (string, error) {
	text := r.Shown(i)
	return text, r.failed(i, text)
}

// failed says what is wrong with a cell whatever is asked for.
func (r Row) failed(i int, text string) error {
	switch r.Kind(i) {
	case Error:
		return wrong(fmt.Sprintf("„%s” to błąd formuły", text), "popraw formułę, a jeśli danych nie ma, wyczyść komórkę")
	case Uncomputed:
		return wrong(fmt.Sprintf("formuła „%s” nie ma obliczonej wartości", text), "otwórz plik w programie Excel lub LibreOffice, zapisz go i wczytaj jeszcze raz")
	case Unseen:
		return wrong(fmt.Sprintf("w komórce jest wartość %s, której arkusz nie pokazuje", text), "ustaw format „Ogólny” (i pokazywanie zer w opcjach arkusza), żeby ją zobaczyć, albo wyczyść komórkę")
	case Unsigned:
		return wrong(fmt.Sprintf("w komórce jest wartość %s, a jej format pokazuje liczbę z innym znakiem", strings.Replace(text, ".", ",", 1)), "ustaw format „Ogólny” albo „Liczbowe” i sprawdź, czy wartość jest ujemna")
	case Text, Number, Percent, Date, Boolean, Odd:
	}
	return nil
}

// Value reads the number of a cell that is not blank, for a series in the unit; "" checks
// no unit. The error is a *fault.Fault without a place, which the caller knows.
func (n *Numbers) Value(r Row, i int, unit string) (float64, error) {
	v, err := n.value(r, i, unit)
	if err == nil && math.Abs(v) > stat.Largest {
		return 0, wrong(fmt.Sprintf("„%s”: liczba jest za duża (najwyżej 10^15)", r.Shown(i)), "popraw liczbę albo podaj ją w większej jednostce, na przykład w mln zł")
	}
	return v, err
}

func (n *Numbers) value(r Row, i int, unit string) (float64, error) {
	text := r.Shown(i)
	if k := r.Kind(i); k == Number || k == Percent || k == Unseen {
		text = strings.Replace(text, ".", ",", 1) // as it is written in Poland
	}
	if _, over := r.covered(i); over {
		return 0, wrong(fmt.Sprintf("„%s” stoi w komórce scalonej z sąsiednimi", text), "rozdziel komórki i wpisz wartość w każdej, której dotyczy")
	}
	if r.OutOfSight(i) {
		return 0, wrong(fmt.Sprintf("„%s” stoi w ukrytej kolumnie", text), "odkryj kolumny arkusza i sprawdź je albo usuń to, co niepotrzebne")
	}
	if err := r.failed(i, text); err != nil {
		return 0, err
	}
	var m mark
	if i < len(r.marks) {
		m = r.marks[i]
	}
	switch m.kind {
	case Text:
		if m.stored != "" {
			return 0, wrong(fmt.Sprintf("komórka pokazuje „%s” zamiast liczby %s, którą przechowuje", text, m.stored), "ustaw format „Ogólny”, żeby zobaczyć liczbę, a jeśli danych nie ma, wyczyść komórkę")
		}
		return n.text(text, unit)
	case Number:
	case Percent:
		m.unit, m.left = "%", false
	case Date:
		return 0, wrong(fmt.Sprintf("„%s” to data albo godzina, a nie liczba", text),
			"program Excel zamienia na datę na przykład wpis „5.12”; ustaw format komórki „Liczbowe” i wpisz liczbę jeszcze raz, z przecinkiem dziesiętnym")
	case Boolean:
		return 0, wrong(fmt.Sprintf("„%s” to wartość logiczna, a nie liczba", text), "wpisz liczbę, na przykład 1 albo 0")
	case Error, Uncomputed, Unseen, Unsigned, Odd:
		if m.stored != "" {
			return 0, wrong(fmt.Sprintf("komórka pokazuje „%s” zamiast liczby %s, którą przechowuje", text, m.stored), "ustaw format „Ogólny” albo „Liczbowe”: data nie może być ujemna, a warunki formatu muszą obejmować każdą liczbę")
		}
		return 0, wrong(fmt.Sprintf("komórka pokazuje liczbę w postaci, której nie da się odczytać na pewno („%s”)", text), "ustaw format komórki „Ogólny” albo „Liczbowe” i sprawdź wartość")
	}
	seen := text + " " + m.unit
	if m.left {
		seen = m.unit + " " + text
	}
	if err := sameUnit(seen, m.unit, unit); err != nil {
		return 0, err
	}
	if m.scale != 0 && unit != "" && m.scale != -UnitScale(unit) {
		return 0, wrong(fmt.Sprintf("format komórki pokazuje „%s”, a przechowuje liczbę %s razy większą, i nic nie mówi o tym, że to %s", text, power(-m.scale), inWords(-m.scale)),
			"ustaw format „Ogólny” albo „Liczbowe” bez dzielenia przez tysiące, a jeśli wartości mają być podane w takiej skali, napisz to w jednostce, na przykład „"+inWords(-m.scale)+" zł”")
	}
	v, err := new(Numbers).Parse(text)
	if err != nil {
		return 0, wrong(fmt.Sprintf("„%s”: %v", text, err), "popraw liczbę")
	}
	return v, nil
}

// Written reads a cell that is meant to hold a number, whatever its unit, and gives the unit
// that is written beside it, by hand or by its format; "" where there is none.
func Written(r Row, i int) (unit string, ok bool) {
	switch r.Kind(i) {
	case Percent:
		return "%", true
	case Number:
		return r.marks[i].unit, true
	case Error, Uncomputed:
		return "", true
	case Text:
		_, unit = apart(r.Shown(i))
		_, err := new(Numbers).text(r.Shown(i), unit)
		return strings.Trim(unit, locked), err == nil
	case Date, Boolean, Unseen, Odd, Unsigned:
	}
	return "", false
}

// apart parts a typed number from what is written behind it.
func apart(s string) (number, shown string) {
	if at := strings.IndexFunc(s, func(r rune) bool { return !strings.ContainsRune("0123456789.,+-−"+locked, r) }); at > 0 && !exponent.MatchString(s) {
		return strings.TrimRight(s[:at], locked), s[at:]
	}
	return s, ""
}

var exponent = regexp.MustCompile(`^[-+−]?[\d.,]+[eE][-+]?\d+$`)

// text reads a number that was typed as text, perhaps with its unit behind it.
func (n *Numbers) text(s, unit string) (float64, error) {
	number, shown := apart(s)
	v, err := n.Parse(number)
	if err == nil && shown != "" && unit == "" {
		err = ErrNumber
	}
	if err == nil {
		err = sameUnit(s, shown, unit)
	}
	if err != nil {
		return 0, unread(s, err)
	}
	return v, nil
}
