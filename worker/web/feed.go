package web

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// feedXML is a feed (Atom, RFC 4287) of the finished reports of a unit.
type feedXML struct {
	XMLName xml.Name   `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string     `xml:"xml:lang,attr"`
	ID      string     `xml:"id"`
	Title   string     `xml:"title"`
	Updated string     `xml:"updated"`
	Author  string     `xml:"author>name"`
	Links   []linkXML  `xml:"link"`
	Entries []entryXML `xml:"entry"`
}

type linkXML struct {
	Rel    string `xml:"rel,attr"`
	Type   string `xml:"type,attr,omitempty"`
	Href   string `xml:"href,attr"`
	Title  string `xml:"title,attr,omitempty"`
	Length int64  `xml:"length,attr,omitempty"`
}

type entryXML struct {
	ID      string    `xml:"id"`
	Title   string    `xml:"title"`
	Updated string    `xml:"updated"`
	Summary string    `xml:"summary"`
	Links   []linkXML `xml:"link"`
}

// feed answers with the finished reports of a unit, the newest first.
func (p *Portal) feed(w http.ResponseWriter, r *http.Request) error {
	a, moved, err := p.lookup(r.PathValue("code"))
	if err != nil {
		return err
	}
	if moved {
		http.Redirect(w, r, "/jst/"+a.Code+"/atom.xml", http.StatusMovedPermanently)
		return nil
	}
	editions, err := p.finished(r.Context(), a.Code)
	if err != nil {
		return err
	}
	root := strings.TrimSuffix(p.Site.URL, "/")
	if root == "" {
		root = "http://" + r.Host
	}
	page := root + "/jst/" + a.Code
	f := feedXML{Lang: "pl", ID: page, Title: "Raport JST: " + a.Name, Author: p.Site.Owner, Links: []linkXML{{Rel: "self", Type: "application/atom+xml", Href: page + "/atom.xml"}, {Rel: "alternate", Type: "text/html", Href: page}}}
	if f.Author == "" {
		f.Author = "Raport JST"
	}
	var last time.Time
	for _, e := range editions {
		if e.Changed.After(last) {
			last = e.Changed
		}
		x := entryXML{ID: "urn:sha256:" + e.Key, Title: fmt.Sprintf("%s: załącznik za %d r.", a.Name, e.Batch.Period), Updated: e.Changed.UTC().Format(time.RFC3339), Summary: "Pliki z sumami kontrolnymi SHA-256."}
		if what := e.What(); what != "" {
			x.Title += " (" + what + ")"
		}
		for _, file := range e.Files {
			x.Summary += fmt.Sprintf(" %s: %s.", file.Name, file.Digest)
			x.Links = append(x.Links, linkXML{Rel: "enclosure", Type: file.MediaType, Href: root + fileURL(e.Item, file), Title: file.Name, Length: file.Size})
		}
		x.Links = append(x.Links, linkXML{Rel: "alternate", Type: "text/html", Href: fmt.Sprintf("%s/%d", page, e.Batch.Period)})
		f.Entries = append(f.Entries, x)
	}
	f.Updated = last.UTC().Format(time.RFC3339)
	body, err := xml.Marshal(f)
	if err != nil {
		return fmt.Errorf("write feed of %s: %w", a.Code, err)
	}
	w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=300")
	_, err = w.Write(append([]byte(xml.Header), body...))
	return err
}
