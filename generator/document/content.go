package document

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"math"
	"reflect"
	"strings"

	"github.com/raportjst/raportjst/generator/geo"
)

// Content is a digest (SHA-256, hex) of what a document says: its figures, texts and
// pictures. Two editions that say the same have the same one, whatever program, data set and
// template they were made with and when: it leaves out the annex, the sources, the sections
// that are About the edition, and the texts that Meta names as such. White space that cannot
// be seen does not count.
func Content(d *Document) string { return contentOf(d, d.Meta, d.Cover, d.Body) }

// contentOf is the digest of some parts of a document.
func contentOf(d *Document, parts ...any) string {
	w := content{sum: sha256.New(), edition: strings.NewReplacer()}
	var pairs []string
	for _, s := range d.Meta.Edition {
		if s = plainSpaces.Replace(s); s != "" {
			pairs = append(pairs, s, "\x00")
		}
	}
	w.edition = strings.NewReplacer(pairs...)
	for _, p := range parts {
		w.value(reflect.ValueOf(p))
	}
	return hex.EncodeToString(w.sum.Sum(nil))
}

// plainSpaces makes the spaces alike that differ only in where a line may break.
var plainSpaces = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2060", "")

// unsaid are the fields that are no part of what a document says.
var unsaid = map[reflect.Type][]string{
	reflect.TypeFor[Meta]():   {"Date", "Generator", "Edition", "Authored"},
	reflect.TypeFor[Table]():  {"Source"},
	reflect.TypeFor[Figure](): {"Source"},

	// Where figures come from is no part of what is said of them.
	reflect.TypeFor[Paragraph](): {"Basis"},
	reflect.TypeFor[KeyFigure](): {"Basis"},
	reflect.TypeFor[Finding]():   {"Basis"},
	reflect.TypeFor[SideFact]():  {"Basis"},
	reflect.TypeFor[Strip]():     {"Refs"},
	reflect.TypeFor[Spark]():     {"Refs"},
}

// content adds values to a digest. It knows no block by name, so that a new one counts.
type content struct {
	sum     hash.Hash
	edition *strings.Replacer
}

func (w content) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		w.structure(v)
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			w.text("nil")
			return
		}
		if _, ok := v.Interface().(*geo.Topology); ok { // outlines: the areas that are shown are named
			return
		}
		w.value(v.Elem())
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			w.text(string(v.Bytes()))
			return
		}
		w.text(fmt.Sprint(v.Len()))
		for i := range v.Len() {
			w.value(v.Index(i))
		}
	case reflect.String:
		w.text(w.edition.Replace(plainSpaces.Replace(v.String())))
	case reflect.Float64, reflect.Float32:
		f := v.Float()
		if f == 0 {
			f = 0 // −0 says the same
		}
		w.text(fmt.Sprintf("%x", math.Float64bits(f)))
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		w.text(fmt.Sprint(v.Interface()))
	default:
		panic("document: no content of " + v.Type().String())
	}
}

func (w content) structure(v reflect.Value) {
	switch b := v.Interface().(type) {
	case Section:
		if b.About {
			return
		}
	case Paragraph:
		if b.Role == Source {
			return
		}
	case Number:
		if b.Present { // as printed: digits that nobody sees do not count
			w.text(b.Text + b.Mark + b.Unit)
		} else {
			w.text(b.Sign + b.Text)
		}
		return
	case Point:
		if b.Text != "" {
			w.text(fmt.Sprint(b.Period, b.Present, b.Text))
			return
		}
	}
	w.text(v.Type().Name())
	skip := unsaid[v.Type()]
fields:
	for i := range v.NumField() {
		for _, s := range skip {
			if v.Type().Field(i).Name == s {
				continue fields
			}
		}
		w.value(v.Field(i))
	}
}

// text adds a text under its length, so that no two lists of texts look the same.
func (w content) text(s string) { fmt.Fprintf(w.sum, "%d:%s", len(s), s) }
