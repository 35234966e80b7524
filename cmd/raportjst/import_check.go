package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/report"
	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/snapshot/audit"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/generator/territory"
	"github.com/raportjst/raportjst/templates"
)

// importCheckCmd looks for what is missing or doubtful in a snapshot, or for the mistakes
// of a table.
type importCheckCmd struct {
	What   string   `arg:"" name:"katalog|plik" help:"Katalog zbioru danych, własna tabela – formularz (XLSX, ODS) lub opis (TOML) – albo plik pobrany z BDL."`
	Xlsx   string   `placeholder:"PLIK" help:"Zapisz cały wynik do skoroszytu."`
	Before string   `placeholder:"KATALOG" help:"Wcześniejszy zbiór danych: pokaż też jednostki, którym przybyło lub ubyło sąsiadów."`
	Rows   int      `default:"10" help:"Ile wierszy każdej części pokazać (0: wszystkie)."`
	Terc   []string `sep:"none" placeholder:"PLIK" help:"Urzędowy plik TERC, do sprawdzenia kodów w tabeli."`
	Data   string   `env:"RAPORTJST_DATA" placeholder:"KATALOG" help:"Zbiór danych z rejestrem, zamiast pliku TERC; bez obu użyty jest zbiór przykładowy."`
	Home   string   `help:"Katalog na dane programu." env:"RAPORTJST_HOME" default:"${home}" placeholder:"KATALOG"`
}

func (i *importCheckCmd) Run(ctx context.Context, c console) error {
	if info, err := os.Stat(i.What); err != nil || !info.IsDir() {
		return i.file(ctx, c)
	}
	s, err := snapshot.Open(i.What)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.Verify(ctx); err != nil {
		return err
	}
	r, err := audit.Check(ctx, s, c.counting("Sprawdzanie"))
	if err != nil {
		return err
	}
	breaks, err := interruptions(ctx, s)
	if err != nil {
		return err
	}
	steps, err := i.suspected(ctx, s)
	if err != nil {
		return err
	}
	grids := append(checked(s, r), breaks, steps)
	c.summary(s)
	for _, g := range grids {
		if g.name == "Kompletność" {
			continue // the whole of it is for the workbook
		}
		fmt.Fprintf(c.out, "\n%s: %d\n", g.name, len(g.rows))
		if len(g.rows) > 0 {
			g.print(c.out, i.Rows)
		}
	}
	if i.Xlsx == "" {
		return nil
	}
	if err := writeWorkbook(i.Xlsx, grids); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "\nCały wynik: %s\n", i.Xlsx)
	return nil
}

// checked sets out what was found, the kinds of questions with the most weight first.
func checked(s *snapshot.Snapshot, r *audit.Report) []*grid {
	name := names(s)
	sums := &grid{name: "Sumy niezgodne", head: []string{"Wskaźnik", "Nazwa wskaźnika", "Kod", "Jednostka", "Rok", "Wartość", "Suma części", "Różnica"}}
	for _, x := range r.Sums {
		d := name.decimals(x.Indicator)
		sums.add(string(x.Indicator), name.indicator(x.Indicator), string(x.Area), name.area(x.Area), year(x.Period), figure{x.Whole, d}, figure{x.Sum, d}, figure{x.Sum - x.Whole, d})
	}
	jumps := &grid{name: "Skoki", head: []string{"Wskaźnik", "Nazwa wskaźnika", "Kod", "Jednostka", "Rok", "Rok wcześniej", "W tym roku", "Typowa zmiana", "Powrót"}}
	for _, x := range r.Jumps {
		d := name.decimals(x.Indicator)
		back := "nie"
		if x.Back {
			back = "tak"
		}
		jumps.add(string(x.Indicator), name.indicator(x.Indicator), string(x.Area), name.area(x.Area), year(x.Period), figure{x.From, d}, figure{x.To, d}, figure{x.Usual, 2}, back)
	}
	twins := &grid{name: "Te same szeregi", head: []string{"Wskaźnik", "Nazwa", "Drugi wskaźnik", "Nazwa drugiego", "Wartości"}}
	for _, x := range r.Twins {
		twins.add(string(x.A), name.indicator(x.A), string(x.B), name.indicator(x.B), x.Cells)
	}
	bounds := &grid{name: "Granice", head: []string{"Kod", "Jednostka", "Uwaga"}}
	for _, a := range r.Unbounded {
		bounds.add(string(a.Code), a.Name, "brak granicy")
	}
	for _, code := range r.Strange {
		bounds.add(code, "", "granica bez jednostki w rejestrze")
	}
	return []*grid{doubtful(r, name), sums, jumps, twins, bounds, vintages(r, name), gaps(r, name), coverage(r, name)}
}

