package terc

import (
	_ "embed"
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
// six-digit code alone, never by name.
func Compare(from, to *Register) Diff {
	d := Diff{Changes: map[stat.AreaCode][]stat.Change{}}
	year := year(to.State)
	before, after := from.index(), to.index()
	known := map[stat.AreaCode]bool{}
	for _, e := range events {
		if e.Kind == "code" && e.Year > yearOr0(from.State) && e.Year <= year {
			known[e.Area] = true
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
	Year int           `toml:"year"`
	Area stat.AreaCode `toml:"area"` // the code after the change
	Kind string        `toml:"kind"` // code, boundary
	From string        `toml:"from"` // code: the code before
	Note string        `toml:"note"`
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

var eventKinds = map[string]stat.ChangeKind{"code": stat.ChangeCode, "boundary": stat.ChangeBoundary}

// History lists the known changes of the areas of a state that two states of TERC do not
// tell: codes given up for others and territory moved between gminas that stayed.
func History(r *Register) map[stat.AreaCode][]stat.Change {
	known := r.index()
	out := map[stat.AreaCode][]stat.Change{}
	for _, e := range events {
		if _, ok := known[e.Area]; ok && e.Year <= year(r.State) {
			out[e.Area] = append(out[e.Area], stat.Change{Year: e.Year, Kind: eventKinds[e.Kind], From: e.From})
		}
	}
	return out
}

// Areas lists the codes with changes, in order.
func (d Diff) Areas() []stat.AreaCode { return slices.Sorted(maps.Keys(d.Changes)) }
