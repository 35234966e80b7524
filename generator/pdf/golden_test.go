package pdf

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/layout"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// dump writes the structure in reading order: tags, attributes, text.
func (c *conformity) dump(b *strings.Builder, e *tagged, depth int) {
	fmt.Fprintf(b, "%s%s", strings.Repeat("  ", depth), e.tag)
	for _, key := range []name{"T", "Lang", "Alt", "ID"} {
		if s := text(e.dict[key]); s != "" {
			fmt.Fprintf(b, " %s=%q", key, s)
		}
	}
	for _, key := range []name{"Scope", "ColSpan", "ListNumbering", "BBox"} {
		if v := c.attribute(e, key); v != nil {
			fmt.Fprintf(b, " %s=%v", key, v)
		}
	}
	if len(e.kids) == 0 && e.text != "" {
		fmt.Fprintf(b, " %q", e.text)
	}
	b.WriteByte('\n')
	for _, p := range e.pieces {
		if p.kid != nil {
			c.dump(b, p.kid, depth+1)
		} else if len(e.kids) > 0 {
			fmt.Fprintf(b, "%s%q\n", strings.Repeat("  ", depth+1), p.text)
		}
	}
}

// little is a report of one page.
func little() *layout.Layout {
	s := newSetter()
	s.heading(1, "1. Ludność")
	s.paragraph("Zażółć gęślą jaźń: −1,7% wobec 13\u202F482 osób. Zobacz #dalej albo https://gmina.pl i czytaj jeszcze przez dwa wiersze, aż do końca akapitu.")
	s.heading(2, "Dochody „własne”")
	s.table("Tabela 1.1", 2, 3)
	s.list("pierwsza pozycja", "druga (z nawiasem) pozycja")
	s.figure("Wykres 1.2", lineChart(1)[:4])
	s.note("uwaga", "a passage in English")
	s.contents()
	return s.l
}

// TestGolden compares what a reader is told of a small report with testdata/sample.tags.
func TestGolden(t *testing.T) {
	var b strings.Builder
	c := conform(t, render(t, little()))
	c.dump(&b, c.tree, 0)
	const file = "testdata/sample.tags"
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("tags differ from %s (-update rewrites it):\n%s", file, b.String())
	}
}
