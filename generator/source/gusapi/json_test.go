package gusapi

import (
	"encoding/json"
	"errors"
	"maps"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/go-faster/jx"
)

func TestRecords(t *testing.T) {
	for _, c := range []struct {
		body     string
		rows     []Record
		envelope Record
	}{
		{`[{"id-ou":1,"nazwa-obszaru":" Edukacja "}]`, []Record{{"id-ou": "1", "nazwa-obszaru": "Edukacja"}}, Record{}},
		{`{"data":[{"id":"1"},{"id":2}],"page-count":3,"page-size":5000}`, []Record{{"id": "1"}, {"id": "2"}}, Record{"page-count": "3", "page-size": "5000"}},
		{`{"totalRecords":2,"results":[{"id":1,"symbol":null,"ok":true}]}`, []Record{{"id": "1", "ok": "true"}}, Record{"totalRecords": "2"}},
		{`{"id":7,"karta":{"id":8,"opis":"x"},"lista":["a","b",{"c":"d"}]}`, []Record{{"id": "7", "opis": "x", "lista": "a; b", "c": "d"}}, Record{"id": "7"}},
		{`{"data":{"id":1}}`, []Record{{"id": "1"}}, Record{}},
		{`{"data":[]}`, nil, Record{}},
		{"\ufeff[]", nil, Record{}},
		{`["a"]`, []Record{{"": "a"}}, Record{}},
	} {
		rows, envelope, err := Records([]byte(c.body))
		if err != nil || len(rows) != len(c.rows) || !maps.Equal(envelope, c.envelope) {
			t.Errorf("%s: %v, %v, %v", c.body, rows, envelope, err)
			continue
		}
		for i := range rows {
			if !maps.Equal(rows[i], c.rows[i]) {
				t.Errorf("%s: %v", c.body, rows[i])
			}
		}
	}
}

func TestNumbers(t *testing.T) {
	for text, want := range map[string]float64{
		`1160.06`: 1160.06, `"1160.06"`: 1160.06, `"1160,06"`: 1160.06, `-0.5`: -0.5, `1e3`: 1000, `" 7 "`: 7, `0`: 0,
	} {
		if v, ok, err := Number(jx.DecodeStr(text)); v != want || !ok || err != nil {
			t.Errorf("%s: %v %v %v", text, v, ok, err)
		}
	}
	for _, text := range []string{`null`, `""`, `[1]`, `{}`} {
		if v, ok, err := Number(jx.DecodeStr(text)); v != 0 || ok || err != nil {
			t.Errorf("%s: %v %v %v", text, v, ok, err)
		}
	}
	for _, text := range []string{`"x"`, `"NaN"`, `"Inf"`, `"1 160"`, `"1,1,1"`} {
		var mismatch *Mismatch
		if _, ok, err := Number(jx.DecodeStr(text)); ok || !errors.As(err, &mismatch) {
			t.Errorf("%s: %v %v", text, ok, err)
		}
	}
	for text, want := range map[string]int64{`20231231`: 20231231, `"1324"`: 1324, `1324.0`: 1324, `-1`: -1} {
		if n, ok, err := Integer(jx.DecodeStr(text)); n != want || !ok || err != nil {
			t.Errorf("%s: %v %v %v", text, n, ok, err)
		}
	}
	for _, text := range []string{`1.5`, `"1.5"`, `1e300`} {
		if _, ok, err := Integer(jx.DecodeStr(text)); ok || err == nil {
			t.Errorf("%s: %v %v", text, ok, err)
		}
	}
}

func TestRefusal(t *testing.T) {
	for body, want := range map[string]string{
		`{"errorResult":"Przekroczono limit","errorReason":"12 h"}`:                                 "Przekroczono limit: 12 h",
		`{"errors":[{"errorResult":"Brak danych","errorReason":"","errorCode":1,"errorHelp":"x"}]}`: "Brak danych",
		`{"errors":[{"errorResult":"A"},{"errorResult":"B"}]}`:                                      "A: B",
		`{"data":[{"errorResult":"x"}],"page-count":1}`:                                             "",
		`[{"errorResult":"x"}]`: "",
		`{"errors":[]}`:         "",
		`{"errors":["x"]}`:      "",
		`{"errorResult":null}`:  "",
		`{"errorResult":"` + strings.Repeat("ż", 300) + `"}`: strings.Repeat("ż", 200) + "…",
		`{"errorResult":"a\u0000\n b"`:                       "",
		`<html>error</html>`:                                 "",
		``:                                                   "",
	} {
		if got := refusal([]byte(body)); got != want {
			t.Errorf("%s: %q", body, got)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 4, 15, 12, 0, 0, 0, time.UTC)
	for header, want := range map[string]time.Duration{
		"": 0, "30": 30 * time.Second, " 5 ": 5 * time.Second, "-1": 0, "x": 0, "99999999999999999999": 0, "9999999": 7 * 24 * time.Hour,
		"Wed, 15 Apr 2026 12:10:00 GMT": 10 * time.Minute, "Wed, 15 Apr 2026 11:00:00 GMT": 0,
	} {
		if got := retryAfter(header, now); got != want {
			t.Errorf("%q: %v, want %v", header, got, want)
		}
	}
}

func FuzzRecords(f *testing.F) {
	for _, seed := range []string{
		`{"data":[{"id":1,"a":{"b":["c"]}}],"page-count":1}`, `[[[[1]]]]`, `{"errors":[{"errorResult":"x"}]}`, "\ufeff{}", `"1,5"`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		rows, _, err := Records(body)
		if refusal(body); err == nil && !json.Valid([]byte(strings.TrimPrefix(string(body), "\ufeff"))) {
			t.Errorf("%d records of what is no JSON", len(rows))
		}
		v, ok, err := Number(jx.DecodeBytes(body))
		if err == nil && (math.IsNaN(v) || math.IsInf(v, 0) || !ok && v != 0) {
			t.Errorf("number %v, %v", v, ok)
		}
		// A bare number is what encoding/json says it is.
		var plain float64
		if err == nil && ok && jx.DecodeBytes(body).Next() == jx.Number && json.Unmarshal(body, &plain) == nil && plain != v {
			t.Errorf("%s: %v, encoding/json has %v", body, v, plain)
		}
	})
}
