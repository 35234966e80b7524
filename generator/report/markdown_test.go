package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"golang.org/x/net/html"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/normal"
	"github.com/raportjst/raportjst/generator/photo"
)

// read reads a text as a chapter of a template does.
func readMarkdown(src string, files fs.FS) ([]document.Block, error) {
	labels := map[string]int{}
	text, err := plainUTF8("x.md", []byte(src))
	if err != nil {
		return nil, err
	}
	r := reader{src: []byte(normal.Lines(string(text))), name: "x.md", files: files, notes: "przypis-1-", prepare: new(photo.Store).Prepare, label: func(kind string) string {
		labels[kind]++
		return kind + " " + strings.Repeat("i", labels[kind])
	}}
	return r.read()
}

func dumpBlocks(blocks []document.Block) string {
	p := &printer{}
	p.blocks(0, blocks)
	s := strings.NewReplacer(locale.NBSP, "~", locale.Thin, "'").Replace(p.b.String())
	s = strings.ReplaceAll(s, " {}", "")
	return strings.TrimSuffix(strings.TrimSuffix(s, "\n\n"), "\n")
}

// What is claimed of CommonMark 0.31, section by section, and of the tables of GitHub.
func TestMarkdown(t *testing.T) {
	files := fstest.MapFS{"herb.png": {Data: picture}, "Rynek zimą.png": {Data: picture}, "img/a(1).png": {Data: picture}}
	for _, c := range []struct{ name, src, want string }{
		// 2.4 Backslash escapes
		{"escapes", `1\. stycznia, \*nie kursywa\*, ul. Kr\_1, 2 \< 3, C:\dane, \[x\], \\`, `P0 1.~stycznia, *nie kursywa*, ul.~Kr_1, 2 < 3, C:\dane, [x], \`},
		{"escaped heading", `\# 5 gmin`, "P0 # 5~gmin"},
		{"escaped entity", `\&amp; &amp;copy;`, "P0 &amp; &copy;"},
		// 2.5 Entities
		{"entities", `R&amp;D, A&nbsp;B, &copy; 2025, &bdquo;cytat&rdquo;, &#8222;x&#x201d;, &nieznana;`, "P0 R&D, A~B, © 2025, „cytat”, „x”, &nieznana;"},
		{"entity is no mark", `&#42;a&#42; &#35; x`, "P0 *a* # x"},
		// 6.1 Code spans
		{"code", "kolumna `a\\*b &amp;` i ``c`d``", "P0 kolumna a\\*b &amp; i c`d"},
		// 6.7 Hard line breaks
		{"spaces", "Urząd Gminy  \nul. Główna 1  \n62-000 Miasto", "P0 Urząd Gminy⏎ul.~Główna 1⏎62-000 Miasto"},
		{"backslash", "Urząd Gminy\\\nMiasto", "P0 Urząd Gminy⏎Miasto"},
		{"html", "Urząd<br>Gminy<br />Miasto", "P0 Urząd⏎Gminy⏎Miasto"},
		{"soft", "Urząd\nGminy", "P0 Urząd Gminy"},
		{"windows", "Urząd\r\nGminy  \r\nMiasto\r\n", "P0 Urząd Gminy⏎Miasto"},
		{"unseen", "nieza\u00ADleż\u00ADny gospo&shy;darczy gmi\u200Bna z\u0307o\u0301łć pieszo\u2011rowerowy&#10;x", "P0 niezależny gospodarczy gmina żółć pieszo\u2011rowerowy x"},
		{"bom", "\uFEFF# Tytuł\n\nTekst", "# Tytuł\n  P0 Tekst"},
		// 6.3 Links, 4.7 definitions, 6.5 autolinks
		{"link", `[link](https://example.pl/?a=1&amp;b=2)`, "P0 [link](https://example.pl/?a=1&b=2)"},
		{"escaped link", `[a](https://example.pl/a\_b\(c\))`, "P0 [a](https://example.pl/a_b(c))"},
		{"polish address", `[a](<https://example.pl/uchwała nr 1>)`, "P0 [a](https://example.pl/uchwa%C5%82a%20nr%201)"},
		{"reference", "[Strona][s], [s] i [inna][]\n\n[s]: https://example.pl \"tytuł\"\n[inna]: <https://example.org>", "P0 [Strona](https://example.pl), [s](https://example.pl) i [inna](https://example.org)"},
		{"autolinks", "<https://example.pl/a?b=c&d> <urzad@gmina.example>", "P0 [https://example.pl/a?b=c&d](https://example.pl/a?b=c&d) [urzad@gmina.example](mailto:urzad@gmina.example)"},
		{"mail", "[napisz](mailto:urzad@gmina.example?subject=Raport)", "P0 [napisz](mailto:urzad@gmina.example?subject=Raport)"},
		{"anchor", "[finanse](#finanse)", "P0 [finanse](#finanse)"},
		{"no link", "[tekst] (w nawiasie) [1]", "P0 [tekst] (w~nawiasie) [1]"},
		// 5.3 Lists
		{"start", "5. piąty\n6. szósty", "5. piąty\n6. szósty"},
		{"bracket", "1) a\n2) b", "1. a\n2. b"},
		{"loose", "- a\n\n  b\n- c", "- a⏎b\n- c"},
		{"nested", "- a\n  - b\n  - c\n\n    dalej *c*\n- d\n", "- a\n  - b\n  - c⏎dalej c\n- d"},
		{"nested numbers", "3. a\n   1. b\n   2. c\n      - [d](https://x.example)\n4. e\n   * f\n\n   5) g\n", "3. a\n  1. b\n  2. c\n    - [d](https://x.example)\n4. e\n  - f\n  5. g"},
		{"pandoc's nested", "-   a\n\n    -   b\n\n        1.  c\n\n-   d\n", "- a\n  - b\n    1. c\n- d"},
		{"nested by a tab", "* a\n\t* b\n* c", "- a\n  - b\n- c"},
		{"nested in a quote", "> - a\n>   - b", "RAMKA \n  - a\n    - b"},
		{"two lists", "- a\n\n<!-- -->\n\n- b", "- a\n- b"},
		// Dates and places that CommonMark takes for lists
		{"date", "1. stycznia 2023 r. otwarto *szkołę*.", "P0 1.~stycznia 2023~r. otwarto szkołę."},
		{"year", "Tekst.\n\n2023. Był to rok\n\n## A\n\n105) tys. zł\n\n<!-- -->\n\n30. Września zamknięto basen.", "P0 Tekst.\nP0 2023.~Był to rok\n# A\n  P0 105)~tys.~zł\n  P0 30.~Września zamknięto basen."},
		{"emphasised date", "15. **maja** otwarto", "P0 15.~maja otwarto"},
		{"one item", "1. Szkoła", "1. Szkoła"},
		{"item beside its number", "3)  Szkoła\n4)\tDom\n5)\n   Most", "3. Szkoła\n4. Dom\n5. Most"},
		// Lists as Word puts them on the clipboard
		{"pasted", "Wstęp:\n•\tPierwszy\n•\tDrugi\no\tPodpunkt\n▪\tGłębiej\n•\tTrzeci\n\n· punkt\n· drugi\n\n§\tznak", "P0 Wstęp:\n- Pierwszy\n- Drugi\n  - Podpunkt\n    - Głębiej\n- Trzeci\n- punkt\n- drugi\n- znak"},
		{"no list", "o tym\n\n§ 5 ust. 2\n\n– nie lista\n\na) sam", "P0 o~tym\nP0 § 5~ust.~2\nP0 – nie lista\nP0 a) sam"},
		{"wrapped", "Gmina leży nad Wartą\n– największą rzeką, od\n15. wieku.", "P0 Gmina leży nad Wartą~– największą rzeką, od 15.~wieku."},
		{"tab", "kwota:\t100 `a\tb` [x\ty](https://x.example)", "P0 kwota: 100 a~b [x y](https://x.example)"},
		// 6.4 Images
		{"image", `![Rynek \*](herb.png "Rynek &amp; ratusz")`, "RYSUNEK Rysunek i | Rynek & ratusz |  [document.Image]\n  alt: Rynek *"},
		{"image by reference", "![Rynek]\n\n[rynek]: <Rynek zimą.png> 'Rynek zimą'", "RYSUNEK Rysunek i | Rynek zimą |  [document.Image]\n  alt: Rynek"},
		{"image with percent", "![Rynek](Rynek%20zim%C4%85.png)", "RYSUNEK Rysunek i | Rynek |  [document.Image]\n  alt: Rynek"},
		{"image with escapes", `![Rynek](./img/a\(1\).png)`, "RYSUNEK Rysunek i | Rynek |  [document.Image]\n  alt: Rynek"},
		// Footnotes
		{"footnotes", "Ludność[^gus] i~dochody[^2], znów[^gus].\n\n[^2]: Za\n    Ministerstwem.\n\n[^gus]: Dane *GUS*.\n\n    Drugi akapit.\n\nDalej.", "P0 Ludność[^przypis-1-1] i~dochody[^przypis-1-2], znów[^przypis-1-1].\nP0 Dalej.\nPRZYPIS 1 Dane GUS.⏎Drugi akapit.\nPRZYPIS 2 Za Ministerstwem."},
		{"escaped footnote", `tekst\[^1\] i 2\^3\^`, "P0 tekst[^1] i~2^3^"},
		// Tables
		{"cells", "| A\\|B | Liczba |\n|---|---:|\n| R&amp;D \\* | 1 |\n| x | |\n| sam |", "TABELA Tabela i | Zestawienie | \n  | A|B | Liczba\n  | R&D * | 1\n  | x | \n  | sam | \n  Źródło: dane własne."},
		{"numbers", "|a|b|c|d|e|\n|---|---|---|:---|---|\n|1|250000|2019|5678|1,50|\n|2|−12,5|2020|1|+3|\n|3|-|2021|2|12%|", "TABELA Tabela i | Zestawienie | \n  | a | b | c | d | e\n  | 1 | 250'000 | 2019 | 5678 | 1,50\n  | 2 | −12,5 | 2020 | 1 | +3\n  | 3 | - | 2021 | 2 | 12%\n  Źródło: dane własne."},
		{"no numbers", "|a|b|c|\n|---|---|---|\n|1|1.234|007|\n|2|5|9|", "TABELA Tabela i | Zestawienie | \n  | a | b | c\n  | 1 | 1.234 | 007\n  | 2 | 5 | 9\n  Źródło: dane własne."},
		{"caption", "Tabela: Drogi *gminne*\n\n|a|\n|---|\n|1|", "TABELA Tabela i | Drogi gminne | \n  | a\n  | 1\n  Źródło: dane własne."},
		// 5.1 Block quotes, 4.2 headings
		{"quote", "> Uwaga \\*\n>\n> - a", "RAMKA \n  P0 Uwaga *\n  - a"},
		{"headings", "## Nagłówek R&amp;D \\#1\n\na\n\nDrugi\n---\n\nb", "# Nagłówek R&D #1\n  P0 a\n# Drugi\n  P0 b"},
	} {
		blocks, err := readMarkdown(c.src, files)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := dumpBlocks(blocks); strings.TrimSpace(got) != strings.TrimSpace(c.want) {
			t.Errorf("%s: have\n%s\nwant\n%s", c.name, got, c.want)
		}
		if p := faults(blocks); p != "" {
			t.Errorf("%s: %s", c.name, p)
		}
	}
}

// Fields are filled as in titles, not behind a backslash nor in code; one that there is not is
// refused, for it would be printed raw.
func TestMarkdownFields(t *testing.T) {
	read := func(src string) ([]document.Block, error) {
		r := reader{src: []byte(src), name: "x.md", fields: strings.NewReplacer("{rok}", "2019", "{nazwa}", "Gmina A&B")}
		return r.read()
	}
	blocks, err := read("# Rok {rok}\n\nW {rok} r. {nazwa}, \\{rok\\}, \\{rok}, `{rok}` i **{rok}** oraz [{rok}](https://x.example/{rok}), { rok }, {1}")
	want := "# Rok 2019\n  P0 W~2019~r. Gmina A&B, {rok}, {rok}, {rok} i 2019 oraz [2019](https://x.example/2019), { rok }, {1}"
	if got := strings.TrimSpace(dumpBlocks(blocks)); err != nil || got != want {
		t.Errorf("%v\n%s\nwant\n%s", err, got, want)
	}
	if _, err := read("a\n\nb {gmina}"); err == nil || !strings.Contains(err.Error(), "x.md, wiersz 3: nie ma pola „{gmina}” – pola tekstu to {rok}") {
		t.Error(err)
	}
}

// faults are the problems that the check of a document finds, but for links into the rest
// of a report.
func faults(blocks []document.Block) string {
	var out []string
	d := &document.Document{
		Meta: document.Meta{Title: "x", Language: "pl-PL", Identifier: "x"}, Cover: document.Cover{Name: "x"},
		Body: []document.Block{document.Section{ID: "x", Title: "x", Blocks: blocks}},
	}
	if err := document.Check(d); err != nil {
		for _, p := range err.(document.Problems) {
			if p.Rule != "link-target" && p.Rule != "section-depth" { // a text may link anywhere
				out = append(out, p.Rule+": "+p.What)
			}
		}
	}
	return strings.Join(out, "\n")
}

// Numbers of a table are numbers for every writer, and stand as numbers do.
func TestMarkdownNumbers(t *testing.T) {
	blocks, err := readMarkdown("|a|b|c|\n|---|---|---:|\n|x|1 234,50|ok. 5|\n|y|–||", nil)
	if err != nil {
		t.Fatal(err)
	}
	table := blocks[0].(document.Table)
	n := table.Rows[0].Cells[1].Number
	if n == nil || n.Value != 1234.5 || n.Decimals != 2 || !n.Present || n.Text != "1\u202f234,50" {
		t.Errorf("%+v", n)
	}
	if table.Columns[1].Kind != document.NumberColumn || table.Columns[2].Kind != document.NumberColumn || table.Rows[0].Cells[2].Number != nil {
		t.Errorf("%+v", table)
	}
	if c := table.Rows[1].Cells[2]; !c.Blank || c.Number != nil || c.Text != nil {
		t.Errorf("an empty cell is %+v", c)
	}
}

// What a report cannot hold is refused with its line.
func TestMarkdownLines(t *testing.T) {
	files := fstest.MapFS{"a.svg": {Data: []byte("<svg xmlns='x'/>")}, "b.jpg": {Data: []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00")}, "c.jpg": {Data: []byte("\xff\xd8\xff\xe0")}}
	for src, want := range map[string]string{
		"- a\n  - b\n    - c\n      - d\n":        "x.md, wiersz 4: lista zagnieżdżona głębiej niż na 3 poziomy",
		"- a\n  - b\n\n  c\n":                     "x.md, wiersz 4: tekst pod listą zagnieżdżoną",
		"- a\n- - b\n":                            "x.md, wiersz 2: pusta pozycja",
		"a\n\n1. b\n\n   > c\n":                   "x.md, wiersz 5: lista może zawierać tylko tekst i listy",
		"- a\n-\n":                                "x.md, wiersz 2: pusta pozycja",
		"1. stycznia\n\n15. maja\n\n30. września": "x.md, wiersz 3: numer „15.” zostałby wydrukowany jako „2.”",
		"3. miejsce\n3. miejsce":                  `x.md, wiersz 2: numer „3.” zostałby wydrukowany jako „4.”, bo pozycje listy numeruje się kolejno od pierwszej – popraw numery listy albo, gdy to data lub zdanie, wstaw po liczbie odwrotny ukośnik: „3\. miejsce …”`,
		"100) tys. zł\n105) tys. zł":              "x.md, wiersz 2: numer „105)” zostałby wydrukowany jako „101.”",
		"- a\n  1. b\n  1. c":                     "x.md, wiersz 3: numer „1.”",
		"- 1. b\n  3. c":                          "x.md, wiersz 2: numer „3.”",
		"– a\n– b":                                "x.md, wiersz 2: wiersz zaczyna się od „–”, a zlałby się z poprzednim",
		"Są:\n– a":                                "x.md, wiersz 2: wiersz zaczyna się od „–”",
		"a) x\nb) y":                              "x.md, wiersz 2: wiersz zaczyna się od „b)”",
		"Plan:\n2023. rok":                        "x.md, wiersz 2: wiersz zaczyna się od „2023.”",
		"I. x\nII. y":                             "x.md, wiersz 2: wiersz zaczyna się od „II.”",
		"A\tB\nc\t1\nd\t2":                        "x.md, wiersz 2: wiersze z tabulatorami zlałyby się",
		"0. a\n":                                  "wiersz 1: lista numerowana od zera",
		"a\n\nb ~~c~~\n":                          "x.md, wiersz 3: przekreślenie",
		"H~2~O":                                   "indeks dolny znakiem",
		"a\nm^2^ b":                               "x.md, wiersz 2: indeks górny „^2^”",
		"a[^1]":                                   "przypis [^1] nie ma treści",
		"a\n\n[^x]: b":                            "x.md, wiersz 3: do przypisu [^x] nie prowadzi żaden odnośnik",
		"a[^1]\n\n[^1]: - b":                      "przypis może zawierać tylko tekst",
		"# a[^1]\n\n[^1]: b":                      "nagłówek zawiera odsyłacz lub przypis",
		"a\n\n## [b](https://x.example)":          "x.md, wiersz 3: nagłówek zawiera odsyłacz",
		"[a](javascript:alert(1))":                "„javascript:alert(1)” nie prowadzi",
		"a\n[b](JavaScript&colon;alert(1))":       "x.md, wiersz 2: odsyłacz",
		"[a](java&#x73;cript:alert(1))":           "nie prowadzi",
		"[a](<java\tscript:alert(1)>)":            "nie prowadzi",
		"<javascript:alert(1)>":                   "nie prowadzi",
		"[a](file:///etc/passwd)":                 "nie prowadzi",
		"[a](data:text/html,x)":                   "nie prowadzi",
		"[a](raport.pdf)":                         "„raport.pdf” nie prowadzi z raportu",
		"[a](../b/)":                              "nie prowadzi",
		"[a](//x.example)":                        "nie prowadzi",
		"[a](ftp://x.example)":                    "nie prowadzi",
		"[a](https:b)":                            "nie prowadzi",
		"[a](www.x.example)":                      "zapisz https://www.x.example",
		"[a](u@x.example)":                        "zapisz mailto:u@x.example",
		"[a][b]\n\n[b]: vbscript:x":               "nie prowadzi",
		"|a|b|\n|---|---|\n|1|2|\n|1|2|3|\n":      "x.md, wiersz 4: wiersz tabeli ma komórek: 3, a kolumn jest 2",
		"|a|b|c|\n|---|---|\n|1|2|\n":             "x.md, wiersz 2: tabela ma inną liczbę kolumn",
		"|[a](https://x.example)|\n|---|\n":       "nagłówek kolumny zawiera odsyłacz",
		"a\n\n+---+---+\n| a | b |\n+---+---":     "x.md, wiersz 3: tabela w zapisie programu pandoc",
		"a b\n\n----- -----\n1     2":             "x.md, wiersz 3: tabela w zapisie programu pandoc",
		"![A](a.svg)":                             "to rysunek SVG",
		"![A](b.jpg)":                             "HEIC",
		"![A](c.jpg)":                             "uszkodzony lub ucięty",
		"a\n\nb ![A](a.png){width=3in}":           "x.md, wiersz 3: obraz w środku tekstu",
		"<!-- a --> b":                            "znaczniki HTML",
		"a\n\xb3\xf3dka":                          "x.md, wiersz 2: plik nie jest tekstem w UTF-8; wygląda na Windows-1250",
		"\xff\xfea\x00":                           "UTF-16",
	} {
		_, err := readMarkdown(src, files)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", src, err, want)
		}
	}
}

// web turns Markdown into HTML as the library does, which the examples of the CommonMark
// specification hold.
var web = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Footnote, extension.Strikethrough))

