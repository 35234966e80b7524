package report

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/geo"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/photo"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/generator/territory"
)

// Data is what reports are made from: a snapshot, given as values.
type Data struct {
	Register   *stat.Register
	Indicators []stat.Indicator // the catalogue: all indicators of the snapshot
	Topology   *geo.Topology    // nil: reports have no maps
	SnapshotID string
	Date       string // state of the data, ISO 8601
	Invented   bool   // sample data: every page says so
	Generator  string // name and version of the program for the document: "raportjst 0.1.0"

	// Load reads the series of the indicators; no ids mean all. It may be called by
	// several goroutines at once. Every data set spans the same periods, whatever was asked.
	Load func(ctx context.Context, ids ...stat.IndicatorID) (*stat.Dataset, error)

	// Found is the changes of territory that were found when the data set was made; those of
	// another search are looked for once more.
	Found territory.Found
}

// Library is the templates with the data that their reports are made from. It is safe for
// concurrent use and keeps what reports share: series, peer groups, statistics.
type Library struct {
	data      Data
	templates map[string]*definition
	flaws     *flaws
	words     map[stat.IndicatorID]entry
	measures  map[stat.IndicatorID]*measure
	catalogue []*measure // in order of chapters: area, service, dimension, id
	terms     []term
	practices []practice
	breaks    []Break
	checks    Checks
	moved     map[stat.AreaCode][]stat.Period    // years from which an area has another territory
	suspected map[stat.AreaCode][]territory.Step // those of them that nobody has confirmed
	index     *measure                           // of consumer prices; nil without
	later     *stat.Register                     // of an edition: the register with what happened since; else nil
	common    *common
	editions  map[int]*Library // by the year of the register; guarded by common.loading
	caches

	pictures photo.Store
}

// common is what the editions of a library share.
type common struct {
	loading  sync.Mutex // guards measure.set
	searched bool       // suspected holds all there are
}

// caches is what the reports of one edition of the register share.
type caches struct {
	mu      sync.RWMutex
	hidden  map[familyPeriod]map[figure]bool
	sums    map[*relation]bool
	years   map[heldKey]bool
	groups  map[groupKey]*group
	sets    map[string]*members
	samples map[sampleKey]*sample
	values  int // in samples
	spaces  map[string]*space
	frames  map[string]*frame
}

func newCaches() caches {
	return caches{
		hidden: map[familyPeriod]map[figure]bool{}, sums: map[*relation]bool{}, years: map[heldKey]bool{}, groups: map[groupKey]*group{},
		sets: map[string]*members{}, samples: map[sampleKey]*sample{}, spaces: map[string]*space{}, frames: map[string]*frame{},
	}
}

// NewLibrary reads the templates under reports/ strictly and resolves them against the
// catalogue. The error joins a *fault.Fault for each thing that is wrong in any of them.
func NewLibrary(templates fs.FS, data Data) (*Library, error) {
	l, err := OpenLibrary(templates, data)
	if err == nil {
		err = l.flaws.err()
	}
	if err != nil {
		return nil, err
	}
	return l, nil
}

// OpenLibrary does as NewLibrary, but a template with faults costs its own reports alone,
// which fail with them, and good practices that are not told well are left out; see Flaws.
// What all reports stand on, the dictionary and the breaks of series, has no faults or
// there is no library.
func OpenLibrary(templates fs.FS, data Data) (*Library, error) {
	l := &Library{
		data: data, templates: map[string]*definition{}, measures: map[stat.IndicatorID]*measure{}, suspected: map[stat.AreaCode][]territory.Step{},
		common: &common{}, flaws: &flaws{}, editions: map[int]*Library{}, caches: newCaches(),
	}
	shared, declared, err := l.readShared(templates)
	if err != nil {
		return nil, err
	}
	left := l.flaws.left
	if l.templates, l.flaws, err = readAll(templates, shared); err != nil {
		return nil, err
	}
	l.flaws.left = append(left, l.flaws.left...)
	l.moved = relocated(data.Register)
	twins := map[stat.IndicatorID]bool{}
	for _, i := range data.Indicators {
		if i.Twin != i.ID {
			twins[i.Twin] = true
		}
	}
	for n, i := range data.Indicators {
		i = i.Plain() // a data set made before texts were made plain may hold others
		m := newMeasure(i, n, l.words)
		l.measures[i.ID] = m
		if !twins[i.ID] { // the twin is read through the indicator it belongs to
			l.catalogue = append(l.catalogue, m)
		}
	}
	slices.SortStableFunc(l.catalogue, func(a, b *measure) int {
		return cmp.Or(cmp.Compare(a.Area, b.Area), locale.Compare(a.Service, b.Service), cmp.Compare(dimensionOrder(a.Dimension), dimensionOrder(b.Dimension)), cmp.Compare(a.order, b.order))
	})
	l.relate(append(declared, bonds(l.templates)...))
	for id := range l.flaws.templates { // what it declares of sums stays true
		delete(l.templates, id)
	}
	l.index = l.priceIndex()
	return l, nil
}

