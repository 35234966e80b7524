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
	check := func(t *testing.T, l *Library, year stat.Period, step int, must ...string) {
		told := map[string]int{}
		var of []Request
		for _, a := range withData(t, l, year, step) {
			of = append(of, Request{Area: a.Code, Period: year})
			if siblings := l.data.Register.Children(a.Code.Parent()); len(a.Code) == 6 && len(siblings) > 3 {
				compared := Request{Area: a.Code, Period: year, Template: "porownanie"}
				for _, c := range siblings {
					compared.Peers = append(compared.Peers, string(c))
				}
				of = append(of, compared)
			}
		}
		for _, request := range of {
			d, err := l.Build(t.Context(), request)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range document.All(d.Body) {
				f, ok := x.(document.Figure)
				if !ok || f.Table == nil {
					continue
				}
				title := plainSpaces.Replace(f.Title)
				fail := func(why string) { t.Errorf("%s, %s: %q: %s", request.Area, f.Label, title, why) }
				chart, _ := f.Content.(document.Chart)
				if !checkDrawn(chart.Mark, title, f.Table, told, fail) {
					fail("the figures of the chart tell something else")
				}
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
		for _, kind := range must {
			if told[kind] == 0 {
				t.Errorf("no title of the kind %q was ever seen", kind)
			}
		}
	}
	t.Run("sample", func(t *testing.T) {
		check(t, sampleLibrary(t), 2025, 4, "change", "place", "range", "peak", "ends", "parts", "sides", "slope")
	})
	if heavy() {
		t.Run("real", func(t *testing.T) {
			check(t, nationalLibrary(t), 2018, 25, "change", "place", "range")
			check(t, nationalLibrary(t), 2023, 25, "change", "place", "range")
		})
	}
}

var (
	titlePeak  = regexp.MustCompile(`^Najliczniejsza grupa wieku: (\S+) (?:lata|lat) \((\S+)%`)
	titleEnds  = regexp.MustCompile(`^W (\d{4}) r\. najwyższe: (.+) \((\S.*?)\), najniższe: (.+) \((\S.*?)\)$`)
	titleParts = regexp.MustCompile(`^(.+?), największa część: (.+)$`)
	titleSides = regexp.MustCompile(`: (.+) (powyżej mediany|poniżej mediany|– tyle, ile mediana), (.+) (powyżej mediany|poniżej mediany|– tyle, ile mediana)$`)
)

// checkDrawn computes the finding of a chart that is no line and no bar from its table.
func checkDrawn(mark document.Mark, title string, t *document.Table, told map[string]int, fail func(string)) bool {
	text := func(n *document.Number) string { return plainSpaces.Replace(n.Text) }
	name := func(r document.Row) string { return plainSpaces.Replace(nameIn(r.Cells[0])) }
	switch mark {
	case document.Pyramid:
		m := titlePeak.FindStringSubmatch(title)
		if m == nil {
			return true
		}
		told["peak"]++
		most, sum, who := 0.0, 0.0, ""
		for _, r := range t.Rows {
			n := r.Cells[1].Number.Value + r.Cells[2].Number.Value
			switch {
			case r.Role == document.Total:
				sum = n
			case n > most:
				most, who = n, name(r)
			case n == most:
				fail("two groups are as numerous")
			}
		}
		return who == m[1] && locale.Number(100*most/sum, 1) == m[2]
	case document.Panels:
		m := titleEnds.FindStringSubmatch(title)
		if m == nil {
			return true
		}
		told["ends"]++
		last := t.Rows[len(t.Rows)-1]
		if text(last.Cells[0].Number) != m[1] {
			return false
		}
		high, low := math.Inf(-1), math.Inf(1)
		highest, lowest := "", ""
		for i, c := range last.Cells {
			if !t.Columns[i].Own {
				continue
			}
			says := locale.Lower(t.Columns[i].Head) + " (" + text(c.Number) + ")"
			if c.Number.Value > high {
				high, highest = c.Number.Value, says
			}
			if c.Number.Value < low {
				low, lowest = c.Number.Value, says
			}
		}
		return highest == m[2]+" ("+m[3]+")" && lowest == m[4]+" ("+m[5]+")"
	case document.Cascade:
		m := titleParts.FindStringSubmatch(title)
		if m == nil {
			return true
		}
		told["parts"]++
		most := t.Rows[0]
		for _, r := range t.Rows[:len(t.Rows)-1] {
			if r.Cells[1].Number.Value > most.Cells[1].Number.Value {
				most = r
			}
		}
		total := t.Rows[len(t.Rows)-1]
		return total.Role == document.Total && strings.HasPrefix(m[1], name(total)+" "+text(total.Cells[1].Number)) &&
			strings.HasPrefix(m[2], locale.Lower(name(most))+" "+text(most.Cells[1].Number))
	case document.Dot:
		m := titleSides.FindStringSubmatch(title)
		if m == nil {
			return true
		}
		told["sides"]++
		var own, median document.Row
		for _, r := range t.Rows {
			if r.Own {
				own = r
			}
			if r.Role == document.GroupMedian {
				median = r
			}
		}
		side := func(i int) string {
			a, b := own.Cells[i].Number, median.Cells[i].Number
			switch d := locale.Round(a.Value-b.Value, 9); {
			case text(a) == text(b):
				return "– tyle, ile mediana"
			case d > 0:
				return "powyżej mediany"
			}
			return "poniżej mediany"
		}
		return side(1) == m[2] && side(2) == m[4]
	case document.Slope:
		m := titleChange.FindStringSubmatch(title)
		if m == nil {
			return true
		}
		told["slope"]++
		then, now := t.Rows[0].Cells[1].Number, t.Rows[0].Cells[2].Number
		return t.Rows[0].Own && t.Columns[1].Head == m[7] && t.Columns[2].Head == m[2] && strings.Contains(m[1], text(now)) &&
			(m[6] == "" || (now.Value > then.Value) == (m[6] == "więcej"))
	}
	return true
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
