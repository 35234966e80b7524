package report

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/layout"
	"github.com/raportjst/raportjst/generator/stat"
)

// A reader with one minute: the summary page of a gmina answers, without turning the page,
// how many people live there and where that is going, whether its finances lie above or
// below those of similar gminas, what stands out and what is missing.
func TestReader(t *testing.T) {
	l := sampleLibrary(t)
	d, err := l.Build(context.Background(), Request{Area: "981001", Period: 2025})
	if err != nil {
		t.Fatal(err)
	}
	p := &printer{}
	for _, b := range d.Body {
		if s := b.(document.Section); s.ID == "najwazniejsze" {
			p.blocks(0, s.Blocks)
		}
	}
	page := strings.NewReplacer("~", " ", "'", "").Replace(show(p.b.String()))
	for question, answer := range map[string]string{
		"how many people":       `gmina liczyła 13482 osoby`,
		"where is it going":     `o [0-9]+,[0-9]% mniej niż w 2020 r\.; mediana zmiany w grupie: −[0-9]+,[0-9]%`,
		"income against others": `Dochody ogółem gminy wyniosły [0-9]+ zł na 1 mieszkańca.*mediana grupy: [0-9]+ zł`,
		"above or below":        `Dochody ogółem na 1 mieszkańca \| [0-9]+ \| zł, 2025 \| (Powyżej|Poniżej|Wśród 25%|Równa)`,
		"similar to whom":       `gminy miejsko-wiejskie o liczbie ludności 10–20 tys\. w województwie \(n = 14\)`,
		"what stands out":       `USTALENIA Sześć ustaleń`,
		"the furthest":          `\| 1\. z 14 →|\| 14\. z 14 →`,
		"what is missing":       `15 z 71 wskaźników nie ma wartości za 2025 r\. Dla 14 wskaźników najnowszy jest rok 2024\. Dla 1 wskaźnika najnowszy jest rok 2023\.`,
		"where is the list":     `Pełny wykaz: strona →braki`,
		"what year, whose data": `Rok 2025, stan danych: 15 kwietnia 2026 r\.(.|\n)*Źródło: GUS`,
		"not a judgement":       `nie jest oceną`,
	} {
		if !regexp.MustCompile(answer).MatchString(page) {
			t.Errorf("%s: the page does not say /%s/\n%s", question, answer, page)
		}
	}
}

// summaryOf is the summary of a report, which takes one page.
func summaryOf(t *testing.T, l *Library, r Request) document.Section {
	t.Helper()
	d, err := l.Build(context.Background(), r)
	if err != nil {
		t.Fatalf("%s: %v", r.Area, err)
	}
	onePage(t, string(r.Area), d)
	for _, b := range d.Body {
		if s := b.(document.Section); s.ID == "najwazniejsze" {
			return s
		}
	}
	t.Fatalf("%s: no summary", r.Area)
	return document.Section{}
}

// The same reader finds the answers in the summary of every gmina: the number of people and
// its change, or that it is missing and what is shown instead; where the finances lie in the
// group, or that the group is too small to say; the findings; what is missing.
func TestReaderEverywhere(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: the same reports again and again")
	}
	t.Run("sample", func(t *testing.T) {
		l := sampleLibrary(t)
		for _, a := range l.data.Register.Areas() {
			if gmina(a) && !silentIn(t, l, a.Code, 2025) {
				checkSummary(t, summaryOf(t, l, Request{Area: a.Code, Period: 2025}), a, "liczba ludności")
			}
		}
	})
	t.Run("real", func(t *testing.T) {
		l := realLibrary(t)
		n := 0
		for i, a := range l.data.Register.Areas() {
			if !gmina(a) || i%97 != 0 && !heavy() || silentIn(t, l, a.Code, 2018) {
				continue
			}
			n++
			checkSummary(t, summaryOf(t, l, Request{Area: a.Code, Period: 2018}), a, "brak ludności")
		}
		if n < 20 {
			t.Errorf("only %d gminas", n)
		}
	})
}

