package photo

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"
)

// smallest is a picture of one pixel.
var smallest = func() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 1, 1))); err != nil {
		panic(err)
	}
	return b.Bytes()
}()

// corners is a picture that looks different each way it is turned: its quarters are red,
// green, blue and white, clockwise from the left above.
func corners(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{R: 255, A: 255}
			switch {
			case x >= w/2 && y < h/2:
				c = color.NRGBA{G: 255, A: 255}
			case x >= w/2:
				c = color.NRGBA{B: 255, A: 255}
			case y >= h/2:
				c = color.NRGBA{R: 255, G: 255, B: 255, A: 255}
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

// seen says the corners of a picture, clockwise from the left above.
func seen(m image.Image) string {
	b := m.Bounds()
	var out strings.Builder
	for _, p := range []image.Point{{b.Dx() / 4, b.Dy() / 4}, {b.Dx() * 3 / 4, b.Dy() / 4}, {b.Dx() * 3 / 4, b.Dy() * 3 / 4}, {b.Dx() / 4, b.Dy() * 3 / 4}} {
		r, g, bl, _ := m.At(b.Min.X+p.X, b.Min.Y+p.Y).RGBA()
		name := "?"
		switch {
		case r > 0x8000 && g > 0x8000:
			name = "W"
		case r > 0x8000:
			name = "R"
		case g > 0x8000:
			name = "G"
		case bl > 0x8000:
			name = "B"
		}
		out.WriteString(name)
	}
	return out.String()
}

// stored is how a camera keeps an upright picture that EXIF describes with an orientation:
// 6 says that its first row is the right side and its first column the top.
func stored(upright *image.NRGBA, orientation int) *image.NRGBA {
	w, h := upright.Rect.Dx(), upright.Rect.Dy()
	at := map[int]func(x, y int) (int, int){
		1: func(x, y int) (int, int) { return x, y }, 2: func(x, y int) (int, int) { return w - 1 - x, y },
		3: func(x, y int) (int, int) { return w - 1 - x, h - 1 - y }, 4: func(x, y int) (int, int) { return x, h - 1 - y },
		5: func(x, y int) (int, int) { return y, x }, 6: func(x, y int) (int, int) { return y, w - 1 - x },
		7: func(x, y int) (int, int) { return h - 1 - y, w - 1 - x }, 8: func(x, y int) (int, int) { return h - 1 - y, x },
	}[orientation]
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	if orientation > 4 {
		out = image.NewNRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			sx, sy := at(x, y)
			out.SetNRGBA(sx, sy, upright.NRGBAAt(x, y))
		}
	}
	return out
}

// photo is a JPEG with an EXIF block as a camera writes it.
func photo(t testing.TB, m image.Image, orientation int, order binary.AppendByteOrder) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	tiff := []byte("II*\x00")
	if order == binary.AppendByteOrder(binary.BigEndian) {
		tiff = []byte("MM\x00*")
	}
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 2)
	tiff = order.AppendUint16(tiff, 0x010F) // the maker
	tiff = order.AppendUint16(tiff, 2)
	tiff = order.AppendUint32(tiff, 4)
	tiff = append(tiff, "GPS\x00"...)
	tiff = order.AppendUint16(tiff, 0x0112)
	tiff = order.AppendUint16(tiff, 3)
	tiff = order.AppendUint32(tiff, 1)
	tiff = order.AppendUint16(tiff, uint16(orientation))
	tiff = append(tiff, 0, 0, 0, 0, 0, 0)
	segment := append([]byte("\xff\xe1\x00\x00Exif\x00\x00"), tiff...)
	binary.BigEndian.PutUint16(segment[2:], uint16(len(segment)-2))
	return append(append(b.Bytes()[:2:2], segment...), b.Bytes()[2:]...)
}

// A photo stands as it was taken, whichever way the camera was held.
func TestOrientation(t *testing.T) {
	for orientation := 1; orientation <= 8; orientation++ {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			out, err := prepared(photo(t, stored(corners(64, 48), orientation), orientation, order))
			if err != nil {
				t.Fatal(err)
			}
			m, err := jpeg.Decode(bytes.NewReader(out))
			if err != nil {
				t.Fatal(err)
			}
			if m.Bounds().Dx() != 64 || m.Bounds().Dy() != 48 || seen(m) != "RGBW" {
				t.Errorf("orientation %d: %v %s", orientation, m.Bounds(), seen(m))
			}
			if bytes.Contains(out, []byte("Exif")) || bytes.Contains(out, []byte("GPS")) {
				t.Errorf("orientation %d: the notes of the camera are still there", orientation)
			}
		}
	}
}

// A picture is no finer than 220 dots an inch where it is printed as large as it can be.
func TestPictureSize(t *testing.T) {
	noise := image.NewNRGBA(image.Rect(0, 0, 2000, 1500))
	random := rand.NewChaCha8([32]byte{})
	random.Read(noise.Pix)
	for i := 3; i < len(noise.Pix); i += 4 {
		noise.Pix[i] = 255
	}
	var raw bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.NoCompression}).Encode(&raw, noise); err != nil {
		t.Fatal(err)
	}
	flat := bytes.Buffer{}
	if err := png.Encode(&flat, corners(1800, 600)); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		data   []byte
		w, h   int
		format string
	}{
		"photo":             {photo(t, corners(2000, 1500), 1, binary.LittleEndian), 1507, 1130, "jpeg"},
		"photo on its side": {photo(t, corners(2000, 1500), 6, binary.LittleEndian), 909, 1213, "jpeg"},
		"small photo":       {photo(t, corners(800, 600), 1, binary.LittleEndian), 800, 600, "jpeg"},
		"photo as PNG":      {raw.Bytes(), 1507, 1130, "jpeg"},
		"drawing":           {flat.Bytes(), 1507, 502, "png"},
		"smallest":          {smallest, 1, 1, "png"},
	} {
		out, err := prepared(c.data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		config, format, err := image.DecodeConfig(bytes.NewReader(out))
		if err != nil || config.Width != c.w || config.Height != c.h || format != c.format || len(out) > len(c.data) {
			t.Errorf("%s: %d × %d %s, %v, %d bytes of %d", name, config.Width, config.Height, format, err, len(out), len(c.data))
		}
	}
}

func TestPictureStore(t *testing.T) {
	var s Store
	data := photo(t, corners(64, 48), 3, binary.LittleEndian)
	a, err := s.Prepare(data)
	if err != nil {
		t.Fatal(err)
	}
	b, err := s.Prepare(bytes.Clone(data))
	if err != nil || &a[0] != &b[0] {
		t.Error("prepared twice", err)
	}
	if _, err := s.Prepare([]byte("GIF89a")); err == nil || !strings.Contains(err.Error(), "to plik GIF") {
		t.Error(err)
	}
}

func FuzzPicture(f *testing.F) {
	f.Add(photo(f, corners(8, 6), 6, binary.BigEndian))
	f.Add(smallest)
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00II*\x00\x08\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if config, _, err := image.DecodeConfig(bytes.NewReader(data)); err == nil && config.Width*config.Height > 1<<20 {
			return // slow
		}
		out, err := prepared(data)
		if err != nil {
			return
		}
		if _, _, err := image.Decode(bytes.NewReader(out)); err != nil {
			t.Error(err)
		}
	})
}
