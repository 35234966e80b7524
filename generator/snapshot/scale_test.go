package snapshot_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/stat"
)

// country makes a register of the size of Poland: 16 voivodeships, 380 powiats, 2,479
// gminas, with invented codes.
func country(tb testing.TB) *stat.Register {
	tb.Helper()
	areas := []stat.Area{{Code: stat.Country, Kind: stat.KindCountry, Name: "Polska"}}
	powiats, gminas := 0, 0
	for w := 1; w <= 16; w++ {
		v := stat.AreaCode(fmt.Sprintf("%02d", 2*w))
		areas = append(areas, stat.Area{Code: v, Kind: stat.KindVoivodeship, Name: string(v)})
		for p := 1; p <= 24 && powiats < 380; p++ {
			powiats++
			c := stat.AreaCode(fmt.Sprintf("%s%02d", v, p))
			areas = append(areas, stat.Area{Code: c, Kind: stat.KindPowiat, Name: string(c)})
			for g := 1; g <= 7 && gminas < 2479; g++ {
				gminas++
				c := stat.AreaCode(fmt.Sprintf("%s%02d", c, g))
				areas = append(areas, stat.Area{Code: c, Kind: stat.KindRural, Name: string(c)})
			}
		}
	}
	r, err := stat.NewRegister("2026-01-01", areas, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// fill hands over indicators × years × all areas of invented figures of two decimals, one
// in sixty secret. They come in order of number, which is not that of their ids.
func fill(r *stat.Register, indicators, years int) func(source.Sink) error {
	return func(to source.Sink) error {
		var cells []source.Cell
		state := uint64(1)
		for n := range indicators {
			cells = cells[:0]
			for _, a := range r.Areas() {
				state = state*6364136223846793005 + 1442695040888963407
				level := float64(state>>40) / 1000
				for y := range years {
					state = state*6364136223846793005 + 1442695040888963407
					o := stat.Observed(math.Round(level*(1+float64(state>>50)/1e5)*100)/100, 0)
					if state>>58 == 0 {
						o = stat.Unobserved(stat.Secret, "#")
					}
					cells = append(cells, source.Cell{Area: a.Code, Period: stat.Period(2010 + y), Observation: o})
				}
			}
			ind := stat.Indicator{ID: stat.IndicatorID("smup:" + strconv.Itoa(1+n)), Name: "Wskaźnik", Unit: "zł", Decimals: 2}
			if err := to.Series(ind, stat.Provenance{Agency: "GUS", Dataset: "SMUP", Extracted: "2026-04-15", Table: "smup"}, cells); err != nil {
				return err
			}
		}
		return nil
	}
}

// TestNational writes and opens a snapshot of the size of the whole SMUP. It measures and
// asserts only what does not depend on the machine.
func TestNational(t *testing.T) {
	if os.Getenv("RAPORTJST_HEAVY") == "" {
		t.Skip("55 million cells: set RAPORTJST_HEAVY=1")
	}
	r := country(t)
	dir := filepath.Join(t.TempDir(), "national")
	start := time.Now()
	s, err := snapshot.Write(t.Context(), dir, snapshot.Content{Register: r, Fill: fill(r, 1285, 15)})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("written in %v, peak %d MB", time.Since(start).Round(time.Second), peakMB())
	s.Close()
	size := int64(0)
	for _, f := range s.Manifest().Files {
		size += f.Size
	}
	t.Logf("%d observations, %d MB on disk", s.Manifest().Observations, size>>20)
	runtime.GC()
	start = time.Now()
	s, err = snapshot.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	opened := time.Since(start)
	var ids []stat.IndicatorID
	for i := 0; i < 1285; i += 21 {
		ids = append(ids, s.Indicators()[i].ID)
	}
	d, err := s.Load(context.Background(), ids...)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("opened in %v, %d indicators loaded in %v, %d cells", opened, len(ids), time.Since(start)-opened, d.Len())
	if want := len(ids) * len(r.Areas()) * 15; d.Len() != want {
		t.Errorf("%d cells, want %d", d.Len(), want)
	}
	t.Logf("peak %d MB", peakMB())
	runtime.KeepAlive(d)
}

// peakMB is the most memory the process has had, where the system tells.
func peakMB() int {
	raw, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	var kb int
	for line := range strings.Lines(string(raw)) {
		if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &kb); n == 1 {
			return kb >> 10
		}
	}
	return 0
}
