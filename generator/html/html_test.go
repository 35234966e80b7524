package html

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
)

func write(t testing.TB, d *document.Document, attached ...generator.Artifact) []byte {
	t.Helper()
	a, err := New().Write(t.Context(), d, "raport", attached)
	if err != nil {
		t.Fatal(err)
	}
	if a.Name != "raport.html" || a.MediaType != "text/html; charset=utf-8" {
		t.Errorf("%s, %s", a.Name, a.MediaType)
	}
	return a.Data
}

func attr(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// said is the text of an element as it is read: what is hidden from everybody is left out.
func said(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		if alt, _ := attr(n, "alt"); n.Data == "img" {
			b.WriteString(alt)
		}
		if n.Data == "style" || n.Data == "script" {
			return
		}
		for k := range n.ChildNodes() {
			walk(k)
		}
	}
	walk(n)
	return b.String()
}

// sound holds a page to what every page must be.
func sound(t *testing.T, page []byte) *html.Node {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	ids, targets, level := map[string]int{}, []string(nil), 0
	counts := map[string]int{}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.Data != "title" || n.Parent.Data == "head" { // pictures have titles, too
			counts[n.Data]++
		}
		for _, a := range n.Attr {
			switch {
			case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
				t.Errorf("<%s> has %s=%q", n.Data, a.Key, a.Val)
			case a.Key == "id":
				ids[a.Val]++
			case a.Key == "href" && strings.HasPrefix(a.Val, "#"):
				targets = append(targets, a.Val[1:])
			case a.Key == "href" && !document.Reachable(a.Val) && !strings.HasPrefix(a.Val, "data:image/svg+xml;base64,") && !strings.HasPrefix(a.Val, "data:image/png;base64,") && !strings.HasPrefix(a.Val, "data:text/csv;base64,"):
				t.Errorf("link to %.60q", a.Val)
			case a.Key == "src" && !strings.HasPrefix(a.Val, "data:image/png;base64,") && !strings.HasPrefix(a.Val, "data:image/jpeg;base64,"):
				t.Errorf("<%s> takes in %.60q", n.Data, a.Val)
			case a.Key == "aria-labelledby" || a.Key == "aria-describedby":
				targets = append(targets, strings.Fields(a.Val)...)
			}
		}
		switch n.Data {
		case "script":
			if kind, _ := attr(n, "type"); kind != "application/ld+json" {
				t.Errorf("script of type %q", kind)
			}
		case "h1", "h2", "h3", "h4", "h5", "h6":
			at, _ := strconv.Atoi(n.Data[1:])
			if at > level+1 {
				t.Errorf("heading %q of level %d follows one of level %d", said(n), at, level)
			}
			level = at
			if strings.TrimSpace(said(n)) == "" {
				t.Error("empty heading")
			}
		case "table":
			if c := n.FirstChild; c == nil || c.Data != "caption" || strings.TrimSpace(said(c)) == "" {
				t.Error("a table has no caption")
			}
			region := n.Parent
			if role, _ := attr(region, "role"); role != "region" {
				t.Error("a table stands in no region that scrolls")
			}
		case "th":
			if _, ok := attr(n, "scope"); !ok {
				t.Errorf("heading %q of a table has no scope", said(n))
			}
		case "svg":
			if hidden, _ := attr(n, "aria-hidden"); hidden == "true" {
				continue
			}
			title, desc := n.FirstChild, n.FirstChild.NextSibling
			if title.Data != "title" || desc.Data != "desc" || said(title) == "" || said(desc) == "" {
				t.Errorf("a picture has no title or description")
			}
		case "img":
			if alt, _ := attr(n, "alt"); alt == "" {
				t.Error("an image has no alt")
			}
		case "figure":
			if n.FirstChild.Data != "figcaption" {
				t.Error("a figure has no caption")
			}
		}
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("id %q stands %d times", id, n)
		}
	}
	for _, id := range targets {
		if ids[id] == 0 {
			t.Errorf("nothing has the id %q", id)
		}
	}
	for _, one := range []string{"h1", "main", "nav", "title", "style", "script"} {
		if counts[one] != 1 {
			t.Errorf("%d <%s>", counts[one], one)
		}
	}
	return root
}

