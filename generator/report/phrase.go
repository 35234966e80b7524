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
// the area's generic noun in a case, the value with its unit, the number alone or with
// another noun ("{liczba:uczeń}"), or the infinitive of a verb: it agrees with the area's
// noun, or after a plus with what is counted ("{+przypadać} {liczba:uczeń}").
type phrase []part

type part struct {
	text    string
	field   string // "" for text
	noun    locale.Noun
	counted bool // a verb that agrees with what is counted
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
		p, err := field(s[i+1 : i+j])
		if err != nil {
			return nil, err
		}
		value = value || p.field == "wartość" || p.field == "liczba"
		if i > 0 {
			out = append(out, part{text: s[:i]})
		}
		out = append(out, p)
		s = s[i+j+1:]
	}
	if len(out) > 0 && !value {
		return nil, errors.New("zdanie nie zawiera pola „{wartość}” ani „{liczba}”")
	}
	return out, nil
}

// field reads what stands in braces.
func field(s string) (part, error) {
	name, noun, other := strings.Cut(s, ":")
	p := part{}
	p.field, p.counted = strings.CutPrefix(name, "+")
	verbs := slices.Sorted(maps.Keys(locale.Verbs))
	known := append(slices.Clone(verbs), fields...)
	switch {
	case !slices.Contains(known, p.field), p.counted && !slices.Contains(verbs, p.field):
		return p, &fault.Fault{What: fmt.Sprintf("nieznane pole „{%s}”", s), Hint: suggest(p.field, known)}
	case other && name != "liczba":
		return p, &fault.Fault{What: fmt.Sprintf("pole „{%s}” nie przyjmuje rzeczownika", s), Hint: "rzeczownik można podać tylko po „liczba:”"}
	case other:
		var ok bool
		if p.noun, ok = locale.Known(noun); !ok {
			return p, &fault.Fault{What: fmt.Sprintf("nieznany rzeczownik „%s”", noun), Hint: "podaj rzeczownik w liczbie pojedynczej, np. „osoba”"}
		}
	}
	return p, nil
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

// say fills the fields for a value of an indicator.
func (p phrase) say(n locale.AreaNoun, year string, m *measure, v float64) string {
	counted := m.unit.Noun()
	for _, x := range p {
		if x.noun.One != "" {
			counted = x.noun
		}
	}
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
		case "wartość": // the phrase itself says per what
			b.WriteString(m.unit.Alone().Quantity(m.shown(v), m.Decimals))
		case "liczba":
			b.WriteString(m.text(v))
			if x.noun.One != "" {
				b.WriteString(locale.NBSP + x.noun.For(v, m.Decimals))
			}
		default:
			g := n.Gender
			if x.counted {
				g = counted.Agreement(v, m.Decimals)
			}
			b.WriteString(locale.Verbs[x.field].For(g))
		}
	}
	return b.String()
}
