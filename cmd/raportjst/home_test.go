package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gofrs/flock"

	"github.com/raportjst/raportjst/worker/workertest"
)

func TestHomeIsState(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("HOME", dir)
	t.Setenv("XDG_STATE_HOME", "")
	t.Setenv("STATE_DIRECTORY", "")
	want := func(want string) {
		t.Helper()
		if got, err := stateHome(); err != nil || got != want {
			t.Errorf("home %s, want %s: %v", got, want, err)
		}
	}
	want(filepath.Join(dir, ".local", "state", "raportjst"))
	t.Setenv("XDG_STATE_HOME", "wzgledny")
	want(filepath.Join(dir, ".local", "state", "raportjst"))
	t.Setenv("XDG_STATE_HOME", filepath.Join(dir, "stan"))
	want(filepath.Join(dir, "stan", "raportjst"))
	t.Setenv("STATE_DIRECTORY", "/var/lib/raportjst:/var/lib/inny")
	want("/var/lib/raportjst")
}

// TestUserWithoutHome runs commands as a user of a container who has no home: one that is named
// suffices for all, and without it only what needs one is refused.
func TestUserWithoutHome(t *testing.T) {
	for _, name := range []string{"HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "STATE_DIRECTORY", "RAPORTJST_HOME"} {
		t.Setenv(name, "")
	}
	t.Chdir(t.TempDir())
	home := filepath.Join(t.TempDir(), "dom")
	render := []string{"render", "--area", "981001", "--formats", "xlsx"} // into the directory it is run in
	imports := []string{"import", "bdl", "--dry-run"}                     // keeps its archive in the home
	for _, refused := range [][]string{render, imports} {
		says(t, refused, exitFailed, "nie wiadomo, gdzie ma być", "RAPORTJST_HOME")
	}
	says(t, append(render, "--home", home), exitDone, ".xlsx")
	t.Setenv("RAPORTJST_HOME", home)
	says(t, render, exitDone, ".xlsx")
	says(t, imports, exitFailed, "brak rejestru jednostek")
}

// tree makes a home with files that only their owner may read.
func tree(t *testing.T, root string, names ...string) {
	t.Helper()
	for _, n := range names {
		name := filepath.Join(root, n)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(n), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func holds(t *testing.T, root, name, want string) {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(root, name))
	if err != nil || string(body) != want {
		t.Errorf("%s holds %q: %v", name, body, err)
	}
	if info, err := os.Stat(filepath.Join(root, name)); err == nil && info.Mode().Perm() != 0o600 {
		t.Errorf("%s can be read by others: %v", name, info.Mode())
	}
}

func TestEarlierHomeIsMoved(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("RAPORTJST_HOME", "")
	t.Setenv("XDG_CACHE_HOME", filepath.Join(dir, "cache"))
	t.Setenv("XDG_STATE_HOME", filepath.Join(dir, "state"))
	old, now := filepath.Join(dir, "cache", "raportjst"), filepath.Join(dir, "state", "raportjst")
	tree(t, old, "kolejka/lock", "kolejka/jetstream/a", "wiadomosci/list.eml", "raporty/x/manifest.json")
	tree(t, now, "archiwum/a")

	// A command with a home of its own leaves both alone.
	says(t, []string{"state", "show", "--home", filepath.Join(dir, "inny")}, exitDone)
	if _, err := os.Stat(now + "/kolejka"); err == nil {
		t.Fatal("moved for a command that does not use it")
	}
	// So does one that finds the earlier program at work.
	lock := flock.New(filepath.Join(old, "kolejka", "lock"))
	if ok, err := lock.TryLock(); !ok || err != nil {
		t.Fatal(ok, err)
	}
	says(t, []string{"state", "show"}, exitFailed, "używa go działający program wcześniejszej wersji", "zatrzymaj go")
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
	says(t, []string{"state", "show"}, exitDone, "Katalog programu przeniesiono z "+old, now, "kolejka")
	for _, name := range []string{"kolejka/jetstream/a", "wiadomosci/list.eml", "raporty/x/manifest.json", "archiwum/a"} {
		holds(t, now, name, name)
	}
	if _, err := os.Stat(old); err == nil {
		t.Error("the earlier home is still there")
	}
	if out := says(t, []string{"state", "show"}, exitDone); strings.Contains(out, "przeniesiono") {
		t.Error("moved twice")
	}
	// A second ledger is never written over the one in use.
	tree(t, old, "kolejka/jetstream/b")
	says(t, []string{"state", "show"}, exitDone, "an earlier ledger is left where it was")
	holds(t, old, "kolejka/jetstream/b", "kolejka/jetstream/b")

	// Another file system.
	if err := copyTree(now, filepath.Join(dir, "kopia")); err != nil {
		t.Fatal(err)
	}
	holds(t, filepath.Join(dir, "kopia"), "wiadomosci/list.eml", "wiadomosci/list.eml")
}

func TestBackupIsRestored(t *testing.T) {
	dir := t.TempDir()
	home, back, file := filepath.Join(dir, "home"), filepath.Join(dir, "z kopii"), filepath.Join(dir, "kopia.zip")
	says(t, []string{"state", "backup", file, "--home", home}, exitFailed, "nie ma w nim księgi")
	says(t, []string{"submit", "--home", home, "--data", sampleData(t), "--area", "981001", "--wait"}, exitDone, "Gotowe raporty: 1 z 1")
	says(t, []string{"state", "backup", file, "--home", home}, exitDone, "Kopia "+file, "adresy odbiorców")
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup can be read by others: %v, %v", info.Mode(), err)
	}
	says(t, []string{"state", "restore", file, "--home", home}, exitFailed, "nie jest pusty")
	says(t, []string{"state", "restore", file, "--home", back}, exitDone, "Odtworzono")
	says(t, []string{"submit", "--home", back, "--data", sampleData(t), "--area", "981001", "--wait"}, exitDone, "Takie zamówienie już jest")
	if err := os.WriteFile(file, []byte("PK"), 0o600); err != nil {
		t.Fatal(err)
	}
	says(t, []string{"state", "restore", file, "--home", filepath.Join(dir, "trzeci")}, exitFailed, "nie można jej odtworzyć")
}

