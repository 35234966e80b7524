package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/xuri/excelize/v2"

	"github.com/raportjst/raportjst/generator/fault"
)

// TestFormats shows numbers in the formats that offices use.
func TestFormats(t *testing.T) {
	for _, c := range []struct {
		format string
		stored float64
		want   string
		kind   Kind
		unit   string
	}{
		{"General", 12.5, "12.5", Number, ""},
		{"general", 0, "0", Number, ""},
		{"0", 12.5, "12.5", Number, ""}, // rounded by the format alone
		{"#,##0.00", 1234.567, "1234.567", Number, ""},
		{"# ##0", 1234567, "1234567", Number, ""},
		{"0.0%", 0.675, "67.5", Percent, ""},
		{"0%", 0.07, "7", Percent, ""},
		{"0%", 0.5755, "57.55", Percent, ""},
		{"[Red]-0.0%", -0.29, "-29", Percent, ""},
		{`0.0"%"`, 67.5, "67.5", Number, "%"},
		{`0\%`, 67, "67", Number, "%"},
		{"#,##0,", 1234567, "1234.567", Number, ""},
		{"#,##0,", 1, "0.001", Number, ""},
		{"0.0,,", 1234567, "1.234567", Number, ""},
		{"#,##0,.0", 1234567, "1234.567", Number, ""},
		{"0.00,%", 123, "12.3", Percent, ""},
		{`#,##0.0," tys."`, 1234567, "1234.567", Number, "tys."},
		{`#,##0.00\ "zł"`, 5, "5", Number, "zł"},
		{"#,##0.00 [$zł-415]", 5, "5", Number, "zł"},
		{`#,##0.00\ [$-415]`, 5, "5", Number, ""},
		{`_-* #,##0.00\ _z_ł_-;\-* #,##0.00\ _z_ł_-;_-* "-"??\ _z_ł_-;_-@_-`, 1234.5, "1234.5", Number, ""},
		{`_-* #,##0.00\ _z_ł_-;\-* #,##0.00\ _z_ł_-;_-* "-"??\ _z_ł_-;_-@_-`, -1234.5, "-1234.5", Number, ""},
		{`_-* #,##0.00\ _z_ł_-;\-* #,##0.00\ _z_ł_-;_-* "-"??\ _z_ł_-;_-@_-`, 0, "-", Text, ""}, // the reader of a table asks what a dash means
		{`_-* #,##0\ "zł"_-;\-* #,##0\ "zł"_-;_-* "-"\ "zł"_-;_-@_-`, -7, "-7", Number, "zł"},
		{`0;-0;"-"`, 0, "-", Text, ""},
		{`_-* #,##0\ "zł"_-;\-* #,##0\ "zł"_-;_-* "-"\ "zł"_-;_-@_-`, 0, "-", Text, ""},
		{"0;0", -5, "-5", Unsigned, ""},
		{"0;0", 5, "5", Number, ""},
		{"0.00;[Red]0.00", -5, "-5", Unsigned, ""}, // a colour is no sign
		{"0.00;[Red]-0.00", -5, "-5", Number, ""},
		{"0%;0%", -0.05, "-5", Unsigned, ""},
		{"#,##0,;#,##0,", -5000, "-5", Unsigned, ""},
		{"0;(0)", -5, "-5", Number, ""},
		{"0_);(0)", -5, "-5", Number, ""},
		{`0.0;0.0"-"`, -5, "-5", Number, ""},
		{`0;"minus "0`, -5, "-5", Unsigned, ""},
		{"-0", 5, "5", Unsigned, ""},
		{"(0)", 5, "5", Unsigned, ""},
		{`0 "(szac.)"`, 5, "5", Number, "szac."},
		{`0" %-owy"`, 5, "5", Number, "%-owy"},
		{"General;General", -5, "-5", Unsigned, ""},
		{"General;-General", -5, "-5", Number, ""},
		{"0.00;@", -5, "-5", Number, ""}, // the second is the look of texts
		{"[<0]0;0", -5, "-5", Unsigned, ""},
		{"[<0]-0;0", -5, "-5", Number, ""},
		{"[>0]0;0", -5, "-5", Unsigned, ""},
		{`[>=1000]0.0,"k";0`, -5, "-5", Unsigned, ""}, // LibreOffice shows 5
		{`[<1000]0;0.0,"k"`, -5, "-5", Number, ""},
		{`[<1]"<1";0`, 0.4, "0.4", Odd, ""},
		{`[<1]"<1";0`, 4, "4", Number, ""},
		{`[=0]"brak";0`, 0, "brak", Text, ""},
		{`[<5]"x";0`, 3, "x", Text, ""},
		{`0;-0;"0"`, 0, "0", Odd, ""},
		{`"ok. "0`, 5, "5", Number, "ok."},
		{`0"+"`, -35.396, "-35.396", Odd, ""}, // so many or more
		{`0"+ km"`, 50, "50", Odd, ""},
		{`0%"+"`, 0.5, "0.5", Odd, ""},
		{`"+"0`, 5, "5", Number, ""},
		{"0.0E+0", 50, "50", Number, ""},
		{"#", 0.4, "0.4", Unseen, ""},
		{"#,###", -0.2, "-0.2", Unseen, ""},
		{"#.##", 0.4, "0.4", Number, ""},
		{"#,", 400, "400", Unseen, ""},
		{"?", 0, "0", Unseen, ""},
		{"# ?/?", 0, "0", Number, ""},
		{"0", 0.4, "0.4", Number, ""}, // precision as stored
		{"0,", 400, "0.4", Number, ""},
		{"*0#", 5, "5", Odd, ""},
		{"* 0", 5, "5", Number, ""},
		{"0;", -5, "-5", Unseen, ""},
		{"[Blue]0;[Red]-0;[Green]0", 0, "0", Number, ""},
		{"+0;-0;0", 5, "5", Number, ""},
		{`0;-0;"brak"`, 0, "brak", Text, ""},
		{`0;-0;"brak"`, 3, "3", Number, ""},
		{"0;-0;;@", 0, "0", Unseen, ""},
		{";;;", 5, "5", Unseen, ""},
		{"#,###", 0, "0", Unseen, ""},
		{"#,###", 12, "12", Number, ""},
		{`[>=1000000]0.0,,"M";[>=1000]0.0,"k";0`, 2500000, "2.5", Number, "M"},
		{`[>=1000000]0.0,,"M";[>=1000]0.0,"k";0`, 2500, "2.5", Number, "k"},
		{`[>=1000000]0.0,,"M";[>=1000]0.0,"k";0`, 250, "250", Number, ""},
		{"[=0]0;[=1]0", 5, "####", Odd, ""},
		{"0.00E+00", 1234.5, "1234.5", Number, ""},
		{"# ?/?", 12.5, "12.5", Number, ""},
		{"@", 12.5, "12.5", Number, ""},
		{`0"000"`, 12, "12", Odd, ""},
		{`00\-000`, 60813, "60813", Odd, ""},
		{`0 "osób"`, 12, "12", Number, "osób"},
		{"0.0 km", 12.5, "12.5", Number, "km"},
		{`General" km"`, 12.5, "12.5", Number, "km"},
		{"0.000000000", 1e-12, "1E-12", Number, ""},
		{"0%", 0, "0", Percent, ""},
	} {
		have, m := looks(c.format).of(c.stored, shifted(c.stored, 0))
		if have != c.want || m.kind != c.kind || m.unit != c.unit {
			t.Errorf("%v as %s: %q, kind %d, unit %q; want %q, %d, %q", c.stored, c.format, have, m.kind, m.unit, c.want, c.kind, c.unit)
		}
	}
}

