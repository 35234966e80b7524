package sheet

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/raportjst/raportjst/generator/fault"
)

// rows reads a file as one text: cells by "|", rows by their line.
func rows(t testing.TB, fsys fs.FS, name, worksheet string) (string, *File, error) {
	t.Helper()
	f, err := Open(fsys, name)
	if err != nil {
		return "", nil, err
	}
	defer f.Close()
	var out []string
	for r, err := range f.Rows(t.Context(), worksheet) {
		if err != nil {
			return "", f, err
		}
		out = append(out, fmt.Sprintf("%d %s", r.Line, strings.Join(r.Cells, "|")))
	}
	return strings.Join(out, "\n"), f, nil
}

func text(data string) fs.FS { return fstest.MapFS{"dane/f.csv": {Data: []byte(data)}} }

// TestCharsets writes the same rows in every encoding that spreadsheets in Poland write.
func TestCharsets(t *testing.T) {
	const want = "1 kod|nazwa\n2 0201|Łąka Świętokrzyska – źdźbło"
	const data = "kod;nazwa\r\n0201;Łąka Świętokrzyska – źdźbło\r\n"
	windows, err := charmap.Windows1250.NewEncoder().String(data)
	if err != nil {
		t.Fatal(err)
	}
	const noDash = "kod;nazwa\n0201;Łąka Świętokrzyska, źdźbło\n"
	iso, err := charmap.ISO8859_2.NewEncoder().String(noDash)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(data)
	if err != nil {
		t.Fatal(err)
	}
	big, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, data, charset, want string }{
		{"plain", data, "UTF-8", want},
		{"marked", "\ufeff" + data, "UTF-8", want},
		{"windows", windows, "Windows-1250", want},
		{"iso", iso, "ISO 8859-2", "1 kod|nazwa\n2 0201|Łąka Świętokrzyska, źdźbło"},
		{"utf-16", wide, "UTF-16", want},
		{"utf-16 big", big, "UTF-16", want},
		{"shared letters", "kod;nazwa\n0201;\xb3\xf3\xbfko\n", "Windows-1250", "1 kod|nazwa\n2 0201|łóżko"},
	} {
		have, f, err := rows(t, text(c.data), "dane/f.csv", "")
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if have != c.want || f.Charset != c.charset || !f.Whole || f.Name != "f.csv" {
			t.Errorf("%s: %s, whole %v:\n%s", c.name, f.Charset, f.Whole, have)
		}
	}
}

// TestCharsetAcrossBlocks has a letter at every place of the border between two blocks of
// a copy.
func TestCharsetAcrossBlocks(t *testing.T) {
	for shift := range 4 {
		data := strings.Repeat("x", 32<<10-2-shift) + "łęł;b\n"
		if _, f, err := rows(t, text("a;b\n"+data), "dane/f.csv", ""); err != nil || f.Charset != "UTF-8" {
			t.Errorf("shift %d: %+v, %v", shift, f, err)
		}
	}
}

func TestSeparators(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"semicolon", "a;b;c\n1;2,5;3\n", "1 a|b|c\n2 1|2,5|3"},
		{"tab", "a\tb\n1,5\t2,5\n", "1 a|b\n2 1,5|2,5"},
		{"comma", "a,b\n1.5,\"2,5\"\n", "1 a|b\n2 1.5|2,5"},
		{"bar", "a|b\n1|2\n", "1 a|b\n2 1|2"},
		{"decimal commas only", "a;b\n1,5;2,5\n", "1 a|b\n2 1,5|2,5"},
		{"one column", "a\n1\n", "1 a\n2 1"},
		{"quoted header", "\"Kod\";\"x;2022;[zł];\"\n02;5,0\n", "1 Kod|x;2022;[zł];\n2 02|5,0"},
		{"trailing", "a;b;\n1;2;\n", "1 a|b|\n2 1|2|"},
		{"empty rows", "a;b\n\n;\n1;2\n", "1 a|b\n4 1|2"},
		{"quoted line break", "a;b\n\"x\ny\";2\n3;4\n", "1 a|b\n2 x y|2\n4 3|4"},
		{"spaces", "a ;\u00a0b\n 1; 2\n", "1 a|b\n2 1|2"},
		{"uneven", "a;b;c\n1;2\n1,2;3;4;5\n", "1 a|b|c\n2 1|2\n3 1,2|3|4|5"},
	} {
		have, _, err := rows(t, text(c.data), "dane/f.csv", "")
		if err != nil || have != c.want {
			t.Errorf("%s: %v\n%s", c.name, err, have)
		}
	}
}

func TestWhole(t *testing.T) {
	_, f, err := rows(t, text("a;b\n1;2"), "dane/f.csv", "")
	if err != nil || f.Whole {
		t.Errorf("a last line without an end is whole: %v", err)
	}
}

