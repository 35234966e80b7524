package docx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/ooxml"
)

// Reference is a text document that gives a report its styles, its page and its letterhead:
// headers and footers. Nothing of its text is taken. It is immutable.
type Reference struct {
	styles    map[string]string // ids by the names of styles, in lower case
	sheet     []byte            // word/styles.xml
	numbering []byte            // word/numbering.xml, or none
	theme     []byte
	page      ooxml.TextPage
	heads     []letterhead
	first     bool // the first page has a letterhead of its own
	evenOdd   bool // pages on the left have one
	parts     map[string][]byte
	types     map[string]string // content types by extension
}

// letterhead is a header or footer.
type letterhead struct{ kind, pages, part string } // "header", "default", "word/header1.xml"

const largest = 1 << 25 // bytes of a part of a reference

// ReadReference reads a text document (DOCX).
func ReadReference(data []byte) (*Reference, error) {
	r := &Reference{styles: map[string]string{}, parts: map[string][]byte{}, types: map[string]string{}}
	if err := r.read(data); err != nil {
		return nil, &fault.Fault{Where: "dokument wzorcowy", What: "nie można go odczytać: " + err.Error(), Hint: "podaj dokument Word zapisany jako .docx, bez hasła", Err: err}
	}
	return r, nil
}

func (r *Reference) read(data []byte) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return errors.New("to nie jest plik .docx")
	}
	all := map[string][]byte{}
	for _, f := range z.File {
		if f.UncompressedSize64 > largest {
			return fmt.Errorf("część %s jest za duża", f.Name)
		}
		p, err := f.Open()
		if err != nil {
			return err
		}
		if all[f.Name], err = io.ReadAll(io.LimitReader(p, largest)); err != nil {
			return err
		}
	}
	if all["word/document.xml"] == nil || all["word/styles.xml"] == nil {
		return errors.New("nie ma w nim tekstu albo stylów")
	}
	r.sheet, r.numbering, r.theme = all["word/styles.xml"], all["word/numbering.xml"], all["word/theme/theme1.xml"]
	id := ""
	if err := walk(r.sheet, func(e xml.StartElement) {
		switch e.Name.Local {
		case "style":
			id = value(e, "styleId")
		case "name":
			r.styles[strings.ToLower(value(e, "val"))] = id
		}
	}); err != nil {
		return err
	}
	if err := walk(all["[Content_Types].xml"], func(e xml.StartElement) {
		if e.Name.Local == "Default" {
			r.types[strings.ToLower(value(e, "Extension"))] = value(e, "ContentType")
		}
	}); err != nil {
		return err
	}
	r.evenOdd = bytes.Contains(all["word/settings.xml"], []byte("<w:evenAndOddHeaders"))
	return r.section(all)
}

// section reads the last section of the body: page, headers and footers with what they show.
func (r *Reference) section(all map[string][]byte) error {
	targets, err := relations(all["word/_rels/document.xml.rels"])
	if err != nil {
		return err
	}
	r.page = page
	points := func(e xml.StartElement, name string, usual float64) float64 {
		v, err := strconv.ParseFloat(value(e, name), 64)
		if err != nil || v < 0 {
			return usual
		}
		return v / 20
	}
	if err := walk(all["word/document.xml"], func(e xml.StartElement) {
		switch e.Name.Local {
		case "sectPr":
			r.heads, r.first = nil, false
		case "titlePg":
			r.first = true
		case "headerReference", "footerReference":
			if t := targets[value(e, "id")]; all[path.Join("word", t)] != nil {
				r.heads = append(r.heads, letterhead{strings.TrimSuffix(e.Name.Local, "Reference"), value(e, "type"), path.Join("word", t)})
			}
		case "pgSz":
			r.page.Width, r.page.Height = points(e, "w", page.Width), points(e, "h", page.Height)
		case "pgMar":
			p := &r.page
			p.Top, p.Right, p.Bottom, p.Left = points(e, "top", page.Top), points(e, "right", page.Right), points(e, "bottom", page.Bottom), points(e, "left", page.Left)
			p.Header, p.Footer = points(e, "header", page.Header), points(e, "footer", page.Footer)
		}
	}); err != nil {
		return err
	}
	if r.page.Width-r.page.Left-r.page.Right < 300 {
		return errors.New("między marginesami jest mniej niż 106 mm, za mało na tabele")
	}
	for _, h := range r.heads {
		r.parts[h.part] = all[h.part]
		rels := path.Join(path.Dir(h.part), "_rels", path.Base(h.part)+".rels")
		if all[rels] == nil {
			continue
		}
		r.parts[rels] = all[rels]
		shown, err := relations(all[rels])
		if err != nil {
			return err
		}
		for _, t := range shown {
			if name := path.Join("word", t); all[name] != nil {
				r.parts[name] = all[name]
			}
		}
	}
	return nil
}

