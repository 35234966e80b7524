package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestSubmitAgain orders again, of an order that is over, only what failed, what is missing and
// what would say something else now.
func TestSubmitAgain(t *testing.T) {
	home, data, own := t.TempDir(), sampleData(t), t.TempDir()
	at := []string{"--home", home, "--data", data, "--wait"}
	out := says(t, append([]string{"submit", "--powiat", "9810", "--period", "2025"}, at...), exitDone, "12 z 12")
	id := regexp.MustCompile(`numer +([0-9a-f]+)`).FindStringSubmatch(out)[1]
	again := append([]string{"submit", "--again", id}, at...)
	says(t, again, exitDone, "nie ma czego zamawiać ponownie")
	// Without a word it is the data set of the order: the shipped sample is the same one, but of one
	// in a folder that is not named any more nothing is known.
	says(t, []string{"submit", "--again", id, "--home", home, "--wait"}, exitDone, "nie ma czego zamawiać ponownie")
	other := editedData(t, "9810013;bdl:76973;2025;8345,92;", "9810013;bdl:76973;2025;8399,92;")
	out = says(t, []string{"submit", "--area", "981001", "--period", "2025", "--home", home, "--wait", "--data", other}, exitDone, "1 z 1")
	fromOther := regexp.MustCompile(`numer +([0-9a-f]+)`).FindStringSubmatch(out)[1]
	says(t, []string{"submit", "--again", fromOther, "--home", home, "--wait"}, exitFailed, "nie ma w magazynie", "--data")
	says(t, []string{"submit", "--again", fromOther, "--home", home, "--wait", "--data", other}, exitDone, "nie ma czego zamawiać ponownie")

	found, err := filepath.Glob(filepath.Join(home, "raporty", "*", "raport-981005-2025.pdf"))
	if err != nil || len(found) != 1 {
		t.Fatalf("%q: %v", found, err)
	}
	body, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	turned := append([]byte{}, body...)
	turned[len(turned)/2] ^= 1
	if err := os.Remove(found[0]); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(found[0], turned, 0o600); err != nil {
		t.Fatal(err)
	}
	says(t, append(again, "--what", "zmienione"), exitDone, "nie ma czego zamawiać ponownie")
	says(t, again, exitDone, "brakujace: 1", "raporty: 1", "Gotowe raporty: 1 z 1")
	if mended, err := os.ReadFile(found[0]); err != nil || string(mended) != string(body) {
		t.Errorf("the damaged file is not as it was: %v", err)
	}
	says(t, again, exitDone, "nie ma czego zamawiać ponownie")

	// Own content for one of them: every key changes, and what one report says.
	dir := filepath.Join(own, "lipnica")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"report.toml": "id = \"lipnica\"\nversion = \"1.0\"\nextends = \"gmina\"\nareas = [\"981001\"]\n[[chapter]]\nid = \"plany\"\ntitle = \"Plany\"\ntext = \"plany.md\"\n",
		"plany.md":    "Tekst gminy o jej planach.\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	says(t, append(again, "--templates", own), exitDone, "zmienione: 1", "raporty: 1", "Gotowe raporty: 1 z 1")
	says(t, append([]string{"submit", "--again", "brak"}, at...), exitFailed, "nie ma takiego zamówienia")
	says(t, append(again, "--what", "wszystkie"), exitUsage, "wszystkie")
}

// TestFirstReleaseHome opens a home that the first release has made, with its queue, letters and
// files: all is found, and the same list again sends nothing.
func TestFirstReleaseHome(t *testing.T) {
	if os.Getenv("RAPORTJST_HEAVY") == "" {
		t.Skip("builds the first release; set RAPORTJST_HEAVY=1")
	}
	const first = "d22f995"
	if err := exec.Command("git", "cat-file", "-e", first+"^{commit}").Run(); err != nil {
		t.Skip("the first release is not in this copy of the repository: " + first)
	}
	tree := filepath.Join(t.TempDir(), "first")
	if out, err := exec.Command("git", "worktree", "add", "--detach", tree, first).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	defer func() { _ = exec.Command("git", "worktree", "remove", "--force", tree).Run() }()
	old := filepath.Join(t.TempDir(), "raportjst")
	build := exec.Command("go", "build", "-o", old, "./cmd/raportjst")
	build.Dir = tree
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	home, list := t.TempDir(), memberList(t, 14)
	if out, err := exec.Command(old, "submit", "--home", home, "--list", list, "--period", "2025", "--wait").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	letters := func() int {
		all, err := filepath.Glob(filepath.Join(home, "wiadomosci", "*.eml"))
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	if n := letters(); n != 14 {
		t.Fatalf("the first release has written %d letters", n)
	}
	if out := says(t, []string{"status", "--home", home}, exitDone, "14/14", "zakończone"); strings.Count(out, "\n") != 2 {
		t.Errorf("status: %s", out)
	}
	says(t, []string{"submit", "--home", home, "--list", list, "--period", "2025", "--wait"}, exitDone, "Gotowe raporty: 14 z 14", "w tym już wcześniej: 14")
	if n := letters(); n != 14 {
		t.Errorf("%d letters after the same list again", n)
	}
	says(t, []string{"store", "check", "--home", home}, exitDone, "brakujące lub uszkodzone: 0")
}
