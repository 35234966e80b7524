package report

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/stat"
)

// measure is an indicator as reports use it: with its words, its unit and its series.
// Measures are shared by all reports of a library and do not change once loaded.
type measure struct {
	stat.Indicator
	label  string            // "Dochody ogółem na 1 mieszkańca", no-break spaces set
	unit   locale.Unit       // beside a number
	scale  int               // power of ten that numbers are printed in: 6 for mln zł
	whole  int               // decimals of a value that is not scaled
	head   []document.Inline // label and unit as a row header
	phrase phrase
	order  int    // in the catalogue
	same   string // the first id of its entry in the dictionary; "" without
	set    *stat.Dataset
	slice  stat.Slice    // of set
	origin []stat.Origin // the newest first; at least one where the series are there
	annex  document.AnnexIndicator
	source string   // "GUS, BDL"
	above  *measure // the same under the name that it has above the gmina; nil where that is the same
	below  *measure // of which it is the other name
	family *family  // what is related to it
	secret bool     // some figure is under statistical secrecy
	cuts   *cuts    // breaks of its series; nil without
	mixed  bool     // figures of one year may stand on several bases
}

// dictionary is the file reports/slownik.toml: words for indicators of known ids, shared
// by all templates.
type dictionary struct {
	Entries []entry `toml:"indicator"`
	Bonds   []bond  `toml:"relation"`
	Terms   []term  `toml:"term"`
}

// lexicon is what the dictionaries of all layers tell together.
type lexicon struct {
	words map[stat.IndicatorID]entry
	bonds []bond
	terms []term
	src   []byte
}

// entry is the words for one indicator.
type entry struct {
	IDs        []string `toml:"id" doc:"identyfikatory wskaźnika w różnych zbiorach" required:"true"`
	Label      string   `toml:"label" doc:"krótka nazwa, gdy dane jej nie mają"`
	Definition string   `toml:"definition" doc:"jedno zdanie o tym, co wskaźnik mierzy, gdy dane go nie mają"`
	Dimension  string   `toml:"dimension" doc:"wymiar wskaźnika, gdy dane go nie mają" enum:"dimension"`
	Text       string   `toml:"text" doc:"zdanie bez wielkiej litery i kropki, z polami w klamrach"`

	// Figures of the budgets of gminas are summed up for powiats and voivodeships; there
	// they are not what the powiat or voivodeship itself has.
	LabelAbove string `toml:"label_above" doc:"nazwa w raportach powiatu i województwa, gdy wskaźnik opisuje tam sumę gmin"`
	TextAbove  string `toml:"text_above" doc:"zdanie w raportach powiatu i województwa"`
}

const dictionaryName = "reports/slownik.toml"

// readDictionary reads the dictionary; a folder of templates without one has no words. That of
// own templates adds to the shipped one: what both have, the own one tells.
func readDictionary(templates fs.FS) (lexicon, error) {
	out := lexicon{words: map[stat.IndicatorID]entry{}}
	for _, layer := range lowestFirst(templates) {
		src, err := fs.ReadFile(layer, dictionaryName)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return lexicon{}, &fault.Fault{Where: dictionaryName, What: "nie można odczytać pliku", Hint: "sprawdź prawa do pliku", Err: err}
		}
		var d dictionary
		name := placeOf(layer, dictionaryName)
		if err := parse(name, src, &d); err != nil {
			return lexicon{}, err
		}
		at := lines(src)
		for i, e := range d.Entries {
			for key, text := range map[string]string{"text": e.Text, "text_above": e.TextAbove} {
				if _, err := parsePhrase(text); err != nil {
					return lexicon{}, atLine(name, at[fmt.Sprintf("indicator[%d].%s", i, key)], err)
				}
			}
			for _, id := range e.IDs {
				out.words[stat.IndicatorID(id)] = e
			}
		}
		out.bonds, out.src = append(out.bonds, d.Bonds...), append(out.src, src...)
		for _, x := range d.Terms { // what an own dictionary explains, it explains instead
			if i := slices.IndexFunc(out.terms, func(y term) bool { return y.Term == x.Term }); i >= 0 {
				out.terms[i] = x
			} else {
				out.terms = append(out.terms, x)
			}
		}
	}
	return out, nil
}

