package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os/user"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/campaign"
	"github.com/raportjst/raportjst/worker/jetstream"
)

// campaignCmd goes from a list of members over reports, review, test and approval to letters.
type campaignCmd struct {
	New       campaignNewCmd       `cmd:"" help:"Załóż kampanię albo jej nowe wydanie i sporządź raporty; niczego nie wysyła."`
	List      campaignListCmd      `cmd:"" help:"Wypisz kampanie."`
	Show      campaignShowCmd      `cmd:"" help:"Pokaż, jak stoi kampania i co jej brakuje."`
	Review    campaignReviewCmd    `cmd:"" help:"Przejrzyj kampanię przed wysłaniem: kto co dostanie, co się zmieniło, czego brakuje."`
	Test      campaignTestCmd      `cmd:"" help:"Wyślij list próbny do siebie."`
	Approve   campaignApproveCmd   `cmd:"" help:"Zatwierdź to, co pokazuje przegląd."`
	Send      campaignSendCmd      `cmd:"" help:"Wyślij listy kampanii, teraz albo o podanej godzinie."`
	Pause     campaignPauseCmd     `cmd:"" help:"Wstrzymaj wysyłkę."`
	Resume    campaignResumeCmd    `cmd:"" help:"Wznów wstrzymaną wysyłkę."`
	Stop      campaignStopCmd      `cmd:"" help:"Zatrzymaj wysyłkę na dobre: co czeka, nie zostanie wysłane."`
	Resend    campaignResendCmd    `cmd:"" help:"Wyślij ponownie tylko wybrane listy."`
	Delivered campaignDeliveredCmd `cmd:"" help:"Oznacz list odrzucony, wygasły albo niejasny jako doręczony."`
	Revoke    campaignRevokeCmd    `cmd:"" help:"Cofnij odnośniki do plików z listów."`
	Bounces   campaignBouncesCmd   `cmd:"" help:"Przyjmij zwroty (pliki .eml): listy, które wróciły po wysłaniu, są odrzucone."`
	Proof     campaignProofCmd     `cmd:"" help:"Zapisz dowody wysyłki: kto, co, kiedy, suma kontrolna, odpowiedź serwera."`
}

// whoFlag says who does something to a campaign.
type whoFlag struct {
	By string `env:"RAPORTJST_BY" placeholder:"OSOBA" help:"Kto to robi; bez tego nazwa konta na komputerze."`
}

func (w whoFlag) who() string {
	if by := strings.TrimSpace(w.By); by != "" {
		return by
	}
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return ""
}

// campaignName is the argument of all commands.
type campaignName struct {
	Name string `arg:"" name:"kampania" help:"Nazwa kampanii."`
}

// orders are the orders with letters of a campaign, oldest first.
func orders(ctx context.Context, b *jetstream.Broker, c campaign.Campaign) ([]worker.Batch, error) {
	all, err := b.Batches(ctx)
	all = slices.DeleteFunc(all, func(x worker.Batch) bool { return x.Campaign != c.ID })
	slices.Reverse(all)
	return all, err
}

type campaignListCmd struct{ ledgerFlags }

func (l *campaignListCmd) Run(ctx context.Context, c console) error {
	return l.with(ctx, func(b *jetstream.Broker) error {
		all, err := campaign.Book{Shelf: b}.All(ctx)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			fmt.Fprintln(c.out, "Nie ma jeszcze żadnej kampanii.")
			return nil
		}
		w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "KAMPANIA\tROK\tSTAN\tLISTA\tOSTATNIO")
		for _, x := range all {
			last := x.Log[len(x.Log)-1]
			state, err := campaignState(ctx, b, x)
			if err != nil {
				return err
			}
			fmt.Fprintf(w, "%s\t%d\t%s\t%s\t%s %s (%s)\n", x.Name, x.Period, state, x.List, locale.Clock(last.At), last.What, last.By)
		}
		return w.Flush()
	})
}

