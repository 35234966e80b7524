package gusapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-faster/jx"
)

// attempt sends one request, keeps what comes back and says what it was. The request is
// settled only after the answer is kept: a process killed between the two asks once more
// than it should, and its ledger knows.
func (c *Client) attempt(ctx context.Context, r Request, old Answer) (Answer, error) {
	booking, err := c.ledger.Book(ctx, func(until time.Time, because Limit) {
		if time.Until(until) > time.Second {
			c.waits(until, limitText(because))
		}
	})
	if err != nil {
		if ctx.Err() != nil {
			return Answer{}, ctx.Err()
		}
		return Answer{}, c.ledgerFault(err)
	}
	started := time.Now()
	answer, err := c.exchange(ctx, r, old)
	if settleErr := booking.Settle(); settleErr != nil {
		return answer, c.ledgerFault(settleErr)
	}
	c.sent++
	c.left = max(0, c.left-1)
	c.pace += (time.Since(started) - c.pace) / 8
	c.report(Progress{})
	return answer, err
}

func limitText(l Limit) string {
	if l.N == 0 {
		return "serwer poprosił o przerwę"
	}
	span := map[time.Duration]string{time.Second: "1 s", 15 * time.Minute: "15 min", 12 * time.Hour: "12 godz.", 7 * 24 * time.Hour: "7 dni"}[l.Per]
	if span == "" {
		span = l.Per.String()
	}
	return fmt.Sprintf("limit %d zapytań na %s", l.N, span)
}

// exchange is the HTTP of one attempt.
func (c *Client) exchange(ctx context.Context, r Request, old Answer) (Answer, error) {
	whole, cancel := context.WithTimeout(ctx, c.o.Pace.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(whole, http.MethodGet, c.url(r), nil)
	if err != nil {
		return Answer{}, fmt.Errorf("make request: %w", err)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.o.Agent)
	if c.o.Key != "" {
		req.Header.Set("X-ClientId", string(c.o.Key))
	}
	if old.ETag != "" {
		req.Header.Set("If-None-Match", old.ETag)
	}
	if old.Modified != "" {
		req.Header.Set("If-Modified-Since", old.Modified)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return Answer{}, c.cut(ctx, whole, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, int64(c.o.Pace.MaxBody)+1))
	if err != nil {
		return Answer{}, c.cut(ctx, whole, err)
	}
	if len(body) > c.o.Pace.MaxBody {
		return Answer{}, &failure{kind: refused, what: fmt.Sprintf("odpowiedź przekracza %d MB", c.o.Pace.MaxBody>>20), hint: "zgłoś błąd autorom programu"}
	}
	if len(c.o.Key) >= 8 { // a server that repeats the key must not get it into the archive
		body = bytes.ReplaceAll(body, []byte(c.o.Key), []byte(hiddenKey))
	}
	return c.judge(r, old, resp, body)
}

// cut says what a connection without a whole answer was.
func (c *Client) cut(ctx, whole context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case whole.Err() != nil:
		return &failure{kind: broken, what: fmt.Sprintf("serwer nie przysłał całej odpowiedzi w ciągu %v", c.o.Pace.Timeout), err: err}
	}
	return &failure{kind: broken, what: "połączenie nieudane lub zerwane", hint: "sprawdź połączenie z siecią", err: err}
}