// Labels are the labels of the dictionary by id, for importers of series that have no name.
func Labels(templates fs.FS) (map[stat.IndicatorID]string, error) {
	all, err := readDictionary(templates)
	out := map[stat.IndicatorID]string{}
	for id, e := range all.words {
		if e.Label != "" {
			out[id] = e.Label
		}
	}
	return out, err
}

// newMeasure gives an indicator of the catalogue its words.
func newMeasure(i stat.Indicator, order int, words map[stat.IndicatorID]entry) *measure {
	e := words[i.ID]
	m := worded(i, order, e)
	if e.LabelAbove != "" || e.TextAbove != "" {
		i.Label, e.Label = e.LabelAbove, ""
		e.Text = e.TextAbove
		m.above = worded(i, order, e)
		m.above.below = m
	}
	return m
}

func worded(i stat.Indicator, order int, e entry) *measure {
	label := i.Label
	if label == "" {
		label = e.Label
	}
	if label == "" {
		label = i.Name
	}
	i.Definition, i.Dimension = cmp.Or(i.Definition, e.Definition), cmp.Or(i.Dimension, e.Dimension)
	m := &measure{Indicator: i, order: order, label: locale.Bind(locale.Upper(strings.TrimSpace(label)))}
	if len(e.IDs) > 1 {
		m.same = e.IDs[0]
	}
	m.Name = locale.Bind(locale.Upper(strings.TrimSpace(i.Name)))
	m.phrase, _ = parsePhrase(e.Text) // checked when the dictionary was read
	unit := i.Unit
	if of, per, compound := strings.Cut(unit, "/"); compound && perHead(m.label, per) {
		unit = of // "Dochody ogółem na 1 mieszkańca, zł"
	}
	m.measured(unit)
	return m
}

// measured sets the unit that numbers are printed in.
func (m *measure) measured(unit string) {
	m.unit = locale.ParseUnit(unit)
	m.head = []document.Inline{document.Text{Text: m.label}}
	if l := m.unit.Label(); l != "" {
		// The unit never stands alone on a second line.
		m.head = []document.Inline{document.Text{Text: m.label + ","}, document.Text{Text: locale.NBSP + l, Emphasis: document.Muted}}
	}
}

var joinedDigits = strings.NewReplacer(locale.NBSP, " ", locale.Thin, "")

// perHead reports whether a label already says per what the figure is.
func perHead(label, per string) bool {
	plain := joinedDigits.Replace(label)
	return strings.Contains(plain, " na "+strings.TrimSpace(per)) || strings.Contains(plain, " na 1 "+strings.TrimPrefix(strings.TrimSpace(per), "1 ")) ||
		strings.Contains(plain, "na jedn") || strings.Contains(plain, "w przeliczeniu na")
}

// lower is the label inside a sentence.
func (m *measure) lower() string { return locale.Lower(m.label) }

// observe reads a figure as reports show it: of both tiers of a city, never one from which a
// secret one could be computed, and marked where the territory changed or a published break
// lies. Whatever a report shows, says or computes comes from here.
func (l *Library) observe(m *measure, a stat.AreaCode, p stat.Period) stat.Observation {
	var o stat.Observation
	if a.CityPowiat() {
		o = m.set.Figure(a, m.ID, p)
	} else {
		o = m.slice.Series(a).At(p)
	}
	return l.mark(m, a, p, o, l.moved[a], m.broken(a))
}

// mark is observe for what the data set says.
func (l *Library) mark(m *measure, a stat.AreaCode, p stat.Period, o stat.Observation, moved []stat.Period, broken yearSet) stat.Observation {
	if slices.Contains(moved, p) {
		o = o.WithRemark(stat.NewBoundary)
	}
	if broken.has(p) {
		o = o.WithRemark(stat.NewMethod)
	}
	if !m.family.secret {
		return o
	}
	if _, shown := o.Value(); shown && l.withheld(m, a, p) {
		return stat.Unobserved(stat.Secret, protective)
	}
	return o
}

// periods are the first and the last year that observe can find values in; 1, 0 where none.
func (m *measure) periods() (first, last stat.Period) {
	first, last = m.slice.Periods()
	from, to := m.set.Slice(m.Twin).Periods()
	switch {
	case from > to:
		return first, last
	case first > last:
		return from, to
	}
	return min(first, from), max(last, to)
}