// TestPage holds pages of all kinds of blocks to the rules, and to the same bytes twice.
func TestPage(t *testing.T) {
	for name, d := range map[string]*document.Document{"report": documenttest.Report(), "blocks": documenttest.AllBlocks()} {
		t.Run(name, func(t *testing.T) {
			page := write(t, d)
			root := sound(t, page)
			if !bytes.Equal(page, write(t, d)) {
				t.Error("the same document gives other bytes")
			}
			all := plainSpaces(said(root))
			for place, text := range d.Texts() {
				// Words of the workbook alone, and of pages: running heads, the contents, names in keys.
				if !strings.Contains(all, plainSpaces(text)) && shown(d, text) {
					t.Errorf("%s: %q is not on the page", place, text)
				}
			}
		})
	}
}

func plainSpaces(s string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2060", "").Replace(s)), " ")
}

// shown tells whether a text of a document belongs on a page: sentences, cells and titles do.
func shown(d *document.Document, text string) bool {
	for _, b := range document.All(d.Body) {
		switch b := b.(type) {
		case document.Paragraph:
			if slices.ContainsFunc(b.Content, func(i document.Inline) bool { x, ok := i.(document.Text); return ok && x.Text == text }) {
				return true
			}
		case document.Table:
			if b.Title == text || b.Source == text || slices.Contains(b.Notes, text) || inCells(&b, text) {
				return true
			}
		case document.Figure:
			if b.Title == text || b.Alt == text || b.Source == text || slices.Contains(b.Notes, text) || b.Table != nil && inCells(b.Table, text) {
				return true
			}
		default:
		}
	}
	return false
}

func inCells(t *document.Table, text string) bool {
	for _, r := range t.Rows {
		if r.Group == text {
			return true
		}
		for i := range r.Cells {
			if r.Cells[i].Number != nil && r.Cells[i].Number.Text == text {
				return true
			}
		}
	}
	return false
}

// TestRandomDocuments writes documents of random blocks.
func TestRandomDocuments(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 1))
		d := documenttest.Random(r.IntN)
		if document.Check(d) == nil {
			sound(t, write(t, d))
		}
	}
}

// TestEnclosed saves each picture, as SVG and PNG, and table in the page on wish, and no file without.
func TestEnclosed(t *testing.T) {
	d := documenttest.AllBlocks()
	plain, full := sound(t, write(t, d)), sound(t, write(t, d, generator.NewArtifact("x.csv", "text/csv", nil)))
	count := func(root *html.Node) (n int) {
		for e := range root.Descendants() {
			if name, ok := attr(e, "download"); ok && name != "" {
				n++
			}
		}
		return n
	}
	if count(plain) != 0 || count(full) < 10 {
		t.Errorf("%d files without the wish, %d with", count(plain), count(full))
	}
}

// TestCSV reads a table back.
func TestCSV(t *testing.T) {
	number := func(v string) document.Cell { return document.Cell{Number: &document.Number{Present: true, Text: v}} }
	table := &document.Table{
		Columns: []document.Column{{Head: "Gmina"}, {Head: "Saldo", Sub: "zł"}},
		Rows: []document.Row{
			{Group: "A;B"},
			{Cells: []document.Cell{{Text: document.Plainly(`=1+1 "x"`)}, number("−1\u202f234,5")}},
			{Cells: []document.Cell{{Text: document.Plainly("Lipnica")}, {Number: &document.Number{Text: "#", Sign: "#"}}}},
		},
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(CSV(table), []byte("\uFEFF"))))
	r.Comma, r.FieldsPerRecord = ';', -1
	got, err := r.ReadAll()
	want := [][]string{{"Gmina", "Saldo zł"}, {"A;B"}, {`'=1+1 "x"`, "-1234,5"}, {"Lipnica", "#"}}
	if err != nil || !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("%q: %v", got, err)
	}
}

