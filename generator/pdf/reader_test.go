package pdf

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"testing"
	"unicode/utf16"
)

// A small reader of PDF files, written from the standard and sharing nothing with the
// writer: the tests read with it what the writer wrote.

type (
	name  string
	str   string
	ref   int
	dict  map[name]any
	array []any
	op    string // operator of a content stream, or a keyword
)

// stream is a stream object with its data unpacked.
type stream struct {
	dict
	data []byte
	raw  []byte
}

// lexer takes tokens from PDF syntax (7.2, 7.3).
type lexer struct {
	b  []byte
	at int
}

func space(c byte) bool {
	return c == 0 || c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' '
}

func delimiter(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }

func (l *lexer) skip() {
	for l.at < len(l.b) {
		switch {
		case space(l.b[l.at]):
			l.at++
		case l.b[l.at] == '%':
			for l.at < len(l.b) && l.b[l.at] != '\n' && l.b[l.at] != '\r' {
				l.at++
			}
		default:
			return
		}
	}
}

func (l *lexer) regular() string {
	start := l.at
	for l.at < len(l.b) && !space(l.b[l.at]) && !delimiter(l.b[l.at]) {
		l.at++
	}
	return string(l.b[start:l.at])
}

// value reads the next object or operator; io.EOF at the end.
func (l *lexer) value() (any, error) {
	l.skip()
	if l.at >= len(l.b) {
		return nil, io.EOF
	}
	rest := l.b[l.at:]
	switch c := l.b[l.at]; {
	case bytes.HasPrefix(rest, []byte("<<")):
		l.at += 2
		return l.dictionary()
	case bytes.HasPrefix(rest, []byte(">>")):
		l.at += 2
		return op(">>"), nil
	case c == '[':
		l.at++
		var a array
		for {
			v, err := l.value()
			if err != nil {
				return nil, fmt.Errorf("array: %w", err)
			}
			if v == op("]") {
				return a, nil
			}
			a = fold(append(a, v))
		}
	case c == ']':
		l.at++
		return op("]"), nil
	case c == '/':
		l.at++
		raw := l.regular()
		var b []byte
		for i := 0; i < len(raw); i++ {
			if raw[i] == '#' {
				n, err := strconv.ParseUint(raw[i+1:i+3], 16, 8)
				if err != nil {
					return nil, err
				}
				b = append(b, byte(n))
				i += 2
				continue
			}
			b = append(b, raw[i])
		}
		return name(b), nil
	case c == '(':
		return l.literal()
	case c == '<':
		end := bytes.IndexByte(rest, '>')
		if end < 0 {
			return nil, fmt.Errorf("hex string does not end")
		}
		var b []byte
		if _, err := fmt.Sscanf(string(rest[1:end]), "%x", &b); err != nil {
			return nil, fmt.Errorf("hex string %q: %w", rest[:end+1], err)
		}
		l.at += end + 1
		return str(b), nil
	case delimiter(c):
		return nil, fmt.Errorf("stray %q at %d", c, l.at)
	}
	word := l.regular()
	if n, err := strconv.Atoi(word); err == nil {
		return n, nil
	}
	if n, err := strconv.ParseFloat(word, 64); err == nil && word[0] != 'N' && word[0] != 'I' && word[0] != 'i' {
		return n, nil
	}
	switch word {
	case "true":
		return true, nil
	case "false":
		return false, nil
	case "null":
		return nil, nil
	}
	return op(word), nil
}

// fold turns "1 0 R" at the end of a list into a reference.
func fold(a array) array {
	if n := len(a); n >= 3 && a[n-1] == op("R") {
		return append(a[:n-3], ref(a[n-3].(int)))
	}
	return a
}

