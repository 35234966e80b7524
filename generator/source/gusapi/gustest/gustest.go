// Package gustest is a server that behaves as the public descriptions of the APIs SMUP and
// BDL of Statistics Poland say, for tests. It is made, not recorded: no answer of it was
// ever sent by GUS, its figures are invented, and it can prove no more than that a client
// agrees with the descriptions.
//
// It counts what it is asked, holds its own stopwatch over the limits, and misbehaves on
// demand. SMUP is under /smup, BDL under /bdl.
package gustest

import (
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/raportjst/raportjst/generator/source/gusapi"
)

// Options make a server. The zero value is small, keyless and well-behaved.
type Options struct {
	TERC       string            // the official TERC file; where there is none, the units are invented
	Indicators int               // of SMUP; 0: 40
	First      int               // the years; 0: 2019
	Last       int               // 0: 2023
	PageMax    int               // SMUP gives at most so many rows a page; 0: 5000
	Key        string            // a request with another key gets 403; "" wants none
	Limits     gusapi.Limits     // asserted for every request
	Latency    time.Duration     // of every answer
	Misdeed    func(Ask) Misdeed `json:"-"` // may be nil
}

// Ask is a request as Misdeed sees it.
type Ask struct {
	Path string // "/smup/indicator-date-data"
	URL  string // with the query
	N    int    // how many requests came before
	Nth  int    // how many of them for the same URL
}

// Misdeed is something a server should not do.
type Misdeed int

// What the server can do instead of answering.
const (
	Behave       Misdeed = iota
	TooMany              // 429
	TooManyAfter         // 429 with Retry-After: 2
	ServerError          // 500
	Unavailable          // 503 with Retry-After: 1
	Forbidden            // 403
	BadRequest           // 412 with an error body
	Cut                  // the connection breaks in the middle of the body
	CutJSON              // a whole answer with half of the JSON
	Hang                 // silence for an hour
	Page                 // 200 with a web page
	Page404              // 404 with a web page
	Quota200             // 200 with an error body about the limit
	Error200             // 200 with an error body about something else
	EchoKey              // the right answer, with the key of the request in it
	Redirect             // 302 to another server
)

// Server is the server. It is an http.Handler.
type Server struct {
	o     Options
	model *Model
	start time.Time

	mu       sync.Mutex
	edition  int
	arrivals []time.Time
	asked    map[string]int // by URL
	answered map[string]int // by URL: right answers given in full
	last     http.Header    // of the last request
	broken   []string       // limits broken
}

// New makes a server.
func New(o Options) *Server {
	def := func(v *int, to int) {
		if *v == 0 {
			*v = to
		}
	}
	def(&o.Indicators, 40)
	def(&o.First, 2019)
	def(&o.Last, 2023)
	def(&o.PageMax, 5000)
	return &Server{o: o, model: newModel(o), start: time.Now(), asked: map[string]int{}, answered: map[string]int{}}
}

// Model is what the server knows: the truth to compare with.
func (s *Server) Model() *Model { return s.model }

// Revise changes the values of every answer, as a new edition of the data does.
func (s *Server) Revise() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.edition++
	s.model.edition = s.edition
}

// ReviseOne changes the values of one variable or indicator.
func (s *Server) ReviseOne(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.model.editions[id]++
}

// editionOf is the edition of what a request asks for.
func (s *Server) editionOf(r *http.Request) int {
	text := r.URL.Query().Get("id")
	if _, rest, ok := strings.Cut(r.URL.Path, "by-variable/"); ok {
		text = rest
	}
	if strings.Contains(r.URL.Path, "by-unit/") {
		sum := s.edition
		for _, n := range s.model.editions {
			sum += n
		}
		return sum
	}
	id, _ := strconv.ParseInt(text, 10, 64)
	return s.edition + s.model.editions[id]
}

// Count is what the server has counted.
type Count struct {
	Requests int            // all
	Asked    map[string]int // by URL
	Answered map[string]int // by URL: right answers given in full
	Broken   []string       // limits broken, in words
	Header   http.Header    // of the last request
}

// Count reads the counters.
func (s *Server) Count() Count {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Count{
		Requests: len(s.arrivals), Asked: maps.Clone(s.asked), Answered: maps.Clone(s.answered),
		Broken: append([]string(nil), s.broken...), Header: s.last,
	}
}

// Requests is how many requests came.
func (s *Server) Requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.arrivals)
}

// arrive counts a request and checks the limits.
func (s *Server) arrive(r *http.Request) Ask {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, url := time.Now(), r.URL.String()
	ask := Ask{Path: r.URL.Path, URL: url, N: len(s.arrivals), Nth: s.asked[url]}
	s.arrivals = append(s.arrivals, now)
	s.asked[url]++
	s.last = r.Header.Clone()
	for _, l := range s.o.Limits {
		if i := ask.N - l.N; i >= 0 && now.Sub(s.arrivals[i]) < l.Per {
			s.broken = append(s.broken, fmt.Sprintf("request %d came %v after request %d: more than %d in %v", ask.N, now.Sub(s.arrivals[i]), i, l.N, l.Per))
		}
	}
	return ask
}

