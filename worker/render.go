package worker

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/fault"
)

// Generator makes the files of one report (*generator.Generator does). The same request
// gives the same bytes, so an error, too, is the same the next time.
type Generator interface {
	Generate(ctx context.Context, r generator.Request) ([]generator.Artifact, error)
}

// Renderer is the handler of the render queue: job → files in the store → ledger →
// deliveries.
type Renderer struct {
	Generator Generator
	Edition   Edition
	Store     Store
	Ledger    Ledger
	Channel   string // that deliveries go to
	Name      string // of this worker, in the ledger
}

// Handle does a job. A job that was done before finds its files and goes on.
func (r *Renderer) Handle(ctx context.Context, body []byte, attempt int) error {
	job, err := DecodeJob(body)
	if err != nil {
		return err
	}
	if r.Edition.Key(job) != job.Key {
		if err := r.admit(ctx, job); err != nil {
			return err
		}
	}
	item, err := r.begin(ctx, job, attempt)
	if err != nil {
		return err
	}
	if item, err = r.adopt(ctx, job, item); err != nil {
		return err
	}
	done, err := r.files(ctx, item, job)
	if err != nil {
		return err
	}
	item.Files, item.Content, item.Channel = done.Files, done.Content, ""
	if len(item.Recipients) > 0 {
		if letterFile(item.Files) < 0 {
			return Permanent(&fault.Fault{Where: "zlecenie " + job.Area, What: "raport nie ma pliku PDF, który można wysłać", Hint: "zamów raport bez wysyłki"})
		}
		item.Channel = r.Channel
	}
	// The deliveries are recorded before the report is: a report that is done has them all.
	ids, err := r.dispatch(ctx, job, item)
	if err != nil {
		return err
	}
	_, err = r.Ledger.ChangeItem(ctx, job.Batch, job.Area, func(i *Item) error {
		next := *i
		next.State, next.Key, next.Files, next.Content, next.Channel, next.Deliveries = Done, item.Key, item.Files, item.Content, item.Channel, ids
		if !reflect.DeepEqual(next, *i) {
			next.Changed = time.Now().UTC()
		}
		*i = next
		return nil
	})
	if err != nil {
		return fmt.Errorf("record report: %w", err)
	}
	return nil
}

// begin records the attempt before the work, so that a job that kills its process is seen.
func (r *Renderer) begin(ctx context.Context, job Job, attempt int) (Item, error) {
	item, err := r.Ledger.ChangeItem(ctx, job.Batch, job.Area, func(i *Item) error {
		if i.State == Done {
			return nil
		}
		if i.State == Running && i.Attempt < attempt {
			i.Problems = append(i.Problems, fmt.Sprintf("próba %d: proces wykonawcy %s zakończył się w trakcie pracy", i.Attempt, i.Worker))
		}
		i.State, i.Attempt, i.Worker, i.Changed = Running, attempt, r.Name, time.Now().UTC()
		return nil
	})
	if errors.Is(err, ErrNotFound) {
		return Item{}, Permanent(&fault.Fault{Where: "zlecenie " + job.Area, What: "nie ma go w księdze partii " + job.Batch, Hint: "zamów raport ponownie"})
	}
	if err != nil {
		return Item{}, fmt.Errorf("record attempt: %w", err)
	}
	return item, nil
}

// manifest is what a finished report consists of, as it stands in the store.
type manifest struct {
	Files   []File `json:"files"`
	Content string `json:"content"` // what the report says
}

// UnmarshalJSON reads a manifest, also of the first release, which was the list of files.
func (m *manifest) UnmarshalJSON(body []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("[")) {
		return json.Unmarshal(body, &m.Files)
	}
	type plain manifest
	return json.Unmarshal(body, (*plain)(m))
}

// files finds the files of the report in the store, or makes and stores them.
func (r *Renderer) files(ctx context.Context, item Item, job Job) (*manifest, error) {
	found, err := r.find(ctx, item, item.Key)
	if err != nil || found != nil {
		return found, err
	}
	request := job.request()
	artifacts, err := r.Generator.Generate(ctx, request)
	Progress(ctx)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, err
	case err != nil:
		return nil, Permanent(err)
	}
	return r.put(ctx, item.Key, artifacts)
}

