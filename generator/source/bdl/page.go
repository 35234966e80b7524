package bdl

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-faster/jx"

	"github.com/raportjst/raportjst/generator/source/gusapi"
	"github.com/raportjst/raportjst/generator/stat"
)

// level is a tier of areas as BDL numbers them.
type level struct {
	number int
	level  stat.Level
}

// levels are the tiers that are areas of ours. BDL has macroregions (1), regions (3) and
// subregions (4) between them.
var levels = []level{{0, stat.LevelCountry}, {2, stat.LevelVoivodeship}, {5, stat.LevelPowiat}, {6, stat.LevelGmina}}

const pageSize = 100 // the most that BDL gives

// guess tells how many pages the level has, by the register: BDL lists the town and the
// rural part of an urban-rural gmina beside it.
func (l level) guess(r *stat.Register) int {
	units := 0
	for _, a := range r.Areas() {
		if a.Code.Level() != l.level {
			continue
		}
		units++
		if a.Kind == stat.KindUrbanRural {
			units += 2
		}
	}
	return (units + pageSize - 1) / pageSize
}

// page is a page of data/by-variable:
//
//	{"totalRecords":16,"page":0,"pageSize":100,"variableId":60270,"lastUpdate":"…",
//	 "results":[{"id":"011200000000","name":"MAŁOPOLSKIE","values":[{"year":"2023","val":4.5,"attrId":1}]}]}
type page struct {
	total   int64
	updated string // as the provider writes it
	units   []unit
	answer  gusapi.Answer
}

type unit struct {
	id     string
	values []value
}

type value struct {
	year int64
	val  float64
	has  bool
	attr int64
}

func (p page) pages() int { return int(p.total+pageSize-1) / pageSize }

func pageRequest(id int64, l level, n int, after time.Time) gusapi.Request {
	return gusapi.Request{
		Path: "data/by-variable/" + strconv.FormatInt(id, 10),
		Query: url.Values{
			"unit-level": {strconv.Itoa(l.number)}, "page": {strconv.Itoa(n)}, "page-size": {strconv.Itoa(pageSize)},
			"format": {"json"}, "lang": {"pl"},
		},
		After: after, AfterNone: after,
		Check: func(body []byte) error {
			_, err := readPage(body, id)
			return err
		},
	}
}

// page gets a page; a level without data has a page with nothing.
func (s *Source) page(ctx context.Context, id int64, l level, n int, after time.Time) (page, error) {
	body, answer, err := s.client.Body(ctx, pageRequest(id, l, n, after))
	if err != nil {
		return page{}, err
	}
	if answer.None() {
		return page{answer: answer}, nil
	}
	p, err := readPage(body, id)
	p.answer = answer
	if err != nil {
		return p, unreadable(id, err)
	}
	return p, nil
}

// readPage reads a page. One of another variable than asked for is a *gusapi.Mismatch.
func readPage(body []byte, id int64) (p page, err error) {
	err = gusapi.Rows(body, func(d *jx.Decoder) error {
		u, err := readUnit(d)
		if u.id == "" && err == nil {
			err = &gusapi.Mismatch{What: "wiersz danych bez identyfikatora jednostki"}
		}
		p.units = append(p.units, u)
		return err
	}, func(d *jx.Decoder, name string) (err error) {
		switch name {
		case "totalRecords":
			p.total, _, err = gusapi.Integer(d)
			if p.total < 0 || p.total > 1_000_000 {
				return &gusapi.Mismatch{What: fmt.Sprintf("niemożliwa liczba jednostek: %d", p.total)}
			}
		case "variableId":
			n, ok, err := gusapi.Integer(d)
			if ok && n != id {
				err = &gusapi.Mismatch{What: fmt.Sprintf("odpowiedź dotyczy zmiennej %d, a pytano o %d", n, id)}
			}
			return err
		case "lastUpdate":
			p.updated, err = gusapi.Text(d)
		default:
			err = d.Skip()
		}
		return err
	})
	p.total = max(p.total, int64(len(p.units)))
	return p, err
}

func readUnit(d *jx.Decoder) (u unit, err error) {
	err = d.Obj(func(d *jx.Decoder, name string) (err error) {
		switch {
		case name == "id":
			u.id, err = gusapi.Text(d)
			return err
		case name == "values" && d.Next() == jx.Array:
			return d.Arr(func(d *jx.Decoder) error {
				v, err := readValue(d)
				u.values = append(u.values, v)
				return err
			})
		}
		return d.Skip()
	})
	return u, err
}

func readValue(d *jx.Decoder) (v value, err error) {
	v.attr = noAttribute
	err = d.ObjBytes(func(d *jx.Decoder, name []byte) (err error) {
		switch string(name) {
		case "year":
			v.year, _, err = gusapi.Integer(d)
			return err
		case "val":
			v.val, v.has, err = gusapi.Number(d)
			return err
		case "attrId":
			attr, ok, err := gusapi.Integer(d)
			if ok {
				v.attr = attr
			}
			return err
		}
		return d.Skip()
	})
	if err == nil && (v.year < 1900 || v.year > 2200) {
		err = &gusapi.Mismatch{What: fmt.Sprintf("niemożliwy rok: %d", v.year)}
	}
	return v, err
}

// date is the day of a time as BDL writes it, "" where it is none.
func date(s string) string {
	day, _, _ := strings.Cut(s, "T")
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return ""
	}
	return day
}
