package smup

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/gusapi"
	"github.com/raportjst/raportjst/generator/stat"
)

// unit is the place of a unit of the dictionary in the register.
type unit struct {
	area   stat.AreaCode
	rank   rank
	before stat.Period // of a former code: the year in which it was given up, 0 where that is not known
	out    string      // in Polish, why it has no place; "" where it has one
}

// rank says which row counts where an area has several in a year.
type rank int8

const (
	rankStray  rank = iota // under a former code, given up nobody knows when
	rankToday              // under the code of today
	rankFormer             // under the code of that year
)

// Reasons why a unit has no place.
const (
	outTier    = "jednostki statystyczne (makroregiony, regiony, podregiony)"
	outPart    = "części gmin (miasta, obszary wiejskie, dzielnice)"
	outGone    = "jednostki spoza rejestru TERYT (zniesione lub nowsze niż rejestr)"
	outFormer  = "kody jednostek z lat, w których miały już inny kod"
	outStrange = "jednostki o niezrozumiałym kodzie"
	outUnknown = "jednostki spoza słownika teryt"
)

// readUnits loads the units.
func (s *Source) readUnits(ctx context.Context, register *stat.Register) (map[int64]unit, error) {
	rows, err := s.list(ctx, "teryt-dictionary", paged, lists)
	if err != nil {
		return nil, err
	}
	units := make(map[int64]unit, len(rows))
	codes := make(map[int64]string, len(rows))
	var list []string
	for _, r := range rows {
		id, ok := r.Integer("id-teryt", "id")
		if !ok {
			continue
		}
		code, out := teryt(r)
		if out != "" {
			units[id] = unit{out: out}
			continue
		}
		codes[id] = code
		list = append(list, code)
	}
	located, err := source.Locate(register, list)
	if len(list) == 0 {
		err = errors.New("no units")
	}
	if err != nil {
		return nil, &fault.Fault{
			Where: "SMUP, teryt-dictionary", What: "słownik jednostek nie pasuje do rejestru TERYT",
			Hint: "sprawdź, czy wczytano rejestr całego kraju", Err: err,
		}
	}
	for id, code := range codes {
		area := located[code].Area
		rank, before := standing(register, area, code)
		units[id] = unit{area: area, rank: rank, before: before, out: map[source.Place]string{
			source.PlacePart: outPart, source.PlaceStatistics: outTier, source.PlaceUnknown: outGone,
		}[located[code].Place]}
	}
	return units, nil
}

// standing tells whether the code is that of the area today and, if not, in which year the
// area gave it up for another one, 0 where the register does not know: a village became a
// town, or a powiat lost its city. Such a unit stays in the dictionary.
func standing(r *stat.Register, area stat.AreaCode, code string) (rank, stat.Period) {
	a, _ := r.Area(area)
	for _, c := range a.Changes {
		if c.Kind == stat.ChangeKindOf && c.From == code || c.Kind == stat.ChangeCode && c.From == code[:len(area)] {
			return rankFormer, stat.Period(c.Year)
		}
	}
	kinds := map[byte][]stat.Kind{'1': {stat.KindUrban, stat.KindCity}, '2': {stat.KindRural}, '3': {stat.KindUrbanRural}}
	if area.Level() == stat.LevelGmina && !slices.Contains(kinds[code[6]], a.Kind) || !strings.HasPrefix(code, string(area)) && area != stat.Country {
		return rankStray, 0
	}
	return rankToday, 0
}

// teryt reads the seven-digit code of a unit: {"woj":"10","pow":"01","gmn":"01","rodz":"1",
// "nazwa":"Bełchatów","nazwa-dod":"gmina miejska"}. The statistical tiers between the
// administrative ones have no code of their own and are told from them by nazwa-dod.
func teryt(r gusapi.Record) (code, out string) {
	woj, wojOK := digits(r["woj"])
	pow, powOK := digits(r["pow"])
	gmn, gmnOK := digits(r["gmn"])
	kind := strings.ToLower(r["nazwa-dod"])
	switch {
	case !wojOK || !powOK || !gmnOK || woj == "00" && pow+gmn != "0000" || pow == "00" && gmn != "00":
		return "", outStrange
	case gmn != "00" && len(r["rodz"]) == 1:
		return woj + pow + gmn + r["rodz"], ""
	case gmn != "00":
		return "", outStrange
	case pow != "00" && (kind == "" || strings.Contains(kind, "powiat")),
		pow == "00" && woj != "00" && (kind == "" || kind == "województwo"),
		woj == "00" && strings.EqualFold(r["nazwa"], "Polska"):
		return woj + pow + "000", ""
	}
	return "", outTier
}

// digits reads a part of a code: two digits, of which a number has lost the leading zero;
// "00" where there is none.
func digits(s string) (string, bool) {
	s = strings.Repeat("0", max(0, 2-len(s))) + s
	return s, len(s) == 2 && strings.Trim(s, "0123456789") == ""
}
