package source

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/stat"
)

// DoubtfulZero is the sign on record of a zero that was taken for a missing value.
const DoubtfulZero = "0?"

// OpenSign is the sign on record of a value with the attribute 0 of BDL, whose meaning
// nobody outside GUS knows.
const OpenSign = "attrId 0"

// Doubt is a zero that DoubtZeros took for a missing value.
type Doubt struct {
	Area   stat.AreaCode
	Period stat.Period
	Reason string // in Polish
}

// The reasons.
const (
	doubtRatio  = "płaca, cena, stopa, średnia ani wielkość w przeliczeniu nie bywa zerem"
	doubtLarge  = "inne wartości szeregu są daleko od zera"
	doubtYear   = "w tym roku zerem są wartości wszystkich jednostek szczebla"
	doubtOwn    = "w innych latach jednostka ma wartości daleko od zera"
	doubtAlone  = "szereg nie ma ani jednej wartości różnej od zera"
	doubtScarce = "zer jest więcej, niż wynikałoby z wartości bliskich zeru"
)

// Limits of what is plausible.
const (
	nearSteps  = 30   // a count whose smallest other value is within so many steps of its format may be zero
	nearShare  = 0.01 // so may an amount whose smallest other value is so small a part of the median
	wholeYear  = 5    // areas that make a year of nothing but zeros doubtful
	rareShare  = 0.02 // zeros are rare below that share of the cells of a tier
	ownSmooth  = 3    // figures of an area that make its history
	ownSteps   = 20   // a history above that many steps does not fall to zero by chance
	balanced   = 0.05 // share of either sign that makes a balance
	centreBins = 5    // steps on either side of zero that tell how often a balance is about zero
)

// DoubtZeros looks at the zeros of one series from a layout without attributes, where a
// zero may stand for a value that nobody has. It makes the doubtful ones missing, with the
// sign DoubtfulZero, and tells them in order of place. Cells that have a sign or no value
// are let be.
//
// The tiers are judged each by itself, over all years:
//
//   - Wages, prices, rates, shares, averages and whatever is per something else have no
//     isolated zero: each is doubtful. Such a figure that has both signs is a balance and
//     may be zero as often as it is next to zero.
//   - Counts and amounts may be zero where the tier has other small values: of at most
//     thirty steps of its format (30 places, 3.0 km) or a hundredth of its median.
//   - Even then a zero is doubtful in a year in which the whole tier has nothing but zeros
//     though in most other years it has not, and, where zeros are rare, in an area that
//     has 20 or more in each other year.
func DoubtZeros(i stat.Indicator, cells []Cell) []Doubt {
	var doubts []Doubt
	if !slices.ContainsFunc(cells, plainZero) {
		return nil
	}
	tiers := map[stat.Level][]*Cell{}
	for n := range cells {
		l := cells[n].Area.Level()
		tiers[l] = append(tiers[l], &cells[n])
	}
	for _, tier := range tiers {
		doubts = append(doubts, doubtTier(PerSomething(i), tier)...)
	}
	slices.SortFunc(doubts, func(a, b Doubt) int {
		return cmp.Or(cmp.Compare(a.Area, b.Area), cmp.Compare(a.Period, b.Period))
	})
	return doubts
}

// plainZero is a zero without a sign.
func plainZero(c Cell) bool {
	v, ok := c.Value()
	return ok && v == 0 && c.Status == stat.Present && c.Sign == ""
}

func doubtTier(ratio bool, cells []*Cell) []Doubt {
	var zeros []*Cell
	var sizes []float64 // of the values that are not zero
	step, negative, near := 1.0, 0, 0
	for _, c := range cells {
		v, ok := c.Value()
		if plainZero(*c) {
			zeros = append(zeros, c)
		}
		if !ok || v == 0 {
			continue
		}
		sizes, step = append(sizes, math.Abs(v)), min(step, stepOf(v))
		if v < 0 {
			negative++
		}
	}
	if len(zeros) == 0 {
		return nil
	}
	slices.Sort(sizes)
	for _, v := range sizes {
		if v <= centreBins*step*1.0001 {
			near++
		}
	}
	n := float64(len(sizes))
	balance := float64(negative) >= balanced*n && n-float64(negative) >= balanced*n && n > 0
	var out []Doubt
	doubt := func(c *Cell, reason string) {
		out = append(out, Doubt{c.Area, c.Period, reason})
		c.Observation = stat.Unobserved(stat.Missing, DoubtfulZero).WithRemark(c.Remark)
	}
	all := ""
	switch {
	case len(sizes) == 0:
		all = doubtAlone
	case ratio && !balance:
		all = doubtRatio
	case ratio && len(zeros)*2*centreBins > 3*near:
		all = doubtScarce
	case !ratio && sizes[0] > nearSteps*step*1.0001 && sizes[0] > nearShare*sizes[len(sizes)/2]:
		all = doubtLarge
	}
	years, own := emptyYears(cells), history(cells)
	rare := float64(len(zeros)) < rareShare*float64(len(cells))
	for _, c := range zeros {
		switch h := own[c.Area]; {
		case all != "":
			doubt(c, all)
		case years[c.Period]:
			doubt(c, doubtYear)
		case rare && !ratio && h.figures >= ownSmooth && h.least >= ownSteps && step == 1:
			doubt(c, doubtOwn)
		}
	}
	return out
}

