package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/samples"
)

var update = flag.Bool("update", false, "record the bytes of this rendering")

// TestRenderingIsRaised expects that a program which makes other bytes from the same data and
// templates has another generator.Rendering: a store keeps what it has under a key, and the key
// says nothing of the program but that number. Where the templates or the sample changed the
// keys are others anyway, and the bytes are only recorded anew (-update).
func TestRenderingIsRaised(t *testing.T) {
	if os.Getenv("RAPORTJST_HEAVY") == "" {
		t.Skip("holds in CI, once a change is whole; set RAPORTJST_HEAVY=1")
	}
	flags := dataFlags{Data: sampleData(t)}
	g, s, err := openGenerator(t.Context(), flags, func(err error) { t.Error(err) })
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	got := recorded(t, g, s)
	const name = "testdata/rendering.txt"
	before, err := os.ReadFile(name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if got == string(before) {
		return
	}
	if heads(got) != heads(string(before)) {
		t.Errorf("the rendering, the sample or the templates are others than those recorded: run this test with -update\n%s", got)
		return
	}
	t.Errorf("the same data and templates make other bytes: raise generator.Rendering, then run this test with -update\n%s", got)
}

// recorded are the digests of the files of some reports, under what they are made from.
func recorded(t *testing.T, g *generator.Generator, s *snapshot.Snapshot) string {
	t.Helper()
	e := edition(g, s)
	var b strings.Builder
	fmt.Fprintf(&b, "rendering %d\nsample %s\ndata %s\ntemplates %s\n", e.Rendering, samples.Digest()[:16], e.Data[:16], e.Template(""))
	year := int(s.Manifest().Last)
	for _, r := range []generator.Request{
		{Area: "981001", Spec: generator.Spec{Period: year}},
		{Area: "981001", Spec: generator.Spec{Period: year, Formats: []string{"docx"}}},
		{Area: "981002", Spec: generator.Spec{Period: year, Attach: true}},
		{Area: "9810", Spec: generator.Spec{Period: year, Charts: "svg"}},
		{Area: "98", Spec: generator.Spec{Period: year}},
		{Area: "981001", Spec: generator.Spec{Period: year, Template: "porownanie", Peers: []string{"981002", "981003"}}},
	} {
		files, err := g.Generate(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			fmt.Fprintf(&b, "%s %s\n", f.Digest, f.Name)
		}
	}
	return b.String()
}

// heads are the lines that say what the reports are made from.
func heads(record string) string {
	return strings.Join(strings.SplitN(record, "\n", 5)[:min(4, strings.Count(record, "\n"))], "\n")
}