// TestDays shows numbers as days and hours.
func TestDays(t *testing.T) {
	for _, c := range []struct {
		format string
		stored float64
		want   string
	}{
		{"dd.mm.yyyy", 43597, "12.05.2019"},
		{"yyyy-mm-dd", 43597.75, "12.05.2019"},
		{"yyyy-mm-dd hh:mm", 43597.75, "12.05.2019 18:00"},
		{"yyyy", 43830, "2019"},
		{`yyyy\ "r."`, 43830, "2019"},
		{"d-mmm", 43597, "12.05.2019"},
		{"[$-415]mmmm\\ yyyy;@", 43597, "12.05.2019"},
		{"[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", 43597, "12.05.2019"},
		{"hh:mm", 0.5, "12:00"},
		{"[h]:mm:ss", 1.5, "12:00"},
	} {
		x := &xlsx{File: excelize.NewFile(), styles: []format{{}, looks(c.format)}}
		v := rawCell{style: 1, value: shifted(c.stored, 0)}
		if have, m := x.value(v); have != c.want || m.kind != Date {
			t.Errorf("%v as %s: %q, kind %d, want %q", c.stored, c.format, have, m.kind, c.want)
		}
	}
}

// sheetXML puts a worksheet's XML into a workbook whose style n has the n-th format.
func sheetXML(t testing.TB, xml string, formats ...string) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for _, format := range formats {
		if _, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
			t.Fatal(err)
		}
	}
	var b, out bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	w := zip.NewWriter(&out)
	for _, p := range z.File {
		if p.Name != "xl/worksheets/sheet1.xml" {
			if err := w.Copy(p); err != nil {
				t.Fatal(err)
			}
		}
	}
	part, err := w.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write([]byte(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` + xml + `</worksheet>`)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func bookOf(t testing.TB, raw []byte) []Row {
	t.Helper()
	f, err := Open(fstest.MapFS{"a.xlsx": {Data: raw}}, "a.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []Row
	for r, err := range f.Rows(t.Context(), "Sheet1") {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

// TestValues reads every kind of a cell as a number, or says why not.
func TestValues(t *testing.T) {
	text := func(s string) string { return `<c r="A1" t="inlineStr"><is><t>` + s + `</t></is></c>` }
	cells := []struct {
		xml, unit string
		want      float64
		wrong     string
	}{
		{`<c r="A1"><v>12.5</v></c>`, "km", 12.5, ""},
		{`<c r="A1" t="n"><v>17.600000000000001</v></c>`, "km", 17.6, ""},
		{`<c r="A1" s="1"><v>0.675</v></c>`, "%", 67.5, ""},
		{`<c r="A1" s="1"><v>0.675</v></c>`, "% ogółu", 67.5, ""},
		{`<c r="A1" s="1"><v>0.675</v></c>`, "km", 0, "komórka pokazuje „67,5 %”, a jednostką jest „km”"},
		{`<c r="A1" s="2"><v>1234567</v></c>`, "tys. zł", 1234.567, ""},
		{`<c r="A1" s="3"><v>43597</v></c>`, "km", 0, "„12.05.2019” to data"},
		{`<c r="A1" t="d"><v>2019-05-12T00:00:00</v></c>`, "km", 0, "„12.05.2019” to data"},
		{`<c r="A1" t="b"><v>1</v></c>`, "km", 0, "„PRAWDA” to wartość logiczna"},
		{`<c r="A1" t="b"><v>0</v></c>`, "km", 0, "„FAŁSZ” to wartość logiczna"},
		{`<c r="A1" t="e"><v>#DIV/0!</v></c>`, "km", 0, "„#DZIEL/0!” to błąd formuły"},
		{`<c r="A1"><f>B1+C1</f></c>`, "km", 0, "formuła „=B1+C1” nie ma"},
		{`<c r="A1"><f>B1+C1</f><v></v></c>`, "km", 0, "formuła „=B1+C1” nie ma"},
		{`<c r="A1" t="str"><f>B1+C1</f></c>`, "km", 0, "formuła „=B1+C1” nie ma"},
		{`<c r="A1"><f t="shared" si="0"/></c>`, "km", 0, "formuła „=” nie ma"},
		{`<c r="A1"><f>B1+C1</f><v>3</v></c>`, "km", 3, ""},
		{`<c r="A1" t="str"><f>B1</f><v>1 234,5</v></c>`, "km", 1234.5, ""},
		{`<c r="A1" t="inlineStr"><is><t>1 234,50 zł</t></is></c>`, "zł", 1234.5, ""},
		{`<c r="A1" t="inlineStr"><is><t>1 234,50 zł</t></is></c>`, "zł na mieszkańca", 1234.5, ""},
		{`<c r="A1" t="inlineStr"><is><t>1 234,50 zł</t></is></c>`, "tys. zł", 0, "a jednostką jest „tys. zł”"},
		{`<c r="A1" t="inlineStr"><is><t>12,5%</t></is></c>`, "%", 12.5, ""},
		{`<c r="A1" t="inlineStr"><is><t>12 km</t></is></c>`, "km²", 0, "a jednostką jest „km²”"},
		{`<c r="A1" t="inlineStr"><is><t>12 os.</t></is></c>`, "osoba", 12, ""},
		{`<c r="A1" t="inlineStr"><is><t>12 szt</t></is></c>`, "sztuka", 12, ""},
		{`<c r="A1" t="inlineStr"><is><t>12 PLN</t></is></c>`, "zł", 12, ""},
		{`<c r="A1" t="inlineStr"><is><t>12 m</t></is></c>`, "mieszkaniec", 0, "a jednostką jest „mieszkaniec”"},
		{`<c r="A1" t="inlineStr"><is><t>12 zł</t></is></c>`, "km", 0, "a jednostką jest „km”"},
		{`<c r="A1" t="inlineStr"><is><t>12.5</t></is></c>`, "km", 12.5, ""},
		{`<c r="A1" t="inlineStr"><is><t>ok. 5</t></is></c>`, "km", 0, "„ok. 5”: to wartość przybliżona"},
		{text("123*"), "km", 0, "„123*”: przy liczbie stoi znak przypisu"},
		{text("123 ¹⁾"), "km", 0, "„123 ¹⁾”: przy liczbie stoi znak przypisu"},
		{text("12,5 1)"), "km", 0, "przy liczbie stoi znak przypisu"},
		{text("12 [a]"), "km", 0, "przy liczbie stoi znak przypisu"},
		{text("ponad 100"), "km", 0, "to wartość przybliżona albo granica"},
		{text("31.12.2019"), "km", 0, "to data albo godzina"},
		{text("2019-12-31"), "km", 0, "to data albo godzina"},
		{text("12,5 km2"), "km²", 12.5, ""},
		{text("12 m³"), "m3", 12, ""},
		{text("2,5 etatu"), "etat", 2.5, ""},
		{text("- 3"), "km", 0, "między minusem a liczbą jest odstęp"},
		{text("1,234.5"), "km", 1234.5, ""},
		{text("(12,5)"), "km", 0, "liczba stoi w nawiasie"},
		{text("– 12,5"), "km", 0, "między minusem a liczbą jest odstęp"},
		{text("1'234"), "km", 0, "znak w środku liczby oddziela tysiące"},
		{text("5–7"), "km", 0, "to przedział"},
		{text("5+7"), "km", 0, "to działanie"},
		{text("12,-"), "zł", 0, "zamiast groszy stoi kreska"},
		{text("12,5-"), "zł", 0, "minus stoi za liczbą"}, // as accountants print it
		{text("1 200-"), "zł", 0, "minus stoi za liczbą"},
		{text("5 -"), "zł", 0, "minus stoi za liczbą"},
		{text("x y"), "km", 0, "to nie jest liczba"},
		{text("5 osób"), "osoba", 5, ""},
		{text("1 osoba"), "osoby", 1, ""},
		{text("2 sztuki"), "szt.", 2, ""},
		{text("12,5 tysiąca złotych"), "tys. zł", 12.5, ""},
		{text("12 tysięcy złotych"), "tys. zł", 12, ""},
		{text("5 złotych"), "zł na mieszkańca", 5, ""},
		{text("5 rodzin"), "osoba", 0, "a jednostką jest „osoba”"},
		{`<c r="A1" s="7"><v>5</v></c>`, "km", 0, "komórka pokazuje „T” zamiast liczby 5"},
		{`<c r="A1" s="7"><v>0</v></c>`, "km", 0, "komórka pokazuje „brak” zamiast liczby 0"},
		{`<c r="A1" s="8"><v>5.5</v></c>`, "km", 0, "komórka pokazuje „####” zamiast liczby 5,5"},
		{`<c r="A1" s="3"><v>-5</v></c>`, "km", 0, "komórka pokazuje „####” zamiast liczby -5"},
		{`<c r="A1" s="9"><v>5</v></c>`, "km", 0, "komórka pokazuje „ok. 5”, a jednostką jest „km”"},
		{`<c r="A1" s="4"><v>5</v></c>`, "km", 0, "wartość 5, której arkusz nie pokazuje"},
		{`<c r="A1" s="5"><v>12</v></c>`, "km", 0, "w postaci, której nie da się odczytać"},
		{`<c r="A1" s="6"><v>12</v></c>`, "zł", 12, ""},
		{`<c r="A1" s="6"><v>12</v></c>`, "mln zł", 0, "a jednostką jest „mln zł”"},
		{`<c r="A1"><v>1E+14</v></c>`, "km", 1e14, ""},
		{`<c r="A1"><v>1E+20</v></c>`, "km", 0, "liczba jest za duża (najwyżej 10^15)"},
		{`<c r="A1" t="inlineStr"><is><t>-1e16</t></is></c>`, "km", 0, "liczba jest za duża"},
	}
	for _, c := range cells {
		rows := bookOf(t, sheetXML(t, `<sheetData><row r="1">`+c.xml+`</row></sheetData>`, "0.0%", "#,##0,", "dd.mm.yyyy", ";;;", `0"000"`, `0.00" zł"`, `"T";"N";"brak"`, "[>100]0;[<-100]0", `"ok. "0`))
		if len(rows) != 1 || rows[0].Blank(0) {
			t.Errorf("%s: nothing is read", c.xml)
			continue
		}
		var n Numbers
		v, err := n.Value(rows[0], 0, c.unit)
		var f *fault.Fault
		switch {
		case c.wrong == "" && (err != nil || v != c.want):
			t.Errorf("%s under %s: %v, %v; want %v", c.xml, c.unit, v, err, c.want)
		case c.wrong != "" && (!errors.As(err, &f) || !strings.Contains(f.What, c.wrong) || f.Hint == ""):
			t.Errorf("%s under %s: %v, %v; want %s", c.xml, c.unit, v, err, c.wrong)
		}
	}
}