// TestUpgradeSendsNothing makes a home with earlier releases, built from the history, and orders
// the same with this program: nobody gets a second letter, and what was refused stays recorded.
func TestUpgradeSendsNothing(t *testing.T) {
	if os.Getenv("RAPORTJST_HEAVY") == "" {
		t.Skip("builds earlier releases; set RAPORTJST_HEAVY=1")
	}
	for _, commit := range []string{"d22f995", "18da52b"} {
		t.Run(commit, func(t *testing.T) {
			dir := t.TempDir()
			src, program := filepath.Join(dir, "src"), filepath.Join(dir, "raportjst")
			if err := os.MkdirAll(src, 0o700); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command("sh", "-c", "git -C ../.. archive "+commit+" | tar -x -C "+src).CombinedOutput(); err != nil {
				t.Skipf("the history is not here: %s", out)
			}
			build := exec.Command("go", "build", "-o", program, "./cmd/raportjst")
			build.Dir = src
			if out, err := build.CombinedOutput(); err != nil {
				t.Fatalf("build: %v\n%s", err, out)
			}
			mail := workertest.NewMailServer(t, workertest.MailRules{Refuse: func(to string) error {
				if strings.HasPrefix(to, "zle@") {
					return workertest.Refusal(550)
				}
				return nil
			}})
			t.Setenv("SSL_CERT_FILE", mail.Certificate(t)) // for the earlier programs
			t.Setenv("RAPORTJST_SMTP_CA", mail.Certificate(t))
			t.Setenv("RAPORTJST_HOME", "")
			t.Setenv("XDG_CACHE_HOME", filepath.Join(dir, "cache"))
			t.Setenv("XDG_STATE_HOME", filepath.Join(dir, "state"))
			list := filepath.Join(dir, "lista.csv")
			if err := os.WriteFile(list, []byte("teryt;email\n981001;a@example.org\n981002;b@example.org\n981003;zle@example.org\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			order := []string{
				"submit", "--list", list, "--period", "2025", "--wait", "--mail-from", "Związek <raporty@example.org>",
				"--smtp", "smtp://" + strings.Replace(mail.Address, "127.0.0.1", "localhost", 1),
			}
			old := exec.Command(program, order...)
			old.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return v == "RAPORTJST_HOME=" })
			var said bytes.Buffer
			old.Stdout, old.Stderr = &said, &said
			if err := old.Run(); old.ProcessState.ExitCode() != exitPartly {
				t.Fatalf("the earlier release: %v\n%s", err, said.String())
			}
			if n := len(mail.Messages()); n != 2 {
				t.Fatalf("%d letters were sent before", n)
			}
			says(t, order, exitPartly, "Katalog programu przeniesiono", "Gotowe raporty: 3 z 3, wysłane wiadomości: 2 z 3")
			says(t, []string{"status"}, exitDone)
			if n := len(mail.Messages()); n != 2 {
				t.Errorf("%d letters after the upgrade, 2 before", n)
			}
			says(t, append(order, "--resend", "odrzucone"), exitPartly, "zle@example.org")
		})
	}
}
