package files_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/files"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/samples"
)

// A gmina that got another code keeps its series, its neighbours and its place on the map
// where a file says that it is the same; otherwise the import says how to tell.
func TestSameArea(t *testing.T) {
	dir := t.TempDir()
	base, err := files.Sample(t.Context(), samples.FS, filepath.Join(dir, "sample"))
	if err != nil {
		t.Fatal(err)
	}
	defer base.Close()
	terc, err := samples.FS.ReadFile("data/terc.csv")
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{
		"terc.csv":    {Data: []byte(strings.NewReplacer("98;10;01;", "98;10;77;", "2026-01-01", "2027-01-01").Replace(string(terc)))},
		"zmiany.toml": {Data: []byte("[[same]]\nold = \"981001\"\nnew = \"981077\"\nyear = 2027\n")},
	}
	var warnings []string
	set := files.Set{
		Base: base, TERC: []files.File{{FS: fsys, Path: "terc.csv"}},
		Warn: func(w source.Warning) { warnings = append(warnings, w.What) },
	}
	apart, err := files.Import(t.Context(), set, filepath.Join(dir, "apart"))
	if err != nil {
		t.Fatal(err)
	}
	defer apart.Close()
	if have := strings.Join(warnings, "\n"); !strings.Contains(have, `[[same]] old = "981001" new = "981077" year = 2027`) {
		t.Errorf("the warnings do not say how to tell:\n%s", have)
	}
	warnings = nil
	set.Same = []files.File{{FS: fsys, Path: "zmiany.toml"}}
	s, err := files.Import(t.Context(), set, filepath.Join(dir, "same"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if len(warnings) > 0 {
		t.Errorf("warnings %q", warnings)
	}
	before, err := base.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	now, err := s.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, i := range before.Indicators() {
		for y := stat.Period(2016); y <= 2025; y++ {
			want, have := before.At("981001", i.ID, y), now.At("981077", i.ID, y)
			if want.Status != have.Status {
				t.Errorf("%s in %d: %v, want %v", i.ID, y, have, want)
			}
			v, ok := want.Value()
			if w, ok2 := have.Value(); ok != ok2 || v != w {
				t.Errorf("%s in %d: %v, want %v", i.ID, y, w, v)
			} else if ok {
				n++
			}
		}
	}
	if a, b := len(base.Register().Neighbours("981001")), len(s.Register().Neighbours("981077")); n < 100 || a == 0 || a != b || len(s.Topology().Shapes["981077"].Polygons) == 0 {
		t.Errorf("%d values, %d neighbours of %d", n, b, a)
	}
}

// TestFutureRegister refuses a register of a day that has not come yet.
func TestFutureRegister(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "terc.csv")
	text := "WOJ;POW;GMI;RODZ;NAZWA;NAZWA_DOD;STAN_NA\n94;;;;ZMYŚLONE;województwo;2031-01-01\n94;01;;;próbny;powiat;2031-01-01\n94;01;01;2;Gmina;gmina wiejska;2031-01-01\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for today, refused := range map[string]bool{"2026-04-15": true, "2030-12-01": false} {
		_, err := files.Import(t.Context(), files.Set{TERC: []files.File{files.OnDisk(path)}, Today: today}, filepath.Join(dir, today))
		if told := err != nil && strings.Contains(err.Error(), "plik terc.csv: stan rejestru 2031-01-01 jest w przyszłości"); told != refused {
			t.Errorf("on %s: %v", today, err)
		}
	}
}