// TestHiddenAndMerged: what nobody sees is no value, and a merged cell is none of one row.
func TestHiddenAndMerged(t *testing.T) {
	rows := bookOf(t, sheetXML(t, `<cols><col min="3" max="3" hidden="1"/></cols><sheetData>
		<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><v>3</v></c></row>
		<row r="2" hidden="1"><c r="A2"><v>1</v></c></row>
		<row r="3"><c r="A3"><v>7</v></c><c r="B3"><v>8</v></c></row>
		<row r="4"><c r="A4"><v>99</v></c><c r="B4"><v>9</v></c></row>
		</sheetData><mergeCells count="1"><mergeCell ref="A3:A4"/></mergeCells>`))
	for _, c := range []struct {
		row, cell int
		want      float64
		wrong     string
	}{
		{0, 0, 1, ""},
		{0, 2, 0, "w ukrytej kolumnie"},
		{1, 0, 1, ""}, // a filter hides rows; its reader is told
		{2, 0, 7, ""},
		{3, 0, 0, "„7” stoi w komórce scalonej"},
		{3, 1, 9, ""},
	} {
		var n Numbers
		v, err := n.Value(rows[c.row], c.cell, "")
		if c.wrong == "" && (err != nil || v != c.want) || c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)) {
			t.Errorf("row %d, cell %d: %v, %v; want %v %s", c.row+1, c.cell+1, v, err, c.want, c.wrong)
		}
	}
	if rows[0].Hidden() || !rows[1].Hidden() {
		t.Error("hidden rows are not told from the others")
	}
	if have := rows[3].Shown(0) + rows[3].Cell(0); have != "7" {
		t.Errorf("under the merged cell stands %q", have)
	}
	if rows[3].Width() != 2 || rows[2].Kind(0) != Number || rows[2].Kind(9) != Text {
		t.Errorf("%+v", rows[3])
	}
}

