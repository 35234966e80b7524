package snapshot

import (
	"bytes"
	"fmt"
	"os"
	"slices"

	"github.com/parquet-go/parquet-go"

	"github.com/raportjst/raportjst/generator/stat"
)

// The words of the Parquet files, by the numbers of stat; append only.
var (
	statuses     = []string{"missing", "present", "not occurred", "below format", "secret", "not applicable", "pending"}
	kinds        = []string{"unknown", "country", "voivodeship", "powiat", "city", "urban", "rural", "urban-rural"}
	changeKinds  = []string{"unknown", "kind", "name", "boundary", "code"}
	directions   = []string{"none", "higher", "lower"}
	unitClasses  = []string{"amount", "percent", "signed"}
	aggregations = []string{"none", "sum"}
)

// number finds a word; unknown words are an error of the file.
func number(words []string, word string) (uint8, error) {
	i := slices.Index(words, word)
	if i < 0 {
		return 0, fmt.Errorf("unknown word %q", word)
	}
	return uint8(i), nil
}

// observationRow is a row of observations.parquet. A missing value is null.
type observationRow struct {
	Indicator string   `parquet:"indicator,dict,zstd"`
	Area      string   `parquet:"area,dict,zstd"`
	Period    int32    `parquet:"period,dict,zstd"`
	Value     *float64 `parquet:"value,optional,zstd"`
	Status    string   `parquet:"status,dict,zstd"`
	Remark    int32    `parquet:"remark,dict,zstd"`
	Sign      string   `parquet:"sign,dict,zstd"`
}

// columns of observationRow.
const (
	columnArea = iota + 1
	columnPeriod
	columnValue
	columnStatus
	columnRemark
	columnSign
	columnCount
)

type indicatorRow struct {
	ID          string `parquet:"id"`
	Name        string `parquet:"name"`
	Label       string `parquet:"label"`
	Unit        string `parquet:"unit"`
	UnitClass   string `parquet:"unit_class"`
	Decimals    int32  `parquet:"decimals"`
	Fixed       bool   `parquet:"fixed"`
	Direction   string `parquet:"direction"`
	Aggregation string `parquet:"aggregation"`
	Area        string `parquet:"area"`
	Service     string `parquet:"service"`
	Dimension   string `parquet:"dimension"`
	Definition  string `parquet:"definition"`
	Formula     string `parquet:"formula"`
	Twin        string `parquet:"twin"`

	Agency    string `parquet:"agency"`
	Dataset   string `parquet:"dataset"`
	Table     string `parquet:"table"`
	Extracted string `parquet:"extracted"`
	Updated   string `parquet:"updated"`
	Digest    string `parquet:"digest"`
	Licence   string `parquet:"licence"`

	First    int32 `parquet:"first"`
	Last     int32 `parquet:"last"`
	Rows     int64 `parquet:"rows"`
	Values   int64 `parquet:"values"`
	RowGroup int32 `parquet:"row_group"` // of observations.parquet

	// Where the row group stands, with its checksum, so that reading a part is checked too.
	Offset int64  `parquet:"offset"`
	Length int64  `parquet:"length"`
	SHA256 string `parquet:"sha256"`
}

func makeIndicatorRow(i stat.Indicator, p stat.Provenance) indicatorRow {
	return indicatorRow{
		ID: string(i.ID), Name: i.Name, Label: i.Label, Unit: i.Unit, UnitClass: unitClasses[i.UnitClass], Decimals: int32(i.Decimals), Fixed: i.Fixed,
		Direction: directions[i.Direction], Aggregation: aggregations[i.Aggregation], Area: i.Area, Service: i.Service,
		Dimension: i.Dimension, Definition: i.Definition, Formula: i.Formula, Twin: string(i.Twin),
		Agency: p.Agency, Dataset: p.Dataset, Table: p.Table, Extracted: p.Extracted, Updated: p.Updated, Digest: p.Digest, Licence: p.Licence,
	}
}

