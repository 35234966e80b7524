package report

import (
	"fmt"
	"slices"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/stat"
)

// listsOnly reports whether a template does nothing but set an area beside those that the
// request lists.
func (f *frame) listsOnly() bool {
	return f.Group.Rule == "list" && len(f.Group.Members) == 0 && !f.Union
}

// comparable fails where an area would be compared with itself alone: a template that only
// compares is given no members, or the members that a request lists are the area. A union has
// no area of its own.
func (l *Library) comparable(f *frame, a stat.Area, codes []stat.AreaCode) error {
	switch {
	case len(codes) == 0 && f.Group.Rule == "list" && len(f.Group.Members) == 0:
		return noMembers(f.ID)
	case len(codes) > 0 && !f.Union && len(others(a, codes)) == 0:
		return &fault.Fault{
			Where: "grupa porównawcza",
			What:  fmt.Sprintf("jednostka %s (%s) jest w niej jedyna, więc nie ma jej z czym porównać", a.Code, a.Name),
			Hint:  "podaj w zamówieniu (--peers) kod TERYT co najmniej jednej innej jednostki",
		}
	}
	return nil
}

// companions fails where a template only compares and none of those that the request lists
// has a figure that is new enough: the area would stand beside nothing. Where only some lack
// them, the report names them.
func (l *Library) companions(f *frame, a stat.Area, codes []stat.AreaCode, period stat.Period) error {
	beside := others(a, codes)
	if !f.listsOnly() || len(beside) == 0 || l.anyFigure(f, beside, period) {
		return nil
	}
	var named []string
	for _, c := range beside {
		x, _ := l.data.Register.Area(c)
		named = append(named, fmt.Sprintf("%s (%s)", c, x.Name))
	}
	hint := "wybierz inne jednostki albo zaimportuj dane, które ich dotyczą"
	if years := l.yearsOf(f, beside); len(years) > 0 {
		hint = fmt.Sprintf("dane tych jednostek obejmują lata %s; wybierz jeden z nich albo inne jednostki", spans(years))
	}
	return &fault.Fault{
		Where: fmt.Sprintf("jednostka %s, rok %d", a.Code, period),
		What: fmt.Sprintf("nie ma z czym porównać: za ten rok ani za poprzednie (%s) żadnej wartości nie mają jednostki wybrane do porównania: %s",
			locale.Rok.Count(f.age()), enumerate(named, 12)),
		Hint: hint,
		Err:  errNoData,
	}
}

// others are the codes that are not the area's, each once, in order.
func others(a stat.Area, codes []stat.AreaCode) []stat.AreaCode {
	out := slices.DeleteFunc(slices.Clone(codes), func(c stat.AreaCode) bool { return c == a.Code })
	slices.Sort(out)
	return slices.Compact(out)
}

// noMembers says that a template which compares has nothing to compare with.
func noMembers(template string) error {
	return &fault.Fault{Where: "szablon " + template, What: "nie podano jednostek do porównania", Hint: "podaj ich kody TERYT w zamówieniu (--peers) albo w kluczu „members” szablonu"}
}
