package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/normal"
	"github.com/raportjst/raportjst/generator/report"
	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/bdlfile"
	"github.com/raportjst/raportjst/generator/source/files"
	"github.com/raportjst/raportjst/generator/source/table"
	"github.com/raportjst/raportjst/generator/stat"
)

// file checks a file of figures without taking it in.
func (i *importCheckCmd) file(ctx context.Context, c console) error {
	var set files.Set
	if err := set.Add(ctx, i.What); err != nil {
		return err
	}
	var from source.Source
	switch {
	case len(set.Tables) == 1:
		t, err := table.Open(ctx, set.Tables[0].FS, set.Tables[0].Path)
		if err != nil {
			return err
		}
		from = t
	case len(set.BDL) == 1:
		from = bdlfile.New(set.BDL...)
	default:
		return &fault.Fault{Where: "plik " + filepath.Base(i.What), What: "to jest rejestr albo granice, a nie tabela z wartościami", Hint: "sprawdzi go polecenie „raportjst import file” przy wczytywaniu"}
	}
	r, err := i.register(ctx, c)
	if err != nil {
		return err
	}
	found := counted{out: &strings.Builder{}}
	if err := from.Load(ctx, source.Query{Register: r, Today: today(), Warn: c.warn}, files.Printable(&found, c.warn)); err != nil {
		return err
	}
	if found.values == 0 {
		return &fault.Fault{Where: "plik " + filepath.Base(i.What), What: "nie ma w nim ani jednej wartości, którą można wczytać", Hint: "sprawdź ostrzeżenia powyżej i kody jednostek"}
	}
	fmt.Fprintf(c.out, "Tabela jest poprawna: wskaźników %d, jednostek %d, wartości %d, lata %d–%d\n", found.indicators, len(found.areas), found.values, found.first, found.last)
	fmt.Fprint(c.out, found.out)
	return nil
}

func (i *importCheckCmd) register(ctx context.Context, c console) (*stat.Register, error) {
	if len(i.Terc) == 0 {
		s, err := dataFlags{Data: i.Data, Home: i.Home}.open(ctx)
		if err != nil {
			return nil, err
		}
		defer s.Close()
		if s.Invented() {
			fmt.Fprintln(c.err, locale.Invented+": kody porównano z rejestrem zmyślonych jednostek; własny zbiór danych wskaż przez --data, a urzędowy rejestr przez --terc")
		}
		return s.Register(), nil
	}
	var set files.Set
	for _, p := range i.Terc {
		set.TERC = append(set.TERC, files.OnDisk(p))
	}
	return set.Register(ctx)
}

// counted is a sink that only counts, and notes under which ids figures can be asked for
// in a template.
type counted struct {
	out                *strings.Builder
	indicators, values int
	areas              map[stat.AreaCode]bool
	first, last        stat.Period
}

func (n *counted) Series(i stat.Indicator, _ stat.Provenance, cells []source.Cell) error {
	n.indicators++
	before := n.values
	if n.areas == nil {
		n.areas = map[stat.AreaCode]bool{}
	}
	for _, c := range cells {
		n.areas[c.Area] = true
		if _, ok := c.Value(); ok {
			n.values++
		}
		if n.first == 0 || c.Period < n.first {
			n.first = c.Period
		}
		n.last = max(n.last, c.Period)
	}
	fmt.Fprintf(n.out, "  %s  %s, wartości: %d\n", i.ID, i.Name+", "+i.Unit, n.values-before)
	return nil
}

// importFormCmd writes a form for own figures.
type importFormCmd struct {
	dataFlags
	Area   []string `required:"" placeholder:"TERYT" help:"Jednostki; kod powiatu albo województwa oznacza wszystkie jego gminy."`
	From   int      `required:"" placeholder:"ROK" help:"Pierwszy rok."`
	To     int      `required:"" placeholder:"ROK" help:"Ostatni rok."`
	Column []string `placeholder:"NAZWA" sep:"none" help:"Nazwa kolumny wskaźnika; można podać kilka albo dopisać w pliku."`
	Agency string   `placeholder:"NAZWA" help:"Kto odpowiada za dane."`
	Out    string   `required:"" placeholder:"PLIK" help:"Nowy plik XLSX."`
}

