package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/stat"
)

// ending is method, signs, versions, sources and all that is missing: enough for anyone to
// compute the figures again.
func (b *builder) ending() {
	b.open()
	a := &b.document.Annex
	a.Method = b.method()
	a.Versions = b.versions()
	a.Missing = b.absences()
	for _, s := range signs {
		a.Signs = append(a.Signs, document.Definition{Term: s.sign, Name: s.name, Text: locale.Bind(s.text)})
	}
	var method, choice []document.Block
	for _, f := range a.Method {
		if f.Name == findingsName { // stands on the right, so that the columns are alike
			choice = []document.Block{document.Section{Title: "Wybór ustaleń", Blocks: []document.Block{
				document.Paragraph{Role: document.Small, Content: document.Plainly(f.Value)},
			}}}
			continue
		}
		method = append(method, document.Paragraph{Role: document.Small, Content: []document.Inline{
			document.Text{Text: f.Name + ". ", Emphasis: document.Strong}, document.Text{Text: f.Value},
		}})
	}
	versions := document.Definitions{ID: "wersje", Title: "Wersja i\u00a0suma kontrolna", Columns: []string{"Nazwa", "Wartość"}}
	for _, f := range a.Versions {
		versions.Items = append(versions.Items, document.Definition{Term: f.Name, Text: f.Value})
	}
	s := document.Section{ID: methodPart, Title: methodTitle, Follow: true, Ending: true, Blocks: append(b.glossary(),
		document.Columns{
			Left: []document.Block{document.Section{Title: "Metoda", Blocks: method}},
			Right: append(append([]document.Block{
				document.Section{Title: "Znaki umowne", Blocks: []document.Block{
					document.Definitions{ID: "znaki", Title: "Znaki umowne", Columns: []string{"Znak", "Nazwa", "Znaczenie"}, Items: a.Signs},
				}},
			}, choice...), document.Section{Title: "Wersja i\u00a0suma kontrolna", About: true, Blocks: []document.Block{versions}}),
		},
		b.sourcesSection(),
	)}
	if members := b.membership(); members != "" {
		s.Blocks = append(s.Blocks, document.Section{ID: "sklad-grupy", Title: "Skład grupy porównawczej", Blocks: []document.Block{
			document.Paragraph{Role: document.Small, Content: document.Plainly(members)},
		}})
	}
	if missing := b.missingSection(); missing != nil {
		s.Blocks = append(s.Blocks, *missing)
	}
	s.Blocks = append(s.Blocks, document.Paragraph{Role: document.Legal, Content: document.Plainly(b.closing())})
	b.add(s)
}

