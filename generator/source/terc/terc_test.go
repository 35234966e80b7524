package terc

import (
	"encoding/csv"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
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
			case c.Year == 2026 && c.Kind != stat.ChangeBoundary: // those History tells
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

// TestHistory holds history.toml: every event is of areas, a year and a kind, says where it
// is known from and how surely, and its areas are in the register.
func TestHistory(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range events {
		if _, ok := eventKinds[e.Kind]; !ok || e.Year < 1999 || len(e.Areas) == 0 || e.Note == "" || e.Source == "" || (e.Kind != "boundary") != (e.From != "") {
			t.Errorf("event %+v", e)
		}
		if e.Certainty != "documented" && e.Certainty != "derived" {
			t.Errorf("%d %v is %q", e.Year, e.Areas, e.Certainty)
		}
		for _, c := range e.Areas {
			if c.Level() != stat.LevelGmina && c.Level() != stat.LevelPowiat || len(c) == 4 && c.CityPowiat() {
				t.Errorf("%s of %d is no gmina and no powiat", c, e.Year)
			}
			if key := fmt.Sprint(e.Year, c, e.Kind, e.Note); seen[key] {
				t.Errorf("%s stands twice in %d: %s", c, e.Year, e.Note)
			} else {
				seen[key] = true
			}
		}
	}
	now := read(t, shared(t), "TERC_Urzedowy_2026-01-08.csv")
	changes, known := History(now), now.index()
	for _, e := range events {
		for _, c := range e.Areas {
			if _, ok := known[c]; !ok {
				t.Errorf("%s of %d is not in the register", c, e.Year)
			}
		}
	}
	if c := changes["026501"]; len(c) != 1 || c[0] != (stat.Change{Year: 2013, Kind: stat.ChangeCode, From: "022109"}) {
		t.Errorf("Wałbrzych: %v", c)
	}
}

// TestPublishedBoundaries compares the history with the table of all boundary changes since
// 1999 that could be found: what moved at least half a per cent of an area, or nobody knows
// how much, is there, on both tiers of a city; what only a new measurement changed is not.
func TestPublishedBoundaries(t *testing.T) {
	f, err := os.Open(filepath.Join(shared(t), "..", "reference", "breaks_boundaries.csv"))
	if err != nil {
		t.Skip("the table of boundary changes is not beside the project (../shared/data/reference)")
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	now := read(t, shared(t), "TERC_Urzedowy_2026-01-08.csv")
	register, _, err := Build([]*Register{now}, nil)
	if err != nil {
		t.Fatal(err)
	}
	moves := []string{"gain", "loss", "create", "merge", "powiat_gain", "powiat_loss", "powiat_create"}
	wanted := 0
	for _, row := range rows[1:] {
		a, ok := register.Area(stat.AreaCode(row[2]))
		year, err := strconv.Atoi(row[4])
		if err != nil {
			t.Fatal(err)
		}
		there := slices.Contains(a.Changes, stat.Change{Year: year, Kind: stat.ChangeBoundary})
		switch {
		case !ok:
		case slices.Contains(moves, row[1]) && row[19] != "believed" && row[14] != "no":
			wanted++
			if !there {
				t.Errorf("%s: %s of %s (%s) in %d is not in the history", row[0], row[1], row[2], row[3], year)
			}
		case strings.HasPrefix(row[1], "area_") && there && !slices.ContainsFunc(rows, func(x []string) bool {
			return x[2] == row[2] && x[4] == row[4] && slices.Contains(moves, x[1])
		}):
			t.Errorf("%s: %s of %s in %d is no change of boundaries", row[0], row[1], row[2], year)
		}
	}
	if wanted < 150 {
		t.Errorf("only %d changes are wanted", wanted)
	}
}

// TestSupplement gives a register that an older program built what is known now.
func TestSupplement(t *testing.T) {
	old, err := stat.NewRegister("2026-01-01", []stat.Area{
		{Code: "16"}, {Code: "1661", Kind: stat.KindCity}, {Code: "166101", Kind: stat.KindCity}, {Code: "1609"}, {Code: "160903", Changes: []stat.Change{{Year: 2020, Kind: stat.ChangeName, From: "X"}}},
	}, []stat.Border{{A: "160903", B: "166101", SharedKm: 2}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Supplement(old)
	if err != nil {
		t.Fatal(err)
	}
	moved := stat.Change{Year: 2017, Kind: stat.ChangeBoundary}
	for _, c := range []stat.AreaCode{"1661", "166101", "1609", "160903"} {
		if a, _ := r.Area(c); !slices.Contains(a.Changes, moved) {
			t.Errorf("%s: %v", c, a.Changes)
		}
	}
	if a, _ := r.Area("160903"); len(a.Changes) != 2 || a.Changes[1].Year != 2020 || len(r.Borders()) != 1 || r.State() != "2026-01-01" {
		t.Errorf("%+v", a)
	}
	if a, _ := old.Area("1661"); len(a.Changes) != 0 {
		t.Error("the register it was made from is changed")
	}
	again, err := Supplement(r)
	if err != nil {
		t.Fatal(err)
	}
	if a, _ := again.Area("1661"); len(a.Changes) != 1 {
		t.Errorf("supplemented twice: %v", a.Changes)
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
		{"letters", head + "2a;;;;A;województwo;2026-01-01\n", "wiersz 2, kolumna 1", "to nie dwie cyfry kodu WOJ"},
		{"SIMC", "WOJ;POW;GMI;RODZ_GMI;RM;MZ;NAZWA;SYM;SYMPOD;STAN_NA\n", "wiersz 1", "to plik SIMC (miejscowości), a potrzebny jest TERC"},
		{"ULIC", "WOJ;POW;GMI;RODZ_GMI;SYM;SYM_UL;CECHA;NAZWA_1;NAZWA_2;STAN_NA\n", "wiersz 1", "to plik ULIC (ulice)"},
		{"one voivodeship", head + "02;;;;A;województwo;2026-01-01\n02;01;;;b;powiat;2026-01-01\n02;01;01;2;C;gmina wiejska;2026-01-01\n", "plik t.csv", "ma województw 1 z 16, powiatów i miast na prawach powiatu 1 z 380, gmin 1 z 2479"},
		{"invented and real", head + voivodeship + "02;;;;A;województwo;2026-01-01\n", "plik t.csv", "miesza województwa Polski"},
		{"XML", "<catalog name='SIMC'><row/></catalog>", "plik t.csv", "to plik SIMC, a potrzebny jest TERC"},
		{"cut XML", "<teryt><catalog name='TERC'><row><WOJ>98</WOJ>", "plik t.csv", "błąd w budowie pliku XML"},
		{"other XML", "<html><body></body></html>", "plik t.csv", "to strona internetowa"},
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
