package gusapi_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/source/gusapi"
	"github.com/raportjst/raportjst/generator/source/gusapi/gustest"
)

const key = "6b1c2d3e-0000-4000-8000-00000000cafe"

// stand is a made server and a client of it on the clock of testing/synctest.
type stand struct {
	*gustest.Server
	*gusapi.Client
	options gusapi.Options
	start   time.Time
}

// inBubble runs f with a stand.
func inBubble(t *testing.T, o gustest.Options, set func(*gusapi.Options), f func(t *testing.T, s *stand)) {
	t.Helper()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		server := gustest.New(o)
		s := &stand{Server: server, start: time.Now(), options: gusapi.Options{
			Name: "SMUP", Base: "https://api.smup.gov.pl/smup", Archive: filepath.Join(dir, "archive"), Ledger: filepath.Join(dir, "ledger"),
			Transport: gustest.Transport(server), Agent: "raportjst/test",
		}}
		if set != nil {
			set(&s.options)
		}
		s.reopen(t)
		f(t, s)
	})
}

// reopen makes a new client, as a new process does.
func (s *stand) reopen(t *testing.T) {
	t.Helper()
	c, err := gusapi.Open(s.options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	s.Client = c
}

func data(id, year int) gusapi.Request {
	return gusapi.Request{Path: "indicator-date-data", Query: url.Values{
		"id": {fmt.Sprint(id)}, "id-daty": {fmt.Sprintf("%d1231", year)}, "page": {"1"}, "page-size": {"5000"},
	}}
}

// once lets the first n requests meet a misdeed.
func once(n int, d gustest.Misdeed) func(gustest.Ask) gustest.Misdeed {
	return func(a gustest.Ask) gustest.Misdeed {
		if a.N < n {
			return d
		}
		return gustest.Behave
	}
}

func TestFetchOvercomes(t *testing.T) {
	for _, c := range []struct {
		name     string
		deed     gustest.Misdeed
		n        int
		min, max time.Duration
	}{
		{"429 without Retry-After", gustest.TooMany, 3, 50 * time.Second, 3 * time.Minute}, // 15 + 30 + 60 s, ± half
		{"429 with Retry-After: 2", gustest.TooManyAfter, 10, 20 * time.Second, 21 * time.Second},
		{"500", gustest.ServerError, 4, 7 * time.Second, 25 * time.Second},
		{"503 with Retry-After: 1", gustest.Unavailable, 4, 4 * time.Second, 5 * time.Second},
		{"a cut connection", gustest.Cut, 3, 3 * time.Second, 12 * time.Second},
		{"cut JSON", gustest.CutJSON, 3, 3 * time.Second, 12 * time.Second},
		{"silence", gustest.Hang, 2, 2 * time.Minute, 3 * time.Minute},
		{"a web page", gustest.Page, 3, 3 * time.Second, 12 * time.Second},
		{"quota in a 200", gustest.Quota200, 3, 50 * time.Second, 3 * time.Minute},
		{"an error in a 200", gustest.Error200, 2, time.Second, 6 * time.Second},
		{"five failures in a row", gustest.ServerError, 5, 2 * time.Minute, 3 * time.Minute}, // the breaker's pause
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, gustest.Options{Limits: gusapi.Anonymous, Misdeed: once(c.n, c.deed)}, nil, func(t *testing.T, s *stand) {
				body, answer, err := s.Body(t.Context(), data(4, 2023))
				if err != nil {
					t.Fatal(err)
				}
				if answer.Status != 200 || !bytes.Contains(body, []byte(`"id-daty":20231231`)) {
					t.Errorf("answer %+v with %.80s", answer, body)
				}
				if took := time.Since(s.start); took < c.min || took > c.max {
					t.Errorf("took %v, want %v to %v", took, c.min, c.max)
				}
				if n := s.Requests(); n != c.n+1 {
					t.Errorf("%d requests, want %d", n, c.n+1)
				}
				if broken := s.Count().Broken; len(broken) > 0 {
					t.Error(broken)
				}
				// Nothing that was no answer is taken for one later.
				s.reopen(t)
				if _, _, err := s.Body(t.Context(), data(4, 2023)); err != nil || s.Requests() != c.n+1 {
					t.Errorf("the second time: %v after %d requests", err, s.Requests())
				}
			})
		})
	}
}

