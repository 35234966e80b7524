package stat

import (
	"fmt"
	"iter"
	"maps"
	"slices"
)

// Dataset is a set of observations by area, indicator and period with their register,
// indicators and provenance. It is immutable and safe for concurrent use; make one with
// a Builder.
type Dataset struct {
	register   *Register
	invented   bool
	indicators []Indicator // sorted by ID
	provenance [][]Provenance
	series     []table
	index      map[IndicatorID]int
	first      Period
	years      int
}

// table holds one indicator: len(areas) rows of years cells.
type table struct {
	value  []float64
	status []Status
	remark []Remark
	sign   []uint8 // index into signs
	signs  []string
	part   []uint8 // by area, index into the provenance of the indicator, of its newest vintage; nil where there is one
	years  []uint8 // by cell, the same; nil where there is one
}

// Register is the register of areas that the data refer to.
func (d *Dataset) Register() *Register { return d.register }

// Invented reports whether the figures are sample data that describe no real area; every
// page made from them says so.
func (d *Dataset) Invented() bool { return d.invented }

// Indicators lists the indicators in order of id. The caller must not change it.
func (d *Dataset) Indicators() []Indicator { return d.indicators }

// Indicator finds an indicator by its id.
func (d *Dataset) Indicator(id IndicatorID) (Indicator, bool) {
	i, ok := d.index[id]
	if !ok {
		return Indicator{}, false
	}
	return d.indicators[i], true
}

// Provenance says where the series of an indicator come from, the newest vintage where
// they are of several: see Origins.
func (d *Dataset) Provenance(id IndicatorID) Provenance {
	if i, ok := d.index[id]; ok {
		return d.provenance[i][0]
	}
	return Provenance{}
}

// Origin is the provenance of some of the series of an indicator.
type Origin struct {
	Provenance
	Kinds       []Kind // of the areas that have observations of it, the country first
	First, Last Period // that it has observations of; 0 where it is the only vintage
}

// Origins lists the vintages of an indicator, the newest first. There are several where a
// provider tells the tiers at different times, or where new years were added to a series that
// was taken earlier; they never contradict each other.
func (d *Dataset) Origins(id IndicatorID) []Origin {
	i, ok := d.index[id]
	if !ok {
		return nil
	}
	out := make([]Origin, len(d.provenance[i]))
	t := &d.series[i]
	for n, p := range d.provenance[i] {
		out[n].Provenance = p
	}
	for j, a := range d.register.areas {
		for k := j * d.years; k < (j+1)*d.years; k++ {
			if !t.there(k) {
				continue
			}
			o, p := &out[t.origin(k)], d.first+Period(k-j*d.years)
			if !slices.Contains(o.Kinds, a.Kind) {
				o.Kinds = append(o.Kinds, a.Kind)
			}
			if t.years == nil {
				break // there is one vintage
			}
			if o.First == 0 || p < o.First {
				o.First = p
			}
			o.Last = max(o.Last, p)
		}
	}
	for n := range out {
		slices.Sort(out[n].Kinds)
	}
	return out
}

// there reports whether a cell is not simply absent.
func (t *table) there(k int) bool { return t.status[k] != Missing || t.sign[k] != 0 }

// origin is the index of the vintage of a cell.
func (t *table) origin(k int) uint8 {
	if t.years == nil {
		return 0
	}
	return t.years[k]
}

// Origin says where the figure of an area in a period comes from, of a city with powiat
// rights on either tier: Figure reads both. Where there is none it is that of the area.
func (d *Dataset) Origin(a AreaCode, id IndicatorID, p Period) Provenance {
	i, ok := d.index[id]
	if !ok {
		return Provenance{}
	}
	t := &d.series[i]
	for _, c := range []AreaCode{a, d.register.OtherTier(a)} {
		j, known := d.register.index[c]
		if k := j*d.years + int(p-d.first); known && p >= d.first && int(p-d.first) < d.years && t.there(k) {
			return d.provenance[i][t.origin(k)]
		}
	}
	return d.provenance[i][d.Slice(id).Part(a)]
}

// Periods is the first and the last period of the data set; 0, 0 when it is empty.
func (d *Dataset) Periods() (first, last Period) {
	if d.years == 0 {
		return 0, 0
	}
	return d.first, d.first + Period(d.years) - 1
}

// At returns one observation; it is missing where the data set has none. It reads exactly
// the tier of the code: for a city with powiat rights see Figure.
func (d *Dataset) At(a AreaCode, id IndicatorID, p Period) Observation {
	return d.Series(a, id).At(p)
}

