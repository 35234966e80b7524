package bdlfile

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/stat"
)

//go:embed known.toml
var knownTOML []byte

// knowledge is what we know of subjects and variables of BDL beyond what its files say.
type knowledge struct {
	Subject  []subject  `toml:"subject"`
	Variable []variable `toml:"variable"`
}

type subject struct {
	ID       string `toml:"id"`
	Name     string `toml:"name"`
	Area     string `toml:"area"`
	Class    string `toml:"unit_class"`
	Decimals int    `toml:"decimals"`
	Sum      bool   `toml:"sum"`
}

type variable struct {
	ID        string `toml:"id"`
	Path      string `toml:"path"` // subject and slugs of the dimensions, where certain
	Name      string `toml:"name"`
	Label     string `toml:"label"`
	Unit      string `toml:"unit"`
	Area      string `toml:"area"`
	Class     string `toml:"unit_class"`
	Direction string `toml:"direction"`
	Decimals  int    `toml:"decimals"`
	Sum       bool   `toml:"sum"`
}

var (
	subjects  = map[string]subject{}  // by id
	variables = map[string]variable{} // by id and by path
)

func init() {
	var k knowledge
	if err := toml.Unmarshal(knownTOML, &k); err != nil {
		panic("bdlfile: known.toml: " + err.Error()) // held by a test
	}
	for _, s := range k.Subject {
		subjects[s.ID] = s
	}
	for _, v := range k.Variable {
		variables[v.ID] = v
		if v.Path != "" {
			variables[v.Path] = v
		}
	}
}

var (
	classes    = map[string]stat.UnitClass{"percent": stat.UnitPercent, "signed": stat.UnitSigned}
	directions = map[string]stat.Direction{"higher": stat.HigherBetter, "lower": stat.LowerBetter}
)

func aggregation(sum bool) stat.Aggregation {
	if sum {
		return stat.AggregateSum
	}
	return stat.AggregateNone
}

// Known describes a variable of BDL by its number, where we know it.
func Known(id string) (stat.Indicator, bool) {
	v, ok := variables[id]
	if !ok || strings.Contains(id, "/") {
		return stat.Indicator{}, false
	}
	return v.indicator(), true
}

// KnownVariables lists the variables that Known describes, in order of id.
func KnownVariables() []stat.IndicatorID {
	var ids []stat.IndicatorID
	for key, v := range variables {
		if key == v.ID {
			ids = append(ids, v.indicator().ID)
		}
	}
	slices.Sort(ids)
	return ids
}

func (v variable) indicator() stat.Indicator {
	return stat.Indicator{
		ID: stat.IndicatorID("bdl:" + v.ID), Name: v.Name, Label: v.Label, Unit: v.Unit, UnitClass: classes[v.Class],
		Decimals: v.Decimals, Direction: directions[v.Direction], Aggregation: aggregation(v.Sum), Area: v.Area,
	}
}

// indicator describes a series: a known variable, or the subject with the dimensions.
func (t *tabulation) indicator(s series) stat.Indicator {
	if s.variable != "" {
		if v, ok := variables[s.variable]; ok {
			return v.indicator()
		}
		return stat.Indicator{ID: stat.IndicatorID("bdl:" + s.variable), Name: strings.ReplaceAll(s.slug, "_", " ")}
	}
	path := t.subject
	for _, d := range s.dimensions {
		path += "/" + source.Slug(d)
	}
	if v, ok := variables[path]; ok {
		return v.indicator()
	}
	known := subjects[t.subject]
	name := known.Name
	if name == "" {
		name = t.title
	}
	label := strings.Join(s.dimensions, ", ")
	if name == "" {
		name = label
	} else {
		name += ": " + label
	}
	unit := s.unit
	if unit == "-" {
		unit = ""
	}
	return stat.Indicator{
		ID: stat.IndicatorID("bdl:" + path), Name: name, Unit: unit, UnitClass: classFor(known.Class, unit),
		Decimals: max(known.Decimals, decimals(s.cells)), Aggregation: aggregation(known.Sum), Area: known.Area,
	}
}

func classFor(class, unit string) stat.UnitClass {
	if c, ok := classes[class]; ok {
		return c
	}
	if unit == "%" {
		return stat.UnitPercent
	}
	return stat.UnitAmount
}

// decimals is how many decimals the values of a series have, at most two: what a file
// prints is what its provider shows.
func decimals(cells []cell) int {
	most := 0
	for _, c := range cells {
		v, _ := c.Value()
		for n := most; n < 2; n++ {
			if scaled := v * pow10[n]; scaled != float64(int64(scaled)) {
				most = n + 1
			}
		}
	}
	return most
}

var pow10 = [...]float64{1, 10}
