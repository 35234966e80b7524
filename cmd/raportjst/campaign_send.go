package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/mail"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
	"github.com/raportjst/raportjst/generator/snapshot"
	"github.com/raportjst/raportjst/worker"
	"github.com/raportjst/raportjst/worker/campaign"
	"github.com/raportjst/raportjst/worker/jetstream"
)

// submitFlags are what is needed to place an order.
type submitFlags struct {
	dataFlags
	queueFlags
	storeFlags
	mailFlags
	Slots int `default:"0" hidden:"" env:"RAPORTJST_SLOTS"`
}

func (f submitFlags) submitCmd() *submitCmd {
	return &submitCmd{dataFlags: f.dataFlags, queueFlags: f.queueFlags, storeFlags: f.storeFlags, mailFlags: f.mailFlags, Slots: f.Slots}
}

func (f submitFlags) ledger() ledgerFlags { return ledgerFlags{queueFlags: f.queueFlags, Home: f.Home} }

// book reaches the campaigns; done ends it.
func (f submitFlags) book(ctx context.Context) (campaign.Book, func(), error) {
	return f.ledger().book(ctx)
}

// book reaches campaigns and lists, and begins a ledger where there is none; done ends it.
func (f ledgerFlags) book(ctx context.Context) (campaign.Book, func(), error) {
	broker, err := f.join(ctx, f.Home)
	if errors.Is(err, fs.ErrNotExist) {
		broker, err = f.open(ctx, f.Home)
	}
	if err != nil {
		return campaign.Book{}, nil, err
	}
	return campaign.Book{Shelf: broker}, func() { _ = broker.Close() }, nil
}

// channelOf is the channel that the letters of a union go to with these flags.
func (f mailFlags) channelOf(union string) (string, error) {
	if f.MailDryRun || f.Webhooks == "" {
		return f.channelName(), nil
	}
	receivers, err := f.receivers()
	if err != nil {
		return "", err
	}
	if _, own := receivers[campaign.ID(union)]; own {
		return webhookChannel, nil
	}
	return f.channelName(), nil
}

// channelName is the channel of all other letters.
func (f mailFlags) channelName() string {
	switch {
	case f.MailDryRun:
		return outboxChannel
	case !f.SMTP.None():
		return "smtp"
	case !f.Webhook.None():
		return webhookChannel
	}
	return outboxChannel
}

// webhookChannel is a system that takes letters in by itself.
const webhookChannel = "webhook"

// outboxChannel keeps letters in a directory, from where nobody gets them.
const outboxChannel = "outbox"

// look reviews a campaign as it stands.
func look(ctx context.Context, b *jetstream.Broker, files worker.Store, by chooser, name string) (campaign.Review, worker.View, error) {
	book := campaign.Book{Shelf: b}
	x, err := book.Find(ctx, name)
	if err != nil {
		return campaign.Review{}, worker.View{}, err
	}
	channel, err := by(x.List.Union)
	if err != nil {
		return campaign.Review{}, worker.View{}, err
	}
	list, err := book.List(ctx, x.List)
	if err != nil {
		return campaign.Review{}, worker.View{}, err
	}
	v, err := b.View(ctx, x.Preview)
	if err != nil {
		return campaign.Review{}, worker.View{}, noBatch(x.Preview, err)
	}
	earlier, err := b.OfCampaign(ctx, x.ID)
	if err != nil {
		return campaign.Review{}, worker.View{}, err
	}
	r := campaign.Look(x, list.List.Members(), v, channel, earlier, readSaid(ctx, files))
	return r, v, nil
}

// campaignSendCmd sends the letters of a campaign.
type campaignSendCmd struct {
	submitFlags
	campaignName
	whoFlag
	At     string `placeholder:"CZAS" help:"Wyślij nie wcześniej niż o tej godzinie czasu polskiego, np. „2027-04-20 08:00”."`
	DryRun bool   `help:"Pokaż, co zostałoby wysłane; nie wysyłaj."`
	away   bool   `kong:"-"` // nobody waits for the letters
}

func (s *campaignSendCmd) Run(ctx context.Context, c console) error {
	var notBefore time.Time
	if s.At != "" {
		var err error
		if notBefore, err = campaign.ReadTime(s.At, time.Now()); err != nil {
			return err
		}
	}
	return s.send(ctx, c, nil, notBefore)
}

