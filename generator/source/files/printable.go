package files

import (
	"fmt"
	"math"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/generator/typeset"
)

// Printable hands series on and warns of characters in their descriptions that the fonts
// of the reports lack: on a page a square stands in their place. A value that no report
// may hold is an error here, before any is made.
func Printable(to source.Sink, warn func(source.Warning)) source.Sink {
	return printable{to, warn}
}

type printable struct {
	source.Sink
	warn func(source.Warning)
}

func (p printable) Series(i stat.Indicator, from stat.Provenance, cells []source.Cell) error {
	i = i.Plain()
	for _, t := range []struct{ what, text string }{
		{"nazwa", i.Name},
		{"krótka nazwa", i.Label},
		{"jednostka miary", i.Unit},
		{"obszar", i.Area},
		{"usługa", i.Service},
		{"definicja", i.Definition},
		{"wzór", i.Formula},
		{"źródło", from.Agency},
		{"zbiór", from.Dataset},
		{"licencja", from.Licence},
	} {
		if chars := typeset.Lacking(t.text); chars != nil {
			p.warn(source.Warning{
				Where: fmt.Sprintf("wskaźnik %s, %s", i.ID, t.what), Count: 1,
				What: fmt.Sprintf("„%s”: czcionka raportu nie ma znaków: %s; w PDF stanie w ich miejscu „%c”", t.text, typeset.Name(chars), typeset.Placeholder),
			})
		}
	}
	for _, c := range cells {
		if v, ok := c.Value(); ok && !(math.Abs(v) <= stat.Largest) {
			return &fault.Fault{
				Where: fmt.Sprintf("wskaźnik %s, jednostka %s, rok %d", i.ID, c.Area, c.Period), What: fmt.Sprintf("wartość %g jest za duża (najwyżej 10^15)", v),
				Hint: "popraw ją w źródle albo pobierz dane jeszcze raz",
			}
		}
	}
	return p.Sink.Series(i, from, cells)
}
