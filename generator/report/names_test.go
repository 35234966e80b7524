package report

import (
	"context"
	"testing"
	"testing/fstest"

	"github.com/raportjst/raportjst/generator/document"
)

// The short names of a block stay with their indicators where the data lack one of them.
func TestNamesOfABlockKeepTheirIndicators(t *testing.T) {
	l := libraryOver(t, fstest.MapFS{"skroty/report.toml": {Data: []byte(`
id = "skroty"
version = "1"
title = "Skróty"
kinds = ["powiat"]

[[chapter]]
id = "gminy"
title = "Gminy"
indicators = ["bdl:60565"]

  [[chapter.block]]
  kind = "league"
  scope = "children"
  indicators = ["bdl:60565", "bdl:brak", "bdl:60559"]
  names = ["Wiek", "Czego brak", "Gęstość"]
`)}})
	d, err := l.Build(context.Background(), Request{Area: "9810", Period: 2025, Template: "skroty"})
	if err != nil {
		t.Fatal(err)
	}
	tables := tablesOf(d)
	var heads []string
	for _, c := range tables[0].Columns[1:] {
		heads = append(heads, c.Head)
	}
	if len(heads) != 2 || heads[0] != "Wiek" || heads[1] != "Gęstość" {
		t.Errorf("heads %q", heads)
	}
}

// tablesOf lists the tables of the chapters of a document.
func tablesOf(d *document.Document) []document.Table { return blocksOf[document.Table](d) }

// blocksOf lists the blocks of one kind in the chapters of a document.
func blocksOf[B document.Block](d *document.Document) []B {
	var out []B
	for _, b := range d.Body {
		for _, x := range b.(document.Section).Blocks {
			if one, ok := x.(B); ok {
				out = append(out, one)
			}
		}
	}
	return out
}
