package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/raportjst/raportjst/worker/workertest"
)

// TestLinkInALetter follows the links of a letter that went through a real mail server: each gives
// the file that the letter had no room for, and nothing once it is taken back.
func TestLinkInALetter(t *testing.T) {
	program := os.Getenv("RAPORTJST_SMTPD")
	if program == "" {
		t.Skip("RAPORTJST_SMTPD names no smtpd")
	}
	mail, box, _ := workertest.OpenSMTPD(t, program)
	dir, portal := t.TempDir(), workertest.FreeAddress(t)
	home, list := filepath.Join(dir, "home"), filepath.Join(dir, "lista.csv")
	if err := os.WriteFile(list, []byte("teryt;email\n981001;rada@example.org\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	post := []string{"--home", home, "--data", sampleData(t), "--smtp", "smtp://" + mail, "--mail-from", "Związek <raporty@example.org>", "--portal-url", "http://" + portal, "--mail-size", "1", "--mail-attach", "html,docx,xlsx"}
	serve := start(t, append([]string{"serve", "--listen", portal}, post...)...)
	serve.until(t, `strona +(http://\S+)`)
	with := func(args ...string) []string { return append(append([]string{"campaign"}, args...), post...) }
	says(t, with("new", "Próba", "--list", list, "--union", "Związek Gmin", "--period", "2025", "--formats", "pdf,xlsx,html,docx"), exitDone)
	says(t, with("send", "Próba"), exitDone, "wysłane wiadomości: 1 z 1")

	letter := workertest.ReadMail(t, arrived(t, box))
	token := regexp.MustCompile(`http://` + regexp.QuoteMeta(portal) + `/p/[A-Za-z0-9_-]+`)
	links := token.FindAllString(letter.Text, -1)
	if len(links) == 0 || len(letter.File) == 0 || !slices.Equal(links, token.FindAllString(letter.HTML, -1)) {
		t.Fatalf("links %v, those of the HTML %v, text\n%s", links, token.FindAllString(letter.HTML, -1), letter.Text)
	}
	made := map[string]string{} // name by digest, of what the store holds
	for _, name := range glob(t, filepath.Join(home, "raporty", "*", "raport-981001-2025.*")) {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		made[digestOf(body)] = filepath.Base(name)
	}
	for _, link := range links {
		code, body, head := fetch(t, link)
		if code != http.StatusOK || made[digestOf(body)] == "" {
			t.Errorf("%s: %d, %d bytes that are no file of the report", link, code, len(body))
		}
		if head.Get("Cache-Control") != "private, no-store" || !strings.Contains(head.Get("Content-Disposition"), "attachment") {
			t.Errorf("headers %v", head)
		}
		if code, _, _ := fetch(t, link[:len(link)-1]+"!"); code != http.StatusNotFound {
			t.Errorf("a link with a slip: %d", code)
		}
	}
	says(t, []string{"campaign", "revoke", "Próba", "rada@example.org", "--home", home}, exitDone, "Cofnięto odnośniki w listach: 1")
	for _, link := range links {
		if code, body, _ := fetch(t, link); code != http.StatusGone || !bytes.Contains(body, []byte("cofnięty przez nadawcę")) {
			t.Errorf("taken back: %d", code)
		}
	}
	t.Logf("%d links of %d files", len(links), len(made))
}

func digestOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func fetch(t *testing.T, url string) (int, []byte, http.Header) {
	t.Helper()
	reply, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply.StatusCode, body, reply.Header
}

// arrived waits for the one letter in a mailbox.
func arrived(t *testing.T, box string) []byte {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) { // the server has no signal for us
		if names := glob(t, filepath.Join(box, "new", "*")); len(names) == 1 {
			body, err := os.ReadFile(names[0])
			if err != nil {
				t.Fatal(err)
			}
			return body
		}
		if time.Now().After(deadline) {
			t.Fatal("no letter has arrived")
		}
	}
}
