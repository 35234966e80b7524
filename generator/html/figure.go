package html

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	_ "image/jpeg" // formats of document.Image
	_ "image/png"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/chart"
	"github.com/raportjst/raportjst/generator/choropleth"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/graphic/png"
	"github.com/raportjst/raportjst/generator/graphic/svg"
)

// textScale turns points into CSS pixels so that the smallest type of a picture, 8 points, is 14
// pixels on a screen.
const textScale = 14.0 / 8

// The widths in CSS pixels at which pictures are drawn; a style sheet shows one of them.
const (
	wide, narrow = 840, 358
	wideMap      = 560
	wideKey      = 256
	locator      = 264
)

// figure writes a chart, map or image with its caption, its values as a table, notes and source.
func (w *writer) figure(b *document.Figure) {
	w.raw("<figure")
	w.anchor(b.ID)
	w.raw("><figcaption>")
	r := chart.Read(b)
	w.caption(b.Label, b.Title, r.Subtitle())
	w.raw("</figcaption>\n")
	var shown *graphic.Picture
	switch c := b.Content.(type) {
	case document.Image:
		w.image(document.Image{Data: c.Data, Alt: b.Alt})
	case document.Map:
		w.raw(`<div class="mapa-i-klucz">`)
		shown = w.mapped(b, wideMap, "szeroki mapa")
		w.key(b, c, wideKey, "szeroki")
		w.mapped(b, narrow, "waski mapa")
		w.key(b, c, narrow, "waski")
		w.raw("</div>\n")
	case document.Locator:
		shown = w.mapped(b, wide, "szeroki")
		w.mapped(b, narrow, "waski")
	case document.Chart, document.StripKey:
		p, err := charted(b, r, wide)
		shown = w.drawn(b, p, err, "szeroki")
		w.narrow(b, r)
	}
	if t := b.Table; t != nil {
		w.raw(`<details><summary>Dane w&nbsp;tabeli<span class="ukryte">: `)
		w.plain(document.Labelled(b.Label, b.Title))
		w.raw("</span></summary>\n")
		w.leaves(t, "", t.Title, t.Subtitle, "Dane: "+document.Labelled(b.Label, b.Title))
		w.remarks(t.Notes, t.Source)
		w.raw("</details>\n")
	}
	w.remarks(b.Remarks(), b.Source)
	w.files(b.ID, document.Labelled(b.Label, b.Title), shown, b.Table)
	w.raw("</figure>\n")
}

// mapped draws a map at a width in CSS pixels.
func (w *writer) mapped(b *document.Figure, width float64, class string) *graphic.Picture {
	width /= textScale
	height, _ := choropleth.NaturalSize(b, width)
	p, err := choropleth.Draw(b, width, height)
	return w.drawn(b, p, err, class)
}

// drawn writes the picture of a figure, or keeps why there is none.
func (w *writer) drawn(b *document.Figure, p *graphic.Picture, err error, class string) *graphic.Picture {
	if err != nil {
		w.fail(&fault.Fault{Where: "rysunek „" + document.Labelled(b.Label, b.Title) + "”", What: "nie można narysować: " + err.Error(), Hint: "sprawdź dane źródłowe", Err: err})
		return nil
	}
	w.picture(p, class, document.Labelled(b.Label, b.Title), b.Alt)
	return p
}

// charted draws a chart at a width in CSS pixels, or at the most that it takes.
func charted(b *document.Figure, r *chart.Reading, width float64) (*graphic.Picture, error) {
	width = min(width/textScale, chart.Width(b))
	height, _ := r.NaturalSize(width)
	return r.Draw(width, height)
}

