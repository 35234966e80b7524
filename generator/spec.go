package generator

import (
	"slices"
	"strings"

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
	Sections []string `json:"sections,omitempty"` // sections that are wanted: "ludnosc", "finanse"; none: the whole report
	Only     string   `json:"only,omitempty"`     // "tabele", "wykresy"; "": everything
	Formats  []string `json:"formats,omitempty"`  // ids of Formats: "pdf", "xlsx"; none: the usual ones
	Attach   bool     `json:"attach,omitempty"`   // embed the workbook and the table of figures in the PDF
	Charts   string   `json:"charts,omitempty"`   // also charts and maps as picture files: "svg", "png"

	Reference string `json:"reference,omitempty"` // SHA-256 (hex) of a text document whose look the format docx takes; "": the usual one
}

// Clean is a Spec without what changes nothing: spaces, empty and repeated peers, the order of
// formats. The first place of a peer counts, since a report may speak of the first one apart.
func (s Spec) Clean() Spec {
	s.Peers, s.Formats, s.Sections = distinct(s.Peers), cleanFormats(s.Formats), distinct(s.Sections)
	s.Reference = strings.ToLower(strings.TrimSpace(s.Reference))
	return s
}

// Request is an order for one report.
type Request struct {
	Area stat.AreaCode
	Spec
}

// document is what the builder has to know.
func (r Request) document() report.Request {
	return report.Request{Area: r.Area, Period: stat.Period(r.Period), Template: r.Template, Peers: r.Peers, Sections: r.Sections, Only: r.Only}
}

// distinct are texts without spaces around, each once; none of none.
func distinct(texts []string) []string {
	var out []string
	for _, s := range texts {
		if s = strings.TrimSpace(s); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
