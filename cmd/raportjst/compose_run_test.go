package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/types"
	"github.com/nats-io/nats.go"
	natsjs "github.com/nats-io/nats.go/jetstream"

	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/remote"
	"github.com/raportjst/raportjst/worker/workertest"
)

// composed is the services of the compose file, started by hand: the commands, the environment,
// the configuration and the users are read from the file, so that they cannot differ. Only the
// names of hosts, their ports and the directories are those of this machine.
type composed struct {
	project  *types.Project
	program  string
	here     *strings.Replacer
	nats, s3 string
	mail     *workertest.MailServer
	page     string
	trust    string // certificate of the mail server
}

// nobody is the user of the image (distroless "nonroot").
const nobody = 65532

// run starts a service of the program, as often as the file says, and stops it with the test.
func (c *composed) run(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	s := c.project.Services[name]
	if len(args) == 0 {
		args = s.Command
	}
	home := t.TempDir()
	cmd := exec.Command(c.program, args...)
	cmd.Env = []string{programVariable + "=1", "SSL_CERT_FILE=" + c.trust, "PATH=" + os.Getenv("PATH"), "TMPDIR=" + home, "HOME=/home/nonroot"}
	for variable, value := range s.Environment {
		if value == nil {
			continue
		}
		text := c.here.Replace(*value)
		switch variable {
		case "RAPORTJST_HOME":
			text = home
		case "RAPORTJST_LISTEN", "RAPORTJST_HEALTH":
			if text = c.page; name != "serve" {
				text = workertest.FreeAddress(t)
			}
		}
		cmd.Env = append(cmd.Env, variable+"="+text)
	}
	if os.Getuid() == 0 {
		if err := os.Chown(home, nobody, nobody); err != nil {
			t.Fatal(err)
		}
		open(home)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	return cmd
}

// open lets everybody into a directory of the test.
func open(dir string) {
	for ; dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
		_ = os.Chmod(dir, 0o755)
	}
}

// start starts a service and keeps it until the test ends.
func (c *composed) start(t *testing.T, name string) *exec.Cmd {
	t.Helper()
	cmd := c.run(t, name)
	log := &supervised{}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("%s:\n%s", name, log.said())
		}
	})
	return cmd
}

// composeByHand starts the servers of the compose file. The mail catcher is the mail server of
// the tests.
func composeByHand(t *testing.T) *composed {
	t.Helper()
	for _, tool := range []string{"RAPORTJST_NATS_SERVER", "RAPORTJST_VERSITYGW"} {
		if os.Getenv(tool) == "" {
			t.Skip(tool + " names no server")
		}
	}
	p, err := compose(t, secrets...)
	if err == nil {
		p, err = p.WithProfiles([]string{"operator"})
	}
	if err != nil {
		t.Fatal(err)
	}
	c := &composed{project: p, nats: workertest.FreeAddress(t), s3: workertest.FreeAddress(t), page: workertest.FreeAddress(t), mail: workertest.NewMailServer(t, workertest.MailRules{})}
	c.trust = c.mail.Certificate(t)
	open(filepath.Dir(c.trust))
	if err := os.Chmod(c.trust, 0o644); err != nil {
		t.Fatal(err)
	}
	monitor, dir := workertest.FreeAddress(t), t.TempDir()
	body, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	c.program = filepath.Join(dir, "raportjst")
	if err := os.WriteFile(c.program, body, 0o755); err != nil { // where the user of the image may run it
		t.Fatal(err)
	}
	open(dir)
	c.here = strings.NewReplacer("nats:4222", c.nats, "s3:7070", c.s3, "mailpit:1025", strings.Replace(c.mail.Address, "127.0.0.1", "localhost", 1))

	config := filepath.Join(dir, "nats-server.conf")
	text := strings.NewReplacer("0.0.0.0:4222", c.nats, "0.0.0.0:8222", monitor, "store_dir: /data", "store_dir: "+filepath.Join(dir, "nats")).Replace(p.Configs["nats-server.conf"].Content)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	command := strings.Join(p.Services["nats"].Command, " ")
	args := strings.Fields(strings.Replace(command, p.Services["nats"].Configs[0].Target, config, 1))
	workertest.Program(t, healthy(p.Services["nats"], "127.0.0.1:8222", monitor), variablesOf(p.Services["nats"]), os.Getenv("RAPORTJST_NATS_SERVER"), args...)
	args = append([]string{"--port", c.s3}, p.Services["s3"].Command...)
	args[len(args)-1] = t.TempDir() // the volume
	workertest.Program(t, healthy(p.Services["s3"], "127.0.0.1:7070", c.s3), variablesOf(p.Services["s3"]), os.Getenv("RAPORTJST_VERSITYGW"), args...)
	return c
}

