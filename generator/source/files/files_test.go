package files_test

import (
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/snapshot/audit"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/bdlfile"
	"github.com/raportjst/raportjst/generator/source/files"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/samples"
)

// shared is the folder of real data beside the project.
func shared(t testing.TB) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "..", "shared", "data")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("there is no folder ../shared/data with real data beside the project")
	}
	return dir
}

func TestSample(t *testing.T) {
	s, err := files.Sample(t.Context(), samples.FS, filepath.Join(t.TempDir(), "sample"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	m := s.Manifest()
	if !s.Invented() || m.State != "2026-01-01" || m.First != 2016 || m.Last != 2025 || len(m.Warnings) != 0 || s.Topology().Source != "granice wymyślone" || m.Sources[0].Agency != "" {
		t.Errorf("%+v", m)
	}
	d, err := s.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// The traps that the sample holds on purpose.
	for _, c := range []struct {
		area stat.AreaCode
		id   stat.IndicatorID
		year stat.Period
		want stat.Status
		sign string
	}{
		{"981001", "smup:18", 2021, stat.Secret, "#"},
		{"981001", "smup:4060", 2019, stat.Missing, "."},
		{"981105", "smup:9404", 2025, stat.NotApplicable, "x"},
	} {
		if o := d.At(c.area, c.id, c.year); o.Status != c.want || o.Sign != c.sign {
			t.Errorf("%s of %s in %d: %+v", c.id, c.area, c.year, o)
		}
	}
}

// everything is all real files, those with a renamed file or none of the day in their name
// told.
func everything(t *testing.T, dir string) files.Set {
	t.Helper()
	at := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
	b := files.OnDisk(at("boundaries/boundaries_pl_2026.topojson"))
	set := files.Set{
		TERC:       []files.File{files.OnDisk(at("register/TERC_Urzedowy_2026-01-08.csv")), files.OnDisk(at("register/TERC_Urzedowy_2025-11-18.csv"))},
		Boundaries: &b,
		BDL: []bdlfile.File{
			files.BDL(at("bdl/panel_gminy_2003_2019.csv") + "=@2020-02-01"),
			files.BDL(at("bdl/crel/ludnosc-polska_powiaty_2002_2019_CREL.csv") + "=P2137@2020-03-01"),
		},
	}
	for _, pattern := range []string{"bdl/crel/[A-Z]*.csv", "bdl/ctab/*.csv", "bdl/xtab/*.xlsx"} {
		found, err := filepath.Glob(at(pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			set.BDL = append(set.BDL, files.BDL(f))
		}
	}
	return set
}

// TestReal imports every real file at once, in two orders. Nobody knows what FINA_1579 is.
func TestReal(t *testing.T) {
	dir := shared(t)
	set := everything(t, dir)
	stepwise := set
	var warnings []string
	set.Warn = func(w source.Warning) { warnings = append(warnings, w.Where+": "+w.What) }
	s, err := files.Import(t.Context(), set, filepath.Join(t.TempDir(), "a"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if m := s.Manifest(); m.Areas != 1+16+380+2479 || m.Indicators != 23 || len(s.Register().Neighbours("306401")) != 11 {
		t.Errorf("%d areas, %d indicators, Poznań has %d neighbours", m.Areas, m.Indicators, len(s.Register().Neighbours("306401")))
	}
	set.BDL, set.TERC = slices.Clone(set.BDL), slices.Clone(set.TERC)
	slices.Reverse(set.BDL)
	slices.Reverse(set.TERC)
	again, err := files.Import(t.Context(), set, filepath.Join(t.TempDir(), "b"))
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if s.ID() != again.ID() {
		t.Errorf("the order of files changes the data:\n%+v\n%+v", s.Manifest(), again.Manifest())
	}
	t.Run("steps", func(t *testing.T) { steps(t, s, stepwise) })
	t.Run("vintage", func(t *testing.T) { vintage(t, s, warnings) })
	t.Run("panel", func(t *testing.T) { panel(t, s, filepath.Join(dir, "bdl", "panel_gminy_2003_2019.csv")) })
}

// vintage: the population of powiats is the one told after the census, that of gminas the
// one of 2022, which is the only one: each tier has its own, and says so. The numbers are
// those of Python and awk:
//
//	awk -F';' '{gsub(/"/,"")} $3=="ogółem" && $4=="ogółem" && substr($1,3,2)<"61" {n++; s+=$6} END {print n, s}' LUDN_2137_CREL_20220407210714.csv
//	[r for r in openpyxl.load_workbook(…)["TABLICA"].values if r[0] in ("0000000", "3021000", "3064000")]
func vintage(t *testing.T, s *snapshot.Snapshot, warnings []string) {
	const id = "bdl:72305"
	d, err := s.Load(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		area stat.AreaCode
		year stat.Period
		want float64
		day  string
	}{
		{"00", 2020, 38088564, "2025-03-29"},
		{"30", 2020, 3507042, "2025-03-29"},
		{"3021", 2020, 429870, "2025-03-29"},
		{"306401", 2020, 547777, "2025-03-29"}, // not 532048, as told in 2022
		{"306401", 2004, 570778, "2025-03-29"},
		{"302117", 2020, 28908, "2022-04-07"},
		{"302116", 2020, 52206, "2022-04-07"},
	} {
		if v, ok := d.Figure(c.area, id, c.year).Value(); !ok || v != c.want {
			t.Errorf("%s in %d has %v, want %v", c.area, c.year, v, c.want)
		}
		if p := d.Origin(c.area, id, 0); p.Extracted != c.day {
			t.Errorf("%s is of %s, want %s", c.area, p.Extracted, c.day)
		}
	}
	n, sum := 0, 0.0
	for _, a := range s.Register().Areas() {
		if v, ok := d.At(a.Code, id, 2020).Value(); ok && a.Code.Level() == stat.LevelGmina {
			n, sum = n+1, sum+v
		}
	}
	if n != 2411 || sum != 25754378 {
		t.Errorf("%d gminas with %v inhabitants, want 2411 with 25754378", n, sum)
	}
	o := d.Origins(id)
	if len(o) != 3 || !slices.Equal(o[0].Kinds, []stat.Kind{stat.KindCountry, stat.KindVoivodeship, stat.KindPowiat, stat.KindCity}) || o[0].Updated != "2024-06-05" ||
		!slices.Equal(o[1].Kinds, []stat.Kind{stat.KindUrban, stat.KindRural, stat.KindUrbanRural}) || o[1].Table != "LUDN_2137_CREL_20220407210714.csv" ||
		o[2].Table != "ludnosc-polska_powiaty_2002_2019_CREL.csv" || o[2].First != 2002 || o[2].Last != 2003 {
		t.Errorf("%+v", o)
	}
	all := strings.Join(warnings, "\n")
	for _, want := range []string{
		"wskaźnik bdl:72305: dane z pliku LUDN_2137_CREL_20220407210714.csv (2022-04-07) zastąpiono nowszymi z 2025-03-29 (miasta na prawach powiatu)",
		"wskaźnik bdl:72305: z pliku ludnosc-polska_powiaty_2002_2019_CREL.csv (2020-03-01) dołączono lata: 2002–2003 (województwa, powiaty, miasta na prawach powiatu); pozostałe są z 2025-03-29; w latach wspólnych są zgodne",
		"wskaźnik bdl:72305: dane są z różnych dni: 2025-03-29 (Polska, województwa, powiaty, miasta na prawach powiatu), 2022-04-07 (gminy), 2020-03-01 (województwa, powiaty, miasta na prawach powiatu)",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in\n%s", want, all)
		}
	}
}

// steps imports the real files one after another, each from the snapshot before, and comes
// to the same data as all at once: register, boundaries, figures, the next register.
func steps(t *testing.T, all *snapshot.Snapshot, set files.Set) {
	dir := t.TempDir()
	var base *snapshot.Snapshot
	for i, step := range []files.Set{
		{TERC: set.TERC[1:]}, {Boundaries: set.Boundaries}, {BDL: set.BDL[:5]}, {BDL: set.BDL[5:]}, {TERC: set.TERC[:1]},
	} {
		step.Base = base
		s, err := files.Import(t.Context(), step, filepath.Join(dir, strconv.Itoa(i)))
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		base = s
	}
	d, err := audit.Diff(t.Context(), all, base, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !d.Empty() {
		t.Errorf("%d indicators, %d areas differ: %+v", len(d.Indicators), len(d.Areas), d.Indicators)
	}
	for _, i := range all.Indicators() {
		if a, b := all.Provenances(i.ID), base.Provenances(i.ID); !slices.Equal(a, b) {
			t.Errorf("%s is from\n%+v, want\n%+v", i.ID, b, a)
		}
	}
	if a, b := all.Manifest(), base.Manifest(); len(a.Sources) != len(b.Sources) || b.BoundariesState != "2025-01-01" || a.BoundariesState != "" || !slices.Equal(base.Register().Borders(), all.Register().Borders()) {
		t.Errorf("%+v\n%+v", a, b)
	}
	again, err := files.Import(t.Context(), files.Set{Base: base, BDL: set.BDL[:1]}, filepath.Join(dir, "again"))
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if again.ID() != base.ID() {
		t.Error("a file that is in the base already makes another snapshot")
	}
}

// panel compares income and unemployed of 2018 of every gmina of powiat poznański and of
// Poznań with the panel, read here with encoding/csv.
func panel(t *testing.T, s *snapshot.Snapshot, path string) {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	year := slices.Index(rows[0], "2018")
	d, err := s.Load(t.Context(), "bdl:76037", "bdl:10514")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, r := range rows {
		if !strings.HasPrefix(r[0], "3021") && r[0] != "306401" || r[2] != "76037" && r[2] != "10514" {
			continue
		}
		n++
		want, err := strconv.ParseFloat(r[year], 64)
		if err != nil {
			t.Fatal(err)
		}
		if v, ok := d.Figure(stat.AreaCode(r[0]), stat.IndicatorID("bdl:"+r[2]), 2018).Value(); !ok || v != want {
			t.Errorf("%s of %s is %v, want %v", r[2], r[0], v, want)
		}
	}
	// 17 gminas, the powiat and the city.
	if n != 2*19 {
		t.Errorf("%d rows compared", n)
	}
}

func TestToldNames(t *testing.T) {
	for path, want := range map[string][4]string{
		"a/b.csv":                   {"b.csv", "", ""},
		"a/b.csv=P2137":             {"b.csv", "P2137", ""},
		"a/b.csv=P2137@2025-01-31":  {"b.csv", "P2137", "2025-01-31"},
		"a/b.csv=@2025-01-31":       {"b.csv", "", "2025-01-31"},
		"a/b.csv=@31.01.2025":       {"b.csv", "", "31.01.2025"},
		"a/x=y.csv":                 {"x=y.csv", "", ""},
		"b.csv":                     {"b.csv", "", ""},
		"x=y.csv=P1:Udział = 1 : 2": {"x=y.csv", "P1", "", "Udział = 1 : 2"},
		"b.csv=P2687:Przeciętne wynagrodzenia@2025-01-31": {"b.csv", "P2687", "2025-01-31", "Przeciętne wynagrodzenia"},
	} {
		if f := files.BDL(path); f.Path != want[0] || f.Subject != want[1] || f.Extracted != want[2] || f.Title != want[3] {
			t.Errorf("%s: %q %q %q %q", path, f.Path, f.Subject, f.Extracted, f.Title)
		}
	}
}

// FuzzAdd: whatever a file holds, it is put somewhere or refused, and a refusal names it.
func FuzzAdd(f *testing.F) {
	for _, name := range []string{"data/terc.csv", "data/granice.topojson", "data/dane.csv"} {
		raw, err := samples.FS.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw[:700])
	}
	zipped, err := os.ReadFile(filepath.Join("..", "prg", "testdata", "prg-2180.zip"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(zipped)
	f.Add([]byte("\xef\xbb\xbf \n{}"))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, raw []byte) {
		path := filepath.Join(dir, "plik")
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		var s files.Set
		err := s.Add(t.Context(), path)
		var wrong *fault.Fault
		if err != nil && (!errors.As(err, &wrong) || !strings.HasPrefix(wrong.Where, "plik plik")) {
			t.Errorf("%v", err)
		}
		if n := len(s.TERC) + len(s.BDL) + len(s.Tables); err == nil && n != 1 && s.Boundaries == nil {
			t.Errorf("%d places", n)
		}
	})
}

// TestAdd puts the files of the sample and a packed shapefile where they belong.
func TestAdd(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, samples.FS); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		filepath.Join(dir, "data", "terc.csv"):                    "terc",
		filepath.Join(dir, "data", "granice.topojson"):            "boundaries",
		filepath.Join(dir, "data", "dane.toml"):                   "table",
		filepath.Join(dir, "data", "dane.csv"):                    "bdl", // for its reader to refuse
		filepath.Join("..", "prg", "testdata", "prg-2180.zip"):    "boundaries",
		filepath.Join(dir, "data", "czlonkowie.csv@2026-01-01"):   "none",
		filepath.Join(dir, "data", "terc.csv") + "=P1@2026-01-01": "terc",
	} {
		var s files.Set
		err := s.Add(t.Context(), path)
		have := "none"
		switch {
		case len(s.TERC) == 1:
			have = "terc"
		case s.Boundaries != nil:
			have = "boundaries"
		case len(s.Tables) == 1:
			have = "table"
		case len(s.BDL) == 1:
			have = "bdl"
		}
		if have != want || (err != nil) != (want == "none") {
			t.Errorf("%s is for %s, want %s: %v", path, have, want, err)
		}
	}
}

// cases is the folder of inputs that fail beside the project.
func cases(t testing.TB) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "..", "shared", "cases")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("there is no folder ../shared/cases with inputs beside the project")
	}
	return dir
}

