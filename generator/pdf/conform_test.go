package pdf

import (
	"bytes"
	"crypto/md5"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

// conformity checks a file against every rule of PDF/UA-1 and PDF/A-2a (3a) that a
// report could break and a machine can tell: what raw fpdf output failed in veraPDF, and
// the tagging this package is for. Each check names the clause (UA: ISO 14289-1, A: ISO
// 19005-2).
type conformity struct {
	t     testing.TB
	f     *pdfFile
	pages []ref
	fonts map[name]*readFont
	// marks are the texts of marked contents by page and MCID.
	marks []map[int]string
	// tree is the structure in reading order.
	tree *tagged
	// parents are the references of the ParentTree by key.
	parents map[int]any
	ids     map[str]ref
}

// tagged is a structure element that was read.
type tagged struct {
	ref  ref
	tag  string
	dict dict
	text string // of its own content, in order
	kids []*tagged
	// pieces are own texts and kids as they are read.
	pieces []piece
}

type piece struct {
	text string
	kid  *tagged
}

func conform(t testing.TB, data []byte) *conformity {
	t.Helper()
	f, err := readPDF(data)
	if err != nil {
		t.Fatalf("read file: %v", err)
	}
	c := &conformity{t: t, f: f, pages: f.pages(), fonts: map[name]*readFont{}, parents: map[int]any{}, ids: map[str]ref{}}
	c.container()
	c.catalog()
	c.metadata()
	root := f.dict(f.catalog()["StructTreeRoot"])
	nums := f.array(f.dict(root["ParentTree"])["Nums"])
	for i := 0; i < len(nums); i += 2 {
		c.parents[nums[i].(int)] = nums[i+1]
	}
	if next := root["ParentTreeNextKey"]; next != len(c.parents) {
		t.Errorf("ParentTreeNextKey is %v of %d", next, len(c.parents))
	}
	names := f.array(f.dict(root["IDTree"])["Names"])
	for i := 0; i < len(names); i += 2 {
		if i > 0 && names[i].(str) <= names[i-2].(str) {
			t.Errorf("IDTree is not sorted: %q", names[i])
		}
		c.ids[names[i].(str)] = names[i+1].(ref)
	}
	for i, p := range c.pages {
		c.page(i, p)
	}
	c.tree = c.element(root["K"].(ref), f.catalog()["StructTreeRoot"].(ref))
	c.all()
	return c
}

func (c *conformity) errorf(clause, format string, args ...any) {
	c.t.Helper()
	c.t.Errorf("%s: %s", clause, fmt.Sprintf(format, args...))
}

func (c *conformity) container() {
	data := c.f.data
	if !bytes.HasPrefix(data, []byte("%PDF-1.7\n%")) {
		c.errorf("A 6.1.2", "header %q", data[:10])
	}
	for _, b := range data[10:14] {
		if b < 128 {
			c.errorf("A 6.1.2", "comment %X", data[10:14])
		}
	}
	id := c.f.array(c.f.trailer["ID"])
	if len(id) != 2 || id[0] != id[1] || len(id[0].(str)) != 16 {
		c.errorf("A 6.1.3", "ID %v", id)
	}
	// Every object is used: nothing is left behind by rewriting.
	used := map[ref]bool{}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case ref:
			if !used[v] {
				used[v] = true
				if _, ok := c.f.objects[int(v)]; !ok {
					c.errorf("7.3.10", "reference to object %d, which is not there", v)
				}
				walk(c.f.objects[int(v)])
			}
		case dict:
			for _, x := range v {
				walk(x)
			}
		case array:
			for _, x := range v {
				walk(x)
			}
		case *stream:
			walk(v.dict)
		}
	}
	walk(c.f.trailer)
	for n, v := range c.f.objects {
		if s, ok := v.(*stream); ok && (s.dict["Type"] == name("ObjStm") || s.dict["Type"] == name("XRef")) {
			continue
		}
		if !used[ref(n)] {
			c.errorf("size", "object %d is not used: %v", n, v)
		}
	}
}

