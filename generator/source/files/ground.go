package files

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/geo"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/prg"
	"github.com/raportjst/raportjst/generator/source/terc"
	"github.com/raportjst/raportjst/generator/stat"
)

// ground is what figures stand on: areas and their boundaries.
type ground struct {
	register *stat.Register
	topology *geo.Topology // nil where there are no boundaries
	from     []stat.Provenance
}

// boundariesDataset names boundaries among the sources of a snapshot.
const boundariesDataset = "PRG"

// Register reads the register with the neighbours alone.
func (s Set) Register(ctx context.Context) (*stat.Register, error) {
	g, err := s.ground(ctx, func(source.Warning) {})
	if err != nil {
		return nil, err
	}
	return g.register, nil
}

// invent takes the names of the providers off: nobody published sample areas.
func (g *ground) invent() {
	for i := range g.from {
		g.from[i].Agency, g.from[i].Dataset = "", "dane przykładowe"
	}
	if g.topology != nil {
		g.topology.Source = "granice wymyślone"
	}
}

// add notes a source once.
func (g *ground) add(p stat.Provenance) {
	if !slices.ContainsFunc(g.from, func(q stat.Provenance) bool { return q.Digest == p.Digest && q.Table == p.Table }) {
		g.from = append(g.from, p)
	}
}

func (s Set) ground(ctx context.Context, warn func(source.Warning)) (*ground, error) {
	g := &ground{}
	if s.Base != nil {
		for _, p := range s.Base.Manifest().Sources {
			if p.Indicators == 0 {
				g.from = append(g.from, p.Provenance)
			}
		}
	}
	same, err := s.same()
	if err != nil {
		return nil, err
	}
	states, err := s.states(ctx, g, warn)
	if err != nil {
		return nil, err
	}
	if g.register, _, err = terc.Build(states, nil, same...); err != nil {
		return nil, asFault(err)
	}
	var borders []stat.Border
	if s.Base != nil {
		g.topology, borders = recoded(s.Base.Topology(), s.Base.Register().Borders(), source.Renamed(g.register))
	}
	if s.Boundaries != nil {
		b, err := prg.Read(ctx, s.Boundaries.FS, s.Boundaries.Path, g.register, prg.Known{Topology: g.topology, Borders: borders})
		if err != nil {
			return nil, err
		}
		g.topology, borders = b.Topology, b.Borders
		if b.Merged == 0 { // what was known is gone
			g.from = slices.DeleteFunc(g.from, func(p stat.Provenance) bool { return p.Dataset == boundariesDataset })
		} else {
			warn(source.Warning{Where: "plik " + b.File, What: "to granice części kraju: zastąpiono nimi dotychczasowe granice tych jednostek, pozostałe są bez zmian", Count: b.Merged})
		}
		g.add(stat.Provenance{Agency: "GUGiK", Dataset: boundariesDataset, Table: b.File, Updated: g.register.State(), Digest: b.Digest})
	}
	var strange []stat.Border
	if g.register, strange, err = terc.Build(states, borders, same...); err != nil {
		return nil, asFault(err)
	}
	if len(strange) > 0 {
		warn(source.Warning{Where: "granice", What: "pominięto granice jednostek spoza rejestru, na przykład " + string(strange[0].A) + "–" + string(strange[0].B), Count: len(strange)})
	}
	if g.topology != nil {
		prg.Unmatched(g.register, g.topology, warn)
	}
	tellChanges(states, g.register, same, warn)
	return g, nil
}

// unborn reports whether the state of a register is of a day that has not come yet. That of
// the first day of a year is known some weeks before.
func (s Set) unborn(state string) bool {
	today, err := time.Parse(time.DateOnly, s.Today)
	return err == nil && state > today.AddDate(0, 2, 0).Format(time.DateOnly)
}

