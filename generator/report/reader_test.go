package report

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
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
		"what is missing":       `1 z 71 wskaźników nie ma wartości za ostatni rok: drogi gminne o nawierzchni twardej ulepszonej\.`,
		"where is the list":     `Pełny wykaz: strona →braki`,
		"what year, whose data": `Rok 2025, stan danych: 15 kwietnia 2026 r\.(.|\n)*Źródło: GUS`,
		"not a judgement":       `nie jest oceną`,
	} {
		if !regexp.MustCompile(answer).MatchString(page) {
			t.Errorf("%s: the page does not say /%s/\n%s", question, answer, page)
		}
	}
}
