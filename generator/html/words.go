package html

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
)

// word is a form of a word that leads to its meaning.
type word struct{ form, meaning, anchor string }

// abbreviations are short forms that every report may hold, and what they stand for.
var abbreviations = []document.Definition{
	{Term: "BDL", Text: "Bank Danych Lokalnych"},
	{Term: "GUS", Text: "Główny Urząd Statystyczny"},
	{Term: "JST", Text: "jednostka samorządu terytorialnego"},
	{Term: "p.\u00a0proc.", Text: "punkt procentowy: różnica dwóch wartości podanych w procentach"},
	{Term: "SMUP", Text: "System Monitorowania Usług Publicznych"},
	{Term: "TERYT", Text: "Krajowy Rejestr Urzędowy Podziału Terytorialnego Kraju"},
}

// learn takes the words that the glossary of the document explains, then the short forms that
// it does not.
func (w *writer) learn() {
	for _, b := range document.All(w.d.Body) {
		list, ok := b.(document.Definitions)
		if !ok {
			continue
		}
		for _, d := range list.Items {
			for _, form := range d.Forms {
				w.know(form, sentence(d.Text), wordAnchor(d.Term))
				w.defined[wordAnchor(d.Term)] = true
			}
		}
	}
	for _, a := range abbreviations {
		if !w.defined[wordAnchor(a.Term)] {
			w.know(a.Term, a.Text, wordAnchor(a.Term))
		}
	}
}

// know takes a bound form as it stands within a sentence, bound and not, and at its beginning.
func (w *writer) know(form, meaning, anchor string) {
	forms := []string{form, strings.ReplaceAll(form, "\u00a0", " ")}
	for _, f := range forms {
		forms = append(forms, locale.Upper(f))
	}
	for i, f := range forms {
		if f != "" && !slices.Contains(forms[:i], f) {
			w.words[f[0]] = append(w.words[f[0]], word{f, meaning, anchor})
		}
	}
}

// sentence is the first one of a meaning, which is as long as a title should be; the whole stands
// where the word leads to.
func sentence(s string) string {
	if i := strings.Index(s, ". "); i > 0 {
		return s[:i+1]
	}
	return s
}

func wordAnchor(term string) string { return "r.slowo-" + locale.Slug(term) }

// letterBefore tells whether a letter or digit ends before a place.
func letterBefore(s string, i int) bool {
	if i > 0 && s[i-1] < utf8.RuneSelf {
		c := s[i-1] | 0x20
		return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' && s[i-1] == c
	}
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// letterAfter tells whether a letter or digit begins at a place.
func letterAfter(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// shortForms is the chapter of the short forms that the page has led to.
func (w *writer) shortForms() (Section, bool) {
	const anchor, title = "r.skroty", "Skróty"
	begun := false
	for _, a := range abbreviations {
		at := wordAnchor(a.Term)
		if !w.explained[at] || w.defined[at] {
			continue
		}
		if !begun {
			w.raw(`<section id="`, anchor, `"><h2>`, title, `</h2><dl class="objasnienia">`)
			begun = true
		}
		w.raw(`<div id="`, at, `"><dt>`)
		w.plain(a.Term)
		w.raw("</dt><dd>")
		w.plain(a.Text)
		w.raw("</dd></div>")
	}
	if begun {
		w.raw("</dl></section>\n")
	}
	return Section{Anchor: anchor, Title: title}, begun
}
