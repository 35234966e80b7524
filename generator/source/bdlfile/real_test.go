package bdlfile_test

import (
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/bdlfile"
	"github.com/raportjst/raportjst/generator/source/sourcetest"
	"github.com/raportjst/raportjst/generator/source/terc"
	"github.com/raportjst/raportjst/generator/stat"
)

// shared is the folder of real data beside the project.
func shared(t testing.TB) fs.FS {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "..", "shared", "data")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("there is no folder ../shared/data with real data beside the project")
	}
	return os.DirFS(dir)
}

// poland is the register of 2026.
func poland(t testing.TB, fsys fs.FS) *stat.Register {
	t.Helper()
	now, err := terc.Read(t.Context(), fsys, "register/TERC_Urzedowy_2026-01-08.csv")
	if err != nil {
		t.Fatal(err)
	}
	r, _, err := terc.Build([]*terc.Register{now}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestRealFiles reads every file as it was downloaded. How many values each has and what
// they add up to was counted by another program:
//
//	import csv; from decimal import Decimal
//	rows = [r for r in csv.reader(open(file, encoding='utf-8-sig'), delimiter=';')][1:]
//	v = [Decimal(r[-4].replace(',', '.')) for r in rows if r[-4] and r[-2] not in ('x', 'n')]
//	print(len(v), sum(v))
//
// for CREL, likewise over the cells of CTAB, and with openpyxl over those of XTAB. Rows
// that are no area of ours are taken off: the rural part of Nowogrodziec (39), the
// subregions of RYNE_2392, the old powiat 0263 of Wałbrzych. The zero of Jastrzębie-Zdrój in
// WYNA_2497 is no wage.
func TestRealFiles(t *testing.T) {
	fsys := shared(t)
	r := poland(t, fsys)
	for _, c := range []struct {
		file, subject string
		series        int
		values        int
		sum           float64
		extracted     string
	}{
		{"crel/FINA_1579_CREL_20250113235613.csv", "", 1, 368, 136811921420.63, "2025-01-13"},
		{"crel/LUDN_1872_CREL_20220407210059.csv", "", 1, 2477, 145084 - 39, "2022-04-07"},
		{"crel/LUDN_2137_CREL_20220407210714.csv", "", 3, 7431, 76530026, "2022-04-07"},
		{"crel/LUDN_4382_CREL_20250125191617.csv", "", 6, 832, 2933286, "2025-01-25"},
		{"crel/ludnosc-polska_powiaty_2002_2019_CREL.csv", "P2137", 1, 6721, 1303150328 - 129724, ""},
		{"ctab/FINA_2622_CTAB_20260608161005_sample_rows.csv", "", 1, 170, 1332376043372.71, "2026-06-08"},
		{"ctab/LUDN_2425_CTAB_20260321173131.csv", "", 1, 380, 135058.4, "2026-03-21"},
		{"ctab/RYNE_2392_CTAB_20260321172526.csv", "", 1, 380, 2760.2, "2026-03-21"},
		{"ctab/SZKO_3226_CTAB_20260321175636.csv", "", 1, 147, 1221938, "2026-03-21"},
		{"ctab/TRAN_3164_CTAB_20220211231704.csv", "", 1, 378, 17254.6, "2022-02-11"},
		{"ctab/WYNA_2497_CTAB_20260321172330.csv", "", 1, 379, 2205109.91, "2026-03-21"},
		{"xtab/LUDN_2137_XTAB_20250329142524.xlsx", "", 1, 7931, 2294843112, "2025-03-29"},
		{"xtab/RYNE_2392_XTAB_20250329140926Bezrobocie.xlsx", "", 1, 7931, 101553.1, "2025-03-29"},
	} {
		s := bdlfile.New(bdlfile.File{FS: fsys, Path: "bdl/" + c.file, Subject: c.subject, Titles: map[stat.IndicatorID]string{"bdl:P1579": "Wydatki"}})
		got := sourcetest.Load(t, s, source.Query{Register: r})
		values, sum := 0, 0.0
		for _, g := range got {
			for _, cell := range g.Cells {
				if v, ok := cell.Value(); ok {
					values++
					sum += v
				}
			}
			if g.Provenance.Extracted != c.extracted || g.Provenance.Dataset != "BDL" {
				t.Errorf("%s: provenance %+v", c.file, g.Provenance)
			}
		}
		if len(got) != c.series || values != c.values || math.Abs(sum-c.sum) > 0.05 {
			t.Errorf("%s: %d series, %d values, sum %.2f; want %d, %d, %.2f", c.file, len(got), values, sum, c.series, c.values, c.sum)
		}
	}
}

// TestSubregions reads a file of the statistical layout that holds nothing but Poland's
// subregions: none is an area of ours.
func TestSubregions(t *testing.T) {
	fsys := shared(t)
	var warnings []source.Warning
	got := sourcetest.Load(t, bdlfile.New(bdlfile.File{FS: fsys, Path: "bdl/crel/RYNE_2392_CREL_20230312150319.csv"}),
		source.Query{Register: poland(t, fsys), Warn: func(w source.Warning) { warnings = append(warnings, w) }})
	if len(got) != 0 {
		t.Errorf("%d series of subregions", len(got))
	}
	if len(warnings) != 1 || warnings[0].Count != 73 || !strings.Contains(warnings[0].What, "jednostki statystyczne") {
		t.Errorf("warnings %+v", warnings)
	}
}

// TestPanel compares the panel with figures read off it by hand:
//
//	grep '^306401,Poznań,76037,' panel_gminy_2003_2019.csv | cut -d, -f20   # 3698759702.12
//	awk -F, '$3=="10514" && length($1)==6 && $1 ~ /^3021/ {s+=$20} END {print s}'   # 2018
func TestPanel(t *testing.T) {
	fsys := shared(t)
	r := poland(t, fsys)
	s := bdlfile.New(bdlfile.File{FS: fsys, Path: "bdl/panel_gminy_2003_2019.csv", Extracted: "2020-01-31"})
	got := sourcetest.Load(t, s, source.Query{Register: r})
	var ids []string
	values := 0
	for _, g := range got {
		ids = append(ids, string(g.Indicator.ID))
		if g.Indicator.Label == "" || g.Indicator.Unit == "" || g.Indicator.Area == "" {
			t.Errorf("%s is not described", g.Indicator.ID)
		}
		values += len(g.Cells)
	}
	if want := "bdl:10514 bdl:58 bdl:60559 bdl:60565 bdl:60566 bdl:60567 bdl:76037 bdl:76973"; strings.Join(ids, " ") != want {
		t.Errorf("indicators %v", ids)
	}
	// awk -F, 'NR>1 {for (i=5; i<=21; i++) if ($i != "") n++} END {print n}'
	if values != 370522 {
		t.Errorf("%d values, want 370522", values)
	}
	for _, c := range []struct {
		area stat.AreaCode
		id   stat.IndicatorID
		year stat.Period
		want float64
	}{
		{"306401", "bdl:76037", 2018, 3698759702.12},
		{"3064", "bdl:76037", 2018, 3698759702.12},
		{"306401", "bdl:10514", 2018, 4214},
		{"120101", "bdl:76037", 2003, 40374600},
	} {
		o, ok := got.At(c.area, c.id, c.year)
		if v, has := o.Value(); !ok || !has || v != c.want {
			t.Errorf("%s of %s in %d is %v, want %v", c.id, c.area, c.year, v, c.want)
		}
	}
	if _, ok := got.At("306401", "bdl:76037", 2019); ok {
		t.Error("an empty cell is an observation")
	}
}

// TestPieszyce is one gmina under two codes: 0202031 until it became a town and village,
// 0202033 after. The series is one.
func TestPieszyce(t *testing.T) {
	fsys := shared(t)
	var told []string
	got := sourcetest.Load(t, bdlfile.New(bdlfile.File{FS: fsys, Path: "bdl/ctab/FINA_2622_CTAB_20260608161005_sample_rows.csv"}),
		source.Query{Register: poland(t, fsys), Warn: func(w source.Warning) { told = append(told, w.What) }})
	for year, want := range map[stat.Period]float64{2015: 14010178.59, 2016: 12676399.25, 2024: 37702103.75} {
		o, _ := got.At("020203", "bdl:76070", year)
		if v, ok := o.Value(); !ok || v != want {
			t.Errorf("%d: %v, want %v", year, v, want)
		}
	}
	if len(told) != 1 || !strings.Contains(told[0], "powiaty i miasta na prawach powiatu: 2 z 380 (brak na przykład 0203 głogowski,") {
		t.Errorf("warnings %v", told)
	}
}

// TestTwoVintages has the population of 2020 as it was told in 2022 and in 2025, after the
// census. A source hands both over with their days; they are never joined (see snapshot).
func TestTwoVintages(t *testing.T) {
	fsys := shared(t)
	got := sourcetest.Load(t, bdlfile.New(
		bdlfile.File{FS: fsys, Path: "bdl/crel/LUDN_2137_CREL_20220407210714.csv"},
		bdlfile.File{FS: fsys, Path: "bdl/xtab/LUDN_2137_XTAB_20250329142524.xlsx"},
	), source.Query{Register: poland(t, fsys), Indicators: []stat.IndicatorID{"bdl:72305"}})
	if len(got) != 2 {
		t.Fatalf("%d series, want two", len(got))
	}
	sum := 0.0
	for _, c := range got[0].Cells {
		v, _ := c.Value()
		sum += v
	}
	i := slices.IndexFunc(got[1].Cells, func(c source.Cell) bool { return c.Area == stat.Country && c.Period == 2020 })
	v, _ := got[1].Cells[i].Value()
	if sum != 38265013 || v != 38088564 {
		t.Errorf("Poland has %v in the gminas of 2022 and %v in 2025", sum, v)
	}
	p := got[1].Provenance
	if got[0].Provenance.Extracted != "2022-04-07" || p.Extracted != "2025-03-29" || p.Updated != "2024-06-05" {
		t.Errorf("provenance %+v and %+v", got[0].Provenance, p)
	}
}

// TestNoInformation reads the "-" of BDL: Wałbrzych had no powiat before 2013. It is
// missing, where in print a dash says that nothing occurred.
func TestNoInformation(t *testing.T) {
	fsys := shared(t)
	got := sourcetest.Load(t, bdlfile.New(bdlfile.File{FS: fsys, Path: "bdl/xtab/LUDN_2137_XTAB_20250329142524.xlsx"}), source.Query{Register: poland(t, fsys)})
	o, ok := got.At("0265", "bdl:72305", 2004)
	if _, has := o.Value(); !ok || has || o.Status != stat.Missing || o.Sign != "-" {
		t.Errorf("%+v, %v", o, ok)
	}
}

// TestPending reads the n of 2019 in a file of 2020.
func TestPending(t *testing.T) {
	fsys := shared(t)
	got := sourcetest.Load(t, bdlfile.New(bdlfile.File{FS: fsys, Path: "bdl/crel/ludnosc-polska_powiaty_2002_2019_CREL.csv", Subject: "P2137"}), source.Query{Register: poland(t, fsys)})
	n := 0
	for _, c := range got[0].Cells {
		if c.Status == stat.Pending {
			if n++; c.Sign != "n" || c.Period != 2019 {
				t.Errorf("%+v", c)
			}
		}
	}
	// grep -c '"n";' ludnosc-polska_powiaty_2002_2019_CREL.csv gives 396, one of them 0263.
	if n < 380 {
		t.Errorf("%d figures are pending", n)
	}
}

func TestConformance(t *testing.T) {
	fsys := shared(t)
	r := poland(t, fsys)
	for _, name := range []string{"crel/LUDN_2137_CREL_20220407210714.csv", "ctab/FINA_2622_CTAB_20260608161005_sample_rows.csv"} {
		t.Run(name[:4], func(t *testing.T) {
			sourcetest.Run(t, r, func(*testing.T) source.Source { return bdlfile.New(bdlfile.File{FS: fsys, Path: "bdl/" + name}) })
		})
	}
}
