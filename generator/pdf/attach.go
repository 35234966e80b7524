package pdf

import (
	"crypto/md5"
	"fmt"
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator"
)

// attachment is how a kind of file is attached (ISO 19005-3, annex E): what it is to the
// report, and what a reader is told about it.
type attachment struct{ relation, description string }

// attachments by media type. Any other kind is a supplement.
var attachments = map[string]attachment{
	"text/csv": {"Data", "Wszystkie liczby raportu w jednej tabeli (CSV)"},
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {"Source", "Skoroszyt z danymi raportu (XLSX)"},
}

// writeAttachments puts files into the file and returns the entries of the catalog that
// make them associated files of the document.
func writeAttachments(f *file, files []generator.Artifact, p properties) (string, error) {
	if len(files) == 0 {
		return "", nil
	}
	files = slices.SortedFunc(slices.Values(files), func(a, b generator.Artifact) int { return strings.Compare(a.Name, b.Name) })
	var refs, names []byte
	for i, a := range files {
		if i > 0 && a.Name == files[i-1].Name {
			return "", fmt.Errorf("attach file: two are called %q", a.Name)
		}
		if a.Name == "" || a.MediaType == "" {
			return "", fmt.Errorf("attach file: name %q and media type %q must not be empty", a.Name, a.MediaType)
		}
		mediaType, _, _ := strings.Cut(a.MediaType, ";") // a parameter has no place in a Subtype
		kind, ok := attachments[mediaType]
		if !ok {
			kind = attachment{"Supplement", "Plik dołączony do raportu"}
		}
		spec := f.reserve(2)
		embed := spec + 1
		entries := appendName([]byte("/Type/EmbeddedFile/Subtype"), mediaType)
		entries = fmt.Appendf(entries, "/Params<</Size %d/CheckSum<%X>", len(a.Data), md5.Sum(a.Data))
		if !p.date.IsZero() {
			entries = appendLiteral(append(entries, "/ModDate"...), p.pdfDate())
		}
		f.stream(embed, string(entries)+">>", a.Data)

		f.begin(spec)
		f.body = append(f.body, "<</Type/Filespec/F"...)
		f.body = appendLiteral(f.body, a.Name)
		f.body = appendText(append(f.body, "/UF"...), a.Name)
		f.body = appendText(append(f.body, "/Desc"...), kind.description)
		f.body = fmt.Appendf(f.body, "/AFRelationship/%s/EF<</F %d 0 R/UF %d 0 R>>>>", kind.relation, embed, embed)
		f.end()

		refs = append(appendRef(refs, spec), ' ')
		names = append(appendRef(append(appendText(names, a.Name), ' '), spec), ' ')
	}
	return fmt.Sprintf("/AF[%s]/Names<</EmbeddedFiles<</Names[%s]>>>>", refs, names), nil
}
