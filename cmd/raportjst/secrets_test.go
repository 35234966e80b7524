package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"github.com/raportjst/raportjst/worker/jetstream"
	"github.com/raportjst/raportjst/worker/remote"
	"github.com/raportjst/raportjst/worker/workertest"
)

// password is in every address below, and may be in nothing that is printed.
const password = "tajne-Haslo-17"

// addresses are ways to write an address with a password; S is the scheme, H the host and P
// the path.
var addresses = []string{
	"S://ja:W@HP", "S://W@HP", "S://ja:W@127.0.0.1:portP", "S://ja:a/W@HP", "S://ja:12/W@HP", "S://ja:%zzW@HP", "S://ja:x@W@HP", "S://ja:a#W@HP",
	"S://ja:W@HP,S://ja:W@HP", "ja:W@HP", "W@HP", "innyS://ja:W@HP", "S://ja:W@", "S://ja:W@H/x@y",
}

// remotes are the variables of the flags that take the address of a server, with a scheme and
// a path that it needs.
var remotes = map[string][2]string{
	"RAPORTJST_NATS": {"nats", ""}, "RAPORTJST_S3": {"http", "/raporty"}, "RAPORTJST_SMTP": {"smtp", ""},
	"RAPORTJST_SMUP_URL": {"http", "/api"}, "RAPORTJST_BDL_URL": {"http", "/api"}, "RAPORTJST_PORTAL_URL": {"http", ""}, "RAPORTJST_WEBHOOK": {"https", "/listy"},
	"RAPORTJST_IMAP": {"imaps", "/INBOX"},
}

// leaf is a command with something for each argument that it needs, and the variables of the
// addresses that it takes.
type leaf struct{ args, takes []string }

func leaves(t *testing.T) []leaf {
	t.Helper()
	parser, _ := newParser(t)
	var out []leaf
	var visit func(n *kong.Node)
	visit = func(n *kong.Node) {
		for _, c := range n.Children {
			visit(c)
		}
		if len(n.Children) > 0 {
			return
		}
		l := leaf{args: strings.Fields(n.Path())}
		for _, p := range n.Positional {
			if p.Required {
				l.args = append(l.args, filepath.Join(t.TempDir(), "brak"))
			}
		}
		for _, f := range n.Flags {
			if f.Required {
				l.args = append(l.args, "--"+f.Name+"=981001")
			}
			for _, v := range f.Envs {
				if _, known := remotes[v]; known {
					l.takes = append(l.takes, v)
				} else if f.Target.Type() == reflect.TypeFor[remote.Address]() || f.PlaceHolder == "URL" || strings.HasSuffix(v, "_URL") {
					t.Errorf("%s takes an address and is not in this test", v)
				}
			}
		}
		out = append(out, l)
	}
	visit(parser.Model.Node)
	return out
}

// TestNoCommandPrintsAPassword runs every command, with addresses of every form of which each
// holds a password, in the environment and as arguments: nothing that is printed holds it.
func TestNoCommandPrintsAPassword(t *testing.T) {
	t.Setenv("RAPORTJST_HOME", t.TempDir())
	t.Setenv("RAPORTJST_DATA", filepath.Join(t.TempDir(), "brak")) // it is opened after the servers, and ends the command
	t.Setenv("RAPORTJST_LISTEN", "127.0.0.1:0")
	t.Setenv("RAPORTJST_STORE", t.TempDir()) // a server of the queue asks for one
	for _, variable := range []string{"RAPORTJST_NATS_PASSWORD", "RAPORTJST_S3_SECRET_KEY", "RAPORTJST_SMTP_PASSWORD", "RAPORTJST_SMUP_KEY", "RAPORTJST_BDL_KEY", "RAPORTJST_IMAP_PASSWORD"} {
		t.Setenv(variable, password)
	}
	t.Chdir(t.TempDir())
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }))
	defer refusing.Close()
	host := func(scheme string) string {
		if scheme == "http" {
			return strings.TrimPrefix(refusing.URL, "http://")
		}
		return "127.0.0.1:1"
	}
	quiet := func(args ...string) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var out bytes.Buffer
		code := run(ctx, args, console{out: &out, err: &out})
		if strings.Contains(out.String(), password) {
			t.Errorf("%s: %d:\n%s", args, code, out.String())
		}
	}
	read := map[string]bool{} // variables that a command has been given in every form
	for _, l := range leaves(t) {
		quiet(append([]string{"-v"}, l.args...)...)
		quiet(append(l.args, "--help")...)
		quiet(append(l.args, "nats://ja:"+password+"@127.0.0.1:1")...)
		for _, variable := range l.takes {
			forms := addresses
			if read[variable] {
				forms = forms[:2]
			}
			read[variable] = true
			for _, form := range forms {
				if form == "S://W@HP" && variable == "RAPORTJST_SMTP" {
					continue // the name of a user, and no password
				}
				x := remotes[variable]
				address := strings.NewReplacer("S", x[0], "H", host(x[0]), "P", x[1], "W", password).Replace(form)
				t.Setenv(variable, address)
				quiet(append([]string{"-v"}, l.args...)...)
				quiet(append(l.args, "--nieznana="+address)...)
			}
			// As an argument, too, and beside the others.
			flag := "--" + strings.ToLower(strings.TrimPrefix(variable, "RAPORTJST_"))
			quiet(append(l.args, flag+"="+os.Getenv(variable), "--help")...)
			t.Setenv(variable, "")
		}
	}
}