func TestFetchGivesUp(t *testing.T) {
	for _, c := range []struct {
		name     string
		deed     gustest.Misdeed
		cause    error
		says     string
		requests int
	}{
		{"500", gustest.ServerError, gusapi.ErrRequest, "błędem 500", 6},
		{"cut JSON", gustest.CutJSON, gusapi.ErrRequest, "ucięta", 6},
		{"a web page", gustest.Page, gusapi.ErrRequest, "strona HTML", 6},
		{"silence", gustest.Hang, gusapi.ErrRequest, "w ciągu 1m0s", 6},
		{"an error in a 200", gustest.Error200, gusapi.ErrRequest, "Błąd wewnętrzny", 6},
		{"403", gustest.Forbidden, gusapi.ErrKey, "RAPORTJST_SMUP_KEY", 1},
		{"412", gustest.BadRequest, gusapi.ErrRequest, "Niepoprawny identyfikator", 1},
		{"a redirect", gustest.Redirect, gusapi.ErrRequest, "błędem 302", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, gustest.Options{Misdeed: once(1000, c.deed)}, nil, func(t *testing.T, s *stand) {
				_, err := s.Fetch(t.Context(), data(4, 2023))
				var f *fault.Fault
				if !errors.Is(err, c.cause) || !errors.As(err, &f) || !strings.Contains(f.Error(), c.says) {
					t.Errorf("error %v, want %v that says %q", err, c.cause, c.says)
				}
				if n := s.Requests(); n != c.requests {
					t.Errorf("%d requests, want %d", n, c.requests)
				}
			})
		})
	}
}

// A 404 is an answer: it is never tried again, it is remembered, and it lives as long as the
// request says; one with a web page for a body is believed for a week.
func TestFetchNoData(t *testing.T) {
	inBubble(t, gustest.Options{}, nil, func(t *testing.T, s *stand) {
		old, newest := data(17, 2019), data(17, 2019)
		newest.LifeOfNone = 24 * time.Hour
		for _, step := range []struct {
			wait     time.Duration
			ask      gusapi.Request
			requests int
		}{
			{0, old, 1}, {time.Hour, newest, 1}, {24 * time.Hour, newest, 2}, {time.Hour, old, 2}, {1000 * 24 * time.Hour, old, 2},
		} {
			time.Sleep(step.wait)
			answer, err := s.Fetch(t.Context(), step.ask)
			if err != nil || !answer.None() {
				t.Fatalf("%+v, %v", answer, err)
			}
			if n := s.Requests(); n != step.requests {
				t.Errorf("%d requests, want %d", n, step.requests)
			}
		}
	})
	inBubble(t, gustest.Options{Misdeed: once(1, gustest.Page404)}, nil, func(t *testing.T, s *stand) {
		if answer, err := s.Fetch(t.Context(), data(4, 2023)); err != nil || !answer.None() {
			t.Fatalf("%+v, %v", answer, err)
		}
		time.Sleep(6 * 24 * time.Hour)
		if _, err := s.Fetch(t.Context(), data(4, 2023)); err != nil || s.Requests() != 1 {
			t.Errorf("%d requests after six days, %v", s.Requests(), err)
		}
		time.Sleep(2 * 24 * time.Hour)
		if answer, err := s.Fetch(t.Context(), data(4, 2023)); err != nil || answer.None() {
			t.Errorf("after eight days %+v, %v", answer, err)
		}
	})
}

