// Package samples embeds the sample data set: invented voivodeships with their areas,
// borders, indicators and figures, and a list of members of a union. Nothing in it
// describes a real place; every page made from it says so. The files are made by
// samples/make with a fixed seed.
package samples

import (
	"archive/tar"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"sync"
)

//go:generate go run ./make -out data

// FS holds data/terc.csv (state 2026-01-01), data/terc-2025.csv, data/granice.topojson,
// data/dane.toml with data/dane.csv, and data/czlonkowie.csv.
//
//go:embed data
var FS embed.FS

// Digest names the content of FS: it is another one when any of its files is.
var Digest = sync.OnceValue(func() string {
	h := sha256.New()
	if err := tar.NewWriter(h).AddFS(FS); err != nil {
		panic(err) // embedded files can always be read
	}
	return hex.EncodeToString(h.Sum(nil))
})
