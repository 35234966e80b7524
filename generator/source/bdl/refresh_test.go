package bdl

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/gusapi"
	"github.com/raportjst/raportjst/generator/source/gusapi/gustest"
	"github.com/raportjst/raportjst/generator/stat"
)

// TestRefresh: what has changed is found with one request for many variables, and nothing else
// is asked for again.
func TestRefresh(t *testing.T) {
	b := newBench(t, gustest.Options{})
	q := source.Query{Indicators: []stat.IndicatorID{id(72305), id(60270), id(217230)}}
	if _, err := b.load(t, q); err != nil {
		t.Fatal(err)
	}
	b.ReviseOne(60270)
	before := b.Count()
	refresh := func() (*gustest.Collection, int) {
		n := b.Requests()
		c := gustest.NewCollection()
		s := b.source(t)
		s.Refresh()
		q := q
		q.Register, q.Warn = b.register, c.Warn
		plan, err := s.Plan(t.Context(), q)
		if err != nil || len(plan.Ages) != 3 || plan.Ages[0].ID != "bdl:60270" || plan.Ages[0].Taken.IsZero() {
			t.Errorf("plan %+v, %v", plan, err)
		}
		if err := s.Load(t.Context(), q, c); err != nil {
			t.Fatal(err)
		}
		return c, b.Requests() - n
	}
	c, sent := refresh()
	c.Compare(t, b.truth(72305, 60270, 217230))
	if p := c.Provenance[id(60270)]; p.Updated != "2025-07-01" {
		t.Errorf("%+v", p)
	}
	if sent != 1+3 { // one for the updates; the country, the voivodeships and the powiats of one variable
		t.Errorf("%d requests", sent)
	}
	for url, n := range b.Count().Asked {
		if n > before.Asked[url] && !strings.Contains(url, "by-unit") && !strings.Contains(url, "/60270") {
			t.Errorf("asked for %s", url)
		}
	}
	if _, sent := refresh(); sent != 0 {
		t.Errorf("a refresh that was done sends %d requests", sent)
	}
}

// TestRefreshUntold: where the answer about the country tells of no update, or is not to be
// had, the first page of a variable does; where no page tells of one either, all are asked
// for again. The figures are those of today in each case, and the level of no answer is lost.
func TestRefreshUntold(t *testing.T) {
	told := regexp.MustCompile(`"lastUpdate":"[^"]*",?`)
	const ids = 3
	for _, c := range []struct {
		name  string
		spoil func(r *http.Request, body []byte) []byte
		most  int // requests for figures by a refresh after which one variable has changed
	}{
		{"no lastUpdate by unit", func(r *http.Request, body []byte) []byte {
			if strings.Contains(r.URL.Path, "by-unit") {
				return told.ReplaceAll(body, nil)
			}
			return body
		}, 1 + ids + 3},
		{"no variables by unit", func(r *http.Request, body []byte) []byte {
			if strings.Contains(r.URL.Path, "by-unit") {
				return []byte(`{"totalRecords":0,"unitId":"000000000000","results":[]}`)
			}
			return body
		}, 1 + ids + 3},
		{"nonsense by unit", func(r *http.Request, body []byte) []byte {
			if strings.Contains(r.URL.Path, "by-unit") {
				return []byte(`{"results":[7]}`)
			}
			return body
		}, 1 + ids + 3},
		{"no lastUpdate at all", func(_ *http.Request, body []byte) []byte { return told.ReplaceAll(body, nil) }, 1000},
	} {
		b := newBench(t, gustest.Options{})
		b.through(c.spoil)
		q := source.Query{Indicators: []stat.IndicatorID{id(72305), id(60270), id(217230)}}
		if _, err := b.load(t, q); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		age(t, b.options.Archive, 40*24*time.Hour)
		b.ReviseOne(60270)
		before := b.Count().Asked
		got := gustest.NewCollection()
		s := b.source(t)
		s.Refresh()
		q.Register, q.Warn = b.register, got.Warn
		if err := s.Load(t.Context(), q, got); err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		got.Compare(t, b.truth(72305, 60270, 217230))
		sent := 0 // without the descriptions, which are a month old
		for url, n := range b.Count().Asked {
			if strings.Contains(url, "/data/") {
				sent += n - before[url]
			}
		}
		if sent > c.most {
			t.Errorf("%s: %d requests", c.name, sent)
		}
	}
}

// age makes all answers of an archive older.
func age(t *testing.T, archive string, by time.Duration) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(archive, "asked"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		lines, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var out bytes.Buffer
		for line := range bytes.Lines(lines) {
			if len(bytes.TrimSpace(line)) == 0 {
				continue // before each record
			}
			var a gusapi.Answer
			if err := json.Unmarshal(line, &a); err != nil {
				return err
			}
			a.Time = a.Time.Add(-by)
			if err := json.NewEncoder(&out).Encode(a); err != nil {
				return err
			}
		}
		return os.WriteFile(path, out.Bytes(), 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
}
