package table

import (
	"testing"

	"github.com/raportjst/raportjst/generator/stat"
)

// TestHeads reads heads of columns of years as offices write them.
func TestHeads(t *testing.T) {
	for _, c := range []struct {
		text, base string
		year       stat.Period
		why        string
	}{
		{"2024", "", 2024, ""},
		{"2024 r.", "", 2024, ""},
		{"2024r.", "", 2024, ""},
		{"rok 2024", "", 2024, ""},
		{"Rok 2024", "", 2024, ""},
		{"2024 rok", "", 2024, ""},
		{"w 2024 r.", "", 2024, ""},
		{"2024*", "", 2024, ""},
		{"2024**)", "", 2024, ""},
		{"2024 1)", "", 2024, ""},
		{"2024¹", "", 2024, ""},
		{"2024 r.²)", "", 2024, ""},
		{"2024a", "", 2024, ""},
		{"2024 (wykonanie)", "", 2024, ""},
		{"wykonanie 2024", "", 2024, ""},
		{"stan na 31.12.2024", "", 2024, ""},
		{"Stan na dzień 31 grudnia 2024 r.", "", 2024, ""},
		{"stan w dniu 31 XII 2024 r.", "", 2024, ""},
		{"Ludność (stan na 31.12.2024)", "Ludność", 2024, ""},
		{"Ludność [2024]", "Ludność", 2024, ""},
		{"Powierzchnia w km² 2024", "Powierzchnia w km²", 2024, ""},
		{"Długość dróg [km] w 2024 r.", "Długość dróg [km]", 2024, ""},
		{"Baza 2024", "Baza", 2024, ""}, // "za" is a part of the word
		{"Dochody wykonanie 2024", "Dochody", 2024, ""},
		{"Przyrost naturalny 2024", "Przyrost naturalny", 2024, ""},
		{"Liczba planów miejscowych 2024", "Liczba planów miejscowych", 2024, ""},
		{"Liczba projektów 2024", "Liczba projektów", 2024, ""},
		{"Wydatki od 2024", "Wydatki od", 2024, ""},
		{"2025 (plan)", "(plan)", 2025, whyPlan},
		{"2025 – plan po zmianach", "plan po zmianach", 2025, whyPlan},
		{"Plan dochodów 2025", "Plan dochodów", 2025, whyPlan},
		{"prognoza 2030", "prognoza", 2030, whyPlan},
		{"2026 projekt", "projekt", 2026, whyPlan},
		{"2024 szacunek", "szacunek", 2024, whyPlan},
		{"Zmiana 2024/2023", "Zmiana", 0, whyChange},
		{"Dynamika 2024/2023 [%]", "Dynamika [%]", 0, whyChange},
		{"2024/2023", "", 0, whyChange},
		{"2024-2023", "", 0, whySeveral},
		{"2023 = 100", "= 100", 2023, whyChange},
		{"Zmiana 2024 (%)", "Zmiana (%)", 2024, whyChange},
		{"zmiana do 2023 r.", "zmiana do", 2023, whyChange},
		{"w stosunku do roku 2023", "w stosunku do", 2023, whyChange},
		{"2024/2025", "", 0, whySplit},
		{"2024/25", "", 0, whySplit},
		{"Uczniowie 2024/2025", "Uczniowie", 0, whySplit},
		{"2021–2023", "", 0, whySeveral},
		{"średnia 2021-2023", "średnia", 0, whySeveral},
		{"Ludność", "Ludność", 0, ""},
		{"", "", 0, ""},
	} {
		if h := headOf(c.text); h.base != c.base || h.year != c.year || h.why != c.why {
			t.Errorf("%q: base %q, year %d, %q; want %q, %d, %q", c.text, h.base, h.year, h.why, c.base, c.year, c.why)
		}
	}
}