// FuzzText puts a text wherever a document can hold one: it is read back as the same text, and
// makes no element, no attribute and no link that nobody asked for.
func FuzzText(f *testing.F) {
	for _, s := range []string{
		"Lipnica Górna", "<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "</style><b>", "a&amp;b &#x3c;", "javascript:alert(1)", "]]>", "--><x",
		"\x00\x1b[31m", "\xff\xfe", "„Polska”", "\u202e\u202e", "https://gmina.example/?a=1&b='\"", "p. proc. GUS", "</title></script>", "\ufffd", "\u2028",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		cell := document.Cell{Text: []document.Inline{document.Text{Text: s, Lang: s}, document.Link{Target: s, Text: s + "x", Purpose: s}}}
		d := &document.Document{
			Meta:  document.Meta{Title: s, Language: "pl-PL", Identifier: "x", Tag: s, Foot: s, Author: s, Generator: s, Keywords: []string{s}},
			Cover: document.Cover{Name: s + "x", Kind: s, Fields: []document.Field{{Name: s, Value: s}}},
			Body: []document.Block{document.Section{ID: "a", Title: s + "x", Blocks: []document.Block{
				document.Paragraph{Content: document.Plainly(s)},
				document.Table{ID: "t", Label: s, Title: s + "x", Subtitle: s, Columns: []document.Column{{Head: s, Sub: s, Low: s, High: s}}, RowHeaders: 1, Rows: []document.Row{{Group: s + "x"}, {Cells: []document.Cell{cell}}}, Notes: []string{s}, Source: s},
				document.Definitions{ID: "d", Items: []document.Definition{{Term: s, Name: s, Text: s}}},
				document.KeyFigures{Cards: []document.KeyFigure{{Label: s, Unit: s, Position: s, Details: []string{s}, Number: document.Number{Text: s, Sign: s}}}},
			}}},
			Annex: document.Annex{Signs: []document.Definition{{Term: s, Text: s}}, Indicators: []document.AnnexIndicator{{ID: s, Label: s}}},
		}
		page := write(t, d)
		root, err := html.Parse(bytes.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		known := map[string]bool{}
		for _, name := range strings.Fields("html head meta title script style body a svg defs pattern rect circle div p b header h1 dl dt dd nav ol ul li main section h2 span table caption thead tbody tr th td abbr footer br") {
			known[name] = true
		}
		for n := range root.Descendants() {
			if n.Type == html.CommentNode {
				t.Errorf("a comment: %q", n.Data)
			}
			if n.Type != html.ElementNode {
				continue
			}
			if !known[n.Data] {
				t.Errorf("<%s>", n.Data)
			}
			for _, a := range n.Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
					t.Errorf("%s=%q", a.Key, a.Val)
				}
				if a.Key == "href" && !strings.HasPrefix(a.Val, "#") && !document.Reachable(a.Val) {
					t.Errorf("link to %q", a.Val)
				}
			}
			if n.Data == "script" && !json.Valid([]byte(rawText(n))) {
				t.Errorf("metadata %q", rawText(n))
			}
		}
		if want := string(appendEscaped(nil, s)); !strings.Contains(string(page), want) {
			t.Errorf("%q is not in the page", want)
		}
	})
}

// rawText is what stands in a script.
func rawText(n *html.Node) string {
	if n.FirstChild == nil {
		return ""
	}
	return n.FirstChild.Data
}

// TestPolicy allows the style of a page, its fonts and images, and nothing else.
func TestPolicy(t *testing.T) {
	root := sound(t, write(t, documenttest.Report()))
	var policy, style string
	for n := range root.Descendants() {
		if kind, _ := attr(n, "http-equiv"); kind == "Content-Security-Policy" {
			policy, _ = attr(n, "content")
		}
		if n.Data == "style" && n.Type == html.ElementNode {
			style = n.FirstChild.Data
		}
	}
	if !strings.HasPrefix(policy, "default-src 'none'; style-src '"+hashOf(style)+"'; ") || strings.Contains(policy, "unsafe") {
		t.Errorf("policy %q", policy)
	}
	if strings.Contains(style, "@import") || strings.Contains(strings.ReplaceAll(style, "url(data:font/woff2;base64,", ""), "url(h") {
		t.Error("the style takes something in")
	}
}

func BenchmarkWrite(b *testing.B) {
	d := documenttest.Report()
	for b.Loop() {
		b.ReportMetric(float64(len(write(b, d))), "B/page")
	}
}