// states reads the states of the register and notes where they come from, oldest first,
// that of the base among them.
func (s Set) states(ctx context.Context, g *ground, warn func(source.Warning)) ([]*terc.Register, error) {
	var states []*terc.Register
	for _, f := range s.TERC {
		r, err := terc.Read(ctx, f.FS, f.Path)
		if err != nil {
			return nil, err
		}
		if s.unborn(r.State) {
			return nil, &fault.Fault{Where: "plik " + r.File, What: "stan rejestru " + r.State + " jest w przyszłości", Hint: "pobierz urzędowy plik TERC z eTERYT (eteryt.stat.gov.pl), ze stanem na dziś"}
		}
		states = append(states, r)
	}
	older := func(a, b *terc.Register) int {
		return cmp.Or(strings.Compare(a.State, b.State), strings.Compare(a.Digest, b.Digest))
	}
	slices.SortFunc(states, older)
	for _, r := range states {
		g.add(stat.Provenance{Agency: "GUS", Dataset: "TERC", Table: r.File, Updated: r.State, Digest: r.Digest})
	}
	if s.Base != nil {
		states = append(states, terc.Of(s.Base.Register()))
		slices.SortFunc(states, older)
	}
	if newest := len(states) - 1; s.Base != nil && len(s.TERC) > 0 && states[newest].File == "" {
		warn(source.Warning{Where: "rejestr", What: fmt.Sprintf("wczytane pliki TERC są starsze niż rejestr zbioru danych (%s), więc służą tylko poznaniu zmian; obowiązuje rejestr zbioru", states[newest].State)})
	}
	if len(states) == 0 {
		return nil, &fault.Fault{Where: "import", What: "brak rejestru jednostek", Hint: "dodaj urzędowy plik TERC albo podaj zbiór danych, od którego zacząć (--base)"}
	}
	return states, nil
}

// recoded gives boundaries the codes that areas have now.
func recoded(t *geo.Topology, borders []stat.Border, now map[stat.AreaCode]stat.AreaCode) (*geo.Topology, []stat.Border) {
	code := func(c stat.AreaCode) stat.AreaCode { return cmp.Or(now[c], c) }
	borders = slices.Clone(borders)
	for i, b := range borders {
		borders[i].A, borders[i].B = code(b.A), code(b.B)
	}
	if t == nil {
		return nil, borders
	}
	out := *t
	out.Shapes = make(map[string]geo.Shape, len(t.Shapes))
	for _, old := range slices.Sorted(maps.Keys(t.Shapes)) {
		shape := t.Shapes[old]
		shape.Code = string(code(stat.AreaCode(old)))
		out.Shapes[shape.Code] = shape
	}
	return &out, borders
}

// same reads which codes are of one area.
func (s Set) same() ([]terc.Same, error) {
	var out []terc.Same
	for _, f := range s.Same {
		same, err := terc.ReadSame(f.FS, f.Path)
		if err != nil {
			return nil, err
		}
		out = append(out, same...)
	}
	return out, nil
}

// asFault keeps a fault of a file as it is.
func asFault(err error) error {
	var known *fault.Fault
	if errors.As(err, &known) {
		return err
	}
	return fmt.Errorf("build register: %w", err)
}

// tellChanges warns of areas that came and went between the states: TERC does not tell
// whose territory that was. Where one came and one went under the same name it may be one
// area under another code, and the warning says how to tell.
func tellChanges(states []*terc.Register, now *stat.Register, same []terc.Same, warn func(source.Warning)) {
	codes := source.Renamed(now)
	for i := range states[1:] {
		d := terc.Compare(states[i], states[i+1], same...)
		where := "rejestr, stan na " + states[i+1].State
		for _, part := range []struct {
			areas []terc.Area
			what  string
		}{
			{d.Gone, "zniesione jednostki: %s; TERC nie podaje, kto przejął ich obszar, więc szeregi sąsiadów mogą nie mieć oznaczonej zmiany granic"},
			{d.Added, "nowe jednostki: %s; ich szeregi zaczynają się od tego roku, a TERC nie podaje, z czyjego obszaru powstały"},
		} {
			var names []string
			for _, a := range part.areas {
				if !renamed(codes, a.Code) {
					names = append(names, string(a.Code)+" "+a.Name)
				}
			}
			if len(names) > 0 {
				warn(source.Warning{Where: where, What: fmt.Sprintf(part.what, strings.Join(names, ", ")), Count: len(names)})
			}
		}
		for _, old := range d.Gone {
			for _, a := range d.Added {
				if a.Name == old.Name && len(a.Code) == len(old.Code) && !renamed(codes, a.Code) && !renamed(codes, old.Code) {
					warn(source.Warning{Where: where, What: fmt.Sprintf(
						"jeśli %s %s to ta sama jednostka co dawna %s, zapisz w pliku zmiany.toml: [[same]] old = \"%s\" new = \"%s\" year = %s i podaj go razem z rejestrem; bez tego jej szereg zaczyna się od nowa",
						a.Code, a.Name, old.Code, old.Code, a.Code, states[i+1].State[:4])})
				}
			}
		}
	}
}

// renamed reports a code that is of an area with two codes.
func renamed(codes map[stat.AreaCode]stat.AreaCode, c stat.AreaCode) bool {
	_, was := codes[c]
	return was || slices.Contains(slices.Collect(maps.Values(codes)), c)
}
