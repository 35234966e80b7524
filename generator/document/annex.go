package document

// Annex is every figure behind the report in long form, and what is needed to understand
// and repeat it. The workbook and the attached table are made from it.
type Annex struct {
	Own        string // code of the report's area
	Areas      []AnnexArea
	Indicators []AnnexIndicator
	Data       []Datum // by indicator, area, period
	Statistics []Statistic
	Method     []Field // rule of the group, median, signs, …
	Signs      []Definition
	Versions   []Field // template, data set, program, checksum, licence
	Missing    []Absence
}

// AnnexArea is an area of the report: its own, a neighbour, a peer, the powiat, ….
type AnnexArea struct {
	Code, Name, Kind string
	Relation         string // "opisywana", "sąsiednia", "grupa porównawcza", "sąsiednia, grupa porównawcza", "powiat", "województwo"
}

// AnnexIndicator describes an indicator.
type AnnexIndicator struct {
	ID, Name, Label, Unit string
	Decimals              int
	Direction             string // "wyższa wartość korzystniejsza", …; "" where none
	Area, Service         string
	Dimension             string // "koszt", "jakość", …; "" where nobody gave one
	Definition, Formula   string
	Source                string // "GUS, BDL"
	Extracted             string // date of download, "15.04.2026"; of several tiers "29.03.2025 (powiaty), 7.04.2022 (gminy)"
	Percent               bool   // changes in percentage points
	Signed                bool   // changes in units
}

// Datum is one observation.
type Datum struct {
	Area, Indicator string
	Period          int
	Value           float64
	Present         bool
	Sign            string // GUS sign; "" for an ordinary value
	Status          string // in words: "brak informacji", "tajemnica statystyczna", "zmiana metodologiczna"
	Extracted       string // date of download, where the indicator has several; else ""
}

// Statistic is the comparison of the own area for one indicator and period.
type Statistic struct {
	Indicator        string
	Period           int
	Group            string // name of the peer group
	N                int
	Median           float64
	Low, High        float64
	Rank             int
	HasStats, Ranked bool
	Changes          []Number // of the own area, with the newest period: over one year, over five, since its first year; absent where not Present
}

// Absence is a figure that is missing.
type Absence struct {
	Indicator string // label
	Periods   string // "2021–2022"
	Sign      string
	Reason    string
}