// indicator reads the row back. Words nobody knows read as the first of their list: a row
// is only read after its file passed its checksum.
func (r indicatorRow) indicator() stat.Indicator {
	class, _ := number(unitClasses, r.UnitClass)
	direction, _ := number(directions, r.Direction)
	aggregation, _ := number(aggregations, r.Aggregation)
	return stat.Indicator{
		ID: stat.IndicatorID(r.ID), Name: r.Name, Label: r.Label, Unit: r.Unit, UnitClass: stat.UnitClass(class), Decimals: int(r.Decimals), Fixed: r.Fixed,
		Direction: stat.Direction(direction), Aggregation: stat.Aggregation(aggregation), Area: r.Area, Service: r.Service,
		Dimension: r.Dimension, Definition: r.Definition, Formula: r.Formula, Twin: stat.IndicatorID(r.Twin),
	}
}

func (r indicatorRow) provenance() stat.Provenance {
	return stat.Provenance{
		Agency: r.Agency, Dataset: r.Dataset, Table: r.Table, Extracted: r.Extracted, Updated: r.Updated, Digest: r.Digest, Licence: r.Licence,
	}
}

type areaRow struct {
	Code    string      `parquet:"code"`
	Kind    string      `parquet:"kind"`
	Name    string      `parquet:"name"`
	Changes []changeRow `parquet:"changes,list"`
}

type changeRow struct {
	Year int32  `parquet:"year"`
	Kind string `parquet:"kind"`
	From string `parquet:"from"`
}

type borderRow struct {
	A        string  `parquet:"a"`
	B        string  `parquet:"b"`
	SharedKm float64 `parquet:"shared_km"`
}

func registerRows(r *stat.Register) ([]areaRow, []borderRow) {
	var areas []areaRow
	for _, a := range r.Areas() {
		row := areaRow{Code: string(a.Code), Kind: kinds[a.Kind], Name: a.Name}
		for _, c := range a.Changes {
			row.Changes = append(row.Changes, changeRow{int32(c.Year), changeKinds[c.Kind], c.From})
		}
		areas = append(areas, row)
	}
	var borders []borderRow
	for _, b := range r.Borders() {
		borders = append(borders, borderRow{string(b.A), string(b.B), b.SharedKm})
	}
	return areas, borders
}

func readRegister(state string, rawAreas, rawBorders []byte) (*stat.Register, error) {
	rows, err := readAll[areaRow](rawAreas)
	if err != nil {
		return nil, fmt.Errorf("read areas: %w", err)
	}
	var areas []stat.Area
	for _, r := range rows {
		kind, err := number(kinds, r.Kind)
		if err != nil {
			return nil, fmt.Errorf("read area %s: %w", r.Code, err)
		}
		a := stat.Area{Code: stat.AreaCode(r.Code), Kind: stat.Kind(kind), Name: r.Name}
		for _, c := range r.Changes {
			kind, err := number(changeKinds, c.Kind)
			if err != nil {
				return nil, fmt.Errorf("read area %s: %w", r.Code, err)
			}
			a.Changes = append(a.Changes, stat.Change{Year: int(c.Year), Kind: stat.ChangeKind(kind), From: c.From})
		}
		areas = append(areas, a)
	}
	borderRows, err := readAll[borderRow](rawBorders)
	if err != nil {
		return nil, fmt.Errorf("read borders: %w", err)
	}
	var borders []stat.Border
	for _, b := range borderRows {
		borders = append(borders, stat.Border{A: stat.AreaCode(b.A), B: stat.AreaCode(b.B), SharedKm: b.SharedKm})
	}
	return stat.NewRegister(state, areas, borders)
}

func readAll[T any](raw []byte) ([]T, error) {
	return parquet.Read[T](bytes.NewReader(raw), int64(len(raw)))
}

// openObservations opens the file of observations.
func openObservations(f *os.File, options ...parquet.FileOption) (*parquet.File, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("open observations: %w", err)
	}
	p, err := parquet.OpenFile(f, info.Size(), options...)
	if err != nil {
		return nil, fmt.Errorf("open observations: %w", err)
	}
	if n := len(p.Schema().Columns()); n != columnCount {
		return nil, fmt.Errorf("open observations: %d columns instead of %d", n, columnCount)
	}
	return p, nil
}
