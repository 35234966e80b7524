package main

import (
	"reflect"
	"regexp"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker/remote"
)

// remoteForm is what no directory looks like: a scheme, or a login in front of a host.
var remoteForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://|^[^/\\]*:[^/\\]*@`)

// misplaced refuses the address of a server where a directory is asked for, and a login or a
// scheme where a host and a port are: it would become the name of a directory, or be printed
// with its password by whoever cannot use it. The error does not hold the value.
func misplaced(flags []*kong.Flag) error {
	for _, f := range flags {
		if f.Target.Kind() != reflect.String || f.Target.Type() == reflect.TypeFor[remote.Address]() {
			continue
		}
		value := f.Target.String()
		switch {
		case f.PlaceHolder == "KATALOG" && remoteForm.MatchString(value):
			hint := "podaj ścieżkę katalogu na tym komputerze"
			if f.Name == "store" || f.Name == "outbox" || f.Name == "home" {
				hint += "; adres magazynu plików: użyj --s3, adres serwera poczty: użyj --smtp"
			}
			return &fault.Fault{Where: place(f), What: "to adres serwera, a nie katalog", Hint: hint}
		case f.PlaceHolder == "ADRES" && f.Name != "mail-from" && (strings.Contains(value, "@") || strings.Contains(value, "://")):
			return &fault.Fault{Where: place(f), What: "to nie jest adres w postaci komputer:port", Hint: "podaj go bez nazwy użytkownika, hasła i „http://”, np. 127.0.0.1:8080"}
		}
	}
	return nil
}

// place is a flag as people give it.
func place(f *kong.Flag) string {
	if len(f.Envs) > 0 {
		return "--" + f.Name + " (" + f.Envs[0] + ")"
	}
	return "--" + f.Name
}
