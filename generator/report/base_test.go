package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/peer"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/templates"
)

// TestBaseOfADownload: the day of download tells on which census a figure of 2020 stands.
func TestBaseOfADownload(t *testing.T) {
	all, _, err := ReadBreaks(templates.FS)
	if err != nil {
		t.Fatal(err)
	}
	day := func(s string) stat.Origin { return stat.Origin{Provenance: stat.Provenance{Extracted: s}} }
	c := cutsOf(all, stat.Indicator{ID: "bdl:72305", Name: "Ludność ogółem"}, []stat.Origin{day("2025-03-29"), day("2022-04-07")}, false)
	for _, x := range []struct {
		day  string
		year stat.Period
		want string
	}{
		{"2022-04-07", 2020, "NSP 2011"},
		{"2025-03-29", 2020, "NSP 2021"},
		{"2025-03-29", 2019, "NSP 2011"},
		{"2022-04-07", 2009, "pobyt czasowy od 3 miesięcy"},
		{"2023-09-01", 2021, "NSP 2021 lub wcześniejsza podstawa"},
		{"2023-09-01", 2022, "NSP 2021"},
	} {
		if got := c.base("302101", x.year, stat.Provenance{Extracted: x.day}); got != x.want {
			t.Errorf("%d downloaded %s stands on %q, want %q", x.year, x.day, got, x.want)
		}
	}
	if !c.mixes() {
		t.Error("two downloads before and after a census do not mix")
	}
	one := cutsOf(all, stat.Indicator{ID: "bdl:72305", Name: "Ludność ogółem"}, []stat.Origin{day("2025-03-29"), day("2024-12-01")}, false)
	if one.mixes() {
		t.Error("two downloads after a census mix")
	}
}

