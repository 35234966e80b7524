package jetstream_test

import (
	"errors"
	"os"
	"testing"
	"time"

	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/workertest"
)

// TestEmbeddedServerOutlivesAFullDisk fills the disk under an embedded server: it takes nothing,
// and takes everything again once there is room, for the process itself and for one that has
// joined, with all that was acknowledged before.
func TestEmbeddedServerOutlivesAFullDisk(t *testing.T) {
	if os.Getenv("RAPORTJST_HEAVY") == "" {
		t.Skip("mounts a disk; set RAPORTJST_HEAVY=1")
	}
	disk := workertest.NewDisk(t, 40)
	b, err := jetstream.Embed(t.Context(), disk.Dir, jetstream.Options{Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	other, err := jetstream.Join(t.Context(), disk.Dir, jetstream.Options{Name: "other"})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	place := func(b *jetstream.Broker, period int) error {
		order := worker.Order{Title: "Gmina", Spec: worker.Spec{Period: period}, Members: []worker.Member{{Area: "981001", Name: "Gmina"}}}
		batch, items := worker.Edition{Data: "zbiór", Generator: "test", Template: func(string) string { return "1" }}.Plan(order, time.Now().UTC())
		_, created, err := b.Place(t.Context(), batch, items)
		if err == nil && !created {
			return errors.New("the batch is there already")
		}
		return err
	}
	if err := place(b, 2023); err != nil {
		t.Fatal(err)
	}
	for range 2 { // more than once
		disk.Fill()
		if err := b.Ready(t.Context()); err == nil {
			t.Fatal("ready on a full disk")
		}
		disk.Free()
		for _, x := range []*jetstream.Broker{b, other} {
			for end := time.Now().Add(time.Minute); x.Ready(t.Context()) != nil; time.Sleep(100 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatal("not ready after the disk has room")
				}
			}
		}
	}
	if err := place(other, 2024); err != nil {
		t.Fatal(err)
	}
	batches, err := b.Batches(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(batches) != 2 {
		t.Errorf("%d batches are known, of 2", len(batches))
	}
}