// variablesOf is the environment of a service.
func variablesOf(s types.ServiceConfig) []string {
	var out []string
	for name, value := range s.Environment {
		if value != nil {
			out = append(out, name+"="+*value)
		}
	}
	return out
}

// healthy is the health check of a service: the page that its wget reads.
func healthy(s types.ServiceConfig, in, here string) func(context.Context) bool {
	test := s.HealthCheck.Test
	url := strings.Replace(test[len(test)-1], in, here, 1)
	return func(ctx context.Context) bool {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return false
		}
		reply, err := http.DefaultClient.Do(r)
		if err != nil {
			return false
		}
		_ = reply.Body.Close()
		return reply.StatusCode == http.StatusOK
	}
}

// TestComposeByHand starts what the compose file starts, orders as its operator does, and reads
// portal and mail. The users of the queue may do what they have to, and no more.
func TestComposeByHand(t *testing.T) {
	c := composeByHand(t)
	serve := c.project.Services["serve"]
	c.start(t, "serve")
	for range *c.project.Services["worker"].Deploy.Replicas {
		c.start(t, "worker")
	}
	until(t, time.Minute, "the portal is healthy", func() error {
		cmd := c.run(t, "serve", serve.HealthCheck.Test[2:]...)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%w: %s", err, out)
		}
		return nil
	})
	operate := func(args ...string) string {
		t.Helper()
		out, err := timed(c.run(t, "operator", args...))
		if err != nil {
			t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
		}
		return string(out)
	}
	list := memberList(t, 12)
	if err := os.Chmod(list, 0o644); err != nil {
		t.Fatal(err)
	}
	open(filepath.Dir(list))
	if out := operate("submit", "--list", list, "--period", "2025", "--wait"); !strings.Contains(out, "Gotowe raporty: 12 z 12, wysłane wiadomości: 12 z 12") {
		t.Errorf("submit: %s", out)
	}
	if n := len(c.mail.Messages()); n != 12 {
		t.Errorf("%d letters", n)
	}
	if out := operate(c.project.Services["operator"].Command...); !strings.Contains(out, "zakończone") {
		t.Errorf("status: %s", out)
	}
	if text := read(t, "http://"+c.page+"/partie"); !strings.Contains(text, "czlonkowie") {
		t.Errorf("the portal:\n%s", text)
	}
	if text := read(t, "http://"+c.page+"/readyz"); !strings.Contains(text, "ok") {
		t.Errorf("the portal is not ready: %s", text)
	}
	c.rights(t)
}

// rights expects what each user of the queue may not do.
func (c *composed) rights(t *testing.T) {
	t.Helper()
	connect := func(service, password string) (*jetstream.Broker, error) {
		env := c.project.Services[service].Environment
		if password == "" {
			password = *env["RAPORTJST_NATS_PASSWORD"]
		}
		return jetstream.Connect(t.Context(), remote.Parse("nats://"+c.nats), jetstream.Options{Name: "test", User: *env["RAPORTJST_NATS_USER"], Password: password})
	}
	if _, err := connect("worker", "inne"); err == nil || !strings.Contains(err.Error(), "odrzucił użytkownika") {
		t.Errorf("a wrong password: %v", err)
	}
	for _, service := range []string{"worker", "serve", "operator"} {
		b, err := connect(service, "")
		if err != nil {
			t.Fatalf("%s: %v", service, err)
		}
		all, err := b.Batches(t.Context())
		if err != nil || len(all) != 1 {
			t.Fatalf("%s: %d batches, %v", service, len(all), err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		_, err = b.Render(ctx)
		if may := err == nil; may == (service == "serve") {
			t.Errorf("%s takes jobs: %v", service, err)
		}
		cancel()
		ctx, cancel = context.WithTimeout(t.Context(), 2*time.Second)
		err = c.purge(ctx, service)
		if may := err == nil; may != (service == "operator") {
			t.Errorf("%s empties the queue: %v", service, err)
		}
		cancel()
		_ = b.Close()
	}
}

// timed runs a command that has to end within a minute, and returns what it says.
func timed(cmd *exec.Cmd) ([]byte, error) {
	late := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	return cmd.CombinedOutput()
}

// purge empties the queue as the user of a service.
func (c *composed) purge(ctx context.Context, service string) error {
	env := c.project.Services[service].Environment
	conn, err := nats.Connect("nats://"+c.nats, nats.UserInfo(*env["RAPORTJST_NATS_USER"], *env["RAPORTJST_NATS_PASSWORD"]))
	if err != nil {
		return err
	}
	defer conn.Close()
	js, err := natsjs.New(conn)
	if err != nil {
		return err
	}
	s, err := js.Stream(ctx, "RENDER")
	if err != nil {
		return err
	}
	return s.Purge(ctx)
}
