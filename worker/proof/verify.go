package proof

import (
	"archive/zip"
	"bytes"
	"io"
	"regexp"
	"strconv"
)

// Finding is what is known of a file.
type Finding struct {
	File  File
	Order Order
	// Whole tells that the file is, byte for byte, the one that was made. Otherwise File is the one
	// that it says it is: the same unit, year and kind of file.
	Whole bool
}

// Find looks a file up by its SHA-256 and, where that is not known, by what it says of itself. The
// result is nil where the manifest has no such file.
func (m Manifest) Find(sha256 string, body []byte) *Finding {
	for _, f := range m.Files {
		if f.SHA256 == sha256 {
			return &Finding{f, m.order(f.Order), true}
		}
	}
	area, period := says(body)
	if area == "" {
		return nil
	}
	kind := kindOf(body)
	for _, f := range m.Files {
		if f.Area == area && f.Period == period && kinds[kind] == f.MediaType {
			return &Finding{f, m.order(f.Order), false}
		}
	}
	return nil
}

func (m Manifest) order(id string) Order {
	for _, o := range m.Orders {
		if o.ID == id {
			return o
		}
	}
	return Order{ID: id}
}

// of is how every file of a report names its unit and year, in its metadata.
var of = regexp.MustCompile(`TERYT ([0-9]{2,7}), rok ([0-9]{4})`)

// says is the unit and the year that a file names; "" where it names none.
func says(body []byte) (area string, period int) {
	found := of.FindSubmatch(body)
	if found == nil { // an office file keeps them packed
		if z, err := zip.NewReader(bytes.NewReader(body), int64(len(body))); err == nil {
			if f, err := z.Open("docProps/core.xml"); err == nil {
				text, _ := io.ReadAll(io.LimitReader(f, 1<<20))
				found = of.FindSubmatch(text)
			}
		}
	}
	if found == nil {
		return "", 0
	}
	period, _ = strconv.Atoi(string(found[2]))
	return string(found[1]), period
}

// kinds are the media types by what a file begins with or holds.
var kinds = map[string]string{
	"pdf": "application/pdf", "html": "text/html",
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

func kindOf(body []byte) string {
	if bytes.HasPrefix(body, []byte("%PDF-")) {
		return "pdf"
	}
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return "html"
	}
	for _, f := range z.File {
		switch f.Name {
		case "xl/workbook.xml":
			return "xlsx"
		case "word/document.xml":
			return "docx"
		}
	}
	return ""
}
