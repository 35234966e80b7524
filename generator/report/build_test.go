package report

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/templates"
)

// requests are the reports that the tests build from the sample: every template on areas
// of every kind, with the worst of the data.
func requests() map[string]Request {
	return map[string]Request{
		"gmina":            {Area: "981001", Period: 2025},
		"gmina-miejska":    {Area: "981002", Period: 2025},
		"gmina-wiejska":    {Area: "981207", Period: 2025},
		"gmina-bez-danych": {Area: "981212", Period: 2025},
		"gmina-nowa":       {Area: "981213", Period: 2025},
		"gmina-2020":       {Area: "981001", Period: 2020},
		"miasto":           {Area: "9861", Period: 2025},
		"powiat":           {Area: "9810", Period: 2025},
		"wojewodztwo":      {Area: "98", Period: 2025},
		"usluga":           {Area: "981001", Period: 2025, Template: "usluga:szkoly-podstawowe"},
		"usluga-powiat":    {Area: "9811", Period: 2025, Template: "usluga:gospodarka-odpadami"},
		"obszar":           {Area: "981001", Period: 2025, Template: "obszar:ochrona-srodowiska"},
		"porownanie":       {Area: "981001", Period: 2025, Template: "porownanie", Peers: []string{"981002", "981101", "986101"}},
		"porownanie-wiele": {Area: "981001", Period: 2025, Template: "porownanie", Peers: []string{"981002", "981003", "981004", "981005", "981006", "981101", "981114", "981102"}},
		"zwiazek":          {Area: "9810", Period: 2025, Template: "zwiazek"},
		"zwiazek-lista":    {Area: "98", Period: 2025, Template: "zwiazek", Peers: []string{"981001", "981101", "981201", "986101", "981212"}},
		"lista":            {Area: "981001", Period: 2025, Peers: []string{"981002", "981003"}},
	}
}

func TestBuild(t *testing.T) {
	l := sampleLibrary(t)
	for name, r := range requests() {
		t.Run(name, func(t *testing.T) {
			d, err := l.Build(context.Background(), r)
			if err != nil {
				t.Fatal(err)
			}
			if err := document.Check(d); err != nil {
				t.Error(err)
			}
			checkTexts(t, name, d)
			checkContent(t, d)
			if n := checkAnnex(t, d); n < 20 {
				t.Errorf("only %d numbers could be computed again", n)
			}
		})
	}
}

// The annex tells the changes over one year, over five and over all years, each from its own
// year to the one of the comparison.
func TestChanges(t *testing.T) {
	d, err := sampleLibrary(t).Build(context.Background(), Request{Area: "981001", Period: 2025})
	if err != nil {
		t.Fatal(err)
	}
	told := [3]int{}
	for _, s := range d.Annex.Statistics {
		for i, n := range s.Changes {
			if !n.Present {
				continue
			}
			told[i]++
			from, to := n.Origin.Refs[0].Period, n.Origin.Refs[1].Period
			if to != s.Period || i < 2 && from != to-[]int{1, 5}[i] || i == 2 && from > to-5 {
				t.Errorf("%s: change %d from %d to %d beside %d", s.Indicator, i, from, to, s.Period)
			}
		}
	}
	if told[0] < 30 || told[1] < 30 || told[2] < 30 {
		t.Errorf("changes of %v indicators", told)
	}
}

// The same request gives the same document, from another library, in another order, from
// many goroutines at once.
func TestDeterministic(t *testing.T) {
	first := sampleLibrary(t)
	want := map[string]string{}
	for name, r := range requests() {
		d, err := first.Build(context.Background(), r)
		if err != nil {
			t.Fatal(err)
		}
		want[name] = dump(d) + fmt.Sprintf("%+v", d.Annex)
	}
	second := sampleLibrary(t)
	done := make(chan string)
	for name, r := range requests() {
		go func() {
			d, err := second.Build(context.Background(), r)
			if err != nil {
				done <- err.Error()
				return
			}
			if dump(d)+fmt.Sprintf("%+v", d.Annex) != want[name] {
				done <- name + " differs"
				return
			}
			done <- ""
		}()
	}
	for range requests() {
		if s := <-done; s != "" {
			t.Error(s)
		}
	}
}

