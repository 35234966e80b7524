package main

import (
	"context"

	"github.com/raportjst/raportjst/generator/source/bdl"
)

// importBdlCmd brings in figures from the API of BDL.
type importBdlCmd struct {
	apiFlags
	BDLAPI endpoint `embed:"" prefix:"bdl-" envprefix:"RAPORTJST_BDL_"`
}

func (i *importBdlCmd) Run(ctx context.Context, c console) error {
	a, err := i.openBDL(i.BDLAPI, c)
	if err != nil {
		return err
	}
	defer a.client.Close()
	return i.run(ctx, c, a)
}

func (f *apiFlags) openBDL(e endpoint, c console) (api, error) {
	client, err := f.open(e, "BDL", bdl.Base, c)
	if err != nil {
		return api{}, err
	}
	return api{"BDL", "bdl:", bdl.New(client), client}, nil
}
