package document

import (
	"iter"
	"reflect"
	"strings"

	"github.com/raportjst/raportjst/generator/geo"
)

// Texts yields all that a document says on its pages and in the descriptions of its
// pictures, each with its place: the titles of the sections around it, "okładka" for the
// cover. The annex is left out.
func (d *Document) Texts() iter.Seq2[string, string] {
	return func(yield func(place, text string) bool) {
		meta := d.Meta
		meta.Authored = nil // it stands in the body as it is set
		if !said(reflect.ValueOf(meta), "okładka", yield) || !said(reflect.ValueOf(d.Cover), "okładka", yield) {
			return
		}
		var titles []string
		for depth, b := range All(d.Body) {
			titles = titles[:min(depth, len(titles))]
			if s, ok := b.(Section); ok {
				titles = append(titles, s.Title)
			}
			if !said(reflect.ValueOf(b), strings.Join(titles, " / "), yield) {
				return
			}
		}
	}
}

var (
	ofBlocks   = reflect.TypeFor[[]Block]()
	ofTopology = reflect.TypeFor[*geo.Topology]()
	ofRefs     = reflect.TypeFor[[]Ref]() // codes, by the ten thousand
)

// said yields the texts of a value: reflection, so that no kind of block is forgotten. The
// blocks inside have their own turn.
func said(v reflect.Value, place string, yield func(string, string) bool) bool {
	switch v.Kind() {
	case reflect.String:
		return v.String() == "" || yield(place, v.String())
	case reflect.Pointer, reflect.Interface:
		return v.IsNil() || v.Type() == ofTopology || said(v.Elem(), place, yield)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && !said(v.Field(i), place, yield) {
				return false
			}
		}
	case reflect.Slice:
		if v.Type() == ofBlocks || v.Type() == ofRefs || v.Type().Elem().Kind() == reflect.Uint8 || v.Type().Elem().Kind() == reflect.Float64 {
			return true
		}
		for i := range v.Len() {
			if !said(v.Index(i), place, yield) {
				return false
			}
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			if !said(k, place, yield) || !said(v.MapIndex(k), place, yield) {
				return false
			}
		}
	default:
	}
	return true
}
