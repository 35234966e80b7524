package files_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/snapshot"
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

// TestReal imports every real file at once, in two orders.
func TestReal(t *testing.T) {
	dir := shared(t)
	set := everything(t, dir)
	var warnings []string
	set.Warn = func(w source.Warning) { warnings = append(warnings, w.Where+": "+w.What) }
	s, err := files.Import(t.Context(), set, filepath.Join(t.TempDir(), "a"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if m := s.Manifest(); m.Areas != 1+16+380+2479 || m.Indicators != 24 || len(s.Register().Neighbours("306401")) != 11 {
		t.Errorf("%d areas, %d indicators, Poznań has %d neighbours", m.Areas, m.Indicators, len(s.Register().Neighbours("306401")))
	}
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
	t.Run("vintage", func(t *testing.T) { vintage(t, s, warnings) })
	t.Run("panel", func(t *testing.T) { panel(t, s, filepath.Join(dir, "bdl", "panel_gminy_2003_2019.csv")) })
}

// vintage: the population of 2020 is the one told after the census; that of 2022, the only
// one for gminas, is left out, with a warning.
func vintage(t *testing.T, s *snapshot.Snapshot, warnings []string) {
	d, err := s.Load(t.Context(), "bdl:72305")
	if err != nil {
		t.Fatal(err)
	}
	if v, ok := d.At(stat.Country, "bdl:72305", 2020).Value(); !ok || v != 38088564 {
		t.Errorf("Poland has %v", v)
	}
	if o := d.At("306401", "bdl:72305", 2020); o.Status != stat.Missing {
		t.Errorf("a gmina has the population of another vintage: %+v", o)
	}
	if p := d.Provenance("bdl:72305"); p.Extracted != "2025-03-29" || p.Updated != "2024-06-05" {
		t.Errorf("%+v", p)
	}
	if all := strings.Join(warnings, "\n"); !strings.Contains(all, "wskaźnik bdl:72305: dane z pliku LUDN_2137_CREL_20220407210714.csv (2022-04-07) zastąpiono nowszymi z 2025-03-29") {
		t.Errorf("warnings:\n%s", all)
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
	for path, want := range map[string][3]string{
		"a/b.csv":                  {"b.csv", "", ""},
		"a/b.csv=P2137":            {"b.csv", "P2137", ""},
		"a/b.csv=P2137@2025-01-31": {"b.csv", "P2137", "2025-01-31"},
		"a/b.csv=@2025-01-31":      {"b.csv", "", "2025-01-31"},
		"a/x=y.csv":                {"x=y.csv", "", ""},
		"b.csv":                    {"b.csv", "", ""},
	} {
		if f := files.BDL(path); f.Path != want[0] || f.Subject != want[1] || f.Extracted != want[2] {
			t.Errorf("%s: %q %q %q", path, f.Path, f.Subject, f.Extracted)
		}
	}
}