// A provider that is down is not hammered, and the work is given up in the end; it goes on
// by itself when the provider comes back before.
func TestProviderDown(t *testing.T) {
	fetch := func(ctx context.Context, s *stand) error {
		for year := 2019; year <= 2023; year++ {
			for id := 2; id < 16; id++ {
				if _, err := s.Fetch(ctx, data(id, year)); err != nil && !errors.Is(err, gusapi.ErrRequest) {
					return err
				}
			}
		}
		return nil
	}
	inBubble(t, gustest.Options{Misdeed: once(1_000_000, gustest.ServerError)}, nil, func(t *testing.T, s *stand) {
		var waits int
		s.options.Progress = func(p gusapi.Progress) {
			if strings.Contains(p.Because, "nie odpowiada") {
				waits++
			}
		}
		s.reopen(t)
		err := fetch(t.Context(), s)
		if !errors.Is(err, gusapi.ErrDown) || !strings.Contains(err.Error(), "serwer nie odpowiada od") {
			t.Errorf("error %v", err)
		}
		if took := time.Since(s.start); took < time.Hour || took > 70*time.Minute {
			t.Errorf("given up after %v", took)
		}
		if n := s.Requests(); n > 40 {
			t.Errorf("%d requests in an hour to a provider that is down", n)
		}
		if waits == 0 {
			t.Error("the user was not told of the wait")
		}
	})
	inBubble(t, gustest.Options{}, nil, func(t *testing.T, s *stand) {
		down := gustest.New(gustest.Options{Misdeed: func(gustest.Ask) gustest.Misdeed {
			if time.Since(s.start) < 30*time.Minute {
				return gustest.ServerError
			}
			return gustest.Behave
		}})
		s.options.Transport = gustest.Transport(down)
		s.reopen(t)
		if err := fetch(t.Context(), s); err != nil {
			t.Error(err)
		}
	})
}

// A provider that answers nothing but 429 is asked ever more rarely, and given up after a
// day, for all requests at once.
func TestRefusedForADay(t *testing.T) {
	inBubble(t, gustest.Options{Misdeed: once(1_000_000, gustest.TooMany)}, nil, func(t *testing.T, s *stand) {
		_, err := s.Fetch(t.Context(), data(4, 2023))
		if !errors.Is(err, gusapi.ErrDown) || errors.Is(err, gusapi.ErrRequest) || !strings.Contains(err.Error(), "błędem 429") {
			t.Errorf("error %v", err)
		}
		if took := time.Since(s.start); took < 24*time.Hour || took > 25*time.Hour {
			t.Errorf("given up after %v", took)
		}
		if n := s.Requests(); n < 90 || n > 200 {
			t.Errorf("%d requests in a day", n)
		}
	})
}

func TestConditional(t *testing.T) {
	inBubble(t, gustest.Options{}, nil, func(t *testing.T, s *stand) {
		ask := data(4, 2023)
		ask.Life = time.Hour
		first, err := s.Fetch(t.Context(), ask)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Hour)
		same, err := s.Fetch(t.Context(), ask)
		if err != nil || same.Digest != first.Digest || !same.Time.After(first.Time) {
			t.Errorf("after 304: %+v, %v", same, err)
		}
		if got := s.Count().Header.Get("If-None-Match"); got != first.ETag || got == "" {
			t.Errorf("If-None-Match %q, want %q", got, first.ETag)
		}
		time.Sleep(2 * time.Hour)
		s.Revise()
		revised, err := s.Fetch(t.Context(), ask)
		if err != nil || revised.Digest == first.Digest {
			t.Errorf("after a revision: %+v, %v", revised, err)
		}

		// --since asks again for what is older, once.
		time.Sleep(time.Hour)
		s.options.Since = time.Now()
		s.reopen(t)
		ask.Life = 0
		n := s.Requests()
		for range 2 {
			if _, err := s.Fetch(t.Context(), ask); err != nil {
				t.Fatal(err)
			}
		}
		if s.Requests() != n+1 {
			t.Errorf("%d requests, want 1", s.Requests()-n)
		}
	})
	inBubble(t, gustest.Options{}, func(o *gusapi.Options) { o.Base = "https://bdl.stat.gov.pl/bdl" }, func(t *testing.T, s *stand) {
		ask := gusapi.Request{Path: "attributes", Life: time.Hour}
		first, err := s.Fetch(t.Context(), ask)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Hour)
		if _, err := s.Fetch(t.Context(), ask); err != nil {
			t.Fatal(err)
		}
		if got := s.Count().Header.Get("If-Modified-Since"); got != first.Modified || got == "" {
			t.Errorf("If-Modified-Since %q, want %q", got, first.Modified)
		}
	})
}