func (c *conformity) catalog() {
	catalog := c.f.catalog()
	if c.f.dict(catalog["MarkInfo"])["Marked"] != true {
		c.errorf("UA 6.2, A 6.7.2.2", "MarkInfo %v", catalog["MarkInfo"])
	}
	if text(catalog["Lang"]) == "" {
		c.errorf("UA 7.2, A 6.7.4", "no Lang")
	}
	if c.f.dict(catalog["ViewerPreferences"])["DisplayDocTitle"] != true {
		c.errorf("UA 7.1", "DisplayDocTitle %v", catalog["ViewerPreferences"])
	}
	if c.f.dict(catalog["StructTreeRoot"])["Type"] != name("StructTreeRoot") {
		c.errorf("UA 7.1, A 6.7.3.3", "no StructTreeRoot")
	}
	intent := c.f.dict(c.f.array(catalog["OutputIntents"])[0])
	profile := c.f.get(intent["DestOutputProfile"]).(*stream)
	if intent["S"] != name("GTS_PDFA1") || profile.dict["N"] != 3 || string(profile.data[12:24]) != "mntrRGB XYZ " || string(profile.data[36:40]) != "acsp" {
		c.errorf("A 6.2.4.3", "output intent %v", intent)
	}
	labels := c.f.array(c.f.dict(catalog["PageLabels"])["Nums"])
	if len(labels) < 2 || labels[0] != 0 {
		c.errorf("12.4.2", "PageLabels %v", labels)
	}
	c.files(catalog)
}

// files checks associated files (ISO 19005-3, 6.8).
func (c *conformity) files(catalog dict) {
	names := c.f.array(c.f.dict(c.f.dict(catalog["Names"])["EmbeddedFiles"])["Names"])
	af := c.f.array(catalog["AF"])
	if len(names) != 2*len(af) {
		c.errorf("A-3 6.8", "%d embedded, %d associated", len(names)/2, len(af))
	}
	for i, v := range af {
		spec := c.f.dict(v)
		embedded := c.f.get(c.f.dict(spec["EF"])["F"]).(*stream)
		params := embedded.dict["Params"].(dict)
		sum := md5.Sum(embedded.data)
		if names[2*i+1] != v || spec["AFRelationship"] == nil || text(spec["UF"]) == "" || text(spec["F"]) == "" || text(spec["Desc"]) == "" ||
			embedded.dict["Subtype"] == nil || params["Size"] != len(embedded.data) || params["CheckSum"] != str(sum[:]) {
			c.errorf("A-3 6.8", "file %v, %v", spec, embedded.dict)
		}
	}
}

func (c *conformity) metadata() {
	s, ok := c.f.get(c.f.catalog()["Metadata"]).(*stream)
	if !ok {
		c.errorf("UA 7.1, A 6.6.2.1", "no metadata")
		return
	}
	texts := map[string]string{}
	var path []string
	d := xml.NewDecoder(bytes.NewReader(s.data))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			c.errorf("A 6.6.2", "packet: %v", err)
			return
		}
		switch token := token.(type) {
		case xml.StartElement:
			if !strings.HasSuffix(token.Name.Space, "rdf-syntax-ns#") {
				path = append(path, token.Name.Space+token.Name.Local)
			}
		case xml.EndElement:
			if !strings.HasSuffix(token.Name.Space, "rdf-syntax-ns#") {
				path = path[:len(path)-1]
			}
		case xml.CharData:
			texts[strings.Join(path, " ")] += string(token)
		}
	}
	const meta = "adobe:ns:meta/xmpmeta "
	info := c.f.dict(c.f.trailer["Info"])
	part := "2"
	if c.f.catalog()["AF"] != nil {
		part = "3"
	}
	for key, want := range map[string]string{
		"http://purl.org/dc/elements/1.1/title":         text(info["Title"]),
		"http://purl.org/dc/elements/1.1/creator":       text(info["Author"]),
		"http://purl.org/dc/elements/1.1/description":   text(info["Subject"]),
		"http://ns.adobe.com/pdf/1.3/Keywords":          text(info["Keywords"]),
		"http://ns.adobe.com/pdf/1.3/Producer":          text(info["Producer"]),
		"http://ns.adobe.com/xap/1.0/CreatorTool":       text(info["Creator"]),
		"http://www.aiim.org/pdfa/ns/id/part":           part,
		"http://www.aiim.org/pdfa/ns/id/conformance":    "A",
		"http://www.aiim.org/pdfua/ns/id/part":          "1",
		"http://www.aiim.org/pdfa/ns/extension/schemas": "",
	} {
		if got, ok := texts[meta+key]; got != want && (ok || want != "") {
			c.errorf("UA 5, A 6.6", "%s is %q, not %q", key, got, want)
		}
	}
	if !bytes.Contains(s.data, []byte("<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>")) {
		c.errorf("A 6.6.2.3", "no extension schema")
	}
	if text(info["Title"]) == "" {
		c.errorf("UA 7.1", "no title")
	}
}

