package report

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/stat"
)

var (
	titleChange = regexp.MustCompile(`: (.+) w (\d{4}) r\., (?:o (\S+)(%| p\. proc\.)? ?(.*)(więcej|mniej) niż w|bez zmian wobec) (\d{4}) r\.`)
	titlePlace  = regexp.MustCompile(`miejsce (\d+)\. z (\d+)`)
	titleRange  = regexp.MustCompile(`: od (\S.*?) \((.+?)\) do (\S.*?) \((.+?)\)$`)
)

// TestTitlesHold computes what the titles of charts and maps tell from the figures printed in
// their tables: a change from its two years, between which there is no break; a place by
// counting; the ends of a range.
func TestTitlesHold(t *testing.T) {
	check := func(t *testing.T, l *Library, year stat.Period, step int) {
		told := map[string]int{}
		for _, a := range withData(t, l, year, step) {
			d, err := l.Build(t.Context(), Request{Area: a.Code, Period: year})
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range document.All(d.Body) {
				f, ok := x.(document.Figure)
				if !ok || f.Table == nil {
					continue
				}
				title := plainSpaces.Replace(f.Title)
				fail := func(why string) { t.Errorf("%s, %s: %q: %s", a.Code, f.Label, title, why) }
				chart, _ := f.Content.(document.Chart)
				if m := titleChange.FindStringSubmatch(title); m != nil && chart.Mark == document.Line {
					told["change"]++
					checkChange(m, f, chart, fail)
				}
				if m := titlePlace.FindStringSubmatch(title); m != nil && chart.Mark == document.Bar {
					told["place"]++
					checkPlace(m, f, fail)
				}
				if m := titleRange.FindStringSubmatch(title); m != nil {
					told["range"]++
					checkRange(m, f, fail)
				}
			}
		}
		t.Log(told)
		if told["change"] == 0 || told["place"] == 0 || told["range"] == 0 {
			t.Error("some kind of title was never seen")
		}
	}
	t.Run("sample", func(t *testing.T) { check(t, sampleLibrary(t), 2025, 4) })
	if heavy() {
		t.Run("real", func(t *testing.T) {
			check(t, nationalLibrary(t), 2018, 25)
			check(t, nationalLibrary(t), 2023, 25)
		})
	}
}

func checkChange(m []string, f document.Figure, chart document.Chart, fail func(string)) {
	value := map[int]float64{}
	decimals := 0
	for _, r := range f.Table.Rows {
		year, n := int(r.Cells[0].Number.Value), r.Cells[1].Number
		if n.Present {
			value[year] = n.Value
			decimals = n.Decimals
			if strconv.Itoa(year) == m[2] && !strings.Contains(m[1], plainSpaces.Replace(n.Text)) {
				fail("the value is " + n.Text)
			}
		}
	}
	to, _ := strconv.Atoi(m[2])
	from, _ := strconv.Atoi(m[7])
	then, now := value[from], value[to]
	for _, b := range chart.Breaks {
		if from < b.Before && b.Before <= to {
			fail("a break lies between")
		}
	}
	if _, ok := value[from]; !ok {
		fail("the chart does not show " + m[7])
		return
	}
	if m[6] == "" {
		if locale.Round(now-then, decimals) != 0 && math.Abs(now/then-1) >= 0.0005 {
			fail("it changed")
		}
		return
	}
	said, err := strconv.ParseFloat(strings.ReplaceAll(m[3], ",", "."), 64)
	if err != nil { // of thousands: only the direction is looked at
		said = math.NaN()
	}
	got := now - then
	if m[4] == "%" {
		got = 100 * (now/then - 1)
	}
	if (got > 0) != (m[6] == "więcej") || m[4] != "" && math.Abs(math.Abs(got)-said) > 0.0501 && math.Abs(math.Abs(got)-said) > 0.501*math.Pow(10, -float64(digitsAfter(m[3]))) {
		fail("the change is " + strconv.FormatFloat(got, 'f', 3, 64))
	}
}

func digitsAfter(s string) int {
	if i := strings.IndexByte(s, ','); i >= 0 {
		return len(s) - i - 1
	}
	return 0
}

func checkPlace(m []string, f document.Figure, fail func(string)) {
	own, above, n := math.NaN(), 1, 0
	for _, r := range f.Table.Rows {
		if v := r.Cells[2].Number; r.Own && v.Present {
			own = v.Value
		}
	}
	for _, r := range f.Table.Rows {
		if v := r.Cells[2].Number; v.Present && r.Cells[1].Number != nil && r.Cells[1].Number.Present {
			n++
			if v.Value > own {
				above++
			}
		}
	}
	if strconv.Itoa(above) != m[1] || strconv.Itoa(n) != m[2] {
		fail("the place is " + strconv.Itoa(above) + " of " + strconv.Itoa(n))
	}
}

func checkRange(m []string, f document.Figure, fail func(string)) {
	column := len(f.Table.Columns) - 2
	low, high := "", ""
	least, most := math.Inf(1), math.Inf(-1)
	for _, r := range f.Table.Rows {
		if r.Group != "" || r.Role == document.GroupMedian {
			if r.Group != "" {
				break // neighbours that the map does not hold
			}
			continue
		}
		n := r.Cells[column].Number
		if n == nil || !n.Present {
			continue
		}
		if n.Value < least {
			least, low = n.Value, plainSpaces.Replace(n.Text)
		}
		if n.Value > most {
			most, high = n.Value, plainSpaces.Replace(n.Text)
		}
	}
	if !strings.HasPrefix(m[1], low) || !strings.HasPrefix(m[3], high) {
		fail("the ends are " + low + " and " + high)
	}
}
