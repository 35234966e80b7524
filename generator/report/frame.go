package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/normal"
	"github.com/raportjst/raportjst/generator/stat"
)

// frame is a template resolved against the catalogue: which indicators it shows, whatever
// the area. Reports of one template share it.
type frame struct {
	*definition
	subject  string // the service or area it is about; "" when it needs none
	cards    [][]*measure
	lead     [][]*measure
	wanted   []wanted   // the first choice of each lead
	rows     []*measure // of the comparison, when the template lists them
	sizes    []*measure
	axes     []axis
	chapters []*chapter
	measures []*measure // all
	told     []*measure // those that the report shows, not only chooses its group by
	absent   []string   // labels of what the template names and the catalogue lacks
	doubts   []string   // names that nothing knows: mistyped, or of other data
	chosen   []string   // sections that a request is for alone; none: all
	all      []*measure // told where all sections are
}

// axis is a structural indicator of the group rule.
type axis struct {
	*measure
	weight float64
}

// chapter is a chapter with its indicators.
type chapter struct {
	Chapter
	measures []*measure
	lead     []*measure
	blocks   []block
}

// block is a block with its indicators.
type block struct {
	Block
	choice   []*measure // of which the first with values is shown
	measures []*measure
	names    map[*measure]string // short ones, whatever the data lack
	ages     []age               // of a pyramid
	steps    []step              // of a waterfall
}

// named is the name of an indicator in a block: the one of the template, else its label.
func (x block) named(m *measure) string {
	if n := x.names[m]; n != "" {
		return n
	}
	return m.label
}