// page reads a page, its annotations and its content.
func (c *conformity) page(i int, r ref) {
	p := c.f.dict(r)
	if p["Tabs"] != name("S") || p["StructParents"] != i {
		c.errorf("UA 7.18.3", "page %d: Tabs %v, StructParents %v", i+1, p["Tabs"], p["StructParents"])
	}
	for _, a := range c.f.array(p["Annots"]) {
		c.annotation(i, a.(ref))
	}
	resources := c.f.dict(p["Resources"])
	for n, v := range c.f.dict(resources["Font"]) {
		if c.fonts[n] == nil {
			c.fonts[n] = c.f.readFontObject(c.t, v)
		}
	}
	c.marks = append(c.marks, map[int]string{})
	c.content(i, operations(c.t, c.f.get(p["Contents"]).(*stream).data), c.f.dict(resources["XObject"]))
	if marks := c.f.array(c.parents[i]); len(marks) != len(c.marks[i]) {
		c.errorf("14.7.4.4", "page %d has %d marks, the ParentTree %d", i+1, len(c.marks[i]), len(marks))
	}
}

func (c *conformity) annotation(page int, r ref) {
	a := c.f.dict(r)
	if a["Subtype"] != name("Link") || a["F"] != 4 {
		c.errorf("A 6.3.2", "page %d: annotation %v", page+1, a)
	}
	if text(a["Contents"]) == "" {
		c.errorf("UA 7.18.5", "page %d: link without Contents", page+1)
	}
	if box := a["Rect"].(array); float(box[0]) >= float(box[2]) {
		c.errorf("12.5.2", "page %d: link of no width %v", page+1, box)
	}
	key, _ := a["StructParent"].(int)
	link := c.f.dict(c.parents[key])
	if link["S"] != name("Link") {
		c.errorf("UA 7.18.5", "page %d: link in %v", page+1, link)
	}
	found := false
	for _, k := range kidsOf(link) {
		if d, ok := k.(dict); ok && d["Type"] == name("OBJR") && d["Obj"] == r {
			found = true
		}
	}
	if !found {
		c.errorf("UA 7.18.1", "page %d: element %v does not hold the annotation", page+1, link)
	}
	if dest, ok := a["Dest"].(array); ok && !slices.Contains(c.pages, dest[0].(ref)) {
		c.errorf("12.3.2", "page %d: link to %v, which is no page", page+1, dest)
	}
}

// painting operators must stand in marked content (UA 7.1).
var painting = []op{"S", "B", "B*", "f", "f*", "Tj", "Do"}

