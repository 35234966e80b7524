package sheet

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/normal"
)

// survey looks at the bytes of a text as they pass.
type survey struct {
	head    []byte
	last    byte
	invalid bool // not UTF-8
	rest    []byte
	count   [256]int
}

func (s *survey) Write(p []byte) (int, error) {
	if len(s.head) < 4 {
		s.head = append(s.head, p[:min(4, len(p))]...)
	}
	s.last = p[len(p)-1]
	for _, c := range p {
		s.count[c]++
	}
	if s.invalid {
		return len(p), nil
	}
	b := append(s.rest, p...)
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			if !utf8.FullRune(b) {
				break
			}
			s.invalid = true
			return len(p), nil
		}
		b = b[n:]
	}
	s.rest = append(s.rest[:0], b...)
	return len(p), nil
}

// The bytes of Polish letters that differ between Windows-1250 and ISO 8859-2: ą ś ź Ą Ś Ź.
// The other Polish letters are the same in both.
const (
	onlyWindows = "\xb9\x9c\x9f\xa5\x8c\x8f"
	onlyISO     = "\xb1\xb6\xbc\xa1\xa6\xac"
)

// charset tells the encoding from the bytes of the whole file.
func (s *survey) charset() (string, encoding.Encoding, error) {
	switch head := string(s.head); {
	case strings.HasPrefix(head, "\xff\xfe"):
		return "UTF-16", unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM), nil
	case strings.HasPrefix(head, "\xfe\xff"):
		return "UTF-16", unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM), nil
	case s.count[0] > 0 && len(s.head) == 4 && s.head[1] == 0 && s.head[3] == 0 && s.head[0] != 0 && s.head[2] != 0:
		return "UTF-16", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), nil
	case s.count[0] > 0 && len(s.head) == 4 && s.head[0] == 0 && s.head[2] == 0 && s.head[1] != 0 && s.head[3] != 0:
		return "UTF-16", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), nil
	case s.count[0] > 0:
		return "", nil, errors.New("to nie jest plik tekstowy")
	case !s.invalid && len(s.rest) == 0:
		return "UTF-8", nil, nil
	case strings.HasPrefix(head, "\xef\xbb\xbf"):
		return "", nil, errors.New("plik zapowiada kodowanie UTF-8, ale zawiera inne bajty")
	}
	windows, iso := 0, 0
	for c := 0x80; c < 0xa0; c++ {
		windows += s.count[c] // no printable character of ISO 8859-2 is here
	}
	for i := range len(onlyWindows) {
		if c := onlyWindows[i]; c >= 0xa0 {
			windows += s.count[c]
		}
		iso += s.count[onlyISO[i]]
	}
	switch {
	case windows > 0 && iso > 0:
		return "", nil, errors.New("nie można rozpoznać kodowania znaków")
	case iso > 0:
		return "ISO 8859-2", charmap.ISO8859_2, nil
	}
	return "Windows-1250", charmap.Windows1250, nil
}

func (f *File) openText(r io.Reader) error {
	var s survey
	if err := f.digest(r, MaxText, &s); err != nil {
		return err
	}
	var err error
	if f.Charset, f.decoder, err = s.charset(); err != nil {
		return f.fault(err.Error(), "zapisz plik jako „CSV UTF-8”")
	}
	f.returns = s.count['\r'] > 0 && s.count['\n'] == 0
	f.Whole = s.last == '\n' || s.last == '\r' || f.Charset == "UTF-16"
	return f.findSeparator()
}

// text opens the file as UTF-8 without a byte order mark.
func (f *File) text() (io.ReadCloser, error) {
	in, err := f.open()
	if err != nil {
		return nil, f.unreadable(err)
	}
	var r io.Reader = in
	if f.decoder != nil {
		r = f.decoder.NewDecoder().Reader(r)
	} else {
		r = unicode.UTF8BOM.NewDecoder().Reader(r)
	}
	if f.returns {
		r = lineFeeds{r}
	}
	return struct {
		io.Reader
		io.Closer
	}{r, in}, nil
}

// lineFeeds puts the ends of lines that Excel for the Mac still writes, CR alone, as LF.
type lineFeeds struct{ r io.Reader }

func (l lineFeeds) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	for i, c := range p[:n] {
		if c == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}

// separators in order of trust: a comma is last, for it stands in Polish numbers.
var separators = []rune{';', '\t', '|', ','}

