package report

import (
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/stat"
)

// TestDatesOfWhatIsShown: the newest file of the data set was downloaded on 8 June 2026 and holds
// nothing of a gmina; its reports of 2018 are of older files.
func TestDatesOfWhatIsShown(t *testing.T) {
	l := nationalLibrary(t)
	for _, r := range []Request{{Area: "302101", Period: 2018}, {Area: "166101", Period: 2018}, {Area: "0223", Period: 2023}, {Area: "30", Period: 2020}, {Area: "302101", Period: 2018, Template: "porownanie", Peers: []string{"302104"}}} {
		d, err := l.Build(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		newest := ""
		for _, x := range d.Annex.Data {
			if x.Present {
				newest = max(newest, dayOf(l, x))
			}
		}
		if d.Meta.Date != newest {
			t.Errorf("%s: dated %s, its newest figure %s", d.Meta.Identifier, d.Meta.Date, newest)
		}
		for _, f := range append(d.Cover.Fields, d.Annex.Versions...) {
			if f.Name == "Stan danych" && f.Value != locale.Date(newest) {
				t.Errorf("%s: %s of figures of %s", d.Meta.Identifier, f.Value, newest)
			}
		}
		if text := dump(d); !strings.Contains(text, locale.ShortDate(newest)) {
			t.Errorf("%s: no source is of %s", d.Meta.Identifier, newest)
		}
	}
}

// dayOf is the day of download of a figure.
func dayOf(l *Library, x document.Datum) string {
	m := l.measures[stat.IndicatorID(x.Indicator)]
	return m.set.Origin(stat.AreaCode(x.Area), m.ID, stat.Period(x.Period)).Extracted
}

// TestSourceLinesAreOfTheirFigures: under each table and chart stand the days of its own figures,
// the first and the last.
func TestSourceLinesAreOfTheirFigures(t *testing.T) {
	l := nationalLibrary(t)
	checked := 0
	for _, r := range []Request{{Area: "146501", Period: 2018}, {Area: "306401", Period: 2020}, {Area: "302101", Period: 2018}, {Area: "3021", Period: 2020}, {Area: "0223", Period: 2023}} {
		d, err := l.Build(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range document.All(d.Body) {
			var tb *document.Table
			source := ""
			switch b := b.(type) {
			case document.Table:
				tb, source = &b, b.Source
			case document.Figure:
				tb, source = b.Table, b.Source
			default:
				continue
			}
			if tb == nil || tb.Layout == document.StripTable {
				continue
			}
			first, last := "", ""
			for n := range tb.Numbers() {
				for _, ref := range n.Origin.Refs {
					m := l.measures[stat.IndicatorID(ref.Indicator)]
					if _, ok := l.observe(m, stat.AreaCode(ref.Area), stat.Period(ref.Period)).Value(); !ok {
						continue
					}
					day := dayOf(l, document.Datum{Area: ref.Area, Indicator: ref.Indicator, Period: ref.Period})
					if first == "" || day < first {
						first = day
					}
					last = max(last, day)
				}
			}
			if last == "" {
				continue
			}
			checked++
			want := "dane pobrano " + locale.ShortDate(last) + " r."
			if first != last {
				want = "dane pobrano od " + locale.ShortDate(first) + " do " + locale.ShortDate(last) + " r."
			}
			if !strings.Contains(strings.ReplaceAll(source, locale.NBSP, " "), want) {
				t.Errorf("%s, %s: %q, the figures are of %s to %s", d.Meta.Identifier, tb.Title, source, first, last)
			}
		}
	}
	if checked < 30 {
		t.Errorf("only %d blocks", checked)
	}
}
