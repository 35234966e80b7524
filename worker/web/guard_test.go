package web

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

func TestVisitor(t *testing.T) {
	g := Guard{Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}}
	for _, c := range []struct {
		remote, name, value, want string
	}{
		{"192.0.2.1:5", "", "", "192.0.2.1"},
		{"192.0.2.1:5", "X-Forwarded-For", "198.51.100.7", "192.0.2.1"}, // nobody vouches for it
		{"10.1.2.3:5", "X-Forwarded-For", "198.51.100.7", "198.51.100.7"},
		{"10.1.2.3:5", "X-Forwarded-For", "203.0.113.9, 198.51.100.7, 10.9.9.9", "198.51.100.7"},
		{"10.1.2.3:5", "Forwarded", `for=203.0.113.9, for="198.51.100.7:4711";proto=https`, "198.51.100.7"},
		{"[::1]:5", "Forwarded", `For="[2001:db8:cafe::17]:4711"`, "2001:db8:cafe::17"},
		{"10.1.2.3:5", "Forwarded", "for=unknown", "10.1.2.3"},
		{"10.1.2.3:5", "X-Forwarded-For", "zle", "10.1.2.3"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.remote
		if c.name != "" {
			r.Header.Set(c.name, c.value)
		}
		if got := g.visitor(r).String(); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

func TestOperator(t *testing.T) {
	g := Guard{Token: "tajne", Local: true}
	for _, c := range []struct {
		remote, name, value string
		want                bool
	}{
		{"127.0.0.1:5", "", "", true},
		{"[::1]:5", "", "", true},
		{"192.0.2.1:5", "", "", false},
		{"127.0.0.1:5", "X-Forwarded-For", "192.0.2.1", false}, // through a proxy on this machine
		{"127.0.0.1:5", "Forwarded", "for=127.0.0.1", false},
		{"127.0.0.1:5", "X-Real-IP", "192.0.2.1", false},
		{"127.0.0.1:5", "Via", "1.1 nginx", false},
		{"192.0.2.1:5", "Authorization", "Bearer tajne", true},
		{"192.0.2.1:5", "Authorization", "Bearer inne", false},
		{"192.0.2.1:5", "Authorization", "Bearer ", false},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr, r.Host = c.remote, "127.0.0.1:8080"
		if c.name != "" {
			r.Header.Set(c.name, c.value)
		}
		if got := g.operator(r); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
	if (Guard{}).operator(&http.Request{RemoteAddr: "192.0.2.1:5", Header: http.Header{"Authorization": {"Bearer "}}}) {
		t.Error("no token is taken for one")
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for _, c := range []struct {
		host  string
		local bool
		want  bool
	}{{"127.0.0.1:8080", true, true}, {"localhost", true, true}, {"[::1]:8080", true, true}, {"raport.example.pl", true, false}, {"127.0.0.1:8080", false, false}} {
		r.RemoteAddr, r.Host = "127.0.0.1:5", c.host
		if got := (Guard{Local: c.local}).operator(r); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

func TestNamed(t *testing.T) {
	h := Guard{Hosts: []string{"localhost", "127.0.0.1", "::1", "raport.example.pl"}}.named(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for host, want := range map[string]int{"localhost:8080": 200, "127.0.0.1": 200, "[::1]:8080": 200, "[::1]": 200, "RAPORT.example.pl": 200, "evil.example": 421, "evil.example:8080": 421, "": 421} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host = host
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%q: %d", host, w.Code)
		}
	}
}

func TestLimits(t *testing.T) {
	var l limits
	one, other := netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("2001:db8:0:1::1")
	for range orderBurst {
		if l.wait(one) > 0 {
			t.Fatal("refused too early")
		}
	}
	if l.wait(netip.MustParseAddr("2001:db8::ffff")) == 0 {
		t.Error("another address of the same network is another visitor")
	}
	if l.wait(other) > 0 {
		t.Error("another network is refused")
	}
	for i := range 3 * addresses {
		l.wait(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}))
	}
	if len(l.of) > addresses {
		t.Errorf("%d addresses are remembered", len(l.of))
	}
}

func TestTitled(t *testing.T) {
	for title, good := range map[string]bool{
		"": true, "Powiat wzorcowy – wszystkie gminy": true, strings.Repeat("ż", 200): true, strings.Repeat("ż", 201): false,
		"a\u202egpj.exe": false, "a\nb": false, "a\x00": false, "\u2066a": false, "\xff": false, "\ue000": false,
	} {
		if err := titled(title); (err == nil) != good {
			t.Errorf("%q: %v", title, err)
		}
	}
}
