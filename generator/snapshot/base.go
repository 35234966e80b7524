package snapshot

import (
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/stat"
)

// takeOver adds the series of the base to those that are written. Where the register has
// changed their codes are looked up.
func (w *writer) takeOver() {
	b := w.content.Base
	if b == nil {
		return
	}
	for _, rows := range b.meta {
		for _, r := range rows {
			w.series = append(w.series, series{indicatorRow: r, from: b.parquet, base: true})
		}
	}
	now := source.Renamed(w.content.Register)
	moves, changed := map[stat.AreaCode]stat.AreaCode{}, false
	for _, a := range b.register.Areas() {
		to := a.Code
		if c, renamed := now[a.Code]; renamed {
			to = c
		}
		if _, known := w.content.Register.Index(to); !known {
			to = ""
		}
		moves[a.Code] = to
		changed = changed || to != a.Code
	}
	if changed {
		w.moves = moves
	}
}

// sound checks the bytes of a series of the base, so that no damage is taken over.
func (w *writer) sound(s series) error {
	if !s.base {
		return nil
	}
	if err := w.content.Base.part(Part{s.Offset, s.Length, s.SHA256}); err != nil {
		return w.content.Base.fault("nie można odczytać wskaźnika "+s.ID, err)
	}
	return nil
}

// move gives the cells of the base the codes of the register. Those of areas that are no
// more are left out.
func (w *writer) move(s series, cells []source.Cell) []source.Cell {
	out := cells[:0]
	for _, c := range cells {
		to := w.moves[c.Area]
		if to == "" {
			w.gone[c.Area]++
			continue
		}
		c.Area = to
		out = append(out, c)
	}
	out, clashes := source.Settle(out)
	if len(clashes) > 0 {
		w.warn("wskaźnik "+s.ID, "dwa kody jednej jednostki mają różne wartości, pominięto je, na przykład "+string(clashes[0].Area), len(clashes))
	}
	return out
}

// warnGone tells of the figures of areas that the register has no more.
func (w *writer) warnGone() {
	var codes []string
	n := 0
	for c, cells := range w.gone {
		codes, n = append(codes, string(c)), n+cells
	}
	if n > 0 {
		slices.Sort(codes)
		w.warn("zbiór wyjściowy", "pominięto wartości jednostek, których nie ma już w rejestrze: "+strings.Join(codes, ", "), n)
	}
}

// withoutReplaced leaves out what the base has of a file that comes again: of the same
// name and day, with other content.
func withoutReplaced(all []series) []series {
	return slices.DeleteFunc(slices.Clone(all), func(old series) bool {
		return old.base && slices.ContainsFunc(all, func(s series) bool {
			return !s.base && s.Table == old.Table && s.Extracted == old.Extracted && s.Extracted != "" && s.Digest != old.Digest
		})
	})
}
