package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/stat"
)

// TestRegisterOfTheYear: six villages became towns in 2026 and one gmina got another name; a
// report of an earlier year knows them as they were, one of 2026 as they are.
func TestRegisterOfTheYear(t *testing.T) {
	l := nationalLibrary(t)
	read := func(a stat.AreaCode, y stat.Period) string {
		d, err := l.Build(t.Context(), Request{Area: a, Period: y})
		if err != nil {
			t.Fatal(err)
		}
		return strings.NewReplacer("\u00a0", " ", "~", " ").Replace(d.Cover.Name + "\n" + d.Cover.Kind + "\n" + dump(d))
	}
	for _, c := range []stat.AreaCode{"060105", "141214", "141605", "141914", "160202", "240403"} {
		text := read(c, 2018)
		if !strings.Contains(text, "gmina wiejska · powiat") || !strings.Contains(text, "gminy wiejskie o liczbie") || !strings.Contains(text, "Później: od 1 stycznia 2026 r. gmina miejsko-wiejska.") {
			t.Errorf("%s is no village in 2018", c)
		}
		e := l.edition(2018)
		a, _ := e.area(c)
		if g, err := e.group(e.frames[firstFrame(e)], a, Request{Area: c, Period: 2018}); err == nil {
			for _, m := range g.codes {
				if x, _ := e.data.Register.Area(m); x.Kind != stat.KindRural {
					t.Errorf("%s is compared with %s", c, m)
				}
			}
		}
		if now, _ := l.edition(2026).area(c); now.Kind != stat.KindUrbanRural {
			t.Errorf("%s is no town in 2026", c)
		}
	}
	text := read("281205", 2018)
	if !strings.HasPrefix(text, "Gmina Nowe Miasto Lubawskie\n") || !strings.Contains(text, "od 1 stycznia 2026 r. nazwa „Bratian”") || !strings.Contains(text, "stanem na 1 stycznia 2025 r., najbliższym znanym") {
		t.Errorf("%.300s", text)
	}
	if !strings.Contains(text, "Wielkość według ludności z 2020 r., najbliższej znanej.") {
		t.Error("nothing tells that the size is that of another year")
	}
	if l.edition(2018) != l.edition(2020) || l.edition(2026) != l {
		t.Error("editions of one state are several")
	}
}

func firstFrame(l *Library) string {
	var all []string
	for k := range l.frames {
		if strings.HasPrefix(k, "gmina") {
			all = append(all, k)
		}
	}
	return slices.Min(all)
}
