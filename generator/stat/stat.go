// Package stat says what is measured, where, when and how well: areas, indicators,
// periods and observations. Its values are immutable and a missing observation cannot
// be read as a number.
//
// It does not compare areas (peer), load anything (source, snapshot) or format anything
// (locale, report).
package stat

import (
	"fmt"

	"github.com/raportjst/raportjst/generator/normal"
)

// AreaCode is the stable key of an area (jednostka samorządu terytorialnego): the TERYT
// code without its seventh digit. It has two digits for a voivodeship, four for a powiat
// and six for a gmina; the country is Country. The seventh digit (the kind of a gmina)
// is an attribute of a year and never part of the key.
type AreaCode string

// Country is the code of Poland as a whole.
const Country AreaCode = "00"

// ParseAreaCode checks the form of a TERYT code of two, four or six digits. It does not
// know whether the area exists. A seventh digit is accepted and dropped.
func ParseAreaCode(s string) (AreaCode, error) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return "", fmt.Errorf("parse area code %q: character %q is not a digit", s, s[i])
		}
	}
	switch len(s) {
	case 2, 4, 6:
		return AreaCode(s), nil
	case 7:
		return AreaCode(s[:6]), nil
	}
	return "", fmt.Errorf("parse area code %q: want 2, 4, 6 or 7 digits, have %d", s, len(s))
}

// Level is the tier of an area. A city with powiat rights is on two tiers at once; see Area.
type Level uint8

const (
	LevelUnknown Level = iota
	LevelCountry
	LevelVoivodeship
	LevelPowiat
	LevelGmina
)

// Level tells the tier that the length of the code implies.
func (c AreaCode) Level() Level {
	switch {
	case c == Country:
		return LevelCountry
	case len(c) == 2:
		return LevelVoivodeship
	case len(c) == 4:
		return LevelPowiat
	case len(c) == 6:
		return LevelGmina
	}
	return LevelUnknown
}

// Parent is the code one tier up: the powiat of a gmina, the voivodeship of a powiat,
// the country of a voivodeship, and "" of the country.
func (c AreaCode) Parent() AreaCode {
	switch c.Level() {
	case LevelGmina:
		return c[:4]
	case LevelPowiat:
		return c[:2]
	case LevelVoivodeship:
		return Country
	}
	return ""
}

// Voivodeship is the two-digit code of the voivodeship the area lies in, "" for the country.
func (c AreaCode) Voivodeship() AreaCode {
	if c == Country || len(c) < 2 {
		return ""
	}
	return c[:2]
}

// CityPowiat reports whether the code is that of a city with powiat rights (miasto na
// prawach powiatu), on either tier: its powiat digits are 61 or more.
func (c AreaCode) CityPowiat() bool { return len(c) >= 4 && c[2:4] >= "61" }

// Kind is the legal kind of an area in the register's state.
type Kind uint8

const (
	KindUnknown     Kind = iota
	KindCountry          // Polska
	KindVoivodeship      // województwo
	KindPowiat           // powiat
	KindCity             // miasto na prawach powiatu, on the gmina tier and on the powiat tier
	KindUrban            // gmina miejska (RODZ 1, without the cities above)
	KindRural            // gmina wiejska (RODZ 2)
	KindUrbanRural       // gmina miejsko-wiejska (RODZ 3)
)

// Area is one reference area (SDMX REF_AREA; JST).
//
// A city with powiat rights has two areas in the register, one a tier: 306401 and 3064.
// It is one unit with one report: Register.Canonical maps 3064 to 306401.
type Area struct {
	Code    AreaCode
	Kind    Kind
	Name    string   // as in TERC: "Lipnica Górna", "wzorcowy", "przykładowe" (lower case for powiats and voivodeships), "m.st. Warszawa"
	Changes []Change // oldest first
}

// Change is an event in the life of an area (GUS TERC yearly changes).
type Change struct {
	Year int        // the first year of the new state (1 January)
	Kind ChangeKind // what happened
	From string     // what it was before: the old name, the old seven-digit code, the old area code
}

// ChangeKind says what happened to an area.
type ChangeKind uint8

const (
	ChangeUnknown  ChangeKind = iota
	ChangeKindOf              // another seventh digit (a village became a town); the series continues
	ChangeName                // another name; the series continues
	ChangeBoundary            // another territory (merger, split, transfer); the series stops here
	ChangeCode                // another code for the same territory; the series continues
)

// Period is a calendar year (SDMX TIME_PERIOD). Stock figures are those of 31 December.
type Period int

// Direction says which values of an indicator a reader may call favourable. Reports never
// praise; the direction serves only sorting and the checks of the importer.
type Direction uint8

const (
	DirectionNone Direction = iota
	HigherBetter
	LowerBetter
)

// UnitClass says how a change of the indicator is expressed.
type UnitClass uint8

const (
	UnitAmount  UnitClass = iota // an amount: change in per cent, ratios allowed
	UnitPercent                  // already in per cent: change in percentage points (p. proc.)
	UnitSigned                   // may be zero or negative (balance, result): change in units
)

// Aggregation says what may be done to an indicator over areas.
type Aggregation uint8

const (
	AggregateNone Aggregation = iota // a ratio: never summed, never averaged
	AggregateSum                     // a count or amount: gminas add up to the powiat
)

// IndicatorID names an indicator (SDMX INDICATOR) as "<source>:<id>", for example
// "bdl:76037", "smup:4074", "own:km-sciezek".
type IndicatorID string

// Indicator is what is measured.
type Indicator struct {
	ID          IndicatorID
	Name        string // the official name, may exceed 150 characters
	Label       string // our short label; falls back to Name
	Unit        string // UNIT_MEASURE as printed: "zł", "%", "osoba", "zł/mieszkańca"
	UnitClass   UnitClass
	Decimals    int  // decimals shown
	Fixed       bool // they were asked for: an amount is not printed in millions
	Direction   Direction
	Aggregation Aggregation
	Area        string // service area (obszar): "Finanse JST", "Ludność"
	Service     string // public service (usługa), may be empty
	Dimension   string // "ilość", "jakość", "dostępność", "koszt", "efektywność", may be empty
	Definition  string
	Formula     string
	Twin        IndicatorID // the same figure for cities with powiat rights, where the source keeps it apart
}

// Plain is the indicator with its texts made plain; see normal. The ids stay as they are.
func (i Indicator) Plain() Indicator {
	id, twin := i.ID, i.Twin
	normal.Strings(&i)
	i.ID, i.Twin = id, twin
	return i
}

// Short is the label, or the official name where no label was given.
func (i Indicator) Short() string {
	if i.Label != "" {
		return i.Label
	}
	return i.Name
}

// Provenance says where series come from. The series of an area has exactly one: two
// vintages are never mixed.
type Provenance struct {
	Agency    string // "GUS"
	Dataset   string // "BDL", "SMUP", "dane własne"
	Table     string // the file or request the values were read from
	Extracted string // date of download, ISO 8601 (2006-01-02); "" where unknown
	Updated   string // date the provider last updated it, ISO 8601; "" where unknown
	Digest    string // SHA-256 of the raw bytes, hex
	Licence   string
}
