package xlsx_test

import (
	"os"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/xlsx"
)

func TestDump(t *testing.T) {
	dir := os.Getenv("XLSX_DUMP")
	if dir == "" {
		t.Skip()
	}
	d := sample()
	if err := document.Check(d); err != nil {
		t.Error(err)
	}
	a, err := xlsx.New().Write(t.Context(), d, "sample", nil)
	if err != nil {
		t.Fatal(err)
	}
	os.WriteFile(dir+"/"+a.Name, a.Data, 0o644)
	c, err := xlsx.NewCSV().Write(t.Context(), d, "sample", nil)
	if err != nil {
		t.Fatal(err)
	}
	os.WriteFile(dir+"/"+c.Name, c.Data, 0o644)
}
