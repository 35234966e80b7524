package locale

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Form is the plural form that a printed number asks for (CLDR plural rules, pl).
type Form uint8

const (
	One      Form = iota // 1, no decimals
	Few                  // ends in 2–4 but not 12–14, no decimals
	Many                 // other whole numbers
	Fraction             // printed with decimals: "2,5 kilometra"
)

// FormOf is the form for v printed with the given decimals. What counts is the number as
// printed: 1.2 printed without decimals takes the form of 1.
func FormOf(v float64, decimals int) Form {
	if decimals > 0 {
		return Fraction
	}
	var buf [48]byte
	whole, _ := appendDigits(buf[:0], v, 0)
	if len(whole) == 1 && whole[0] == '1' {
		return One
	}
	last := whole[len(whole)-1]
	teen := len(whole) > 1 && whole[len(whole)-2] == '1'
	if last >= '2' && last <= '4' && !teen {
		return Few
	}
	return Many
}

// Noun is a noun in the forms that numbers ask for. Personal masculine nouns carry the
// genitive in Few ("3 uczniów", read "trzech uczniów"), which is right beside a verb in
// the neuter singular.
type Noun struct{ One, Few, Many, Fraction string }

// For is the form of the noun beside v printed with the given decimals.
func (n Noun) For(v float64, decimals int) string {
	return [...]string{n.One, n.Few, n.Many, n.Fraction}[FormOf(v, decimals)]
}

// Count writes a whole number with its noun: "14 gmin".
func (n Noun) Count(c int) string {
	return Number(float64(c), 0) + NBSP + n.For(float64(c), 0)
}

// Of is the genitive of the noun beside v, as after „od”, „do”, „z”, „wśród”, „spośród”,
// „powyżej” and „poniżej”: "1 osoby", "3 osób", "2,5 osoby".
func (n Noun) Of(v float64, decimals int) string {
	switch FormOf(v, decimals) {
	case One, Fraction:
		return n.Fraction
	}
	return n.Many
}

// CountOf is Count in the genitive: "14 gmin", "22 miast", "1 gminy".
func (n Noun) CountOf(c int) string {
	return Number(float64(c), 0) + NBSP + n.Of(float64(c), 0)
}

// Nouns that reports count.
var (
	Wskaznik  = Noun{"wskaźnik", "wskaźniki", "wskaźników", "wskaźnika"}
	Ustalenie = Noun{"ustalenie", "ustalenia", "ustaleń", "ustalenia"}
	Rok       = Noun{"rok", "lata", "lat", "roku"}
)

