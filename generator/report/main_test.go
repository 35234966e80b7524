package report

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/source/files"
	"github.com/raportjst/raportjst/samples"
	"github.com/raportjst/raportjst/templates"
)

// scratch holds the snapshots that the tests of the package share.
var scratch string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "report-test-")
	if err != nil {
		panic(err)
	}
	scratch = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

var sampleSnapshot = sync.OnceValues(func() (*snapshot.Snapshot, error) {
	return files.Sample(context.Background(), samples.FS, filepath.Join(scratch, "sample"))
})

// realSnapshot is the register, the borders, the panel of eight variables and population
// by sex of 2020.
var realSnapshot = sync.OnceValues(func() (*snapshot.Snapshot, error) {
	in := func(name string) string { return filepath.Join("..", "..", "..", "shared", "data", name) }
	if _, err := os.Stat(in("register")); errors.Is(err, fs.ErrNotExist) {
		return nil, errors.ErrUnsupported
	}
	borders := files.OnDisk(in("boundaries/boundaries_pl_2026.topojson"))
	s := files.Set{TERC: []files.File{files.OnDisk(in("register/TERC_Urzedowy_2026-01-08.csv"))}, Boundaries: &borders}
	s.BDL = append(s.BDL, files.BDL(in("bdl/panel_gminy_2003_2019.csv")+"=@2020-06-01"), files.BDL(in("bdl/crel/LUDN_2137_CREL_20220407210714.csv")))
	return files.Import(context.Background(), s, filepath.Join(scratch, "real"))
})

func dataOf(s *snapshot.Snapshot) Data {
	return Data{
		Register: s.Register(), Indicators: s.Indicators(), Topology: s.Topology(), SnapshotID: s.ID(),
		Date: s.Manifest().Date, Invented: s.Invented(), Generator: "raportjst test", Load: s.Load,
	}
}

func sampleData(t testing.TB) Data {
	t.Helper()
	s, err := sampleSnapshot()
	if err != nil {
		t.Fatal(err)
	}
	return dataOf(s)
}

func sampleLibrary(t testing.TB) *Library {
	t.Helper()
	l, err := NewLibrary(templates.FS, sampleData(t))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// libraryOver is the templates with own ones over them, on the sample.
func libraryOver(t testing.TB, own fs.FS) *Library {
	t.Helper()
	l, err := NewLibrary(Over(templates.FS, own), sampleData(t))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// realLibrary is the templates on real data; the test is skipped where they are missing.
func realLibrary(t testing.TB) *Library {
	t.Helper()
	s, err := realSnapshot()
	if errors.Is(err, errors.ErrUnsupported) {
		t.Skip("the real data are not beside the project (../shared/data)")
	}
	if err != nil {
		t.Fatal(err)
	}
	l, err := NewLibrary(templates.FS, dataOf(s))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// heavy reports a run of everything.
func heavy() bool { return os.Getenv("RAPORTJST_HEAVY") != "" }
