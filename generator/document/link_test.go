package document

import "testing"

func TestReachable(t *testing.T) {
	for target, want := range map[string]bool{
		"https://gmina.example/a?b=c&d#e": true, "http://gmina.example": true, "HTTPS://gmina.example": true, "https://gmina.example:8443/": true,
		"mailto:urzad@gmina.example": true, "mailto:a@b.example,c@d.example?subject=Raport%202025": true,
		"https://gmina.example/uchwa%C5%82a%20nr%201": true,

		"": false, "raport.pdf": false, "../b/": false, "/etc/passwd": false, "//gmina.example": false, "www.gmina.example": false, "urzad@gmina.example": false,
		"javascript:alert(1)": false, "JAVASCRIPT:alert(1)": false, "java\tscript:alert(1)": false, " javascript:alert(1)": false, "vbscript:x": false,
		"file:///etc/passwd": false, "data:text/html,x": false, "ftp://gmina.example": false, "https:gmina": false, "https://": false, "http:///a": false,
		"https://gmina.example/a b": false, "https://gmina.example/\n": false, "mailto:": false, "mailto:urzad": false, "https://[::1": false, "tel:112": false,
	} {
		if Reachable(target) != want {
			t.Errorf("%q: want %v", target, want)
		}
	}
	d := &Document{Meta: Meta{Title: "x", Language: "pl", Identifier: "x"}, Cover: Cover{Name: "x"}, Body: []Block{Section{Title: "x", Blocks: []Block{
		Paragraph{Content: []Inline{Link{Target: "raport.pdf", Text: "x"}}},
		List{Items: ItemsOf([]Inline{Link{Target: "javascript:alert(1)", Text: "x"}, LineBreak{}, Link{Target: "https://gmina.example", Text: "x"}})},
	}}}}
	err, _ := Check(d).(Problems)
	if len(err) != 2 || err[0].Rule != "link-address" || err[1].Rule != "link-address" {
		t.Errorf("%v", err)
	}
}

// TestLed leads from the name of a caption to it, and from no other words.
func TestLed(t *testing.T) {
	labels := LabelsOf([]Block{Section{Blocks: []Block{
		Table{ID: "tabela-4-1", Label: "Tabela\u00a04.1"},
		Table{ID: "tabela-4-10", Label: "Tabela\u00a04.10"},
		Figure{ID: "wykres-2", Label: "Wykres\u00a02"},
		Table{Label: "Tabela\u00a04.2"},
	}}})
	for s, want := range map[string]string{
		"Wartości: tabela\u00a04.1.":                         "Wartości: [tabela\u00a04.1](#tabela-4-1).",
		"Tabela\u00a04.10 i wykres\u00a02":                   "[Tabela\u00a04.10](#tabela-4-10) i [wykres\u00a02](#wykres-2)",
		"Zob. tabela\u00a04.2; tabela\u00a04.11; tabela 4.1": "Zob. tabela\u00a04.2; tabela\u00a04.11; tabela 4.1", // without an anchor, of no caption, of another form
		"Bez odesłania.":                                     "Bez odesłania.",
		"":                                                   "",
	} {
		got := ""
		for _, x := range labels.Led(s) {
			switch x := x.(type) {
			case Text:
				got += x.Text
			case Link:
				got += "[" + x.Text + "](" + x.Target + ")"
			}
		}
		if got != want {
			t.Errorf("%q: %q, not %q", s, got, want)
		}
	}
}
