package generator

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
)

// TestFormats holds the table to what its readers take for granted.
func TestFormats(t *testing.T) {
	ids, types := map[string]bool{}, map[string]bool{}
	for i, f := range Formats {
		if f.ID == "" || f.ID != strings.ToLower(f.ID) || f.MediaType == "" || f.Name == "" || f.Label == "" || ids[f.ID] || types[f.MediaType] {
			t.Errorf("%+v", f)
		}
		ids[f.ID], types[f.MediaType] = true, true
		a := f.Artifact("raport-981001-2025", []byte("x"))
		if got, ok := FileFormat(a.MediaType); !ok || got != f || FileOrder(a.MediaType) != i || FileName(a.Name, a.MediaType) != f.Name || !strings.HasSuffix(a.Name, "."+f.ID) {
			t.Errorf("%s is taken for %+v", a.Name, got)
		}
	}
	if letters := FormatIDs(func(f Format) bool { return f.Letter }); !slices.Equal(letters, []string{"pdf"}) {
		t.Errorf("sent are %q", letters)
	}
	if FileName("wykresy.zip", "application/zip") != "ZIP" || FileOrder("application/zip") != len(Formats) {
		t.Error("a file that is no format is not last")
	}
}

// TestClean expects one Spec for one choice, however it is written, and Check to tell what
// cannot be made.
func TestClean(t *testing.T) {
	clean := func(ids ...string) []string { return Spec{Formats: ids}.Clean().Formats }
	if got := clean(" XLSX", "pdf", "", "pdf", "xlsx"); !slices.Equal(got, clean("pdf", "xlsx")) {
		t.Errorf("%q", got)
	}
	if got := clean(UsualFormats()...); got != nil {
		t.Errorf("the usual formats are %q", got)
	}
	if got := clean("xlsx"); !slices.Equal(got, []string{"xlsx"}) {
		t.Errorf("%q", got)
	}
	if (Spec{}).Check() != nil || !(Spec{}).Sends() || (Spec{Formats: []string{"xlsx"}}).Sends() {
		t.Error("the usual Spec cannot be made, or sends nothing")
	}
	for what, s := range map[string]Spec{
		"nieznany format „odt”":    Spec{Formats: []string{"pdf", "odt"}}.Clean(),
		"rodzaj plików „gif”":      {Charts: "gif"},
		"nie ma ani pdf":           {Formats: []string{"xlsx"}, Attach: true},
		"wśród formatów nie ma d":  {Reference: strings.Repeat("0a", 32)},
		"nie jest identyfikatorem": {Formats: []string{"docx"}, Reference: "../../etc"},
	} {
		if err := s.Check(); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%+v: %v", s, err)
		}
	}
}

type named string

func (named) Write(context.Context, *document.Document, string, []Artifact) (Artifact, error) {
	return Artifact{}, nil
}

// TestWriters looks at which files are made, in which order: what is attached before the PDF.
func TestWriters(t *testing.T) {
	g := Generator{Writers: map[string]Writer{}, Enclosures: []Writer{named("csv")}, Pictures: map[string]Writer{"svg": named("svg")}}
	for _, f := range Formats {
		g.Writers[f.ID] = named(f.ID)
	}
	for _, tt := range []struct {
		spec Spec
		want []Writer
	}{
		{Spec{Formats: []string{"pdf", "xlsx"}}, []Writer{named("xlsx"), named("pdf")}},
		{Spec{Formats: []string{"pdf"}, Charts: "svg"}, []Writer{named("pdf"), named("svg")}},
		{Spec{Formats: []string{"pdf"}, Attach: true}, []Writer{named("xlsx"), named("csv"), named("pdf")}},
	} {
		if got, err := g.writers(t.Context(), tt.spec); err != nil || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%+v: %v, %v", tt.spec, got, err)
		}
	}
	s := Spec{Formats: []string{"pdf", "docx"}, Reference: "id"}
	if _, err := g.writers(t.Context(), s); err == nil {
		t.Error("a reference that cannot be had is left out")
	}
	g.Referred = func(_ context.Context, id string) (Writer, error) { return named("docx like " + id), nil }
	if got, err := g.writers(t.Context(), s); err != nil || !reflect.DeepEqual(got, []Writer{named("pdf"), named("docx like id")}) {
		t.Errorf("with a reference: %v, %v", got, err)
	}
}
