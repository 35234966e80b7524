package source

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/stat"
)

// Place says where the rows of one code of a file belong.
type Place uint8

const (
	Placed          Place = iota // an area of the register
	PlacePart                    // a town or rural part inside a gmina, a district of Warsaw, a delegation: never added to anything
	PlaceStatistics              // a macroregion, region or subregion: no tier of ours
	PlaceUnknown                 // not in the register: dissolved, newer, or mistaken
)

// Located is what a code of a file stands for.
type Located struct {
	Area  stat.AreaCode // "" unless Placed
	Place Place
}

// Faults of a column of codes.
var (
	ErrCode         = errors.New("malformed area code")
	ErrAmbiguous    = errors.New("ambiguous area codes")
	ErrUnknownCodes = errors.New("unknown area codes")
	ErrMixed        = errors.New("area codes of several layouts")
)

// CodeError says which code is wrong. It unwraps to one of the faults above.
type CodeError struct {
	Code string
	Err  error
}

func (e *CodeError) Error() string { return fmt.Sprintf("code %q: %v", e.Code, e.Err) }
func (e *CodeError) Unwrap() error { return e.Err }

// layout is a way to write TERYT codes. Each reads a code that may have lost its leading
// zeros, as a spreadsheet loses them.
type layout struct {
	lengths []int // of the codes as they may stand, beside country
	read    func(code string) (stat.AreaCode, Place)
}

// layouts are tried in this order; see Locate.
var layouts = []layout{
	{[]int{12, 11}, func(c string) (stat.AreaCode, Place) { return readTwelve(pad(c, 12)) }},
	{[]int{7, 6, 4, 2}, func(c string) (stat.AreaCode, Place) {
		if len(c) == 4 || len(c) == 2 {
			return stat.AreaCode(c), Placed
		}
		return readSeven(pad(c, 7))
	}},
	{[]int{6, 5, 4, 3, 2, 1}, func(c string) (stat.AreaCode, Place) { return stat.AreaCode(pad(c, len(c)+len(c)%2)), Placed }},
}

func pad(c string, n int) string { return strings.Repeat("0", max(0, n-len(c))) + c }

// readSeven reads a code of the administrative layout WWPPGGR: powiats have GGR 000,
// voivodeships PPGGR 00000. Of a part of a gmina it tells the powiat.
func readSeven(c string) (stat.AreaCode, Place) {
	switch {
	case c[2:] == "00000":
		return stat.AreaCode(c[:2]), Placed
	case c[4:] == "000":
		return stat.AreaCode(c[:4]), Placed
	case c[6] >= '1' && c[6] <= '3':
		return stat.AreaCode(c[:6]), Placed
	case strings.IndexByte("4589", c[6]) >= 0:
		return stat.AreaCode(c[:4]), PlacePart
	}
	return "", PlaceUnknown
}

// readTwelve reads a code of the statistical layout MMWWRSSPPGGT.
func readTwelve(c string) (stat.AreaCode, Place) {
	woj, region, powiat, rest := c[2:4], c[4:7], c[7:9], c[9:]
	switch {
	case powiat != "00":
		return readSeven(woj + powiat + rest)
	case rest != "000":
		return "", PlaceUnknown
	case woj != "00" && region == "000":
		return stat.AreaCode(woj), Placed
	case region != "000" || c[:2] != "00":
		return "", PlaceStatistics
	}
	return stat.Country, Placed
}

var (
	codeSpaces = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "")
	codeKind   = regexp.MustCompile(`^(\d{5,6})[_-](\d)$`)   // 020101_1
	codeFloat  = regexp.MustCompile(`^(\d+)[.,]0+$`)         // 201011.0
	codeLetter = regexp.MustCompile(`^[Tt][_-]?(\d{2,7})$`)  // T020101
	codeDigits = regexp.MustCompile(`^(\d{1,7}|\d{11,12})$`) // as Locate reads them
)

// PlainCode is a code as people and programs write it without what they write between its
// digits and around them; false for what is none. Zeros that were lost stay lost: see Locate.
func PlainCode(s string) (string, bool) {
	s = strings.TrimLeft(codeSpaces.Replace(s), "'’`") // typed so that a program leaves the zero
	s = codeKind.ReplaceAllString(s, "$1$2")
	s = codeFloat.ReplaceAllString(s, "$1")
	s = codeLetter.ReplaceAllString(s, "$1")
	return s, codeDigits.MatchString(s) || s == "PL"
}

