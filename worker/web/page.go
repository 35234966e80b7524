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
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

// frame is what every page has.
type frame struct {
	Title   string
	Here    string // the part of the portal
	Script  string // digest of the script, "" where the page has none
	Style   string // digest of the style
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
	p.pages = map[string]*template.Template{}
	functions := template.FuncMap{"when": func(t time.Time) string { return t.In(p.Zone).Format("02.01.2006 15:04") }}
	for _, name := range []string{"szukaj", "jednostka", "partie", "partia", "blad"} {
		t, err := template.New(name).Funcs(functions).ParseFS(p.Pages, "web/uklad.html", "web/lista.html", "web/"+name+".html")
		if err != nil {
			return err
		}
		p.pages[name] = t
	}
	return nil
}

// frame fills what every page has.
func (p *Portal) frame(title, here string) frame {
	return frame{Title: title, Here: here, Style: p.assets["styl.css"].digest, Tag: p.Edition.Tag, Version: p.Version, Data: p.Data}
}

// show writes a page. It is made whole before the first byte goes out.
func (p *Portal) show(w http.ResponseWriter, status int, name string, data any) error {
	var b bytes.Buffer
	if err := p.pages[name].ExecuteTemplate(&b, "uklad", data); err != nil {
		return fmt.Errorf("fill page %s: %w", name, err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, err := b.WriteTo(w)
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
	http.StatusServiceUnavailable:  "Chwilowa przerwa",
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
		}{p.frame(titles[f.status], ""), f.What, f.Hint})
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
	h.Set("Content-Type", mime.TypeByExtension(path.Ext(a.name)))
	h.Set("ETag", `"`+a.digest+`"`)
	if r.URL.RawQuery == a.digest {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	http.ServeContent(w, r, a.name, time.Time{}, bytes.NewReader(a.body))
}

// tooLarge tells whether reading a request failed because it is too long.
func tooLarge(err error) bool {
	var e *http.MaxBytesError
	return errors.As(err, &e)
}
