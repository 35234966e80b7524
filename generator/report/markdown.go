package report

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/normal"
	"github.com/raportjst/raportjst/generator/photo"
)

// markdown reads a text of a template's folder (CommonMark with the tables of GitHub and
// footnotes) into blocks. What a report cannot hold – raw HTML, an image without
// description – and what other programs than CommonMark's read as a mark is a
// fault with its line: it is never dropped in silence nor printed raw.
func (b *builder) markdown(c *chapter) ([]document.Block, error) {
	name := path.Join(c.folder, c.Text)
	src, err := fs.ReadFile(c.files, c.Text)
	if err != nil {
		return nil, &fault.Fault{Where: name, What: "nie można odczytać tekstu rozdziału", Hint: "umieść plik w katalogu szablonu", Err: err}
	}
	if src, err = plainUTF8(name, src); err != nil {
		return nil, err
	}
	b.document.Meta.Authored = append(b.document.Meta.Authored, normal.Lines(string(src)))
	r := reader{src: []byte(normal.Lines(string(src))), name: name, files: c.files, fields: b.fields(string(src)), anchors: b.anchors(), label: b.label, prepare: b.l.pictures.Prepare, notes: fmt.Sprintf("przypis-%d-", b.section)}
	return r.read()
}

// reader turns a Markdown tree into blocks.
type reader struct {
	src     []byte
	name    string
	files   fs.FS
	anchors map[string]string // of the sections that a text may link to, by what stands after #; nil: any
	label   func(kind string) string
	prepare func(data []byte) ([]byte, error)
	fields  *strings.Replacer // of titles and texts: {rok}; nil: a text has none
	notes   string            // begins the anchors of footnotes
	faults  []error
}

var parser = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Footnote, extension.Strikethrough, extension.TaskList)).Parser()

func (r *reader) read() ([]document.Block, error) {
	if r.foreign() {
		return nil, errors.Join(r.faults...)
	}
	r.src = pasted(r.src)
	root := parser.Parse(text.NewReader(r.src))
	var nodes []ast.Node
	var notes *east.FootnoteList
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		if list, ok := n.(*east.FootnoteList); ok {
			notes = list
			continue
		}
		nodes = append(nodes, n)
	}
	out := append(r.sections(nodes), r.footnotes(notes)...)
	return out, errors.Join(r.faults...)
}

func (r *reader) fail(n ast.Node, what, hint string) {
	r.failAt(r.line(n), what, hint)
}

func (r *reader) failAt(line int, what, hint string) {
	r.faults = append(r.faults, &fault.Fault{Where: at(r.name, line), What: what, Hint: hint})
}

// line is the line on which a node, or the nearest node with a place, begins.
func (r *reader) line(n ast.Node) int {
	for x := n; x != nil; x = x.Parent() {
		if p := x.Pos(); p >= 0 && p <= len(r.src) && x.Kind() != ast.KindDocument {
			return r.lineAt(p)
		}
		if x.Type() == ast.TypeBlock && x.Lines() != nil && x.Lines().Len() > 0 {
			return r.lineAt(x.Lines().At(0).Start)
		}
	}
	return 0
}

func (r *reader) lineAt(offset int) int { return 1 + bytes.Count(r.src[:offset], []byte("\n")) }

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
		title := r.title(h, "nagłówek")
		if strings.TrimSpace(title) == "" {
			r.fail(h, "nagłówek bez tekstu", "dopisz tytuł albo usuń znaki #")
		} else {
			out = append(out, document.Section{Title: locale.Bind(title), Blocks: r.sections(nodes[i+1 : j])})
		}
		i = j
	}
	return out
}

