package report

import (
	"context"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/source/files"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/samples"
	"github.com/raportjst/raportjst/templates"
)

// edited is a tree of files in which some texts of one file are replaced.
func edited(t *testing.T, fsys fs.FS, name string, pairs ...string) fs.FS {
	t.Helper()
	out := fstest.MapFS{}
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := fs.ReadFile(fsys, p)
		if ok, _ := path.Match(name, p); ok {
			before := string(body)
			if body = []byte(strings.NewReplacer(pairs...).Replace(before)); string(body) == before {
				t.Errorf("%s: nothing to replace", p)
			}
		}
		out[p] = &fstest.MapFile{Data: body}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// contents are the digests of what reports of the sample say.
func contents(t *testing.T, sample, own fs.FS, program string) map[stat.AreaCode]string {
	t.Helper()
	s, err := files.Sample(context.Background(), sample, filepath.Join(t.TempDir(), "sample"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	data := dataOf(s)
	data.Generator = program
	l, err := NewLibrary(own, data)
	if err != nil {
		t.Fatal(err)
	}
	out := map[stat.AreaCode]string{}
	for _, a := range []stat.AreaCode{"981001", "981002", "981003", "9810", "98"} {
		r := Request{Area: a, Period: 2025}
		d, err := l.Build(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		out[a] = document.Content(d)
	}
	return out
}

// TestContentIsWhatIsSaid makes reports of the same figures that were downloaded on another
// day, with another program and another edition of the templates: they say the same. Of one
// changed figure they do not.
func TestContentIsWhatIsSaid(t *testing.T) {
	first := contents(t, samples.FS, templates.FS, "raportjst 1")
	another := contents(t,
		edited(t, samples.FS, "data/dane.toml", "2026-04-15", "2026-05-20"),
		edited(t, templates.FS, "reports/*/report.toml", `version = "1.0"`, `version = "1.1"`),
		"raportjst 2")
	seen := map[string]bool{}
	for a, c := range first {
		if another[a] != c {
			t.Errorf("%s: another edition says something else", a)
		}
		if seen[c] {
			t.Errorf("%s says the same as another area", a)
		}
		seen[c] = true
	}
	// bdl:2018 is in the data and not in the report.
	changed := contents(t, edited(t, samples.FS, "data/dane.csv", "9810013;bdl:2018;2025;235,25;", "9810013;bdl:2018;2025;241,25;"), templates.FS, "raportjst 1")
	if changed["981001"] != first["981001"] {
		t.Error("a figure that is not shown changes what is said")
	}
	changed = contents(t, edited(t, samples.FS, "data/dane.csv", "9810013;bdl:76973;2025;8345,92;", "9810013;bdl:76973;2025;8399,92;"), templates.FS, "raportjst 1")
	if changed["981001"] == first["981001"] {
		t.Error("another figure says the same")
	}
}