func (c *conformity) content(page int, ops []operation, images dict) {
	var font *readFont
	open, mcid, depth, inText := false, -1, 0, false
	for _, o := range ops {
		switch {
		case slices.Contains(painting, o.op) && !open:
			c.errorf("UA 7.1", "page %d: %s outside marked content", page+1, o.op)
		case (o.op == "Tj") && !inText:
			c.errorf("9.4.1", "page %d: text outside a text object", page+1)
		}
		switch o.op {
		case "BDC":
			if open || inText {
				c.errorf("14.6", "page %d: marked content in marked content", page+1)
			}
			open, mcid = true, -1
			if id, ok := o.args[1].(dict)["MCID"]; ok {
				mcid = id.(int)
				c.marks[page][mcid] = ""
				c.marked(page, mcid, o.args[0].(name))
			} else if o.args[0] != name("Artifact") {
				c.errorf("UA 7.1", "page %d: %v is neither tagged nor an artifact", page+1, o.args)
			}
		case "EMC":
			if !open {
				c.errorf("14.6", "page %d: EMC closes nothing", page+1)
			}
			open, mcid = false, -1
		case "BT":
			inText = true
		case "ET":
			inText = false
		case "q":
			depth++
		case "Q":
			depth--
		case "Tf":
			if font = c.fonts[o.args[0].(name)]; font == nil || float(o.args[1]) <= 0 {
				c.errorf("9.3", "page %d: font %v", page+1, o.args)
			}
		case "Do":
			if images[o.args[0].(name)] == nil {
				c.errorf("8.8", "page %d: no image %v", page+1, o.args)
			}
		case "Tj":
			if s := font.decode(c.t, o.args[0].(str)); mcid >= 0 {
				c.marks[page][mcid] += s
			}
		}
	}
	if open || depth != 0 || inText {
		c.errorf("14.6", "page %d ends within marked content, q or BT", page+1)
	}
}

// marked checks that a marked content leads to an element that holds it.
func (c *conformity) marked(page, mcid int, tag name) {
	marks := c.f.array(c.parents[page])
	if mcid >= len(marks) {
		c.errorf("14.7.4.4", "page %d: MCID %d of %d", page+1, mcid, len(marks))
		return
	}
	e := c.f.dict(marks[mcid])
	if e["S"] != tag {
		c.errorf("14.7.4.4", "page %d: MCID %d is a %s in the tree and a %s on the page", page+1, mcid, e["S"], tag)
	}
	for _, k := range kidsOf(e) {
		switch k := k.(type) {
		case int:
			if k == mcid && e["Pg"] == c.pages[page] {
				return
			}
		case dict:
			if k["Type"] == name("MCR") && k["MCID"] == mcid && k["Pg"] == c.pages[page] {
				return
			}
		}
	}
	c.errorf("14.7.4.4", "page %d: %v does not hold MCID %d", page+1, e, mcid)
}

func kidsOf(e dict) array {
	switch k := e["K"].(type) {
	case nil:
		return nil
	case array:
		return k
	default:
		return array{k}
	}
}

// element reads an element and all below it.
func (c *conformity) element(r, parent ref) *tagged {
	d := c.f.dict(r)
	e := &tagged{ref: r, tag: string(d["S"].(name)), dict: d}
	if d["P"] != parent {
		c.errorf("14.7.2", "%s has parent %v, not %v", e.tag, d["P"], parent)
	}
	page := func(v any) int { return slices.Index(c.pages, v.(ref)) }
	own := func(text string) {
		e.text += text
		if n := len(e.pieces); n > 0 && e.pieces[n-1].kid == nil {
			e.pieces[n-1].text += text
			return
		}
		e.pieces = append(e.pieces, piece{text: text})
	}
	for _, k := range kidsOf(d) {
		switch k := k.(type) {
		case int:
			own(c.marks[page(d["Pg"])][k])
		case dict:
			if k["Type"] == name("MCR") {
				own(c.marks[page(k["Pg"])][k["MCID"].(int)])
			}
		case ref:
			kid := c.element(k, r)
			e.kids = append(e.kids, kid)
			e.pieces = append(e.pieces, piece{kid: kid})
		}
	}
	return e
}

// walk visits an element and all below it in reading order.
func (e *tagged) walk(f func(e *tagged, up []*tagged)) { e.visit(f, nil) }

func (e *tagged) visit(f func(*tagged, []*tagged), up []*tagged) {
	f(e, up)
	up = append(up, e)
	for _, k := range e.kids {
		k.visit(f, up)
	}
}

// reading is all the text below e in reading order.
func (e *tagged) reading() string {
	var b strings.Builder
	for _, p := range e.pieces {
		b.WriteString(p.text)
		if p.kid != nil {
			b.WriteString(p.kid.reading())
		}
	}
	return b.String()
}
