package bdl

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/gusapi"
	"github.com/raportjst/raportjst/generator/source/gusapi/gustest"
	"github.com/raportjst/raportjst/generator/stat"
)

// listed is the list of attributes that the server gives, changed.
func listed(change func(gustest.Attribute) *gustest.Attribute) []gusapi.Record {
	var rows []gusapi.Record
	for _, a := range gustest.Attributes {
		if b := change(a); b != nil {
			rows = append(rows, gusapi.Record{"id": strconv.Itoa(b.ID), "name": b.Name, "symbol": b.Symbol, "description": b.Description})
		}
	}
	return rows
}

func same(a gustest.Attribute) *gustest.Attribute { return &a }

// TestZeroOfAttributes: which attribute numbers leave a zero a zero, in the list as it is.
// Symbols play no part, for those of 1 and 15 are both blank.
func TestZeroOfAttributes(t *testing.T) {
	certain := map[int64]bool{noAttribute: true, 1: true, 3: true, 7: true, 9: true, 11: true, 13: true, 17: true, 20: true, 21: true, 94: true, 97: true, 98: true}
	all, differs := compare(listed(same))
	if len(differs) != 0 {
		t.Errorf("the recorded list differs from itself: %q", differs)
	}
	blank, _ := compare(listed(func(a gustest.Attribute) *gustest.Attribute { a.Symbol = ""; return &a }))
	mixed, _ := compare(listed(func(a gustest.Attribute) *gustest.Attribute { a.Symbol = "z"; return &a }))
	for _, s := range []signs{all, blank, mixed} {
		for id := int64(noAttribute); id < 120; id++ {
			for _, has := range []bool{true, false} {
				o, _ := s.observe(value{year: 2024, has: has, attr: id})
				v, there := o.Value()
				want := certain[id] && (has || id == 7 || id == 17 || id == 94 || id == 98)
				if there != want || v != 0 {
					t.Errorf("attribute %d, a value %v: %+v", id, has, o)
				}
			}
		}
	}
	if o, doubt := all.observe(value{year: 2024, val: 5, has: true, attr: 0}); o.Status != stat.Missing || o.Sign != source.OpenSign || !strings.Contains(doubt, "atrybut 0") {
		t.Errorf("attribute 0 is not kept apart: %+v, %s", o, doubt)
	}
	if o, doubt := all.observe(value{year: 2024, val: 5, has: true, attr: 15}); o.Status != stat.Missing || doubt != "" {
		t.Errorf("attribute 15 has a value: %+v, %s", o, doubt)
	}
}

// TestListDiffers: where the list of the API is not the recorded one, a warning says so and
// no zero is believed.
func TestListDiffers(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(gustest.Attribute) *gustest.Attribute
		told   string
		id     int64
		val    float64
		want   string
	}{
		{"a number is gone", func(a gustest.Attribute) *gustest.Attribute {
			if a.ID == 15 {
				return nil
			}
			return &a
		}, "brak atrybutu 15 na liście", 15, 0, "none -"},
		{"a value now means nothing", func(a gustest.Attribute) *gustest.Attribute {
			if a.ID == 9 {
				a.Name, a.Description = "-", "Brak informacji"
			}
			return &a
		}, "atrybut 9 („-”, Brak informacji) ma inny opis", 9, 5, "none -"},
		{"no information is now a value", func(a gustest.Attribute) *gustest.Attribute {
			if a.ID == 4 {
				a.Name, a.Description = "wartość", ""
			}
			return &a
		}, "atrybut 4 („wartość”, ) ma inny opis", 4, 5, "none x"},
		{"other words", func(a gustest.Attribute) *gustest.Attribute {
			if a.ID == 1 {
				a.Description = "Wartość oszacowana inaczej"
			}
			return &a
		}, "atrybut 1", 1, 0, "none attrId 1"},
		{"other words leave values", func(a gustest.Attribute) *gustest.Attribute {
			if a.ID == 1 {
				a.Description = "Wartość oszacowana inaczej"
			}
			return &a
		}, "atrybut 1", 1, 5, "5 "},
		{"new, and clear", func(a gustest.Attribute) *gustest.Attribute {
			if a.ID == 20 {
				a.ID = 60
			}
			return &a
		}, "nowy atrybut 60", 60, 5, "5 v"},
		{"new, and not clear", func(a gustest.Attribute) *gustest.Attribute {
			if a.ID == 0 {
				a.ID = 61
			}
			return &a
		}, "nowy atrybut 61", 61, 0, "none attrId 61"},
	} {
		s, differs := compare(listed(c.change))
		if !strings.Contains(strings.Join(differs, "\n"), c.told) {
			t.Errorf("%s: told %q", c.name, differs)
		}
		o, _ := s.observe(value{year: 2024, val: c.val, has: true, attr: c.id})
		have := "none " + o.Sign
		if v, ok := o.Value(); ok {
			have = fmt.Sprint(v, " ", o.Sign)
		}
		if have != c.want {
			t.Errorf("%s: %s, want %s", c.name, have, c.want)
		}
	}
}

// TestOtherCodes: the rows of the code that a gmina had before it became a town are empties
// whatever attribute they come with; they never contradict the figures under its code of
// today, and no year is lost.
func TestOtherCodes(t *testing.T) {
	for _, empty := range []string{`"val":0,"attrId":15`, `"val":0,"attrId":0`, `"val":0,"attrId":1`, `"val":0,"attrId":4`, `"val":null,"attrId":1`, `"val":0,"attrId":50`, `"val":0,"attrId":99`} {
		b := newBench(t, gustest.Options{}) // its first gmina-and-town was a village in the first years
		b.through(func(_ *http.Request, body []byte) []byte {
			return bytes.ReplaceAll(body, []byte(`"val":0,"attrId":15`), []byte(empty))
		})
		c, err := b.load(t, source.Query{Indicators: []stat.IndicatorID{id(72305)}})
		if err != nil {
			t.Fatal(err)
		}
		if c.Warned("sprzeczne") {
			t.Errorf("%s: %q", empty, c.Warnings)
		}
		for key, want := range b.truth(72305) {
			if have, ok := c.Cells[key]; want.Status == stat.Present && want.Sign == "" && (!ok || have != want) {
				t.Fatalf("%s: %s in %d is %+v, want %+v", empty, key.Area, key.Period, have, want)
			}
		}
	}
}
