package choropleth

import (
	"testing"

	"github.com/raportjst/raportjst/generator/graphic"
)

// TestRoomKept finds the same room from memory, also once memory was full.
func TestRoomKept(t *testing.T) {
	box := graphic.Box{X0: 10, Y0: 5, X1: 70, Y1: 45}
	s := shape{rings: []ring{{10, 5, 70, 5, 70, 45, 40, 20, 10, 45}}, box: box}
	g := &ground{shapes: []shape{s, s}, rows: make([][][]interval, 2), frame: graphic.Box{X1: 100, Y1: 100}}
	alone := s.room(s.rows(&cutting{}))
	for round := range 2 {
		for n := range keptRooms + 1 {
			g.roomOf(1)(3, float64(n)/keptRooms)
		}
		for _, size := range [][2]float64{{20, 8}, {3, 3}, {59, 4}, {80, 80}} {
			for range 2 {
				x, y, scale := g.roomOf(0)(size[0], size[1])
				if wx, wy, w := alone(size[0], size[1]); x != wx || y != wy || scale != w {
					t.Errorf("round %d, %v: %v %v %v, want %v %v %v", round, size, x, y, scale, wx, wy, w)
				}
			}
		}
	}
	if len(g.rooms) > keptRooms {
		t.Errorf("%d rooms are kept, want %d at most", len(g.rooms), keptRooms)
	}
}