// relocated lists the changes of territory of the register: there the series of an area break,
// whatever the data say.
func relocated(r *stat.Register) map[stat.AreaCode][]stat.Period {
	out := map[stat.AreaCode][]stat.Period{}
	for _, a := range r.Areas() {
		for _, c := range a.Changes {
			if c.Kind == stat.ChangeBoundary {
				out[a.Code] = append(out[a.Code], stat.Period(c.Year))
			}
		}
	}
	return out
}

// readShared reads what all templates share: the dictionary, the good practices and the
// breaks of series.
func (l *Library) readShared(templates fs.FS) ([]byte, []bond, error) {
	all, err := readDictionary(templates)
	if err != nil {
		return nil, nil, err
	}
	l.words, l.terms = all.words, all.terms
	var more []byte
	l.practices, more, l.flaws.left = readPractices(templates, "reports")
	breaks, rest, err := ReadBreaks(templates)
	if err != nil {
		return nil, nil, err
	}
	l.breaks = breaks
	if l.checks, err = ReadChecks(templates); err != nil {
		return nil, nil, err
	}
	return slices.Concat(all.src, more, rest), all.bonds, nil
}

func dimensionOrder(d string) int {
	if i := slices.Index(aspects, d); i >= 0 {
		return i
	}
	return len(aspects)
}

// Templates lists the templates in order of id.
func (l *Library) Templates() []Template {
	var out []Template
	for _, id := range slices.Sorted(maps.Keys(l.templates)) {
		out = append(out, l.templates[id].Template)
	}
	return out
}

// Subjects lists what a template that needs a choice can be about, as it stands after the
// colon in a request ("usluga:szkoly-podstawowe"), with the names.
func (l *Library) Subjects(id string) map[string]string {
	d, ok := l.templates[id]
	if !ok || d.Subject == "" {
		return nil
	}
	out := map[string]string{}
	for _, m := range l.catalogue {
		name := m.Service
		if d.Subject == "area" {
			name = m.Area
		}
		if name != "" {
			out[locale.Slug(name)] = name
		}
	}
	return out
}

// TemplateVersion is the version of a template and a digest of everything it is made of,
// for the key of an artifact; "" for an unknown template. A choice after a colon is left
// out of account: it is part of the template's id in the request.
func (l *Library) TemplateVersion(id string) string {
	id, _, _ = strings.Cut(id, ":")
	d, ok := l.templates[id]
	if !ok {
		return ""
	}
	digest := d.digest
	if d.Group.Rule == standardGroup { // it depends on the templates whose group it takes
		h := sha256.New()
		fmt.Fprintln(h, digest)
		for _, id := range slices.Sorted(maps.Keys(l.templates)) {
			if x := l.templates[id]; x.Default || len(x.Areas) > 0 {
				fmt.Fprintln(h, id, x.digest)
			}
		}
		digest = hex.EncodeToString(h.Sum(nil))
	}
	return d.Version + "+" + digest[:16]
}

// TemplateOf is the id of the template that a request is built with: the one it names, or
// the one for the area. It fails as Build does.
func (l *Library) TemplateOf(r Request) (string, error) {
	l = l.edition(r.Period)
	area, err := l.area(r.Area)
	if err != nil {
		return "", err
	}
	d, subject, err := l.template(r.Template, area)
	if err != nil {
		return "", err
	}
	if subject != "" {
		return d.ID + ":" + locale.Slug(subject), nil
	}
	return d.ID, nil
}

func (l *Library) area(c stat.AreaCode) (stat.Area, error) {
	a, ok := l.data.Register.Area(l.data.Register.Canonical(c))
	if !ok {
		return a, &fault.Fault{Where: "jednostka", What: fmt.Sprintf("nieznany kod TERYT „%s”", c), Hint: "sprawdź kod w rejestrze TERYT"}
	}
	return a, nil
}

