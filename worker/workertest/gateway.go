package workertest

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"
	"time"
)

// Gateway stands before an HTTP server and makes the faults that such servers, and what lies
// on the way to them, make.
type Gateway struct {
	URL string
	now atomic.Pointer[mishap]
}

type mishap struct {
	kind  string
	share float64
}

// GatewayFaults are the faults of a gateway: answers 500 and 503, seconds of silence, an answer
// that ends in the middle, and turned bytes in what is sent or answered.
var GatewayFaults = []string{"500", "503", "slow", "cut", "wrong bytes"}

// NewGateway opens a gateway to a server until the test ends.
func NewGateway(t *testing.T, to string) *Gateway {
	t.Helper()
	target, err := url.Parse(to)
	must(t, err)
	g := &Gateway{}
	g.now.Store(&mishap{})
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = r.In.Host // the signature of the request is over it
		},
		Transport:    &http.Transport{MaxIdleConnsPerHost: 16},
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f := g.now.Load()
		if rand.Float64() >= f.share {
			proxy.ServeHTTP(w, r)
			return
		}
		switch f.kind {
		case "500":
			http.Error(w, "internal error", http.StatusInternalServerError)
		case "503":
			http.Error(w, "slow down", http.StatusServiceUnavailable)
		case "slow":
			time.Sleep(time.Duration(rand.IntN(6000)) * time.Millisecond)
			proxy.ServeHTTP(w, r)
		case "cut":
			proxy.ServeHTTP(&cutAnswer{ResponseWriter: w, left: rand.IntN(2000)}, r)
		case "wrong bytes":
			turned := httptest.NewRecorder()
			if r.Body != nil {
				body, _ := io.ReadAll(r.Body)
				r.Body = io.NopCloser(bytes.NewReader(turn(body)))
			}
			proxy.ServeHTTP(turned, r)
			for name, values := range turned.Header() {
				w.Header()[name] = values
			}
			w.WriteHeader(turned.Code)
			_, _ = w.Write(turn(turned.Body.Bytes()))
		}
	}))
	t.Cleanup(s.Close)
	g.URL = s.URL
	return g
}

// Fail has a share of the requests meet a fault of GatewayFaults from now on; 0 ends it.
func (g *Gateway) Fail(kind string, share float64) { g.now.Store(&mishap{kind, share}) }

// turn turns a byte in the middle.
func turn(body []byte) []byte {
	if len(body) > 0 {
		body[len(body)/2] ^= 0x20
	}
	return body
}

// cutAnswer cuts the connection when so many bytes of the answer are out.
type cutAnswer struct {
	http.ResponseWriter
	left int
}

func (c *cutAnswer) Write(p []byte) (int, error) {
	if c.left -= len(p); c.left < 0 {
		panic(http.ErrAbortHandler)
	}
	return c.ResponseWriter.Write(p)
}

func (c *cutAnswer) WriteHeader(status int) {
	if c.left%4 == 0 { // the request was carried out, and nothing of the answer comes
		panic(http.ErrAbortHandler)
	}
	c.ResponseWriter.WriteHeader(status)
}
