package report

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/generator/territory"
	"github.com/raportjst/raportjst/templates"
)

func nationalSet(t *testing.T) *stat.Dataset {
	t.Helper()
	s, err := nationalSnapshot()
	if err != nil {
		t.Skip("the real data are not beside the project (../shared/data)")
	}
	set, err := s.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// suspectedIn is what the reports on a data set take for changes of territory.
func suspectedIn(all []Break, c Checks, set *stat.Dataset) []territory.Step {
	return c.Undismissed(c.Search(all).Find(set))
}

func shippedChecks(t *testing.T) ([]Break, Checks) {
	t.Helper()
	all, _, err := ReadBreaks(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	c, err := ReadChecks(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	return all, c
}

// TestSuspectedSteps: what the real figures show beside the register, each looked at. Gdańsk gave
// up 3.9 km² without a neighbour that won them (its shore was measured anew, it seems); Izabelin
// and Stare Babice have since 2008 the areas that they have today.
func TestSuspectedSteps(t *testing.T) {
	all, c := shippedChecks(t)
	var got []string
	for _, s := range suspectedIn(all, c, nationalSet(t)) {
		got = append(got, fmt.Sprintf("%s %d", s.Area, s.Year))
	}
	if want := []string{"226101 2007", "143202 2008", "143207 2008"}; !slices.Equal(got, want) {
		t.Errorf("suspected are %v, want %v", got, want)
	}
}

// unmoved is a data set whose register tells of no change of territory.
func unmoved(t *testing.T, set *stat.Dataset, ids []stat.IndicatorID) *stat.Dataset {
	t.Helper()
	areas := slices.Clone(set.Register().Areas())
	for i := range areas {
		areas[i].Changes = nil
	}
	r, err := stat.NewRegister(set.Register().State(), areas, set.Register().Borders())
	if err != nil {
		t.Fatal(err)
	}
	first, last := set.Periods()
	b := stat.NewBuilder(r, first, last)
	for _, id := range ids {
		i, ok := set.Indicator(id)
		if !ok {
			continue
		}
		if err := b.Indicator(i, set.Provenance(id)); err != nil {
			t.Fatal(err)
		}
		parts := map[stat.Provenance]stat.ColumnBuilder{}
		now, err := b.Column(id)
		if err != nil {
			t.Fatal(err)
		}
		parts[set.Provenance(id)] = now
		for k, a := range areas {
			for y := first; y <= last; y++ {
				o := set.At(a.Code, id, y)
				if o.Status == stat.Missing && o.Sign == "" {
					continue
				}
				p := set.Origin(a.Code, id, y)
				if _, ok := parts[p]; !ok {
					if parts[p], err = b.Part(id, p); err != nil {
						t.Fatal(err)
					}
				}
				if err := parts[p].Set(k, y, o); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	return b.Dataset()
}

// TestStepsAreFoundWithoutHistory: with a register that tells nothing, the figures show the
// changes of territory of the last decades, and fewer than one in ten of what they show is none.
func TestStepsAreFoundWithoutHistory(t *testing.T) {
	all, c := shippedChecks(t)
	set := nationalSet(t)
	bare := unmoved(t, set, c.Needs())
	found := map[string]bool{}
	unlisted := 0
	suspected := suspectedIn(all, c, bare)
	for _, s := range suspected {
		found[fmt.Sprintf("%s %d", s.Area, s.Year)] = true
		if !inRegister(set.Register(), s) {
			unlisted++
		}
	}
	t.Logf("%d steps, %d of them not in the table", len(suspected), unlisted)
	if 10*(unlisted-3) > len(suspected) { // three are true and in no table: see TestSuspectedSteps
		t.Errorf("%d of %d steps are in no table", unlisted, len(suspected))
	}
	for _, want := range []string{"166101 2017", "146101 2018", "086201 2015", "1807 2017", "1817 2017"} {
		if !found[want] {
			t.Errorf("%s is not found", want)
		}
	}
}

// TestSuspectedStepStops: a suspected step is a break like any other, said to be suspected, until
// a file says that it is none.
func TestSuspectedStepStops(t *testing.T) {
	s, err := nationalSnapshot()
	if err != nil {
		t.Skip("the real data are not beside the project (../shared/data)")
	}
	request := Request{Area: "143202", Period: 2009}
	read := func(l *Library) string {
		d, err := l.Build(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		checkChanges(t, l, d)
		return strings.NewReplacer("\u00a0", " ", "~", " ").Replace(dump(d))
	}
	text := read(libraryWith(t, s, nil))
	for _, want := range []string{"prawdopodobna zmiana granic", "Od 1 stycznia 2008 r. prawdopodobnie inne granice"} {
		if !strings.Contains(text, want) {
			t.Errorf("the report does not say %q", want)
		}
	}
	for reason, boundary := range map[string]bool{"pomyłka w danych": false, "rozporządzenie": true} {
		own := fstest.MapFS{"reports/przerwy-urzad.toml": {Data: fmt.Appendf(nil, "[[verdict]]\nareas = [\"143202\"]\nyear = 2008\nboundary = %v\nreason = %q\nsource = \"urząd\"\n", boundary, reason)}}
		text := read(libraryWith(t, s, own))
		if strings.Contains(text, "prawdopodobn") {
			t.Errorf("%v: still suspected", boundary)
		}
		if (strings.Contains(text, "od 2008 r. zmiana granic") || strings.Contains(text, "(zmiana granic)")) != boundary {
			t.Errorf("%v: the verdict does not count", boundary)
		}
	}
}

// libraryWith is the templates, with own ones over them, on a snapshot.
func libraryWith(t *testing.T, s *snapshot.Snapshot, own fstest.MapFS) *Library {
	t.Helper()
	files := templates.FS
	if own == nil {
		l, err := NewLibrary(files, dataOf(s))
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	l, err := NewLibrary(Over(files, own), dataOf(s))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// moving is figures of two powiats with twelve gminas each, of which one gmina gives land to another in 2008
// and one powiat wins some in 2012.
func moving(t *testing.T) *stat.Dataset {
	t.Helper()
	areas := []stat.Area{{Code: stat.Country, Kind: stat.KindCountry, Name: "Polska"}, {Code: "02", Kind: stat.KindVoivodeship, Name: "dolnośląskie"}}
	var borders []stat.Border
	for p := range 2 {
		powiat := stat.AreaCode(fmt.Sprintf("02%02d", p+1))
		areas = append(areas, stat.Area{Code: powiat, Kind: stat.KindPowiat, Name: string(powiat)})
		for g := range 12 {
			code := stat.AreaCode(fmt.Sprintf("%s%02d", powiat, g+1))
			areas = append(areas, stat.Area{Code: code, Kind: stat.KindRural, Name: string(code)})
			if g > 0 {
				borders = append(borders, stat.Border{A: areas[len(areas)-2].Code, B: code, SharedKm: 5})
			}
		}
	}
	r, err := stat.NewRegister("2026-01-01", areas, borders)
	if err != nil {
		t.Fatal(err)
	}
	surface := func(a stat.AreaCode, y stat.Period) float64 {
		km := map[int]float64{2: 40_000, 4: 1800, 6: 150}[len(a)]
		switch {
		case a == "020101" && y >= 2008:
			km -= 20
		case a == "020102" && y >= 2008:
			km += 20
		case a == "0202" && y >= 2012:
			km += 100
		}
		return km
	}
	people := func(a stat.AreaCode, y stat.Period) float64 {
		return math.Round(surface(a, y) * 100 * math.Pow(1.003, float64(y-2000)))
	}
	b := stat.NewBuilder(r, 2000, 2016)
	for _, x := range []struct {
		id       stat.IndicatorID
		decimals int
		tier     int // the lowest
		sum      stat.Aggregation
		value    func(a stat.AreaCode, y stat.Period) float64
	}{
		{"bdl:72305", 0, 4, stat.AggregateSum, people},
		{"bdl:60559", 0, 6, 0, func(a stat.AreaCode, y stat.Period) float64 { return math.Round(people(a, y) / surface(a, y)) }},
		{"bdl:76037", 0, 6, 0, func(a stat.AreaCode, y stat.Period) float64 { return people(a, y) * 3000 }},
		{"bdl:76973", 2, 6, 0, func(a stat.AreaCode, y stat.Period) float64 { return 3000 * math.Pow(1.003, 0.5) }},
	} {
		if err := b.Indicator(stat.Indicator{ID: x.id, Name: string(x.id), Decimals: x.decimals, Aggregation: x.sum}, stat.Provenance{Extracted: "2025-01-01"}); err != nil {
			t.Fatal(err)
		}
		column, err := b.Column(x.id)
		if err != nil {
			t.Fatal(err)
		}
		for i, a := range r.Areas() {
			for y := stat.Period(2000); y <= 2016 && len(a.Code) <= x.tier; y++ {
				if err := column.Set(i, y, stat.Observed(x.value(a.Code, y), 0)); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	return b.Dataset()
}

// TestSearchVersion: steps are kept with a data set under the version of the search, so other
// steps need another one.
func TestSearchVersion(t *testing.T) {
	all, c := shippedChecks(t)
	var got []string
	for _, s := range c.Search(all).Find(moving(t)) {
		got = append(got, fmt.Sprintf("%s %d %d %.1f %.1f %.2f", s.Area, s.Year, s.Way, s.Before, s.After, s.Least))
	}
	want := []string{"0202 2012 0 1806.2 1893.8 3.85", "020101 2008 0 150.2 130.5 11.34", "020102 2008 0 150.2 170.7 11.44"}
	if searchVersion != 1 || !slices.Equal(got, want) {
		t.Errorf("version %d finds\n%q\nwant of version 1\n%q\nraise searchVersion and write here what it finds", searchVersion, got, want)
	}
}

// TestSearchID: what the search heeds is in its ID, a verdict or a break of another kind is not.
func TestSearchID(t *testing.T) {
	all, c := shippedChecks(t)
	id := c.Search(all).ID
	heard := c
	heard.Verdicts = append(slices.Clone(c.Verdicts), Verdict{Areas: []string{"143202"}, Year: 2008, Reason: "pomyłka"})
	if heard.Search(all).ID != id || c.Search(append(slices.Clone(all), Break{Year: 2010, Indicators: []string{"bdl:1"}, Label: "nowa metoda"})).ID != id {
		t.Error("what the search does not heed changes its ID")
	}
	for what, other := range map[string]string{
		"a break of surfaces": c.Search(append(slices.Clone(all), Break{Year: 2010, Indicators: []string{"bdl:60559"}, Label: "pomiar powierzchni"})).ID,
		"no surface":          Checks{}.Search(all).ID,
	} {
		if other == id {
			t.Errorf("%s does not change the ID", what)
		}
	}
}

// TestKeptSteps: what was found at the import is taken as it is, without reading a series; what
// another search found is not.
func TestKeptSteps(t *testing.T) {
	all, c := shippedChecks(t)
	set := moving(t)
	data := Data{Register: set.Register(), Indicators: set.Indicators()}
	loaded := 0
	data.Load = func(context.Context, ...stat.IndicatorID) (*stat.Dataset, error) {
		loaded++
		return set, nil
	}
	data.Found = territory.Found{Search: c.Search(all).ID, Steps: []territory.Step{{Area: "020103", Year: 2005}}}
	for _, kept := range []bool{true, false} {
		if !kept {
			data.Found.Search = "another"
		}
		l, err := NewLibrary(templates.FS, data)
		if err != nil {
			t.Fatal(err)
		}
		if err := l.suspects(t.Context()); err != nil {
			t.Fatal(err)
		}
		if (loaded == 0) != kept || (l.suspicion("020103", 2005) != nil) != kept || (l.suspicion("0202", 2012) != nil) == kept {
			t.Errorf("kept %v: loaded %d times, %v", kept, loaded, l.suspected)
		}
	}
}
