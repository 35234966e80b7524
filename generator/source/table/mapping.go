// Package table reads any table of figures, CSV or XLSX, with the help of a mapping file
// that says which column is what and describes the indicators. It also writes a workbook
// for a JST to fill in with figures of its own and checks what comes back, naming row and
// column of each mistake.
//
// It knows no source by heart: for files of BDL see bdlfile.
package table

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/normal"
	"github.com/raportjst/raportjst/generator/stat"
)

// Mapping says how to read a table.
//
// A table is long (a row a figure: value), wide by year (a column a year: years) or wide
// by indicator (a column an indicator: column of the indicators). A table wide by both has
// years and columns: the head of such a column is that of the indicator and a year. A column
// whose head says a year and more (a plan, a change, 2024/2025) is not taken for one of that
// year: skip and year_of tell what it is; year of an indicator is that of its column alone.
//
// Columns are named by their heads, one without a head by its number. Rows above the heads are passed over. Heads that stand
// over one another are one name, "Powierzchnia w ha"; headers says which rows they are
// where they are not found by the names. Rows without a code and without figures (titles of
// sections, notes) are passed over, totals with a warning.
type Mapping struct {
	Table      columns     `toml:"table"`
	Source     origin      `toml:"source"`
	Indicators []indicator `toml:"indicator"`

	open []string // lines that still ask for something
	name string   // of the mapping file
	form bool     // it stands in the table itself; see Form
}

type columns struct {
	File      string `toml:"file" normal:"-"`
	Worksheet string `toml:"worksheet"` // of a workbook; the first one where not given

	Worksheets []string `toml:"worksheets"` // instead: several with the same columns; ["*"] all
	SheetYear  bool     `toml:"sheet_year"` // the year of the figures stands in the name of the worksheet
	Headers    []int    `toml:"headers"`    // the first and the last row of the heads, as the file counts them

	NoHeader  bool     `toml:"no_header"` // columns are then named by their number, "1" the first
	Code      string   `toml:"code"`
	CodeParts []string `toml:"code_parts"` // instead: columns whose texts together are the code: WK, PK, GK, GT
	Period    string   `toml:"period"`     // column of the year
	Year      int      `toml:"year"`       // instead: the year of all figures
	Years     bool     `toml:"years"`      // instead: the columns named by years
	Skip      []string `toml:"skip"`       // heads of columns with years that are not read: plans, changes

	YearOf map[string]int `toml:"year_of"` // the year of a column by its head, where the head does not say it alone: "2024/2025"

	Indicator string `toml:"indicator"`
	Value     string `toml:"value"`
	Sign      string `toml:"sign"`
	Dash      string `toml:"dash"` // what „-” means: "missing" or "zero"; "missing" where not given and the figures are of BDL
	Zero      string `toml:"zero"` // what a zero means in a table without signs: "zero" or "missing"; judged where not given
}

type origin struct {
	Agency    string `toml:"agency"`
	Dataset   string `toml:"dataset"`
	Extracted string `toml:"extracted"`
	Updated   string `toml:"updated"`
	Licence   string `toml:"licence"`
	Invented  bool   `toml:"invented"`
}

type indicator struct {
	ID          string `toml:"id"`
	Column      string `toml:"column"` // of a table wide by indicator
	Key         string `toml:"key"`    // what stands in the indicator column instead of the id
	Year        int    `toml:"year"`   // of this column alone
	Name        string `toml:"name"`
	Label       string `toml:"label"`
	Unit        string `toml:"unit"`
	UnitClass   string `toml:"unit_class"`
	Decimals    *int   `toml:"decimals"` // those of the figures where not given
	Direction   string `toml:"direction"`
	Aggregation string `toml:"aggregation"`
	Area        string `toml:"area"`
	Service     string `toml:"service"`
	Dimension   string `toml:"dimension"`
	Definition  string `toml:"definition"`
	Formula     string `toml:"formula"`
	Twin        string `toml:"twin"`
	Dataset     string `toml:"dataset"`
}

