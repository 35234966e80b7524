package report

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
)

// phrase is a sentence about one indicator with fields in braces, without capital letter
// and full stop: "na koniec {rok} r. {jednostka} {liczyć} {wartość}". A field is the year,
// the area's generic noun in a case, the value, or the infinitive of a verb that agrees
// with the noun.
type phrase []part

type part struct {
	text  string
	field string // "" for text
}

var fields = []string{"rok", "jednostka", "jednostki", "jednostce", "jednostką", "wartość", "liczba"}

func parsePhrase(s string) (phrase, error) {
	var out phrase
	value := false
	for s != "" {
		i := strings.IndexByte(s, '{')
		if i < 0 {
			out = append(out, part{text: s})
			break
		}
		j := strings.IndexByte(s[i:], '}')
		if j < 0 {
			return nil, errors.New("nawias „{” bez „}”")
		}
		name := s[i+1 : i+j]
		known := append(slices.Sorted(maps.Keys(locale.Verbs)), fields...)
		if !slices.Contains(known, name) {
			return nil, &fault.Fault{What: fmt.Sprintf("nieznane pole „{%s}”", name), Hint: suggest(name, known)}
		}
		value = value || name == "wartość" || name == "liczba"
		if i > 0 {
			out = append(out, part{text: s[:i]})
		}
		out = append(out, part{field: name})
		s = s[i+j+1:]
	}
	if len(out) > 0 && !value {
		return nil, errors.New("zdanie nie zawiera pola „{wartość}” ani „{liczba}”")
	}
	return out, nil
}

// atLine places an error of a part of a file.
func atLine(name string, line int, err error) error {
	f := &fault.Fault{Where: at(name, line), What: err.Error(), Hint: "popraw zapis"}
	var inner *fault.Fault
	if errors.As(err, &inner) {
		f.What, f.Hint = inner.What, inner.Hint
	}
	return f
}

// dated reports whether the phrase says the year itself.
func (p phrase) dated() bool {
	return slices.ContainsFunc(p, func(x part) bool { return x.field == "rok" })
}

// say fills the fields. quantity is the value with its unit, number without.
func (p phrase) say(n locale.AreaNoun, year, quantity, number string) string {
	var b strings.Builder
	for _, x := range p {
		switch x.field {
		case "":
			b.WriteString(x.text)
		case "rok":
			b.WriteString(year)
		case "jednostka":
			b.WriteString(n.In(locale.Nominative))
		case "jednostki":
			b.WriteString(n.In(locale.Genitive))
		case "jednostce":
			b.WriteString(n.In(locale.Locative))
		case "jednostką":
			b.WriteString(n.In(locale.Instrumental))
		case "wartość":
			b.WriteString(quantity)
		case "liczba":
			b.WriteString(number)
		default:
			b.WriteString(locale.Verbs[x.field].For(n.Gender))
		}
	}
	return b.String()
}
