// Package bdlfile reads files of the Local Data Bank of Statistics Poland (BDL) as users
// download them: „CSV (relacyjny)” (CREL), „CSV (tablica)” (CTAB) and XLSX (XTAB), with
// Polish or English headers, and the wide panel of variables by year.
//
// It does not ask the API of BDL. A file whose header was removed needs a mapping: see
// table.
package bdlfile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/gazetteer"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/sheet"
	"github.com/raportjst/raportjst/generator/stat"
)

// File is a downloaded file. BDL writes the subject and the moment of the download into
// the file's name (LUDN_2137_CREL_20220407210714.csv); a file that was renamed needs them
// told.
type File struct {
	FS        fs.FS
	Path      string
	Subject   string // "P2137"; "" as in the name
	Extracted string // ISO 8601; "" as in the name
	Title     string // of the subject, as BDL writes it above the table; "" as far as known

	// Titles are names for subjects ("bdl:P2687") and series ("bdl:P2687/…") that nobody else
	// knows.
	Titles map[stat.IndicatorID]string
}

// Source is a set of files. Each is handed over by itself: of two files with the same
// indicator the sink takes the newer vintage.
type Source struct {
	files []File
}

// New makes a source of files.
func New(files ...File) *Source { return &Source{files} }

// Load implements source.Source.
func (s *Source) Load(ctx context.Context, q source.Query, to source.Sink) error {
	for _, file := range s.files {
		if err := load(ctx, file, q, to); err != nil {
			return err
		}
	}
	return nil
}

func load(ctx context.Context, file File, q source.Query, to source.Sink) error {
	f, err := sheet.Open(file.FS, file.Path)
	if err != nil {
		return err
	}
	defer f.Close()
	t := &tabulation{file: f, query: q, titles: file.Titles, byKey: map[string]int{}, codeIDs: map[string]int32{}, names: source.Labels{Told: true}}
	if err := t.name(file); err != nil {
		return err
	}
	if err := q.Future(f.At(0, 0), t.extracted); err != nil {
		return err
	}
	if f.Workbook() {
		err = t.readWorkbook(ctx)
	} else {
		err = t.readText(ctx)
	}
	if err != nil {
		return err
	}
	if text, ok := t.numbers.Doubtful(); ok {
		return t.fault(0, 0, fmt.Sprintf("„%s”: kropka może oddzielać tysiące albo miejsca dziesiętne", text), "pobierz plik z przecinkiem dziesiętnym")
	}
	for _, f := range t.scales.Mixed() {
		return &fault.Fault{Where: f.Where, What: f.What, Hint: "plik mógł zostać zmieniony; pobierz go jeszcze raz"}
	}
	if !f.Whole {
		q.Report(source.Warning{Where: f.At(0, 0), What: "ostatni wiersz nie jest zakończony; sprawdź, czy plik nie jest ucięty", Count: 1})
	}
	return t.deliver(to)
}

// tabulation gathers what one file says.
type tabulation struct {
	file       *sheet.File
	query      source.Query
	numbers    sheet.Numbers
	scales     sheet.Scales // by series
	subject    string       // "P2137", "" in a panel
	extracted  string
	updated    string // from the sheet OPIS
	title      string // name of the subject, told or from the sheet OPIS
	titles     map[stat.IndicatorID]string
	english    bool
	category   string // "LUDN"
	tabular    bool   // no attributes in this layout
	zeros      int    // in a tabular layout, taken for values
	unknown    map[string]int
	contradict int

	series  []series
	byKey   map[string]int
	codes   []string
	lines   []int
	names   source.Labels // beside the codes
	codeIDs map[string]int32
}

// series is one combination of dimensions, or one variable of a panel.
type series struct {
	dimensions []string
	variable   string // id in a panel, else ""
	slug       string // the file's own name for it in a panel
	unit       string
	cells      *source.Pile // by the number of the code
}

var named = regexp.MustCompile(`^([A-Z]{4})_(\d+)_(?:CREL|CTAB|XTAB)_(\d{8})\d{6}`)

