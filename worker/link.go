package worker

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator"
)

// A file that a letter has no room for is given by a link: the right to fetch this one file of this
// one letter until a time. The link is made of the letter alone, so that each attempt writes the same
// one; nothing has to be kept for it, and to take it back is a mark in the record of the letter.

// Links make the links of letters.
type Links struct {
	Portal string        // address of the portal: "https://raporty.example.org"
	Key    []byte        // secret of the ledger
	Last   time.Duration // how long a link holds from the date of the letter
}

const (
	idBytes   = 12 // of each half of the id of a delivery
	fileBytes = 8  // of the digest of the file
	macBytes  = 16
	linkBytes = 2*idBytes + 4 + fileBytes + macBytes
)

// Errors of OpenLink.
var (
	ErrLinkExpired = errors.New("the link has expired")
	ErrLinkRevoked = errors.New("the link was taken back")
)

// to is the address of a file of a letter, and until when it holds; "" where the letter is of the
// first release.
func (l *Links) to(d Delivery, f File) (address string, until time.Time) {
	if l == nil {
		return "", until
	}
	purpose, content, _ := strings.Cut(d.ID, ".")
	a, errA := hex.DecodeString(purpose)
	b, errB := hex.DecodeString(content)
	c, errC := hex.DecodeString(f.Digest)
	if errors.Join(errA, errB, errC) != nil || len(a) != idBytes || len(b) != idBytes || len(c) < fileBytes {
		return "", until
	}
	until = d.Created.Add(l.Last).Truncate(time.Second)
	body := append(append(a, b...), 0, 0, 0, 0)
	binary.BigEndian.PutUint32(body[2*idBytes:], uint32(until.Unix()))
	body = append(body, c[:fileBytes]...)
	return strings.TrimSuffix(l.Portal, "/") + "/p/" + url.PathEscape(base64.RawURLEncoding.EncodeToString(append(body, linkMAC(l.Key, body)...))), until
}

func linkMAC(key, body []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte("link/1"))
	h.Write(body)
	return h.Sum(nil)[:macBytes]
}

// OpenLink reads the file that a token gives the right to, under its name for people. The error is
// ErrNotFound where the token was not made with the key, or the letter or the file is gone,
// ErrLinkExpired or ErrLinkRevoked.
func OpenLink(ctx context.Context, key []byte, ledger Ledger, files Store, token string, now time.Time) (generator.Artifact, error) {
	var none generator.Artifact
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) != linkBytes || len(key) == 0 || !hmac.Equal(raw[linkBytes-macBytes:], linkMAC(key, raw[:linkBytes-macBytes])) {
		return none, fmt.Errorf("open link: %w", ErrNotFound)
	}
	if until := time.Unix(int64(binary.BigEndian.Uint32(raw[2*idBytes:])), 0); now.After(until) {
		return none, ErrLinkExpired
	}
	id := hex.EncodeToString(raw[:idBytes]) + "." + hex.EncodeToString(raw[idBytes:2*idBytes])
	d, err := ledger.ChangeDelivery(ctx, id, func(*Delivery) error { return nil })
	if err != nil {
		return none, fmt.Errorf("open link: %w", err)
	}
	if !d.Revoked.IsZero() || d.State == Withdrawn {
		return none, ErrLinkRevoked
	}
	all := []File{d.File}
	if m, err := readManifest(ctx, files, d.Key); err != nil {
		return none, err
	} else if m != nil {
		all = append(all, m.Files...)
	}
	want := hex.EncodeToString(raw[2*idBytes+4 : linkBytes-macBytes])
	for _, f := range all {
		if !strings.HasPrefix(f.Digest, want) {
			continue
		}
		a, err := ReadFile(ctx, files, d.Key, f)
		if err != nil {
			return none, fmt.Errorf("open link: %w", err)
		}
		a.Name = FileTitle(d.Period, d.Name, f.Name)
		return a, nil
	}
	return none, fmt.Errorf("open link: %w", ErrNotFound)
}