// send places the order with the letters of a campaign, or a repetition of some of them.
func (s *campaignSendCmd) send(ctx context.Context, c console, again *worker.Resend, notBefore time.Time) error {
	book, done, err := s.book(ctx)
	if err != nil {
		return err
	}
	broker := book.Shelf.(*jetstream.Broker)
	files, _, err := s.storeFlags.open(ctx, s.Home)
	if err != nil {
		done()
		return err
	}
	r, v, err := look(ctx, broker, files, s.channelOf, s.Name)
	if err != nil {
		done()
		return err
	}
	list, err := book.List(ctx, r.Campaign.List)
	served := !broker.Attended(ctx, 0) || broker.Delivers(ctx, r.Channel)
	done()
	if err != nil {
		return err
	}
	x := r.Campaign
	if !served {
		return &fault.Fault{Where: "kampania „" + x.Name + "”", What: "żaden działający wykonawca nie wysyła sposobem „" + r.Channel + "”", Hint: "podaj te same ustawienia poczty, z którymi działa „raportjst serve” albo „raportjst worker” (--smtp, --webhook, --webhooks)"}
	}
	if !v.Tally.Over() {
		return &fault.Fault{Where: "kampania „" + x.Name + "”", What: fmt.Sprintf("raporty jeszcze powstają: gotowe %d z %d", v.Tally.Done, v.Tally.Total), Hint: "poczekaj, aż będą gotowe („raportjst status " + x.Preview + "”)"}
	}
	if s.DryRun {
		c.review(r)
		fmt.Fprintln(c.out, "Próba na sucho: nie wysłano żadnego listu.")
		return nil
	}
	if again != nil && len(r.Again(again)) == 0 {
		fmt.Fprintln(c.out, "Nie było niczego do ponownego wysłania; nie złożono zamówienia.")
		for _, l := range r.Lines {
			if l.Change == campaign.New {
				fmt.Fprintf(c.out, "adres nowy %s (%s %s): nic do niego nie wysłano; wyślij go przez „raportjst campaign send %q”\n", l.Recipient, l.Area, l.Name, x.Name)
			}
		}
		return nil
	}
	if err := x.May(r); again == nil && err != nil {
		return err
	}
	cmd := s.submitCmd()
	cmd.Wait = notBefore.IsZero() && !s.away
	batch, err := cmd.submit(ctx, c, func(ctx context.Context, c console, data *snapshot.Snapshot) (worker.Order, error) {
		if data.ID() != x.Data {
			return worker.Order{}, &fault.Fault{Where: "kampania „" + x.Name + "”", What: "przygotowano ją z innego zbioru danych (" + x.Data + ")", Hint: "wskaż ten zbiór (--data) albo przygotuj nowe wydanie („raportjst campaign new”)"}
		}
		o := worker.Order{Title: "kampania " + x.Name, Spec: x.Spec, Campaign: x.ID, Union: campaign.ID(x.List.Union), UnionName: x.List.Union, Channel: r.Channel, Compared: x.Compared, Resend: again, NotBefore: notBefore}
		for _, m := range list.List.Members() {
			if len(m.Recipients) > 0 {
				o.Members = append(o.Members, m)
			}
		}
		return o, nil
	})
	if batch.ID == "" {
		return err
	}
	book, done, opened := s.book(context.WithoutCancel(ctx))
	if opened != nil {
		return errors.Join(err, opened)
	}
	defer done()
	if _, noted := book.Sent(context.WithoutCancel(ctx), x.Name, s.who(), batch.ID, notBefore, time.Now()); noted != nil {
		return errors.Join(err, noted)
	}
	if !notBefore.IsZero() {
		fmt.Fprintf(c.out, "Listy wyjdą %s (czas polski). Odwołać: raportjst campaign stop %q\n", locale.Clock(notBefore), x.Name)
		return err
	}
	if err != nil || ctx.Err() != nil {
		_ = c.standing(context.WithoutCancel(ctx), book.Shelf.(*jetstream.Broker), x, "co czeka, wysyła „raportjst serve”, „raportjst worker” albo to samo polecenie: raportjst campaign send %q; kto ma list, nie dostanie drugiego")
	}
	return err
}

