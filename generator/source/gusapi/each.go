package gusapi

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/source"
)

// Each fetches what belongs to each of the ids. Those with a request that fails are tried
// once more at the end; those that fail again are given with their errors, if the rest
// succeeded at all. Any other error ends it.
func Each(ids []int64, fetch func(id int64) error) (failed map[int64]error, err error) {
	failed = map[int64]error{}
	var again []int64
	for _, id := range ids {
		if err := fetch(id); errors.Is(err, ErrRequest) {
			again = append(again, id)
		} else if err != nil {
			return nil, err
		}
	}
	for _, id := range again {
		if err := fetch(id); errors.Is(err, ErrRequest) {
			failed[id] = err
		} else if err != nil {
			return nil, err
		}
	}
	if len(failed) > 0 && len(failed) == len(ids) {
		return nil, failed[ids[0]]
	}
	return failed, nil
}

// Decimals counts the decimals of the values, up to most: what a provider that does not
// tell the precision shows.
func Decimals(cells []source.Cell, most int) int {
	n := 0
	for _, c := range cells {
		v, _ := c.Value()
		_, fraction, _ := strings.Cut(strconv.FormatFloat(math.Abs(v), 'f', -1, 64), ".")
		n = max(n, len(fraction))
	}
	return min(n, most)
}