// agree compares what a text says with what it says as a web page; it reports whether the
// text is one that a report can hold.
func agree(t *testing.T, src string) bool {
	t.Helper()
	blocks, err := readMarkdown(src, fstest.MapFS{"a.png": {Data: picture}})
	if err != nil {
		return false
	}
	if p := faults(blocks); p != "" {
		t.Errorf("%q: %s", src, p)
	}
	var page bytes.Buffer
	if err := web.Convert(pasted([]byte(normal.Lines(src))), &page); err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(&page)
	if err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		for _, a := range n.Attr {
			if n.Data == "a" && a.Key == "class" { // marks of footnotes
				return
			}
			if n.Data == "a" && a.Key == "href" {
				want.WriteString("<" + a.Val + ">")
			}
		}
		if n.Type == html.ElementNode && n.Data == "ol" {
			want.WriteString(kept(n))
		}
		if n.Type == html.TextNode {
			want.WriteString(n.Data)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	if got, want := squeezed(said(blocks)), squeezed(normal.Lines(want.String())); got != want {
		t.Errorf("%q:\nhave %q\nwant %q", src, got, want)
	}
	return true
}

// kept is the number of a list that is printed as a sentence.
func kept(list *html.Node) string {
	for up := list.Parent; up != nil; up = up.Parent {
		if up.Data == "li" || len(up.Attr) > 0 && up.Attr[0].Val == "footnotes" {
			return ""
		}
	}
	number := 1
	for _, a := range list.Attr {
		number, _ = strconv.Atoi(a.Val)
	}
	items, under, text := 0, false, ""
	for n := range list.Descendants() {
		switch {
		case n.Data == "li":
			items++
		case n.Data == "ul", n.Data == "ol":
			under = true
		case n.Type == html.TextNode:
			text += n.Data
		}
	}
	if items == 1 && !under && numberedText(number, strings.TrimSpace(text)) {
		return fmt.Sprint(number, ".")
	}
	return ""
}

// said is all text of blocks, links with their addresses.
func said(blocks []document.Block) string {
	var b strings.Builder
	inlines := func(in []document.Inline) {
		for _, i := range in {
			switch i := i.(type) {
			case document.Text:
				b.WriteString(i.Text)
			case document.Link:
				b.WriteString("<" + i.Target + ">" + i.Text)
			}
		}
	}
	for _, x := range blocks {
		switch x := x.(type) {
		case document.Section:
			b.WriteString(x.Title + said(x.Blocks))
		case document.Paragraph:
			inlines(x.Content)
		case document.List:
			for _, i := range x.Items {
				inlines(i.Text)
				for _, l := range i.Under {
					b.WriteString(said([]document.Block{l}))
				}
			}
		case document.NoteBox:
			b.WriteString(said(x.Blocks))
		case document.Note:
			inlines(x.Content)
		case document.Table:
			if x.Title != "Zestawienie" {
				b.WriteString(captionOf + x.Title)
			}
			for _, c := range x.Columns {
				b.WriteString(c.Head)
			}
			for _, r := range x.Rows {
				for _, c := range r.Cells {
					if c.Number != nil {
						b.WriteString(c.Number.Text)
					}
					inlines(c.Text)
				}
			}
		}
	}
	return b.String()
}

// squeezed leaves out spaces, which line breaking changes, and unifies the minus signs.
func squeezed(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return -1
		case r == '−' || r == '–':
			return '-'
		case r == ')': // behind the number of a list, which a web page does not hold
			return '.'
		}
		return r
	}, s)
}

