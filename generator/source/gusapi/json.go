package gusapi

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/go-faster/jx"
)

// Rows reads the records of a body: a bare array, or an object that has them (an array, one
// record or null) under "data" (SMUP) or "results" (BDL), or, where there is neither, the
// object itself as one record.
// Every other field of the envelope goes to field, which must read or skip its value; nil
// skips it. Nothing may follow.
//
// The functions get the decoder before the value.
func Rows(body []byte, row func(*jx.Decoder) error, field func(d *jx.Decoder, name string) error) error {
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	d := jx.GetDecoder()
	defer jx.PutDecoder(d)
	d.ResetBytes(body)
	switch d.Next() {
	case jx.Array:
		if err := d.Arr(row); err != nil {
			return err
		}
	case jx.Object:
		found := false
		err := d.Obj(func(d *jx.Decoder, name string) error {
			if name == "data" || name == "results" {
				switch d.Next() {
				case jx.Array:
					found = true
					return d.Arr(row)
				case jx.Object:
					found = true
					return row(d)
				case jx.Null:
					found = true
				}
			} else if field != nil {
				return field(d, name)
			}
			return d.Skip()
		})
		if err != nil {
			return err
		}
		if err := end(d); err != nil {
			return err
		}
		if !found {
			d.ResetBytes(body)
			return row(d)
		}
		return nil
	default:
		// Validate tells a cut or broken body from one that is only not ours.
		if err := d.Validate(); err != nil {
			return err
		}
		return &Mismatch{What: "odpowiedź nie zawiera danych"}
	}
	return end(d)
}

// end fails when anything but space follows.
func end(d *jx.Decoder) error {
	if d.Next() == jx.Invalid && errors.Is(d.Skip(), io.EOF) {
		return nil
	}
	return errors.New("read answer: something follows the end of the data")
}

// Integer reads a whole number that may be written as a text or with a fraction of zero; ok
// is false for null and for an empty text.
func Integer(d *jx.Decoder) (n int64, ok bool, err error) {
	f, ok, err := Number(d)
	if f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return 0, false, &Mismatch{What: fmt.Sprintf("%v nie jest liczbą całkowitą", f)}
	}
	return int64(f), ok, err
}

// Number reads a number that may be written as a text, with a decimal point or comma; ok is
// false for null and for an empty text.
func Number(d *jx.Decoder) (v float64, ok bool, err error) {
	if d.Next() == jx.Number {
		v, err = d.Float64()
		return v, err == nil, err
	}
	s, err := Text(d)
	if s == "" || err != nil {
		return 0, false, err
	}
	v, err = strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, false, &Mismatch{What: fmt.Sprintf("„%.40s” nie jest liczbą", s)}
	}
	return v, true, nil
}

// Text reads a text, trimmed; a number or a boolean as it is written, null as "". Of an
// array or object it makes nothing.
func Text(d *jx.Decoder) (string, error) {
	switch d.Next() {
	case jx.String:
		s, err := d.Str()
		return strings.TrimSpace(s), err
	case jx.Number, jx.Bool:
		raw, err := d.Raw()
		return string(raw), err
	}
	return "", d.Skip()
}

// refusal is what an error body says, "" for any other body: {"errorResult": …,
// "errorReason": …} or {"errors": [{…}]} (BDL, LimitResponseMessage and
// ErrorResponseMessage). They come with error statuses and, over quota, with 200 too.
func refusal(body []byte) string {
	if !bytes.Contains(body, []byte("error")) {
		return ""
	}
	var said []string
	words := func(d *jx.Decoder, name string) error {
		switch name {
		case "errorResult", "errorReason":
			s, err := Text(d)
			if s != "" && s != "null" {
				said = append(said, s)
			}
			return err
		}
		return d.Skip()
	}
	d := jx.DecodeBytes(bytes.TrimPrefix(body, []byte("\ufeff")))
	if d.Next() != jx.Object {
		return ""
	}
	err := d.Obj(func(d *jx.Decoder, name string) error {
		if name == "errors" && d.Next() == jx.Array {
			return d.Arr(func(d *jx.Decoder) error {
				if d.Next() != jx.Object {
					return d.Skip()
				}
				return d.Obj(words)
			})
		}
		return words(d, name)
	})
	if err != nil || len(said) == 0 {
		return ""
	}
	text := strings.Join(strings.Fields(strings.Join(said, ": ")), " ")
	if r := []rune(text); len(r) > 200 {
		text = string(r[:200]) + "…"
	}
	return text
}
