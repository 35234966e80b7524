// Command tests keeps .ci/run from running a test twice in the same way.
//
//	go test -json … | go run .ci/tests.go log FILE
//	go run .ci/tests.go left FILE…
//
// The first prints what go test prints, and the slowest tests, and keeps in the file how each
// test ended. The second lists what is left for the heavy run: of each package the tests that did
// not pass in any of the runs, since they were skipped, and those that do more when RAPORTJST_HEAVY
// is set: they, or what they call in their package, name it.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

const heavy = "RAPORTJST_HEAVY"

func main() {
	var err error
	switch {
	case len(os.Args) == 3 && os.Args[1] == "log":
		err = keep(os.Args[2])
	case len(os.Args) > 2 && os.Args[1] == "left":
		err = list(os.Args[2:])
	default:
		err = fmt.Errorf("usage: tests log FILE | left FILE…")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// event is a line of go test -json.
type event struct {
	Action, Package, Test, Output string
	Elapsed                       float64
}

// keep reads the events of a run.
func keep(file string) error {
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	said := map[string]string{} // of each test and package
	var slow []event
	failed := false
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 64<<20)
	for in.Scan() {
		var e event
		if json.Unmarshal(in.Bytes(), &e) != nil { // what the compiler says
			fmt.Println(in.Text())
			continue
		}
		top, _, part := strings.Cut(e.Test, "/")
		key := e.Package + " " + top
		switch e.Action {
		case "output", "build-output":
			if said[key] += e.Output; e.Action == "build-output" {
				fmt.Print(e.Output)
			}
		case "pass", "fail", "skip":
			if part {
				continue
			}
			failed = failed || e.Action == "fail"
			if e.Test == "" || e.Action == "fail" {
				fmt.Print(said[key])
			}
			delete(said, key)
			for other, text := range said { // of tests that did not end, since the process has
				if e.Test == "" && e.Action == "fail" && strings.HasPrefix(other, e.Package+" ") {
					fmt.Print(text)
				}
			}
			if e.Test != "" {
				fmt.Fprintln(out, e.Action, key)
				slow = append(slow, e)
			}
		}
	}
	slices.SortFunc(slow, func(a, b event) int { return int(1000 * (b.Elapsed - a.Elapsed)) })
	fmt.Println("the slowest tests:")
	for _, e := range slow[:min(len(slow), 20)] {
		fmt.Printf("%8.1f s %s %s\n", e.Elapsed, e.Package, e.Test)
	}
	if err := in.Err(); err != nil {
		return err
	}
	if failed {
		return fmt.Errorf("tests have failed")
	}
	return out.Close()
}

// list prints the tests that are left, one a line, after its package and directory.
func list(files []string) error {
	passed := map[string]bool{}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(text)) {
			if test, ok := strings.CutPrefix(strings.TrimSpace(line), "pass "); ok {
				passed[test] = true
			}
		}
	}
	packages, err := exec.Command("go", "list", "-f", "{{.ImportPath}}\t{{.Dir}}", "./...").Output()
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(packages)) {
		path, dir, _ := strings.Cut(strings.TrimSpace(line), "\t")
		tests, more, err := deeper(dir)
		if err != nil {
			return err
		}
		left := slices.DeleteFunc(tests, func(t string) bool { return passed[path+" "+t] && !more[t] })
		for _, t := range left {
			fmt.Printf("%s\t%s\t%s\n", path, dir, t)
		}
	}
	return nil
}

// deeper are the tests of a package, and those that name the variable themselves or by what they
// refer to.
func deeper(dir string) (tests []string, more map[string]bool, err error) {
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		return nil, nil, err
	}
	more = map[string]bool{}
	refers := map[string][]string{} // what each declared name refers to
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, nil, err
		}
		for _, d := range f.Decls {
			var names []string
			if fn, ok := d.(*ast.FuncDecl); ok {
				if names = []string{fn.Name.Name}; fn.Recv == nil && strings.HasPrefix(fn.Name.Name, "Test") && fn.Name.Name != "TestMain" {
					tests = append(tests, fn.Name.Name)
				}
			}
			if g, ok := d.(*ast.GenDecl); ok {
				for _, s := range g.Specs {
					if v, ok := s.(*ast.ValueSpec); ok {
						for _, n := range v.Names {
							names = append(names, n.Name)
						}
					}
				}
			}
			ast.Inspect(d, func(n ast.Node) bool {
				for _, name := range names {
					switch n := n.(type) {
					case *ast.Ident:
						refers[name] = append(refers[name], n.Name)
					case *ast.BasicLit:
						more[name] = more[name] || strings.Contains(n.Value, heavy) && len(n.Value) == len(heavy)+2
					}
				}
				return true
			})
		}
	}
	for grown := true; grown; {
		grown = false
		for name := range maps.Keys(refers) {
			if !more[name] && slices.ContainsFunc(refers[name], func(other string) bool { return more[other] }) {
				more[name], grown = true, true
			}
		}
	}
	return tests, more, nil
}
