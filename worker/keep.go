package worker

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"golang.org/x/sync/errgroup"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/fault"
)

// What a finished report consists of stands in its record in the ledger. The store is asked
// about a report only where a record says that it was made before.

// manifest is what a finished report consists of. Beside the files of one that is sent it is
// kept in the store, too, with what the letters say.
type manifest struct {
	Files   []File `json:"files"`
	Content string `json:"content"`        // what the report says: document.Said.Whole
	Own     string `json:"own,omitempty"`  // document.Said.Own
	Said    []byte `json:"said,omitempty"` // packed
}

// UnmarshalJSON reads a manifest, also of the first release, which was the list of files.
func (m *manifest) UnmarshalJSON(body []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("[")) {
		return json.Unmarshal(body, &m.Files)
	}
	type plain manifest
	return json.Unmarshal(body, (*plain)(m))
}

// ManifestName is the object with the manifest. Earlier releases wrote it for every report.
const ManifestName = "manifest.json"

// files finds the files of the report in the store, or makes and stores them.
func (r task) files(ctx context.Context, item Item, job Job) (*manifest, error) {
	known, err := r.recorded(ctx, item, job, item.Key)
	if err != nil {
		return nil, err
	}
	if there, err := r.there(ctx, item, known); err != nil || there {
		return known, err
	}
	artifacts, err := r.make(ctx, item, job)
	if err != nil {
		return nil, err
	}
	return r.put(ctx, item, job, known, artifacts)
}

// make makes the files.
func (r task) make(ctx context.Context, item Item, job Job) ([]generator.Artifact, error) {
	artifacts, err := r.generate(ctx, item, job.request())
	Progress(ctx)
	switch {
	case err == nil:
		return artifacts, nil
	case ctx.Err() != nil, IsOutage(err):
		return nil, err
	case ofMachine(err):
		return nil, Unfit(err)
	case ownFault(err):
		return nil, Permanent(err)
	}
	return nil, err
}

// recorded is what the ledger knows of a report under the key: in the item itself, or in that
// of another order for the same; nil where no order has made it.
func (r *Renderer) recorded(ctx context.Context, i Item, job Job, key string) (*manifest, error) {
	if i.Key == key && len(i.Files) > 0 {
		return i.manifest(), nil
	}
	for _, batch := range job.Like {
		other, err := r.Ledger.ChangeItem(ctx, batch, job.Area, func(*Item) error { return nil })
		if err != nil && !errors.Is(err, ErrNotFound) {
			return nil, Outage(fmt.Errorf("read item: %w", err))
		}
		if other.Key == key && other.State == Done && !other.Damaged {
			return other.manifest(), nil
		}
	}
	return nil, nil
}

func (i Item) manifest() *manifest {
	return &manifest{Files: i.Files, Content: i.Content, Own: i.Own}
}

// there tells whether each file is in the store in its size. Of an item that is doubted they
// are read. Of a report that is to be sent it must be known what it says.
func (r *Renderer) there(ctx context.Context, i Item, m *manifest) (bool, error) {
	if m == nil || m.Own == "" && len(i.Recipients) > 0 {
		return false, nil
	}
	for _, f := range m.Files {
		if i.Doubted() {
			if _, err := ReadFile(ctx, r.Store, i.Key, f); errors.Is(err, ErrNotFound) {
				return false, nil
			} else if err != nil {
				return false, Outage(fmt.Errorf("read %s: %w", f.Name, err))
			}
			continue
		}
		info, err := r.Store.Stat(ctx, i.Key+"/"+f.Name)
		if errors.Is(err, ErrNotFound) {
			return false, nil
		}
		if err != nil {
			return false, Outage(fmt.Errorf("look for %s: %w", f.Name, err))
		}
		if info.Size != f.Size || info.Digest != "" && info.Digest != f.Digest {
			return false, nil
		}
	}
	if len(i.Recipients) == 0 {
		return true, nil
	}
	// An order without letters keeps no manifest, and a letter tells from it what is inside.
	_, err := r.Store.Stat(ctx, i.Key+"/"+ManifestName)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, Outage(fmt.Errorf("look for %s: %w", ManifestName, err))
	}
	return true, nil
}

// told tells whether somebody will be told of the report of an item: its manifest is kept.
func (j Job) told(i Item) bool { return len(i.Recipients) > 0 || j.Told }

// find is what the report of an item consists of where its files are in the store under the
// key; nil where it has to be made.
func (r *Renderer) find(ctx context.Context, i Item, job Job, key string) (*manifest, error) {
	m, err := r.recorded(ctx, i, job, key)
	if err != nil || m == nil {
		return nil, err
	}
	i.Key = key
	if there, err := r.there(ctx, i, m); err != nil || !there {
		return nil, err
	}
	return m, nil
}

