package report

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/raportjst/raportjst/templates"
)

// A template is resolved while another report reads the series of the same indicators: what
// decides which of them it shows is nothing that reading changes. It says so under -race.
func TestTemplatesAreResolvedWhileSeriesAreRead(t *testing.T) {
	data := sampleData(t)
	data.Indicators = slices.Clone(data.Indicators)
	for i := range data.Indicators {
		data.Indicators[i].Label = "" // as of a user's own table: its unit tells what it is
	}
	l, err := NewLibrary(templates.FS, data)
	if err != nil {
		t.Fatal(err)
	}
	l = l.edition(2025)
	var both sync.WaitGroup
	both.Go(func() {
		if err := l.load(context.Background(), l.catalogue); err != nil {
			t.Error(err)
		}
	})
	both.Go(func() {
		for _, r := range requests() {
			area, err := l.area(r.Area)
			if err != nil {
				t.Error(err)
				return
			}
			def, subject, err := l.template(r.Template, area)
			if err == nil {
				_, err = l.frame(def, subject, len(area.Code) < 6)
			}
			if err != nil {
				t.Error(err)
			}
		}
	})
	both.Wait()
}
