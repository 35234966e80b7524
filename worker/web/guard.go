package web

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/time/rate"

	"github.com/raportjst/raportjst/generator/fault"
)

// Guard is what the portal knows of who may ask it and for how much.
type Guard struct {
	Hosts   []string       // names that the portal is asked by, without port; none: any
	Proxies []netip.Prefix // of reverse proxies, whose word on the visitor's address counts
	Token   string         // of operators, as "Authorization: Bearer …"; "": nobody shows one
	Local   bool           // who asks from this machine is an operator, too
}

// What anybody may order: as many reports as a powiat has gminas. More, own titles and lists of
// units are for operators.
const mostReports = 30

// mostTitle is how long the title of an order may be, in characters.
const mostTitle = 200

// visitor is the address that a request comes from, as the nearest proxy that is trusted tells
// it: Forwarded (RFC 7239) or X-Forwarded-For, read from the right. Of one that is not trusted
// nothing is believed.
func (g Guard) visitor(r *http.Request) netip.Addr {
	at := parseAddr(r.RemoteAddr)
	for _, hop := range slices.Backward(hops(r.Header)) {
		if !slices.ContainsFunc(g.Proxies, func(p netip.Prefix) bool { return p.Contains(at) }) {
			break
		}
		next := parseAddr(hop)
		if !next.IsValid() { // "unknown" or a name that hides it
			break
		}
		at = next
	}
	return at
}

// hops are the addresses that proxies have written down, the first one the farthest.
func hops(h http.Header) []string {
	var out []string
	for _, line := range h.Values("Forwarded") {
		for element := range strings.SplitSeq(line, ",") {
			for pair := range strings.SplitSeq(element, ";") {
				if name, value, ok := strings.Cut(strings.TrimSpace(pair), "="); ok && strings.EqualFold(name, "for") {
					out = append(out, strings.Trim(value, `"`))
				}
			}
		}
	}
	if out != nil {
		return out
	}
	for _, line := range h.Values("X-Forwarded-For") {
		for hop := range strings.SplitSeq(line, ",") {
			out = append(out, strings.TrimSpace(hop))
		}
	}
	return out
}

// parseAddr reads an address with or without port and brackets; invalid where it is none.
func parseAddr(s string) netip.Addr {
	if a, err := netip.ParseAddrPort(s); err == nil {
		return a.Addr().Unmap()
	}
	a, err := netip.ParseAddr(strings.Trim(s, "[]"))
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap()
}

// operator tells whether a request is an operator's: it shows the token, or comes from this
// machine where that is said to do. It is not by itself: a proxy on this machine that tells
// nothing of its visitors would make operators of all of them. Of one that tells, none is.
func (g Guard) operator(r *http.Request) bool {
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok && g.Token != "" {
		mine, theirs := sha256.Sum256([]byte(g.Token)), sha256.Sum256([]byte(token))
		return subtle.ConstantTimeCompare(mine[:], theirs[:]) == 1
	}
	host := parseAddr(r.Host)
	return g.Local && parseAddr(r.RemoteAddr).IsLoopback() && (host.IsLoopback() || hostname(r) == "localhost") && !proxied(r.Header)
}

// proxied tells whether a proxy has left a mark on a request.
func proxied(h http.Header) bool {
	for name := range h {
		if strings.HasPrefix(name, "X-Forwarded") || slices.Contains(marks, name) {
			return true
		}
	}
	return false
}

var marks = []string{"Forwarded", "Via", "X-Real-Ip", "X-Client-Ip", "X-Cluster-Client-Ip", "True-Client-Ip", "Cf-Connecting-Ip", "X-Original-Host"}

// hostname is the name that a request asks for, without the port.
func hostname(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = strings.Trim(r.Host, "[]")
	}
	return strings.ToLower(host)
}

// named refuses requests under a name that is not the portal's: a page elsewhere whose name was
// turned to this machine (DNS rebinding) could read and order as its user.
func (g Guard) named(next http.Handler) http.Handler {
	if len(g.Hosts) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := hostname(r)
		if !slices.ContainsFunc(g.Hosts, func(h string) bool { return strings.EqualFold(h, host) }) {
			http.Error(w, "Portal nie działa pod tym adresem. Administrator podaje jego nazwy ustawieniem --host.", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// limits hold how often visitors may order.
type limits struct {
	mu sync.Mutex
	of map[netip.Prefix]*rate.Limiter
}

const (
	orderEvery = 2 * time.Second
	orderBurst = 30
	addresses  = 10_000 // remembered at most
)

// wait tells how long a visitor has to wait before ordering; 0: not at all. Of IPv6 a network of
// 64 bits is one visitor.
func (l *limits) wait(a netip.Addr) time.Duration {
	bits := 32
	if a.Is6() {
		bits = 64
	}
	who, _ := a.Prefix(bits) // the zero one of an address that nobody knows
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of == nil || len(l.of) >= addresses && l.of[who] == nil {
		l.of = map[netip.Prefix]*rate.Limiter{}
	}
	if l.of[who] == nil {
		l.of[who] = rate.NewLimiter(rate.Every(orderEvery), orderBurst)
	}
	if l.of[who].Allow() {
		return 0
	}
	return orderEvery
}

// later is a failure after which it is worth asking again.
func later(w http.ResponseWriter, status int, after time.Duration, what, hint string) error {
	w.Header().Set("Retry-After", strconv.Itoa(max(1, int(after.Seconds()))))
	return failure{status: status, Fault: &fault.Fault{What: what, Hint: hint}}
}

// titled refuses a title that is too long or holds what cannot be seen: line breaks, controls,
// marks that turn the direction of text.
func titled(s string) error {
	if n := utf8.RuneCountInString(s); n > mostTitle {
		return refused("Tytuł zamówienia ma znaków: "+strconv.Itoa(n)+".", "Skróć go do "+strconv.Itoa(mostTitle)+".")
	}
	if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r)
	}) {
		return refused("Tytuł zamówienia zawiera znaki sterujące.", "Wpisz go bez podziału na wiersze i znaków zmieniających kierunek pisma.")
	}
	return nil
}

// unread says why the body of a request could not be read: it is too long, came too slowly, or
// is not what was expected.
func unread(err error, what, hint string) error {
	switch {
	case tooLarge(err):
		return failure{status: http.StatusRequestEntityTooLarge, Fault: &fault.Fault{What: "Zamówienie jest zbyt długie.", Hint: "Podziel je na mniejsze."}}
	case errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.Canceled):
		return failure{status: http.StatusRequestTimeout, Fault: &fault.Fault{What: "Zamówienie przychodziło zbyt wolno.", Hint: "Wyślij je ponownie."}}
	}
	return refused(what, hint)
}
