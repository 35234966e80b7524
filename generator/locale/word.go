package locale

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Invented marks whatever was made from sample data: pages, letters, answers of commands.
const Invented = "DANE PRZYKŁADOWE"

// Case is a grammatical case, as far as the names of areas need it.
type Case uint8

const (
	Nominative   Case = iota // gmina
	Genitive                 // gminy
	Locative                 // gminie
	Instrumental             // gminą
)

// AreaNoun is a generic noun for areas. Names of places are never declined; the noun is.
type AreaNoun struct {
	Gender   Gender
	singular [4]string
	plural   [4]string
}

// The generic nouns of Polish local government.
var (
	Gmina       = AreaNoun{Feminine, [4]string{"gmina", "gminy", "gminie", "gminą"}, [4]string{"gminy", "gmin", "gminach", "gminami"}}
	Powiat      = AreaNoun{Masculine, [4]string{"powiat", "powiatu", "powiecie", "powiatem"}, [4]string{"powiaty", "powiatów", "powiatach", "powiatami"}}
	Miasto      = AreaNoun{Neuter, [4]string{"miasto", "miasta", "mieście", "miastem"}, [4]string{"miasta", "miast", "miastach", "miastami"}}
	Wojewodztwo = AreaNoun{Neuter, [4]string{"województwo", "województwa", "województwie", "województwem"}, [4]string{"województwa", "województw", "województwach", "województwami"}}
	Kraj        = AreaNoun{Masculine, [4]string{"kraj", "kraju", "kraju", "krajem"}, [4]string{"kraje", "krajów", "krajach", "krajami"}}
	Jednostka   = AreaNoun{Feminine, [4]string{"jednostka", "jednostki", "jednostce", "jednostką"}, [4]string{"jednostki", "jednostek", "jednostkach", "jednostkami"}}
)

// In is the noun in a case, singular.
func (n AreaNoun) In(c Case) string { return n.singular[c] }

// Plural is the noun in a case, plural.
func (n AreaNoun) Plural(c Case) string { return n.plural[c] }

// CountObject writes a whole number of them as the object of a verb: "(liczy) 1 gminę", "14 gmin".
func (n AreaNoun) CountObject(c int) string {
	if stem, ok := strings.CutSuffix(n.singular[Nominative], "a"); ok && c == 1 {
		return "1" + NBSP + stem + "ę"
	}
	return n.Noun().Count(c)
}

// Noun is the area noun as one that is counted.
func (n AreaNoun) Noun() Noun {
	return Noun{n.singular[Nominative], n.plural[Nominative], n.plural[Genitive], n.singular[Genitive]}
}

// Adjective declines the adjective that names a powiat or a voivodeship, given in lower
// case in the nominative: "poznański", "łódzki wschodni", "wielkopolskie". All words of a
// name decline. What does not end like an adjective stays as it is.
func Adjective(name string, c Case) string {
	if c == Nominative {
		return name
	}
	words := strings.Fields(name)
	for i, w := range words {
		words[i] = declined(w, c)
	}
	return strings.Join(words, " ")
}

func declined(w string, c Case) string {
	stem, ok := strings.CutSuffix(w, "y")
	soft := false
	if !ok {
		if stem, ok = strings.CutSuffix(w, "ie"); ok {
			soft = true
		} else if stem, ok = strings.CutSuffix(w, "i"); ok {
			soft = true
		} else if stem, ok = strings.CutSuffix(w, "e"); !ok {
			return w
		}
	}
	switch {
	case c == Genitive && soft:
		return stem + "iego"
	case c == Genitive:
		return stem + "ego"
	case soft:
		return stem + "im"
	}
	return stem + "ym"
}

// Verb is a verb in the past tense, third person.
type Verb struct{ Masculine, Feminine, Neuter, Plural string }

// For is the form that agrees with the gender.
func (v Verb) For(g Gender) string {
	return [...]string{v.Masculine, v.Feminine, v.Neuter, v.Plural}[g]
}

// Verbs by infinitive, as templates name them.
var Verbs = map[string]Verb{
	"być":        {"był", "była", "było", "były"},
	"liczyć":     {"liczył", "liczyła", "liczyło", "liczyły"},
	"mieszkać":   {"mieszkał", "mieszkała", "mieszkało", "mieszkały"},
	"mieć":       {"miał", "miała", "miało", "miały"},
	"obniżyć":    {"obniżył się", "obniżyła się", "obniżyło się", "obniżyły się"},
	"osiągnąć":   {"osiągnął", "osiągnęła", "osiągnęło", "osiągnęły"},
	"pozostać":   {"pozostał", "pozostała", "pozostało", "pozostały"},
	"przypadać":  {"przypadał", "przypadała", "przypadało", "przypadały"},
	"spaść":      {"spadł", "spadła", "spadło", "spadły"},
	"uzyskać":    {"uzyskał", "uzyskała", "uzyskało", "uzyskały"},
	"wydać":      {"wydał", "wydała", "wydało", "wydały"},
	"wynieść":    {"wyniósł", "wyniosła", "wyniosło", "wyniosły"},
	"wzrosnąć":   {"wzrósł", "wzrosła", "wzrosło", "wzrosły"},
	"zajmować":   {"zajmował", "zajmowała", "zajmowało", "zajmowały"},
	"zmienić":    {"zmienił się", "zmieniła się", "zmieniło się", "zmieniły się"},
	"zmniejszyć": {"zmniejszył się", "zmniejszyła się", "zmniejszyło się", "zmniejszyły się"},
}

