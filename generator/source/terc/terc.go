// Package terc reads the official file of the TERC register (the territorial part of
// TERYT) as Statistics Poland publishes it, and what changed between two states of it.
//
// It holds no figures and no boundaries. Parts of gminas, districts of Warsaw and
// delegations are not areas of ours and are left out.
package terc

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/source/sheet"
	"github.com/raportjst/raportjst/generator/stat"
)

// Register is one state of TERC.
type Register struct {
	File   string
	Digest string // SHA-256 of the raw file, hex
	State  string // ISO 8601
	Areas  []Area // in order of the file; Poland is not among them
}

// Area is an area of the register with its seventh digit.
type Area struct {
	stat.Area
	Seven byte // '1' urban, '2' rural, '3' urban-rural; 0 above the gmina
}

// columns of the official file, in any order.
var columns = []string{"WOJ", "POW", "GMI", "RODZ", "NAZWA", "NAZWA_DOD", "STAN_NA"}

// IsHeader tells the header of an official file, also of one that lacks a column.
func IsHeader(cells []string) bool {
	n := 0
	for _, want := range columns {
		if slices.ContainsFunc(cells, func(c string) bool { return strings.EqualFold(c, want) }) {
			n++
		}
	}
	return n >= 4
}

// sevens are the seventh digits by kind.
var sevens = map[stat.Kind]byte{stat.KindCity: '1', stat.KindUrban: '1', stat.KindRural: '2', stat.KindUrbanRural: '3'}

// Of is the state of a register that was built before, with the changes known then.
func Of(r *stat.Register) *Register {
	out := &Register{State: r.State()}
	for _, a := range r.Areas() {
		if a.Code == stat.Country {
			continue
		}
		s := Area{Area: a}
		if a.Code.Level() == stat.LevelGmina {
			s.Seven = sevens[a.Kind]
		}
		out.Areas = append(out.Areas, s)
	}
	return out
}

// Read reads a file of one state: CSV or XML as eTERYT gives it, or a workbook made of
// them. A register of Poland that is not whole is refused.
func Read(ctx context.Context, fsys fs.FS, name string) (*Register, error) {
	p := parser{seen: map[stat.AreaCode]int{}, out: &Register{File: path.Base(name)}}
	if err := p.open(ctx, fsys, name); err != nil {
		return nil, err
	}
	for _, row := range p.rows {
		var err error
		if p.column == nil {
			err = p.header(row)
		} else {
			err = p.row(row)
		}
		if err != nil {
			return nil, err
		}
	}
	if len(p.out.Areas) == 0 {
		return nil, p.fault(0, 0, "plik nie zawiera żadnej jednostki")
	}
	return p.out, errors.Join(p.orphans(), p.whole())
}

type parser struct {
	at     func(line, column int) string
	rows   []sheet.Row
	loose  bool // rows of a workbook: shorter where they end in empty cells
	column map[string]int
	width  int
	seen   map[stat.AreaCode]int // line
	out    *Register
}

// open reads the rows from the header on.
func (p *parser) open(ctx context.Context, fsys fs.FS, name string) error {
	if IsXML(fsys, name) {
		return p.openXML(fsys, name)
	}
	f, err := sheet.Open(fsys, name)
	if err != nil {
		return err
	}
	defer f.Close()
	p.at, p.out.Digest = f.At, f.Digest
	p.loose = f.Workbook()
	worksheet, title := Header(ctx, f)
	for row, err := range f.Rows(ctx, worksheet) {
		if err != nil {
			return err
		}
		if title > 0 {
			title--
			continue
		}
		p.rows = append(p.rows, row)
	}
	return nil
}

// mostTitle is how many rows may stand above the header.
const mostTitle = 20

// Header finds the header of TERC: the visible worksheet, "" of a text, and how many rows of a
// title stand above it, or -1 where there is none.
func Header(ctx context.Context, f *sheet.File) (worksheet string, above int) {
	sheets := []string{""}
	if f.Workbook() {
		sheets = f.Visible()
	}
	for _, worksheet := range sheets {
		n := 0
		for row, err := range f.Rows(ctx, worksheet) {
			if err == nil && IsHeader(row.Cells) {
				return worksheet, n
			}
			if n++; n > mostTitle || err != nil {
				break
			}
		}
	}
	return sheets[0], -1
}

func (p *parser) fault(line, column int, what string) error {
	return &fault.Fault{Where: p.at(line, column), What: what, Hint: "pobierz jeszcze raz urzędowy plik TERC z eTERYT (eteryt.stat.gov.pl, Pobieranie, Pliki pełne)"}
}

func (p *parser) header(r sheet.Row) error {
	p.column, p.width = map[string]int{}, len(r.Cells)
	for i, c := range r.Cells {
		p.column[strings.ToUpper(c)] = i
	}
	for _, want := range columns {
		if _, ok := p.column[want]; !ok {
			return p.fault(r.Line, 0, fmt.Sprintf("brak kolumny %s%s", want, p.other()))
		}
	}
	return nil
}