// The examples of the CommonMark specification say the same in a report as on a web page,
// or are refused. The library carries them with its source.
func TestCommonMark(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/yuin/goldmark").Output()
	if err != nil {
		t.Skip("the source of the Markdown library is not here: ", err)
	}
	src, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "_test", "spec.json"))
	if err != nil {
		t.Skip("the Markdown library came without the examples of the specification: ", err)
	}
	var examples []struct{ Markdown string }
	if err := json.Unmarshal(src, &examples); err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, e := range examples {
		if agree(t, e.Markdown) {
			read++
		}
	}
	t.Logf("%d of %d examples stand in a report, the others are refused", read, len(examples))
	if read < 200 {
		t.Errorf("only %d of %d examples were read", read, len(examples))
	}
}

// Texts that offices wrote with other programs.
func TestMarkdownCases(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "shared", "cases", "markdown")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("there is no folder ../shared/cases/markdown beside the project")
	}
	src, err := os.ReadFile(filepath.Join(dir, "escapes", "esc", "o.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = readMarkdown(string(src), nil)
	if err == nil || !strings.Contains(err.Error(), "x.md, wiersz 9: przekreślenie") || strings.Contains(err.Error(), "\n") {
		t.Errorf("struck text: %v", err)
	}
	blocks, err := readMarkdown(strings.ReplaceAll(string(src), "~~", ""), nil)
	if err != nil {
		t.Fatal(err)
	}
	soft, err := os.ReadFile(filepath.Join(dir, "soft-hyphen", "shy", "o.md"))
	if err != nil {
		t.Fatal(err)
	}
	more, err := readMarkdown(string(soft), nil)
	if err != nil {
		t.Fatal(err)
	}
	got := dumpBlocks(append(blocks, more...))
	for _, want := range []string{
		"*nie kursywa*, 1.~stycznia, encje: R&D, A~B, © 2025, „cytat”, „x”, ul.~Kr_1, 2 < 3.",
		"(https://example.pl/?a=1&b=2)", "Urząd Gminy⏎ul.~Główna 1⏎62-000 Miasto", "przypis[^przypis-1-1].", "PRZYPIS 1 Treść przypisu.",
		"niezależny, gospodarczy. Zerowa: gmina, abcd, abcd. Składane: żółć.", "Sołectwo niezależne", "Łódź | 1'234",
		"# Nagłówek R&D #1", "| A|B | Liczba", "| R&D * | 1",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("want %q in\n%s", want, got)
		}
	}
}

func FuzzMarkdown(f *testing.F) {
	f.Add(ownText)
	f.Add("# a\n### b\n## c\n\n| a |\n|---|\n| |\n")
	f.Add("* a\n\n  b\n\n<x>\n\n![a](b)")
	f.Add("1\\. a&amp;b[^1] [c](https://d.example/?e&amp;f)  \n<g@h.example>\n\n[^1]: i")
	f.Add("|a|b|\n|---|---:|\n|1 234,5|−2|\n\n5. x\n\n> y\\\n> z")
	f.Fuzz(func(t *testing.T, src string) { agree(t, src) })
}
