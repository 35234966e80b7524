package report

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/stat"
)

// What breaks a series is knowledge about the data, not about the program: it stands in the
// files reports/przerwy*.toml, which offices extend. A break is put on the observations
// themselves (Library.observe), beside the signs of the provider, so that whatever computes,
// draws or says a change stops there.

// Break is a place in series from which values are not comparable with earlier ones: a new
// census base, method or law.
type Break struct {
	Year       int      `toml:"year" doc:"pierwszy rok nowej podstawy lub metody"`
	Indicators []string `toml:"indicators" doc:"identyfikatory wskaźników; „bdl:P2137” obejmuje całą podgrupę, „*” (tylko z areas) wszystkie"`
	Words      []string `toml:"words" doc:"słowa w nazwie wskaźnika albo w jednostce miary"`
	Names      []string `toml:"names" doc:"cała nazwa wskaźnika, bez dopisku w nawiasie"`
	Except     []string `toml:"except" doc:"wskaźniki, których przerwa mimo słów nie dotyczy"`
	Levels     []string `toml:"levels" enum:"level" doc:"szczeble, których dotyczy; puste: wszystkie"`
	Areas      []string `toml:"areas" doc:"kody TERYT, których dotyczy; puste: wszystkie"`
	After      string   `toml:"after" doc:"dotyczy danych pobranych później niż tego dnia (RRRR-MM-DD)"`
	Until      string   `toml:"until" doc:"dotyczy danych pobranych najpóźniej tego dnia (RRRR-MM-DD)"`
	Label      string   `toml:"label" doc:"krótko, na wykres i do zdania: „NSP 2021”" required:"true"`
	Reason     string   `toml:"reason" doc:"zdanie na stronę metody" required:"true"`
	Source     string   `toml:"source" doc:"skąd to wiadomo" required:"true"`
	Certainty  string   `toml:"certainty" enum:"certainty" doc:"udokumentowana, wyprowadzona albo przypuszczalna: ta tylko ostrzega" required:"true"`

	onlyReal bool
	spoken   []string // Words
	called   []string // Names
}

// Believed reports a break that nobody has confirmed: it is told, but nothing stops at it.
func (b *Break) Believed() bool { return b.Certainty == "przypuszczalna" }

// breakFile is a file of breaks.
type breakFile struct {
	OnlyReal bool      `toml:"only_real" doc:"nie dotyczy danych przykładowych"`
	Breaks   []Break   `toml:"break"`
	Surfaces []Surface `toml:"surface" doc:"z czego wynika powierzchnia jednostki"`
	Verdicts []Verdict `toml:"verdict" doc:"co ustalono o podejrzanej zmianie granic"`
}

// ReadBreaks reads all files of breaks under reports/. The error joins a *fault.Fault for
// each thing that is wrong in any of them. With the breaks come the bytes of the files.
func ReadBreaks(templates fs.FS) ([]Break, []byte, error) {
	var all []Break
	var digest []byte
	err := eachBreakFile(templates, func(name string, src []byte, f breakFile) error {
		found, err := f.breaks(name, src)
		all, digest = append(all, found...), append(digest, src...)
		return err
	})
	return all, digest, err
}