// TestNothingShown: what a worksheet, a column or a format hides is refused, zeros and texts
// among it.
func TestNothingShown(t *testing.T) {
	book := func(cell string) Row {
		return bookOf(t, sheetXML(t, `<sheetViews><sheetView showZeros="0" workbookViewId="0"/></sheetViews><cols><col min="3" max="3" width="0" customWidth="1"/></cols><sheetData><row r="1">`+cell+`</row></sheetData>`,
			";;;", `0;-0;0;"tajne"`, "0;-0;0;@"))[0]
	}
	for _, c := range []struct {
		xml   string
		cell  int
		wrong string
	}{
		{`<c r="A1"><v>0</v></c>`, 0, "wartość 0, której arkusz nie pokazuje"},
		{`<c r="A1"><v>5</v></c>`, 0, ""},
		{`<c r="C1"><v>5</v></c>`, 2, "w ukrytej kolumnie"},
		{`<c r="A1" s="1" t="inlineStr"><is><t>5</t></is></c>`, 0, "wartość 5, której arkusz nie pokazuje"},
		{`<c r="A1" s="2" t="inlineStr"><is><t>5</t></is></c>`, 0, "„tajne”: to nie jest liczba"},
		{`<c r="A1" s="3" t="inlineStr"><is><t>5</t></is></c>`, 0, ""},
	} {
		_, err := new(Numbers).Value(book(c.xml), c.cell, "km")
		if c.wrong == "" && err != nil || c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)) {
			t.Errorf("%s: %v, want %q", c.xml, err, c.wrong)
		}
	}
}

