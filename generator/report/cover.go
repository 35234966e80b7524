package report

import (
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/photo"
	"github.com/raportjst/raportjst/generator/stat"
)

// cover makes the title page.
func (b *builder) cover() error {
	c := &b.document.Cover
	c.Name = nameOnCover(b.document.Meta.Head)
	c.Title = b.titleLines()
	c.Kind = b.kindLine()
	c.Map = b.locator()
	var err error
	if c.Arms, err = b.picture(b.f.Cover.Arms, b.f.Cover.ArmsOf); err != nil {
		return err
	}
	if c.Logo, err = b.picture(b.f.Cover.Logo, b.f.Cover.LogoOf); err != nil {
		return err
	}
	c.Fields = []document.Field{
		{Name: "Rok sprawozdawczy", Value: strconv.Itoa(int(b.period))},
		{Name: "Stan danych", Value: dateOr(b.state())},
		{Name: "Źródła danych", Value: b.sourcesShort()},
		{Name: "Wydanie szablonu", Value: locale.Bind(b.f.called() + " " + b.f.Version)},
	}
	return nil
}

// nameOnCover keeps prepositions with what follows them where a long name takes two lines:
// "Nowe Miasto / nad Pilicą".
func nameOnCover(name string) string {
	for _, p := range []string{" nad ", " pod ", " koło ", " przy "} {
		name = strings.ReplaceAll(name, p, p[:len(p)-1]+locale.NBSP)
	}
	return name
}

func dateOr(iso string) string {
	if iso == "" {
		return "nieznany"
	}
	return locale.Date(iso)
}

// kindLine is "gmina miejsko-wiejska · powiat wzorcowy · województwo przykładowe · TERYT 981001".
func (b *builder) kindLine() string {
	parts := []string{locale.Kind(b.area.Kind).Name}
	r := b.l.data.Register
	if b.f.Union && b.listed {
		return b.whence()
	}
	if p, ok := r.Area(b.area.Code.Parent()); ok && p.Kind == stat.KindPowiat {
		parts = append(parts, "powiat "+p.Name)
	}
	if v, ok := r.Area(b.area.Code.Voivodeship()); ok && v.Code != b.area.Code {
		parts = append(parts, "województwo "+v.Name)
	}
	parts = append(parts, "TERYT "+string(b.area.Code))
	for i, p := range parts {
		parts[i] = strings.ReplaceAll(p, " ", locale.NBSP)
	}
	return strings.Join(parts, " · ")
}

// whence says of the members of a union in which voivodeships they are: "województwa:
// dolnośląskie (26), lubuskie (12)".
func (b *builder) whence() string {
	var names []string
	n := map[string]int{}
	for _, c := range b.group.codes {
		v, _ := b.l.data.Register.Area(c.Voivodeship())
		if n[v.Name]++; n[v.Name] == 1 {
			names = append(names, v.Name)
		}
	}
	if len(names) == 1 {
		return locale.Bind("województwo " + names[0])
	}
	slices.SortFunc(names, locale.Compare)
	for i, v := range names {
		names[i] = v + locale.NBSP + "(" + strconv.Itoa(n[v]) + ")"
	}
	return locale.Bind("województwa: " + enumerate(names, 16))
}

// sourcesShort is "GUS (BDL, SMUP), PRG".
func (b *builder) sourcesShort() string {
	var out []string
	for _, a := range agenciesOf(b.shownFrom()) {
		s := a.name
		if len(a.sets) > 0 {
			s += " (" + strings.Join(a.sets, ", ") + ")"
		}
		out = append(out, s)
	}
	if t := b.l.data.Topology; t != nil && t.Source != "" {
		out = append(out, t.Source)
	}
	return locale.Bind(strings.Join(out, ", "))
}

// agency is a provider with its data sets and the days of download.
type agency struct {
	name        string
	sets        []string
	first, last string // dates of download, ISO 8601
	undated     bool
}

