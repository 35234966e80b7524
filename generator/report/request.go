// Package report parses templates strictly and builds a document from template, data and
// peers: what is said, in which order, in which words. It draws nothing and knows no file
// format of the output.
package report

import "github.com/raportjst/raportjst/generator/stat"

// Request is what a report is ordered for.
type Request struct {
	Area     stat.AreaCode
	Period   stat.Period
	Template string   // id of the template: "gmina"; "" chooses by the kind of the area
	Peers    []string // codes of an own peer group; empty: the template's rule
	Sections []string // names of the sections that are wanted, as parts gives them; empty: all
	Only     string   // OnlyTables or OnlyCharts; "" is everything
}
