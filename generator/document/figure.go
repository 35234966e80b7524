package document

import (
	"slices"

	"github.com/raportjst/raportjst/generator/geo"
)

// Figure is a chart or a map: a table, and how its columns are seen. It cannot be read
// without its text alternative, its caption and its table: all three are required, and
// Check refuses a figure that lacks one. Only pictures that print no value have no table:
// Image, Locator and StripKey.
type Figure struct {
	ID        string // anchor
	Label     string // "Wykres 3.1", "Mapa 4.1"
	Title     string // required
	Subtitle  string // unit, years, remarks on the axis
	Alt       string // required: what it shows, first and last value, direction, position
	Table     *Table // every value that the picture shows
	Content   Graphic
	ShowTable bool // print the table beside or under the picture
	Notes     []string
	Source    string
}

// Remarks are the notes of the figure where its picture is drawn: of a chart that leaves out rows
// they say so. Whoever draws them all has no need of it.
func (f *Figure) Remarks() []string {
	if _, ok := f.Content.(Chart); ok && f.Table != nil && f.Table.Shortened != "" {
		return append(slices.Clone(f.Notes), f.Table.Shortened)
	}
	return f.Notes
}

// Graphic says how a figure is seen: no value, no coordinate.
//
//sumtype:decl
type Graphic interface{ graphic() }

// Chart is a table seen as marks along scales.
type Chart struct {
	Mark     Mark
	Encoding []Channel // of the columns of the table, in order; what it leaves out is not seen
	Unit     string    // of the values
	Shares   bool      // stacked bars are parts of 100 %
	Band     string    // what lies between Low and High: "środkowe 50% gmin grupy"
	Breaks   []Break   // of lines over years, in all panels
}

// Mark is what stands for a value. Package chart has a file for each, with a row in its
// table of marks.
type Mark uint8

const (
	Line    Mark = iota + 1 // lines over years: X, a Y for each line, Low and High for the band
	Panels                  // small charts of lines on one scale: as Line, a panel for each Group
	Slope                   // a line for each row, between its two Y
	Bar                     // a horizontal bar for each row, in the order of the rows: Place, Name, Y
	Stack                   // a stacked bar for each row: Name, a Y for each part
	Pyramid                 // bars to both sides: Name, a Y and perhaps an Earlier for each of two Groups
	Cascade                 // bars that start where the last one ended: Name, Y
	Dot                     // a mark for each row: Name, X, Y
)

func (m Mark) String() string {
	names := [...]string{"none", "line", "panels", "slope", "bar", "stack", "pyramid", "cascade", "dot"}
	return names[min(int(m), len(names)-1)]
}

// Channel is what a column is in a picture.
type Channel struct {
	As    Position
	Role  Role   // whose values a line holds
	Name  string // in the picture; the head of the column where empty
	Group string // the panel, or the side of a pyramid
}

// Position is the place of a column in a picture.
type Position uint8

const (
	Unseen  Position = iota
	X                // years, or the first coordinate
	Y                // the value
	Low              // of the band
	High             // of the band
	Earlier          // the value some years before
	Name             // of the row
	Place            // rank
	Shade            // class of a map in words
)

// Role says whose values a line or a row holds; it decides colour, dash and mark
// (design.md §5). Rows that are marked as Own need none.
type Role uint8

const (
	Other       Role = iota // further lines, by order: Okabe–Ito with dashes and marks
	Own                     // this unit
	GroupMedian             // median of the peer group
	OwnPowiat
	OwnVoivodeship
	Peer
	GroupLow  // lower quartile of the peer group
	GroupHigh // upper quartile
	Total     // of the rows above
)

// Break is a place between two years where values are not comparable.
type Break struct {
	Before int    // the first year of the new definition
	Label  string // "od 2017 r. inna definicja, wartości sprzed i po nieporównywalne"
}

// Map is a table seen as a choropleth: Name, Y and Shade. A row is drawn as the shape of
// its Area in the colour of its Class, rows without one are not drawn; Shade is the text of
// the class, blank where there is no value.
type Map struct {
	Topology *geo.Topology
	Encoding []Channel // of the columns of the table, in order
	Classes  []Class   // ascending; 3–6
	Method   string    // "kwantyle", "Jenks": stated under the key
	KeyTitle string    // "Klasa, zł"
	Counted  string    // "Liczba gmin"
	Locator  []string  // codes of the areas of the inset; empty: none
	Within   string    // code of the area that holds them all, outlined
	Named    []string  // codes of the areas whose names are wanted where they fit
	Around   []Region  // drawn without value, as surroundings
}

// Region is an area without a value.
type Region struct {
	Code, Name string
	Own        bool // the area of the report
	Named      bool // a name is wanted if it fits
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

// Strip is the position of one unit among all of a group: one line, its own scale.
type Strip struct {
	Values  []float64 // all present values of the group, ascending, the unit's own among them
	Own     float64
	Present bool // false: the unit has no value; no mark is drawn
	Median  float64
	Low     float64 // quartiles
	High    float64
	Stats   bool  // false: the group is too small for median and quartiles; dots only
	Refs    []Ref // the observations that Values are, in any order

	// Alt says it in a few words, for a strip in a table cell: "miejsce 6. z 14, powyżej
	// mediany". Beside words that say the same (a card, a finding) it is not needed.
	Alt string
}

// denseStrip is how many values a strip shows as single marks; more run together.
const denseStrip = 60

// Dense reports a strip of so many values that it shows how thickly they lie in place of a
// mark for each.
func (s Strip) Dense() bool { return len(s.Values) > denseStrip }

// StripKey explains the strip on a real example. It prints no value.
type StripKey struct {
	Strip Strip
	Name  string // of the unit: "Lipnica Górna"
	Peer  string // "jedna gmina"
	Band  string // "środkowe 50% gmin"
	Mid   string // "mediana grupy"
}

// Point is a value of a course. Present false is a gap and is never bridged; Text then
// holds the sign.
type Point struct {
	Period  int
	Value   float64
	Present bool
	Text    string // as printed
}

// Spark is the course of an indicator in a table cell.
type Spark struct {
	Points []Point
	Refs   []Ref  // the observation that each point is
	Alt    string // the course in a few words: "2020–2025: wzrost z 45,2 do 47,3"
}

func (Chart) graphic()    {}
func (Map) graphic()      {}
func (Locator) graphic()  {}
func (StripKey) graphic() {}
func (Image) graphic()    {}