// The summary takes one page at every level, and says once what holds for most of its findings.
func TestSummaryTakesOnePage(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: the same reports again and again")
	}
	l := nationalLibrary(t)
	step := map[int]int{2: 3, 4: 13, 6: 97} // by digits of the code
	made, agreed := map[stat.Kind]int{}, 0
	for i, a := range l.data.Register.Areas() {
		if a.Kind == stat.KindCountry || !heavy() && a.Kind != stat.KindCity && i%step[len(a.Code)] != 0 {
			continue
		}
		for _, year := range []stat.Period{2010, 2018, 2020, 2023} {
			if silentIn(t, l, a.Code, year) {
				continue
			}
			made[a.Kind]++
			page := show(fmt.Sprint(summaryOf(t, l, Request{Area: a.Code, Period: year})))
			for _, y := range regexp.MustCompile(`Dane sprzed~?.?(\d{4})`).FindAllStringSubmatch(page, -1) {
				agreed++
				if regexp.MustCompile(`porównywalne od.{1,3}` + y[1]).MatchString(page) {
					t.Errorf("%s in %d says again and again that data are comparable from %s on", a.Code, year, y[1])
				}
			}
		}
	}
	t.Log("summaries:", made, "with a start in the lead:", agreed)
	for _, k := range []stat.Kind{stat.KindVoivodeship, stat.KindPowiat, stat.KindCity, stat.KindUrban, stat.KindRural} {
		if made[k] == 0 {
			t.Error("no summary of kind", k)
		}
	}
	if agreed == 0 {
		t.Error("no lead says from which year changes are told")
	}
}

func gmina(a stat.Area) bool {
	return a.Kind == stat.KindUrban || a.Kind == stat.KindRural || a.Kind == stat.KindUrbanRural
}

// silentIn reports an area of which the data hold nothing.
func silentIn(t *testing.T, l *Library, code stat.AreaCode, p stat.Period) bool {
	t.Helper()
	return NoData(l.Accept(t.Context(), Request{Area: code, Period: p}))
}

func checkSummary(t *testing.T, s document.Section, a stat.Area, what string) {
	t.Helper()
	fail := func(format string, args ...any) {
		t.Errorf("%s %s: %s", a.Code, a.Name, fmt.Sprintf(format, args...))
	}
	p := &printer{}
	p.blocks(0, s.Blocks)
	page := strings.NewReplacer("~", " ", "'", "").Replace(show(p.b.String()))
	says := func(question, answer string) {
		if !regexp.MustCompile(answer).MatchString(page) {
			fail("%s: the page does not say /%s/\n%s", question, answer, page)
		}
	}
	small := strings.Contains(page, "dlatego nie podano median ani miejsc")
	switch what {
	case "liczba ludności":
		says("how many people", `gmina liczyła [0-9]+ os(oba|oby|ób)|7[01] z 71 wskaźników nie ma wartości`)
		says("where is it going", `Ludność \| [0-9]+ \| os.*od [0-9]{4} r\.: ([−+]?[0-9,]+%|bez zmian|brak danych|zmiana metody)|7[01] z 71 wskaźników nie ma wartości`)
	default:
		says("that population is missing", `Ludność: brak danych, podano wskaźnik „Gęstość zaludnienia”`)
		says("what stands in for it", `Gęstość zaludnienia \| [0-9]+ \|.*od 201[3-8] r\.`) // later where its borders changed
	}
	if !small {
		says("finances against others", `Dochody (ogółem )?na (1 )?mieszkańca \| [0-9]+ \| zł, [0-9]{4} \| (Powyżej mediany|Poniżej mediany|Wśród 25%|Równa medianie|Miejsce [0-9]+\. z [5-7] )|7[01] z 71 wskaźników nie ma wartości`)
		says("similar to whom", `Punkt odniesienia: .* \(n = [0-9]+\)`)
	}
	findings := 0
	every(&document.Document{Body: []document.Block{s}}, func(b document.Block) {
		if f, ok := b.(document.Findings); ok {
			findings = len(f.Items)
		}
	})
	if findings < 3 || findings > 7 { // few where the data hold eight indicators
		fail("%d findings", findings)
	}
	says("what is missing", `Czego brakuje`)
	says("the list of what is missing, or that nothing is", `wszystkie mają wartości|Pełny wykaz: strona →braki`)
	says("whose data", `Źródło: GUS`)
}

// onePage holds that the reader need not turn the page: all of the summary stands on one.
func onePage(t *testing.T, area string, d *document.Document) {
	t.Helper()
	l, err := layout.Set(d)
	if err != nil {
		t.Fatalf("%s: %v", area, err)
	}
	inside := map[*layout.Element]bool{}
	var enter func(e *layout.Element)
	enter = func(e *layout.Element) {
		inside[e] = true
		for _, k := range e.Kids {
			enter(k)
		}
	}
	for _, e := range l.Root.Kids {
		if e.Title == "Najważniejsze informacje" {
			enter(e)
		}
	}
	pages := map[int]bool{}
	for n, p := range l.Pages {
		for _, x := range p.Items {
			if inside[x.Element] {
				pages[n] = true
			}
		}
	}
	if len(pages) != 1 {
		t.Errorf("%s: the summary takes %d pages", area, len(pages))
	}
}
