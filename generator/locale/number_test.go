package locale

import (
	"math"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

func TestNumber(t *testing.T) {
	for _, c := range []struct {
		v        float64
		decimals int
		want     string
	}{
		{0, 0, "0"},
		{0, 2, "0,00"},
		{math.Copysign(0, -1), 1, "0,0"},
		{13482, 0, "13\u202f482"},
		{999, 0, "999"},
		{1000, 0, "1\u202f000"},
		{1234567.891, 2, "1\u202f234\u202f567,89"},
		{-1.7, 1, "\u22121,7"},
		{-0.04, 1, "0,0"},
		{-0.05, 1, "\u22120,1"},
		{0.5, 0, "1"},
		{1.5, 0, "2"},
		{2.5, 0, "3"},
		{-2.5, 0, "\u22123"},
		{2.675, 2, "2,68"},
		{1.005, 2, "1,01"},
		{0.285, 2, "0,29"},
		{0.045, 2, "0,05"},
		{9.99, 1, "10,0"},
		{999.95, 1, "1\u202f000,0"},
		{99.5, 0, "100"},
		{1e21, 0, "1\u202f000\u202f000\u202f000\u202f000\u202f000\u202f000\u202f000"},
		{47.3, 1, "47,3"},
		{5, -1, "5"},
		{1e-9, 3, "0,000"},
	} {
		if got := Number(c.v, c.decimals); got != c.want {
			t.Errorf("Number(%v, %d) = %q, want %q", c.v, c.decimals, got, c.want)
		}
	}
	for _, c := range []struct {
		v    float64
		want string
	}{{2.14, "+2,1"}, {-2.14, "\u22122,1"}, {0.04, "0,0"}, {-0.04, "0,0"}, {0, "0,0"}} {
		if got := Signed(c.v, 1); got != c.want {
			t.Errorf("Signed(%v, 1) = %q, want %q", c.v, got, c.want)
		}
	}
}

// The printed number is the nearest one with that many decimals, a half going away from
// zero, computed here with exact rationals of the shortest decimal.
func TestNumberRounds(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		decimals := r.IntN(5)
		v := (r.Float64() - 0.5) * math.Pow(10, float64(r.IntN(12)-2))
		if r.IntN(3) == 0 { // exact halves in decimal
			v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'f', decimals, 64)+map[bool]string{true: "5", false: ".5"}[decimals > 0], 64)
		}
		exact, _ := new(big.Rat).SetString(strconv.FormatFloat(v, 'f', -1, 64))
		scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil))
		x := new(big.Rat).Mul(new(big.Rat).Abs(exact), scale)
		x.Add(x, big.NewRat(1, 2))
		n := new(big.Int).Div(x.Num(), x.Denom())
		want := new(big.Rat).Quo(new(big.Rat).SetInt(n), scale)
		if exact.Sign() < 0 {
			want.Neg(want)
		}
		text := strings.NewReplacer(Thin, "", ",", ".", Minus, "-").Replace(Number(v, decimals))
		got, ok := new(big.Rat).SetString(text)
		if !ok || got.Cmp(want) != 0 {
			t.Fatalf("Number(%v, %d) = %s, want %s", v, decimals, text, want.FloatString(decimals))
		}
		if rounded := Number(Round(v, decimals), decimals); rounded != Number(v, decimals) {
			t.Fatalf("Number(Round(%v, %d)) = %s", v, decimals, rounded)
		}
	}
}

func BenchmarkNumber(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Number(-1234567.8914, 1)
	}
}
