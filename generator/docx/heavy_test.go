package docx_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
)

// heavy skips a test that takes long or needs a program that not every machine has.
func heavy(t *testing.T, programs ...string) {
	t.Helper()
	if os.Getenv("RAPORTJST_HEAVY") == "" {
		t.Skip("set RAPORTJST_HEAVY=1 to run the tests that need LibreOffice, python-docx and openxml-audit")
	}
	for _, name := range programs {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("%s is not installed", name)
		}
	}
}

func saved(t *testing.T, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "raport.docx")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestValidity asks openxml-audit, a port of the validation of Microsoft's Open XML SDK, and
// checks first that it notices a broken document.
func TestValidity(t *testing.T) {
	heavy(t, "openxml-audit")
	check := func(data []byte) (string, error) {
		out, err := exec.Command("openxml-audit", "--format", "microsoft365", "--max-errors", "20", saved(t, data)).CombinedOutput()
		return string(out), err
	}
	good := write(t, documenttest.Report())
	for what, change := range map[string][2]string{
		"a relationship to nowhere":     {`Target="charts/chart1.xml"`, `Target="charts/none.xml"`},
		"an element out of its place":   {`<w:tblGrid>`, `<w:tr/><w:tblGrid>`},
		"an attribute that is no value": {`w:fldCharType="begin"`, `w:fldCharType="start"`},
		"a style that is not there":     {`<w:pStyle w:val="Caption"/>`, `<w:pStyle w:val="Kapcja"/>`},
	} {
		if out, err := check(rewrite(t, good, change[0], change[1])); err == nil {
			t.Errorf("the check accepts %s: %s", what, out)
		}
	}
	for name, d := range documents() {
		if out, err := check(write(t, d)); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

// rewrite changes a text in all parts.
func rewrite(t *testing.T, data []byte, old, to string) []byte {
	t.Helper()
	r := readBack(t, data)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	changed := false
	for name, part := range r.parts {
		p, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		changed = changed || bytes.Contains(part, []byte(old))
		if _, err := p.Write(bytes.ReplaceAll(part, []byte(old), []byte(to))); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil || !changed {
		t.Fatalf("%q: %v", old, err)
	}
	return out.Bytes()
}

// paper lets LibreOffice set a document and returns the words of its pages.
func paper(t *testing.T, data []byte) (pages []string) {
	t.Helper()
	in := saved(t, data)
	dir := filepath.Dir(in)
	c := exec.Command("soffice", "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", "pdf", "--outdir", dir, in)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("convert: %v: %s", err, out)
	}
	out, err := exec.Command("pdftotext", "-layout", filepath.Join(dir, "raport.pdf"), "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\f"), "\f")
}

// TestLibreOffice sets documents on pages: every heading, every word and number of the tables
// is there as often as it should be, and chapters begin where the table of contents says.
func TestLibreOffice(t *testing.T) {
	heavy(t, "soffice", "pdftotext")
	for name, d := range documents() {
		data := write(t, d)
		r := readBack(t, data)
		pages := paper(t, data)
		whole := strings.Join(pages, "\n")
		have, want := map[string]int{}, map[string]int{}
		for _, word := range strings.Fields(whole) {
			have[word]++
		}
		for _, x := range r.tables {
			for _, row := range x.rows {
				for _, cell := range row {
					for _, word := range strings.Fields(cell) {
						want[word]++
					}
				}
			}
		}
		missing := 0
		for word, n := range want {
			if have[word] < n && len([]rune(word)) < 20 && missing < 10 { // longer ones are broken
				t.Errorf("%s: %q stands %d times on paper, %d times in tables", name, word, have[word], n)
				missing++
			}
		}
		squeezed := squeeze(whole)
		for _, p := range r.paragraphs {
			if strings.HasPrefix(p.style, "Heading") || p.style == "Caption" {
				if !strings.Contains(squeezed, squeeze(p.text)) {
					t.Errorf("%s: %q is not on paper", name, p.text)
				}
			}
		}
		for _, p := range r.paragraphs {
			title, page, ok := strings.Cut(p.text, "\t")
			if p.style != "TOC1" || !ok {
				continue
			}
			said, err := strconv.Atoi(page)
			near := 0
			if name == "bloki" { // cells and texts longer than pages
				near = 3
			}
			stands := func(s string) bool { // a long title stands on several lines
				return strings.Contains(squeeze(s), squeeze(title))
			}
			if err != nil || !slices.ContainsFunc(pages[max(0, said-1-near):min(len(pages), said+near)], stands) {
				t.Errorf("%s: the contents say that %q stands on page %s", name, title, page)
			}
		}
	}
}

// asked is what python-docx finds in a document.
const asked = `
import json, sys, docx
d = docx.Document(sys.argv[1])
W = '{http://schemas.openxmlformats.org/wordprocessingml/2006/main}'
json.dump({
  'title': d.core_properties.title, 'language': d.core_properties.language,
  'styles': sorted({p.style.name for p in d.paragraphs}),
  'headings': [p.text for p in d.paragraphs if p.style.name.startswith('Heading')],
  'tables': [{'style': t.style.name, 'caption': t._tbl.tblPr.find(W+'tblCaption').get(W+'val'), 'rows': [[c.text for c in r.cells] for r in t.rows]} for t in d.tables],
  'alts': [e.get('descr') for e in d.element.body.iter('{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr')],
  'header': d.sections[0].header.paragraphs[0].text,
}, sys.stdout)
`

// TestPython reads documents with python-docx: styles, headings, tables, descriptions.
func TestPython(t *testing.T) {
	python := os.Getenv("RAPORTJST_PYTHON")
	if python == "" {
		python = "python3"
	}
	heavy(t, python)
	for name, d := range map[string]*document.Document{"bloki": documenttest.AllBlocks(), "projekt": documenttest.Report()} {
		data := write(t, d)
		c := exec.Command(python, "-c", asked, saved(t, data))
		var complaint bytes.Buffer
		c.Stderr = &complaint
		out, err := c.Output()
		if err != nil {
			t.Fatalf("%v: %s", err, &complaint)
		}
		var got struct {
			Title, Language, Header string
			Styles, Headings, Alts  []string
			Tables                  []struct {
				Style, Caption string
				Rows           [][]string
			}
		}
		if err := json.Unmarshal(out, &got); err != nil {
			t.Fatal(err)
		}
		r := readBack(t, data)
		if got.Title != d.Meta.Title || got.Language != "pl-PL" || !strings.Contains(got.Header, d.Meta.Tag) {
			t.Errorf("%s: title %q, language %q, header %q", name, got.Title, got.Language, got.Header)
		}
		for _, want := range []string{"Heading 1", "Caption", "List Bullet", "Title", "Źródło"} {
			if !slices.Contains(got.Styles, want) {
				t.Errorf("%s: no style %s among %q", name, want, got.Styles)
			}
		}
		if !slices.Equal(got.Alts, r.alts) || len(got.Alts) == 0 {
			t.Errorf("%s: descriptions %q", name, got.Alts)
		}
		if len(got.Tables) != len(r.tables) {
			t.Fatalf("%s: %d tables of %d", name, len(got.Tables), len(r.tables))
		}
		for i, x := range got.Tables {
			if x.Style != "Tabela raportu" || x.Caption != r.tables[i].caption || len(x.Rows) != len(r.tables[i].rows) {
				t.Errorf("%s: table %q of style %q has %d rows", name, x.Caption, x.Style, len(x.Rows))
			}
			for k, row := range x.Rows {
				for n, cell := range row {
					if squeeze(cell) != squeeze(r.tables[i].rows[k][n]) {
						t.Errorf("%s: %q is read as %q", name, r.tables[i].rows[k][n], cell)
					}
				}
			}
		}
	}
}
