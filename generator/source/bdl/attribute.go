package bdl

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/gusapi"
	"github.com/raportjst/raportjst/generator/stat"
)

// Numbers of attributes that are no signs.
const (
	noAttribute   = -1 // of a value without one
	openAttribute = 0  // see attributeZero
)

// attributeZero is what a value with attribute 0 is: nobody outside GUS knows whether its 0
// is a zero or no value, so it is kept apart as missing, under source.OpenSign. To take it for an
// ordinary value, write stat.Present.
const attributeZero = stat.Missing

// recorded are the attribute numbers with their signs (see source.Attributed), as three
// public copies of the list of the API agree. The symbols of the list mislead: those of 1
// and 15 are both blank.
var recorded = map[int64]string{
	noAttribute: "", 1: "", 15: "-",
	3: "k", 13: "K", 4: "x", 14: "X", 91: "x", 7: "a", 17: "A", 9: "s", 11: "M", 20: "v", 21: "v", 50: "n", 94: "z", 98: "Z", 97: "p",
}

func attributesRequest() gusapi.Request {
	r := describe("attributes")
	r.Query = url.Values{"format": {"json"}, "lang": {"pl"}, "page-size": {strconv.Itoa(pageSize)}}
	return r
}

// signs are the meanings of the attribute numbers.
type signs struct {
	sign     map[int64]string
	disputed map[int64]bool // the list and the record differ: a zero is missing
}

// attributes loads the list of attributes and compares it with the record.
func (s *Source) attributes(ctx context.Context) (signs, error) {
	body, answer, err := s.client.Body(ctx, attributesRequest())
	if err != nil {
		return signs{}, err
	}
	if answer.None() {
		body = []byte("[]")
	}
	rows, _, err := gusapi.Records(body)
	if err != nil || len(rows) == 0 {
		return signs{}, &fault.Fault{
			Where: "BDL, attributes", What: "nie udało się odczytać listy atrybutów", Hint: "dostawca mógł zmienić API; zgłoś błąd autorom programu",
			Err: errors.Join(gusapi.ErrRequest, err),
		}
	}
	all, differs := compare(rows)
	for _, what := range differs {
		s.warn.Add("BDL, lista atrybutów", what, 1)
	}
	return all, nil
}

// compare reads the list of attributes beside the record and tells in Polish where they
// differ. Where one of them says that there is no value, there is none.
func compare(rows []gusapi.Record) (signs, []string) {
	all := signs{maps.Clone(recorded), map[int64]bool{}}
	var differs []string
	listed := map[int64]bool{}
	for _, r := range rows {
		id, ok := r.Integer("id")
		if !ok || listed[id] || id == openAttribute {
			continue
		}
		listed[id] = true
		told, understood := understand(r["name"], r["description"])
		was, known := recorded[id]
		switch {
		case known && understood && told == was:
			continue
		case !known && understood:
			all.sign[id] = told
			differs = append(differs, fmt.Sprintf("nowy atrybut %d („%s”, %s)", id, r["name"], r["description"]))
		case !known:
			differs = append(differs, fmt.Sprintf("nowy atrybut %d („%s”, %s) o nieznanym znaczeniu – przyjęto brak informacji", id, r["name"], r["description"]))
		default:
			all.disputed[id] = true
			if understood && !hasValue(told) {
				all.sign[id] = told
			}
			differs = append(differs, fmt.Sprintf("atrybut %d („%s”, %s) ma inny opis niż dotąd; zero z tym atrybutem uznano za brak informacji", id, r["name"], r["description"]))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(recorded)) {
		if id != noAttribute && !listed[id] {
			differs = append(differs, fmt.Sprintf("brak atrybutu %d na liście; przyjęto znane znaczenie", id))
		}
	}
	return all, differs
}

// hasValue reports whether a value with the sign is one.
func hasValue(sign string) bool {
	o, known, _ := source.Attributed(0, true, sign)
	_, has := o.Value()
	return known && has
}

// understand finds the sign of an attribute by its name, which is what stands in place of
// the value („wartość”, „- lub 0”), and its description. It is not sure of words it does not
// know.
func understand(name, description string) (sign string, sure bool) {
	name, description = strings.ToLower(strings.TrimSpace(name)), strings.ToLower(description)
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(description, w) })
	}
	value := strings.HasPrefix(name, "wartość") || strings.HasPrefix(name, "value")
	sure = true
	switch {
	case !value && has("niedostępn", "not yet", "not available"):
		sign = "n"
	case !value && (has("tajemnic", "confidential", "secrecy") || strings.HasPrefix(name, ".")):
		sign = "x"
	case !value && (has("brak informacji", "no information") || name == "-"):
		sign = "-"
	case !value && has("mniejsza", "less than", "smaller"):
		sign = "a"
	case !value && has("bilans", "balance"):
		sign = "z"
	case !value:
		return "", false
	case has("niekompletn", "incomplete"):
		sign = "k"
	case has("łącznie", "jointly", "together"):
		sign = "p"
	case has("wstępn", "preliminary"):
		sign = "s"
	case has("precyzj", "precision"):
		sign = "v"
	case has("metodolog", "methodolog"):
		return "M", true
	default:
		return "", description == "" || description == name
	}
	if upper := strings.ToUpper(sign); has("metodolog", "methodolog") && strings.Contains("XAZK", upper) {
		sign = upper
	}
	return sign, sure
}

// observe reads a value with its attribute number. doubt says in Polish why the value is
// taken for missing, "" where it is not or where that is what its attribute means.
func (s signs) observe(v value) (o stat.Observation, doubt string) {
	missing := stat.Unobserved(stat.Missing, fmt.Sprintf("attrId %d", v.attr))
	if v.attr == openAttribute {
		if attributeZero == stat.Present && v.has {
			return stat.Observed(v.val, 0).WithSign(source.OpenSign), ""
		}
		return missing, "atrybut 0 o nieustalonym znaczeniu – przyjęto brak informacji"
	}
	sign, listed := s.sign[v.attr]
	if !listed {
		return missing, fmt.Sprintf("nieznany atrybut %d – przyjęto brak informacji", v.attr)
	}
	if s.disputed[v.attr] && v.val == 0 {
		return missing, fmt.Sprintf("zero z atrybutem %d, którego opis się zmienił – przyjęto brak informacji", v.attr)
	}
	o, _, ok := source.Attributed(v.val, v.has, sign)
	if !ok {
		doubt = fmt.Sprintf("atrybut „%s” (zero) przy wartości różnej od zera – przyjęto brak informacji", sign)
	}
	return o, doubt
}
