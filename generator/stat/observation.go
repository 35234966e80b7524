package stat

// Status is the state of an observation (SDMX OBS_STATUS). The zero value is Missing.
type Status uint8

// Largest is the largest size of a value: no report holds a larger one, so none is imported.
const Largest = 1e15

const (
	Missing       Status = iota // no information (kropka ".")
	Present                     // a value
	NotOccurred                 // the phenomenon did not occur (kreska "–"); counts as 0 in statistics
	BelowFormat                 // occurred, less than the format shows ("0", "0,0"); ranks lowest, above NotOccurred
	Secret                      // statistical secrecy ("#"); never shown, never in statistics
	NotApplicable               // impossible or not purposeful ("x")
	Pending                     // not yet published (BDL "n")
)

// Remark is a set of qualifications of a value that stands.
type Remark uint8

const (
	Preliminary  Remark = 1 << iota // BDL s: szacunki wstępne
	Incomplete                      // BDL k, K: agregat może być niekompletny
	NewMethod                       // BDL M and the capitals: zmiany metodologiczne; the series breaks before this year
	Joint                           // BDL p: łącznie dla powiatu i miasta
	LowPrecision                    // BDL v
	Revised                         // changed since the previous edition ("*")
	NewBoundary                     // territory changed; the series breaks before this year
)

// Observation is one figure (SDMX OBS_VALUE with OBS_STATUS). The zero value is missing.
type Observation struct {
	value  float64
	Status Status
	Remark Remark
	Sign   string // the provider's own sign or attribute, kept for the record: "x", "n", "K", "id-flaga 5"
}

// Value returns the number and whether there is one. Missing, secret, pending and
// inapplicable observations have none; NotOccurred is a true zero.
func (o Observation) Value() (float64, bool) {
	switch o.Status {
	case Present, BelowFormat:
		return o.value, true
	case NotOccurred:
		return 0, true
	}
	return 0, false
}

// Observed makes an observation with a value.
func Observed(v float64, r Remark) Observation {
	return Observation{value: v, Status: Present, Remark: r}
}

// Unobserved makes an observation without a value, or with the implied zero of
// NotOccurred and BelowFormat. It panics on Present: a present value needs Observed.
func Unobserved(s Status, sign string) Observation {
	if s == Present {
		panic("stat: Unobserved(Present)")
	}
	return Observation{Status: s, Sign: sign}
}

// WithSign returns the observation with the provider's sign recorded.
func (o Observation) WithSign(sign string) Observation { o.Sign = sign; return o }

// WithRemark returns the observation with more remarks.
func (o Observation) WithRemark(r Remark) Observation { o.Remark |= r; return o }
