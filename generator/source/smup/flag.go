package smup

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/source/gusapi"
	"github.com/raportjst/raportjst/generator/stat"
)

// flags says what the flags of the dictionary mean.
type flags map[int64]flag

type flag struct {
	status stat.Status
	name   string // as the dictionary has it
	known  bool
}

// meanings are the flags whose meaning is known, each with words that its name must have
// for the flag to be trusted. Flag 5 is „brak informacji, konieczność zachowania tajemnicy
// statystycznej…”: both at once, so it is no more than missing.
var meanings = map[int64]struct {
	status stat.Status
	words  string
	not    string
}{
	1: {stat.Present, "wystąpiło", "nie wystąpiło"},
	2: {stat.NotOccurred, "nie wystąpiło", ""},
	3: {stat.BelowFormat, "mniejsza", ""},
	5: {stat.Missing, "brak informacji", ""},
}

// readFlags loads the dictionary of flags. Where it cannot be had, the known meanings stand.
func (s *Source) readFlags(ctx context.Context) (flags, error) {
	rows, err := s.list(ctx, "flag-dictionary", nil, lists)
	if err != nil && !errors.Is(err, gusapi.ErrRequest) {
		return nil, err
	}
	return s.understand(rows), nil
}

// understand compares the dictionary with the meanings.
func (s *Source) understand(rows []gusapi.Record) flags {
	all := flags{}
	for id, m := range meanings {
		all[id] = flag{status: m.status, known: true}
	}
	read := 0
	for _, r := range rows {
		id, ok := r.Integer("id-flaga", "id-flagi", "id")
		if !ok {
			continue
		}
		read++
		name := strings.ToLower(r.First("nazwa", "nazwa-flagi", "opis", "opis-flagi"))
		f := flag{name: name}
		if m, ok := meanings[id]; ok && (name == "" || strings.Contains(name, m.words) && (m.not == "" || !strings.Contains(name, m.not))) {
			f.status, f.known = m.status, true
		}
		all[id] = f
	}
	if read == 0 {
		s.warn.Add("SMUP, słownik flag", "nie udało się go odczytać; przyjęto znane znaczenia flag 1, 2, 3 i 5", 1)
	}
	return all
}

// observe makes an observation of a row. What is doubtful is missing and counted in doubt.
func (f flags) observe(r row, doubt *doubts) stat.Observation {
	flag, listed := f[r.flag]
	switch {
	case !listed || !flag.known:
		doubt.flags[r.flag]++
		return stat.Unobserved(stat.Missing, sign(r.flag))
	case flag.status == stat.Present && !r.has:
		doubt.empty++
		return stat.Unobserved(stat.Missing, sign(r.flag))
	case flag.status == stat.Present:
		return stat.Observed(r.value, 0)
	case flag.status == stat.NotOccurred && r.has && r.value != 0:
		doubt.notZero++
		return stat.Unobserved(stat.Missing, sign(r.flag))
	}
	return stat.Unobserved(flag.status, sign(r.flag))
}

// sign is the provider's sign as it is kept for the record. There are few, so they are not
// made anew for each of the millions of rows.
func sign(flag int64) string {
	if flag >= 0 && flag < int64(len(signs)) {
		return signs[flag]
	}
	return fmt.Sprintf("id-flaga %d", flag)
}

var signs = func() (s [16]string) {
	for i := range s {
		s[i] = fmt.Sprintf("id-flaga %d", i)
	}
	return s
}()

// doubts counts the rows of a series that became missing because they were not understood.
type doubts struct {
	flags   map[int64]int
	empty   int // an occurred phenomenon without a value
	notZero int // an absent phenomenon with a value
	out     map[string]int
}

// tell turns doubts into warnings about an indicator.
func (d *doubts) tell(w *gusapi.Warnings, f flags, where string) {
	for _, id := range slices.Sorted(maps.Keys(d.flags)) {
		what := fmt.Sprintf("nieznana flaga %d", id)
		if id == noFlag {
			what = "wiersze bez flagi"
		} else if f[id].name != "" {
			what = fmt.Sprintf("flaga %d („%s”) o nieznanym znaczeniu", id, f[id].name)
		}
		w.Add(where, what+" – przyjęto brak informacji", d.flags[id])
	}
	w.Add(where, "flaga 1 (zjawisko wystąpiło) bez wartości – przyjęto brak informacji", d.empty)
	w.Add(where, "flaga 2 (zjawisko nie wystąpiło) z wartością różną od zera – przyjęto brak informacji", d.notZero)
	for _, why := range slices.Sorted(maps.Keys(d.out)) {
		w.Add("SMUP, dane", "pominięto wiersze: "+why, d.out[why])
	}
}