func (a *agency) add(p stat.Provenance) {
	if p.Dataset != "" && !slices.Contains(a.sets, p.Dataset) {
		a.sets = append(a.sets, p.Dataset)
	}
	switch e := p.Extracted; {
	case e == "":
		a.undated = true
	case a.first == "":
		a.first, a.last = e, e
	default:
		a.first, a.last = min(a.first, e), max(a.last, e)
	}
}

// agenciesOf lists the providers of indicators, in order of name.
func agenciesOf(from map[stat.IndicatorID][]stat.Origin) []agency {
	var out []agency
	for _, origins := range from {
		for _, o := range origins {
			if o.Agency == "" {
				continue
			}
			i := slices.IndexFunc(out, func(a agency) bool { return a.name == o.Agency })
			if i < 0 {
				i = len(out)
				out = append(out, agency{name: o.Agency})
			}
			out[i].add(o.Provenance)
		}
	}
	slices.SortFunc(out, func(x, y agency) int { return locale.Compare(x.name, y.name) })
	for i := range out {
		slices.SortFunc(out[i].sets, locale.Compare)
	}
	return out
}

// source is the source line under a table or figure. own says what is our computation:
// "mediany i kwartyle", "" for all.
func (b *builder) source(own string, ms ...*measure) string {
	if len(ms) == 1 && len(ms[0].origin) == 1 { // the same line stands under many blocks
		key := sourceKey{own, ms[0].origin[0].Provenance}
		if s, ok := b.sources[key]; ok {
			return s
		}
		s := b.sourceLine(own, from(ms))
		b.sources[key] = s
		return s
	}
	s := b.sourceLine(own, from(ms)) // once the block stands, of the vintages of its figures: see dateSources
	b.lines[s] = sourced{own, ms}
	return s
}

// from is all vintages of measures.
func from(ms []*measure) map[stat.IndicatorID][]stat.Origin {
	out := map[stat.IndicatorID][]stat.Origin{}
	for _, m := range ms {
		out[m.ID] = m.origin
	}
	return out
}

type sourceKey struct {
	own string
	of  stat.Provenance
}

func (b *builder) sourceLine(own string, of map[stat.IndicatorID][]stat.Origin) string {
	var parts []string
	for _, a := range agenciesOf(of) {
		s := a.name
		if len(a.sets) > 0 {
			s += ", " + enumerate(a.sets, 9)
		}
		switch {
		case a.first == "":
			s += ", dzień pobrania danych nieznany"
		case a.first == a.last:
			s += ", dane pobrano " + locale.ShortDate(a.first) + " r."
		default:
			s += ", dane pobrano od " + locale.ShortDate(a.first) + " do " + locale.ShortDate(a.last) + " r."
		}
		parts = append(parts, s)
	}
	if len(parts) == 0 {
		parts = append(parts, "dane bez podanego źródła")
	}
	s := "Źródło: " + strings.Join(parts, "; ") + "; "
	if own != "" {
		s += own + ": "
	}
	s += "opracowanie własne."
	if b.l.data.Invented {
		s += " Wartości wymyślone."
	}
	return locale.Bind(s)
}

// picture reads an image of the template's folder.
func (b *builder) picture(name, alt string) (*document.Image, error) {
	if name == "" {
		return nil, nil
	}
	data, err := fs.ReadFile(b.f.folder(name), name)
	if err != nil {
		return nil, &fault.Fault{Where: "szablon " + b.f.ID, What: "nie można odczytać obrazu „" + name + "”", Hint: "umieść go w katalogu szablonu", Err: err}
	}
	if data, err = b.l.pictures.Prepare(data); err != nil {
		return nil, &fault.Fault{Where: "szablon " + b.f.ID, What: "obraz „" + name + "”: " + err.Error(), Hint: photo.Hint}
	}
	return &document.Image{Data: data, Alt: locale.Bind(alt)}, nil
}