// method is the rules by which the figures were computed, each with its name.
func (b *builder) method() []document.Field {
	n := b.group.noun
	all := n.Plural(locale.Genitive)
	includes := fmt.Sprintf(" Grupa liczy %s i obejmuje jednostkę opisywaną; jest ta sama we wszystkich latach.", b.group.held())
	if !slices.Contains(b.group.codes, b.area.Code) {
		includes = fmt.Sprintf(" Grupa liczy %s.", b.group.held())
	}
	if names := b.empty(); len(names) > 0 {
		includes += " Bez żadnej wartości są: " + enumerate(names, 12) + "."
	}
	out := []document.Field{
		{Name: "Grupa porównawcza", Value: b.group.long + includes + b.l.nearest(b.period)},
		{Name: "Mediana i kwartyle", Value: fmt.Sprintf("Obliczone z wartości %s, dla których są dane, z interpolacją liniową między kolejnymi wartościami. Nie są średnią ważoną ani wartością dla całej grupy. Gdy wartość ma mniej niż pięć %s, nie podaje się ich.", all, all)},
		{Name: "Miejsce", Value: "Liczone od najwyższej wartości; równe wartości mają to samo, wyższe miejsce. Miejsce opisuje położenie, nie jest oceną."},
		{Name: "Słowa", Value: "„Wśród 25% najwyższych”: wartość ta wraz z równymi jej i wyższymi to najwyżej jedna czwarta wartości grupy. „Powyżej mediany”: pozostałe wartości większe od mediany; odpowiednio w dół. W grupie, która ma mniej niż osiem wartości, podaje się samo miejsce."},
		{Name: "Zmiana", Value: "Różnica między ostatnim rokiem a rokiem o pięć lat wcześniejszym (w skoroszycie także o rok wcześniejszym i pierwszym z danych): w procentach, dla wskaźników w procentach – w punktach procentowych (p. proc.), dla wskaźników, które mogą być ujemne, i liczb osób lub zdarzeń mniejszych niż 30 – w jednostkach. Obliczona z wartości niezaokrąglonych (odległość od mediany w zdaniach: z podanych); mniejsza od podawanej dokładności to „bez zmian”. Nie przekracza przerwy w szeregu (innej metody, podstawy lub granic): w zdaniach liczy się ją wtedy od pierwszego porównywalnego roku, a w tabelach stoi x. Kwoty w cenach bieżących."},
		{Name: "Brak danych", Value: fmt.Sprintf("Jednostka bez wartości nie wchodzi do mediany, kwartyli ani miejsc. Wartości objętych tajemnicą statystyczną nie pokazano; ukryto też sumy, części i ilorazy, z których dałoby się je obliczyć. Wskaźników starszych niż %s nie omawia się.", locale.Rok.Count(b.maxAge))},
	}
	if b.f.Union || b.small() { // nobody's place and change is told
		out = slices.DeleteFunc(out, func(f document.Field) bool { return f.Name == "Słowa" || b.f.Union && f.Name == "Zmiana" })
	}
	if c := b.interruptions(); len(c) > 0 {
		out = append(out, document.Field{Name: "Przerwy w szeregach", Value: strings.Join(c, " ")})
	}
	if c := slices.Concat(b.changes(), b.suspicions(), b.afterwards()); len(c) > 0 {
		out = append(out, document.Field{Name: "Zmiany jednostki", Value: strings.Join(c, " ")})
	}
	if b.f.Summary.Title != "" {
		out = append(out, document.Field{Name: findingsName, Value: findingsRule})
	}
	out = append(out, document.Field{Name: "Dane do wykresów", Value: "Wszystkie liczby wykresów i map oraz wartości wszystkich jednostek grupy są w skoroszycie XLSX, który należy do tego dokumentu."})
	for i := range out {
		out[i].Name, out[i].Value = locale.Bind(out[i].Name), locale.Bind(out[i].Value)
	}
	return out
}

// empty are the members that were named one by one, or of a union, and have no figure.
func (b *builder) empty() []string {
	var out []string
	for i, c := range b.group.codes {
		if (b.f.Union || b.listed) && c != b.area.Code && NoData(b.l.figures(b.f, []stat.AreaCode{c}, b.period)) {
			out = append(out, b.group.names[i])
		}
	}
	return out
}

// changes are the events of the register in the years of the report, in sentences.
func (b *builder) changes() []string {
	var out []string
	for _, c := range b.area.Changes {
		if stat.Period(c.Year) < b.period-longest {
			continue
		}
		s := "Od " + locale.Date(fmt.Sprintf("%d-01-01", c.Year)) + " "
		switch c.Kind {
		case stat.ChangeKindOf:
			s += locale.Kind(b.area.Kind).Name
			if n := len(c.From); n == 7 && seventh[c.From[6:]] != "" {
				s += ", wcześniej " + seventh[c.From[6:]]
			}
		case stat.ChangeName:
			s += "nazwa „" + b.area.Name + "”, wcześniej „" + c.From + "”"
		case stat.ChangeBoundary:
			s += "inne granice; wartości sprzed tej zmiany i po niej nie porównano"
		case stat.ChangeCode:
			s += "kod TERYT " + string(b.area.Code)
			if c.From != "" {
				s += ", wcześniej " + c.From
			}
		default:
			continue
		}
		out = append(out, locale.Bind(s+"."))
	}
	return out
}

