package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// sentForm sends a form with files; redirections are not followed.
func sentForm(t *testing.T, to string, fields map[string]string, files map[string]sentFile) (*http.Response, string) {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, value := range fields {
		if err := w.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	for field, f := range files {
		part, err := w.CreateFormFile(field, f.name)
		if err == nil {
			_, err = part.Write(f.body)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, to, &body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	reply, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	said, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply, string(said)
}

type sentFile struct {
	name string
	body []byte
}

func fetched(t *testing.T, url string) (int, []byte) {
	t.Helper()
	reply, err := http.Get(url) //nolint:gosec // of a portal that the test started
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply.StatusCode, body
}

// filledForm is the form of the portal with an indicator of the unit's own and one value.
func filledForm(t *testing.T, blank []byte, value string) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(blank))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for cell, text := range map[string]string{"B3": "ścieżki", "B4": "2026-01-15"} {
		_ = f.SetCellValue("Opis", cell, text)
	}
	_ = f.SetSheetRow("Wskaźniki", "A2", &[]any{"Ścieżki", "Długość ścieżek rowerowych", "Ścieżki rowerowe", "km", "", "", "", "", "Drogownictwo i transport"})
	_ = f.SetCellValue("Dane", "D1", "Ścieżki")
	_ = f.SetCellValue("Dane", "D2", 12.5)
	_ = f.SetCellValue("Dane", "D3", value)
	var b bytes.Buffer
	if _, err := f.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bomb is a workbook of which a sheet unpacks to far more than the file has.
func bomb(t *testing.T, workbook []byte) []byte {
	t.Helper()
	from, err := zip.NewReader(bytes.NewReader(workbook), int64(len(workbook)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	to := zip.NewWriter(&b)
	for _, f := range from.File {
		if !strings.HasPrefix(f.Name, "xl/worksheets/sheet") {
			if err := to.Copy(f); err != nil {
				t.Fatal(err)
			}
			continue
		}
		w, err := to.Create(f.Name)
		if err == nil {
			_, err = io.WriteString(w, `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
		}
		row := []byte(strings.Repeat(`<row><c t="inlineStr"><is><t>0</t></is></c></row>`, 20_000))
		for range 300 { // some 300 MB a sheet
			if err == nil {
				_, err = w.Write(row)
			}
		}
		if err == nil {
			_, err = io.WriteString(w, `</sheetData></worksheet>`)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestSlowBody sends the form of own content a byte at a time: who does is told so in the end, while
// others are answered.
func TestSlowBody(t *testing.T) {
	if os.Getenv("RAPORTJST_HEAVY") == "" {
		t.Skip("takes half a minute; set RAPORTJST_HEAVY=1")
	}
	serve := start(t, "serve", "--data", sampleData(t), "--home", t.TempDir(), "--listen", "127.0.0.1:0", "--workers", "0")
	page := strings.TrimSuffix(serve.until(t, `strona +(\S+)`), "/")
	c, err := net.Dial("tcp", strings.TrimPrefix(page, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := fmt.Fprintf(c, "POST /jst/981001/wlasne HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 100000\r\n\r\n--x\r\n"); err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			if _, err := c.Write([]byte("-")); err != nil {
				return
			}
			time.Sleep(500 * time.Millisecond)
		}
	}()
	if status, _ := fetched(t, page+"/jst/981001"); status != http.StatusOK {
		t.Errorf("another visitor: %d", status)
	}
	_ = c.SetReadDeadline(time.Now().Add(2 * time.Minute))
	reply, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	if reply.StatusCode != http.StatusRequestTimeout {
		t.Errorf("who is slow: %s", reply.Status)
	}
}

// TestOwnContent sends a table with a mistake, which is told by row and column and orders
// nothing; the mended one with a chapter and coat of arms becomes a report that holds all three.
func TestOwnContent(t *testing.T) {
	home := t.TempDir()
	serve := start(t, "serve", "--data", sampleData(t), "--home", home, "--listen", "127.0.0.1:0", "--workers", "1")
	page := strings.TrimSuffix(serve.until(t, `strona +(\S+)`), "/")
	status, blank := fetched(t, page+"/jst/981001/formularz.xlsx")
	if status != http.StatusOK {
		t.Fatalf("the blank form: %d", status)
	}
	if status, _ := fetched(t, page+"/jst/981001/wlasne"); status != http.StatusOK {
		t.Errorf("the page: %d", status)
	}
	fields := map[string]string{"period": "2025", "formats": "html"}
	to := page + "/jst/981001/wlasne"
	var arms bytes.Buffer
	if err := png.Encode(&arms, image.NewGray(image.Rect(0, 0, 40, 50))); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		fields map[string]string
		files  map[string]sentFile
		status int
		says   string
	}{
		"mistake":    {fields, map[string]sentFile{"table": {"moje=dane@2020.xlsx", filledForm(t, blank, "12,,4")}}, http.StatusUnprocessableEntity, "arkusz Dane, wiersz 3, kolumna D"},
		"not a form": {fields, map[string]sentFile{"table": {"x.xlsx", []byte("PK")}}, http.StatusUnprocessableEntity, "Niczego nie zamówiono"},
		"nothing":    {fields, nil, http.StatusUnprocessableEntity, "Nie wysłano własnych danych"},
		"mapping":    {fields, map[string]sentFile{"table": {"../../x.toml", []byte("a")}}, http.StatusUnprocessableEntity, "Pliku tego rodzaju"},
		"large":      {fields, map[string]sentFile{"table": {"x.xlsx", make([]byte, 9<<20)}}, http.StatusRequestEntityTooLarge, "zbyt długie"},
		"bomb":       {fields, map[string]sentFile{"table": {"x.xlsx", bomb(t, filledForm(t, blank, "12,4"))}}, http.StatusUnprocessableEntity, "Niczego nie zamówiono"},
		"no picture": {fields, map[string]sentFile{"arms": {"h.png", []byte("nie")}}, http.StatusUnprocessableEntity, "Niczego nie zamówiono"},
		"script":     {map[string]string{"period": "2025", "formats": "html", "title": "X", "chapter": "a\n\n[b](javascript:alert(1))"}, nil, http.StatusUnprocessableEntity, "wiersz 3"},
		"no title":   {map[string]string{"period": "2025", "formats": "html", "chapter": "a"}, nil, http.StatusUnprocessableEntity, "nie ma tytułu"},
		"no year":    {map[string]string{"period": "1950", "formats": "html", "title": "X", "chapter": "a"}, nil, http.StatusUnprocessableEntity, "brak danych"},
	} {
		reply, said := sentForm(t, to, c.fields, c.files)
		if reply.StatusCode != c.status || !strings.Contains(said, c.says) || strings.Contains(said, "raportjst-wlasne") {
			t.Errorf("%s: %s, lacks %q\n%.3000s", name, reply.Status, c.says, said[strings.Index(said, "<main"):])
		}
	}
	if _, list := fetched(t, page+"/partie"); !strings.Contains(string(list), "Nie złożono jeszcze") {
		t.Error("something was ordered")
	}
	fields["title"], fields["chapter"] = "Słowo wójta", "Dziękujemy za rok pracy."
	reply, said := sentForm(t, to, fields, map[string]sentFile{"table": {"dane.xlsx", filledForm(t, blank, "14")}, "arms": {"herb.png", arms.Bytes()}})
	if reply.StatusCode != http.StatusSeeOther || !strings.Contains(reply.Header.Get("Location"), "?moje=") {
		t.Fatalf("the mended one: %s\n%s", reply.Status, said)
	}
	order, _, _ := strings.Cut(reply.Header.Get("Location"), "?")
	for end := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		_, body := fetched(t, page+order)
		if strings.Contains(string(body), "z innego zbioru danych") {
			t.Error("its page says that nobody makes it")
		}
		if strings.Contains(string(body), "Załącznik jest gotowy") {
			break
		}
		if time.Now().After(end) || strings.Contains(string(body), "Nie udało się") {
			t.Fatalf("not made:\n%s", body)
		}
	}
	_, body := fetched(t, page+order)
	link := regexp.MustCompile(`href="(/partie/[^"]+\.html)"`).FindSubmatch(body)
	if link == nil {
		t.Fatalf("no file:\n%s", body)
	}
	_, file := fetched(t, page+string(link[1]))
	for _, want := range []string{"Ścieżki rowerowe", "Słowo wójta", "Dziękujemy za rok pracy.", `alt="Herb: Lipnica Górna"`} {
		if !strings.Contains(strings.ReplaceAll(string(file), "\u00a0", " "), want) {
			t.Errorf("the report lacks %q", want)
		}
	}
}
