// Package svg writes a picture as an SVG file that a word processor or a browser opens.
// Text stays text, so that it can be found and edited; it decides nothing about the
// picture and reads no SVG.
package svg

import (
	"bufio"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

// Write writes a stand-alone SVG 1.1 file with its title and description, which screen
// readers speak (SVG 2, 5.9; SVG-AAM). Where Lato is not installed, Carlito or Calibri
// stand in: both are narrower, so no label grows over its neighbour.
func Write(w io.Writer, p *graphic.Picture, meta graphic.Meta) error {
	if err := p.Check(); err != nil {
		return err
	}
	f := file{Writer: bufio.NewWriter(w)}
	f.printf(`<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="%spt" height="%spt" viewBox="0 0 %s %s" role="img" aria-labelledby="t d" xml:lang="%s" font-family="Lato, Carlito, Calibri, sans-serif">`,
		number(p.Width), number(p.Height), number(p.Width), number(p.Height), escape(meta.Language))
	f.printf("\n<title id=\"t\">%s</title>\n<desc id=\"d\">%s</desc>\n", escape(meta.Title), escape(meta.Description))
	f.printf("<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n")
	f.ops(p.Ops)
	f.printf("</svg>\n")
	if err := f.Flush(); err != nil {
		return fmt.Errorf("write svg: %w", err)
	}
	return nil
}

// file writes elements; errors stay in the bufio.Writer until Flush.
type file struct {
	*bufio.Writer
	clips int
}

func (f *file) printf(format string, a ...any) { fmt.Fprintf(f, format, a...) }

func (f *file) ops(ops []graphic.Op) {
	for _, op := range ops {
		switch op := op.(type) {
		case *graphic.Path:
			f.path(op)
		case *graphic.Text:
			f.text(op)
		case *graphic.Group:
			f.printf("<g transform=\"translate(%s %s)\">\n", number(op.X), number(op.Y))
			f.ops(op.Ops)
			f.printf("</g>\n")
		case *graphic.Clip:
			f.clips++
			rule := ""
			if op.EvenOdd {
				rule = ` clip-rule="evenodd"`
			}
			f.printf("<clipPath id=\"c%d\"><path d=\"%s\"%s/></clipPath>\n<g clip-path=\"url(#c%d)\">\n", f.clips, data(op.Outline), rule, f.clips)
			f.ops(op.Ops)
			f.printf("</g>\n")
		case *graphic.Shared:
			f.ops(op.Expand())
		case *graphic.Raster:
			f.printf("<image x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" preserveAspectRatio=\"none\" xlink:href=\"data:%s;base64,%s\"/>\n",
				number(op.X), number(op.Y), number(op.W), number(op.H), http.DetectContentType(op.Data), base64.StdEncoding.EncodeToString(op.Data))
		}
	}
}

func (f *file) path(p *graphic.Path) {
	f.printf(`<path d="%s"`, data(p.Outline))
	if p.Filled {
		f.printf(` fill="%s"`, paint(p.Fill))
		if p.EvenOdd {
			f.printf(` fill-rule="evenodd"`)
		}
	} else {
		f.printf(` fill="none"`)
	}
	if s := p.Stroke; s.Width > 0 {
		f.printf(` stroke="%s" stroke-width="%s"`, paint(s.Color), number(s.Width))
		if len(s.Dash) > 0 {
			f.printf(` stroke-dasharray="`)
			for i, d := range s.Dash {
				f.printf([]string{"", " "}[min(i, 1)]+"%s", number(d))
			}
			f.printf(`"`)
		}
		if s.Round {
			f.printf(` stroke-linecap="round" stroke-linejoin="round"`)
		} else {
			f.printf(` stroke-miterlimit="10"`)
		}
	}
	f.printf("/>\n")
}

func (f *file) text(t *graphic.Text) {
	f.printf(`<text x="%s" y="%s" font-size="%s" fill="%s"`, number(t.X), number(t.Y), number(t.Size), paint(t.Color))
	switch t.Anchor {
	case graphic.Start:
	case graphic.Middle:
		f.printf(` text-anchor="middle"`)
	case graphic.End:
		f.printf(` text-anchor="end"`)
	}
	if t.Face == typeset.Bold {
		f.printf(` font-weight="bold"`)
	}
	if t.Angle != 0 {
		f.printf(` transform="rotate(%s %s %s)"`, number(-t.Angle), number(t.X), number(t.Y))
	}
	f.printf(">%s</text>\n", escape(t.Text))
}

// data is the outline as path data; the leading space is left out.
func data(o graphic.Outline) string {
	if s := o.String(); s != "" {
		return s[1:]
	}
	return ""
}

func paint(c look.Color) string { return fmt.Sprintf("#%06x", uint32(c)) }

func number(v float64) string { return string(graphic.AppendNumber(nil, v)) }

// escape makes a text safe inside an element and inside an attribute.
func escape(s string) string {
	if !strings.ContainsFunc(s, special) {
		return s // as most are
	}
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // writing to memory does not fail
	return b.String()
}

// special tells which characters cannot stand in XML as they are.
func special(r rune) bool {
	switch r {
	case '<', '>', '&', '"', '\'', utf8.RuneError, 0xFFFE, 0xFFFF:
		return true
	}
	return r < ' '
}