// Series is the observations of one area and indicator, for reading many periods after one
// look-up. The zero value is a series without any.
type Series struct {
	t     *table
	first Period
	years int
	row   int // of the first period in t
}

// Slice is the observations of one indicator (SDMX slice), for reading many areas after one
// look-up. The zero value is a slice without any.
type Slice struct {
	d *Dataset
	t *table
}

// Slice finds the observations of one indicator.
func (d *Dataset) Slice(id IndicatorID) Slice {
	i, ok := d.index[id]
	if !ok {
		return Slice{}
	}
	return Slice{d, &d.series[i]}
}

// Part is the index into Origins of where the series of an area come from, its newest
// vintage, of a city with powiat rights on either tier.
func (s Slice) Part(a AreaCode) int {
	if s.t == nil || s.t.part == nil {
		return 0
	}
	newest := noPart
	for _, c := range []AreaCode{a, s.d.register.OtherTier(a)} {
		if j, ok := s.d.register.index[c]; ok {
			newest = min(newest, s.t.part[j])
		}
	}
	if newest == noPart {
		return 0
	}
	return int(newest)
}

// noPart is the part of an area without observations.
const noPart = uint8(255)

// Has reports whether any observation has the status.
func (s Slice) Has(status Status) bool { return s.t != nil && slices.Contains(s.t.status, status) }

// In visits the observations of all areas in one period, in order of code, without a
// look-up for each.
func (s Slice) In(p Period) iter.Seq2[AreaCode, Observation] {
	return func(yield func(AreaCode, Observation) bool) {
		if s.t == nil || p < s.d.first || int(p-s.d.first) >= s.d.years {
			return
		}
		for j, a := range s.d.register.Areas() {
			if !yield(a.Code, (Series{t: s.t, first: s.d.first, years: s.d.years, row: j * s.d.years}).At(p)) {
				return
			}
		}
	}
}

// Series finds the observations of one area, on exactly the tier of the code.
func (s Slice) Series(a AreaCode) Series {
	if s.t == nil {
		return Series{}
	}
	j, ok := s.d.register.index[a]
	if !ok {
		return Series{}
	}
	return Series{t: s.t, first: s.d.first, years: s.d.years, row: j * s.d.years}
}

// Series finds the observations of one area and indicator, on exactly the tier of the code.
func (d *Dataset) Series(a AreaCode, id IndicatorID) Series { return d.Slice(id).Series(a) }

// At returns one observation; it is missing where the series has none.
func (s Series) At(p Period) Observation {
	if s.t == nil || p < s.first || int(p-s.first) >= s.years {
		return Observation{}
	}
	k := s.row + int(p-s.first)
	return Observation{value: s.t.value[k], Status: s.t.status[k], Remark: s.t.remark[k], Sign: s.t.signs[s.t.sign[k]]}
}

// Figure is At for a reader of reports: where a city with powiat rights has nothing on the
// tier asked for, the other tier of the same city is read, and where the indicator has a
// twin for cities, the twin. Tiers are never added.
func (d *Dataset) Figure(a AreaCode, id IndicatorID, p Period) Observation {
	o := d.At(a, id, p)
	if o.Status != Missing || o.Sign != "" || !a.CityPowiat() {
		return o
	}
	other := d.register.OtherTier(a)
	if other != "" {
		if o2 := d.At(other, id, p); o2.Status != Missing || o2.Sign != "" {
			return o2
		}
	}
	if ind, ok := d.Indicator(id); ok && ind.Twin != "" && ind.Twin != id {
		if o2 := d.At(a, ind.Twin, p); o2.Status != Missing || o2.Sign != "" || other == "" {
			return o2
		}
		return d.At(other, ind.Twin, p)
	}
	return o
}

// Len counts the cells that are not simply absent.
func (d *Dataset) Len() int {
	n := 0
	for i := range d.series {
		t := &d.series[i]
		for k, s := range t.status {
			if s != Missing || t.sign[k] != 0 {
				n++
			}
		}
	}
	return n
}

// Builder collects observations for a Dataset. It is not safe for concurrent use.
type Builder struct {
	d     *Dataset
	signs []map[string]uint8
}

// NewBuilder starts a data set over the periods first to last, both included.
func NewBuilder(r *Register, first, last Period) *Builder {
	years := max(int(last-first)+1, 0)
	return &Builder{d: &Dataset{register: r, first: first, years: years, index: map[IndicatorID]int{}}}
}

// Invent marks the data set as invented sample data.
func (b *Builder) Invent() { b.d.invented = true }

