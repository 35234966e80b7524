package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestCheckAgreesWithRender makes random templates, right and wrong in everything that a
// user writes: whatever render refuses template check has found, and what template check
// finds on the data render refuses.
func TestCheckAgreesWithRender(t *testing.T) {
	inputs := 4
	if os.Getenv("RAPORTJST_HEAVY") != "" {
		inputs = 200
	}
	seed := uint64(1) // another by RAPORTJST_SEED
	if s := os.Getenv("RAPORTJST_SEED"); s != "" {
		var err error
		if seed, err = strconv.ParseUint(s, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("RAPORTJST_SEED=%d", seed)
	home := t.TempDir()
	refused, made := 0, 0
	for n := range inputs {
		r := templateMaker{rand.New(rand.NewPCG(seed, uint64(n)))}
		own := t.TempDir()
		files := r.template()
		for name, data := range files {
			path := filepath.Join(own, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		try := func(args ...string) (int, string) {
			var out bytes.Buffer
			code := run(context.Background(), append(args, "--home", home, "--templates", own), console{out: &out, err: &out})
			return code, out.String()
		}
		rendered, told := exitDone, ""
		for _, area := range []string{"981001", "981003"} {
			order := []string{"render", "--template", "proba", "--area", area, "--period", "2025", "--out", t.TempDir(), "--attach", "--charts", "svg", "--formats", "pdf,xlsx,html,docx"}
			code, said := try(order...)
			if strings.Contains(said, "--peers") { // the order is at fault, not the template
				code, said = try(append(order, "--peers", "981002")...)
			}
			rendered, told = max(rendered, code), told+said
		}
		checked, found := try("template", "check", "proba", "--period", "2025")
		if rendered != exitDone {
			refused++
		} else {
			made++
		}
		onlyWorst := strings.Contains(found, "najgorszy przypadek") && !strings.Contains(found, "(dane)")
		leftOut := strings.Contains(told, "uwaga: plik "+filepath.Join(own, "proba", "praktyki.csv")) // of a report that is made without it
		if rendered != exitDone && checked == exitDone || rendered == exitDone && checked != exitDone && !onlyWorst && !leftOut {
			t.Errorf("input %d: render exits with %d:\n%s\ntemplate check with %d:\n%s\n%s", n, rendered, told, checked, found, files["proba/report.toml"])
		}
	}
	t.Logf("%d of %d inputs are refused", refused, inputs)
	if seed == 1 && (refused == 0 || made == 0) {
		t.Errorf("%d inputs are refused, %d are made: one of the two is not tried", refused, made)
	}
	if inputs >= 200 && (refused < inputs/5 || refused > inputs*4/5) {
		t.Errorf("%d of %d inputs are refused: they try too little", refused, inputs)
	}
}

// templateMaker makes the files of random templates.
type templateMaker struct{ *rand.Rand }

func (r templateMaker) odds(n int) bool { return r.IntN(n) == 0 }

func (r templateMaker) of(all ...string) string { return all[r.IntN(len(all))] }

// words is a text as people paste it.
func (r templateMaker) words() string {
	return r.of("Drogi", "Plany i\u00a0zamiary", "Ście\u00adżki\u2011rowerowe", "Żłobki\ti szkoły", "Cel ✓ \uf0b7", strings.Repeat("bardzo długi tytuł ", 30), strings.Repeat("x", 500),
		"<b>Tytuł</b>", "„Cytat” & spółka", "\u202eodwrotnie", "5 %", "2019 \uf0e0 2020 \uf0fc", "**Cel** i ** cel **", "{jednostka} w {rok}", "{nieznane}", "A")
}

func (r templateMaker) id() string {
	return strconv.Quote(r.of("bdl:76973", "bdl:72305", "smup:4060", "smup:9403", "bdl:76037", "bdl:60565", "bdl:P2137/ogolem/ogolem", "bdl:60559", "own:nieznany", "bdl:1"))
}

func (r templateMaker) ids() string {
	var out []string
	for range 1 + r.IntN(3) {
		out = append(out, r.id())
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// template is the files of a template: about half of them have something wrong.
func (r templateMaker) template() map[string][]byte {
	files := map[string][]byte{}
	var b strings.Builder
	fmt.Fprintf(&b, "id = \"proba\"\nversion = \"1.0\"\nareas = [\"981001\", \"981003\"]\n")
	if !r.odds(8) {
		fmt.Fprintf(&b, "extends = %q\n", r.of("gmina", "gmina", "gmina", "gmina", "gmina", "gmina", "gmina", "porownanie", "porownanie", "gmian"))
	}
	if r.odds(4) {
		fmt.Fprintf(&b, "omit = [%q]\n", r.of("finanse", "ludnosc", "nie-ma"))
	}
	if r.odds(6) {
		fmt.Fprintf(&b, "max_age = %d\n", r.IntN(12)-3)
	}
	if r.odds(5) {
		fmt.Fprintf(&b, "[cover]\ntitle = [%q]\n", r.words())
		if r.odds(2) {
			name, data := r.picture()
			files["proba/"+name] = data
			fmt.Fprintf(&b, "logo = %q\n", name)
			if !r.odds(4) {
				fmt.Fprintf(&b, "logo_alt = %q\n", r.words())
			}
		}
	}
	if r.odds(5) {
		fmt.Fprintf(&b, "[group]\nrule = %q\n", r.of("neighbours", "powiat", "voivodeship", "country", "kind-size", "list", "type", "children", "structure"))
		if r.odds(3) {
			fmt.Fprintf(&b, "members = [%q]\n", r.of("981002", "981003", "999999", "x"))
		}
		if r.odds(3) {
			fmt.Fprintf(&b, "bands = %s\n", r.of("[5000, 10000]", "[10000, 5000]", "[]"))
		}
	}
	for i := range r.IntN(3) {
		fmt.Fprintf(&b, "[[chapter]]\nid = \"c%d\"\ntitle = %q\nindicators = %s\n", i, r.words(), r.ids())
		if r.odds(3) {
			fmt.Fprintf(&b, "area = %q\n", r.of("Edukacja", "Drogownictwo i transport", "Nie ma"))
		}
		if r.odds(2) {
			name := fmt.Sprintf("t%d.md", i)
			fmt.Fprintf(&b, "text = %q\n", name)
			if !r.odds(10) {
				files["proba/"+name] = []byte(r.markdown(files))
			}
		}
		for range r.IntN(3) {
			r.block(&b)
		}
	}
	files["proba/report.toml"] = []byte(b.String())
	if r.odds(4) {
		files["proba/praktyki.csv"] = []byte("tytuł;jednostka;opis;link;kod\n" + r.of("Żłobek;Gmina X;\"Opis\nw dwóch wierszach\";;\n", "a;b;c;ftp://x;\n", ";;;;\n", "a;b;c;https://x.pl;9810\n", "a;b;c;;981\n", "a;b\n"))
	}
	return files
}

func (r templateMaker) block(b *strings.Builder) {
	kind := r.of("trend", "years", "strips", "map", "ranking", "structure", "pyramid", "facts", "multiples", "slope", "waterfall", "scatter", "service", "matrix", "league", "practices", "trend", "map", "ranking", "years", "strips", "trend", r.of("mapa", "map"))
	fmt.Fprintf(b, "[[chapter.block]]\nkind = %q\n", kind)
	if r.odds(2) {
		fmt.Fprintf(b, "indicator = %s\n", r.ids())
	}
	if r.odds(2) || kind == "structure" || kind == "scatter" || kind == "multiples" {
		fmt.Fprintf(b, "indicators = %s\n", r.ids())
	}
	if r.odds(3) {
		fmt.Fprintf(b, "title = %q\n", r.words())
	}
	if r.odds(4) {
		fmt.Fprintf(b, "breaks = %s\n", r.of("[1, 2, 3]", "[3, 2, 1]", "[1]", "[0, 0]", "[-1e300, 1e300]"))
	}
	if r.odds(4) {
		fmt.Fprintf(b, "scope = %q\n", r.of("powiat", "neighbours", "voivodeship", "country", "children", "group", "powiat", "country", r.of("group", "wszystko")))
	}
	if kind == "waterfall" {
		fmt.Fprintf(b, "steps = %s\n", r.of(`["bdl:76070", "+bdl:76071", "=bdl:76037"]`, `["bdl:76037"]`, `["+bdl:76037", "bdl:1"]`, `[""]`, `["bdl:76037", "-"]`))
	}
	if kind == "pyramid" {
		fmt.Fprintf(b, "left = %q\nright = %q\n", r.of("bdl:P2137/{wiek}/mezczyzni", "bdl:x", ""), r.of("bdl:P2137/{wiek}/kobiety", "bdl:y"))
	}
}

// markdown is a text of random pieces of the language.
func (r templateMaker) markdown(files map[string][]byte) string {
	var b strings.Builder
	for range 1 + r.IntN(5) {
		switch r.IntN(15) {
		case 0:
			b.WriteString("# " + r.words() + "\n\n")
		case 1:
			b.WriteString("- a\n- " + r.words() + "\n\n")
		case 2:
			b.WriteString("1. a\n   - b\n     - c\n\n")
		case 3:
			b.WriteString("| a | b |\n|---|---|\n| 1 234,5 | " + r.of("x", "", "a | b") + " |\n\n")
		case 4:
			b.WriteString(r.of("<b>x</b>\n\n", "<script>\n\n", "<!-- x -->\n\n"))
		case 5:
			b.WriteString("[odnośnik](" + r.of("https://example.pl", "javascript:x", "plik.pdf", "mailto:a@b.pl", "") + ")\n\n")
		case 6:
			name, data := r.picture()
			if !r.odds(5) {
				files["proba/"+name] = data
			}
			b.WriteString("![" + r.of("opis", "") + "](" + name + ")\n\n")
		case 7:
			b.WriteString(r.of("```\nkod\n```\n\n", "> cytat\n\n", "---\n\n", "~~skreślone~~\n\n", "tekst[^1]\n\n[^1]: przypis\n\n", "tekst[^brak]\n\n"))
		case 8:
			b.WriteString(r.of("\xff\xfe", "\x00", "a\x07b\n\n", "\ufeff"))
		case 9:
			b.WriteString("###### " + r.words() + "\n\n####### x\n\n")
		case 10:
			b.WriteString(r.of("[x](#finanse)\n\n", "[x](#ludnosc) i [y](#metoda)\n\n", "[x](#c1)\n\n", "[x](#nie-ma)\n\n", "[x](#tabela-2.1)\n\n", "[x][y]\n\n", "[x][y]\n\n[y]: https://example.pl\n\n", "[x] (https://example.pl)\n\n"))
		case 11:
			b.WriteString(r.of("- [ ] a\n- [x] b\n\n", "\\newpage\n\n", "::: uwaga\na\n:::\n\n", "| a | b |\n| 1 | 2 |\n\n", "[a]{.underline}\n\n", "![opis](plik z odstępem.png)\n\n", "a | b\n\n", "[1] i {2}\n\n"))
		case 12:
			if b.Len() == 0 {
				b.WriteString(r.of("---\ntitle: x\n---\n\n", "---\n\ntekst\n\n", "% Tytuł\n% Autor\n\n", "+++\na = 1\n+++\n"))
			}
		default:
			b.WriteString(r.words() + ". **Ważne** i *inne*.\n\n")
		}
	}
	return b.String()
}

// picture is a picture, or what calls itself one.
func (r templateMaker) picture() (string, []byte) {
	img := image.NewRGBA(image.Rect(0, 0, 1+r.IntN(40), 1+r.IntN(40)))
	img.Set(0, 0, color.RGBA{200, 30, 30, 255})
	var b bytes.Buffer
	switch r.IntN(6) {
	case 0:
		_ = jpeg.Encode(&b, img, nil)
		return "obraz.jpg", b.Bytes()
	case 1:
		_ = png.Encode(&b, img)
		return "obraz.png", b.Bytes()[:b.Len()/2]
	case 2:
		return "obraz.png", []byte("to nie jest obraz")
	case 3:
		return "obraz.png", nil
	}
	_ = png.Encode(&b, img)
	return r.of("obraz.png", "obraz.jpg", "obraz.gif"), b.Bytes()
}
