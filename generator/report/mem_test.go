package report

import (
	"context"
	"runtime"
	"testing"
)

// The memory of a library stays flat over ever new lists of peers.
func TestMemory(t *testing.T) {
	if !heavy() {
		t.Skip("set RAPORTJST_HEAVY=1 to build over a thousand reports")
	}
	l := sampleLibrary(t)
	var codes []string
	for _, a := range l.data.Register.Areas() {
		if len(a.Code) == 6 {
			codes = append(codes, string(a.Code))
		}
	}
	used := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	half := uint64(0)
	const n = 1200
	for i := range n {
		var peers []string
		for k, c := range codes {
			if uint32(i*len(codes)+k)*2654435761>>30 == 0 { // another quarter each time
				peers = append(peers, c)
			}
		}
		if _, err := l.Build(context.Background(), Request{Area: "981001", Period: 2025, Peers: append(peers, codes[i%len(codes)])}); err != nil {
			t.Fatal(err)
		}
		if i == n/2 {
			half = used()
		}
	}
	end := used()
	t.Logf("%d MB after %d reports, %d MB after %d; %d groups", half>>20, n/2, end>>20, n, len(l.sets))
	if end > half+(60<<20) { // what the caches may hold
		t.Errorf("memory grows: %d MB, then %d MB", half>>20, end>>20)
	}
}
