package docx_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
	"github.com/raportjst/raportjst/generator/docx"
)

// referring writes a document with the look of another.
func referring(t *testing.T, d *document.Document, reference []byte) []byte {
	t.Helper()
	r, err := docx.ReadReference(reference)
	if err != nil {
		t.Fatal(err)
	}
	a, err := (&docx.Writer{Reference: r}).Write(t.Context(), d, "raport", nil)
	if err != nil {
		t.Fatal(err)
	}
	return a.Data
}

// TestReference takes the look of a document in which styles have the ids of Polish Word,
// margins are wide, and lists and letterhead are its own.
func TestReference(t *testing.T) {
	office := write(t, &document.Document{Meta: document.Meta{Title: "Wzór", Head: "Urząd Gminy", Foot: "ul. Ratuszowa 1", Language: "pl-PL"}, Body: []document.Block{
		document.Section{ID: "a", Title: "Treść, której nikt nie przejmuje", Blocks: []document.Block{document.List{Ordered: true, Items: document.ItemsOf(document.Plainly("raz"))}}},
	}})
	for _, change := range [][2]string{{`"Heading1"`, `"Nagwek1"`}, {`"Caption"`, `"Legenda"`}, {`w:left="1020"`, `w:left="1700"`}, {`w:styleId="Rysunek"`, `w:styleId="Inny"`}, {`w:val="Rysunek"`, `w:val="Inny styl"`}} {
		office = rewrite(t, office, change[0], change[1])
	}
	d := documenttest.Report()
	data := referring(t, d, office)
	r := readBack(t, data)
	used := map[string]bool{}
	for _, p := range r.paragraphs {
		used[p.style] = true
		if _, ok := r.styles[p.style]; !ok {
			t.Errorf("style %q is not defined", p.style)
		}
	}
	if !used["Nagwek1"] || !used["Legenda"] || used["Heading1"] || used["Caption"] || r.styles["Rysunek"] != "Rysunek" {
		t.Errorf("styles used: %v", used)
	}
	body := string(r.parts["word/document.xml"])
	if !strings.Contains(body, `w:left="1700"`) || strings.Contains(body, "nikt nie przejmuje") {
		t.Error("the page is not that of the reference, or its text was taken")
	}
	if strings.Contains(body, `<w:tblW w:w="9865"`) { // 174 mm
		t.Error("tables are as wide as without the margins")
	}
	head, heads := "", 0
	for name, part := range r.parts {
		if strings.Contains(name, "header") {
			head, heads = string(part), heads+1
		}
	}
	if heads != 1 || !strings.Contains(head, "Urząd Gminy") || !strings.Contains(head, d.Meta.Tag) || strings.Contains(head, d.Meta.Head) {
		t.Errorf("%d headers: %s", heads, head)
	}
	if !bytes.Equal(data, referring(t, documenttest.Report(), office)) {
		t.Error("the same document and reference, another file")
	}
}

// TestReferenceRefuses what is no text document, or leaves no room.
func TestReferenceRefuses(t *testing.T) {
	narrow := rewrite(t, write(t, &document.Document{Meta: document.Meta{Title: "Wąski", Language: "pl-PL"}}), `w:left="1020"`, `w:left="8000"`)
	for what, data := range map[string][]byte{"text": []byte("zwykły tekst"), "nothing": nil, "a narrow page": narrow} {
		if _, err := docx.ReadReference(data); err == nil || !strings.Contains(err.Error(), "dokument wzorcowy") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// made is a reference as an office has it, made by python-docx.
const made = `
import sys, docx
from docx.shared import Mm, Pt, RGBColor
d = docx.Document()
s = d.sections[0]
s.left_margin = s.right_margin = Mm(25)
s.header.paragraphs[0].text = 'Urząd Gminy Lipnica Górna'
s.different_first_page_header_footer = True
s.first_page_header.paragraphs[0].text = 'Pismo pierwsze'
h = d.styles['Heading 1'].font
h.name, h.size, h.color.rgb = 'Georgia', Pt(20), RGBColor(0x80, 0, 0)
d.add_heading('Wzór', 1)
d.add_paragraph('punkt', style='List Bullet')
d.save(sys.argv[1])
`

const referred = `
import json, sys, docx
d = docx.Document(sys.argv[1])
s, h = d.sections[0], d.styles['Heading 1'].font
json.dump({'left': round(s.left_margin.mm), 'header': ' '.join(p.text for p in s.header.paragraphs), 'first': ' '.join(p.text for p in s.first_page_header.paragraphs),
  'font': h.name, 'size': h.size.pt, 'headings': len([p for p in d.paragraphs if p.style.name == 'Heading 1']), 'bullets': len([p for p in d.paragraphs if p.style.name == 'List Bullet'])}, sys.stdout)
`

// TestPythonReference takes the look of a document of python-docx, asks it what came over, and
// lets the Open XML SDK's port and LibreOffice read the result.
func TestPythonReference(t *testing.T) {
	python := os.Getenv("RAPORTJST_PYTHON")
	if python == "" {
		python = "python3"
	}
	heavy(t, python, "openxml-audit", "soffice", "pdftotext")
	path := filepath.Join(t.TempDir(), "urzad.docx")
	if out, err := exec.Command(python, "-c", made, path).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	office, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data := referring(t, documenttest.Report(), office)
	file := saved(t, data)
	out, err := exec.Command(python, "-c", referred, file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var got struct {
		Left, Headings, Bullets int
		Header, First, Font     string
		Size                    float64
	}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	if got.Left != 25 || got.Font != "Georgia" || got.Size != 20 || got.Headings < 5 || got.Bullets < 6 ||
		!strings.Contains(got.Header, "Urząd Gminy Lipnica Górna") || !strings.Contains(got.Header, "DANE PRZYKŁADOWE") || !strings.Contains(got.First, "Pismo pierwsze") || !strings.Contains(got.First, "DANE PRZYKŁADOWE") {
		t.Errorf("%+v", got)
	}
	if out, err := exec.Command("openxml-audit", "--format", "microsoft365", "--max-errors", "20", file).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if pages := paper(t, data); len(pages) < 8 || !strings.Contains(pages[0], "Pismo pierwsze") || !strings.Contains(pages[2], "Urząd Gminy Lipnica Górna") {
		t.Errorf("%d pages, the first\n%s", len(pages), pages[0])
	}
}
