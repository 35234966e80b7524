package report

import "github.com/raportjst/raportjst/generator/document"

// blocks are the kinds of blocks of a chapter that a template may ask for: each with what
// makes it, or makes nothing where the values for it are missing.
var blocks = []struct {
	kind string
	make func(b *builder, x block, c *shownChapter) []document.Block
}{
	{"trend", (*builder).trend},
	{"years", (*builder).yearTables},
	{"strips", (*builder).stripBlock},
	{"map", (*builder).choropleth},
	{"ranking", (*builder).ranking},
	{"structure", (*builder).structure},
	{"pyramid", (*builder).pyramid},
	{"facts", (*builder).facts},
	{"multiples", (*builder).multiples},
	{"slope", (*builder).slope},
	{"waterfall", (*builder).waterfall},
	{"scatter", (*builder).scatter},
	{"service", (*builder).service},
	{"matrix", (*builder).matrix},
	{"league", (*builder).league},
	{"practices", (*builder).practices},
}

// block makes the blocks of one that a template asks for.
func (b *builder) block(x block, c *shownChapter) []document.Block {
	for _, k := range blocks {
		if k.kind == x.Kind {
			return k.make(b, x, c)
		}
	}
	return nil
}

// blockKinds are the names of the kinds in their order.
func blockKinds() []string {
	out := make([]string, len(blocks))
	for i, k := range blocks {
		out[i] = k.kind
	}
	return out
}