func (l *lexer) dictionary() (any, error) {
	var a array
	for {
		v, err := l.value()
		if err != nil {
			return nil, fmt.Errorf("dictionary: %w", err)
		}
		if v == op(">>") {
			break
		}
		a = fold(append(a, v))
	}
	if len(a)%2 > 0 {
		return nil, fmt.Errorf("dictionary of %d tokens: %v", len(a), a)
	}
	d := dict{}
	for i := 0; i < len(a); i += 2 {
		k, ok := a[i].(name)
		if !ok {
			return nil, fmt.Errorf("key %v is no name", a[i])
		}
		if _, twice := d[k]; twice {
			return nil, fmt.Errorf("key %s twice", k)
		}
		d[k] = a[i+1]
	}
	return d, nil
}

func (l *lexer) literal() (any, error) {
	var b []byte
	depth := 0
	for ; l.at < len(l.b); l.at++ {
		switch c := l.b[l.at]; c {
		case '(':
			if depth++; depth > 1 {
				b = append(b, c)
			}
		case ')':
			if depth--; depth == 0 {
				l.at++
				return str(b), nil
			}
			b = append(b, c)
		case '\\':
			l.at++
			switch e := l.b[l.at]; e {
			case 'r':
				b = append(b, '\r')
			case 'n':
				b = append(b, '\n')
			case '(', ')', '\\':
				b = append(b, e)
			default:
				return nil, fmt.Errorf("unknown escape \\%c", e)
			}
		case '\r':
			b = append(b, '\n') // 7.3.4.2
		default:
			b = append(b, c)
		}
	}
	return nil, fmt.Errorf("string does not end")
}

// pdfFile is a file that was read.
type pdfFile struct {
	data    []byte
	objects map[int]any
	trailer dict
}

// readPDF reads a whole file through its cross-reference stream.
func readPDF(data []byte) (*pdfFile, error) {
	f := &pdfFile{data: data, objects: map[int]any{}}
	at := bytes.LastIndex(data, []byte("startxref"))
	if at < 0 {
		return nil, fmt.Errorf("no startxref")
	}
	l := &lexer{data, at + len("startxref")}
	offset, err := l.value()
	if err != nil {
		return nil, err
	}
	_, xref, err := f.at(offset.(int))
	if err != nil {
		return nil, fmt.Errorf("cross-reference stream: %w", err)
	}
	table := xref.(*stream)
	f.trailer = table.dict
	widths := table.dict["W"].(array)
	row, packed := table.data, map[int][]int{}
	for n := range table.dict["Size"].(int) {
		var fields [3]int
		for i, w := range widths {
			for range w.(int) {
				fields[i] = fields[i]<<8 | int(row[0])
				row = row[1:]
			}
		}
		switch fields[0] {
		case 1:
			number, v, err := f.at(fields[1])
			if err != nil {
				return nil, fmt.Errorf("object %d: %w", n, err)
			}
			if number != n {
				return nil, fmt.Errorf("object %d stands where %d should", number, n)
			}
			f.objects[n] = v
		case 2:
			packed[fields[1]] = append(packed[fields[1]], n)
		}
	}
	if len(row) > 0 {
		return nil, fmt.Errorf("%d bytes after the last cross-reference", len(row))
	}
	for container, want := range packed {
		got, err := f.unpack(container)
		if err != nil {
			return nil, fmt.Errorf("object stream %d: %w", container, err)
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			return nil, fmt.Errorf("object stream %d holds %v, not %v", container, got, want)
		}
	}
	return f, nil
}

// at reads the object at an offset.
func (f *pdfFile) at(offset int) (int, any, error) {
	l := &lexer{f.data, offset}
	var head [3]any
	for i := range head {
		var err error
		if head[i], err = l.value(); err != nil {
			return 0, nil, err
		}
	}
	if head[1] != 0 || head[2] != op("obj") {
		return 0, nil, fmt.Errorf("no object at %d: %v", offset, head)
	}
	v, err := l.value()
	if err != nil {
		return 0, nil, err
	}
	next, err := l.value()
	if err != nil {
		return 0, nil, err
	}
	if next == op("stream") {
		l.at++ // line feed
		d := v.(dict)
		s := &stream{dict: d, raw: f.data[l.at : l.at+d["Length"].(int)]}
		l.at += len(s.raw)
		if end, err := l.value(); err != nil || end != op("endstream") {
			return 0, nil, fmt.Errorf("stream of %d bytes does not end: %v, %v", len(s.raw), end, err)
		}
		if s.data, err = unfilter(d, s.raw); err != nil {
			return 0, nil, err
		}
		v = s
		if next, err = l.value(); err != nil {
			return 0, nil, err
		}
	}
	if next != op("endobj") {
		return 0, nil, fmt.Errorf("object ends with %v", next)
	}
	return head[0].(int), v, nil
}