// template finds the template of a request and the subject it names.
func (l *Library) template(id string, a stat.Area) (*definition, string, error) {
	full := id
	id, _, _ = strings.Cut(id, ":")
	if id == "" {
		d, err := l.defaultTemplate(a)
		return d, "", err
	}
	d, err := l.known(id)
	if err != nil {
		return nil, "", err
	}
	if len(d.Areas) > 0 && !slices.Contains(d.Areas, string(a.Code)) {
		return nil, "", &fault.Fault{Where: "szablon " + id, What: fmt.Sprintf("szablon nie jest przeznaczony dla jednostki %s", a.Code), Hint: "dozwolone: " + strings.Join(d.Areas, ", ")}
	}
	if len(d.Kinds) > 0 && !slices.Contains(d.Kinds, locale.Kind(a.Kind).Key) {
		return nil, "", &fault.Fault{Where: "szablon " + id, What: fmt.Sprintf("szablon nie jest przeznaczony dla jednostki %s (%s)", a.Code, locale.Kind(a.Kind).Key), Hint: "rodzaje jednostek tego szablonu: " + strings.Join(d.Kinds, ", ")}
	}
	subject, err := l.chosen(d, full, func(t Template) bool { return l.suits(t, a) })
	if err != nil {
		return nil, "", err
	}
	if d.Subject != "" && subject == "" {
		return nil, "", &fault.Fault{Where: "szablon " + id, What: "nie podano, czego ma dotyczyć raport", Hint: "podaj „" + id + ":nazwa”; dostępne: " + strings.Join(slices.Sorted(maps.Keys(l.Subjects(id))), ", ")}
	}
	return d, subject, nil
}

// defaultTemplate is the own template of an area or the one for its kind.
func (l *Library) defaultTemplate(a stat.Area) (*definition, error) {
	ids := slices.Sorted(maps.Keys(l.templates))
	for _, id := range ids {
		if d := l.templates[id]; slices.Contains(d.Areas, string(a.Code)) && d.Subject == "" {
			return d, nil
		}
	}
	if err := l.flaws.suit(a, true); err != nil {
		return nil, err
	}
	for _, id := range ids {
		if d := l.templates[id]; d.Default && len(d.Areas) == 0 && slices.Contains(d.Kinds, locale.Kind(a.Kind).Key) {
			return d, nil
		}
	}
	if err := l.flaws.suit(a, false); err != nil {
		return nil, err
	}
	return nil, &fault.Fault{Where: "szablon", What: fmt.Sprintf("brak szablonu dla jednostki %s (%s)", a.Code, locale.Kind(a.Kind).Key), Hint: "podaj szablon; dostępne: " + strings.Join(ids, ", ")}
}

// Build makes the document of a request. The error is a *fault.Fault where the request is
// at fault: an unknown area, template or group, a period without data.
func (l *Library) Build(ctx context.Context, r Request) (*document.Document, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	a, err := l.accept(ctx, r)
	if err != nil {
		return nil, err
	}
	return build(a, r)
}

// prepare resolves the template of a request and loads what it shows.
func (l *Library) prepare(ctx context.Context, def *definition, subject string, area stat.Area, r Request) (*frame, error) {
	above := len(area.Code) < 6
	if def.Union { // it speaks of its members
		above = len(r.Peers) > 0 && len(l.data.Register.Canonical(stat.AreaCode(strings.TrimSpace(r.Peers[0])))) < 6
	}
	f, err := l.frame(def, subject, above)
	if err != nil {
		return nil, err
	}
	if f, err = f.part(r.Sections); err != nil {
		return nil, err
	}
	needed := slices.Clone(f.measures)
	if l.index != nil {
		needed = append(needed, l.index)
	}
	if g := l.grouped(f, area); g != f { // its group is chosen by what another template names
		needed = append(needed, g.sizes...)
		for _, x := range g.axes {
			needed = append(needed, x.measure)
		}
	}
	err = l.suspects(ctx)
	if err == nil {
		err = l.load(ctx, needed)
	}
	if err != nil {
		var known *fault.Fault
		if errors.As(err, &known) {
			return nil, err
		}
		return nil, fmt.Errorf("build report of %s: %w", area.Code, err)
	}
	return f, nil
}