func TestRefused(t *testing.T) {
	l := sampleLibrary(t)
	for _, c := range []struct {
		r    Request
		want string
	}{
		{Request{Area: "999999", Period: 2025}, "nieznany kod TERYT „999999”"},
		{Request{Area: "981001", Period: 1999}, "dane tej jednostki obejmują lata 2016–2025"},
		{Request{Area: "981001", Period: 2040}, "brak danych"},
		{Request{Area: "981001", Period: 2025, Template: "gmian"}, "czy chodziło o „gmina”?"},
		{Request{Area: "9810", Period: 2025, Template: "gmina"}, "nie jest przeznaczony dla jednostki 9810 (powiat)"},
		{Request{Area: "981001", Period: 2025, Template: "usluga"}, "nie podano, czego ma dotyczyć raport"},
		{Request{Area: "981001", Period: 2025, Template: "usluga:szkoly-podstawow"}, "czy chodziło o „szkoly-podstawowe”?"},
		{Request{Area: "981001", Period: 2025, Template: "gmina:x"}, "nie wymaga wyboru"},
		{Request{Area: "981001", Period: 2025, Template: "porownanie"}, "nie podano jednostek do porównania"},
		{Request{Area: "981001", Period: 2025, Template: "porownanie", Peers: []string{"981001", " 981001"}}, "jednostka 981001 (Lipnica Górna) jest w niej jedyna"},
		{Request{Area: "981001", Period: 2025, Peers: []string{"981001"}}, "podaj w zamówieniu (--peers) kod TERYT co najmniej jednej innej jednostki"},
		{Request{Area: "981001", Period: 2025, Peers: []string{"98100a"}}, "„98100a” nie jest kodem TERYT"},
		{Request{Area: "981001", Period: 2025, Peers: []string{"123456"}}, "nieznany kod TERYT „123456”"},
		{Request{Area: "00", Period: 2025}, "brak szablonu dla jednostki 00"},
	} {
		_, err := l.Build(context.Background(), c.r)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.r, err, c.want)
		}
		if first := l.Accept(context.Background(), c.r); first == nil || err == nil || first.Error() != err.Error() {
			t.Errorf("%+v is refused with %v, but when it is ordered with %v", c.r, err, first)
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := l.Build(ctx, Request{Area: "981001", Period: 2025}); err == nil {
		t.Error("a cancelled request was built")
	}
}

// without is a data set in which some areas have no figures after a year.
func without(d Data, last stat.Period, areas ...stat.AreaCode) Data {
	return keeping(d, func(a stat.AreaCode, _ stat.IndicatorID, y stat.Period) bool {
		return y <= last || !slices.Contains(areas, a)
	})
}

// keeping is data of which only some values are kept.
func keeping(d Data, keep func(stat.AreaCode, stat.IndicatorID, stat.Period) bool) Data {
	load := d.Load
	d.Load = func(ctx context.Context, ids ...stat.IndicatorID) (*stat.Dataset, error) {
		set, err := load(ctx, ids...)
		if err != nil {
			return nil, err
		}
		from, to := set.Periods()
		b := stat.NewBuilder(d.Register, from, to)
		for _, i := range set.Indicators() {
			if err := b.Indicator(i, set.Provenance(i.ID)); err != nil {
				return nil, err
			}
			for _, a := range d.Register.Areas() {
				for y := from; y <= to; y++ {
					if keep(a.Code, i.ID, y) {
						if err := b.Set(a.Code, i.ID, y, set.At(a.Code, i.ID, y)); err != nil {
							return nil, err
						}
					}
				}
			}
		}
		return b.Dataset(), nil
	}
	return d
}