// seventh is what the seventh digit of a TERYT code means.
var seventh = map[string]string{"1": "gmina miejska", "2": "gmina wiejska", "3": "gmina miejsko-wiejska"}

func (b *builder) versions() []document.Field {
	_, digest, _ := strings.Cut(b.l.TemplateVersion(b.f.ID), "+")
	out := []document.Field{
		{Name: "Szablon", Value: b.f.called() + " (" + b.f.ID + "), wydanie" + locale.NBSP + b.f.Version},
		{Name: "Suma szablonu", Value: grouped(digest)},
		{Name: "Stan danych", Value: dateOr(b.state())},
		{Name: "Rejestr jednostek", Value: "TERYT, stan na " + dateOr(b.l.data.Register.State())},
	}
	if b.l.data.Generator != "" {
		out = append(out, document.Field{Name: "Program", Value: b.l.data.Generator})
	}
	var licences []string
	for _, m := range b.f.measures {
		for _, o := range m.origin {
			if o.Licence != "" && !slices.Contains(licences, o.Licence) {
				licences = append(licences, o.Licence)
			}
		}
	}
	if slices.Sort(licences); len(licences) > 0 {
		out = append(out, document.Field{Name: "Licencja danych", Value: strings.Join(licences, ", ")})
	}
	if b.l.data.SnapshotID != "" {
		out = append(out, document.Field{Name: "SHA-256 danych", Value: grouped(b.l.data.SnapshotID)})
	}
	return out
}

// grouped sets a digest in groups of eight, so that it can be read and broken.
func grouped(digest string) string {
	var out []string
	for len(digest) > 8 {
		out = append(out, digest[:8])
		digest = digest[8:]
	}
	return strings.Join(append(out, digest), " ")
}

// sourcesSection lists where the figures of each chapter come from, for which years, downloaded
// when.
func (b *builder) sourcesSection() document.Section {
	t := document.Table{
		ID: "zrodla", Title: "Źródła i" + locale.NBSP + "daty", Layout: document.SmallTable, RowHeaders: 1,
		Columns: []document.Column{{Head: "Dane", Room: 29}, {Head: "Zbiór", Room: 38}, {Head: "Okres lub stan", Room: 18}, {Head: "Pobrano"}},
	}
	row := func(cells ...string) {
		r := document.Row{}
		for _, c := range cells {
			if c == "" {
				c = "nie podano"
			}
			r.Cells = append(r.Cells, document.Cell{Text: document.Plainly(locale.Bind(c))})
		}
		t.Rows = append(t.Rows, r)
	}
	type origin struct{ source, extracted string }
	type span struct {
		origin
		first, last stat.Period
		chapters    []string
	}
	var all []span
	listed := map[*measure]bool{}
	for _, c := range b.shown {
		years := map[origin]*span{}
		var order []origin
		for _, r := range c.readings {
			if listed[r.measure] || !r.has && r.last == 0 && r.sample.N() == 0 { // nothing of it is shown
				continue
			}
			listed[r.measure] = true
			from := b.used.from(r.measure, r.year-5)
			for _, part := range b.shownFrom()[r.ID] {
				from, to := max(from, part.First), min(r.year, part.Last)
				if part.First == 0 || len(r.origin) == 1 {
					from, to = b.used.from(r.measure, r.year-5), r.year
				} else if from > to { // a vintage of other years
					continue
				}
				o := origin{providers(part.Provenance) + r.tiers(part), part.Extracted}
				if x, ok := years[o]; ok {
					x.first, x.last = min(x.first, from), max(x.last, to)
					continue
				}
				order = append(order, o)
				years[o] = &span{origin: o, first: from, last: to}
			}
		}
		for _, o := range order {
			x := years[o]
			i := slices.IndexFunc(all, func(y span) bool { return y.origin == o && y.first == x.first && y.last == x.last })
			if i < 0 {
				i, all = len(all), append(all, *x)
			}
			all[i].chapters = append(all[i].chapters, b.fill(c.Title))
		}
	}
	slices.SortStableFunc(all, func(x, y span) int {
		return cmp.Or(locale.Compare(x.source, y.source), cmp.Compare(x.extracted, y.extracted))
	})
	for _, x := range all {
		row(strings.Join(x.chapters, "; "), x.source, locale.Years(int(x.first), int(x.last)), locale.ShortDate(x.extracted))
	}
	if topo := b.l.data.Topology; topo != nil {
		state := ""
		if topo.State != "" {
			state = "stan na " + locale.ShortDate(topo.State)
		}
		row("Granice jednostek", topo.Source, state, "")
	}
	return document.Section{ID: "zrodla-i-daty", Title: t.Title, About: true, Blocks: []document.Block{t}}
}

