package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/stat"
)

func classText(cs []document.Class) string {
	var out []string
	for _, c := range cs {
		out = append(out, show(c.Text))
	}
	return strings.Join(out, " | ")
}

func TestClasses(t *testing.T) {
	hundred := make([]float64, 100)
	for i := range hundred {
		hundred[i] = float64(i)*13.7 + 203
	}
	for _, c := range []struct {
		name string
		in   classing
		want string
	}{
		{"quantiles", classing{values: hundred, count: 4}, "poniżej 600 | od 600 do 799 | od 800 do 1'199 | 1'200 i~więcej"},
		{"fixed", classing{values: hundred, fixed: []float64{400, 800}}, "poniżej 400 | od 400 do 799 | 800 i~więcej"},
		{"zero is a limit", classing{values: []float64{-186, -38, 148, 256, 388, 471, 530, 612, 667, 744, 830, 905}, count: 4}, "poniżej 0 | od 0 do 599 | od 600 do 799 | 800 i~więcej"},
		{"decimals", classing{values: []float64{2.5, 3.6, 4.3, 4.4, 4.4, 4.4, 5, 5.1, 5.1, 5.1, 5.4, 5.6}, decimals: 1, count: 4}, "poniżej 4,4 | od 4,4 do 4,9 | 5,0 | 5,1 i~więcej"},
		{"two values", classing{values: []float64{1, 2, 1, 2}, count: 4}, "poniżej 2 | 2 i~więcej"},
		{"all equal", classing{values: []float64{7, 7, 7}, count: 4}, "7"},
		{"none", classing{count: 4}, ""},
		{"natural", classing{values: []float64{1, 2, 3, 100, 101, 102, 500, 501, 900}, count: 4, jenks: true}, "poniżej 100 | od 100 do 499 | od 500 do 899 | 900 i~więcej"},
		{"zeros", classing{values: []float64{0, 0, 0, 0, 1, 2, 3, 8, 9, 20}, count: 4, zero: true}, "0 | od 1 do 2 | od 3 do 8 | 9 i~więcej"},
		{"zeros with decimals", classing{values: []float64{0, 0, 0, 0.4, 1.2, 3, 8}, decimals: 1, count: 3, zero: true}, "0,0 | od 0,1 do 2,9 | 3,0 i~więcej"},
		{"few zeros", classing{values: []float64{0, 1, 2, 3, 8, 9, 20, 21}, count: 3, zero: true}, "poniżej 2 | od 2 do 8 | 9 i~więcej"},
		{"ties", classing{values: []float64{1, 1, 1, 1, 1, 1, 1, 2, 3, 9}, count: 4, zero: true}, "poniżej 2 | 2 | od 3 do 8 | 9 i~więcej"},
	} {
		if got := classText(c.in.classes()); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// Whatever the values: every printed value lies in exactly the class whose words it obeys,
// no class is empty, limits ascend, and zero is a limit where the sign changes.
func TestClassesHold(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for range 3000 {
		n := 1 + r.IntN(60)
		decimals := r.IntN(3)
		scale := math.Pow(10, float64(r.IntN(6)-1))
		c := classing{decimals: decimals, count: 3 + r.IntN(4), jenks: r.IntN(3) == 0, zero: r.IntN(2) == 0}
		counts := r.IntN(3) == 0 // of which many are zero
		for range n {
			v := (r.NormFloat64() + float64(r.IntN(3))) * scale
			if counts {
				v = max(0, math.Round(v))
			}
			c.values = append(c.values, v)
		}
		cs := c.classes()
		if len(cs) == 0 || len(cs) > c.count {
			t.Fatalf("%d classes of %v", len(cs), c)
		}
		filled := make([]int, len(cs))
		low, high := math.Inf(1), math.Inf(-1)
		for _, v := range c.values {
			i := classOf(cs, v, decimals)
			filled[i]++
			p := locale.Round(v, decimals)
			low, high = min(low, p), max(high, p)
			if i > 0 && p < cs[i].Low || i < len(cs)-1 && p >= cs[i].High {
				t.Fatalf("%v in class %q of %s", p, cs[i].Text, classText(cs))
			}
		}
		for i, f := range filled {
			if f == 0 && low >= 0 { // a limit moved to zero may leave a class empty
				t.Fatalf("class %q of %s is empty: %v", cs[i].Text, classText(cs), c.values)
			}
			if i > 0 && cs[i].Low <= cs[i-1].Low {
				t.Fatalf("limits do not ascend: %s", classText(cs))
			}
		}
		if low < 0 && high > 0 && len(cs) > 2 && !slices.ContainsFunc(cs[1:], func(x document.Class) bool { return x.Low == 0 }) {
			t.Fatalf("zero is no limit: %s", classText(cs))
		}
	}
}

// Natural breaks have the least squared deviations of all ways to cut, by trying all.
func TestNaturalBreaks(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	within := func(vs []float64, limits []float64) float64 {
		sum := 0.0
		groups := map[int][]float64{}
		for _, v := range vs {
			g := 0
			for _, l := range limits {
				if v >= l {
					g++
				}
			}
			groups[g] = append(groups[g], v)
		}
		for _, g := range groups {
			mean := 0.0
			for _, v := range g {
				mean += v / float64(len(g))
			}
			for _, v := range g {
				sum += (v - mean) * (v - mean)
			}
		}
		return sum
	}
	for range 300 {
		var vs []float64
		for range 4 + r.IntN(9) {
			vs = append(vs, float64(r.IntN(40)))
		}
		slices.Sort(vs)
		distinct := slices.Compact(slices.Clone(vs))
		if len(distinct) < 3 {
			continue
		}
		got := within(vs, natural(vs, 3))
		best := math.Inf(1)
		for i := 1; i < len(distinct); i++ {
			for j := i + 1; j < len(distinct); j++ {
				best = min(best, within(vs, []float64{distinct[i], distinct[j]}))
			}
		}
		if math.Abs(got-best) > 1e-9 {
			t.Fatalf("natural breaks of %v: %v, best %v", vs, got, best)
		}
	}
}

// Every rule prints itself in words with its n.
func TestGroupWords(t *testing.T) {
	for _, c := range []struct{ group, long, short string }{
		{`rule = "kind-size"
bands = [5000, 10000, 20000, 50000]
min = 10`, "Gminy miejsko-wiejskie o liczbie ludności 10–20 tys. w województwie przykładowym, stan na 31.12.2025 r.", "gminy miejsko-wiejskie o liczbie ludności 10–20 tys. w województwie"},
		{`rule = "kind-size"
bands = [5000, 10000, 20000, 50000]
min = 40`, "Gminy miejsko-wiejskie o liczbie ludności 10–20 tys. w kraju, stan na 31.12.2025 r. W województwie takich jednostek jest mniej niż 40, dlatego grupa obejmuje cały kraj.", "gminy miejsko-wiejskie o liczbie ludności 10–20 tys. w kraju"},
		{`rule = "neighbours"`, "Jednostka opisywana i te, które mają z nią wspólną granicę.", "gmina i gminy sąsiednie"},
		{`rule = "powiat"`, "Wszystkie gminy powiatu wzorcowego.", "gminy powiatu wzorcowego"},
		{`rule = "voivodeship"`, "Gminy miejsko-wiejskie w województwie przykładowym.", "gminy miejsko-wiejskie w województwie"},
		{`rule = "country"`, "Gminy miejsko-wiejskie w kraju.", "gminy miejsko-wiejskie w kraju"},
		{`rule = "list"
name = "gminy członkowskie Związku Gmin Wzorcowych"
members = ["981002", "981003", "981004", "981005"]`, "Gminy członkowskie Związku Gmin Wzorcowych.", "gminy członkowskie Związku Gmin Wzorcowych"},
		{`rule = "structure"
nearest = 6
[group.structure]
"bdl:60559" = 2.0
"bdl:60565" = 1.0`, "Gminy miejsko-wiejskie w kraju najbardziej podobne pod względem struktury, po 6 najbliższych jednostce opisywanej według wskaźników: gęstość zaludnienia (waga 2), ludność w wieku poprodukcyjnym (waga 1). Każdy wskaźnik wystandaryzowano w kraju; odległość to pierwiastek z ważonej sumy kwadratów różnic.", "gminy miejsko-wiejskie w kraju najbardziej podobne pod względem struktury"},
		{`rule = "type"
types = "typy.csv"
types_title = "Typy gmin"`, "Gminy typu „A – podmiejskie” według klasyfikacji „Typy gmin”.", "gminy typu „A – podmiejskie”"},
		{`rule = "type"
types = "inne.csv"
bands = [5000, 10000, 20000, 50000]`, "Gminy miejsko-wiejskie o liczbie ludności 10–20 tys. w województwie przykładowym, stan na 31.12.2025 r. Jednostki nie ma w pliku z typami, dlatego grupę dobrano według rodzaju i wielkości.", "gminy miejsko-wiejskie o liczbie ludności 10–20 tys. w województwie"},
		{`rule = "kind-size"
size = ["bdl:nic"]`, "Gminy miejsko-wiejskie w województwie przykładowym. Liczby ludności jednostki nie ma w danych, dlatego wielkość pominięto.", "gminy miejsko-wiejskie w województwie"},
	} {
		files := ownFiles(map[string]string{
			"lipnica-gorna/report.toml": "id = \"lipnica-gorna\"\nversion = \"1\"\nextends = \"gmina\"\nareas = [\"981001\"]\n[group]\n" + c.group + "\n",
			"lipnica-gorna/typy.csv":    "teryt;typ;nazwa\n981001;A;podmiejskie\n9810023;A;podmiejskie\n981003;B\n981004;A;podmiejskie\n981101;A;podmiejskie\n981102;A;podmiejskie\n",
			"lipnica-gorna/inne.csv":    "teryt;typ\n981002;A\n",
		})
		l := libraryOver(t, files)
		b := builderOf(t, l, "lipnica-gorna", "981001", 2025)
		long, short := strings.NewReplacer("~", " ").Replace(show(b.group.long)), strings.NewReplacer("~", " ").Replace(show(b.group.short))
		if long != c.long || short != c.short {
			t.Errorf("%s\n have %s / %s\n want %s / %s", c.group, long, short, c.long, c.short)
		}
		if !slices.Contains(b.group.codes, "981001") || len(b.group.codes) < 5 {
			t.Errorf("%s: members %v", c.group, b.group.codes)
		}
		for _, m := range mistakes(b.group.long) {
			t.Error(m)
		}
		b.method()
		if n := fmt.Sprintf("Grupa liczy %d", len(b.group.codes)); !strings.Contains(show(b.method()[0].Value), n) {
			t.Errorf("the method lacks %q", n)
		}
	}
}

// A map that shows six areas or more has its classes of them and says so; whatever it shows,
// areas of different values are not all of one class.
func TestMapsTellApart(t *testing.T) {
	check := func(t *testing.T, l *Library, year stat.Period, step int) {
		maps, own := 0, 0
		for _, a := range withData(t, l, year, step) {
			d, err := l.Build(t.Context(), Request{Area: a.Code, Period: year})
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range document.All(d.Body) {
				f, _ := x.(document.Figure)
				m, ok := f.Content.(document.Map)
				if !ok {
					continue
				}
				maps++
				shown, used := 0, 0
				for _, c := range m.Classes {
					shown += c.Count
					used += b2i(c.Count > 0)
				}
				words := strings.Join(f.Notes, " ")
				said := strings.Contains(words, "Granice klas")
				if used < 2 || shown >= 12 && used < 3 && len(m.Classes) > 2 {
					t.Errorf("%s, %s: %d areas in %d of %d classes", a.Code, f.Label, shown, used, len(m.Classes))
				}
				if said {
					own++
				}
				if shown >= ownClasses && strings.Contains(words, "klas wspólne") {
					t.Errorf("%s, %s: the classes of %d areas are those of others", a.Code, f.Label, shown)
				}
			}
		}
		t.Logf("%d maps, %d say whose their classes are", maps, own)
		if maps == 0 || own == 0 {
			t.Error("nothing was looked at")
		}
	}
	t.Run("sample", func(t *testing.T) { check(t, sampleLibrary(t), 2025, 5) })
	t.Run("real", func(t *testing.T) {
		if !heavy() {
			t.Skip("in the heavy run")
		}
		check(t, nationalLibrary(t), 2018, 30)
	})
}
