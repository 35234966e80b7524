package main

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/jetstream"
)

// TestOperation orders while nobody works, and operates on the order from the command line.
func TestOperation(t *testing.T) {
	home, data := t.TempDir(), sampleData(t)
	broker, err := jetstream.Embed(t.Context(), queueDir(home), jetstream.Options{Rendering: generator.Rendering})
	if err != nil {
		t.Fatal(err)
	}
	defer broker.Close()
	says(t, []string{"submit", "--home", home, "--data", data, "--powiat", "9810"}, exitDone, "Zamówiono")
	all, err := broker.Batches(t.Context())
	if err != nil || len(all) != 1 {
		t.Fatal(err)
	}
	id := all[0].ID
	at := func(args ...string) []string { return append(args, "--home", home) }
	says(t, at("jobs", "list", id), exitDone, "981001", "czeka")
	says(t, at("jobs", "list", id, "--stan", "gotowy"), exitDone, "TERYT")
	says(t, at("jobs", "list", "brak"), exitFailed, "nie ma takiego zamówienia")
	says(t, at("pause", id), exitDone, "Wstrzymano")
	says(t, at("status"), exitDone, "wstrzymane")
	says(t, at("status", id), exitDone, "stan        wstrzymane")
	says(t, at("resume", id), exitDone, "Wznowiono", "wstawione do kolejki: 12")
	says(t, at("resume", id), exitDone, "Nie było wstrzymane", "wstawione do kolejki: 0")
	says(t, at("status", id), exitDone, "stan        w toku", "nie działa teraz żaden wykonawca")
	says(t, at("status"), exitDone, "nie działa teraz żaden wykonawca")
	if err := broker.Attend(); err != nil {
		t.Fatal(err)
	}
	if _, out := command(t, at("status")...); strings.Contains(out, "uwaga") {
		t.Errorf("somebody works, and it says %s", out)
	}

	// One report fails and is buried.
	q, err := broker.Render(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	l, err := q.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	body, _ := l.Job()
	var j worker.Job
	if err := json.Unmarshal(body, &j); err != nil {
		t.Fatal(err)
	}
	_, err = broker.ChangeItem(t.Context(), id, j.Area, func(i *worker.Item) error {
		i.State, i.Attempt, i.Problems = worker.Failed, 2, []string{"próba 1: brak danych", "próba 2: brak danych"}
		return nil
	})
	if err := errors.Join(err, l.Bury(t.Context(), "próba 1: brak danych\npróba 2: brak danych\nmain.go:12")); err != nil {
		t.Fatal(err)
	}
	says(t, at("jobs", "show", id, j.Area), exitDone, "nieudany", "próba 1: brak danych", "próba 2")
	says(t, at("jobs", "show", id, "000000"), exitFailed, "nie ma w nim raportu")
	if out := says(t, at("dead", "list"), exitDone, j.Area, "próba 2: brak danych"); strings.Contains(out, "main.go") {
		t.Errorf("the end of a stack is no reason: %s", out)
	}
	says(t, at("dead", "list", "--reason", "inny"), exitDone, "Nie ma takich zleceń")
	says(t, at("dead", "show", "1"), exitDone, "próba 1: brak danych")
	says(t, at("dead", "show", "77"), exitFailed, "nie ma na liście")
	says(t, at("dead", "drop"), exitFailed, "nie podano, których zleceń")
	says(t, at("dead", "retry", "--reason", "brak DANYCH"), exitDone, "do kolejki: 1")
	says(t, at("dead", "list"), exitDone, "Nie ma takich zleceń")
	says(t, at("jobs", "list", id, "--stan", "nieudany"), exitDone, "TERYT")
	if _, err := broker.ChangeItem(t.Context(), id, "981003", func(i *worker.Item) error {
		i.Outages, i.Why, i.Until = 2, "magazyn nie odpowiada", time.Now().Add(time.Minute)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	says(t, at("jobs", "list", id), exitDone, "magazyn nie odpowiada; następna próba")
	says(t, at("jobs", "show", id, "981003"), exitDone, "przerwane przez niedostępny serwer: 2", "magazyn nie odpowiada; następna próba")
	says(t, at("cancel", id), exitDone, "anulowane raporty: 12")
	says(t, at("resume", id), exitFailed, "zamówienie jest już zakończone")
	says(t, at("pause", id), exitFailed, "zamówienie jest już zakończone")
	says(t, at("status"), exitDone, "anulowane")
	says(t, at("status", id), exitDone, "anulowane: 12")
	if n, err := broker.Waiting(context.Background()); err != nil || n != 0 {
		t.Errorf("%d jobs wait: %v", n, err)
	}
	says(t, at("jobs", "retry", id, "981001", "981002", "--stan", "anulowany"), exitDone, "do kolejki: 2")
	if _, out := command(t, at("jobs", "list", id, "--stan", "czeka")...); strings.Count(out, "\n") != 3 {
		t.Errorf("%s", out)
	}
	says(t, at("jobs", "retry", id, "981001"), exitDone, "do kolejki: 0", "w stanie „nieudany”", "--stan")
	for _, area := range []string{"981001", "981002"} {
		if _, err := broker.ChangeItem(t.Context(), id, area, func(i *worker.Item) error { i.State = worker.Done; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	says(t, at("status"), exitDone, "częściowo anulowane")
}
