package docx

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"image"
	"net/http"
	"strings"

	_ "image/jpeg" // formats of document.Image
	_ "image/png"

	"github.com/raportjst/raportjst/generator/chart"
	"github.com/raportjst/raportjst/generator/choropleth"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/graphic/emf"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/ooxml"
)

// figure writes a chart, map or image with its caption below, then its data where they are
// printed, notes and source.
func (w *writing) figure(f document.Figure) {
	subtitle := f.Subtitle
	native, err := w.native(&f)
	if err != nil {
		w.fail(w.undrawn(&f, err))
		return
	}
	var high float64
	w.pages.mark(f.ID, 120)
	w.Begin(ooxml.Paragraph{Style: figureStyle})
	switch g := f.Content.(type) {
	case document.Image:
		high = w.placed(g.Data, document.Labelled(f.Label, f.Title), f.Alt, w.width, imageHeight)
	case document.Chart, document.Map, document.Locator, document.StripKey:
		if native != nil {
			high = w.natives(&f, native)
			subtitle = nativeSubtitle(&f, native.Charts[0])
			break
		}
		p, err := drawing(&f)
		if err != nil {
			w.fail(w.undrawn(&f, err))
			break
		}
		high = p.Height
		w.drawn(p, document.Labelled(f.Label, f.Title), f.Alt+keyWords(f.Content))
		subtitle = chart.Subtitle(&f)
	}
	w.End()
	w.pages.keep += high + 4
	w.pages.block(height(f.Label+". "+f.Title+". "+subtitle, texts[captionStyle], w.width))
	w.caption(f.ID, f.Label, f.Title, subtitle, f.ShowTable || len(f.Remarks()) > 0 || f.Source != "")
	if f.ShowTable && f.Table != nil {
		t := *f.Table.Printed()
		title := t.Title
		if strings.Contains(document.Labelled(f.Label, f.Title), title) {
			title = ""
		}
		w.tables(t, t.Label, title, t.Subtitle)
		if len(t.Notes) > 0 || t.Source != "" || len(f.Remarks()) == 0 && f.Source == "" {
			w.remarks(t.Notes, t.Source)
		}
	}
	if len(f.Remarks()) > 0 || f.Source != "" {
		w.remarks(f.Remarks(), f.Source)
	}
}

func (w *writing) undrawn(f *document.Figure, err error) error {
	return &fault.Fault{Where: "rysunek „" + document.Labelled(f.Label, f.Title) + "”", What: "nie można narysować: " + err.Error(), Hint: "sprawdź dane źródłowe", Err: err}
}

// drawing is the picture of a figure at the width it has on a page; a map with its key.
func drawing(f *document.Figure) (*graphic.Picture, error) {
	switch f.Content.(type) {
	case document.Map:
		high, _ := choropleth.NaturalSize(f, look.TwoThirds)
		p, err := choropleth.Draw(f, look.TwoThirds, high)
		if err != nil {
			return nil, err
		}
		key := choropleth.Key(f, look.Third)
		return &graphic.Picture{Width: look.Full, Height: max(p.Height, key.Height), Ops: append(p.Ops, &graphic.Group{X: look.TwoThirds + look.Gutter, Ops: key.Ops})}, nil
	case document.Locator:
		high, _ := choropleth.NaturalSize(f, look.TwoThirds)
		return choropleth.Draw(f, look.TwoThirds, high)
	case document.Chart, document.Image, document.StripKey:
	}
	width := chart.Width(f)
	high, _ := chart.NaturalSize(f, width)
	return chart.Draw(f, width, min(high, tallest))
}

const (
	tallest     = 215 * mm // of a chart, so that it stands on a page with its caption
	imageHeight = 140 * mm
	density     = 150 // pixels an inch
)

// keyWords says what the key of a map shows, from the highest class to the lowest.
func keyWords(g document.Graphic) string {
	m, ok := g.(document.Map)
	if !ok || len(m.Classes) == 0 {
		return ""
	}
	words := make([]string, len(m.Classes))
	for i, c := range m.Classes {
		words[len(words)-1-i] = fmt.Sprintf("%s: %d", c.Text, c.Count)
	}
	return " " + m.KeyTitle + ": " + strings.Join(words, "; ") + "."
}

// drawn places a picture into the open paragraph as a metafile, the vectors that every
// version of Word and LibreOffice draws, at a third of the bytes of pixels.
func (w *writing) drawn(p *graphic.Picture, name, alt string) {
	var vectors bytes.Buffer
	if err := emf.Write(&vectors, p); err != nil {
		w.fail(err)
		return
	}
	k := min(1, w.width/p.Width)
	w.Picture(ooxml.Drawing{Name: name, Alt: alt, Width: k * p.Width, Height: k * p.Height}, w.media("emf", vectors.Bytes()))
}

func sum(data []byte) string {
	return fmt.Sprintf("%x", sha256.Sum256(data))
}

// media adds a picture file, once, and returns the relationship to it.
func (w *writing) media(ext string, data []byte) string {
	key := sum(data)
	if id, ok := w.pictures[key]; ok {
		return id
	}
	name := fmt.Sprintf("media/image%d.%s", len(w.pictures)+1, ext)
	w.parts = append(w.parts, ooxml.Fixed("word/"+name, "", data))
	w.pictures[key] = w.Rels.Add("image", name, false)
	return w.pictures[key]
}

// image writes a paragraph with a picture of the user's own.
func (w *writing) image(data []byte, name, alt string, width, high float64) {
	w.Begin(ooxml.Paragraph{Style: figureStyle})
	h := w.placed(data, name, alt, width, high)
	w.End()
	w.pages.block(h + 4)
}

// placed puts a picture of the user's own into the open paragraph, no larger than a box, and
// returns its height.
func (w *writing) placed(data []byte, name, alt string, width, high float64) float64 {
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		w.fail(&fault.Fault{Where: "rysunek „" + name + "”", What: "nie można odczytać obrazu", Hint: "podaj plik PNG lub JPEG", Err: err})
		return 0
	}
	x, y := float64(max(1, c.Width))*72/density, float64(max(1, c.Height))*72/density
	scale := min(1, width/x, high/y)
	ext := "png"
	if http.DetectContentType(data) == "image/jpeg" {
		ext = "jpeg"
	}
	w.Picture(ooxml.Drawing{Name: name, Alt: alt, Width: max(1, x*scale), Height: max(1, y*scale)}, w.media(ext, data))
	return y * scale
}
