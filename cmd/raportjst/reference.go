package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/docx"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker"
)

// A reference document is own content of an order: it travels through the store under its
// digest, as own templates do, and an order names it by that.

// referenceName is the name of a reference document in a store.
const referenceName = "wzor.docx"

// mostReferred is the most bytes that a reference document may have.
const mostReferred = 32 << 20

// referenceKey is where a reference document stands in a store.
func referenceKey(id string) string { return "wzory/" + id }

// reference is the id of the reference document that the flags name and, where they name a
// file, what it holds. A file that gives no look is refused.
func (f specFlags) reference() (id string, document []byte, err error) {
	if f.Reference == "" || isID(f.Reference) {
		return f.Reference, nil, nil
	}
	where := "--reference " + f.Reference
	info, err := os.Stat(f.Reference)
	if err == nil && (!info.Mode().IsRegular() || info.Size() > mostReferred) {
		return "", nil, &fault.Fault{Where: where, What: fmt.Sprintf("to nie jest plik albo ma więcej niż %d MB", mostReferred>>20), Hint: "podaj dokument Word zapisany jako .docx; duże obrazy z treści usuń, papier firmowy zostaje w nagłówku i stopce"}
	}
	if err == nil {
		document, err = os.ReadFile(f.Reference)
	}
	if err != nil {
		return "", nil, &fault.Fault{Where: where, What: "nie można odczytać pliku", Hint: "podaj istniejący dokument Word zapisany jako .docx", Err: err}
	}
	if _, err := docx.ReadReference(document); err != nil {
		var unfit *fault.Fault
		if errors.As(err, &unfit) {
			return "", nil, &fault.Fault{Where: where, What: unfit.What, Hint: unfit.Hint, Err: err}
		}
		return "", nil, err
	}
	return generator.NewArtifact("", "", document).Digest, document, nil
}

// keepReference puts the reference document of an order where workers find it.
func (f specFlags) keepReference(ctx context.Context, c console, s storeFlags, home string) error {
	id, document, err := f.reference()
	if err != nil || id == "" {
		return err
	}
	to, _, err := s.open(ctx, home)
	if err != nil {
		return err
	}
	if document == nil { // an id: it is there, or the order is refused
		_, err = (&references{store: to}).writer(ctx, id)
		return err
	}
	a := generator.NewArtifact(referenceName, generator.FormatOf("docx").MediaType, document)
	_, err = worker.ReadFile(ctx, to, referenceKey(id), worker.File{Name: a.Name, Digest: id, Size: int64(len(document))})
	if errors.Is(err, worker.ErrNotFound) { // or damaged
		err = to.Replace(ctx, referenceKey(id)+"/"+a.Name, worker.InMemory(a))
	}
	if err != nil && ctx.Err() == nil {
		return &fault.Fault{Where: "magazyn plików", What: "nie można zapisać dokumentu wzorcowego", Hint: "sprawdź połączenie i miejsce w magazynie i powtórz polecenie", Err: err}
	}
	if err == nil {
		fmt.Fprintf(c.err, "Dokument wzorcowy %s jest w magazynie pod identyfikatorem %s\n", f.Reference, id)
	}
	return err
}

// references are the reference documents of a store. It keeps the last few, read.
type references struct {
	store worker.Store

	mu   sync.Mutex
	kept map[string]generator.Writer
}

// mostReferences is how many writers with the look of a reference are kept.
const mostReferences = 16

// writer is generator.Generator.Referred.
func (r *references) writer(ctx context.Context, id string) (generator.Writer, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if w, ok := r.kept[id]; ok {
		return w, nil
	}
	document, err := r.read(ctx, id)
	if err != nil {
		return nil, err
	}
	w, err := given(document)(ctx, id)
	if err != nil {
		return nil, err
	}
	if r.kept == nil || len(r.kept) >= mostReferences {
		r.kept = map[string]generator.Writer{}
	}
	r.kept[id] = w
	return w, nil
}

// read is a reference document as it stands in the store.
func (r *references) read(ctx context.Context, id string) ([]byte, error) {
	where := "dokument wzorcowy " + id
	in, err := r.store.Open(ctx, referenceKey(id)+"/"+referenceName)
	if errors.Is(err, worker.ErrNotFound) {
		return nil, &fault.Fault{Where: where, What: "nie ma go w magazynie plików", Hint: "zamów raport ponownie, podając plik: raportjst submit --reference PLIK", Err: err}
	}
	var document []byte
	if err == nil {
		document, err = io.ReadAll(io.LimitReader(in, mostReferred+1))
		err = errors.Join(err, in.Close())
	}
	if err != nil {
		return nil, &fault.Fault{Where: where, What: "nie można go pobrać z magazynu plików", Hint: "sprawdź połączenie z magazynem", Err: worker.Outage(err)}
	}
	if generator.NewArtifact("", "", document).Digest != id {
		return nil, &fault.Fault{Where: where, What: "plik w magazynie jest uszkodzony", Hint: "zapisz go ponownie: raportjst submit --reference PLIK", Err: worker.Outage(errors.New("other bytes"))}
	}
	return document, nil
}

// given is generator.Generator.Referred where the document is at hand.
func given(document []byte) func(context.Context, string) (generator.Writer, error) {
	return func(_ context.Context, id string) (generator.Writer, error) {
		if document == nil {
			return nil, &fault.Fault{Where: "--reference " + id, What: "nie ma takiego pliku", Hint: "podaj dokument Word zapisany jako .docx; identyfikator z magazynu przyjmują tylko polecenia submit i campaign"}
		}
		reference, err := docx.ReadReference(document)
		if err != nil {
			return nil, err
		}
		return &docx.Writer{Reference: reference}, nil
	}
}