// unfilled marks what a proposed mapping leaves to its reader.
const unfilled = "UZUPEŁNIJ"

// asking is a line of a proposed mapping that asks for something and stands as a remark still.
// Where a key was filled in, what stands behind it is no harm.
var asking = regexp.MustCompile(`^\s*#.*UZUPEŁNIJ[ :,]`)

// What a dash or a zero means.
const (
	wordMissing = "missing"
	wordZero    = "zero"
)

// Words of the mapping file.
var (
	unitClasses  = map[string]stat.UnitClass{"": stat.UnitAmount, "amount": stat.UnitAmount, "percent": stat.UnitPercent, "signed": stat.UnitSigned}
	directions   = map[string]stat.Direction{"": stat.DirectionNone, "none": stat.DirectionNone, "higher": stat.HigherBetter, "lower": stat.LowerBetter}
	aggregations = map[string]stat.Aggregation{"": stat.AggregateNone, "none": stat.AggregateNone, "sum": stat.AggregateSum}
)

// ReadMapping reads a mapping file strictly. The error joins a *fault.Fault for each
// mistake.
func ReadMapping(fsys fs.FS, name string) (*Mapping, error) {
	file := path.Base(name)
	raw, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, &fault.Fault{Where: "plik " + file, What: "nie można odczytać opisu tabeli", Hint: "sprawdź nazwę i prawa do pliku", Err: err}
	}
	m := &Mapping{name: file}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff")) // Windows editors put it before the first key
	if err := toml.NewDecoder(bytes.NewReader(raw)).DisallowUnknownFields().Decode(m); err != nil {
		return nil, tomlFault(file, err)
	}
	normal.Strings(m)
	for n, line := range strings.Split(string(raw), "\n") {
		if asking.MatchString(line) {
			m.open = append(m.open, strconv.Itoa(n+1))
		}
	}
	return m, m.check()
}

// tomlFault puts the errors of the decoder into words.
func tomlFault(file string, err error) error {
	var strict *toml.StrictMissingError
	if errors.As(err, &strict) {
		var all []error
		for _, e := range strict.Errors {
			line, _ := e.Position()
			all = append(all, &fault.Fault{
				Where: fmt.Sprintf("plik %s, wiersz %d", file, line), What: fmt.Sprintf("nieznany klucz „%s”", strings.Join(e.Key(), ".")),
				Hint: "sprawdź pisownię albo usuń klucz", Err: err,
			})
		}
		return errors.Join(all...)
	}
	var decode *toml.DecodeError
	if errors.As(err, &decode) {
		line, column := decode.Position()
		return &fault.Fault{Where: fmt.Sprintf("plik %s, wiersz %d, kolumna %d", file, line, column), What: "błędny zapis TOML", Hint: "popraw wiersz", Err: err}
	}
	return &fault.Fault{Where: "plik " + file, What: "błędny zapis TOML", Hint: "popraw plik", Err: err}
}