// locator is the quiet map that says where: a gmina in its powiat and voivodeship, a
// powiat in its voivodeship, a voivodeship in the country. It is nil without borders.
func (b *builder) locator() *document.Figure {
	t, r := b.l.data.Topology, b.l.data.Register
	if t == nil {
		return nil
	}
	in := func(codes []stat.AreaCode) []string {
		var out []string
		for _, c := range codes {
			if _, ok := t.Shapes[string(c)]; ok {
				out = append(out, string(c))
			}
		}
		return out
	}
	if b.listed {
		return b.gathering(in)
	}
	code := b.area.Code
	within := code.Voivodeship()
	lines := r.Children(within)
	switch b.area.Kind {
	case stat.KindVoivodeship, stat.KindCountry:
		within = stat.Country
		lines = r.Children(stat.Country)
	}
	loc := document.Locator{Topology: t, Within: string(within), Lines: in(lines), Own: string(code)}
	if b.area.Kind == stat.KindCountry {
		loc.Own = ""
	}
	v, _ := r.Area(within)
	if within != stat.Country {
		loc.Labels = append(loc.Labels, document.Region{Code: string(within), Name: "województwo" + locale.NBSP + v.Name})
	}
	alt := "Mapa położenia: " + locale.Lower(b.full)
	if p, ok := r.Area(code.Parent()); ok && p.Kind == stat.KindPowiat {
		loc.Powiat, loc.Inner = string(p.Code), in(r.Children(p.Code))
		loc.Labels = append(loc.Labels, document.Region{Code: string(p.Code), Name: "powiat" + locale.NBSP + p.Name})
		alt += " w powiecie " + locale.Adjective(p.Name, locale.Locative)
	}
	switch {
	case within == stat.Country && b.area.Kind == stat.KindCountry:
		alt = "Mapa kraju z granicami województw"
	case within == stat.Country:
		alt += " na tle kraju"
	default:
		alt += " w województwie " + locale.Adjective(v.Name, locale.Locative)
	}
	if loc.Own != "" {
		loc.Labels = append(loc.Labels, document.Region{Code: string(code), Name: b.name, Own: true})
	}
	return &document.Figure{
		ID: "mapa-polozenia", Title: "Położenie", Alt: locale.Bind(alt + "."), Content: loc,
		Source: b.borders(),
	}
}

// gathering is the quiet map of areas that were named one by one: where they are in the
// voivodeship or the country that holds them all.
func (b *builder) gathering(in func([]stat.AreaCode) []string) *document.Figure {
	r := b.l.data.Register
	codes := b.group.codes
	within := b.commonArea(append([]stat.AreaCode{}, codes...))
	if within != stat.Country {
		within = within.Voivodeship()
	}
	loc := document.Locator{Topology: b.l.data.Topology, Within: string(within), Lines: in(r.Children(within)), Members: in(codes)}
	alt := fmt.Sprintf("Mapa położenia: %s", b.group.n())
	if !b.f.Union {
		loc.Own = string(b.area.Code)
		loc.Labels = []document.Region{{Code: loc.Own, Name: b.name, Own: true}}
		alt = fmt.Sprintf("Mapa położenia: %s oraz %s", locale.Lower(b.full), b.companions())
	}
	if v, ok := r.Area(within); ok && within != stat.Country {
		alt += " w województwie " + locale.Adjective(v.Name, locale.Locative)
	} else {
		alt += " na tle kraju"
	}
	return &document.Figure{ID: "mapa-polozenia", Title: "Położenie", Alt: locale.Bind(alt + "."), Content: loc, Source: b.borders()}
}

// borders is the source line of the boundaries.
func (b *builder) borders() string {
	t := b.l.data.Topology
	if t == nil {
		return ""
	}
	if b.l.data.Invented {
		return "Granice wymyślone."
	}
	s := "Granice"
	if t.Source != "" {
		s += ": " + t.Source
	}
	if t.State != "" {
		s += ", stan na " + locale.ShortDate(t.State) + " r."
	}
	return locale.Bind(locale.Stop(s))
}