// absences lists what is missing: gaps in the years shown, figures too old, what the
// template names and the data lack.
func (b *builder) absences() []document.Absence {
	var out []document.Absence
	seen := map[*measure]bool{}
	for _, c := range b.f.chapters {
		for _, m := range c.measures {
			if seen[m] {
				continue
			}
			seen[m] = true
			out = append(out, b.gapsOf(b.read(m))...)
		}
	}
	told := map[string]bool{}
	for _, a := range out {
		told[locale.Lower(a.Indicator)] = true
	}
	absent := slices.Clone(b.f.absent)
	for _, x := range b.standIns() {
		absent = append(absent, x.wanted)
	}
	for _, label := range absent {
		if told[locale.Lower(label)] {
			continue
		}
		told[locale.Lower(label)] = true
		out = append(out, document.Absence{Indicator: label, Periods: strconv.Itoa(int(b.period)), Sign: signDot, Reason: notThere})
	}
	return out
}

// gapsOf lists the runs of years without a value of one indicator, by sign and reason.
func (b *builder) gapsOf(r *reading) []document.Absence {
	if !b.fresh(r) {
		newest := b.latest(r.measure, lastPeriod(r.measure))
		switch {
		case newest == 0:
			return nil // not collected for areas of this kind
		case r.year == 0 && b.f.Union && b.latest(r.measure, b.period) != 0:
			return []document.Absence{{Indicator: r.label, Periods: strconv.Itoa(int(b.period)), Sign: signDot, Reason: locale.Bind("wartości ma mniej niż połowa jednostek z danymi")}}
		case r.year == 0:
			return []document.Absence{{Indicator: r.label, Periods: strconv.Itoa(int(b.period)), Sign: signDot, Reason: locale.Bind("brak danych przed " + strconv.Itoa(int(b.earliest(r.measure))) + " r.")}}
		}
		return []document.Absence{{Indicator: r.label, Periods: locale.Years(int(r.year)+1, int(b.period)), Sign: signDot, Reason: locale.Bind("brak danych po " + inYear(r.year))}}
	}
	earlier := []document.Absence{{Indicator: r.label, Periods: locale.Years(int(r.year)+1, int(b.period)), Sign: signDot, Reason: newestIs + strconv.Itoa(int(r.year))}}
	if b.f.Union { // the tables show who has no value
		return earlier[:b2i(r.year < b.period && r.sample.N() > 0)]
	}
	var out []document.Absence
	var from stat.Period
	reason := ""
	var sign string
	flush := func(to stat.Period) {
		if reason != "" {
			out = append(out, document.Absence{Indicator: r.label, Periods: locale.Years(int(from), int(to)), Sign: sign, Reason: reason})
		}
		reason = ""
	}
	for y := r.year - 5; y <= b.period; y++ {
		o := b.l.observe(r.measure, b.area.Code, y)
		if _, ok := o.Value(); ok {
			flush(y - 1)
			continue
		}
		why := statusWords(o)
		// A year in which no member of the group has a value is not the area's gap, unless
		// the provider says so.
		if o.Status == stat.Missing && y != r.year && (y > r.year || b.sampleOf(r.measure, y).N() == 0) {
			flush(y - 1)
			continue
		}
		if why != reason {
			flush(y - 1)
			from, reason, sign = y, why, signOf(o.Status)
		}
	}
	flush(b.period)
	if r.has && r.year < b.period && !slices.ContainsFunc(out, func(a document.Absence) bool { return strings.HasSuffix(a.Periods, strconv.Itoa(int(b.period))) }) {
		out = append(out, earlier...)
	}
	return out
}