// findSeparator takes the separator that splits the first rows into the same number of
// fields, at least two.
func (f *File) findSeparator() error {
	in, err := f.text()
	if err != nil {
		return err
	}
	defer in.Close()
	head, err := head(in)
	if err != nil {
		return &fault.Fault{Where: f.At(1, 0), What: err.Error(), Hint: "sprawdź, czy to plik CSV"}
	}
	if told, ok := strings.CutPrefix(head, "sep="); ok && told != "" { // as Excel writes it for itself
		f.comma, f.told = rune(told[0]), true
		return nil
	}
	best, fields := rune(0), 1
	for _, comma := range separators {
		r := csv.NewReader(strings.NewReader(head))
		r.Comma = comma
		rows, err := r.ReadAll()
		if err != nil || len(rows) == 0 {
			continue // another number of fields, or quotes that stand otherwise
		}
		if n := len(rows[0]); n > 1 && best == 0 {
			best, fields = comma, n
		}
	}
	if best == 0 {
		// Rows of different lengths under every separator: take the one that the first row
		// has, so that the reader can name the row that is wrong.
		first, _, _ := strings.Cut(head, "\n")
		for _, comma := range separators {
			if n := strings.Count(first, string(comma)); n >= fields {
				best, fields = comma, n+1
			}
		}
	}
	if best == 0 {
		best = ';' // one column
	}
	f.comma = best
	return nil
}

// head is the first rows of a text, at most 64 and 256 kB, ending at the end of a line.
func head(r io.Reader) (string, error) {
	b := bufio.NewReaderSize(r, maxRow)
	var out strings.Builder
	for n := 0; n < 64 && out.Len() < 256<<10; n++ {
		line, err := b.ReadSlice('\n')
		out.Write(line)
		switch {
		case errors.Is(err, io.EOF):
			return out.String(), nil
		case errors.Is(err, bufio.ErrBufferFull):
			return "", errors.New("wiersz ma ponad milion znaków")
		case err != nil:
			return "", fmt.Errorf("nie można odczytać pliku: %w", err)
		}
	}
	return out.String(), nil
}

func (f *File) textRows(yield func(Row, error) bool) {
	in, err := f.text()
	if err != nil {
		yield(Row{}, err)
		return
	}
	defer in.Close()
	r := csv.NewReader(&lineLimit{r: in, left: maxRow})
	r.Comma, r.FieldsPerRecord = f.comma, -1
	within := 0 // lines of the file that no spreadsheet shows as rows
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			yield(Row{}, f.syntax(err))
			return
		}
		line, _ := r.FieldPos(0)
		if f.told && line == 1 {
			within++
			continue
		}
		if len(cells) > maxColumns {
			yield(Row{}, &fault.Fault{Where: f.At(line, 0), What: fmt.Sprintf("wiersz ma %d kolumn", len(cells)), Hint: "sprawdź, czy to właściwy plik"})
			return
		}
		grid := line - within
		for i, c := range cells {
			within += strings.Count(c, "\n")
			if m := keptText.FindStringSubmatch(c); m != nil {
				c = m[1]
			}
			cells[i] = normal.Line(c)
		}
		if !yield(Row{Line: line, Grid: grid, Cells: cells}, nil) {
			return
		}
	}
}

// keptText is how programs write a text that Excel is to leave as it is: ="020101".
var keptText = regexp.MustCompile(`^="([^"]*)"$`)

// syntax puts a fault of the CSV syntax into words.
func (f *File) syntax(err error) error {
	var p *csv.ParseError
	if !errors.As(err, &p) {
		if errors.Is(err, errLongLine) {
			return &fault.Fault{Where: f.At(0, 0), What: "wiersz ma ponad milion znaków", Hint: "sprawdź, czy to plik CSV", Err: err}
		}
		return f.unreadable(err)
	}
	what := "błędny cudzysłów"
	if errors.Is(p.Err, csv.ErrBareQuote) {
		return &fault.Fault{
			Where: f.At(p.StartLine, 0), What: what + " w środku pola, jak w zapisie =\"0201\"",
			Hint: "otwórz plik w programie Excel lub LibreOffice i zapisz go jako XLSX albo „CSV UTF-8”", Err: err,
		}
	}
	if p.Line != p.StartLine || errors.Is(p.Err, csv.ErrQuote) {
		what = "cudzysłów bez pary"
	}
	return &fault.Fault{
		Where: f.At(p.StartLine, 0), What: what,
		Hint: "plik może być ucięty albo mieć inny separator; pobierz go jeszcze raz", Err: err,
	}
}

var errLongLine = errors.New("line too long")

// lineLimit fails on a line without an end, so that one cannot fill the memory.
type lineLimit struct {
	r    io.Reader
	left int
}

func (l *lineLimit) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	for _, c := range p[:n] {
		if l.left--; c == '\n' {
			l.left = maxRow
		}
		if l.left < 0 {
			return 0, errLongLine
		}
	}
	return n, err
}