// eachBreakFile reads the files of breaks, one by one.
func eachBreakFile(templates fs.FS, use func(name string, src []byte, f breakFile) error) error {
	entries, err := fs.ReadDir(templates, "reports")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read breaks: %w", err)
	}
	var faults []error
	for _, e := range entries {
		if ok, _ := path.Match("przerwy*.toml", e.Name()); !ok || e.IsDir() {
			continue
		}
		name := path.Join("reports", e.Name())
		src, err := fs.ReadFile(templates, name)
		if err != nil {
			return &fault.Fault{Where: name, What: "nie można odczytać pliku", Hint: "sprawdź prawa do pliku", Err: err}
		}
		var f breakFile
		name = placeOf(templates, name)
		if err := parse(name, src, &f); err != nil {
			faults = append(faults, err)
			continue
		}
		if err := use(name, src, f); err != nil {
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}

func (f breakFile) breaks(name string, src []byte) ([]Break, error) {
	at := lines(src)
	var faults []error
	for i := range f.Breaks {
		b := &f.Breaks[i]
		b.onlyReal = f.OnlyReal
		for _, w := range b.Words {
			b.spoken = append(b.spoken, spoken(w))
		}
		for _, n := range b.Names {
			b.called = append(b.called, spoken(n))
		}
		if err := b.sound(); err != nil {
			faults = append(faults, atLine(name, at[fmt.Sprintf("break[%d].label", i)], err))
		}
	}
	return f.Breaks, errors.Join(faults...)
}

// sound refuses a break that could not be applied as it was meant.
func (b *Break) sound() error {
	if b.Year < yearZero || b.Year >= yearZero+64 {
		return &fault.Fault{What: fmt.Sprintf("rok przerwy %d jest poza zakresem", b.Year), Hint: fmt.Sprintf("podaj year z lat %d–%d", yearZero, yearZero+63)}
	}
	if len(b.Indicators) == 0 && len(b.Words) == 0 && len(b.Names) == 0 {
		return &fault.Fault{What: "przerwa nie wskazuje żadnego wskaźnika", Hint: "podaj indicators, words albo names"}
	}
	if slices.Contains(b.Indicators, everyIndicator) && len(b.Areas) == 0 {
		return &fault.Fault{What: "przerwa wszystkich wskaźników wszystkich jednostek", Hint: "przy indicators = [\"*\"] podaj areas"}
	}
	for _, c := range b.Areas {
		if _, err := stat.ParseAreaCode(c); err != nil {
			return &fault.Fault{What: fmt.Sprintf("„%s” nie jest kodem TERYT", c), Hint: "podaj kody z 2, 4 lub 6 cyfr", Err: err}
		}
	}
	for _, day := range []string{b.After, b.Until} {
		if _, err := time.Parse(time.DateOnly, day); err != nil && day != "" {
			return &fault.Fault{What: fmt.Sprintf("„%s” nie jest datą", day), Hint: "podaj dzień jako RRRR-MM-DD", Err: err}
		}
	}
	return nil
}

// match is how a break was found to be one of an indicator.
type match uint8

const (
	noMatch match = iota
	byWords
	byID
)

// everyIndicator stands for all indicators of the areas of a break: what an area does, and with
// which budget, has changed.
const everyIndicator = "*"

// words are what the words and the names of breaks are looked for in.
type words struct {
	all   string    // name, label and unit
	names [2]string // name and label up to a bracket
}

func wordsOf(i stat.Indicator) words {
	w := words{all: spoken(i.Name + " | " + i.Label + " | " + i.Unit)}
	for n, name := range []string{i.Name, i.Label} {
		name, _, _ = strings.Cut(name, "(")
		w.names[n] = strings.TrimSpace(spoken(name))
	}
	return w
}

// concerns reports whether the break is one of an indicator with these words.
func (b *Break) concerns(i stat.Indicator, w words) match {
	named := func(id string) bool { return string(i.ID) == id || strings.HasPrefix(string(i.ID), id+"/") }
	if slices.ContainsFunc(b.Except, named) {
		return noMatch
	}
	if slices.ContainsFunc(b.Indicators, named) || slices.Contains(b.Indicators, everyIndicator) || i.Twin != "" && slices.Contains(b.Indicators, string(i.Twin)) {
		return byID
	}
	if slices.ContainsFunc(b.spoken, func(s string) bool { return strings.Contains(w.all, s) }) ||
		slices.ContainsFunc(w.names[:], func(name string) bool { return slices.Contains(b.called, name) }) {
		return byWords
	}
	return noMatch
}

var plainSpaces = strings.NewReplacer(locale.NBSP, " ", locale.Thin, " ")

// spoken makes spellings of one name alike: case, kinds of space, digits in groups.
func spoken(s string) string {
	s = strings.ToLower(plainSpaces.Replace(s))
	var out strings.Builder
	for i, r := range s {
		if r == ' ' && i > 0 && i+1 < len(s) && digit(s[i-1]) && digit(s[i+1]) {
			continue
		}
		out.WriteRune(r)
	}
	return out.String()
}

func digit(b byte) bool { return b >= '0' && b <= '9' }

// Holds reports whether the break is in series of a provenance. A download of an unknown day
// has it: what may not be comparable is not compared.
func (b *Break) Holds(p stat.Provenance) bool {
	day := p.Extracted
	if day == "" {
		day = p.Updated
	}
	return day == "" || day > b.After && (b.Until == "" || day <= b.Until)
}

// Rebased is the first year that a provider recalculated between two days of download, as the
// breaks tell it: figures from before that day do not stand beside those from after it. It is 0
// where nothing is known. See snapshot.Content.
func Rebased(all []Break) func(i stat.Indicator, older, newer string) stat.Period {
	return func(i stat.Indicator, older, newer string) stat.Period {
		first, words := stat.Period(0), wordsOf(i)
		for n := range all {
			b := &all[n]
			if b.After == "" || b.Believed() || older > b.After || newer <= b.After || b.concerns(i, words) == noMatch {
				continue
			}
			if y := stat.Period(b.Year); first == 0 || y < first {
				first = y
			}
		}
		return first
	}
}