// TestVisible tells hidden worksheets from the others.
func TestVisible(t *testing.T) {
	book := excelize.NewFile()
	defer book.Close()
	for _, name := range []string{"Dane", "Stare"} {
		if _, err := book.NewSheet(name); err != nil {
			t.Fatal(err)
		}
	}
	book.SetActiveSheet(1)
	if err := errors.Join(book.SetSheetVisible("Sheet1", false), book.SetSheetVisible("Stare", false, true)); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	f, err := Open(fstest.MapFS{"a.xlsx": {Data: b.Bytes()}}, "a.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if have := fmt.Sprint(f.Worksheets(), f.Visible()); have != "[Sheet1 Dane Stare] [Dane]" {
		t.Error(have)
	}
}

// TestTexts reads the texts of a workbook as they are shown.
func TestTexts(t *testing.T) {
	rows := bookOf(t, sheetXML(t, `<sheetData><row r="1">
		<c r="A1" t="inlineStr"><is><r><t>Ścieżki</t></r><r><t xml:space="preserve"> ro</t></r><r><t>werowe</t></r><rPh><t>x</t></rPh></is></c>
		<c r="B1" t="inlineStr"><is><t>a_x000D_
b</t></is></c><c r="C1" t="str"><f>"x"</f><v>_x0041__x005F_</v></c><c r="D1" t="str"><f>""</f><v></v></c><c r="E1" t="e"><v>#N/A</v></c></row></sheetData>`))
	if have, want := strings.Join(rows[0].Cells, "|"), "Ścieżki rowerowe|a b|A_||#N/D!"; have != want {
		t.Errorf("%s, want %s", have, want)
	}
}

