package main

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/files"
	"github.com/raportjst/raportjst/generator/source/gusapi"
	"github.com/raportjst/raportjst/generator/stat"
	"github.com/raportjst/raportjst/worker/remote"
)

// apiFlags are shared by the imports from the APIs of GUS.
type apiFlags struct {
	baseFlags
	File      []string `sep:"none" placeholder:"PLIK" help:"Wczytaj razem z danymi z API plik, można kilka: ${files}"`
	Out       string   `placeholder:"KATALOG" help:"Katalog nowego zbioru danych; bez niego odpowiedzi trafiają tylko do archiwum."`
	Indicator []string `placeholder:"ID" help:"Tylko te wskaźniki, np. smup:4074 albo bdl:72305; bez nich wszystkie."`
	From      int      `placeholder:"ROK" help:"Pierwszy rok."`
	To        int      `placeholder:"ROK" help:"Ostatni rok."`
	Since     string   `placeholder:"RRRR-MM-DD" help:"Pobierz ponownie to, co pobrano przed tym dniem."`
	Refresh   bool     `help:"Sprawdź, co się zmieniło od poprzedniego pobrania, i pobierz tylko to."`
	DryRun    bool     `help:"Pokaż plan i niczego nie pobieraj."`
	Offline   bool     `help:"Nie łącz się z siecią, użyj odpowiedzi z archiwum."`
	Archive   string   `env:"RAPORTJST_ARCHIVE" default:"${home}/archiwum" placeholder:"KATALOG" help:"Katalog archiwum odpowiedzi."`
	Limits    string   `env:"RAPORTJST_LIMITS" default:"${home}/limity" placeholder:"KATALOG" help:"Katalog księgi zapytań, wspólny dla wszystkich importów na komputerze."`

	whole   string                   // prefix of an API of which all indicators are wanted
	lenient bool                     // an indicator that an API does not have is a warning
	made    func(*snapshot.Snapshot) // told of the new data set; may be nil
}

// endpoint is an API and the key to it. The key comes from the environment or a file alone:
// flags can be seen in the list of processes.
type endpoint struct {
	URL     remote.Address `env:"URL" placeholder:"ADRES" help:"Inny adres API."`
	Key     string         `env:"KEY" hidden:""`
	KeyFile string         `env:"KEY_FILE" placeholder:"PLIK" help:"Plik z kluczem do API; klucz można też podać w zmiennej środowiskowej."`
}

// open makes a client of the API.
func (f *apiFlags) open(e endpoint, name, base string, c console) (*gusapi.Client, error) {
	variable := "RAPORTJST_" + name + "_KEY"
	key, err := secret(variable, e.Key, e.KeyFile)
	if err != nil {
		return nil, err
	}
	o := gusapi.Options{
		Name: name, Base: base, Key: gusapi.Key(strings.TrimSpace(key)), Archive: f.Archive, Ledger: f.Limits, Offline: f.Offline,
		Agent: "raportjst/" + generator.Version, Progress: c.fetching(name),
	}
	if !e.URL.None() {
		// The address stands in the archive beside each answer, so it may hold no password.
		u, err := e.URL.URL()
		if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" {
			return nil, &fault.Fault{Where: "adres API " + name + " " + e.URL.String(), What: "niepoprawny adres", Hint: "podaj go w postaci https://serwer/ścieżka, bez użytkownika, hasła i parametrów; klucz do API podaje się w " + variable, Err: err}
		}
		o.Base = u.String()
	}
	if f.Since != "" {
		day, _ := locale.ReadDate(f.Since)
		if o.Since, err = time.ParseInLocation(time.DateOnly, day, time.Local); err != nil {
			return nil, &fault.Fault{Where: "--since", What: fmt.Sprintf("„%s” to nie data", f.Since), Hint: "podaj datę w postaci 2026-04-15", Err: err}
		}
	}
	return gusapi.Open(o)
}

// planner is a source that can tell what it will ask for.
type planner interface {
	source.Source
	Plan(ctx context.Context, q source.Query) (gusapi.Plan, error)
	Refresh()
	Lenient()
}

// api is a source on an API with its client.
type api struct {
	name   string
	prefix string // of its indicators
	source planner
	client *gusapi.Client
}

// chosen is a source of which only some indicators and years are wanted.
type chosen struct {
	source.Source
	query source.Query
}

func (s chosen) Load(ctx context.Context, q source.Query, to source.Sink) error {
	q.Indicators, q.First, q.Last = s.query.Indicators, s.query.First, s.query.Last
	return s.Source.Load(ctx, q, to)
}

// query is what the flags want of an API.
func (f *apiFlags) query(prefix string) source.Query {
	q := source.Query{First: stat.Period(f.From), Last: stat.Period(f.To)}
	for _, id := range f.Indicator {
		if strings.HasPrefix(id, prefix) && prefix != f.whole {
			q.Indicators = append(q.Indicators, stat.IndicatorID(id))
		}
	}
	return q
}

// wants reports whether an indicator of the prefix was asked for.
func (f *apiFlags) wants(prefix string) bool { return len(f.query(prefix).Indicators) > 0 }

