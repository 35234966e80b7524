package report

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/templates"
)

// TestTwoVintages has the population of gminas as it was told before that of the other
// tiers: the report names both days, beside each figure its own.
func TestTwoVintages(t *testing.T) {
	data := sampleData(t)
	load := data.Load
	data.Load = func(ctx context.Context, ids ...stat.IndicatorID) (*stat.Dataset, error) {
		set, err := load(ctx, ids...)
		if err != nil {
			return nil, err
		}
		return parted(set, "bdl:72305")
	}
	l, err := NewLibrary(templates.FS, data)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := l.Build(t.Context(), Request{Template: "gmina", Area: "981001", Period: 2025})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(doc.Annex.Indicators, func(i document.AnnexIndicator) bool { return i.ID == "bdl:72305" })
	if i < 0 || doc.Annex.Indicators[i].Extracted != "15.04.2026 (województwa, powiaty, miasta na prawach powiatu), 07.04.2022 (gminy)" {
		t.Errorf("%+v", doc.Annex.Indicators[i])
	}
	days := map[string]string{}
	for _, d := range doc.Annex.Data {
		switch {
		case d.Indicator == "bdl:72305":
			days[d.Area] = d.Extracted
		case d.Extracted != "":
			t.Errorf("%s has a day of its own", d.Indicator)
		}
	}
	if days["981001"] != "07.04.2022" || days["9810"] != "15.04.2026" {
		t.Errorf("%v", days)
	}
	if text := dump(doc); !strings.Contains(text, "GUS, BDL (gminy)") || !strings.Contains(text, "dane pobrano od 07.04.2022 do 15.04.2026") {
		t.Error("the sources do not name both days")
	}
}

// parted gives the gminas another vintage of an indicator, but not the cities with powiat
// rights.
func parted(set *stat.Dataset, id stat.IndicatorID) (*stat.Dataset, error) {
	first, last := set.Periods()
	b := stat.NewBuilder(set.Register(), first, last)
	b.Invent()
	for _, i := range set.Indicators() {
		p := set.Provenance(i.ID)
		if err := b.Indicator(i, p); err != nil {
			return nil, err
		}
		now, err := b.Column(i.ID)
		if err != nil {
			return nil, err
		}
		old := now
		if p.Extracted = "2022-04-07"; i.ID == id {
			if old, err = b.Part(i.ID, p); err != nil {
				return nil, err
			}
		}
		for k, a := range set.Register().Areas() {
			for y := first; y <= last; y++ {
				to, o := now, set.At(a.Code, i.ID, y)
				if a.Code.Level() == stat.LevelGmina && !a.Code.CityPowiat() {
					to = old
				}
				if o.Status == stat.Missing && o.Sign == "" {
					continue
				}
				if err := to.Set(k, y, o); err != nil {
					return nil, err
				}
			}
		}
	}
	return b.Dataset(), nil
}
