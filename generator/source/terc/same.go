package terc

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"

	"github.com/pelletier/go-toml/v2"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/stat"
)

// Same is an area that got another code: its series go on. TERC does not tell that; a new
// code stands there as a new area. Users tell it in a small file:
//
//	[[same]]
//	old = "302106"
//	new = "302117"
//	year = 2027
type Same struct {
	Old  stat.AreaCode `toml:"old"`
	New  stat.AreaCode `toml:"new"`
	Year int           `toml:"year"` // the first with the new code

	where string
}

func (x Same) fault(what, hint string) error {
	return &fault.Fault{Where: x.where, What: what, Hint: hint}
}

// check holds the codes to the newest state.
func (x Same) check(known map[stat.AreaCode]Area) error {
	if _, ok := known[x.New]; !ok {
		return x.fault(fmt.Sprintf("nowego kodu %s nie ma w rejestrze", x.New), "wczytaj razem z tym plikiem nowszy plik TERC albo popraw kod")
	}
	if _, ok := known[x.Old]; ok {
		return x.fault(fmt.Sprintf("stary kod %s jest nadal w rejestrze, więc to inna jednostka niż %s", x.Old, x.New), "popraw kody albo usuń ten wpis")
	}
	return nil
}

// IsSame tells a file of Same from other TOML.
func IsSame(raw []byte) bool {
	var f map[string]any
	if toml.Unmarshal(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")), &f) != nil {
		return bytes.Contains(raw, []byte("[[same]]"))
	}
	_, ok := f["same"]
	return ok
}

// ReadSame reads a file of areas that got other codes.
func ReadSame(fsys fs.FS, name string) ([]Same, error) {
	where := "plik " + path.Base(name)
	raw, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, &fault.Fault{Where: where, What: "nie można odczytać pliku", Hint: "sprawdź nazwę i prawa do pliku", Err: err}
	}
	var f struct {
		Same []Same `toml:"same"`
	}
	err = toml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")))).DisallowUnknownFields().Decode(&f)
	if err != nil {
		var strict *toml.StrictMissingError
		var syntax *toml.DecodeError
		line := 0
		switch {
		case errors.As(err, &strict) && len(strict.Errors) > 0:
			line, _ = strict.Errors[0].Position()
		case errors.As(err, &syntax):
			line, _ = syntax.Position()
		}
		return nil, &fault.Fault{Where: fmt.Sprintf("%s, wiersz %d", where, line), What: "błąd w zapisie pliku TOML", Hint: "każdy wpis ma nagłówek [[same]] i klucze old, new (kody w cudzysłowie) i year", Err: err}
	}
	seen := map[stat.AreaCode]bool{}
	for i := range f.Same {
		x := &f.Same[i]
		x.where = fmt.Sprintf("%s, wpis %d", where, i+1)
		for _, c := range []stat.AreaCode{x.Old, x.New} {
			if _, err := stat.ParseAreaCode(string(c)); err != nil || seen[c] || len(c) != len(x.Old) || len(c) < 4 {
				return nil, x.fault(fmt.Sprintf("„%s” to nie kod gminy (6 cyfr) lub powiatu (4 cyfry), kod innego szczebla niż drugi albo już użyty", c), "podaj w cudzysłowie kody bez cyfry rodzaju, na przykład old = \"302106\"")
			}
			seen[c] = true
		}
		if x.Year < 1999 || x.Year > 2100 {
			return nil, x.fault(fmt.Sprintf("year = %d to nie rok", x.Year), "podaj pierwszy rok, w którym obowiązuje nowy kod")
		}
	}
	if len(f.Same) == 0 {
		return nil, &fault.Fault{Where: where, What: "plik nie zawiera żadnego wpisu", Hint: "dopisz [[same]] z kluczami old, new i year"}
	}
	return f.Same, nil
}
