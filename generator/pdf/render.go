package pdf

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/layout"
	"github.com/raportjst/raportjst/generator/pdf/skeleton"
)

// Render writes a layout as a file. Author, subject, keywords, date and creator come from
// m, title and language from the layout. It fails on a character that no font has and on a
// picture that cannot be read (a *fault.Fault), on coordinates that are no numbers, and on a
// layout that breaks its contract; the message names page and element.
func Render(l *layout.Layout, m document.Meta, attached []generator.Artifact) ([]byte, error) {
	props, err := newProperties(l, m, len(attached) > 0)
	if err != nil {
		return nil, err
	}
	sources, err := faces()
	if err != nil {
		return nil, err
	}
	frame, err := skeleton.Of(l)
	if err != nil {
		return nil, err
	}
	w := borrow()
	defer w.release()
	w.canvas.fonts, w.canvas.images = &fontSet{sources: sources}, &imageSet{}
	w.canvas.forms = &formSet{}
	if err := w.structure.reset(l.Root, len(l.Pages)); err != nil {
		return nil, err
	}
	r := rewriter{layout: l, skeleton: frame, work: w, properties: props}
	return r.rewrite(attached)
}

// rewriter turns the container of fpdf into the final file. The numbers of fpdf's objects
// stay.
type rewriter struct {
	layout   *layout.Layout
	skeleton *skeleton.Skeleton
	*work
	properties properties
}

func (r *rewriter) rewrite(attached []generator.Artifact) ([]byte, error) {
	r.file.reserve(r.skeleton.CatalogObject())
	for i := range r.layout.Pages {
		if err := r.draw(i); err != nil {
			return nil, err
		}
		r.file.stream(skeleton.ContentObject(i), "", r.canvas.b)
	}
	if err := r.pages(); err != nil {
		return nil, err
	}
	r.outline()
	if err := r.resources(); err != nil {
		return nil, err
	}
	root, err := r.structure.write(r.file, func(p int) (int, float64) { return skeleton.PageObject(p), r.layout.Pages[p].Height })
	if err != nil {
		return nil, err
	}
	files, err := writeAttachments(r.file, attached, r.properties)
	if err != nil {
		return nil, err
	}
	r.catalog(root, files)
	return r.file.finish(r.skeleton.CatalogObject(), r.skeleton.InfoObject())
}

// artifacts are the operators that open what is no part of the structure (14.8.2.2).
var artifacts = [...]string{
	layout.Decoration:   "/Artifact<</Type/Layout>>BDC\n",
	layout.Header:       "/Artifact<</Type/Pagination/Subtype/Header/Attached[/Top]>>BDC\n",
	layout.Footer:       "/Artifact<</Type/Pagination/Subtype/Footer/Attached[/Bottom]>>BDC\n",
	layout.RepeatedHead: "/Artifact<</Type/Pagination>>BDC\n",
}

// draw writes the content of a page; items of one element that follow each other share a
// marked content.
func (r *rewriter) draw(page int) error {
	c := &r.canvas
	p := &r.layout.Pages[page]
	c.reset(p.Height)
	var open *layout.Item
	for i := range p.Items {
		item := &p.Items[i]
		if len(item.Ops) == 0 {
			continue
		}
		if open == nil || open.Element != item.Element || open.Artifact != item.Artifact {
			if open != nil {
				c.b = append(c.b, "EMC\n"...)
			}
			open = item
			if err := r.open(item, page); err != nil {
				return err
			}
		}
		c.draw(item.Ops)
		if c.err != nil {
			return r.place(c.err, page, item)
		}
	}
	if open != nil {
		c.b = append(c.b, "EMC\n"...)
	}
	return nil
}

