package terc

import (
	"encoding/csv"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/samples"
)

// shared is the folder of real data beside the project.
func shared(t testing.TB) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "..", "shared", "data", "register")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("there is no folder ../shared/data with real data beside the project")
	}
	return dir
}

func read(t testing.TB, dir, name string) *Register {
	t.Helper()
	r, err := Read(t.Context(), os.DirFS(dir), name)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestOfficial compares both states with units.csv, which another program derived from
// them, and with the counts of GUS:
//
//	awk -F';' '$4==1' TERC_Urzedowy_2026-01-08.csv | wc -l   # 302; 2: 1453, 3: 724
func TestOfficial(t *testing.T) {
	dir := shared(t)
	old, now := read(t, dir, "TERC_Urzedowy_2025-11-18.csv"), read(t, dir, "TERC_Urzedowy_2026-01-08.csv")
	if old.State != "2025-01-01" || now.State != "2026-01-01" {
		t.Errorf("states %s and %s", old.State, now.State)
	}
	r, strange, err := Build([]*Register{now, old}, []stat.Border{{A: "306401", B: "302101"}, {A: "306401", B: "999999"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(strange) != 1 || len(r.Borders()) != 1 {
		t.Errorf("strange borders %v, borders %v", strange, r.Borders())
	}
	count := map[stat.Kind]int{}
	for _, a := range r.Areas() {
		count[a.Kind]++
	}
	want := map[stat.Kind]int{
		stat.KindCountry: 1, stat.KindVoivodeship: 16, stat.KindPowiat: 314, stat.KindCity: 2 * 66,
		stat.KindUrban: 302 - 66, stat.KindRural: 1453, stat.KindUrbanRural: 724,
	}
	if !maps.Equal(count, want) {
		t.Errorf("areas by kind %v, want %v", count, want)
	}
	units(t, dir, r)
}

// kindNames are the kinds as units.csv names them.
var kindNames = map[string]stat.Kind{
	"gmina miejska": stat.KindUrban, "gmina wiejska": stat.KindRural, "gmina miejsko-wiejska": stat.KindUrbanRural,
	"powiat": stat.KindPowiat, "województwo": stat.KindVoivodeship,
}

func units(t *testing.T, dir string, r *stat.Register) {
	f, err := os.Open(filepath.Join(dir, "units.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var towns, renamed int
	for _, u := range rows[1:] {
		a, ok := r.Area(stat.AreaCode(u[1]))
		if !ok {
			t.Errorf("no area %s", u[1])
			continue
		}
		if a.Name != u[3] {
			t.Errorf("%s is called %q, want %q", a.Code, a.Name, u[3])
		}
		if want, ok := kindNames[u[4]]; ok && a.Kind != want && !a.Code.CityPowiat() {
			t.Errorf("%s is of kind %d, want %d (%s)", a.Code, a.Kind, want, u[4])
		}
		for _, c := range a.Changes {
			switch {
			case c.Year == 2026 && c.Kind == stat.ChangeKindOf && strings.Contains(u[9], "(2) ->"):
				towns++
				if c.From != u[8] {
					t.Errorf("%s was %s, want %s", a.Code, c.From, u[8])
				}
			case c.Year == 2026 && c.Kind == stat.ChangeName && c.From == "Nowe Miasto Lubawskie" && a.Name == "Bratian":
				renamed++
			case c.Year == 2026:
				t.Errorf("%s has an unexpected change %v", a.Code, c)
			}
		}
	}
	// grep -c 2026-01-01 units.csv gives 7: six new towns and Bratian.
	if towns != 6 || renamed != 1 {
		t.Errorf("%d new towns and %d renamed, want 6 and 1", towns, renamed)
	}
}

func TestSample(t *testing.T) {
	old, err := Read(t.Context(), samples.FS, "data/terc-2025.csv")
	if err != nil {
		t.Fatal(err)
	}
	now, err := Read(t.Context(), samples.FS, "data/terc.csv")
	if err != nil {
		t.Fatal(err)
	}
	d := Compare(old, now)
	if len(d.Added)+len(d.Gone) != 0 || len(d.Areas()) != 1 {
		t.Fatalf("changes %+v, want one new town", d)
	}
	c := d.Changes[d.Areas()[0]]
	if len(c) != 1 || c[0].Kind != stat.ChangeKindOf || c[0].Year != 2026 || !strings.HasSuffix(c[0].From, "2") {
		t.Errorf("changes %v, want a village that became a town", c)
	}
}

const head = "WOJ;POW;GMI;RODZ;NAZWA;NAZWA_DOD;STAN_NA\n"

func state(t *testing.T, rows string) *Register {
	t.Helper()
	r, err := Read(t.Context(), fstest.MapFS{"t.csv": {Data: []byte(head + rows)}}, "t.csv")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestCompare has a gmina that goes, one that comes and one that is both renamed and made
// a town, in a state of a later day, whose changes count from the next year.
func TestCompare(t *testing.T) {
	from := state(t, "98;;;;A;województwo;2024-01-01\n98;01;;;b;powiat;2024-01-01\n98;01;01;2;Stara;gmina wiejska;2024-01-01\n98;01;02;2;Znika;gmina wiejska;2024-01-01\n")
	to := state(t, "98;;;;A;województwo;2024-07-01\n98;01;;;b;powiat;2024-07-01\n98;01;01;3;Nowa;gmina miejsko-wiejska;2024-07-01\n98;01;03;2;Przybywa;gmina wiejska;2024-07-01\n")
	d := Compare(from, to)
	if len(d.Gone) != 1 || d.Gone[0].Code != "980102" || len(d.Added) != 1 || d.Added[0].Code != "980103" {
		t.Errorf("gone %v, added %v", d.Gone, d.Added)
	}
	want := map[stat.AreaCode][]stat.Change{
		"980101": {{Year: 2025, Kind: stat.ChangeKindOf, From: "9801012"}, {Year: 2025, Kind: stat.ChangeName, From: "Stara"}},
		"980103": {{Year: 2025, Kind: stat.ChangeBoundary}},
	}
	if !maps.EqualFunc(d.Changes, want, slices.Equal) {
		t.Errorf("changes %v, want %v", d.Changes, want)
	}
}

// TestHistory holds history.toml: every event is of an area, a year and a kind, and is
// found in the register.
func TestHistory(t *testing.T) {
	for _, e := range events {
		if _, ok := eventKinds[e.Kind]; !ok || e.Year < 1999 || e.Note == "" || e.Area.Level() == stat.LevelUnknown || (e.Kind == "code") != (e.From != "") {
			t.Errorf("event %+v", e)
		}
	}
	now := read(t, shared(t), "TERC_Urzedowy_2026-01-08.csv")
	changes, known := History(now), now.index()
	for _, e := range events {
		if _, ok := known[e.Area]; !ok {
			t.Errorf("%s of %d is not in the register", e.Area, e.Year)
		}
	}
	if c := changes["026501"]; len(c) != 1 || c[0] != (stat.Change{Year: 2013, Kind: stat.ChangeCode, From: "022109"}) {
		t.Errorf("Wałbrzych: %v", c)
	}
}

func TestRefused(t *testing.T) {
	const voivodeship, powiat = "98;;;;A;województwo;2026-01-01\n", "98;01;;;b;powiat;2026-01-01\n"
	for _, c := range []struct{ name, data, where, what string }{
		{"column", "WOJ;POW;GMI;NAZWA;NAZWA_DOD;STAN_NA\n", "wiersz 1", "brak kolumny RODZ"},
		{"separator", strings.ReplaceAll(head+voivodeship, ";", ":"), "wiersz 1", "brak kolumny WOJ"},
		{"cut", head + voivodeship + "98;01;;;b", "wiersz 3", "wiersz ma 5 pól zamiast 7"},
		{"cut twice", head + voivodeship + powiat + "98;01;01;2;C;gmina wiejska;2026-0", "wiersz 4, kolumna 7", "data stanu „2026-0”"},
		{"state", head + voivodeship + strings.ReplaceAll(powiat, "2026", "2025"), "wiersz 3, kolumna 7", "plik miesza stany"},
		{"kind", head + voivodeship + powiat + "98;01;01;7;C;gmina;2026-01-01\n", "wiersz 4, kolumna 4", "nieznany rodzaj gminy „7”"},
		{"no kind", head + voivodeship + powiat + "98;01;01;;C;gmina;2026-01-01\n", "wiersz 4, kolumna 4", "nieznany rodzaj gminy „”"},
		{"zero", head + "2;;;;A;województwo;2026-01-01\n", "wiersz 2, kolumna 1", "to nie dwie cyfry kodu WOJ"},
		{"gap", head + voivodeship + "98;;01;2;C;gmina wiejska;2026-01-01\n", "wiersz 3, kolumna 2", "to nie dwie cyfry kodu POW"},
		{"twice", head + voivodeship + voivodeship, "wiersz 3", "jest już w wierszu 2"},
		{"orphan", head + voivodeship + "98;01;01;2;C;gmina wiejska;2026-01-01\n", "wiersz 3", "brak jednostki nadrzędnej 9801"},
		{"name", head + "98;;;;;województwo;2026-01-01\n", "wiersz 2, kolumna 5", "brak nazwy"},
		{"head", head, "plik t.csv", "nie zawiera żadnej jednostki"},
		{"empty", "", "plik t.csv", "plik jest pusty"},
		{"workbook", "PK\x03\x04", "plik t.csv", "uszkodzony plik XLSX"},
	} {
		_, err := Read(t.Context(), fstest.MapFS{"t.csv": {Data: []byte(c.data)}}, "t.csv")
		var f *fault.Fault
		if !errors.As(err, &f) || !strings.Contains(f.Where, c.where) || !strings.Contains(f.What, c.what) || f.Hint == "" {
			t.Errorf("%s: %v, want %s: %s", c.name, err, c.where, c.what)
		}
	}
	if _, _, err := Build(nil, nil); err == nil {
		t.Error("a register of nothing is built")
	}
}

// TestEncodings reads the same rows as UTF-8 with and without a mark, Windows-1250 and
// ISO 8859-2.
func TestEncodings(t *testing.T) {
	for name, ł := range map[string]string{"utf-8": "\u0142\u0105ka \u015bw.", "windows": "\xb3\xb9ka \x9cw.", "iso": "\xb3\xb1ka \xb6w."} {
		r := state(t, "98;;;;A;woj;2026-01-01\n98;01;;;"+ł+";powiat;2026-01-01\n")
		if r.Areas[1].Name != "łąka św." {
			t.Errorf("%s: %q", name, r.Areas[1].Name)
		}
	}
}

func FuzzRead(f *testing.F) {
	raw, err := samples.FS.ReadFile("data/terc.csv")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw[:1200])
	f.Add([]byte(head + "98;;;;A;woj;2026-01-01\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := Read(t.Context(), fstest.MapFS{"t.csv": {Data: raw}}, "t.csv")
		if err != nil {
			return
		}
		for _, a := range r.Areas {
			if _, err := stat.ParseAreaCode(string(a.Code)); err != nil || a.Name == "" || a.Kind == stat.KindUnknown {
				t.Errorf("area %+v: %v", a, err)
			}
		}
		if _, _, err := Build([]*Register{r}, nil); err != nil {
			t.Error(err)
		}
	})
}