// The key goes into the header and nowhere else, whatever the server does with it.
func TestKeyStaysHidden(t *testing.T) {
	deeds := []gustest.Misdeed{gustest.EchoKey, gustest.ServerError, gustest.Behave, gustest.BadRequest, gustest.Page, gustest.Quota200, gustest.Cut}
	var log bytes.Buffer
	inBubble(t, gustest.Options{Key: key, Misdeed: func(a gustest.Ask) gustest.Misdeed { return deeds[a.N%len(deeds)] }},
		func(o *gusapi.Options) {
			o.Key = key
			o.Progress = func(p gusapi.Progress) { slog.New(slog.NewTextHandler(&log, nil)).Info("progress", "p", p) }
		},
		func(t *testing.T, s *stand) {
			for id := range 20 {
				if _, err := s.Fetch(t.Context(), data(id, 2023)); err != nil {
					fmt.Fprintf(&log, "%v %+v %#v\n", err, err, err)
					for e := err; e != nil; e = errors.Unwrap(e) {
						fmt.Fprintf(&log, "%#v\n", e)
					}
				}
			}
			if s.Count().Header.Get("X-ClientId") != key {
				t.Error("the key was not sent")
			}
			fmt.Fprintf(&log, "%v %+v %#v %s\n", s.options, s.options, s.options.Key, s.options.Key)
			slog.New(slog.NewJSONHandler(&log, nil)).Info("options", "key", s.options.Key)

			// A wrong key is refused by a server that repeats it.
			s.options.Key = key + "wrong"
			s.reopen(t)
			_, err := s.Fetch(t.Context(), data(30, 2023))
			if !errors.Is(err, gusapi.ErrKey) {
				t.Errorf("a wrong key: %v", err)
			}
			fmt.Fprintln(&log, err)
		})
	if strings.Contains(log.String(), key) {
		t.Errorf("the key is in the log:\n%s", log.String())
	}
}

