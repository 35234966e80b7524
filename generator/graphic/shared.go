package graphic

import (
	"sync"

	"github.com/raportjst/raportjst/generator/look"
)

// Base is paths that many pictures show, such as the borders of a voivodeship under all its
// maps. It is immutable: its address stands for it, and what a writer makes of it is kept
// with it.
type Base struct {
	Paths []Path
	kept  sync.Map
}

// Kept returns what was made of the base under a key, and makes it where nothing was. What
// is made must follow from the base alone: the same whether it was kept or not. Safe for
// concurrent use; of two that make it at once one is kept.
func (b *Base) Kept(key any, make func() any) any {
	v, ok := b.kept.Load(key)
	if !ok {
		v, _ = b.kept.LoadOrStore(key, make())
	}
	return v
}

// Shared draws a base: its first paths, as many as Tint has, filled with Fills[Tint[n]], all
// others as they are. Where Tint[n] is negative, others draw over the path, which may be
// left out or white. It does not matter in which order tinted paths are drawn.
type Shared struct {
	Base  *Base
	Tint  []int
	Fills []look.Color
}

func (*Shared) op() {}

// Fill is the colour of the n-th path.
func (s *Shared) Fill(n int) look.Color {
	if n >= len(s.Tint) {
		return s.Base.Paths[n].Fill
	}
	if k := s.Tint[n]; k >= 0 {
		return s.Fills[k]
	}
	return look.White
}

// Expand gives the same as plain paths: those of one tint make one, in order of tint, and
// the others follow.
func (s *Shared) Expand() []Op {
	var out []Op
	made := make([]*Path, len(s.Fills))
	points := make([]int, len(made))
	for i, k := range s.Tint {
		if k >= 0 {
			points[k] += len(s.Base.Paths[i].Outline.Coords) / 2
		}
	}
	for i, k := range s.Tint {
		if k < 0 || len(s.Base.Paths[i].Outline.Segments) == 0 {
			continue
		}
		if made[k] == nil {
			p := s.Base.Paths[i]
			p.Outline, p.Fill = Outline{}, s.Fill(i)
			p.Outline.Grow(points[k])
			made[k] = &p
		}
		made[k].Outline.Append(s.Base.Paths[i].Outline)
	}
	for _, p := range made {
		if p != nil {
			out = append(out, p)
		}
	}
	for i := len(s.Tint); i < len(s.Base.Paths); i++ {
		if len(s.Base.Paths[i].Outline.Segments) > 0 {
			out = append(out, &s.Base.Paths[i])
		}
	}
	return out
}
