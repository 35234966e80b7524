package jetstream

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker/remote"
)

// ErrRunning says that another process serves the directory; Join reaches it.
var ErrRunning = errors.New("another process serves the directory")

// doorName is the file that tells other processes of the same user how to reach the server.
const doorName = "connection.json"

// door is the address of an embedded server, with a password for one run of it.
type door struct {
	URL      string `json:"url"`
	User     string `json:"user"`
	Password string `json:"password"`
}

// Embed starts a server in this process on the directory, which is made if it is missing.
// Every acknowledged message is on the disk. This process talks to it in memory; other
// processes of the same user reach it with Join, through a loopback port and a password
// that only they can read. The error is a *fault.Fault, or wraps ErrRunning.
func Embed(ctx context.Context, dir string, o Options) (*Broker, error) {
	where := "katalog kolejki " + dir
	unusable := func(err error) error {
		return &fault.Fault{Where: where, What: "nie można w nim pisać", Hint: "wskaż inny katalog (--home) albo nadaj prawa do zapisu", Err: err}
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, unusable(err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, unusable(err)
	}
	lock := flock.New(filepath.Join(dir, "lock"))
	switch locked, err := lock.TryLock(); {
	case err != nil:
		return nil, unusable(err)
	case !locked:
		return nil, &fault.Fault{Where: where, What: "używa go już inny proces", Hint: "zatrzymaj go albo wskaż inny katalog (--home)", Err: ErrRunning}
	}
	b := &Broker{lock: lock, lease: o.Lease, patience: o.Patience, rendering: o.Rendering}
	if err := b.start(dir, o); err != nil {
		return nil, errors.Join(unusable(err), lock.Unlock())
	}
	if err := b.open(ctx); err != nil {
		return nil, errors.Join(unusable(err), b.Close())
	}
	return b, nil
}

// start runs the server and connects to it.
func (b *Broker) start(dir string, o Options) error {
	d := door{User: "raportjst", Password: rand.Text()}
	h := &host{options: server.Options{
		ServerName: "raportjst", Host: "127.0.0.1", Port: server.RANDOM_PORT,
		Username: d.User, Password: d.Password,
		JetStream: true, StoreDir: filepath.Join(dir, "jetstream"), SyncAlways: true,
		JetStreamMaxStore: 4 << 30, JetStreamMaxMemory: 64 << 20,
		NoSigs: true, NoLog: true,
	}}
	if err := h.start(); err != nil {
		return err
	}
	stop := func(err error) error {
		h.shut()
		return err
	}
	d.URL = h.server.Load().ClientURL()
	body, err := json.Marshal(d)
	if err != nil {
		return stop(err)
	}
	if err := os.WriteFile(filepath.Join(dir, doorName), body, 0o600); err != nil {
		return stop(fmt.Errorf("write address: %w", err))
	}
	b.conn, err = nats.Connect("", nats.InProcessServer(h), nats.UserInfo(d.User, d.Password), nats.Name(o.Name),
		nats.MaxReconnects(-1), nats.ReconnectWait(time.Second/2), nats.ErrorHandler(note))
	if err != nil {
		return stop(fmt.Errorf("connect: %w", err))
	}
	h.watch()
	b.host = h
	return nil
}

// Join connects to the server that another process has embedded on the directory. Where
// there is none the error wraps fs.ErrNotExist.
func Join(ctx context.Context, dir string, o Options) (*Broker, error) {
	lock := flock.New(filepath.Join(dir, "lock"))
	if free, err := lock.TryRLock(); err != nil {
		return nil, fmt.Errorf("look for server: %w", err)
	} else if free {
		return nil, errors.Join(fs.ErrNotExist, lock.Unlock())
	}
	body, err := os.ReadFile(filepath.Join(dir, doorName))
	if err != nil {
		return nil, fmt.Errorf("read address: %w", err)
	}
	var d door
	if err := json.Unmarshal(body, &d); err != nil {
		return nil, fmt.Errorf("read address: %w", err)
	}
	o.User, o.Password, o.Creds, o.CA = d.User, d.Password, "", ""
	return Connect(ctx, remote.Parse(d.URL), o)
}
