package sheet

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// kindOfCell is a kind of cell that offices have: its format, the unit of its column and
// whether a person reads a number in it without doubt.
type kindOfCell struct {
	format, unit string
	value        func(*rand.Rand) any
	sure         bool    // that every such cell shows a number
	either       bool    // it may show a number, or hide what is stored
	slack        float64 // what the format itself rounds beyond its digits
}

func amount(r *rand.Rand) any {
	v := math.Round((r.Float64()*2-0.6)*math.Pow(10, float64(r.IntN(9)))*1000) / 1000
	if r.IntN(12) == 0 {
		return 0
	}
	return v
}
func share(r *rand.Rand) any { return math.Round(r.Float64()*100000) / 100000 }
func dayOf(r *rand.Rand) any { return float64(36526 + r.IntN(9000)) }
func textOf(all ...string) func(*rand.Rand) any {
	return func(r *rand.Rand) any { return all[r.IntN(len(all))] }
}

var kindsOfCells = []kindOfCell{
	{"General", "km", amount, true, false, 0},
	{"0", "km", amount, true, false, 0},
	{"0.00", "km", amount, true, false, 0},
	{"#,##0", "osoba", amount, true, false, 0},
	{"#,##0.00", "zł", amount, true, false, 0},
	{"#,##0;[Red]-#,##0", "zł", amount, true, false, 0},
	{"0%", "%", share, true, false, 0},
	{"0.0%", "%", share, true, false, 0},
	{"0.00%", "% ogółu", share, true, false, 0},
	{"#,##0,", "tys. zł", amount, true, false, 0},
	{"#,##0.0,", "tys. zł", amount, true, false, 0},
	{"0.0,,", "mln zł", amount, true, false, 0},
	{"0.00E+00", "km", amount, true, false, 0},
	{`#,##0.00\ "zł"`, "zł", amount, true, false, 0},
	{"#,##0.00 [$zł-415]", "zł na mieszkańca", amount, true, false, 0},
	{`0.0" km"`, "km", amount, true, false, 0},
	{`#,##0\ "os."`, "osoba", amount, true, false, 0},
	{`_-* #,##0.00\ _z_ł_-;\-* #,##0.00\ _z_ł_-;_-* "-"??\ _z_ł_-;_-@_-`, "zł", amount, true, false, 0},
	{`0.0;-0.0;"-"`, "km", amount, true, false, 0},
	{"@", "km", textOf("12,5", "-3,25", "17", "0,125"), true, false, 0},
	{"@", "km", textOf("1 234,5", "12 345", "7"), true, false, 0},
	{"@", "zł", textOf("12,50 zł", "1 234,50 zł"), true, false, 0},
	{"# ?/?", "km", amount, true, false, 0.06},
	{`#,##0 "osób"`, "osoba", amount, true, false, 0},
	{`#,##0 "os"`, "osoba", amount, true, false, 0},
	{`0.0 "szt."`, "sztuka", amount, true, false, 0},
	{`"zł "#,##0.00`, "zł", amount, true, false, 0},
	{"#,##0.00 [$PLN]", "zł", amount, true, false, 0},
	{"#,##0 [$zł-415];[Red]-#,##0 [$zł-415]", "zł", amount, true, false, 0},
	{`0.0\%`, "%", amount, true, false, 0},
	{`0\ %`, "%", share, true, false, 0},
	{`\+0.0;\-0.0;0.0`, "km", amount, true, false, 0},
	{"0.0_);(0.0)", "km", amount, true, false, 0},
	{"[Blue]0.0;[Red]-0.0", "km", amount, true, false, 0},
	{`#,##0.0,\ "tys. zł"`, "tys. zł", amount, true, false, 0},
	{"##0.0E+0", "km", amount, true, false, 0},
	{"@", "osoba", textOf("5 osób", "1 osoba", "1 234 osoby", "3 os."), true, false, 0},
	{"@", "szt.", textOf("5 sztuk", "12 szt", "7"), true, false, 0},
	{"@", "tys. zł", textOf("5 tysięcy złotych", "12,5 tys. zł"), true, false, 0},
	// What is no number, or not for sure:
	{"dd.mm.yyyy", "km", dayOf, false, false, 0},
	{"yyyy", "km", dayOf, false, false, 0},
	{"d-mmm", "km", dayOf, false, false, 0},
	{"hh:mm", "km", share, false, false, 0},
	{"General", "km", func(r *rand.Rand) any { return r.IntN(2) == 0 }, false, false, 0},
	{"General", "km", textOf("brak", "ok. 5", "PRAWDA", "5–6", "12.05.2019"), false, false, 0},
	{"0%", "km", share, false, false, 0},
	{`0.00" zł"`, "tys. zł", amount, false, false, 0},
	{`0"000"`, "km", amount, false, false, 0},
	{";;;", "km", amount, false, false, 0},
	// What is read as it is shown or not at all:
	{"0;0", "km", amount, false, true, 0},
	{"0.00;[Red]0.00", "zł", amount, false, true, 0},
	{"0.0;(0.0)", "km", amount, false, true, 0},
	{`0.0;0.0"-"`, "km", amount, false, true, 0},
	{"0%;0%", "%", share, false, true, 0},
	{"-0.0", "km", amount, false, true, 0},
	{"#", "km", amount, false, true, 0},
	{"#,###.##", "km", amount, false, true, 0},
	{"0;-0;", "km", amount, false, true, 0},
	{`#,##0;-#,##0;"-"`, "km", amount, false, true, 0},
	{`0.0;-0.0;"brak"`, "km", amount, false, true, 0},
	{`[<1]"<1";0.0`, "km", amount, false, true, 0},
	{`[<0]0.0;0.0`, "km", amount, false, true, 0},
	{`[>0]0.0;0.0`, "km", amount, false, true, 0},
	{`[>=1000]#,##0,"tys. km";0`, "km", amount, false, true, 0},
	{`0;"-"`, "km", amount, false, true, 0},
	{`"ok. "0`, "km", amount, false, true, 0},
	{`0.0,`, "zł", func(r *rand.Rand) any { return float64(r.IntN(9e6)) / 10 }, false, true, 0},
	{`[h]:mm`, "km", share, false, false, 0},
	{`0:00`, "km", amount, false, false, 0},
	{`"T"`, "km", amount, false, false, 0},
	{`0.0"*"`, "km", amount, false, false, 0},
	{`0"+"`, "km", amount, false, false, 0},
	{"@", "km", textOf("123*", "123 *", "12,5 ¹", "12 1)", "ok. 50", "ok. 1 234,5", "od 5 do 7", "5-7", "12,-", "tak", "x y"), false, false, 0},
	{"@", "osoba", textOf("5 zł", "5 km", "5 rodzin"), false, false, 0},
	{`[>100]0;[<-100]0`, "km", amount, false, true, 0},
}