// units are the nouns that stand in the unit of an indicator.
var units = map[string]Noun{
	"budynek":        {"budynek", "budynki", "budynków", "budynku"},
	"decyzja":        {"decyzja", "decyzje", "decyzji", "decyzji"},
	"dziecko":        {"dziecko", "dzieci", "dzieci", "dziecka"},
	"dzień":          {"dzień", "dni", "dni", "dnia"},
	"gospodarstwo":   {"gospodarstwo", "gospodarstwa", "gospodarstw", "gospodarstwa"},
	"godzina":        {"godzina", "godziny", "godzin", "godziny"},
	"izba":           {"izba", "izby", "izb", "izby"},
	"jednostka":      {"jednostka", "jednostki", "jednostek", "jednostki"},
	"kobieta":        {"kobieta", "kobiety", "kobiet", "kobiety"},
	"kilogram":       {"kilogram", "kilogramy", "kilogramów", "kilograma"},
	"kilometr":       {"kilometr", "kilometry", "kilometrów", "kilometra"},
	"łóżko":          {"łóżko", "łóżka", "łóżek", "łóżka"},
	"małżeństwo":     {"małżeństwo", "małżeństwa", "małżeństw", "małżeństwa"},
	"miejsce":        {"miejsce", "miejsca", "miejsc", "miejsca"},
	"mieszkanie":     {"mieszkanie", "mieszkania", "mieszkań", "mieszkania"},
	"mieszkaniec":    {"mieszkaniec", "mieszkańców", "mieszkańców", "mieszkańca"},
	"minuta":         {"minuta", "minuty", "minut", "minuty"},
	"nauczyciel":     {"nauczyciel", "nauczycieli", "nauczycieli", "nauczyciela"},
	"obiekt":         {"obiekt", "obiekty", "obiektów", "obiektu"},
	"oddział":        {"oddział", "oddziały", "oddziałów", "oddziału"},
	"osoba":          {"osoba", "osoby", "osób", "osoby"},
	"para":           {"para", "pary", "par", "pary"},
	"placówka":       {"placówka", "placówki", "placówek", "placówki"},
	"podmiot":        {"podmiot", "podmioty", "podmiotów", "podmiotu"},
	"pojazd":         {"pojazd", "pojazdy", "pojazdów", "pojazdu"},
	"przedszkole":    {"przedszkole", "przedszkola", "przedszkoli", "przedszkola"},
	"przystanek":     {"przystanek", "przystanki", "przystanków", "przystanku"},
	"punkt":          {"punkt", "punkty", "punktów", "punktu"},
	"rok":            {"rok", "lata", "lat", "roku"},
	"rodzina":        {"rodzina", "rodziny", "rodzin", "rodziny"},
	"sprawa":         {"sprawa", "sprawy", "spraw", "sprawy"},
	"sztuka":         {"sztuka", "sztuki", "sztuk", "sztuki"},
	"szkoła":         {"szkoła", "szkoły", "szkół", "szkoły"},
	"świadczenie":    {"świadczenie", "świadczenia", "świadczeń", "świadczenia"},
	"tona":           {"tona", "tony", "ton", "tony"},
	"urodzenie żywe": {"urodzenie żywe", "urodzenia żywe", "urodzeń żywych", "urodzenia żywego"},
	"zgon":           {"zgon", "zgony", "zgonów", "zgonu"},
	"uczeń":          {"uczeń", "uczniów", "uczniów", "ucznia"},
	"umowa":          {"umowa", "umowy", "umów", "umowy"},
	"uczestnik":      {"uczestnik", "uczestników", "uczestników", "uczestnika"},
	"urządzenie":     {"urządzenie", "urządzenia", "urządzeń", "urządzenia"},
	"użytkownik":     {"użytkownik", "użytkowników", "użytkowników", "użytkownika"},
	"wniosek":        {"wniosek", "wnioski", "wniosków", "wniosku"},
	"wolumin":        {"wolumin", "woluminy", "woluminów", "woluminu"},
	"wypadek":        {"wypadek", "wypadki", "wypadków", "wypadku"},
	"złoty":          {"złoty", "złote", "złotych", "złotego"},
	"etat":           {"etat", "etaty", "etatów", "etatu"},
	"lokal":          {"lokal", "lokale", "lokali", "lokalu"},
	"interwencja":    {"interwencja", "interwencje", "interwencji", "interwencji"},
	"kontrola":       {"kontrola", "kontrole", "kontroli", "kontroli"},
	"przyłącze":      {"przyłącze", "przyłącza", "przyłączy", "przyłącza"},
	"zadanie":        {"zadanie", "zadania", "zadań", "zadania"},
	"impreza":        {"impreza", "imprezy", "imprez", "imprezy"},
	"wydarzenie":     {"wydarzenie", "wydarzenia", "wydarzeń", "wydarzenia"},
	"książka":        {"książka", "książki", "książek", "książki"},
	"sołectwo":       {"sołectwo", "sołectwa", "sołectw", "sołectwa"},
	"instytucja":     {"instytucja", "instytucje", "instytucji", "instytucji"},
	"drzewo":         {"drzewo", "drzewa", "drzew", "drzewa"},
	"zwierzę":        {"zwierzę", "zwierzęta", "zwierząt", "zwierzęcia"},
	"pozwolenie":     {"pozwolenie", "pozwolenia", "pozwoleń", "pozwolenia"},
	"działka":        {"działka", "działki", "działek", "działki"},
	"stypendium":     {"stypendium", "stypendia", "stypendiów", "stypendium"},
	"przestępstwo":   {"przestępstwo", "przestępstwa", "przestępstw", "przestępstwa"},
	"zdarzenie":      {"zdarzenie", "zdarzenia", "zdarzeń", "zdarzenia"},
	"porada":         {"porada", "porady", "porad", "porady"},
	"posiłek":        {"posiłek", "posiłki", "posiłków", "posiłku"},
	"wycieczka":      {"wycieczka", "wycieczki", "wycieczek", "wycieczki"},
	"boisko":         {"boisko", "boiska", "boisk", "boiska"},
	"stowarzyszenie": {"stowarzyszenie", "stowarzyszenia", "stowarzyszeń", "stowarzyszenia"},
	"uchwała":        {"uchwała", "uchwały", "uchwał", "uchwały"},
	"projekt":        {"projekt", "projekty", "projektów", "projektu"},
	"piec":           {"piec", "piece", "pieców", "pieca"},
	"lampa":          {"lampa", "lampy", "lamp", "lampy"},
	"kurs":           {"kurs", "kursy", "kursów", "kursu"},
}

