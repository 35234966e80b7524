package source

import (
	"strings"

	"github.com/raportjst/raportjst/generator/normal"
	"github.com/raportjst/raportjst/generator/stat"
)

// meaning is what a sign says: a state without a value, or remarks on the value. Where
// both a status and remarks stand, the observation has the remarks too.
type meaning struct {
	status stat.Status // Present: the value stands
	remark stat.Remark
	zero   bool // the value, where there is one, must be zero

	balance bool // the zero is certain: the balance of figures that are not zero
}

// attributes of BDL (bdl.stat.gov.pl/bdl/metadane/atrybut). The sign x stands for three
// things at once (no information, secrecy, impossible) and so is only missing; "-" means
// that the level or the list of units changed, not that nothing occurred. A zero printed
// beside n or x is no value.
var attributes = map[string]meaning{
	"":  {status: stat.Present},
	"-": {status: stat.Missing},
	"n": {status: stat.Pending},
	"x": {status: stat.Missing},
	"X": {status: stat.Missing, remark: stat.NewMethod},
	"a": {status: stat.BelowFormat, zero: true},
	"A": {status: stat.BelowFormat, zero: true, remark: stat.NewMethod},
	"z": {status: stat.Present, zero: true, balance: true},
	"Z": {status: stat.Present, zero: true, balance: true, remark: stat.NewMethod},
	"k": {status: stat.Present, remark: stat.Incomplete},
	"K": {status: stat.Present, remark: stat.Incomplete | stat.NewMethod},
	"M": {status: stat.Present, remark: stat.NewMethod},
	"p": {status: stat.Present, remark: stat.Joint},
	"s": {status: stat.Present, remark: stat.Preliminary},
	"v": {status: stat.Present, remark: stat.LowPrecision},
}

// conventional are the signs of GUS in print (znaki umowne), where they differ from the
// attributes of BDL or are not among them.
var conventional = map[string]meaning{
	".": {status: stat.Missing},
	"#": {status: stat.Secret},
	"x": {status: stat.NotApplicable},
	"-": {status: stat.NotOccurred, zero: true},
	"–": {status: stat.NotOccurred, zero: true},
	"—": {status: stat.NotOccurred, zero: true},
	"0": {status: stat.BelowFormat, zero: true},
	"*": {status: stat.Present, remark: stat.Revised},
}

// Attributed reads a cell of BDL: a value, or none, with an attribute. known is false for
// an attribute nobody told of; the observation is then missing. ok is false where value
// and attribute contradict each other, as 7 with a "true zero" does.
func Attributed(value float64, has bool, attribute string) (o stat.Observation, known, ok bool) {
	m, known := attributes[attribute]
	o, ok = m.observe(value, has, attribute)
	return o, known, ok
}

// Signed reads a cell with a conventional sign of GUS in print or, for what those do not
// say, an attribute of BDL, or with words instead of a figure. See Attributed.
func Signed(value float64, has bool, sign string) (o stat.Observation, known, ok bool) {
	m, known := conventional[sign]
	if !known {
		m, known = attributes[sign]
	}
	if !known && !has && SaysMissing(sign) {
		m, known = meaning{status: stat.Missing}, true
	}
	o, ok = m.observe(value, has, sign)
	return o, known, ok
}

// IsDash reports whether a sign is the dash, which GUS prints where a phenomenon did not occur
// and BDL where there is no information.
func IsDash(s string) bool { return s == "-" || s == "–" || s == "—" }

// IsSign reports whether a text that stands in place of a number is a conventional sign or
// says in words that there is none.
func IsSign(s string) bool {
	_, ok := conventional[s]
	return ok && s != "0" && s != "*" || SaysMissing(s)
}

// missingWords are what people and programs write where there is no figure, without points
// and spaces. „brak” alone is not among them: of kindergartens it may say that there are
// none; nor is an error of a formula, which somebody should look at.
var missingWords = map[string]bool{
	"bd": true, "b/d": true, "bdanych": true, "brakdanych": true, "brakdan": true, "brakinformacji": true, "brakinf": true,
	"nd": true, "n/d": true, "niedotyczy": true, "niedostępne": true, "niedostępny": true, "nieustalono": true,
	"na": true, "n/a": true, "nan": true, "null": true, "none": true, "nodata": true, "notavailable": true,
	"…": true, ":": true,
}

var pointsAndSpaces = strings.NewReplacer(".", "", " ", "", "\u00a0", "")

// SaysMissing reports whether a text in place of a number says in words, or with the dots
// and colons of other offices, that there is no figure.
func SaysMissing(s string) bool {
	if s == ".." || s == "..." {
		return true
	}
	return missingWords[strings.Trim(pointsAndSpaces.Replace(normal.Key(s)), "()[]<>")]
}

func (m meaning) observe(value float64, has bool, sign string) (stat.Observation, bool) {
	if m.zero && has && value != 0 {
		return stat.Unobserved(stat.Missing, sign), false
	}
	switch {
	case m.status != stat.Present:
		return stat.Unobserved(m.status, sign).WithRemark(m.remark), true
	case !has && m.zero:
		value = 0
	case !has:
		return stat.Unobserved(stat.Missing, sign).WithRemark(m.remark), true
	}
	return stat.Observed(value, m.remark).WithSign(sign), true
}
