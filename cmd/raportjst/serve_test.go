package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/remote"
	"github.com/raportjst/raportjst/worker/workertest"
)

// programVariable tells the test program to be the program itself.
const programVariable = "RAPORTJST_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(programVariable) != "" {
		if list := os.Getenv(poisonVariable); list != "" {
			poison(list)
		}
		if n, err := strconv.Atoi(os.Getenv(renderingVariable)); err == nil {
			rendering = n
		}
		main()
		return
	}
	_ = os.Setenv(programVariable, "1") // for the processes that the program starts
	code := m.Run()
	if sample.dir != "" {
		_ = os.RemoveAll(sample.dir)
	}
	os.Exit(code)
}

// sample is the sample data set, imported once for all tests.
var sample struct {
	sync.Once
	dir, data string
}

func sampleData(t *testing.T) string {
	t.Helper()
	sample.Do(func() {
		var err error
		if sample.dir, err = os.MkdirTemp("", "raportjst-"); err != nil {
			t.Fatal(err)
		}
		data := filepath.Join(sample.dir, "dane")
		if code, out := command(t, "import", "sample", "--out", data); code != 0 {
			t.Fatalf("import: %s", out)
		}
		sample.data = data
	})
	return sample.data
}

// command runs a command to its end and returns its exit code and what it has written.
func command(t *testing.T, args ...string) (int, string) {
	t.Helper()
	var out bytes.Buffer
	code := run(t.Context(), args, console{out: &out, err: &out})
	return code, out.String()
}

// running is a command that runs until it is stopped.
type running struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{}
	stop context.CancelFunc
	code chan int
}

func (r *running) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	select {
	case r.more <- struct{}{}:
	default:
	}
	return r.text.Write(p)
}

func (r *running) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

// start runs a command in the background.
func start(t *testing.T, args ...string) *running {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	r := &running{more: make(chan struct{}, 1), stop: stop, code: make(chan int, 1)}
	go func() { r.code <- run(ctx, args, console{out: r, err: r}) }()
	t.Cleanup(stop)
	return r
}

// until waits for the command to write what the pattern matches and returns the last group.
func (r *running) until(t *testing.T, pattern string) string {
	t.Helper()
	re := regexp.MustCompile(pattern)
	for timeout := time.After(2 * time.Minute); ; {
		if m := re.FindStringSubmatch(r.String()); m != nil {
			return m[len(m)-1]
		}
		select {
		case <-r.more:
		case code := <-r.code:
			t.Fatalf("ended with %d:\n%s", code, r)
		case <-timeout:
			t.Fatalf("does not write %s:\n%s", pattern, r)
		}
	}
}

// end stops the command and returns its exit code.
func (r *running) end(t *testing.T) int {
	t.Helper()
	r.stop()
	select {
	case code := <-r.code:
		return code
	case <-time.After(time.Minute):
		t.Fatal("does not stop")
		return 0
	}
}

func read(t *testing.T, url string) string {
	t.Helper()
	reply, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	if err != nil || reply.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %v", url, reply.Status, err)
	}
	return string(body)
}

