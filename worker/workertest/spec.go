package workertest

import (
	"reflect"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/worker"
)

// WholeSpec is a Spec in which every field asks for something.
func WholeSpec(t *testing.T) worker.Spec {
	t.Helper()
	s := worker.Spec{
		Period: 2025, Template: "porownanie", Peers: []string{"981002", "981003"}, Sections: []string{"metoda"}, Only: "tabele", Formats: []string{"pdf", "docx"}, Attach: true, Charts: "png",
		Reference: strings.Repeat("0a", 32),
	}
	v := reflect.ValueOf(s)
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			t.Fatalf("%s of a whole Spec is empty: fill it in workertest", v.Type().Field(i).Name)
		}
	}
	return s
}

// SpecNames are the names of the fields of a Spec in its JSON form, which flags and forms
// have, too.
func SpecNames(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, f := range reflect.VisibleFields(reflect.TypeFor[worker.Spec]()) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		out = append(out, name)
	}
	return out
}
