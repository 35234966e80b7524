package main

import (
	"fmt"
	"log/slog"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/alecthomas/kong"

	"github.com/raportjst/raportjst/worker/remote"
)

// configCmd prints what the environment sets, as every command sees it.
type configCmd struct{}

// Run prints a line for each variable that the program reads.
func (configCmd) Run(c console, parser *kong.Kong) error {
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ZMIENNA\tWARTOŚĆ\tSKĄD")
	seen := map[string]bool{}
	var visit func(n *kong.Node)
	visit = func(n *kong.Node) {
		for _, f := range n.Flags {
			for _, name := range f.Envs {
				if seen[name] {
					continue
				}
				seen[name] = true
				value, set := os.LookupEnv(name)
				from := "środowisko"
				if !set {
					value, from = f.Default, "domyślnie"
				}
				fmt.Fprintf(w, "%s\t%s\t%s\n", name, settingText(f, value), from)
			}
		}
		for _, child := range n.Children {
			visit(child)
		}
	}
	visit(parser.Model.Node)
	if err := w.Flush(); err != nil {
		return err
	}
	// A name with a slip of the pen sets nothing, and nobody would see it.
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, "RAPORTJST_") && !seen[name] {
			fmt.Fprintf(c.err, "uwaga: zmiennej %s program nie czyta – sprawdź jej nazwę\n", name)
		}
	}
	return nil
}

// secretFlag tells whether the value of a flag may not be shown. Paths of files with secrets
// may.
func secretFlag(f *kong.Flag) bool {
	return (f.Hidden || strings.Contains(f.Name, "key") || strings.Contains(f.Name, "password")) && !strings.Contains(f.Name, "file") && f.PlaceHolder != "PLIK" &&
		f.Target.Kind().String() == "string"
}

// settingText is the value of a flag as it may be printed.
func settingText(f *kong.Flag, value string) string {
	switch {
	case value == "":
		return ""
	case secretFlag(f):
		return "(ukryte)"
	}
	return remote.Parse(value).String()
}

// configured logs the flags that a command runs with, as they are after arguments, environment
// and defaults.
func configured(ctx *kong.Context) {
	var said []any
	for _, f := range ctx.Flags() {
		value := fmt.Sprint(f.Target.Interface())
		if f.Name == "help" || f.Name == "version" || f.Target.IsZero() {
			continue
		}
		if secretFlag(f) {
			value = "(ukryte)"
		}
		said = append(said, slog.String(f.Name, value))
	}
	slog.Info("configuration", said...)
}