// TestDoubtfulPoint: a point before three digits parts thousands or decimals.
func TestDoubtfulPoint(t *testing.T) {
	for _, c := range []struct {
		numbers string
		doubt   bool
	}{
		{"1.234 15.678", true}, {"1.234 0.5", false}, {"1.234 1234.567", false}, {"1.234 0.567", false}, {"5 6", false}, {"1,234", false}, {"1.5", false}, {"-1.234", true},
	} {
		var n Numbers
		for s := range strings.FieldsSeq(c.numbers) {
			if _, err := n.Parse(s); err != nil {
				t.Fatal(err)
			}
		}
		if _, doubt := n.Doubtful(); doubt != c.doubt {
			t.Errorf("%s: doubt is %v", c.numbers, doubt)
		}
	}
}

// TestStyles takes the formats of a file before those that Excel has for a number.
func TestStyles(t *testing.T) {
	x := &xlsx{}
	err := x.readStyles([]byte(`<styleSheet><numFmts><numFmt numFmtId="44" formatCode="#,##0.00\ &quot;zł&quot;"/><numFmt numFmtId="164" formatCode="0.0%"/></numFmts>
		<cellXfs><xf numFmtId="0"/><xf numFmtId="44"/><xf numFmtId="164"/><xf numFmtId="10"/><xf numFmtId="14"/><xf numFmtId="4"/><xf/></cellXfs></styleSheet>`))
	if err != nil || x.readStyles([]byte("<styleSheet>")) == nil {
		t.Fatal(err)
	}
	for i, want := range []string{"0.5 1 ", "0.5 1 zł", "50 2 ", "50 2 ", "days", "0.5 1 ", "0.5 1 ", "0.5 1 "} {
		l, _ := x.looks(i).section(0.5)
		text, m := x.looks(i).of(0.5, "?")
		have := fmt.Sprint(text, " ", m.kind, " ", m.unit)
		if l.dates != "" {
			have = "days"
		}
		if have != want {
			t.Errorf("style %d: %s, want %s", i, have, want)
		}
	}
}

// FuzzLooks: no number format stops the reader.
func FuzzLooks(f *testing.F) {
	for _, s := range []string{"0.0%", `_-* #,##0.00\ _z_ł_-;[Red]"-"??;;@`, "[>=1000]0,\"k\";[$-415]mmmm yyyy"} {
		f.Add(s, 1234.5)
	}
	f.Fuzz(func(t *testing.T, format string, v float64) {
		all := looks(format)
		if n := len(all.numbers); n == 0 || n > 3 {
			t.Errorf("%q has %d sections", format, n)
		}
		text, m := all.of(v, "?")
		if text == "" && m.kind != Text {
			t.Errorf("%v as %q is nothing, kind %d", v, format, m.kind)
		}
	})
}
