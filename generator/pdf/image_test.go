package pdf

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/color/palette"
	"image/png"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/layout"
	"github.com/raportjst/raportjst/generator/pdf/skeleton"
)

// cmyk is a JPEG of 4 × 4 pixels in four colours.
const cmyk = "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAQCwwODAoQDg0OEhEQExgoGhgWFhgxIyUdKDozPTw5Mzg3QEhcTkBEV0U3OFBtUVdfYmdoZz5NcXlwZHhcZWdj/8AAFAgABAAEBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwDu65quxrrK/9k="

func encode(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bomb is a PNG whose head promises more pixels than memory holds.
func bomb(t testing.TB) []byte {
	b := encode(t, image.NewGray(image.Rect(0, 0, 1, 1)))
	binary.BigEndian.PutUint32(b[16:], 1<<20)
	binary.BigEndian.PutUint32(b[20:], 1<<20)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

func TestPictures(t *testing.T) {
	box := image.Rect(0, 0, 20, 10)
	four, err := base64.StdEncoding.DecodeString(cmyk)
	if err != nil {
		t.Fatal(err)
	}
	deep := image.NewNRGBA64(box)
	deep.Set(3, 3, color.NRGBA64{0xFFFF, 0x8000, 0, 0x4000})
	for title, c := range map[string]struct {
		data   []byte
		filter string
		mask   bool
	}{
		"grey":        {encode(t, image.NewGray(box)), "FlateDecode", false},
		"palette":     {encode(t, image.NewPaletted(box, palette.Plan9)), "FlateDecode", false},
		"deep":        {encode(t, deep), "FlateDecode", true},
		"opaque":      {encode(t, image.NewRGBA(image.Rect(0, 0, 5, 5))), "FlateDecode", true},
		"jpeg":        {picture(t, 20, 10, true), "DCTDecode", false},
		"four colour": {four, "FlateDecode", false},
		"large jpeg":  {picture(t, 900, 400, true), "FlateDecode", false},
	} {
		t.Run(title, func(t *testing.T) {
			s := newSetter()
			e := s.child(s.sect, layout.TagFigure)
			e.Alt = "herb"
			s.put(e, &graphic.Raster{X: 50, Y: 100, W: 40, H: 20, Data: c.data})
			f := conform(t, render(t, s.l)).f
			images := f.dict(f.dict(f.objects[skeleton.ResourcesObject])["XObject"])
			x := f.get(images["I0"]).(*stream)
			w, h := x.dict["Width"].(int), x.dict["Height"].(int)
			if x.dict["Filter"] != name(c.filter) || (x.dict["SMask"] != nil) != c.mask || w > 223 || h > 112 {
				t.Errorf("picture is %v", x.dict)
			}
			if c.filter == "FlateDecode" && len(x.data) != 3*w*h {
				t.Errorf("%d samples for %d × %d", len(x.data), w, h)
			}
			if c.mask {
				if m := f.get(x.dict["SMask"]).(*stream); m.dict["ColorSpace"] != name("DeviceGray") || len(m.data) != w*h {
					t.Errorf("mask is %v with %d samples", m.dict, len(m.data))
				}
			}
		})
	}
}

func TestBrokenPictures(t *testing.T) {
	whole := picture(t, 30, 30, true)
	for title, data := range map[string][]byte{
		"empty": nil, "text": []byte("herb"), "cut jpeg": whole[:len(whole)/2], "bomb": bomb(t),
	} {
		set := &imageSet{}
		if _, err := set.use(&graphic.Raster{W: 10, H: 10, Data: data}); err == nil || !strings.HasPrefix(err.Error(), "read picture: ") {
			t.Errorf("%s: %v", title, err)
		}
	}
}

// TestPictureOnce uses a picture on many pages: it is in the file once for each size that
// it had to be scaled to.
func TestPictureOnce(t *testing.T) {
	s := newSetter()
	data := picture(t, 40, 40, false)
	for range 5 {
		s.artifact(layout.Decoration, &graphic.Raster{X: 50, Y: 50, W: 20, H: 20, Data: data})
		s.page()
	}
	f := conform(t, render(t, s.l)).f
	if n := len(f.dict(f.dict(f.objects[skeleton.ResourcesObject])["XObject"])); n != 1 {
		t.Errorf("the picture is there %d times", n)
	}
}
