package table

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/sheet"
)

// otherScale reports that a text of a table counts in another scale than a unit does: „tys. zł”
// of figures in „zł”. A text about money says nothing of persons.
func otherScale(text, unit string) bool {
	powers, _, rest := scales(text)
	_, _, plain := scales(unit)
	if inMoney := moneyWord.MatchString(unit); moneyWord.MatchString(rest) && !inMoney {
		return false
	}
	if len(powers) == 0 {
		told := explicitUnit(text)
		return told != "" && told == plain && sheet.UnitScale(unit) != 0
	}
	return !slices.Contains(powers, sheet.UnitScale(unit))
}

// matchScales compares the heads of the figures, what stands above and below them, and the
// names of worksheet and file with the units of the indicators: a figure of another scale is a
// thousand times wrong, and nothing else shows it.
func (r *reader) matchScales(rows []sheet.Row, names ...title) error {
	columns := r.order
	if r.value >= 0 {
		columns = []int{r.value}
	}
	told := map[int]bool{} // indicators whose own heads agree
	for _, row := range rows {
		for _, c := range columns {
			text := row.Shown(c)
			for _, k := range r.indicatorsAt(c) {
				ind := r.mapping.Indicators[k]
				if !otherScale(text, ind.Unit) {
					told[k] = told[k] || headScale(text) != "" || explicitUnit(text) != ""
					continue
				}
				if err := r.wrong(row.Line, c+1, fmt.Sprintf("nagłówek mówi „%s”, a jednostką wskaźnika „%s” jest „%s”", text, ind.Name, ind.Unit),
					"popraw jednostkę wskaźnika albo nagłówek, tak żeby mówiły o tej samej skali"); err != nil {
					return err
				}
				told[k] = true
			}
		}
	}
	doubt := func(where, place, text string) {
		if headScale(text) == "" {
			return
		}
		for k, ind := range r.mapping.Indicators {
			if !told[k] && otherScale(text, ind.Unit) {
				r.query.Report(source.Warning{Where: where, Count: 1, What: fmt.Sprintf("%s stoi „%s”, a jednostką wskaźnika „%s” jest „%s”; sprawdź, czy wartości są w tej skali", place, text, ind.Name, ind.Unit)})
			}
		}
	}
	for _, row := range rows {
		for i := range row.Cells {
			if !slices.Contains(columns, i) {
				doubt(r.file.At(row.Line, i+1), "nad tabelą", row.Cell(i))
			}
		}
	}
	for _, n := range names {
		doubt(r.file.At(0, 0), n.place, n.text)
	}
	return nil
}

// title is a text that speaks of a whole table.
type title struct{ place, text string }

func (r *reader) titles(worksheet string) []title {
	return []title{{"w nazwie arkusza", worksheet}, {"w nazwie pliku", named(r.file.Name)}}
}

// named is the name of a file as words: "dochody_tys_zl.xlsx" speaks of tys. zł.
func named(file string) string {
	text := strings.NewReplacer("_", " ", "-", " ").Replace(strings.TrimSuffix(file, path.Ext(file)))
	return zlotys.ReplaceAllString(text, "${1}zł$2")
}

var zlotys = regexp.MustCompile(`(?i)(^|[^\pL])zl($|[^\pL])`)

// indicatorsAt are the indicators whose figures a column may hold.
func (r *reader) indicatorsAt(column int) []int {
	if k, ok := r.columns[column]; ok {
		return []int{k}
	}
	var all []int
	for k := range r.mapping.Indicators {
		all = append(all, k)
	}
	return all
}

// misscaled is the mistake of an indicator whose name says another scale than its unit.
func (i indicator) misscaled() string {
	for _, text := range []string{i.Name, i.Column, i.Key} {
		if otherScale(text, i.Unit) && i.Unit != "" {
			return fmt.Sprintf("„%s” mówi o innej skali niż jednostka „%s”", text, i.Unit)
		}
	}
	return ""
}

// matchScale keeps a fault of the worksheet Wskaźniki for that mistake.
func (r *formReader) matchScale(row sheet.Row, i indicator) {
	if what := i.misscaled(); what != "" {
		r.mistakes = append(r.mistakes, &fault.Fault{Where: r.file.At(row.Line, 0), What: what, Hint: "popraw jednostkę miary albo nazwę, tak żeby mówiły o tej samej skali"})
	}
}
