package prg

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/normal"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/stat"
)

// codeAttributes are the attributes that hold a code, in order of trust: PRG, then ours and
// those of public files. Letter case does not matter.
var codeAttributes = []string{"JPT_KOD_JE", "JPT_KOD_JEDN", "teryt", "kod_teryt", "teryt_gmi", "terc", "id", "code", "kod"}

// written is a code as an attribute holds it, without what is written between its digits;
// "" for what is no code.
func written(value any) string {
	s := ""
	switch v := value.(type) {
	case string:
		s = v
	case float64:
		s = strconv.FormatFloat(v, 'f', -1, 64)
	case int:
		s = strconv.Itoa(v)
	}
	s, _ = source.PlainCode(s)
	if s == "" || len(s) > 12 || strings.Trim(s, "0123456789") != "" {
		return ""
	}
	return s
}

// attribute finds a value whatever the letter case of its name.
func attribute(properties map[string]any, name string) any {
	if v, ok := properties[name]; ok {
		return v
	}
	for k, v := range properties {
		if strings.EqualFold(k, name) {
			return v
		}
	}
	return nil
}

// codesOf finds the code of 2, 4 or 6 digits of each feature, "" where it has none or is a
// part of a gmina. How the codes of an attribute are written (as numbers, without a leading
// zero, with the digit of the kind) follows from all of them and from the register. A code
// that the register does not know, of a gmina that was dissolved, keeps its place.
func codesOf(r *stat.Register, features []map[string]any) ([]string, error) {
	located := map[string]map[string]source.Located{}
	var first error
	for _, name := range codeAttributes {
		var codes []string
		for _, f := range features {
			if c := written(attribute(f, name)); c != "" {
				codes = append(codes, c)
			}
		}
		slices.Sort(codes)
		if codes = slices.Compact(codes); len(codes) == 0 {
			continue
		}
		found, err := source.Locate(r, codes)
		var wrong *source.CodeError
		if errors.As(err, &wrong) && first == nil {
			first = &fault.Fault{Where: "atrybut " + name, What: wrong.Polish(), Hint: "potrzebne są kody TERYT gmin tego samego roku co rejestr, na przykład w atrybucie JPT_KOD_JE", Err: err}
		}
		if err == nil {
			located[name] = found
		}
	}
	if len(located) == 0 {
		return make([]string, len(features)), first
	}
	out := make([]string, len(features))
	for i, f := range features {
		for _, name := range codeAttributes {
			c := written(attribute(f, name))
			if at, ok := located[name][c]; ok && c != "" {
				out[i] = string(at.Area)
				if at.Place == source.PlaceUnknown {
					out[i] = bare(c)
				}
				break
			}
		}
	}
	return out, checkNames(r, features, out)
}

const codeHint = "potrzebny jest atrybut JPT_KOD_JE, teryt albo id z kodem TERYT gminy: 302101 albo 3021011"

// codesIn are the codes of a file of one layer, of which at least one must be that of an area.
func codesIn(r *stat.Register, features []map[string]any) ([]string, error) {
	codes, err := codesOf(r, features)
	if err == nil && strings.Join(codes, "") == "" {
		err = uncoded(features)
	}
	return codes, err
}

// uncoded says why no feature has a code of an area; nil where none has any attribute.
func uncoded(features []map[string]any) error {
	for _, name := range codeAttributes {
		for _, f := range features {
			v := attribute(f, name)
			if v == nil {
				continue
			}
			what := fmt.Sprintf("to nie są kody TERYT, na przykład „%v”", v)
			if written(v) != "" {
				what = fmt.Sprintf("to kody części gmin lub innych obiektów, a nie gmin, na przykład „%v”", v)
			}
			return &fault.Fault{Where: "atrybut " + name, What: what, Hint: codeHint}
		}
	}
	return nil
}

// nameAttributes are the attributes that hold a name.
var nameAttributes = []string{"JPT_NAZWA_", "nazwa", "name", "n"}

func nameOf(properties map[string]any) string {
	for _, name := range nameAttributes {
		if v, ok := attribute(properties, name).(string); ok && strings.TrimSpace(v) != "" {
			return normal.Line(v)
		}
	}
	return ""
}

// checkNames fails where a file has names of gminas and most are not those of its codes: then
// codes and outlines do not belong together. Names alone match nothing.
func checkNames(r *stat.Register, features []map[string]any, codes []string) error {
	named, other, example := 0, 0, ""
	for i, c := range codes {
		a, ok := r.Area(stat.AreaCode(c))
		name := nameOf(features[i])
		if !ok || name == "" || len(c) != 6 {
			continue
		}
		named++
		if !strings.Contains(normal.Key(name), normal.Key(a.Name)) {
			if other++; example == "" {
				example = fmt.Sprintf("%s to w rejestrze %s, w pliku %s", c, a.Name, name)
			}
		}
	}
	if named >= 5 && other*2 > named {
		return &fault.Fault{
			Where: "atrybuty", What: fmt.Sprintf("nazwy większości gmin nie są nazwami ich kodów: %s", example),
			Hint: "sprawdź, czy kody i nazwy nie przesunęły się względem granic",
		}
	}
	return nil
}

// bare is an unknown code on its own: with its zero, without the digit of the kind.
func bare(c string) string {
	if len(c) > 7 {
		return ""
	}
	if len(c)%2 == 1 && len(c) < 7 {
		c = "0" + c
	}
	if len(c) == 7 {
		if c[6] < '1' || c[6] > '3' {
			return ""
		}
		return c[:6]
	}
	return c
}

// named says a feature to a user.
func named(i int, code string, properties map[string]any) string {
	s := fmt.Sprintf("obiekt %d", i+1)
	if told := strings.TrimSpace(code + " " + nameOf(properties)); told != "" {
		s += " (" + told + ")"
	}
	return s
}