// TestServe runs the program with nothing configured, orders a list in it from another
// process of the same user, stops it and starts it again.
func TestServe(t *testing.T) {
	home := t.TempDir()
	serve := start(t, "serve", "--home", home, "--listen", "127.0.0.1:0")
	page := serve.until(t, `strona +(http://\S+)`)
	pdf := serve.until(t, `(?s)Gotowe raporty: 12 z 12.*\n  (\S+\.pdf)\n`)
	if body, err := os.ReadFile(pdf); err != nil || !bytes.HasPrefix(body, []byte("%PDF-")) {
		t.Errorf("%s: %v", pdf, err)
	}
	if p := read(t, page); !strings.Contains(p, "DANE PRZYKŁADOWE") || !strings.Contains(p, "Województwo przykładowe") {
		t.Errorf("first page:\n%s", p)
	}
	if p := read(t, serve.until(t, `na stronie (\S+)`)); !strings.Contains(p, "Gotowe raporty: 12 z 12") {
		t.Errorf("page of the order:\n%s", p)
	}
	if code, out := command(t, "healthcheck", "--address", strings.TrimSuffix(strings.TrimPrefix(page, "http://"), "/")); code != 0 {
		t.Errorf("health check: %s", out)
	}
	t.Run("a second one is refused", func(t *testing.T) {
		if code, out := command(t, "serve", "--home", home, "--listen", "127.0.0.1:0"); code != exitFailed || !strings.Contains(out, "już działa") {
			t.Errorf("%d: %s", code, out)
		}
	})
	t.Run("a list is ordered and delivered once", func(t *testing.T) { orderList(t, home) })
	if code := serve.end(t); code != 0 {
		t.Errorf("ended with %d:\n%s", code, serve)
	}

	again := start(t, "serve", "--home", home, "--listen", "127.0.0.1:0")
	again.until(t, `Gotowe raporty: 12 z 12`)
	if strings.Contains(again.String(), "zamówiono") {
		t.Errorf("the reports were ordered again:\n%s", again)
	}
	if code, out := command(t, "status", "--home", home); code != 0 || strings.Count(out, "\n") != 3 {
		t.Errorf("status: %s", out)
	}
	if code := again.end(t); code != 0 {
		t.Errorf("ended with %d:\n%s", code, again)
	}
	if code, out := command(t, "status", "--home", home); code != 0 || strings.Count(out, "\n") != 3 {
		t.Errorf("status while nothing runs: %s", out)
	}
}

// memberList is a list of n members with addresses.
func memberList(t *testing.T, n int) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "czlonkowie.csv")
	text := "teryt;email\n"
	for i := range n {
		code := 981001 + i
		if i >= 12 { // the first powiat has 12 gminas
			code = 981101 + i - 12
		}
		text += fmt.Sprintf("%d;rada.%d@example.org\n", code, code)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func orderList(t *testing.T, home string) {
	list := memberList(t, 3)
	for _, want := range []string{"Zamówiono", "Takie zamówienie już jest"} {
		code, out := command(t, "submit", "--home", home, "--list", list, "--wait")
		if code != 0 || !strings.Contains(out, want) || !strings.Contains(out, "Gotowe raporty: 3 z 3, wiadomości zapisane w katalogu, nie wysłane: 3 z 3") {
			t.Errorf("%d: %s", code, out)
		}
		letters, err := filepath.Glob(filepath.Join(home, "wiadomosci", "*.eml"))
		if err != nil || len(letters) != 3 {
			t.Fatalf("%d letters: %v", len(letters), err)
		}
		raw, err := os.ReadFile(letters[0])
		if err != nil {
			t.Fatal(err)
		}
		m := workertest.ReadMail(t, raw)
		if !bytes.HasPrefix(m.File, []byte("%PDF-")) || !strings.HasPrefix(m.Subject, "[DANE PRZYKŁADOWE] Załącznik statystyczny") || !strings.Contains(m.Text, generator.NewArtifact("", "", m.File).Digest) {
			t.Errorf("letter %s with a file of %d bytes:\n%s", m.Subject, len(m.File), m.Text)
		}
	}
	proof := filepath.Join(t.TempDir(), "dowody.csv")
	if code, out := command(t, "status", "--home", home, "--csv", proof); code != 0 {
		t.Fatal(out)
	}
	body, err := os.ReadFile(proof)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(body, []byte("\ufeff"))))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil || len(rows) != 4 || rows[1][4] != "rada.981001@example.org" || rows[1][6] != "zapisana w katalogu, nie wysłana" || len(rows[1][11]) != 64 {
		t.Errorf("proof %q: %v", rows, err)
	}
}

// TestSubmitAlone orders where no other process runs: the command makes the reports itself.
func TestSubmitAlone(t *testing.T) {
	home := t.TempDir()
	code, out := command(t, "submit", "--home", home, "--data", sampleData(t), "--area", "981001", "--period", "2024")
	if code != 0 || !strings.Contains(out, "Gotowe raporty: 1 z 1") {
		t.Fatalf("%d: %s", code, out)
	}
	// All is done before the workers have begun: that is no interruption.
	code, out = command(t, "submit", "--home", home, "--data", sampleData(t), "--area", "981001", "--period", "2024")
	if code != 0 || !strings.Contains(out, "Takie zamówienie już jest") {
		t.Errorf("again: %d: %s", code, out)
	}
	if pdf, err := filepath.Glob(filepath.Join(home, "raporty", "*", "raport-981001-2024.pdf")); err != nil || len(pdf) != 1 {
		t.Errorf("%v, %v", pdf, err)
	}
}

