package table

import (
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/source"
)

// decimals are those that the figures have, at most six. Figures that do not end, as a
// quotient does not, keep four digits that count.
func decimals(cells []source.Cell) int {
	n := 0
	for _, c := range cells {
		v, ok := c.Value()
		if !ok {
			continue
		}
		d := places(v, 15)
		if d > 6 {
			d = min(places(v, 4), 6)
		}
		n = max(n, d)
	}
	return n
}

// places counts the decimals of a number that is rounded to so many digits.
func places(v float64, digits int) int {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', digits, 64), 64)
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(strconv.FormatFloat(rounded, 'f', -1, 64), ".")
	return len(after)
}
