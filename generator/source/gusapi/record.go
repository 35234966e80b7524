package gusapi

import (
	"strconv"
	"strings"

	"github.com/go-faster/jx"
)

// Record is one record of a short list (a dictionary, a catalogue, a card) with all values
// as texts. Fields of nested objects are raised to it, lists of texts are joined with "; ".
type Record map[string]string

// First is the first of the fields that says something.
func (r Record) First(fields ...string) string {
	for _, f := range fields {
		if r[f] != "" {
			return r[f]
		}
	}
	return ""
}

// Integer is the first of the fields as a whole number; ok is false where it is none.
func (r Record) Integer(fields ...string) (n int64, ok bool) {
	n, err := strconv.ParseInt(r.First(fields...), 10, 64)
	return n, err == nil
}

// Records reads a short list and the plain fields of its envelope; see Rows.
func Records(body []byte) (rows []Record, envelope Record, err error) {
	envelope = Record{}
	err = Rows(body, func(d *jx.Decoder) error {
		r := Record{}
		rows = append(rows, r)
		return r.read(d, "")
	}, func(d *jx.Decoder, name string) error {
		s, err := Text(d)
		if s != "" {
			envelope[name] = s
		}
		return err
	})
	return rows, envelope, err
}

// read puts the value under name into the record. A field of the record itself stands
// before one of the same name that is nested.
func (r Record) read(d *jx.Decoder, name string) error {
	switch d.Next() {
	case jx.Object:
		nested := Record{}
		err := d.Obj(func(d *jx.Decoder, key string) error {
			if t := d.Next(); t == jx.Object || t == jx.Array {
				return nested.read(d, key)
			}
			return r.read(d, key)
		})
		for key, value := range nested {
			if r[key] == "" {
				r[key] = value
			}
		}
		return err
	case jx.Array:
		var texts []string
		err := d.Arr(func(d *jx.Decoder) error {
			if t := d.Next(); t == jx.Object || t == jx.Array {
				return r.read(d, name)
			}
			s, err := Text(d)
			texts = append(texts, s)
			return err
		})
		if joined := strings.Join(texts, "; "); joined != "" && r[name] == "" {
			r[name] = joined
		}
		return err
	}
	s, err := Text(d)
	if s != "" {
		r[name] = s
	}
	return err
}
