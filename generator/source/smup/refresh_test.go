package smup

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/gusapi"
	"github.com/raportjst/raportjst/generator/source/gusapi/gustest"
	"github.com/raportjst/raportjst/generator/stat"
)

// TestRefresh: a refresh asks for the newest year of each indicator, for the others only where
// that has changed, and for all years of some indicators each month in turn.
func TestRefresh(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		server := gustest.New(gustest.Options{Indicators: 14})
		b := &bench{Server: server, register: server.Model().Register(), options: gusapi.Options{
			Name: "SMUP", Base: "https://api.smup.gov.pl/smup", Archive: filepath.Join(dir, "archive"), Ledger: filepath.Join(dir, "ledger"),
			Transport: gustest.Transport(server),
		}}
		ids := []stat.IndicatorID{"smup:4074", "smup:4052"} // their twins come along: 4424, 4402
		load := func(refresh bool) (*gustest.Collection, map[string]int) {
			before := server.Count().Asked
			c := gustest.NewCollection()
			s := b.source(t)
			if refresh {
				s.Refresh()
			}
			q := source.Query{Indicators: ids, Register: b.register, Warn: c.Warn}
			plan, err := s.Plan(t.Context(), q)
			if err != nil || len(server.Count().Asked) > 0 && len(plan.Ages) != 4 {
				t.Errorf("plan %+v, %v", plan, err)
			}
			if err := s.Load(t.Context(), q, c); err != nil {
				t.Fatal(err)
			}
			asked := map[string]int{} // of data, by indicator
			for url, n := range server.Count().Asked {
				if n > before[url] && strings.Contains(url, "indicator-date-data") {
					_, id, _ := strings.Cut(url, "&id=")
					if id == "" {
						_, id, _ = strings.Cut(url, "?id=")
					}
					id, _, _ = strings.Cut(id, "&")
					asked[id] += n - before[url]
				}
			}
			return c, asked
		}
		load(false)
		// The month of no indicator: 4074, 4424, 4052 and 4402 leave 6, 8, 8 and 10 of 12.
		for time.Now().Month() != time.March {
			time.Sleep(24 * time.Hour)
		}
		if _, asked := load(true); len(asked) != 4 || asked["4074"] != 1 || asked["4402"] != 1 {
			t.Errorf("nothing has changed: asked %v", asked)
		}
		server.ReviseOne(4074)
		time.Sleep(24 * time.Hour)
		c, asked := load(true)
		if asked["4074"] != 5 || asked["4052"] != 1 {
			t.Errorf("one has changed: asked %v", asked)
		}
		c.Compare(t, b.truth("smup:4074", "smup:4424", "smup:4052", "smup:4402"))
		// Answers of months ago and of today are of one vintage, for the newest year was the same.
		if _, asked := load(false); len(asked) != 0 {
			t.Errorf("after the refresh: asked %v", asked)
		}
		for time.Now().Month() != time.June { // 4074 leaves 6
			time.Sleep(24 * time.Hour)
		}
		if _, asked := load(true); asked["4074"] != 5 || asked["4052"] != 1 {
			t.Errorf("in its month: asked %v", asked)
		}
	})
}
