package source

import (
	"iter"

	"github.com/raportjst/raportjst/generator/stat"
)

// Pile keeps the observations of one series in little more than 8 bytes each, under a number
// that the reader of a file gives to their rows or codes: a table of tens of millions of figures
// must fit into the memory of an office computer. Figures of consecutive years that come one
// after another share what is said of them. The zero value is empty.
type Pile struct {
	values chunks[float64]
	runs   chunks[run]
	kinds  []stat.Observation // without the value
	number map[stat.Observation]uint16
}

// run is values of one key, in consecutive years from a period on.
type run struct {
	key    int32
	period int16
	kind   uint16
	length int32
}

// Add puts an observation on the pile. A pile takes at most 65,536 different signs and
// remarks; it reports whether there was room.
func (p *Pile) Add(key int32, period stat.Period, o stat.Observation) bool {
	v, _ := o.Value()
	kind := stat.Unobserved(stat.Missing, o.Sign).WithRemark(o.Remark)
	kind.Status = o.Status
	n, ok := p.number[kind]
	if !ok {
		if len(p.kinds) > 1<<16-1 {
			return false
		}
		if p.number == nil {
			p.number = map[stat.Observation]uint16{}
		}
		n = uint16(len(p.kinds))
		p.kinds, p.number[kind] = append(p.kinds, kind), n
	}
	p.values.add(v)
	if last := p.runs.last(); last != nil && last.key == key && last.kind == n && stat.Period(last.period)+stat.Period(last.length) == period {
		last.length++
		return true
	}
	p.runs.add(run{key, int16(period), n, 1})
	return true
}

// Len is how many observations are on the pile.
func (p *Pile) Len() int { return p.values.len() }

// Piled is an observation with its key.
type Piled struct {
	Key    int32
	Period stat.Period
	stat.Observation
}

// All visits the observations in the order in which they came.
func (p *Pile) All() iter.Seq[Piled] {
	return func(yield func(Piled) bool) {
		chunk, at := 0, 0
		for _, c := range p.runs {
			for _, r := range c {
				kind := p.kinds[r.kind]
				for i := range r.length {
					if at == len(p.values[chunk]) {
						chunk, at = chunk+1, 0
					}
					o := kind
					if o.Status == stat.Present {
						o = stat.Observed(p.values[chunk][at], o.Remark).WithSign(o.Sign)
					}
					at++
					if !yield(Piled{r.key, stat.Period(r.period) + stat.Period(i), o}) {
						return
					}
				}
			}
		}
	}
}

// chunks is a list that grows without copying.
type chunks[T any] [][]T

// Chunks grow with the list up to a size that wastes little of a series of one area.
const (
	firstChunk = 16
	mostChunk  = 512
)

func (c *chunks[T]) add(v T) {
	last := len(*c) - 1
	if last < 0 || len((*c)[last]) == cap((*c)[last]) {
		size := firstChunk
		if last >= 0 {
			size = min(mostChunk, 2*cap((*c)[last]))
		}
		*c = append(*c, make([]T, 0, size))
		last++
	}
	(*c)[last] = append((*c)[last], v)
}

// last is the last element, nil where there is none.
func (c chunks[T]) last() *T {
	if len(c) == 0 {
		return nil
	}
	l := c[len(c)-1]
	return &l[len(l)-1]
}

func (c chunks[T]) len() int {
	n := 0
	for _, x := range c {
		n += len(x)
	}
	return n
}