// areaSeries is observe for many periods of one area.
type areaSeries struct {
	l      *Library
	m      *measure
	area   stat.AreaCode
	said   stat.Series // what the data set says
	moved  []stat.Period
	broken yearSet
}

func (l *Library) of(m *measure, a stat.AreaCode) areaSeries {
	return areaSeries{l, m, a, m.slice.Series(a), l.moved[a], m.broken(a)}
}

func (r *areaSeries) at(p stat.Period) stat.Observation {
	switch {
	case r.area.CityPowiat():
		return r.l.observe(r.m, r.area, p)
	case len(r.moved) == 0 && r.broken == 0 && !r.m.family.secret: // nothing is added
		return r.said.At(p)
	}
	return r.l.mark(r.m, r.area, p, r.said.At(p), r.moved, r.broken)
}

// series is areaSeries as a function.
func (l *Library) series(m *measure, a stat.AreaCode) func(stat.Period) stat.Observation {
	r := l.of(m, a)
	return r.at
}

// load reads the series of measures that have none yet, and of all that are related to
// them, in one call.
func (l *Library) load(ctx context.Context, ms []*measure) error {
	l.common.loading.Lock()
	defer l.common.loading.Unlock()
	var ids []stat.IndicatorID
	var families []*family
	for _, m := range ms {
		if m.set != nil || slices.Contains(families, m.family) {
			continue
		}
		families = append(families, m.family)
		for _, x := range m.family.measures {
			ids = append(ids, x.ID)
			if x.Twin != "" {
				ids = append(ids, x.Twin)
			}
		}
	}
	if len(families) == 0 {
		return nil
	}
	slices.Sort(ids)
	set, err := l.data.Load(ctx, slices.Compact(ids)...)
	if err != nil {
		return fmt.Errorf("load series: %w", err)
	}
	for _, f := range families {
		for _, m := range f.measures {
			m.settle(set)
			m.cuts = cutsOf(l.breaks, m.Indicator, m.origin, l.data.Invented)
			m.mixed = m.cuts != nil && m.cuts.mixes()
			if m.above != nil {
				m.above.settle(set)
				m.above.cuts, m.above.mixed = m.cuts, m.mixed
			}
			f.secret = f.secret || m.secret
		}
	}
	return nil
}

// providers names where series come from: "GUS, BDL".
func providers(p stat.Provenance) string {
	return strings.Trim(p.Agency+", "+p.Dataset, ", ")
}

// tiers names the tiers of an origin where a measure has several, and its years where another
// one is of the same tiers: " (powiaty)", " (województwa, 2024)".
func (m *measure) tiers(o stat.Origin) string {
	if len(m.origin) < 2 || len(o.Kinds) == 0 {
		return ""
	}
	var out []string
	for _, k := range o.Kinds {
		if k == stat.KindCountry {
			out = append(out, "Polska")
			continue
		}
		out = append(out, locale.Kind(k).Tier)
	}
	out = slices.Compact(out)
	if slices.ContainsFunc(m.origin, func(x stat.Origin) bool {
		return x.Provenance != o.Provenance && slices.ContainsFunc(x.Kinds, func(k stat.Kind) bool { return slices.Contains(o.Kinds, k) })
	}) {
		out = append(out, locale.Years(int(o.First), int(o.Last)))
	}
	return " (" + strings.Join(out, ", ") + ")"
}

// extracted is the days of download, with the tiers where there are several.
func (m *measure) extracted() string {
	var out []string
	for _, o := range m.origin {
		if day := locale.ShortDate(o.Extracted); day != "" {
			out = append(out, day+m.tiers(o))
		}
	}
	return strings.Join(out, ", ")
}

// settle gives a measure its series and what follows from where they come.
func (m *measure) settle(set *stat.Dataset) {
	m.origin, m.slice = set.Origins(m.ID), set.Slice(m.ID)
	m.source = providers(set.Provenance(m.ID))
	m.annex = described(m)
	m.secret = m.slice.Has(stat.Secret) || set.Slice(m.Twin).Has(stat.Secret)
	m.set = set
	m.round()
}