func (s *Server) answeredRight(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answered[url]++
}

// ServeHTTP answers.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ask := s.arrive(r)
	time.Sleep(s.o.Latency)
	if s.o.Key != "" && r.Header.Get("X-ClientId") != s.o.Key {
		s.refuse(w, http.StatusForbidden, "Nieprawidłowy klucz "+r.Header.Get("X-ClientId"))
		return
	}
	deed := Behave
	if s.o.Misdeed != nil {
		deed = s.o.Misdeed(ask)
	}
	status, body := s.answer(r)
	if status == http.StatusOK && s.conditional(w, r) {
		w.WriteHeader(http.StatusNotModified)
		s.answeredRight(ask.URL)
		return
	}
	if deed != Behave && s.misbehave(w, r, deed, body) {
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	if _, err := w.Write(body); err == nil {
		s.answeredRight(ask.URL)
	}
}

func (s *Server) answer(r *http.Request) (int, []byte) {
	api, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch api {
	case "smup":
		return s.smup(rest, r.URL.Query())
	case "bdl":
		return s.bdl(rest, r.URL.Query())
	}
	return http.StatusNotFound, errorBody("Nie ma takiej ścieżki")
}

// conditional gives the validators, an ETag from SMUP and a date from BDL, and tells whether
// the client has the current edition.
func (s *Server) conditional(w http.ResponseWriter, r *http.Request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if strings.HasPrefix(r.URL.Path, "/smup") {
		h := fnv.New64a()
		h.Write([]byte(r.URL.String()))
		tag := fmt.Sprintf(`"%x-%d"`, h.Sum64(), s.editionOf(r))
		w.Header().Set("ETag", tag)
		return r.Header.Get("If-None-Match") == tag
	}
	date := s.start.Add(time.Duration(s.editionOf(r)) * time.Hour).UTC().Format(http.TimeFormat)
	w.Header().Set("Last-Modified", date)
	return r.Header.Get("If-Modified-Since") == date
}

func errorBody(text string) []byte {
	return fmt.Appendf(nil, `{"errors":[{"errorResult":%q,"errorReason":"","errorCode":1}]}`, text)
}

func (s *Server) refuse(w http.ResponseWriter, status int, text string) {
	w.WriteHeader(status)
	fmt.Fprintf(w, "%s", errorBody(text))
}

// misbehave does a misdeed; it reports false when the right answer shall still be given.
func (s *Server) misbehave(w http.ResponseWriter, r *http.Request, deed Misdeed, body []byte) bool {
	const page = "<!DOCTYPE html>\n<html><body>Przerwa techniczna, error</body></html>"
	switch deed {
	case TooManyAfter:
		w.Header().Set("Retry-After", "2")
		fallthrough
	case TooMany:
		s.refuse(w, http.StatusTooManyRequests, "Przekroczono limit zapytań")
	case ServerError:
		w.WriteHeader(http.StatusInternalServerError)
	case Unavailable:
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusServiceUnavailable)
	case Forbidden:
		s.refuse(w, http.StatusForbidden, "Brak dostępu")
	case BadRequest:
		s.refuse(w, http.StatusPreconditionFailed, "Niepoprawny identyfikator")
	case Cut:
		w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		fmt.Fprintf(w, "%s", body[:len(body)/2])
		panic(http.ErrAbortHandler)
	case CutJSON:
		fmt.Fprintf(w, "%s", body[:len(body)/2])
	case Hang:
		select {
		case <-time.After(time.Hour):
		case <-r.Context().Done():
		}
	case Page:
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, page)
	case Page404:
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, page)
	case Quota200:
		fmt.Fprint(w, `{"errorResult":"Przekroczono limit zapytań","errorReason":"12 godzin"}`)
	case Error200:
		fmt.Fprint(w, `{"errorResult":"Błąd wewnętrzny"}`)
	case Redirect:
		w.Header().Set("Location", "http://elsewhere.invalid/")
		w.WriteHeader(http.StatusFound)
	case EchoKey:
		fmt.Fprintf(w, `%s,"klucz":%q}`, body[:len(body)-1], r.Header.Get("X-ClientId"))
	default:
		return false
	}
	return true
}

// Transport brings requests to a handler without a network, so that tests can run on the
// clock of testing/synctest. The end of a request's context ends the wait for its answer.
func Transport(h http.Handler) http.RoundTripper { return transport{h} }

type transport struct{ http.Handler }

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	done := make(chan *http.Response, 1)
	go func() {
		w := httptest.NewRecorder()
		defer func() {
			p := recover()
			if p != nil && p != http.ErrAbortHandler {
				panic(p)
			}
			resp := w.Result()
			if p != nil {
				resp.Body = io.NopCloser(io.MultiReader(resp.Body, cut{}))
			}
			resp.Request = r
			done <- resp
		}()
		t.ServeHTTP(w, r)
	}()
	select {
	case resp := <-done:
		return resp, nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// cut is the end of a body that has none.
type cut struct{}

func (cut) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