// TestFaults holds the commands to messages that say where, what and what to do.
func TestFaults(t *testing.T) {
	data, home := sampleData(t), t.TempDir()
	file := filepath.Join(home, "plik")
	if err := os.WriteFile(file, []byte("teryt;email\n999999;rada\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	base := []string{"--home", home, "--data", data}
	for _, c := range []struct {
		args string
		want []string
	}{
		{"status", []string{"nie działa żadna kolejka", "raportjst serve"}},
		{"status --nats nats://127.0.0.1:1", []string{"NATS nats://127.0.0.1:1", "brak połączenia", "--nats"}},
		{"serve --listen 127.0.0.1:0 --s3 http://127.0.0.1:1/raporty", []string{"127.0.0.1:1/raporty", "brak połączenia", "--s3"}},
		{"serve --listen 127.0.0.1:0 --store " + file + "/raporty", []string{file, "nie można zapisywać", "--store"}},
		{"serve --listen 127.0.0.1:0 --outbox " + file + "/wiadomosci", []string{file, "nie można zapisywać", "--outbox"}},
		{"serve --listen 127.0.0.1:0 --smtp poczta --mail-from a@example.org", []string{"--smtp poczta", "adres serwera poczty"}},
		{"serve --listen 256.0.0.1:0", []string{"--listen 256.0.0.1:0", "nie można otworzyć"}},
		{"submit", []string{"nie podano, co zamówić", "--list"}},
		{"submit --area 999999", []string{"--area 999999", "nieznany kod TERYT"}},
		{"submit --powiat 981001", []string{"--powiat 981001", "nieznany kod TERYT"}},
		{"submit --area 981001 --period 2031", []string{"--period 2031", "nie ma danych", "2016–2025"}},
		{"submit --list " + file, []string{"wiersz 2, kolumna „teryt”: nieznany kod TERYT 999999", "wiersz 2, kolumna „email”: „rada” nie jest adresem"}},
		{"submit --list " + home + "/brak.csv", []string{"brak.csv", "nie ma takiego pliku"}},
		{"healthcheck --address 127.0.0.1:1", []string{"127.0.0.1:1", "nie odpowiada"}},
	} {
		args := strings.Fields(c.args)
		if args[0] == "status" {
			args = append(args, "--home", filepath.Join(home, "pusty"))
		} else if args[0] != "healthcheck" {
			args = append(args, base...)
		}
		code, out := command(t, args...)
		for _, w := range c.want {
			if code != exitFailed || !strings.Contains(out, w) || strings.Contains(out, "tajne") {
				t.Errorf("%s: %d, want %q in\n%s", c.args, code, w, out)
			}
		}
	}
}

// program runs the program in a process of its own until it is killed or the test ends.
func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), programVariable+"=1")
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("%s:\n%s", strings.Join(args, " "), log.Bytes())
		}
	})
	return cmd
}