func unfilter(d dict, raw []byte) ([]byte, error) {
	if d["Filter"] != name("FlateDecode") {
		return raw, nil
	}
	z, err := zlib.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(z)
	if err != nil {
		return nil, err
	}
	p, ok := d["DecodeParms"].(dict)
	if !ok {
		return data, nil
	}
	n := p["Columns"].(int)
	var out []byte
	above := make([]byte, n)
	for ; len(data) > 0; data = data[n+1:] {
		if data[0] != 2 {
			return nil, fmt.Errorf("row filter %d", data[0])
		}
		for i := range above {
			above[i] += data[i+1]
		}
		out = append(out, above...)
	}
	return out, nil
}

func (f *pdfFile) unpack(container int) ([]int, error) {
	s, ok := f.objects[container].(*stream)
	if !ok {
		return nil, fmt.Errorf("no stream")
	}
	var numbers []int
	index := &lexer{b: s.data}
	for range s.dict["N"].(int) {
		number, err := index.value()
		if err != nil {
			return nil, err
		}
		offset, err := index.value()
		if err != nil {
			return nil, err
		}
		l := &lexer{s.data, s.dict["First"].(int) + offset.(int)}
		v, err := l.value()
		if err != nil {
			return nil, fmt.Errorf("object %v: %w", number, err)
		}
		numbers = append(numbers, number.(int))
		f.objects[number.(int)] = v
	}
	return numbers, nil
}

// get follows references.
func (f *pdfFile) get(v any) any {
	for {
		r, ok := v.(ref)
		if !ok {
			return v
		}
		v = f.objects[int(r)]
	}
}

func (f *pdfFile) dict(v any) dict {
	switch v := f.get(v).(type) {
	case dict:
		return v
	case *stream:
		return v.dict
	}
	return nil
}

func (f *pdfFile) array(v any) array {
	a, _ := f.get(v).(array)
	return a
}

func (f *pdfFile) catalog() dict { return f.dict(f.trailer["Root"]) }

// pages are the references to the pages in order.
func (f *pdfFile) pages() []ref {
	var refs []ref
	for _, k := range f.array(f.dict(f.catalog()["Pages"])["Kids"]) {
		refs = append(refs, k.(ref))
	}
	return refs
}

// text decodes a text string.
func text(v any) string {
	s, _ := v.(str)
	if len(s) < 2 || s[:2] != "\xFE\xFF" {
		return string(s)
	}
	var units []uint16
	for b := s[2:]; len(b) >= 2; b = b[2:] {
		units = append(units, uint16(b[0])<<8|uint16(b[1]))
	}
	return string(utf16.Decode(units))
}

// operation is a step of a content stream.
type operation struct {
	op   op
	args array
}

func operations(t testing.TB, data []byte) []operation {
	t.Helper()
	l := &lexer{b: data}
	var out []operation
	var args array
	for {
		v, err := l.value()
		if err == io.EOF {
			if len(args) > 0 {
				t.Errorf("content ends with operands %v", args)
			}
			return out
		}
		if err != nil {
			t.Fatalf("content: %v", err)
		}
		if o, ok := v.(op); ok {
			out = append(out, operation{o, args})
			args = nil
			continue
		}
		args = append(args, v)
	}
}

// sortedObjects are the numbers of all objects.
func (f *pdfFile) sortedObjects() []int { return slices.Sorted(maps.Keys(f.objects)) }
