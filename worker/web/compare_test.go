package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestCompare puts units beside one by each choice; the address says all, and what is shown has a
// table with each of them.
func TestCompare(t *testing.T) {
	o := open(t)
	unit := o.page(t, "/jst/981001").body
	for _, choice := range []string{"z=sasiedzi&", "z=powiat&", "z=grupa&", "z=&"} {
		if !strings.Contains(unit, `href="/jst/981001/porownanie?`+strings.ReplaceAll(choice, "&", "&amp;")+"rok=2025") {
			t.Errorf("the page of the unit lacks %s", choice)
		}
	}
	own := o.page(t, "/jst/981001/porownanie?z=981002,981003&rok=2024")
	if own.StatusCode != http.StatusOK || !strings.Contains(own.body, "<th") {
		t.Fatalf("%s\n%.3000s", own.Status, after0(own.body, "<h1>"))
	}
	for _, want := range []string{"Porównanie: Lipnica Górna", "Porównywane jednostki: 2", "Wólka Nowa", "2024", `href="/jst/981001/porownanie?z=981003&amp;rok=2024"`} {
		if !strings.Contains(own.body, want) {
			t.Errorf("the comparison lacks %q", want)
		}
	}
	for _, choice := range []string{"powiat", "sasiedzi"} {
		if a := o.page(t, "/jst/981001/porownanie?z="+choice); a.StatusCode != http.StatusOK || !strings.Contains(a.body, "Zestawienie") && !strings.Contains(a.body, "zestawienie") || !strings.Contains(a.body, `aria-current="page"`) {
			t.Errorf("%s: %s", choice, a.Status)
		}
	}
	csv, _, _ := strings.Cut(after(own.body, `href="/jst/981001/2024/tabela-`), `"`)
	if a := o.page(t, "/jst/981001/2024/tabela-"+strings.ReplaceAll(csv, "&amp;", "&")); a.StatusCode != http.StatusOK || !strings.Contains(a.body, ";Brzezina;") || !strings.Contains(a.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("a table of the comparison as a file: %s %s", csv, a.Status)
	}
}

// TestCompareOwnChoice adds units by name and code, and is refused what cannot stand beside a gmina.
func TestCompareOwnChoice(t *testing.T) {
	o := open(t)
	add := func(z, name string) answer {
		return o.page(t, "/jst/981001/porownanie?"+url.Values{"z": {z}, "dodaj": {name}, "rok": {"2025"}}.Encode())
	}
	if a := add("981002", "Modelin"); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/jst/981001/porownanie?z=981002,986101&rok=2025" {
		t.Errorf("%s to %s", a.Status, a.Header.Get("Location"))
	}
	if a := add("", "wzorcowy"); !strings.Contains(a.body, "O którą chodzi?") || !strings.Contains(a.body, "z=981002&amp;rok=2025") || strings.Contains(a.body, "Dodaj: Powiat") {
		t.Errorf("several that fit:\n%s", after0(a.body, "<h1>"))
	}
	if a := add("", "Atlantyda"); a.StatusCode != http.StatusOK || !strings.Contains(a.body, "Nie znaleziono jednostki") {
		t.Errorf("none: %s", a.Status)
	}
	for path, status := range map[string]int{
		"/jst/981001/porownanie?z=9810": http.StatusNotFound, "/jst/981001/porownanie?z=999999": http.StatusNotFound, "/jst/981001/porownanie?rok=1950": http.StatusNotFound,
		"/jst/9810014/porownanie?z=powiat": http.StatusMovedPermanently, "/jst/999999/porownanie": http.StatusNotFound, "/jst/981001/porownanie?z=" + url.QueryEscape("<script>"): http.StatusNotFound,
		"/jst/981001/porownanie": http.StatusOK,
	} {
		if a := o.page(t, path); a.StatusCode != status || strings.Contains(a.body, "<script>") {
			t.Errorf("%s: %s, want %d", path, a.Status, status)
		}
	}
}