// emptyYears are the years in which a tier has nothing but zeros, though in most others it
// has not.
func emptyYears(cells []*Cell) map[stat.Period]bool {
	type year struct{ zeros, all int }
	years := map[stat.Period]year{}
	for _, c := range cells {
		if v, ok := c.Value(); ok {
			y := years[c.Period]
			y.all++
			if v == 0 {
				y.zeros++
			}
			years[c.Period] = y
		}
	}
	empty, others := map[stat.Period]bool{}, year{}
	for p, y := range years {
		if y.zeros == y.all && y.all >= wholeYear {
			empty[p] = true
			continue
		}
		others.zeros += y.zeros
		others.all += y.all
	}
	if 2*others.zeros >= others.all {
		return nil
	}
	return empty
}

// past is what an area has beside zeros.
type past struct {
	figures int
	least   float64 // in size
}

func history(cells []*Cell) map[stat.AreaCode]past {
	all := map[stat.AreaCode]past{}
	for _, c := range cells {
		if v, ok := c.Value(); ok && v != 0 {
			h := all[c.Area]
			if h.figures == 0 || math.Abs(v) < h.least {
				h.least = math.Abs(v)
			}
			h.figures++
			all[c.Area] = h
		}
	}
	return all
}

// stepOf is the step of the format of a value: 0.1 for 2.5; not below 0.01.
func stepOf(v float64) float64 {
	for _, step := range [...]float64{1, 0.1} {
		if n := v / step; math.Abs(n-math.Round(n)) < 1e-6 {
			return step
		}
	}
	return 0.01
}

var (
	perUnit = regexp.MustCompile(`%|‰|°|/|^pkt|\bna\b|^(?:lata|lat|rok|years?)$|^per\b| per `)
	perName = regexp.MustCompile(`(?:^|[^\pL\pN])(?:` +
		`wynagrodz\pL*|płac[aey]?|przeciętn\pL*|przecietn\pL*|średnia|srednia|średnio|średniej|median\pL*|` +
		`cen|cen[aęy]|stop[aęy]|stawk\pL*|wskaźnik\pL*|wskaznik\pL*|współczynnik\pL*|wspolczynnik\pL*|udział|udzial|odset\pL*|procent\pL*|proc|` +
		`gęstość|gestosc|dynamika|indeks\pL*|w %|` +
		`na (?:jed\pL+|mieszk\pL+|osob\pL+|głow\pL+|tys\pL*|km|1[ 0]*)|per capita|per \d+|per head|per inhabitant\pL*|` +
		`wages?|salar(?:y|ies)|earnings|averages?|mean|prices?|rates?|share|ratios?|density|index|percent\pL*` +
		`)(?:$|[^\pL\pN])`)
	asOf  = regexp.MustCompile(`na (?:dzień )?\d{1,2}(?:\.\d| ?(?:[ivx]+(?:$|[^\pL])|stycz|lut|mar|kwie|maj|czerw|lip|sierp|wrze|paźdz|listop|grud))`)
	money = regexp.MustCompile(`^(?:(?:tys|mln|mld)\.? ?)?(?:zł|pln|euro?)$`)
)

// PerSomething reports whether an indicator is a wage, a price, a rate, a share, an average
// or per something else, by its unit and by its names.
func PerSomething(i stat.Indicator) bool {
	unit := strings.ToLower(strings.TrimSpace(i.Unit))
	if i.UnitClass == stat.UnitPercent || perUnit.MatchString(unit) {
		return true
	}
	for _, name := range []string{i.Name, i.Label} {
		name = asOf.ReplaceAllString(strings.ReplaceAll(strings.ToLower(name), "_", " "), "")
		if money.MatchString(unit) { // „udział w podatku dochodowym” in złoty is an income
			name = strings.ReplaceAll(name, "udział", "")
		}
		if perName.MatchString(name) {
			return true
		}
	}
	return false
}

// TellDoubts makes the warning about doubtful zeros of an indicator, with areas and years.
func TellDoubts(r *stat.Register, where string, id stat.IndicatorID, doubts []Doubt) []Warning {
	byReason := map[string][]Doubt{}
	var reasons []string
	for _, d := range doubts {
		if byReason[d.Reason] == nil {
			reasons = append(reasons, d.Reason)
		}
		byReason[d.Reason] = append(byReason[d.Reason], d)
	}
	var out []Warning
	for _, reason := range reasons {
		all := byReason[reason]
		out = append(out, Warning{
			Where: where, Count: len(all),
			What: fmt.Sprintf("wskaźnik %s: zero bez atrybutu uznano za brak informacji, bo %s: %s", id, reason, places(r, all)),
		})
	}
	return out
}

// toldPlaces is how many areas a warning names.
const toldPlaces = 12

// places names areas with their years, in order.
func places(r *stat.Register, doubts []Doubt) string {
	var parts []string
	areas := 0
	for i := 0; i < len(doubts); {
		j := i
		var years []stat.Period
		for ; j < len(doubts) && doubts[j].Area == doubts[i].Area; j++ {
			years = append(years, doubts[j].Period)
		}
		if areas++; areas <= toldPlaces {
			name := string(doubts[i].Area)
			if a, ok := r.Area(doubts[i].Area); ok && a.Name != "" {
				name += " " + a.Name
			}
			parts = append(parts, name+" "+Years(years))
		}
		i = j
	}
	text := strings.Join(parts, "; ")
	if areas > toldPlaces {
		text += fmt.Sprintf(" i jeszcze %d jednostek (wszystkie wymienia „raportjst import check”)", areas-toldPlaces)
	}
	return text
}

// Years writes periods in order with runs joined: "2003–2005, 2019".
func Years(all []stat.Period) string {
	var parts []string
	for i := 0; i < len(all); {
		j := i
		for j+1 < len(all) && all[j+1] == all[j]+1 {
			j++
		}
		part := strconv.Itoa(int(all[i]))
		if j > i {
			part += "–" + strconv.Itoa(int(all[j]))
		}
		parts = append(parts, part)
		i = j + 1
	}
	return strings.Join(parts, ", ")
}
