package locale

import (
	"strings"
	"testing"
)

// TestGenitive walks every noun that reports count behind every number from 0 to 130: after a
// preposition that takes the genitive one thing stands in the genitive singular, all others in
// the genitive plural, a fraction in the genitive singular.
func TestGenitive(t *testing.T) {
	nouns := map[string]Noun{"wskaźnik": Wskaznik, "ustalenie": Ustalenie, "rok": Rok}
	for singular, n := range units {
		nouns[singular] = n
	}
	for _, a := range []AreaNoun{Gmina, Powiat, Miasto, Wojewodztwo, Kraj, Jednostka} {
		nouns[a.In(Nominative)] = a.Noun()
		if a.Noun().Of(1, 0) != a.In(Genitive) || a.Noun().Of(2, 0) != a.Plural(Genitive) || a.Noun().Of(22, 0) != a.Plural(Genitive) {
			t.Errorf("%s: %s, %s", a.In(Nominative), a.Noun().CountOf(1), a.Noun().CountOf(22))
		}
	}
	for n, want := range map[string]string{
		Gmina.CountObject(1): "1 gminę", Gmina.CountObject(2): "2 gminy", Powiat.CountObject(1): "1 powiat", Miasto.CountObject(1): "1 miasto", Jednostka.CountObject(5): "5 jednostek",
	} {
		if got := strings.ReplaceAll(n, NBSP, " "); got != want {
			t.Errorf("liczy %s, want %s", got, want)
		}
	}
	for singular, n := range nouns {
		for v := range 131 {
			want := n.Many
			if v == 1 {
				want = n.Fraction
			}
			if got := n.Of(float64(v), 0); got != want {
				t.Errorf("wśród %d %s, want %s", v, got, want)
			}
			unit := ParseUnit(singular)
			if unit.noun != (Noun{}) && unit.QuantityOf(float64(v), 0) != Number(float64(v), 0)+NBSP+want {
				t.Errorf("do %s, want %s", unit.QuantityOf(float64(v), 0), want)
			}
			if half := n.Of(float64(v)+0.5, 1); half != n.Fraction {
				t.Errorf("od %d,5 %s, want %s", v, half, n.Fraction)
			}
		}
	}
	for _, c := range []struct {
		unit     string
		v        float64
		decimals int
		want     string
	}{
		{"osoba/km²", 1562, 0, "1 562 osób na 1 km²"},
		{"osoba", 1, 0, "1 osoby"},
		{"osoba", 22, 0, "22 osób"},
		{"osoba", 2.5, 1, "2,5 osoby"},
		{"zł", 22, 0, "22 zł"},
		{"%", 47.3, 1, "47,3%"},
		{"mln zł", 2.2, 1, "2,2 mln zł"},
		{"szt.", 3, 0, "3 szt."},
		{"", 3, 0, "3"},
		{"dzień", 3, 0, "3 dni"},
		{"uczeń", 3, 0, "3 uczniów"},
	} {
		got := strings.NewReplacer(NBSP, " ", Thin, " ").Replace(ParseUnit(c.unit).QuantityOf(c.v, c.decimals))
		if got != c.want {
			t.Errorf("do %s, want %s", got, c.want)
		}
	}
}
