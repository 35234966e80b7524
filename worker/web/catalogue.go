package web

import (
	"slices"
	"strings"
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
	names   []searched
}

// NewCatalogue takes the areas and the periods that have data, the newest first.
func NewCatalogue(areas []Area, periods []int) *Catalogue {
	c := &Catalogue{periods: periods, areas: slices.Clone(areas), index: map[string]int{}}
	slices.SortFunc(c.areas, func(a, b Area) int { return strings.Compare(a.Code, b.Code) })
	for i, a := range c.areas {
		c.index[a.Code] = i
		c.names = append(c.names, newSearched(a))
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

// above are the areas that hold one, the largest first.
func (c *Catalogue) above(code string) []Area {
	var out []Area
	for up := c.parent(code); up != ""; up = c.parent(up) {
		a, _ := c.area(up)
		out = append(out, a)
	}
	slices.Reverse(out)
	return out
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
