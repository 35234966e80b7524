package report

import (
	"bufio"
	"bytes"
	"fmt"
	stdhtml "html"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/normal"
)

// unescaped is a text of a Markdown file as it is meant: backslash escapes taken away,
// entities resolved. The library does it on the way to HTML, so that way is gone and the
// escapes of HTML undone.
func unescaped(raw []byte) string {
	if !bytes.ContainsAny(raw, "\\&\x00") {
		return string(raw)
	}
	var out bytes.Buffer
	w := bufio.NewWriter(&out)
	html.DefaultWriter.Write(w, raw)
	w.Flush() //nolint:errcheck // to memory
	// An entity may stand for a character that text is rid of.
	return strings.ReplaceAll(normal.Lines(stdhtml.UnescapeString(out.String())), "\n", " ")
}

// prose collects the inlines of a node; neighbours of one look are one text. Tabs, which are
// kept for the layout of a source, are spaces in it.
type prose struct {
	r   *reader
	out []document.Inline
}

func (r *reader) inlines(n ast.Node) []document.Inline {
	p := prose{r: r}
	p.walk(n, document.Plain)
	for i, x := range p.out {
		if t, ok := x.(document.Text); ok {
			t.Text = locale.Bind(t.Text)
			p.out[i] = t
		}
	}
	return p.out
}

func (p *prose) add(s string, e document.Emphasis) {
	if s == "" {
		return
	}
	s = strings.ReplaceAll(s, "\t", " ")
	if last := len(p.out) - 1; last >= 0 {
		if t, ok := p.out[last].(document.Text); ok && t.Emphasis == e {
			t.Text += s
			p.out[last] = t
			return
		}
	}
	p.out = append(p.out, document.Text{Text: s, Emphasis: e})
}

func (p *prose) walk(n ast.Node, e document.Emphasis) {
	r := p.r
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			p.text(c, e)
		case *ast.String:
			p.add(string(c.Value), e)
		case *ast.Emphasis:
			p.walk(c, document.Strong)
		case *ast.CodeSpan:
			p.add(r.code(c), document.Strong)
		case *ast.Link:
			p.link(c)
		case *ast.AutoLink:
			s := string(c.URL(r.src))
			p.address(c, string(c.Label(r.src)), s)
		case *ast.Image:
			r.fail(c, "obraz w środku tekstu", "umieść go w osobnym akapicie, bez {…} po nim")
		case *ast.RawHTML:
			switch tag := string(c.Segments.Value(r.src)); {
			case lineBreak.MatchString(tag):
				p.out = append(p.out, document.LineBreak{})
			case strings.HasPrefix(tag, "<!--"): // prints nothing
			default:
				r.fail(c, "znaczniki HTML nie są obsługiwane", "zapisz treść w języku Markdown")
			}
		case *east.FootnoteLink:
			p.out = append(p.out, document.NoteRef{ID: fmt.Sprint(r.notes, c.Index)})
		case *east.FootnoteBacklink: // the mark in a note that leads back is a thing of web pages
		case *east.TaskCheckBox:
			r.fail(c, "lista zadań nie jest obsługiwana", "napisz stan słowami, na przykład „zrobione”; zwykły nawias zapisz \\[")
		case *east.Strikethrough:
			r.fail(c, "przekreślenie nie jest obsługiwane", "czytnik ekranu czyta przekreślony tekst jak zwykły: usuń go; tyldę zapisz \\~, a indeks dolny znakiem, na przykład ₂")
		default:
			r.fail(c, fmt.Sprintf("element „%s” nie jest obsługiwany", c.Kind()), "usuń go albo zapisz inaczej")
		}
	}
}

var lineBreak = regexp.MustCompile(`(?i)^<br\s*/?>$`)

// text adds a text. What other tools than CommonMark read as a mark would be printed raw,
// so it is a fault.
func (p *prose) text(c *ast.Text, e document.Emphasis) {
	r := p.r
	raw := c.Value(r.src)
	s := string(raw)
	if !c.IsRaw() {
		s = unescaped(p.filled(c, raw))
		for _, x := range leftOver {
			if m := p.bare(c, x.mark); m != "" {
				r.fail(c, fmt.Sprintf(x.what, m), strings.ReplaceAll(x.hint, "%s", m))
				break
			}
		}
	}
	switch {
	case c.HardLineBreak():
		p.add(strings.TrimRight(s, " "), e)
		p.out = append(p.out, document.LineBreak{})
	case c.SoftLineBreak():
		p.add(s+" ", e)
	default:
		p.add(s, e)
	}
}