// title is the text of what cannot hold links and notes: they would be lost.
func (r *reader) title(n ast.Node, what string) string {
	in := r.inlines(n)
	if slices.ContainsFunc(in, func(i document.Inline) bool {
		switch i.(type) {
		case document.Link, document.NoteRef:
			return true
		}
		return false
	}) {
		r.fail(n, what+" zawiera odsyłacz lub przypis", "przenieś go do tekstu")
	}
	return plainText(in)
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
		return r.list(n, 1)
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
		if tableRule.Match(r.lineText(n)) {
			r.fail(n, "tabela w zapisie programu pandoc", tableHint)
		}
		return nil
	case *ast.Heading:
		r.fail(n, "nagłówek wewnątrz innego elementu", "umieść nagłówek poza cytatem i listą")
	case *ast.HTMLBlock:
		if !r.comment(n) {
			r.fail(n, "znaczniki HTML nie są obsługiwane", "zapisz treść w języku Markdown")
		}
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		r.fail(n, "blok kodu nie jest obsługiwany", "usuń wcięcie czterech spacji albo znaki ```")
	case *ast.LinkReferenceDefinition:
		return nil
	default:
		r.fail(n, fmt.Sprintf("element „%s” nie jest obsługiwany", n.Kind()), "usuń go albo zapisz inaczej")
	}
	return nil
}

// comment reports an HTML block that prints nothing; pandoc puts one between two lists.
func (r *reader) comment(n *ast.HTMLBlock) bool {
	s := string(n.Lines().Value(r.src))
	if n.HasClosure() {
		s += string(n.ClosureLine.Value(r.src))
	}
	body, open := strings.CutPrefix(strings.TrimSpace(s), "<!--")
	_, after, closed := strings.Cut(body, "-->")
	return open && closed && after == ""
}

var (
	// tableRule is the rule of a table as pandoc writes it by default: several lines of dashes.
	tableRule = regexp.MustCompile(`^\s*-{2,}( +-{2,})+\s*$`)
	// gridRule is the rule of a table with a frame.
	gridRule = regexp.MustCompile(`^\s*\+[-=:]+(\+[-=:]+)*\+\s*$`)
	// delimiter is the second line of a table.
	delimiter = regexp.MustCompile(`^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$`)
)

const tableHint = "zapisz ją z kreskami pionowymi: | a | b |, pod nagłówkiem |---|---:|; pandoc robi to z opcją -t gfm"

// lineText is the whole line on which a node begins.
func (r *reader) lineText(n ast.Node) []byte {
	return bytes.Split(r.src, []byte("\n"))[max(r.line(n), 1)-1]
}

// strange refuses lines of a paragraph that are meant as something else: a table that is none,
// a command to another program.
func (r *reader) strange(n ast.Node) {
	barred := -1
	r.merging(n)
	for i := range n.Lines().Len() {
		l := n.Lines().At(i)
		switch line := l.Value(r.src); {
		case fenced.Match(line), command.Match(line):
			r.failAt(r.lineAt(l.Start), fmt.Sprintf("„%s” jest poleceniem innego programu i zostałoby wydrukowane", bytes.TrimSpace(line)), "usuń ten wiersz")
		case gridRule.Match(line):
			r.failAt(r.lineAt(l.Start), "tabela w zapisie programu pandoc", tableHint)
			return
		case i > 0 && bytes.ContainsRune(line, '|') && delimiter.Match(line):
			r.failAt(r.lineAt(l.Start), "tabela ma inną liczbę kolumn w nagłówku niż w wierszu kresek", "wyrównaj liczbę znaków „|” w obu wierszach")
			return
		case barred < 0 && bytes.HasPrefix(bytes.TrimSpace(line), []byte("|")):
			barred = l.Start
		}
	}
	if barred >= 0 {
		r.failAt(r.lineAt(barred), "wiersz zaczyna się od „|”, a nie należy do tabeli", "pod nagłówkiem tabeli wstaw wiersz |---|---|, z tyloma kolumnami, ile ma nagłówek; zwykłą kreskę zapisz \\|")
	}
}

func (r *reader) paragraph(n ast.Node) []document.Block {
	r.strange(n)
	in := r.inlines(n)
	_, captioned := n.NextSibling().(*east.Table)
	if s := plainText(in); strings.TrimSpace(s) == "" || captioned && strings.HasPrefix(s, captionOf) {
		return nil
	}
	return []document.Block{document.Paragraph{Content: in}}
}