// book makes a workbook.
func book(t testing.TB) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for cell, v := range map[string]any{"A1": "Kod", "B1": "cecha", "A2": "", "B2": "2020", "A3": "0201011", "B3": 17.6, "C3": "-", "A5": "x"} {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.MergeCell("Sheet1", "B1", "C1"); err != nil {
		t.Fatal(err)
	}
	style, err := f.NewStyle(&excelize.Style{NumFmt: 3})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellStyle("Sheet1", "B3", "B3", style); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWorkbook(t *testing.T) {
	fsys := fstest.MapFS{"a.xlsx": {Data: book(t)}}
	have, f, err := rows(t, fsys, "a.xlsx", "Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	if want := "1 Kod|cecha\n2 |2020\n3 0201011|17.6|-\n5 x"; have != want {
		t.Errorf("rows:\n%s\nwant:\n%s", have, want)
	}
	if !f.Workbook() || !f.Whole || f.Worksheets()[0] != "Sheet1" || len(f.Digest) != 64 {
		t.Errorf("%+v", f)
	}
}

// packed makes a ZIP of files.
func packed(t testing.TB, names ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, n := range names {
		w, err := z.Create(n)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(w, "a;b\n1;%s\n", n)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestPacked reads a CSV as BDL packs it.
func TestPacked(t *testing.T) {
	raw := packed(t, "LUDN_2137_CREL_20220407210714.csv")
	have, f, err := rows(t, fstest.MapFS{"a.zip": {Data: raw}}, "a.zip", "")
	if err != nil || have != "1 a|b\n2 1|LUDN_2137_CREL_20220407210714.csv" {
		t.Errorf("%s, %v", have, err)
	}
	plain, g, err := rows(t, text("a;b\n1;LUDN_2137_CREL_20220407210714.csv\n"), "dane/f.csv", "")
	if err != nil || plain != have || f.Digest == g.Digest {
		t.Errorf("the digest is not that of the archive: %v", err)
	}
	have, _, err = rows(t, fstest.MapFS{"mac.zip": {Data: packed(t, "a.csv", "__MACOSX/._a.csv", "._a.csv")}}, "mac.zip", "")
	if err != nil || have != "1 a|b\n2 1|a.csv" {
		t.Errorf("a package made on a Mac: %s, %v", have, err)
	}
}

// TestToldSeparator takes the separator that a file says in its first line, for Excel.
func TestToldSeparator(t *testing.T) {
	for _, s := range []string{";", ",", "\t", "|"} {
		have, _, err := rows(t, text("sep="+s+"\r\na"+s+"b\r\n1"+s+"2\r\n"), "dane/f.csv", "")
		if err != nil || have != "2 a|b\n3 1|2" {
			t.Errorf("%q: %s, %v", s, have, err)
		}
	}
}

// bomb packs a file that says it is larger than all that is read.
func bomb(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	if _, err := z.CreateRaw(&zip.FileHeader{Name: "xl/worksheets/sheet1.xml", UncompressedSize64: MaxUnzipped + 1, Method: zip.Deflate}); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// liar packs a text whose header says it is small.
func liar(t *testing.T) []byte {
	t.Helper()
	raw := packed(t, "a.csv")
	// The uncompressed size stands at offset 24 of the central directory's entry.
	at := bytes.Index(raw, []byte("PK\x01\x02")) + 24
	raw[at] = 3
	return raw
}

// huge is a file that says it has two gigabytes.
type huge struct{ fs.FileInfo }

func (huge) Open(string) (fs.File, error) { return huge{}, nil }
func (huge) Stat() (fs.FileInfo, error)   { return huge{}, nil }
func (huge) Read([]byte) (int, error)     { panic("a file too large is read") }
func (huge) Close() error                 { return nil }
func (huge) Size() int64                  { return 2 << 30 }
func (huge) IsDir() bool                  { return false }
func (huge) ModTime() time.Time           { return time.Time{} }

func TestRefused(t *testing.T) {
	xlsx := book(t)
	for _, c := range []struct {
		name, data, where, what string
	}{
		{"empty", "", "plik f.csv", "plik jest pusty"},
		{"old office", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "plik f.csv", "stary format plików Office"},
		{"pdf", "%PDF-1.7\n", "plik f.csv", "to jest dokument PDF"},
		{"html", "\ufeff\n<!DOCTYPE html><table>", "plik f.csv", "to jest strona HTML"},
		{"html as excel", "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\">", "plik f.csv", "to jest strona HTML"},
		{"xml", "<?xml version=\"1.0\"?><Workbook/>", "plik f.csv", "to jest plik XML"},
		{"rtf", "{\\rtf1 kod", "plik f.csv", "RTF"},
		{"png", "\x89PNG\r\n\x1a\n", "plik f.csv", "obraz PNG"},
		{"gzip", "\x1f\x8b\x08\x00", "plik f.csv", "GZIP"},
		{"workbook in a zip", string(packed(t, "dane/raport.xlsx")), "plik f.csv", "archiwum ZIP z plikiem „raport.xlsx”"},
		{"word", string(packed(t, "[Content_Types].xml", "word/document.xml")), "plik f.csv", "dokument programu Word"},
		{"binary workbook", string(packed(t, "[Content_Types].xml", "xl/workbook.bin")), "plik f.csv", "XLSB"},
		{"binary", "\x00\x01;\x02\n", "plik f.csv", "to nie jest plik tekstowy"},
		{"charsets", "kod;nazwa\n\xb1\xb6;\x9c\xb9\n", "plik f.csv", "nie można rozpoznać kodowania"},
		{"broken mark", "\xef\xbb\xbfkod;\xb3\n", "plik f.csv", "zapowiada kodowanie UTF-8"},
		{"cut quote", "\"Kod\";\"Nazwa\"\n0201;\"Bolesł", "plik f.csv, wiersz 2", "cudzysłów bez pary"},
		{"stray quote", "a;b\n0201;x\"y\n", "plik f.csv, wiersz 2", "błędny cudzysłów"},
		{"endless", "a;b\n" + strings.Repeat("x", maxRow+1), "plik f.csv, wiersz 1", "ponad milion znaków"},
		{"endless later", strings.Repeat("a;b\n", 100) + strings.Repeat("x", maxRow+1), "plik f.csv", "ponad milion znaków"},
		{"columns", strings.Repeat(";", maxColumns+1) + "\n", "plik f.csv, wiersz 1", "kolumn"},
		{"cut workbook", string(xlsx[:len(xlsx)/2]), "plik f.csv", "uszkodzony plik XLSX"},
		{"bomb", string(bomb(t)), "plik f.csv", "po rozpakowaniu ma ponad"},
		{"liar", string(liar(t)), "plik f.csv", "nie można odczytać pliku"},
		{"two texts", string(packed(t, "a.csv", "b.csv")), "plik f.csv", "plików CSV: 2"},
		{"no text", string(packed(t, "a.txt")), "plik f.csv", "plików CSV: 0"},
		{"no book", string(packed(t, "[Content_Types].xml")), "plik f.csv", "uszkodzony plik XLSX"},
	} {
		_, _, err := rows(t, text(c.data), "dane/f.csv", "")
		isFault(t, c.name, err, c.where, c.what)
	}
	_, _, err := rows(t, fstest.MapFS{"a.xlsx": {Data: xlsx}}, "a.xlsx", "TABLICA")
	isFault(t, "worksheet", err, "plik a.xlsx", "brak arkusza „TABLICA”")
	_, _, err = rows(t, text("a"), "dane/brak.csv", "")
	isFault(t, "missing", err, "plik brak.csv", "nie ma takiego pliku")
	_, _, err = rows(t, text("a"), "dane", "")
	isFault(t, "folder", err, "plik dane", "katalog")
	_, _, err = rows(t, huge{}, "f.csv", "")
	isFault(t, "huge", err, "plik f.csv", "plik jest większy niż 512 MB")
}

func isFault(t *testing.T, name string, err error, where, what string) {
	t.Helper()
	var f *fault.Fault
	if !errors.As(err, &f) || f.Where != where || !strings.Contains(f.What, what) || f.Hint == "" {
		t.Errorf("%s: %v, want %s: %s", name, err, where, what)
	}
}

func TestCancelled(t *testing.T) {
	f, err := Open(text("a;b\n"+strings.Repeat("1;2\n", 5000)), "dane/f.csv")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	n := 0
	for _, err = range f.Rows(ctx, "") {
		n++
	}
	if !errors.Is(err, context.Canceled) || n > 1025 {
		t.Errorf("%d rows after the end: %v", n, err)
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		text string
		want float64
	}{
		{"0", 0},
		{"17", 17},
		{"-3", -3},
		{"+3", 3},
		{"−3,5", -3.5},
		{"17,6", 17.6},
		{"0,0", 0},
		{",5", 0.5},
		{"1 234 567,89", 1234567.89},
		{"1\u00a0234", 1234},
		{"-1\u202f234,5", -1234.5},
		{"280620185,69", 280620185.69},
	} {
		var n Numbers
		if v, err := n.Parse(c.text); err != nil || v != c.want {
			t.Errorf("%q: %v, %v", c.text, v, err)
		}
	}
	for s, want := range map[string]float64{"1.234,50": 1234.5, "2.345.678,90": 2345678.9, "1.100.000": 1100000, "1,100,000": 1100000, "-1,234.5": -1234.5} { // their marks can be read in one way
		var n Numbers
		if v, err := n.Parse(s); err != nil || v != want {
			t.Errorf("%q: %v, %v", s, v, err)
		}
	}
	for _, all := range [][2]string{{"1.100.000", "1.234"}, {"1,100,000", "12,5"}, {"12.5", "1.234,5"}} { // one of them is read wrongly
		var n Numbers
		_, first := n.Parse(all[0])
		if _, err := n.Parse(all[1]); first != nil || !errors.Is(err, ErrMarks) {
			t.Errorf("%q: %v, %v", all, first, err)
		}
	}
	for _, s := range []string{"17.600000000000001", "1.2E-2", "1e3"} {
		var n Numbers
		if _, err := n.Parse(s); err != nil {
			t.Errorf("%q of a worksheet: %v", s, err)
		}
	}
	for _, s := range []string{"", "-", "x", "1,2,3", "1.23,4", "1.234,567.8", "1.2345,5", "0.123,5", "1.100.00", "12 34", "1 2345", "NaN", "inf", "0x10", "1_000", "1-2", "--1", "1e400", "12%", "E", "1 234e2", "  ", "１"} {
		var n Numbers
		if v, err := n.Parse(s); err == nil {
			t.Errorf("%q is read as %v", s, v)
		}
	}
}

// TestNumbersKeepMark has a file with both marks: one of them parts thousands.
func TestNumbersKeepMark(t *testing.T) {
	var n Numbers
	for _, s := range []string{"5", "1,5", "2,25"} {
		if _, err := n.Parse(s); err != nil {
			t.Fatal(err)
		}
	}
	if v, err := n.Parse("1.234"); !errors.Is(err, ErrMarks) {
		t.Errorf("1.234 beside 1,5 is %v, %v", v, err)
	}
}

func FuzzNumbers(f *testing.F) {
	for _, s := range []string{"1 234,5", "-0.5", "1e3", "x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var n Numbers
		v, err := n.Parse(s)
		if err == nil && (v != v || v > 1e308 || v < -1e308) {
			t.Errorf("%q is read as %v", s, v)
		}
	})
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte("\ufeffa;b\n1;\"2\"\n"))
	f.Add([]byte("a\tb\n\xb3\t2"))
	f.Add(book(f))
	f.Add(packed(f, "a.csv"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		file, err := Open(fstest.MapFS{"f": {Data: raw}}, "f")
		if err != nil {
			var fa *fault.Fault
			if !errors.As(err, &fa) {
				t.Errorf("no fault: %v", err)
			}
			return
		}
		defer file.Close()
		names := append(file.Worksheets(), "")
		for _, name := range names {
			line := 0
			for r, err := range file.Rows(t.Context(), name) {
				if err == nil && r.Line <= line {
					t.Errorf("line %d after %d", r.Line, line)
				}
				line = r.Line
			}
		}
	})
}

// FuzzWorksheet puts any bytes in place of the worksheet of a good workbook: behind the
// compression and the checksum a fuzzer would not come far.
func FuzzWorksheet(f *testing.F) {
	raw := book(f)
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		f.Fatal(err)
	}
	const part = "xl/worksheets/sheet1.xml"
	f.Add([]byte(`<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Kod</t></is></c></row><row><c t="s"><v>0</v></c></row></sheetData><mergeCells count="1"><mergeCell ref="B1:C1"/></mergeCells></worksheet>`))
	for _, p := range z.File {
		if p.Name == part {
			in, err := p.Open()
			if err != nil {
				f.Fatal(err)
			}
			var b bytes.Buffer
			if _, err := b.ReadFrom(in); err != nil {
				f.Fatal(err)
			}
			f.Add(b.Bytes())
		}
	}
	f.Fuzz(func(t *testing.T, xml []byte) {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for _, p := range z.File {
			if p.Name != part {
				if err := w.Copy(p); err != nil {
					t.Fatal(err)
				}
			}
		}
		out, err := w.CreateHeader(&zip.FileHeader{Name: part, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := out.Write(xml); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		file, err := Open(fstest.MapFS{"f": {Data: b.Bytes()}}, "f")
		if err != nil {
			return
		}
		defer file.Close()
		readWorksheet(t, file, "Sheet1")
	})
}

// readWorksheet reads the first rows of any worksheet as numbers.
func readWorksheet(t *testing.T, file *File, name string) {
	line := 0
	for r, err := range file.Rows(t.Context(), name) {
		if err == nil && r.Line <= line {
			t.Errorf("line %d after %d", r.Line, line)
		}
		if line = r.Line; line > 5000 {
			return
		}
		for i := range r.Cells {
			var n Numbers
			if v, err := n.Value(r, i, "km"); err == nil && (v != v || v > 1e308 || v < -1e308) {
				t.Errorf("%q is read as %v", r.Cell(i), v)
			}
		}
	}
}
