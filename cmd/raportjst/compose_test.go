package main

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	composecli "github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

// compose parses the compose file as docker does, with the environment given.
func compose(t *testing.T, environment ...string) (*types.Project, error) {
	t.Helper()
	o, err := composecli.NewProjectOptions([]string{"../../docker-compose.yml"}, composecli.WithEnv(environment), composecli.WithInterpolation(true), composecli.WithDefaultProfiles())
	if err != nil {
		t.Fatal(err)
	}
	return o.LoadProject(context.Background())
}

var secrets = []string{"NATS_PASSWORD=a1", "NATS_WORKER_PASSWORD=a2", "NATS_PORTAL_PASSWORD=a3", "S3_SECRET_KEY=b2"}

func TestCompose(t *testing.T) {
	p, err := compose(t, secrets...)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"mailpit", "nats", "s3", "serve", "worker"}
	if got := slices.Sorted(maps.Keys(p.Services)); !slices.Equal(got, want) {
		t.Fatalf("services %v", got)
	}
	for name, s := range p.Services {
		if s.HealthCheck == nil || len(s.HealthCheck.Test) == 0 {
			t.Errorf("%s has no health check", name)
		}
		if _, tag, ok := strings.Cut(s.Image, ":"); !ok || tag == "latest" {
			t.Errorf("%s: image %s has no version", name, s.Image)
		}
		for _, port := range s.Ports {
			if port.HostIP != "127.0.0.1" {
				t.Errorf("%s opens %s to the network", name, port.Published)
			}
		}
	}
	if s := p.Services["worker"]; s.Deploy == nil || s.Deploy.Replicas == nil || *s.Deploy.Replicas != 2 {
		t.Error("there are not two workers")
	}
	for _, name := range []string{"serve", "worker"} {
		s := p.Services[name]
		for _, needs := range []string{"nats", "s3", "mailpit"} {
			if s.DependsOn[needs].Condition != types.ServiceConditionHealthy {
				t.Errorf("%s does not wait for %s", name, needs)
			}
		}
		if file := filepath.Join(s.Build.Context, s.Build.Dockerfile); !exists(file) {
			t.Errorf("%s: no Dockerfile %s", name, file)
		}
	}
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// TestComposeCommands runs the commands of the file through the program's own parser, with
// their environment: a flag or a variable that is gone shows here.
func TestComposeCommands(t *testing.T) {
	p, err := compose(t, secrets...)
	if err != nil {
		t.Fatal(err)
	}
	known := variables(t)
	for _, name := range []string{"serve", "worker"} {
		s := p.Services[name]
		for v, value := range s.Environment {
			if !known[v] {
				t.Errorf("%s: the program does not know %s", name, v)
			}
			if value != nil {
				t.Setenv(v, *value)
			}
		}
		parser, flags := newParser(t)
		if _, err := parser.Parse(s.Command); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := map[string]string{"serve": flags.Serve.NATS.String(), "worker": flags.Worker.NATS.String()}[name]; got != "nats://nats:4222" {
			t.Errorf("%s: queue %q", name, got)
		}
		if _, err := parser.Parse(s.HealthCheck.Test[2:]); err != nil {
			t.Errorf("%s: health check %q: %v", name, s.HealthCheck.Test, err)
		}
	}
}

// TestComposeNeedsSecrets expects that no secret has a value in the file.
func TestComposeNeedsSecrets(t *testing.T) {
	for i := range secrets {
		missing, _, _ := strings.Cut(secrets[i], "=")
		if _, err := compose(t, slices.Delete(slices.Clone(secrets), i, i+1)...); err == nil || !strings.Contains(err.Error(), missing) {
			t.Errorf("without %s: %v", missing, err)
		}
	}
}

// newParser is the program's parser over flags of its own.
func newParser(t *testing.T) (*kong.Kong, *cli) {
	t.Helper()
	flags := &cli{}
	parser, err := kong.New(flags, flagVars(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	return parser, flags
}

// variables are the variables of the environment that the program reads.
func variables(t *testing.T) map[string]bool {
	t.Helper()
	parser, _ := newParser(t)
	out := map[string]bool{}
	var visit func(n *kong.Node)
	visit = func(n *kong.Node) {
		for _, f := range n.Flags {
			for _, v := range f.Envs {
				out[v] = true
			}
		}
		for _, c := range n.Children {
			visit(c)
		}
	}
	visit(parser.Model.Node)
	return out
}
