package report

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/stat"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares a text with testdata/<name>.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) == got {
		return
	}
	a, b := strings.Split(string(want), "\n"), strings.Split(got, "\n")
	for i := range max(len(a), len(b)) {
		x, y := "", ""
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y {
			t.Fatalf("%s, line %d (go test -update writes it anew after a look):\nhave %s\nwant %s", path, i+1, y, x)
		}
	}
}

// Two hundred sentences over the sample, each read by a person once; no-break spaces as ~.
func TestGoldenSentences(t *testing.T) {
	l := sampleLibrary(t)
	r := rand.New(rand.NewPCG(200, 7))
	areas := l.data.Register.Areas()[1:]
	shapes := []string{"finding", "distanced", "placed", "signed", "developed", "missing"}
	var out []string
	seen := map[string]bool{}
	for len(out) < 200 {
		a := areas[r.IntN(len(areas))]
		b := builderFor(t, l, a.Code, stat.Period(2020+r.IntN(6)))
		m := b.f.measures[r.IntN(len(b.f.measures))]
		shape := shapes[r.IntN(len(shapes))]
		if strings.Contains(string(m.ID), "P2137/") {
			continue // ages stand in the pyramid only
		}
		x := b.read(m)
		if !b.fresh(x) || x.has == (shape == "missing") || seen[shape+string(m.ID)] {
			continue
		}
		if shape == "signed" && x.UnitClass != stat.UnitSigned || shape == "placed" && x.Aggregation == stat.AggregateSum {
			continue // never said so
		}
		seen[shape+string(m.ID)] = true
		say := map[string]func(*reading) string{"finding": b.finding, "distanced": b.distanced, "placed": b.placed, "signed": b.signed, "developed": b.developed, "missing": b.missing}[shape]
		out = append(out, fmt.Sprintf("%s %s %d %s\n  %s\n", shape, a.Code, b.period, m.ID, show(locale.Bind(say(x)))))
	}
	slices.SortFunc(out, cmp.Compare[string])
	golden(t, "zdania.txt", strings.Join(out, ""))
}

// Whole reports as text: what the report says, block by block.
func TestGoldenReports(t *testing.T) {
	l := sampleLibrary(t)
	for _, name := range []string{"gmina", "miasto", "lista", "usluga", "porownanie", "zwiazek-lista"} {
		d, err := l.Build(context.Background(), requests()[name])
		if err != nil {
			t.Fatal(err)
		}
		text := dump(d)
		text = strings.ReplaceAll(text, show(grouped(l.data.SnapshotID)), "<zbiór>")
		text = strings.ReplaceAll(text, show(grouped(digestOf(t, l, requests()[name]))), "<szablon>")
		golden(t, name+".txt", text)
	}
}

// digestOf is the digest of the template of a request, as printed.
func digestOf(t *testing.T, l *Library, r Request) string {
	t.Helper()
	id, err := l.TemplateOf(r)
	if err != nil {
		t.Fatal(err)
	}
	_, digest, _ := strings.Cut(l.TemplateVersion(id), "+")
	return digest
}
