package report

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
)

// markdown reads a text of a template's folder (CommonMark with tables) into blocks. What
// a report cannot hold – raw HTML, an image without description, nested lists – is a
// fault with its line, never dropped in silence.
func (b *builder) markdown(files fs.FS, name string) ([]document.Block, error) {
	src, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, &fault.Fault{Where: name, What: "nie można odczytać tekstu rozdziału", Hint: "umieść plik w katalogu szablonu", Err: err}
	}
	r := reader{src: src, name: name, files: files, label: b.label}
	return r.read()
}

// reader turns a Markdown tree into blocks.
type reader struct {
	src    []byte
	name   string
	files  fs.FS
	label  func(kind string) string
	faults []error
}

var parser = goldmark.New(goldmark.WithExtensions(extension.Table)).Parser()

func (r *reader) read() ([]document.Block, error) {
	root := parser.Parse(text.NewReader(r.src))
	var nodes []ast.Node
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		nodes = append(nodes, n)
	}
	out := r.sections(nodes)
	return out, errors.Join(r.faults...)
}

func (r *reader) fail(n ast.Node, what, hint string) {
	r.faults = append(r.faults, &fault.Fault{Where: at(r.name, r.line(n)), What: what, Hint: hint})
}

// line is the line on which a node, or the nearest node with a place, begins.
func (r *reader) line(n ast.Node) int {
	for x := n; x != nil; x = x.Parent() {
		if x.Type() == ast.TypeBlock && x.Lines() != nil && x.Lines().Len() > 0 {
			return 1 + bytes.Count(r.src[:x.Lines().At(0).Start], []byte("\n"))
		}
		if t, ok := x.(*ast.Text); ok {
			return 1 + bytes.Count(r.src[:t.Segment.Start], []byte("\n"))
		}
	}
	return 0
}

// sections nests what follows a heading under it; the level of a heading follows from its
// depth, whatever the number of its hashes, so that none is skipped.
func (r *reader) sections(nodes []ast.Node) []document.Block {
	var out []document.Block
	for i := 0; i < len(nodes); {
		h, ok := nodes[i].(*ast.Heading)
		if !ok {
			out = append(out, r.block(nodes[i])...)
			i++
			continue
		}
		j := i + 1
		for j < len(nodes) {
			if k, ok := nodes[j].(*ast.Heading); ok && k.Level <= h.Level {
				break
			}
			j++
		}
		title := plainText(r.inlines(h))
		if strings.TrimSpace(title) == "" {
			r.fail(h, "nagłówek bez tekstu", "dopisz tytuł albo usuń znaki #")
		} else {
			out = append(out, document.Section{Title: locale.Bind(title), Blocks: r.sections(nodes[i+1 : j])})
		}
		i = j
	}
	return out
}

func (r *reader) block(n ast.Node) []document.Block {
	switch n := n.(type) {
	case *ast.Paragraph:
		if img, ok := n.FirstChild().(*ast.Image); ok && n.ChildCount() == 1 {
			return r.image(img)
		}
		return r.paragraph(n)
	case *ast.TextBlock:
		return r.paragraph(n)
	case *ast.List:
		return r.list(n)
	case *east.Table:
		return r.table(n)
	case *ast.Blockquote:
		var inner []document.Block
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			inner = append(inner, r.block(c)...)
		}
		if len(inner) == 0 {
			return nil
		}
		return []document.Block{document.NoteBox{Blocks: inner}}
	case *ast.ThematicBreak:
		return nil
	case *ast.Heading:
		r.fail(n, "nagłówek wewnątrz innego elementu", "umieść nagłówek poza cytatem i listą")
	case *ast.HTMLBlock:
		r.fail(n, "znaczniki HTML nie są obsługiwane", "zapisz treść w języku Markdown")
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		r.fail(n, "blok kodu nie jest obsługiwany", "usuń wcięcie czterech spacji albo znaki ```")
	case *ast.LinkReferenceDefinition:
		return nil
	default:
		r.fail(n, fmt.Sprintf("element „%s” nie jest obsługiwany", n.Kind()), "usuń go albo zapisz inaczej")
	}
	return nil
}

func (r *reader) paragraph(n ast.Node) []document.Block {
	in := r.inlines(n)
	_, captioned := n.NextSibling().(*east.Table)
	if s := plainText(in); strings.TrimSpace(s) == "" || captioned && strings.HasPrefix(s, captionOf) {
		return nil
	}
	return []document.Block{document.Paragraph{Content: in}}
}

func (r *reader) list(n *ast.List) []document.Block {
	out := document.List{Ordered: n.IsOrdered()}
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		var in []document.Inline
		for c := item.FirstChild(); c != nil; c = c.NextSibling() {
			switch c.(type) {
			case *ast.TextBlock, *ast.Paragraph:
				if len(in) > 0 {
					in = append(in, document.Text{Text: " "})
				}
				in = append(in, r.inlines(c)...)
			default:
				r.fail(c, "lista może zawierać tylko tekst", "zapisz listę bez zagnieżdżeń")
			}
		}
		if strings.TrimSpace(plainText(in)) == "" {
			r.fail(item, "pusta pozycja listy", "dopisz treść albo usuń pozycję")
			continue
		}
		out.Items = append(out.Items, in)
	}
	if len(out.Items) == 0 {
		return nil
	}
	return []document.Block{out}
}

