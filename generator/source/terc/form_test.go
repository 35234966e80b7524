package terc

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/unicode"

	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/samples"
)

// sampleRows are the rows of the sample's register, without the mark of its encoding.
func sampleRows(t *testing.T) [][]string {
	t.Helper()
	raw, err := samples.FS.ReadFile("data/terc.csv")
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\ufeff"))))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// book writes rows as Excel keeps a CSV file that was opened with it: codes are numbers,
// days are dates, and a title may stand above.
func book(t *testing.T, rows [][]string, title bool) []byte {
	t.Helper()
	f := excelize.NewFile()
	at := 1
	if title {
		if err := f.SetCellStr("Sheet1", "A1", "Wykaz jednostek"); err != nil {
			t.Fatal(err)
		}
		at = 3
	}
	day, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		for j, c := range row {
			name, err := excelize.CoordinatesToCellName(j+1, at+i)
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			switch {
			case c == "":
				continue
			case i > 0 && j < 4:
				if _, err := fmt.Sscan(strings.TrimLeft(c, "0"), &n); err != nil {
					t.Fatal(err)
				}
				err = f.SetCellInt("Sheet1", name, int64(n))
			case c == "2026-01-01":
				if err = f.SetCellInt("Sheet1", name, 46023); err == nil {
					err = f.SetCellStyle("Sheet1", name, name, day)
				}
			default:
				err = f.SetCellStr("Sheet1", name, c)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The register is the same in every form in which offices have it.
func TestForms(t *testing.T) {
	rows := sampleRows(t)
	var elements, attributes, bare strings.Builder
	for i, row := range rows {
		for j := range row {
			row := slices.Clone(row)
			if i > 0 && j < 3 {
				row[j] = strings.TrimPrefix(row[j], "0")
			}
			bare.WriteString(row[j] + map[bool]string{true: "\n", false: ";"}[j == len(row)-1])
		}
		if i == 0 {
			continue
		}
		elements.WriteString("<row>")
		attributes.WriteString("<row>")
		for j, c := range row {
			fmt.Fprintf(&elements, "<%s>%s</%[1]s>\n", rows[0][j], c)
			fmt.Fprintf(&attributes, "<col name=%q>%s</col>", rows[0][j], c)
		}
		elements.WriteString("</row>\n")
		attributes.WriteString("</row>")
	}
	wide := func(s string) []byte {
		out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return []byte(out)
	}
	want, err := Read(t.Context(), samples.FS, "data/terc.csv")
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"XML":                {},
		"XML, new":           []byte("\ufeff<?xml version='1.0' encoding='UTF-8'?>\n<teryt><catalog name='TERC' date='2026-01-01'>" + elements.String() + "</catalog></teryt>"),
		"XML, old":           []byte("<?xml version='1.0'?><teryt><catalog name=\"TERC\" type=\"all\">" + attributes.String() + "</catalog></teryt>"),
		"XLSX":               book(t, rows, false),
		"XLSX under a title": book(t, rows, true),
		"without zeros":      []byte(bare.String()),
		"under a title":      []byte("Wykaz jednostek;;;;;;\n;;;;;;\n" + bare.String()),
		"UTF-16":             wide(bare.String()),
		"XML, UTF-16":        wide("<?xml version='1.0' encoding='UTF-16'?>\n<teryt><catalog name='TERC' date='2026-01-01'>" + elements.String() + "</catalog></teryt>"),
		"second worksheet":   second(t, rows),
	} {
		if len(data) == 0 {
			continue
		}
		have, err := Read(t.Context(), fstest.MapFS{"terc": {Data: data}}, "terc")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if have.State != want.State || !reflect.DeepEqual(have.Areas, want.Areas) || len(have.Digest) != 64 {
			t.Errorf("%s: %d areas of %s", name, len(have.Areas), have.State)
		}
	}
}

// second is a workbook with the register on its second worksheet.
func second(t *testing.T, rows [][]string) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	if _, err := f.NewSheet("TERC"); err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellStr("Sheet1", "A1", "Opis"); err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		if err := f.SetSheetRow("TERC", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What only looks like a register is called by its name.
func TestNoRegister(t *testing.T) {
	for data, want := range map[string]string{
		"<html><body>Sesja wygasła</body></html>":                  "to strona internetowa, a nie plik TERC",
		"<teryt><catalog name='SIMC'><row/></catalog></teryt>":     "to plik SIMC, a potrzebny jest TERC",
		"WOJ;POW;GMI;SYM;NAZWA;STAN_NA\n02;01;01;1;x;2026-01-01\n": "brak kolumny RODZ; to plik SIMC (miejscowości), a potrzebny jest TERC",
		"kod;nazwa\n02;x\n": "wiersz 1: brak kolumny WOJ",
		"<teryt><catalog name='TERC'><row><WOJ>02</WOJ><NAZWA>x</NAZWA></row": "plik może być ucięty",
	} {
		if _, err := Read(t.Context(), fstest.MapFS{"t": {Data: []byte(data)}}, "t"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", data, err, want)
		}
	}
}

// A register of Poland from which something is missing is refused.
func TestWhole(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(shared(t), "TERC_Urzedowy_2026-01-08.csv"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(raw), "\n")
	keep := func(drop func(line string) bool) string {
		return strings.Join(slices.DeleteFunc(slices.Clone(lines), drop), "")
	}
	for name, c := range map[string]struct{ data, want string }{
		"half":           {strings.Join(lines[:len(lines)/2], ""), "rejestr nie jest pełny: ma województw"},
		"a voivodeship":  {keep(func(l string) bool { return strings.HasPrefix(l, "32;") }), "województw 15 z 16, powiatów i miast na prawach powiatu 359 z 380"},
		"a powiat":       {keep(func(l string) bool { return strings.HasPrefix(l, "30;21;") }), "miast na prawach powiatu 379 z 380"},
		"a gmina":        {keep(func(l string) bool { return strings.HasPrefix(l, "30;21;05;") }), "gmin 2478 z 2479"},
		"a gmina more":   {string(raw) + "30;21;99;2;Nowa;gmina wiejska;2026-01-01\r\n", "rejestr ma więcej jednostek, niż jest ich w Polsce"},
		"whole":          {string(raw), ""},
		"a year to come": {strings.ReplaceAll(keep(func(l string) bool { return strings.HasPrefix(l, "30;21;05;") }), ";2026-01-01", ";2027-01-01"), ""},
	} {
		_, err := Read(t.Context(), fstest.MapFS{"t.csv": {Data: []byte(c.data)}}, "t.csv")
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// An area under another code is the same area where somebody says so, and nowhere else.
func TestSame(t *testing.T) {
	const before = "98;;;;A;województwo;2026-01-01\n98;01;;;b;powiat;2026-01-01\n98;01;01;2;C;gmina wiejska;2026-01-01\n"
	from, to := state(t, before), state(t, strings.NewReplacer("98;01;01", "98;01;07", "2026", "2027").Replace(before))
	changes := func(same ...Same) []stat.Change {
		t.Helper()
		r, _, err := Build([]*Register{from, to}, nil, same...)
		if err != nil {
			t.Fatal(err)
		}
		a, _ := r.Area("980107")
		return a.Changes
	}
	if have := changes(); len(have) != 1 || have[0].Kind != stat.ChangeBoundary {
		t.Errorf("%v, want a new area", have)
	}
	same, err := ReadSame(fstest.MapFS{"z.toml": {Data: []byte("\ufeff# ta sama gmina\n[[same]]\nold = \"980101\"\nnew = \"980107\"\nyear = 2027\n")}}, "z.toml")
	if err != nil {
		t.Fatal(err)
	}
	want := []stat.Change{{Year: 2027, Kind: stat.ChangeCode, From: "980101"}}
	if have := changes(same...); !slices.Equal(have, want) {
		t.Errorf("%v, want %v", have, want)
	}
	// Told after the register was built, it is no new area any more.
	r, _, err := Build([]*Register{from, to}, nil)
	if err != nil {
		t.Fatal(err)
	}
	later, _, err := Build([]*Register{Of(r)}, nil, same...)
	if a, _ := later.Area("980107"); err != nil || !slices.Equal(a.Changes, want) {
		t.Errorf("%v, %v", a.Changes, err)
	}
	if d := Compare(from, to, same...); len(maps.Collect(maps.All(d.Changes))) != 0 {
		t.Errorf("changes %v", d.Changes)
	}
}

func TestSameRefused(t *testing.T) {
	for data, want := range map[string]string{
		"":           "nie zawiera żadnego wpisu",
		"[[same]]\n": "„” to nie kod gminy",
		"[[same]]\nold = 980101\nnew = \"980107\"\n":                                                                           "wiersz 2: błąd w zapisie",
		"[[same]]\nold = \"980101\"\nnew = \"980107\"\nyaer = 2027\n":                                                          "wiersz 4: błąd w zapisie",
		"[[same]]\nold = \"980101\"\nnew = \"9801\"\nyear = 2027\n":                                                            "kod innego szczebla",
		"[[same]]\nold = \"980101\"\nnew = \"980101\"\nyear = 2027\n":                                                          "już użyty",
		"[[same]]\nold = \"980101\"\nnew = \"980107\"\n":                                                                       "year = 0 to nie rok",
		"[[same]]\nold = \"980101\"\nnew = \"980107\"\nyear = 2027\n[[same]]\nold = \"980101\"\nnew = \"980108\"\nyear = 2027": "wpis 2: „980101”",
	} {
		_, err := ReadSame(fstest.MapFS{"z.toml": {Data: []byte(data)}}, "z.toml")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", data, err, want)
		}
	}
	s := state(t, "98;;;;A;województwo;2026-01-01\n98;01;;;b;powiat;2026-01-01\n98;01;01;2;C;gmina wiejska;2026-01-01\n")
	for _, x := range []Same{{Old: "980102", New: "980103", Year: 2026}, {Old: "9801", New: "980101", Year: 2026}} {
		if _, _, err := Build([]*Register{s}, nil, x); err == nil {
			t.Errorf("%+v is taken", x)
		}
	}
}

// The day of a state is read as eTERYT writes it and as programs of offices leave it; one that
// may be read in two ways is refused.
func TestDays(t *testing.T) {
	for text, want := range map[string]string{"08.01.2026 00:00": "2026-01-08", "2026-01-08T00:00:00Z": "2026-01-08", "20260108": "2026-01-08", "08/01/2026": "", "46030": ""} {
		r, err := Read(t.Context(), fstest.MapFS{"a.csv": {Data: []byte(head + "98;;;;A;województwo;" + text + "\n98;01;;;b;powiat;" + text + "\n98;01;01;2;C;gmina wiejska;" + text + "\n")}}, "a.csv")
		if want == "" {
			if err == nil || !strings.Contains(err.Error(), "data stanu „"+text+"”") {
				t.Errorf("%q: %v", text, err)
			}
		} else if err != nil || r.State != want {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
