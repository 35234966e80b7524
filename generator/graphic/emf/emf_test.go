package emf

import (
	"bytes"
	"encoding/binary"
	"testing"
	"unicode/utf16"

	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/look"
	"github.com/raportjst/raportjst/generator/typeset"
)

// sample has every step: a path filled and stroked, a dashed line, text turned and at every
// anchor, a group, a clip, shared paths.
func sample() *graphic.Picture {
	var box, line, round graphic.Outline
	box.Rect(10, 10, 80, 40)
	line.Line(0, 60, 200, 60)
	round.Circle(150, 30, 20)
	filled := graphic.Path{Outline: box, Filled: true, Fill: look.Accent, Stroke: graphic.Stroke{Color: look.Ink, Width: 1}}
	return &graphic.Picture{Width: 200, Height: 100, Ops: []graphic.Op{
		&filled,
		&graphic.Path{Outline: line, Stroke: graphic.Stroke{Color: look.Muted, Width: 0.5, Dash: []float64{5, 2}, Round: true}},
		&graphic.Text{X: 20, Y: 30, Size: 9, Color: look.Ink, Text: "Łąka 12,5%"},
		&graphic.Text{X: 190, Y: 90, Size: 8, Face: typeset.Bold, Anchor: graphic.End, Angle: 90, Color: look.Accent, Text: "𝔘na"},
		&graphic.Group{X: 5, Y: 5, Ops: []graphic.Op{&graphic.Clip{Outline: round, Ops: []graphic.Op{&graphic.Path{Outline: box, Filled: true, EvenOdd: true, Fill: look.Band}}}}},
		&graphic.Shared{Base: &graphic.Base{Paths: []graphic.Path{filled}}, Tint: []int{0}, Fills: []look.Color{look.Map2}},
	}}
}

// TestRecords reads a metafile back record by record and holds it to its header (MS-EMF 2.3.4.2).
func TestRecords(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, sample()); err != nil {
		t.Fatal(err)
	}
	data := b.Bytes()
	at := func(i int) uint32 { return binary.LittleEndian.Uint32(data[i:]) }
	if at(0) != header || at(40) != 0x464D4520 || at(48) != uint32(len(data)) {
		t.Errorf("header % x", data[:60])
	}
	if w, h := at(32), at(36); w != 7056 || h != 3528 { // 200 by 100 pt in 0.01 mm
		t.Errorf("frame %d by %d", w, h)
	}
	count, objects, depth, paths := 0, 0, 0, 0
	made := map[uint32]bool{}
	var words []string
	for i := 0; i < len(data); {
		kind, size := at(i), int(at(i+4))
		if size < 8 || size%4 != 0 || i+size > len(data) {
			t.Fatalf("record %d has %d bytes", kind, size)
		}
		count++
		switch kind {
		case createBrush, createPen, createFont:
			objects++
			made[at(i+8)] = true
		case selectObject:
			if id := at(i + 8); id < 0x80000000 && !made[id] {
				t.Errorf("object %d is chosen before it is made", id)
			}
		case saveDC:
			depth++
		case restoreDC:
			depth--
		case beginPath:
			paths++
		case endPath:
			paths--
		case extTextOut:
			n, from := int(at(i+44)), i+int(at(i+48))
			units := make([]uint16, n)
			for k := range units {
				units[k] = binary.LittleEndian.Uint16(data[from+2*k:])
			}
			words = append(words, string(utf16.Decode(units)))
			if int(at(i+72))+4*n != size {
				t.Errorf("%d widths for %q", (size-int(at(i+72)))/4, words)
			}
		case endOfFile:
			if i+size != len(data) {
				t.Error("something stands after the end")
			}
		}
		i += size
	}
	if int(at(52)) != count || int(binary.LittleEndian.Uint16(data[56:])) != objects+1 || depth != 0 || paths != 0 {
		t.Errorf("%d records, %d objects, states %d, paths %d", count, objects, depth, paths)
	}
	if len(words) != 2 || words[0] != "Łąka 12,5%" || words[1] != "𝔘na" {
		t.Errorf("texts %q", words)
	}
	var again bytes.Buffer
	if err := Write(&again, sample()); err != nil || !bytes.Equal(again.Bytes(), data) {
		t.Errorf("the same picture, another file: %v", err)
	}
}

// TestRefuses what a metafile of vectors cannot hold.
func TestRefuses(t *testing.T) {
	if err := Write(&bytes.Buffer{}, &graphic.Picture{Width: 10, Height: 10, Ops: []graphic.Op{&graphic.Raster{W: 1, H: 1}}}); err == nil {
		t.Error("a raster was written")
	}
}