// TestBasesNeverCompare: the population of gminas of 2020 was downloaded before the census was
// counted in, that of cities and powiats after. What stands beside the other says so, and no
// median, place or end is made of both.
func TestBasesNeverCompare(t *testing.T) {
	l := nationalLibrary(t)
	const mixed = "bdl:72305"
	for _, r := range []Request{
		{Area: "306401", Period: 2020},
		{Area: "3021", Period: 2020},
		{Area: "302101", Period: 2020},
		{Area: "30", Period: 2020, Template: "zwiazek", Peers: []string{"306401", "302101", "302104", "302110", "302115", "302116"}},
		{Area: "302101", Period: 2020, Template: "porownanie", Peers: []string{"306401", "302104", "302110", "302115", "302116"}},
	} {
		d, err := l.Build(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		m := l.measures[mixed]
		said := 0
		for _, b := range document.All(d.Body) {
			var tb *document.Table
			var notes []string
			switch b := b.(type) {
			case document.Table:
				tb, notes = &b, b.Notes
			case document.Figure:
				tb, notes = b.Table, b.Notes
				if b.Table != nil {
					notes = slices.Concat(notes, b.Table.Notes)
				}
			default:
				continue
			}
			if tb == nil {
				continue
			}
			on := map[string]map[int]bool{} // base, years
			for n := range tb.Numbers() {
				bases := map[string]bool{}
				for _, ref := range n.Origin.Refs {
					if ref.Indicator != mixed || ref.Period != 2020 {
						continue
					}
					x := m.base(stat.AreaCode(ref.Area), stat.Period(ref.Period))
					bases[x] = true
					if on[x] == nil {
						on[x] = map[int]bool{}
					}
					on[x][ref.Period] = true
				}
				if len(bases) > 1 {
					t.Errorf("%s, %s: %s is made of several bases: %v", d.Meta.Identifier, tb.Title, n.Text, n.Origin.Op)
				}
			}
			if len(on) > 1 {
				said++
				if !strings.Contains(strings.Join(notes, " "), locale.Bind("Różne podstawy wartości za ")) {
					t.Errorf("%s, %s: several bases side by side without a word: %q", d.Meta.Identifier, tb.Title, notes)
				}
			}
		}
		t.Logf("%s: %d tables of several bases", d.Meta.Identifier, said)
		for _, s := range d.Annex.Statistics {
			if s.Indicator != mixed || s.Period != 2020 || !s.HasStats {
				continue
			}
			var vs []float64
			own := m.base(stat.AreaCode(d.Annex.Own), 2020)
			for _, x := range d.Annex.Data {
				in := slices.ContainsFunc(d.Annex.Areas, func(a document.AnnexArea) bool {
					return a.Code == x.Area && (strings.Contains(a.Relation, "grupa") || a.Relation == "opisywana")
				})
				if x.Indicator == mixed && x.Period == 2020 && x.Present && in && (d.Annex.Own == "" || m.base(stat.AreaCode(x.Area), 2020) == own) {
					vs = append(vs, x.Value)
				}
			}
			slices.Sort(vs)
			if d.Annex.Own != "" && (s.N != len(vs) || s.Median != peer.Quantile(vs, 0.5)) {
				t.Errorf("%s: n = %d, median %v; of one base are %d with %v", d.Meta.Identifier, s.N, s.Median, len(vs), peer.Quantile(vs, 0.5))
			}
		}
	}
}

// TestRowsOfSeveralBases: all inhabitants stood on the new census, and in the row below women on
// the old one.
func TestRowsOfSeveralBases(t *testing.T) {
	l := nationalLibrary(t)
	d, err := l.Build(t.Context(), Request{Area: "306401", Period: 2020})
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, b := range document.All(d.Body) {
		if x, ok := b.(document.Table); ok {
			found = found || strings.Contains(strings.ReplaceAll(strings.Join(x.Notes, " "), locale.NBSP, " "), "NSP 2021 – ludność; NSP 2011 – kobiety i mężczyźni")
		}
	}
	if !found {
		t.Error("nothing tells that the rows stand on two censuses")
	}
}

// TestCitiesStandBesideOthersWithANote: a map, ranking or table that sets a city with powiat
// rights beside gminas or powiats says that its tasks are those of both tiers.
func TestCitiesStandBesideOthersWithANote(t *testing.T) {
	l := sampleLibrary(t)
	mixed := 0
	for _, request := range []Request{
		{Area: "981001", Period: 2025},
		{Area: "986101", Period: 2025},
		{Area: "9810", Period: 2025},
		{Area: "98", Period: 2025},
		{Area: "98", Period: 2025, Template: "zwiazek", Peers: []string{"981001", "981101", "986101"}},
		{Area: "981001", Period: 2025, Template: "porownanie", Peers: []string{"981101", "986101"}},
		{Area: "981001", Period: 2025, Peers: []string{"981101", "986101", "981002", "981003", "981004"}},
	} {
		d, err := l.Build(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		listed := slices.Contains(request.Peers, "986101")
		for _, x := range document.All(d.Body) {
			label, notes, both := "", []string(nil), false
			switch x := x.(type) {
			case document.Figure:
				if x.Table == nil {
					continue
				}
				label, notes = x.Label, slices.Concat(x.Notes, x.Table.Notes)
				if _, ok := x.Content.(document.Map); ok {
					both = mixes(l, x.Table)
				} else if c, ok := x.Content.(document.Chart); ok && c.Mark == document.Bar {
					both = listed
				}
			case document.Table:
				label, notes, both = x.Label, x.Notes, listed && x.Layout == document.StripTable && len(x.Columns) > 5
			}
			if !both {
				continue
			}
			mixed++
			if !strings.Contains(plainSpaces.Replace(strings.Join(notes, " ")), "prawach powiatu") {
				t.Errorf("%s %s, %s: no word on the tasks of the city: %q", request.Area, request.Template, label, notes)
			}
		}
	}
	if mixed < 5 {
		t.Errorf("only %d figures with both", mixed)
	}
}

// mixes reports a table of a map that lists cities with powiat rights and others.
func mixes(l *Library, t *document.Table) bool {
	cities, others := 0, 0
	for _, r := range t.Rows {
		if r.Group != "" || len(r.Cells) < 2 || r.Cells[1].Blank {
			continue
		}
		if a, ok := l.data.Register.Area(stat.AreaCode(nameIn(r.Cells[1]))); ok && a.Kind == stat.KindCity {
			cities++
		} else {
			others++
		}
	}
	return cities > 0 && others > 0
}

// TestUnionTakesTheYearOfAllMembers: the year of a union's figures is that of at least half of
// its members, whoever stands first in the list.
func TestUnionTakesTheYearOfAllMembers(t *testing.T) {
	l := nationalLibrary(t)
	gminas := []string{"302101", "302102", "302103", "302104"}
	years := func(members []string) string {
		d, err := l.Build(t.Context(), Request{Area: "30", Period: 2018, Template: "zwiazek", Peers: members})
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, x := range document.All(d.Body) {
			if f, ok := x.(document.Findings); ok {
				for _, i := range f.Items {
					said := ""
					for _, s := range i.Sentence {
						if s, ok := s.(document.Text); ok {
							said += s.Text
						}
					}
					if said = plainSpaces.Replace(said); strings.Contains(said, "bez danych: 4") {
						t.Errorf("%v: only the city has it: %s", members, said)
					}
					out = append(out, said)
				}
			}
		}
		return strings.Join(out, "\n")
	}
	first, last := years(append([]string{"306401"}, gminas...)), years(append(slices.Clone(gminas), "306401"))
	if first != last || first == "" {
		t.Errorf("the city first:\n%s\nthe city last:\n%s", first, last)
	}
}
