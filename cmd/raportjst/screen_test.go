package main

import (
	"bytes"
	"context"
	"fmt"
	"testing"
)

// TestScreen breaks a bar off with a message, as Ctrl-C does.
func TestScreen(t *testing.T) {
	var out bytes.Buffer
	c := console{err: &screen{out: &out}, tty: true}
	fmt.Fprintln(c.err, "uwaga: przed paskiem")
	progress := c.counting("Sprawdzanie")
	progress(1, 3)
	if out.Len() < 40 {
		t.Fatalf("no bar: %q", &out)
	}
	out.Reset()
	fmt.Fprintln(c.err, "uwaga: w trakcie")
	fmt.Fprintln(c.err, "uwaga: druga")
	progress(2, 3)
	exit(context.Canceled, c)
	if s := out.String(); !bytes.HasPrefix([]byte(s), []byte("\nuwaga: w trakcie\nuwaga: druga\n\r")) || !bytes.HasSuffix([]byte(s), []byte("\nraportjst: przerwano\n")) {
		t.Errorf("%q", s)
	}
	progress(3, 3) // the bar goes when it is full
	out.Reset()
	fmt.Fprintln(c.err, "raportjst: gotowe")
	if s := out.String(); s != "raportjst: gotowe\n" {
		t.Errorf("after a full bar: %q", s)
	}
}