// TestUnionOfOtherKinds: a union of whose members only one of another kind than the first has
// figures shows them and names the others.
func TestUnionOfOtherKinds(t *testing.T) {
	data := sampleData(t)
	var bare []stat.AreaCode
	other := ""
	for _, a := range data.Register.Areas() {
		switch {
		case len(a.Code) != 6:
		case a.Kind == stat.KindCity:
			other = string(a.Code)
		case len(bare) < 2:
			bare = append(bare, a.Code)
		}
	}
	l, err := NewLibrary(templates.FS, without(data, 2020, bare...))
	if err != nil {
		t.Fatal(err)
	}
	r := Request{Area: "9810", Period: 2025, Template: "zwiazek", Peers: []string{string(bare[0]), string(bare[1]), other}}
	d, err := l.Build(t.Context(), r)
	if first := l.Accept(t.Context(), r); err != nil || first != nil {
		t.Fatalf("%v, ordered: %v", err, first)
	}
	if !strings.Contains(strings.ReplaceAll(dump(d), "~", " "), "Bez żadnej wartości są: ") {
		t.Error("the members without figures are not named")
	}
}

// TestNoSharedFigures: a union of whose members each has other figures has nothing to set side
// by side; it is refused when it is ordered as when it is made.
func TestNoSharedFigures(t *testing.T) {
	members := []string{"981001", "981002", "981003"}
	l, err := NewLibrary(templates.FS, keeping(sampleData(t), func(a stat.AreaCode, id stat.IndicatorID, _ stat.Period) bool {
		n := 0
		for _, c := range []byte(id) {
			n += int(c)
		}
		return string(a) == members[n%len(members)]
	}))
	if err != nil {
		t.Fatal(err)
	}
	r := Request{Area: "9810", Period: 2025, Template: "zwiazek", Peers: members}
	if err := l.Accept(t.Context(), r); err == nil || !NoData(err) || !strings.Contains(err.Error(), "co najmniej połowy jednostek") {
		t.Errorf("ordered: %v", err)
	}
	if _, err := l.Build(t.Context(), r); err == nil || !NoData(err) {
		t.Errorf("built: %v", err)
	}
}

// TestNoOwnFigures: a report of an area that has no figure of its own, not older than allowed,
// is refused with the years there are, whatever its group has; where only members lack them,
// they are named.
func TestNoOwnFigures(t *testing.T) {
	l, err := NewLibrary(Over(templates.FS, fstest.MapFS{"cierpliwy/report.toml": {Data: []byte("id = \"cierpliwy\"\nversion = \"1\"\nextends = \"gmina\"\ndefault = false\nmax_age = 6\n")}}), without(sampleData(t), 2020, "981001", "981002"))
	if err != nil {
		t.Fatal(err)
	}
	list := []string{"981001", "981002"}
	for _, c := range []struct {
		r    Request
		want string // "": a report
	}{
		{Request{Area: "981001", Period: 2023}, ""},
		{Request{Area: "981001", Period: 2024}, "jednostka 981001, rok 2024: brak danych: żaden wskaźnik szablonu nie ma własnej wartości za ten rok ani za poprzednie (3 lata) – dane tej jednostki obejmują lata 2016–2020"},
		{Request{Area: "981001", Period: 2025, Template: "obszar:finanse-jst"}, "lata 2016–2020"},
		{Request{Area: "981001", Period: 2025, Template: "porownanie", Peers: []string{"981003"}}, "lata 2016–2020"},
		{Request{Area: "981003", Period: 2025, Template: "porownanie", Peers: append(list, "981004")}, ""},
		{Request{Area: "981003", Period: 2025, Template: "porownanie", Peers: []string{"981002", "981003", "981001", "981002"}}, "nie ma z czym porównać: za ten rok ani za poprzednie (3 lata) żadnej wartości nie mają jednostki wybrane do porównania: 981001 (Lipnica Górna) i 981002 ("},
		{Request{Area: "981003", Period: 2024, Template: "porownanie", Peers: list}, "dane tych jednostek obejmują lata 2016–2020; wybierz jeden z nich albo inne jednostki"},
		{Request{Area: "981003", Period: 2023, Template: "porownanie", Peers: list[:1]}, ""},
		{Request{Area: "9810", Period: 2025, Template: "zwiazek", Peers: list}, "dane tych jednostek obejmują lata 2016–2020"},
		{Request{Area: "9810", Period: 2025, Template: "zwiazek", Peers: append(list, "981003")}, ""},
		{Request{Area: "981001", Period: 2026, Template: "cierpliwy"}, ""},
		{Request{Area: "981001", Period: 2027, Template: "cierpliwy"}, "(6 lat)"},
	} {
		d, err := l.Build(t.Context(), c.r)
		first := l.Accept(t.Context(), c.r)
		if c.want == "" {
			if err != nil || first != nil {
				t.Errorf("%+v: %v, ordered: %v", c.r, err, first)
			} else if text := strings.ReplaceAll(dump(d), "~", " "); len(c.r.Peers) > 1 && !strings.Contains(text, "Bez żadnej wartości są: Lipnica Górna i ") {
				t.Errorf("%+v does not name the members without figures", c.r)
			}
			continue
		}
		if err == nil || !NoData(err) || !strings.Contains(strings.ReplaceAll(err.Error(), "\u00a0", " "), c.want) || first == nil || first.Error() != err.Error() {
			t.Errorf("%+v: %v, ordered: %v, want %q", c.r, err, first, c.want)
		}
	}
}

