package document

import (
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// Reachable reports whether a link leads somewhere from a report that came by mail: to a
// web page or an e-mail address. A relative address leads nowhere from there, and any other
// scheme (javascript, file, data, …) may do what the reader did not ask for.
func Reachable(target string) bool {
	if strings.ContainsFunc(target, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }) {
		return false
	}
	u, err := url.Parse(target)
	if err != nil {
		return false
	}
	switch u.Scheme { // in lower case
	case "http", "https":
		return u.Hostname() != ""
	case "mailto":
		to, err := url.PathUnescape(u.Opaque)
		if err != nil {
			return false
		}
		_, err = mail.ParseAddressList(to)
		return err == nil
	}
	return false
}

// Labels leads from what captions are called to their anchors: "tabela 4.3".
type Labels map[string]string

// LabelsOf finds the captions of tables and figures.
func LabelsOf(body []Block) Labels {
	out := Labels{}
	for _, b := range All(body) {
		id, label := "", ""
		switch b := b.(type) {
		case Table:
			id, label = b.ID, b.Label
		case Figure:
			id, label = b.ID, b.Label
		case Columns, Contents, Definitions, Findings, KeyFigures, List, Note, NoteBox, Paragraph, Section, SideFacts:
		}
		if id != "" && label != "" {
			out[strings.ToLower(label)] = id
		}
	}
	return out
}

// captioned are the words that a reference to a caption begins with.
var captioned = regexp.MustCompile(`\b(?:[Tt]abela|[Ww]ykres|[Mm]apa)[ \x{a0}]\d+(?:\.\d+)*`)

// Led is a text in which what names a caption leads to it.
func (l Labels) Led(s string) []Inline {
	if !strings.Contains(s, "abela") && !strings.Contains(s, "ykres") && !strings.Contains(s, "apa") { // as most
		return Plainly(s)
	}
	var out []Inline
	from := 0
	for _, at := range captioned.FindAllStringIndex(s, -1) {
		id := l[strings.ToLower(s[at[0]:at[1]])]
		if id == "" {
			continue
		}
		out = append(out, Plainly(s[from:at[0]])...)
		out = append(out, Link{Target: "#" + id, Text: s[at[0]:at[1]]})
		from = at[1]
	}
	return append(out, Plainly(s[from:])...)
}
