package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/jetstream"
)

// statusCmd says what has become of orders and who got what.
type statusCmd struct {
	ledgerFlags
	Batch string `arg:"" name:"numer" optional:"" help:"Numer zamówienia; bez niego lista zamówień."`
	CSV   string `name:"csv" placeholder:"PLIK" help:"Zapisz dowody wysyłki (CSV): kto, co, kiedy, suma kontrolna, numer w kolejce serwera; „-” wypisuje je na ekran."`
}

func (s *statusCmd) Run(ctx context.Context, c console) error {
	broker, err := s.reach(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = broker.Close() }()
	var batches []worker.Batch
	if s.Batch == "" {
		if batches, err = broker.Batches(ctx); err != nil {
			return err
		}
	} else {
		b, err := broker.FindBatch(ctx, s.Batch)
		if errors.Is(err, worker.ErrNotFound) {
			return &fault.Fault{Where: "zamówienie " + s.Batch, What: "nie ma takiego zamówienia", Hint: "numery wypisuje „raportjst status”", Err: err}
		}
		if err != nil {
			return err
		}
		batches = []worker.Batch{b}
	}
	if s.CSV != "" {
		return s.prove(ctx, c, broker, batches)
	}
	if s.Batch != "" {
		return c.detail(ctx, broker, batches[0])
	}
	return c.overview(ctx, broker, batches)
}

// overview is a line a batch.
func (c console) overview(ctx context.Context, broker *jetstream.Broker, batches []worker.Batch) error {
	if len(batches) == 0 {
		fmt.Fprintln(c.out, "Nie ma jeszcze żadnego zamówienia.")
		return nil
	}
	idle := false
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NUMER\tZŁOŻONE\tROK\tRAPORTY\tGOTOWE\tBŁĘDY\tWYSŁANE\tSTAN\tNAZWA")
	for _, b := range batches {
		t, err := broker.Tally(ctx, b)
		if err != nil {
			return err
		}
		idle = idle || unattended(ctx, broker, b, t)
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%d\t%d/%d\t%s\t%s\n", b.ID, locale.Clock(b.Ordered), b.Period, t.Total, t.Done, t.Failed, t.Sent, t.Letters, standing(b, t), b.Title)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if idle {
		fmt.Fprintln(c.err, "uwaga: "+nobodyWorks)
	}
	return nil
}

// nobodyWorks is said where an order waits in vain.
const nobodyWorks = "nie działa teraz żaden wykonawca, który zrobi to, co czeka: uruchom „raportjst serve” albo „raportjst worker” w tej samej lub nowszej wersji"

// warnIdle says so to whoever has queued something.
func (c console) warnIdle(ctx context.Context, b *jetstream.Broker, queued int) {
	if queued > 0 && !b.Attended(ctx, 0) {
		fmt.Fprintln(c.err, "uwaga: "+nobodyWorks)
	}
}

// unattended tells whether something of an order waits, and no worker runs that can do it.
func unattended(ctx context.Context, broker *jetstream.Broker, b worker.Batch, t worker.Tally) bool {
	if t.Over() || b.Paused || b.Cancelled {
		return false
	}
	rendering := b.Rendering
	if t.Queued+t.Running+t.Missing == 0 { // letters, which any worker sends
		rendering = 0
	}
	return !broker.Attended(ctx, rendering)
}

// standing says in a word how an order stands.
func standing(b worker.Batch, t worker.Tally) string {
	switch {
	case b.Cancelled:
		return "anulowane"
	case t.Missing > 0 && b.Whole(): // of the first release, which kept no list
		return "niekompletne"
	case b.Paused:
		return "wstrzymane"
	case t.Over() && t.Cancelled > 0:
		return "częściowo anulowane"
	case t.Over():
		return "zakończone"
	}
	return "w toku"
}