// open begins the marked content of an item.
func (r *rewriter) open(item *layout.Item, page int) error {
	c := &r.canvas
	if item.Element == nil {
		if item.Artifact == layout.NoArtifact || int(item.Artifact) >= len(artifacts) {
			return fmt.Errorf("draw page %d: an item with neither element nor kind of artifact (%d)", page+1, item.Artifact)
		}
		c.b = append(c.b, artifacts[item.Artifact]...)
		return nil
	}
	n, ok := r.structure.number[item.Element]
	switch {
	case !ok:
		return fmt.Errorf("draw page %d: %s %q is not in the structure", page+1, tagNames[item.Element.Tag], item.Element.Title)
	case item.Artifact != layout.NoArtifact:
		return fmt.Errorf("draw page %d: %s is an artifact as well", page+1, r.structure.path(n))
	}
	c.b = append(append(append(c.b, '/'), tagNames[item.Element.Tag]...), "<</MCID "...)
	c.b = append(appendInt(c.b, r.structure.mark(n, page)), ">>BDC\n"...)
	return nil
}

// place adds to an error where it happened.
func (r *rewriter) place(err error, page int, item *layout.Item) error {
	where := "strona " + strconv.Itoa(page+1)
	if item.Element != nil {
		where += ", " + r.structure.path(r.structure.number[item.Element])
	}
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		f.Where = where
		return f
	}
	return fmt.Errorf("draw %s: %w", where, err)
}

// pages writes the page tree, the pages and their annotations.
func (r *rewriter) pages() error {
	f := r.file
	f.begin(skeleton.PagesObject)
	f.body = append(f.body, "<</Type/Pages/Kids["...)
	for i := range r.skeleton.Pages {
		f.body = append(appendRef(f.body, skeleton.PageObject(i)), ' ')
	}
	f.body = appendInt(append(f.body, "]/Count "...), len(r.skeleton.Pages))
	f.body = append(append(append(f.body, "/MediaBox"...), r.skeleton.Box...), ">>"...)
	f.end()
	for i, p := range r.skeleton.Pages {
		annots := f.reserve(len(p.Links))
		f.begin(skeleton.PageObject(i))
		f.body = append(f.body, "<</Type/Page/Parent 1 0 R/Resources 2 0 R"...)
		if p.Box != nil {
			f.body = append(append(f.body, "/MediaBox"...), p.Box...)
		}
		f.body = appendRef(append(f.body, "/Contents "...), skeleton.ContentObject(i))
		// Tabs: the order of the structure (ISO 14289-1, 7.18.3).
		f.body = append(appendInt(append(f.body, "/StructParents "...), i), "/Tabs/S"...)
		if len(p.Links) > 0 {
			f.body = append(f.body, "/Annots["...)
			for k := range p.Links {
				f.body = append(appendRef(f.body, annots+k), ' ')
			}
			f.body = append(f.body, ']')
		}
		f.body = append(f.body, ">>"...)
		f.end()
		for k, entries := range p.Links {
			if err := r.annotation(annots+k, i, &r.layout.Pages[i].Links[k], entries); err != nil {
				return err
			}
		}
	}
	return nil
}

// annotation completes a link annotation of fpdf with what PDF/UA (7.18) and PDF/A (6.3.2)
// ask for: it belongs to a Link element, has a description, and is printed.
func (r *rewriter) annotation(number, page int, a *layout.LinkArea, entries []byte) error {
	n, ok := r.structure.number[a.Element]
	if !ok || a.Element.Tag != layout.TagLink {
		return fmt.Errorf("write page %d: link %q has no Link element in the structure", page+1, a.Contents)
	}
	if a.Contents == "" {
		return fmt.Errorf("write page %d: link %s has no description", page+1, r.structure.path(n))
	}
	f := r.file
	f.begin(number)
	f.body = append(append(append(f.body, "<<"...), entries...), "/F 4/StructParent "...)
	f.body = appendInt(f.body, r.structure.annotation(n, page, number))
	f.body = append(appendText(append(f.body, "/Contents"...), a.Contents), ">>"...)
	f.end()
	return nil
}

