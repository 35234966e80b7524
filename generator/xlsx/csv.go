package xlsx

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/document"
)

// CSV writes the table of all figures. It is safe for concurrent use.
type CSV struct{}

// NewCSV makes a writer of the table of all figures, one observation a row, in the form
// that a Polish spreadsheet opens without asking: semicolons, decimal commas, UTF-8 with
// a byte order mark.
func NewCSV() *CSV { return &CSV{} }

// Write makes the table of a document's annex.
func (*CSV) Write(ctx context.Context, d *document.Document, base string, _ []generator.Artifact) (generator.Artifact, error) {
	f, err := readAnnex(&d.Annex)
	if err != nil {
		return generator.Artifact{}, err
	}
	out := bytes.NewBufferString("\uFEFF")
	w := csv.NewWriter(out)
	w.Comma, w.UseCRLF = ';', true
	record := append(make([]string, 0, atTag+1), dataHeads...)
	if d.Meta.Tag != "" {
		record = append(record, "Uwaga")
	}
	if err := w.Write(record); err != nil {
		return generator.Artifact{}, err
	}
	for i := range f.data {
		if i&0xFFF == 0 && ctx.Err() != nil {
			return generator.Artifact{}, ctx.Err()
		}
		x := &f.data[i]
		k, _ := f.key(x.Indicator, x.Area)
		ind, value := &d.Annex.Indicators[k.indicator], ""
		if x.Present {
			value = strings.Replace(strconv.FormatFloat(x.Value, 'f', -1, 64), ".", ",", 1)
		}
		record = append(record[:0],
			guarded(d.Annex.Areas[k.area].Name), x.Area, guarded(x.Indicator), guarded(labelOf(*ind)), guarded(ind.Unit), strconv.Itoa(x.Period),
			value, guarded(x.Sign), guarded(x.Status), guarded(ind.Source), guarded(cmp.Or(x.Extracted, ind.Extracted)))
		if d.Meta.Tag != "" {
			record = append(record, guarded(d.Meta.Tag))
		}
		if err := w.Write(record); err != nil {
			return generator.Artifact{}, err
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return generator.Artifact{}, err
	}
	return generator.NewArtifact(base+".csv", "text/csv", out.Bytes()), nil
}

// guarded keeps a text from being read as a formula: a spreadsheet shows the apostrophe
// as the mark of a text. A sign alone is harmless.
func guarded(s string) string {
	if len(s) > 1 && formulaLike(s) {
		return "'" + s
	}
	return s
}
