package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// TestIndicator reads one indicator of all units: its order, its map, its table; the address says
// all of it.
func TestIndicator(t *testing.T) {
	o := open(t)
	a := o.page(t, "/wskaznik/smup:4069?jst=981001")
	if a.StatusCode != http.StatusOK {
		t.Fatal(a.Status)
	}
	for _, want := range []string{"Nadwyżka operacyjna", `<tr class="own">`, "Województwo przykładowe</h2>", "Gminy województwa", `<option value="gmina" selected>`, `<option value="98" selected>`, "(mediana) to ", `value="Lipnica Górna"`, "/wskaznik/smup:4069.csv?jst=981001&amp;rok=2025&amp;szczebel=gmina&amp;w=98"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	csv := o.page(t, "/wskaznik/smup:4069.csv?jst=981001&rok=2025&szczebel=gmina&w=98")
	lines := strings.Split(strings.TrimSpace(csv.body), "\r\n")
	if csv.StatusCode != http.StatusOK || len(lines) < 50 || !strings.HasPrefix(lines[1], "1;") || !strings.Contains(csv.body, ";981001;") || !strings.Contains(lines[1], ";2025;") {
		t.Errorf("%s: %d lines, %v", csv.Status, len(lines), lines[:2])
	}
	for path, status := range map[string]int{
		"/wskaznik/smup:4069.svg?w=98": http.StatusOK, "/wskaznik/smup:4069.png?w=98": http.StatusOK, "/wskaznik/bdl:72305.png": http.StatusNotFound, // an amount
		"/wskaznik/nie:ma": http.StatusNotFound, "/wskaznik/smup:4069?rok=abc": http.StatusNotFound, "/wskaznik/smup:4069?szczebel=wies": http.StatusNotFound, "/wskaznik/smup:4069?w=77": http.StatusNotFound,
		"/wskaznik/smup:4069?rok=1950": http.StatusOK, "/wskaznik/smup:4069.csv?rok=1950": http.StatusNotFound, "/wskaznik/smup:4069?szczebel=powiat&jst=9810": http.StatusOK, "/wskaznik/smup:4069?jst=Atlantyda": http.StatusOK,
	} {
		if a := o.page(t, path); a.StatusCode != status {
			t.Errorf("%s: %s, want %d", path, a.Status, status)
		}
	}
	if a := o.page(t, "/wskaznik/smup:4069?rok=1950"); !strings.Contains(a.body, "nie ma jego wartości za 1950 r.") {
		t.Error("a year without values is not told")
	}
	if a := o.page(t, "/wskaznik/smup:4069?jst="+url.QueryEscape("<i>")); !strings.Contains(a.body, "Nie znaleziono jednostki „&lt;i&gt;”") {
		t.Error("a unit that there is not is not told")
	}
}

// TestIndicatorsAreListed follows every link of the list and of each area and service.
func TestIndicatorsAreListed(t *testing.T) {
	o := open(t)
	link := regexp.MustCompile(`href="(/(?:wskaznik|obszar|usluga)/[^"?#]+)"`)
	seen := map[string]bool{}
	queue := []string{"/wskaznik"}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		a := o.page(t, path)
		if a.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", path, a.Status)
		}
		for _, m := range link.FindAllStringSubmatch(a.body, -1) {
			if !seen[m[1]] {
				seen[m[1]] = true
				if !strings.HasPrefix(m[1], "/wskaznik/") {
					queue = append(queue, m[1])
				}
			}
		}
	}
	if len(seen) < 60 {
		t.Errorf("%d links", len(seen))
	}
	if a := o.page(t, "/wskaznik?q=przedszkoli"); !strings.Contains(a.body, "Znaleziono: ") || !strings.Contains(a.body, "przedszkol") {
		t.Errorf("words:\n%.1500s", after0(a.body, "<h1>"))
	}
}

// TestPractices finds a good practice by words, service and indicator, and from the figures that
// it belongs to.
func TestPractices(t *testing.T) {
	o := open(t)
	const title = "Wspólny dowóz dzieci do przedszkoli"
	for path, there := range map[string]bool{
		"/praktyki": true, "/praktyki?q=dowozu+dzieci": true, "/praktyki?usluga=wychowanie-przedszkolne": true, "/praktyki?wskaznik=smup:9101": true, "/wskaznik/smup:9101": true,
		"/usluga/wychowanie-przedszkolne": true, "/praktyki?wskaznik=smup:9105": false, "/praktyki?q=nietakiego": false,
	} {
		if a := o.page(t, path); a.StatusCode != http.StatusOK || strings.Contains(a.body, title) != there {
			t.Errorf("%s: %s, there %v", path, a.Status, !there)
		}
	}
	if a := o.page(t, "/jst/981001"); !strings.Contains(a.body, `href="/wskaznik/smup:9101?jst=981001#praktyki"`) || !strings.Contains(a.body, `href="/wskaznik/bdl:72305?jst=981001"`) {
		t.Error("the figures of a unit do not lead to their indicator and its practices")
	}
}
