package gusapi

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestArchive(t *testing.T) {
	dir := t.TempDir()
	a, err := OpenArchive(dir, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	const url = "https://api.smup.gov.pl/api/1.0.0/areas-list?lang=pl"
	if _, found, err := a.Find(url); found || err != nil {
		t.Fatalf("found %v in an empty archive, %v", found, err)
	}
	now := time.Date(2026, 4, 15, 12, 0, 0, 0, time.UTC)
	keep := func(answer Answer, body string) Answer {
		t.Helper()
		answer.URL = url
		kept, err := a.Keep(answer, []byte(body))
		if err != nil {
			t.Fatal(err)
		}
		return kept
	}
	first := keep(Answer{Time: now, Status: 200, ETag: `"1"`}, `[{"id-ou":1}]`)
	// SHA-256 by coreutils: printf '[{"id-ou":1}]' | sha256sum
	if first.Digest != "8501185be66e4c3351f8b78c70f49eba6af43102aa6027126b78d0ac01f426c3" || first.Size != 13 {
		t.Errorf("digest %s of %d bytes", first.Digest, first.Size)
	}
	second := keep(Answer{Time: now.Add(time.Hour), Status: 200}, `[{"id-ou":2}]`)
	keep(Answer{Time: now.Add(2 * time.Hour), Status: 200, Problem: "strona HTML"}, "<html>")
	same := keep(Answer{Time: now.Add(3 * time.Hour), Status: 200}, `[{"id-ou":2}]`)
	if same.Digest != second.Digest {
		t.Error("the same body has two digests")
	}
	found, ok, err := a.Find(url)
	if err != nil || !ok || found != same {
		t.Errorf("found %+v, %v, want the latest good answer", found, err)
	}
	for _, kept := range []Answer{first, second} {
		if body, err := a.Body(kept); err != nil || len(body) != 13 {
			t.Errorf("body %q, %v", body, err)
		}
	}

	// The list says when each answer came, and from where.
	list, err := os.ReadFile(a.asked(url))
	if err != nil || bytes.Count(list, []byte(url)) != 4 || !bytes.Contains(list, []byte("2026-04-15T14:00:00Z")) {
		t.Errorf("list:\n%s", list)
	}

	// A crash in the middle of a line loses that answer, not those before and after it.
	if err := os.WriteFile(a.asked(url), list[:len(list)-20], 0o644); err != nil {
		t.Fatal(err)
	}
	if found, ok, err = a.Find(url); err != nil || !ok || found != second {
		t.Errorf("after a cut line found %+v, %v", found, err)
	}
	after := keep(Answer{Time: now.Add(4 * time.Hour), Status: 404}, "")
	if found, ok, err = a.Find(url); err != nil || !ok || found.Time != after.Time || !found.None() {
		t.Errorf("after a cut line and a new answer found %+v, %v", found, err)
	}

	// A damaged body is noticed, and replaced when it comes again.
	path := a.path("answers", first.Digest, ".zst")
	packed, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	packed[len(packed)-1] ^= 1
	if err := os.WriteFile(path, packed, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Body(first); err == nil {
		t.Error("a damaged body was read")
	}
	keep(Answer{Time: now, Status: 200}, `[{"id-ou":1}]`)
	if _, err := a.Body(first); err != nil {
		t.Errorf("the body that came again: %v", err)
	}
}

// A packed body that swells beyond the limit is refused.
func TestArchiveBomb(t *testing.T) {
	dir := t.TempDir()
	big, err := OpenArchive(dir, 64<<20)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := big.Keep(Answer{URL: "u", Status: 200}, []byte(strings.Repeat(" ", 16<<20)))
	if err != nil {
		t.Fatal(err)
	}
	small, err := OpenArchive(dir, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := small.Body(kept); err == nil {
		t.Error("16 MiB were unpacked where 1 MiB is allowed")
	}
}

func TestArchiveSweepsParts(t *testing.T) {
	dir := t.TempDir()
	if _, err := OpenArchive(dir, 1<<20); err != nil {
		t.Fatal(err)
	}
	old, fresh := filepath.Join(dir, "answers", "1"+partExt), filepath.Join(dir, "answers", "2"+partExt)
	for _, p := range []string{old, fresh} {
		if err := os.WriteFile(p, []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(old, time.Time{}, time.Now().Add(-2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenArchive(dir, 1<<20); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(old); err == nil {
		t.Error("what a killed process left is still there")
	}
	if _, err := os.Stat(fresh); err != nil {
		t.Error("the file of a process at work is gone")
	}
}
