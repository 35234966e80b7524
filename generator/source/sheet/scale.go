package sheet

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/normal"
)

// Scales finds figures of one series that do not stand at one scale: 67,5% beside a bare
// 0,205, a number shown in thousands beside one that is not, 1,234 where an English program
// parted thousands. Each may be right by itself; together they are not. The zero value is
// ready.
type Scales struct{ series map[int]*scales }

// kept is a cell with its place.
type kept struct{ where, text string }

// maxKept is how many cells of a kind are named.
const maxKept = 20

type scales struct {
	unit     string
	percent  *kept // the first cell that is shown per cent
	small    []kept
	smallest float64 // of the bare figures above 1
	largest  float64 // of those up to 1
	smalls   int     // bare figures up to 1 but zero
	divided  bool    // one of them has more than two decimals, as what was divided and per cents rarely have
	bigs     int     // bare figures above 1
	scaled   map[int]*kept
	bare     []kept // beside scaled ones
	parted   []kept // with a comma before three digits
	comma    bool   // a comma that parts no thousands
}

// See notes the figure v of a cell, of a series in the unit.
func (s *Scales) See(f *File, series int, unit string, r Row, i int, v float64) {
	per, whole := percent(normal.Key(unit)), wholes.MatchString(normal.Key(unit))
	if r.marks == nil && !per && !whole || v == 0 {
		return
	}
	x := s.series[series]
	if x == nil {
		if s.series == nil {
			s.series = map[int]*scales{}
		}
		x = &scales{unit: unit, smallest: math.Inf(1), scaled: map[int]*kept{}}
		s.series[series] = x
	}
	kind, text := r.Kind(i), r.Shown(i)
	cell := func() kept {
		if kind != Text {
			text = strings.Replace(text, ".", ",", 1)
		}
		if kind == Percent {
			text += "%"
		}
		return kept{f.At(r.Line, i+1), text}
	}
	if whole && kind == Text {
		switch _, after, ok := strings.Cut(text, ","); {
		case ok && threeDigits.MatchString(after):
			x.parted = keep(x.parted, cell)
		case ok:
			x.comma = true
		}
	}
	if kind == Number {
		scale := r.marks[i].scale
		if x.scaled[scale] == nil {
			c := cell()
			x.scaled[scale] = &c
		}
		if scale == 0 {
			x.bare = keep(x.bare, cell)
		}
	}
	if !per {
		return
	}
	switch size := math.Abs(v); {
	case kind == Percent || strings.Contains(text, "%") || kind == Number && r.marks[i].unit != "":
		if x.percent == nil {
			c := cell()
			x.percent = &c
		}
	case size <= 1:
		x.smalls++
		x.divided = x.divided || math.Abs(size*100-math.Round(size*100)) > 1e-9
		x.largest = max(x.largest, size)
		x.small = keep(x.small, cell)
	default:
		x.bigs++
		x.smallest = min(x.smallest, size)
	}
}

func keep(all []kept, cell func() kept) []kept {
	if len(all) < maxKept {
		all = append(all, cell())
	}
	return all
}

var (
	threeDigits = regexp.MustCompile(`^\d{3}(?:\D|$)`)
	// wholes are units of things that have no parts, and of money, which has two decimals.
	wholes = regexp.MustCompile(`^(?:szt|sztuk\pL*|os|os\.|osob\pL*|osób|miejsc\pL*|gospodarstw\pL*|podmiot\pL*|obiekt\pL*|budyn\pL*|mieszkani\pL*|mieszkań|dziec\pL*|uczni\pL*|gmin\pL*|zł|pln)(?:$|[^\pL])`)
)

// Mixed gives a fault for each cell that cannot be read beside the others of its series.
func (s *Scales) Mixed() []*fault.Fault {
	var out []*fault.Fault
	for _, n := range s.order() {
		x := s.series[n]
		if x.percent != nil {
			for _, c := range x.small {
				out = append(out, &fault.Fault{
					Where: c.where, What: fmt.Sprintf("„%s” nie jest w formacie procentowym, a inne komórki wskaźnika są, na przykład „%s” (%s)", c.text, x.percent.text, x.percent.where),
					Hint: "ustaw wszystkim komórkom wskaźnika jeden format: albo procentowy, albo zwykły, i sprawdź wartości",
				})
			}
		}
		if !x.comma {
			for _, c := range x.parted {
				out = append(out, &fault.Fault{
					Where: c.where, What: fmt.Sprintf("„%s”: przecinek może oddzielać tysiące albo miejsca dziesiętne, a jednostką jest „%s”", c.text, x.unit),
					Hint: "zapisz tysiące bez przecinka",
				})
			}
		}
	}
	return out
}

// Doubt is cells of a series that may stand at another scale than its others.
type Doubt struct {
	Where, What string
	Count       int
}

// Doubts tells which figures may be at another scale, though nothing is sure.
func (s *Scales) Doubts() []Doubt {
	var out []Doubt
	for _, n := range s.order() {
		x := s.series[n]
		if len(x.scaled) > 1 && len(x.bare) > 0 {
			for scale, c := range x.scaled {
				if scale != 0 {
					out = append(out, Doubt{x.bare[0].where, fmt.Sprintf("„%s” stoi obok liczb pokazanych formatem w %s, na przykład „%s” (%s); odczytano je tak, jak je widać – sprawdź, czy są w tej samej skali", x.bare[0].text, inWords(-scale), c.text, c.where), len(x.bare)})
				}
			}
		}
		switch {
		case x.percent != nil || x.smalls == 0:
		case x.bigs == 0 && x.smalls > 2 && x.divided:
			out = append(out, Doubt{x.small[0].where, fmt.Sprintf("wszystkie wartości w „%s” są nie większe niż 1, na przykład „%s”; sprawdź, czy to nie ułamki (0,675 to 67,5%%)", x.unit, x.small[0].text), x.smalls})
		case x.bigs > 0 && x.smallest >= 5 && x.smallest > 8*x.largest:
			out = append(out, Doubt{x.small[0].where, fmt.Sprintf("„%s” jest daleko od innych wartości w „%s”; sprawdź, czy to nie ułamek (0,675 to 67,5%%)", x.small[0].text, x.unit), x.smalls})
		}
	}
	return out
}

func (s *Scales) order() []int {
	var out []int
	for n := range s.series {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}
