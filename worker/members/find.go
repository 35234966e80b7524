package members

import (
	"fmt"
	"slices"

	"github.com/raportjst/raportjst/generator/gazetteer"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/stat"
)

// finder finds areas by code and by name.
type finder struct {
	*gazetteer.Gazetteer
	located map[string]source.Located // of the codes of the list; empty where they cannot be read together
}

func newFinder(r *stat.Register) finder { return finder{Gazetteer: gazetteer.New(r)} }

// locate reads the codes of a list together, as imports do: how they are written, and whether a
// spreadsheet took the zero in front of them, follows from all of them. Where it does not, each
// is read by itself.
func (f finder) locate(written []string) finder {
	var codes []string
	for _, text := range written {
		if c, ok := source.PlainCode(text); ok && c != "PL" {
			codes = append(codes, c)
		}
	}
	slices.Sort(codes)
	f.located, _ = source.Locate(f.Register, slices.Compact(codes))
	return f
}

// area finds the unit of a row, by its code or, without one, by its name. The row of a problem
// is the field that it is about.
func (f finder) area(cells [fields]string) (*stat.Area, *Problem) {
	if cells[code] == "" {
		return f.named(cells)
	}
	at := func(what, hint string) (*stat.Area, *Problem) {
		return nil, &Problem{Row: int(code), Error: true, What: what, Hint: hint}
	}
	text, digits := source.PlainCode(cells[code])
	if l := f.located[text]; l.Place == source.Placed && l.Area != "" && l.Area != stat.Country {
		area, _ := f.Area(f.Canonical(l.Area))
		if full := "0" + text; len(text) < 7 && string(l.Area.Voivodeship()) == full[:2] {
			return &area, &Problem{
				Row: int(code), What: "kod „" + cells[code] + "” nie ma zera na początku; odczytano go z zerem: " + f.Places([]stat.Area{area}),
				Hint: "arkusz kalkulacyjny zgubił zero: nadaj kolumnie format „Tekst” i wpisz " + full,
			}
		}
		return &area, nil
	}
	c, err := stat.ParseAreaCode(text)
	area, known := f.Area(f.Canonical(c))
	other, lost := f.zeroLost(text)
	switch {
	case err == nil && known && lost && cells[name] != "" && f.Fits(area, cells[name]) != gazetteer.Same && f.Fits(other, cells[name]) == gazetteer.Same:
		return &other, nil
	case err == nil && known && lost && (cells[name] == "" || f.Fits(area, cells[name]) != gazetteer.Same):
		return at("kod „"+text+"” może oznaczać dwie jednostki: "+f.Places([]stat.Area{area, other})+", jeśli arkusz zgubił zero na początku", "wpisz kod 7 cyfr albo nazwę jednostki")
	case err != nil && lost:
		return at("„"+text+"” nie jest kodem TERYT", "arkusz mógł zgubić zero na początku: wpisz 0"+text)
	case digits && len(text) == 5:
		return at("„"+text+"” ma 5 cyfr, a kod TERYT 2, 4, 6 albo 7", "arkusz mógł zgubić zero na początku, ale jednostki 0"+text+" nie ma w rejestrze: sprawdź kod")
	case err != nil:
		return at("„"+text+"” nie jest kodem TERYT", "wpisz 2, 4, 6 albo 7 cyfr")
	case !known && lost:
		return at("nieznany kod TERYT "+text, "arkusz mógł zgubić zero na początku: wpisz 0"+text)
	case !known || area.Kind == stat.KindCountry:
		return at("nieznany kod TERYT "+text, "sprawdź kod w rejestrze TERYT („raportjst list find NAZWA”)")
	}
	return &area, nil
}

// zeroLost gives the unit of a code that is known with a zero in front.
func (f finder) zeroLost(text string) (stat.Area, bool) {
	c, err := stat.ParseAreaCode("0" + text)
	if err != nil && len(text) == 6 {
		c, err = stat.ParseAreaCode("0" + text[:5])
	}
	if err != nil {
		return stat.Area{}, false
	}
	return f.Area(f.Canonical(c))
}

// kinds are the words that tell gminas of one name apart.
var kinds = map[stat.Kind][]string{
	stat.KindUrban: {"miejska", "miasto", "gmina-miejska", "1", "m"}, stat.KindRural: {"wiejska", "gmina-wiejska", "2", "w"},
	stat.KindUrbanRural: {"miejsko-wiejska", "gmina-miejsko-wiejska", "3", "mw", "m-w"}, stat.KindCity: {"miasto", "miasto-na-prawach-powiatu", "mnpp"},
	stat.KindPowiat: {"powiat", "p", "ziemski"}, stat.KindVoivodeship: {"wojewodztwo", "w"},
}