const rowsOfOffice, columnsOfOffice = 40, 10

// officeBook writes a workbook of random cells and tells their kinds.
func officeBook(t *testing.T, r *rand.Rand, path string) [][]kindOfCell {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	styles := map[string]int{}
	kinds := make([][]kindOfCell, rowsOfOffice)
	for line := range kinds {
		for column := range columnsOfOffice {
			k := kindsOfCells[r.IntN(len(kindsOfCells))]
			kinds[line] = append(kinds[line], k)
			cell, err := excelize.CoordinatesToCellName(column+1, line+1)
			if err != nil {
				t.Fatal(err)
			}
			if _, ok := styles[k.format]; !ok {
				if styles[k.format], err = f.NewStyle(&excelize.Style{CustomNumFmt: &k.format}); err != nil {
					t.Fatal(err)
				}
			}
			if err := f.SetCellStyle("Sheet1", cell, cell, styles[k.format]); err != nil {
				t.Fatal(err)
			}
			if err := f.SetCellValue("Sheet1", cell, k.value(r)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return kinds
}

var digitsShown = regexp.MustCompile(`(?:[0-9][0-9,]*(?:\.[0-9]+)?|\.[0-9]+)(?:E[-+][0-9]+)?`)

// numberOf reads what LibreOffice shows in its English form, and how much its last digit
// may hide; ok is false where it shows no number.
func numberOf(shown string, k kindOfCell) (v, unit float64, ok bool) {
	if k.format == "@" { // typed in Polish
		shown = strings.ReplaceAll(strings.ReplaceAll(shown, " ", ""), ",", ".")
	}
	negative := signShown.MatchString(shown)
	if whole, fraction, found := strings.Cut(shown, "/"); found && k.slack > 0 {
		parts := strings.Fields(strings.Trim(whole, "- "))
		top, _ := strconv.ParseFloat(parts[len(parts)-1], 64)
		bottom, err := strconv.ParseFloat(strings.TrimSpace(fraction), 64)
		v := top / bottom
		if len(parts) > 1 {
			full, _ := strconv.ParseFloat(parts[0], 64)
			v += full
		}
		if negative {
			v = -v
		}
		return v, k.slack, err == nil
	}
	if strings.Trim(shown, " -") == "" && strings.Contains(shown, "-") {
		return 0, 0, true
	}
	text := strings.ReplaceAll(digitsShown.FindString(shown), ",", "")
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, 0, false
	}
	mantissa, exponent, _ := strings.Cut(text, "E")
	_, after, _ := strings.Cut(mantissa, ".")
	e, _ := strconv.Atoi(exponent)
	if negative {
		v = -v
	}
	return v, max(k.slack, math.Pow(10, float64(e-len(after)))/2), true
}

// TestOfficeShows compares what is read of random worksheets, as excelize and LibreOffice
// write them (XLSX, ODS), with what LibreOffice shows of them: the same to half a unit of
// the last digit; what is no number is never read as one; and of the cells that a person
// reads without doubt at most one in twenty is refused.
func TestOfficeShows(t *testing.T) {
	if os.Getenv("RAPORTJST_HEAVY") == "" {
		t.Skip("starts LibreOffice: set RAPORTJST_HEAVY=1")
	}
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed")
	}
	seed := uint64(1) // another by RAPORTJST_SEED
	if s := os.Getenv("RAPORTJST_SEED"); s != "" {
		if seed, err = strconv.ParseUint(s, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("RAPORTJST_SEED=%d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	dir := t.TempDir()
	var names, paths []string
	kinds := map[string][][]kindOfCell{}
	for i := range 12 {
		name := fmt.Sprintf("k%d", i)
		path := filepath.Join(dir, name+".xlsx")
		kinds[name] = officeBook(t, r, path)
		names, paths = append(names, name), append(paths, path)
	}
	for _, to := range []string{"ods", "xlsx", "csv:Text - txt - csv (StarCalc):44,34,76,1,,1033,false,true,true"} {
		kind, _, _ := strings.Cut(to, ":")
		args := append([]string{"-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--headless", "--convert-to", to, "--outdir", filepath.Join(dir, kind)}, paths...)
		if out, err := exec.Command(office, args...).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	all, refused := 0, 0
	for _, name := range names {
		raw, err := os.ReadFile(filepath.Join(dir, "csv", name+".csv"))
		if err != nil {
			t.Fatal(err)
		}
		shown, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range []string{name + ".xlsx", "xlsx/" + name + ".xlsx", "ods/" + name + ".ods"} {
			for line, row := range officeRows(t, dir, file) {
				for column, k := range kinds[name][line] {
					if row.Blank(column) && shown[line][column] == "" {
						continue
					}
					var n Numbers
					v, err := n.Value(row, column, k.unit)
					want, half, number := numberOf(shown[line][column], k)
					switch {
					case row.Kind(column) == Text && row.Shown(column) == "-" && strings.Contains(shown[line][column], "-") && strings.Trim(shown[line][column], "- ") == "":
						// a dash is read as the table says
					case k.either && err == nil && (!number || math.Abs(v-want) > half*(1+1e-6)+math.Abs(v)*1e-12):
						t.Errorf("%s, row %d, column %d: %v is read, %q is shown as %s", file, line+1, column+1, v, shown[line][column], k.format)
					case !k.sure && !k.either && err == nil:
						t.Errorf("%s, row %d, column %d: %q as %s under %s is read as %v", file, line+1, column+1, shown[line][column], k.format, k.unit, v)
					case k.sure && err != nil:
						refused++
						t.Logf("%s, row %d, column %d: %q as %s is refused: %v", file, line+1, column+1, shown[line][column], k.format, err)
					case k.sure && (!number || math.Abs(v-want) > half*(1+1e-6)+math.Abs(v)*1e-12):
						t.Errorf("%s, row %d, column %d: %v is read, %q is shown as %s", file, line+1, column+1, v, shown[line][column], k.format)
					}
					if k.sure {
						all++
					}
				}
			}
		}
	}
	t.Logf("%d sure cells, %d refused", all, refused)
	if refused*20 > all {
		t.Errorf("%d of %d cells are refused that a person reads without doubt", refused, all)
	}
}

func officeRows(t *testing.T, dir, file string) []Row {
	t.Helper()
	f, err := Open(os.DirFS(dir), file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := make([]Row, rowsOfOffice)
	for r, err := range f.Rows(t.Context(), f.Worksheets()[0]) {
		if err != nil {
			t.Fatal(err)
		}
		out[r.Line-1] = r
	}
	return out
}