// poland is a snapshot of the real register alone.
func poland(t testing.TB) *snapshot.Snapshot {
	t.Helper()
	s, err := files.Import(t.Context(), files.Set{
		TERC: []files.File{files.OnDisk(filepath.Join(shared(t), "register", "TERC_Urzedowy_2026-01-08.csv"))},
	}, filepath.Join(t.TempDir(), "poland"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// TestNewYear: a file with nothing but a new year adds it. A file that gives nothing is an
// error that says why, and leaves nothing behind.
func TestNewYear(t *testing.T) {
	dir, real, out := cases(t), shared(t), t.TempDir()
	base, err := files.Import(t.Context(), files.Set{Base: poland(t), BDL: []bdlfile.File{files.BDL(filepath.Join(real, "bdl/xtab/LUDN_2137_XTAB_20250329142524.xlsx"))}}, filepath.Join(out, "base"))
	if err != nil {
		t.Fatal(err)
	}
	defer base.Close()
	s, err := files.Import(t.Context(), files.Set{Base: base, Named: true, BDL: []bdlfile.File{files.BDL(filepath.Join(dir, "bdl/LUDN_2137_CTAB_20260402192255.csv"))}}, filepath.Join(out, "s"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	d, err := s.Load(t.Context(), "bdl:72305")
	if err != nil {
		t.Fatal(err)
	}
	for year, day := range map[stat.Period]string{2023: "2025-03-29", 2024: "2026-04-02"} {
		if p := d.Origin("02", "bdl:72305", year); p.Extracted != day {
			t.Errorf("%d is of %s", year, p.Extracted)
		}
	}
	if v, ok := d.At("02", "bdl:72305", 2024).Value(); !ok || v != 2868242 {
		t.Errorf("2024: %v", v)
	}
	_, err = files.Import(t.Context(), files.Set{Base: base, Named: true, BDL: []bdlfile.File{files.BDL(filepath.Join(real, "bdl/crel/RYNE_2392_CREL_20230312150319.csv"))}}, filepath.Join(out, "t"))
	if err == nil || !strings.Contains(err.Error(), "plik RYNE_2392_CREL_20230312150319.csv: z pliku nie użyto ani jednej wartości: pominięto jednostki statystyczne") {
		t.Errorf("a file of subregions: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(out, "*t*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	first, err := files.Import(t.Context(), files.Set{Base: poland(t), Named: true, BDL: []bdlfile.File{
		files.BDL(filepath.Join(real, "bdl/crel/RYNE_2392_CREL_20230312150319.csv")), files.BDL(filepath.Join(real, "bdl/xtab/LUDN_2137_XTAB_20250329142524.xlsx")),
	}}, filepath.Join(out, "first"))
	if err != nil {
		t.Fatalf("first figures on a register: %v", err)
	}
	first.Close()
}

// TestAskedTitles: files whose subject nobody knows are refused with the question for its title,
// and taken in with it.
func TestAskedTitles(t *testing.T) {
	dir, base := cases(t), poland(t)
	for name, title := range map[string]string{
		"WYNA_2687_CREL_20251227130025.csv": "Przeciętne wynagrodzenia", "LUDN_3895_CTAB_20260308113458.csv": "Przeciętne dalsze trwanie życia", "LUDN_3977_CTAB_20260308105128.csv": "Zgony na 100 tys. ludności",
	} {
		_, err := files.Import(t.Context(), files.Set{Base: base, Named: true, BDL: []bdlfile.File{files.BDL(filepath.Join(dir, "bdl", name))}}, filepath.Join(t.TempDir(), "s"))
		if err == nil || !strings.Contains(err.Error(), "podaj jej tytuł") {
			t.Errorf("%s: %v", name, err)
		}
		s, err := files.Import(t.Context(), files.Set{Base: base, Named: true, BDL: []bdlfile.File{files.BDL(filepath.Join(dir, "bdl", name) + "=:" + title)}}, filepath.Join(t.TempDir(), "s"))
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		for _, i := range s.Indicators() {
			if !strings.HasPrefix(i.Name, title+": ") || i.Label != "" || i.Unit == "" && name[:4] == "WYNA" {
				t.Errorf("%s: %+v", name, i)
			}
		}
	}
}

// TestZeroWage: nobody earned 0,00 zł in Jastrzębie-Zdrój, and a dash in a table of BDL is no
// zero. The warning and the audit name the area and the year.
func TestZeroWage(t *testing.T) {
	dir, base := cases(t), poland(t)
	for _, c := range []struct {
		set   files.Set
		id    stat.IndicatorID
		area  stat.AreaCode
		years []stat.Period
		doubt bool
	}{
		{files.Set{BDL: []bdlfile.File{files.BDL(filepath.Join(dir, "bdl", "WYNA_2497_CTAB_20260321172330.csv"))}}, "bdl:64428", "2467", []stat.Period{2022}, true},
		{files.Set{Tables: []files.File{files.OnDisk(filepath.Join(dir, "bdl", "dash", "wages.toml"))}}, "own:wage", "0265", []stat.Period{2002, 2007, 2012}, false},
	} {
		var warnings []string
		c.set.Base, c.set.Warn = base, func(w source.Warning) { warnings = append(warnings, w.What) }
		s, err := files.Import(t.Context(), c.set, filepath.Join(t.TempDir(), "s"))
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		d, err := s.Load(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range c.years {
			if o := d.At(c.area, c.id, p); o.Status != stat.Missing || o.Sign == "" {
				t.Errorf("%s of %s in %d: %+v", c.id, c.area, p, o)
			}
		}
		if !c.doubt {
			continue
		}
		if !strings.Contains(strings.Join(warnings, "\n"), "2467 Jastrzębie-Zdrój 2022") {
			t.Errorf("warnings %q", warnings)
		}
		r, err := audit.Check(t.Context(), s, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Doubtful) != 1 || r.Doubtful[0].Area != "2467" || !slices.Equal(r.Doubtful[0].Periods, c.years) {
			t.Errorf("doubtful %+v", r.Doubtful)
		}
	}
}