// files reads everything the client has written.
func files(t *testing.T, dir string) (all [][]byte) {
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			b, err := os.ReadFile(path)
			all = append(all, b, []byte(path))
			return err
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestKeyIsNotOnDisk(t *testing.T) {
	var dir string
	inBubble(t, gustest.Options{Key: key, Misdeed: once(1000, gustest.EchoKey)}, func(o *gusapi.Options) { o.Key = key; dir = filepath.Dir(o.Archive) },
		func(t *testing.T, s *stand) {
			body, _, err := s.Body(t.Context(), data(4, 2023))
			if err != nil || !bytes.Contains(body, []byte(`"klucz":"[klucz]"`)) {
				t.Errorf("%v, …%s", err, body[max(0, len(body)-80):])
			}
		})
	for _, b := range files(t, dir) {
		if bytes.Contains(b, []byte(key)) {
			t.Errorf("the key is in %.200q", b)
		}
	}
}

// Requests at full speed under the real limits: the second and the fifteen minutes bind, and
// with 6,000 requests the twelve hours too.
func TestRealLimits(t *testing.T) {
	inBubble(t, gustest.Options{Limits: gusapi.Keyed, Latency: 30 * time.Millisecond}, func(o *gusapi.Options) { o.Key = key }, func(t *testing.T, s *stand) {
		n := 1200
		if os.Getenv("RAPORTJST_HEAVY") != "" {
			n = 6000
		}
		s.Expect(n)
		said, err := s.Forecast(n)
		if err != nil {
			t.Fatal(err)
		}
		for i := range n {
			if i%1000 == 999 { // restarts change nothing
				s.reopen(t)
			}
			if _, err := s.Fetch(t.Context(), gusapi.Request{Path: "data-dictionary", Query: url.Values{"n": {fmt.Sprint(i)}}}); err != nil {
				t.Fatal(err)
			}
		}
		count := s.Count()
		if len(count.Broken) > 0 || count.Requests != n {
			t.Errorf("%d requests, limits broken: %.5q", count.Requests, count.Broken)
		}
		if took := time.Since(s.start); (took - said).Abs() > said/20 {
			t.Errorf("took %v, forecast %v", took, said)
		}
	})
}

func TestOffline(t *testing.T) {
	inBubble(t, gustest.Options{}, nil, func(t *testing.T, s *stand) {
		ask := data(4, 2023)
		ask.Life = time.Hour
		if _, err := s.Fetch(t.Context(), ask); err != nil {
			t.Fatal(err)
		}
		time.Sleep(100 * time.Hour)
		off := s.Offline()
		if _, err := off.Fetch(t.Context(), ask); err != nil {
			t.Error(err)
		}
		if _, err := off.Fetch(t.Context(), data(4, 2022)); !errors.Is(err, gusapi.ErrRequest) || s.Requests() != 1 {
			t.Errorf("%v after %d requests", err, s.Requests())
		}
	})
}

// A damaged file of the archive is noticed and asked for again.
func TestDamagedAnswer(t *testing.T) {
	inBubble(t, gustest.Options{}, nil, func(t *testing.T, s *stand) {
		_, answer, err := s.Body(t.Context(), data(4, 2023))
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(s.options.Archive, "answers", answer.Digest[:2], answer.Digest+".zst")
		if err := os.Truncate(path, 100); err != nil {
			t.Fatal(err)
		}
		if body, _, err := s.Body(t.Context(), data(4, 2023)); err != nil || len(body) != answer.Size || s.Requests() != 2 {
			t.Errorf("%d bytes, %v, %d requests", len(body), err, s.Requests())
		}
	})
}

func TestOversizeAnswer(t *testing.T) {
	inBubble(t, gustest.Options{}, func(o *gusapi.Options) { o.Pace.MaxBody = 1000 }, func(t *testing.T, s *stand) {
		_, err := s.Fetch(t.Context(), data(4, 2023))
		if !errors.Is(err, gusapi.ErrRequest) || !strings.Contains(err.Error(), "przekracza") || s.Requests() != 1 {
			t.Errorf("%v after %d requests", err, s.Requests())
		}
	})
}

func TestContextEndsWork(t *testing.T) {
	inBubble(t, gustest.Options{Misdeed: once(10, gustest.Hang)}, nil, func(t *testing.T, s *stand) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		_, err := s.Fetch(ctx, data(4, 2023))
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(s.start) != 5*time.Second {
			t.Errorf("%v after %v", err, time.Since(s.start))
		}
	})
}

func TestOpenRefuses(t *testing.T) {
	for _, base := range []string{"", "api.smup.gov.pl", "https://user:secret@api.smup.gov.pl", "https://x/?a=b", "://"} {
		_, err := gusapi.Open(gusapi.Options{Name: "SMUP", Base: base, Archive: t.TempDir(), Ledger: t.TempDir()})
		var f *fault.Fault
		if !errors.As(err, &f) {
			t.Errorf("%q: %v", base, err)
		}
	}
	for base, ok := range map[string]bool{"http://api.smup.gov.pl": false, "http://10.0.0.1": false, "http://localhost:1": true, "http://127.0.0.1:1": true, "https://x": true} {
		c, err := gusapi.Open(gusapi.Options{Name: "SMUP", Base: base, Key: key, Archive: t.TempDir(), Ledger: t.TempDir()})
		if (err == nil) != ok {
			t.Errorf("a key to %s: %v", base, err)
		}
		if err == nil {
			c.Close()
		}
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, o := range []gusapi.Options{
		{Name: "SMUP", Base: "https://x", Archive: file, Ledger: t.TempDir()}, {Name: "SMUP", Base: "https://x", Archive: t.TempDir(), Ledger: file},
	} {
		_, err := gusapi.Open(o)
		var f *fault.Fault
		if !errors.As(err, &f) {
			t.Errorf("%v", err)
		}
	}
}
