package html

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/raportjst/raportjst/generator/document"
)

// writer writes elements. Texts and values of attributes pass through text and attribute,
// markup through raw; an error stays until the end.
type writer struct {
	b       []byte
	d       *document.Document
	options Options
	titles  map[string]string                   // of what links lead to, by anchor
	labels  document.Labels                     // of captions that notes name
	known   map[string]*document.AnnexIndicator // by id
	anchors map[string]string                   // of the descriptions of indicators, by id
	said    map[string]bool                     // indicators that the page names
	signs   map[string]string                   // meaning of each sign
	words   [256][]word                         // that lead to their meaning, by the first byte
	spelled map[string]bool                     // anchors of words that this chapter has led to

	defined, explained map[string]bool // anchors of words: that the document defines, that the page has led to
	old                []bool          // columns of the table that is open, of earlier years
	ids                int
	err                error
}

func newWriter(d *document.Document, o Options) *writer {
	w := &writer{
		d: d, options: o, titles: map[string]string{}, labels: document.LabelsOf(d.Body), known: map[string]*document.AnnexIndicator{},
		anchors: map[string]string{}, said: map[string]bool{}, signs: map[string]string{}, spelled: map[string]bool{}, defined: map[string]bool{}, explained: map[string]bool{},
	}
	for _, b := range document.All(d.Body) {
		if anchor, title := document.Title(b); anchor != "" {
			w.titles[anchor] = title
		}
	}
	for i := range d.Annex.Indicators {
		w.known[d.Annex.Indicators[i].ID] = &d.Annex.Indicators[i]
	}
	for _, s := range d.Annex.Signs {
		w.signs[s.Term] = s.Text
	}
	w.learn()
	return w
}

func (w *writer) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

// raw writes markup.
func (w *writer) raw(parts ...string) {
	b := w.b
	for _, s := range parts {
		b = append(b, s...)
	}
	w.b = b
}

// text writes a text; the first time in a chapter that a word of the glossary or a short form
// stands in it, it is a link to what it means: a title alone is reached by no key and no finger.
func (w *writer) text(s string) {
	from := 0
	for i := 0; i < len(s); i++ {
		words := w.words[s[i]]
		if words == nil || i > 0 && letterBefore(s, i) {
			continue
		}
		for _, a := range words {
			end := i + len(a.form)
			if !strings.HasPrefix(s[i:], a.form) || letterAfter(s, end) || w.spelled[a.anchor] {
				continue
			}
			w.plain(s[from:i])
			w.raw(`<a class="slowo" href="#`, a.anchor, `"><abbr title="`)
			w.plain(a.meaning)
			w.raw(`">`)
			w.plain(a.form)
			w.raw("</abbr></a>")
			w.spelled[a.anchor], w.explained[a.anchor] = true, true
			from, i = end, end-1
			break
		}
	}
	w.plain(s[from:])
}

// plain writes a text, or the value of an attribute.
func (w *writer) plain(s string) { w.b = appendEscaped(w.b, s) }

// appendEscaped makes a text safe inside an element and inside a quoted attribute, and leaves
// out the characters that HTML has no place for.
func appendEscaped(b []byte, s string) []byte {
	from := 0
	for i := 0; i < len(s); {
		if ordinary[s[i]] {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:]) // U+FFFD also stands for a byte that is no character
		entity := ""
		switch {
		case r == '&':
			entity = "&amp;"
		case r == '<':
			entity = "&lt;"
		case r == '>':
			entity = "&gt;"
		case r == '"':
			entity = "&quot;"
		case r == '\n', r == '\t':
			entity = " "
		case r < ' ', r >= 0x7F && r <= 0x9F, r >= 0xFDD0 && r <= 0xFDEF, r&0xFFFE == 0xFFFE, r == utf8.RuneError:
			entity = "\uFFFD"
		default:
			i += size
			continue
		}
		b = append(append(b, s[from:i]...), entity...)
		i += size
		from = i
	}
	return append(b, s[from:]...)
}

// ordinary are the bytes that stand for themselves: most of any text.
var ordinary = func() (out [256]bool) {
	for c := byte(' '); c < 0x7F; c++ {
		out[c] = !strings.ContainsRune(`&<>"`, rune(c))
	}
	return out
}()

// id is an id that no anchor of a document has: those never begin with a dot.
func (w *writer) id() string {
	w.ids++
	return "r." + strconv.Itoa(w.ids)
}
