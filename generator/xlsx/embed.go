package xlsx

import (
	"context"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/ooxml"
)

// Embedded is the native charts of a figure as another document of Office carries them: of
// panels a chart each. All draw the cells of one workbook.
type Embedded struct {
	Charts   []*ooxml.Chart
	Workbook []byte
}

// Embed makes the native charts of a figure with the workbook of their data, or nil where
// the figure is no chart that Office can draw. A chart of several has its panel as title.
func Embed(ctx context.Context, f *document.Figure) (*Embedded, error) {
	c, ok := f.Content.(document.Chart)
	if !ok || f.Table == nil || natives[c.Mark] == nil {
		return nil, nil
	}
	none, err := readAnnex(&document.Annex{}) // formulas over other sheets have none to refer to
	if err != nil {
		return nil, err
	}
	b := &book{doc: &document.Document{}, figures: none, styles: newStyles(), texts: ooxml.NewStrings(cutMark), sheetNames: names{}, tableNames: names{}}
	s := b.sheet(dataName, "")
	d := dataOf(*f.Table, c.Encoding)
	d.interrupt(c.Breaks)
	d.read(b)
	charts := d.chartsOf(f, c)
	b.dataTable(s, dataName, document.Labelled(f.Label, f.Title), d)
	s.freeze = [2]int{1, 1}
	s.fit(b)
	if err := b.check(); err != nil {
		return nil, err
	}
	sheet := b.worksheet(s, true)
	workbook, err := sheet.Sheet(ctx, s.name, b.styles.part(), b.texts.Part())
	if err != nil {
		return nil, err
	}
	out := &Embedded{Workbook: workbook}
	for _, c := range charts {
		out.Charts = append(out.Charts, c.drawn())
	}
	return out, nil
}
