package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/xuri/excelize/v2"
)

const odsSpaces = `xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"`

// odsFile packs the rows of a worksheet Dane as ODS.
func odsFile(t testing.TB, rows string, more ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	parts := append([]string{
		"mimetype", "application/vnd.oasis.opendocument.spreadsheet",
		"styles.xml", `<office:document-styles ` + odsSpaces + `><office:styles>
			<number:number-style style:name="N1"><number:number number:decimal-places="0" number:display-factor="1000"/></number:number-style>
			</office:styles></office:document-styles>`,
		"content.xml", `<?xml version="1.0"?><office:document-content ` + odsSpaces + `><office:automatic-styles>
			<style:style style:name="ce1" style:family="table-cell" style:data-style-name="N1"/><style:style style:name="T1" style:family="text"><style:text-properties style:text-position="super 58%"/></style:style><style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles>
			<office:body><office:spreadsheet><table:table table:name="Inny"><table:table-row><table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row></table:table>
			<table:table table:name="Dane">` + rows + `</table:table></office:spreadsheet></office:body></office:document-content>`,
	}, more...)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(w, parts[i+1])
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func odsRowsOf(t testing.TB, rows string) []Row {
	t.Helper()
	f, err := Open(fstest.MapFS{"a.ods": {Data: odsFile(t, rows)}}, "a.ods")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if have := strings.Join(f.Worksheets(), "|"); have != "Inny|Dane" || !f.Workbook() || !f.Whole {
		t.Fatalf("worksheets %s", have)
	}
	var out []Row
	for r, err := range f.Rows(t.Context(), "Dane") {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

// TestODSUnseen: a hidden worksheet is told from the others, and where zeros are not shown
// nobody has seen one.
func TestODSUnseen(t *testing.T) {
	raw := odsFile(t, `<table:table-row><table:table-cell office:value-type="float" office:value="0"><text:p>0</text:p></table:table-cell></table:table-row></table:table>
		<table:table table:name="Stare" table:style-name="ta2">`,
		"settings.xml", `<s xmlns:config="urn:oasis:names:tc:opendocument:xmlns:config:1.0"><config:config-item config:name="ShowZeroValues" config:type="boolean">false</config:config-item></s>`)
	f, err := Open(fstest.MapFS{"a.ods": {Data: raw}}, "a.ods")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if have := fmt.Sprint(f.Visible()); have != "[Inny Dane]" {
		t.Error(have)
	}
	for r := range f.Rows(t.Context(), "Dane") {
		if _, err := new(Numbers).Value(r, 0, "km"); err == nil || !strings.Contains(err.Error(), "wartość 0, której arkusz nie pokazuje") {
			t.Error(err)
		}
	}
}

// TestODSValues reads every kind of a cell as a number, or says why not.
func TestODSValues(t *testing.T) {
	cell := func(attrs, shown string) string {
		return `<table:table-row><table:table-cell ` + attrs + `>` + shown + `</table:table-cell></table:table-row>`
	}
	for _, c := range []struct {
		attrs, shown, unit string
		want               float64
		wrong              string
	}{
		{`office:value-type="float" office:value="12.5"`, "<text:p>13</text:p>", "km", 12.5, ""},
		{`office:value-type="float" office:value="-1234.5"`, "<text:p>-1 234,50</text:p>", "km", -1234.5, ""},
		{`office:value-type="percentage" office:value="0.675"`, "<text:p>67,5%</text:p>", "%", 67.5, ""},
		{`office:value-type="percentage" office:value="0.675"`, "<text:p>67,5%</text:p>", "km", 0, "a jednostką jest „km”"},
		{`office:value-type="float" office:value="1234567" table:style-name="ce1"`, "<text:p>1 235</text:p>", "tys. zł", 1234.567, ""},
		{`office:value-type="float" office:value="1234567"`, "<text:p>1 235</text:p>", "tys. zł", 0, "w postaci, której nie da się odczytać"},
		{`office:value-type="currency" office:currency="PLN" office:value="5"`, "<text:p>5,00 zł</text:p>", "zł", 5, ""},
		{`office:value-type="currency" office:currency="PLN" office:value="5"`, "<text:p>5,00 zł</text:p>", "mln zł", 0, "a jednostką jest „mln zł”"},
		{`office:value-type="float" office:value="0"`, "<text:p> -   </text:p>", "zł", 0, "„-”"}, // the reader of a table asks what a dash means
		{`office:value-type="float" office:value="0"`, "<text:p>- zł</text:p>", "zł", 0, "„-”"},
		{`office:value-type="float" office:value="-5"`, "<text:p>5</text:p>", "km", 0, "wartość -5, a jej format pokazuje liczbę z innym znakiem"},
		{`office:value-type="float" office:value="5"`, "<text:p>-5</text:p>", "km", 0, "z innym znakiem"},
		{`office:value-type="percentage" office:value="-0.05"`, "<text:p>5%</text:p>", "%", 0, "z innym znakiem"},
		{`office:value-type="float" office:value="-12345"`, "<text:p>1,23E+04</text:p>", "km", 0, "z innym znakiem"},
		{`office:value-type="float" office:value="-5"`, "<text:p>(5)</text:p>", "km", -5, ""},
		{`office:value-type="float" office:value="-5"`, "<text:p>5,0-</text:p>", "km", -5, ""},
		{`office:value-type="currency" office:value="-5"`, "<text:p>-5,00 zł</text:p>", "zł", -5, ""},
		{`office:value-type="float" office:value="5"`, "<text:p>5 szt.</text:p>", "szt.", 5, ""},
		{`office:value-type="float" office:value="-0.4"`, "<text:p>-0</text:p>", "km", -0.4, ""},
		{`office:value-type="float" office:value="0.5"`, "<text:p>&lt;1</text:p>", "", 0, "w postaci, której nie da się odczytać"},
		{`office:value-type="float" office:value="-35.396"`, "<text:p>-35+</text:p>", "km", 0, "w postaci, której nie da się odczytać"},
		{`office:value-type="float" office:value="50"`, "<text:p>50+ km</text:p>", "km", 0, "w postaci, której nie da się odczytać"},
		{`office:value-type="percentage" office:value="0.5"`, "<text:p>50%+</text:p>", "%", 0, "w postaci, której nie da się odczytać"},
		{`office:value-type="float" office:value="0"`, "<text:p>brak</text:p>", "zł", 0, "„brak”"},
		{`office:value-type="float" office:value="5"`, "<text:p/>", "zł", 0, "której arkusz nie pokazuje"},
		{`office:value-type="float" office:value="12345.678"`, "<text:p>1,23E+04</text:p>", "zł", 12345.678, ""},
		{`office:value-type="float" office:value="12.5"`, "<text:p>12 1/2</text:p>", "zł", 12.5, ""},
		{`office:value-type="date" office:date-value="2019-05-12"`, "<text:p>12 maj</text:p>", "km", 0, "„12.05.2019” to data"},
		{`office:value-type="time" office:time-value="PT12H00M00S"`, "<text:p>12:00</text:p>", "km", 0, "„12:00” to data albo godzina"},
		{`office:value-type="boolean" office:boolean-value="true"`, "<text:p>PRAWDA</text:p>", "km", 0, "„PRAWDA” to wartość logiczna"},
		{`table:formula="of:=TRUE()" office:value-type="float" office:value="1"`, "<text:p>PRAWDA</text:p>", "km", 0, "„PRAWDA” to wartość logiczna"},
		{`table:formula="of:=1/0" office:value-type="string" office:string-value="" calcext:value-type="error"`, "<text:p>#DZIEL/0!</text:p>", "km", 0, "to błąd formuły"},
		{`table:formula="of:=[.B1]*2"`, "", "km", 0, "formuła „=[.B1]*2” nie ma obliczonej wartości"},
		{`table:formula="of:=[.B1]*2" office:value-type="float" office:value="7"`, "<text:p>7</text:p>", "km", 7, ""},
		{`office:value-type="string"`, "<text:p>1 234,5</text:p>", "km", 1234.5, ""},
		{`office:value-type="string"`, `<text:p>25<text:span text:style-name="T1">1</text:span></text:p>`, "km", 0, "„25¹”"},
		{`office:value-type="string"`, "<text:p>12,5<text:s text:c=\"2\"/>km</text:p>", "km", 12.5, ""},
	} {
		rows := odsRowsOf(t, cell(c.attrs, c.shown))
		if len(rows) != 1 || rows[0].Blank(0) {
			t.Errorf("%s: nothing is read", c.attrs)
			continue
		}
		var n Numbers
		v, err := n.Value(rows[0], 0, c.unit)
		if c.wrong == "" && (err != nil || v != c.want) || c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)) {
			t.Errorf("%s %s: %v, %v; want %v %s", c.attrs, c.shown, v, err, c.want, c.wrong)
		}
	}
	if rows := odsRowsOf(t, cell(`table:formula="of:=&quot;&quot;"`, "<text:p/>")); len(rows) != 0 {
		t.Errorf("a formula that gives an empty text: %+v", rows)
	}
	if rows := odsRowsOf(t, cell(`office:value-type="date" office:date-value="2019-12-31"`, "<text:p>2019</text:p>")); rows[0].Cell(0) != "2019" || rows[0].Kind(0) != Date {
		t.Errorf("a year: %+v", rows)
	}
}

// TestODSRows reads what repeats, is merged, hidden or beside the text.
func TestODSRows(t *testing.T) {
	s := func(text string) string {
		return `<table:table-cell office:value-type="string"><text:p>` + text + `</text:p></table:table-cell>`
	}
	rows := odsRowsOf(t, `<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>
		<table:table-header-rows><table:table-row>`+s("kod")+`<table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="1" office:value-type="string"><text:p>a</text:p><text:p>b</text:p></table:table-cell><table:covered-table-cell office:value-type="string"><text:p>pod</text:p></table:covered-table-cell></table:table-row></table:table-header-rows>
		<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
		<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="3"><text:p>3</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="4"><text:p>4</text:p></table:table-cell></table:table-row>
		<table:table-row table:visibility="filter">`+s(`x<office:annotation><text:p>uwaga</text:p></office:annotation><text:span>y</text:span>`)+`</table:table-row>`)
	var have []string
	for _, r := range rows {
		have = append(have, fmt.Sprintf("%d %s %v", r.Line, strings.Join(r.Cells, "|"), r.Hidden()))
	}
	if got, want := strings.Join(have, "; "), "1 kod|a b false; 5 3|3|4 false; 6 3|3|4 false; 7 xy true"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if rows[0].Shown(2) != "a b" || rows[0].Width() != 3 {
		t.Errorf("under the merged cell stands %q", rows[0].Shown(2))
	}
	var n Numbers
	if _, err := n.Value(rows[1], 2, ""); err == nil || !strings.Contains(err.Error(), "w ukrytej kolumnie") {
		t.Errorf("a hidden column: %v", err)
	}
}

func TestODSRefused(t *testing.T) {
	for name, c := range map[string]struct{ raw, what string }{
		"encrypted": {string(odsFile(t, "", "META-INF/manifest.xml", `<manifest:manifest><manifest:encryption-data/></manifest:manifest>`)), "zaszyfrowany hasłem"},
		"cut":       {string(odsFile(t, "<table:table-row>")), "uszkodzony"},
	} {
		f, err := Open(fstest.MapFS{"f.ods": {Data: []byte(c.raw)}}, "f.ods")
		if err == nil {
			for _, err = range f.Rows(t.Context(), "Dane") {
				if err != nil {
					break
				}
			}
		}
		if err == nil || !strings.Contains(err.Error(), c.what) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOtherOpenDocument(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("mimetype")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(w, "application/vnd.oasis.opendocument.text")
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = Open(fstest.MapFS{"f.odt": {Data: b.Bytes()}}, "f.odt")
	isFault(t, "odt", err, "plik f.odt", "inny dokument LibreOffice")
}

// TestOldOffice names workbooks of the old format and those with a password.
func TestOldOffice(t *testing.T) {
	dir := t.TempDir()
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SaveAs(filepath.Join(dir, "tajne.xlsx"), excelize.Options{Password: "haslo"}); err != nil {
		t.Fatal(err)
	}
	_, err := Open(os.DirFS(dir), "tajne.xlsx")
	isFault(t, "password", err, "plik tajne.xlsx", "skoroszyt jest zaszyfrowany hasłem")
	office, lookup := exec.LookPath("soffice")
	if os.Getenv("RAPORTJST_HEAVY") == "" || lookup != nil {
		t.Skip("RAPORTJST_HEAVY=1 also makes an XLS with LibreOffice")
	}
	plain := excelize.NewFile() // the other keeps its password
	defer plain.Close()
	if err := plain.SaveAs(filepath.Join(dir, "stary.xlsx")); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(office, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", "xls", "--outdir", dir, filepath.Join(dir, "stary.xlsx")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	_, err = Open(os.DirFS(dir), "stary.xls")
	isFault(t, "xls", err, "plik stary.xls", "stary format programu Excel (XLS)")
}

// FuzzODS puts any bytes in place of the content of a good file.
func FuzzODS(f *testing.F) {
	f.Add([]byte(`<a xmlns:table="t"><table:table table:name="Dane"><table:table-row><table:table-cell office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell></table:table-row></table:table></a>`))
	f.Fuzz(func(t *testing.T, content []byte) {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for _, p := range []struct {
			name string
			data []byte
		}{{"mimetype", []byte("application/vnd.oasis.opendocument.spreadsheet")}, {"content.xml", content}} {
			w, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Store})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Write(p.data); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		file, err := Open(fstest.MapFS{"f": {Data: b.Bytes()}}, "f")
		if err != nil {
			return
		}
		defer file.Close()
		for _, name := range file.Worksheets() {
			readWorksheet(t, file, name)
		}
	})
}
