package pdf

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/layout"
)

// digestOnly, set in the environment, makes the test binary print the digest of the sample.
const digestOnly = "RAPORTJST_DIGEST_ONLY"

// TestSameBytes makes the sample in every way that might change it: after other reports,
// in eight goroutines, on one processor and on more, and in another process.
func TestSameBytes(t *testing.T) {
	l := sample(t)
	want := render(t, l, attachedFiles...)
	if os.Getenv(digestOnly) != "" {
		fmt.Printf("digest %x\n", sha256.Sum256(want))
		return
	}
	small := newSetter().l
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for i := range 6 {
				if i%3 == 0 {
					if _, err := Render(small, sampleMeta, nil); err != nil {
						t.Error(err)
					}
				}
				got, err := Render(l, sampleMeta, attachedFiles)
				if err != nil {
					t.Error(err)
				} else if !bytes.Equal(got, want) {
					t.Error("a file differs from the first")
				}
			}
		})
	}
	all.Wait()
	for _, processors := range []string{"1", "3"} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestSameBytes$", "-test.v")
		cmd.Env = append(os.Environ(), digestOnly+"=1", "GOMAXPROCS="+processors, keepIn+"=", veraPDF+"=")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		if digest := fmt.Sprintf("digest %x\n", sha256.Sum256(want)); !strings.Contains(string(out), digest) {
			t.Errorf("with GOMAXPROCS=%s the file differs: %s", processors, out)
		}
	}
}

// TestIdentifier checks that files that differ have identifiers that differ.
func TestIdentifier(t *testing.T) {
	seen := map[any]bool{}
	for i := range 5 {
		s := newSetter()
		s.paragraph(strings.Repeat("a", i+1))
		f := conform(t, render(t, s.l)).f
		seen[f.array(f.trailer["ID"])[0]] = true
	}
	if len(seen) != 5 {
		t.Errorf("5 files have %d identifiers", len(seen))
	}
}

// TestLongReport makes reports of hundreds of pages: 90 000 cells set by hand, and a table
// of 10 000 rows in a document.
func TestLongReport(t *testing.T) {
	if os.Getenv(heavy) == "" {
		t.Skip("long; RAPORTJST_HEAVY=1 runs it")
	}
	t.Run("layout", func(t *testing.T) {
		s := newSetter()
		s.heading(1, "Długa tabela")
		s.table("Tabela 1", 10_000, 9)
		for len(s.l.Pages) < 500 {
			s.paragraph(strings.Repeat("Ludność gminy zmalała. ", 200))
		}
		data, err := Render(s.l, sampleMeta, nil)
		if err != nil {
			t.Fatal(err)
		}
		conform(t, data)
	})
	t.Run("document", func(t *testing.T) {
		d := documenttest.Report()
		d.Body = append(d.Body, document.Section{Title: "Długa tabela", Blocks: []document.Block{documenttest.Rows("rows", 10_000)}})
		write(t, d)
	})
}

// TestFlatMemory makes 3 000 reports, each with a picture of its own, and compares what the
// process holds early and late.
func TestFlatMemory(t *testing.T) {
	if os.Getenv(heavy) == "" {
		t.Skip("long; RAPORTJST_HEAVY=1 runs it")
	}
	const reports, early = 3000, 300
	held := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc + m.StackInuse
	}
	var before uint64
	for i := range reports {
		if i == early {
			before = held()
		}
		s := newSetter()
		s.heading(1, fmt.Sprintf("Gmina %d", i))
		s.table("Tabela 1", 20, 8)
		s.figure("Wykres 1", lineChart(i))
		s.paragraph("Znaki rzadkie: Жыццё " + string(rune('Ѐ'+i%80)))
		s.artifact(layout.Decoration, &graphic.Raster{W: 20, H: 20, Data: picture(t, 20+i%50, 20+i/50%50, false)})
		if _, err := Render(s.l, sampleMeta, nil); err != nil {
			t.Fatal(err)
		}
	}
	if after := held(); after > before+before/10+1<<20 {
		t.Errorf("%d bytes are held after %d reports, %d after %d", after, reports, before, early)
	}
}
