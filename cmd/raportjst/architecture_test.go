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
// from it fails the test, and so does a row whose package is gone. Names in a row are below
// generator/ unless they are top-level.
var imports = map[string]string{
	// embedded files
	"fonts": "", "templates": "", "samples": "", "samples/make": "",

	// words and pure rooms
	"generator/fault":                 "", // errors for users; any package may import it
	"generator/stat":                  "normal",
	"generator/normal":                "", // the one normalisation of text that comes in
	"generator/geo":                   "", // pure geometry, shared by document, choropleth, snapshot, prg
	"generator/geo/topojson":          "geo",
	"generator/locale":                "stat", // the words for kinds of areas
	"generator/peer":                  "stat",
	"generator/document":              "geo",
	"generator/document/documenttest": "document geo locale",
	"generator/typeset":               "fonts",
	"generator/look":                  "", // colours, lines, surfaces and widths that writers share
	"generator/graphic":               "typeset look",
	"generator/graphic/png":           "graphic typeset look",
	"generator/graphic/svg":           "graphic typeset look",
	"generator/report":                "stat peer document locale geo normal source/sheet", // sheet: tables that users put beside a template
	"generator/chart":                 "document graphic typeset locale look",
	"generator/choropleth":            "document graphic typeset locale geo look",
	"generator/layout":                "document chart choropleth graphic typeset look",

	// façade and writers
	"generator":              "report document stat typeset",
	"generator/figures":      "generator document chart choropleth graphic graphic/png graphic/svg typeset locale look",
	"generator/pdf":          "generator document layout graphic typeset look pdf/skeleton",
	"generator/pdf/skeleton": "layout", // what fpdf makes, read back
	"generator/ooxml":        "",       // formats only: no document, no word
	"generator/xlsx":         "generator document ooxml look",

	// data supply
	"generator/source":                "stat locale", // locale: names become ids
	"generator/source/sheet":          "normal",      // cells of text files and workbooks, for the readers of tables
	"generator/source/sourcetest":     "source stat",
	"generator/source/terc":           "source source/sheet stat normal",
	"generator/source/prg":            "source stat geo geo/topojson normal",
	"generator/source/bdlfile":        "source source/sheet stat locale",
	"generator/source/table":          "source source/sheet stat normal",
	"generator/source/gusapi":         "source", // limits, retries and the archive of the APIs of GUS
	"generator/source/gusapi/gustest": "source source/gusapi stat",
	"generator/source/smup":           "source source/gusapi stat",
	"generator/source/bdl":            "source source/gusapi source/bdlfile stat", // shares the attributes with bdlfile
	"generator/snapshot":              "stat geo geo/topojson source",
	"generator/snapshot/audit":        "snapshot source stat",                                                                             // asks questions of a snapshot, writes none
	"generator/source/files":          "source source/sheet source/terc source/prg source/bdlfile source/table snapshot stat geo typeset", // files → snapshot

	// jobs
	"worker":            "generator document stat normal",
	"worker/dir":        "worker generator",
	"worker/remote":     "", // addresses of servers, which hide their passwords
	"worker/jetstream":  "worker worker/remote",
	"worker/s3":         "worker worker/remote generator",
	"worker/smtp":       "worker worker/remote",
	"worker/web":        "worker templates locale normal", // locale: sentences begin with a capital
	"worker/workertest": "worker generator",

	"cmd/raportjst": "*",
}

func TestArchitecture(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	const module = "github.com/raportjst/raportjst/"
	seen, missing := map[string]bool{}, map[string]bool{}
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
			missing[pkg] = true
			return nil
		}
		allowed := []string{"generator/fault"}
		for _, name := range strings.Fields(row) {
			allowed = append(allowed, name, "generator/"+name)
		}
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
	for pkg := range missing {
		t.Errorf("package %s is missing from the table", pkg)
	}
	for pkg := range imports {
		if !seen[pkg] {
			t.Errorf("the table has a row for %s, which is gone", pkg)
		}
	}
}