// name takes subject and date from what was told, else from the file's name.
func (t *tabulation) name(file File) error {
	t.subject, t.extracted, t.title = file.Subject, file.Extracted, file.Title
	if m := named.FindStringSubmatch(path.Base(file.Path)); m != nil {
		t.category = m[1]
		if t.subject == "" {
			t.subject = "P" + m[2]
		}
		if day, err := time.Parse("20060102", m[3]); err == nil && t.extracted == "" {
			t.extracted = day.Format(time.DateOnly)
		}
	}
	if t.extracted != "" {
		day, ok := locale.ReadDate(t.extracted)
		if !ok {
			return t.fault(0, 0, fmt.Sprintf("data pobrania „%s” nie ma postaci RRRR-MM-DD", t.extracted), "popraw datę")
		}
		t.extracted = day
	}
	return nil
}

func (t *tabulation) fault(line, column int, what, hint string) error {
	return &fault.Fault{Where: t.file.At(line, column), What: what, Hint: hint}
}

// needSubject fails where nothing tells the subject, for without it the dimensions mean
// nothing: age and sex divide births as well as deaths.
func (t *tabulation) needSubject() error {
	if t.subject == "" {
		return t.fault(0, 0, "nie wiadomo, z której podgrupy BDL jest ten plik", "podaj ją: plik.csv=P2137 albo z dniem pobrania plik.csv=P2137@2025-01-31")
	}
	return nil
}

// at finds or makes a series.
func (t *tabulation) at(s series) int {
	key := s.variable + "\x1f" + s.unit + "\x1f" + strings.Join(s.dimensions, "\x1f")
	i, ok := t.byKey[key]
	if !ok {
		i = len(t.series)
		t.byKey[key] = i
		s.cells = &source.Pile{}
		t.series = append(t.series, s)
	}
	return i
}

func (t *tabulation) code(code, name string, line int) int32 {
	id, ok := t.codeIDs[code]
	if !ok {
		id = int32(len(t.codes))
		t.codeIDs[code] = id
		t.codes, t.lines = append(t.codes, code), append(t.lines, line)
	}
	t.names.Add(id, name, line)
	return id
}

// add reads the value of a cell with its attribute.
func (t *tabulation) add(i int, code int32, p stat.Period, row sheet.Row, at int, attribute string) error {
	text := row.Shown(at)
	if t.tabular && source.IsSign(text) {
		text, attribute = "", text
		if source.IsDash(attribute) {
			attribute = "-" // as Excel writes it
		}
	}
	if text == "" && attribute == "" {
		return nil
	}
	var v float64
	if text != "" {
		var err error
		if v, err = t.numbers.Value(row, at, t.series[i].unit); err != nil {
			return t.changed(row.Line, at+1, err)
		}
		if t.file.Workbook() {
			t.scales.See(t.file, i, t.series[i].unit, row, at, v)
		}
	}
	o, known, ok := source.Attributed(v, text != "", attribute)
	if t.tabular && !known && source.IsSign(attribute) {
		known = true // "." in a table of BDL: no information
	}
	if !known {
		if t.unknown == nil {
			t.unknown = map[string]int{}
		}
		t.unknown[attribute]++
	}
	if !ok {
		t.contradict++
	}
	if !t.series[i].cells.Add(code, p, o) {
		return t.fault(row.Line, at+1, "zbyt wiele różnych atrybutów", "pobierz plik jeszcze raz")
	}
	return nil
}

// changed puts a fault of a cell into words: BDL writes none, so somebody changed the file.
func (t *tabulation) changed(line, column int, err error) error {
	what := err.Error()
	var f *fault.Fault
	if errors.As(err, &f) {
		what = f.What
	}
	return &fault.Fault{Where: t.file.At(line, column), What: what, Hint: "plik mógł zostać zmieniony; pobierz go jeszcze raz", Err: err}
}

