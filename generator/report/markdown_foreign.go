package report

import (
	"bytes"
	"regexp"
	"strings"
)

// leftOver are marks that CommonMark does not know, or that are typed so that it does not take
// them for marks: they would be printed raw. Text from other programs is full of them.
var leftOver = []struct {
	mark       *regexp.Regexp
	what, hint string // %s is the mark
}{
	{regexp.MustCompile(`\^[^\s^]{1,8}\^`), "indeks górny „%s” nie jest obsługiwany", `zapisz go znakiem, na przykład ² lub ³; zwykły znak ^ zapisz \^`},
	{regexp.MustCompile(`\[\^[^\]\s]+\]`), "przypis %s nie ma treści", "dopisz pod tekstem %s: treść"},
	{regexp.MustCompile(`!\[[^\]]*\] ?\([^)]*\)?`), "„%s” nie jest obrazem", `nazwę pliku z odstępami zapisz w nawiasach: ![opis](<nazwa pliku.png>), bez odstępu między nawiasami; zwykły nawias zapisz \[`},
	{regexp.MustCompile(`!\[[^\]]*\]\[[^\]]*\]`), "obraz „%s” nie ma nazwy pliku", "zapisz ![opis](plik.png) albo dopisz pod tekstem [nazwa]: plik.png"},
	{regexp.MustCompile(`\[[^\[\]]*\]\([^)]*\)?`), "„%s” nie jest odsyłaczem", `adres z odstępami zapisz w nawiasach: [tekst](<adres>); zwykły nawias zapisz \[`},
	{regexp.MustCompile(`\[[^\[\]]+\] \((https?:|mailto:|www\.)[^)\s]*\)?`), "„%s” nie jest odsyłaczem", `usuń odstęp między nawiasami; zwykły nawias zapisz \[`},
	{regexp.MustCompile(`\[[^\[\]]+\]\[[^\[\]]*\]`), "odsyłacz %s nie ma adresu", `dopisz pod tekstem: [nazwa]: https://adres, gdzie nazwa to treść drugiego nawiasu, a gdy jest pusty, pierwszego; zwykły nawias zapisz \[`},
	{regexp.MustCompile(`\[[^\[\]]+\]\{[^}]*\}`), "„%s” to zapis programu pandoc i nie jest obsługiwany", `zostaw sam tekst; zwykły nawias zapisz \[`},
	{regexp.MustCompile(`\{[#.][\w-]+[^}]*\}`), "„%s” to zapis programu pandoc i nie jest obsługiwany", `usuń go; zwykły nawias zapisz \{`},
	{regexp.MustCompile(`\*\*[^*]+\*\*|__[^_]+__`), "„%s” nie wyróżnia tekstu", `usuń odstępy między znakami wyróżnienia a tekstem i wstaw je za znakami; zwykłą gwiazdkę zapisz \*`},
	{regexp.MustCompile(`==[^=\s][^=]*==`), "zakreślenie „%s” nie jest obsługiwane", "zapisz **tekst**"},
	{regexp.MustCompile(`\$\$[^$]+\$\$|\$\\\w[^$]*\$`), "wzór „%s” nie jest obsługiwany", "zapisz go zwykłym tekstem albo wstaw jako obraz z opisem"},
}

var (
	// fenced begins or ends a division of pandoc or a note of Obsidian.
	fenced = regexp.MustCompile(`^\s*(:{3,}|%%|\[!\w+\])`)
	// command is a line that tells another program what to do.
	command = regexp.MustCompile(`^\s*(\\[a-zA-Z]{3,}(\{[^}]*\})*|\[\[?_?TOC_?\]?\]|\{\{.*\}\}|\{%.*%\})\s*$`)
	// setting is a line of settings before a text, as YAML or TOML have it.
	setting = regexp.MustCompile(`^(#.*|["']?[\pL_][\pL\d_. -]*["']?\s*[:=](\s.*|$))`)
)

// foreign refuses what stands before a text for other programs: settings as YAML or TOML, the
// title of pandoc.
func (r *reader) foreign() bool {
	all := strings.Split(string(bytes.TrimRight(r.src, "\n")), "\n")
	line := func(i int) string { return strings.TrimRight(all[i], " \t") }
	switch first := line(0); {
	case first == "---" || first == "+++":
		for i := 1; i < len(all); i++ {
			switch s := line(i); {
			case i > 1 && (s == first || first == "---" && s == "..."):
				r.failAt(1, "tekst zaczyna się od ustawień innego programu, od „"+first+"” do „"+s+"”", "usuń je; tytuł rozdziału podaje szablon")
				return true
			case i == 1 && !setting.MatchString(s):
				return false
			}
		}
	case strings.HasPrefix(first, "% ") && len(all) > 1 && strings.HasPrefix(line(1), "%"):
		r.failAt(1, "tekst zaczyna się od tytułu w zapisie programu pandoc (wiersze z „%”)", "usuń je; tytuł rozdziału podaje szablon")
		return true
	}
	return false
}
