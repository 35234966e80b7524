// Package remote is the addresses of servers as people give them: a queue, a store, a mail
// server, an API. An address may hold a password; the package sees to it that no message, no
// log line and no record shows one. It opens no connection.
package remote

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
)

// Address is the address of a server, with the password that may stand in it. However it is
// printed, encoded or logged, the password is masked; only Secret and URL give it. The zero
// Address is none.
type Address struct {
	// A function, since fmt looks through fields and pointers of a struct that holds an
	// address in a field that is not exported, and does not ask Format there.
	given func() string
}

// Parse takes an address as it was given. It cannot fail, so that no error holds what it
// was given; URL tells what is wrong.
func Parse(text string) Address {
	if text = strings.TrimSpace(text); text == "" {
		return Address{}
	}
	return Address{func() string { return text }}
}

// UnmarshalText is Parse for flags and variables of the environment.
func (a *Address) UnmarshalText(text []byte) error {
	*a = Parse(string(text))
	return nil
}

// None tells whether there is no address.
func (a Address) None() bool { return a.given == nil }

// Secret is the address with its password: for the client that connects, and for nothing else.
func (a Address) Secret() string {
	if a.None() {
		return ""
	}
	return a.given()
}

// URL is the address in its parts, with the password. The error does not hold the address.
func (a Address) URL() (*url.URL, error) {
	u, err := url.Parse(a.Secret())
	if err == nil {
		return u, nil
	}
	var e *url.Error
	if errors.As(err, &e) && !strings.Contains(e.Err.Error(), `"`) { // a quotation may be of the password
		return nil, e.Err
	}
	return nil, errors.New("not a URL")
}

// Login is the user and the password of the address, "" where there is none.
func (a Address) Login() (user, password string) {
	u, err := a.URL()
	if err != nil {
		return "", ""
	}
	password, _ = u.User.Password()
	return u.User.Username(), password
}

// Bare is the address without user and password; where they cannot be told apart, masked.
func (a Address) Bare() string {
	u, err := a.URL()
	if err != nil || u.Opaque != "" {
		return a.String()
	}
	u.User, u.RawQuery = nil, ""
	if s := u.String(); !strings.Contains(s, "@") {
		return s
	}
	return a.String()
}

// mask stands in the place of a password.
const mask = "xxxxx"

// String is the address with its password masked. A server of mail is asked by a user whose
// name is no secret; elsewhere a name without a password is a token, and is masked, too.
func (a Address) String() string {
	parts := list(a.Secret())
	for i, p := range parts {
		parts[i] = masked(p)
	}
	return strings.Join(parts, ",")
}

// list splits an address that names several servers (nats://a,nats://b). A comma that no
// scheme follows belongs to what stands before it, which may be a password.
func list(text string) []string {
	var out []string
	for _, p := range strings.Split(text, ",") {
		if len(out) > 0 && !strings.Contains(p, "://") {
			out[len(out)-1] += "," + p
			continue
		}
		out = append(out, p)
	}
	return out
}

func masked(text string) string {
	if before, query, _ := strings.Cut(text, "?"); query != "" && !strings.Contains(query, "@") {
		text = before + "?" + mask // some servers take a key in it
	}
	at := strings.LastIndexByte(text, '@')
	if at < 0 {
		return text
	}
	scheme, rest := "", text
	if i := strings.Index(text, "://"); i >= 0 && i < at {
		scheme, rest = text[:i+3], text[i+3:]
	}
	login, host := rest[:strings.LastIndexByte(rest, '@')], text[at:]
	u, err := url.Parse(text)
	if err != nil || u.User == nil || strings.ContainsAny(login, "@/?#") {
		return scheme + mask + host // who can say where a password ends
	}
	name, _, secret := strings.Cut(login, ":")
	switch {
	case secret:
		return scheme + name + ":" + mask + host
	case strings.HasPrefix(scheme, "smtp"):
		return text
	}
	return scheme + mask + host
}

// Format prints the masked address, whatever the verb.
func (a Address) Format(s fmt.State, verb rune) {
	text := a.String()
	if verb == 'q' {
		text = fmt.Sprintf("%q", text)
	}
	_, _ = s.Write([]byte(text))
}

// LogValue logs the masked address.
func (a Address) LogValue() slog.Value { return slog.StringValue(a.String()) }

// MarshalText writes the masked address: a record of it cannot be used to connect.
func (a Address) MarshalText() ([]byte, error) { return []byte(a.String()), nil }
