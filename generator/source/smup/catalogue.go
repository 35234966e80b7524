package smup

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/source/gusapi"
	"github.com/raportjst/raportjst/generator/stat"
)

// catalogue is what SMUP says of itself: its indicators and its dictionaries.
type catalogue struct {
	indicators map[int64]stat.Indicator
	years      []year // all there are, ascending
	units      map[int64]unit
	flags      flags
}

// year is one date of the dictionary, always the end of a year.
type year struct {
	period stat.Period
	date   int64 // id-daty: 20231231
	newest bool  // one of the two newest: what is not there today may be tomorrow
}

// catalogue loads the dictionaries and the catalogue.
func (s *Source) catalogue(ctx context.Context, r *stat.Register) (*catalogue, error) {
	c := &catalogue{indicators: map[int64]stat.Indicator{}}
	var err error
	if c.years, err = s.readDates(ctx); err != nil {
		return nil, err
	}
	if c.units, err = s.readUnits(ctx, r); err != nil {
		return nil, err
	}
	if c.flags, err = s.readFlags(ctx); err != nil {
		return nil, err
	}
	if err = s.readIndicators(ctx, c); err != nil {
		return nil, err
	}
	return c, nil
}

// list reads all records of a path, page after page while the envelope tells of more.
func (s *Source) list(ctx context.Context, path string, query url.Values, like gusapi.Request) ([]gusapi.Record, error) {
	var all []gusapi.Record
	for page := int64(1); ; page++ {
		r := like
		r.Path, r.Query = path, url.Values{"lang": {"pl"}}
		for k, v := range query {
			r.Query[k] = v
		}
		if r.Query.Has("page-size") {
			r.Query.Set("page", strconv.FormatInt(page, 10))
		}
		body, answer, err := s.client.Body(ctx, r)
		if err != nil || answer.None() {
			return all, err
		}
		rows, envelope, err := gusapi.Records(body)
		if err != nil {
			return nil, &fault.Fault{Where: "SMUP, " + path, What: "nieznana postać odpowiedzi", Hint: "dostawca mógł zmienić API; zgłoś błąd autorom programu", Err: errors.Join(gusapi.ErrRequest, err)}
		}
		all = append(all, rows...)
		if pages, _ := envelope.Integer("page-count"); page >= pages || len(rows) == 0 {
			return all, nil
		}
	}
}

var (
	lists = gusapi.Request{Life: dictionaries, LifeOfNone: dictionaries}
	paged = url.Values{"page-size": {"5000"}}
)

// readDates loads the years there are.
func (s *Source) readDates(ctx context.Context) ([]year, error) {
	dates := lists
	if s.refreshing {
		dates.Life, dates.LifeOfNone = gusapi.Fresh, gusapi.Fresh
	}
	rows, err := s.list(ctx, "data-dictionary", paged, dates)
	if err != nil {
		return nil, err
	}
	var years []year
	for _, r := range rows {
		date, ok := r.Integer("id-daty", "id")
		if y, hasYear := r.Integer("rok"); !ok && hasYear {
			date = y*10_000 + 1231
		}
		if date%10_000 != 1231 {
			s.warn.Add("SMUP, słownik dat", fmt.Sprintf("pominięto datę %q, która nie jest końcem roku", r.First("id-daty", "id", "rok")), 1)
			continue
		}
		years = append(years, year{period: stat.Period(date / 10_000), date: date})
	}
	if len(years) == 0 {
		return nil, &fault.Fault{Where: "SMUP, data-dictionary", What: "słownik dat jest pusty", Hint: "dostawca mógł zmienić API; zgłoś błąd autorom programu", Err: gusapi.ErrRequest}
	}
	slices.SortFunc(years, func(a, b year) int { return int(a.date - b.date) })
	years = slices.Compact(years)
	for i := max(0, len(years)-2); i < len(years); i++ {
		years[i].newest = true
	}
	return years, nil
}