// Indicator adds an indicator. It fails when the id is empty or stands twice.
func (b *Builder) Indicator(i Indicator, p Provenance) error {
	d := b.d
	if i.ID == "" {
		return fmt.Errorf("add indicator %q: empty id", i.Name)
	}
	if _, twice := d.index[i.ID]; twice {
		return fmt.Errorf("add indicator %s: stands twice", i.ID)
	}
	n := len(d.register.areas) * d.years
	d.index[i.ID] = len(d.indicators)
	d.indicators = append(d.indicators, i)
	d.provenance = append(d.provenance, []Provenance{p})
	d.series = append(d.series, table{
		value: make([]float64, n), status: make([]Status, n), remark: make([]Remark, n), sign: make([]uint8, n), signs: []string{""},
	})
	b.signs = append(b.signs, map[string]uint8{"": 0})
	return nil
}

// Set stores one observation, replacing what stood there. It fails on an unknown
// indicator or area and on a period outside the data set.
func (b *Builder) Set(a AreaCode, id IndicatorID, p Period, o Observation) error {
	c, err := b.Column(id)
	if err != nil {
		return fmt.Errorf("set %s of %s: %w", id, a, err)
	}
	j, ok := b.d.register.index[a]
	if !ok {
		return fmt.Errorf("set %s of %s: unknown area", id, a)
	}
	if err := c.Set(j, p, o); err != nil {
		return fmt.Errorf("set %s of %s: %w", id, a, err)
	}
	return nil
}

// ColumnBuilder is the observations of one indicator, to set many fast.
type ColumnBuilder struct {
	d     *Dataset
	t     *table
	signs map[string]uint8
	part  uint8
}

// Column gives the observations of an indicator. It fails on an unknown one, and is of use
// until another indicator is added or the builder closed.
func (b *Builder) Column(id IndicatorID) (ColumnBuilder, error) {
	i, ok := b.d.index[id]
	if !ok {
		return ColumnBuilder{}, fmt.Errorf("unknown indicator %s", id)
	}
	return ColumnBuilder{b.d, &b.d.series[i], b.signs[i], 0}, nil
}

// Part is Column for the observations that are of another vintage than the indicator's first,
// which is the newest. All of a city with powiat rights in one period, on both tiers, are set
// through one of them.
func (b *Builder) Part(id IndicatorID, p Provenance) (ColumnBuilder, error) {
	c, err := b.Column(id)
	if err != nil {
		return c, err
	}
	i := b.d.index[id]
	n := len(b.d.provenance[i])
	if n >= int(noPart) {
		return c, fmt.Errorf("%s has more than %d vintages", id, noPart)
	}
	b.d.provenance[i] = append(b.d.provenance[i], p)
	if c.t.part == nil {
		c.t.part = slices.Repeat([]uint8{noPart}, len(b.d.register.areas))
		c.t.years = make([]uint8, len(c.t.value))
	}
	c.part = uint8(n)
	return c, nil
}

// Set stores one observation of the area at the index that Register.Index tells. It fails
// on a place outside the data set.
func (c ColumnBuilder) Set(area int, p Period, o Observation) error {
	if area < 0 || area >= len(c.d.register.areas) {
		return fmt.Errorf("unknown area %d", area)
	}
	if p < c.d.first || int(p-c.d.first) >= c.d.years {
		return fmt.Errorf("period %d outside the data set", p)
	}
	s, ok := uint8(0), o.Sign == ""
	if !ok {
		s, ok = c.signs[o.Sign]
	}
	if !ok {
		if len(c.t.signs) > 255 {
			return fmt.Errorf("more than 255 different signs")
		}
		s = uint8(len(c.t.signs))
		c.t.signs = append(c.t.signs, o.Sign)
		c.signs[o.Sign] = s
	}
	k := area*c.d.years + int(p-c.d.first)
	c.t.value[k], c.t.status[k], c.t.remark[k], c.t.sign[k] = o.value, o.Status, o.Remark, s
	if c.t.part != nil {
		c.t.part[area], c.t.years[k] = min(c.t.part[area], c.part), c.part
	}
	return nil
}

// Dataset closes the builder and returns the data set, its indicators in order of id.
func (b *Builder) Dataset() *Dataset {
	d := b.d
	b.d = nil
	order := slices.Sorted(maps.Keys(d.index))
	sorted := &Dataset{register: d.register, invented: d.invented, first: d.first, years: d.years, index: make(map[IndicatorID]int, len(order))}
	for n, id := range order {
		i := d.index[id]
		sorted.index[id] = n
		sorted.indicators = append(sorted.indicators, d.indicators[i])
		sorted.provenance = append(sorted.provenance, d.provenance[i])
		sorted.series = append(sorted.series, d.series[i])
	}
	return sorted
}