// other names the register of TERYT that has columns of its own.
func (p *parser) other() string {
	for _, x := range []struct{ column, name string }{
		{"SYM_UL", "ULIC (ulice)"}, {"SYM", "SIMC (miejscowości)"}, {"RM", "WMRODZ (rodzaje miejscowości)"}, {"NTS", "NTS"}, {"KTS", "KTS"},
	} {
		if _, ok := p.column[x.column]; ok {
			return "; to plik " + x.name + ", a potrzebny jest TERC"
		}
	}
	return ""
}

func (p *parser) row(r sheet.Row) error {
	if len(r.Cells) != p.width && !p.loose {
		return p.fault(r.Line, 0, fmt.Sprintf("wiersz ma %d pól zamiast %d", len(r.Cells), p.width))
	}
	cell := func(name string) string { return r.Cell(p.column[name]) }
	state, ok := locale.ReadDate(cell("STAN_NA"))
	if !ok {
		return p.fault(r.Line, p.column["STAN_NA"]+1, fmt.Sprintf("data stanu „%s” nie ma postaci RRRR-MM-DD", cell("STAN_NA")))
	}
	if p.out.State == "" {
		p.out.State = state
	} else if p.out.State != state {
		return p.fault(r.Line, p.column["STAN_NA"]+1, fmt.Sprintf("plik miesza stany %s i %s", p.out.State, state))
	}
	two := func(name string) string { // a spreadsheet takes the zero before a digit away
		c := cell(name)
		if len(c) == 1 && c >= "0" && c <= "9" {
			return "0" + c
		}
		return c
	}
	woj, pow, gmi, kind := two("WOJ"), two("POW"), two("GMI"), cell("RODZ")
	for _, d := range []struct {
		column, value string
		required      bool
	}{{"WOJ", woj, true}, {"POW", pow, gmi != ""}, {"GMI", gmi, kind != ""}} {
		if d.value == "" && !d.required {
			continue
		}
		if len(d.value) != 2 || strings.Trim(d.value, "0123456789") != "" {
			return p.fault(r.Line, p.column[d.column]+1, fmt.Sprintf("„%s” to nie dwie cyfry kodu %s", d.value, d.column))
		}
	}
	name := cell("NAZWA")
	if name == "" {
		return p.fault(r.Line, p.column["NAZWA"]+1, "brak nazwy")
	}
	a := Area{Area: stat.Area{Code: stat.AreaCode(woj + pow + gmi), Name: name}}
	if err := p.classify(&a, r.Line, kind); err != nil || a.Kind == stat.KindUnknown {
		return err
	}
	if line, twice := p.seen[a.Code]; twice {
		return p.fault(r.Line, 0, fmt.Sprintf("jednostka %s jest już w wierszu %d", a.Code, line))
	}
	p.seen[a.Code] = r.Line
	p.out.Areas = append(p.out.Areas, a)
	return nil
}

// classify sets the kind from the tier, the powiat's number and RODZ; it leaves
// KindUnknown to what is no area of ours.
func (p *parser) classify(a *Area, line int, kind string) error {
	switch a.Code.Level() {
	case stat.LevelVoivodeship:
		a.Kind, a.Name = stat.KindVoivodeship, strings.ToLowerSpecial(unicode.CaseRanges, a.Name)
		return nil
	case stat.LevelPowiat:
		a.Kind = stat.KindPowiat
		if a.Code.CityPowiat() {
			a.Kind = stat.KindCity
		}
		return nil
	}
	switch kind {
	case "1":
		a.Kind = stat.KindUrban
		if a.Code.CityPowiat() {
			a.Kind = stat.KindCity
		}
	case "2":
		a.Kind = stat.KindRural
	case "3":
		a.Kind = stat.KindUrbanRural
	case "4", "5", "8", "9":
		return nil
	default:
		return p.fault(line, p.column["RODZ"]+1, fmt.Sprintf("nieznany rodzaj gminy „%s”", kind))
	}
	a.Seven = kind[0]
	return nil
}

// orphans fails on an area whose parent is missing: the file was cut or filtered.
func (p *parser) orphans() error {
	for _, a := range p.out.Areas {
		parent := a.Code.Parent()
		if _, ok := p.seen[parent]; parent != stat.Country && !ok {
			return p.fault(p.seen[a.Code], 0, fmt.Sprintf("brak jednostki nadrzędnej %s", parent))
		}
	}
	return nil
}