// Locate finds the areas that the codes of one column of a file stand for: TERYT codes of
// 2, 4, 6 or 7 digits or the 12 digits of the statistical layout of BDL, with leading
// zeros lost or not. All codes of a column are of one layout. Which one follows from their
// lengths, and where these leave a choice (201011 is a gmina, or 0201011 without its
// zero), from the register: the layout under which most codes are areas, if no other
// comes near. Where codes of six and of seven digits are mixed, each is read by itself, as
// long as it can be only one area. A code that was given up for another one is found through Area.Changes.
//
// It fails with a *CodeError when a code is malformed, when two layouts fit and when the
// register knows hardly any code.
func Locate(r *stat.Register, codes []string) (map[string]Located, error) {
	if len(codes) == 0 {
		return nil, nil
	}
	lengths := map[int]bool{}
	for _, c := range codes {
		if isCountry(c) {
			continue
		}
		if c == "" || strings.Trim(c, "0123456789") != "" {
			return nil, &CodeError{c, ErrCode}
		}
		lengths[len(c)] = true
	}
	renamed := Renamed(r)
	var best map[string]Located
	var others []map[string]Located
	most := -1
	for _, l := range layouts {
		if !fits(l, lengths) {
			continue
		}
		found, n := l.locate(r, codes, renamed)
		if n > most {
			best, found, most = found, best, n
		}
		if found != nil {
			others = append(others, found)
		}
	}
	switch {
	case best == nil:
		if both, err := mixed(r, codes, nil, renamed); both != nil || err != nil {
			return both, err
		}
		return nil, &CodeError{odd(codes), ErrCode}
	case most*2 < len(codes):
		if both, err := mixed(r, codes, best, renamed); both != nil || err != nil {
			return both, err
		}
		return nil, &CodeError{unknown(best), ErrUnknownCodes}
	}
	if both, err := mixed(r, codes, best, renamed); both != nil || err != nil {
		return both, err
	}
	for _, other := range others {
		if c, close := rival(codes, best, other); close {
			return nil, &CodeError{c, ErrAmbiguous}
		}
	}
	return best, nil
}

// mixed reads a column in which codes of six digits stand beside codes of seven, or with the
// kind of the gmina beside without: each code by itself. It gives nothing where the reading
// best, of one layout, leaves no code over, or where what it leaves over is too little to
// tell a mixture from codes that the register has forgotten. It fails with a *CodeError on a
// code that may be that of two areas.
func mixed(r *stat.Register, codes []string, best map[string]Located, renamed map[stat.AreaCode]stat.AreaCode) (map[string]Located, error) {
	if best != nil && unknown(best) == "" || !slices.ContainsFunc(codes, func(c string) bool { return len(c) == 7 }) {
		return nil, nil
	}
	out, doubtful := map[string]Located{}, ""
	rescued, doubts, known := 0, 0, 0
	for _, c := range codes {
		if len(c) > 7 {
			return nil, nil // the statistical layout has codes of one length
		}
		var found []Located
		for _, l := range layouts {
			if !isCountry(c) && !slices.Contains(l.lengths, len(c)) {
				continue
			}
			one, _ := l.locate(r, []string{c}, renamed)
			if x := one[c]; x.Place != PlaceUnknown && !slices.Contains(found, x) {
				found = append(found, x)
			}
		}
		was, read := best[c]
		switch {
		case len(found) == 0:
			out[c] = Located{"", PlaceUnknown}
			continue
		case len(found) > 1:
			if doubts++; doubtful == "" {
				doubtful = c
			}
		case !read || was.Place == PlaceUnknown:
			rescued++
		}
		known++
		out[c] = found[0]
	}
	switch {
	case rescued == 0, best != nil && rescued*10 < doubts, known*2 < len(codes):
		return nil, nil
	case doubts > 0:
		return nil, &CodeError{doubtful, ErrMixed}
	}
	return out, nil
}

