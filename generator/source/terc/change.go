package terc

import (
	"cmp"
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/pelletier/go-toml/v2"

	"github.com/raportjst/raportjst/generator/stat"
)

// Diff is what changed between two states.
type Diff struct {
	// Changes of the areas of the later state. A gmina that was not there before has
	// ChangeBoundary: it was made of the territory of others, so its series start. Which
	// areas lost that territory TERC does not say; see History.
	Changes map[stat.AreaCode][]stat.Change
	Added   []Area // of the later state alone
	Gone    []Area // of the earlier state alone
}

// Compare finds what changed from one state to a later one. Areas are matched by their
// six-digit code alone, never by name; same tells which codes are of one area.
func Compare(from, to *Register, same ...Same) Diff {
	d := Diff{Changes: map[stat.AreaCode][]stat.Change{}}
	year := year(to.State)
	before, after := from.index(), to.index()
	known := map[stat.AreaCode]bool{}
	for _, e := range events {
		if e.Kind == "code" && e.Year > yearOr0(from.State) && e.Year <= year {
			for _, c := range e.Areas {
				known[c] = true
			}
		}
	}
	for _, x := range same {
		if x.Year > yearOr0(from.State) && x.Year <= year {
			known[x.New] = true
		}
	}
	for _, a := range to.Areas {
		old, was := before[a.Code]
		if !was {
			d.Added = append(d.Added, a)
			if !known[a.Code] {
				d.Changes[a.Code] = append(d.Changes[a.Code], stat.Change{Year: year, Kind: stat.ChangeBoundary})
			}
			continue
		}
		if old.Seven != a.Seven {
			d.Changes[a.Code] = append(d.Changes[a.Code], stat.Change{Year: year, Kind: stat.ChangeKindOf, From: string(a.Code) + string(old.Seven)})
		}
		if old.Name != a.Name {
			d.Changes[a.Code] = append(d.Changes[a.Code], stat.Change{Year: year, Kind: stat.ChangeName, From: old.Name})
		}
	}
	for _, a := range from.Areas {
		if _, still := after[a.Code]; !still {
			d.Gone = append(d.Gone, a)
		}
	}
	return d
}

// year is the first year of a state: that of 1 January, or the next for a later day.
func year(state string) int {
	y := yearOr0(state)
	if len(state) == 10 && state[4:] > "-01-01" {
		y++
	}
	return y
}

func yearOr0(state string) int {
	if len(state) < 4 {
		return 0
	}
	y, _ := strconv.Atoi(state[:4])
	return y
}

//go:embed history.toml
var historyTOML []byte

// event is a change before the states at hand, or one that a state does not tell.
type event struct {
	Year      int             `toml:"year"`
	Areas     []stat.AreaCode `toml:"areas"` // codes after the change; of a city with powiat rights that of the gmina
	Kind      string          `toml:"kind"`  // code, boundary, kind, name
	From      string          `toml:"from"`  // code, kind: the code before (of a kind with its seventh digit); name: the name before
	Note      string          `toml:"note"`
	Source    string          `toml:"source"`
	Certainty string          `toml:"certainty"` // documented, derived
}

var events = func() []event {
	var h struct {
		Event []event `toml:"event"`
	}
	if err := toml.Unmarshal(historyTOML, &h); err != nil {
		panic("terc: history.toml: " + err.Error()) // held by a test
	}
	return h.Event
}()

var eventKinds = map[string]stat.ChangeKind{"code": stat.ChangeCode, "boundary": stat.ChangeBoundary, "kind": stat.ChangeKindOf, "name": stat.ChangeName}

// History lists the known changes of the areas of a state that two states of TERC do not
// tell: codes given up for others and territory moved between areas that stayed. The
// territory of a city with powiat rights changes on both of its tiers.
func History(r *Register) map[stat.AreaCode][]stat.Change {
	known := r.index()
	return history(year(r.State), func(c stat.AreaCode) bool { _, ok := known[c]; return ok })
}

func history(last int, known func(stat.AreaCode) bool) map[stat.AreaCode][]stat.Change {
	out := map[stat.AreaCode][]stat.Change{}
	for _, e := range events {
		if e.Year > last {
			continue
		}
		for _, code := range e.Areas {
			tiers := []stat.AreaCode{code}
			if code.CityPowiat() && e.Kind == "boundary" {
				tiers = append(tiers, code.Parent())
			}
			for _, c := range tiers {
				if known(c) {
					out[c] = append(out[c], stat.Change{Year: e.Year, Kind: eventKinds[e.Kind], From: e.From})
				}
			}
		}
	}
	return out
}

// Supplement adds to a register that was built before what is known now: a data set is read
// by programs that know more than the one that made it.
func Supplement(r *stat.Register) (*stat.Register, error) {
	changes := history(year(r.State()), func(c stat.AreaCode) bool { _, ok := r.Area(c); return ok })
	areas := slices.Clone(r.Areas())
	for i, a := range areas {
		areas[i].Changes = inOrder(append(slices.Clone(a.Changes), changes[a.Code]...))
	}
	out, err := stat.NewRegister(r.State(), areas, r.Borders())
	if err != nil {
		return nil, fmt.Errorf("supplement register: %w", err)
	}
	return out, nil
}

// inOrder sorts changes by year and leaves each once.
func inOrder(changes []stat.Change) []stat.Change {
	slices.SortFunc(changes, func(x, y stat.Change) int {
		return cmp.Or(cmp.Compare(x.Year, y.Year), cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.From, y.From))
	})
	return slices.Compact(changes)
}

// Areas lists the codes with changes, in order.
func (d Diff) Areas() []stat.AreaCode { return slices.Sorted(maps.Keys(d.Changes)) }
