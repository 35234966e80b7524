package main

import (
	"bytes"
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/source/gusapi/gustest"
	"github.com/raportjst/raportjst/generator/stat"
)

const apiKey = "6b1c2d3e-0000-4000-8000-00000000cafe"

// apiTrial is a made server and the arguments to import from it.
type apiTrial struct {
	*gustest.Server
	dir string
}

func newAPITrial(t *testing.T) *apiTrial {
	s := gustest.New(gustest.Options{Indicators: 4, First: 2022, Last: 2023, Key: apiKey})
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	dir := t.TempDir()
	for name, value := range map[string]string{
		"SMUP_URL": h.URL + "/smup", "BDL_URL": h.URL + "/bdl", "SMUP_KEY": apiKey, "BDL_KEY": apiKey,
		"ARCHIVE": filepath.Join(dir, "archiwum"), "LIMITS": filepath.Join(dir, "limity"),
	} {
		t.Setenv("RAPORTJST_"+name, value)
	}
	if err := os.WriteFile(filepath.Join(dir, "terc.csv"), s.Model().TERC(), 0o644); err != nil {
		t.Fatal(err)
	}
	return &apiTrial{s, dir}
}

// run runs the program and gives the exit code with what it printed.
func (a *apiTrial) run(t *testing.T, args ...string) (int, string) {
	t.Helper()
	var out bytes.Buffer
	code := run(context.Background(), append(args, "--file", filepath.Join(a.dir, "terc.csv")), console{out: &out, err: &out})
	if strings.Contains(out.String(), apiKey) {
		t.Errorf("the key is in the output:\n%s", &out)
	}
	return code, out.String()
}

func TestImportSMUP(t *testing.T) {
	a := newAPITrial(t)
	snap := filepath.Join(a.dir, "zbior")
	code, out := a.run(t, "import", "smup", "--dry-run")
	if code != exitDone || a.Requests() != 0 || !strings.Contains(out, "Plan pobierania z API SMUP") || !strings.Contains(out, "szacunek") {
		t.Errorf("dry run: code %d, %d requests\n%s", code, a.Requests(), out)
	}
	code, out = a.run(t, "import", "smup", "--with-bdl", "--indicator", "bdl:72305", "--from", "2023", "--out", snap)
	if code != exitDone {
		t.Fatalf("code %d\n%s", code, out)
	}
	s, err := snapshot.Open(snap)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	got := map[stat.IndicatorID]bool{}
	for _, i := range s.Indicators() {
		got[i.ID] = true
	}
	if len(got) != 5 || !got["smup:4074"] || !got["smup:4424"] || !got["bdl:72305"] || s.Manifest().First != 2023 {
		t.Errorf("%v, %+v", got, s.Manifest())
	}
	n := a.Requests()
	code, out = a.run(t, "import", "smup", "--with-bdl", "--indicator", "bdl:72305", "--from", "2023", "--offline", "--out", snap)
	if code != exitDone || a.Requests() != n {
		t.Errorf("offline: code %d, %d requests\n%s", code, a.Requests()-n, out)
	}
	// From that snapshot on, with the register in it.
	more := filepath.Join(a.dir, "dalej")
	says(t, []string{"import", "bdl", "--base", snap, "--indicator", "bdl:60270", "--out", more}, exitDone, "wskaźników: 6")
	says(t, []string{"data", "diff", snap, more}, exitDone, "Wskaźniki: 1\n", "bdl:60270")
	says(t, []string{"import", "bdl", "--dry-run"}, exitFailed, "brak rejestru jednostek", "--base")
}

func TestImportBDL(t *testing.T) {
	a := newAPITrial(t)
	key := filepath.Join(a.dir, "key")
	if err := os.WriteFile(key, []byte(apiKey+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("RAPORTJST_BDL_KEY", "")
	code, out := a.run(t, "import", "bdl", "--indicator", "bdl:60270", "--bdl-key-file", key)
	if code != exitDone || !strings.Contains(out, "Odpowiedzi są w archiwum") || a.Count().Header.Get("X-ClientId") != apiKey {
		t.Errorf("code %d\n%s", code, out)
	}
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"--indicator", "smup:1"}, "--indicator smup:1"},
		{[]string{"--since", "wczoraj"}, "--since"},
		{[]string{"--bdl-key-file", filepath.Join(a.dir, "nie ma")}, "RAPORTJST_BDL_KEY_FILE"},
		{[]string{"--bdl-url", "ftp"}, "niepoprawny adres"},
		{nil, "RAPORTJST_BDL_KEY"}, // no key: 403
	} {
		code, out := a.run(t, append([]string{"import", "bdl"}, c.args...)...)
		if code != exitFailed || !strings.Contains(out, c.says) {
			t.Errorf("%v: code %d\n%s", c.args, code, out)
		}
	}
}

// TestRefreshBDL asks for what has changed and says how old the rest is.
func TestRefreshBDL(t *testing.T) {
	a := newAPITrial(t)
	args := []string{"import", "bdl", "--indicator", "bdl:60270", "--indicator", "bdl:72305"}
	if code, out := a.run(t, args...); code != exitDone {
		t.Fatalf("code %d\n%s", code, out)
	}
	code, out := a.run(t, append(args, "--refresh", "--dry-run")...)
	if code != exitDone || !strings.Contains(out, "pobrano    ") || !strings.Contains(out, ": bdl:60270, bdl:72305") {
		t.Errorf("code %d\n%s", code, out)
	}
	a.ReviseOne(60270)
	n := a.Requests()
	if code, out := a.run(t, append(args, "--refresh")...); code != exitDone || a.Requests()-n != 4 {
		t.Errorf("code %d, %d requests\n%s", code, a.Requests()-n, out)
	}
}