// rival reports whether another reading explains more than half as many as the best one of
// the codes that they read differently, and names the first of these.
func rival(codes []string, best, other map[string]Located) (string, bool) {
	a, b, first := 0, 0, ""
	for _, c := range codes {
		if best[c] == other[c] {
			continue
		}
		if first == "" {
			first = c
		}
		if best[c].Place != PlaceUnknown {
			a++
		}
		if other[c].Place != PlaceUnknown {
			b++
		}
	}
	return first, first != "" && 2*b > a
}

// isCountry knows how files write Poland: zeros of any layout or PL.
func isCountry(c string) bool { return c == "PL" || c != "" && strings.Trim(c, "0") == "" }

func fits(l layout, lengths map[int]bool) bool {
	for n := range lengths {
		if !slices.Contains(l.lengths, n) {
			return false
		}
	}
	return true
}

// locate reads all codes and counts those that mean something in the register.
func (l layout) locate(r *stat.Register, codes []string, renamed map[stat.AreaCode]stat.AreaCode) (map[string]Located, int) {
	found, n := make(map[string]Located, len(codes)), 0
	for _, c := range codes {
		area, place := stat.Country, Placed
		if !isCountry(c) {
			area, place = l.read(c)
		}
		if now, ok := renamed[area]; ok {
			area = now
		}
		if _, known := r.Area(area); place != PlaceStatistics && !known {
			place = PlaceUnknown
		}
		if place != Placed {
			area = ""
		}
		if place != PlaceUnknown {
			n++
		}
		found[c] = Located{area, place}
	}
	return found, n
}

// Renamed maps the codes that areas had before to those of the register.
func Renamed(r *stat.Register) map[stat.AreaCode]stat.AreaCode {
	out := map[stat.AreaCode]stat.AreaCode{}
	for _, a := range r.Areas() {
		for _, c := range a.Changes {
			if c.Kind == stat.ChangeCode {
				out[stat.AreaCode(c.From)] = a.Code
			}
		}
	}
	return out
}

// odd is the code whose length is the rarest.
func odd(codes []string) string {
	count := map[int]int{}
	for _, c := range codes {
		count[len(c)]++
	}
	return slices.MinFunc(codes, func(a, b string) int { return count[len(a)] - count[len(b)] })
}

func unknown(found map[string]Located) string {
	for _, c := range slices.Sorted(maps.Keys(found)) {
		if found[c].Place == PlaceUnknown {
			return c
		}
	}
	return ""
}

// Polish puts the fault into words for users.
func (e *CodeError) Polish() string {
	switch {
	case errors.Is(e.Err, ErrAmbiguous):
		return fmt.Sprintf("kodu „%s” nie da się odczytać jednoznacznie; kody są niepełne albo różnych postaci", e.Code)
	case errors.Is(e.Err, ErrMixed):
		return fmt.Sprintf("w kolumnie są kody różnych postaci (z cyfrą rodzaju gminy i bez niej), a „%s” może być kodem dwóch jednostek: %s albo %s bez zera na początku", e.Code, e.Code, pad(e.Code, 7))
	case errors.Is(e.Err, ErrUnknownCodes):
		return fmt.Sprintf("większość kodów jest nieznana, na przykład „%s”", e.Code)
	case e.Code == "":
		return "brak kodu TERYT"
	}
	return fmt.Sprintf("„%s” to nie kod TERYT albo jest innej postaci niż pozostałe", e.Code)
}

// Unplaced tells which codes found no place, by reason; the place in the file is left to
// the caller. Codes are in the order given.
func Unplaced(codes []string, located map[string]Located) []Warning {
	var out []Warning
	for _, reason := range []struct {
		place Place
		what  string
	}{
		{PlacePart, "pominięto części gmin (miasta, obszary wiejskie, dzielnice)"},
		{PlaceStatistics, "pominięto jednostki statystyczne (makroregiony, regiony, podregiony)"},
		{PlaceUnknown, "pominięto kody spoza rejestru"},
	} {
		w, some := Warning{What: reason.what}, []string(nil)
		for _, c := range codes {
			if located[c].Place != reason.place {
				continue
			}
			if w.Count++; len(some) < 5 {
				some = append(some, c)
			}
		}
		if w.Count > 0 {
			w.What += ", na przykład " + strings.Join(some, ", ")
			out = append(out, w)
		}
	}
	return out
}
