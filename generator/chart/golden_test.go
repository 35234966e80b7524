package chart_test

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/graphic"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// widths are the widths of the drawn design, in points.
var widths = map[string]float64{
	"trend": 174 * mm, "strip": 40 * mm, "stripkey": 84 * mm, "spark": 15 * mm, "ranking": 174 * mm, "structure": 174 * mm,
	"pyramid": 114 * mm, "slope": 114 * mm, "multiples": 174 * mm, "waterfall": 174 * mm, "scatter": 114 * mm,
}

func TestGolden(t *testing.T) {
	for kind := range widths {
		t.Run(kind, func(t *testing.T) {
			path := filepath.Join("testdata", kind+".txtar")
			got := new(txtar.Archive)
			for _, condition := range conditions {
				g := specimens(condition)[kind]
				height, _ := natural(g, widths[kind])
				p, err := draw(g, widths[kind], height)
				if err != nil {
					t.Errorf("%s: %v", condition, err)
					continue
				}
				got.Files = append(got.Files, txtar.File{Name: condition, Data: dump(t, p)})
				if clashes := p.Clashes(); len(clashes) > 0 {
					t.Errorf("%s: %d labels clash; the first: %s", condition, len(clashes), clashes[0])
				}
				if condition == "all missing" && kind != "spark" && !says(p, "brak danych") {
					t.Errorf("%s: nothing says „brak danych”", condition)
				}
			}
			if *update {
				if err := os.WriteFile(path, txtar.Format(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatalf("%v (go test -update writes it)", err)
			}
			compare(t, got, want)
		})
	}
}

func compare(t *testing.T, got, want *txtar.Archive) {
	t.Helper()
	if len(got.Files) != len(want.Files) {
		t.Fatalf("%d cases, the golden file has %d", len(got.Files), len(want.Files))
	}
	for i, f := range got.Files {
		is, was := strings.Split(string(f.Data), "\n"), strings.Split(string(want.Files[i].Data), "\n")
		for n := range max(len(is), len(was)) {
			line := func(ls []string) string {
				if n < len(ls) {
					return ls[n]
				}
				return "(end)"
			}
			if line(is) != line(was) {
				t.Errorf("%s, line %d:\n got %s\nwant %s", f.Name, n+1, line(is), line(was))
				break
			}
		}
	}
}

// dump is the display list; of a long path only the beginning and a checksum, so that the
// golden files stay readable.
func dump(t *testing.T, p *graphic.Picture) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := p.Dump(&b); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\n")
	for i, l := range lines {
		if len(l) > 400 {
			lines[i] = fmt.Sprintf("%s… %d characters, SHA-256 %x", l[:200], len(l), sha256.Sum256([]byte(l)))
		}
	}
	return []byte(strings.Join(lines, "\n"))
}

func says(p *graphic.Picture, what string) bool {
	found := false
	p.Walk(func(op graphic.Op, _, _ float64) {
		if t, ok := op.(*graphic.Text); ok && strings.Contains(t.Text, what) {
			found = true
		}
	})
	return found
}

func TestDrawRefuses(t *testing.T) {
	for name, g := range map[string]any{"map": document.Map{}, "locator": document.Locator{}, "image": document.Image{}} {
		if _, err := draw(g, 100, 100); err == nil {
			t.Errorf("%s drawn as a chart", name)
		}
	}
	for _, size := range [][2]float64{{0, 0}, {-100, 100}, {5, 5}, {1e9, 100}} {
		if _, err := draw(trendOf("normal"), size[0], size[1]); err == nil {
			t.Errorf("a trend of %v points was drawn", size)
		}
	}
}
