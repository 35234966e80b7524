package main

import (
	"context"

	"github.com/raportjst/raportjst/generator/source/smup"
)

// importSmupCmd brings in figures from the API of SMUP, with those of BDL if asked.
type importSmupCmd struct {
	apiFlags
	SMUP    endpoint `embed:"" prefix:"smup-" envprefix:"RAPORTJST_SMUP_"`
	BDLAPI  endpoint `embed:"" prefix:"bdl-" envprefix:"RAPORTJST_BDL_"`
	Cards   bool     `default:"true" negatable:"" help:"Pobierz też fiszki wskaźników (definicja, wzór): po jednym zapytaniu na wskaźnik."`
	WithBDL bool     `name:"with-bdl" help:"Pobierz też znane zmienne z API BDL."`
}

func (i *importSmupCmd) Run(ctx context.Context, c console) error {
	client, err := i.open(i.SMUP, "SMUP", smup.Base, c)
	if err != nil {
		return err
	}
	defer client.Close()
	apis := []api{{"SMUP", "smup:", smup.New(client, i.Cards), client}}
	if i.WithBDL || i.wants("bdl:") {
		bdl, err := i.openBDL(i.BDLAPI, c)
		if err != nil {
			return err
		}
		defer bdl.client.Close()
		apis = append(apis, bdl)
	}
	return i.run(ctx, c, apis...)
}