// campaignResendCmd repeats some letters and no others.
type campaignResendCmd struct {
	submitFlags
	campaignName
	whoFlag
	Only []string `required:"" placeholder:"CO" help:"Tylko to, co podano po przecinku: odrzucone, niejasne, wygasle albo adresy odbiorców; niejasne mogły dotrzeć."`
}

func (r *campaignResendCmd) Run(ctx context.Context, c console) error {
	again, err := letterFlags{Resend: r.Only}.resend()
	if err != nil {
		return err
	}
	s := campaignSendCmd{submitFlags: r.submitFlags, campaignName: r.campaignName, whoFlag: r.whoFlag}
	return s.send(ctx, c, again, time.Time{})
}

// campaignTestCmd sends one letter of a campaign to whoever prepares it.
type campaignTestCmd struct {
	submitFlags
	campaignName
	whoFlag
	To   string `required:"" placeholder:"E-MAIL" help:"Twój adres."`
	Area string `placeholder:"TERYT" help:"Raport której jednostki; bez tego pierwszej z listy."`
}

func (t *campaignTestCmd) Run(ctx context.Context, c console) error {
	a, err := mail.ParseAddress(t.To)
	if err != nil {
		return &fault.Fault{Where: "--to " + t.To, What: "nie jest to adres poczty elektronicznej", Hint: "podaj swój adres", Err: err}
	}
	book, done, err := t.book(ctx)
	if err != nil {
		return err
	}
	defer done()
	broker := book.Shelf.(*jetstream.Broker)
	files, _, err := t.storeFlags.open(ctx, t.Home)
	if err != nil {
		return err
	}
	r, v, err := look(ctx, broker, files, t.channelOf, t.Name)
	if err != nil {
		return err
	}
	var item *worker.Item
	for n := range v.Items {
		if i := &v.Items[n]; i.State == worker.Done && (t.Area == "" || i.Area == t.Area) {
			item = i
			break
		}
	}
	if item == nil {
		return &fault.Fault{Where: "kampania „" + t.Name + "”", What: "nie ma gotowego raportu do listu próbnego", Hint: "sprawdź raporty („raportjst status " + r.Campaign.Preview + "”) albo podaj inną jednostkę (--area)"}
	}
	posts, err := t.mailFlags.open(t.Home)
	if err != nil {
		return err
	}
	defer func() {
		for _, p := range posts {
			p.close()
		}
	}()
	post := posts[slices.IndexFunc(posts, func(p post) bool { return p.name == r.Channel })]
	letters, err := t.letters(t.Templates)
	if err == nil {
		letters.Links, err = t.links(ctx, broker)
	}
	if err != nil {
		return err
	}
	i := *item
	i.Recipients, i.Channel = []string{a.Address}, post.name
	if k := slices.IndexFunc(r.Lines, func(l campaign.Line) bool { return l.Area == i.Area }); k >= 0 {
		i.People = map[string]worker.Addressee{a.Address: r.Lines[k].Item.People[r.Lines[k].Recipient]}
	}
	d := i.Letters(worker.Job{Spec: v.Batch.Spec, Campaign: r.Campaign.ID + "-proba", Union: campaign.ID(r.Campaign.List.Union), UnionName: r.Campaign.List.Union}, v.Batch.Tag)[0]
	d.ID = fmt.Sprintf("%s.%d", d.ID, time.Now().UnixNano()) // each test is a letter of its own
	letter, err := letters.Compose(ctx, files, d)
	if err != nil {
		return err
	}
	letter.Subject = "[PRÓBA] " + letter.Subject
	receipt, err := post.Send(ctx, letter, func(context.Context) error { return nil })
	if err != nil {
		return &fault.Fault{Where: "list próbny", What: strings.Join(worker.Problems(err), "; "), Hint: "popraw ustawienia poczty"}
	}
	how := "wysłano do"
	if post.name == outboxChannel {
		how = "zapisano w katalogu, nie wysłano go do"
	}
	fmt.Fprintf(c.out, "List próbny (%s %s) %s %s: %s\n", i.Area, i.Name, how, a.Address, receipt.Reference)
	return book.Note(ctx, t.Name, t.who(), "próba do "+worker.HashAddress(a.Address)[:15], time.Now())
}