// narrow draws a chart for a phone, the names of its lines under it.
func (w *writer) narrow(b *document.Figure, r *chart.Reading) {
	if _, ok := b.Content.(document.Chart); !ok {
		p, err := charted(b, r, narrow)
		w.drawn(b, p, err, "waski")
		return
	}
	p, keys, err := r.Keyed(narrow / textScale)
	w.drawn(b, p, err, "waski")
	if len(keys) == 0 {
		return
	}
	w.raw(`<ul class="waski linie" aria-hidden="true">`) // the picture's description says it
	for _, k := range keys {
		w.raw("<li")
		w.class(false, k.Strong, false, false)
		w.raw(">")
		s, err := svg.Inline{Scale: textScale, Hidden: true, Class: "probka-linii"}.Append(w.b, k.Sample, graphic.Meta{})
		if err != nil {
			w.fail(err)
			return
		}
		w.b = s
		w.raw("<span><b>")
		w.plain(k.Value)
		w.raw("</b> ")
		w.plain(k.Name)
		w.raw("</span></li>")
	}
	w.raw("</ul>\n")
}

// picture writes a picture with its text alternative.
func (w *writer) picture(p *graphic.Picture, class, title, alt string) {
	b, err := svg.Inline{Scale: textScale, Class: class, Prefix: w.id()}.Append(w.b, p, graphic.Meta{Title: title, Description: alt})
	if err != nil {
		w.fail(err)
		return
	}
	w.b = append(b, '\n')
}

// key writes the key of a map.
func (w *writer) key(b *document.Figure, m document.Map, width float64, class string) {
	w.picture(choropleth.Key(b, width/textScale), class+" klucz", "Klucz mapy: "+m.KeyTitle, choropleth.KeyWords(m))
}

// image writes a raster picture at its own size.
func (w *writer) image(i document.Image) {
	c, kind, err := image.DecodeConfig(bytes.NewReader(i.Data))
	if err != nil {
		w.fail(&fault.Fault{Where: "obraz „" + i.Alt + "”", What: "nie można odczytać obrazu", Hint: "podaj plik PNG lub JPEG", Err: fmt.Errorf("read image: %w", err)})
		return
	}
	w.raw(`<img src="data:image/`, kind, `;base64,`, base64.StdEncoding.EncodeToString(i.Data), `" width="`, strconv.Itoa(c.Width), `" height="`, strconv.Itoa(c.Height), `" alt="`)
	w.plain(i.Alt)
	w.raw(`">`, "\n")
}

// files writes the links under a figure or table: to itself, to be quoted, and to its files.
func (w *writer) files(anchor, title string, p *graphic.Picture, t *document.Table) {
	if anchor == "" {
		return
	}
	w.raw(`<p class="pliki"><a href="#`)
	w.plain(anchor)
	w.raw(`">Odnośnik<span class="ukryte">: `)
	w.plain(title)
	w.raw("</span></a>")
	file := func(name, url string, save bool) {
		w.raw(` <a href="`)
		w.plain(url)
		w.raw(`"`)
		if save {
			w.raw(` download="`)
			w.plain(anchor + "." + strings.ToLower(name))
			w.raw(`"`)
		}
		w.raw(`>`)
		w.plain(name)
		w.raw(`<span class="ukryte">: `)
		w.plain(title)
		w.raw("</span></a>")
	}
	if w.options.Files != nil {
		for _, f := range w.options.Files(anchor) {
			file(f.Name, f.URL, false)
		}
	}
	if w.options.Enclose {
		if p != nil {
			var b bytes.Buffer
			if err := svg.Write(&b, p, graphic.Meta{Title: title, Language: w.d.Meta.Language}); err != nil {
				w.fail(err)
			}
			file("SVG", dataURL("image/svg+xml", b.Bytes()), true)
			b.Reset()
			if err := png.Write(&b, p, graphic.Meta{Title: title, Language: w.d.Meta.Language}, pngDPI); err != nil {
				w.fail(err)
			}
			file("PNG", dataURL("image/png", b.Bytes()), true)
		}
		if t != nil {
			file("CSV", dataURL("text/csv", CSV(t)), true)
		}
	}
	w.raw("</p>")
}

// pngDPI is the resolution of pictures that a page carries for the press: twice that of a screen.
const pngDPI = 192

func dataURL(mediaType string, data []byte) string {
	return "data:" + mediaType + ";base64," + base64.StdEncoding.EncodeToString(data)
}
