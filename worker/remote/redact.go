package remote

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"sync"
)

// login is a URL up to its host, where it has a login.
var login = regexp.MustCompile(`\b[A-Za-z][A-Za-z0-9+.-]*://[^\s"'<>|„”]*@`)

// Redact masks the login of every URL in a text, for what libraries say: they know nothing
// of Address.
func Redact(text string) string {
	return login.ReplaceAllStringFunc(text, func(found string) string {
		const host = "h"
		return strings.TrimSuffix(Parse(found+host).String(), host)
	})
}

// redacted is an error whose text is masked.
type redacted struct{ error }

func (r redacted) Error() string { return Redact(r.error.Error()) }
func (r redacted) Unwrap() error { return r.error }

// Hide masks the text of an error and keeps what it wraps. Of nil it is nil.
func Hide(err error) error {
	if err == nil {
		return nil
	}
	return redacted{err}
}

// Guard is a writer that masks the login of every URL on its way out: the last of several
// doors, in front of the screen and the log. What is passed through in one piece has to
// hold a whole address. Several may write at once: a log is written beside what a command prints.
func Guard(w io.Writer) io.Writer { return &guard{w: w} }

type guard struct {
	writing sync.Mutex
	w       io.Writer
}

func (g *guard) Write(p []byte) (int, error) {
	g.writing.Lock()
	defer g.writing.Unlock()
	if !bytes.Contains(p, []byte("://")) || bytes.IndexByte(p, '@') < 0 {
		return g.w.Write(p)
	}
	if _, err := io.WriteString(g.w, Redact(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}
