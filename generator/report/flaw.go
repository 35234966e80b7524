package report

import (
	"errors"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/stat"
)

// flaws are the faults of templates and of what lies beside them. A fault costs the reports
// of its template, never those of others.
type flaws struct {
	templates map[string]flaw // by id
	left      []error         // what is left out of the reports that would show it
	all       []error         // in order of reading
}

// flaw is a template that cannot be used, and whose reports it would make.
type flaw struct {
	Template
	faults []error
}

func (f *flaws) add(id string, t Template, err error) {
	x := f.templates[id]
	x.Template, x.faults = t, append(x.faults, err)
	f.templates[id] = x
	f.all = append(f.all, err)
}

// spread takes out the templates that extend a faulty one, whose faults would be those of
// what they extend.
func (f *flaws) spread(all map[string]*definition) {
	var left []string
	for more := true; more; {
		more = false
		for _, id := range slices.Sorted(maps.Keys(all)) {
			base, bad := f.templates[all[id].Extends]
			if !bad {
				continue
			}
			f.templates[id] = flaw{all[id].Template, base.faults}
			delete(all, id)
			left, more = append(left, id), true
		}
	}
	if len(left) > 0 {
		f.all = append(f.all, notChecked(left))
	}
}

// err joins all faults.
func (f *flaws) err() error { return errors.Join(slices.Concat(f.all, f.left)...) }

// of finds why a template cannot be used; nil where it has no fault.
func (f *flaws) of(id string) error { return errors.Join(f.templates[id].faults...) }

// suit finds why the report of an area cannot be made with the template that is meant for it.
// A faulty template for the area itself is never replaced by one for all of its kind.
func (f *flaws) suit(a stat.Area, own bool) error {
	for _, id := range slices.Sorted(maps.Keys(f.templates)) {
		x := f.templates[id]
		switch {
		case own && slices.Contains(x.Areas, string(a.Code)) && x.Subject == "",
			!own && x.Default && len(x.Areas) == 0 && slices.Contains(x.Kinds, locale.Kind(a.Kind).Key):
			return f.of(id)
		}
	}
	return nil
}

var (
	areasKey   = regexp.MustCompile(`(?m)^\s*areas\s*=\s*\[([^\]]*)`)
	kindsKey   = regexp.MustCompile(`(?m)^\s*kinds\s*=\s*\[([^\]]*)`)
	defaultKey = regexp.MustCompile(`(?m)^\s*default\s*=\s*true`)
	quotedWord = regexp.MustCompile(`["']([^"']*)["']`)
)

// declared reads from a template that is not to be read as one what it is for.
func declared(templates fs.FS, name string) Template {
	src, err := fs.ReadFile(templates, name)
	if err != nil {
		return Template{}
	}
	list := func(key *regexp.Regexp) (out []string) {
		if m := key.FindSubmatch(src); m != nil {
			for _, w := range quotedWord.FindAllSubmatch(m[1], -1) {
				out = append(out, string(w[1]))
			}
		}
		return out
	}
	return Template{Areas: list(areasKey), Kinds: list(kindsKey), Default: defaultKey.Match(src)}
}

// Flaws lists the faults that OpenLibrary met, of templates and of what was left out.
func (l *Library) Flaws() []error { return slices.Concat(l.flaws.all, l.flaws.left) }

func notChecked(ids []string) error {
	return &fault.Fault{Where: "szablony", What: "nie sprawdzono szablonów, które rozszerzają błędny: " + strings.Join(ids, ", "), Hint: "popraw najpierw ten, który rozszerzają"}
}
