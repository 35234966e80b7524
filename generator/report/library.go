package report

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/geo"
	"github.com/raportjst/raportjst/generator/stat"
)

// Data is what reports are made from: a snapshot, given as values.
type Data struct {
	Register   *stat.Register
	Indicators []stat.Indicator // the catalogue: all indicators of the snapshot
	Topology   *geo.Topology    // nil: reports have no maps
	SnapshotID string
	Date       string // state of the data, ISO 8601
	Invented   bool   // sample data: every page says so

	// Load reads the series of the indicators; no ids mean all. It may be called by
	// several goroutines at once.
	Load func(ctx context.Context, ids ...stat.IndicatorID) (*stat.Dataset, error)
}

// Library is the templates with the data that their reports are made from. It is safe for
// concurrent use and keeps what reports share: series, peer groups, statistics.
type Library struct {
	data      Data
	templates map[string]*definition
}

// definition is a template with the digest of all it was read from.
type definition struct {
	Template
	files  fs.FS // the template's folder
	digest string
}

// NewLibrary reads the templates under reports/ strictly. The error joins a *fault.Fault
// for each thing that is wrong in any of them.
func NewLibrary(templates fs.FS, data Data) (*Library, error) {
	l := &Library{data: data, templates: map[string]*definition{}}
	names, err := fs.Glob(templates, "reports/*/report.toml")
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	if len(names) == 0 {
		return nil, &fault.Fault{Where: "szablony", What: "brak plików reports/<szablon>/report.toml", Hint: "wskaż katalog, w którym jest katalog reports"}
	}
	var faults []error
	for _, name := range names {
		d, err := read(templates, name)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		l.templates[d.ID] = d
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return l, nil
}

func read(templates fs.FS, name string) (*definition, error) {
	src, err := fs.ReadFile(templates, name)
	if err != nil {
		return nil, &fault.Fault{Where: name, What: "nie można odczytać szablonu", Hint: "sprawdź prawa do pliku", Err: err}
	}
	d := &definition{}
	if err := parse(name, src, &d.Template); err != nil {
		return nil, err
	}
	if dir := path.Base(path.Dir(name)); d.ID != dir {
		return nil, &fault.Fault{Where: at(name, lines(src)["id"]), What: fmt.Sprintf("identyfikator „%s” jest inny niż nazwa katalogu „%s”", d.ID, dir), Hint: "zmień jedno z nich"}
	}
	if d.files, err = fs.Sub(templates, path.Dir(name)); err != nil {
		return nil, fmt.Errorf("open folder of template %s: %w", d.ID, err)
	}
	sum := sha256.Sum256(src)
	d.digest = hex.EncodeToString(sum[:])
	return d, nil
}

// Templates lists the templates in order of id.
func (l *Library) Templates() []Template {
	var out []Template
	for _, id := range slices.Sorted(maps.Keys(l.templates)) {
		out = append(out, l.templates[id].Template)
	}
	return out
}

// TemplateVersion is the version of a template and a digest of everything it is made of,
// for the key of an artifact; "" for an unknown template.
func (l *Library) TemplateVersion(id string) string {
	d, ok := l.templates[id]
	if !ok {
		return ""
	}
	return d.Version + "+" + d.digest[:16]
}

// kindNames are the names of the kinds of areas in templates.
var kindNames = map[stat.Kind]string{
	stat.KindUrban: "gmina-miejska", stat.KindRural: "gmina-wiejska", stat.KindUrbanRural: "gmina-miejsko-wiejska",
	stat.KindCity: "miasto-na-prawach-powiatu", stat.KindPowiat: "powiat", stat.KindVoivodeship: "wojewodztwo", stat.KindCountry: "kraj",
}

// template finds the template of a request.
func (l *Library) template(id string, a stat.Area) (*definition, error) {
	if id != "" {
		if d, ok := l.templates[id]; ok {
			return d, nil
		}
		return nil, &fault.Fault{Where: "szablon", What: fmt.Sprintf("nieznany szablon „%s”", id), Hint: suggest(id, slices.Sorted(maps.Keys(l.templates)))}
	}
	for _, id := range slices.Sorted(maps.Keys(l.templates)) {
		if d := l.templates[id]; d.Default && slices.Contains(d.Kinds, kindNames[a.Kind]) {
			return d, nil
		}
	}
	return nil, &fault.Fault{Where: "szablon", What: fmt.Sprintf("brak szablonu dla jednostki %s (%s)", a.Code, kindNames[a.Kind]), Hint: "podaj szablon"}
}

// Build makes the document of a request. The error is a *fault.Fault where the request is
// at fault: an unknown area, template or group, a period without data.
func (l *Library) Build(ctx context.Context, r Request) (*document.Document, error) {
	code := l.data.Register.Canonical(r.Area)
	area, ok := l.data.Register.Area(code)
	if !ok {
		return nil, &fault.Fault{Where: "jednostka", What: fmt.Sprintf("nieznany kod TERYT %s", r.Area), Hint: "sprawdź kod w rejestrze TERYT"}
	}
	def, err := l.template(r.Template, area)
	if err != nil {
		return nil, err
	}
	return build(ctx, l, def, area, r)
}