// flowing is the paragraphs of a node as one text, each on lines of its own. Lists, which
// stand behind them, go to list; nil refuses them.
func (r *reader) flowing(n ast.Node, what, hint string, list func(*ast.List)) []document.Inline {
	var in []document.Inline
	listed := false
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if l, ok := c.(*ast.List); ok && list != nil {
			listed = true
			list(l)
			continue
		}
		switch c.(type) {
		case *ast.TextBlock, *ast.Paragraph:
			if listed {
				r.fail(c, "tekst pod listą zagnieżdżoną", "przenieś go przed nią albo zrób z niego następną pozycję")
			}
			if len(in) > 0 {
				in = append(in, document.LineBreak{})
			}
			in = append(in, r.inlines(c)...)
		case *east.FootnoteBacklink:
		default:
			r.fail(c, what, hint)
		}
	}
	return in
}

// defined finds the definitions of footnotes.
var defined = regexp.MustCompile(`(?m)^ {0,3}\[\^([^\]\r\n]+)\]:`)

// footnotes are the notes of the text, in order of their marks. One that no mark leads to
// would be lost.
func (r *reader) footnotes(list *east.FootnoteList) []document.Block {
	var out []document.Block
	used := map[string]bool{}
	if list != nil {
		for n := list.FirstChild(); n != nil; n = n.NextSibling() {
			note := n.(*east.Footnote)
			used[string(note.Ref)] = true
			in := r.flowing(note, "przypis może zawierać tylko tekst", "zapisz go w jednym akapicie", nil)
			if strings.TrimSpace(plainText(in)) == "" {
				r.fail(note, fmt.Sprintf("przypis [^%s] bez treści", note.Ref), "dopisz treść albo usuń przypis")
				continue
			}
			out = append(out, document.Note{ID: fmt.Sprint(r.notes, note.Index), Label: fmt.Sprint(note.Index), Content: in})
		}
	}
	for _, m := range defined.FindAllSubmatchIndex(r.src, -1) {
		if ref := string(r.src[m[2]:m[3]]); !used[ref] {
			r.failAt(r.lineAt(m[2]), fmt.Sprintf("do przypisu [^%s] nie prowadzi żaden odnośnik", ref), fmt.Sprintf("wstaw [^%s] w tekście albo usuń przypis", ref))
		}
	}
	return out
}

// image reads a picture of the template's folder: ![opis](plik.png "tytuł").
func (r *reader) image(n *ast.Image) []document.Block {
	alt := strings.TrimSpace(plainText(r.inlines(n)))
	name := path.Clean(unescaped(n.Destination))
	switch {
	case alt == "":
		r.fail(n, fmt.Sprintf("obraz „%s” nie ma opisu dla osób niewidomych", name), "zapisz ![opis](plik)")
		return nil
	case strings.Contains(string(n.Destination), "://") || !fs.ValidPath(name):
		r.fail(n, fmt.Sprintf("obraz „%s” nie leży w katalogu szablonu", n.Destination), "skopiuj go do katalogu szablonu")
		return nil
	}
	data, err := fs.ReadFile(r.files, name)
	if plain, bad := url.PathUnescape(name); errors.Is(err, fs.ErrNotExist) && bad == nil && fs.ValidPath(plain) { // editors write %20 for a space
		data, err = fs.ReadFile(r.files, plain)
	}
	if err != nil {
		r.fail(n, fmt.Sprintf("brak pliku obrazu „%s”", name), "umieść go w katalogu szablonu")
		return nil
	}
	if data, err = r.prepare(data); err != nil {
		r.fail(n, fmt.Sprintf("obraz „%s”: %v", name, err), photo.Hint)
		return nil
	}
	title := normal.Line(unescaped(n.Title))
	if strings.TrimSpace(title) == "" {
		title = alt
	}
	label := r.label("Rysunek")
	return []document.Block{document.Figure{
		ID: anchor(label), Label: label, Title: locale.Bind(title), Alt: locale.Bind(alt), Content: document.Image{Data: data, Alt: locale.Bind(alt)},
	}}
}