func (m *Mapping) check() error {
	var all []error
	wrong := func(where, what, hint string) {
		all = append(all, &fault.Fault{Where: "plik " + m.name + ", " + where, What: what, Hint: hint})
	}
	t := m.Table
	if t.File == "" {
		wrong("[table]", "brak klucza „file”", "podaj plik z danymi")
	}
	if n := count(t.Code != "", len(t.CodeParts) > 0); n != 1 {
		wrong("[table]", "potrzebny jest jeden z kluczy „code” i „code_parts”", "podaj kolumnę z kodem TERYT albo kolumny, z których się składa, na przykład code_parts = [\"WK\", \"PK\", \"GK\", \"GT\"]")
	}
	if t.Worksheet != "" && len(t.Worksheets) > 0 {
		wrong("[table]", "klucze „worksheet” i „worksheets” stoją razem", "zostaw jeden z nich")
	}
	if h := t.Headers; len(h) > 0 && (len(h) > 2 || h[0] < 1 || h[len(h)-1] < h[0] || h[len(h)-1] > h[0]+9 || t.NoHeader) {
		wrong("[table]", "klucz „headers” nie wskazuje wierszy nagłówka", "podaj pierwszy i ostatni wiersz, na przykład headers = [3, 4], i usuń no_header")
	}
	wide := m.byIndicator()
	own := wide && !slices.ContainsFunc(m.Indicators, func(i indicator) bool { return i.Year == 0 })
	if n := count(t.Period != "", t.Year != 0, t.Years, t.SheetYear); n != 1 && (n > 1 || !own) {
		wrong("[table]", "potrzebny jest jeden z kluczy „period”, „year”, „years” i „sheet_year”", "podaj kolumnę roku, rok, years = true albo sheet_year = true")
	}
	if n := count(t.Value != "", t.Years || wide); n != 1 {
		wrong("[table]", "nie wiadomo, gdzie są wartości", "podaj „value” albo „years”, albo „column” przy każdym wskaźniku")
	}
	if t.Sign != "" && t.Value == "" {
		wrong("[table]", "klucz „sign” bez klucza „value”", "kolumna znaków należy do kolumny wartości")
	}
	if t.Year != 0 && (t.Year < 1900 || t.Year > 2100) {
		wrong("[table]", fmt.Sprintf("year = %d to nie rok", t.Year), "podaj rok, którego dotyczą dane")
	}
	for _, name := range slices.Sorted(maps.Keys(t.YearOf)) {
		if y := t.YearOf[name]; y < 1900 || y > 2100 || !t.Years {
			wrong("[table.year_of]", fmt.Sprintf("„%s” = %d nie mówi, którego roku jest kolumna", name, y), "podaj rok czterema cyframi i years = true w [table]")
		}
	}
	if len(t.Skip) > 0 && !t.Years {
		wrong("[table]", "klucz „skip” bez „years = true”", "bez niego czytane są tylko kolumny opisane kluczem column; usuń skip")
	}
	if !wide && t.Indicator == "" && len(m.Indicators) > 1 {
		wrong("[table]", "brak klucza „indicator”, a wskaźników jest kilka", "podaj kolumnę wskaźnika")
	}
	if t.Dash != "" && t.Dash != wordMissing && t.Dash != wordZero {
		wrong("[table]", fmt.Sprintf("„dash” nie może mieć wartości „%s”", t.Dash), "wpisz „missing” (kreska to brak informacji) albo „zero” (zjawisko nie wystąpiło)")
	}
	if t.Zero != "" && t.Zero != wordMissing && t.Zero != wordZero {
		wrong("[table]", fmt.Sprintf("„zero” nie może mieć wartości „%s”", t.Zero), "wpisz „zero” (każde zero jest wartością) albo „missing” (każde zero to brak informacji)")
	}
	for _, at := range []struct {
		key  string
		date *string
	}{{"extracted", &m.Source.Extracted}, {"updated", &m.Source.Updated}} {
		if *at.date == "" || strings.Contains(*at.date, unfilled) {
			continue
		}
		day, ok := locale.ReadDate(*at.date)
		if !ok {
			wrong("[source]", fmt.Sprintf("„%s” w kluczu „%s” to nie data w postaci RRRR-MM-DD", *at.date, at.key), "popraw datę")
			continue
		}
		*at.date = day
	}
	if a := m.Source.Agency; a == "" || strings.Contains(a, unfilled) {
		wrong("[source]", "brak klucza „agency”", "podaj, kto ogłosił dane, na przykład GUS, MF albo nazwę urzędu; stoi to w źródłach raportu")
	}
	if m.Source.Extracted == "" {
		wrong("[source]", "brak klucza „extracted”", "podaj dzień, w którym pobrano dane")
	}
	if len(m.Indicators) == 0 {
		wrong("[[indicator]]", "brak wskaźników", "opisz co najmniej jeden wskaźnik")
	}
	seen := map[string]bool{}
	for i, ind := range m.Indicators {
		where := fmt.Sprintf("[[indicator]] nr %d", i+1)
		if ind.Year != 0 && (ind.Year < 1900 || ind.Year > 2100 || ind.Column == "" || t.Period != "" || t.SheetYear) {
			wrong(where, fmt.Sprintf("year = %d nie mówi, którego roku jest kolumna", ind.Year), "podaj go tylko przy kluczu column, gdy rok nie stoi w kolumnie period ani w nazwie arkusza")
		}
		for _, what := range ind.mistakes(wide) {
			wrong(where, what, "popraw opis wskaźnika")
		}
		if seen[ind.ID] {
			wrong(where, fmt.Sprintf("wskaźnik „%s” jest opisany dwa razy", ind.ID), "usuń jeden opis")
		}
		seen[ind.ID] = true
	}
	return errors.Join(all...)
}

