package layout

// slab hands out values from chunks: a report has thousands of texts, elements and cells,
// and one allocation for each would cost more than setting them.
type slab[T any] struct{ free []T }

const chunk = 256

// one returns a new zero value.
func (s *slab[T]) one() *T {
	if len(s.free) == 0 {
		s.free = make([]T, chunk)
	}
	v := &s.free[0]
	s.free = s.free[1:]
	return v
}

// list returns n new zero values.
func (s *slab[T]) list(n int) []T {
	if n > len(s.free) {
		s.free = make([]T, max(n, chunk))
	}
	v := s.free[:n:n]
	s.free = s.free[n:]
	return v
}