// judge says what an HTTP answer means and keeps it.
func (c *Client) judge(r Request, old Answer, resp *http.Response, body []byte) (Answer, error) {
	answer := Answer{
		URL: c.url(r), Time: time.Now().UTC(), Status: resp.StatusCode,
		ETag: resp.Header.Get("ETag"), Modified: resp.Header.Get("Last-Modified"),
	}
	after := retryAfter(resp.Header.Get("Retry-After"), time.Now())
	said := refusal(body)
	status := fmt.Sprintf("serwer odpowiedział błędem %d", resp.StatusCode)
	if said != "" {
		status += fmt.Sprintf(" („%s”)", said)
	}
	switch s := resp.StatusCode; {
	case s == http.StatusOK:
		return c.accept(r, answer, body, after)
	case s == http.StatusNotModified && old.Digest != "":
		old.Time = answer.Time
		return c.keep(old, nil)
	case s == http.StatusNotFound:
		answer.Doubtful = html(body)
		return c.keep(answer, body)
	case s == http.StatusTooManyRequests:
		return Answer{}, &failure{kind: limited, what: status, hint: "limit zapytań wyczerpał ktoś inny z tym samym kluczem lub adresem; spróbuj później", after: after}
	case s == http.StatusUnauthorized || s == http.StatusForbidden:
		hint := "pobierz bezpłatny klucz na api.stat.gov.pl i podaj go w zmiennej " + c.keyVariable()
		if c.o.Key != "" {
			hint = "sprawdź klucz w zmiennej " + c.keyVariable() + "; każde API GUS ma osobny klucz"
		}
		return Answer{}, &failure{kind: denied, what: status, hint: hint}
	case s >= http.StatusInternalServerError:
		return Answer{}, &failure{kind: broken, what: status, hint: "spróbuj później", after: after}
	}
	return Answer{}, &failure{kind: refused, what: status, hint: "zgłoś błąd autorom programu"}
}

func (c *Client) keyVariable() string { return "RAPORTJST_" + strings.ToUpper(c.o.Name) + "_KEY" }

// accept checks and keeps the body of a 200. What is no answer is kept too, marked as such:
// without it nobody could tell later what the server had sent.
func (c *Client) accept(r Request, answer Answer, body []byte, after time.Duration) (Answer, error) {
	f := c.check(r, body)
	if f == nil {
		return c.keep(answer, body)
	}
	answer.Problem = f.what
	if _, err := c.keep(answer, body); err != nil {
		return Answer{}, err
	}
	f.after = after
	return Answer{}, f
}

func (c *Client) check(r Request, body []byte) *failure {
	if html(body) {
		return &failure{kind: broken, what: "strona HTML zamiast danych", hint: "serwer może mieć przerwę techniczną; spróbuj później"}
	}
	if said := refusal(body); said != "" {
		what := fmt.Sprintf("serwer odmówił („%s”)", said)
		for _, word := range []string{"limit", "przekrocz", "exceed", "quota"} {
			if strings.Contains(strings.ToLower(said), word) {
				return &failure{kind: limited, what: what, hint: "spróbuj później"}
			}
		}
		return &failure{kind: broken, what: what, hint: "spróbuj później"}
	}
	whole := func(body []byte) error { return jx.DecodeBytes(bytes.TrimPrefix(body, []byte("\ufeff"))).Validate() }
	check := r.Check
	if check == nil {
		check = whole
	}
	err := check(body)
	var mismatch *Mismatch
	switch {
	case err == nil:
		return nil
	case errors.As(err, &mismatch) && whole(body) == nil: // a number cut in two can look like a wrong one
		return &failure{kind: refused, what: mismatch.What, hint: "dostawca mógł zmienić API; zgłoś błąd autorom programu", err: err}
	}
	return &failure{kind: broken, what: "odpowiedź ucięta lub uszkodzona", hint: "spróbuj później", err: err}
}

func (c *Client) keep(answer Answer, body []byte) (Answer, error) {
	kept, err := c.archive.Keep(answer, body)
	if err != nil {
		return kept, c.archiveFault(err)
	}
	return kept, nil
}

// html reports whether a body is a web page.
func html(body []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(body, "\ufeff \t\r\n"), []byte("<"))
}

// retryAfter reads the header of RFC 9110, 10.2.3: seconds or a date. What is no such thing
// is 0; more than the longest window of the limits is cut to it.
func retryAfter(header string, now time.Time) time.Duration {
	var d time.Duration
	if s, err := strconv.ParseInt(strings.TrimSpace(header), 10, 64); err == nil {
		d = time.Duration(min(s, 1<<31)) * time.Second
	} else if t, err := http.ParseTime(header); err == nil {
		d = t.Sub(now)
	}
	return min(max(d, 0), 7*24*time.Hour)
}
