package report

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/templates"
)

// TestYears holds the years that are offered to what can be built: each of them, with as many
// own figures at least as it says of the year, and no other.
func TestYears(t *testing.T) {
	l, err := NewLibrary(templates.FS, sampleData(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range []stat.AreaCode{"981001", "986101", "9810", "98"} {
		checkYears(t, l, a, 2030)
	}
	if _, err := l.Years(t.Context(), Request{Area: "999999"}, 2025); err == nil {
		t.Error("years of an area that there is not")
	}
	if _, err := l.Years(t.Context(), Request{Area: "981001", Template: "usluga"}, 2025); err == nil {
		t.Error("years of a template that lacks its choice")
	}
}

// checkYears builds every year around those that an area is offered.
func checkYears(t *testing.T, l *Library, a stat.AreaCode, last stat.Period) int {
	t.Helper()
	years, err := l.Years(t.Context(), Request{Area: a}, last)
	if err != nil {
		t.Fatal(err)
	}
	if len(years) == 0 {
		return 0
	}
	for y := last; y >= years[len(years)-1].Period-2; y-- {
		i := slices.IndexFunc(years, func(x Year) bool { return x.Period == y })
		d, err := l.Build(t.Context(), Request{Area: a, Period: y})
		switch {
		case i >= 0 && err != nil:
			t.Errorf("%s %d is offered: %v", a, y, err)
		case i < 0 && err == nil:
			t.Errorf("%s %d can be made and is not offered", a, y)
		case i < 0 && len(err.Error()) < 40:
			t.Errorf("%s %d: %v", a, y, err)
		case i < 0:
		case years[i].Own+years[i].Earlier == 0 || years[i].Own+years[i].Earlier > years[i].Total:
			t.Errorf("%s %d: %+v", a, y, years[i])
		case !slices.ContainsFunc(d.Annex.Data, func(x document.Datum) bool {
			return x.Area == d.Annex.Own && x.Present && x.Period <= int(y) && x.Period >= int(y)-oldest
		}):
			t.Errorf("%s %d shows no own figure", a, y)
		}
	}
	return len(years)
}

// TestRealYears builds, for gminas chosen by chance from the national data, all years that are
// offered and those around them.
func TestRealYears(t *testing.T) {
	if !heavy() {
		t.Skip("RAPORTJST_HEAVY is not set: hundreds of reports are built")
	}
	l := realLibrary(t)
	var gminas []stat.AreaCode
	for _, a := range l.data.Register.Areas() {
		if a.Code.Level() == stat.LevelGmina {
			gminas = append(gminas, a.Code)
		}
	}
	chance := rand.New(rand.NewPCG(17, 17))
	n := 0
	for range 100 {
		n += checkYears(t, l, gminas[chance.IntN(len(gminas))], 2025)
	}
	t.Logf("%d reports", n)
}

// TestYearsBeginWhereDataDo: no table of years begins with a year of which nothing is known of
// any row.
func TestYearsBeginWhereDataDo(t *testing.T) {
	tables := 0
	for _, c := range []struct {
		l       *Library
		request Request
	}{
		{nationalLibrary(t), Request{Area: "302101", Period: 2023}},
		{nationalLibrary(t), Request{Area: "3021", Period: 2020}},
		{sampleLibrary(t), Request{Area: "981001", Period: 2025}},
	} {
		d, err := c.l.Build(t.Context(), c.request)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range document.All(d.Body) {
			table, ok := x.(document.Table)
			if !ok || table.Layout != document.YearTable || len(table.Columns) < 3 || len(table.Columns[1].Head) != 4 || len(table.Columns[2].Head) != 4 {
				continue
			}
			tables++
			if !slices.ContainsFunc(table.Rows, func(r document.Row) bool {
				return len(r.Cells) > 1 && r.Cells[1].Number != nil && r.Cells[1].Number.Text != signDot
			}) {
				t.Errorf("%s, %s: nothing is known of %s", c.request.Area, table.Label, table.Columns[1].Head)
			}
		}
	}
	if tables < 4 {
		t.Errorf("only %d tables of years", tables)
	}
}
