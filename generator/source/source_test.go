package source_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/stat"
)

// register has areas of two voivodeships, one of which has a leading zero, a city with
// powiat rights and an area that had another code.
func register(t testing.TB) *stat.Register {
	t.Helper()
	var areas []stat.Area
	for _, c := range []stat.AreaCode{"00", "02", "0201", "020101", "020102", "020104", "0265", "026501", "20", "2010", "201001", "30", "3064", "306401"} {
		areas = append(areas, stat.Area{Code: c})
	}
	areas[7].Changes = []stat.Change{{Year: 2013, Kind: stat.ChangeCode, From: "022109"}}
	r, err := stat.NewRegister("2026-01-01", areas, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestLocate(t *testing.T) {
	r := register(t)
	for _, c := range []struct {
		name  string
		codes []string
		want  string
	}{
		{"seven digits", []string{"0000000", "0200000", "0201000", "0201011", "0201043", "0201044", "0201045", "3064000", "3064011", "3064029"}, "00 02 0201 020101 020104 part part 3064 306401 part"},
		{"another seventh digit", []string{"0201012", "0201013"}, "020101 020101"},
		{"an old code", []string{"0221091", "0265011"}, "026501 026501"},
		{"a dissolved area", []string{"0201011", "0201022", "0299011"}, "020101 020102 unknown"},
		{"lost zeros of seven", []string{"201011", "201022", "3064011"}, "020101 020102 306401"},
		{"only lost zeros of seven", []string{"201011", "201022", "201043"}, "020101 020102 020104"},
		{"six digits", []string{"020101", "306401", "0201", "30", "00"}, "020101 306401 0201 30 00"},
		{"lost zeros of six", []string{"20101", "20102", "306401", "201", "2"}, "020101 020102 306401 0201 02"},
		{"statistical layout", []string{"030210101011", "030210101000", "030200000000", "030210100000", "030000000000", "000000000000", "030210100011"}, "020101 0201 02 statistics statistics 00 unknown"},
		{"lost zeros of twelve", []string{"30210101011", "30210101000"}, "020101 0201"},
		{"Poland by letters", []string{"PL", "020101"}, "00 020101"},
		{"six digits beside seven", []string{"0201011", "0201022", "306401", "3064000"}, "020101 020102 306401 3064"},
		{"seven digits beside six", []string{"020101", "020102", "3064011", "0201043"}, "020101 020102 306401 020104"},
		{"six digits that lost no zero beside seven", []string{"0201011", "0201022", "201001", "306401"}, "020101 020102 201001 306401"},
		{"mixed with a dissolved one", []string{"0201011", "0201022", "306401", "0299011"}, "020101 020102 306401 unknown"},
		{"powiats beside seven digits", []string{"0201", "0201011", "02"}, "0201 020101 02"},
	} {
		found, err := source.Locate(r, c.codes)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var have []string
		for _, code := range c.codes {
			l := found[code]
			have = append(have, map[source.Place]string{source.Placed: string(l.Area), source.PlacePart: "part", source.PlaceStatistics: "statistics", source.PlaceUnknown: "unknown"}[l.Place])
		}
		if s := fmt.Sprint(have); s != "["+c.want+"]" {
			t.Errorf("%s: %s, want %s", c.name, s, c.want)
		}
	}
}

func TestLocateRefuses(t *testing.T) {
	for _, c := range []struct {
		name  string
		codes []string
		err   error
		code  string
	}{
		{"letters", []string{"020101", "Bolesławiec"}, source.ErrCode, "Bolesławiec"},
		{"nothing", []string{"020101", ""}, source.ErrCode, ""},
		{"mixed layouts", []string{"0201011", "030210101011", "0201022"}, source.ErrCode, "030210101011"},
		{"eight digits", []string{"02010111"}, source.ErrCode, "02010111"},
		{"another country", []string{"0501011", "0501022", "0201011"}, source.ErrUnknownCodes, "0501011"},
		// 201001 is a gmina of podlaskie, and 0201001 without its zero would be none; but
		// 201011 is read as 0201011 or as gmina 201011, which is not there.
		{"both readings", []string{"201001", "201011"}, source.ErrAmbiguous, "201001"},
	} {
		found, err := source.Locate(register(t), c.codes)
		var e *source.CodeError
		if !errors.As(err, &e) || !errors.Is(err, c.err) || e.Code != c.code || e.Polish() == "" {
			t.Errorf("%s: %v, %v; want %v of %q", c.name, found, err, c.err, c.code)
		}
	}
	if found, err := source.Locate(register(t), nil); err != nil || len(found) != 0 {
		t.Errorf("no codes: %v, %v", found, err)
	}
}

// A code that may be of two areas in a mixed column is refused with both.
func TestLocateMixed(t *testing.T) {
	var areas []stat.Area
	for code, kind := range map[stat.AreaCode]stat.Kind{
		"00": stat.KindCountry, "02": stat.KindVoivodeship, "20": stat.KindVoivodeship, "30": stat.KindVoivodeship,
		"0201": stat.KindPowiat, "2010": stat.KindPowiat, "3021": stat.KindPowiat,
		"020101": stat.KindUrban, "201011": stat.KindRural, "302101": stat.KindUrban, "302102": stat.KindRural,
	} {
		areas = append(areas, stat.Area{Code: code, Kind: kind, Name: "A"})
	}
	r, err := stat.NewRegister("2026-01-01", areas, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = source.Locate(r, []string{"3021011", "302102", "201011"})
	var e *source.CodeError
	if !errors.As(err, &e) || !errors.Is(err, source.ErrMixed) || !strings.Contains(e.Polish(), "„201011” może być kodem dwóch jednostek: 201011 albo 0201011") {
		t.Error(err)
	}
}

func TestUnplaced(t *testing.T) {
	codes := []string{"0201011", "0201044", "0201045", "0202011"}
	found, err := source.Locate(register(t), codes)
	if err != nil {
		t.Fatal(err)
	}
	w := source.Unplaced(codes, found)
	if len(w) != 2 || w[0].Count != 2 || w[1].Count != 1 {
		t.Errorf("warnings %+v", w)
	}
}

func FuzzLocate(f *testing.F) {
	f.Add("0201011", "0201022")
	f.Add("201011", "3064011")
	f.Add("PL", "000000000000")
	r := register(f)
	f.Fuzz(func(t *testing.T, a, b string) {
		found, err := source.Locate(r, []string{a, b})
		if err != nil {
			return
		}
		for _, c := range []string{a, b} {
			l, ok := found[c]
			if !ok {
				t.Errorf("%q is not answered", c)
			}
			if _, known := r.Area(l.Area); (l.Place == source.Placed) != known {
				t.Errorf("%q: %+v", c, l)
			}
		}
	})
}

// TestAttributed holds the semantics of bdl_attributes.csv.
func TestAttributed(t *testing.T) {
	const none = -1
	for _, c := range []struct {
		attribute string
		value     float64 // none: empty
		want      stat.Observation
		has       bool
		known, ok bool
	}{
		{"", 7, stat.Observed(7, 0), true, true, true},
		{"", 0, stat.Observed(0, 0), true, true, true},
		{"", none, stat.Unobserved(stat.Missing, ""), false, true, true},
		{"x", 0, stat.Unobserved(stat.Missing, "x"), false, true, true},
		{"x", none, stat.Unobserved(stat.Missing, "x"), false, true, true},
		{"X", 0, stat.Unobserved(stat.Missing, "X").WithRemark(stat.NewMethod), false, true, true},
		{"n", none, stat.Unobserved(stat.Pending, "n"), false, true, true},
		{"n", 0, stat.Unobserved(stat.Pending, "n"), false, true, true},
		{"-", none, stat.Unobserved(stat.Missing, "-"), false, true, true},
		{"a", 0, stat.Unobserved(stat.BelowFormat, "a"), true, true, true},
		{"A", 0, stat.Unobserved(stat.BelowFormat, "A").WithRemark(stat.NewMethod), true, true, true},
		{"z", 0, stat.Observed(0, 0).WithSign("z"), true, true, true},
		{"z", none, stat.Observed(0, 0).WithSign("z"), true, true, true},
		{"z", 7, stat.Unobserved(stat.Missing, "z"), false, true, false},
		{"Z", 0, stat.Observed(0, stat.NewMethod).WithSign("Z"), true, true, true},
		{"k", 5, stat.Observed(5, stat.Incomplete).WithSign("k"), true, true, true},
		{"K", 5, stat.Observed(5, stat.Incomplete|stat.NewMethod).WithSign("K"), true, true, true},
		{"M", 5, stat.Observed(5, stat.NewMethod).WithSign("M"), true, true, true},
		{"p", 5, stat.Observed(5, stat.Joint).WithSign("p"), true, true, true},
		{"s", 5, stat.Observed(5, stat.Preliminary).WithSign("s"), true, true, true},
		{"v", 5, stat.Observed(5, stat.LowPrecision).WithSign("v"), true, true, true},
		{"s", none, stat.Unobserved(stat.Missing, "s").WithRemark(stat.Preliminary), false, true, true},
		{"q", 5, stat.Unobserved(stat.Missing, "q"), false, false, true},
		{"#", 5, stat.Unobserved(stat.Missing, "#"), false, false, true},
	} {
		o, known, ok := source.Attributed(max(c.value, 0), c.value != none, c.attribute)
		if _, has := o.Value(); o != c.want || has != c.has || known != c.known || ok != c.ok {
			t.Errorf("%v with %q: %+v, known %v, ok %v; want %+v, %v, %v", c.value, c.attribute, o, known, ok, c.want, c.known, c.ok)
		}
	}
}

func TestSigned(t *testing.T) {
	for sign, want := range map[string]stat.Status{
		".": stat.Missing, "#": stat.Secret, "x": stat.NotApplicable, "-": stat.NotOccurred, "–": stat.NotOccurred,
		"0": stat.BelowFormat, "n": stat.Pending, "z": stat.Present, "X": stat.Missing,
	} {
		o, known, ok := source.Signed(0, true, sign)
		if o.Status != want || o.Sign != sign || !known || !ok {
			t.Errorf("%q: %+v, %v, %v", sign, o, known, ok)
		}
	}
	if o, _, _ := source.Signed(4, true, "*"); o.Remark != stat.Revised {
		t.Errorf("*: %+v", o)
	}
	if _, _, ok := source.Signed(4, true, "-"); ok {
		t.Error("4 that did not occur is taken")
	}
	if _, known, _ := source.Signed(4, true, "?"); known {
		t.Error("? is known")
	}
	for _, s := range []string{"-", "–", ".", "#", "x"} {
		if !source.IsSign(s) {
			t.Errorf("%q is no sign", s)
		}
	}
	for _, s := range []string{"0", "*", "7", "", "n"} {
		if source.IsSign(s) {
			t.Errorf("%q is a sign", s)
		}
	}
}

func TestSettle(t *testing.T) {
	cell := func(a stat.AreaCode, p stat.Period, o stat.Observation) source.Cell {
		return source.Cell{Area: a, Period: p, Observation: o}
	}
	settled, clashes := source.Settle([]source.Cell{
		cell("30", 2020, stat.Observed(1, 0)),
		cell("02", 2021, stat.Observed(5, 0)),
		cell("02", 2020, stat.Observed(4, 0)),
		cell("02", 2020, stat.Unobserved(stat.Missing, "-")), // the other code of the same area
		cell("02", 2021, stat.Observed(5, 0)),                // repeated
		cell("02", 2022, stat.Observed(6, 0)),
		cell("02", 2022, stat.Observed(7, 0)), // contradicts
		cell("02", 2022, stat.Observed(6, 0)),
		cell("04", 2020, stat.Unobserved(stat.Pending, "n")),
		cell("04", 2020, stat.Unobserved(stat.Secret, "#")),
	})
	want := []source.Cell{
		cell("02", 2020, stat.Observed(4, 0)), cell("02", 2021, stat.Observed(5, 0)),
		cell("04", 2020, stat.Unobserved(stat.Secret, "#")), cell("30", 2020, stat.Observed(1, 0)),
	}
	if !slices.Equal(settled, want) {
		t.Errorf("settled %+v, want %+v", settled, want)
	}
	if len(clashes) != 1 || clashes[0].Area != "02" || clashes[0].Period != 2022 {
		t.Errorf("clashes %+v", clashes)
	}
}

func TestQuery(t *testing.T) {
	q := source.Query{Indicators: []stat.IndicatorID{"bdl:1"}, First: 2010, Last: 2012}
	if !q.Wants("bdl:1") || q.Wants("bdl:2") || !(source.Query{}).Wants("bdl:2") {
		t.Error("Wants")
	}
	for p, want := range map[stat.Period]bool{2009: false, 2010: true, 2012: true, 2013: false} {
		if q.Covers(p) != want {
			t.Errorf("Covers(%d) = %v", p, !want)
		}
	}
	n := 0
	q.Warn = func(source.Warning) { n++ }
	q.Report(source.Warning{Count: 1})
	q.Report(source.Warning{})
	(source.Query{}).Report(source.Warning{Count: 1})
	if n != 1 {
		t.Errorf("%d warnings", n)
	}
}

func TestSlug(t *testing.T) {
	for name, want := range map[string]string{
		"ogółem": "ogolem", "mężczyźni": "mezczyzni", "0-4": "0-4", "85 i więcej": "85+", "70 lat i więcej": "70+",
		"Ścieżki rowerowe (drogi dla rowerów) ogółem": "sciezki-rowerowe-drogi-dla-rowerow-ogolem", "20–40 lat": "20-40-lat", "Żółć, ĄĘ": "zolc-ae", "—": "",
	} {
		if have := source.Slug(name); have != want {
			t.Errorf("%q is %q, want %q", name, have, want)
		}
	}
}
