package ooxml

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
)

// defaults are the content types of files by their extension.
var defaults = [...][2]string{
	{"emf", "image/x-emf"},
	{"jpeg", "image/jpeg"},
	{"png", "image/png"},
	{"rels", "application/vnd.openxmlformats-package.relationships+xml"},
	{"xlsx", workbookMedia},
	{"xml", "application/xml"},
}

const (
	workbookMedia = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	workbookType  = workbookMedia + ".main+xml"
	sheetType     = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
	stylesType    = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
	stringsType   = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
	coreType      = "application/vnd.openxmlformats-package.core-properties+xml"
	appType       = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
)

// Package writes a package (ECMA-376-2): parts, their content types, and the relationships
// of the package itself. The same parts give the same bytes.
func Package(ctx context.Context, parts []Part, root Rels) ([]byte, error) {
	a := &archive{ctx: ctx, parts: map[string]Part{}}
	var types strings.Builder
	types.WriteString(xmlHeader + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">`)
	for _, d := range defaults {
		if d[0] == "rels" || slices.ContainsFunc(parts, func(p Part) bool { return p.ContentType == "" && path.Ext(p.Name) == "."+d[0] }) {
			fmt.Fprintf(&types, `<Default Extension="%s" ContentType="%s"/>`, d[0], d[1])
		}
	}
	for _, p := range parts {
		if p.ContentType != "" {
			fmt.Fprintf(&types, `<Override PartName="/%s" ContentType="%s"/>`, p.Name, p.ContentType)
		}
		if _, ok := a.parts[p.Name]; ok {
			return nil, fmt.Errorf("write package: two parts are named %s", p.Name)
		}
		a.parts[p.Name] = p
	}
	types.WriteString(`</Types>`)
	a.parts[contentTypes] = Fixed(contentTypes, "", []byte(types.String()))
	a.parts["_rels/.rels"] = Fixed("_rels/.rels", "", root.xml())
	if err := a.Close(); err != nil {
		return nil, err
	}
	return a.out.Bytes(), nil
}

// Properties are what a file says of itself.
type Properties struct {
	Title, Subject, Creator, Keywords, Description, Language string
	Day                                                      string // ISO 8601: of its making and its last change
	Application                                              string
}

// Parts are the core and extended properties (ECMA-376-2, 8.3; 22.2); the package refers to
// them.
func (p Properties) Parts(root *Rels) []Part {
	const core, app = "docProps/core.xml", "docProps/app.xml"
	root.typed(packageRel+"/metadata/core-properties", core, false)
	root.Add("extended-properties", app, false)
	var b strings.Builder
	b.WriteString(xmlHeader + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`)
	for _, e := range [...][2]string{
		{"dc:title", p.Title},
		{"dc:subject", p.Subject},
		{"dc:creator", p.Creator},
		{"cp:keywords", p.Keywords},
		{"dc:description", p.Description},
		{"cp:lastModifiedBy", p.Creator},
		{"dc:language", p.Language},
	} {
		if e[1] != "" {
			fmt.Fprintf(&b, `<%s>%s</%s>`, e[0], Attr(e[1]), e[0])
		}
	}
	for _, e := range [...]string{"created", "modified"} {
		fmt.Fprintf(&b, `<dcterms:%s xsi:type="dcterms:W3CDTF">%sT00:00:00Z</dcterms:%s>`, e, p.Day, e)
	}
	b.WriteString(`</cp:coreProperties>`)
	return []Part{
		Fixed(core, coreType, []byte(b.String())),
		Fixed(app, appType, []byte(xmlHeader+`<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>`+Attr(p.Application)+`</Application></Properties>`)),
	}
}

// Sheet writes a workbook of one sheet, as a chart carries it in a text document: without
// theme and properties, which nobody sees there.
func (s *Worksheet) Sheet(ctx context.Context, name string, styles, texts Part) ([]byte, error) {
	var root, book Rels
	root.Add("officeDocument", "xl/workbook.xml", false)
	id := book.Add("worksheet", "worksheets/sheet1.xml", false)
	book.Add("styles", "styles.xml", false)
	book.Add("sharedStrings", "sharedStrings.xml", false)
	parts := s.Parts(ctx, 1, &Numbering{})
	for i := range parts {
		if parts[i].Name == "xl/worksheets/sheet1.xml" {
			parts[i].ContentType = sheetType
		}
	}
	styles.ContentType, texts.ContentType = stylesType, stringsType
	workbook := xmlHeader + `<workbook xmlns="` + mainNS + `" xmlns:r="` + relNS + `"><sheets><sheet name="` + Attr(name) + `" sheetId="1" r:id="` + id + `"/></sheets></workbook>`
	parts = append(parts, Fixed("xl/workbook.xml", workbookType, []byte(workbook)), book.Part("xl/workbook.xml"), styles, texts)
	return Package(ctx, parts, root)
}

// xml is the relationships as a file.
func (r Rels) xml() []byte {
	return []byte(xmlHeader + `<Relationships xmlns="` + packageRel + `">` + strings.Join(r, "") + `</Relationships>`)
}