// campaignState says in a word how a campaign stands. That its sending is over is known by its orders.
func campaignState(ctx context.Context, b *jetstream.Broker, x campaign.Campaign) (string, error) {
	switch x.State {
	case campaign.Prepared:
		return "przygotowana", nil
	case campaign.Approved:
		return "zatwierdzona", nil
	case campaign.Stopped:
		return "zatrzymana", nil
	case campaign.Sending:
	}
	all, err := orders(ctx, b, x)
	if err != nil {
		return "", err
	}
	var t worker.Tally // of all
	held, open, kept := false, false, false
	for _, o := range all {
		now, err := b.Tally(ctx, o)
		if err != nil {
			return "", err
		}
		if over := now.Over(); !over {
			open, held = true, held || o.Paused
		}
		kept = o.Channel == outboxChannel // the last
		t.Failed += now.Failed
		t.Refused, t.Held, t.Expired = t.Refused+now.Refused, t.Held+now.Held, t.Expired+now.Expired
	}
	switch {
	case held:
		return "wstrzymana", nil
	case open && x.NotBefore.After(time.Now()):
		return "zaplanowana", nil
	case open || len(all) == 0:
		return "wysyłana", nil
	case t.Failed+t.Refused+t.Held+t.Expired > 0:
		return "zakończona, nie wszystko dotarło", nil
	case kept:
		return "zapisana w katalogu, nie wysłana", nil
	}
	return "zakończona", nil
}

type campaignShowCmd struct {
	ledgerFlags
	campaignName
}

func (s *campaignShowCmd) Run(ctx context.Context, c console) error {
	return s.with(ctx, func(b *jetstream.Broker) error {
		x, err := campaign.Book{Shelf: b}.Find(ctx, s.Name)
		if err != nil {
			return err
		}
		return c.campaign(ctx, b, x)
	})
}

// campaign shows a campaign with its orders and what waits.
func (c console) campaign(ctx context.Context, b *jetstream.Broker, x campaign.Campaign) error {
	state, err := campaignState(ctx, b, x)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s, rok %d: %s\n  lista         %s\n  zbiór danych  %s\n  raporty       zamówienie %s\n", x.Name, x.Period, state, x.List, x.Data, x.Preview)
	if x.NotBefore.After(time.Now()) {
		fmt.Fprintf(c.out, "  wysyłka       %s\n", locale.Clock(x.NotBefore))
	}
	for _, e := range x.Log {
		fmt.Fprintf(c.out, "  %s  %s (%s)\n", locale.Clock(e.At), e.What, e.By)
	}
	all, err := orders(ctx, b, x)
	if err != nil {
		return err
	}
	for _, o := range all {
		fmt.Fprintln(c.out)
		if err := c.detail(ctx, b, o); err != nil {
			return err
		}
	}
	return nil
}

// campaignProofCmd writes who got what in a campaign, in all its editions.
type campaignProofCmd struct {
	ledgerFlags
	campaignName
	CSV string `name:"csv" default:"-" placeholder:"PLIK" help:"Plik CSV; „-” wypisuje na ekran."`
}

func (p *campaignProofCmd) Run(ctx context.Context, c console) error {
	return p.with(ctx, func(b *jetstream.Broker) error {
		x, err := campaign.Book{Shelf: b}.Find(ctx, p.Name)
		if o, none := b.FindBatch(ctx, p.Name); err != nil && none == nil && o.Campaign != "" { // by the number of an order
			x, err = campaign.Book{Shelf: b}.Find(ctx, o.Campaign)
		}
		if err != nil {
			return err
		}
		all, err := b.OfCampaign(ctx, x.ID)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			return &fault.Fault{Where: "kampania „" + x.Name + "”", What: "nie ma jeszcze żadnego listu", Hint: "stan pokazuje „raportjst campaign show”"}
		}
		slices.SortFunc(all, func(x, y worker.Delivery) int {
			return cmp.Or(strings.Compare(x.Area, y.Area), strings.Compare(x.Recipient, y.Recipient), x.Created.Compare(y.Created))
		})
		return c.prove(p.CSV, all)
	})
}

// campaignNewCmd makes the reports of a campaign.
type campaignNewCmd struct {
	submitFlags
	specFlags
	whoFlag
	campaignName
	List     string       `xor:"list" placeholder:"PLIK" help:"Lista członków (XLSX, ODS albo CSV); zostaje zapisana jako następna wersja listy związku."`
	Union    string       `placeholder:"NAZWA" help:"Związek, którego to lista i w którego imieniu wyjdą listy; bez --list używana jest jego ostatnia zapisana lista."`
	Compared bool         `help:"Wysyłaj także wtedy, gdy od poprzedniego listu zmieniło się tylko porównanie z innymi jednostkami."`
	Approval bool         `help:"Wysłanie musi zatwierdzić druga osoba."`
	Keep     int          `default:"1095" placeholder:"DNI" help:"Jak długo przechowywać adresy z tej listy."`
	version  campaign.Ref `kong:"-"`
}

