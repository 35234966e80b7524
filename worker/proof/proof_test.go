package proof_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/dir"
	"github.com/raportjst/raportjst/worker/proof"
)

func manifest() proof.Manifest {
	return proof.Manifest{
		What: "kampania „Żółć <2025>”", At: time.Date(2027, 4, 20, 8, 0, 0, 0, time.UTC),
		Orders: []proof.Order{{ID: "a1", Title: "x", Data: "d1", Template: "gmina"}},
		Files:  []proof.File{{Order: "a1", Area: "981001", Period: 2025, Name: "raport.pdf", MediaType: "application/pdf", SHA256: sum([]byte("%PDF-1.7 a"))}},
	}
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// TestSealAndOpen signs a manifest, sets it out anew as editors do, and changes each byte of it.
func TestSealAndOpen(t *testing.T) {
	key, err := proof.Key(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	body, err := proof.Seal(manifest(), key)
	if err != nil {
		t.Fatal(err)
	}
	var tidy bytes.Buffer
	if err := json.Indent(&tidy, body, "", "\t"); err != nil {
		t.Fatal(err)
	}
	for _, form := range [][]byte{body, tidy.Bytes()} {
		m, public, err := proof.Open(form)
		if err != nil || m.What != manifest().What || proof.Public(public) == "" {
			t.Errorf("%+v, %v", m, err)
		}
	}
	for n := range body {
		bad := slices.Clone(body)
		if bad[n]++; bytes.ContainsAny(body[n:n+1], " \n") {
			continue // what stands between has no meaning
		}
		if m, _, err := proof.Open(bad); err == nil && m.What == manifest().What && m.Files[0] == manifest().Files[0] {
			// Only the names of fields that nobody reads may change without harm.
			t.Errorf("byte %d (%q) may be changed", n, body[n])
		}
	}
	if _, _, err := proof.Open([]byte(`{"a":1}`)); !errors.Is(err, proof.ErrNoProof) {
		t.Error(err)
	}
	other := bytes.Replace(body, []byte("981001"), []byte("981002"), 1)
	if _, _, err := proof.Open(other); !errors.Is(err, proof.ErrForged) {
		t.Error(err)
	}
}

// TestKeyIsMadeOnce asks for a key in many threads: it is one, and its owner's alone.
func TestKeyIsMadeOnce(t *testing.T) {
	home := filepath.Join(t.TempDir(), "klucze")
	var mu sync.Mutex
	keys := map[string]bool{}
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			key, err := proof.Key(home)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			keys[string(key)] = true
		})
	}
	all.Wait()
	if len(keys) != 1 {
		t.Errorf("%d keys", len(keys))
	}
	entries, err := os.ReadDir(home)
	if err != nil || len(entries) != 1 {
		t.Fatalf("%v, %v", entries, err)
	}
	info, err := entries[0].Info()
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(filepath.Join(home, entries[0].Name()), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	var f *fault.Fault
	if _, err := proof.Key(home); !errors.As(err, &f) || f.Hint == "" {
		t.Error(err)
	}
}

// TestFind knows a file by its bytes, a changed one by what it says of itself, and no other.
func TestFind(t *testing.T) {
	m := manifest()
	whole := []byte("%PDF-1.7 a")
	if f := m.Find(sum(whole), whole); f == nil || !f.Whole || f.Order.Data != "d1" {
		t.Errorf("%+v", f)
	}
	changed := []byte("%PDF-1.7 <dc:description>gmina, TERYT 981001, rok 2025</dc:description>")
	if f := m.Find(sum(changed), changed); f == nil || f.Whole {
		t.Errorf("%+v", f)
	}
	for _, text := range []string{"", "%PDF-1.7 TERYT 981001, rok 2024", "TERYT 981001, rok 2025", "PK\x03\x04"} {
		if f := m.Find(sum([]byte(text)), []byte(text)); f != nil {
			t.Errorf("%q: %+v", text, f)
		}
	}
}