// deliver places the figures and hands over the series.
func (t *tabulation) deliver(to source.Sink) error {
	located, err := source.Locate(t.query.Register, t.codes)
	if err != nil {
		return t.codeFault(err)
	}
	for _, w := range source.Unplaced(t.codes, located) {
		w.Where = t.file.At(0, 0)
		t.query.Report(w)
	}
	t.query.Report(source.Partial(t.query.Register, t.file.At(0, 0), located, false))
	if err := t.misnamed(located); err != nil {
		return err
	}
	doubled := source.Doubled(located)
	indicators := make([]stat.Indicator, len(t.series))
	order := make([]int, len(t.series))
	for i, s := range t.series {
		indicators[i], order[i] = t.indicator(s), i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(indicators[a].ID, indicators[b].ID) })
	for n, i := range order {
		ind := indicators[i]
		if n > 0 && ind.ID != "" && indicators[order[n-1]].ID == ind.ID {
			a, b := t.series[order[n-1]], t.series[i]
			if a.unit != b.unit {
				return t.fault(0, 0, fmt.Sprintf("„%s” stoi w dwóch jednostkach miary: %s i %s", strings.Join(b.dimensions, ", "), a.unit, b.unit), "plik mógł zostać zmieniony; pobierz go jeszcze raz, z jedną jednostką")
			}
			return t.fault(0, 0, fmt.Sprintf("dwie serie mają ten sam identyfikator %s", ind.ID), "podziel plik")
		}
		if ind.Name == "" || !t.query.Wants(ind.ID) {
			continue
		}
		if err := t.hand(to, ind, t.series[i].cells, located, doubled); err != nil {
			return err
		}
		t.series[i].cells = &source.Pile{} // its memory is free for the next ones
	}
	t.ask(indicators)
	t.warn()
	return nil
}

// misnamed fails where a code stands beside the name of another area: somebody changed the file.
func (t *tabulation) misnamed(located map[string]source.Located) error {
	all := source.CheckNames(gazetteer.New(t.query.Register), t.codes, located, t.names)
	for _, m := range all {
		if m.Proved {
			return t.fault(m.Line, 0, m.What, "plik mógł zostać zmieniony; pobierz go jeszcze raz")
		}
	}
	t.query.Report(source.TellMisnamed(t.file.At(0, 0), all))
	return nil
}

// ask tells which series were left out because nobody knows what they are: „1 kwartał” and
// „kobiety” are no titles.
func (t *tabulation) ask(indicators []stat.Indicator) {
	var words []string
	unnamed, foreign := 0, 0
	for i, ind := range indicators {
		if ind.Name != "" {
			continue
		}
		unnamed++
		if words == nil {
			words = t.series[i].dimensions
		}
		if ind.ID == "" {
			foreign++
		}
	}
	label := strings.Join(words, ", ")
	switch {
	case unnamed == 0:
	case foreign > 0:
		t.query.Report(source.Warning{
			Where: t.file.At(0, 0), Count: unnamed,
			What: fmt.Sprintf("pominięto serie, bo nie wiadomo, jak po polsku nazywają się ich cechy („%s”); pobierz plik w polskiej wersji BDL", label),
		})
	case t.subject == "":
		t.query.Report(source.Warning{
			Where: t.file.At(0, 0), Count: unnamed, What: "pominięto zmienne bez nazwy; dodaj kolumnę „indicator” z nazwą każdej zmiennej",
		})
	default:
		t.query.Report(source.Warning{
			Where: t.file.At(0, 0), Count: unnamed,
			What: fmt.Sprintf("pominięto serie, bo nie wiadomo, co opisują („%s”): podgrupa %s nie jest znana; podaj jej tytuł, który BDL pokazuje nad tabelą: %s=%s:Tytuł, z dniem pobrania %s=%s:Tytuł@%s, albo wpisz „bdl:%s” z etykietą do pliku slownik.toml w katalogu szablonów (--templates)",
				label, t.subject, t.file.Name, t.subject, t.file.Name, t.subject, cmp.Or(t.extracted, "2026-01-31"), t.subject),
		})
	}
}

