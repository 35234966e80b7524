package remote_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"github.com/raportjst/raportjst/worker/remote"
)

// said is everything that can be said of a value by the usual means.
func said(t *testing.T, v any) string {
	t.Helper()
	var out bytes.Buffer
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		fmt.Fprintf(&out, format+"\n", v)
	}
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(h).Info("x", "address", v, "inside", struct{ A any }{v})
	}
	if err := json.NewEncoder(&out).Encode(map[string]any{"a": v}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// hidden is a struct that fmt prints by itself, since its field is not exported.
type hidden struct{ a remote.Address }

func TestNothingSaysAPassword(t *testing.T) {
	for given, want := range map[string]string{
		"":                                         "",
		"nats://host:4222":                         "nats://host:4222",
		"nats://ja:tajne@host:4222":                "nats://ja:xxxxx@host:4222",
		"nats://tajne@host":                        "nats://xxxxx@host", // a token
		"nats://ja:tajne@a,nats://ja:tajne@b":      "nats://ja:xxxxx@a,nats://ja:xxxxx@b",
		"nats://ja:taj,ne@a":                       "nats://ja:xxxxx@a",
		"nats://ja:tajne@a:1,b:2":                  "nats://ja:xxxxx@a:1,b:2",
		"nats://ja:tajne@host:port":                "nats://xxxxx@host:port", // not a port
		"nats://ja:taj@tajne@host":                 "nats://xxxxx@host",
		"nats://ja:12/tajne@host":                  "nats://xxxxx@host",
		"nats://ja:taj#tajne@host":                 "nats://xxxxx@host",
		"nats://ja:%zz-tajne@host":                 "nats://xxxxx@host",
		"ja:tajne@host:587":                        "xxxxx@host:587",
		"smtp://ja@host":                           "smtp://ja@host",
		"smtps://ja:tajne@host":                    "smtps://ja:xxxxx@host",
		"https://klucz:tajne@host:7070/raporty":    "https://klucz:xxxxx@host:7070/raporty",
		"https://host/api?key=tajne":               "https://host/api?xxxxx",
		" https://host ":                           "https://host",
		"tls://ja:ta%20jne%40tajne@host":           "tls://ja:xxxxx@host",
		"https://ja:tajne@host/raporty?key=tajne2": "https://ja:xxxxx@host/raporty?xxxxx",
	} {
		a := remote.Parse(given)
		if got := a.String(); got != want {
			t.Errorf("%q is shown as %q, not %q", given, got, want)
		}
		for _, v := range []any{a, &a, hidden{a}, []remote.Address{a}, map[string]remote.Address{"a": a}} {
			if s := said(t, v); strings.Contains(s, "tajne") || strings.Contains(s, fmt.Sprintf("%x", "tajne")) {
				t.Errorf("%q, %T:\n%s", given, v, s)
			}
		}
		if _, err := a.URL(); err != nil && strings.Contains(err.Error(), "tajne") {
			t.Errorf("%q: %v", given, err)
		}
		if strings.Contains(a.Bare(), "tajne") {
			t.Errorf("%q: bare %s", given, a.Bare())
		}
		// What is masked may be masked again, and changes nothing.
		if got := remote.Redact("adres " + a.String() + ", koniec"); got != "adres "+a.String()+", koniec" {
			t.Errorf("%q: masked again: %s", given, got)
		}
		var u remote.Address
		if err := u.UnmarshalText([]byte(given)); err != nil || u.Secret() != strings.TrimSpace(given) || u.None() != (given == "") {
			t.Errorf("%q is read as %q: %v", given, u.Secret(), err)
		}
	}
}

func TestLogin(t *testing.T) {
	if user, password := remote.Parse("https://klucz:ha%2Fslo@host/raporty").Login(); user != "klucz" || password != "ha/slo" {
		t.Errorf("%q, %q", user, password)
	}
	if got := remote.Parse("https://klucz:haslo@host/raporty").Bare(); got != "https://host/raporty" {
		t.Error(got)
	}
}

func TestHide(t *testing.T) {
	port := "port"
	_, err := url.Parse("nats://ja:tajne@host:" + port)
	err = remote.Hide(fmt.Errorf("connect: %w", errors.Join(err, fs.ErrNotExist)))
	if strings.Contains(err.Error(), "tajne") || !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if remote.Hide(nil) != nil {
		t.Error("no error becomes one")
	}
}

func TestGuard(t *testing.T) {
	var out bytes.Buffer
	w := remote.Guard(&out)
	for _, s := range []string{
		"zwykły tekst: a@b.pl, https://host/strona\n",
		`level=INFO msg="x" error="parse \"nats://ja:tajne@host:port\": zły port" to=a@b.pl` + "\n",
		`{"a":"https://host/x","to":"a@b.pl"}` + "\n",
		"„smtp://ja:tajne@host”\n",
	} {
		if n, err := w.Write([]byte(s)); n != len(s) || err != nil {
			t.Errorf("%d, %v", n, err)
		}
	}
	want := "zwykły tekst: a@b.pl, https://host/strona\n" +
		`level=INFO msg="x" error="parse \"nats://ja:xxxxx@host:port\": zły port" to=a@b.pl` + "\n" +
		`{"a":"https://host/x","to":"a@b.pl"}` + "\n" +
		"„smtp://ja:xxxxx@host”\n"
	want = strings.Replace(want, "nats://ja:xxxxx@host:port", "nats://ja:xxxxx@host:port", 1)
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

// FuzzAddress builds addresses around a password: no form of them holds it.
func FuzzAddress(f *testing.F) {
	f.Add("nats", "ja", "tajne-haslo", "host:4222")
	f.Add("smtp", "", "a@b/c?d#e", "host")
	f.Add("", "x,nats://", "%zz", "[::1]:port/raporty?x=y")
	f.Fuzz(func(t *testing.T, scheme, user, secret, host string) {
		if strings.ContainsAny(scheme, ":/@?#, ") || strings.ContainsAny(host, "@") || len(secret) < 8 || strings.Contains(secret, "xxxxx") ||
			strings.Contains(host+scheme+user, secret) || strings.TrimSpace(secret) != secret {
			t.Skip()
		}
		text := user + ":" + secret + "@" + host
		if scheme != "" {
			text = scheme + "://" + text
		}
		a := remote.Parse(text)
		_, err := a.URL()
		for _, s := range []string{a.String(), a.Bare(), fmt.Sprintf("%+v %#v", a, hidden{a}), fmt.Sprint(err)} {
			if strings.Contains(s, secret) {
				t.Errorf("%q shows %q", text, s)
			}
		}
	})
}
