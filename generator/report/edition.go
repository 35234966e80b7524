package report

import (
	"fmt"
	"slices"

	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/stat"
)

// A report of a year describes its unit as it was at the end of it: a village that became a town
// later is a village still, and is compared with villages.

// edition is the library with the register as it was at the end of a year, or in the earliest
// state that is known.
func (l *Library) edition(p stat.Period) *Library {
	year := l.data.Register.RenamedAfter(p)
	if year == 0 {
		return l
	}
	l.common.loading.Lock()
	defer l.common.loading.Unlock()
	if e, ok := l.editions[year]; ok {
		return e
	}
	e := &Library{
		data: l.data, templates: l.templates, flaws: l.flaws, words: l.words, terms: l.terms, measures: l.measures, catalogue: l.catalogue, practices: l.practices,
		breaks: l.breaks, checks: l.checks, moved: l.moved, suspected: l.suspected, common: l.common, index: l.index, editions: l.editions, caches: newCaches(), later: l.data.Register,
	}
	e.data.Register = l.data.Register.At(p)
	l.editions[year] = e
	return e
}

// nearest says of which state of the register kinds and names are where that of the year is not
// known; "" where it is.
func (l *Library) nearest(p stat.Period) string {
	since := l.whole().Known()
	if since == 0 || p >= stat.Period(since) {
		return ""
	}
	return fmt.Sprintf(" Rodzaje i nazwy jednostek są z rejestru ze stanem na %s, najbliższym znanym.", locale.Date(fmt.Sprintf("%d-01-01", since)))
}

// whole is the register with all that happened later.
func (l *Library) whole() *stat.Register {
	if l.later != nil {
		return l.later
	}
	return l.data.Register
}

// afterwards lists what happened to an area after the state that the report describes, in sentences.
func (b *builder) afterwards() []string {
	a, _ := b.l.whole().Area(b.area.Code)
	var out []string
	for i, c := range a.Changes {
		if slices.Contains(b.area.Changes, c) {
			continue
		}
		s := "Później: od " + locale.Date(fmt.Sprintf("%d-01-01", c.Year)) + " "
		switch c.Kind {
		case stat.ChangeKindOf:
			s += locale.Kind(a.KindAfter(i)).Name
		case stat.ChangeName:
			s += "nazwa „" + a.NameAfter(i) + "”"
		default:
			continue
		}
		out = append(out, locale.Bind(s+"."))
	}
	return out
}

// sized says by the population of which year the group was made, where that is not the year of
// the report; it ends with a space.
func (b *builder) sized() string {
	if y := b.group.Rule.SizeYear; y != 0 && y != b.period {
		return "Wielkość według ludności z " + inYear(y) + ", najbliższej znanej. "
	}
	return ""
}
