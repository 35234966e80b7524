package table_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/raportjst/raportjst/generator/source/table"
)

// TestMarkedYears proposes mappings of tables whose heads say more than a year and reads them
// as proposed: a figure is never of a year that its column does not have, nor a plan or a
// change that of a year.
func TestMarkedYears(t *testing.T) {
	for _, c := range []struct {
		name, data string
		has        []string
		want       string // what is read; "" where the proposal asks first
		asked      string // the error then
		filled     [2]string
		warned     string
	}{
		{
			name: "marks of notes", data: "kod;nazwa;2023 r.;2024*;stan na 31.12.2025\n981001;Lipnica;1;2;3\n981002;Wzorzec;4;5;6\n",
			has:  []string{"years = true"},
			want: "wlasne:d 981001/2023=1 981001/2024=2 981001/2025=3 981002/2023=4 981002/2024=5 981002/2025=6\n",
		},
		{
			name: "plan and change", data: "kod;nazwa;2023;2024 (wykonanie);2025 (plan);Zmiana 2024/2023\n981001;Lipnica;1;2;3;4\n981002;Wzorzec;5;6;7;8\n",
			has:  []string{"# Kolumny „2025 (plan)” nie czyta się", "# Kolumny „Zmiana 2024/2023” nie czyta się", "skip = [\"2025 (plan)\", \"Zmiana 2024/2023\"]"},
			want: "wlasne:d 981001/2023=1 981001/2024=2 981002/2023=5 981002/2024=6\n",
		},
		{
			name: "plans of two", data: "kod;Dochody 2023;Dochody 2024 wykonanie;Dochody 2025 plan;Wydatki 2024\n981001;1;2;3;4\n981002;5;6;7;8\n",
			has:  []string{"column = \"Dochody\"", "column = \"Wydatki\""},
			want: "wlasne:dochody 981001/2023=1 981001/2024=2 981002/2023=5 981002/2024=6\nwlasne:wydatki 981001/2024=4 981002/2024=8\n",
		},
		{
			name: "each of its year", data: "kod;Ludność 2023;Dochody w zł w 2024 r.\n981001;1;2\n981002;3;4\n",
			has:  []string{"year = 2023  # rok z nagłówka", "year = 2024  # rok z nagłówka"},
			want: "wlasne:ludnosc 981001/2023=1 981002/2023=3\nwlasne:dochody-w-zl 981001/2024=2 981002/2024=4\n",
		},
		{
			name: "one without a year", data: "kod;Ludność 2023;Drogi w km\n981001;1;2\n981002;3;4\n",
			asked: "potrzebny jest jeden z kluczy „period”, „year”", filled: [2]string{"# year = 2025", "year = 2022"},
			want: "wlasne:ludnosc 981001/2023=1 981002/2023=3\nwlasne:drogi-w-km 981001/2022=2 981002/2022=4\n",
		},
		{
			name: "one without a year beside years", data: "kod;Ludność 2023;Ludność 2024;Drogi w km\n981001;1;2;3\n981002;4;5;6\n",
			asked: "brak kolumn „Drogi w km” z latami – podaj przy wskaźniku year", filled: [2]string{"year = 0", "year = 2022"},
			want: "wlasne:ludnosc 981001/2023=1 981001/2024=2 981002/2023=4 981002/2024=5\nwlasne:drogi-w-km 981001/2022=3 981002/2022=6\n",
		},
		{
			name: "school years", data: "kod;2023/2024;2024/25\n981001;1;2\n981002;3;4\n",
			asked: "kolumna „2023/2024”: rok, który nie jest kalendarzowy", filled: [2]string{"\n# [table.year_of]\n# \"2023/2024\" = 2023\n# \"2024/25\" = 2024", "\n[table.year_of]\n\"2023/2024\" = 2023\n\"2024/25\" = 2024"},
			want: "wlasne:d 981001/2023=1 981001/2024=2 981002/2023=3 981002/2024=4\n",
		},
		{
			name: "a title of several years", data: "Ludność w latach 2020–2024;;\nkod;nazwa;ludność\n981001;Lipnica;1\n981002;Wzorzec;2\n",
			asked: "potrzebny jest jeden z kluczy „period”, „year”", filled: [2]string{"# year = 2025", "year = 2024"},
			want: "wlasne:ludnosc 981001/2024=1 981002/2024=2\n",
		},
		{
			name: "half of a year twice", data: "kod;30.06.2024;31.12.2024\n981001;1;2\n981002;3;4\n",
			asked: "rok 2024 stoi też w kolumnie 2",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			mapping, err := table.Propose(t.Context(), fstest.MapFS{"d.csv": {Data: []byte(c.data)}}, "d.csv", "", "2026-01-31")
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range c.has {
				if !strings.Contains(string(mapping), line) {
					t.Errorf("no %s in\n%s", line, mapping)
				}
			}
			text := strings.ReplaceAll(string(mapping), "agency = \"\"", "agency = \"GUS\"")
			text = strings.ReplaceAll(text, "unit = \"\"", "unit = \"szt.\"")
			read := func() (string, []string, error) {
				return load(t, fstest.MapFS{"d.csv": {Data: []byte(c.data)}, "t.toml": {Data: []byte(text)}}, "t.toml")
			}
			if c.asked != "" {
				if have, _, err := read(); err == nil || !strings.Contains(err.Error(), c.asked) {
					t.Fatalf("%v, want %q\n%s\n%s", err, c.asked, have, mapping)
				}
				text = strings.ReplaceAll(text, c.filled[0], c.filled[1])
			}
			if c.want == "" {
				return
			}
			if have, _, err := read(); err != nil || have != c.want {
				t.Errorf("%v\n%s\n%s", err, have, text)
			}
		})
	}
}

