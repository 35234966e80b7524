package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/raportjst/raportjst/worker/workertest"
)

// beside are two portals and a worker on one queue and one store, with lines to both that can be
// cut.
type beside struct {
	first, second string // addresses of the portals
	queue, files  *workertest.Line
}

func portals(t *testing.T) beside {
	t.Helper()
	if os.Getenv("RAPORTJST_HEAVY") == "" {
		t.Skip("starts servers and a browser; set RAPORTJST_HEAVY=1")
	}
	nats, s3 := workertest.NATS(t), workertest.S3Server(t)
	b := beside{queue: workertest.NewLine(t, strings.TrimPrefix(nats, "nats://")), files: workertest.NewLine(t, strings.TrimPrefix(s3.URL, "http://"))}
	t.Setenv("RAPORTJST_S3_ACCESS_KEY", workertest.Access)
	t.Setenv("RAPORTJST_S3_SECRET_KEY", workertest.Secret)
	where := []string{"--data", sampleData(t), "--nats", "nats://" + b.queue.Address, "--s3", "http://" + b.files.Address + "/raporty"}
	for _, page := range []*string{&b.first, &b.second} {
		serve := start(t, append([]string{"serve", "--home", t.TempDir(), "--listen", "127.0.0.1:0", "--workers", "0"}, where...)...)
		*page = strings.TrimSuffix(serve.until(t, `strona +(\S+)`), "/")
	}
	program(t, append([]string{"worker", "--home", t.TempDir(), "--slots", "1"}, where...)...)
	return b
}

// browser is a window of Chromium of a width, as the options make it.
func browser(t *testing.T, width int64, options ...chromedp.Action) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium")
	}
	ctx, done := chromedp.NewExecAllocator(t.Context(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.Flag("disable-background-networking", true))...)
	t.Cleanup(done)
	ctx, done = chromedp.NewContext(ctx)
	t.Cleanup(done)
	ctx, done = context.WithTimeout(ctx, 20*time.Minute)
	t.Cleanup(done)
	if err := chromedp.Run(ctx, append([]chromedp.Action{network.Enable(), chromedp.EmulateViewport(width, 800)}, options...)...); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// presses go to what a selector names by the keyboard alone and press a key there.
func presses(selector, key string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		for range 300 {
			var there bool
			if err := chromedp.Evaluate(fmt.Sprintf("document.activeElement?.matches(%q)", selector), &there).Do(ctx); err != nil {
				return err
			}
			if there {
				var seen bool // what has the focus is seen to have it
				if err := chromedp.Evaluate(`(()=>{const s=getComputedStyle(document.activeElement);return s.outlineStyle!=="none"||s.stroke!=="none"})()`, &seen).Do(ctx); err != nil {
					return err
				}
				if !seen {
					return fmt.Errorf("the focus on %s is not seen", selector)
				}
				return chromedp.KeyEvent(key).Do(ctx)
			}
			if err := chromedp.KeyEvent(kb.Tab).Do(ctx); err != nil {
				return err
			}
		}
		return fmt.Errorf("the keyboard does not come to %s", selector)
	})
}

// evaluates asks a page until it answers: one that follows an order loads itself anew, and
// between two loads there is nothing in it.
func evaluates(script string, answer any) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		for end := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
			err := chromedp.Evaluate(script, answer).Do(ctx)
			if err == nil || time.Now().After(end) {
				return err
			}
		}
	})
}

// clicks on what a selector names, once it is there.
func clicks(selector string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		var at []float64
		if err := evaluates(fmt.Sprintf(`(()=>{const e=document.querySelector(%q);e.scrollIntoView({block:"center"});const r=e.getClientRects()[0];return [r.x+r.width/2,r.y+r.height/2]})()`, selector), &at).Do(ctx); err != nil {
			return err
		}
		return chromedp.MouseClickXY(at[0], at[1]).Do(ctx)
	})
}

// shows waits until a page says something, and expects that it does not scroll sideways.
func shows(text string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		for end := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
			var body string
			err := chromedp.Evaluate(`document.querySelector("main").innerText`, &body).Do(ctx)
			if err == nil && strings.Contains(strings.ReplaceAll(body, "\u00a0", " "), text) {
				break
			}
			if time.Now().After(end) {
				return fmt.Errorf("no %q in\n%.1500s", text, body)
			}
		}
		var sideways bool
		if err := evaluates(`document.documentElement.scrollWidth>document.documentElement.clientWidth`, &sideways).Do(ctx); err != nil || !sideways {
			return err
		}
		return fmt.Errorf("the page with %q scrolls sideways", text)
	})
}