func (i *importFormCmd) Run(ctx context.Context, c console) error {
	if i.To < i.From || i.From < 1900 || i.To > 2100 {
		return &fault.Fault{Where: "--from, --to", What: fmt.Sprintf("lata %d–%d nie są poprawnym okresem", i.From, i.To), Hint: "podaj pierwszy i ostatni rok"}
	}
	s, err := i.open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	lib, err := i.library(s)
	if err != nil {
		return err
	}
	form := table.Form{
		Domains: domains(lib, s), Check: i.check(),
		Agency: i.Agency, First: stat.Period(i.From), Last: stat.Period(i.To), Columns: i.Column,
	}
	for _, code := range i.Area {
		below, err := gminas(s.Register(), code)
		if err != nil {
			return err
		}
		form.Areas = append(form.Areas, below...)
	}
	if _, err := os.Stat(i.Out); err == nil {
		return &fault.Fault{Where: "--out " + i.Out, What: "plik już istnieje", Hint: "podaj inną nazwę, żeby nie stracić wpisanych danych"}
	}
	f, err := os.Create(i.Out)
	if err != nil {
		return &fault.Fault{Where: "--out " + i.Out, What: "nie można utworzyć pliku", Hint: "sprawdź prawa do katalogu", Err: err}
	}
	defer f.Close()
	if err := form.Write(f); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return &fault.Fault{Where: "--out " + i.Out, What: "nie można zapisać pliku", Hint: "sprawdź miejsce na dysku", Err: err}
	}
	fmt.Fprintln(c.out, i.Out)
	return nil
}

// check is the command that checks the form, as it works where the form was made.
func (i *importFormCmd) check() string {
	words := []string{"raportjst", "import", "check", i.Out}
	if i.Data != "" {
		words = append(words, "--data", i.Data)
	}
	for n, w := range words {
		if strings.ContainsAny(w, " \t'()&;$") {
			words[n] = strconv.Quote(w)
		}
	}
	return strings.Join(words, " ")
}

// domains are the areas of public service that the templates have a chapter for and that
// the data have.
func domains(lib *report.Library, s *snapshot.Snapshot) []string {
	found := map[string]string{}
	add := func(name string) {
		if name != "" && !strings.Contains(name, "{") {
			found[normal.Key(name)] = name
		}
	}
	for _, i := range s.Indicators() {
		add(i.Area)
	}
	for _, t := range lib.Templates() {
		for _, c := range t.Chapters {
			add(c.Area)
		}
	}
	return slices.SortedFunc(maps.Values(found), locale.Compare)
}

// gminas are an area of the register, or the gminas below a powiat or voivodeship.
func gminas(r *stat.Register, text string) ([]stat.Area, error) {
	code, err := stat.ParseAreaCode(text)
	if err != nil {
		return nil, &fault.Fault{Where: "--area " + text, What: "to nie jest kod TERYT", Hint: "podaj 2, 4 lub 6 cyfr; kod znajdziesz poleceniem „raportjst list NAZWA”", Err: err}
	}
	area, ok := r.Area(code)
	if !ok {
		return nil, &fault.Fault{Where: "--area " + text, What: "nieznany kod TERYT", Hint: "kod znajdziesz poleceniem „raportjst list NAZWA”"}
	}
	if code.Level() == stat.LevelGmina {
		return []stat.Area{area}, nil
	}
	var out []stat.Area
	for _, c := range r.Children(code) {
		below, err := gminas(r, string(c))
		if err != nil {
			return nil, err
		}
		out = append(out, below...)
	}
	return out, nil
}