// quantities are the nouns that can amount to something ("udział wyniósł 47,3%"), with
// their gender. A name that begins otherwise ("Mieszkania oddane …") takes no such verb.
var quantities = map[string]Gender{
	"czas": Masculine, "deficyt": Masculine, "dług": Masculine, "dochód": Masculine, "koszt": Masculine, "odsetek": Masculine,
	"podatek": Masculine, "poziom": Masculine, "przyrost": Masculine, "przychód": Masculine, "stan": Masculine, "udział": Masculine,
	"wskaźnik": Masculine, "wynik": Masculine, "wydatek": Masculine, "współczynnik": Masculine, "stosunek": Masculine, "wiek": Masculine,
	"zasięg": Masculine, "procent": Masculine,
	"cena": Feminine, "długość": Feminine, "dotacja": Feminine, "frekwencja": Feminine, "gęstość": Feminine, "ilość": Feminine,
	"kwota": Feminine, "liczba": Feminine, "mediana": Feminine, "nadwyżka": Feminine, "opłata": Feminine, "powierzchnia": Feminine,
	"różnica": Feminine, "stawka": Feminine, "stopa": Feminine, "subwencja": Feminine, "suma": Feminine, "wartość": Feminine,
	"wielkość": Feminine, "wysokość": Feminine, "zdawalność": Feminine, "dostępność": Feminine, "efektywność": Feminine,
	"obciążenie": Neuter, "pokrycie": Neuter, "saldo": Neuter, "tempo": Neuter, "wynagrodzenie": Neuter, "wykonanie": Neuter,
	"zadłużenie": Neuter, "zagęszczenie": Neuter, "zużycie": Neuter, "zatrudnienie": Neuter, "bezrobocie": Neuter,
	"dochody": Plural, "dotacje": Plural, "koszty": Plural, "należności": Plural, "nakłady": Plural, "opłaty": Plural,
	"przychody": Plural, "skutki": Plural, "środki": Plural, "umorzenia": Plural, "wpływy": Plural, "wydatki": Plural,
	"wynagrodzenia": Plural, "zaległości": Plural, "zobowiązania": Plural, "ulgi": Plural,
}

// qualifiers are adjectives that may stand before such a noun.
var qualifiers = map[string]bool{
	"średni": true, "średnia": true, "średnie": true, "przeciętny": true, "przeciętna": true, "przeciętne": true,
	"łączny": true, "łączna": true, "łączne": true, "roczny": true, "roczna": true, "roczne": true,
}

// Amount reports whether the name of an indicator begins with a noun that can amount to
// something, and its gender. A name with a comma ("Umorzenia podatku, osoby prawne") takes
// no verb.
func Amount(name string) (Gender, bool) {
	if strings.ContainsAny(name, ",;:") {
		return 0, false
	}
	words := strings.Fields(strings.ToLower(name))
	if len(words) > 1 && qualifiers[words[0]] {
		words = words[1:]
	}
	if len(words) == 0 {
		return 0, false
	}
	g, ok := quantities[words[0]]
	return g, ok
}

// Lower puts the first letter in lower case, unless the word is an abbreviation or a sign.
func Lower(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	next, _ := utf8.DecodeRuneInString(s[n:])
	if n == 0 || unicode.IsUpper(next) || unicode.IsDigit(next) {
		return s
	}
	return string(unicode.ToLower(r)) + s[n:]
}

// Upper puts the first letter in upper case.
func Upper(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 || unicode.IsUpper(r) {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

var ascii = strings.NewReplacer("ą", "a", "ć", "c", "ę", "e", "ł", "l", "ń", "n", "ó", "o", "ś", "s", "ź", "z", "ż", "z")

// Slug writes a name in lower-case ASCII with hyphens: "wychowanie-przedszkolne".
func Slug(s string) string {
	var b strings.Builder
	for _, r := range ascii.Replace(strings.ToLower(s)) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.TrimSuffix(b.String(), "-")
}

// Stop ends a sentence: one full stop, also after an abbreviation ("2020 r.").
func Stop(s string) string {
	if strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}
