package report

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/stat"
)

// whole is the dimension value of what is not divided, as a slug.
const whole = "ogolem"

// dimensions finds relations that the ids tell of: those of one subject that differ in the
// values of its dimensions, "bdl:P2137/0-4/mezczyzni".
func dimensions(find map[stat.IndicatorID]*measure) []*relation {
	values := map[string][][]string{} // subject and number of dimensions: values of each
	ids := make([]stat.IndicatorID, 0, len(find))
	for id := range find {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		subject, dims := split(id)
		vs := values[subject]
		if vs == nil {
			vs = make([][]string, len(dims))
		}
		for k, d := range dims {
			if !slices.Contains(vs[k], d) {
				vs[k] = append(vs[k], d)
			}
		}
		values[subject] = vs
	}
	var out []*relation
	for _, id := range ids {
		subject, dims := split(id)
		for over := 1; over < 1<<len(dims); over++ { // each set of dimensions to divide by
			rest := combinations(dims, over, values[subject], func(d []string) bool { return find[join(id, d)] != nil })
			r := &relation{members: []*measure{find[id]}, guessed: true}
			for _, d := range rest {
				if m := find[join(id, d)]; m != nil && !slices.Contains(r.members, m) {
					r.members = append(r.members, m)
				}
			}
			if len(r.members) == len(rest)+1 && len(rest) > 1 {
				out = append(out, r)
			}
		}
	}
	return out
}

// split takes an id apart: its subject with the number of its dimensions, and their values.
func split(id stat.IndicatorID) (string, []string) {
	parts := strings.Split(string(id), "/")
	return parts[0] + "/" + strconv.Itoa(len(parts)), parts[1:]
}

func join(id stat.IndicatorID, dims []string) stat.IndicatorID {
	subject, _, _ := strings.Cut(string(id), "/")
	return stat.IndicatorID(subject + "/" + strings.Join(dims, "/"))
}

// combinations lists the parts of an id in the dimensions of the set over. Divided by one
// dimension, only the values on its line count.
func combinations(dims []string, over int, values [][]string, there func([]string) bool) [][]string {
	out := [][]string{slices.Clone(dims)}
	for k := range dims {
		if over&(1<<k) == 0 {
			continue
		}
		vs := values[k]
		if over == 1<<k {
			vs = slices.DeleteFunc(slices.Clone(vs), func(v string) bool {
				d := slices.Clone(dims)
				d[k] = v
				return !there(d)
			})
		}
		parts := partsOf(dims[k], vs)
		var next [][]string
		for _, d := range out {
			for _, v := range parts {
				e := slices.Clone(d)
				e[k] = v
				next = append(next, e)
			}
		}
		out = next
	}
	return out
}

// partsOf lists which of the values of a dimension make up another: ages that follow one
// another without a gap, the widest first; else those named after it ("majatkowe-inne"), and
// of the whole all that are not named after another.
func partsOf(v string, values []string) []string {
	var spans []span
	for _, w := range values {
		if s, ok := ageSpan(w); ok && w != v {
			spans = append(spans, s)
		}
	}
	if own, ok := ageSpan(v); ok {
		return tile(own.from, own.to, spans)
	}
	if v == whole && len(spans) > 1 {
		from, to := spans[0].from, 0
		for _, s := range spans {
			from, to = min(from, s.from), max(to, s.to)
		}
		return tile(from, to, spans)
	}
	within := func(w, x string) bool { return x != w && (x == whole || strings.HasPrefix(w, x+"-")) }
	var out []string
	for _, w := range values {
		if within(w, v) && !slices.ContainsFunc(values, func(x string) bool { return x != v && within(w, x) && within(x, v) }) {
			out = append(out, w)
		}
	}
	return out
}

// span is a group of ages in full years.
type span struct {
	name     string
	from, to int
}

// ageSpan reads "0-4", "17", "85+" and "70-i-wiecej".
func ageSpan(v string) (span, bool) {
	if n, err := strconv.Atoi(v); err == nil {
		return span{v, n, n}, true
	}
	from, ok := firstAge(v)
	if !ok {
		return span{}, false
	}
	rest := strings.TrimPrefix(v, strconv.Itoa(from))
	if rest == "+" || strings.HasSuffix(rest, "i-wiecej") {
		return span{v, from, math.MaxInt}, true
	}
	to, err := strconv.Atoi(strings.TrimPrefix(rest, "-"))
	return span{v, from, to}, err == nil && to >= from
}

// tile covers the ages from … to with spans inside it, the widest that lead to the end.
func tile(from, to int, spans []span) []string {
	var fit []span
	for _, s := range spans {
		if s.from == from && s.to <= to {
			fit = append(fit, s)
		}
	}
	slices.SortFunc(fit, func(x, y span) int { return cmp.Compare(y.to, x.to) })
	for _, s := range fit {
		if s.to == to {
			return []string{s.name}
		}
		if rest := tile(s.to+1, to, spans); rest != nil {
			return append([]string{s.name}, rest...)
		}
	}
	return nil
}
