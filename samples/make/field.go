package main

// field tells which gmina owns each cell, by its place in the list of gminas.
type field [rows][columns]int

// clean makes every gmina one piece without holes of nobody's land. Owners below keep never
// gain or lose a cell. n is the number of owners.
func (f *field) clean(keep, n int) {
	for f.tidy(keep, n) || f.fill(keep) {
	}
}

// fill gives land-locked water to a gmina beside it and reports whether it did.
func (f *field) fill(keep int) bool {
	var sea [rows][columns]bool
	stack := [][2]int{{0, 0}}
	sea[0][0] = true
	for len(stack) > 0 {
		c := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, s := range sides(c[0], c[1]) {
			if s[0] >= 0 && s[1] >= 0 && s[0] < columns && s[1] < rows && f[s[1]][s[0]] == outside && !sea[s[1]][s[0]] {
				sea[s[1]][s[0]] = true
				stack = append(stack, s)
			}
		}
	}
	changed := false
	for y := range rows {
		for x := range columns {
			if f[y][x] == outside && !sea[y][x] {
				for _, s := range sides(x, y) {
					if v := f.at(s[0], s[1]); v >= keep {
						f[y][x], changed = v, true
					}
				}
			}
		}
	}
	return changed
}

// tidy gives cells cut off from the main body of their gmina to a neighbour and reports
// whether it changed anything. Cells that touch only at a corner would make a border cross
// itself, so these are filled as well.
func (f *field) tidy(keep, n int) bool {
	changed := false
	var mark [rows][columns]int
	size := []int{0}
	for y := range rows {
		for x := range columns {
			if f[y][x] < keep || mark[y][x] != 0 {
				continue
			}
			id := len(size)
			size = append(size, 0)
			stack := [][2]int{{x, y}}
			mark[y][x] = id
			for len(stack) > 0 {
				c := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				size[id]++
				for _, s := range sides(c[0], c[1]) {
					if f.at(s[0], s[1]) == f[y][x] && mark[s[1]][s[0]] == 0 {
						mark[s[1]][s[0]] = id
						stack = append(stack, s)
					}
				}
			}
		}
	}
	largest := make([]int, n)
	for y := range rows {
		for x := range columns {
			if o := f[y][x]; o >= keep && size[mark[y][x]] > size[largest[o]] {
				largest[o] = mark[y][x]
			}
		}
	}
	for y := range rows {
		for x := range columns {
			o := f[y][x]
			if o < keep || mark[y][x] == largest[o] {
				continue
			}
			for _, s := range sides(x, y) {
				if v := f.at(s[0], s[1]); v != o && (v == outside || v >= keep) {
					f[y][x], changed = v, true
					break
				}
			}
		}
	}
	for y := 0; y+1 < rows; y++ {
		for x := 0; x+1 < columns; x++ {
			a, b, c, d := &f[y][x], &f[y][x+1], &f[y+1][x], &f[y+1][x+1]
			if *a != *d || *a == *b || *a == *c {
				a, b, c, d = b, a, d, c // the other diagonal
			}
			if *a != *d || *a == *b || *a == *c {
				continue
			}
			if *b != outside && *b < keep {
				b = c
			}
			*b, changed = *a, true
		}
	}
	return changed
}

func sides(x, y int) [4][2]int { return [4][2]int{{x + 1, y}, {x - 1, y}, {x, y + 1}, {x, y - 1}} }

func (f *field) at(x, y int) int {
	if x < 0 || y < 0 || x >= columns || y >= rows {
		return outside
	}
	return f[y][x]
}