// outline writes the bookmarks, the first two levels open.
func (r *rewriter) outline() {
	s, f := r.skeleton, r.file
	if len(s.Outline) == 0 {
		return
	}
	next := 0
	var write func(marks []layout.Bookmark, depth int)
	write = func(marks []layout.Bookmark, depth int) {
		for _, m := range marks {
			f.begin(s.OutlineObject() + next)
			f.body = append(append(f.body, "<<"...), s.Outline[next]...)
			next++
			if n := len(m.Kids); n > 0 {
				if depth > 0 {
					n = -n // closed
				}
				f.body = appendInt(append(f.body, "/Count "...), n)
			}
			f.body = append(f.body, ">>"...)
			f.end()
			write(m.Kids, depth+1)
		}
	}
	write(r.layout.Outline, 0)
	visible := len(r.layout.Outline)
	for _, m := range r.layout.Outline {
		visible += len(m.Kids)
	}
	f.begin(s.OutlineObject() + len(s.Outline))
	f.body = append(append(f.body, "<<"...), s.Root...)
	f.body = append(appendInt(append(f.body, "/Count "...), visible), ">>"...)
	f.end()
}

// resources writes what all pages use: fonts and pictures.
func (r *rewriter) resources() error {
	fonts, err := r.canvas.fonts.write(r.file)
	if err != nil {
		return err
	}
	entries := "<</Font<<" + fonts + ">>"
	if pictures := r.canvas.images.write(r.file) + r.canvas.forms.write(r.file); pictures != "" {
		entries += "/XObject<<" + pictures + ">>"
	}
	r.file.object(skeleton.ResourcesObject, entries+">>")
	return nil
}

// catalog writes the catalog, the metadata and the output intent.
func (r *rewriter) catalog(structure int, attached string) {
	f := r.file
	metadata := f.reserve(2)
	profile := metadata + 1
	f.stored(metadata, "/Type/Metadata/Subtype/XML", r.properties.xmp()) // readable without a PDF reader
	f.stored(profile, "/N 3/Filter/FlateDecode", srgb())
	f.begin(r.skeleton.InfoObject())
	f.body = r.properties.info(f.body)
	f.end()

	f.begin(r.skeleton.CatalogObject())
	f.body = append(f.body, "<</Type/Catalog/Pages 1 0 R/Lang"...)
	f.body = appendText(f.body, r.properties.language)
	f.body = appendRef(append(f.body, "/MarkInfo<</Marked true>>/StructTreeRoot "...), structure)
	f.body = appendRef(append(f.body, "/ViewerPreferences<</DisplayDocTitle true>>/Metadata "...), metadata)
	f.body = append(f.body, "/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB IEC61966-2.1)/Info(sRGB IEC61966-2.1)/DestOutputProfile "...)
	f.body = append(appendRef(f.body, profile), ">>]"...)
	if n := len(r.skeleton.Outline); n > 0 {
		f.body = appendRef(append(f.body, "/PageMode/UseOutlines/Outlines "...), r.skeleton.OutlineObject()+n)
	}
	f.body = append(r.labels(f.body), attached...)
	f.body = append(f.body, ">>"...)
	f.end()
}

// labels appends the page labels (12.4.2): a range wherever numbering does not just go on.
func (r *rewriter) labels(b []byte) []byte {
	b = append(b, "/PageLabels<</Nums["...)
	expected := ""
	for i, p := range r.layout.Pages {
		n, err := strconv.Atoi(p.Label)
		plain := err == nil && n > 0 && strconv.Itoa(n) == p.Label
		if i == 0 || p.Label != expected {
			b = append(appendInt(b, i), "<<"...)
			if plain {
				b = appendInt(append(b, "/S/D/St "...), n)
			} else {
				b = appendText(append(b, "/P"...), p.Label)
			}
			b = append(b, ">>"...)
		}
		expected = ""
		if plain {
			expected = strconv.Itoa(n + 1)
		}
	}
	return append(b, "]>>"...)
}
