package report

import (
	"context"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/peer"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/templates"
)

// priced is the sample with an index of consumer prices that rises by a tenth each year.
func priced(t *testing.T, from stat.Period) *Library {
	t.Helper()
	data := sampleData(t)
	index := stat.Indicator{ID: "bdl:217230", Name: "Wskaźnik cen towarów i usług konsumpcyjnych, ogółem", Unit: "rok poprzedni = 100", Decimals: 1}
	data.Indicators = append(data.Indicators[:len(data.Indicators):len(data.Indicators)], index)
	load := data.Load
	data.Load = func(ctx context.Context, ids ...stat.IndicatorID) (*stat.Dataset, error) {
		set, err := load(ctx, ids...)
		if err != nil {
			return nil, err
		}
		first, last := set.Periods()
		b := stat.NewBuilder(set.Register(), first, last)
		b.Invent()
		for _, i := range append(set.Indicators()[:len(set.Indicators()):len(set.Indicators())], index) {
			if err := b.Indicator(i, set.Provenance(i.ID)); err != nil {
				return nil, err
			}
			for _, a := range set.Register().Areas() {
				for y := first; y <= last; y++ {
					o := set.At(a.Code, i.ID, y)
					if i.ID == index.ID && a.Code == stat.Country && y >= from {
						o = stat.Observed(110, 0)
					}
					if o.Status != stat.Missing || o.Sign != "" {
						if err := b.Set(a.Code, i.ID, y, o); err != nil {
							return nil, err
						}
					}
				}
			}
		}
		return b.Dataset(), nil
	}
	l, err := NewLibrary(templates.FS, data)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestRealChanges: beside each change of money stands the real one where the data hold the
// index of prices of all years between.
func TestRealChanges(t *testing.T) {
	if set, err := sampleData(t).Load(t.Context(), "bdl:76037"); err != nil {
		t.Fatal(err)
	} else if _, ok := set.Register().Area(stat.Country); !ok {
		t.Skip("the sample has no country")
	}
	l := priced(t, 2000)
	d, err := l.Build(t.Context(), Request{Area: "981001", Period: 2025})
	if err != nil {
		t.Fatal(err)
	}
	if f, ok := l.inflation(2020, 2025); !ok || math.Abs(f-math.Pow(1.1, 5)) > 1e-12 {
		t.Errorf("inflation of five years is %v", f)
	}
	c, ok := l.real(l.measures["bdl:76973"], peer.Change{From: 2020, To: 2025, Earlier: 100, Later: 200, Value: 100, Class: stat.UnitAmount, State: peer.Measured})
	if want := 100 * (200/(100*math.Pow(1.1, 5)) - 1); !ok || math.Abs(c.Value-want) > 1e-9 {
		t.Errorf("a doubled amount is really %v, want %v", c.Value, want)
	}
	text := strings.NewReplacer("~", " ", "\u00a0", " ").Replace(dump(d))
	if !strings.Contains(text, "(realnie o ") || !strings.Contains(text, ", realnie ") || !strings.Contains(text, "zmiana realna (po odjęciu inflacji): ") {
		t.Error("the report tells nothing in real terms")
	}
	gap := priced(t, 2023)
	if _, ok := gap.inflation(2020, 2025); ok {
		t.Error("inflation is told over years that are not known")
	}
}

var moneyChange = regexp.MustCompile(`zł[^.;]*, o [0-9, ]+(%|zł) (więcej|mniej) niż w [0-9]{4} r\.[^.;]*`)

// TestMoneySaysItsPrices reads the sentences of real reports: none tells how money changed
// without saying what it is worth.
func TestMoneySaysItsPrices(t *testing.T) {
	l := nationalLibrary(t)
	n := 0
	for _, r := range []Request{{Area: "302101", Period: 2018}, {Area: "146501", Period: 2018}, {Area: "3021", Period: 2018}, {Area: "321103", Period: 2018}, {Area: "30", Period: 2018}} {
		d, err := l.Build(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, b := range document.All(d.Body) {
			switch b := b.(type) {
			case document.Findings:
				for _, f := range b.Items {
					said = append(said, inline(f.Sentence))
				}
			case document.Paragraph:
				said = append(said, inline(b.Content))
			}
		}
		for _, s := range said {
			s = strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(s)
			for _, x := range moneyChange.FindAllString(s, -1) {
				n++
				if !strings.Contains(x, "w cenach bieżących") && !strings.Contains(x, "realnie") {
					t.Errorf("%s: %s", d.Meta.Identifier, x)
				}
			}
		}
	}
	if n < 5 {
		t.Errorf("only %d changes of money", n)
	}
}
