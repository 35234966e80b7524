package web

import (
	"cmp"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/normal"
)

// Area is a unit that reports can be ordered for.
type Area struct {
	Code  string `json:"code"`  // TERYT, the canonical one
	Name  string `json:"name"`  // "Lipnica Górna", "Powiat wzorcowy"
	Kind  string `json:"kind"`  // "gmina miejsko-wiejska"
	Place string `json:"place"` // "powiat wzorcowy, województwo przykładowe"
}

// Choice is a template that can be chosen for an area.
type Choice struct{ ID, Title string }

// Catalogue is what can be ordered. It is immutable.
type Catalogue struct {
	periods []int
	areas   []Area
	index   map[string]int
	words   []string // the folded name, kind and place of each area
}

// NewCatalogue takes the areas and the periods that have data, the newest first.
func NewCatalogue(areas []Area, periods []int) *Catalogue {
	c := &Catalogue{periods: periods, areas: slices.Clone(areas), index: map[string]int{}}
	slices.SortFunc(c.areas, func(a, b Area) int { return strings.Compare(a.Code, b.Code) })
	for i, a := range c.areas {
		c.index[a.Code] = i
		c.words = append(c.words, " "+fold(a.Name+" "+a.Kind+" "+a.Place))
	}
	return c
}

func (c *Catalogue) area(code string) (Area, bool) {
	i, ok := c.index[code]
	if !ok {
		return Area{}, false
	}
	return c.areas[i], true
}

// parent is the code of the next area above; a city with powiat rights is right below its
// voivodeship.
func (c *Catalogue) parent(code string) string {
	for n := len(code) - 2; n >= 2; n -= 2 {
		if _, ok := c.index[code[:n]]; ok {
			return code[:n]
		}
	}
	return ""
}

// children are the areas right below; "" gives those at the top.
func (c *Catalogue) children(code string) []Area {
	var out []Area
	for _, a := range c.areas {
		if strings.HasPrefix(a.Code, code) && a.Code != code && c.parent(a.Code) == code {
			out = append(out, a)
		}
	}
	return out
}

// gminas are all gminas and cities in an area.
func (c *Catalogue) gminas(code string) []Area {
	var out []Area
	for _, a := range c.areas {
		if len(a.Code) == 6 && strings.HasPrefix(a.Code, code) && a.Code != code {
			out = append(out, a)
		}
	}
	return out
}

// letters are what people type in the place of Polish letters.
var letters = strings.NewReplacer("ą", "a", "ć", "c", "ę", "e", "ł", "l", "ń", "n", "ó", "o", "ś", "s", "ź", "z", "ż", "z", "-", " ", ".", " ")

// fold makes texts comparable: lower case, no Polish letters, single spaces.
func fold(s string) string {
	return strings.Join(strings.Fields(letters.Replace(normal.Key(s))), " ")
}

// find lists the areas that fit a query, the best first: a code or its beginning, or words
// each of which begins a word of the name, the kind or the place.
func (c *Catalogue) find(query string) []Area {
	query = fold(query)
	if query == "" {
		return nil
	}
	type hit struct {
		Area
		rank int
	}
	var hits []hit
	for i, a := range c.areas {
		if rank := c.rank(i, query); rank > 0 {
			hits = append(hits, hit{a, rank})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(a.rank, b.rank) })
	out := make([]Area, len(hits))
	for i, h := range hits {
		out[i] = h.Area
	}
	return out
}

// rank says how well an area fits a folded query: 1 best, 0 not at all.
func (c *Catalogue) rank(i int, query string) int {
	a := c.areas[i]
	name := fold(a.Name)
	switch {
	case a.Code == query, name == query:
		return 1
	case strings.HasPrefix(a.Code, query):
		return 2
	case strings.HasPrefix(name, query):
		return 3
	}
	for _, w := range strings.Fields(query) {
		if !strings.Contains(c.words[i], " "+w) && !strings.HasPrefix(a.Code, w) {
			return 0
		}
	}
	return 4
}