// Every area of the real panel gets a report that passes the checks: of 2018, in order of
// code, with the figures of the panel to the last digit.
func TestEveryArea(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: the same reports again and again")
	}
	l := realLibrary(t)
	step := 1
	if !heavy() {
		step = 151
	}
	young := map[stat.AreaCode]bool{"120713": true, "200216": true} // Szczawa and Grabówka came later
	income, jobless := l.measures["bdl:76037"], l.measures["bdl:10514"]
	built := 0
	areas := l.data.Register.Areas()[1:]
	for i := 0; i < len(areas); i += step {
		a := areas[i]
		d, err := l.Build(context.Background(), Request{Area: a.Code, Period: 2018})
		if NoData(err) && young[a.Code] {
			continue
		}
		if err != nil {
			t.Fatalf("%s %s: %v", a.Code, a.Name, err)
		}
		built++
		if err := document.Check(d); err != nil {
			t.Errorf("%s: %v", a.Code, err)
		}
		if i%7 == 0 || step > 1 {
			checkTexts(t, string(a.Code), d)
			checkAnnex(t, d)
		}
		checkContent(t, d)
		text := dump(d)
		for _, m := range []*measure{income, jobless} {
			code := l.data.Register.Canonical(a.Code)
			o := l.observe(m, code, 2018)
			v, ok := o.Value()
			if !ok {
				continue
			}
			if want := show(m.text(v)); !strings.Contains(text, want) {
				t.Errorf("%s: %s %s of the panel is not in the report", a.Code, m.ID, want)
			}
			if v != locale.Round(v, m.annex.Decimals) {
				t.Errorf("%s: %s %v is rounded", a.Code, m.ID, v)
			}
		}
	}
	t.Logf("%d reports", built)
}

