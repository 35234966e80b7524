package prg

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/geo"
	"github.com/raportjst/raportjst/generator/stat"
)

const (
	exportHint = "wyeksportuj granice jeszcze raz jako GeoJSON (EPSG:4326) albo pobierz paczkę shapefile z PRG"
	formHint   = "użyj paczki shapefile z PRG, GeoJSON albo TopoJSON; w QGIS: Eksportuj, GeoJSON, EPSG:4326"
	againHint  = "pobierz go jeszcze raz"
)

// refuse says what a file is instead.
func refuse(what, hint string, err error) error {
	return &fault.Fault{Where: "początek", What: what, Hint: hint, Err: err}
}

// topologyOf reads the outlines of a file with their codes.
func topologyOf(ctx context.Context, r *stat.Register, raw []byte) (*geo.Topology, error) {
	text, _, err := transform.Bytes(unicode.BOMOverride(encoding.Nop.NewDecoder()), raw)
	if err != nil {
		text = raw
	}
	switch head := bytes.TrimLeft(text, " \t\r\n\x1e"); {
	case bytes.HasPrefix(raw, []byte("PK\x03\x04")), bytes.HasPrefix(raw, []byte("PK\x05\x06")):
		return readArchive(ctx, r, raw)
	case len(head) == 0:
		return nil, refuse("plik jest pusty", againHint, nil)
	case bytes.HasPrefix(head, []byte("SQLite format 3")):
		return nil, refuse("to GeoPackage, a granice czytane są z innych plików", formHint, nil)
	case head[0] == '<':
		return nil, refuse("to plik GML, KML lub inny XML, a granice czytane są z innych plików", formHint, nil)
	case bytes.HasPrefix(raw, []byte("\x00\x00\x27\x0a")):
		return nil, refuse("to sam plik .shp; potrzebna jest cała paczka ZIP z plikami .shp, .dbf i .prj", formHint, nil)
	case head[0] != '{':
		return nil, refuse("to nie jest plik granic", formHint, nil)
	}
	return readJSON(r, text)
}

// readArchive reads packed shapefiles, or the one file of boundaries that was packed.
func readArchive(ctx context.Context, r *stat.Register, raw []byte) (*geo.Topology, error) {
	wrong := func(what, hint string, err error) error {
		return &fault.Fault{Where: "archiwum", What: what, Hint: hint, Err: err}
	}
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, wrong("uszkodzony plik ZIP", "plik może być ucięty; pobierz go jeszcze raz", err)
	}
	var names []string
	var packed []*zip.File
	for _, f := range z.File {
		if macNote(f.Name) || f.FileInfo().IsDir() || strings.HasPrefix(path.Base(f.Name), ".") {
			continue
		}
		names = append(names, path.Base(f.Name))
		switch strings.ToLower(path.Ext(f.Name)) {
		case ".shp":
			return readShapefiles(ctx, r, z)
		case ".json", ".geojson", ".topojson":
			packed = append(packed, f)
		}
	}
	switch {
	case len(names) == 0:
		return nil, wrong("archiwum jest puste", againHint, nil)
	case len(packed) != 1:
		slices.Sort(names)
		return nil, wrong("brak warstwy z kodami TERYT: w archiwum nie ma plików .shp, są: "+some(names), "rozpakuj archiwum i "+formHint, nil)
	case packed[0].UncompressedSize64 > MaxSize:
		return nil, wrong(fmt.Sprintf("po rozpakowaniu plik jest większy niż %d MB", MaxSize>>20), "użyj uproszczonych granic", nil)
	}
	in, err := packed[0].Open()
	if err == nil {
		defer in.Close()
		raw, err = io.ReadAll(io.LimitReader(in, MaxSize))
	}
	if err != nil {
		return nil, wrong("uszkodzony plik ZIP", "plik może być ucięty; pobierz go jeszcze raz", err)
	}
	if bytes.HasPrefix(raw, []byte("PK")) {
		return nil, wrong("w archiwum jest archiwum", "rozpakuj je i podaj plik granic", nil)
	}
	return topologyOf(ctx, r, raw)
}

// readJSON reads TopoJSON or GeoJSON, also features one after another (GeoJSON text sequences)
// or one alone; a file in neither is named as such.
func readJSON(r *stat.Register, raw []byte) (*geo.Topology, error) {
	in := json.NewDecoder(bytes.NewReader(bytes.ReplaceAll(raw, []byte{0x1e}, []byte{' '})))
	var features []json.RawMessage
	for {
		var one json.RawMessage
		err := in.Decode(&one)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, notJSON(raw, in.InputOffset(), err)
		}
		var head struct {
			Type      string          `json:"type"`
			Reference json.RawMessage `json:"spatialReference"`
		}
		if err := json.Unmarshal(one, &head); err != nil {
			return nil, refuse("to nie jest zbiór granic", formHint, err)
		}
		switch {
		case head.Type == "Topology":
			return readTopoJSON(r, one)
		case head.Type == "FeatureCollection":
			return readGeoJSON(r, one)
		case head.Type == "" && head.Reference != nil:
			return nil, refuse("to Esri JSON, a granice czytane są z innych plików", "pobierz je z usługi jako GeoJSON (f=geojson) albo użyj paczki shapefile z PRG", nil)
		case head.Type != "Feature":
			return nil, refuse(fmt.Sprintf("rodzaj „%s” to nie zbiór granic", head.Type), "potrzebny jest TopoJSON albo GeoJSON rodzaju FeatureCollection", nil)
		}
		features = append(features, one)
	}
	whole, err := json.Marshal(map[string]any{"type": "FeatureCollection", "features": features})
	if err != nil {
		return nil, refuse("to nie jest poprawny JSON", exportHint, err)
	}
	return readGeoJSON(r, whole)
}

// notJSON says where a file is wrong, or that its end is missing.
func notJSON(raw []byte, at int64, err error) error {
	var syntax *json.SyntaxError
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &syntax) && at+syntax.Offset >= int64(len(raw)) {
		return &fault.Fault{Where: "koniec", What: "to nie jest poprawny JSON: plik jest ucięty", Hint: againHint, Err: err}
	}
	if syntax != nil {
		at = max(at, syntax.Offset)
	}
	line := 1 + bytes.Count(raw[:min(max(at, 0), int64(len(raw)))], []byte("\n"))
	return &fault.Fault{Where: fmt.Sprintf("wiersz %d", line), What: "to nie jest poprawny JSON", Hint: exportHint, Err: err}
}