// reloads a page until its heading says something: who has no script asks again.
func reloads(heading string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		var said string
		for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(300 * time.Millisecond) {
			if err := evaluates(`document.querySelector("h1").innerText`, &said).Do(ctx); err != nil || said == heading {
				return err
			}
			if err := chromedp.Reload().Do(ctx); err != nil {
				return err
			}
		}
		return fmt.Errorf("the heading stays %q", said)
	})
}

// TestPortalWalk goes from the first page to a file: find, read, compare, order, wait, download.
// On a desktop, on a phone, without script, and by the keyboard alone; two portals share the work.
func TestPortalWalk(t *testing.T) {
	b := portals(t)
	enter := func(selector string) chromedp.Action { return presses(selector, kb.Enter) }
	year := 2025
	for _, way := range []struct {
		name    string
		portal  string
		width   int64
		go_     func(string) chromedp.Action
		options []chromedp.Action
	}{
		{"desktop", b.first, 1280, clicks, nil},
		{"phone", b.second, 360, clicks, nil},
		{"without script", b.first, 1280, clicks, []chromedp.Action{emulation.SetScriptExecutionDisabled(true)}},
		{"keyboard", b.second, 1280, enter, nil},
	} {
		t.Run(way.name, func(t *testing.T) {
			ctx := browser(t, way.width, way.options...)
			var file string
			typed := chromedp.SendKeys("#q", "w Lipnicy Gornej"+kb.Enter, chromedp.ByQuery)
			if way.name == "keyboard" {
				typed = chromedp.Tasks{presses("#q", "w Lipnicy Gornej"), chromedp.KeyEvent(kb.Enter)}
			}
			tasks := chromedp.Tasks{
				chromedp.Navigate(way.portal + "/"), shows("Statystyka Twojej gminy"),
				typed, shows("Wyniki dla"),
				way.go_(`.areas a[href="/jst/981001"]`), shows("Najważniejsze informacje"),
				way.go_(`#porownaj a[href*="z=sasiedzi"]`), shows("Porównywane jednostki"),
				chromedp.Navigate(fmt.Sprintf("%s/jst/981001/zamow?rok=%d", way.portal, year)), shows("Rok sprawozdawczy"),
				way.go_(`form.order .deeds button:not(.second)`), shows("Numer zamówienia"),
			}
			if err := chromedp.Run(ctx, tasks); err != nil {
				t.Fatal(err)
			}
			if way.name == "without script" {
				if err := chromedp.Run(ctx, reloads("Załącznik jest gotowy")); err != nil {
					t.Fatal(err)
				}
			}
			if err := chromedp.Run(ctx, shows("Gotowe raporty: 1 z 1."), evaluates(`document.querySelector('a.file[href$=".pdf"]').getAttribute("href")`, &file)); err != nil {
				t.Fatal(err)
			}
			for _, portal := range []string{b.first, b.second} { // whichever took the order
				if status, body := fetched(t, portal+file); status != http.StatusOK || !strings.HasPrefix(string(body), "%PDF") {
					t.Errorf("%s of %s: %d", file, portal, status)
				}
			}
		})
		year-- // a report of its own
	}
}

