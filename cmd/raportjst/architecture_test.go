package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
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
	"generator/gazetteer":             "stat locale normal", // names of areas as people write them
	"generator/document":              "geo",
	"generator/document/documenttest": "document geo locale",
	"generator/typeset":               "fonts",
	"generator/look":                  "", // colours, lines, surfaces and widths that writers share
	"generator/graphic":               "typeset look",
	"generator/graphic/png":           "graphic typeset look",
	"generator/graphic/svg":           "graphic typeset look",
	"generator/graphic/emf":           "graphic typeset look",
	"generator/territory":             "stat", // changes of territory that figures and registers show
	"generator/photo":                 "look",
	"generator/report":                "stat peer territory document locale geo normal source/sheet photo", // sheet: tables that users put beside a template
	"generator/chart":                 "document graphic typeset locale look",
	"generator/choropleth":            "document graphic typeset locale geo look",
	"generator/layout":                "document chart choropleth graphic typeset look",

	// façade and writers
	"generator":              "report document stat typeset",
	"generator/figures":      "generator document chart choropleth graphic graphic/png graphic/svg typeset locale look",
	"generator/pdf":          "generator document layout graphic typeset look pdf/skeleton",
	"generator/pdf/skeleton": "layout", // what fpdf makes, read back
	"generator/html":         "generator document chart choropleth graphic graphic/png graphic/svg look locale fonts",
	"generator/ooxml":        "", // formats only: no document, no word
	"generator/xlsx":         "generator document ooxml look chart",
	"generator/docx":         "generator document ooxml xlsx chart choropleth graphic graphic/emf typeset locale look", // xlsx: a chart carries the workbook of its data

	// data supply
	"generator/source":                "stat locale normal gazetteer", // locale: names become ids; gazetteer: names beside codes
	"generator/source/sheet":          "normal stat locale",           // cells of text files and workbooks, for the readers of tables
	"generator/source/sourcetest":     "source stat",
	"generator/source/terc":           "source source/sheet stat normal locale",
	"generator/source/prg":            "source stat geo geo/topojson normal locale",
	"generator/source/bdlfile":        "source source/sheet stat locale gazetteer",
	"generator/source/table":          "source source/sheet stat normal gazetteer locale", // locale: days in words
	"generator/source/gusapi":         "source",                                           // limits, retries and the archive of the APIs of GUS
	"generator/source/gusapi/gustest": "source source/gusapi stat",
	"generator/source/smup":           "source source/gusapi stat",
	"generator/source/bdl":            "source source/gusapi source/bdlfile stat",                                                                   // shares the attributes with bdlfile
	"generator/snapshot":              "stat geo geo/topojson source territory",                                                                     // territory: what was found at the import is kept
	"generator/snapshot/audit":        "snapshot source stat",                                                                                       // asks questions of a snapshot, writes none
	"generator/source/files":          "source source/sheet source/terc source/prg source/bdlfile source/table snapshot stat territory geo typeset", // files → snapshot

	// jobs
	"worker":            "generator document stat normal locale",                   // locale: days in letters
	"worker/campaign":   "worker worker/members document locale normal",            // lists in versions, campaigns over orders
	"worker/members":    "worker source source/sheet stat locale normal gazetteer", // lists of members, held against the register; codes are read as imports read them
	"worker/proof":      "worker locale",                                           // what was made and sent, signed; packages of reports
	"worker/dir":        "worker generator locale",                                 // locale: times for people
	"worker/remote":     "",                                                        // addresses of servers, which hide their passwords
	"worker/jetstream":  "worker worker/remote",
	"worker/s3":         "worker worker/remote generator",
	"worker/smtp":       "worker worker/remote normal",
	"worker/webhook":    "worker worker/remote normal",
	"worker/imap":       "worker/remote",                                                                        // reads the mailbox of what comes back
	"worker/web":        "worker generator report document html figures stat geo templates fonts locale normal", // what a report says is a page of the portal, too
	"worker/workertest": "worker generator document",

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

// lengths are measures on a page, also several packed into a text, and colours.
var lengths = regexp.MustCompile(`(?i)\b\d+(\.\d+)? ?(mm|cm|pt|px)\b|\bmillimet|0x[0-9a-f]{6}\b|"#[0-9a-f]{6}"|\bcolor\.N?RGBA\{|\b(72|25\.4|595|842|1190|174|114) ?[*/]|"\d+( ?[-|/] ?\d+){2,}"|"\d+ ?\| ?\d+"`)

// TestNeutral holds what a document says and how it is built apart from how it looks: a page or
// a colour is a matter of layout, look and the writers.
func TestNeutral(t *testing.T) {
	if !lengths.MatchString("// 114 mm wide") || !lengths.MatchString("const ink = 0x1A1A1A") || !lengths.MatchString("w := 174 * unit") || !lengths.MatchString(`"174-54-14"`) || !lengths.MatchString(`"114 | 54"`) || lengths.MatchString(`"12 mln zł, 30 m"`) {
		t.Fatal("measures are not recognised")
	}
	for _, dir := range []string{"document", "report"} {
		names, err := filepath.Glob(filepath.Join("..", "..", "generator", dir, "*.go"))
		if err != nil || len(names) < 5 {
			t.Fatal(len(names), err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for i, line := range strings.Split(string(src), "\n") {
				if x := lengths.FindString(line); x != "" {
					t.Errorf("%s:%d: %q is a measure or a colour", name, i+1, x)
				}
			}
		}
	}
}
