// Package proof says what was made and sent, signed, so that years later anybody can tell, without
// a network, from which order, data set and template a file came and whether it is untouched. It
// packs the reports of an order for hand-over, too. It makes no report and sends nothing.
package proof

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
)

// Manifest is what a campaign has sent, or what an order consists of.
type Manifest struct {
	Version int       `json:"version"` // 1
	What    string    `json:"what"`    // "kampania „Załącznik 2025”", "zamówienie 12ab"
	At      time.Time `json:"at"`      // when it was drawn up
	Program string    `json:"program"`
	Orders  []Order   `json:"orders"`
	Files   []File    `json:"files"`
	Letters []Letter  `json:"letters,omitempty"`
	Log     []Event   `json:"log,omitempty"`
}

// Order is what reports were ordered and made from.
type Order struct {
	ID        string    `json:"id"`
	Title     string    `json:"title"`
	At        time.Time `json:"at"`
	Period    int       `json:"period"`
	Data      string    `json:"data"`                // id of the data set: a SHA-256 of its content
	Template  string    `json:"template,omitempty"`  // "" where the kind of the unit chooses it
	Templates string    `json:"templates,omitempty"` // version of the templates of the program
	Program   string    `json:"program,omitempty"`   // how reports were made
}

// File is one file of a report.
type File struct {
	Order     string `json:"order"`
	Area      string `json:"area"` // TERYT
	Unit      string `json:"unit"`
	Period    int    `json:"period"`
	Report    string `json:"report"` // key in the store
	Name      string `json:"name"`
	MediaType string `json:"mediaType"`
	Size      int64  `json:"size"`
	SHA256    string `json:"sha256"` // hex
}

// Letter is one letter and what became of it.
type Letter struct {
	Order     string    `json:"order"`
	Area      string    `json:"area"`
	Unit      string    `json:"unit"`
	Recipient string    `json:"recipient"` // an address, or its SHA-256 where it was erased
	Channel   string    `json:"channel"`
	State     string    `json:"state"` // in Polish
	At        time.Time `json:"at,omitzero"`
	Answer    string    `json:"answer,omitempty"` // of the mail server that took it
	MessageID string    `json:"messageId,omitempty"`
	SHA256    string    `json:"sha256"`
	Remarks   []string  `json:"remarks,omitempty"`
}

// Event is what somebody did with a campaign.
type Event struct {
	At   time.Time `json:"at"`
	By   string    `json:"by"`
	What string    `json:"what"`
}

// envelope is a manifest as it is written. The signature is over the context and the compact form of
// the manifest, so that a program that sets the file out anew does no harm.
type envelope struct {
	Kind      string          `json:"raportjst"` // context
	Key       string          `json:"publicKey"` // Ed25519 (RFC 8032), base64
	Signature string          `json:"signature"` // base64
	Manifest  json.RawMessage `json:"manifest"`
}

// form is the context of signatures.
const form = "dowody/1"

// Public is a public key as people compare it.
func Public(key ed25519.PublicKey) string { return base64.StdEncoding.EncodeToString(key) }

// Seal writes a manifest with its signature.
func Seal(m Manifest, key ed25519.PrivateKey) ([]byte, error) {
	m.Version = 1
	body, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("encode manifest: %w", err)
	}
	public, ok := key.Public().(ed25519.PublicKey)
	if !ok {
		return nil, errors.New("the key is not of Ed25519")
	}
	// Written as envelope would be, without a further copy of what may be megabytes.
	head := fmt.Sprintf("{\"raportjst\":%q,\n\"publicKey\":%q,\n\"signature\":%q,\n\"manifest\":", form, Public(public), base64.StdEncoding.EncodeToString(ed25519.Sign(key, signed(body))))
	return slices.Concat([]byte(head), body, []byte("}\n")), nil
}

func signed(compact []byte) []byte { return append([]byte("raportjst "+form+"\n"), compact...) }

// Errors of Open.
var (
	ErrNoProof = errors.New("no proof of this program")
	ErrForged  = errors.New("the signature does not fit")
)

// Open reads a manifest and checks its signature: with the key that stands in it, which is
// returned for comparison. The error wraps ErrNoProof or ErrForged.
func Open(body []byte) (Manifest, ed25519.PublicKey, error) {
	var e envelope
	if err := json.Unmarshal(body, &e); err != nil || e.Kind == "" {
		return Manifest{}, nil, fmt.Errorf("read proof: %w", errors.Join(ErrNoProof, err))
	}
	if e.Kind != form {
		return Manifest{}, nil, fmt.Errorf("read proof: form %q: %w", e.Kind, ErrNoProof)
	}
	key, err := base64.StdEncoding.Strict().DecodeString(e.Key)
	signature, bad := base64.StdEncoding.Strict().DecodeString(e.Signature)
	var compact bytes.Buffer
	if err := errors.Join(err, bad, json.Compact(&compact, e.Manifest)); err != nil || len(key) != ed25519.PublicKeySize {
		return Manifest{}, nil, fmt.Errorf("read proof: %w", errors.Join(ErrForged, err))
	}
	if !ed25519.Verify(key, signed(compact.Bytes()), signature) {
		return Manifest{}, nil, fmt.Errorf("read proof: %w", ErrForged)
	}
	var m Manifest
	if err := json.Unmarshal(e.Manifest, &m); err != nil {
		return Manifest{}, nil, fmt.Errorf("read proof: %w", errors.Join(ErrNoProof, err))
	}
	return m, key, nil
}

// keyName is the file of the key in its directory, PKCS #8 in PEM.
const keyName = "dowody.pem"

// Key reads the key of a directory; where there is none, one is made that only its owner may read.
// The error is a *fault.Fault.
func Key(dir string) (ed25519.PrivateKey, error) {
	name := filepath.Join(dir, keyName)
	if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
		if err = makeKey(dir, name); err != nil {
			return nil, unusable(name, "nie można go założyć", err)
		}
	}
	return ReadKey(name)
}

// ReadKey reads the key of a file: of one that several machines share, so that all proofs of a union
// are signed by the same. None is made: a slip of the name would be another signature. The error is
// a *fault.Fault.
func ReadKey(name string) (ed25519.PrivateKey, error) {
	failed := func(what string, err error) error { return unusable(name, what, err) }
	body, err := os.ReadFile(name)
	if err != nil {
		return nil, failed("nie można go odczytać", err)
	}
	block, _ := pem.Decode(body)
	if block == nil {
		return nil, failed("nie jest to klucz", nil)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if key, ok := key.(ed25519.PrivateKey); ok && err == nil {
		return key, nil
	}
	return nil, failed("nie jest to klucz Ed25519", err)
}

func unusable(name, what string, err error) error {
	return &fault.Fault{Where: "klucz dowodów " + name, What: what, Hint: "sprawdź nazwę i prawa; klucz odtworzysz z kopii („raportjst state restore”)", Err: err}
}

// makeKey writes a new key; of two processes that do so at once the first wins.
func makeKey(dir, name string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".nowy-*") // 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }()
	_, err = f.Write(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), name); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
