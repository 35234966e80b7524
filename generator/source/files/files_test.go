package files_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/files"
	"github.com/raportjst/raportjst/samples"
)

// shared is the folder of real data beside the project.
func shared(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "..", "shared", "data", name)
	if _, err := os.Stat(path); err != nil {
		t.Skip("there is no folder ../shared/data with real data beside the project")
	}
	return path
}

func TestSample(t *testing.T) {
	s, err := files.Sample(t.Context(), samples.FS, filepath.Join(t.TempDir(), "sample"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	t.Logf("%+v", s.Manifest())
	d, err := s.Load(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Log(d.Len(), d.Invented())
}

func TestReal(t *testing.T) {
	b := files.OnDisk(shared(t, "boundaries/boundaries_pl_2026.topojson"))
	set := files.Set{
		TERC:       []files.File{files.OnDisk(shared(t, "register/TERC_Urzedowy_2025-11-18.csv")), files.OnDisk(shared(t, "register/TERC_Urzedowy_2026-01-08.csv"))},
		Boundaries: &b,
		Warn:       func(w source.Warning) { t.Log(w) },
	}
	for _, pattern := range []string{"bdl/crel/[A-Z]*.csv", "bdl/ctab/*.csv", "bdl/xtab/*.xlsx"} {
		found, err := filepath.Glob(shared(t, ".") + "/" + pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			set.BDL = append(set.BDL, files.BDL(f))
		}
	}
	set.BDL = append(set.BDL, files.BDL(shared(t, "bdl/panel_gminy_2003_2019.csv")+"=@2020-02-01"),
		files.BDL(shared(t, "bdl/crel/ludnosc-polska_powiaty_2002_2019_CREL.csv")+"=P2137@2020-03-01"))
	dir := filepath.Join(t.TempDir(), "a")
	s, err := files.Import(t.Context(), set, dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	m := s.Manifest()
	t.Logf("%d areas, %d indicators, %d observations, %d borders", m.Areas, m.Indicators, m.Observations, len(s.Register().Borders()))
	for _, i := range s.Indicators() {
		t.Log(i.ID, i.Name, i.Unit, i.Decimals, s.Provenance(i.ID).Table)
	}
}
