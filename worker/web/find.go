package web

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hbollon/go-edlib"

	"github.com/raportjst/raportjst/generator/normal"
)

// Units are looked for by what people type: names without Polish letters, inflected, mistyped or
// shortened, with the kind or the place beside, or codes of TERYT. How far two words are apart is
// measured by go-edlib (optimal string alignment); which ends Polish names take is told here.

// letters are what people type in the place of Polish letters.
var letters = strings.NewReplacer("ą", "a", "ć", "c", "ę", "e", "ł", "l", "ń", "n", "ó", "o", "ś", "s", "ź", "z", "ż", "z")

// fold makes texts comparable: lower case, no Polish letters, words of letters and digits with
// single spaces between.
func fold(s string) string {
	return strings.Join(strings.FieldsFunc(letters.Replace(normal.Key(s)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}

// searched is a unit as it is looked for.
type searched struct {
	words   []word // of the name, without its kind
	context []word // of kind and place
}

// word is a folded word with its stem.
type word struct{ text, stem string }

func newWords(ws []string) []word {
	out := make([]word, len(ws))
	for i, w := range ws {
		out[i] = word{w, stem(w)}
	}
	return out
}

func newSearched(a Area) searched {
	name := fold(a.Name)
	var words []string
	for _, w := range strings.Fields(name) {
		if !kindWords[w] {
			words = append(words, w)
		}
	}
	if words == nil { // Gmina and the like are names, too
		words = strings.Fields(name)
	}
	return searched{newWords(words), newWords(strings.Fields(fold(a.Kind + " " + a.Place)))}
}

// kindWords say what a unit is, and are no part of its name; kinds are those that tell one kind
// from another, by what the kind of a unit begins with.
var (
	kindWords = wordSet("gmina gminy gminie gm powiat powiatu powiecie pow wojewodztwo wojewodztwa wojewodztwie woj miasto miasta miescie m st stoleczne urzad urzedu gminny miejski starostwo powiatowe marszalkowski")
	fillers   = wordSet("w we z ze do na dla od u o i jst")
	kinds     = map[string]string{
		"gmina": "gmina", "gminy": "gmina", "gminie": "gmina", "gm": "gmina", "powiat": "powiat", "powiatu": "powiat", "powiecie": "powiat", "pow": "powiat", "starostwo": "powiat",
		"wojewodztwo": "wojewodztwo", "wojewodztwa": "wojewodztwo", "wojewodztwie": "wojewodztwo", "woj": "wojewodztwo", "marszalkowski": "wojewodztwo", "miasto": "miasto", "miasta": "miasto", "miescie": "miasto",
	}
)

func wordSet(s string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(s) {
		out[w] = true
	}
	return out
}

// How well a word of a query fits one of a unit, the best first.
const (
	same = iota
	inflected
	begins
	shortened
	elsewhere // it tells the kind or the place
	mistyped  // and above: by how many letters
	unlike    = 99
)

// ends are the ends of cases of Polish names, folded; the longest first.
var ends = []string{"iego", "iemu", "owie", "ami", "ego", "emu", "iej", "owi", "ach", "iem", "ia", "ie", "iu", "im", "ej", "em", "om", "ow", "ym", "ich", "ych", "a", "e", "i", "o", "u", "y"}

// stem is a word without the end of its case.
func stem(w string) string {
	for _, e := range ends {
		if s, ok := strings.CutSuffix(w, e); ok && utf8.RuneCountInString(s) >= 3 {
			return s
		}
	}
	return w
}

// fits tells how well a word of a query fits another, mistakes in typing left aside.
func (w word) fits(in word) int {
	switch {
	case w.text == in.text:
		return same
	case len(w.text) >= 4 && w.stem == in.stem:
		return inflected
	case len(w.text) >= 2 && strings.HasPrefix(in.text, w.text):
		return begins
	case shortens(w.text, in.text):
		return shortened
	}
	return unlike
}

// misses tells how well a word of a query that is mistyped fits another. A word of a few letters
// is like many others.
func (w word) misses(in word) int {
	most := min(len(w.text)/4, 2)
	best := most + 1
	for _, pair := range [][2]string{{w.text, in.text}, {w.stem, in.stem}} {
		if d := len(pair[0]) - len(pair[1]); d <= most && -d <= most && len(pair[1]) >= 3 && alike(pair[0], pair[1]) {
			best = min(best, edlib.OSADamerauLevenshteinDistance(pair[0], pair[1]))
		}
	}
	if best > most {
		return unlike
	}
	return mistyped + best
}

// alike tells whether words may be a few mistakes apart: one of their first two letters is the
// same. It spares most of the measuring.
func alike(a, b string) bool { return a[0] == b[0] || a[1] == b[1] || a[0] == b[1] || a[1] == b[0] }

// shortens tells whether a word is one without its vowels, as in "wlkp": it begins alike and its
// letters stand in the word in order.
func shortens(short, long string) bool {
	if len(short) < 3 || len(short) >= len(long) || short[0] != long[0] || strings.ContainsAny(short, "aeiouy") {
		return false
	}
	i := 0
	for _, r := range long {
		if i < len(short) && byte(r) == short[i] {
			i++
		}
	}
	return i == len(short)
}

// hit is a unit that fits a query.
type hit struct {
	Area
	worst int // of its words
	sum   int
	rest  int // words of the name that the query does not have
	kind  int // 0 of the kind that is asked for, 1 of another
}

// find lists the areas that fit a query, the best first. Units that only a mistake in typing
// would lead to are listed where nothing fits better.
func (c *Catalogue) find(query string) []Area {
	if code := strings.Join(strings.Fields(normal.Key(query)), ""); code != "" && strings.Trim(code, "0123456789") == "" {
		return c.coded(code)
	}
	asked := strings.Fields(fold(query))
	var words, said []string
	for _, w := range asked {
		switch {
		case kindWords[w]:
			if kinds[w] != "" {
				said = append(said, kinds[w])
			}
		case !fillers[w]:
			words = append(words, w)
		}
	}
	if len(words) == 0 {
		words = asked
		said = nil
	}
	if len(words) == 0 {
		return nil
	}
	var hits []hit
	sought := newWords(words)
	for i, a := range c.areas {
		if h, ok := c.names[i].rate(sought); ok {
			h.Area = a
			if len(said) > 0 && !slices.ContainsFunc(said, func(k string) bool { return strings.HasPrefix(fold(a.Kind), k) }) {
				h.kind = 1
			}
			hits = append(hits, h)
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.worst/mistyped, b.worst/mistyped), cmp.Compare(min(a.rest, 1), min(b.rest, 1)), cmp.Compare(a.kind, b.kind), cmp.Compare(a.sum, b.sum), cmp.Compare(a.rest, b.rest), cmp.Compare(len(b.Code), len(a.Code)))
	})
	var out []Area
	for _, h := range hits {
		if h.worst >= mistyped && hits[0].worst == same {
			break
		}
		out = append(out, h.Area)
	}
	return out
}

// rate tells how well a query fits: each of its words must fit one of the name or tell the place,
// and one at least the name.
func (s searched) rate(asked []word) (hit, bool) {
	var h hit
	taken := make([]bool, len(s.words))
	named := false
	for _, w := range asked {
		best, at := unlike, -1
		for i, x := range s.words {
			if f := w.fits(x); f < best && !taken[i] {
				best, at = f, i
			}
		}
		if best == unlike && slices.ContainsFunc(s.context, func(x word) bool { return w.fits(x) < unlike }) {
			best = elsewhere
		}
		for i, x := range s.words {
			if best <= elsewhere || taken[i] {
				continue
			}
			if f := w.misses(x); f < best {
				best, at = f, i
			}
		}
		if best == unlike {
			return hit{}, false
		}
		if at >= 0 {
			taken[at], named = true, true
		}
		h.worst, h.sum = max(h.worst, best), h.sum+best
	}
	for _, t := range taken {
		if !t {
			h.rest++
		}
	}
	return h, named || h.worst <= elsewhere
}

// coded lists the areas of a code of TERYT or of what one begins with. The seventh digit is the
// kind of a gmina.
func (c *Catalogue) coded(code string) []Area {
	if len(code) == 7 {
		code = code[:6]
	}
	if len(code) == 4 && c.has(code+"01") && !c.has(code) { // a city on its other tier
		code += "01"
	}
	var out []Area
	for _, a := range c.areas {
		if strings.HasPrefix(a.Code, code) {
			out = append(out, a)
		}
	}
	return out // in order of code: the exact one first
}

func (c *Catalogue) has(code string) bool {
	_, ok := c.index[code]
	return ok
}
