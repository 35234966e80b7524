package prg

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-shapefile"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/geo"
	"github.com/raportjst/raportjst/generator/stat"
)

// Limits of a packed shapefile: that of all gminas of PRG has 150 MB unpacked, 2,500
// records of at most 100,000 positions.
const (
	maxUnpacked = 1 << 30
	maxPoints   = 2 << 20 // of one record
	maxParts    = 1 << 16
)

// layer is a shapefile within an archive.
type layer struct {
	name               string
	shp, dbf, prj, cpg *zip.File
}

// readShapefiles reads the layer of a packed shapefile that has the smallest areas: larger
// ones are made of them, so that all share their arcs. The topology is in degrees.
func readShapefiles(ctx context.Context, r *stat.Register, z *zip.Reader) (*geo.Topology, error) {
	layers, err := layersOf(z)
	if err != nil {
		return nil, err
	}
	var best map[string][][][]geo.Point
	digits := 0
	for _, l := range layers {
		outlines, d, err := l.read(ctx, r)
		if err != nil {
			var f *fault.Fault
			if errors.As(err, &f) || errors.Is(err, ctx.Err()) {
				return nil, err
			}
			return nil, &fault.Fault{Where: l.name, What: "uszkodzony shapefile", Hint: "plik może być ucięty; pobierz go jeszcze raz", Err: err}
		}
		if d > digits {
			best, digits = outlines, d
		}
	}
	if best == nil {
		return nil, &fault.Fault{Where: "archiwum", What: "brak warstwy z kodami TERYT", Hint: "potrzebny jest shapefile z atrybutem JPT_KOD_JE"}
	}
	return geo.Build(best)
}

// layersOf finds the shapefiles of an archive.
func layersOf(z *zip.Reader) ([]*layer, error) {
	at := map[string]*layer{}
	var out []*layer
	size := uint64(0)
	for _, f := range z.File {
		if macNote(f.Name) {
			continue
		}
		if size += f.UncompressedSize64; size > maxUnpacked || f.UncompressedSize64 > maxUnpacked {
			return nil, &fault.Fault{Where: "archiwum", What: fmt.Sprintf("po rozpakowaniu ma ponad %d MB", maxUnpacked>>20), Hint: "wybierz z paczki warstwę granic gmin"}
		}
		ext := strings.ToLower(path.Ext(f.Name))
		name := strings.TrimSuffix(f.Name, path.Ext(f.Name))
		l := at[name]
		if l == nil {
			l = &layer{name: path.Base(name)}
			at[name] = l
		}
		switch ext {
		case ".shp":
			l.shp = f
			out = append(out, l)
		case ".dbf":
			l.dbf = f
		case ".prj":
			l.prj = f
		case ".cpg":
			l.cpg = f
		}
	}
	for _, l := range out {
		if l.dbf == nil {
			return nil, &fault.Fault{Where: l.name + ".shp", What: "brak pliku .dbf z atrybutami", Hint: "pobierz całą paczkę"}
		}
	}
	return out, nil
}

// macNote tells the files in which a Mac keeps its notes on others.
func macNote(name string) bool {
	return strings.HasPrefix(name, "__MACOSX/") || strings.HasPrefix(path.Base(name), "._")
}

// read reads the outlines by code, and the length of the codes; 0 where the layer has none.
func (l *layer) read(ctx context.Context, r *stat.Register) (map[string][][][]geo.Point, int, error) {
	charset := ""
	if l.cpg == nil {
		charset = "windows-1250" // codes are digits in any charset; this one refuses nothing
	}
	dbf, err := shapefile.ReadDBFZipFile(l.dbf, &shapefile.ReadDBFOptions{Charset: charset, MaxRecords: 1 << 20})
	if err != nil {
		return nil, 0, fmt.Errorf("read attributes: %w", err)
	}
	features := make([]map[string]any, len(dbf.Records))
	for i := range features {
		features[i] = dbf.Record(i)
	}
	codes, err := codesOf(r, features)
	if err != nil {
		return nil, 0, err
	}
	digits := 0
	for _, c := range codes {
		digits = max(digits, len(c))
	}
	if digits == 0 {
		return nil, 0, nil
	}
	toDegrees, err := l.projection()
	if err != nil {
		return nil, 0, err
	}
	in, err := l.shp.Open()
	if err != nil {
		return nil, 0, err
	}
	defer in.Close()
	shp, err := shapefile.NewScannerSHP(in, int64(l.shp.UncompressedSize64), &shapefile.ReadSHPOptions{MaxParts: maxParts, MaxPoints: maxPoints, MaxRecordSize: maxPoints * 16})
	if err != nil {
		return nil, 0, fmt.Errorf("read outlines: %w", err)
	}
	outlines := map[string][][][]geo.Point{}
	for i := 0; ; i++ {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		record, err := shp.Scan()
		if errors.Is(err, io.EOF) {
			if i != len(codes) {
				return nil, 0, fmt.Errorf("%d outlines for %d records", i, len(codes))
			}
			return outlines, digits, nil
		}
		if err != nil {
			return nil, 0, fmt.Errorf("read outline %d: %w", i+1, err)
		}
		if i >= len(codes) {
			return nil, 0, fmt.Errorf("more outlines than %d records", len(codes))
		}
		if codes[i] == "" {
			continue
		}
		polygons, err := outline(record.Geom, toDegrees)
		if err != nil {
			return nil, 0, &fault.Fault{Where: l.name + ", " + named(i, codes[i], features[i]), What: err.Error(), Hint: "uzupełnij granice tej jednostki albo pobierz paczkę jeszcze raz"}
		}
		outlines[codes[i]] = joined(outlines[codes[i]], polygons)
	}
}

// outline takes the polygons of a record, in degrees. The error is in Polish.
func outline(g geom.T, toDegrees func(geo.Point) geo.Point) ([][][]geo.Point, error) {
	polygons, err := polygonsOf(g)
	for _, rings := range polygons {
		for _, ring := range rings {
			for i, p := range ring {
				ring[i] = toDegrees(p)
			}
		}
	}
	return polygons, err
}

// projection tells from the .prj how to come to degrees. PRG is in EPSG:2180 (PL-1992,
// "ETRF2000-PL / CS92") or in degrees; anything else is refused.
func (l *layer) projection() (func(geo.Point) geo.Point, error) {
	refuse := func(what string) error {
		return &fault.Fault{Where: l.name + ".prj", What: what, Hint: "przelicz granice do EPSG:2180 albo EPSG:4326"}
	}
	if l.prj == nil {
		return nil, refuse("brak opisu układu współrzędnych")
	}
	prj, err := shapefile.ReadPRJZipFile(l.prj)
	if err != nil {
		return nil, fmt.Errorf("read projection: %w", err)
	}
	switch wkt := strings.ToUpper(prj.Projection); {
	case strings.HasPrefix(wkt, "PROJCS") && (strings.Contains(wkt, "CS92") || strings.Contains(wkt, `"2180"`) || strings.Contains(wkt, "PUWG_1992") || strings.Contains(wkt, "PUWG 1992")):
		return geo.FromPL1992, nil
	case strings.HasPrefix(wkt, "GEOGCS"):
		return func(p geo.Point) geo.Point { return p }, nil
	}
	return nil, refuse("nieobsługiwany układ współrzędnych")
}