// readIndicators loads the catalogue: areas, their services, the indicators of each, and the
// list of all indicators, which has their official names.
func (s *Source) readIndicators(ctx context.Context, c *catalogue) error {
	areas, err := s.list(ctx, "areas-list", nil, lists)
	if err != nil {
		return err
	}
	for _, a := range areas {
		services, err := s.list(ctx, "public-services", url.Values{"id": {a.First("id-ou", "id")}}, lists)
		if err != nil {
			return err
		}
		for _, u := range services {
			rows, err := s.list(ctx, "indicators-list", url.Values{"id": {u.First("id-up", "id")}}, lists)
			if err != nil {
				return err
			}
			for _, r := range rows {
				r["nazwa-obszaru"] = a.First("nazwa-obszaru", "nazwa")
				r["nazwa-uslugi"] = u.First("nazwa-uslugi", "nazwa")
				c.add(r)
			}
		}
	}
	rows, err := s.list(ctx, "indicator-list", paged, lists)
	if err != nil {
		return err
	}
	for _, r := range rows {
		c.add(r)
	}
	if len(c.indicators) == 0 {
		return &fault.Fault{Where: "SMUP, indicator-list", What: "katalog wskaźników jest pusty", Hint: "dostawca mógł zmienić API; zgłoś błąd autorom programu", Err: gusapi.ErrRequest}
	}
	for id, known := range known() {
		if i, ok := c.indicators[id]; ok {
			c.indicators[id] = known.dress(i)
		}
	}
	return nil
}

// add merges a record of one of the lists into the catalogue.
func (c *catalogue) add(r gusapi.Record) {
	id, ok := r.Integer("id", "id-wskaznika")
	if !ok {
		return
	}
	i := c.indicators[id]
	i.ID = indicatorID(id)
	fill := func(field *string, value string) {
		if value != "" {
			*field = value
		}
	}
	fill(&i.Name, r.First("nazwa-wskaznika", "nazwa"))
	fill(&i.Area, r.First("nazwa-obszaru"))
	fill(&i.Service, r.First("nazwa-uslugi"))
	fill(&i.Dimension, r.First("wymiar-opisu-uslugi", "wymiar"))
	// The name of this field is not known for sure.
	fill(&i.Unit, r.First("jednostka-miary", "nazwa-jednostki-miary", "jednostka", "miara"))
	if i.Unit == "%" {
		i.UnitClass = stat.UnitPercent
	}
	c.indicators[id] = i
}

func indicatorID(id int64) stat.IndicatorID {
	return stat.IndicatorID(prefix + strconv.FormatInt(id, 10))
}

// cardRequest asks for the flashcard of an indicator.
func cardRequest(id int64) gusapi.Request {
	return gusapi.Request{
		Path: "indicator-flashcard", Query: url.Values{"id": {strconv.FormatInt(id, 10)}, "lang": {"pl"}},
		Life: flashcards, LifeOfNone: flashcards,
	}
}

// readCard takes from a flashcard what it has of definition, formula and unit. The names of
// its fields are not known, so they are found by the words in them.
func readCard(body []byte, i *stat.Indicator) error {
	rows, _, err := gusapi.Records(body)
	if err != nil || len(rows) == 0 {
		return err
	}
	pick := func(field *string, words ...string) {
		for _, word := range words {
			var names []string
			for name := range rows[0] {
				if strings.Contains(strings.ToLower(name), word) && !strings.HasPrefix(name, "id") {
					names = append(names, name)
				}
			}
			if slices.Sort(names); *field == "" && len(names) > 0 {
				*field = rows[0][names[0]]
			}
		}
	}
	pick(&i.Definition, "definicja", "opis")
	pick(&i.Formula, "wzor", "formula", "algorytm", "sposob-obliczania", "metoda")
	pick(&i.Unit, "jednostka-miary", "jednostka")
	if i.Unit == "%" {
		i.UnitClass = stat.UnitPercent
	}
	return nil
}