// TestHeadsOfYears reads years by mappings that somebody wrote: a column that is not plainly of
// a year is refused or told of.
func TestHeadsOfYears(t *testing.T) {
	ind := "[[indicator]]\nid = \"own:a\"\nname = \"A\"\nunit = \"szt.\"\n"
	for _, c := range []struct{ name, table, ind, data, want, err, warned string }{
		{"plan", "years = true\n", ind, "kod;2024;2025 (plan)\n981001;1;2\n", "", "kolumna „2025 (plan)”: plan, prognoza albo szacunek", ""},
		{"plan told", "years = true\n[table.year_of]\n\"2025 (plan)\" = 2025\n", ind, "kod;2024;2025 (plan)\n981001;1;2\n", "own:a 981001/2024=1 981001/2025=2\n", "", ""},
		{"plan skipped", "years = true\nskip = [\"2025 (plan)\"]\n", ind, "kod;2024;2025 (plan)\n981001;1;2\n", "own:a 981001/2024=1\n", "", ""},
		{"skip of none", "years = true\nskip = [\"2026\"]\n", ind, "kod;2024;2025\n981001;1;2\n", "", "brak kolumny „2026”, którą wymienia opis", ""},
		{"change", "years = true\n", ind, "kod;2023;2024;Zmiana 2024/2023\n981001;1;2;9\n", "own:a 981001/2023=1 981001/2024=2\n", "", "kolumny „Zmiana 2024/2023” nie wczytano: zmiana między latami"},
		{"change of a year", "years = true\n", ind, "kod;2023;Zmiana 2024 [%]\n981001;1;9\n", "own:a 981001/2023=1\n", "", "kolumny „Zmiana 2024 [%]” nie wczytano"},
		{"another figure", "years = true\n", ind, "kod;2023;Saldo 2024\n981001;1;9\n", "", "kolumna „Saldo 2024”: nie wiadomo, czy są w niej wartości tego samego", ""},
		{"one name", "years = true\n", ind, "kod;Ile 2023;Ile 2024*\n981001;1;9\n", "own:a 981001/2023=1 981001/2024=9\n", "", ""},
		{"plan of one named", "years = true\n", strings.Replace(ind, "name", "column = \"Ile\"\nname", 1), "kod;Ile 2023;Ile 2024 (plan)\n981001;1;9\n", "own:a 981001/2023=1\n", "", "kolumny „Ile 2024 (plan)” nie wczytano: plan"},
		{"plan as named", "years = true\n", strings.Replace(ind, "name", "column = \"Ile 2024 (plan)\"\nname", 1), "kod;Ile 2023;Ile 2024 (plan)\n981001;1;9\n", "own:a 981001/2024=9\n", "", ""},
		{"years only of indicators", "", strings.Replace(ind, "name", "column = \"Ile\"\nyear = 2021\nname", 1), "kod;Ile\n981001;1\n", "own:a 981001/2021=1\n", "", ""},
		{"year beside a column of years", "period = \"rok\"\n", strings.Replace(ind, "name", "column = \"Ile\"\nyear = 2021\nname", 1), "kod;rok;Ile\n981001;2020;1\n", "", "year = 2021 nie mówi", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			mapping := "[table]\nfile = \"d.csv\"\ncode = \"kod\"\n" + c.table + "[source]\nagency = \"A\"\nextracted = \"2026-01-31\"\n" + c.ind
			have, warned, err := load(t, fstest.MapFS{"d.csv": {Data: []byte(c.data)}, "t.toml": {Data: []byte(mapping)}}, "t.toml")
			switch {
			case c.err != "":
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Errorf("%v, want %q", err, c.err)
				}
			case err != nil || have != c.want || !strings.Contains(strings.Join(warned, "\n"), c.warned):
				t.Errorf("%v\n%s\n%q", err, have, warned)
			}
		})
	}
}
