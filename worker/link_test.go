package worker

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/raportjst/raportjst/generator"
)

// oneLetter is a ledger of one delivery and a store of its one file.
type oneLetter struct {
	Ledger
	Store
	d    Delivery
	body string
}

func (o *oneLetter) ChangeDelivery(_ context.Context, id string, f func(*Delivery) error) (Delivery, error) {
	if id != o.d.ID {
		return Delivery{}, ErrNotFound
	}
	return o.d, f(&o.d)
}

func (o *oneLetter) Open(_ context.Context, key string) (io.ReadCloser, error) {
	if key != o.d.Key+"/"+o.d.File.Name {
		return nil, ErrNotFound
	}
	return io.NopCloser(strings.NewReader(o.body)), nil
}

// TestLinks makes a link for a file that a letter has no room for, opens it, and tries every token that
// differs from it by one sign, a later time, and a link that was taken back.
func TestLinks(t *testing.T) {
	now := time.Date(2027, 4, 20, 8, 0, 0, 0, time.UTC)
	a := InMemory(generator.NewArtifact("raport.pdf", "application/pdf", []byte("treść")))
	o := &oneLetter{body: "treść", d: Delivery{Area: "981001", Name: "Łasin", Period: 2025, Recipient: "rada@example.org", Campaign: "c", Own: "o", Created: now, Key: "k", File: File{Name: "raport.pdf", MediaType: "application/pdf", Digest: a.Digest, Size: a.Size}}}
	o.d.Identify()
	l := &Links{Portal: "https://raporty.example.org/", Key: []byte("secret"), Last: 30 * 24 * time.Hour}
	address, until := l.to(o.d, o.d.File)
	if again, _ := l.to(o.d, o.d.File); again != address || !until.Equal(now.Add(l.Last)) {
		t.Errorf("%s, %s, %v", address, again, until)
	}
	token, ok := strings.CutPrefix(address, "https://raporty.example.org/p/")
	if !ok {
		t.Fatal(address)
	}
	open := func(key, token string, at time.Time) error {
		file, err := OpenLink(t.Context(), []byte(key), o, o, token, at)
		if err == nil && (string(file.Data) != "treść" || file.Name != "Załącznik statystyczny 2025 – Łasin.pdf") {
			t.Errorf("%+v", file)
		}
		return err
	}
	if err := open("secret", token, now); err != nil {
		t.Error(err)
	}
	if err := open("secret", token, until.Add(time.Second)); !errors.Is(err, ErrLinkExpired) {
		t.Error(err)
	}
	if err := open("other", token, now); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
	for n := range token {
		for _, sign := range "Aaz9_" {
			if other := token[:n] + string(sign) + token[n+1:]; other != token && open("secret", other, now) == nil {
				t.Fatalf("%s opens it, too", other)
			}
		}
	}
	for _, other := range []string{"", token + "A", token[1:], "..", strings.Repeat("A", len(token))} {
		if err := open("secret", other, now); !errors.Is(err, ErrNotFound) {
			t.Errorf("%q: %v", other, err)
		}
	}
	o.d.Revoked = now
	if err := open("secret", token, now); !errors.Is(err, ErrLinkRevoked) {
		t.Error(err)
	}
	if none, _ := (*Links)(nil).to(o.d, o.d.File); none != "" {
		t.Error("a link without a portal")
	}
}

// TestLetterWithLink composes a letter that has no room for its file.
func TestLetterWithLink(t *testing.T) {
	var layer fs.FS = fstest.MapFS{
		"mail/temat.txt": {Data: []byte("x")},
		"mail/tresc.txt": {Data: []byte("{{range .Files}}plik {{.Name}}{{end}}{{range .Left}}{{.Until}} {{.Link}}{{end}}")},
	}
	letters, err := ReadLetters(layer)
	if err != nil {
		t.Fatal(err)
	}
	o := &oneLetter{d: Delivery{Area: "981001", Name: "Łasin", Period: 2025, Recipient: "rada@example.org", Created: time.Date(2027, 4, 20, 23, 0, 0, 0, time.UTC), Own: "o", Key: "k", File: File{Name: "raport.pdf", Digest: strings.Repeat("ab", 32), Size: 100}}}
	o.d.Identify()
	letters.Limit = 50
	if _, err := letters.Compose(t.Context(), o, o.d); !IsPermanent(err) {
		t.Errorf("a letter without its file: %v", err)
	}
	letters.Links = &Links{Portal: "https://raporty.example.org", Key: []byte("k"), Last: 24 * time.Hour}
	letter, err := letters.Compose(t.Context(), o, o.d)
	if err != nil || len(letter.Files) != 0 || !strings.Contains(strings.Join(strings.Fields(letter.Text), " "), "22.04.2027 https://raporty.example.org/p/") {
		t.Errorf("%+v, %v", letter, err)
	}
}