func (n *campaignNewCmd) Run(ctx context.Context, c console) error {
	if n.List == "" && n.Union == "" {
		return &fault.Fault{Where: "campaign new", What: "nie podano listy członków", Hint: "podaj plik (--list) albo związek z zapisaną listą (--union)"}
	}
	book, done, err := n.book(ctx)
	if err != nil {
		return err
	}
	known, missing := book.Find(ctx, n.Name)
	done()
	if missing == nil {
		n.Compared, n.Approval = n.Compared || known.Compared, n.Approval || known.Approval
		n.Union = cmp.Or(n.Union, known.List.Union)
	}
	if n.Union == "" {
		letters, err := n.letters(n.Templates)
		if err != nil {
			return err
		}
		if n.Union, err = letters.UnionName(""); err != nil {
			return err
		}
	}
	if n.Union == "" {
		return &fault.Fault{Where: "campaign new", What: "nie wiadomo, w czyim imieniu wyjdą listy", Hint: "podaj nazwę związku (--union „Związek Gmin”) albo wpisz ją w szablony/mail/zwiazek.toml"}
	}
	made := campaign.Campaign{Name: n.Name, Compared: n.Compared, Approval: n.Approval}
	s := n.submitCmd()
	s.specFlags, s.Wait = n.specFlags, true
	batch, err := s.submit(ctx, c, func(ctx context.Context, c console, data *snapshot.Snapshot) (worker.Order, error) {
		spec, err := n.spec(data)
		if err != nil {
			return worker.Order{}, err
		}
		list, err := n.list(ctx, c, data)
		if err != nil {
			return worker.Order{}, err
		}
		made.Spec, made.Data = spec, data.ID()
		o := worker.Order{Title: "kampania " + n.Name + ", podgląd", Spec: spec, Told: true}
		for _, m := range list {
			o.Members = append(o.Members, worker.Member{Area: m.Area, Name: m.Name})
		}
		return o, nil
	})
	if err != nil && !errors.Is(err, errPartly) {
		return err
	}
	partly := err
	if book, done, err = n.book(ctx); err != nil {
		return err
	}
	defer done()
	if made.List = n.version; n.List != "" {
		if made.List, err = n.save(ctx, c, book); err != nil {
			return err
		}
	}
	made.Preview = batch.ID
	x, created, err := book.Open(ctx, made, n.who(), time.Now())
	if err != nil {
		return err
	}
	what := "Założono kampanię"
	if !created {
		what = "Przygotowano nowe wydanie kampanii"
	}
	fmt.Fprintf(c.out, "%s „%s” (%s). Nic nie zostało wysłane.\n  przegląd   raportjst campaign review %q\n  próba      raportjst campaign test %q --to TWÓJ@ADRES\n", what, x.Name, x.List, x.Name, x.Name)
	return partly
}