// manifestName is the object that is written last: where it is, the report is whole.
const manifestName = "manifest.json"

// find reads the manifest of a report and checks that each file is there in its size; nil
// where the report has to be made. Of one that is to be sent it must be known what it says.
func (r *Renderer) find(ctx context.Context, i Item, key string) (*manifest, error) {
	body, err := r.Store.Open(ctx, key+"/"+manifestName)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open manifest: %w", err)
	}
	defer body.Close()
	var m manifest
	if err := json.NewDecoder(body).Decode(&m); err != nil || len(m.Files) == 0 {
		return nil, nil // damaged: the report is made again
	}
	if m.Content == "" && len(i.Recipients) > 0 {
		return nil, nil
	}
	for _, f := range m.Files {
		info, err := r.Store.Stat(ctx, key+"/"+f.Name)
		if errors.Is(err, ErrNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("look for %s: %w", f.Name, err)
		}
		if info.Size != f.Size || info.Digest != "" && info.Digest != f.Digest {
			return nil, nil
		}
	}
	return &m, nil
}

// put stores the artifacts at once and the manifest after them.
func (r *Renderer) put(ctx context.Context, key string, artifacts []generator.Artifact) (*manifest, error) {
	m := &manifest{Files: make([]File, len(artifacts))}
	all, inner := errgroup.WithContext(ctx)
	for n, a := range artifacts {
		m.Content = cmp.Or(m.Content, a.Content)
		m.Files[n] = File{Name: a.Name, MediaType: a.MediaType, Digest: a.Digest, Size: int64(len(a.Data))}
		all.Go(func() error { return r.store(inner, key+"/"+a.Name, a) })
	}
	if err := all.Wait(); err != nil {
		return nil, err
	}
	if n := letterFile(m.Files); m.Content == "" && n >= 0 {
		m.Content = m.Files[n].Digest // a generator that cannot tell what it says
	}
	body, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("encode manifest: %w", err)
	}
	return m, r.store(ctx, key+"/"+manifestName, generator.NewArtifact(manifestName, "application/json", body))
}

func (r *Renderer) store(ctx context.Context, key string, a generator.Artifact) error {
	err := r.Store.Put(ctx, key, a)
	if errors.Is(err, ErrConflict) {
		return Permanent(&fault.Fault{
			Where: "magazyn, " + key, What: "plik istnieje i ma inną treść niż ten sam raport sporządzony teraz",
			Hint: "plik jest uszkodzony albo zrobił go inny program: usuń go z magazynu i zamów raport ponownie", Err: err,
		})
	}
	if err != nil {
		return fmt.Errorf("store %s: %w", a.Name, err)
	}
	return nil
}

// dispatch sends the PDF of a finished report to each recipient of the item.
func (r *Renderer) dispatch(ctx context.Context, job Job, item Item) ([]string, error) {
	var ids []string
	for _, d := range item.deliveries(job, r.Edition.Tag) {
		id, err := r.Ledger.Dispatch(ctx, d, job.resend())
		if err != nil {
			return nil, fmt.Errorf("dispatch delivery: %w", err)
		}
		if id != "" {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// Failed records a failed attempt.
func (r *Renderer) Failed(ctx context.Context, body []byte, f Failure) ([]string, error) {
	job, err := DecodeJob(body)
	if err != nil {
		return f.Problems, nil // there is no item to record it in
	}
	item, err := r.Ledger.ChangeItem(ctx, job.Batch, job.Area, func(i *Item) error {
		if i.State == Done {
			return nil // another worker was faster
		}
		i.Problems = append(i.Problems, attemptLines(f)...)
		i.State, i.Changed = Queued, time.Now().UTC()
		if f.Last {
			i.State = Failed
		}
		return nil
	})
	if errors.Is(err, ErrNotFound) {
		return f.Problems, nil
	}
	return item.Problems, err
}

// attemptLines are the problems of an attempt as they stand in a record.
func attemptLines(f Failure) []string {
	out := make([]string, len(f.Problems))
	for i, p := range f.Problems {
		out[i] = fmt.Sprintf("próba %d: %s", f.Attempt, p)
	}
	return out
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