func (t *tabulation) hand(to source.Sink, ind stat.Indicator, raw *source.Pile, located map[string]source.Located, doubled map[stat.AreaCode]bool) error {
	cells := make([]source.Cell, 0, raw.Len())
	for c := range raw.All() {
		if l := located[t.codes[c.Key]]; l.Place == source.Placed && t.query.Covers(c.Period) {
			cells = append(cells, source.Cell{Area: l.Area, Period: c.Period, Observation: c.Observation})
		}
	}
	cells, clashes := source.Settle(source.WithoutEmpties(cells, doubled))
	if len(clashes) > 0 {
		c := clashes[0]
		t.query.Report(source.Warning{
			Where: t.file.At(0, 0), Count: len(clashes),
			What: fmt.Sprintf("wskaźnik %s: pominięto sprzeczne wartości jednej jednostki, na przykład %s w roku %d", ind.ID, c.Area, c.Period),
		})
	}
	if len(cells) == 0 {
		return nil
	}
	if err := t.ahead(ind, cells); err != nil {
		return err
	}
	t.query.Report(source.DropImpossible(t.query.Register, t.file.At(0, 0), ind, cells))
	t.query.Report(source.DoubtNegatives(t.query.Register, t.file.At(0, 0), ind, cells))
	if t.tabular {
		for _, w := range source.TellDoubts(t.query.Register, t.file.At(0, 0), ind.ID, source.DoubtZeros(ind, cells)) {
			w.What += "; pewny jest układ „CSV (relacyjny)”"
			t.query.Report(w)
		}
		for _, c := range cells {
			if v, ok := c.Value(); ok && v == 0 {
				t.zeros++
			}
		}
	}
	return to.Series(ind, stat.Provenance{
		Agency: "GUS", Dataset: "BDL", Table: t.file.Name, Extracted: t.extracted, Updated: t.updated,
		Digest: t.file.Digest, Licence: "CC BY 4.0",
	}, cells)
}

// ahead fails on figures of years after the download that are no forecast: somebody changed the
// file.
func (t *tabulation) ahead(ind stat.Indicator, cells []source.Cell) error {
	known := cmp.Or(t.extracted, t.query.Today)
	last, err := strconv.Atoi(known[:min(len(known), 4)])
	if err != nil || source.Forecast(ind) {
		return nil
	}
	for _, c := range cells {
		if _, ok := c.Value(); ok && c.Period > stat.Period(last) {
			return t.fault(0, 0, fmt.Sprintf("wskaźnik %s: wartość za rok %d, choć dane pobrano w roku %d", ind.ID, c.Period, last), "plik mógł zostać zmieniony albo dzień pobrania jest inny; pobierz go jeszcze raz")
		}
	}
	return nil
}

func (t *tabulation) warn() {
	for a, n := range t.unknown {
		t.query.Report(source.Warning{Where: t.file.At(0, 0), What: fmt.Sprintf("nieznany atrybut „%s”; wartości uznano za brak informacji", a), Count: n})
	}
	t.query.Report(source.Warning{Where: t.file.At(0, 0), What: "wartości sprzeczne z atrybutem uznano za brak informacji", Count: t.contradict})
	t.query.Report(source.Warning{Where: t.file.At(0, 0), What: "plik w układzie tablicy nie ma atrybutów: zera, które są prawdopodobne, uznano za wartości; pewny jest układ „CSV (relacyjny)”", Count: t.zeros})
	if t.extracted == "" {
		t.query.Report(source.Warning{Where: t.file.At(0, 0), What: "nieznany dzień pobrania; podaj go po znaku @: plik.csv=@2025-01-31", Count: 1})
	}
}

// codeFault puts a fault of the codes into words, with the row of the code.
func (t *tabulation) codeFault(err error) error {
	var c *source.CodeError
	if !errors.As(err, &c) {
		return err
	}
	line := 0
	if id, ok := t.codeIDs[c.Code]; ok {
		line = t.lines[id]
	}
	return &fault.Fault{Where: t.file.At(line, 1), What: c.Polish(), Hint: "kody BDL mają 7 albo 12 cyfr; pobierz plik jeszcze raz", Err: err}
}
