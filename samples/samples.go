// Package samples embeds the sample data set: invented voivodeships with their areas,
// borders, indicators and figures, and a list of members of a union. Nothing in it
// describes a real place; every page made from it says so. The files are made by
// samples/make with a fixed seed.
package samples

import "embed"

//go:generate go run ./make -out data

// FS holds data/terc.csv (state 2026-01-01), data/terc-2025.csv, data/granice.topojson,
// data/dane.toml with data/dane.csv, and data/czlonkowie.csv.
//
//go:embed data
var FS embed.FS
