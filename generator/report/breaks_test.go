package report

import (
	"context"
	"encoding/csv"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/peer"
	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/source/files"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/templates"
)

func inShared(name string) string { return filepath.Join("..", "..", "..", "shared", "data", name) }

// nationalSnapshot is all real data that are beside the project.
var nationalSnapshot = sync.OnceValues(func() (*snapshot.Snapshot, error) {
	if _, err := os.Stat(inShared("register")); errors.Is(err, fs.ErrNotExist) {
		return nil, errors.ErrUnsupported
	}
	borders := files.OnDisk(inShared("boundaries/boundaries_pl_2026.topojson"))
	s := files.Set{TERC: []files.File{files.OnDisk(inShared("register/TERC_Urzedowy_2026-01-08.csv"))}, Boundaries: &borders}
	s.BDL = append(s.BDL, files.BDL(inShared("bdl/panel_gminy_2003_2019.csv")+"=@2020-06-01"),
		files.BDL(inShared("bdl/crel/ludnosc-polska_powiaty_2002_2019_CREL.csv")+"=P2137@2020-03-01"))
	for _, pattern := range []string{"bdl/crel/FINA*.csv", "bdl/crel/LUDN*.csv", "bdl/crel/RYNE*.csv", "bdl/ctab/*.csv", "bdl/xtab/*.xlsx"} {
		names, err := filepath.Glob(inShared(pattern))
		if err != nil {
			return nil, err
		}
		for _, n := range names {
			s.BDL = append(s.BDL, files.BDL(n))
		}
	}
	return files.Import(context.Background(), s, filepath.Join(scratch, "national"))
})

