package bdlfile

import (
	"cmp"
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/pelletier/go-toml/v2"

	"github.com/raportjst/raportjst/generator/locale"
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
	English  []struct {
		En string `toml:"en"`
		Pl string `toml:"pl"`
	} `toml:"english"`
}

type subject struct {
	ID   string `toml:"id"`
	Name string `toml:"name"` // "" where the dimensions say it all
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
	polish     = map[string]string{}   // words of English files
	native     = map[string]bool{}     // the Polish words among them
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
	for _, w := range k.English {
		polish[w.En] = w.Pl
		native[w.Pl] = true
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

// indicator describes a series: a known variable, or the subject with the dimensions. It has
// no name where nobody knows what the series is, and no id where its words are of another
// language.
func (t *tabulation) indicator(s series) stat.Indicator {
	if s.variable != "" {
		if v, ok := variables[s.variable]; ok {
			return v.indicator()
		}
		id := stat.IndicatorID("bdl:" + s.variable)
		return stat.Indicator{ID: id, Name: cmp.Or(strings.ReplaceAll(s.slug, "_", " "), t.titles[id])}
	}
	dimensions, ok := t.translate(s.dimensions)
	if !ok {
		return stat.Indicator{}
	}
	path := t.subject
	for _, d := range dimensions {
		path += "/" + source.Slug(d)
	}
	if v, ok := variables[path]; ok {
		return v.indicator()
	}
	known := subjects[t.subject]
	unit, _ := t.word(s.unit)
	if unit == "-" {
		unit = ""
	}
	i := stat.Indicator{
		ID: stat.IndicatorID("bdl:" + path), Unit: unit, Decimals: decimals(s.cells), Aggregation: aggregation(known.Sum), Area: cmp.Or(known.Area, categories[t.category]),
	}
	i.Name = t.describe(i.ID, dimensions)
	switch {
	case unit == "%":
		i.UnitClass, i.Aggregation = stat.UnitPercent, stat.AggregateNone
	case negative(s.cells):
		i.UnitClass = stat.UnitSigned
	}
	return i
}

// describe names a series: by its subject, known or told, with its dimensions, or by the words
// that somebody has for the series. It is "" where nobody knows the subject: without it the
// dimensions mean nothing, for age and sex divide births as well as deaths.
func (t *tabulation) describe(id stat.IndicatorID, dimensions []string) string {
	known, listed := subjects[t.subject]
	label := strings.Join(dimensions, ", ")
	title := cmp.Or(known.Name, t.title, t.titles[stat.IndicatorID("bdl:"+t.subject)])
	switch {
	case listed && known.Name == "":
		return locale.Upper(label)
	case title != "":
		return title + ": " + label
	}
	return t.titles[id]
}

// englishCode is the header of the column of codes in English files.
const englishCode = "code"

// translate gives the dimensions their Polish words, so that the English file of a series is
// the same series. It fails on a word it does not know.
func (t *tabulation) translate(dimensions []string) ([]string, bool) {
	if !t.english {
		return dimensions, true
	}
	out := slices.Clone(dimensions)
	for n, d := range out {
		w, ok := t.word(d)
		if !ok {
			return nil, false
		}
		out[n] = w
	}
	return out, true
}

var (
	andMore   = regexp.MustCompile(`^(\d+) (?:and|or) (?:more|over)$`)
	quarterly = regexp.MustCompile(`^(\d)(?:st|nd|rd|th)? quarter$`)
)

// word is the Polish word for one of an English file. What has no letters, or Polish ones, is
// left as it is.
func (t *tabulation) word(s string) (string, bool) {
	lower := strings.ToLower(s)
	switch w, ok := polish[lower]; {
	case ok && t.english:
		return w, true
	case !t.english || native[lower] || !strings.ContainsFunc(s, unicode.IsLetter) || strings.ContainsAny(lower, "ąćęłńóśźż") || strings.Contains(lower, " i więcej"):
		return s, true
	}
	if m := andMore.FindStringSubmatch(lower); m != nil {
		return m[1] + " i więcej", true
	}
	if m := quarterly.FindStringSubmatch(lower); m != nil {
		return m[1] + " kwartał", true
	}
	return s, false
}

// negative reports whether a series has a value below zero.
func negative(cells *source.Pile) bool {
	for c := range cells.All() {
		if v, _ := c.Value(); v < 0 {
			return true
		}
	}
	return false
}

// decimals is how many decimals the values of a series have, at most two: what a file
// prints is what its provider shows.
func decimals(cells *source.Pile) int {
	most := 0
	for c := range cells.All() {
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