// frame resolves a template, once for gminas and once for the areas above them.
func (l *Library) frame(d *definition, subject string, above bool) (*frame, error) {
	key := fmt.Sprint(d.ID, ":", subject, above)
	l.mu.RLock()
	f, ok := l.frames[key]
	l.mu.RUnlock()
	if ok {
		return f, nil
	}
	f = &frame{definition: d, subject: subject}
	r := resolver{l: l, f: f, above: above}
	f.cards = r.choices(d.Summary.Cards)
	for _, ids := range d.Summary.Lead {
		if c := r.choice(ids); c != nil {
			f.lead, f.wanted = append(f.lead, c), append(f.wanted, r.want(ids[0]))
		}
	}
	f.rows = r.list(d.Comparison.Rows)
	r.aside = true
	f.sizes = r.known(d.Group.Size)
	for _, id := range slices.Sorted(maps.Keys(d.Group.Structure)) {
		for _, m := range r.known([]string{id}) {
			f.axes = append(f.axes, axis{m, d.Group.Structure[id]})
		}
	}
	r.aside = false
	for _, c := range d.Chapters {
		if !c.Others {
			f.chapters = append(f.chapters, r.chapter(c))
			continue
		}
		for _, own := range r.others(c) {
			f.chapters = append(f.chapters, r.chapter(own))
		}
	}
	slices.Sort(f.absent)
	f.absent = slices.Compact(f.absent)
	if len(f.measures) == 0 {
		return nil, &fault.Fault{Where: "szablon " + d.ID, What: "zbiór danych nie zawiera żadnego wskaźnika tego szablonu", Hint: "sprawdź, czy zaimportowano właściwe dane"}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if first, ok := l.frames[key]; ok {
		return first, nil
	}
	l.frames[key] = f
	return f, nil
}

// resolver turns ids into measures and notes what is absent.
type resolver struct {
	l     *Library
	f     *frame
	above bool
	aside bool // what is resolved is not shown
}

func (r *resolver) use(m *measure) *measure {
	if r.above && m.above != nil {
		m = m.above
	}
	if !slices.Contains(r.f.measures, m) {
		r.f.measures = append(r.f.measures, m)
	}
	if !r.aside && !slices.Contains(r.f.told, m) {
		r.f.told = append(r.f.told, m)
	}
	return m
}

// label is the best name of an indicator that the catalogue lacks.
func (r *resolver) label(id string) string {
	if e, ok := r.l.words[stat.IndicatorID(id)]; ok && e.Label != "" {
		return locale.Bind(e.Label)
	}
	var known []string
	for _, m := range r.l.catalogue {
		known = append(known, string(m.ID))
	}
	r.doubt("wskaźnika", id, known)
	return "wskaźnik" + locale.NBSP + id
}

// doubt notes a name that is not in the data.
func (r *resolver) doubt(what, name string, known []string) {
	slices.Sort(known)
	s := fmt.Sprintf("nie ma w danych %s „%s”", what, name)
	if n := nearest(name, known); n != "" {
		s += fmt.Sprintf(" – czy chodziło o „%s”?", n)
	}
	if !slices.Contains(r.f.doubts, s) {
		r.f.doubts = append(r.f.doubts, s)
	}
}

// doubtful notes an area or service that the data lack but for a few letters.
func (r *resolver) doubtful(what, name string, of func(*measure) string) {
	var known []string
	for _, m := range r.l.catalogue {
		if of(m) == name {
			return
		}
		if k := of(m); k != "" && !slices.Contains(known, k) {
			known = append(known, k)
		}
	}
	if name != "" && nearest(name, known) != "" {
		r.doubt(what, name, known)
	}
}

// wanted is the indicator that a template would rather show than its alternatives.
type wanted struct {
	label string
	ids   []string // under which files hold it
}

func (r *resolver) want(id string) wanted {
	w := wanted{label: r.label(id), ids: []string{id}}
	if e := r.l.words[stat.IndicatorID(id)]; len(e.IDs) > 0 {
		w.ids = e.IDs
	}
	if ms := r.known([]string{id}); len(ms) > 0 {
		w.label = ms[0].label
	}
	return w
}

// known finds those ids that the catalogue has.
func (r *resolver) known(ids []string) []*measure {
	var out []*measure
	for _, id := range ids {
		if m, ok := r.l.measures[stat.IndicatorID(id)]; ok {
			out = append(out, r.use(m))
		}
	}
	return out
}

// list finds ids and notes each that is absent.
func (r *resolver) list(ids []string) []*measure {
	var out []*measure
	for _, id := range ids {
		if m := r.known([]string{id}); m != nil {
			out = append(out, m...)
		} else {
			r.f.absent = append(r.f.absent, r.label(id))
		}
	}
	return out
}

// choice finds alternatives and notes the first when all are absent.
func (r *resolver) choice(ids []string) []*measure {
	out := r.known(ids)
	if out == nil && len(ids) > 0 {
		r.f.absent = append(r.f.absent, r.label(ids[0]))
	}
	return out
}

func (r *resolver) choices(lists [][]string) [][]*measure {
	var out [][]*measure
	for _, ids := range lists {
		if c := r.choice(ids); c != nil {
			out = append(out, c)
		}
	}
	return out
}

const (
	subjectField = "{temat}"
	areaField    = "{obszar}"
	arealess     = "Pozostałe wskaźniki" // of figures whose area nobody named
)

// others are the chapters of the areas that no chapter of the template is about, one each:
// a gmina that writes an area of its own beside its figures finds them under that name.
func (r *resolver) others(c Chapter) []Chapter {
	names := map[string]string{}
	for _, m := range r.l.catalogue {
		switch key := normal.Key(m.Area); {
		case !r.l.named(m) || r.f.areas[key]:
		case m.Area != "":
			names[key] = m.Area
		case m.own() && !r.picked(m):
			names[""] = arealess
		}
	}
	var out []Chapter
	for _, key := range slices.Sorted(maps.Keys(names)) {
		x := c
		x.ID += "-" + locale.Slug(names[key])
		x.Area = names[key]
		x.Title = strings.ReplaceAll(c.Title, areaField, names[key])
		if key == "" {
			x.Area = ""
			for _, m := range r.l.catalogue {
				if m.Area == "" && m.own() && !r.picked(m) {
					x.Indicators = append(x.Indicators, string(m.ID))
				}
			}
		}
		out = append(out, x)
	}
	slices.SortStableFunc(out, func(a, b Chapter) int { return locale.Compare(a.Title, b.Title) })
	return out
}

// picked reports an indicator that a chapter of the template names.
func (r *resolver) picked(m *measure) bool {
	return slices.ContainsFunc(r.f.Chapters, func(c Chapter) bool { return slices.Contains(c.Indicators, string(m.ID)) })
}

// own reports an indicator of a table of somebody's own: no provider of national data.
func (m *measure) own() bool {
	provider, _, _ := strings.Cut(string(m.ID), ":")
	return provider != "bdl" && provider != "smup"
}

func (r *resolver) chapter(c Chapter) *chapter {
	for _, s := range []*string{&c.Title, &c.Short, &c.Area, &c.Service} {
		*s = strings.ReplaceAll(*s, subjectField, r.f.subject)
	}
	out := &chapter{Chapter: c}
	out.measures = r.selected(c)
	out.lead = r.known(c.Lead)
	for _, b := range c.Blocks {
		out.blocks = append(out.blocks, r.block(b, out))
	}
	return out
}

// selected is the indicators of a chapter: those named, then all of the area, service and
// dimension in the order of the catalogue. An id that the data lack is not absent when they
// have another id of its entry in the dictionary: the same figure of another file.
func (r *resolver) selected(c Chapter) []*measure {
	var out []*measure
	taken := map[*measure]bool{}
	add := func(m *measure) {
		if m = r.use(m); !taken[m] && !c.excepted(m.ID) {
			taken[m] = true
			out = append(out, m)
		}
	}
	for _, id := range c.Indicators {
		found := r.known([]string{id})
		for _, m := range found {
			add(m)
		}
		if found == nil && r.known(r.l.words[stat.IndicatorID(id)].IDs) == nil {
			r.f.absent = append(r.f.absent, r.label(id))
		}
	}
	if c.Area == "" && c.Service == "" && c.Dimension == "" {
		return out
	}
	r.doubtful("obszaru", c.Area, func(m *measure) string { return m.Area })
	r.doubtful("usługi", c.Service, func(m *measure) string { return m.Service })
	for _, m := range r.l.catalogue {
		if !r.l.named(m) {
			continue
		}
		if (c.Area == "" || normal.Same(m.Area, c.Area)) && (c.Service == "" || normal.Same(m.Service, c.Service)) && (c.Dimension == "" || m.Dimension == c.Dimension) {
			add(m)
		}
	}
	return out
}

// named reports an indicator of which a reader can tell what it is: one that the data or the
// dictionary name, or that has a unit at least. A template that wants another says so by id.
// The unit is that of the data: the one that numbers are printed in is known once the series
// are read, which another report may be doing at this moment.
func (l *Library) named(m *measure) bool {
	return m.Label != "" || locale.ParseUnit(m.Unit).Label() != "" || l.words[m.ID].Label != "" || m.Definition != ""
}

// known reports a measure of which a reader can tell what it is. The total of a dimension
// („Lokalizacja: ogółem”) of a subject without a name says of nothing how much it is: it may
// stand in a table, but not on a card, among the findings or at the head of a chapter.
func (m *measure) known() bool {
	label := strings.ToLower(strings.ReplaceAll(m.label, locale.NBSP, " "))
	return !strings.Contains(label, "podgrupa bdl") && !strings.HasSuffix(label, ": ogółem")
}

// excepted reports an indicator that a chapter leaves out, by its id or for an age in it.
func (c Chapter) excepted(id stat.IndicatorID) bool {
	return slices.ContainsFunc(c.Except, func(x string) bool {
		before, after, any := strings.Cut(x, ageField)
		if !any {
			return x == string(id)
		}
		rest, ok := strings.CutPrefix(string(id), before)
		age, ok2 := strings.CutSuffix(rest, after)
		_, ok3 := ageSpan(age)
		return ok && ok2 && ok3
	})
}

func (r *resolver) block(b Block, c *chapter) block {
	out := block{Block: b, choice: r.choice(b.Indicator), names: map[*measure]string{}}
	for i, id := range b.Indicators {
		found := r.list([]string{id})
		out.measures = append(out.measures, found...)
		for _, m := range found {
			if i < len(b.Names) {
				out.names[m] = locale.Bind(b.Names[i])
			}
		}
	}
	for _, s := range []*string{&out.Title, &out.Subtitle} {
		*s = strings.ReplaceAll(*s, subjectField, r.f.subject)
	}
	for i, s := range b.Steps {
		for _, m := range r.list([]string{strings.TrimLeft(s, "+-=")}) {
			out.steps = append(out.steps, step{m, s[0]})
			if i < len(b.Names) {
				out.names[m] = locale.Bind(b.Names[i])
			}
		}
	}
	if b.Kind == "pyramid" {
		out.ages = r.ages(b)
		// Ages are shown in the pyramid and nowhere else.
		c.measures = slices.DeleteFunc(c.measures, func(m *measure) bool {
			return slices.ContainsFunc(out.ages, func(a age) bool { return a.left == m || a.right == m })
		})
	}
	return out
}
