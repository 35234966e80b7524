package pdf

import (
	"encoding/binary"
	"math"
	"sync"
)

// srgb is the profile of the output intent: sRGB (IEC 61966-2-1) as an ICC version 2
// matrix profile, D50-adapted, deflated. It is made here so that none is shipped.
var srgb = sync.OnceValue(func() []byte { return deflated(srgbProfile()) })

func srgbProfile() []byte {
	const curvePoints = 1024
	xyz := func(x, y, z float64) []byte {
		b := append([]byte("XYZ "), 0, 0, 0, 0)
		for _, v := range []float64{x, y, z} {
			b = binary.BigEndian.AppendUint32(b, uint32(int32(math.Round(v*65536)))) // s15Fixed16
		}
		return b
	}
	curve := append([]byte("curv"), 0, 0, 0, 0)
	curve = binary.BigEndian.AppendUint32(curve, curvePoints)
	for i := range curvePoints {
		v := float64(i) / (curvePoints - 1)
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		curve = binary.BigEndian.AppendUint16(curve, uint16(math.Round(v*65535)))
	}
	description := append([]byte("desc"), 0, 0, 0, 0)
	const name = "sRGB IEC61966-2.1\x00"
	description = append(binary.BigEndian.AppendUint32(description, uint32(len(name))), name...)
	description = append(description, make([]byte, 8+3+67)...) // no Unicode, no Macintosh name
	tags := []struct {
		name string
		data []byte
	}{
		{"desc", description},
		{"cprt", append([]byte("text\x00\x00\x00\x00"), "No copyright, use freely\x00"...)},
		{"wtpt", xyz(0.9642, 1, 0.8249)},
		{"rXYZ", xyz(0.43607, 0.22249, 0.01392)},
		{"gXYZ", xyz(0.38515, 0.71687, 0.09708)},
		{"bXYZ", xyz(0.14307, 0.06061, 0.71410)},
		{"rTRC", curve},
		{"gTRC", nil}, // as rTRC
		{"bTRC", nil},
	}
	b := make([]byte, 128, 4096)
	binary.BigEndian.PutUint32(b[8:], 0x02100000) // version 2.1
	copy(b[12:], "mntrRGB XYZ ")
	copy(b[24:], []byte{0x07, 0xB4, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0}) // 1972-01-01: the profile has no date of its own
	copy(b[36:], "acsp")
	copy(b[68:], xyz(0.9642, 1, 0.8249)[8:]) // illuminant D50
	b = binary.BigEndian.AppendUint32(b, uint32(len(tags)))
	at := len(b) + 12*len(tags)
	var body []byte
	offset, length := 0, 0
	for _, t := range tags {
		if t.data != nil {
			offset, length = at+len(body), len(t.data)
			body = append(body, t.data...)
			for len(body)%4 > 0 {
				body = append(body, 0)
			}
		}
		b = append(b, t.name...)
		b = binary.BigEndian.AppendUint32(b, uint32(offset))
		b = binary.BigEndian.AppendUint32(b, uint32(length))
	}
	b = append(b, body...)
	binary.BigEndian.PutUint32(b, uint32(len(b)))
	return b
}
