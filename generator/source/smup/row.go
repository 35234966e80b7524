package smup

import (
	"fmt"

	"github.com/go-faster/jx"

	"github.com/raportjst/raportjst/generator/source/gusapi"
)

// row is a row of indicator-date-data:
// {"id":4074,"id-daty":20231231,"id-teryt":1324,"id-flaga":1,"wartosc":1160.06,"precyzja":2}.
type row struct {
	unit     int64
	flag     int64
	value    float64
	has      bool // there is a value
	decimals int8 // precyzja; -1 where there is none
	rank     rank // set when placed
}

const noFlag = -1

// readRows appends the rows of a page to rows and tells how many pages there are. A row of
// another indicator or date than asked for, or of no unit, is a *gusapi.Mismatch.
func readRows(body []byte, indicator, date int64, rows []row) (_ []row, pages int64, err error) {
	var r row
	field := func(d *jx.Decoder, name []byte) error {
		switch string(name) {
		case "id":
			return same(d, indicator, "wskaźnika")
		case "id-daty":
			return same(d, date, "daty")
		case "id-teryt":
			unit, ok, err := gusapi.Integer(d)
			if ok {
				r.unit = unit
			}
			return err
		case "id-flaga":
			flag, ok, err := gusapi.Integer(d)
			if ok {
				r.flag = flag
			}
			return err
		case "wartosc":
			var err error
			r.value, r.has, err = gusapi.Number(d)
			return err
		case "precyzja":
			n, ok, err := gusapi.Integer(d)
			if ok && n >= 0 && n <= 10 {
				r.decimals = int8(n)
			}
			return err
		}
		return d.Skip()
	}
	err = gusapi.Rows(body, func(d *jx.Decoder) error {
		r = row{unit: -1, flag: noFlag, decimals: -1}
		if err := d.ObjBytes(field); err != nil {
			return err
		}
		if r.unit < 0 {
			return &gusapi.Mismatch{What: "wiersz danych bez identyfikatora jednostki (id-teryt)"}
		}
		rows = append(rows, r)
		return nil
	}, func(d *jx.Decoder, name string) error {
		if name != "page-count" {
			return d.Skip()
		}
		var err error
		pages, _, err = gusapi.Integer(d)
		return err
	})
	return rows, pages, err
}

func same(d *jx.Decoder, want int64, what string) error {
	n, ok, err := gusapi.Integer(d)
	if ok && n != want {
		return &gusapi.Mismatch{What: fmt.Sprintf("odpowiedź dotyczy %s %d, a pytano o %d", what, n, want)}
	}
	return err
}
