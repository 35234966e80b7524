package stat

import "slices"

// The register tells one state and what led to it; a report of an earlier year wants an earlier
// one. Codes stay: they are the keys of the figures.

// RenamedAfter is the year of the first change of a name or kind after a year, 0 where there is
// none. The register At years that have it in common is the same.
func (r *Register) RenamedAfter(p Period) int {
	year := 0
	for i := range r.areas {
		for _, c := range r.areas[i].Changes {
			if undone(c, p) && (year == 0 || c.Year < year) {
				year = c.Year
			}
		}
	}
	return year
}

// At is the register as it was at the end of a year: with the kinds and names that areas had
// then, as far as their changes tell.
func (r *Register) At(p Period) *Register {
	out := *r
	out.areas = slices.Clone(r.areas)
	for i, a := range out.areas {
		for k := len(a.Changes) - 1; k >= 0; k-- {
			if !undone(a.Changes[k], p) {
				continue
			}
			a.Name, a.Kind = a.before(k)
		}
		a.Changes = slices.DeleteFunc(slices.Clone(a.Changes), func(c Change) bool { return undone(c, p) })
		out.areas[i] = a
	}
	return &out
}

// undone reports a change of name or kind that is later than a year.
func undone(c Change, p Period) bool {
	return c.Year > int(p) && (c.Kind == ChangeName || c.Kind == ChangeKindOf)
}

// before is the name and the kind before a change.
func (a Area) before(k int) (string, Kind) {
	c := a.Changes[k]
	switch {
	case c.Kind == ChangeName && c.From != "":
		return c.From, a.Kind
	case c.Kind == ChangeKindOf && len(c.From) == 7 && a.Kind != KindCity:
		if kind, ok := kinds[c.From[6]]; ok {
			return a.Name, kind
		}
	}
	return a.Name, a.Kind
}

// kinds are those of the seventh digit of a code.
var kinds = map[byte]Kind{'1': KindUrban, '2': KindRural, '3': KindUrbanRural}

// Known is the first year whose kinds and names the register tells: the one before its first
// change of them, or that of its state; 0 where it has no state.
func (r *Register) Known() int {
	year := 0
	for _, c := range r.state[:min(4, len(r.state))] {
		year = 10*year + int(c-'0')
	}
	for _, a := range r.areas {
		for _, c := range a.Changes {
			if c.Kind == ChangeName || c.Kind == ChangeKindOf {
				year = min(year, c.Year-1)
			}
		}
	}
	return year
}

// NameAfter is the name that an area has after its k-th change.
func (a Area) NameAfter(k int) string {
	for _, c := range a.Changes[k+1:] {
		if c.Kind == ChangeName && c.From != "" {
			return c.From
		}
	}
	return a.Name
}

// KindAfter is the kind that an area has after its k-th change.
func (a Area) KindAfter(k int) Kind {
	for i, c := range a.Changes[k+1:] {
		if c.Kind == ChangeKindOf {
			_, kind := a.before(k + 1 + i)
			return kind
		}
	}
	return a.Kind
}
