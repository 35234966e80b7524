package pdf

import (
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/document"
)

func TestProperties(t *testing.T) {
	for title, m := range map[string]document.Meta{
		"empty": {}, "all": sampleMeta,
		"marks": {Author: `a & <b> "c"`, Subject: "]]>", Keywords: []string{"<", "ó, ż"}, Date: "2026-01-31"},
	} {
		t.Run(title, func(t *testing.T) {
			data, err := Render(newSetter().l, m, nil)
			if err != nil {
				t.Fatal(err)
			}
			f := conform(t, data).f
			info := f.dict(f.trailer["Info"])
			if text(info["Author"]) != m.Author || text(info["Subject"]) != m.Subject || text(info["Keywords"]) != strings.Join(m.Keywords, ", ") {
				t.Errorf("properties are %v", info)
			}
			if want := "D:" + strings.ReplaceAll(m.Date, "-", "") + "000000Z"; m.Date != "" && (text(info["CreationDate"]) != want || info["ModDate"] != info["CreationDate"]) {
				t.Errorf("dates are %v, %v, not %s", info["CreationDate"], info["ModDate"], want)
			} else if m.Date == "" && info["CreationDate"] != nil {
				t.Errorf("a date from nowhere: %v", info["CreationDate"])
			}
		})
	}
	for _, m := range []document.Meta{{Date: "15.04.2026"}, {Author: "a\x00"}, {Keywords: []string{"\xff"}}, {Subject: "\uFFFF"}} {
		if _, err := Render(newSetter().l, m, nil); err == nil || !strings.HasPrefix(err.Error(), "read properties: ") {
			t.Errorf("%+v: %v", m, err)
		}
	}
}

func TestAttachments(t *testing.T) {
	f := conform(t, render(t, newSetter().l, append(attachedFiles, generator.NewArtifact("Żółty (1).txt", "text/plain", []byte("x")))...)).f
	var got []string
	for _, v := range f.array(f.catalog()["AF"]) {
		spec := f.dict(v)
		file := f.get(f.dict(spec["EF"])["UF"]).(*stream)
		got = append(got, strings.Join([]string{text(spec["UF"]), string(spec["AFRelationship"].(name)), string(file.dict["Subtype"].(name))}, " "))
	}
	want := []string{
		"raport-981001-2025.csv Data text/csv",
		"raport-981001-2025.xlsx Source application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		"Żółty (1).txt Supplement text/plain",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("attached are %q", got)
	}
	for title, files := range map[string][]generator.Artifact{
		"twice":   {attachedFiles[0], attachedFiles[0]},
		"no name": {{MediaType: "text/csv"}},
		"no type": {{Name: "a"}},
	} {
		if _, err := Render(newSetter().l, sampleMeta, files); err == nil || !strings.HasPrefix(err.Error(), "attach file: ") {
			t.Errorf("%s: %v", title, err)
		}
	}
}