// textField is a field of a text; behind a backslash it is none.
var textField = regexp.MustCompile(`\\?\{\pL+\}`)

// filled puts the year, the name of the area and the like into a text. What looks like a field
// and is none would be printed raw.
func (p *prose) filled(n ast.Node, raw []byte) []byte {
	r := p.r
	if r.fields == nil || bytes.IndexByte(raw, '{') < 0 {
		return raw
	}
	return textField.ReplaceAllFunc(raw, func(m []byte) []byte {
		if m[0] == '\\' {
			return m
		}
		value := r.fields.Replace(string(m))
		if value == string(m) {
			r.fail(n, fmt.Sprintf("nie ma pola „%s”", m), "pola tekstu to {rok}, {nazwa}, {jednostka}, {Jednostka}, {jednostki}, {członkowie}, {członków}, {członkach}, {inni}; zwykły nawias zapisz \\{")
		}
		return []byte(value)
	})
}

// bare finds a mark that begins in a text, not behind a backslash, to the end of its line.
func (p *prose) bare(c *ast.Text, mark *regexp.Regexp) string {
	src := p.r.src
	from, to := c.Segment.Start, c.Segment.Stop
	end := len(src)
	if i := bytes.IndexByte(src[to:], '\n'); i >= 0 {
		end = to + i
	}
	for at := from; at < to; {
		m := mark.FindIndex(src[at:end])
		if m == nil || at+m[0] >= to {
			return ""
		}
		if first := at + m[0]; first == 0 || src[first-1] != '\\' {
			return string(src[first : at+m[1]])
		}
		at += m[0] + 1
	}
	return ""
}

// code is the text of a code span: as typed, its line ends are spaces.
func (r *reader) code(c *ast.CodeSpan) string {
	var b strings.Builder
	for t := c.FirstChild(); t != nil; t = t.NextSibling() {
		if t, ok := t.(*ast.Text); ok {
			b.WriteString(strings.ReplaceAll(string(t.Value(r.src)), "\n", " "))
		}
	}
	return b.String()
}

func (p *prose) link(c *ast.Link) {
	r := p.r
	inner := r.inlines(c)
	s := plainText(inner)
	if strings.TrimSpace(s) == "" || len(c.Destination) == 0 {
		r.fail(c, "odsyłacz bez tekstu lub adresu", "zapisz [tekst](adres)")
		return
	}
	for _, i := range inner {
		if _, ok := i.(document.NoteRef); ok {
			r.fail(c, "przypis w tekście odsyłacza", "umieść go za odsyłaczem")
		}
	}
	p.address(c, s, unescaped(p.filled(c, c.Destination)))
}

// address adds a link to a web page, an e-mail address or an anchor of the report.
func (p *prose) address(n ast.Node, s, to string) {
	target := string(util.URLEscape([]byte(to), false))
	if id, inside := strings.CutPrefix(to, "#"); inside && p.r.anchors != nil {
		anchor, ok := p.r.anchors[id]
		if !ok {
			p.r.fail(n, fmt.Sprintf("odsyłacz „%s” nie prowadzi do rozdziału tego szablonu", to), suggest(id, slices.Sorted(maps.Keys(p.r.anchors))))
			return
		}
		target = "#" + anchor
	}
	if auto, ok := n.(*ast.AutoLink); ok && auto.AutoLinkType == ast.AutoLinkEmail {
		target = "mailto:" + target
	}
	if !strings.HasPrefix(target, "#") && !document.Reachable(target) {
		hint := "dozwolone są adresy https://, http:// i mailto:"
		if strings.HasPrefix(to, "www.") {
			hint = "zapisz https://" + to
		} else if strings.Contains(to, "@") && !strings.Contains(to, ":") {
			hint = "zapisz mailto:" + to
		}
		p.r.fail(n, fmt.Sprintf("odsyłacz „%s” nie prowadzi z raportu do strony ani na adres e-mail", to), hint)
		return
	}
	p.out = append(p.out, document.Link{Target: target, Text: locale.Bind(s)})
}

// plainText is running text as one string. A line ends there as a word does.
func plainText(in []document.Inline) string {
	var b strings.Builder
	for _, i := range in {
		switch i := i.(type) {
		case document.Text:
			b.WriteString(i.Text)
		case document.LineBreak:
			b.WriteByte(' ')
		case document.Link:
			b.WriteString(i.Text)
		}
	}
	return b.String()
}