// TestOwnDataWalk brings a table to a report: with a mistake, which is told by its row, then mended;
// what was chosen meanwhile is chosen still. On a desktop, on a phone and without script.
func TestOwnDataWalk(t *testing.T) {
	if os.Getenv("RAPORTJST_HEAVY") == "" {
		t.Skip("starts a browser; set RAPORTJST_HEAVY=1")
	}
	serve := start(t, "serve", "--data", sampleData(t), "--home", t.TempDir(), "--listen", "127.0.0.1:0", "--workers", "1")
	page := strings.TrimSuffix(serve.until(t, `strona +(\S+)`), "/")
	_, blank := fetched(t, page+"/jst/981001/formularz.xlsx")
	table := func(value string) string {
		name := filepath.Join(t.TempDir(), "moje dane.xlsx")
		if err := os.WriteFile(name, filledForm(t, blank, value), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	for n, way := range []struct {
		name    string
		width   int64
		options []chromedp.Action
	}{
		{"desktop", 1280, nil},
		{"phone", 360, nil},
		{"without script", 1280, []chromedp.Action{emulation.SetScriptExecutionDisabled(true)}},
	} {
		t.Run(way.name, func(t *testing.T) {
			ctx := browser(t, way.width, way.options...)
			var chosen bool
			var file string
			tasks := chromedp.Tasks{
				chromedp.Navigate(page + "/jst/981001/zamow"), shows("Rok sprawozdawczy"),
				clicks(`main a[href="/jst/981001/wlasne"]`), shows("Własna tabela"),
				clicks(`label[for="rozdzial-ludnosc"]`), clicks(`label[for="format-xlsx"]`),
				chromedp.SetUploadFiles("#table", []string{table("12,,4")}, chromedp.ByQuery),
				clicks(`form.order > button`), shows("arkusz Dane, wiersz 3, kolumna D"), shows("Niczego nie zamówiono"),
				evaluates(`!document.getElementById("rozdzial-ludnosc").checked&&!document.getElementById("format-xlsx").checked&&document.getElementById("format-pdf").checked`, &chosen),
				chromedp.SetUploadFiles("#table", []string{table(fmt.Sprint(14 + n))}, chromedp.ByQuery),
				clicks(`form.order > button`), shows("Numer zamówienia"),
			}
			if way.options != nil {
				tasks = append(tasks, reloads("Załącznik jest gotowy"))
			}
			tasks = append(tasks, shows("Gotowe raporty: 1 z 1."), evaluates(`document.querySelector('a.file[href$=".pdf"]').getAttribute("href")`, &file))
			if err := chromedp.Run(ctx, tasks); err != nil {
				t.Fatal(err)
			}
			if !chosen {
				t.Error("the form that comes back has forgotten what was chosen")
			}
			if status, body := fetched(t, page+file); status != http.StatusOK || !strings.HasPrefix(string(body), "%PDF") {
				t.Errorf("%s: %d", file, status)
			}
			if status, _ := fetched(t, page+strings.TrimSuffix(file, ".pdf")+".xlsx"); status != http.StatusNotFound {
				t.Errorf("a file that was not ordered: %d", status)
			}
		})
	}
}

// TestPortalsShareOrders orders at one portal and watches, reads and cancels at the other.
func TestPortalsShareOrders(t *testing.T) {
	b := portals(t)
	place := func(portal, body string) string {
		client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		reply, err := client.Post(portal+"/zlecenia", "application/x-www-form-urlencoded", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer reply.Body.Close()
		if reply.StatusCode != http.StatusSeeOther {
			t.Fatalf("order: %s", reply.Status)
		}
		return reply.Header.Get("Location")
	}
	all := place(b.first, "area=9810&scope=all&period=2025")
	path, right, _ := strings.Cut(all, "?moje=")
	events, err := http.Get(b.second + path + "/zdarzenia")
	if err != nil {
		t.Fatal(err)
	}
	defer events.Body.Close()
	seen := make([]byte, 4096)
	for told := ""; !strings.Contains(told, "event: "); {
		n, err := events.Body.Read(seen)
		if told += string(seen[:n]); err != nil {
			t.Fatalf("%q: %v", told, err)
		}
	}
	if again := place(b.second, "area=9810&scope=all&period=2025"); again != path {
		t.Errorf("the other portal has another order: %s", again)
	}
	reply, err := http.Post(b.second+path+"/anuluj", "application/x-www-form-urlencoded", strings.NewReader("moje="+right))
	if err != nil {
		t.Fatal(err)
	}
	reply.Body.Close()
	if _, page := fetched(t, b.first+path); !strings.Contains(string(page), "Zamówienie anulowano") && !strings.Contains(string(page), "Załączniki są gotowe") {
		t.Errorf("the first portal does not know that it was cancelled:\n%.2000s", page)
	}
}

// TestPortalWithoutQueueOrStore cuts the lines: pages of units stay, an order is refused and
// leaves nothing behind, a file is promised for later; afterwards all is well by itself.
func TestPortalWithoutQueueOrStore(t *testing.T) {
	b := portals(t)
	order := func(body string) (*http.Response, string) {
		client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		reply, err := client.Post(b.first+"/zlecenia", "application/x-www-form-urlencoded", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		reply.Body.Close()
		return reply, reply.Header.Get("Location")
	}
	_, made := order("area=981001&period=2025")
	made, _, _ = strings.Cut(made, "?")
	var file string
	until(t, time.Minute, "the report is made", func() error {
		_, page := fetched(t, b.first+made)
		if m := regexp.MustCompile(`href="(/partie/[^"]+\.pdf)"`).FindSubmatch(page); m != nil {
			file = string(m[1])
			return nil
		}
		return fmt.Errorf("not yet")
	})
	b.files.Close(true)
	b.files.Cut()
	if status, body := fetched(t, b.first+file); status != http.StatusServiceUnavailable || !strings.Contains(string(body), "<h1>") {
		t.Errorf("a file without the store: %d", status)
	}
	b.files.Close(false)
	until(t, time.Minute, "the file is there again", func() error {
		if status, _ := fetched(t, b.first+file); status != http.StatusOK {
			return fmt.Errorf("%d", status)
		}
		return nil
	})
	b.queue.Close(true)
	b.queue.Cut()
	reply, _ := order("area=981002&period=2024")
	if reply.StatusCode != http.StatusServiceUnavailable || reply.Header.Get("Retry-After") == "" {
		t.Errorf("an order without the queue: %s, Retry-After %q", reply.Status, reply.Header.Get("Retry-After"))
	}
	for _, path := range []string{"/jst/981001", "/jst/981001/porownanie?z=sasiedzi", "/wskaznik/smup:4069", "/pomoc", "/?q=lipnica"} {
		if status, _ := fetched(t, b.first+path); status != http.StatusOK {
			t.Errorf("%s without the queue: %d", path, status)
		}
	}
	b.queue.Close(false)
	until(t, time.Minute, "the list of orders is there again", func() error {
		status, page := fetched(t, b.first+"/partie")
		if status != http.StatusOK {
			return fmt.Errorf("%d", status)
		}
		if n := strings.Count(string(page), `<a href="/partie/`) - 1; n > 1 { // one is the menu
			t.Errorf("%d orders: one that was refused is there", n)
		}
		return nil
	})
}

// TestPortalIsAccessible runs axe-core on every page, by day, by night, with forced colours, and on
// a phone: nothing is found.
func TestPortalIsAccessible(t *testing.T) {
	if os.Getenv("RAPORTJST_HEAVY") == "" {
		t.Skip("starts a browser; set RAPORTJST_HEAVY=1")
	}
	axe, err := os.ReadFile(os.Getenv("RAPORTJST_AXE"))
	if err != nil {
		t.Skip("no axe-core: " + err.Error())
	}
	serve := start(t, "serve", "--data", sampleData(t), "--home", t.TempDir(), "--listen", "127.0.0.1:0", "--workers", "1")
	page := strings.TrimSuffix(serve.until(t, `strona +(\S+)`), "/")
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	ordered := func(body string) string {
		reply, err := client.Post(page+"/zlecenia", "application/x-www-form-urlencoded", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		reply.Body.Close()
		return reply.Header.Get("Location")
	}
	done := ordered("area=981001&period=2025")
	until(t, time.Minute, "a report is made", func() error {
		if _, body := fetched(t, page+done); !strings.Contains(string(body), "Załącznik jest gotowy") {
			return fmt.Errorf("not yet")
		}
		return nil
	})
	paths := []string{
		"/", "/?q=lipnica", "/?q=nieznana", "/jst/98", "/jst/9810", "/jst/981001", "/jst/981001/2022", "/jst/986101", "/jst/981001/zamow", "/jst/9810/zamow", "/jst/981001/wlasne",
		"/jst/981001/porownanie?z=sasiedzi", "/jst/981001/porownanie?z=", "/jst/981001/porownanie?z=981002&dodaj=wzorc", "/jst/981001/podglad?period=2025&formats=pdf",
		"/wskaznik", "/wskaznik?q=dochody", "/wskaznik/smup:4069?jst=981001", "/wskaznik/bdl:72305", "/usluga/wychowanie-przedszkolne", "/obszar/edukacja", "/praktyki",
		"/partie", done, strings.Replace(done, "?", "/usun?", 1), "/pomoc", "/dane-osobowe", "/deklaracja-dostepnosci", "/nie-ma",
	}
	for _, look := range []struct {
		name  string
		width int64
		media []*emulation.MediaFeature
	}{
		{"by day", 1280, nil},
		{"on a phone", 360, nil},
		{"by night", 1280, []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}},
		{"with forced colours", 1280, []*emulation.MediaFeature{{Name: "forced-colors", Value: "active"}}},
	} {
		t.Run(look.name, func(t *testing.T) {
			ctx := browser(t, look.width, emulation.SetEmulatedMedia().WithFeatures(look.media))
			for _, path := range paths {
				if look.name != "by day" && (path == "/jst/98" || path == "/jst/9810" || path == "/jst/986101" || path == "/jst/981001/2022") {
					continue // a page of a unit takes axe-core half a minute; one is in every look
				}
				var found string
				var wide bool
				err := chromedp.Run(ctx, chromedp.Navigate(page+path), chromedp.Evaluate(string(axe)+";0", nil),
					chromedp.Evaluate(`document.documentElement.scrollWidth>document.documentElement.clientWidth`, &wide),
					chromedp.Evaluate(`axe.run(document,{resultTypes:["violations"]}).then(r=>JSON.stringify(r.violations.flatMap(v=>v.nodes.map(n=>v.id+" "+n.target.join(" ")+" "+n.failureSummary))))`, &found, chromedp.EvalAsValue, awaited))
				if err != nil {
					t.Fatalf("%s: %v", path, err)
				}
				var all []string
				if err := json.Unmarshal([]byte(found), &all); err != nil {
					t.Fatal(err)
				}
				for _, v := range all {
					t.Errorf("%s: %s", path, v)
				}
				if wide {
					t.Errorf("%s scrolls sideways", path)
				}
			}
		})
	}
}

// awaited waits for a promise.
func awaited(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }
