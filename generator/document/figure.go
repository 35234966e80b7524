package document

import "github.com/raportjst/raportjst/generator/geo"

// Figure is a chart or a map. It cannot be read without its text alternative, its caption
// and its data: all three are required and Check refuses a figure that lacks one.
type Figure struct {
	ID       string // anchor
	Label    string // "Wykres 3.1", "Mapa 4.1"
	Title    string // required
	Subtitle string // unit, years, remarks on the axis
	Alt      string // required: what it shows, first and last value, direction, position
	Content  Graphic
	Data     *Table // the table twin; DataAt where the table stands elsewhere
	DataAt   string // anchor of the table that holds the same figures
	ShowData bool   // print Data beside or under the picture
	Notes    []string
	Source   string
}

// Graphic is the specification of a picture: data and roles, no coordinates.
//
//sumtype:decl
type Graphic interface{ graphic() }

// Role says whose values a series holds; it decides colour, dash and mark (design.md §5).
type Role uint8

const (
	Other       Role = iota // further series, by order: Okabe–Ito with dashes and marks
	Own                     // this unit
	GroupMedian             // median of the peer group
	OwnPowiat
	OwnVoivodeship
	Peer
)

// Point is a value of a series. Present false is a gap and is never bridged; Text then
// holds the sign.
type Point struct {
	Period  int
	Value   float64
	Present bool
	Text    string // as printed
}

// Series is a named line.
type Series struct {
	Name   string
	Role   Role
	Points []Point // one for each period of the chart, in order
}

// Break is a place between two years where values are not comparable.
type Break struct {
	Before int    // the first year of the new definition
	Label  string // "od 2017 r. inna definicja, wartości sprzed i po nieporównywalne"
}

// Trend is values over years against the group.
type Trend struct {
	Unit     string
	Decimals int
	Periods  []int
	Series   []Series
	Low      []Point // lower and upper quartile of the group; both empty: no band
	High     []Point
	BandName string // "środkowe 50% gmin grupy"
	Breaks   []Break
}

// Strip is the position of one unit among all of a group: one line, its own scale.
type Strip struct {
	Values  []float64 // all present values of the group, ascending, the unit's own among them
	Own     float64
	Present bool // false: the unit has no value; no mark is drawn
	Median  float64
	Low     float64 // quartiles
	High    float64
	Stats   bool // false: the group is too small for median and quartiles; dots only

	// Alt says it in a few words, for a strip in a table cell: "miejsce 6. z 14, powyżej
	// mediany". Beside words that say the same (a card, a finding) it is not needed.
	Alt string
}

// StripKey explains the strip on a real example.
type StripKey struct {
	Strip Strip
	Name  string // of the unit: "Lipnica Górna"
	Peer  string // "jedna gmina"
	Band  string // "środkowe 50% gmin"
	Mid   string // "mediana grupy"
}

// Spark is the course of an indicator in a table cell.
type Spark struct {
	Points []Point
	Alt    string // the course in a few words: "2020–2025: wzrost z 45,2 do 47,3"
}

// Bar is one row of a Ranking.
type Bar struct {
	Name    string
	Value   float64
	Present bool
	Text    string
	Rank    string // "6."
	Own     bool
}

// Ranking is horizontal bars in order of value.
type Ranking struct {
	Unit     string
	Decimals int
	Bars     []Bar // sorted from the highest; missing last
	Median   Point // Present false: none is drawn
	Low      Point
	High     Point
	BandName string
}

// Part is one component of a Structure.
type Part struct {
	Name string
	Rest bool // the remainder ("pozostałe")
}

// Structure is stacked bars, one a row, of absolute values or of shares.
type Structure struct {
	Unit     string
	Decimals int
	Percent  bool // 100 % bars
	Parts    []Part
	Rows     []StructureRow
}

// StructureRow is one bar.
type StructureRow struct {
	Name   string  // "2025"
	Own    bool    // the row to stress: the latest year or the unit
	Values []Point // one for each part
}

// Pyramid is population by sex and age.
type Pyramid struct {
	Ages    []string    // youngest first
	Left    PyramidSide // men
	Right   PyramidSide // women
	Period  int
	Earlier int // the year of the step line; 0: none
}

// PyramidSide is one half.
type PyramidSide struct {
	Name    string // "Mężczyźni"
	Total   string // "6 641"
	Now     []Point
	Earlier []Point
}

// Slope is before and after.
type Slope struct {
	Unit     string
	Decimals int
	From, To int
	Series   []Series // two points each
}

// Multiples is small charts on one scale.
type Multiples struct {
	Unit     string
	Decimals int
	Periods  []int
	Panels   []Panel
	Breaks   []Break // in all panels
}

// Panel is one of them.
type Panel struct {
	Title  string
	Series []Series
}

// Waterfall leads from a first total over steps to a last one.
type Waterfall struct {
	Unit     string
	Decimals int
	Steps    []Step
}

// Step is one bar of a Waterfall. Totals stand on zero; others start where the last ended.
type Step struct {
	Name  string
	Point Point
	Total bool
}

// Scatter sets cost against quality, one mark a unit.
type Scatter struct {
	XName, XUnit string
	YName, YUnit string
	XDecimals    int
	YDecimals    int
	Dots         []Dot
	XMedian      Point
	YMedian      Point
}

// Dot is one unit of a Scatter.
type Dot struct {
	Name string
	X, Y Point
	Own  bool
}

// Map is a choropleth.
type Map struct {
	Topology *geo.Topology
	Unit     string
	Decimals int
	Regions  []Region
	Classes  []Class  // ascending; 3–6
	Method   string   // "kwantyle", "Jenks": stated under the key
	KeyTitle string   // "Klasa, zł"
	Counted  string   // "Liczba gmin"
	Locator  []string // codes of the areas of the inset; empty: none
	Within   string   // code of the area that holds them all, outlined
}

// Region is one area of a Map.
type Region struct {
	Code    string
	Name    string
	Value   Point
	Class   int  // index into Classes; −1 where missing
	Own     bool // outlined
	Label   bool // a name is wanted if it fits
	Context bool // drawn without value, as surroundings
}

// Class is a class of a choropleth: Low ≤ value < High, the last one closed.
type Class struct {
	Low, High float64
	Text      string // "od 400 do 699"
	Count     int
}

// Locator is the quiet map of a cover: the areas of Within, the powiat and the unit.
type Locator struct {
	Topology *geo.Topology
	Within   string   // voivodeship (or "00")
	Lines    []string // codes of the areas whose borders are drawn
	Powiat   string   // filled lightly; "" none
	Inner    []string // areas inside the powiat
	Own      string   // filled
	Members  []string // filled lightly, each with its outline: areas that the report sets side by side
	Labels   []Region // Name and Code of what is labelled
}

func (Trend) graphic()     {}
func (Strip) graphic()     {}
func (StripKey) graphic()  {}
func (Spark) graphic()     {}
func (Ranking) graphic()   {}
func (Structure) graphic() {}
func (Pyramid) graphic()   {}
func (Slope) graphic()     {}
func (Multiples) graphic() {}
func (Waterfall) graphic() {}
func (Scatter) graphic()   {}
func (Map) graphic()       {}
func (Locator) graphic()   {}
func (Image) graphic()     {}
