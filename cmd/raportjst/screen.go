package main

import (
	"bytes"
	"io"
	"sync"
)

// screen is a terminal on which messages begin on a line of their own, also while a
// progress bar stands there: a bar begins what it writes with a carriage return.
type screen struct {
	mu  sync.Mutex
	out io.Writer
	bar bool // the line that the cursor is on is that of a bar
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(p) == 0 {
		return 0, nil
	}
	if s.bar && p[0] != '\r' {
		if _, err := io.WriteString(s.out, "\n"); err != nil {
			return 0, err
		}
	}
	s.bar = bytes.LastIndexByte(p, '\r') > bytes.LastIndexByte(p, '\n') && p[len(p)-1] != '\r'
	return s.out.Write(p)
}
