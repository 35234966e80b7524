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
	negative, whole, fraction := round(v, max(decimals, 0))
	if negative {
		b = append(b, Minus...)
	}
	for i, d := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b = append(b, Thin...)
		}
		b = append(b, byte(d))
	}
	if fraction != "" {
		b = append(b, ',')
		b = append(b, fraction...)
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
	if n, ok := nearly(v, max(decimals, 0)); ok {
		r := float64(n) / powers[max(decimals, 0)]
		if v < 0 && n != 0 {
			r = -r
		}
		return r
	}
	negative, whole, fraction := round(v, max(decimals, 0))
	s := whole + "." + fraction + "0"
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

// round works on the shortest decimal that reads back as v. negative is false for a value
// that rounds to zero.
func round(v float64, decimals int) (negative bool, whole, fraction string) {
	if n, ok := nearly(v, decimals); ok {
		var buf [24]byte
		digits := strconv.AppendInt(buf[:0], n, 10)
		for len(digits) <= decimals {
			digits = append(digits, 0)
			copy(digits[1:], digits)
			digits[0] = '0'
		}
		s := string(digits)
		return v < 0 && n != 0, s[:len(s)-decimals], s[len(s)-decimals:]
	}
	s := strconv.FormatFloat(v, 'f', -1, 64)
	s, negative = strings.CutPrefix(s, "-")
	whole, fraction, _ = strings.Cut(s, ".")
	if len(fraction) <= decimals {
		fraction += strings.Repeat("0", decimals-len(fraction))
	} else {
		up := fraction[decimals] >= '5'
		digits := []byte(whole + fraction[:decimals])
		if up {
			digits = increment(digits)
		}
		whole, fraction = string(digits[:len(digits)-decimals]), string(digits[len(digits)-decimals:])
	}
	if strings.Trim(whole, "0") == "" && strings.Trim(fraction, "0") == "" {
		negative = false
	}
	return negative, whole, fraction
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
