package pdf

import (
	"bytes"
	"crypto/sha256"
	"fmt"

	"github.com/klauspost/compress/zlib"
)

// level is the compression level of everything that is made anew for a report. It was
// chosen by BenchmarkLevels: up to here a level saves some percent for a quarter more time,
// from 7 on twice the time buys two percent.
const level = 6

// perStream is how many objects share an object stream: enough to compress well, few
// enough that a reader need not unpack the whole structure for one page.
const perStream = 1000

// place is where an object stands: at an offset of the file, or in an object stream.
type place struct {
	stream int // number of the object stream; 0: at offset
	offset int // or index within the stream
}

// file writes the objects of one PDF 1.7 file: streams at once, everything else packed in
// object streams (ISO 32000-1, 7.5.7), closed by a cross-reference stream (7.5.8). It is
// reused from report to report; its memory is what the largest one needed.
type file struct {
	out    []byte
	places []place // by object number; [0] is unused
	index  []byte  // head of the open object stream: number and offset of each object
	body   []byte  // its objects
	held   []int   // their numbers
	z      *zlib.Writer
}

func newFile() *file {
	f := &file{}
	var err error
	if f.z, err = zlib.NewWriterLevel((*sink)(f), level); err != nil {
		panic(err) // the level is a constant
	}
	f.reset()
	return f
}

// reset begins a file.
func (f *file) reset() {
	f.out = append(f.out[:0], "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n"...)
	f.places = append(f.places[:0], place{})
	f.index, f.body, f.held = f.index[:0], f.body[:0], f.held[:0]
}

// sink is the file as the compressor sees it.
type sink file

func (s *sink) Write(p []byte) (int, error) {
	s.out = append(s.out, p...)
	return len(p), nil
}

// reserve takes n object numbers in a row and returns the first.
func (f *file) reserve(n int) int {
	first := len(f.places)
	for range n {
		f.places = append(f.places, place{})
	}
	return first
}

// begin opens an object that is not a stream; its text is appended to f.body until end.
func (f *file) begin(number int) {
	if len(f.held) == perStream {
		f.flush()
	}
	f.index = append(appendInt(append(appendInt(f.index, number), ' '), len(f.body)), ' ')
	f.held = append(f.held, number)
}

func (f *file) end() { f.body = append(f.body, '\n') }

// object writes a whole object.
func (f *file) object(number int, text string) {
	f.begin(number)
	f.body = append(f.body, text...)
	f.end()
}

// flush writes the open object stream.
func (f *file) flush() {
	if len(f.held) == 0 {
		return
	}
	number := f.reserve(1)
	for i, n := range f.held {
		f.places[n] = place{number, i}
	}
	f.stream(number, fmt.Sprintf("/Type/ObjStm/N %d/First %d", len(f.held), len(f.index)), f.index, f.body)
	f.index, f.body, f.held = f.index[:0], f.body[:0], f.held[:0]
}

// stream compresses data and writes it as a stream object.
func (f *file) stream(number int, entries string, data ...[]byte) {
	// The length stands before the data: room for it is left and filled in later.
	const room = "0000000000"
	f.open(number, entries+"/Filter/FlateDecode")
	f.out = append(f.out, room...)
	at := len(f.out)
	f.out = append(f.out, ">>stream\n"...)
	start := len(f.out)
	f.z.Reset((*sink)(f))
	for _, d := range data {
		_, _ = f.z.Write(d) // the sink never fails
	}
	_ = f.z.Close()
	for n, i := len(f.out)-start, at-1; n > 0; n, i = n/10, i-1 {
		f.out[i] = byte('0' + n%10)
	}
	f.out = append(f.out, "\nendstream\nendobj\n"...)
}

// stored writes data, encoded already, as a stream object. entries names its filter.
func (f *file) stored(number int, entries string, data []byte) {
	f.open(number, entries)
	f.out = append(appendInt(f.out, len(data)), ">>stream\n"...)
	f.out = append(append(f.out, data...), "\nendstream\nendobj\n"...)
}

func (f *file) open(number int, entries string) {
	f.places[number] = place{offset: len(f.out)}
	f.out = append(append(appendInt(f.out, number), " 0 obj\n<<"...), entries...)
	f.out = append(f.out, "/Length "...)
}

// finish writes what is left and the cross-reference stream, and returns the file. Its
// identifier is the digest of all that stands before.
func (f *file) finish(root, info int) ([]byte, error) {
	f.flush()
	number := f.reserve(1)
	sum := sha256.Sum256(f.out)
	f.places[number] = place{offset: len(f.out)}
	for n, p := range f.places[1:] {
		if p == (place{}) {
			return nil, fmt.Errorf("finish file: object %d was reserved and never written", n+1)
		}
	}
	at := len(f.out)
	f.stream(number, fmt.Sprintf("/Type/XRef/Size %d/W[1 4 2]/Root %d 0 R/Info %d 0 R/ID[<%X><%X>]/DecodeParms<</Predictor 12/Columns %d>>",
		len(f.places), root, info, sum[:16], sum[:16], columns), f.crossReference())
	f.out = append(appendInt(append(f.out, "startxref\n"...), at), "\n%%EOF\n"...)
	return bytes.Clone(f.out), nil
}

// columns is the width of a row of the cross-reference stream: type, offset or stream, index.
const columns = 7

// crossReference is the table as rows, each but its first byte the difference to the row
// before (PNG predictor "up"), which makes runs of objects in one stream all alike.
func (f *file) crossReference() []byte {
	b := make([]byte, 0, (columns+1)*len(f.places))
	var before, row [columns]byte
	for n, p := range f.places {
		kind, v, w := 1, p.offset, 0
		if n == 0 {
			kind, w = 0, 0xFFFF
		} else if p.stream > 0 {
			kind, v, w = 2, p.stream, p.offset
		}
		row = [columns]byte{byte(kind), byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v), byte(w >> 8), byte(w)}
		b = append(b, 2)
		for i := range row {
			b = append(b, row[i]-before[i])
		}
		before = row
	}
	return b
}
