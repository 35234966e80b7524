package report

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/stat"
)

func build(_ context.Context, l *Library, def *definition, area stat.Area, r Request) (*document.Document, error) {
	year := strconv.Itoa(int(r.Period))
	d := &document.Document{Meta: document.Meta{
		Language: "pl-PL", Identifier: fmt.Sprintf("raport-%s-%s", area.Code, year), Date: l.data.Date,
	}}
	if l.data.Invented {
		d.Meta.Tag = "DANE PRZYKŁADOWE"
	}
	for _, line := range def.Cover.Title {
		d.Cover.Title = append(d.Cover.Title, strings.ReplaceAll(line, "{rok}", year))
	}
	d.Meta.Title = area.Name + " – " + strings.Join(d.Cover.Title, " ")
	d.Cover.Name = area.Name
	return d, nil
}
