package snapshot

import (
	"fmt"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
)

// toldVintages is how many days or files a fault names.
const toldVintages = 12

// preferable checks that each day and file that the user prefers is that of a series of an
// indicator that comes now: one mistyped would otherwise choose nothing without a word.
func (w *writer) preferable() error {
	if len(w.content.Prefer) == 0 {
		return nil
	}
	come := map[string]bool{}
	for _, s := range w.series {
		come[s.ID] = come[s.ID] || !s.base
	}
	var days, tables []string
	for _, s := range w.series {
		if !come[s.ID] {
			continue
		}
		if s.Extracted != "" && !slices.Contains(days, s.Extracted) {
			days = append(days, s.Extracted)
		}
		if s.Table != "" && !slices.Contains(tables, s.Table) {
			tables = append(tables, s.Table)
		}
	}
	list := func(all []string) string {
		slices.Sort(all)
		if n := len(all); n > toldVintages {
			return strings.Join(all[:toldVintages], ", ") + fmt.Sprintf(" i jeszcze %d", n-toldVintages)
		}
		return strings.Join(all, ", ")
	}
	for _, p := range w.content.Prefer {
		if !slices.Contains(days, p) && !slices.Contains(tables, p) {
			return &fault.Fault{
				Where: "--prefer " + p, What: "żadnych danych nie pobrano tego dnia ani z takiego pliku",
				Hint: "podaj jeden z dni: " + list(days) + " albo jeden z plików: " + list(tables),
			}
		}
	}
	return nil
}
