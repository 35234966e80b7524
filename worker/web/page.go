package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/raportjst/raportjst/fonts"
	"github.com/raportjst/raportjst/generator/html"
)

// frame is what every page has.
type frame struct {
	Title   string
	Here    string // the part of the portal
	Script  string // digest of the script, "" where the page has none
	Style   string // digest of the style
	Feed    string // address of a feed of the page, "" where it has none
	Raport  string // digest of the style of parts of reports, "" where the page has none
	Tag     string
	Version string
	Data    string
}

// read parses the pages and takes in the files that they need.
func (p *Portal) read() error {
	p.assets = assets{}
	for _, name := range []string{"styl.css", "postep.js", "znak.svg"} {
		body, err := fs.ReadFile(p.Pages, path.Join("web", name))
		if err != nil {
			return err
		}
		p.assets[name] = newAsset(name, body)
	}
	p.assets["raport.css"] = newAsset("raport.css", []byte(html.Style()))
	for _, name := range []string{"Lato-Regular.woff2", "Lato-Bold.woff2"} {
		body, err := fonts.FS.ReadFile(name)
		if err != nil {
			return err
		}
		p.assets[name] = newAsset(name, body)
	}
	made := []string{fmt.Sprint(p.Site), p.Edition.Data, p.Edition.Generator, p.Edition.Template(""), p.Version, p.Data}
	for _, name := range slices.Sorted(maps.Keys(p.assets)) {
		made = append(made, p.assets[name].digest)
	}
	p.pages = map[string]*template.Template{}
	functions := template.FuncMap{
		"when":     func(t time.Time) string { return t.In(p.Zone).Format("02.01.2006 15:04") },
		"day":      func(t time.Time) string { return t.In(p.Zone).Format("02.01.2006") },
		"wskaznik": indicatorURL, "usluga": func(s string) string { return p.subjectURL("usluga", s) },
		"short": func(s string) string { return s[:min(len(s), 12)] },
	}
	for _, name := range []string{"szukaj", "jst", "porownanie", "podglad", "wlasne", "wskaznik", "wskazniki", "obszar", "praktyki", "jednostka", "partie", "partia", "usun", "blad", "deklaracja", "dane-osobowe", "pomoc"} {
		t, err := template.New(name).Funcs(functions).ParseFS(p.Pages, "web/uklad.html", "web/lista.html", "web/"+name+".html")
		if err != nil {
			return err
		}
		p.pages[name] = t
		body, err := fs.ReadFile(p.Pages, "web/"+name+".html")
		if err != nil {
			return err
		}
		made = append(made, string(body))
	}
	for _, shared := range []string{"web/uklad.html", "web/lista.html"} {
		body, err := fs.ReadFile(p.Pages, shared)
		if err != nil {
			return err
		}
		made = append(made, string(body))
	}
	p.base = digestOf(made...)
	return nil
}

// frame fills what every page has.
func (p *Portal) frame(title, here string) frame {
	return frame{Title: title, Here: here, Style: p.assets["styl.css"].digest, Tag: p.Edition.Tag, Version: p.Version, Data: p.Data}
}

// fill makes a page.
func (p *Portal) fill(name string, data any) ([]byte, error) {
	var b bytes.Buffer
	if err := p.pages[name].ExecuteTemplate(&b, "uklad", data); err != nil {
		return nil, fmt.Errorf("fill page %s: %w", name, err)
	}
	return b.Bytes(), nil
}

// show writes a page that nobody keeps. It is made whole before the first byte goes out.
func (p *Portal) show(w http.ResponseWriter, status int, name string, data any) error {
	body, err := p.fill(name, data)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, err = w.Write(body)
	return err
}

// send writes JSON.
func send(w http.ResponseWriter, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode answer: %w", err)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, err = w.Write(append(body, '\n'))
	return err
}

// problem is an error for programs (RFC 9457).
type problem struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty"`
}

// titles head the pages of errors.
var titles = map[int]string{
	http.StatusNotFound:            "Nie znaleziono",
	http.StatusUnprocessableEntity: "Nie przyjęto zamówienia",
	http.StatusTooManyRequests:     "Zbyt wiele zamówień",
	http.StatusForbidden:           "Tylko dla administratora",
	http.StatusRequestTimeout:      "Zbyt wolne połączenie",
	http.StatusConflict:            "Zamówienie zostaje",
	http.StatusInsufficientStorage: "Magazyn jest pełny",

	http.StatusRequestEntityTooLarge: "Zbyt długie zamówienie",
	http.StatusServiceUnavailable:    "Chwilowa przerwa",
}

// answer writes an error in the form that the asker reads.
func (p *Portal) answer(w http.ResponseWriter, r *http.Request, f failure) {
	var err error
	if strings.HasPrefix(r.URL.Path, "/api/") {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(f.status)
		err = json.NewEncoder(w).Encode(problem{Title: f.What, Status: f.status, Detail: f.Hint})
	} else {
		err = p.show(w, f.status, "blad", struct {
			frame
			What, Hint string
			Back       *link
		}{p.frame(titles[f.status], ""), f.What, f.Hint, f.back})
	}
	if err != nil {
		p.Log.Debug("answer not written", "error", err)
	}
}

// assets are the files that pages need, by name.
type assets map[string]asset

type asset struct {
	name, digest string
	body         []byte
}

func newAsset(name string, body []byte) asset {
	sum := sha256.Sum256(body)
	return asset{name, hex.EncodeToString(sum[:8]), body}
}

// ServeHTTP gives the file. Pages name it with its digest, so it can be kept for ever.
func (a asset) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", a.mediaType())
	h.Set("ETag", `"`+a.digest+`"`)
	if r.URL.RawQuery == a.digest {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	http.ServeContent(w, r, a.name, time.Time{}, bytes.NewReader(a.body))
}

func (a asset) mediaType() string {
	if path.Ext(a.name) == ".woff2" { // the table of the system may lack it
		return "font/woff2"
	}
	return mime.TypeByExtension(path.Ext(a.name))
}

// tooLarge tells whether reading a request failed because it is too long.
func tooLarge(err error) bool {
	var e *http.MaxBytesError
	return errors.As(err, &e)
}
