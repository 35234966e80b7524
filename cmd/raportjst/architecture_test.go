package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// imports is the house: what each package of ours may import of ours. A package missing
// from it fails the test, and so does a row whose package is gone.
var imports = map[string]string{
	"fonts":                           "",
	"templates":                       "",
	"samples":                         "",
	"generator/stat":                  "",
	"generator/geo":                   "", // pure geometry: shared by document, choropleth, snapshot, prg
	"generator/fault":                 "", // errors for users: any package may import it
	"generator/locale":                "",
	"generator/peer":                  "generator/stat",
	"generator/document":              "generator/geo",
	"generator/document/documenttest": "generator/document generator/geo generator/locale",
	"generator/typeset":               "fonts",
	"generator/graphic":               "generator/typeset",
	"generator/graphic/png":           "generator/graphic generator/typeset", // a writer of pictures: its rasteriser stays out of graphic
	"generator/graphic/svg":           "generator/graphic generator/typeset",
	"generator/report":                "generator/stat generator/peer generator/document generator/locale generator/geo",
	"generator/chart":                 "generator/document generator/graphic generator/typeset generator/locale",
	"generator/choropleth":            "generator/document generator/graphic generator/typeset generator/locale generator/geo",
	"generator/layout":                "generator/document generator/chart generator/choropleth generator/graphic generator/typeset",
	"generator/pdf":                   "generator generator/document generator/layout generator/graphic generator/typeset",
	"generator/xlsx":                  "generator generator/document",
	"generator/source":                "generator/stat",
	"generator/source/sheet":          "", // rows of CSV and XLSX files, whatever they mean
	"generator/source/terc":           "generator/stat generator/source/sheet",
	"generator/source/prg":            "generator/stat generator/geo generator/geo/topojson generator/source",
	"generator/source/table":          "generator/stat generator/source generator/source/sheet",
	"generator/source/bdlfile":        "generator/stat generator/source generator/source/sheet",
	"generator/source/files":          "generator/stat generator/geo generator/snapshot generator/source generator/source/bdlfile generator/source/prg generator/source/table generator/source/terc",
	"generator/geo/topojson":          "generator/geo", // a file format: geo itself knows none
	"generator/snapshot":              "generator/stat generator/geo generator/geo/topojson generator/source",
	"generator":                       "generator/snapshot generator/stat generator/peer generator/report generator/document",
	"worker":                          "generator",
	"cmd/raportjst":                   "*",
}

func TestArchitecture(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	const module = "github.com/raportjst/raportjst/"
	seen := map[string]bool{}
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && path != root {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		rel, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		pkg := filepath.ToSlash(rel)
		seen[pkg] = true
		row, ok := imports[pkg]
		if !ok {
			t.Errorf("package %s is missing from the table", pkg)
			return nil
		}
		allowed := append(strings.Fields(row), "generator/fault")
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, src, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, i := range file.Imports {
			of, ours := strings.CutPrefix(strings.Trim(i.Path.Value, `"`), module)
			if ours && row != "*" && !slices.Contains(allowed, of) {
				t.Errorf("%s imports %s; the table allows: %s", strings.TrimPrefix(path, root+"/"), of, row)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range imports {
		if !seen[pkg] {
			t.Errorf("the table has a row for %s, which is gone", pkg)
		}
	}
}
