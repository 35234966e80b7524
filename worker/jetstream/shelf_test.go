package jetstream_test

import (
	"testing"

	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/workertest"
)

// TestShelf holds the records beside the ledger to the suite.
func TestShelf(t *testing.T) {
	b, err := jetstream.Embed(t.Context(), t.TempDir(), jetstream.Options{Name: "test", Lease: lease, Rendering: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	workertest.ShelfSuite(t, func(*testing.T) workertest.Shelf { return b })
}
