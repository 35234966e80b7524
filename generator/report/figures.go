package report

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/peer"
	"github.com/raportjst/raportjst/generator/stat"
)

// GUS conventional signs (znaki umowne).
const (
	signDash    = locale.Dash // the phenomenon did not occur
	signDot     = "."         // no information
	signX       = "x"         // impossible or not purposeful to fill
	signSecret  = "#"         // statistical secrecy
	signZero    = "0"         // occurred, less than the format shows
	signRevised = "*"
)

// explained is what the note under a table explains: the signs that occur in it and the
// values that need caution.
type explained struct {
	signs    []string
	cautions []string // "dane wstępne: Bezrobotni zarejestrowani (2025)"
}

// explain walks a table.
func explain(t *document.Table) explained {
	var e explained
	for n := range t.Numbers() {
		for _, s := range []string{n.Sign, n.Mark} {
			if s != "" && !slices.Contains(e.signs, s) {
				e.signs = append(e.signs, s)
			}
		}
		if n.Caution != "" && !slices.Contains(e.cautions, n.Caution) {
			e.cautions = append(e.cautions, n.Caution)
		}
	}
	return e
}

// signs are the conventional signs with their names and meanings, in the order printed.
var signs = []struct {
	sign, name, text string
	sentence         string
}{
	{signDash, "kreska", "zjawisko nie wystąpiło", "kreska (–) – zjawisko nie wystąpiło"},
	{signZero, "zero", "wystąpiło, lecz mniejsze niż podawana dokładność", "zero (0) – zjawisko wystąpiło, lecz jest mniejsze niż podawana dokładność"},
	{signDot, "kropka", "brak informacji lub brak informacji wiarygodnych", "kropka (.) – brak informacji"},
	{signX, "iks", "wypełnienie niemożliwe lub niecelowe", "znak x – wypełnienie niemożliwe lub niecelowe"},
	{signSecret, "krzyżyk", "dane objęte tajemnicą statystyczną lub takie, z których dałoby się je obliczyć", "znak # – tajemnica statystyczna lub wartość, z której dałoby się ją obliczyć"},
	{signRevised, "gwiazdka", "dane zmienione wobec poprzedniego wydania", "gwiazdka (*) – dane zmienione wobec poprzedniego wydania"},
}

// line explains the signs that occur, in one line.
func (e explained) line() string {
	var out []string
	for _, s := range signs {
		if slices.Contains(e.signs, s.sign) {
			out = append(out, s.sentence)
		}
	}
	if len(out) == 0 {
		return ""
	}
	return locale.Bind(locale.Upper(strings.Join(out, "; ")) + ".")
}

// notes is the note under a table: the signs, then the cautions, then more.
func notes(t *document.Table, more ...string) []string {
	e := explain(t)
	said := []string{e.line()}
	if len(e.cautions) > 0 {
		said = append(said, locale.Upper(strings.Join(e.cautions, "; "))+".")
	}
	return note(append(said, more...)...)
}

// note is the note under a block: its sentences, those that are not empty, in one line.
func note(sentences ...string) []string {
	sentences = slices.DeleteFunc(sentences, func(s string) bool { return s == "" })
	if len(sentences) == 0 {
		return nil
	}
	return []string{locale.Bind(strings.Join(sentences, " "))}
}

// signOf is the sign in the place of an observation without a value.
func signOf(s stat.Status) string {
	switch s {
	case stat.Secret:
		return signSecret
	case stat.NotApplicable:
		return signX
	}
	return signDot
}

// protective is the sign on record of a figure that is not secret itself but would give away
// one that is.
const protective = "# (ochrona)"

// statusWords says in words why there is no value.
func statusWords(o stat.Observation) string {
	switch o.Status {
	case stat.Secret:
		if o.Sign == protective {
			return "ochrona tajemnicy statystycznej innej wartości"
		}
		return "tajemnica statystyczna"
	case stat.NotApplicable:
		return "wypełnienie niemożliwe lub niecelowe"
	case stat.Pending:
		return "dane jeszcze nieopublikowane"
	case stat.NotOccurred:
		return "zjawisko nie wystąpiło"
	case stat.BelowFormat:
		return "wartość mniejsza niż podawana dokładność"
	case stat.Missing:
		return "brak informacji"
	}
	return remarkWords(o.Remark)
}

// remarks are the qualifications of a value in words.
var remarks = []struct {
	bit  stat.Remark
	text string
}{
	{stat.Preliminary, "dane wstępne"},
	{stat.Incomplete, "agregat może być niekompletny"},
	{stat.NewMethod, "zmiana metodologiczna"},
	{stat.Joint, "łącznie dla powiatu i miasta na prawach powiatu"},
	{stat.LowPrecision, "dane o niskiej precyzji"},
	{stat.Revised, "dane zmienione wobec poprzedniego wydania"},
	{stat.NewBoundary, "zmiana granic"},
}