type campaignApproveCmd struct {
	ledgerFlags
	storeFlags
	campaignName
	whoFlag
	channelFlag
}

func (a *campaignApproveCmd) Run(ctx context.Context, c console) error {
	return a.with(ctx, func(b *jetstream.Broker) error {
		files, _, err := a.storeFlags.open(ctx, a.Home)
		if err != nil {
			return err
		}
		r, _, err := look(ctx, b, files, a.channel, a.Name)
		if err != nil {
			return err
		}
		x, err := campaign.Book{Shelf: b}.Approve(ctx, a.Name, a.who(), r, time.Now())
		if err != nil {
			return err
		}
		fmt.Fprintf(c.out, "Zatwierdzono kampanię „%s” do wysyłki „%s”: listy: %d. Wysłanie: raportjst campaign send %q\n", x.Name, x.Channel, r.Letters(), x.Name)
		return nil
	})
}

// campaignDeliveredCmd records that a letter has arrived, though the server did not say so.
type campaignDeliveredCmd struct {
	ledgerFlags
	campaignName
	whoFlag
	Recipient string `arg:"" name:"adres" help:"Adres odbiorcy."`
	Why       string `required:"" placeholder:"SKĄD" help:"Skąd to wiadomo, np. „potwierdził telefonicznie 21.04”."`
	Area      string `placeholder:"TERYT" help:"Tylko list o tej jednostce."`
}

func (d *campaignDeliveredCmd) Run(ctx context.Context, c console) error {
	return d.with(ctx, func(b *jetstream.Broker) error {
		book := campaign.Book{Shelf: b}
		x, err := book.Find(ctx, d.Name)
		if err != nil {
			return err
		}
		all, err := b.OfCampaign(ctx, x.ID)
		if err != nil {
			return err
		}
		n, touched := 0, map[string]bool{}
		for _, r := range all {
			if !strings.EqualFold(r.Recipient, d.Recipient) || d.Area != "" && r.Area != d.Area {
				continue
			}
			_, err := b.ChangeDelivery(ctx, r.ID, func(r *worker.Delivery) error { return r.Settle(d.who(), d.Why) })
			if errors.Is(err, worker.ErrNotSettled) {
				continue
			}
			if err != nil {
				return err
			}
			n++
			touched[r.Batch] = true
		}
		for id := range touched {
			if err := b.Recount(ctx, id); err != nil {
				return err
			}
		}
		if n == 0 {
			return &fault.Fault{Where: "kampania „" + x.Name + "”", What: "nie ma odrzuconego, wygasłego ani niejasnego listu do " + d.Recipient, Hint: "listy pokazuje „raportjst campaign show”"}
		}
		fmt.Fprintf(c.out, "Oznaczono jako doręczone: %d\n", n)
		return book.Note(ctx, d.Name, d.who(), fmt.Sprintf("oznaczono jako doręczone: %d", n), time.Now())
	})
}

// samplesOf writes some reports of a campaign into a directory: the smallest, one in the middle,
// the largest.
func samplesOf(ctx context.Context, files worker.Store, items []worker.Item, dir string) ([]string, error) {
	type one struct {
		item worker.Item
		file worker.File
	}
	var all []one
	for _, i := range items {
		for _, f := range i.Files {
			if i.State == worker.Done && f.MediaType == "application/pdf" {
				all = append(all, one{i, f})
			}
		}
	}
	slices.SortFunc(all, func(a, b one) int { return int(a.file.Size - b.file.Size) })
	if len(all) > 3 {
		all = []one{all[0], all[len(all)/2], all[len(all)-1]}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, &fault.Fault{Where: "--samples " + dir, What: "nie można założyć katalogu", Hint: "wskaż inny", Err: err}
	}
	var out []string
	for _, x := range all {
		a, err := worker.ReadFile(ctx, files, x.item.Key, x.file)
		if err != nil {
			return nil, err
		}
		name := dir + string(os.PathSeparator) + x.file.Name
		if err := writeFile(name, a.Data); err != nil {
			return nil, &fault.Fault{Where: "plik " + name, What: "nie można go zapisać", Hint: "sprawdź prawa", Err: err}
		}
		out = append(out, name)
	}
	return out, nil
}