// TestNoPasswordWhereAllWorks does the same where the servers answer: a portal, a worker and
// an order on a queue and a mail server whose passwords stand in their addresses.
func TestNoPasswordWhereAllWorks(t *testing.T) {
	home, data := t.TempDir(), sampleData(t)
	queue := t.TempDir()
	broker, err := jetstream.Embed(t.Context(), queue, jetstream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer broker.Close()
	body, err := os.ReadFile(filepath.Join(queue, "connection.json"))
	if err != nil {
		t.Fatal(err)
	}
	var door struct{ URL, User, Password string }
	if err := json.Unmarshal(body, &door); err != nil {
		t.Fatal(err)
	}
	nats := strings.Replace(door.URL, "://", "://"+door.User+":"+door.Password+"@", 1)
	mail := workertest.NewMailServer(t, workertest.MailRules{User: "raporty", Password: password})
	t.Setenv("RAPORTJST_SMTP_CA", mail.Certificate(t))
	smtp := "smtp://raporty:" + password + "@" + strings.Replace(mail.Address, "127.0.0.1", "localhost", 1)
	base := []string{"--home", home, "--data", data, "--nats", nats, "--store", filepath.Join(home, "raporty"), "--mail-from", "raporty@example.org", "--smtp", smtp, "-v"}
	serve := start(t, append([]string{"serve", "--listen", "127.0.0.1:0", "--workers", "0"}, base...)...)
	page := serve.until(t, `strona +(http://\S+)`)
	work := start(t, append([]string{"worker", "--slots", "1"}, base...)...)
	work.until(t, `worker is ready`)
	code, ordered := command(t, append([]string{"submit", "--list", memberList(t, 1), "--wait"}, base...)...)
	if code != exitDone || !strings.Contains(ordered, "wysłane wiadomości: 1 z 1") {
		t.Errorf("%d: %s", code, ordered)
	}
	said := ordered + serve.String() + work.String() + read(t, page) + read(t, page+"partie")
	reply, err := http.Get(page + "readyz")
	if err != nil {
		t.Fatal(err)
	}
	_ = reply.Body.Close()
	for _, args := range [][]string{{"status"}, {"status", "--csv", "-"}} {
		_, text := command(t, append(args, "--home", home, "--nats", nats, "-v")...)
		said += text
	}
	work.end(t)
	serve.end(t)
	said += work.String() + serve.String()
	for _, secret := range []string{password, door.Password} {
		if i := strings.Index(said, secret); i >= 0 {
			t.Errorf("a password is printed: …%s…", said[max(0, i-200):min(len(said), i+50)])
		}
	}
	if !strings.Contains(said, "smtp://raporty:xxxxx@localhost") {
		t.Errorf("the mail server is not named:\n%s", said)
	}
}

// TestMisplacedAddress gives the address of a server where a directory or a host and a port is
// asked for, to every command: it is refused before anything is made, and not printed.
func TestMisplacedAddress(t *testing.T) {
	parser, _ := newParser(t)
	here := t.TempDir()
	t.Chdir(here)
	tried := map[string]bool{}
	var visit func(n *kong.Node)
	visit = func(n *kong.Node) {
		for _, c := range n.Children {
			visit(c)
		}
		if len(n.Children) > 0 {
			return
		}
		args := strings.Fields(n.Path())
		for _, p := range n.Positional {
			if p.Required {
				args = append(args, "1") // one is a number
			}
		}
		for _, f := range n.Flags {
			if f.Required && f.PlaceHolder != "KATALOG" {
				args = append(args, "--"+f.Name+"=981001")
			}
		}
		for _, f := range n.Flags {
			if f.Target.Kind() != reflect.String || f.PlaceHolder != "KATALOG" && (f.PlaceHolder != "ADRES" || f.Name == "mail-from") {
				continue
			}
			for _, value := range []string{"https://u:" + password + "@h/b", "u:" + password + "@127.0.0.1:1"} {
				all := append(args[:len(args):len(args)], "--"+f.Name+"="+value)
				for _, other := range n.Flags {
					if other.Required && other.PlaceHolder == "KATALOG" && other.Name != f.Name {
						all = append(all, "--"+other.Name+"=brak")
					}
				}
				code, out := command(t, all...)
				if code != exitFailed || !strings.Contains(out, "--"+f.Name) || strings.Contains(out, password) {
					t.Errorf("%s: %d: %s", all, code, out)
				}
				if f.Name == "store" && !strings.Contains(out, "--s3") {
					t.Errorf("%s does not say what to use: %s", all, out)
				}
			}
			tried[f.Name] = true
		}
	}
	visit(parser.Model.Node)
	for _, name := range []string{"store", "outbox", "home", "data", "address", "health", "listen", "metrics"} {
		if !tried[name] {
			t.Errorf("--%s was not tried", name)
		}
	}
	t.Setenv("RAPORTJST_STORE", "https://u:"+password+"@h/b")
	if out := says(t, []string{"serve", "--home", here}, exitFailed, "RAPORTJST_STORE", "użyj --s3"); strings.Contains(out, password) {
		t.Error(out)
	}
	if made, err := os.ReadDir(here); err != nil || len(made) > 0 {
		t.Errorf("made: %v, %v", made, err)
	}
}