// list is the members of the campaign, from the file or as they are saved.
func (n *campaignNewCmd) list(ctx context.Context, c console, data *snapshot.Snapshot) ([]worker.Member, error) {
	if n.List != "" {
		l, err := readList(ctx, n.List, data.Register())
		if err != nil {
			return nil, err
		}
		c.remarks(l)
		return l.Members(), usable(l)
	}
	book, done, err := n.book(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	saved, err := book.List(ctx, campaign.Ref{Union: n.Union})
	n.version = saved.Ref
	return saved.List.Members(), err
}

// save keeps the list of the file.
func (n *campaignNewCmd) save(ctx context.Context, c console, book campaign.Book) (campaign.Ref, error) {
	data, err := n.dataFlags.open(ctx)
	if err != nil {
		return campaign.Ref{}, err
	}
	defer func() { _ = data.Close() }()
	l, err := readList(ctx, n.List, data.Register())
	if err != nil {
		return campaign.Ref{}, err
	}
	ref, _, err := book.Save(ctx, n.Union, n.who(), *l, time.Duration(n.Keep)*24*time.Hour, time.Now())
	return ref, err
}

// campaignPauseCmd holds all orders of a campaign.
type campaignPauseCmd struct {
	ledgerFlags
	campaignName
	whoFlag
}

func (p *campaignPauseCmd) Run(ctx context.Context, c console) error {
	return p.with(ctx, func(b *jetstream.Broker) error {
		return each(ctx, b, p.Name, p.who(), "wstrzymanie", func(o worker.Batch) error {
			_, err := b.Pause(ctx, o.ID)
			return err
		}, func(x campaign.Campaign) error {
			fmt.Fprintf(c.out, "Wstrzymano wysyłkę kampanii „%s”.\n", x.Name)
			return c.standing(ctx, b, x, "dalej: raportjst campaign resume %q")
		})
	})
}

type campaignResumeCmd struct {
	ledgerFlags
	campaignName
	whoFlag
}

func (p *campaignResumeCmd) Run(ctx context.Context, c console) error {
	return p.with(ctx, func(b *jetstream.Broker) error {
		return each(ctx, b, p.Name, p.who(), "wznowienie", func(o worker.Batch) error {
			_, _, err := b.Resume(ctx, o.ID)
			return err
		}, func(x campaign.Campaign) error {
			fmt.Fprintf(c.out, "Wznowiono wysyłkę kampanii „%s”.\n", x.Name)
			return c.standing(ctx, b, x, "stan: raportjst campaign show %q")
		})
	})
}

type campaignStopCmd struct {
	ledgerFlags
	campaignName
	whoFlag
}

func (p *campaignStopCmd) Run(ctx context.Context, c console) error {
	return p.with(ctx, func(b *jetstream.Broker) error {
		err := each(ctx, b, p.Name, p.who(), "", func(o worker.Batch) error {
			_, err := b.Cancel(ctx, o.ID)
			return err
		}, func(x campaign.Campaign) error {
			fmt.Fprintf(c.out, "Zatrzymano wysyłkę kampanii „%s”.\n", x.Name)
			return c.standing(ctx, b, x, "żeby wysłać resztę: raportjst campaign send %q; kto już dostał list, nie dostanie drugiego")
		})
		if err == nil {
			_, err = campaign.Book{Shelf: b}.Stop(ctx, p.Name, p.who(), time.Now())
		}
		return err
	})
}

// each does something to the orders of a campaign that are not over, and writes it down.
func each(ctx context.Context, b *jetstream.Broker, name, by, what string, do func(worker.Batch) error, then func(campaign.Campaign) error) error {
	book := campaign.Book{Shelf: b}
	x, err := book.Find(ctx, name)
	if err != nil {
		return err
	}
	all, err := orders(ctx, b, x)
	if err != nil {
		return err
	}
	n := 0
	for _, o := range all {
		switch err := do(o); {
		case errors.Is(err, jetstream.ErrEnded):
			continue
		case err != nil:
			return err
		}
		n++
	}
	if n == 0 {
		return &fault.Fault{Where: "kampania „" + x.Name + "”", What: "nie ma wysyłki w toku", Hint: "stan pokazuje „raportjst campaign show”"}
	}
	if what != "" {
		if err := book.Note(ctx, name, by, what, time.Now()); err != nil {
			return err
		}
	}
	return then(x)
}

// standing says how many letters of a campaign are in which state, and how to go on.
func (c console) standing(ctx context.Context, b *jetstream.Broker, x campaign.Campaign, next string) error {
	all, err := b.OfCampaign(ctx, x.ID)
	if err != nil {
		return err
	}
	n := map[string]int{}
	for _, d := range all {
		n[stateNames[d.State]]++
	}
	var parts []string
	for _, s := range []worker.DeliveryState{worker.Sent, worker.Pending, worker.Sending, worker.Refused, worker.Held, worker.Expired, worker.Withdrawn} {
		if name := stateNames[s]; n[name] > 0 {
			parts = append(parts, fmt.Sprintf("%s: %d", name, n[name]))
			n[name] = 0
		}
	}
	if len(parts) == 0 {
		parts = []string{"żaden jeszcze nie powstał"}
	}
	fmt.Fprintf(c.out, "  listy      %s\n  "+next+"\n", strings.Join(parts, ", "), x.Name)
	return nil
}
