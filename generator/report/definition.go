package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/normal"
)

// definition is a template with everything it was read from.
type definition struct {
	Template
	name      string // of the file, as its author finds it
	files     fs.FS  // the template's folder
	base      *definition
	lines     map[string]int
	practices []practice
	offered   []string        // ids of all chapters, also of those omitted
	areas     map[string]bool // keys of the areas that they are about
	digest    string          // of all files of the folder, of what it extends and of what all share
	loaded    bool
}

// readAll reads all templates, then lets each take over what it extends. Those with faults
// are told; they are among the others as far as they could be read.
func readAll(templates fs.FS, shared []byte) (map[string]*definition, *flaws, error) {
	names, err := fs.Glob(templates, "reports/*/report.toml")
	if err != nil {
		return nil, nil, fmt.Errorf("list templates: %w", err)
	}
	if len(names) == 0 {
		return nil, nil, &fault.Fault{Where: "szablony", What: "brak plików reports/<szablon>/report.toml", Hint: "wskaż katalog, w którym jest katalog reports"}
	}
	all, bad := map[string]*definition{}, &flaws{templates: map[string]flaw{}}
	for _, name := range names {
		d, left, err := read(templates, name)
		bad.left = append(bad.left, left...)
		if err != nil {
			bad.add(path.Base(path.Dir(name)), declared(templates, name), err)
			continue
		}
		all[d.ID] = d
	}
	bad.spread(all)
	shared = fmt.Appendf(shared, "%v", bonds(all)) // what one declares counts in the reports of all
	for _, id := range slices.Sorted(maps.Keys(all)) {
		if err := all[id].extend(all, shared, nil); err != nil {
			bad.add(id, all[id].Template, err)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(all)) {
		for _, err := range all[id].check() {
			bad.add(id, all[id].Template, err)
		}
	}
	return all, bad, nil
}

// read reads a template. left are the faults of what it shows beside its own text, which is
// left out: good practices.
func read(templates fs.FS, name string) (d *definition, left []error, err error) {
	src, err := fs.ReadFile(templates, name)
	if err != nil {
		return nil, nil, &fault.Fault{Where: placeOf(templates, name), What: "nie można odczytać szablonu", Hint: "sprawdź prawa do pliku", Err: err}
	}
	d = &definition{name: placeOf(templates, name), lines: lines(src)}
	if err := parse(d.name, src, &d.Template); err != nil {
		return nil, nil, err
	}
	if dir := path.Base(path.Dir(name)); d.ID != dir {
		return nil, nil, &fault.Fault{Where: at(d.name, d.lines["id"]), What: fmt.Sprintf("identyfikator „%s” jest inny niż nazwa katalogu „%s”", d.ID, dir), Hint: "zmień jedno z nich"}
	}
	if d.files, err = fs.Sub(templates, path.Dir(name)); err != nil {
		return nil, nil, fmt.Errorf("open folder of template %s: %w", d.ID, err)
	}
	d.practices, _, left = readPractices(templates, path.Dir(name))
	for i := range d.Chapters {
		d.Chapters[i].files, d.Chapters[i].folder = d.files, path.Dir(d.name)
	}
	return d, left, errors.Join(d.checkChapters()...)
}

// checkChapters tests the chapters that the file itself holds.
func (d *definition) checkChapters() []error {
	var out []error
	seen := map[string]bool{}
	for i, c := range d.Chapters {
		if seen[c.ID] {
			out = append(out, d.fault(fmt.Sprintf("chapter[%d].id", i), fmt.Sprintf("rozdział „%s” stoi dwa razy", c.ID), "nadaj inny identyfikator"))
		}
		seen[c.ID] = true
		if c.Text == "" {
			continue
		}
		if _, err := fs.Stat(d.files, c.Text); err != nil {
			out = append(out, d.fault(fmt.Sprintf("chapter[%d].text", i), fmt.Sprintf("brak pliku „%s”", c.Text), "umieść go w katalogu szablonu"))
		}
	}
	return out
}

// extend lets a template take over the settings of the one it extends and computes its
// digest. trail holds the templates that led here.
func (d *definition) extend(all map[string]*definition, shared []byte, trail []string) error {
	if d.loaded {
		return nil
	}
	d.loaded = true
	h := sha256.New()
	h.Write(shared)
	if d.Extends != "" {
		base, ok := all[d.Extends]
		switch {
		case !ok:
			return d.fault("extends", fmt.Sprintf("nieznany szablon „%s”", d.Extends), suggest(d.Extends, slices.Sorted(maps.Keys(all))))
		case slices.Contains(append(trail, d.ID), d.Extends):
			return d.fault("extends", "szablony rozszerzają się nawzajem", "usuń klucz „extends” z jednego z nich")
		}
		if err := base.extend(all, shared, append(trail, d.ID)); err != nil {
			return err
		}
		own := d.Template
		d.Template = overlay(base.Template, own)
		d.Default, d.Areas, d.base = own.Default, own.Areas, base
		d.practices = append(d.practices, base.practices...)
		h.Write([]byte(base.digest))
	}
	err := fs.WalkDir(d.files, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		src, err := fs.ReadFile(d.files, name)
		fmt.Fprintf(h, "\x00%s\x00%d\x00", name, len(src))
		h.Write(src)
		return err
	})
	if err != nil {
		return &fault.Fault{Where: path.Dir(d.name), What: "nie można odczytać plików szablonu", Hint: "sprawdź prawa do plików", Err: err}
	}
	d.digest = hex.EncodeToString(h.Sum(nil))
	d.arrange()
	return nil
}

