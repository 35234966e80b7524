package table

import "testing"

// The unit that a head tells, or none: a wrong one would be printed beside every figure.
func TestUnits(t *testing.T) {
	for head, want := range map[string]string{
		"Powierzchnia w ha": "ha", "Powierzchnia [km2]": "km²", "Ludność ogółem": "osoba", "Liczba osób": "osoba",
		"Dochody własne": "zł", "Dochody (tys. zł)": "tys. zł", "Dochody ogółem, tys. zł": "tys. zł", "Wydatki mln zł": "mln zł", "Ludność w tys. osób": "tys. osób",
		"Dochody własne na 1 mieszkańca": "zł/mieszkańca", "Wydatki na mieszkańca": "zł/mieszkańca", "Książki na 1 mieszkańca": "",
		"Udział dochodów własnych": "%", "Odsetek osób w wieku 65+": "%", "Stopa bezrobocia": "%", "Ludność na 1 km²": "osoba/km²",
		"Wydatki ogółem (w tys.zł)": "tys. zł", "Dochody w mln PLN": "mln zł", "Liczba ludności w tys.": "tys. osób", "Wydatki, tys. złotych": "tys. zł",
		"Wydatki w tysiącach złotych": "tys. zł", "Wydatki [mln]": "mln zł", "tys. zł Wydatki": "tys. zł", "Powierzchnia w tys. ha": "tys. ha", "Dochody tys. i mln zł": "", "Mieszkania w tys.": "",
		"Saldo migracji na 1000 ludności": "", "Dochody na 10 tys. mieszkańców": "", "Ludność miast powyżej 20 tys. mieszkańców": "osoba", "Wydatki (1000 zł)": "tys. zł", "Zadłużenie w mld zł": "mld zł",
		"Urodzenia na 1000 ludności": "", "Podmioty na 10 tys. mieszkańców": "", "Liczba dróg": "",
	} {
		if have := new(draft).unitOf(head); have != want {
			t.Errorf("%q: %q, want %q", head, have, want)
		}
	}
}

// A line above the table tells the scale of what is counted in it, and of nothing else.
func TestUnitsAbove(t *testing.T) {
	for _, c := range []struct{ above, head, want string }{
		{"w tys. zł", "Dochody", "tys. zł"},
		{"w tys. zł", "Ludność", "osoba"},
		{"w tys. zł", "Dochody [zł]", "zł"},
		{"(w tys.)", "Dochody", ""},
		{"w tys. osób", "Ludność", "tys. osób"},
		{"w tys. osób", "Dochody", ""},
		{"Gminy powyżej 20 tys. mieszkańców", "Dochody", "zł"},
		{"Dochody w mln zł", "Udział", "%"},
	} {
		if have := (&draft{above: []string{c.above}}).unitOf(c.head); have != c.want {
			t.Errorf("%q over %q: %q, want %q", c.above, c.head, have, c.want)
		}
	}
}

// Only amounts are sums.
func TestSummable(t *testing.T) {
	for name, unit := range map[string]string{
		"Przeciętne wynagrodzenie brutto": "zł", "Średnia powierzchnia mieszkania": "m²", "Wydatki na 1 ucznia": "tys. zł", "Dochody per capita": "zł",
		"Mediana wynagrodzeń": "zł", "Cena wody": "zł", "Dochody na 1 mieszkańca w zł": "zł", "Stopa bezrobocia": "%", "Średni czas": "szt.", "Stawka podatku": "zł", "Najwyższa kwota": "zł", "Udział w PIT": "zł",
	} {
		if summable(name, unit) {
			t.Errorf("%q is summed", name)
		}
	}
	for name, unit := range map[string]string{"Dochody ogółem": "tys. zł", "Wydatki na oświatę": "mln zł", "Ludność": "osoba", "Ludność w tys.": "tys. osób", "Odległość sieci": "km", "Centra kultury": "szt.", "Ludność stan na 31 XII": "osoba"} {
		if !summable(name, unit) {
			t.Errorf("%q is not summed", name)
		}
	}
}

// A text of another scale than the unit is found, and no other.
func TestOtherScale(t *testing.T) {
	for _, c := range []struct {
		text, unit string
		want       bool
	}{
		{"Wydatki (tys. zł)", "zł", true},
		{"Wydatki (tys. zł)", "tys. zł", false},
		{"Wydatki (zł)", "tys. zł", true},
		{"Wydatki", "tys. zł", false},
		{"Wydatki [mln zł]", "tys. zł", true},
		{"Dochody w tys. zł", "osoba", false},
		{"Ludność [tys.]", "osoba", true},
		{"Ludność [tys.]", "tys. osób", false},
		{"Gminy do 20 tys. mieszkańców", "zł", false},
		{"Zgony na 1000 ludności", "zł", false},
		{"Podmioty na 10 tys. mieszkańców", "szt.", false},
		{"Wydatki w tys. zł na mieszkańca", "tys. zł/mieszkańca", false},
		{"Dochody w zł", "zł/mieszkańca", false},
	} {
		if otherScale(c.text, c.unit) != c.want {
			t.Errorf("%q in %q: %v", c.text, c.unit, !c.want)
		}
	}
}