func remarkWords(r stat.Remark) string {
	if r == 0 {
		return ""
	}
	var out []string
	for _, x := range remarks {
		if r&x.bit != 0 {
			out = append(out, x.text)
		}
	}
	return strings.Join(out, ", ")
}

// cautionary are the remarks that a table explains under it.
const cautionary = stat.Preliminary | stat.Incomplete | stat.Joint | stat.LowPrecision

// observed is a figure of an area as a number.
func (b *builder) observed(m *measure, a stat.AreaCode, p stat.Period) document.Number {
	return b.figure(m, a, p, b.l.observe(m, a, p))
}

// figure is an observation of an area as a number that tells where it is from.
func (b *builder) figure(m *measure, a stat.AreaCode, p stat.Period, o stat.Observation) document.Number {
	n := b.number(m, o)
	n.Origin = document.Origin{Op: document.Observed, Refs: []document.Ref{ref(m, a, p)}}
	if o.Remark&cautionary != 0 && n.Present && a == b.area.Code {
		n.Caution = remarkWords(o.Remark&cautionary) + ": " + m.lower() + " (" + strconv.Itoa(int(p)) + ")"
	}
	return n
}

// number prints an observation: its value, or the sign in its place.
func (b *builder) number(m *measure, o stat.Observation) document.Number {
	n := document.Number{Decimals: m.Decimals, Scale: m.scale, Unit: m.unit.Label()}
	v, ok := o.Value()
	if !ok {
		n.Text = signOf(o.Status)
		n.Sign = n.Text
		return n
	}
	n.Value, n.Present, n.Text = v, true, m.text(v)
	switch {
	case o.Status == stat.NotOccurred:
		n.Text, n.Sign = signDash, signDash
	case o.Status == stat.BelowFormat, v != 0 && m.printed(v) == 0:
		n.Sign = signZero
	}
	if o.Remark&stat.Revised != 0 {
		n.Mark = signRevised
	}
	return n
}

// sign is a number that is only a sign.
func sign(s string) document.Number { return document.Number{Text: s, Sign: s} }

// statistic is what an operation makes of observations.
func statistic(m *measure, op document.Op, v float64, refs []document.Ref) document.Number {
	return document.Number{
		Value: v, Present: true, Decimals: m.Decimals, Scale: m.scale, Unit: m.unit.Label(), Text: m.text(v),
		Origin: document.Origin{Op: op, Refs: refs},
	}
}

// median is the median of a sample, or x where the group is too small.
func (b *builder) median(m *measure, s *sample, p stat.Period) document.Number {
	if !s.Enough() {
		return sign(signX)
	}
	return statistic(m, document.Median, s.Median, b.refs(s, m, p))
}

// place is the rank as a number: "6.".
func (b *builder) place(r *reading) document.Number {
	if !r.ranked {
		return sign(signX)
	}
	return document.Number{
		Value: float64(r.rank), Present: true, Text: strconv.Itoa(r.rank) + ".",
		Origin: b.rank(r.sample, r.measure, r.year, b.area.Code),
	}
}

// rankOf is the rank in words: "9. z 14".
func (r *reading) rankOf() string {
	if !r.ranked {
		return ""
	}
	return strconv.Itoa(r.rank) + "." + locale.NBSP + "z" + locale.NBSP + strconv.Itoa(r.sample.N())
}

// strip is the position of the area among the group; nil where fewer than two have values.
func (b *builder) strip(r *reading) *document.Strip {
	if r.sample == nil || r.sample.N() < 2 {
		return nil
	}
	return &document.Strip{
		Values: r.sample.Sorted, Own: r.value, Present: r.has, Median: r.sample.Median, Low: r.sample.Low, High: r.sample.High, Stats: r.sample.Enough(),
		Refs: b.refs(r.sample, r.measure, r.year),
	}
}

// unchanged is how a change below the displayed precision is printed.
const unchanged = "bez" + locale.NBSP + "zmian"

// changeText prints a change with its sign and unit: "−2,1%", "+2,1 p. proc.", "+95 zł".
func changeText(m *measure, c peer.Change) string {
	if still(m, c) {
		return unchanged
	}
	switch c = visible(m, c); c.Class {
	case stat.UnitAmount:
		return locale.Signed(c.Value, m.percentDecimals(c)) + "%"
	case stat.UnitPercent:
		return locale.Signed(c.Value, max(m.Decimals, 1)) + points
	}
	text := locale.Signed(m.shown(c.Value), m.Decimals)
	if m.unit.Currency() {
		text += locale.NBSP + m.unit.Label()
	}
	return text
}