// earliest is the first period in which any area of the kind has a value; 0 for none.
func (l *Library) earliest(m *measure, a stat.Area) stat.Period {
	first, last := m.periods()
	for y := first; y <= last; y++ {
		if l.held(m, a, y) {
			return y
		}
	}
	return 0
}

// newestIs begins the reason of a figure that is of an earlier year.
const newestIs = "najnowszy rok z" + locale.NBSP + "danymi to "

// notThere is the reason of what the template names and the data lack.
const notThere = "brak w" + locale.NBSP + "zbiorze danych"

func (b *builder) leftWords() string {
	if b.f.Union {
		return "Rozdziały pominięte, bo żadna jednostka nie ma w nich wartości"
	}
	return "Rozdziały pominięte, bo jednostka nie ma w nich żadnej wartości"
}

// missingSection is the list of missing data, and the chapters left out for want of them.
func (b *builder) missingSection() *document.Section {
	missing := b.document.Annex.Missing
	s := &document.Section{ID: "braki", Title: "Wykaz brakujących danych"}
	if len(b.left) > 0 {
		s.Blocks = append(s.Blocks, document.Paragraph{Role: document.Small, Content: document.Plainly(locale.Bind(b.leftWords() + ": " + strings.Join(b.left, "; ") + "."))})
	}
	var absent []string
	older := map[string][]string{}
	missing = slices.DeleteFunc(slices.Clone(missing), func(m document.Absence) bool {
		if m.Reason == notThere {
			absent = append(absent, locale.Lower(m.Indicator))
		}
		year, old := strings.CutPrefix(m.Reason, newestIs)
		if old {
			older[year] = append(older[year], locale.Lower(m.Indicator))
		}
		return old || m.Reason == notThere
	})
	for _, year := range slices.Backward(slices.Sorted(maps.Keys(older))) {
		s.Blocks = append(s.Blocks, document.Paragraph{Role: document.Small, Content: document.Plainly(locale.Bind(locale.Upper(newestIs) + year + ": " + strings.Join(older[year], "; ") + "."))})
	}
	if len(absent) > 0 {
		slices.SortFunc(absent, locale.Compare)
		s.Blocks = append(s.Blocks, document.Paragraph{Role: document.Small, Content: document.Plainly(locale.Bind("Zbiór danych nie zawiera wskaźników, które wymienia szablon: " + strings.Join(absent, "; ") + "."))})
	}
	if len(missing) > 0 {
		t := document.Table{
			Title: s.Title, Layout: document.SmallTable, RowHeaders: 1,
			Columns: []document.Column{{Head: "Wskaźnik", Room: 51}, {Head: "Rok", Room: 14}, {Head: "Znak", Kind: document.SignColumn, Room: 7}, {Head: "Przyczyna"}},
		}
		for _, m := range missing {
			n := document.Number{Text: m.Sign, Sign: m.Sign}
			t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{
				{Text: document.Plainly(m.Indicator)}, {Text: document.Plainly(m.Periods)}, {Number: &n}, {Text: document.Plainly(m.Reason)},
			}})
		}
		s.Blocks = append(s.Blocks, t)
	}
	if len(s.Blocks) == 0 {
		return nil
	}
	return s
}

// closing is the remark at the very end: what the document is not.
func (b *builder) closing() string {
	s := b.fill(b.f.Cover.Legal)
	if s != "" {
		s += " "
	}
	s += "Mediany, miejsca i zdania obliczono na podstawie danych ze wskazanych źródeł; ich dostawcy nie odpowiadają za te obliczenia."
	if b.l.data.Invented {
		s += " Wszystkie wartości, nazwy i granice w tym dokumencie są wymyślone."
	}
	return locale.Bind(s)
}
