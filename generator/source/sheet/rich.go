package sheet

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/normal"
)

// sharedTexts reads the texts that cells share.
func sharedTexts(raw []byte) ([]string, error) {
	var out []string
	d := xml.NewDecoder(bytes.NewReader(raw))
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == "si" {
			s, err := richText(d, "si")
			if err != nil {
				return nil, err
			}
			out = append(out, normal.Line(s))
		}
	}
}

// richText gathers the runs of a text up to the end of its element, without the readings
// that Japanese has above its signs. Digits that stand raised or lowered stay so: a number
// with that of a footnote is another number than both together.
func richText(d *xml.Decoder, end string) (string, error) {
	var b strings.Builder
	raised := ""
	for inside, reading := false, false; ; {
		t, err := d.RawToken()
		if err != nil {
			return "", errors.Join(errSheet, err)
		}
		switch e := t.(type) {
		case xml.StartElement:
			switch inside = e.Name.Local == "t"; e.Name.Local {
			case "r":
				raised = ""
			case "vertAlign":
				raised = attr(e, "val")
			case "rPh":
				reading = true
			}
		case xml.EndElement:
			if e.Name.Local == end {
				return unescaped(b.String()), nil
			}
			inside = false
			reading = reading && e.Name.Local != "rPh"
		case xml.CharData:
			if inside && !reading {
				b.WriteString(raise(string(e), raised))
			}
		}
	}
}

var (
	superscripts = strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")
	subscripts   = strings.NewReplacer("0", "₀", "1", "₁", "2", "₂", "3", "₃", "4", "₄", "5", "₅", "6", "₆", "7", "₇", "8", "₈", "9", "₉")
)

// raise puts digits where they stand: "superscript", "subscript" or on the line.
func raise(s, where string) string {
	switch where {
	case "superscript":
		return superscripts.Replace(s)
	case "subscript":
		return subscripts.Replace(s)
	}
	return s
}

// unescaped undoes "_x000D_", which stands for a character that XML cannot hold.
func unescaped(s string) string {
	for from := 0; ; {
		i := strings.Index(s[from:], "_x")
		if i < 0 || from+i+7 > len(s) {
			return s
		}
		i += from
		from = i + 1
		if code, err := strconv.ParseUint(s[i+2:i+6], 16, 16); err == nil && s[i+6] == '_' {
			s = s[:i] + string(rune(code)) + s[i+7:]
		}
	}
}