// captionOf begins the paragraph that is the caption of the table after it.
const captionOf = "Tabela: "

// table reads a table; its caption is the paragraph "Tabela: tytuł" right before it.
func (r *reader) table(n *east.Table) []document.Block {
	label := r.label("Tabela")
	t := document.Table{ID: anchor(label), Label: label, Title: "Zestawienie", RowHeaders: 1, Source: "Źródło: dane własne."}
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		_, head := row.(*east.TableHeader)
		var cells []document.Cell
		for c := row.FirstChild(); c != nil; c = c.NextSibling() {
			in := r.inlines(c)
			s := strings.TrimSpace(plainText(in))
			if head {
				if s == "" {
					r.fail(n, "kolumna tabeli bez nagłówka", "nadaj nagłówek każdej kolumnie")
				}
				kind := document.TextColumn
				if cell, ok := c.(*east.TableCell); ok && cell.Alignment == east.AlignRight {
					kind = document.NumberColumn
				}
				t.Columns = append(t.Columns, document.Column{Head: locale.Bind(s), Kind: kind})
				continue
			}
			if s == "" {
				in = document.Plainly(locale.Dash)
			}
			cells = append(cells, document.Cell{Text: in})
		}
		if !head {
			t.Rows = append(t.Rows, document.Row{Cells: cells})
		}
	}
	if p, ok := n.PreviousSibling().(*ast.Paragraph); ok {
		if s, ok := strings.CutPrefix(plainText((&reader{src: r.src}).inlines(p)), captionOf); ok {
			t.Title = locale.Bind(s)
		}
	}
	return []document.Block{t}
}

// image reads a picture of the template's folder: ![opis](plik.png "tytuł").
func (r *reader) image(n *ast.Image) []document.Block {
	alt := strings.TrimSpace(plainText(r.inlines(n)))
	name := path.Clean(string(n.Destination))
	switch {
	case alt == "":
		r.fail(n, fmt.Sprintf("obraz „%s” nie ma opisu dla osób niewidomych", name), "zapisz ![opis](plik)")
		return nil
	case strings.Contains(string(n.Destination), "://") || !fs.ValidPath(name):
		r.fail(n, fmt.Sprintf("obraz „%s” nie leży w katalogu szablonu", n.Destination), "skopiuj go do katalogu szablonu")
		return nil
	}
	data, err := fs.ReadFile(r.files, name)
	if err != nil {
		r.fail(n, fmt.Sprintf("brak pliku obrazu „%s”", name), "umieść go w katalogu szablonu")
		return nil
	}
	title := string(n.Title)
	if title == "" {
		title = alt
	}
	label := r.label("Rysunek")
	return []document.Block{document.Figure{
		ID: anchor(label), Label: label, Title: locale.Bind(title), Alt: locale.Bind(alt), Content: document.Image{Data: data, Alt: locale.Bind(alt)},
	}}
}

func (r *reader) inlines(n ast.Node) []document.Inline {
	var out []document.Inline
	add := func(s string, e document.Emphasis) {
		if last := len(out) - 1; last >= 0 {
			if t, ok := out[last].(document.Text); ok && t.Emphasis == e {
				t.Text += s
				out[last] = t
				return
			}
		}
		out = append(out, document.Text{Text: s, Emphasis: e})
	}
	var walk func(n ast.Node, e document.Emphasis)
	walk = func(n ast.Node, e document.Emphasis) {
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			switch c := c.(type) {
			case *ast.Text:
				s := string(c.Value(r.src))
				if c.SoftLineBreak() || c.HardLineBreak() {
					s += " "
				}
				add(s, e)
			case *ast.String:
				add(string(c.Value), e)
			case *ast.Emphasis, *ast.CodeSpan:
				walk(c, document.Strong)
			case *ast.Link:
				s := plainText(r.inlines(c))
				if strings.TrimSpace(s) == "" || len(c.Destination) == 0 {
					r.fail(c, "odsyłacz bez tekstu lub adresu", "zapisz [tekst](adres)")
					continue
				}
				out = append(out, document.Link{Target: string(c.Destination), Text: locale.Bind(s)})
			case *ast.AutoLink:
				s := string(c.URL(r.src))
				out = append(out, document.Link{Target: s, Text: s})
			case *ast.Image:
				r.fail(c, "obraz w środku tekstu", "umieść go w osobnym akapicie")
			case *ast.RawHTML:
				r.fail(c, "znaczniki HTML nie są obsługiwane", "zapisz treść w języku Markdown")
			default:
				r.fail(c, fmt.Sprintf("element „%s” nie jest obsługiwany", c.Kind()), "usuń go albo zapisz inaczej")
			}
		}
	}
	walk(n, document.Plain)
	for i, x := range out {
		if t, ok := x.(document.Text); ok {
			t.Text = locale.Bind(t.Text)
			out[i] = t
		}
	}
	return out
}

func plainText(in []document.Inline) string {
	var b strings.Builder
	for _, i := range in {
		switch i := i.(type) {
		case document.Text:
			b.WriteString(i.Text)
		case document.Link:
			b.WriteString(i.Text)
		}
	}
	return b.String()
}
