package stat

import (
	"fmt"
	"iter"
	"maps"
	"math"
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

// table holds one indicator: a row for each area, a cell for each year from first on.
type table struct {
	first Period
	years int
	value []float64
	kind  []uint16      // index into kinds
	kinds []Observation // that occur, without value; the first is a cell that is simply absent
	part  []uint8       // by area, index into the provenance of the indicator, of its newest vintage; nil where there is one
	parts []uint8       // by cell, the same; nil where there is one
}

// at finds the cell of a period in the row of an area; false where the table does not hold it.
func (t *table) at(area int, p Period) (int, bool) {
	return area*t.years + int(p-t.first), p >= t.first && int(p-t.first) < t.years
}

func (t *table) observation(k int) Observation {
	o := t.kinds[t.kind[k]]
	o.value = t.value[k]
	return o
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
		for k := j * t.years; k < (j+1)*t.years; k++ {
			if !t.there(k) {
				continue
			}
			o, p := &out[t.origin(k)], t.first+Period(k-j*t.years)
			if !slices.Contains(o.Kinds, a.Kind) {
				o.Kinds = append(o.Kinds, a.Kind)
			}
			if t.parts == nil {
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
func (t *table) there(k int) bool {
	o := &t.kinds[t.kind[k]]
	return o.Status != Missing || o.Sign != ""
}

// origin is the index of the vintage of a cell.
func (t *table) origin(k int) uint8 {
	if t.parts == nil {
		return 0
	}
	return t.parts[k]
}

// Origin says where the figure of an area in a period comes from, of a city with powiat
// rights on either tier: Figure reads both. Where there is none it is that of the area.
func (d *Dataset) Origin(a AreaCode, id IndicatorID, p Period) Provenance {
	i, ok := d.index[id]
	if !ok {
		return Provenance{}
	}
	return d.provenance[i][d.Slice(id).Vintage(a, p)]
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
	t    *table
	area int // its row in t
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

// Vintage is the index into Origins of where the figure of an area in a period comes from, as
// Dataset.Origin tells it.
func (s Slice) Vintage(a AreaCode, p Period) int {
	if s.t == nil || s.t.part == nil {
		return 0
	}
	of := func(c AreaCode) (int, bool) {
		j, known := s.d.register.index[c]
		if k, ok := s.t.at(j, p); known && ok && s.t.there(k) {
			return int(s.t.origin(k)), true
		}
		return 0, false
	}
	if n, ok := of(a); ok {
		return n
	}
	if n, ok := of(s.d.register.OtherTier(a)); ok {
		return n
	}
	return s.Part(a)
}

// noPart is the part of an area without observations.
const noPart = uint8(255)

// Periods is the first and the last period that the slice can hold observations of, within
// those of the data set; 1, 0 where it holds none.
func (s Slice) Periods() (first, last Period) {
	if s.t == nil || s.t.years == 0 {
		return 1, 0
	}
	return s.t.first, s.t.first + Period(s.t.years) - 1
}

// Has reports whether any observation has the status.
func (s Slice) Has(status Status) bool {
	return s.t != nil && slices.ContainsFunc(s.t.kinds, func(o Observation) bool { return o.Status == status }) &&
		slices.ContainsFunc(s.t.kind, func(k uint16) bool { return s.t.kinds[k].Status == status })
}

// In visits the observations of all areas in one period, in order of code, without a
// look-up for each; of a period that the slice does not hold, none.
func (s Slice) In(p Period) iter.Seq2[AreaCode, Observation] {
	return func(yield func(AreaCode, Observation) bool) {
		if s.t == nil {
			return
		}
		k, ok := s.t.at(0, p)
		if !ok {
			return
		}
		for _, a := range s.d.register.Areas() {
			if !yield(a.Code, s.t.observation(k)) {
				return
			}
			k += s.t.years
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
	return Series{s.t, j}
}

// Series finds the observations of one area and indicator, on exactly the tier of the code.
func (d *Dataset) Series(a AreaCode, id IndicatorID) Series { return d.Slice(id).Series(a) }

// At returns one observation; it is missing where the series has none.
func (s Series) At(p Period) Observation {
	if s.t == nil {
		return Observation{}
	}
	k, ok := s.t.at(s.area, p)
	if !ok {
		return Observation{}
	}
	return s.t.observation(k)
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
		for k := range t.kind {
			if t.there(k) {
				n++
			}
		}
	}
	return n
}

// Builder collects observations for a Dataset. It is not safe for concurrent use.
type Builder struct {
	d     *Dataset
	kinds []map[Observation]uint16 // what stands in the kinds of a table
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
	return b.IndicatorOver(i, p, b.d.first, b.d.first+Period(b.d.years)-1)
}

// IndicatorOver is Indicator for one without observations before first and after last: it
// takes less memory, and who looks for its newest year finds it sooner. Both are cut to the
// periods of the data set.
func (b *Builder) IndicatorOver(i Indicator, p Provenance, first, last Period) error {
	d := b.d
	if i.ID == "" {
		return fmt.Errorf("add indicator %q: empty id", i.Name)
	}
	if _, twice := d.index[i.ID]; twice {
		return fmt.Errorf("add indicator %s: stands twice", i.ID)
	}
	first, last = max(first, d.first), min(last, d.first+Period(d.years)-1)
	years := max(int(last-first)+1, 0)
	n := len(d.register.areas) * years
	d.index[i.ID] = len(d.indicators)
	d.indicators = append(d.indicators, i)
	d.provenance = append(d.provenance, []Provenance{p})
	d.series = append(d.series, table{first: first, years: years, value: make([]float64, n), kind: make([]uint16, n), kinds: []Observation{{}}})
	b.kinds = append(b.kinds, map[Observation]uint16{{}: 0})
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
	kinds map[Observation]uint16
	part  uint8
}

// Column gives the observations of an indicator. It fails on an unknown one, and is of use
// until another indicator is added or the builder closed.
func (b *Builder) Column(id IndicatorID) (ColumnBuilder, error) {
	i, ok := b.d.index[id]
	if !ok {
		return ColumnBuilder{}, fmt.Errorf("unknown indicator %s", id)
	}
	return ColumnBuilder{b.d, &b.d.series[i], b.kinds[i], 0}, nil
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
		c.t.parts = make([]uint8, len(c.t.value))
	}
	c.part = uint8(n)
	return c, nil
}

// Set stores one observation of the area at the index that Register.Index tells. It fails
// on a place outside the indicator.
func (c ColumnBuilder) Set(area int, p Period, o Observation) error {
	kind, err := c.Kind(o)
	if err != nil {
		return err
	}
	return c.Put(area, p, kind, o.value)
}

// Kind is a number for all that an observation is but its value, for Put.
func (c ColumnBuilder) Kind(o Observation) (uint16, error) {
	o.value = 0
	kind, ok := c.kinds[o]
	if !ok {
		if len(c.t.kinds) > math.MaxUint16 {
			return 0, fmt.Errorf("more than %d combinations of status, remark and sign", math.MaxUint16)
		}
		kind = uint16(len(c.t.kinds))
		c.t.kinds = append(c.t.kinds, o)
		c.kinds[o] = kind
	}
	return kind, nil
}

// Put is Set for an observation of a kind that Kind has numbered; value is 0 where the kind
// has none.
func (c ColumnBuilder) Put(area int, p Period, kind uint16, value float64) error {
	if area < 0 || area >= len(c.d.register.areas) {
		return fmt.Errorf("unknown area %d", area)
	}
	k, ok := c.t.at(area, p)
	if !ok {
		return fmt.Errorf("period %d outside the indicator", p)
	}
	c.t.value[k], c.t.kind[k] = value, kind
	if c.t.part != nil {
		c.t.part[area], c.t.parts[k] = min(c.t.part[area], c.part), c.part
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
