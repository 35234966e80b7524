// Package photo makes the pictures of an office ready for its reports: upright as the camera
// says, no finer than a printer shows, and without what tells where and by whom they were taken.
package photo

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"math"
	"slices"
	"strings"
	"sync"

	"golang.org/x/image/draw"

	"github.com/raportjst/raportjst/generator/look"
)

// What a picture keeps is enough to be printed sharply over the whole width of a page.
const resolution = 220.0 / 72 // pixels a point

var mostWidth, mostHeight = math.Round(look.Full * resolution), math.Round(look.PictureHeight * resolution)

const (
	// mostPixels guards against files that unpack to more than memory holds.
	mostPixels = 200 << 20

	// Hint says what to do with a file that is no picture for a report.
	Hint = "zapisz go jako JPEG lub PNG, na przykład w programie Paint: Plik, Zapisz jako"
)

// Store keeps the last pictures as they were prepared: a photo of a template stands
// in each of its reports. It is safe for concurrent use.
type Store struct {
	mu   sync.Mutex
	ring [8]struct {
		sum  [sha256.Size]byte
		data []byte
	}
	next int
}

// Prepare makes a picture ready for print: a photo stands upright as its camera says, is no
// finer than a printer shows, and tells nothing of where and by whom it was taken. What
// needs no change is returned as it is. The error says what the file is.
func (s *Store) Prepare(data []byte) ([]byte, error) {
	sum := sha256.Sum256(data)
	s.mu.Lock()
	for i := range s.ring {
		if e := &s.ring[i]; e.data != nil && e.sum == sum {
			s.mu.Unlock()
			return e.data, nil
		}
	}
	s.mu.Unlock()
	out, err := prepared(data)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ring[s.next].sum, s.ring[s.next].data = sum, out
	s.next = (s.next + 1) % len(s.ring)
	return out, nil
}

func prepared(data []byte) ([]byte, error) {
	config, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || format != "jpeg" && format != "png" {
		return nil, errors.New(kind(data))
	}
	if config.Width <= 0 || config.Height <= 0 || config.Width > mostPixels/config.Height {
		return nil, fmt.Errorf("ma za dużo punktów (%d × %d)", config.Width, config.Height)
	}
	turn := 1
	if format == "jpeg" {
		turn, data = stripped(data)
	}
	w, h := config.Width, config.Height
	if turn > 4 { // lies on its side
		w, h = h, w
	}
	scale := min(1, mostWidth/float64(w), mostHeight/float64(h))
	decoded, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, errors.New("plik jest uszkodzony lub ucięty")
	}
	if turn == 1 && scale == 1 {
		return data, nil
	}
	size := image.Pt(max(1, int(float64(config.Width)*scale)), max(1, int(float64(config.Height)*scale)))
	return encoded(turned(scaled(decoded, size), turn), format)
}

func scaled(from image.Image, size image.Point) *image.NRGBA {
	out := image.NewNRGBA(image.Rectangle{Max: size})
	if from.Bounds().Size() == size {
		draw.Draw(out, out.Rect, from, from.Bounds().Min, draw.Src)
	} else {
		draw.CatmullRom.Scale(out, out.Rect, from, from.Bounds(), draw.Src, nil)
	}
	return out
}

// turned gives a picture the orientation that EXIF numbers 1 from the one it has: 2 to 4
// are mirrored or on their head, 5 to 8 lie on a side.
func turned(from *image.NRGBA, orientation int) *image.NRGBA {
	if orientation == 1 {
		return from
	}
	w, h := from.Rect.Dx(), from.Rect.Dy()
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	if orientation > 4 {
		out = image.NewNRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			var to image.Point
			switch orientation {
			case 2:
				to = image.Pt(w-1-x, y)
			case 3:
				to = image.Pt(w-1-x, h-1-y)
			case 4:
				to = image.Pt(x, h-1-y)
			case 5:
				to = image.Pt(y, x)
			case 6:
				to = image.Pt(h-1-y, x)
			case 7:
				to = image.Pt(h-1-y, w-1-x)
			case 8:
				to = image.Pt(y, w-1-x)
			}
			copy(out.Pix[out.PixOffset(to.X, to.Y):][:4], from.Pix[from.PixOffset(x, y):][:4])
		}
	}
	return out
}

