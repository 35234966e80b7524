package snapshot

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"sync"

	"github.com/parquet-go/parquet-go"

	"github.com/raportjst/raportjst/generator/stat"
)

// group is the rows of one series, column by column as Parquet keeps them: dictionaries of
// the few different words, and for each row their numbers. Reading rows one by one costs
// several times as much.
type group struct {
	areas    []stat.AreaCode
	periods  []stat.Period
	statuses []stat.Status
	remarks  []stat.Remark
	signs    []string

	area, when, status, remark, sign []int32
	value                            []float64 // 0 where there is none
}

func (g *group) period(row int) stat.Period { return g.periods[g.when[row]] }

func (g *group) observation(row int) stat.Observation {
	var o stat.Observation
	if s := g.statuses[g.status[row]]; s == stat.Present {
		o = stat.Observed(g.value[row], 0)
	} else {
		o = stat.Unobserved(s, "")
	}
	o.Remark, o.Sign = g.remarks[g.remark[row]], g.signs[g.sign[row]]
	return o
}

// groups are memory that the reading of one series leaves to the next: a report of ten
// indicators of all gminy would else make and drop twelve megabytes.
var groups = sync.Pool{New: func() any { return &group{} }}

// release gives the memory back; nothing of the group may be used after it.
func (g *group) release() {
	*g = group{
		areas: g.areas[:0], periods: g.periods[:0], statuses: g.statuses[:0], remarks: g.remarks[:0], signs: g.signs[:0],
		area: g.area[:0], when: g.when[:0], status: g.status[:0], remark: g.remark[:0], sign: g.sign[:0], value: g.value[:0],
	}
	groups.Put(g)
}

// readGroup reads a row group. The caller may release it.
func readGroup(rg parquet.RowGroup) (*group, error) {
	g, n, chunks := groups.Get().(*group), int(rg.NumRows()), rg.ColumnChunks()
	var err, bad error
	word := func(v parquet.Value) string { return string(v.ByteArray()) }
	read := func(column int, to *[]int32, add func(v parquet.Value)) {
		if *to, bad = readIndexes(*to, chunks[column], n, add); bad != nil && err == nil {
			err = fmt.Errorf("column %d: %w", column, bad)
		}
	}
	read(columnArea, &g.area, func(v parquet.Value) { g.areas = append(g.areas, stat.AreaCode(word(v))) })
	read(columnPeriod, &g.when, func(v parquet.Value) { g.periods = append(g.periods, stat.Period(v.Int32())) })
	var unknown error
	read(columnStatus, &g.status, func(v parquet.Value) {
		s, err := number(statuses, word(v))
		if err != nil {
			unknown = err
		}
		g.statuses = append(g.statuses, stat.Status(s))
	})
	read(columnRemark, &g.remark, func(v parquet.Value) { g.remarks = append(g.remarks, stat.Remark(v.Int32())) })
	read(columnSign, &g.sign, func(v parquet.Value) { g.signs = append(g.signs, word(v)) })
	if err := errors.Join(err, unknown); err != nil {
		return nil, err
	}
	return g, g.readValues(chunks[columnValue], n)
}

// readIndexes reads a column of dictionary numbers, into memory where there is some, and its
// dictionary.
func readIndexes(out []int32, chunk parquet.ColumnChunk, n int, add func(v parquet.Value)) ([]int32, error) {
	out = slices.Grow(out, n)
	words := -1
	err := eachPage(chunk, func(p parquet.Page) error {
		d := p.Dictionary()
		if d == nil {
			return errors.New("no dictionary")
		}
		if words < 0 {
			words = d.Len()
			for i := range words {
				add(d.Index(int32(i)))
			}
		}
		data := p.Data()
		indexes := data.Int32()
		if len(indexes) == 0 {
			return nil
		}
		if low, high := slices.Min(indexes), slices.Max(indexes); low < 0 || int(high) >= words {
			return fmt.Errorf("no word %d or %d", low, high)
		}
		out = append(out, indexes...)
		return nil
	})
	if err == nil && len(out) != n {
		err = fmt.Errorf("%d rows instead of %d", len(out), n)
	}
	return out, err
}

// readValues reads the column of values. It fails where a present observation has none.
func (g *group) readValues(chunk parquet.ColumnChunk, n int) error {
	g.value = slices.Grow(g.value, n)
	err := eachPage(chunk, func(p parquet.Page) error {
		data := p.Data()
		values := data.Double()
		for _, level := range p.DefinitionLevels() {
			if level == 0 {
				if len(g.value) < n && g.statuses[g.status[len(g.value)]] == stat.Present {
					return fmt.Errorf("row %d is present without a value", len(g.value))
				}
				g.value = append(g.value, 0)
				continue
			}
			if len(values) == 0 {
				return errors.New("too few values")
			}
			g.value = append(g.value, values[0])
			values = values[1:]
		}
		return nil
	})
	if err == nil && len(g.value) != n {
		err = fmt.Errorf("%d values instead of %d", len(g.value), n)
	}
	if err != nil {
		return fmt.Errorf("column %d: %w", columnValue, err)
	}
	return nil
}

func eachPage(chunk parquet.ColumnChunk, each func(parquet.Page) error) error {
	pages := chunk.Pages()
	defer pages.Close()
	for {
		p, err := pages.ReadPage()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		err = each(p)
		parquet.Release(p)
		if err != nil {
			return err
		}
	}
}

// extents finds where the row groups of a file stand and where they all end; the rest of
// the file is its footer.
func extents(f *parquet.File) (groups [][2]int64, end int64) {
	for _, g := range f.Metadata().RowGroups {
		first, last := int64(math.MaxInt64), int64(0)
		for _, c := range g.Columns {
			from := c.MetaData.DataPageOffset
			if d := c.MetaData.DictionaryPageOffset; d > 0 {
				from = min(from, d)
			}
			first, last = min(first, from), max(last, from+c.MetaData.TotalCompressedSize)
		}
		groups = append(groups, [2]int64{first, last})
		end = max(end, last)
	}
	return groups, end
}

// sumOf is the SHA-256 (hex) of a part of a file.
func sumOf(r io.ReaderAt, offset, length int64) (string, error) {
	h := sha256.New()
	if n, err := io.Copy(h, io.NewSectionReader(r, offset, length)); err != nil || n != length {
		return "", fmt.Errorf("read %d bytes at %d: have %d: %w", length, offset, n, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
