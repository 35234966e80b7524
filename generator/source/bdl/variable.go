package bdl

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/source/bdlfile"
	"github.com/raportjst/raportjst/generator/source/gusapi"
	"github.com/raportjst/raportjst/generator/stat"
)

// variable is what BDL says of a variable.
type variable struct {
	subject string
	name    string // the dimensions: "ogółem, mężczyźni"
	unit    string
	level   int // the lowest that has data
	years   []stat.Period
}

func describe(path string) gusapi.Request {
	return gusapi.Request{
		Path: path, Query: url.Values{"format": {"json"}, "lang": {"pl"}},
		Life: dictionaries, LifeOfNone: dictionaries,
	}
}

func variableRequest(id int64) gusapi.Request {
	return describe("variables/" + strconv.FormatInt(id, 10))
}

// variable loads the description of a variable.
func (s *Source) variable(ctx context.Context, id int64) (variable, error) {
	r, err := s.record(ctx, variableRequest(id))
	if err != nil {
		return variable{}, err
	}
	if r == nil {
		return variable{}, &fault.Fault{Where: where(id), What: "nie ma jej w BDL", Hint: "sprawdź numer na bdl.stat.gov.pl", Err: gusapi.ErrRequest}
	}
	if got, ok := r.Integer("id"); ok && got != id {
		return variable{}, unreadable(id, fmt.Errorf("the answer is about variable %d", got))
	}
	v := variable{subject: r["subjectId"], unit: r["measureUnitName"], level: levels[len(levels)-1].number}
	if l, ok := r.Integer("level"); ok {
		v.level = int(l)
	}
	for _, y := range strings.Split(r["years"], "; ") {
		if n, err := strconv.Atoi(y); err == nil {
			v.years = append(v.years, stat.Period(n))
		}
	}
	slices.Sort(v.years)
	var names []string
	for _, n := range []string{"n1", "n2", "n3", "n4", "n5"} {
		if r[n] != "" {
			names = append(names, r[n])
		}
	}
	v.name = strings.Join(names, ", ")
	return v, nil
}

// record loads a single record; nil where BDL has none.
func (s *Source) record(ctx context.Context, r gusapi.Request) (gusapi.Record, error) {
	body, answer, err := s.client.Body(ctx, r)
	if err != nil || answer.None() {
		return nil, err
	}
	rows, _, err := gusapi.Records(body)
	if err == nil && len(rows) == 0 {
		err = errors.New("no record")
	}
	if err != nil {
		return nil, &fault.Fault{Where: "BDL, " + r.Path, What: "nieznana postać odpowiedzi", Hint: "dostawca mógł zmienić API; zgłoś błąd autorom programu", Err: errors.Join(gusapi.ErrRequest, err)}
	}
	return rows[0], nil
}

// indicator describes a variable in our words where we have them and in those of BDL where
// not: the name of its subject with its dimensions, its category as the service area.
func (s *Source) indicator(ctx context.Context, id int64, v variable) (stat.Indicator, error) {
	i, known := bdlfile.Known(strconv.FormatInt(id, 10))
	i.ID = stat.IndicatorID(prefix + strconv.FormatInt(id, 10))
	subject, parent, err := s.subject(ctx, v.subject)
	if err != nil {
		return i, err
	}
	for parent != "" { // subject, group, category
		var name string
		if name, parent, err = s.subject(ctx, parent); err != nil {
			return i, err
		}
		if parent == "" && i.Area == "" {
			i.Area = sentence(name)
		}
	}
	if i.Name == "" {
		i.Name = strings.Trim(subject+": "+v.name, ": ")
	}
	if unit := strings.Trim(v.unit, "-"); i.Unit == "" {
		i.Unit = unit
	}
	if !known && i.Unit == "%" {
		i.UnitClass = stat.UnitPercent
	}
	return i, nil
}

// subject loads the name of a subject and the id of what it belongs to.
func (s *Source) subject(ctx context.Context, id string) (name, parent string, err error) {
	if id == "" {
		return "", "", nil
	}
	r, err := s.record(ctx, describe("subjects/"+url.PathEscape(id)))
	if r["parentId"] == id {
		return r["name"], "", err
	}
	return r["name"], r["parentId"], err
}

// sentence writes a name in capitals as other names are written.
func sentence(name string) string {
	if name == "" || name != strings.ToUpper(name) {
		return name
	}
	first, n := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + strings.ToLower(name[n:])
}

func unreadable(id int64, err error) error {
	return &fault.Fault{Where: where(id), What: "odpowiedź jest nieczytelna", Hint: "pobierz dane ponownie z flagą --since", Err: errors.Join(gusapi.ErrRequest, err)}
}
