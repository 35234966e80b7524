package snapshot_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/source"
)

// slowly is the variable that makes this test program write a snapshot and never end.
const slowly = "RAPORTJST_TEST_WRITE"

func TestMain(m *testing.M) {
	if dir := os.Getenv(slowly); dir != "" {
		_, err := snapshot.Write(context.Background(), dir, snapshot.Content{Register: fewAreas(), Fill: func(to source.Sink) error {
			c := run("a.csv", "2025-01-01", 2019, 1, 2, 3)
			if err := to.Series(c.i, c.p, c.cells); err != nil {
				return err
			}
			os.Stdout.WriteString("at work\n")
			select {}
		}})
		panic(err)
	}
	os.Exit(m.Run())
}

// TestKilledWrite: what a killed import leaves, the next one beside it removes; the directory of
// one that is at work stays.
func TestKilledWrite(t *testing.T) {
	parent := t.TempDir()
	hidden := func() int {
		all, err := filepath.Glob(filepath.Join(parent, ".*"))
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), slowly+"="+filepath.Join(parent, "killed"))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 8)
	if _, err := out.Read(line); err != nil || !strings.HasPrefix(string(line), "at work") {
		t.Fatalf("%q, %v", line, err)
	}
	if err := os.Mkdir(filepath.Join(parent, ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(name string) {
		s, err := snapshot.Write(t.Context(), filepath.Join(parent, name), snapshot.Content{Register: few(t), Fill: give(run("a.csv", "2025-01-01", 2019, 1))})
		if err != nil {
			t.Fatal(err)
		}
		if left, err := filepath.Glob(filepath.Join(parent, name, "*.lock")); err != nil || len(left) > 0 {
			t.Errorf("in the data set: %v, %v", left, err)
		}
		s.Close()
	}
	write("first")
	if n := hidden(); n != 2 { // .git and the one at work
		t.Errorf("%d hidden directories beside one at work", n)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	write("second")
	if n := hidden(); n != 1 {
		t.Errorf("%d hidden directories after the next import", n)
	}
}
