// Package peer finds the peer group of an area and its position in it: neighbours, the
// same kind and size, powiat, voivodeship, country, a list, a type, the nearest by
// structure; median, quartiles, rank, change. Pure functions: it loads nothing and writes
// no sentence; report puts a Rule into words.
//
// The area itself belongs to its group: n, rank, median and quartiles include it.
package peer

import (
	"math"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/stat"
)

// Basis is what a group is built on.
type Basis uint8

const (
	BasisUnknown Basis = iota
	Neighbours         // shared border
	SamePowiat         // all gminas of the powiat, of any kind
	SameKind           // same kind in Rule.Within
	KindSize           // same kind and size band in Rule.Within
	Structure          // nearest by standardised structural indicators
	List               // a given list
	Type               // the same type of a classification
)

// Rule says how a group came about.
type Rule struct {
	Basis    Basis
	Kind     stat.Kind     // the kind all members share; KindUnknown: of several kinds
	Within   stat.AreaCode // powiat, voivodeship or stat.Country; "" where place plays no part
	Unsized  bool          // size plays no part because too few are of the same size
	Widened  bool          // Within is the country because the voivodeship had too few
	Low      float64       // size band: Low ≤ size < High
	High     float64       // +Inf: no upper limit; 0: no band
	SizeYear stat.Period   // the year of the sizes
	Nearest  int           // how many nearest were taken (Structure)
	Year     stat.Period   // the year of the structural indicators
	Name     string        // of a list or type
}

// Group is a peer group (grupa porównawcza).
type Group struct {
	Rule    Rule
	Own     stat.AreaCode
	Members []stat.AreaCode // ascending by code, Own among them
}

// Key is the same for groups of the same members.
func (g Group) Key() string {
	var b strings.Builder
	for _, m := range g.Members {
		b.WriteString(string(m))
		b.WriteByte(' ')
	}
	return b.String()
}

// Size is the size of an area (its population), and whether it is known.
type Size func(stat.AreaCode) (float64, bool)

// Candidates lists the areas of the same kind and tier as own that lie within an area;
// stat.Country stands for all.
func Candidates(r *stat.Register, own stat.Area, within stat.AreaCode) []stat.AreaCode {
	var out []stat.AreaCode
	for _, a := range r.Areas() {
		if a.Kind == own.Kind && len(a.Code) == len(own.Code) && (within == stat.Country || strings.HasPrefix(string(a.Code), string(within))) {
			out = append(out, a.Code)
		}
	}
	return out
}

// OfKind is the group of the same kind in the voivodeship or, within stat.Country, in the
// country.
func OfKind(r *stat.Register, own stat.Area, within stat.AreaCode) Group {
	return Group{Rule: Rule{Basis: SameKind, Kind: own.Kind, Within: within}, Own: own.Code, Members: Candidates(r, own, within)}
}

// OfKindAndSize is the group of the same kind and size band in the voivodeship, widened to
// the country while it has fewer than least members. bands are the limits between size
// bands, ascending. Without bands, or where the size of own is not known or the country
// has fewer than Least of that size, size plays no part.
func OfKindAndSize(r *stat.Register, own stat.Area, size Size, bands []float64, least int) Group {
	v, known := size(own.Code)
	if !known || len(bands) == 0 {
		return widened(r, own, least, func(stat.AreaCode) bool { return true })
	}
	low, high := 0.0, math.Inf(1)
	for _, b := range bands {
		if v >= b {
			low = b
		} else {
			high = b
			break
		}
	}
	g := widened(r, own, least, func(c stat.AreaCode) bool {
		s, ok := size(c)
		return ok && s >= low && s < high
	})
	if len(g.Members) < Least {
		g = widened(r, own, least, func(stat.AreaCode) bool { return true })
		g.Rule.Unsized = true
		return g
	}
	g.Rule.Basis, g.Rule.Low, g.Rule.High = KindSize, low, high
	return g
}

// widened is the areas of the kind of own that are alike: of the voivodeship, or of the
// country where that has fewer than least.
func widened(r *stat.Register, own stat.Area, least int, alike func(stat.AreaCode) bool) Group {
	var g Group
	for _, within := range []stat.AreaCode{own.Code.Voivodeship(), stat.Country} {
		g = OfKind(r, own, within)
		g.Members = slices.DeleteFunc(g.Members, func(c stat.AreaCode) bool { return !alike(c) })
		if len(g.Members) >= least {
			break
		}
	}
	g.Rule.Widened = g.Rule.Within == stat.Country && own.Code.Voivodeship() != ""
	return g
}

// OfNeighbours is the area with all that share a border with it.
func OfNeighbours(r *stat.Register, own stat.Area) Group {
	return listed(r, Rule{Basis: Neighbours}, own, r.Neighbours(own.Code))
}

// OfPowiat is all gminas of the powiat of own. For an area of another tier it is the same
// kind in the voivodeship.
func OfPowiat(r *stat.Register, own stat.Area) Group {
	if len(own.Code) != 6 {
		return OfKind(r, own, own.Code.Voivodeship())
	}
	p := own.Code.Parent()
	return listed(r, Rule{Basis: SamePowiat, Within: p}, own, r.Children(p))
}

// OfList is the area with the members of a list.
func OfList(r *stat.Register, own stat.Area, members []stat.AreaCode, name string) Group {
	return listed(r, Rule{Basis: List, Name: name}, own, members)
}

// OfType is all areas of the type of own; types maps codes to the name of the type. It
// reports false where own has none.
func OfType(r *stat.Register, own stat.Area, types map[stat.AreaCode]string) (Group, bool) {
	name, ok := types[own.Code]
	if !ok {
		return Group{}, false
	}
	var members []stat.AreaCode
	for c, t := range types {
		if _, known := r.Area(c); known && t == name {
			members = append(members, c)
		}
	}
	return listed(r, Rule{Basis: Type, Name: name}, own, members), true
}

// listed makes a group of own and members and finds the kind they share.
func listed(r *stat.Register, rule Rule, own stat.Area, members []stat.AreaCode) Group {
	all := append([]stat.AreaCode{own.Code}, members...)
	slices.Sort(all)
	all = slices.Compact(all)
	rule.Kind = own.Kind
	for _, c := range all {
		if a, ok := r.Area(c); ok && a.Kind != own.Kind {
			rule.Kind = stat.KindUnknown
		}
	}
	return Group{Rule: rule, Own: own.Code, Members: all}
}
