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

	// Alive tells whether another worker still runs; nil: none does.
	Alive func(ctx context.Context, worker string) bool
	Alone bool // there is no other worker

	// Other opens what a batch was ordered from where that is not this worker's own data set, or
	// fails with ErrNotFound; nil: it can open nothing else.
	Other func(ctx context.Context, b Batch) (Generator, Edition, error)

	room room
}

// task is a renderer on what one job is made from.
type task struct {
	*Renderer
	generator Generator
	edition   Edition
}

// Handle does a job. A job that was done before finds its files and goes on.
func (r *Renderer) Handle(ctx context.Context, body []byte) error {
	job, err := DecodeJob(body)
	if err != nil {
		return err
	}
	t, err := r.maker(ctx, job)
	if err != nil {
		return err
	}
	item, err := r.begin(ctx, job)
	if err != nil {
		return err
	}
	if item.State == Cancelled {
		return nil
	}
	if item, err = t.adopt(ctx, job, item); err != nil {
		return err
	}
	leave, err := r.enter(ctx, item)
	if err != nil {
		return err
	}
	done, err := t.files(ctx, item, job)
	leave()
	if err != nil {
		return err
	}
	item.Files, item.Content, item.Channel = done.Files, done.Content, ""
	if len(item.Recipients) > 0 {
		if letterFile(item.Files) < 0 {
			return Permanent(&fault.Fault{Where: "zlecenie " + job.Area, What: "raport nie ma pliku PDF, który można wysłać", Hint: "zamów raport bez wysyłki"})
		}
		item.Channel = r.Channel
		// The order may have been given up while the report was made.
		now, err := r.Ledger.ChangeItem(ctx, job.Batch, job.Area, func(*Item) error { return nil })
		if err != nil {
			return Outage(fmt.Errorf("read item: %w", err))
		}
		if now.State == Cancelled {
			return nil
		}
	}
	// The deliveries are recorded before the report is: a report that is done has them all.
	ids, err := t.dispatch(ctx, job, item)
	if err != nil {
		return err
	}
	_, err = r.Ledger.ChangeItem(ctx, job.Batch, job.Area, func(i *Item) error {
		if i.State == Cancelled {
			return nil // what is made is kept in the store, and nothing is said of it
		}
		next := *i
		next.State, next.Key, next.Files, next.Content, next.Channel, next.Deliveries, next.Damaged = Done, item.Key, item.Files, item.Content, item.Channel, ids, false
		if !reflect.DeepEqual(next, *i) {
			next.Changed = time.Now().UTC()
		}
		*i = next
		return nil
	})
	if err != nil {
		return Outage(fmt.Errorf("record report: %w", err))
	}
	return nil
}

// otherDelay is how long a job waits for another worker to try it.
const otherDelay = 15 * time.Second

// begin records the attempt before the work, so that a job that kills its process is seen.
func (r *Renderer) begin(ctx context.Context, job Job) (Item, error) {
	alive := map[string]bool{}
	for {
		var suspect string
		item, err := r.Ledger.ChangeItem(ctx, job.Batch, job.Area, func(i *Item) error {
			if suspect = ""; i.State == Done || i.State == Cancelled {
				return nil
			}
			if i.mistrusted(r.Name) && !r.Alone {
				return giveBack{errors.New("another worker has to try"), otherDelay}
			}
			if i.State == Running && i.Worker != r.Name {
				lives, asked := alive[i.Worker]
				if !asked {
					suspect = i.Worker
					return errSuspect
				}
				if !lives {
					i.Problems = append(i.Problems, fmt.Sprintf("próba %d: proces wykonawcy %s zakończył się w trakcie pracy", i.Attempt, i.Worker))
					if i.died() >= mostDeaths {
						i.Worker, i.State = r.Name, Running
						return nil
					}
				}
			}
			i.State, i.Attempt, i.Worker, i.Changed, i.Why, i.Until, i.Apart = Running, i.Attempt+1, r.Name, time.Now().UTC(), "", time.Time{}, false
			return nil
		})
		switch {
		case suspect != "":
			alive[suspect] = r.Alive != nil && r.Alive(ctx, suspect)
			continue
		case errors.Is(err, ErrNotFound):
			return Item{}, Permanent(&fault.Fault{Where: "zlecenie " + job.Area, What: "nie ma go w księdze partii " + job.Batch, Hint: "zamów raport ponownie"})
		case errors.As(err, &giveBack{}):
			return Item{}, err
		case err != nil:
			return Item{}, Outage(fmt.Errorf("record attempt: %w", err))
		case !item.Ended() && item.Deaths >= mostDeaths:
			return Item{}, Permanent(errKills)
		}
		return item, nil
	}
}

// errSuspect asks whether the worker that a record names still lives.
var errSuspect = errors.New("another worker may have died")

// errKills says that a job has ended too many processes.
var errKills = &fault.Fault{
	Where: "zlecenie", What: fmt.Sprintf("przy nim %d razy zakończył się proces wykonawcy, np. z braku pamięci", mostDeaths),
	Hint: "sprawdź własny szablon i treści tego raportu oraz pamięć serwera, potem zamów raport ponownie",
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
func (r task) files(ctx context.Context, item Item, job Job) (*manifest, error) {
	found, err := r.find(ctx, item, item.Key)
	if err != nil || found != nil {
		return found, err
	}
	request := job.request()
	artifacts, err := r.generator.Generate(ctx, request)
	Progress(ctx)
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return nil, err
	case ofMachine(err):
		return nil, Unfit(err)
	case ownFault(err):
		return nil, Permanent(err)
	default:
		return nil, err
	}
	return r.put(ctx, item.Key, artifacts, item.Doubted())
}