// TestPackage packs files of hostile and of equal names, and reads the package as anybody does.
func TestPackage(t *testing.T) {
	store, err := dir.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	p := proof.Package{Title: "Próba", At: time.Date(2027, 4, 20, 8, 0, 0, 0, time.UTC), Proof: []byte("{}")}
	for n, unit := range []string{"Zażółć gęślą", "Lipno", "Lipno", "../../etc/passwd", `CON<>:"|?*. `} {
		body := fmt.Appendf(nil, "raport %d", n)
		f := proof.File{Order: "a", Area: fmt.Sprintf("98100%d", n), Unit: unit, Period: 2025, Report: "k" + fmt.Sprint(n), Name: "raport.pdf", MediaType: "application/pdf", Size: int64(len(body)), SHA256: sum(body)}
		if err := store.Put(t.Context(), f.Report+"/"+f.Name, worker.Object{Digest: f.SHA256, Size: f.Size, Body: bytes.NewReader(body)}); err != nil {
			t.Fatal(err)
		}
		p.Files = append(p.Files, proof.Packed{Folder: []string{"Województwo łódzkie", "Powiat święty"}, Title: worker.FileTitle(2025, unit, f.Name), File: f})
	}
	var out bytes.Buffer
	if err := p.Write(t.Context(), &out, store); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range z.File {
		if f.NonUTF8 || !filepath.IsLocal(f.Name) || strings.ContainsAny(f.Name, `<>:"\|?*`) {
			t.Errorf("name %q, UTF-8 %v", f.Name, !f.NonUTF8)
		}
		const utf8 = 0x800
		if strings.ContainsRune(f.Name, 'ł') && f.Flags&utf8 == 0 {
			t.Errorf("%q is not marked as UTF-8", f.Name)
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Error(err)
		}
		if _, twice := got[f.Name]; twice {
			t.Errorf("%q stands there twice", f.Name)
		}
		got[f.Name] = string(body)
	}
	for name, want := range map[string]string{
		"Województwo łódzkie/Powiat święty/Załącznik statystyczny 2025 – Zażółć gęślą.pdf":   "raport 0",
		"Województwo łódzkie/Powiat święty/Załącznik statystyczny 2025 – Lipno (981001).pdf": "raport 1",
		"Województwo łódzkie/Powiat święty/Załącznik statystyczny 2025 – Lipno (981002).pdf": "raport 2",
	} {
		if got[name] != want {
			t.Errorf("%s: %q", name, got[name])
		}
	}
	for line := range strings.Lines(got[proof.SumsName]) {
		digest, name, ok := strings.Cut(strings.TrimSpace(line), "  ")
		if !ok || sum([]byte(got[name])) != digest {
			t.Errorf("sum of %q", line)
		}
	}
	if page := got["index.html"]; strings.Count(page, "<tr><td>") != len(p.Files) || strings.Count(page, "<h2>") != 1 || !strings.Contains(page, "Za%C5%BC%C3%B3%C5%82%C4%87") {
		t.Errorf("index: %s", page)
	}
	book, err := excelize.OpenReader(strings.NewReader(got["index.xlsx"]))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = book.Close() }()
	rows, err := book.GetRows("Pliki")
	if err != nil || len(rows) != len(p.Files)+1 || rows[1][2] != "Zażółć gęślą" || rows[1][3] != "2025" || rows[1][6] != p.Files[0].SHA256 {
		t.Errorf("%v, %v", rows, err)
	}
	p.Files[1].SHA256 = p.Files[0].SHA256
	var f *fault.Fault
	if err := p.Write(t.Context(), io.Discard, store); !errors.As(err, &f) || !strings.Contains(f.Hint, "--remake") {
		t.Errorf("a damaged file is packed: %v", err)
	}
}

// endless is a store in which every file is the same.
type endless struct {
	worker.Store
	body []byte
}

func (e endless) Open(context.Context, string) (io.ReadCloser, error) {
	return io.NopCloser(bytes.NewReader(e.body)), nil
}

// TestPackageStreams packs 2,800 reports of four files each and looks at the memory meanwhile.
func TestPackageStreams(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes seconds")
	}
	store := endless{body: bytes.Repeat([]byte("x"), 20<<10)}
	p := proof.Package{Title: "Próba"}
	for n := range 2800 {
		for _, kind := range []string{"pdf", "xlsx", "html", "docx"} {
			p.Files = append(p.Files, proof.Packed{
				Folder: []string{"Województwo wielkopolskie", fmt.Sprintf("Powiat %d", n/8)}, Title: fmt.Sprintf("Załącznik statystyczny 2025 – Jednostka %d.%s", n, kind),
				File: proof.File{Area: fmt.Sprint(100000 + n), Unit: fmt.Sprintf("Jednostka %d", n), Name: "raport." + kind, MediaType: "x/" + kind, Size: int64(len(store.body)), SHA256: sum(store.body)},
			})
		}
	}
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	most := uint64(0)
	count := writer(func(b []byte) (int, error) {
		if len(b) < 4096 { // often enough
			return len(b), nil
		}
		runtime.ReadMemStats(&now)
		most = max(most, now.HeapInuse)
		return len(b), nil
	})
	if err := p.Write(t.Context(), count, store); err != nil {
		t.Fatal(err)
	}
	if grown := int64(most-before.HeapInuse) >> 20; grown > 50 {
		t.Errorf("%d MB of memory for a package", grown)
	}
}

type writer func([]byte) (int, error)

func (w writer) Write(b []byte) (int, error) { return w(b) }

// TestSharedKey signs on several machines with the key of one file, and makes none where it is missing.
func TestSharedKey(t *testing.T) {
	home := t.TempDir()
	own, err := proof.Key(home)
	if err != nil {
		t.Fatal(err)
	}
	shared, err := proof.ReadKey(filepath.Join(home, "dowody.pem"))
	if err != nil || !own.Equal(shared) {
		t.Errorf("another key: %v", err)
	}
	var f *fault.Fault
	missing := filepath.Join(home, "inny.pem")
	if _, err := proof.ReadKey(missing); !errors.As(err, &f) || !strings.Contains(f.Where, "inny.pem") {
		t.Errorf("a key that is missing: %v", err)
	}
	if _, err := os.Stat(missing); err == nil {
		t.Error("a key was made")
	}
}