// named finds the unit by name, powiat, voivodeship and kind: the one that all of them fit.
func (f finder) named(cells [fields]string) (*stat.Area, *Problem) {
	at := func(what, hint string) (*stat.Area, *Problem) {
		return nil, &Problem{Row: int(name), Error: true, What: what, Hint: hint}
	}
	if cells[name] == "" {
		return nil, &Problem{Row: int(name), Error: true, What: "brak kodu i nazwy jednostki", Hint: "wpisz kod TERYT albo nazwę i powiat"}
	}
	text, level := gazetteer.Titled(cells[name])
	all := f.Named(text)
	if len(all) == 0 {
		if near := f.Near(text); near != "" {
			return at("nie ma jednostki „"+cells[name]+"”", "czy chodzi o: "+near+"?")
		}
		return at("nie ma jednostki „"+cells[name]+"”", "wpisz nazwę w mianowniku, tak jak w rejestrze TERYT, albo kod")
	}
	keep := func(fits func(stat.Area) bool) {
		if some := slices.DeleteFunc(slices.Clone(all), func(a stat.Area) bool { return !fits(a) }); len(some) > 0 || level == stat.LevelUnknown {
			all = some
		}
	}
	if level != stat.LevelUnknown {
		keep(func(a stat.Area) bool { return gazetteer.Level(a) == level })
	}
	for _, up := range []struct {
		f  field
		of func(stat.Area) stat.AreaCode
	}{{powiat, func(a stat.Area) stat.AreaCode { return a.Code[:min(4, len(a.Code))] }}, {voivodeship, func(a stat.Area) stat.AreaCode { return a.Code.Voivodeship() }}} {
		want := gazetteer.Plain(cells[up.f])
		if want == "" {
			continue
		}
		fits := slices.DeleteFunc(slices.Clone(all), func(a stat.Area) bool {
			higher, ok := f.Area(up.of(a))
			return !ok || gazetteer.Plain(higher.Name) != want
		})
		if len(fits) == 0 {
			return nil, &Problem{Row: int(up.f), Error: true, What: fmt.Sprintf("„%s” nie leży w: %s", cells[name], cells[up.f]), Hint: "jednostki o tej nazwie: " + f.Places(all)}
		}
		all = fits
	}
	if want := locale.Slug(cells[kind]); want != "" {
		all = slices.DeleteFunc(all, func(a stat.Area) bool { return !slices.Contains(kinds[a.Kind], want) })
	} else if level == stat.LevelUnknown && len(all) > 1 { // "Poznań" is the city, and not the powiat
		gminas := slices.DeleteFunc(slices.Clone(all), func(a stat.Area) bool { return gazetteer.Level(a) != stat.LevelGmina })
		if len(gminas) > 0 {
			all = gminas
		}
	}
	switch len(all) {
	case 0:
		return at("nie ma jednostki „"+cells[name]+"” tego rodzaju", "sprawdź rodzaj albo wpisz kod TERYT")
	case 1:
		return &all[0], nil
	}
	return at("są "+fmt.Sprint(len(all))+" jednostki o nazwie „"+cells[name]+"”", "dopisz powiat, rodzaj albo kod TERYT: "+f.Places(all))
}

// agrees tells whether the name, powiat and voivodeship of a row that has a code fit the unit of
// that code; nil where they do.
func (f finder) agrees(a stat.Area, cells [fields]string) *Problem {
	if cells[code] == "" {
		return nil
	}
	listed := cells[name]
	contradicts := func(at field, what string) *Problem {
		p := &Problem{Row: int(at), Error: true, What: fmt.Sprintf("kod %s to %s, a w wierszu jest „%s”", cells[code], f.Places([]stat.Area{a}), what), Hint: "popraw kod albo nazwę"}
		if others := f.Named(gazetteer.Plain(what)); at == name && len(others) > 0 {
			p.Hint += "; " + f.Places(others)
		}
		return p
	}
	for _, up := range []struct {
		f    field
		code stat.AreaCode
	}{{powiat, a.Code[:min(4, len(a.Code))]}, {voivodeship, a.Code.Voivodeship()}} {
		if higher, ok := f.Area(up.code); ok && cells[up.f] != "" && gazetteer.Alike(gazetteer.Plain(higher.Name), gazetteer.Plain(cells[up.f])) == gazetteer.Differs {
			return contradicts(up.f, cells[up.f])
		}
	}
	if listed == "" {
		return nil
	}
	switch f.Fits(a, listed) {
	case gazetteer.Same:
		return nil
	case gazetteer.Perhaps:
		return &Problem{Row: int(name), What: fmt.Sprintf("nazwa „%s” może nie pasować do kodu %s: %s", listed, cells[code], f.Places([]stat.Area{a})), Hint: "sprawdź"}
	case gazetteer.Differs:
	}
	return contradicts(name, listed)
}