// persons are the plural nominatives that numbers do not ask for.
var persons = map[string]string{
	"mieszkaniec": "mieszkańcy", "nauczyciel": "nauczyciele", "uczeń": "uczniowie", "uczestnik": "uczestnicy", "użytkownik": "użytkownicy",
}

// Known finds a noun that reports count.
func Known(singular string) (Noun, bool) {
	n, ok := units[singular]
	return n, ok
}

// KnownForm finds such a noun by any of its forms: "osoba" by "osób".
func KnownForm(word string) (Noun, bool) {
	n, ok := forms()[word]
	return n, ok
}

var forms = sync.OnceValue(func() map[string]Noun {
	out := map[string]Noun{}
	for _, one := range slices.Sorted(maps.Keys(units)) { // "szkoły" of two nouns would be of one
		n := units[one]
		for _, form := range [...]string{n.Fraction, n.Many, n.Few, persons[one]} {
			if form != "" {
				out[form] = n
			}
		}
	}
	maps.Copy(out, units) // a singular is itself
	return out
})

// Agreement is the gender and number of a verb beside v of the noun: "przypadała 1 osoba",
// "przypadały 3 osoby", "przypadało 5 osób", "przypadało 3 uczniów", "przypadało 2,5 osoby".
// The zero noun takes the neuter.
func (n Noun) Agreement(v float64, decimals int) Gender {
	switch FormOf(v, decimals) {
	case One:
		switch {
		case n.One == "" || strings.HasSuffix(n.One, "o") || strings.HasSuffix(n.One, "e"):
			return Neuter
		case strings.HasSuffix(n.One, "a"):
			return Feminine
		}
		return Masculine
	case Few:
		if n.Few != n.Many {
			return Plural
		}
	}
	return Neuter
}

// Unit is how a unit of measure is written beside numbers.
type Unit struct {
	noun  Noun
	plain string // the same beside every number: "zł", "szt."
	per   string // what follows: " na 1 mieszkańca"
	label string
	none  bool
}

// ParseUnit reads a unit of the catalogue: a noun in the singular ("osoba"), a sign or
// abbreviation ("%", "zł"), or one of them per something ("zł/mieszkańca"). "-" and ""
// mean no unit.
func ParseUnit(s string) Unit {
	s = strings.TrimSpace(s)
	if s == "" || s == "-" || s == Dash {
		return Unit{none: true}
	}
	of, per, compound := strings.Cut(s, "/")
	of, per = strings.TrimSpace(of), strings.TrimSpace(per)
	var u Unit
	if n, ok := units[of]; ok {
		u.noun, u.label = n, n.Few
		if p, ok := persons[of]; ok {
			u.label = p
		}
	} else {
		u.plain, u.label = of, of
	}
	if compound {
		u.label += "/" + per
		if per = strings.TrimPrefix(per, "1 "); per != "" && (per[0] < '0' || per[0] > '9') {
			per = "1" + NBSP + per
		}
		u.per = " na" + NBSP + per
	}
	u.label = Bind(u.label)
	return u
}

