package web_test

import (
	"context"
	"crypto/sha256"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/raportjst/raportjst/worker/web"
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

// TestDeleteOwnOrder deletes an order as who placed it: not before it is over, and not as anybody
// else. Its files go, but for those of another order; the same may be ordered again.
func TestDeleteOwnOrder(t *testing.T) {
	o := open(t)
	stranger := []string{"X-Forwarded-For", "192.0.2.1"}
	place := func(body string) (path, right string) {
		path, right, _ = strings.Cut(o.ask(t, "POST", "/zlecenia", form, body, stranger...).Header.Get("Location"), "?moje=")
		return path, right
	}
	path, right := place("area=981001&period=2025")
	if a := o.ask(t, "POST", path+"/usun", form, "moje="+right, stranger...); a.StatusCode != http.StatusConflict {
		t.Errorf("an order under way: %s", a.Status)
	}
	if a := o.ask(t, "GET", path+"?moje="+right, "", "", stranger...); strings.Contains(a.body, "/usun") {
		t.Error("an order under way can be deleted")
	}
	powiat, _ := place("area=9810&scope=all&period=2025") // has the same report
	alone, mine := place("area=981002&period=2024")
	o.work(t)
	for _, p := range []string{path, powiat, alone} {
		for end := time.Now().Add(30 * time.Second); !strings.Contains(o.page(t, p).body, "zakończone"); time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("an order does not end")
			}
		}
	}
	for _, wrong := range []string{"", "moje=", "moje=" + mine, "moje=zle"} {
		if a := o.ask(t, "POST", path+"/usun", form, wrong, stranger...); a.StatusCode != http.StatusForbidden {
			t.Errorf("%q: %s", wrong, a.Status)
		}
		if a := o.ask(t, "GET", path+"/usun?"+wrong, "", "", stranger...); a.StatusCode != http.StatusForbidden {
			t.Errorf("the question, %q: %s", wrong, a.Status)
		}
	}
	if a := o.ask(t, "GET", path, "", "", stranger...); strings.Contains(a.body, "/usun") {
		t.Error("anybody may delete")
	}
	if a := o.ask(t, "GET", path+"?moje="+right, "", "", stranger...); !strings.Contains(a.body, "/usun?moje="+right) {
		t.Error("who ordered cannot delete")
	}
	if a := o.ask(t, "GET", path+"/usun?moje="+right, "", "", stranger...); a.StatusCode != http.StatusOK || !strings.Contains(a.body, "Usunąć to zamówienie?") {
		t.Errorf("the question: %s", a.Status)
	}
	for _, c := range []struct{ path, right, file, other string }{
		{path, right, "/981001/raport-981001-2025.pdf", powiat}, {alone, mine, "/981002/raport-981002-2024.pdf", ""},
	} {
		if a := o.page(t, c.path+c.file); a.StatusCode != http.StatusOK {
			t.Fatalf("%s before: %s", c.file, a.Status)
		}
		a := o.ask(t, "POST", c.path+"/usun", form, "moje="+c.right, stranger...)
		if a.StatusCode != http.StatusSeeOther || !strings.Contains(o.page(t, a.Header.Get("Location")).body, "Zamówienie usunięto") {
			t.Fatalf("%s to %s: %s", a.Status, a.Header.Get("Location"), a.body)
		}
		for _, gone := range []string{c.path, c.path + c.file, "/api/v1/batches/" + strings.TrimPrefix(c.path, "/partie/")} {
			if a := o.page(t, gone); a.StatusCode != http.StatusNotFound {
				t.Errorf("%s after: %s", gone, a.Status)
			}
		}
		stored, err := filepath.Glob(filepath.Join(o.files, "*", filepath.Base(c.file)))
		if err != nil || (len(stored) > 0) != (c.other != "") {
			t.Errorf("of %s the store has %q, %v", c.file, stored, err)
		}
		if c.other != "" && o.page(t, c.other+c.file).StatusCode != http.StatusOK {
			t.Error("the file of another order is gone")
		}
	}
	if body := o.page(t, "/partie").body; strings.Contains(body, alone) || strings.Contains(body, `"`+path+`"`) || !strings.Contains(body, powiat) {
		t.Error("the list of orders is wrong")
	}
	if again, right := place("area=981002&period=2024"); again != alone || right != mine {
		t.Errorf("ordered again: %s", again)
	}
	for end := time.Now().Add(30 * time.Second); o.page(t, alone+"/981002/raport-981002-2024.pdf").StatusCode != http.StatusOK; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("what was deleted is not made again")
		}
	}
}

// TestQuota refuses what the store has no room for; what is made already is given.
func TestQuota(t *testing.T) {
	o := open(t, func(p *web.Options) {
		p.Quota, p.Used = 20<<20, func(context.Context) (int64, error) { return 18 << 20, nil }
	})
	path := o.order(t, url.Values{"area": {"981001"}, "period": {"2025"}})
	if a := o.ask(t, "POST", "/zlecenia", form, "area=9810&scope=all&period=2025"); a.StatusCode != http.StatusInsufficientStorage || !strings.Contains(a.body, "Niczego nie zamówiono") || !strings.Contains(a.body, "Magazyn jest pełny") {
		t.Errorf("too much: %s\n%.1500s", a.Status, after0(a.body, "<h1>"))
	}
	o.order(t, url.Values{"area": {"981002"}, "period": {"2025"}})
	if a := o.ask(t, "POST", "/api/v1/batches", "application/json", `{"areas":["981003"],"period":2025}`); a.StatusCode != http.StatusInsufficientStorage {
		t.Errorf("one more: %s", a.Status)
	}
	if again := o.order(t, url.Values{"area": {"981001"}, "period": {"2025"}}); again != path {
		t.Errorf("what there is: %s", again)
	}
	if all, err := o.broker.Batches(t.Context()); err != nil || len(all) != 2 {
		t.Errorf("%d orders: %v", len(all), err)
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