// overlay is base with everything that own sets. Chapters of the same id are replaced,
// others are added.
func overlay(base, own Template) Template {
	out := base
	lay(reflect.ValueOf(&out).Elem(), reflect.ValueOf(own))
	out.Chapters = slices.Clone(base.Chapters)
	for _, c := range own.Chapters {
		if i := slices.IndexFunc(out.Chapters, func(x Chapter) bool { return x.ID == c.ID }); i >= 0 {
			out.Chapters[i] = c
		} else {
			out.Chapters = append(out.Chapters, c)
		}
	}
	return out
}

func lay(dst, src reflect.Value) {
	for i := range src.NumField() {
		if !src.Type().Field(i).IsExported() {
			continue
		}
		switch f := src.Field(i); {
		case f.Kind() == reflect.Struct:
			lay(dst.Field(i), f)
		case !f.IsZero():
			dst.Field(i).Set(f)
		}
	}
}

// arrange puts the chapters in the order asked for and leaves out those omitted.
func (d *definition) arrange() {
	d.areas = map[string]bool{}
	for _, c := range d.Chapters {
		d.offered = append(d.offered, c.ID)
		if c.Area != "" {
			d.areas[normal.Key(c.Area)] = true
		}
	}
	d.Chapters = slices.DeleteFunc(slices.Clone(d.Chapters), func(c Chapter) bool { return slices.Contains(d.Omit, c.ID) })
	place := func(c Chapter) int {
		if i := slices.Index(d.Order, c.ID); i >= 0 {
			return i
		}
		return len(d.Order)
	}
	slices.SortStableFunc(d.Chapters, func(a, b Chapter) int { return cmp.Compare(place(a), place(b)) })
}

func (d *definition) fault(key, what, hint string) error {
	c := check{name: d.name, line: d.lines}
	return &fault.Fault{Where: at(d.name, c.lineOf(key)), What: what, Hint: hint}
}

// check tests what the types cannot say.
func (d *definition) check() []error {
	var out []error
	fail := func(key, what, hint string) { out = append(out, d.fault(key, what, hint)) }
	for key, name := range map[string]string{"cover.arms": d.Cover.Arms, "cover.logo": d.Cover.Logo, "group.types": d.Group.Types} {
		if _, err := fs.Stat(d.folder(name), name); name != "" && err != nil {
			fail(key, fmt.Sprintf("brak pliku „%s”", name), "umieść go w katalogu szablonu")
		}
	}
	for key, ids := range map[string][]string{"order": d.Order, "omit": d.Omit} {
		for _, id := range ids {
			if own := d.lines[key] > 0; own && !slices.Contains(d.offered, id) {
				fail(key, fmt.Sprintf("nie ma rozdziału „%s”", id), suggest(id, d.offered))
			}
		}
	}
	for key, p := range map[string]struct{ name, alt string }{"cover.arms": {d.Cover.Arms, d.Cover.ArmsOf}, "cover.logo": {d.Cover.Logo, d.Cover.LogoOf}} {
		if p.name != "" && strings.TrimSpace(p.alt) == "" {
			fail(key, fmt.Sprintf("obraz „%s” nie ma opisu", p.name), fmt.Sprintf("dodaj klucz „%s_alt”", key))
		}
	}
	if d.Group.Rule == "structure" && (len(d.Group.Structure) == 0 || d.Group.Nearest < 1) {
		fail("group.rule", "reguła „structure” wymaga kluczy „structure” i „nearest”", "podaj wskaźniki z wagami i liczbę najbliższych jednostek")
	}
	if d.Group.Rule == "type" && d.Group.Types == "" {
		fail("group.rule", "reguła „type” wymaga klucza „types”", "podaj plik CSV z typami")
	}
	if !slices.IsSorted(d.Group.Bands) {
		fail("group.bands", "granice klas wielkości nie rosną", "ułóż je od najmniejszej")
	}
	slices.SortFunc(out, func(a, b error) int { return cmp.Compare(a.Error(), b.Error()) })
	return out
}

// called is how the template is called on the cover: by its title, or by its id where the
// title is that of the template it extends.
func (d *definition) called() string {
	if d.base != nil && d.Template.Title == d.base.Template.Title {
		return d.ID
	}
	return d.Template.Title
}

// folder is where a file of the template lies: its own folder or that of what it extends.
func (d *definition) folder(name string) fs.FS {
	for x := d; x != nil; x = x.base {
		if _, err := fs.Stat(x.files, name); name != "" && err == nil {
			return x.files
		}
	}
	return d.files
}