// whole fails on a register of Poland from which areas are missing: what is left would be
// compared as if it were the country. A register without codes of Polish voivodeships is
// an invented one, and may have any size.
func (p *parser) whole() error {
	voivodeships, powiats, gminas, invented := 0, 0, 0, 0
	for _, a := range p.out.Areas {
		switch {
		case !official(a.Code):
			invented++
		case a.Code.Level() == stat.LevelVoivodeship:
			voivodeships++
		case a.Code.Level() == stat.LevelPowiat:
			powiats++
		default:
			gminas++
		}
	}
	if voivodeships == 0 {
		return nil
	}
	if invented > 0 {
		return p.fault(0, 0, fmt.Sprintf("plik miesza województwa Polski z kodami, których nie ma (jednostek: %d)", invented))
	}
	counts := countsOf(yearOr0(p.out.State))
	if voivodeships != 16 || !counts.powiats.holds(powiats) || !counts.gminas.holds(gminas) {
		what := "rejestr nie jest pełny"
		if voivodeships >= 16 && powiats >= counts.powiats.least && gminas >= counts.gminas.least {
			what = "rejestr ma więcej jednostek, niż jest ich w Polsce na dzień stanu; być może połączono w nim dwa stany"
		}
		return p.fault(0, 0, fmt.Sprintf(
			what+": ma województw %d z 16, powiatów i miast na prawach powiatu %d z %v, gmin %d z %v",
			voivodeships, powiats, counts.powiats, gminas, counts.gminas))
	}
	return nil
}

// official tells the codes of the voivodeships since 1999: even, from 02 to 32.
func official(c stat.AreaCode) bool {
	return c[:2] >= "02" && c[:2] <= "32" && c[1]%2 == 0
}

// span is a number of areas, or from the least to the most there may be.
type span struct{ least, most int }

func (s span) holds(n int) bool { return s.least <= n && n <= s.most }

func (s span) String() string {
	if s.least == s.most {
		return strconv.Itoa(s.least)
	}
	return fmt.Sprintf("%d–%d", s.least, s.most)
}

// counts are how many areas there are from a year on.
type counts struct {
	from            int
	powiats, gminas span
}

// countsOf is how many powiats (with the cities that have their rights) and gminas a
// register of a year has. Of years to come it allows for as many changes as a year has had.
func countsOf(year int) counts {
	known := []counts{
		{1999, span{373, 381}, span{2476, 2492}},
		{2013, span{380, 380}, span{2479, 2479}},
		{2015, span{380, 380}, span{2478, 2478}},
		{2019, span{380, 380}, span{2477, 2477}},
		{2025, span{380, 380}, span{2479, 2479}},
		{2027, span{374, 386}, span{2460, 2500}},
	}
	out := known[0]
	for _, c := range known {
		if c.from <= year {
			out = c
		}
	}
	return out
}

// index finds the areas by code.
func (r *Register) index() map[stat.AreaCode]Area {
	out := make(map[stat.AreaCode]Area, len(r.Areas))
	for _, a := range r.Areas {
		out[a.Code] = a
	}
	return out
}

// Build makes the register of the newest state, with Poland, the borders given and the
// changes between the states and before them (History). A border of an area that the
// newest state does not know is left out and returned. The codes in same are those that
// users know to be of one area.
func Build(states []*Register, borders []stat.Border, same ...Same) (*stat.Register, []stat.Border, error) {
	states = slices.Clone(states)
	slices.SortFunc(states, func(a, b *Register) int { return strings.Compare(a.State, b.State) })
	if len(states) == 0 {
		return nil, nil, fmt.Errorf("build register: no state of TERC")
	}
	newest := states[len(states)-1]
	known := newest.index()
	changes := History(newest)
	for _, x := range same {
		if err := x.check(known); err != nil {
			return nil, nil, err
		}
		changes[x.New] = append(changes[x.New], stat.Change{Year: x.Year, Kind: stat.ChangeCode, From: string(x.Old)})
	}
	now := map[stat.AreaCode]stat.AreaCode{}
	for code, c := range changes {
		for _, c := range c {
			if c.Kind == stat.ChangeCode {
				now[stat.AreaCode(c.From)] = code
			}
		}
	}
	for _, s := range states { // what one that was built before knows
		for _, a := range s.Areas {
			code := cmp.Or(now[a.Code], a.Code)
			changes[code] = append(changes[code], a.Changes...)
		}
	}
	for i := range states[1:] {
		for code, c := range Compare(states[i], states[i+1], same...).Changes {
			changes[code] = append(changes[code], c...)
		}
	}
	areas := []stat.Area{{Code: stat.Country, Kind: stat.KindCountry, Name: "Polska"}}
	for _, x := range same { // it was taken for a new area before somebody told
		changes[x.New] = slices.DeleteFunc(changes[x.New], func(c stat.Change) bool { return c.Kind == stat.ChangeBoundary && c.Year == x.Year })
	}
	for _, a := range newest.Areas {
		a.Changes = inOrder(slices.Clone(changes[a.Code]))
		areas = append(areas, a.Area)
	}
	var strange []stat.Border
	borders = slices.DeleteFunc(slices.Clone(borders), func(b stat.Border) bool {
		_, a := known[b.A]
		_, c := known[b.B]
		if a && c {
			return false
		}
		strange = append(strange, b)
		return true
	})
	r, err := stat.NewRegister(newest.State, areas, borders)
	return r, strange, err
}
