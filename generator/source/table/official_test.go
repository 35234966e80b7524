package table_test

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/table"
	"github.com/raportjst/raportjst/generator/source/terc"
	"github.com/raportjst/raportjst/generator/stat"
)

// rawBook reads the cells of one worksheet from the XML of a workbook, without the library
// that the program reads it with: by row and column, as they are stored.
func rawBook(t *testing.T, path, worksheet string) map[int]map[string]string {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	part := func(name string, into any) {
		f, err := z.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		raw, err := io.ReadAll(f)
		if err == nil {
			err = xml.Unmarshal(raw, into)
		}
		if err != nil {
			t.Fatal(name, err)
		}
	}
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	var links struct {
		All []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	var shared struct {
		Texts []struct {
			T    string   `xml:"t"`
			Runs []string `xml:"r>t"`
		} `xml:"si"`
	}
	part("xl/workbook.xml", &book)
	part("xl/_rels/workbook.xml.rels", &links)
	part("xl/sharedStrings.xml", &shared)
	target := ""
	for i, s := range book.Sheets {
		if s.Name != worksheet && (worksheet != "" || i > 0) {
			continue
		}
		for _, l := range links.All {
			if l.ID == s.ID {
				target = "xl/" + strings.TrimPrefix(strings.TrimPrefix(l.Target, "/xl/"), "xl/")
			}
		}
	}
	var sheet struct {
		Rows []struct {
			R     int `xml:"r,attr"`
			Cells []struct {
				R string `xml:"r,attr"`
				T string `xml:"t,attr"`
				V string `xml:"v"`
				I string `xml:"is>t"`
			} `xml:"c"`
		} `xml:"sheetData>row"`
	}
	part(target, &sheet)
	out := map[int]map[string]string{}
	for _, row := range sheet.Rows {
		out[row.R] = map[string]string{}
		for _, c := range row.Cells {
			text := c.V
			switch c.T {
			case "s":
				n, err := strconv.Atoi(c.V)
				if err != nil {
					t.Fatal(err)
				}
				text = shared.Texts[n].T + strings.Join(shared.Texts[n].Runs, "")
			case "inlineStr":
				text = c.I
			}
			out[row.R][strings.TrimRight(c.R, "0123456789")] = text
		}
	}
	return out
}

var notDigits = regexp.MustCompile(`\D`)

// officialTables are tables as GUS, GUGiK and the Ministry of Finance publish them.
var officialTables = []struct {
	mapping, file, worksheet string
	code                     []string
	value                    string
	areas                    int
}{
	{"gus2.toml", "gus_pow_lud_2024.xlsx", "Tabl. 2", []string{"A"}, "C", 380},
	{"gus21.toml", "gus_pow_lud_2024.xlsx", "Tabl. 21", []string{"A"}, "C", 2477},
	{"gugik.toml", "gugik.xlsx", "", []string{"A"}, "C", 2876},
	{"mf.toml", "mf_gminy_2019.xlsx", "", []string{"A", "B", "C", "D"}, "L", 2411},
}

// oracle is the figures of an official table by code, parts of gminas left out.
func oracle(t *testing.T, path, worksheet string, code []string, value string) map[string]float64 {
	t.Helper()
	out := map[string]float64{}
	for _, row := range rawBook(t, path, worksheet) {
		c := ""
		for _, column := range code {
			c += notDigits.ReplaceAllString(row[column], "")
		}
		v, err := strconv.ParseFloat(row[value], 64)
		if err != nil || c == "" || len(c) == 7 && c[6] > '3' {
			continue
		}
		out[c[:min(len(c), 6)]] = v
	}
	return out
}

func country(t *testing.T) (*stat.Register, string) {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "..", "shared")
	if _, err := os.Stat(filepath.Join(dir, "cases", "tables")); err != nil {
		t.Skip("there is no folder ../shared/cases/tables with official tables beside the project")
	}
	state, err := terc.Read(t.Context(), os.DirFS(filepath.Join(dir, "data")), "register/TERC_Urzedowy_2026-01-08.csv")
	if err != nil {
		t.Fatal(err)
	}
	r, _, err := terc.Build([]*terc.Register{state}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r, filepath.Join(dir, "cases", "tables")
}

// TestOfficial reads official tables with a small mapping: every figure is that of an
// independent reading of the same file, and none is lost.
func TestOfficial(t *testing.T) {
	r, dir := country(t)
	for _, c := range officialTables {
		s, err := table.Open(t.Context(), os.DirFS(dir), c.mapping)
		if err != nil {
			t.Fatal(err)
		}
		want := oracle(t, filepath.Join(dir, c.file), c.worksheet, c.code, c.value)
		have := figures{}
		if err := s.Load(t.Context(), source.Query{Register: r}, have); err != nil {
			t.Errorf("%s: %v", c.mapping, err)
			continue
		}
		if len(want) != c.areas || len(have) != c.areas {
			t.Errorf("%s: %d figures, %d in the file, want %d", c.mapping, len(have), len(want), c.areas)
		}
		for code, v := range want {
			if x, ok := have[code]; !ok || x != v {
				t.Errorf("%s: %s is %v, want %v", c.mapping, code, x, v)
			}
		}
	}
}

// figures are the values of the first series by code.
type figures map[string]float64

func (f figures) Series(_ stat.Indicator, _ stat.Provenance, cells []source.Cell) error {
	for _, c := range cells {
		if v, ok := c.Value(); ok {
			f[string(c.Area)] = v
		}
	}
	return nil
}

// TestSmallTables reads tables of offices: codes as programs write them, a title above, a
// line that Excel puts first, words where figures are.
func TestSmallTables(t *testing.T) {
	r, dir := country(t)
	for _, c := range []struct{ mapping, want, wrong string }{
		{"code_float.toml", "020101/2024=5 020102/2024=6", ""},
		{"code_under.toml", "020101/2024=5 020102/2024=6", ""},
		{"code_t.toml", "020101/2024=5", ""},
		{"titlerow.toml", "020101/2024=5", ""},
		{"sepline.toml", "020101/2024=5", ""},
		{"num_zl.toml", "", "wiersz 2, kolumna 3: komórka pokazuje „1 234,50 zł”, a jednostką jest „szt.”"},
		{"num_bd.toml", "", "wiersz 7, kolumna 3: „#N/D!”: to nie jest liczba"},
	} {
		s, err := table.Open(t.Context(), os.DirFS(dir), c.mapping)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		err = s.Load(t.Context(), source.Query{Register: r}, short{&b})
		if c.wrong == "" && (err != nil || strings.TrimSpace(b.String()) != c.want) || c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)) {
			t.Errorf("%s: %v, %q", c.mapping, err, b.String())
		}
	}
}

// short writes the cells of every series on one line.
type short struct{ to *strings.Builder }

func (p short) Series(_ stat.Indicator, _ stat.Provenance, cells []source.Cell) error {
	for _, c := range cells {
		v, _ := c.Value()
		fmt.Fprintf(p.to, "%s/%d=%v ", c.Area, c.Period, v)
	}
	return nil
}