// detail is a batch with its counts, what failed and why, and the deliveries.
func (c console) detail(ctx context.Context, broker *jetstream.Broker, b worker.Batch) error {
	v, err := broker.View(ctx, b.ID)
	if err != nil {
		return err
	}
	b, t, items, deliveries := v.Batch, v.Tally, v.Items, v.Deliveries
	fmt.Fprintf(c.out, "%s, rok %d\n  numer       %s\n  złożone     %s\n  zbiór danych %s\n", b.Title, b.Period, b.ID, locale.Clock(b.Ordered), b.Data)
	fmt.Fprintf(c.out, "  stan        %s\n", standing(b, t))
	if b.Paused && b.Why != "" {
		fmt.Fprintf(c.out, "              %s\n", b.Why)
	}
	if unattended(ctx, broker, b, t) {
		fmt.Fprintf(c.out, "              %s\n", nobodyWorks)
	}
	fmt.Fprintf(c.out, "  raporty     razem %d, gotowe %d, w kolejce %d, w trakcie %d, nieudane %d\n", t.Total, t.Done, t.Queued, t.Running, t.Failed)
	switch {
	case t.Missing > 0 && b.Whole():
		fmt.Fprintf(c.out, "  niekompletne: brakuje %d; złóż to samo zamówienie ponownie\n", t.Missing)
	case t.Missing > 0:
		fmt.Fprintf(c.out, "  jeszcze nie ustawione w kolejce: %d\n", t.Missing)
	case t.Cancelled > 0:
		fmt.Fprintf(c.out, "  anulowane: %d\n", t.Cancelled)
	}
	for _, l := range b.Left {
		fmt.Fprintf(c.out, "  pominięto   %s %s: %s\n", l.Area, l.Name, l.Why)
	}
	if t.Letters > 0 {
		how := "wysłane"
		if kept(deliveries) {
			how = "zapisane w katalogu"
		}
		fmt.Fprintf(c.out, "  wiadomości  razem %d, %s %d, odrzucone %d, do wyjaśnienia %d", t.Letters, how, t.Sent, t.Refused, t.Held)
		if t.Expired > 0 {
			fmt.Fprintf(c.out, ", wygasłe %d", t.Expired)
		}
		fmt.Fprintln(c.out)
	}
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	for _, d := range deliveries {
		if d.State == worker.Sent {
			fmt.Fprintf(w, "  %s\t%s\t%s\tSHA-256 %.12s…\t%s\t%s\n", d.Area, d.Recipient, locale.Clock(d.Receipt.At), d.File.Digest, d.Channel, d.Receipt.Reference)
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	c.waits(items, deliveries)
	c.failures(items, deliveries)
	return nil
}

// stateNames are the states of deliveries in Polish.
var stateNames = map[worker.DeliveryState]string{
	worker.Pending: "czeka", worker.Sending: "w trakcie", worker.Committing: "w trakcie", worker.Sent: "wysłana",
	worker.Refused: "odrzucona", worker.Held: "do wyjaśnienia", worker.Expired: "wygasła", worker.Withdrawn: "wycofana",
}

// stateName is the state of a delivery in Polish. A letter in a directory has gone to nobody.
func stateName(d worker.Delivery) string {
	if d.State == worker.Sent && d.Channel == outboxChannel {
		return "zapisana w katalogu, nie wysłana"
	}
	return cmp.Or(stateNames[d.State], string(d.State))
}

// kept reports that letters lie in a directory and went to nobody.
func kept(all []worker.Delivery) bool {
	return slices.ContainsFunc(all, func(d worker.Delivery) bool { return d.State == worker.Sent && d.Channel == outboxChannel })
}

// waits lists what reports and letters wait for.
func (c console) waits(items []worker.Item, deliveries []worker.Delivery) {
	type wait struct {
		n     int
		until time.Time // of the first to be tried again
	}
	var order []string
	all := map[string]*wait{}
	add := func(h worker.History) {
		w := all[h.Why]
		if w == nil {
			w = &wait{until: h.Until}
			all[h.Why] = w
			order = append(order, h.Why)
		}
		w.n++
		if h.Until.Before(w.until) {
			w.until = h.Until
		}
	}
	for _, i := range items {
		if i.State == worker.Queued && i.Why != "" {
			add(i.History)
		}
	}
	for _, d := range deliveries {
		if d.State == worker.Pending && d.Why != "" {
			add(d.History)
		}
	}
	for _, why := range order {
		fmt.Fprintf(c.out, "  czeka: %d, następna próba %s\n    %s\n", all[why].n, locale.Clock(all[why].until), strings.ReplaceAll(why, "\n", "\n    "))
	}
}

// failures lists what went wrong and why.
func (c console) failures(items []worker.Item, deliveries []worker.Delivery) {
	for _, i := range items {
		if len(i.Problems) > 0 && i.State != worker.Done {
			fmt.Fprintf(c.out, "  %s %s:\n", i.Area, i.Name)
			for _, p := range i.Problems {
				fmt.Fprintf(c.out, "    %s\n", strings.ReplaceAll(p, "\n", "\n    "))
			}
		}
	}
	for _, d := range deliveries {
		if len(d.Problems) > 0 && d.State != worker.Sent {
			fmt.Fprintf(c.out, "  %s → %s, %s:\n", d.Area, d.Recipient, stateName(d))
			for _, p := range d.Problems {
				fmt.Fprintf(c.out, "    %s\n", p)
			}
		}
	}
}

// prove writes the deliveries of the batches as a table.
func (s *statusCmd) prove(ctx context.Context, c console, broker *jetstream.Broker, batches []worker.Batch) error {
	var all []worker.Delivery
	for _, b := range batches {
		v, err := broker.View(ctx, b.ID)
		if err != nil {
			return err
		}
		all = append(all, v.Deliveries...)
	}
	return c.prove(s.CSV, all)
}

// prove writes deliveries as a table into a file that its owner alone may read, "-" on the screen.
func (c console) prove(file string, all []worker.Delivery) error {
	if file == "-" {
		return writeProof(c.out, all)
	}
	var b bytes.Buffer
	if err := writeProof(&b, all); err != nil {
		return err
	}
	if err := writeFileFor(file, b.Bytes(), 0o600); err != nil {
		return &fault.Fault{Where: "--csv " + file, What: "nie można zapisać pliku", Hint: "sprawdź ścieżkę i prawa", Err: err}
	}
	return nil
}

// writeProof writes who got what: semicolons and a mark of UTF-8, as spreadsheets of Polish
// offices expect.
func writeProof(out io.Writer, deliveries []worker.Delivery) error {
	if _, err := io.WriteString(out, "\ufeff"); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	w := csv.NewWriter(out)
	w.Comma, w.UseCRLF = ';', true
	rows := [][]string{{"zamowienie", "teryt", "nazwa", "rok", "odbiorca", "sposob", "stan", "wyslano", "numer_serwera", "message_id", "plik", "sha256", "uwagi"}}
	for _, d := range deliveries {
		at := ""
		if !d.Receipt.At.IsZero() {
			at = d.Receipt.At.Format(time.RFC3339)
		}
		rows = append(rows, []string{d.Batch, d.Area, d.Name, fmt.Sprint(d.Period), d.Recipient, d.Channel, stateName(d), at, d.Receipt.Reference, d.Receipt.MessageID, d.File.Name, d.File.Digest, strings.Join(d.Problems, " | ")})
	}
	for _, row := range rows {
		for i, cell := range row {
			row[i] = harmless(cell)
		}
	}
	if err := w.WriteAll(rows); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	return nil
}

// harmless keeps a spreadsheet from taking text that came from outside for a formula.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