// nationalLibrary is the templates on all real data; the test is skipped where they are missing.
func nationalLibrary(t testing.TB) *Library {
	t.Helper()
	s, err := nationalSnapshot()
	if errors.Is(err, errors.ErrUnsupported) {
		t.Skip("the real data are not beside the project (../shared/data)")
	}
	if err != nil {
		t.Fatal(err)
	}
	l, err := NewLibrary(templates.FS, dataOf(s))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// listed is a break as the published table has it, read here by itself.
type listed struct {
	ids      []string
	perHead  bool
	year     int
	extracts string // downloads later than this day
}

// listedBreaks reads the breaks of method that are documented or derived, and the base of
// what is counted per inhabitant, which follows from that of the population.
func listedBreaks(t *testing.T) []listed {
	t.Helper()
	f, err := os.Open(inShared("reference/breaks_method.csv"))
	if err != nil {
		t.Skip("the table of breaks is not beside the project (../shared/data/reference)")
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []listed
	for _, row := range rows[1:] {
		year, err := strconv.Atoi(row[5])
		if err != nil || row[1] != "method" || row[9] == "believed" && row[0] != "M10" || row[0] == "M14" || row[0] == "M08" {
			continue // M14 concerns some series of its subject, M08 some areas
		}
		b := listed{year: year, perHead: strings.HasPrefix(row[2], "everything per inhabitant")}
		if year == 2020 {
			b.extracts = "2022-04-07"
		}
		for _, id := range strings.FieldsFunc(row[3], func(r rune) bool { return r == ' ' || r == ',' }) {
			b.ids = append(b.ids, "bdl:"+id)
		}
		if slices.Contains(b.ids, "bdl:P2392") { // its one variable that we know by number
			b.ids = append(b.ids, "bdl:60270")
		}
		out = append(out, b)
	}
	if len(out) < 20 {
		t.Fatalf("%d breaks are listed", len(out))
	}
	return out
}

func (b listed) of(l *Library, m *measure, a stat.AreaCode) bool {
	if day := m.set.Origin(a, m.ID, 0).Extracted; day <= b.extracts {
		return false
	}
	return slices.ContainsFunc(b.ids, func(id string) bool { return string(m.ID) == id || strings.HasPrefix(string(m.ID), id+"/") }) ||
		b.perHead && (strings.Contains(m.Unit, "/mieszkańca") || strings.Contains(m.Name, "na 1 mieszkańca"))
}

// TestNoChangeCrossesABreak computes every change of five years and every one that a
// sentence tells, of all areas, indicators and years: none crosses a listed break, and nearly
// all others are told as before.
func TestNoChangeCrossesABreak(t *testing.T) {
	table := listedBreaks(t)
	l := nationalLibrary(t)
	if err := l.load(t.Context(), l.catalogue); err != nil {
		t.Fatal(err)
	}
	known := relocated(l.data.Register)
	if err := l.suspects(t.Context()); err != nil {
		t.Fatal(err)
	}
	areas := l.data.Register.Areas()
	if !heavy() { // each of the known cases, and some
		areas = slices.DeleteFunc(slices.Clone(areas), func(a stat.Area) bool { return rand.IntN(20) > 0 && a.Code != "0223" && a.Code != "3021" })
	}
	crossing, honest, kept := 0, 0, 0
	for _, m := range l.catalogue {
		first, last := m.set.Periods()
		for _, a := range areas {
			code := l.data.Register.Canonical(a.Code)
			var years []stat.Period
			for _, b := range table {
				if b.of(l, m, code) {
					years = append(years, stat.Period(b.year))
				}
			}
			years = append(years, known[code]...)
			crosses := func(from, to stat.Period) bool {
				return slices.ContainsFunc(years, func(y stat.Period) bool { return y > from && y <= to })
			}
			raw := func(p stat.Period) stat.Observation { return m.set.Figure(code, m.ID, p) }
			for y := first; y <= last; y++ {
				before, now := peer.Of(raw, y-5, y, m.UnitClass), l.change(m, code, y-5, y)
				switch {
				case crosses(y-5, y):
					crossing++
					if now.State == peer.Measured || now.State == peer.FromZero {
						t.Fatalf("%s of %s, %d–%d: %+v crosses a break", m.ID, code, y-5, y, now)
					}
				case before.State == peer.Measured:
					honest++
					if now.State == peer.Measured {
						kept++
					}
				}
				for _, c := range []peer.Change{
					peer.Longest(l.series(m, code), y-5, y, m.UnitClass), peer.Overall(l.series(m, code), first, y, m.UnitClass),
				} {
					if c.State == peer.Measured && crosses(c.From, c.To) {
						t.Fatalf("%s of %s, %d–%d: the longest span crosses a break", m.ID, code, c.From, c.To)
					}
				}
			}
		}
	}
	t.Logf("bar: %d spans cross a listed break; of %d others %d are told (%.1f%%)", crossing, honest, kept, 100*float64(kept)/float64(honest))
	if crossing == 0 || float64(kept) < 0.95*float64(honest) {
		t.Errorf("%d spans cross a listed break; of %d others only %d are told", crossing, honest, kept)
	}
}

// TestCardsSayBoundaries reads reports of areas whose territory changed: the card says so,
// and nothing is compared with the years before.
func TestCardsSayBoundaries(t *testing.T) {
	l := nationalLibrary(t)
	for _, c := range []struct {
		area   stat.AreaCode
		hasNot string
	}{
		{"166101", "30,8%"},
		{"146101", "15,5%"},
		{"1807", "6,6%"},
		{"1817", "3,8% więcej"},
		{"1609", "o 3,9%"},
		{"186301", "niż w 2013 r."},
		{"160903", "24,5%"},
		{"086201", "zmiana metody"},
	} {
		d, err := l.Build(t.Context(), Request{Area: c.area, Period: 2018})
		if err != nil {
			t.Fatal(err)
		}
		text := strings.NewReplacer("\u00a0", " ", "~", " ").Replace(dump(d))
		if !strings.Contains(text, "(zmiana granic)") || strings.Contains(text, c.hasNot) {
			t.Errorf("%s: no card says a change of boundaries, or the report says %q", c.area, c.hasNot)
		}
		checkChanges(t, l, d)
	}
}

// TestSentencesStopAtBreaks reads reports that told a change across the census of 2021.
func TestSentencesStopAtBreaks(t *testing.T) {
	l := nationalLibrary(t)
	for _, c := range []struct {
		area        stat.AreaCode
		year        stat.Period
		has, hasNot string
	}{
		{"0223", 2023, "o 7,4% więcej niż w 2020 r. (dane porównywalne od 2020 r.)", "o 28,1% więcej"},
		{"3021", 2020, "od 2020 r. NSP 2021", "17,4%"},
		{"146501", 2024, "o 175 mniej niż w 2020 r., czyli o mniej niż 0,05% (dane porównywalne od 2020 r.)", "o 4,7% więcej"},
		{"247801", 2023, "o 3,2% mniej niż w 2020 r. (dane porównywalne od 2020 r.)", "11,3% mniej"},
	} {
		d, err := l.Build(t.Context(), Request{Area: c.area, Period: c.year})
		if err != nil {
			t.Fatal(err)
		}
		text := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(dump(d))
		text = strings.ReplaceAll(text, "~", " ")
		if !strings.Contains(text, c.has) {
			t.Errorf("%s in %d does not say %q", c.area, c.year, c.has)
		}
		if strings.Contains(text, c.hasNot) {
			t.Errorf("%s in %d says %q", c.area, c.year, c.hasNot)
		}
		checkChanges(t, l, d)
		charts := 0
		for _, f := range figuresOf(d) {
			if g, ok := f.Content.(document.Chart); ok && g.Mark == document.Line && (strings.HasPrefix(f.Title, "Ludność w") || strings.HasPrefix(f.Title, "Ludność:")) {
				charts++
				rows := f.Table.Rows
				first, last := rows[0].Cells[0].Number.Value, rows[len(rows)-1].Cells[0].Number.Value
				if !slices.ContainsFunc(g.Breaks, func(b document.Break) bool { return b.Before == 2020 }) && last >= 2020 && first < 2020 {
					t.Errorf("%s in %d: %s draws no break before 2020", c.area, c.year, f.Title)
				}
			}
		}
		if charts == 0 {
			t.Errorf("%s in %d draws no population", c.area, c.year)
		}
	}
}

// checkChanges holds every change that a document prints against the breaks of its series.
func checkChanges(t *testing.T, l *Library, d *document.Document) {
	t.Helper()
	each := func(n document.Number) {
		if n.Present && (n.Origin.Op == document.Change || n.Origin.Op == document.ChangePercent) {
			r := n.Origin.Refs
			m := l.measures[stat.IndicatorID(r[0].Indicator)]
			if peer.Breaks(l.series(m, stat.AreaCode(r[0].Area)), stat.Period(r[0].Period), stat.Period(r[1].Period)) {
				t.Errorf("%s: %s of %s from %d to %d is printed: %s", d.Meta.Identifier, r[0].Indicator, r[0].Area, r[0].Period, r[1].Period, n.Text)
			}
		}
	}
	for _, s := range d.Annex.Statistics {
		for _, n := range s.Changes {
			each(n)
		}
	}
	for _, tb := range tablesOf(d) {
		for _, row := range tb.Rows {
			for _, c := range row.Cells {
				if c.Number != nil {
					each(*c.Number)
				}
			}
		}
	}
}

// TestVintageDecides: population of 2020 and 2021 stands on both bases, and the day of the
// download tells which.
func TestVintageDecides(t *testing.T) {
	all, _, err := ReadBreaks(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	i := stat.Indicator{ID: "bdl:72305", Name: "Ludność ogółem"}
	for day, want := range map[string]string{"2022-04-07": "2002 2006 2010", "2025-03-29": "2002 2006 2010 2020", "2023-09-01": "2002 2006 2010 2020 2022", "": "2002 2006 2010 2020 2022"} {
		c := cutsOf(all, i, []stat.Origin{{Provenance: stat.Provenance{Extracted: day}}}, false)
		var got []string
		for y := stat.Period(2000); y < 2030; y++ {
			if c.at("0223", 0).has(y) {
				got = append(got, strconv.Itoa(int(y)))
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("downloaded %q: breaks before %v, want %s", day, got, want)
		}
	}
	if cutsOf(all, i, nil, true) != nil {
		t.Error("figures of nobody stand on a census")
	}
}

// TestBreaksConcern: by id, subject and words, whatever the spaces; never by what is only
// believed.
func TestBreaksConcern(t *testing.T) {
	all, _, err := ReadBreaks(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		i    stat.Indicator
		year stat.Period
		want bool
	}{
		{stat.Indicator{ID: "bdl:P2137/0-4/kobiety", Name: "Ludność w wieku 0–4 lat, kobiety"}, 2020, true},
		{stat.Indicator{ID: "bdl:P21370/x", Name: "coś innego"}, 2020, false},
		{stat.Indicator{ID: "bdl:76973", Name: "Dochody ogółem na 1 mieszkańca"}, 2020, true},
		{stat.Indicator{ID: "smup:9999", Name: "Wydatki w przeliczeniu na jednego mieszkańca", Unit: "zł"}, 2020, true},
		{stat.Indicator{ID: "smup:9998", Name: "Czytelnicy bibliotek na 1\u00a0000 ludności"}, 2020, true},
		{stat.Indicator{ID: "smup:9997", Name: "Podmioty na 10\u202f000 ludności"}, 2010, true},
		{stat.Indicator{ID: "own:x", Name: "Dług", Unit: "zł/mieszkańca"}, 2010, true},
		{stat.Indicator{ID: "own:a", Name: "Ludność", Unit: "osoba"}, 2020, true},
		{stat.Indicator{ID: "own:b", Name: "Liczba ludności gminy (stan na 31 XII)"}, 2010, true},
		{stat.Indicator{ID: "own:c", Name: "Mieszkańcy"}, 2020, true},
		{stat.Indicator{ID: "own:d", Name: "Wydatki na jedną osobę", Unit: "zł"}, 2020, true},
		{stat.Indicator{ID: "own:e", Name: "Ludność na 1 bibliotekę"}, 2020, true},
		{stat.Indicator{ID: "own:f", Name: "Odsetek seniorów 65+", Unit: "%"}, 2020, true},
		{stat.Indicator{ID: "own:g", Name: "Współczynnik obciążenia demograficznego"}, 2020, true},
		{stat.Indicator{ID: "own:h", Name: "Mieszkańcy domów pomocy społecznej"}, 2020, false},
		{stat.Indicator{ID: "bdl:76037", Name: "Dochody ogółem", Unit: "zł"}, 2020, false},
		{stat.Indicator{ID: "bdl:76037", Name: "Dochody ogółem", Unit: "zł"}, 2016, false}, // believed
		{stat.Indicator{ID: "bdl:10514", Name: "Bezrobotni zarejestrowani ogółem"}, 2020, false},
		{stat.Indicator{ID: "bdl:60270", Name: "Stopa bezrobocia rejestrowanego"}, 2022, true},
		{stat.Indicator{ID: "bdl:58", Name: "Małżeństwa zawarte w ciągu roku"}, 2020, false},
		{stat.Indicator{ID: "bdl:P3164/x", Name: "Ścieżki rowerowe ogółem", Unit: "km"}, 2020, false},
	} {
		cuts := cutsOf(all, c.i, []stat.Origin{{Provenance: stat.Provenance{Extracted: "2025-03-29"}}}, false)
		if got := cuts != nil && cuts.at("302101", 0).has(c.year); got != c.want {
			t.Errorf("%s %q breaks before %d: %v", c.i.ID, c.i.Name, c.year, got)
		}
	}
}

// TestNewTasksBreakAll: a city that took over the budget of a powiat is compared with itself from
// then on, in every figure; its neighbours are not concerned.
func TestNewTasksBreakAll(t *testing.T) {
	all, _, err := ReadBreaks(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	cuts := cutsOf(all, stat.Indicator{ID: "bdl:76037", Name: "Dochody ogółem", Unit: "zł"}, []stat.Origin{{Provenance: stat.Provenance{Extracted: "2025-03-29"}}}, false)
	for area, want := range map[stat.AreaCode]bool{"0265": true, "026501": true, "0221": false, "026401": false} {
		if got := cuts != nil && cuts.at(area, 0).has(2013); got != want {
			t.Errorf("%s breaks before 2013: %v", area, got)
		}
	}
}

// TestOwnBreaks adds a break of an office and refuses what could not be applied.
func TestOwnBreaks(t *testing.T) {
	own := func(s string) fs.FS { return fstest.MapFS{"przerwy-nasze.toml": {Data: []byte(s)}} }
	l := libraryOver(t, own("[[break]]\nyear = 2023\nindicators = [\"bdl:72305\"]\nareas = [\"981001\"]\nlabel = \"nowy rejestr\"\nreason = \"Liczymy inaczej.\"\nsource = \"urząd\"\ncertainty = \"udokumentowana\"\n"))
	d, err := l.Build(t.Context(), Request{Area: "981001", Period: 2025})
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(dump(d), "~", " ")
	for _, want := range []string{"od 2023 r. (nowy rejestr)", "(dane porównywalne od 2023 r.)", "Liczymy inaczej. Dotyczy: ludność. Źródło: urząd."} {
		if !strings.Contains(text, want) {
			t.Errorf("the report does not say %q", want)
		}
	}
	m := l.measures["bdl:72305"]
	if peer.Breaks(l.series(m, "981002"), 2018, 2025) {
		t.Error("the break is in all areas")
	}
	for name, s := range map[string]string{
		"year":       "[[break]]\nyear = 20\nwords = [\"x\"]\nlabel = \"a\"\nreason = \"b\"\nsource = \"c\"\ncertainty = \"udokumentowana\"\n",
		"nothing":    "[[break]]\nyear = 2020\nlabel = \"a\"\nreason = \"b\"\nsource = \"c\"\ncertainty = \"udokumentowana\"\n",
		"all of all": "[[break]]\nyear = 2020\nindicators = [\"*\"]\nlabel = \"a\"\nreason = \"b\"\nsource = \"c\"\ncertainty = \"udokumentowana\"\n",
		"certainty":  "[[break]]\nyear = 2020\nwords = [\"x\"]\nlabel = \"a\"\nreason = \"b\"\nsource = \"c\"\ncertainty = \"chyba\"\n",
		"key":        "[[break]]\nyears = 2020\n",
		"day":        "[[break]]\nyear = 2020\nwords = [\"x\"]\nafter = \"7.04.2022\"\nlabel = \"a\"\nreason = \"b\"\nsource = \"c\"\ncertainty = \"udokumentowana\"\n",
		"area":       "[[break]]\nyear = 2020\nwords = [\"x\"]\nareas = [\"Opole\"]\nlabel = \"a\"\nreason = \"b\"\nsource = \"c\"\ncertainty = \"udokumentowana\"\n",
	} {
		_, err := NewLibrary(Over(templates.FS, own(s)), sampleData(t))
		if err == nil || !strings.Contains(err.Error(), "przerwy-nasze.toml") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