func (i indicator) mistakes(wide bool) []string {
	var out []string
	if origin, id, ok := strings.Cut(i.ID, ":"); !ok || origin == "" || id == "" {
		out = append(out, fmt.Sprintf("identyfikator „%s” nie ma postaci „źródło:nazwa”", i.ID))
	}
	if i.Name == "" {
		out = append(out, "brak nazwy „name”")
	}
	if i.Unit == "" || strings.Contains(i.Unit, unfilled) {
		out = append(out, "brak jednostki „unit”")
	}
	if what := i.misscaled(); what != "" {
		out = append(out, what)
	}
	if d := i.Decimals; d != nil && (*d < 0 || *d > 6) {
		out = append(out, fmt.Sprintf("„decimals” wynosi %d, a może być od 0 do 6", *d))
	}
	if _, ok := unitClasses[i.UnitClass]; !ok {
		out = append(out, fmt.Sprintf("„unit_class” nie może mieć wartości „%s”", i.UnitClass))
	}
	if _, ok := directions[i.Direction]; !ok {
		out = append(out, fmt.Sprintf("„direction” nie może mieć wartości „%s”", i.Direction))
	}
	if _, ok := aggregations[i.Aggregation]; !ok {
		out = append(out, fmt.Sprintf("„aggregation” nie może mieć wartości „%s”", i.Aggregation))
	}
	if wide && i.Column == "" {
		out = append(out, "brak klucza „column”")
	}
	return out
}

func count(all ...bool) int {
	n := 0
	for _, b := range all {
		if b {
			n++
		}
	}
	return n
}

// byIndicator reports whether the table has a column an indicator.
func (m *Mapping) byIndicator() bool {
	for _, i := range m.Indicators {
		if i.Column != "" {
			return true
		}
	}
	return false
}

// Invented reports whether the mapping calls its figures invented.
func (m *Mapping) Invented() bool { return m.Source.Invented }

func (i indicator) stat() stat.Indicator {
	decimals, fixed := 0, i.Decimals != nil
	if fixed {
		decimals = *i.Decimals
	}
	return stat.Indicator{
		ID: stat.IndicatorID(i.ID), Name: i.Name, Label: i.Label, Unit: i.Unit, UnitClass: unitClasses[i.UnitClass],
		Decimals: decimals, Fixed: fixed, Direction: directions[i.Direction], Aggregation: aggregations[i.Aggregation],
		Area: i.Area, Service: i.Service, Dimension: i.Dimension, Definition: i.Definition, Formula: i.Formula,
		Twin: stat.IndicatorID(i.Twin),
	}
}

// ofBDL reports whether the figures of an indicator were taken from BDL, where a dash means
// that there is no information.
func (m *Mapping) ofBDL(i indicator) bool {
	return bdl.MatchString(m.Source.Dataset) || bdl.MatchString(i.Dataset) || bdl.MatchString(m.Source.Agency)
}

var bdl = regexp.MustCompile(`(?i)\bBDL\b|bank\w* danych lokalnych|local data bank`)
