package main

import (
	"cmp"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker"
)

// outsider makes reports here, or in a process of its own: this program again, which takes the
// order from its input and writes the files to its output.
type outsider struct {
	*generator.Generator
	flags dataFlags // that it was opened with

	references *references
	making     prometheus.Observer // of the seconds that a report takes
}

// Generate makes a report in this process.
func (o outsider) Generate(ctx context.Context, r generator.Request) ([]generator.Artifact, error) {
	defer func(begin time.Time) { o.making.Observe(time.Since(begin).Seconds()) }(time.Now())
	return o.Generator.Generate(ctx, r)
}

// outsideOrder is what the other process is told.
type outsideOrder struct {
	Flags     dataFlags
	Request   generator.Request
	Reference []byte // the document of Request.Reference
}

// outsideResult is what it answers: the files, or why there are none.
type outsideResult struct {
	Artifacts []generator.Artifact
	Fault     *fault.Fault
	Problems  document.Problems
	Panic     string
	Stack     []byte
	Other     string
}

// outsideReady is what it says first: it has opened what the report is made from. A process that
// ends before that, since memory or files are short, has not died of the report.
type outsideReady struct{ Ready bool }

// GenerateOutside makes a report in a process of its own.
func (o outsider) GenerateOutside(ctx context.Context, r generator.Request) ([]generator.Artifact, error) {
	var reference []byte
	if r.Reference != "" {
		var err error
		if reference, err = o.references.read(ctx, r.Reference); err != nil {
			return nil, err
		}
	}
	program, err := ownProgram()
	if err != nil {
		return nil, fmt.Errorf("find program: %w", err)
	}
	cmd := exec.CommandContext(ctx, program, "make")
	var said strings.Builder
	cmd.Stderr = &said
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start process: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("start process: %w", err)
	}
	slog.Debug("a report that may end its process is made in one of its own", "area", r.Area, "process", cmd.Process.Pid)
	// The input stays open: its end tells the other process that this one has died.
	sent := gob.NewEncoder(in).Encode(outsideOrder{o.flags, r, reference})
	var ready outsideReady
	var result outsideResult
	answers := gob.NewDecoder(out)
	got := answers.Decode(&ready)
	if got == nil {
		got = answers.Decode(&result)
	}
	_ = in.Close()
	ended := cmd.Wait()
	if got != nil {
		slog.Warn("the process has ended", "error", errors.Join(sent, got, ended), "output", said.String()[:min(said.Len(), 2000)])
	}
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case got != nil && !ready.Ready:
		return nil, worker.Outage(&fault.Fault{
			Where: "osobny proces, w którym miał powstać raport", What: "zakończył się, zanim zaczął: " + lastWords(cmp.Or(ended, got), said.String()),
			Hint: "sprawdź wolną pamięć serwera",
		})
	case got != nil:
		return nil, fmt.Errorf("%w: %s", worker.ErrProcessEnded, lastWords(cmp.Or(ended, got), said.String()))
	case result.Panic != "":
		return nil, worker.Panicked(result.Panic, result.Stack)
	case len(result.Problems) > 0:
		return nil, result.Problems
	case result.Fault != nil:
		return nil, result.Fault
	case result.Other != "":
		return nil, errors.New(result.Other)
	}
	return result.Artifacts, nil
}

// ownProgram is the file of this program as it runs, though the one of that name may have been
// replaced by another version.
func ownProgram() (string, error) {
	const self = "/proc/self/exe"
	if _, err := os.Stat(self); err == nil {
		return self, nil
	}
	return os.Executable()
}

// lastWords is how a process has ended and what it said of it.
func lastWords(ended error, said string) string {
	for line := range strings.Lines(said) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "fatal error: ") || strings.HasPrefix(line, "panic: ") {
			return fmt.Sprintf("%v (%s)", ended, line)
		}
	}
	return ended.Error()
}

// makeCmd is the other process.
type makeCmd struct{}

func (makeCmd) Run(ctx context.Context) error {
	// Ctrl-C and a service that is stopped reach it, too; how long it lives is for who has asked.
	signal.Ignore(os.Interrupt, syscall.SIGTERM)
	ctx = context.WithoutCancel(ctx)
	var o outsideOrder
	if err := gob.NewDecoder(os.Stdin).Decode(&o); err != nil {
		return &fault.Fault{Where: "make", What: "to polecenie wydaje sobie program", Hint: "użyj „raportjst render”", Err: err}
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(exitFailed) // who has asked is gone
	}()
	var result outsideResult
	answers := gob.NewEncoder(os.Stdout)
	g, data, err := openGenerator(ctx, o.Flags, func(error) {}) // who asks has told
	if err == nil {
		if o.Reference != nil {
			g.Referred = given(o.Reference)
		}
		if err := answers.Encode(outsideReady{true}); err != nil {
			return err
		}
		err = errors.Join(result.generate(ctx, g, o.Request), data.Close())
	} else if err := answers.Encode(outsideReady{}); err != nil {
		return err
	}
	var f *fault.Fault
	switch {
	case err == nil:
	case errors.As(err, &result.Problems):
	case errors.As(err, &f):
		result.Fault = &fault.Fault{Where: f.Where, What: f.What, Hint: f.Hint, Machine: fault.OfMachine(err)}
	default:
		result.Other = err.Error()
	}
	return answers.Encode(result)
}

// generate makes the report. A panic is a failure like that of a report that is made where others
// are, and not the death of the process.
func (o *outsideResult) generate(ctx context.Context, g *generator.Generator, r generator.Request) (err error) {
	defer func() {
		if v := recover(); v != nil {
			o.Panic, o.Stack = fmt.Sprint(v), debug.Stack()
		}
	}()
	o.Artifacts, err = g.Generate(ctx, r)
	return err
}
