package pdf

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/document/documenttest"
	"github.com/raportjst/raportjst/generator/graphic"
	"github.com/raportjst/raportjst/generator/layout"
)

var _ generator.Writer = New()

// write makes the file of a document and checks it against its layout and every rule.
func write(t testing.TB, d *document.Document, attached ...generator.Artifact) []byte {
	t.Helper()
	a, err := New().Write(t.Context(), d, "raport-1", attached)
	if err != nil {
		t.Fatal(err)
	}
	if a.Name != "raport-1.pdf" || a.MediaType != "application/pdf" {
		t.Errorf("file is %s, %s", a.Name, a.MediaType)
	}
	keep(t, a.Data)
	c := conform(t, a.Data)
	l, err := layout.Set(d)
	if err != nil {
		t.Fatal(err)
	}
	c.same(l)
	return a.Data
}

// same checks that the file tells what the layout does: the same elements in the same order
// with the same texts.
func (c *conformity) same(l *layout.Layout) {
	c.t.Helper()
	texts := map[*layout.Element]string{}
	for _, p := range l.Pages {
		for _, i := range p.Items {
			if i.Element != nil {
				texts[i.Element] += textOf(i.Ops)
			}
		}
	}
	var want, got []string
	var walk func(e *layout.Element)
	walk = func(e *layout.Element) {
		want = append(want, tagNames[e.Tag]+" "+e.Alt+" "+texts[e])
		for _, k := range e.Kids {
			walk(k)
		}
	}
	walk(l.Root)
	c.tree.walk(func(e *tagged, _ []*tagged) { got = append(got, e.tag+" "+text(e.dict["Alt"])+" "+e.text) })
	for i := range min(len(want), len(got)) {
		if want[i] != got[i] {
			c.t.Errorf("element %d is %q, not %q", i, got[i], want[i])
			return
		}
	}
	if len(want) != len(got) {
		c.t.Errorf("%d elements, not %d", len(got), len(want))
	}
}

// textOf is all text of a display list.
func textOf(ops []graphic.Op) string {
	var b strings.Builder
	for _, op := range ops {
		switch op := op.(type) {
		case *graphic.Text:
			b.WriteString(op.Text)
		case *graphic.Group:
			b.WriteString(textOf(op.Ops))
		case *graphic.Clip:
			b.WriteString(textOf(op.Ops))
		case *graphic.Path, *graphic.Raster, *graphic.Shared:
		}
	}
	return b.String()
}

func TestDocuments(t *testing.T) {
	t.Run("all blocks", func(t *testing.T) { write(t, documenttest.AllBlocks(), attachedFiles...) })
	t.Run("report", func(t *testing.T) { write(t, documenttest.Report()) })
	t.Run("bench", func(t *testing.T) { write(t, benchDocument(benchTopology)) })
	for seed := range uint64(4) {
		t.Run("random", func(t *testing.T) { write(t, documenttest.Random(rand.New(rand.NewPCG(seed, 0)).IntN)) })
	}
}

// FuzzDocument writes documents of any make-up; the bytes choose blocks and numbers.
func FuzzDocument(f *testing.F) {
	f.Add([]byte("abc"))
	f.Add([]byte{0, 200, 3, 255, 17, 90, 4})
	f.Fuzz(func(t *testing.T, choices []byte) {
		at := 0
		write(t, documenttest.Random(func(n int) int {
			if at++; at > len(choices) {
				return 0
			}
			return int(choices[at-1]) % n
		}))
	})
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := New().Write(ctx, documenttest.Report(), "raport", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}
