package smup

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/pelletier/go-toml/v2"

	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/stat"
)

//go:embed indicators.toml
var indicatorsTOML string

// knownIndicator is what indicators.toml says of an indicator.
type knownIndicator struct {
	ID    int64  `toml:"id"`
	City  int64  `toml:"city"`
	Label string `toml:"label"`
	Unit  string `toml:"unit"`
	Class string `toml:"class"`
}

// known reads the configuration: the indicators by id, a twin with the words of the other.
var known = sync.OnceValue(func() map[int64]knownIndicator {
	var file struct {
		Indicator []knownIndicator `toml:"indicator"`
	}
	if err := toml.NewDecoder(strings.NewReader(indicatorsTOML)).DisallowUnknownFields().Decode(&file); err != nil {
		panic("smup: indicators.toml: " + err.Error())
	}
	all := map[int64]knownIndicator{}
	for _, k := range file.Indicator {
		all[k.ID] = k
		if k.City != 0 {
			twin := k
			twin.ID, twin.City = k.City, 0
			all[k.City] = twin
		}
	}
	return all
})

var classes = map[string]stat.UnitClass{"": stat.UnitAmount, "percent": stat.UnitPercent, "signed": stat.UnitSigned}

// dress puts the configured words on an indicator. The official name stays.
// KnownIndicators lists the indicators that indicators.toml describes, in order of number.
func KnownIndicators() []stat.IndicatorID {
	var ids []stat.IndicatorID
	for _, id := range slices.Sorted(maps.Keys(known())) {
		ids = append(ids, indicatorID(id))
	}
	return ids
}

func (k knownIndicator) dress(i stat.Indicator) stat.Indicator {
	i.Label, i.Unit, i.UnitClass = k.Label, k.Unit, classes[k.Class]
	return i
}

// pair lists the wanted indicators (nil: all), each that has a twin for cities together with
// it, in order of id. A city indicator asked for alone comes alone.
func (s *Source) pair(c *catalogue, wanted []int64) [][]int64 {
	twin := s.twins(c)
	if wanted == nil {
		wanted = slices.Collect(maps.Keys(c.indicators))
	}
	taken := map[int64]bool{}
	slices.Sort(wanted)
	for _, id := range wanted {
		if city, ok := twin[id]; ok {
			taken[city] = true
		}
	}
	var pairs [][]int64
	for _, id := range slices.Compact(wanted) {
		city, ok := twin[id]
		switch {
		case ok:
			pairs = append(pairs, []int64{id, city})
		case !taken[id]:
			pairs = append(pairs, []int64{id})
		}
	}
	return pairs
}

// twins maps gmina indicators to their twins for cities with powiat rights: those of the
// configuration, and those whose names differ in nothing but whom they are about.
func (s *Source) twins(c *catalogue) map[int64]int64 {
	twins := map[int64]int64{}
	used := map[int64]bool{}
	for _, id := range slices.Sorted(maps.Keys(known())) {
		k := known()[id]
		_, here := c.indicators[id]
		_, there := c.indicators[k.City]
		switch {
		case k.City == 0 || !here:
		case !there:
			s.warn.Add(fmt.Sprintf("SMUP, wskaźnik %d", id), fmt.Sprintf("w katalogu nie ma wskaźnika %d dla miast na prawach powiatu", k.City), 1)
		default:
			twins[id], used[id], used[k.City] = k.City, true, true
		}
	}
	type theme struct{ area, service, name string }
	gminas, cities := map[theme][]int64{}, map[theme][]int64{}
	for id, i := range c.indicators {
		name, gmina, city := tierless(i.Name)
		key := theme{i.Area, i.Service, name}
		switch {
		case used[id] || gmina == city:
		case gmina:
			gminas[key] = append(gminas[key], id)
		case city:
			cities[key] = append(cities[key], id)
		}
	}
	for key, of := range gminas {
		if with := cities[key]; len(of) == 1 && len(with) == 1 {
			twins[of[0]] = with[0]
		}
	}
	return twins
}

// tierless takes from the name of an indicator the words that say whether it is about
// gminas or about cities with powiat rights, and tells which of them it had.
func tierless(name string) (rest string, gmina, city bool) {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	var kept []string
	for i := 0; i < len(words); i++ {
		switch {
		case strings.HasPrefix(words[i], "miast") && i+3 < len(words) && words[i+1] == "na" && words[i+2] == "prawach" && words[i+3] == "powiatu":
			city = true
			i += 3
			kept = append(kept, "§")
		case slices.Contains(gminaForms, words[i]):
			gmina = true
			kept = append(kept, "§")
		default:
			kept = append(kept, words[i])
		}
	}
	return strings.Join(kept, " "), gmina, city
}

var gminaForms = strings.Fields("gmina gminy gminie gminę gminą gmin gminom gminami gminach")

// join makes the second of two figures the twin of the first if their areas show that they
// are: one has the gminas, the other the cities, and no figure stands in both.
func (s *Source) join(w *work, of *figures, with figures) {
	where := fmt.Sprintf("SMUP, wskaźniki %s i %s", of.indicator.ID, with.indicator.ID)
	ofCover, withCover := cover(w.register, of.cells), cover(w.register, with.cells)
	for period, areas := range withCover {
		for code := range areas {
			if !code.CityPowiat() || ofCover[period][code] {
				s.warn.Add(where, fmt.Sprintf("nie połączono ich, bo nie dzielą się na gminy i miasta (np. %s w %d roku)", code, period), 1)
				return
			}
		}
	}
	of.indicator.Twin = with.indicator.ID
	var gminas, cities int
	for _, a := range w.register.Areas() {
		switch {
		case a.Code.Level() != stat.LevelGmina:
		case a.Code.CityPowiat():
			cities++
		default:
			gminas++
		}
	}
	for _, period := range slices.Sorted(maps.Keys(ofCover)) {
		if n := len(ofCover[period]); n < gminas {
			s.warn.Add(where, fmt.Sprintf("w roku %d są dane %d z %d gmin", period, n, gminas), gminas-n)
		}
		if n := len(withCover[period]); n < cities {
			s.warn.Add(where, fmt.Sprintf("w roku %d są dane %d z %d miast na prawach powiatu", period, n, cities), cities-n)
		}
	}
}

// cover lists the gminas, cities among them, that have a figure in each period. A city that
// has it on the powiat tier counts by its gmina code.
func cover(r *stat.Register, cells []source.Cell) map[stat.Period]map[stat.AreaCode]bool {
	all := map[stat.Period]map[stat.AreaCode]bool{}
	for _, c := range cells {
		code := r.Canonical(c.Area)
		if code.Level() != stat.LevelGmina {
			continue
		}
		if all[c.Period] == nil {
			all[c.Period] = map[stat.AreaCode]bool{}
		}
		all[c.Period][code] = true
	}
	return all
}