// encoded writes a photo as JPEG and a drawing as PNG; a PNG that is a photo at heart
// becomes a JPEG where that is much smaller.
func encoded(m *image.NRGBA, format string) ([]byte, error) {
	var photo, drawing bytes.Buffer
	if m.Opaque() {
		if err := jpeg.Encode(&photo, m, &jpeg.Options{Quality: 88}); err != nil {
			return nil, fmt.Errorf("nie można zapisać go jako JPEG: %w", err)
		}
		if format == "jpeg" {
			return photo.Bytes(), nil
		}
	}
	if err := png.Encode(&drawing, m); err != nil {
		return nil, fmt.Errorf("nie można zapisać go jako PNG: %w", err)
	}
	if photo.Len() > 0 && photo.Len() < drawing.Len()/3 {
		return photo.Bytes(), nil
	}
	return drawing.Bytes(), nil
}

// kind says what a file is that is no picture for a report.
func kind(data []byte) string {
	head := string(data[:min(len(data), 512)])
	for _, k := range []struct{ sign, name string }{
		{"RIFF", "WebP"}, {"GIF8", "GIF"}, {"BM", "BMP"}, {"II*\x00", "TIFF"}, {"MM\x00*", "TIFF"}, {"%PDF", "PDF"}, {"\xd7\xcd\xc6\x9a", "WMF"},
	} {
		if strings.HasPrefix(head, k.sign) {
			return "to plik " + k.name + ", a potrzebny jest JPEG lub PNG"
		}
	}
	switch {
	case len(head) > 12 && head[4:8] == "ftyp":
		return "to zdjęcie w formacie HEIC lub AVIF (z telefonu), a potrzebny jest JPEG lub PNG"
	case strings.Contains(head, "<svg"):
		return "to rysunek SVG, a potrzebny jest JPEG lub PNG"
	case strings.HasPrefix(head, "\xff\xd8") || strings.HasPrefix(head, "\x89PNG"):
		return "plik jest uszkodzony lub ucięty"
	}
	return "to nie jest plik JPEG ani PNG"
}

// stripped takes the notes of camera and editor out of a JPEG (EXIF, XMP, IPTC, comments)
// and returns the orientation they told, 1 to 8. Colour profiles stay.
func stripped(data []byte) (orientation int, out []byte) {
	const (
		app1, app13, comment = 0xE1, 0xED, 0xFE
		scan                 = 0xDA
	)
	orientation, out = 1, slices.Clone(data[:2])
	for at := 2; at+4 <= len(data); {
		if data[at] != 0xFF {
			return orientation, append(out, data[at:]...)
		}
		marker := data[at+1]
		if marker == 0xFF { // filling
			at++
			continue
		}
		size := 2 + int(binary.BigEndian.Uint16(data[at+2:]))
		if marker == scan || at+size > len(data) {
			return orientation, append(out, data[at:]...)
		}
		segment := data[at : at+size]
		at += size
		switch marker {
		case app1:
			if tiff, ok := bytes.CutPrefix(segment[4:], []byte("Exif\x00\x00")); ok && orientation == 1 {
				orientation = orientationOf(tiff)
			}
		case app13, comment:
		default:
			out = append(out, segment...)
		}
	}
	return orientation, data
}

// orientationOf reads the orientation from the first directory of an EXIF block, which is a
// TIFF file (EXIF 2.32, 4.6.4: tag 0x0112, a SHORT).
func orientationOf(tiff []byte) int {
	var order binary.ByteOrder = binary.LittleEndian
	switch {
	case bytes.HasPrefix(tiff, []byte("II*\x00")):
	case bytes.HasPrefix(tiff, []byte("MM\x00*")):
		order = binary.BigEndian
	default:
		return 1
	}
	if len(tiff) < 8 {
		return 1
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 1
	}
	entries := int(order.Uint16(tiff[at:]))
	for e := tiff[at+2:]; entries > 0 && len(e) >= 12; entries, e = entries-1, e[12:] {
		if order.Uint16(e) == 0x0112 && order.Uint16(e[2:]) == 3 {
			if o := int(order.Uint16(e[8:])); o >= 1 && o <= 8 {
				return o
			}
			return 1
		}
	}
	return 1
}
