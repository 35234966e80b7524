package report

import (
	"context"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/source/files"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/samples"
	"github.com/raportjst/raportjst/templates"
)

// sayings are what the reports of all units of a sample say.
func sayings(t *testing.T, sample fs.FS, own fs.FS) map[stat.AreaCode]document.Said {
	t.Helper()
	s, err := files.Sample(context.Background(), sample, filepath.Join(t.TempDir(), "sample"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	l, err := NewLibrary(own, dataOf(s))
	if err != nil {
		t.Fatal(err)
	}
	out := map[stat.AreaCode]document.Said{}
	for _, a := range s.Register().Areas() {
		if s.Register().Canonical(a.Code) != a.Code || a.Kind == stat.KindCountry {
			continue
		}
		d, err := l.Build(t.Context(), Request{Area: a.Code, Period: 2025})
		if err != nil {
			t.Fatal(err)
		}
		out[a.Code] = document.Says(d)
	}
	return out
}

// TestOneChangedCell changes one cell of one unit. What its peers print of it changes all that
// they say; what a report says of its own unit changes where the value is printed as such alone.
func TestOneChangedCell(t *testing.T) {
	before := sayings(t, samples.FS, templates.FS)
	after := sayings(t, edited(t, samples.FS, "data/dane.csv", "9810013;bdl:76973;2025;8345,92;", "9810013;bdl:76973;2025;8399,92;"), templates.FS)
	var own, whole []string
	for a, was := range before {
		is := after[a]
		if was.Own != is.Own {
			own = append(own, string(a))
			for _, c := range document.Differences(was.Facts, is.Facts) {
				if !strings.Contains(c.Of, "bdl:76973") {
					t.Errorf("%s: %+v changed, too", a, c)
				}
			}
		}
		if was.Whole != is.Whole {
			whole = append(whole, string(a))
			if len(document.Differences(was.Parts, is.Parts)) == 0 {
				t.Errorf("%s: nothing tells what has changed", a)
			}
		} else if was.Own != is.Own {
			t.Errorf("%s: its own values have changed and what it says has not", a)
		}
	}
	slices.Sort(own)
	slices.Sort(whole)
	t.Logf("own %v of %d, whole %d: %v", own, len(before), len(whole), whole)
	if !slices.Equal(own, []string{"9810", "981001"}) {
		t.Errorf("own values have changed in %v", own)
	}
	if len(whole) <= len(own) {
		t.Errorf("only %v say something else", whole)
	}
	changes := document.Differences(before["981001"].Facts, after["981001"].Facts)
	if !slices.ContainsFunc(changes, func(c document.Changed) bool { return c.Before == "8 346 zł" && c.After == "8 400 zł" }) {
		t.Errorf("the changes are %+v", changes)
	}
}

// TestOwnFacts holds that every own figure that a report prints is among its facts, and that no
// figure of another unit is.
func TestOwnFacts(t *testing.T) {
	all := sayings(t, samples.FS, templates.FS)
	for _, a := range []stat.AreaCode{"981001", "9810", "98"} {
		facts := all[a].Facts
		if len(facts) < 100 {
			t.Errorf("%s has %d facts", a, len(facts))
		}
		for _, f := range facts {
			code, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(f.Of, "zmiana "), "w % "), " ")
			if strings.Trim(code, "0123456789") == "" && !strings.HasPrefix(code, string(a)) {
				t.Errorf("%s tells of %s: %+v", a, code, f)
			}
		}
		t.Logf("%s: %d facts, packed %d bytes", a, len(facts), len(all[a].Pack()))
	}
	s, err := document.UnpackSaid(all["981001"].Pack())
	if err != nil || s.Own != all["981001"].Own || len(s.Facts) != len(all["981001"].Facts) {
		t.Errorf("unpacked %d facts, %v", len(s.Facts), err)
	}
	if _, err := document.UnpackSaid([]byte("x")); err == nil {
		t.Error("what is no package was unpacked")
	}
}

// TestAuthoredTextIsOwn holds that a text of the unit's own authors and a picture count as the
// unit's own, and a template's new wording does not.
func TestAuthoredTextIsOwn(t *testing.T) {
	say := func(text string) document.Said {
		fsys := fstest.MapFS{
			"reports/wlasny/report.toml": {Data: []byte("id = \"wlasny\"\ntitle = \"Własny\"\nversion = \"1\"\nextends = \"gmina\"\n\n[[chapter]]\nid = \"wstep\"\ntitle = \"Wstęp\"\ntext = \"wstep.md\"\n")},
			"reports/wlasny/wstep.md":    {Data: []byte(text)},
		}
		s, err := files.Sample(context.Background(), samples.FS, filepath.Join(t.TempDir(), "sample"))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = s.Close() }()
		l, err := NewLibrary(Over(templates.FS, fsys), dataOf(s))
		if err != nil {
			t.Fatal(err)
		}
		d, err := l.Build(t.Context(), Request{Area: "981001", Period: 2025, Template: "wlasny"})
		if err != nil {
			t.Fatal(err)
		}
		return document.Says(d)
	}
	first, same, other := say("Dobry rok.\n"), say("Dobry rok.\r\n"), say("Zły rok.\n")
	if first.Own != same.Own {
		t.Error("the ends of lines count")
	}
	if first.Own == other.Own {
		t.Error("another text of the authors is not theirs")
	}
}
