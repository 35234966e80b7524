package generator

import (
	"github.com/raportjst/raportjst/generator/report"
	"github.com/raportjst/raportjst/generator/stat"
)

// Spec is everything that can be asked of a report beside its area. The command line, the
// portal and the API fill it, and it travels whole: an order, a batch, a job and a Request
// each embed it, so that what is added here reaches the writers without being copied field
// by field. A zero field means the usual and adds nothing to the JSON form but the period.
type Spec struct {
	Period   int      `json:"period"`             // reporting year
	Template string   `json:"template,omitempty"` // id of the template: "gmina"; "" chooses by the kind of the area
	Peers    []string `json:"peers,omitempty"`    // codes of an own peer group; none: the template's rule
	Attach   bool     `json:"attach,omitempty"`   // embed the workbook and the table of figures in the PDF
	Charts   string   `json:"charts,omitempty"`   // also charts and maps as picture files: "svg", "png"
}

// Request is an order for one report.
type Request struct {
	Area stat.AreaCode
	Spec
}

// document is what the builder has to know.
func (r Request) document() report.Request {
	return report.Request{Area: r.Area, Period: stat.Period(r.Period), Template: r.Template, Peers: r.Peers}
}
