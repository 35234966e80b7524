package workertest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// OpenSMTPD runs the mail server of a distribution; every letter goes into one mailbox (maildir). It
// needs root: the server changes its user.
func OpenSMTPD(t *testing.T, program string) (address, box string, server *Server) {
	t.Helper()
	dir, err := os.MkdirTemp("", "poczta-") // of a path that every user may pass
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	box = filepath.Join(dir, "box")
	must(t, errors.Join(os.Chmod(dir, 0o755), os.Mkdir(box, 0o777), os.Chmod(box, 0o777))) // whatever the umask
	address = FreeAddress(t)
	host, port, _ := strings.Cut(address, ":")
	config := filepath.Join(dir, "smtpd.conf")
	text := fmt.Sprintf("table users { \"@\" = \"nobody\" }\nlisten on %s port %s\naction \"keep\" maildir %q virtual <users>\nmatch from any for any action \"keep\"\n", host, port, box)
	must(t, os.WriteFile(config, []byte(text), 0o600))
	return address, box, Program(t, Listens(address), nil, program, "-d", "-f", config)
}