// doubtful are the figures that were taken for missing though their provider did not say so.
func doubtful(r *audit.Report, name naming) *grid {
	g := &grid{name: "Zera wątpliwe", head: []string{"Wskaźnik", "Nazwa wskaźnika", "Kod", "Jednostka", "Wartości", "Lata", "Uwaga"}}
	for _, x := range r.Open {
		g.add(string(x.Indicator), name.indicator(x.Indicator), "", "", x.Cells, "", "atrybut 0 o nieustalonym znaczeniu: uznano za brak informacji")
	}
	for _, x := range r.Doubtful {
		g.add(string(x.Indicator), name.indicator(x.Indicator), string(x.Area), name.area(x.Area), len(x.Periods), source.Years(x.Periods), "zero bez atrybutu: uznano za brak informacji")
	}
	return g
}

// interruptions are the published breaks of the series of a data set. Those only believed
// stop no change; they are told for somebody to confirm.
func interruptions(ctx context.Context, s *snapshot.Snapshot) (*grid, error) {
	g := &grid{name: "Przerwy w szeregach", head: []string{"Wskaźnik", "Nazwa wskaźnika", "Od roku", "Pewność", "Przerwa", "Przyczyna", "Źródło"}}
	breaks, _, err := report.ReadBreaks(templates.FS)
	if err != nil {
		return nil, err
	}
	set, err := s.Load(ctx)
	if err != nil {
		return nil, err
	}
	for _, i := range s.Indicators() {
		for _, b := range report.BreaksIn(breaks, set, i) {
			g.add(string(i.ID), i.Short(), year(stat.Period(b.Year)), b.Certainty, b.Label, b.Reason, b.Source)
		}
	}
	return g, nil
}

// suspected are the changes of territory that the figures or an earlier state of the register
// show and the register does not tell. Reports treat those of the figures as breaks until a file
// przerwy-….toml of the office's own templates says what they are.
func (i *importCheckCmd) suspected(ctx context.Context, s *snapshot.Snapshot) (*grid, error) {
	g := &grid{name: "Podejrzane zmiany granic", head: []string{"Kod", "Jednostka", "Od roku", "Przedtem", "Potem", "Co najmniej, %", "Skąd podejrzenie"}}
	breaks, _, err := report.ReadBreaks(templates.FS)
	if err != nil {
		return nil, err
	}
	checks, err := report.ReadChecks(templates.FS)
	if err != nil {
		return nil, err
	}
	steps, err := checks.Search(breaks).Steps(ctx, s.Found(), s.Load)
	if err != nil {
		return nil, err
	}
	steps = checks.Undismissed(steps)
	name := names(s)
	if i.Before != "" {
		before, err := snapshot.Open(i.Before)
		if err != nil {
			return nil, err
		}
		defer before.Close()
		steps = append(steps, territory.Neighbours(before.Register(), s.Register())...)
	}
	for _, x := range steps {
		switch x.Way {
		case territory.ByArea:
			g.add(string(x.Area), name.area(x.Area), year(x.Year), figure{x.Before, 2}, figure{x.After, 2}, figure{x.Least, 1}, "powierzchnia z ludności i gęstości, km²; zmienia się bardziej, niż pozwala zaokrąglenie")
		case territory.BySums:
			g.add(string(x.Area), name.area(x.Area), year(x.Year), figure{x.Before, 0}, figure{x.After, 0}, nil, "części sumują się do całości dopiero od tego roku")
		case territory.ByNeighbours:
			g.add(string(x.Area), name.area(x.Area), year(x.Year), figure{x.Before, 0}, figure{x.After, 0}, nil, "inni sąsiedzi niż we wcześniejszym zbiorze danych")
		}
	}
	return g, nil
}

