package smup

import (
	"encoding/json"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator/source/gusapi/gustest"
)

// answer is the body of the made server for an indicator in 2023.
func answer(t testing.TB, id string) []byte {
	s := gustest.New(gustest.Options{TERC: terc})
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("GET", "/smup/indicator-date-data?id="+id+"&id-daty=20231231&page=1&page-size=5000", nil))
	return w.Body.Bytes()
}

// BenchmarkReadRows reads one answer for the whole country. x-json is how many times as long
// encoding/json takes for the same.
func BenchmarkReadRows(b *testing.B) {
	body := answer(b, "4")
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	var rows []row
	var err error
	for b.Loop() {
		if rows, _, err = readRows(body, 4, 20231231, rows[:0]); err != nil {
			b.Fatal(err)
		}
	}
	own := b.Elapsed() / time.Duration(b.N)
	b.ReportMetric(float64(plain(b, body))/float64(own), "x-json")
	b.ReportMetric(float64(len(rows))*float64(time.Second)/float64(own), "rows/s")
}

// plain is how long encoding/json takes for an answer.
func plain(b *testing.B, body []byte) time.Duration {
	const rounds = 20
	start := time.Now()
	for range rounds {
		var envelope struct {
			Data []struct {
				ID      int64    `json:"id"`
				Date    int64    `json:"id-daty"`
				Unit    int64    `json:"id-teryt"`
				Flag    int64    `json:"id-flaga"`
				Value   *float64 `json:"wartosc"`
				Decimal *int8    `json:"precyzja"`
			}
		}
		if err := json.Unmarshal(body, &envelope); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(start) / rounds
}
