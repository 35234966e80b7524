package documenttest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
)

func TestDocumentsPassCheck(t *testing.T) {
	for name, d := range map[string]*document.Document{"Report": Report(), "AllBlocks": AllBlocks()} {
		if err := document.Check(d); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	rnd := rand.New(rand.NewPCG(7, 7))
	for i := range 200 {
		if err := document.Check(Random(rnd.IntN)); err != nil {
			t.Fatalf("random document %d: %v", i, err)
		}
	}
}

// TestAllBlocksIsComplete walks the document by reflection and finds the kinds in the
// source of the model, so that one added there and forgotten here fails.
func TestAllBlocksIsComplete(t *testing.T) {
	seen, marks := map[string]bool{}, map[document.Mark]bool{}
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Interface, reflect.Pointer:
			if !v.IsNil() {
				walk(v.Elem())
			}
		case reflect.Slice, reflect.Array:
			for i := range v.Len() {
				walk(v.Index(i))
			}
		case reflect.Struct:
			if v.Type() == reflect.TypeOf(*Topology) {
				return
			}
			seen[v.Type().Name()] = true
			if c, ok := v.Interface().(document.Chart); ok {
				marks[c.Mark] = true
			}
			for i := range v.NumField() {
				walk(v.Field(i))
			}
		default:
		}
	}
	walk(reflect.ValueOf(AllBlocks()))
	files, err := filepath.Glob("../*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no source of the model", err)
	}
	kinds := 0
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range f.Decls {
			m, ok := decl.(*ast.FuncDecl)
			if !ok || m.Recv == nil || m.Name.Name != "block" && m.Name.Name != "inline" && m.Name.Name != "graphic" {
				continue
			}
			recv, ok := m.Recv.List[0].Type.(*ast.Ident)
			if !ok {
				continue
			}
			kinds++
			if !seen[recv.Name] {
				t.Errorf("AllBlocks has no %s", recv.Name)
			}
		}
	}
	if kinds < 22 {
		t.Errorf("only %d kinds found in the model", kinds)
	}
	for m := document.Line; m <= document.Dot; m++ {
		if !marks[m] {
			t.Errorf("AllBlocks has no chart of mark %d", m)
		}
	}
}