// ManifestName is the object beside the files of a report that is written last: where it is, the report is whole.
const ManifestName = "manifest.json"

// find reads the manifest of a report and checks that each file is there in its size; nil
// where the report has to be made. Of one that is to be sent it must be known what it says.
func (r *Renderer) find(ctx context.Context, i Item, key string) (*manifest, error) {
	m, err := r.manifest(ctx, key)
	if err != nil || m == nil {
		return nil, err
	}
	if m.Content == "" && len(i.Recipients) > 0 {
		return nil, nil
	}
	for _, f := range m.Files {
		if i.Doubted() {
			if _, err := ReadFile(ctx, r.Store, key, f); errors.Is(err, ErrNotFound) {
				return nil, nil
			} else if err != nil {
				return nil, Outage(fmt.Errorf("read %s: %w", f.Name, err))
			}
			continue
		}
		info, err := r.Store.Stat(ctx, key+"/"+f.Name)
		if errors.Is(err, ErrNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, Outage(fmt.Errorf("look for %s: %w", f.Name, err))
		}
		if info.Size != f.Size || info.Digest != "" && info.Digest != f.Digest {
			return nil, nil
		}
	}
	return m, nil
}

// put stores the artifacts at once and the manifest after them.
func (r *Renderer) put(ctx context.Context, key string, artifacts []generator.Artifact, doubted bool) (*manifest, error) {
	m := &manifest{Files: make([]File, len(artifacts))}
	all, inner := errgroup.WithContext(ctx)
	for n, a := range artifacts {
		m.Content = cmp.Or(m.Content, a.Content)
		m.Files[n] = File{Name: a.Name, MediaType: a.MediaType, Digest: a.Digest, Size: int64(len(a.Data))}
		all.Go(func() error { return r.store(inner, key, a, doubted) })
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
	return m, r.store(ctx, key, generator.NewArtifact(ManifestName, "application/json", body), doubted)
}

// store stores a file of a report. One that is doubted is read and mended where it is
// damaged, whatever the store says of it. Other bytes under the name are damaged, too, unless
// the manifest vouches for them.
func (r *Renderer) store(ctx context.Context, key string, a generator.Artifact, doubted bool) error {
	name := key + "/" + a.Name
	put := r.Store.Put
	if doubted {
		_, err := ReadFile(ctx, r.Store, key, File{Name: a.Name, Digest: a.Digest, Size: int64(len(a.Data))})
		if err == nil {
			return nil
		}
		if errors.Is(err, ErrNotFound) {
			put = r.Store.Replace
		}
	}
	err := put(ctx, name, a)
	if errors.Is(err, ErrConflict) {
		if r.vouched(ctx, key, a.Name) {
			return Permanent(&fault.Fault{
				Where: "magazyn, " + name, What: "plik istnieje i ma inną treść niż ten sam raport sporządzony teraz",
				Hint: "plik zrobił inny program: usuń go z magazynu i zamów raport ponownie", Err: err,
			})
		}
		err = r.Store.Replace(ctx, name, a)
	}
	if err != nil {
		return Outage(fmt.Errorf("store %s: %w", a.Name, err))
	}
	return nil
}

// vouched tells whether a file is what the manifest beside it says.
func (r *Renderer) vouched(ctx context.Context, key, name string) bool {
	m, err := r.manifest(ctx, key)
	if err != nil || m == nil {
		return false
	}
	for _, f := range m.Files {
		if f.Name == name {
			_, err := ReadFile(ctx, r.Store, key, f)
			return err == nil
		}
	}
	return false
}

// manifest reads the manifest of a report; nil where there is none that can be read.
func (r *Renderer) manifest(ctx context.Context, key string) (*manifest, error) {
	body, err := r.Store.Open(ctx, key+"/"+ManifestName)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, Outage(fmt.Errorf("open manifest: %w", err))
	}
	defer body.Close()
	var m manifest
	if err := json.NewDecoder(body).Decode(&m); err != nil || len(m.Files) == 0 {
		return nil, nil // damaged: the report is made again
	}
	return &m, nil
}

// dispatch sends the PDF of a finished report to each recipient of the item.
func (r task) dispatch(ctx context.Context, job Job, item Item) ([]string, error) {
	var ids []string
	for _, d := range item.deliveries(job, r.edition.Tag) {
		id, err := r.Ledger.Dispatch(ctx, d, job.resend())
		if err != nil {
			return nil, Outage(fmt.Errorf("dispatch delivery: %w", err))
		}
		if id != "" {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// Failed records a failed attempt.
func (r *Renderer) Failed(ctx context.Context, body []byte, f Failure) (Verdict, error) {
	job, err := DecodeJob(body)
	if err != nil { // there is no item to record it in
		return Verdict{Bury: f.Class == OwnFault, Delay: f.Delay, Problems: f.Problems}, nil
	}
	var v Verdict
	item, err := r.Ledger.ChangeItem(ctx, job.Batch, job.Area, func(i *Item) error {
		running := i.State == Running
		if i.State == Done || i.State == Cancelled || running && i.Worker != r.Name {
			v = Verdict{Taken: true} // another worker was faster, or nobody wants it any more
			return nil
		}
		switch {
		case f.Class == OwnFault || f.Class == Doubtful:
			i.Problems = append(i.Problems, attemptLines(i.Attempt, f.Problems)...)
		case running:
			i.Attempt-- // it was none of the job's
		}
		v = i.failed(f, r.Name)
		i.State, i.Changed = Queued, time.Now().UTC()
		if v.Bury {
			i.State = Failed
		}
		return nil
	})
	if errors.Is(err, ErrNotFound) {
		return Verdict{Bury: f.Class == OwnFault, Delay: f.Delay, Problems: f.Problems}, nil
	}
	v.Problems = item.Problems
	return v, err
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