// run shows the plan, fetches and makes the snapshot.
func (f *apiFlags) run(ctx context.Context, c console, apis ...api) error {
	for _, id := range f.Indicator {
		known := false
		for _, a := range apis {
			known = known || strings.HasPrefix(id, a.prefix)
		}
		if !known {
			return &fault.Fault{Where: "--indicator " + id, What: "to nie wskaźnik tego API", Hint: "podaj na przykład smup:4074 albo bdl:72305"}
		}
	}
	set, done, err := f.set(c)
	if err != nil {
		return err
	}
	defer done()
	if err := addFiles(ctx, &set, f.File); err != nil {
		return err
	}
	register, err := set.Register(ctx)
	if err != nil {
		return err
	}
	for _, a := range apis {
		if f.lenient {
			a.source.Lenient()
		}
		if f.Refresh {
			a.source.Refresh()
		}
		q := f.query(a.prefix)
		q.Register = register
		plan, err := a.source.Plan(ctx, q)
		if err != nil {
			return err
		}
		c.plan(a.name, plan)
		set.More = append(set.More, chosen{a.source, q})
	}
	switch {
	case f.DryRun:
		return nil
	case f.Out != "":
		s, err := files.Import(ctx, set, f.Out)
		if err != nil {
			return err
		}
		defer s.Close()
		c.summary(s)
		if f.made != nil {
			f.made(s)
		}
		return nil
	}
	for _, s := range set.More {
		if err := s.Load(ctx, source.Query{Register: register, Warn: c.warn}, discard{}); err != nil {
			return err
		}
	}
	fmt.Fprintf(c.out, "Odpowiedzi są w archiwum %s\n", filepath.Clean(f.Archive))
	return nil
}

// discard is a sink for a run that only fills the archive.
type discard struct{}

func (discard) Series(stat.Indicator, stat.Provenance, []source.Cell) error { return nil }

// plan shows what an import will ask for and how long that takes.
func (c console) plan(name string, p gusapi.Plan) {
	about := ""
	if p.Estimated {
		about = " (szacunek: archiwum nie zna jeszcze całego katalogu)"
	}
	fmt.Fprintf(c.out, "Plan pobierania z API %s\n", name)
	fmt.Fprintf(c.out, "  zapytania  do wysłania %s, gotowe w archiwum %s%s\n", locale.Number(float64(p.Requests), 0), locale.Number(float64(p.Kept), 0), about)
	fmt.Fprintf(c.out, "  czas       teraz %s; od zera z kluczem %s, bez klucza %s\n", span(p.Time), span(p.Keyed), span(p.Anonymous))
	c.ages(p.Ages)
}

// ages tells how old what is in the archive is, the newest first.
func (c console) ages(all []gusapi.Age) {
	byDay := map[string][]string{}
	for _, a := range all {
		day := a.Taken.Local().Format(time.DateOnly)
		byDay[day] = append(byDay[day], a.ID)
	}
	const most = 20
	for _, day := range slices.Backward(slices.Sorted(maps.Keys(byDay))) {
		ids := byDay[day]
		more := ""
		if len(ids) > most {
			more = fmt.Sprintf(" i jeszcze %d", len(ids)-most)
		}
		fmt.Fprintf(c.out, "  pobrano    %s: %s%s\n", day, strings.Join(ids[:min(most, len(ids))], ", "), more)
	}
}

// span writes how long something takes, in two units at most.
func span(d time.Duration) string {
	days, hours, minutes := int(d.Hours())/24, int(d.Hours())%24, int(d.Minutes())%60
	switch {
	case days == 1:
		return fmt.Sprintf("1 dzień %d godz.", hours)
	case days > 1:
		return fmt.Sprintf("%d dni %d godz.", days, hours)
	case hours > 0:
		return fmt.Sprintf("%d godz. %d min", hours, minutes)
	case minutes > 0:
		return fmt.Sprintf("%d min", minutes)
	}
	return fmt.Sprintf("%d s", int(d.Seconds()))
}

// fetching shows the progress of an import: a bar on a terminal, a line now and then
// otherwise.
func (c console) fetching(name string) func(gusapi.Progress) {
	if c.tty {
		return c.bar(name)
	}
	var told time.Time
	var waits time.Time // the end of the wait last told of
	return func(p gusapi.Progress) {
		starts := time.Until(p.Until) > time.Minute && p.Until.Sub(waits).Abs() > time.Second
		if !starts && (p.Left == 0 && p.Because == "" || time.Since(told) < 30*time.Second) {
			return
		}
		told, waits = time.Now(), p.Until
		args := []any{"api", name, "wysłano", p.Sent, "zostało", p.Left, "potrwa", span(p.Remaining)}
		if p.Because != "" {
			args = append(args, "przerwa do", p.Until.Format("2006-01-02 15:04:05"), "powód", p.Because)
		}
		slog.Info("pobieranie", args...)
	}
}

func (c console) bar(name string) func(gusapi.Progress) {
	var bar *progressbar.ProgressBar
	known := false // how much there is; the catalogue tells
	return func(p gusapi.Progress) {
		if known = known || p.Left > 0; !known {
			p.Left = 1 // the request at hand: a full bar never moves again
		}
		if bar == nil {
			bar = progressbar.NewOptions(p.Sent+p.Left, progressbar.OptionSetWriter(c.err), progressbar.OptionShowCount(),
				progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30), progressbar.OptionSetPredictTime(false))
		}
		text := name
		if known {
			text += ", potrwa " + span(p.Remaining)
		}
		if p.Because != "" {
			text += fmt.Sprintf(", przerwa do %s (%s)", p.Until.Format("15:04:05"), p.Because)
		}
		bar.Describe(text)
		bar.ChangeMax(p.Sent + p.Left)
		_ = bar.Set(p.Sent) // fails where the terminal does
	}
}