func walk(part []byte, start func(xml.StartElement)) error {
	for d := xml.NewDecoder(bytes.NewReader(part)); ; {
		x, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := x.(xml.StartElement); ok {
			start(e)
		}
	}
}

func value(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// relations are the targets of relationships by their ids.
func relations(part []byte) (map[string]string, error) {
	out := map[string]string{}
	err := walk(part, func(e xml.StartElement) {
		if e.Name.Local == "Relationship" && value(e, "TargetMode") != "External" {
			out[value(e, "Id")] = strings.TrimPrefix(value(e, "Target"), "/word/")
		}
	})
	return out, err
}

// renaming gives styles of the report the ids that the reference has for their names.
func (r *Reference) renaming(styles []ooxml.TextStyle) *strings.Replacer {
	var pairs []string
	for _, s := range styles {
		if id := r.styles[strings.ToLower(s.Name)]; id != "" && id != s.ID {
			for _, kind := range [...]string{"pStyle", "rStyle", "tblStyle"} {
				pairs = append(pairs, `<w:`+kind+` w:val="`+s.ID+`"/>`, `<w:`+kind+` w:val="`+ooxml.Attr(id)+`"/>`)
			}
		}
	}
	return strings.NewReplacer(pairs...)
}

// sheetWith is the style sheet of the reference with those styles of the report that it lacks.
func (r *Reference) sheetWith(styles []ooxml.TextStyle, lists int) []byte {
	taken := slices.Collect(maps.Values(r.styles))
	var more strings.Builder
	for _, s := range styles {
		if r.styles[strings.ToLower(s.Name)] != "" || slices.Contains(taken, s.ID) {
			continue
		}
		for _, of := range styles { // based on the reference's own where it has one
			if id := r.styles[strings.ToLower(of.Name)]; id != "" {
				if of.ID == s.Based {
					s.Based = id
				}
				if of.ID == s.Next {
					s.Next = id
				}
			}
		}
		if s.List > 0 {
			s.List += lists
		}
		s.Default = false
		more.WriteString(s.XML())
	}
	return bytes.Replace(r.sheet, []byte("</w:styles>"), []byte(more.String()+"</w:styles>"), 1)
}

var numbers = regexp.MustCompile(`w:(?:abstractNumId|numId)(?: w:val)?="(\d+)"`)

// lists is the highest number of a list of the reference.
func (r *Reference) lists() int {
	highest := 0
	for _, m := range numbers.FindAllSubmatch(r.numbering, -1) {
		n, _ := strconv.Atoi(string(m[1]))
		highest = max(highest, n)
	}
	return highest
}

// parts of the reference that stand in the report: its headers and footers, each with the
// tag of sample data where there is one, and what they show.
func (r *Reference) own(tag string) (out []ooxml.Part) {
	for _, name := range slices.Sorted(maps.Keys(r.parts)) {
		data, kind := r.parts[name], ""
		if i := slices.IndexFunc(r.heads, func(h letterhead) bool { return h.part == name }); i >= 0 {
			kind = r.heads[i].kind
			if end := "</w:hdr>"; kind == "header" && tag != "" {
				data = bytes.Replace(data, []byte(end), []byte(tag+end), 1)
			}
			out = append(out, ooxml.TextPart(name, kind, data))
			continue
		}
		out = append(out, ooxml.Fixed(name, r.types[strings.TrimPrefix(strings.ToLower(path.Ext(name)), ".")], data))
	}
	return out
}