// A figure objected to secrecy is not shown, and no total from which it follows.
func TestSecrecy(t *testing.T) {
	areas := []stat.Area{
		{Code: stat.Country, Kind: stat.KindCountry, Name: "Polska"},
		{Code: "98", Kind: stat.KindVoivodeship, Name: "przykładowe"},
		{Code: "99", Kind: stat.KindVoivodeship, Name: "drugie"},
		{Code: "9801", Kind: stat.KindPowiat, Name: "pierwszy"},
		{Code: "9802", Kind: stat.KindPowiat, Name: "wtóry"},
		{Code: "9901", Kind: stat.KindPowiat, Name: "inny"},
		{Code: "980101", Kind: stat.KindRural, Name: "A"},
		{Code: "980102", Kind: stat.KindRural, Name: "B"},
		{Code: "980201", Kind: stat.KindRural, Name: "C"},
		{Code: "980202", Kind: stat.KindRural, Name: "D"},
		{Code: "990101", Kind: stat.KindRural, Name: "E"},
	}
	reg, err := stat.NewRegister("2026-01-01", areas, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		secret  []stat.AreaCode
		summed  bool
		hidden  []stat.AreaCode
		visible []stat.AreaCode
	}{
		{"one part", []stat.AreaCode{"980101"}, true, []stat.AreaCode{"9801", "98", "00"}, []stat.AreaCode{"9802", "99", "9901", "980102"}},
		{"two parts hide each other", []stat.AreaCode{"980101", "980102"}, true, nil, []stat.AreaCode{"9801", "98", "00"}},
		{"two powiats hide each other", []stat.AreaCode{"980101", "980201"}, true, []stat.AreaCode{"9801", "9802"}, []stat.AreaCode{"98", "00"}},
		{"a ratio has no parts", []stat.AreaCode{"980101"}, false, nil, []stat.AreaCode{"9801", "98", "00"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := stat.NewBuilder(reg, 2025, 2025)
			ind := stat.Indicator{ID: "x:1", Name: "Liczba spraw", Unit: "sprawa"}
			if c.summed {
				ind.Aggregation = stat.AggregateSum
			}
			if err := b.Indicator(ind, stat.Provenance{}); err != nil {
				t.Fatal(err)
			}
			for _, a := range areas {
				o := stat.Observed(5, 0)
				if slices.Contains(c.secret, a.Code) {
					o = stat.Unobserved(stat.Secret, "#")
				}
				if err := b.Set(a.Code, "x:1", 2025, o); err != nil {
					t.Fatal(err)
				}
			}
			set := b.Dataset()
			load := func(context.Context, ...stat.IndicatorID) (*stat.Dataset, error) { return set, nil }
			l, err := NewLibrary(templates.FS, Data{Register: reg, Indicators: []stat.Indicator{ind}, Load: load})
			if err != nil {
				t.Fatal(err)
			}
			m := l.measures["x:1"]
			if err := l.load(context.Background(), []*measure{m}); err != nil {
				t.Fatal(err)
			}
			for _, a := range append(slices.Clone(c.hidden), c.secret...) {
				if o := l.observe(m, a, 2025); o.Status != stat.Secret {
					t.Errorf("%s is shown: %v", a, o)
				}
				if o := l.series(m, a)(2025); o.Status != stat.Secret {
					t.Errorf("%s is shown in its series: %v", a, o)
				}
			}
			for _, a := range c.visible {
				if v, ok := l.observe(m, a, 2025).Value(); !ok || v != 5 {
					t.Errorf("%s is not shown", a)
				}
			}
		})
	}
}

// A report does not depend on what the library made before it: each alone is the same as
// after all the others.
func TestAlone(t *testing.T) {
	full := sampleLibrary(t)
	for _, m := range full.catalogue { // each series by itself, as if other reports had asked for it
		if err := full.load(context.Background(), []*measure{m}); err != nil {
			t.Fatal(err)
		}
	}
	for name, r := range requests() {
		var dumps [2]string
		for i, l := range []*Library{sampleLibrary(t), full} {
			d, err := l.Build(context.Background(), r)
			if err != nil {
				t.Fatal(err)
			}
			dumps[i] = dump(d) + fmt.Sprintf("%+v", d.Annex)
		}
		if dumps[0] != dumps[1] {
			t.Errorf("%s alone differs from %s after the others", name, name)
		}
	}
}
