package report

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"

	"github.com/raportjst/raportjst/generator/locale"
)

// SchemaName is the file beside the templates that editors read for completion.
const SchemaName = "reports/szablon.schema.json"

// Schema is the JSON Schema (draft 2020-12) of report.toml, made from the types that the
// file is read into: the same keys, the same closed sets of values, the Polish
// explanations.
func Schema() []byte {
	root := object(reflect.TypeFor[Template]())
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "Szablon raportu Raport JST"
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(root); err != nil {
		panic(err) // maps of strings always encode
	}
	return b.Bytes()
}

func object(t reflect.Type) map[string]any {
	properties := map[string]any{}
	var required []string
	for i := range t.NumField() {
		f := t.Field(i)
		key := f.Tag.Get("toml")
		if key == "" || !f.IsExported() {
			continue
		}
		p := property(f.Type, f.Tag.Get("enum"))
		if doc := f.Tag.Get("doc"); doc != "" {
			p["description"] = locale.Upper(doc) + "."
		}
		properties[key] = p
		if f.Tag.Get("required") != "" {
			required = append(required, key)
		}
	}
	out := map[string]any{"type": "object", "additionalProperties": false, "properties": properties}
	if required != nil {
		out["required"] = required
	}
	return out
}

func property(t reflect.Type, enum string) map[string]any {
	switch t.Kind() {
	case reflect.Struct:
		return object(t)
	case reflect.Slice:
		return map[string]any{"type": "array", "items": property(t.Elem(), enum)}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": property(t.Elem(), "")}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int:
		return map[string]any{"type": "integer", "minimum": 0}
	case reflect.Float64:
		return map[string]any{"type": "number"}
	}
	out := map[string]any{"type": "string"}
	if enum != "" {
		out["enum"] = slices.Concat([]string{""}, enums[enum])
	}
	return out
}
