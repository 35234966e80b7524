package proof

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"io"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/worker"
)

// Packed is one file of a package.
type Packed struct {
	Folder []string // "wielkopolskie", "powiat poznański"
	Title  string   // name for people, with its ending
	File
}

// Name is where the file stands in the package, in letters that every system takes.
func (p Packed) Name() string {
	var parts []string
	for _, f := range append(append([]string{}, p.Folder...), p.Title) {
		parts = append(parts, worker.PlainName(f))
	}
	return path.Join(parts...)
}

// Package is what is packed.
type Package struct {
	Title  string // "Załącznik 2025, powiat poznański"
	At     time.Time
	Notice string // above the list: "DANE PRZYKŁADOWE"; "" for none
	Files  []Packed
	Proof  []byte // signed manifest
}

// Names in a package beside the reports.
const (
	ProofName = "dowody.json"
	SumsName  = "SHA256SUMS"
)

// Write streams the package as a ZIP (with zip64 where it needs it): an index as a page and a
// workbook, the checksums as sha256sum reads them, the signed manifest, and the files. Each file is
// held against its checksum as it passes; a wrong one ends the package with a *fault.Fault.
func (p Package) Write(ctx context.Context, out io.Writer, files worker.Store) error {
	z := zip.NewWriter(out)
	p.unique()
	err := p.heads(z)
	for n := 0; err == nil && n < len(p.Files); n++ {
		if err = ctx.Err(); err == nil {
			err = p.file(ctx, z, files, p.Files[n])
		}
	}
	if err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("end package: %w", err)
	}
	return nil
}

// unique tells files of one name in one folder apart: there are units of the same name in a powiat.
func (p Package) unique() {
	count := map[string]int{}
	for _, f := range p.Files {
		count[strings.ToLower(f.Name())]++ // Windows knows no case
	}
	for n := range p.Files {
		if f := &p.Files[n]; count[strings.ToLower(f.Name())] > 1 {
			ext := path.Ext(f.Title)
			f.Title = strings.TrimSuffix(f.Title, ext) + " (" + f.Area + ")" + ext
		}
	}
}

// heads writes what is beside the reports.
func (p Package) heads(z *zip.Writer) error {
	add := func(name string, write func(io.Writer) error) error {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: p.At})
		if err == nil {
			err = write(w)
		}
		if err != nil {
			return fmt.Errorf("pack %s: %w", name, err)
		}
		return nil
	}
	return errors.Join(
		add("index.html", func(w io.Writer) error { return indexPage.Execute(w, p) }),
		add("index.xlsx", func(w io.Writer) error { return writeIndex(w, p.Files) }),
		add(SumsName, func(w io.Writer) error {
			for _, f := range p.Files {
				if _, err := fmt.Fprintf(w, "%s  %s\n", f.SHA256, f.Name()); err != nil {
					return err
				}
			}
			return nil
		}),
		add(ProofName, func(w io.Writer) error {
			_, err := w.Write(p.Proof)
			return err
		}),
	)
}

// file copies one file into the package.
func (p Package) file(ctx context.Context, z *zip.Writer, files worker.Store, f Packed) error {
	damaged := func(err error) error {
		return &fault.Fault{Where: "magazyn, " + f.Unit + ", " + f.File.Name, What: "pliku nie ma albo jest uszkodzony", Hint: "sporządź go od nowa („raportjst store check " + f.Order + " --remake”) i spakuj ponownie", Err: err}
	}
	body, err := files.Open(ctx, f.Report+"/"+f.File.Name)
	if errors.Is(err, worker.ErrNotFound) {
		return damaged(err)
	}
	if err != nil {
		return fmt.Errorf("open %s: %w", f.File.Name, err)
	}
	defer func() { _ = body.Close() }()
	method := zip.Store // they are packed inside
	if f.MediaType == kinds["html"] {
		method = zip.Deflate
	}
	w, err := z.CreateHeader(&zip.FileHeader{Name: f.Name(), Method: method, Modified: p.At})
	if err != nil {
		return fmt.Errorf("pack %s: %w", f.Name(), err)
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, sum), body)
	if err != nil {
		return fmt.Errorf("pack %s: %w", f.Name(), err)
	}
	if n != f.Size || hex.EncodeToString(sum.Sum(nil)) != f.SHA256 {
		return damaged(worker.ErrConflict)
	}
	return nil
}

// indexPage lists the files by folder. It is a file on a disk: no script, no address of a server.
var indexPage = template.Must(template.New("index").Funcs(template.FuncMap{
	"clock": locale.Clock,
	"link":  func(f Packed) string { return (&url.URL{Path: f.Name()}).String() },
	"kind":  func(f Packed) string { return strings.ToUpper(strings.TrimPrefix(path.Ext(f.Title), ".")) },
	"place": func(f Packed) string { return strings.Join(f.Folder, ", ") },
	"kb":    func(f Packed) string { return locale.Number(float64((f.Size+1023)/1024), 0) },
}).Parse(`<!DOCTYPE html>
<html lang="pl"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{{.Title}}</title>
<style>body{font:17px/28px Lato,Carlito,Arial,sans-serif;color:#16202A;background:#FFF;max-width:1128px;margin:24px auto;padding:0 16px}h1{font-size:28px;line-height:36px}h2{font-size:20px;margin:32px 0 4px}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}th{text-align:left;font-weight:normal;color:#46525C;border-bottom:2px solid #16202A;padding:4px 16px 4px 0}td{border-bottom:1px solid #C3CCD2;padding:8px 16px 8px 0;vertical-align:top}.n{text-align:right}code{font-size:14px;overflow-wrap:anywhere}a{color:#00566B}</style></head>
<body><main><h1>{{.Title}}</h1>
{{with .Notice}}<p><strong>{{.}}</strong></p>
{{end}}<p>Pliki: {{len .Files}}. Spakowano {{clock .At}}. Ten sam wykaz jest w <a href="index.xlsx">index.xlsx</a>, sumy kontrolne w SHA256SUMS, a podpisany dowód w dowody.json: „raportjst verify” mówi, z którego zamówienia pochodzi plik i czy jest nienaruszony.</p>
{{$last := "-"}}{{range .Files}}{{$p := place .}}{{if ne $p $last}}{{if ne $last "-"}}</tbody></table>
{{end}}<h2>{{$p}}</h2>
<table><thead><tr><th scope="col">Kod</th><th scope="col">Jednostka</th><th scope="col">Plik</th><th scope="col" class="n">kB</th><th scope="col">SHA-256</th></tr></thead><tbody>
{{$last = $p}}{{end}}<tr><td>{{.Area}}</td><td>{{.Unit}}</td><td><a href="{{link .}}">{{kind .}}</a></td><td class="n">{{kb .}}</td><td><code>{{.SHA256}}</code></td></tr>
{{end}}{{if .Files}}</tbody></table>
{{end}}</main></body></html>
`))
