package report

import (
	"context"
	"os"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
)

func TestLook(t *testing.T) {
	l := sampleLibrary(t)
	for name, r := range map[string]Request{
		"gmina": {Area: "981001", Period: 2025}, "miasto": {Area: "986101", Period: 2025}, "powiat": {Area: "9810", Period: 2025}, "woj": {Area: "98", Period: 2025},
		"usluga": {Area: "981001", Period: 2025, Template: "usluga:szkoly-podstawowe"}, "obszar": {Area: "981001", Period: 2025, Template: "obszar:edukacja"},
		"porownanie": {Area: "981001", Period: 2025, Template: "porownanie", Peers: []string{"981002", "981101", "986101"}},
		"zwiazek":    {Area: "9810", Period: 2025, Template: "zwiazek"},
		"trzciniec":  {Area: "981213", Period: 2025}, "cicha": {Area: "981212", Period: 2025},
	} {
		d, err := l.Build(context.Background(), r)
		if err != nil {
			t.Error(name, err)
			continue
		}
		if err := document.Check(d); err != nil {
			t.Error(name, err)
		}
		os.WriteFile("/tmp/look-"+name+".txt", []byte(dump(d)), 0o644)
	}
}