// fewEvents is the count of persons or events below which a change in per cent would only tell
// chance: 2 marriages and then 8 are „+6”, not „o 300% więcej”.
const fewEvents = 30

// counts reports a measure of how many persons, things or events there are.
func (m *measure) counts() bool {
	return m.UnitClass == stat.UnitAmount && m.Decimals == 0 && m.scale == 0 && m.unit.Noun() != locale.Noun{} && !strings.Contains(m.Unit, "/") &&
		!strings.Contains(spoken(m.Name+" "+m.Label), " na 1")
}

// expressed is a change as reports tell it: of small counts in units.
func (m *measure) expressed(c peer.Change) peer.Change {
	if (c.State == peer.Measured || c.State == peer.FromZero) && c.Earlier >= 0 && c.Earlier < fewEvents && m.counts() {
		c.State, c.Class, c.Value = peer.Measured, stat.UnitSigned, c.Later-c.Earlier
	}
	return c
}

// percentDecimals are the decimals of a change in per cent: none where a whole number of one or
// two digits, which may be rounded itself, changed.
func (m *measure) percentDecimals(c peer.Change) int {
	if m.Decimals == 0 && m.scale == 0 && !m.unit.Currency() && (math.Abs(c.Earlier) < 100 || math.Abs(c.Later) < 100) {
		return 0
	}
	return 1
}

// points is the unit of a change of a percentage.
const points = locale.NBSP + "p." + locale.NBSP + "proc."

// still reports a change below the displayed precision of the value: both years print the same.
func still(m *measure, c peer.Change) bool {
	return m.printed(c.Later) == m.printed(c.Earlier) && m.printed(c.Later-c.Earlier) == 0 || c.Class != stat.UnitAmount && m.printed(c.Value) == 0
}

// faint reports a change that shows in the value but rounds to nothing in per cent.
func faint(m *measure, c peer.Change) bool {
	return c.Class == stat.UnitAmount && !still(m, c) && locale.Round(c.Value, m.percentDecimals(c)) == 0
}

// visible is a change in units where it would round to nothing in per cent without being nothing.
func visible(m *measure, c peer.Change) peer.Change {
	if faint(m, c) {
		c.Class, c.Value = stat.UnitSigned, c.Later-c.Earlier
	}
	return c
}

// leastShown is what a change in per cent must reach to show: "0,05%".
func leastShown(m *measure, c peer.Change) string {
	d := m.percentDecimals(c)
	return locale.Number(0.5*math.Pow10(-d), d+1) + "%"
}

// changed is a change as a number.
func (b *builder) changed(r *reading, c peer.Change) document.Number {
	switch {
	case c.State == peer.Measured:
	case c.State == peer.Unmeasured && r.has: // for want of the base, whose sign says why
		return sign(signOf(b.l.observe(r.measure, b.area.Code, c.From).Status))
	default:
		return sign(signX)
	}
	return b.changeNumber(r.measure, c)
}

// changeNumber is a change that was measured.
func (b *builder) changeNumber(m *measure, c peer.Change) document.Number {
	c = visible(m, c)
	n := document.Number{Value: c.Value, Present: true, Text: changeText(m, c), Decimals: m.Decimals, Scale: m.scale, Unit: m.unit.Label()}
	n.Origin = document.Origin{Op: document.Change, Refs: []document.Ref{
		ref(m, b.area.Code, c.From), ref(m, b.area.Code, c.To),
	}}
	switch c.Class {
	case stat.UnitAmount:
		n.Origin.Op, n.Unit, n.Decimals, n.Scale = document.ChangePercent, "%", m.percentDecimals(c), 0
	case stat.UnitPercent:
		n.Unit, n.Decimals = "p."+locale.NBSP+"proc.", max(m.Decimals, 1)
	}
	return n
}

// points of a series of the area over years.
func (b *builder) points(m *measure, a stat.AreaCode, years []int) []document.Point {
	out := make([]document.Point, len(years))
	read := b.l.series(m, a)
	for i, y := range years {
		out[i] = b.point(m, read(stat.Period(y)), y)
	}
	return out
}

func (b *builder) point(m *measure, o stat.Observation, year int) document.Point {
	v, ok := o.Value()
	if !ok {
		return document.Point{Period: year, Text: signOf(o.Status)}
	}
	p := document.Point{Period: year, Value: m.shown(v), Present: true, Text: m.text(v)}
	if o.Status == stat.NotOccurred {
		p.Text = signDash
	}
	return p
}

// years lists the years from first to last.
func years(first, last stat.Period) []int {
	out := make([]int, 0, max(int(last-first)+1, 0))
	for y := first; y <= last; y++ {
		out = append(out, int(y))
	}
	return out
}
