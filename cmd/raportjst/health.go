package main

import (
	"context"
	"net/http"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
)

// healthcheckCmd asks a running process whether it is ready; an image has no other program
// that could.
type healthcheckCmd struct {
	Address string `default:"127.0.0.1:8080" env:"RAPORTJST_HEALTH" placeholder:"ADRES" help:"Adres, pod którym odpowiada proces."`
}

func (h *healthcheckCmd) Run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+h.Address+"/readyz", nil)
	if err != nil {
		return &fault.Fault{Where: "--address " + h.Address, What: "to nie jest adres", Hint: "podaj go w postaci 127.0.0.1:8080", Err: err}
	}
	reply, err := http.DefaultClient.Do(r)
	if err != nil {
		return &fault.Fault{Where: h.Address, What: "proces nie odpowiada", Hint: "sprawdź, czy działa", Err: err}
	}
	defer func() { _ = reply.Body.Close() }()
	if reply.StatusCode != http.StatusOK {
		return &fault.Fault{Where: h.Address, What: "proces nie jest gotowy (" + reply.Status + ")", Hint: "sprawdź jego dziennik i serwery kolejki i plików"}
	}
	return nil
}
