package pdf

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg" // formats of a document.Image
	_ "image/png"
	"math"
	"strconv"
	"sync"

	"golang.org/x/image/draw"

	"github.com/raportjst/raportjst/generator/graphic"
)

const (
	// finest is the resolution beyond which a picture is scaled down: no printer shows more.
	finest = 400.0 / 72 // pixels per point
	// mostPixels guards against files that unpack to more than memory holds.
	mostPixels = 64 << 20
)

// xobject is a picture as a PDF holds it: its samples, and its mask where it is
// transparent.
type xobject struct {
	entries string // of the stream's dictionary
	data    []byte
	mask    *xobject
}

// imageSet is the pictures of one document, each once, in order of first use.
type imageSet struct {
	names map[imageKey]string
	list  []*xobject
}

// imageKey is a picture at a size: scaled down, it differs from itself at another size.
type imageKey struct {
	sum  [sha256.Size]byte
	w, h int // pixels wanted
}

// use adds a picture and returns its name in the resource dictionary.
func (s *imageSet) use(r *graphic.Raster) (string, error) {
	if !(r.W > 0 && r.W < limit && r.H > 0 && r.H < limit) {
		return "", fmt.Errorf("draw picture: %v × %v is no size", r.W, r.H)
	}
	key := imageKey{sha256.Sum256(r.Data), int(math.Ceil(r.W * finest)), int(math.Ceil(r.H * finest))}
	if name, ok := s.names[key]; ok {
		return name, nil
	}
	x, err := recent.of(key, r.Data)
	if err != nil {
		return "", err
	}
	name := "I" + strconv.Itoa(len(s.list))
	if s.names == nil {
		s.names = map[imageKey]string{}
	}
	s.names[key] = name
	s.list = append(s.list, x)
	return name, nil
}

// write puts all pictures into the file and returns the entries of the resource dictionary.
func (s *imageSet) write(f *file) string {
	entries := ""
	for i, x := range s.list {
		more := ""
		if x.mask != nil {
			mask := f.reserve(1)
			f.stored(mask, x.mask.entries, x.mask.data)
			more = "/SMask " + strconv.Itoa(mask) + " 0 R"
		}
		number := f.reserve(1)
		f.stored(number, x.entries+more, x.data)
		entries += "/I" + strconv.Itoa(i) + " " + strconv.Itoa(number) + " 0 R"
	}
	return entries
}

// imageCache keeps the pictures of the last reports: the logo of a union is on all of
// them, a coat of arms on one. It holds a fixed number, so a worker's memory stays flat.
type imageCache struct {
	mu   sync.Mutex
	ring [8]struct {
		key imageKey
		x   *xobject
	}
	next int
}

var recent imageCache

func (c *imageCache) of(key imageKey, data []byte) (*xobject, error) {
	c.mu.Lock()
	for i := range c.ring {
		if e := &c.ring[i]; e.x != nil && e.key == key {
			c.mu.Unlock()
			return e.x, nil
		}
	}
	c.mu.Unlock()
	x, err := newXObject(data, key.w, key.h)
	if err != nil {
		return nil, fmt.Errorf("read picture: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ring[c.next].key, c.ring[c.next].x = key, x
	c.next = (c.next + 1) % len(c.ring)
	return x, nil
}

// newXObject reads a PNG or JPEG that is to be shown in w × h pixels at most. A JPEG in
// grey or three colours that is not much larger goes in as it is; everything else becomes
// samples in DeviceRGB (the output intent says sRGB).
func newXObject(data []byte, w, h int) (*xobject, error) {
	config, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	if config.Width <= 0 || config.Height <= 0 || config.Width > mostPixels/config.Height {
		return nil, fmt.Errorf("%d × %d pixels are too many", config.Width, config.Height)
	}
	decoded, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	if format == "jpeg" && config.Width <= 2*w && config.Height <= 2*h {
		switch config.ColorModel {
		case color.GrayModel:
			return &xobject{entries: dictionary("DeviceGray", "DCTDecode", config.Width, config.Height), data: data}, nil
		case color.YCbCrModel:
			return &xobject{entries: dictionary("DeviceRGB", "DCTDecode", config.Width, config.Height), data: data}, nil
		}
	}
	return sampled(decoded, min(w, config.Width), min(h, config.Height))
}

func dictionary(space, filter string, w, h int) string {
	return fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/%s/BitsPerComponent 8/Filter/%s", w, h, space, filter)
}

// sampled scales a picture to w × h and parts its colours from its transparency.
func sampled(decoded image.Image, w, h int) (*xobject, error) {
	if w == 0 || h == 0 {
		return nil, errors.New("no room for a pixel")
	}
	pixels := image.NewNRGBA(image.Rect(0, 0, w, h))
	if b := decoded.Bounds(); b.Dx() == w && b.Dy() == h {
		draw.Draw(pixels, pixels.Rect, decoded, b.Min, draw.Src)
	} else {
		draw.CatmullRom.Scale(pixels, pixels.Rect, decoded, b, draw.Src, nil)
	}
	colors, alpha := make([]byte, 0, 3*w*h), make([]byte, 0, w*h)
	clear := false
	for p := pixels.Pix; len(p) > 0; p = p[4:] {
		colors = append(colors, p[:3]...)
		alpha = append(alpha, p[3])
		clear = clear || p[3] != 0xFF
	}
	x := &xobject{entries: dictionary("DeviceRGB", "FlateDecode", w, h), data: deflated(colors)}
	if clear {
		x.mask = &xobject{entries: dictionary("DeviceGray", "FlateDecode", w, h), data: deflated(alpha)}
	}
	return x, nil
}
