package web

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/source/files"
	"github.com/raportjst/raportjst/generator/stat"
)

// national is the catalogue of the real register.
func national(t *testing.T) *Catalogue {
	t.Helper()
	register := filepath.Join("..", "..", "..", "shared", "data", "register", "TERC_Urzedowy_2026-01-08.csv")
	if _, err := os.Stat(register); errors.Is(err, fs.ErrNotExist) {
		t.Skip("the real register is not beside the project (../shared/data)")
	}
	s, err := files.Import(t.Context(), files.Set{TERC: []files.File{files.OnDisk(register)}}, filepath.Join(t.TempDir(), "register"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r := s.Register()
	var areas []Area
	for _, a := range r.Areas() {
		k := locale.Kind(a.Kind)
		if r.Canonical(a.Code) != a.Code || k.Name == "" || a.Kind == stat.KindCountry {
			continue
		}
		name := a.Name
		if a.Kind == stat.KindPowiat || a.Kind == stat.KindVoivodeship {
			name = locale.Upper(k.Name) + " " + name
		}
		var place []string
		for c := a.Code.Parent(); c != ""; c = c.Parent() {
			if up, ok := r.Area(c); ok && c != stat.Country && r.Canonical(c) == c {
				place = append(place, locale.Kind(up.Kind).Name+" "+up.Name)
			}
		}
		areas = append(areas, Area{Code: string(a.Code), Name: name, Kind: k.Name, Place: strings.Join(place, ", ")})
	}
	return NewCatalogue(areas, nil)
}

// TestFindAsPeopleType looks for units of Poland as people write them.
func TestFindAsPeopleType(t *testing.T) {
	c := national(t)
	for query, want := range map[string]string{
		"Kórnik": "302109", "kornik": "302109", "w Kórniku": "302109", "Kornk": "302109", "Kórnika": "302109", "Urząd Gminy Kórnik": "302109", "KÓRNIK": "302109",
		"gm. Buk": "302103", "Gmina Buk": "302103", "m.st. Warszawa": "146501", "Warszawie": "146501", "Gorzów Wlkp.": "086101", "Kadzidło, mazowieckie": "141505",
		"kadzidlo": "141505", "powiat poznański": "3021", "w powiecie poznańskim": "3021", "poznań": "306401", "w Poznaniu": "306401", "wielkopolskie": "30", "woj. wielkopolskie": "30",
		"3021 09": "302109", "3021092": "302109", "30 21 09 3": "302109", "302109": "302109", "3021": "3021", "30": "30", "3064": "306401", "bielsko‑biała": "246101", "bielsko biala": "246101",
		"Łodzi": "106101", "Lublinie": "066301", "Luboniu": "302101", "Zakopanem": "121701", "Zakopane": "121701", "Bydgoszczy": "046101", "Wroclaw": "026401", "Warszwa": "146501", "Krakowie": "126101",
		"gmina Lipno": "040807", "Gmina Lipno kujawsko-pomorskie": "040807", "miasto Lipno": "040801",
	} {
		found := c.find(query)
		if len(found) == 0 || found[0].Code != want {
			if want == "040807" && len(found) > 0 && found[0].Name == "Lipno" && strings.HasPrefix(found[0].Kind, "gmina") {
				continue // three gminas have the name
			}
			t.Errorf("%q: want %s, found %.5v", query, want, found)
		}
	}
	for _, query := range []string{"", "  ", "Atlantyda", "xyzzy", "999999", "?", "\u202e"} {
		if found := c.find(query); len(found) > 0 {
			t.Errorf("%q finds %v", query, found[:1])
		}
	}
	// Units are found by its name, its kind and its place, and none before those of the same
	// name.
	for i, a := range c.areas {
		if i%25 != 0 {
			continue
		}
		found := c.find(a.Name + " " + a.Place)
		if len(found) == 0 || fold(found[0].Name) != fold(a.Name) {
			t.Errorf("%s %s: found %.2v", a.Name, a.Place, found)
		}
	}
}

func BenchmarkFind(b *testing.B) {
	var areas []Area
	for i := range 2800 {
		areas = append(areas, Area{Code: string(rune('a' + i%26)), Name: "Lipnica Wielka Górna", Kind: "gmina wiejska", Place: "powiat wzorcowy, województwo przykładowe"})
	}
	c := NewCatalogue(areas, nil)
	for b.Loop() {
		c.find("w Kórniku wlkp")
	}
}

func FuzzFind(f *testing.F) {
	c := NewCatalogue([]Area{{Code: "981001", Name: "Lipnica Górna", Kind: "gmina wiejska", Place: "powiat wzorcowy"}}, nil)
	for _, s := range []string{"lipnica", "w Lipnicy", "98 10", "ąę\xff", "‑–—", strings.Repeat("a", 1000)} {
		f.Add(s)
	}
	f.Fuzz(func(_ *testing.T, s string) { c.find(s) })
}
