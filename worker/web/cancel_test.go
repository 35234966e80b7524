package web_test

import (
	"crypto/sha256"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestCancelOwnOrder gives an order up as who placed it, and not as anybody else who knows its
// address.
func TestCancelOwnOrder(t *testing.T) {
	o := open(t)
	stranger := []string{"X-Forwarded-For", "192.0.2.1"}
	a := o.ask(t, "POST", "/zlecenia", form, "area=981001&period=2025", stranger...)
	path, right, ok := strings.Cut(a.Header.Get("Location"), "?moje=")
	if a.StatusCode != http.StatusSeeOther || !ok {
		t.Fatalf("%s to %s", a.Status, a.Header.Get("Location"))
	}
	if again := o.ask(t, "POST", "/zlecenia", form, "area=981001&period=2025", stranger...); again.Header.Get("Location") != path {
		t.Errorf("who orders the same gets %s", again.Header.Get("Location"))
	}
	if a := o.ask(t, "GET", path, "", "", stranger...); strings.Contains(a.body, "Anuluj") {
		t.Error("anybody may cancel")
	}
	if a := o.ask(t, "GET", path+"?moje="+right, "", "", stranger...); !strings.Contains(a.body, "Anuluj to zamówienie") {
		t.Error("who ordered cannot cancel")
	}
	for _, wrong := range []string{"", "moje=", "moje=" + right[1:], "moje=zle"} {
		if a := o.ask(t, "POST", path+"/anuluj", form, wrong, stranger...); a.StatusCode != http.StatusForbidden {
			t.Errorf("%q: %s", wrong, a.Status)
		}
	}
	if a := o.ask(t, "POST", path+"/anuluj", form, "moje="+right, append(stranger, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site")...); a.StatusCode != http.StatusForbidden {
		t.Errorf("from another site: %s", a.Status)
	}
	if a := o.ask(t, "POST", path+"/anuluj", form, "moje="+right, stranger...); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != path {
		t.Errorf("%s to %s", a.Status, a.Header.Get("Location"))
	}
	if a := o.ask(t, "GET", path+"?moje="+right, "", "", stranger...); !strings.Contains(a.body, "<h1>Zamówienie anulowano</h1>") || strings.Contains(a.body, "Anuluj to") {
		t.Errorf("the page of a cancelled order:\n%.1500s", after0(a.body, "<h1>"))
	}
	if a := o.ask(t, "POST", "/partie/nie-ma/anuluj", form, "moje="+right, stranger...); a.StatusCode != http.StatusNotFound {
		t.Errorf("an order that there is not: %s", a.Status)
	}
}

// TestPreview shows what an order would hold, and orders it from there.
func TestPreview(t *testing.T) {
	o := open(t)
	a := o.page(t, "/jst/981001/podglad?period=2025&sections=ludnosc&formats=pdf&formats=docx&attach=1&only=")
	if a.StatusCode != http.StatusOK || !strings.Contains(a.body, "Niczego jeszcze nie zamówiono") || !strings.Contains(a.body, `id="ludnosc"`) && !strings.Contains(a.body, "Ludność") || strings.Contains(a.body, ">Finanse JST</h2>") {
		t.Fatalf("%s\n%.2000s", a.Status, after0(a.body, "<h1>"))
	}
	for _, field := range []string{`name="sections" value="ludnosc"`, `name="formats" value="docx"`, `name="period" value="2025"`, `name="attach" value="1"`, `name="area" value="981001"`} {
		if !strings.Contains(a.body, field) {
			t.Errorf("the order of the preview lacks %s", field)
		}
	}
	if all, err := o.broker.Batches(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("%d orders: %v", len(all), err)
	}
	for query, status := range map[string]int{
		"period=1990": http.StatusUnprocessableEntity, "period=x": http.StatusUnprocessableEntity, "period=2025&template=" + url.QueryEscape("nie ma"): http.StatusUnprocessableEntity,
		"period=2025&formats=": http.StatusUnprocessableEntity, "period=2025&sections=" + strings.Repeat("a", 101): http.StatusUnprocessableEntity,
	} {
		if a := o.page(t, "/jst/981001/podglad?"+query); a.StatusCode != status || !strings.Contains(a.body, "<h1>") {
			t.Errorf("%s: %s", query, a.Status)
		}
	}
}

// TestFeed reads the feed of a unit before and after its report is made.
func TestFeed(t *testing.T) {
	o := open(t)
	o.work(t)
	type feed struct {
		ID      string `xml:"id"`
		Updated string `xml:"updated"`
		Entries []struct {
			Title   string `xml:"title"`
			Summary string `xml:"summary"`
			Links   []struct {
				Rel  string `xml:"rel,attr"`
				Href string `xml:"href,attr"`
			} `xml:"link"`
		} `xml:"entry"`
	}
	read := func() (f feed) {
		a := o.page(t, "/jst/981001/atom.xml")
		if err := xml.Unmarshal([]byte(a.body), &f); err != nil || a.Header.Get("Content-Type") != "application/atom+xml; charset=utf-8" {
			t.Fatalf("%v\n%s", err, a.body)
		}
		return f
	}
	if f := read(); len(f.Entries) != 0 || !strings.HasSuffix(f.ID, "/jst/981001") || f.Updated == "" {
		t.Errorf("before: %+v", f)
	}
	if a := o.page(t, "/jst/981001"); !strings.Contains(a.body, `<link rel="alternate" type="application/atom+xml" href="/jst/981001/atom.xml"`) {
		t.Error("the page does not name its feed")
	}
	o.done(t, o.order(t, url.Values{"area": {"981001"}, "period": {"2025"}}))
	f := read()
	for end := time.Now().Add(10 * time.Second); len(f.Entries) == 0 && time.Now().Before(end); time.Sleep(100 * time.Millisecond) { // the list of orders is read every few seconds
		f = read()
	}
	if len(f.Entries) != 1 || !strings.Contains(f.Entries[0].Title, "2025") || len(f.Entries[0].Links) < 2 {
		t.Fatalf("after: %+v", f)
	}
	for _, l := range f.Entries[0].Links {
		if l.Rel != "enclosure" {
			continue
		}
		if a := o.page(t, strings.TrimPrefix(l.Href, o.URL)); a.StatusCode != http.StatusOK || !strings.Contains(f.Entries[0].Summary, fmt.Sprintf("%x", sha256.Sum256([]byte(a.body)))) {
			t.Errorf("%s: %s", l.Href, a.Status)
		}
	}
}
