package html

import (
	"strings"

	"github.com/raportjst/raportjst/generator/document"
)

// inlines writes running text.
func (w *writer) inlines(in []document.Inline) {
	for _, i := range in {
		switch i := i.(type) {
		case document.Text:
			w.run(i)
		case document.LineBreak:
			w.raw("<br>")
		case document.Link:
			w.link(i.Target, i.Text, i.Purpose)
		case document.PageRef: // a page has no number here: the title says where it leads
			w.plain(strings.TrimSuffix(strings.TrimSuffix(i.Before, "\u00a0"), pageWord))
			w.link("#"+i.Target, w.titles[i.Target], "")
			w.plain(i.After)
		case document.NoteRef:
			w.raw(`<sup><a href="#`)
			w.plain(i.ID)
			w.raw(`">`)
			w.plain(w.titles[i.ID])
			w.raw("</a></sup>")
		}
	}
}

// pageWord is what stands before the number of a page.
const pageWord = "strona"

func (w *writer) run(t document.Text) {
	end := ""
	if t.Lang != "" {
		w.raw(`<span lang="`)
		w.plain(t.Lang)
		w.raw(`">`)
		end = "</span>"
	}
	switch t.Emphasis {
	case document.Plain:
	case document.Strong:
		w.raw("<b>")
		end = "</b>" + end
	case document.Muted:
		w.raw(`<span class="cicho">`)
		end = "</span>" + end
	}
	w.text(t.Text)
	w.raw(end)
}

// link writes a link to an anchor or to an address that document.Reachable allows; another
// target is no link.
func (w *writer) link(target, text, purpose string) {
	if !strings.HasPrefix(target, "#") && !document.Reachable(target) {
		w.text(text)
		return
	}
	w.raw(`<a href="`)
	w.plain(target)
	w.raw(`"`)
	if purpose != "" && purpose != text {
		w.raw(` aria-label="`)
		if !strings.Contains(purpose, text) { // what is seen is part of what is said (WCAG 2.5.3)
			w.plain(text + " – ")
		}
		w.plain(purpose)
		w.raw(`"`)
	}
	w.raw(">")
	w.plain(text)
	w.raw("</a>")
}
