package pdf

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// program is a TrueType font program (ISO/IEC 14496-22) as tables.
type program struct {
	tables map[string][]byte
	loca   func(glyph int) int // offset of a glyph in glyf
	glyphs int
	long   int // number of entries of hmtx with an advance
}

// Flags of a component of a composite glyph.
const (
	wordArguments   = 1 << 0
	hasScale        = 1 << 3
	moreComponents  = 1 << 5
	hasXYScale      = 1 << 6
	hasTwoByTwo     = 1 << 7
	hasInstructions = 1 << 8
)

var errTruncated = errors.New("font is cut short")

// readProgram finds the tables a PDF needs.
func readProgram(data []byte) (p *program, err error) {
	defer truncated(&err)
	p = &program{tables: map[string][]byte{}}
	for i := range int(binary.BigEndian.Uint16(data[4:])) {
		entry := data[12+16*i:]
		offset, length := int(binary.BigEndian.Uint32(entry[8:])), int(binary.BigEndian.Uint32(entry[12:]))
		p.tables[string(entry[:4])] = data[offset : offset+length]
	}
	for _, tag := range []string{"head", "hhea", "maxp", "hmtx", "loca", "glyf", "OS/2"} {
		if p.tables[tag] == nil {
			return nil, fmt.Errorf("font has no table %s", tag)
		}
	}
	p.glyphs = int(binary.BigEndian.Uint16(p.tables["maxp"][4:]))
	p.long = int(binary.BigEndian.Uint16(p.tables["hhea"][34:]))
	loca := p.tables["loca"]
	if binary.BigEndian.Uint16(p.tables["head"][50:]) == 0 {
		p.loca = func(g int) int { return 2 * int(binary.BigEndian.Uint16(loca[2*g:])) }
	} else {
		p.loca = func(g int) int { return int(binary.BigEndian.Uint32(loca[4*g:])) }
	}
	return p, nil
}

// truncated turns a read beyond the end of a font into an error.
func truncated(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("%w: %v", errTruncated, r)
	}
}

// subset makes a font program whose glyph n is the glyph wanted[n] of p, followed by the
// glyphs they are composed of. Hinting, which no screen or printer of today follows, and
// everything a PDF does not read is left out; so is the outline of glyph 0 where it stands
// for a code that is not in use. p is not changed.
func (p *program) subset(wanted []uint16) (out []byte, err error) {
	defer truncated(&err)
	order := slices.Clone(wanted)
	number := map[uint16]uint16{} // of components
	var glyf, loca, hmtx []byte
	for i := 0; i < len(order); i++ {
		old := int(order[i])
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		hmtx = append(hmtx, p.metrics(old)...)
		data := p.tables["glyf"][p.loca(old):p.loca(old+1)]
		if len(data) == 0 || i > 0 && old == 0 {
			continue
		}
		if int16(binary.BigEndian.Uint16(data)) >= 0 {
			glyf = appendSimple(glyf, data)
		} else {
			glyf = appendComposite(glyf, data, func(component uint16) uint16 {
				n, ok := number[component]
				if !ok {
					n = uint16(len(order))
					number[component] = n
					order = append(order, component)
				}
				return n
			})
		}
		for len(glyf)%4 > 0 {
			glyf = append(glyf, 0)
		}
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))

	head, hhea, maxp := slices.Clone(p.tables["head"]), slices.Clone(p.tables["hhea"]), slices.Clone(p.tables["maxp"])
	binary.BigEndian.PutUint32(head[8:], 0)
	binary.BigEndian.PutUint16(head[50:], 1) // long offsets
	binary.BigEndian.PutUint16(hhea[34:], uint16(len(order)))
	binary.BigEndian.PutUint16(maxp[4:], uint16(len(order)))
	binary.BigEndian.PutUint16(maxp[26:], 0) // size of instructions
	return assemble(map[string][]byte{"head": head, "hhea": hhea, "maxp": maxp, "hmtx": hmtx, "loca": loca, "glyf": glyf}), nil
}

// metrics is a glyph's advance and left side bearing.
func (p *program) metrics(g int) []byte {
	hmtx := p.tables["hmtx"]
	if g < p.long {
		return hmtx[4*g : 4*g+4]
	}
	bearing := 4*p.long + 2*(g-p.long)
	return append(slices.Clone(hmtx[4*p.long-4:4*p.long-2]), hmtx[bearing:bearing+2]...)
}

// appendSimple copies a simple glyph without its instructions.
func appendSimple(b, data []byte) []byte {
	contours := int(binary.BigEndian.Uint16(data))
	head := 10 + 2*contours
	instructions := int(binary.BigEndian.Uint16(data[head:]))
	b = append(append(b, data[:head]...), 0, 0)
	return append(b, data[head+2+instructions:]...)
}

// appendComposite copies a composite glyph without its instructions, its components
// renumbered.
func appendComposite(b, data []byte, renumber func(uint16) uint16) []byte {
	b = append(b, data[:10]...)
	for at, flags := 10, uint16(moreComponents); flags&moreComponents > 0; {
		flags = binary.BigEndian.Uint16(data[at:])
		b = binary.BigEndian.AppendUint16(b, flags&^hasInstructions)
		b = binary.BigEndian.AppendUint16(b, renumber(binary.BigEndian.Uint16(data[at+2:])))
		n := 2
		if flags&wordArguments > 0 {
			n = 4
		}
		switch {
		case flags&hasScale > 0:
			n += 2
		case flags&hasXYScale > 0:
			n += 4
		case flags&hasTwoByTwo > 0:
			n += 8
		}
		b = append(b, data[at+4:at+4+n]...)
		at += 4 + n
	}
	return b
}

// assemble writes a font file from its tables.
func assemble(tables map[string][]byte) []byte {
	tags := slices.Sorted(maps.Keys(tables))
	n := len(tags)
	power, log := 1, 0
	for power*2 <= n {
		power, log = power*2, log+1
	}
	out := binary.BigEndian.AppendUint32(nil, 0x00010000)
	for _, v := range []int{n, 16 * power, log, 16 * (n - power)} {
		out = binary.BigEndian.AppendUint16(out, uint16(v))
	}
	offset := len(out) + 16*n
	head := 0
	for _, tag := range tags {
		if tag == "head" {
			head = offset
		}
		out = append(out, tag...)
		for _, v := range []uint32{checksum(tables[tag]), uint32(offset), uint32(len(tables[tag]))} {
			out = binary.BigEndian.AppendUint32(out, v)
		}
		offset += (len(tables[tag]) + 3) &^ 3
	}
	for _, tag := range tags {
		out = append(out, tables[tag]...)
		for len(out)%4 > 0 {
			out = append(out, 0)
		}
	}
	binary.BigEndian.PutUint32(out[head+8:], 0xB1B0AFBA-checksum(out))
	return out
}

// checksum is the sum of a table's words.
func checksum(b []byte) (sum uint32) {
	for ; len(b) >= 4; b = b[4:] {
		sum += binary.BigEndian.Uint32(b)
	}
	var rest [4]byte
	copy(rest[:], b)
	return sum + binary.BigEndian.Uint32(rest[:])
}
