// Package terc reads the official file of the TERC register (the territorial part of
// TERYT) as Statistics Poland publishes it, and what changed between two states of it.
//
// It holds no figures and no boundaries. Parts of gminas, districts of Warsaw and
// delegations are not areas of ours and are left out.
package terc

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/raportjst/raportjst/generator/fault"
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

// Read reads a file of one state.
func Read(ctx context.Context, fsys fs.FS, name string) (*Register, error) {
	f, err := sheet.Open(fsys, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if f.Workbook() {
		return nil, &fault.Fault{Where: f.At(0, 0), What: "to nie jest urzędowy plik TERC w formacie CSV", Hint: "pobierz TERC z eTERYT jako CSV"}
	}
	p := parser{file: f, seen: map[stat.AreaCode]int{}, out: &Register{File: f.Name, Digest: f.Digest}}
	for row, err := range f.Rows(ctx, "") {
		if err != nil {
			return nil, err
		}
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
	return p.out, p.orphans()
}

type parser struct {
	file   *sheet.File
	column map[string]int
	width  int
	seen   map[stat.AreaCode]int // line
	out    *Register
}

func (p *parser) fault(line, column int, what string) error {
	return &fault.Fault{Where: p.file.At(line, column), What: what, Hint: "pobierz jeszcze raz urzędowy plik TERC z eTERYT"}
}

func (p *parser) header(r sheet.Row) error {
	p.column, p.width = map[string]int{}, len(r.Cells)
	for i, c := range r.Cells {
		p.column[strings.ToUpper(c)] = i
	}
	for _, want := range columns {
		if _, ok := p.column[want]; !ok {
			return p.fault(r.Line, 0, fmt.Sprintf("brak kolumny %s", want))
		}
	}
	return nil
}

func (p *parser) row(r sheet.Row) error {
	if len(r.Cells) != p.width {
		return p.fault(r.Line, 0, fmt.Sprintf("wiersz ma %d pól zamiast %d", len(r.Cells), p.width))
	}
	cell := func(name string) string { return r.Cell(p.column[name]) }
	state := cell("STAN_NA")
	if _, err := time.Parse(time.DateOnly, state); err != nil {
		return p.fault(r.Line, p.column["STAN_NA"]+1, fmt.Sprintf("data stanu „%s” nie ma postaci RRRR-MM-DD", state))
	}
	if p.out.State == "" {
		p.out.State = state
	} else if p.out.State != state {
		return p.fault(r.Line, p.column["STAN_NA"]+1, fmt.Sprintf("plik miesza stany %s i %s", p.out.State, state))
	}
	woj, pow, gmi, kind := cell("WOJ"), cell("POW"), cell("GMI"), cell("RODZ")
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
// newest state does not know is left out and returned.
func Build(states []*Register, borders []stat.Border) (*stat.Register, []stat.Border, error) {
	states = slices.Clone(states)
	slices.SortFunc(states, func(a, b *Register) int { return strings.Compare(a.State, b.State) })
	if len(states) == 0 {
		return nil, nil, fmt.Errorf("build register: no state of TERC")
	}
	newest := states[len(states)-1]
	known := newest.index()
	changes := History(newest)
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
		for code, c := range Compare(states[i], states[i+1]).Changes {
			changes[code] = append(changes[code], c...)
		}
	}
	areas := []stat.Area{{Code: stat.Country, Kind: stat.KindCountry, Name: "Polska"}}
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
