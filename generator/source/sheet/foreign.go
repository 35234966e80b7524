package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/richardlehane/mscfb"
)

// compound begins every file of the old Office formats (MS-CFB, 2.2).
var compound = []byte{0xD0, 0xCF, 0x11, 0xE0}

const (
	saveTable = "otwórz plik w programie Excel lub LibreOffice i zapisz tabelę jako XLSX, ODS albo CSV"
	unlock    = "otwórz plik, usuń hasło (Plik – Informacje – Chroń skoroszyt) i zapisz go jeszcze raz"
)

// foreign names formats that people take for tables by the first bytes of a file.
var foreign = []struct{ head, what, hint string }{
	{"%PDF-", "to jest dokument PDF, a nie tabela", "weź tabelę ze źródła dokumentu jako XLSX, ODS albo CSV"},
	{"{\\rtf", "to jest dokument tekstowy RTF, a nie tabela", "przenieś tabelę do arkusza i zapisz jako XLSX, ODS albo CSV"},
	{"\x89PNG", "to jest obraz PNG, a nie tabela", "przepisz tabelę do arkusza i zapisz jako XLSX, ODS albo CSV"},
	{"\xff\xd8\xff", "to jest obraz JPEG, a nie tabela", "przepisz tabelę do arkusza i zapisz jako XLSX, ODS albo CSV"},
	{"\x1f\x8b", "to jest plik spakowany (GZIP)", "rozpakuj go i podaj właściwy plik"},
	{"7z\xbc\xaf", "to jest archiwum 7-Zip", "rozpakuj je i podaj właściwy plik"},
	{"Rar!", "to jest archiwum RAR", "rozpakuj je i podaj właściwy plik"},
	{"PK\x05\x06", "to jest puste archiwum ZIP", "pobierz je jeszcze raz"},
	{"PAR1", "to jest plik Parquet, a nie tabela arkusza", saveTable},
	{"SQLite format 3", "to jest baza danych SQLite, a nie tabela", saveTable},
	{"ID;P", "to jest plik SYLK, dawny format arkuszy", saveTable},
	{"MIME-Version:", "to jest strona zapisana jako jeden plik (MHTML), choć nazwa pliku może mówić co innego", saveTable},
	{"[{", "to jest plik JSON, a nie tabela", saveTable},
	{"{\"", "to jest plik JSON, a nie tabela", saveTable},
	{"<!doctype html", "to jest strona HTML, choć nazwa pliku może mówić co innego", saveTable},
	{"<html", "to jest strona HTML, choć nazwa pliku może mówić co innego", saveTable},
	{"<table", "to jest strona HTML, choć nazwa pliku może mówić co innego", saveTable},
	{"<?xml", "to jest plik XML, a nie tabela", saveTable},
}

// alien tells a file of another format by its first bytes.
func alien(head []byte) (what, hint string, ok bool) {
	start := strings.ToLower(string(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")))
	for _, f := range foreign {
		if strings.HasPrefix(start, strings.ToLower(f.head)) {
			return f.what, f.hint, true
		}
	}
	return "", "", false
}

// oldOffice tells what a file of the old Office formats is: a workbook of Excel before
// 2007, a workbook with a password, which is wrapped into that format (MS-OFFCRYPTO, 2.3),
// or none.
func oldOffice(r io.Reader) (what, hint string) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxWorkbook))
	if err == nil {
		if c, err := mscfb.New(bytes.NewReader(raw)); err == nil {
			for e, err := c.Next(); err == nil; e, err = c.Next() {
				switch e.Name {
				case "EncryptedPackage":
					return "skoroszyt jest zaszyfrowany hasłem", unlock
				case "WordDocument":
					return "to jest dokument programu Word, a nie arkusz", "przenieś tabelę do arkusza i zapisz jako XLSX, ODS albo CSV"
				case "Workbook", "Book":
					return "stary format programu Excel (XLS)", "zapisz plik jako XLSX, ODS albo CSV"
				}
			}
		}
	}
	return "stary format plików Office", "zapisz plik jako XLSX, ODS albo CSV"
}

// Kinds of packages.
const (
	isTexts = iota
	isWorkbook
	isODS
)

// packageKind tells what a ZIP holds; what is not "" where it is nothing that can be read.
func packageKind(files []*zip.File) (kind int, what, hint string) {
	find := func(name string) *zip.File { return part(files, name) }
	if mime := mimetype(find("mimetype")); strings.Contains(mime, "opendocument") {
		switch {
		case !strings.Contains(mime, "opendocument.spreadsheet"):
			return isODS, "to nie jest arkusz, lecz inny dokument LibreOffice", "przenieś tabelę do arkusza i zapisz jako ODS, XLSX albo CSV"
		case find("content.xml") == nil, encrypted(find("META-INF/manifest.xml")):
			return isODS, "arkusz jest zaszyfrowany hasłem", "otwórz plik, zapisz go bez hasła i podaj jeszcze raz"
		}
		return isODS, "", ""
	}
	if find("[Content_Types].xml") != nil {
		switch {
		case find("xl/workbook.bin") != nil:
			return isWorkbook, "binarny format programu Excel (XLSB)", "zapisz plik jako XLSX, ODS albo CSV"
		case find("word/document.xml") != nil:
			return isWorkbook, "to jest dokument programu Word, a nie arkusz", "przenieś tabelę do arkusza i zapisz jako XLSX, ODS albo CSV"
		case find("ppt/presentation.xml") != nil:
			return isWorkbook, "to jest prezentacja, a nie arkusz", "przenieś tabelę do arkusza i zapisz jako XLSX, ODS albo CSV"
		}
		return isWorkbook, "", ""
	}
	for _, f := range files {
		switch strings.ToLower(path.Ext(f.Name)) {
		case ".iwa":
			return isTexts, "to jest arkusz programu Numbers", "wybierz w nim Plik – Eksportuj do – Excel i podaj ten plik"
		case ".xlsx", ".ods", ".xls":
			return isTexts, "to jest archiwum ZIP z plikiem „" + path.Base(f.Name) + "”", "rozpakuj archiwum i podaj ten plik"
		}
	}
	return isTexts, "", ""
}

// part finds a part of a package; nil where it is not there.
func part(files []*zip.File, name string) *zip.File {
	i := slices.IndexFunc(files, func(f *zip.File) bool { return f.Name == name })
	if i < 0 {
		return nil
	}
	return files[i]
}

func mimetype(f *zip.File) string {
	if f == nil {
		return ""
	}
	in, err := f.Open()
	if err != nil {
		return ""
	}
	defer in.Close()
	b, _ := io.ReadAll(io.LimitReader(in, 256)) //nolint:errcheck // what cannot be read names no format
	return string(b)
}

// encrypted asks the manifest of an OpenDocument package for data of an encryption.
func encrypted(manifest *zip.File) bool {
	if manifest == nil {
		return false
	}
	in, err := manifest.Open()
	if err != nil {
		return false
	}
	defer in.Close()
	d := xml.NewDecoder(io.LimitReader(in, 1<<20))
	for {
		t, err := d.RawToken()
		if err != nil {
			return false
		}
		if e, ok := t.(xml.StartElement); ok && strings.HasPrefix(e.Name.Local, "encr") {
			return true
		}
	}
}
