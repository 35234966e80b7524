package report

import "testing"

// BenchmarkSuspected looks for changes of territory in all real data, which the first report of
// a process waits for.
func BenchmarkSuspected(b *testing.B) {
	l := nationalLibrary(b)
	set, err := l.data.Load(b.Context(), l.checks.Needs()...)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		l.checks.find(l.breaks, set)
	}
}