// TestKilledWorker kills the program while it works on a batch of 20 real reports. They all
// come, whole.
func TestKilledWorker(t *testing.T) {
	if os.Getenv("RAPORTJST_HEAVY") == "" {
		t.Skip("RAPORTJST_HEAVY is not set")
	}
	home, data := t.TempDir(), sampleData(t)
	broker, err := jetstream.Embed(t.Context(), queueDir(home), jetstream.Options{Lease: 2 * time.Second, Rendering: generator.Rendering})
	if err != nil {
		t.Fatal(err)
	}
	defer broker.Close()
	args := []string{"worker", "--home", home, "--data", data, "--slots", "2"}
	victim := program(t, args...)
	list := memberList(t, 20)
	if code, out := command(t, "submit", "--home", home, "--data", data, "--list", list); code != 0 {
		t.Fatal(out)
	}
	batches, err := broker.Batches(t.Context())
	if err != nil || len(batches) != 1 {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	changed, err := broker.Follow(ctx, batches[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	kills, got := 0, worker.Tally{}
	for got = range changed {
		if got.Over() {
			break
		}
		if got.Done >= 4*(kills+1) && kills < 3 {
			kills++
			if err := victim.Process.Signal(syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			_ = victim.Wait()
			victim = program(t, args...)
		}
	}
	if kills == 0 || got.Done != 20 || got.Sent+got.Held != 20 {
		t.Errorf("%d kills, %+v", kills, got)
	}
	store, _, err := storeFlags{}.open(t.Context(), home)
	if err != nil {
		t.Fatal(err)
	}
	_, items, err := broker.Batch(t.Context(), batches[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range items {
		for _, f := range i.Files {
			if _, err := worker.ReadFile(t.Context(), store, i.Key, f); err != nil {
				t.Errorf("%s: %v", f.Name, err)
			}
		}
	}
}

// TestRealServers orders a list of 20 on a real nats-server and a real S3 server from two
// worker processes and has it delivered to a real mail server; the same list again sends
// nothing.
func TestRealServers(t *testing.T) {
	url := workertest.NATS(t)
	s3, _ := workertest.S3(t)
	mail := workertest.NewMailServer(t, workertest.MailRules{})
	home, data := t.TempDir(), sampleData(t)
	t.Setenv("RAPORTJST_S3_ACCESS_KEY", workertest.Access)
	t.Setenv("RAPORTJST_S3_SECRET_KEY", workertest.Secret)
	t.Setenv("RAPORTJST_SMTP_CA", mail.Certificate(t))
	places := []string{"--home", home, "--data", data, "--nats", url, "--s3", s3 + "/raporty"}
	work := append([]string{"worker", "--mail-from", "raporty@example.org", "--smtp", "smtp://" + strings.Replace(mail.Address, "127.0.0.1", "localhost", 1), "--slots", "1"}, places...)
	for range 2 { // both are ready before there is anything to do: one alone would be done with it in a moment
		address := workertest.FreeAddress(t)
		program(t, append(slices.Clone(work), "--health", address)...)
		until(t, time.Minute, "the worker is ready", func() error {
			reply, err := http.Get("http://" + address + "/readyz")
			if err != nil {
				return err
			}
			defer reply.Body.Close()
			if reply.StatusCode != http.StatusOK {
				return fmt.Errorf("status %s", reply.Status)
			}
			return nil
		})
	}
	list := memberList(t, 20)
	for range 2 {
		code, out := command(t, append([]string{"submit", "--list", list, "--wait"}, places...)...)
		if code != 0 || !strings.Contains(out, "Gotowe raporty: 20 z 20, wysłane wiadomości: 20 z 20") {
			t.Fatalf("%d: %s", code, out)
		}
	}
	got := map[string]bool{}
	for _, m := range mail.Messages() {
		letter := workertest.ReadMail(t, m.Data)
		to := m.To[0]
		code := strings.TrimSuffix(strings.TrimPrefix(to, "rada."), "@example.org")
		if got[to] || !strings.HasPrefix(letter.Name, "Załącznik statystyczny 2025 – ") || !strings.HasSuffix(letter.Name, ".pdf") || !bytes.HasPrefix(letter.File, []byte("%PDF-")) || !strings.Contains(strings.Join(strings.Fields(letter.Text), " "), "(TERYT "+code+")") {
			t.Errorf("message to %s: %s, %s", to, letter.Name, letter.Text)
		}
		got[to] = true
	}
	if len(got) != 20 {
		t.Errorf("%d recipients got a message", len(got))
	}
	broker, err := queueFlags{NATS: remote.Parse(url)}.join(t.Context(), home)
	if err != nil {
		t.Fatal(err)
	}
	defer broker.Close()
	batches, err := broker.Batches(t.Context())
	if err != nil || len(batches) != 1 {
		t.Fatalf("%d batches: %v", len(batches), err)
	}
	_, items, err := broker.Batch(t.Context(), batches[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	workers := map[string]bool{}
	for _, i := range items {
		workers[i.Worker] = true
	}
	if len(workers) != 2 {
		t.Errorf("the work was done by %v", workers)
	}
}
