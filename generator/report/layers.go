package report

import (
	"cmp"
	"errors"
	"io/fs"
	"path"
	"slices"
)

// In tells in which directory a file system of own templates lies: faults then name its files
// as their author finds them.
func In(dir string, own fs.FS) fs.FS { return located{own, dir} }

type located struct {
	fs.FS
	dir string
}

// placeOf is a file of the templates as its author finds it; a shipped one keeps its name.
func placeOf(files fs.FS, name string) string {
	switch f := files.(type) {
	case layers:
		for _, layer := range f {
			if _, err := fs.Stat(layer, name); err == nil {
				return placeOf(layer, name)
			}
		}
	case beneath:
		if rest, ok := cutFolder(name); ok {
			if in, ok := f.FS.(located); ok {
				return placeOf(in, rest)
			}
		}
	case located:
		return path.Join(f.dir, name)
	}
	return name
}

// Over lays own templates over base: a file of own hides the file of base of the same
// name, folders are joined. A folder of own without a reports folder is taken for the
// reports folder itself.
func Over(base, own fs.FS) fs.FS {
	if _, err := fs.Stat(own, "reports"); err != nil {
		own = beneath{own}
	}
	return layers{own, base}
}

// layers is file systems, the first that has a file counts.
type layers []fs.FS

func (l layers) Open(name string) (fs.File, error) {
	var first error
	for _, f := range l {
		file, err := f.Open(name)
		if err == nil {
			return file, nil
		}
		if first == nil || errors.Is(first, fs.ErrNotExist) {
			first = err
		}
	}
	return nil, first
}

// lowestFirst are the layers of a file system, the one that the others lie on first.
func lowestFirst(fsys fs.FS) []fs.FS {
	l, ok := fsys.(layers)
	if !ok {
		return []fs.FS{fsys}
	}
	out := slices.Clone(l)
	slices.Reverse(out)
	return out
}

// ReadDir joins the folders of all layers.
func (l layers) ReadDir(name string) ([]fs.DirEntry, error) {
	var out []fs.DirEntry
	found := false
	var last error
	for _, f := range l {
		entries, err := fs.ReadDir(f, name)
		if err != nil {
			last = err
			continue
		}
		found = true
		out = append(out, entries...)
	}
	if !found {
		return nil, last
	}
	slices.SortStableFunc(out, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	return slices.CompactFunc(out, func(a, b fs.DirEntry) bool { return a.Name() == b.Name() }), nil
}

// beneath shows a file system as its folder reports.
type beneath struct{ fs.FS }

func (b beneath) Open(name string) (fs.File, error) {
	if name == "reports" {
		return b.FS.Open(".")
	}
	if rest, ok := cutFolder(name); ok {
		return b.FS.Open(rest)
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

func cutFolder(name string) (string, bool) {
	const folder = "reports/"
	if len(name) > len(folder) && name[:len(folder)] == folder {
		return name[len(folder):], true
	}
	return "", false
}
