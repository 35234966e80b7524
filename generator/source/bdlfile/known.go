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
	Category []struct {
		ID   string `toml:"id"`
		Area string `toml:"area"`
	} `toml:"category"`
	Subject  []subject  `toml:"subject"`
	Variable []variable `toml:"variable"`
}

type subject struct {
	ID   string `toml:"id"`
	Name string `toml:"name"`
	Area string `toml:"area"`
	Sum  bool   `toml:"sum"`
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
	categories = map[string]string{}   // service area by category
	subjects   = map[string]subject{}  // by id
	variables  = map[string]variable{} // by id and by path
)

func init() {
	var k knowledge
	if err := toml.Unmarshal(knownTOML, &k); err != nil {
		panic("bdlfile: known.toml: " + err.Error()) // held by a test
	}
	for _, c := range k.Category {
		categories[c.ID] = c.Area
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
	unit := s.unit
	if unit == "-" {
		unit = ""
	}
	i := stat.Indicator{
		ID: stat.IndicatorID("bdl:" + path), Name: t.describe(known.Name, s.dimensions), Unit: unit,
		Decimals: decimals(s.cells), Aggregation: aggregation(known.Sum), Area: known.Area,
	}
	if known.Name == "" && t.title == "" { // what the file says; the name adds where that stands
		i.Label = strings.Join(slices.DeleteFunc(slices.Clone(s.dimensions), func(d string) bool { return d == whole }), ", ")
	}
	if i.Area == "" {
		i.Area = categories[t.category]
	}
	switch {
	case unit == "%":
		i.UnitClass, i.Aggregation = stat.UnitPercent, stat.AggregateNone
	case slices.ContainsFunc(s.cells, negative):
		i.UnitClass = stat.UnitSigned
	}
	return i
}

// whole is the value of a dimension that says nothing of what is counted.
const whole = "ogółem"

func negative(c cell) bool {
	v, _ := c.Value()
	return v < 0
}

// describe names a series: by its subject, known or told by the file, else by the names of
// the dimensions, else by the number of the subject.
func (t *tabulation) describe(subject string, dimensions []string) string {
	label := strings.Join(dimensions, ", ")
	switch {
	case subject != "":
		return subject + ": " + label
	case t.title != "":
		return t.title + ": " + label
	case len(t.headers) == len(dimensions):
		parts := make([]string, len(dimensions))
		for i, d := range dimensions {
			parts[i] = t.headers[i] + ": " + d
		}
		return strings.Join(parts, "; ")
	}
	return "Podgrupa BDL " + t.subject + ": " + label
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
