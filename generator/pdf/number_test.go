package pdf

import (
	"math"
	"strconv"
	"testing"
	"unicode/utf8"
)

func TestAppendNumber(t *testing.T) {
	for _, c := range []struct {
		v    float64
		want string
	}{
		{0, "0"},
		{math.Copysign(0, -1), "0"},
		{.004, "0"},
		{-.004, "0"},
		{.005, ".01"},
		{-.5, "-.5"},
		{.25, ".25"},
		{7, "7"},
		{-12.3, "-12.3"},
		{99.999, "100"},
		{595.276, "595.28"},
		{1234.5, "1234.5"},
		{-1000, "-1000"},
		{999_999, "999999"},
	} {
		if got, ok := appendNumber(nil, c.v); !ok || string(got) != c.want {
			t.Errorf("%v is written %q, %v; want %q", c.v, got, ok, c.want)
		}
	}
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e6, -1e6, 9.2e17} {
		if got, ok := appendNumber(nil, v); ok {
			t.Errorf("%v is written %q", v, got)
		}
	}
}

func FuzzNumber(f *testing.F) {
	f.Add(0.0)
	f.Add(-0.996)
	f.Add(841.89)
	f.Fuzz(func(t *testing.T, v float64) {
		b, ok := appendNumber(nil, v)
		if !ok {
			return
		}
		got, err := strconv.ParseFloat(string(b), 64)
		if err != nil || math.Abs(got-v) > .005000001 {
			t.Errorf("%v is written %q, read %v: %v", v, b, got, err)
		}
	})
}

// readBack reads what was written with the reader of the tests.
func readBack(t *testing.T, b []byte) any {
	t.Helper()
	l := &lexer{b: b}
	v, err := l.value()
	if err != nil || l.at != len(b) {
		t.Fatalf("%q is read as %v up to byte %d: %v", b, v, l.at, err)
	}
	return v
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"", "Gmina (miejska)", `a\b`, "Zażółć \r\n gęślą", "\uFFFD", "𝔸 poza płaszczyzną", ")", "\x00", "żółć)(\\"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := readBack(t, appendLiteral(nil, s)); got != str(s) {
			t.Errorf("literal %q is read %q", s, got)
		}
		if s != "" {
			if got := readBack(t, appendName(nil, s)); got != name(s) {
				t.Errorf("name %q is read %q", s, got)
			}
		}
		if !utf8.ValidString(s) {
			return
		}
		if got := text(readBack(t, appendText(nil, s))); got != s {
			t.Errorf("text %q is read %q", s, got)
		}
	})
}
