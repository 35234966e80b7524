package report

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/templates"
)

// TestFlaws: a fault in a template, or in what lies beside it, costs no report of another;
// the strict reading finds each.
func TestFlaws(t *testing.T) {
	data := sampleData(t)
	const (
		own = "version = \"1.0\"\nextends = \"gmina\"\nareas = [\"981001\"]\n"
		bad = "nie wiadomo, co to ="
	)
	for _, c := range []struct {
		name, file, content string
		more                map[string]string
		costs               []string // areas, or "template area", of which no report is made
		tells               string
	}{
		{"a template that is no TOML", "proba/report.toml", "id = \"proba\"\n" + own + bad, nil, []string{"981001", "proba 981001"}, "reports/proba/report.toml"},
		{"an unknown key", "proba/report.toml", "id = \"proba\"\nareass = []\n" + own, nil, []string{"981001", "proba 981001"}, "areass"},
		{"another id", "proba/report.toml", "id = \"inna\"\n" + own, nil, []string{"981001", "proba 981001"}, "inny niż nazwa katalogu"},
		{"a text that is not there", "proba/report.toml", "id = \"proba\"\n" + own + "[[chapter]]\nid = \"c\"\ntitle = \"C\"\ntext = \"nie-ma.md\"\n", nil, []string{"981001", "proba 981001"}, "brak pliku „nie-ma.md”"},
		{"arms that are not there", "proba/report.toml", "id = \"proba\"\n" + own + "[cover]\narms = \"herb.svg\"\narms_alt = \"Herb\"\n", nil, []string{"981001", "proba 981001"}, "brak pliku „herb.svg”"},
		{"what others extend", "proba/report.toml", "id = \"proba\"\n" + own + bad, map[string]string{"druga/report.toml": "id = \"druga\"\nversion = \"1\"\nextends = \"proba\"\nareas = [\"981002\"]\n"}, []string{"981001", "981002", "druga 981002"}, "nie sprawdzono szablonów, które rozszerzają błędny: druga"},
		{"extends what is not there", "proba/report.toml", strings.Replace("id = \"proba\"\n"+own, "gmina", "gmian", 1), nil, []string{"981001"}, "nieznany szablon „gmian”"},
		{"shared practices of no table", "praktyki.csv", "a;b\n\"", nil, nil, "praktyki.csv"},
		{"a practice without a title", "praktyki.csv", "tytuł;jednostka;opis\nŻłobek;Gmina X;Dobry\n;Gmina Y;Opis\n", nil, nil, "reports/praktyki.csv, wiersz 3: dobra praktyka nie ma danej „tytuł”"},
		{"practices beside a template", "gmina/praktyki.csv", "tytuł;jednostka;opis;link\na;b;c;strona\n", nil, nil, "„strona” nie jest adresem strony"},
		{"practices that are no TOML", "praktyki.toml", bad, nil, nil, "praktyki.toml"},
		{"one practice without a title", "praktyki.toml", "[[practice]]\ntitle = \"x\"\narea = \"981002\"\nsummary = \"z\"\nlink = \"nic\"\n", nil, nil, "„nic” nie jest adresem strony"},
	} {
		files := fstest.MapFS{c.file: {Data: []byte(c.content)}}
		for name, text := range c.more {
			files[name] = &fstest.MapFile{Data: []byte(text)}
		}
		fsys := Over(templates.FS, files)
		if _, err := NewLibrary(fsys, data); err == nil || !strings.Contains(err.Error(), c.tells) {
			t.Errorf("%s: strictly %v", c.name, err)
		}
		l, err := OpenLibrary(fsys, data)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if all := errors.Join(l.Flaws()...); all == nil || !strings.Contains(all.Error(), c.tells) {
			t.Errorf("%s: flaws %v", c.name, all)
		}
		for _, order := range []string{"981001", "981002", "gmina 981002", "proba 981001", "druga 981002"} {
			template, area, two := strings.Cut(order, " ")
			if !two {
				template, area = "", order
			}
			lost := false
			for _, x := range c.costs {
				lost = lost || x == order
			}
			if (template == "proba" || template == "druga") && !lost {
				continue
			}
			err := l.Accept(context.Background(), Request{Area: stat.AreaCode(area), Template: template, Period: 2025})
			if (err != nil) != lost {
				t.Errorf("%s: the report %s is lost: %v, %v", c.name, order, lost, err)
			}
			if lost && strings.Contains(err.Error(), "brak szablonu") {
				t.Errorf("%s: %v does not say what is wrong", c.name, err)
			}
		}
	}
	// What is told well is kept.
	l, err := OpenLibrary(Over(templates.FS, fstest.MapFS{"praktyki.csv": {Data: []byte("tytuł;jednostka;opis\nŻłobek;Gmina X;Dobry\n;Gmina Y;Opis\n")}}), data)
	if err != nil || !slices.ContainsFunc(l.practices, func(p practice) bool { return p.Title == "Żłobek" }) {
		t.Errorf("the practice beside a faulty one: %v", err)
	}
}
