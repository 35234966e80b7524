package generator

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/report"
)

// Format is a form in which a report is given out. Formats is the one table of them: command
// line, portal, API, queue and letters read it, and a writer for each row is wired in cmd.
type Format struct {
	ID        string // in Spec.Formats, and the extension of the file: "pdf"
	MediaType string
	Name      string // in Polish, where a file is offered: "PDF"
	Label     string // in Polish, what it is for: "dokument do publikacji, dostępny cyfrowo"
	Usual     bool   // made where an order names none
	Letter    bool   // sent to the recipients of a report
	Enclosed  bool   // made before the PDF, which carries it on wish
}

// Formats are the forms of a report, in the order in which they are offered.
var Formats = []Format{
	{ID: "pdf", MediaType: "application/pdf", Name: "PDF", Label: "dokument do publikacji, dostępny cyfrowo", Usual: true, Letter: true},
	{ID: "xlsx", MediaType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Name: "XLSX", Label: "skoroszyt z tymi samymi liczbami do dalszej pracy", Usual: true, Enclosed: true},
	{ID: "html", MediaType: "text/html; charset=utf-8", Name: "HTML", Label: "strona do czytania na ekranie i publikacji w internecie", Usual: true},
	{ID: "docx", MediaType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", Name: "DOCX", Label: "dokument Word do wklejenia we własny raport"},
}

// Pictures are the kinds of picture files that Spec.Charts may ask for.
var Pictures = []string{"svg", "png"}

// Artifact is the file of a report in this format: base and the extension.
func (f Format) Artifact(base string, data []byte) Artifact {
	return NewArtifact(base+"."+f.ID, f.MediaType, data)
}

// FormatOf is the format with the id; it panics where there is none, since only code asks.
func FormatOf(id string) Format {
	i := slices.IndexFunc(Formats, func(f Format) bool { return f.ID == id })
	if i < 0 {
		panic("generator: no format " + id)
	}
	return Formats[i]
}

// FileFormat finds the format of a file of a report by its media type; the others – pictures,
// the table of figures – have none.
func FileFormat(mediaType string) (Format, bool) {
	mediaType, _, _ = strings.Cut(mediaType, ";")
	for _, f := range Formats {
		if plain, _, _ := strings.Cut(f.MediaType, ";"); plain == mediaType {
			return f, true
		}
	}
	return Format{}, false
}

// FileOrder sorts files of a report: in the order of Formats, then those that have none.
func FileOrder(mediaType string) int {
	f, ok := FileFormat(mediaType)
	if !ok {
		return len(Formats)
	}
	return slices.Index(FormatIDs(nil), f.ID)
}

// FileName names the kind of a file in Polish, where it is offered: "PDF"; the extension where
// it is no format.
func FileName(name, mediaType string) string {
	if f, ok := FileFormat(mediaType); ok {
		return f.Name
	}
	return strings.ToUpper(strings.TrimPrefix(path.Ext(name), "."))
}

// FormatIDs are the ids of the formats that are wanted, nil for all.
func FormatIDs(want func(Format) bool) []string {
	var out []string
	for _, f := range Formats {
		if want == nil || want(f) {
			out = append(out, f.ID)
		}
	}
	return out
}

// UsualFormats are the ids of the formats that are made where an order names none.
func UsualFormats() []string { return FormatIDs(func(f Format) bool { return f.Usual }) }

// Chosen are the formats that a Spec asks for, in the order of Formats.
func (s Spec) Chosen() []Format {
	var out []Format
	for _, f := range Formats {
		if len(s.Formats) == 0 && f.Usual || slices.Contains(s.Formats, f.ID) {
			out = append(out, f)
		}
	}
	return out
}

// Sends reports whether a report of this Spec has a file for its recipients.
func (s Spec) Sends() bool {
	return slices.ContainsFunc(s.Chosen(), func(f Format) bool { return f.Letter })
}

// cleanFormats orders formats as the table does, each once; the usual ones are none, so that
// the same choice is the same order however it is written.
func cleanFormats(ids []string) []string {
	var asked []string
	for _, id := range ids {
		if id = strings.ToLower(strings.TrimSpace(id)); id != "" && !slices.Contains(asked, id) {
			asked = append(asked, id)
		}
	}
	clean := FormatIDs(func(f Format) bool { return slices.Contains(asked, f.ID) })
	for _, id := range asked {
		if !slices.Contains(clean, id) {
			clean = append(clean, id) // unknown: Check tells of it
		}
	}
	if slices.Equal(clean, UsualFormats()) {
		return nil
	}
	return clean
}

// Check refuses formats and pictures that nobody can make.
func (s Spec) Check() error {
	for _, id := range s.Formats {
		if !slices.Contains(FormatIDs(nil), id) {
			return &fault.Fault{Where: "formaty", What: fmt.Sprintf("nieznany format „%s”", id), Hint: "do wyboru: " + strings.Join(FormatIDs(nil), ", ")}
		}
	}
	if s.Only != "" && s.Only != report.OnlyTables && s.Only != report.OnlyCharts {
		return &fault.Fault{Where: "zawartość raportu", What: fmt.Sprintf("nieznany wybór „%s”", s.Only), Hint: "do wyboru: " + report.OnlyTables + ", " + report.OnlyCharts}
	}
	if s.Charts != "" && !slices.Contains(Pictures, s.Charts) {
		return &fault.Fault{Where: "wykresy", What: fmt.Sprintf("nieznany rodzaj plików „%s”", s.Charts), Hint: "do wyboru: " + strings.Join(Pictures, ", ")}
	}
	if s.Reference != "" && !slices.ContainsFunc(s.Chosen(), func(f Format) bool { return f.ID == "docx" }) {
		return &fault.Fault{Where: "dokument wzorcowy", What: "wśród formatów nie ma docx, a tylko ten bierze z niego wygląd", Hint: "dodaj format docx albo nie podawaj dokumentu wzorcowego"}
	}
	if s.Reference != "" && (len(s.Reference) != 64 || strings.Trim(s.Reference, "0123456789abcdef") != "") {
		return &fault.Fault{Where: "dokument wzorcowy", What: fmt.Sprintf("„%s” nie jest identyfikatorem dokumentu", s.Reference), Hint: "identyfikator ma 64 znaki; wypisuje go „raportjst submit --reference PLIK”"}
	}
	if s.Attach && !slices.ContainsFunc(s.Chosen(), func(f Format) bool { return f.ID == "pdf" || f.ID == "html" }) {
		return &fault.Fault{Where: "dołączanie plików", What: "wśród formatów nie ma ani pdf, do którego dołączany jest skoroszyt, ani html, do którego dołączane są rysunki i tabele", Hint: "dodaj jeden z nich albo niczego nie dołączaj"}
	}
	return nil
}
