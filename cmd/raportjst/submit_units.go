package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/worker"
)

func member(r *stat.Register, code stat.AreaCode) (worker.Member, bool) {
	a, ok := r.Area(r.Canonical(code))
	return worker.Member{Area: string(a.Code), Name: areaName(a)}, ok
}

// everything is the flag --all: with no value every unit, with one those of a level.
type everything string

// levels are the values of --all.
var levels = map[everything]struct {
	title string
	kinds []stat.Kind // none: all
}{
	"wszystko":    {"wszystkie jednostki", nil},
	"gminy":       {"wszystkie gminy", []stat.Kind{stat.KindUrban, stat.KindRural, stat.KindUrbanRural, stat.KindCity}},
	"powiaty":     {"wszystkie powiaty", []stat.Kind{stat.KindPowiat}},
	"wojewodztwa": {"wszystkie województwa", []stat.Kind{stat.KindVoivodeship}},
}

// IsBool lets the flag stand without a value.
func (everything) IsBool() bool { return true }

// Decode reads the value.
func (e *everything) Decode(ctx *kong.DecodeContext) error {
	*e = "wszystko"
	if ctx.Scan.Peek().Type != kong.FlagValueToken {
		return nil
	}
	value := fmt.Sprint(ctx.Scan.Pop().Value)
	*e = everything(value)
	if _, known := levels[*e]; !known {
		return fmt.Errorf("„%s” nie jest jedną z wartości \"gminy\",\"powiaty\",\"wojewodztwa\"", value)
	}
	return nil
}

// unitsUnder are all units of a level under a code, each under its canonical code: a city with
// powiat rights is one.
func unitsUnder(r *stat.Register, under stat.AreaCode, level everything) []worker.Member {
	var out []worker.Member
	kinds := levels[level].kinds
	for _, a := range r.Areas() {
		if r.Canonical(a.Code) != a.Code || !ordered(a.Kind) || !strings.HasPrefix(string(a.Code), string(under)) {
			continue
		}
		if len(kinds) == 0 || slices.Contains(kinds, a.Kind) {
			out = append(out, worker.Member{Area: string(a.Code), Name: areaName(a)})
		}
	}
	return out
}

func voivodeships(r *stat.Register, codes []string, title *string) ([]worker.Member, error) {
	var out []worker.Member
	var names []string
	for _, s := range codes {
		code, err := stat.ParseAreaCode(s)
		a, ok := r.Area(code)
		if err != nil || !ok || a.Kind != stat.KindVoivodeship {
			return nil, unknown("--voivodeship", s, err)
		}
		names = append(names, areaName(a))
		out = append(out, unitsUnder(r, code, "wszystko")...)
	}
	*title = cmp.Or(*title, titled(names)+" – wszystkie jednostki")
	return out, nil
}

func unknown(flag, code string, err error) error {
	return &fault.Fault{Where: flag + " " + code, What: "nieznany kod TERYT", Hint: "kod jednostki znajdziesz poleceniem „raportjst list NAZWA”", Err: err}
}

func powiaty(r *stat.Register, codes []string, title *string) ([]worker.Member, error) {
	var out []worker.Member
	var names []string
	for _, s := range codes {
		code, err := stat.ParseAreaCode(s)
		all := unitsUnder(r, code, "gminy")
		if err != nil || code.Level() != stat.LevelPowiat || len(all) == 0 {
			return nil, unknown("--powiat", s, err)
		}
		a, _ := r.Area(code)
		names = append(names, areaName(a))
		out = append(out, all...)
	}
	*title = cmp.Or(*title, titled(names)+" – wszystkie gminy")
	return out, nil
}

func single(r *stat.Register, codes []string, title *string) ([]worker.Member, error) {
	var out []worker.Member
	var names []string
	for _, s := range codes {
		code, err := stat.ParseAreaCode(s)
		if err != nil {
			return nil, unknown("--area", s, err)
		}
		m, ok := member(r, code)
		if !ok {
			return nil, unknown("--area", s, nil)
		}
		names = append(names, m.Name)
		out = append(out, m)
	}
	*title = cmp.Or(*title, titled(names))
	return out, nil
}

// titled lists up to three units, and of more the first and how many there are.
func titled(names []string) string {
	if len(names) > 3 {
		return fmt.Sprintf("%s i inne, razem %d", names[0], len(names))
	}
	return strings.Join(names, ", ")
}
