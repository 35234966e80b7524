// Package locale writes Polish: numbers, plurals, dates, collation, declension of nouns
// known by rule and the places where a line must not break. It knows no statistics and
// never declines the name of a place.
package locale

import (
	"math"
	"strconv"
	"strings"
)

// Characters of Polish number setting.
const (
	NBSP  = "\u00a0" // between a number and its unit, after one-letter words, before an en dash
	Thin  = "\u202f" // narrow no-break space between groups of three digits
	Minus = "\u2212"
	Dash  = "\u2013" // en dash: ranges, pauses and the GUS sign kreska
)

// Number writes v with the given number of decimals: decimal comma, groups of three from
// four digits up, a real minus sign, and no sign before a zero. It rounds half away from
// zero on the decimal value, so that 2.675 becomes "2,68" although its binary value lies
// below. NaN and infinities are written "NaN" and "Inf"; document.Check refuses them.
func Number(v float64, decimals int) string {
	var buf [40]byte
	return string(AppendNumber(buf[:0], v, decimals))
}

// AppendNumber appends Number(v, decimals) to b.
func AppendNumber(b []byte, v float64, decimals int) []byte {
	if v != v || v-v != 0 {
		return strconv.AppendFloat(b, v, 'f', -1, 64)
	}
	var buf [48]byte
	digits, negative := appendDigits(buf[:0], v, max(decimals, 0))
	if negative {
		b = append(b, Minus...)
	}
	whole := len(digits) - max(decimals, 0)
	for i, d := range digits[:whole] {
		if i > 0 && (whole-i)%3 == 0 {
			b = append(b, Thin...)
		}
		b = append(b, d)
	}
	if whole < len(digits) {
		b = append(b, ',')
		b = append(b, digits[whole:]...)
	}
	return b
}

// Signed writes v as Number does, with a plus before a positive value.
func Signed(v float64, decimals int) string {
	s := Number(v, decimals)
	if v > 0 && strings.ContainsAny(s, "123456789") {
		return "+" + s
	}
	return s
}

// Round gives the value that Number prints.
func Round(v float64, decimals int) float64 {
	if v != v || v-v != 0 {
		return v
	}
	decimals = max(decimals, 0)
	if n, ok := nearly(v, decimals); ok {
		r := float64(n) / powers[decimals]
		if v < 0 && n != 0 {
			r = -r
		}
		return r
	}
	digits, negative := appendDigits(nil, v, decimals)
	s := string(digits[:len(digits)-decimals]) + "." + string(digits[len(digits)-decimals:]) + "0"
	if negative {
		s = "-" + s
	}
	r, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return v
	}
	return r
}

var powers = [...]float64{1, 10, 100, 1000, 1e4, 1e5, 1e6}

// nearly rounds a value that lies clearly to one side of a half, so that its binary form
// cannot mislead: then the nearest whole number of v·10^decimals is the answer.
func nearly(v float64, decimals int) (int64, bool) {
	if decimals >= len(powers) {
		return 0, false
	}
	scaled := math.Abs(v) * powers[decimals]
	if scaled >= 1e11 {
		return 0, false
	}
	whole := math.Floor(scaled)
	if half := scaled - whole - 0.5; half > -1e-3 && half < 1e-3 {
		return 0, false
	} else if half > 0 {
		whole++
	}
	return int64(whole), true
}

// appendDigits appends the digits of v rounded to decimals, without sign and comma and with
// at least one before the comma. It works on the shortest decimal that reads back as v.
// negative is false for a value that rounds to zero.
func appendDigits(b []byte, v float64, decimals int) (digits []byte, negative bool) {
	if n, ok := nearly(v, decimals); ok {
		for m, width := n, 1; width <= decimals; width++ {
			if m /= 10; m == 0 {
				b = append(b, '0')
			}
		}
		return strconv.AppendInt(b, n, 10), v < 0 && n != 0
	}
	s := strconv.FormatFloat(v, 'f', -1, 64)
	s, negative = strings.CutPrefix(s, "-")
	whole, fraction, _ := strings.Cut(s, ".")
	b = append(b, whole...)
	if len(fraction) <= decimals {
		b = append(b, fraction...)
		for range decimals - len(fraction) {
			b = append(b, '0')
		}
	} else {
		b = append(b, fraction[:decimals]...)
		if fraction[decimals] >= '5' {
			b = increment(b)
		}
	}
	return b, negative && strings.Trim(string(b), "0") != ""
}

// increment adds one to a decimal number of ASCII digits.
func increment(digits []byte) []byte {
	for i := len(digits) - 1; i >= 0; i-- {
		if digits[i] < '9' {
			digits[i]++
			return digits
		}
		digits[i] = '0'
	}
	return append([]byte{'1'}, digits...)
}
