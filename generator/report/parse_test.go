package report

import (
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	const good = `id = "x"
version = "1"
kinds = [
  "powiat",
  "powiatt",
]
[group]
rule = "kind-sizes"
[[chapter]]
id = "a"
title = "A"
[[chapter.block]]
kind = "trend"
[[chapter]]
id = "b"
[[chapter.block]]
kind = "trent"
[[chapter.block]]
indicators = ["a"]
`
	for _, c := range []struct {
		name, src string
		want      []string
	}{
		{"values", good, []string{
			`plik.toml, wiersz 5: nieznana wartość „powiatt” klucza „kinds[1]” – czy chodziło o „powiat”?`,
			`plik.toml, wiersz 8: nieznana wartość „kind-sizes” klucza „group.rule” – czy chodziło o „kind-size”?`,
			`plik.toml, wiersz 14: brak klucza „chapter[1].title”`,
			`plik.toml, wiersz 17: nieznana wartość „trent” klucza „chapter[1].block[0].kind” – czy chodziło o „trend”?`,
			`plik.toml, wiersz 18: brak klucza „chapter[1].block[1].kind”`,
		}},
		{"keys", "id=\"x\"\n[groop]\n[[chapter]]\nid=\"a\"\ntitel=\"A\"\n", []string{
			`plik.toml, wiersz 2: nieznany klucz „groop” – czy chodziło o „group”?`,
			`plik.toml, wiersz 5: nieznany klucz „chapter.titel” – czy chodziło o „title”?`,
		}},
		{"far", "id=\"x\"\nzzzzzzzz=1\n", []string{`wiersz 2: nieznany klucz „zzzzzzzz” – dozwolone klucze: id, version,`}},
		{"syntax", "id = \"x\nversion=1\n", []string{"plik.toml, wiersz 1, kolumna"}},
		{"type", "id = \"x\"\nversion = 1\n", []string{"plik.toml, wiersz 2, kolumna", "version"}},
		{"twice", "id = \"x\"\nid = \"y\"\n", []string{"plik.toml, wiersz 2", "stoi dwa razy"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := parse("plik.toml", []byte(c.src), &Template{})
			if err == nil {
				t.Fatal("no error")
			}
			for _, w := range c.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("error lacks %q:\n%v", w, err)
				}
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("id = \"x\"\nversion = \"1\"\n[[chapter]]\nid=\"a\"\ntitle=\"A\"\nblock=[{kind=\"x\"}]\n"))
	f.Add([]byte("a.b.c = [[1,2],{x=1}]\n[[a]]\n[a.b]\nx=1"))
	f.Fuzz(func(t *testing.T, src []byte) {
		if err := parse("x", src, &Template{}); err != nil && err.Error() == "" {
			t.Error("empty message")
		}
		lines(src)
	})
}