// Label is the unit as it stands after the name of an indicator: "osoby", "zł", "%".
func (u Unit) Label() string { return u.label }

// Alone is the unit without what it is per: "osoba" of "osoba/km²".
func (u Unit) Alone() Unit {
	u.per = ""
	return u
}

// Noun is the noun of the unit; the zero noun where the unit is a sign or abbreviation.
func (u Unit) Noun() Noun { return u.noun }

// Currency reports a unit that a change carries as well: "+95 zł".
func (u Unit) Currency() bool { return strings.HasSuffix(u.plain, "zł") }

// Beside is the unit without a number, in the form that v asks for: "osób" under a card's
// 13 485.
func (u Unit) Beside(v float64, decimals int) string {
	switch {
	case u.none:
		return ""
	case u.plain != "":
		return u.plain + u.per
	}
	return u.noun.For(v, decimals) + u.per
}

// Quantity writes a number with its unit: "13 482 osoby", "47,3%", "612 zł".
func (u Unit) Quantity(v float64, decimals int) string {
	return joined(Number(v, decimals), u.Beside(v, decimals))
}

// QuantityOf is Quantity in the genitive: "13 482 osób", "47,3%", "612 zł".
func (u Unit) QuantityOf(v float64, decimals int) string {
	if u.none || u.plain != "" {
		return u.Quantity(v, decimals)
	}
	return joined(Number(v, decimals), u.noun.Of(v, decimals)+u.per)
}

// joined sets a unit beside a number.
func joined(n, b string) string {
	if b != "" {
		if strings.HasPrefix(b, "%") || strings.HasPrefix(b, "‰") {
			return n + b
		}
		return n + NBSP + b
	}
	return n
}

// Gender is the grammatical gender that verbs agree with.
type Gender uint8

const (
	Masculine Gender = iota
	Feminine
	Neuter
	Plural // plural of all but persons of the masculine gender
)

var cardinals = [...][3]string{
	1: {"jeden", "jedna", "jedno"}, 2: {"dwa", "dwie", "dwa"},
	3: {"trzy"}, 4: {"cztery"}, 5: {"pięć"}, 6: {"sześć"}, 7: {"siedem"}, 8: {"osiem"}, 9: {"dziewięć"}, 10: {"dziesięć"},
	11: {"jedenaście"}, 12: {"dwanaście"}, 13: {"trzynaście"}, 14: {"czternaście"}, 15: {"piętnaście"}, 16: {"szesnaście"},
	17: {"siedemnaście"}, 18: {"osiemnaście"}, 19: {"dziewiętnaście"}, 20: {"dwadzieścia"},
}

// Cardinal is a whole number in words up to twenty, in digits above and for 0.
func Cardinal(n int, g Gender) string {
	if n < 1 || n >= len(cardinals) {
		return Number(float64(n), 0)
	}
	if w := cardinals[n][min(g, Neuter)]; w != "" {
		return w
	}
	return cardinals[n][0]
}

var locatives = [...]string{2: "dwóch", "trzech", "czterech", "pięciu", "sześciu", "siedmiu", "ośmiu", "dziewięciu", "dziesięciu"}

// LocativeNumeral is a whole number from 2 as it stands after "w": "dwóch", in digits above ten.
func LocativeNumeral(n int) string {
	if n < 2 || n >= len(locatives) {
		return strconv.Itoa(n)
	}
	return locatives[n]
}

var ordinals = [...]string{1: "pierwszą", "drugą", "trzecią", "czwartą", "piątą", "szóstą", "siódmą", "ósmą", "dziewiątą", "dziesiątą"}

// OrdinalInstrumental is an ordinal number as it stands with a feminine noun in the
// instrumental ("szóstą wartością"), in digits with a full stop above ten.
func OrdinalInstrumental(n int) string {
	if n < 1 || n >= len(ordinals) {
		return strconv.Itoa(n) + "."
	}
	return ordinals[n]
}
