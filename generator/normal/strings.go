package normal

import "reflect"

// Strings makes every text that a pointer leads to one plain line, through structs, slices
// and maps. A field with the tag `normal:"-"`, such as the name of a file, stays as it is.
func Strings(v any) { lines(reflect.ValueOf(v)) }

func lines(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			lines(v.Elem())
		}
	case reflect.String:
		if v.CanSet() {
			v.SetString(Line(v.String()))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Tag.Get("normal") != "-" {
				lines(v.Field(i))
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			lines(v.Index(i))
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			value := reflect.New(v.Type().Elem()).Elem()
			value.Set(v.MapIndex(k))
			lines(value)
			v.SetMapIndex(k, value)
		}
	default:
	}
}
