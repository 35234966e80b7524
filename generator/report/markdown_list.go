package report

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
)

// list reads a list that is so many deep in others; nothing where it is empty.
func (r *reader) list(n *ast.List, depth int) []document.Block {
	if depth > document.MaxListDepth {
		r.fail(n, fmt.Sprintf("lista zagnieżdżona głębiej niż na %d poziomy", document.MaxListDepth), "uprość układ: przenieś najgłębsze pozycje poziom wyżej")
		return nil
	}
	out := document.List{Ordered: n.IsOrdered()}
	if out.Ordered && n.Start != 1 {
		if n.Start == 0 {
			r.fail(n, "lista numerowana od zera", "zacznij ją od 1")
		}
		out.Start = n.Start
	}
	next := n.Start
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		if out.Ordered {
			r.numbered(item, next, n.Marker)
			next++
		}
		var under []document.List
		in := r.flowing(item, "lista może zawierać tylko tekst i listy", "umieść ten element poza listą", func(l *ast.List) {
			for _, b := range r.list(l, depth+1) {
				under = append(under, b.(document.List))
			}
		})
		if strings.TrimSpace(plainText(in)) == "" {
			r.fail(item, "pusta pozycja listy", "dopisz treść albo usuń pozycję")
			continue
		}
		out.Items = append(out.Items, document.ListItem{Text: in, Under: under})
	}
	switch {
	case len(out.Items) == 0:
		return nil
	case depth == 1 && n.ChildCount() == 1 && out.Ordered && len(out.Items[0].Under) == 0 && numberedText(n.Start, plainText(out.Items[0].Text)):
		p := prose{out: out.Items[0].Text}
		p.out = slices.Insert(p.out, 0, document.Inline(document.Text{Text: locale.Bind(fmt.Sprintf("%d%c%s", n.Start, n.Marker, locale.NBSP))}))
		if t, ok := p.out[1].(document.Text); ok && t.Emphasis == document.Plain { // one text, as it was typed
			t.Text = p.out[0].(document.Text).Text + t.Text
			p.out = p.out[1:]
			p.out[0] = t
		}
		return []document.Block{document.Paragraph{Content: p.out}}
	}
	return []document.Block{out}
}

// numberedText reports whether what CommonMark takes for a list of one item is a date or a sentence
// that begins with a number: „1. stycznia otwarto szkołę”, „2023. Był to rok”.
func numberedText(number int, text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	word, _, _ := strings.Cut(strings.ReplaceAll(text, locale.NBSP, " "), " ")
	return number >= 100 || unicode.IsLower(first) || locale.IsMonth(strings.Trim(word, ".,;"))
}

// marker is the number of an item, before its text.
var marker = regexp.MustCompile(`(\d{1,9})[.)][ \t]*(\n[ \t>]*)?$`)

// numbered refuses an item whose number is not the one that would be printed: CommonMark
// numbers a list by its first item alone, so dates and places would become other ones.
func (r *reader) numbered(item ast.Node, want int, delimiter byte) {
	text := item.FirstChild()
	if text == nil || text.Type() != ast.TypeBlock || text.Lines() == nil || text.Lines().Len() == 0 {
		return
	}
	start := text.Lines().At(0).Start
	m := marker.FindSubmatchIndex(r.src[:start])
	if m == nil {
		return
	}
	have, err := strconv.Atoi(string(r.src[m[2]:m[3]]))
	if err != nil || have == want {
		return
	}
	word, _, _ := bytes.Cut(text.Lines().Value(r.src), []byte(" "))
	r.failAt(r.lineAt(m[2]), fmt.Sprintf("numer „%d%c” zostałby wydrukowany jako „%d.”, bo pozycje listy numeruje się kolejno od pierwszej", have, delimiter, want),
		fmt.Sprintf(`popraw numery listy albo, gdy to data lub zdanie, wstaw po liczbie odwrotny ukośnik: „%d\%c %s …”, tak samo w pozostałych`, have, delimiter, bytes.TrimSpace(word)))
}

// bullet begins an item of a list as Word puts it on the clipboard. A lone letter, a paragraph
// sign or a dash is one only before a tab.
var bullet = regexp.MustCompile(`^([ \t]*)(?:([•·∙▪■◦○●‣➢])[ \t]+|([o§–—])\t[ \t]*)(\S)`)

// pasted makes lists that were pasted from Word lists of Markdown, which would take their lines
// for one paragraph: every sign that comes anew is a level deeper. The lines stay.
func pasted(src []byte) []byte {
	lines := bytes.Split(src, []byte("\n"))
	var signs []string
	for i, line := range lines {
		m := bullet.FindSubmatchIndex(line)
		if m == nil {
			signs = nil
			continue
		}
		sign := string(bullet.ReplaceAll(line[:m[1]], []byte("$2$3")))
		if at := slices.Index(signs, sign); at >= 0 {
			signs = signs[:at+1]
		} else {
			signs = append(signs, sign)
		}
		indent := strings.ReplaceAll(string(line[m[2]:m[3]]), "\t", "") + strings.Repeat("  ", len(signs)-1)
		lines[i] = append([]byte(indent+"- "), line[m[8]:]...)
	}
	return bytes.Join(lines, []byte("\n"))
}

var (
	// itemLike is what begins the items of a list in Polish texts that is none of Markdown.
	itemLike = []*regexp.Regexp{
		regexp.MustCompile(`^\s*([–—−])\s`),
		regexp.MustCompile(`^\s*(\pL\))\s`),
		regexp.MustCompile(`^\s*(\d+[.)])\s`),
		regexp.MustCompile(`^\s*([IVX]+\.)\s`),
		regexp.MustCompile(`^\s*(§)\s`),
	}
	columns = regexp.MustCompile(`\S[ ]*\t[ \t]*\S`)
)

// merging refuses a paragraph whose lines are items or rows: Markdown would make one line of
// them.
func (r *reader) merging(n ast.Node) {
	tabbed := 0
	var kind *regexp.Regexp
	before := []byte(":")
	for i := range n.Lines().Len() {
		l := n.Lines().At(i)
		line := l.Value(r.src)
		if columns.Match(line) {
			if tabbed++; tabbed == 2 {
				r.failAt(r.lineAt(l.Start), "wiersze z tabulatorami zlałyby się w jeden; wygląda to na tabelę wklejoną z innego programu", tableHint)
				return
			}
		}
		opens := bytes.HasSuffix(before, []byte(":"))
		before = bytes.TrimSpace(line)
		if kind == nil {
			if at := slices.IndexFunc(itemLike, func(x *regexp.Regexp) bool { return x.Match(line) }); opens && at >= 0 {
				kind = itemLike[at]
			}
		} else if !kind.Match(line) {
			continue
		}
		if kind != nil && i > 0 {
			mark := kind.FindSubmatch(line)[1]
			r.failAt(r.lineAt(l.Start), fmt.Sprintf("wiersz zaczyna się od „%s”, a zlałby się z poprzednim w jeden", mark),
				"zacznij każdą pozycję wyliczenia od „- ” albo oddziel je pustymi wierszami")
			return
		}
	}
}