func vintages(r *audit.Report, name naming) *grid {
	g := &grid{name: "Wydania danych", head: []string{"Wskaźnik", "Nazwa wskaźnika", "Uwaga", "Szczeble", "Plik", "Pobrano", "Użyto danych z", "Utracone wartości"}}
	for _, x := range r.Mixed {
		for _, o := range x.Origins {
			g.add(string(x.Indicator), name.indicator(x.Indicator), "szczeble z różnych wydań", kindsOf(o.Kinds), o.Table, o.Extracted, "", nil)
		}
	}
	for _, x := range r.Superseded {
		g.add(string(x.Indicator), name.indicator(x.Indicator), "pominięte wydanie", x.TierNames(), x.Table, x.Extracted, x.By, x.Lost)
	}
	for _, x := range r.Old {
		g.add(string(x.Indicator), name.indicator(x.Indicator), "starsze niż pozostałe", "", "", x.Extracted, "", nil)
	}
	for _, id := range r.Undated {
		g.add(string(id), name.indicator(id), "nieznany dzień pobrania", "", "", "", "", nil)
	}
	return g
}

func kindsOf(kinds []stat.Kind) string {
	var out []string
	for _, k := range kinds {
		out = append(out, locale.Kind(k).Tier)
	}
	return strings.Join(slices.Compact(out), ", ")
}

func gaps(r *audit.Report, name naming) *grid {
	g := &grid{name: "Braki", head: []string{"Wskaźnik", "Nazwa wskaźnika", "Kod", "Jednostka", "Brak lat", "Lata"}}
	for _, x := range r.Gaps {
		g.add(string(x.Indicator), name.indicator(x.Indicator), string(x.Area), name.area(x.Area), len(x.Periods), source.Years(x.Periods))
	}
	return g
}

func coverage(r *audit.Report, name naming) *grid {
	g := &grid{name: "Kompletność", head: []string{"Wskaźnik", "Nazwa wskaźnika", "Szczebel", "Rok", "Jednostki z danymi", "Jednostki z danymi w innych latach", "Jednostki szczebla", "Procent"}}
	for _, x := range r.Coverage {
		g.add(string(x.Indicator), name.indicator(x.Indicator), locale.Tier(x.Level), year(x.Period), x.Have, x.Areas, x.Tier, figure{100 * float64(x.Have) / float64(x.Tier), 1})
	}
	return g
}

func year(p stat.Period) string { return fmt.Sprint(int(p)) }

// naming names what codes stand for.
type naming struct {
	register   *stat.Register
	indicators map[stat.IndicatorID]stat.Indicator
}

func names(all ...*snapshot.Snapshot) naming {
	n := naming{indicators: map[stat.IndicatorID]stat.Indicator{}}
	for _, s := range all {
		n.register = s.Register()
		for _, i := range s.Indicators() {
			n.indicators[i.ID] = i
		}
	}
	return n
}

func (n naming) indicator(id stat.IndicatorID) string { return n.indicators[id].Short() }
func (n naming) decimals(id stat.IndicatorID) int     { return n.indicators[id].Decimals }

func (n naming) area(c stat.AreaCode) string {
	a, _ := n.register.Area(c)
	return a.Name
}