// put stores the artifacts at once. known is what a record says of the report, or nil.
func (r task) put(ctx context.Context, i Item, job Job, known *manifest, artifacts []generator.Artifact) (*manifest, error) {
	m := &manifest{Files: make([]File, len(artifacts))}
	for n, a := range artifacts {
		if a.Said != nil && m.Content == "" {
			m.Content, m.Own = a.Said.Whole, a.Said.Own
			if job.told(i) {
				m.Said = a.Said.Pack()
			}
		}
		m.Files[n] = File{Name: a.Name, MediaType: a.MediaType, Digest: a.Digest, Size: int64(len(a.Data))}
	}
	if n := letterFile(m.Files); m.Content == "" && n >= 0 {
		m.Content, m.Own = m.Files[n].Digest, m.Files[n].Digest // a generator that cannot tell what it says
	}
	if job.told(i) {
		body, err := json.Marshal(m)
		if err != nil {
			return nil, fmt.Errorf("encode manifest: %w", err)
		}
		artifacts = append(artifacts, generator.NewArtifact(ManifestName, "application/json", body))
	}
	facts := map[string]string{
		"area": job.Area, "period": strconv.Itoa(job.Period), "template": cmp.Or(job.Template, "auto"), "data": r.edition.Data, "program": r.edition.Generator,
	}
	all, inner := errgroup.WithContext(ctx)
	for _, a := range artifacts {
		o := InMemory(a)
		o.Title, o.Facts = FileTitle(job.Period, i.Name, a.Name), facts
		all.Go(func() error { return r.store(inner, i, a.Name, o, known) })
	}
	return m, all.Wait()
}

// store stores a file of a report. Of an item that is doubted it is read and mended where it is
// damaged, whatever the store says of it. Other bytes under the name are damaged, too, unless
// a record vouches for them.
func (r *Renderer) store(ctx context.Context, i Item, name string, o Object, known *manifest) error {
	key := i.Key + "/" + name
	put := r.Store.Put
	if i.Doubted() {
		_, err := ReadFile(ctx, r.Store, i.Key, File{Name: name, Digest: o.Digest, Size: o.Size})
		if err == nil {
			return nil
		}
		if errors.Is(err, ErrNotFound) {
			put = r.Store.Replace
		}
	}
	err := put(ctx, key, o)
	if errors.Is(err, ErrConflict) {
		if r.vouched(ctx, i.Key, name, known) {
			return Permanent(&fault.Fault{
				Where: "magazyn, " + key, What: "plik istnieje i ma inną treść niż ten sam raport sporządzony teraz",
				Hint: "plik zrobił inny program: usuń go z magazynu i zamów raport ponownie", Err: err,
			})
		}
		err = r.Store.Replace(ctx, key, o)
	}
	if err != nil {
		return Outage(fmt.Errorf("store %s: %w", name, err))
	}
	return nil
}

// vouched tells whether a file is what a record of the ledger, or a manifest beside it, says.
func (r *Renderer) vouched(ctx context.Context, key, name string, known *manifest) bool {
	if known == nil {
		body, err := r.Store.Open(ctx, key+"/"+ManifestName)
		if err != nil {
			return false
		}
		defer body.Close()
		known = &manifest{}
		if err := json.NewDecoder(body).Decode(known); err != nil {
			return false // damaged
		}
	}
	for _, f := range known.Files {
		if f.Name == name {
			_, err := ReadFile(ctx, r.Store, key, f)
			return err == nil
		}
	}
	return false
}

// ReadFile reads a file of a report and checks its digest. A file that is gone or damaged
// is ErrNotFound: it can be made again.
func ReadFile(ctx context.Context, s Store, key string, f File) (generator.Artifact, error) {
	body, err := s.Open(ctx, key+"/"+f.Name)
	if err != nil {
		return generator.Artifact{}, err
	}
	defer body.Close()
	var buf bytes.Buffer
	if _, err := io.Copy(&buf, io.LimitReader(body, f.Size+1)); err != nil {
		return generator.Artifact{}, fmt.Errorf("read %s: %w", f.Name, err)
	}
	a := generator.NewArtifact(f.Name, f.MediaType, buf.Bytes())
	if a.Digest != f.Digest {
		return generator.Artifact{}, fmt.Errorf("%s has digest %.12s, want %.12s: %w", f.Name, a.Digest, f.Digest, ErrNotFound)
	}
	return a, nil
}

// readManifest reads the manifest of a report; nil where there is none that can be read.
func readManifest(ctx context.Context, s Store, key string) (*manifest, error) {
	body, err := s.Open(ctx, key+"/"+ManifestName)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, Outage(fmt.Errorf("open manifest: %w", err))
	}
	defer body.Close()
	var m manifest
	if err := json.NewDecoder(body).Decode(&m); err != nil || len(m.Files) == 0 {
		return nil, nil // damaged
	}
	return &m, nil
}
