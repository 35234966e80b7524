package table

import (
	"github.com/raportjst/raportjst/generator/gazetteer"
	"github.com/raportjst/raportjst/generator/source"
)

// misnamed tells of codes that stand beside the name of another area.
func (r *reader) misnamed(located map[string]source.Located) {
	if len(r.labels) == 0 {
		return
	}
	g := gazetteer.New(r.query.Register)
	for i, column := range r.labels {
		all := source.CheckNames(g, r.codes, located, column)
		for _, m := range all {
			if m.Proved && r.wrong(m.Line, r.named[i]+1, m.What, "popraw kod albo nazwę") != nil {
				return
			}
		}
		r.query.Report(source.TellMisnamed(r.file.At(0, 0), all))
	}
}
