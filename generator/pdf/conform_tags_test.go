package pdf

import "slices"

// within says which parents an element may have (14.8.4, UA 7.2); a tag that is missing
// may stand anywhere.
var within = map[string][]string{
	"LI":    {"L"},
	"Lbl":   {"LI", "Note", "P"},
	"LBody": {"LI"},
	"TOCI":  {"TOC"},
	"TR":    {"Table", "THead", "TBody"},
	"THead": {"Table"},
	"TBody": {"Table"},
	"TH":    {"TR"},
	"TD":    {"TR"},
}

// all checks the structure tree.
func (c *conformity) all() {
	if c.tree.tag != "Document" {
		c.errorf("UA 7.1", "the root is a %s", c.tree.tag)
	}
	heading := 0
	c.tree.walk(func(e *tagged, up []*tagged) {
		if _, known := e.dict["A"]; known {
			c.attributes(e)
		}
		if len(up) > 0 && within[e.tag] != nil && !slices.Contains(within[e.tag], up[len(up)-1].tag) {
			c.errorf("UA 7.2", "%s in %s", e.tag, up[len(up)-1].tag)
		}
		switch e.tag {
		case "H1", "H2", "H3", "H4", "H5", "H6":
			level := int(e.tag[1] - '0')
			if level > heading+1 {
				c.errorf("UA 7.4.2", "H%d after H%d: %q", level, heading, e.text)
			}
			heading = level
		case "Figure":
			if text(e.dict["Alt"]) == "" {
				c.errorf("UA 7.3", "figure without Alt")
			}
			if c.attribute(e, "BBox") == nil {
				c.errorf("UA 7.3", "figure without BBox")
			}
		case "TH":
			if scope := c.attribute(e, "Scope"); scope != name("Column") && scope != name("Row") {
				c.errorf("UA 7.5", "header cell %q has scope %v", e.text, scope)
			}
		case "L":
			if c.attribute(e, "ListNumbering") == nil {
				c.errorf("UA 7.6", "list without ListNumbering")
			}
		case "Note":
			id, _ := e.dict["ID"].(str)
			if id == "" || c.ids[id] != e.ref {
				c.errorf("UA 7.9", "note %q with ID %q", e.text, id)
			}
		case "Table":
			c.table(e)
		}
	})
}

func (c *conformity) attribute(e *tagged, key name) any {
	return c.f.dict(e.dict["A"])[key]
}

func (c *conformity) attributes(e *tagged) {
	owner := map[string]name{"TH": "Table", "TD": "Table", "L": "List", "Figure": "Layout"}[e.tag]
	if got := c.f.dict(e.dict["A"])["O"]; got != owner {
		c.errorf("14.8.5", "%s has attributes of %v", e.tag, got)
	}
}

// table checks that all rows are equally wide (UA 7.5).
func (c *conformity) table(e *tagged) {
	width := -1
	e.walk(func(row *tagged, _ []*tagged) {
		if row.tag != "TR" {
			return
		}
		n := 0
		for _, cell := range row.kids {
			if span, ok := c.attribute(cell, "ColSpan").(int); ok {
				n += span
			} else {
				n++
			}
		}
		if width >= 0 && n != width {
			c.errorf("UA 7.5", "row of %d columns in a table of %d: %q", n, width, row.reading())
		}
		width = n
	})
}
