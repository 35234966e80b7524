package workertest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/fault"
)

// Generator makes small reports that depend on the request alone: two files whose bytes are
// drawn from a hash of it.
type Generator struct {
	Size int           // of the PDF
	Work time.Duration // that one report takes
	Look string        // changes the bytes of the PDF and not what it says
	Made atomic.Int64  // reports so far
}

// Unknown is an area that the generator has no report for.
const Unknown = "999999"

// Generate makes a report.
func (g *Generator) Generate(ctx context.Context, r generator.Request) ([]generator.Artifact, error) {
	if r.Area == Unknown {
		return nil, &fault.Fault{Where: "jednostka", What: "nieznany kod TERYT " + Unknown, Hint: "sprawdź kod w rejestrze TERYT"}
	}
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(g.Work):
	}
	g.Made.Add(1)
	base := fmt.Sprintf("raport-%s-%d", r.Area, r.Period)
	out := []generator.Artifact{
		generator.NewArtifact(base+".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Drawn(base+".xlsx", g.Size/4)),
		generator.NewArtifact(base+".pdf", "application/pdf", Drawn(base+".pdf"+g.Look, g.Size)),
	}
	for i := range out {
		out[i].Content = generator.NewArtifact("", "", []byte(base)).Digest
	}
	return out, nil
}

// Drawn is n bytes that depend on the name.
func Drawn(name string, n int) []byte {
	out := make([]byte, 0, n+sha256.Size)
	for block := sha256.Sum256([]byte(name)); len(out) < n; block = sha256.Sum256(block[:]) {
		out = append(out, block[:]...)
	}
	return out[:n]
}
