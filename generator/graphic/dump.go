package graphic

import (
	"bufio"
	"fmt"
	"io"
	"strconv"

	"github.com/raportjst/raportjst/generator/typeset"
)

// Dump writes the display list as text, one step a line, coordinates to a hundredth of a
// point. Two pictures that dump alike look alike; golden tests compare dumps.
func (p *Picture) Dump(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "picture %s %s\n", number(p.Width), number(p.Height))
	dump(b, p.Ops, "  ")
	if err := b.Flush(); err != nil {
		return fmt.Errorf("dump picture: %w", err)
	}
	return nil
}

func dump(b *bufio.Writer, ops []Op, indent string) {
	for _, op := range ops {
		if s, ok := op.(*Shared); ok { // as what it looks like
			dump(b, s.Expand(), indent)
			continue
		}
		b.WriteString(indent)
		switch op := op.(type) {
		case *Path:
			b.WriteString("path")
			if op.Filled {
				fmt.Fprintf(b, " fill %06x", uint32(op.Fill))
			}
			if op.EvenOdd {
				b.WriteString(" evenodd")
			}
			if s := op.Stroke; s.Width > 0 {
				fmt.Fprintf(b, " stroke %06x %s", uint32(s.Color), number(s.Width))
				for i, d := range s.Dash {
					b.WriteString([]string{" dash ", " "}[min(i, 1)] + number(d))
				}
				if s.Round {
					b.WriteString(" round")
				}
			}
			b.WriteString(":" + op.Outline.String() + "\n")
		case *Text:
			face := []string{"regular", "bold"}[op.Face&typeset.Bold]
			fmt.Fprintf(b, "text %s %s %s %s %s %06x", number(op.X), number(op.Y), []string{"start", "middle", "end"}[op.Anchor], face, number(op.Size), uint32(op.Color))
			if op.Angle != 0 {
				fmt.Fprintf(b, " angle %s", number(op.Angle))
			}
			fmt.Fprintf(b, " %q\n", op.Text)
		case *Clip:
			b.WriteString("clip")
			if op.EvenOdd {
				b.WriteString(" evenodd")
			}
			b.WriteString(":" + op.Outline.String() + "\n")
			dump(b, op.Ops, indent+"  ")
		case *Group:
			fmt.Fprintf(b, "group %s %s\n", number(op.X), number(op.Y))
			dump(b, op.Ops, indent+"  ")
		case *Shared: // is above
		case *Raster:
			fmt.Fprintf(b, "raster %s %s %s %s %d bytes\n", number(op.X), number(op.Y), number(op.W), number(op.H), len(op.Data))
		}
	}
}

// String writes the outline in the letters of SVG path data, coordinates to a hundredth.
func (o Outline) String() string { return string(o.AppendPath(nil)) }

// AppendPath appends the outline as SVG path data (SVG 2, 9.3), absolute coordinates to a
// hundredth of a point, each step after a space.
func (o Outline) AppendPath(b []byte) []byte {
	c := o.Coords
	for _, s := range o.Segments {
		letter, n := byte('Z'), 0
		switch s {
		case MoveTo:
			letter, n = 'M', 2
		case LineTo:
			letter, n = 'L', 2
		case CurveTo:
			letter, n = 'C', 6
		case Close:
		}
		b = append(b, ' ', letter)
		for _, v := range c[:n] {
			b = append(b, ' ')
			b = AppendNumber(b, v)
		}
		c = c[n:]
	}
	return b
}

func number(v float64) string { return string(AppendNumber(nil, v)) }

// AppendNumber writes v to a hundredth, the precision of a coordinate in a file, without
// trailing zeros and without "-0".
func AppendNumber(b []byte, v float64) []byte {
	start := len(b)
	b = strconv.AppendFloat(b, v, 'f', 2, 64)
	for b[len(b)-1] == '0' {
		b = b[:len(b)-1]
	}
	if b[len(b)-1] == '.' {
		b = b[:len(b)-1]
	}
	if string(b[start:]) == "-0" {
		b = append(b[:start], '0')
	}
	return b
}
