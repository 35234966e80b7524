package smup

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/raportjst/raportjst/generator/source"
	"github.com/raportjst/raportjst/generator/source/gusapi"
	"github.com/raportjst/raportjst/generator/source/gusapi/gustest"
	"github.com/raportjst/raportjst/generator/stat"
)

// child makes the test binary an import that can be killed: the order is in the variable.
const child = "RAPORTJST_TEST_IMPORT"

func TestMain(m *testing.M) {
	if order := os.Getenv(child); order != "" {
		if err := importAll(order); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// order is what a child imports.
type order struct {
	Base, Dir string
	Server    gustest.Options // to know the units by
	Pace      gusapi.Pace
}

func (o order) options() gusapi.Options {
	return gusapi.Options{
		Name: "SMUP", Base: o.Base, Archive: filepath.Join(o.Dir, "archive"), Ledger: filepath.Join(o.Dir, "ledger"), Pace: o.Pace,
	}
}

// sum is a sink that adds up what comes.
type sum struct {
	Series, Cells int
	Hash          uint64 // of all cells in any order
	PeakKB        int    // memory of the process
}

// add adds a cell.
func (s *sum) add(id stat.IndicatorID, c source.Cell) {
	s.Cells++
	v, _ := c.Value()
	h := fnv.New64a()
	var b []byte
	b = append(append(append(b, id...), c.Area...), byte(c.Status))
	b = binary.LittleEndian.AppendUint64(append(b, c.Sign...), uint64(c.Period))
	h.Write(binary.LittleEndian.AppendUint64(b, math.Float64bits(v)))
	s.Hash += h.Sum64()
}

// sink hands the cells of every series to a sum.
type sink struct{ *sum }

func (s sink) Series(i stat.Indicator, _ stat.Provenance, cells []source.Cell) error {
	s.sum.Series++
	for _, c := range cells {
		s.add(i.ID, c)
	}
	return nil
}

// importAll is the child: it imports everything and prints the sum.
func importAll(text string) error {
	var o order
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return err
	}
	c, err := gusapi.Open(o.options())
	if err != nil {
		return err
	}
	defer c.Close()
	var s sum
	register := gustest.New(o.Server).Model().Register()
	if err := New(c, false).Load(context.Background(), source.Query{Register: register}, sink{&s}); err != nil {
		return err
	}
	status, _ := os.ReadFile("/proc/self/status") // elsewhere than on Linux the peak stays 0
	if _, after, ok := bytes.Cut(status, []byte("VmHWM:")); ok {
		fmt.Sscan(string(after), &s.PeakKB)
	}
	return json.NewEncoder(os.Stdout).Encode(s)
}

// trial is a made server on the network and the children that import from it.
type trial struct {
	*gustest.Server
	t     *testing.T
	order order
	total int // requests that a whole import needs
	truth func() sum
}

func newTrial(t *testing.T, o gustest.Options, pace gusapi.Pace) *trial {
	s := gustest.New(o)
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	pace.Limits = o.Limits
	tr := &trial{Server: s, t: t, order: order{Base: h.URL + "/smup", Dir: t.TempDir(), Server: o, Pace: pace}}
	tr.truth = sync.OnceValue(tr.add)
	years := s.Model().Last - s.Model().First + 1
	tr.total = len(s.Model().Indicators)*years + 5 + 2*10 // the data; five lists; services and their indicators of ten areas
	return tr
}

// start starts a child.
func (tr *trial) start() (*exec.Cmd, *bytes.Buffer) {
	tr.t.Helper()
	text, err := json.Marshal(tr.order)
	if err != nil {
		tr.t.Fatal(err)
	}
	var out bytes.Buffer
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), child+"="+string(text))
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		tr.t.Fatal(err)
	}
	tr.t.Cleanup(func() { cmd.Process.Kill() })
	return cmd, &out
}

// finish waits for a child and compares what it imported with what the server has.
func (tr *trial) finish(cmd *exec.Cmd, out *bytes.Buffer) sum {
	tr.t.Helper()
	if err := cmd.Wait(); err != nil {
		tr.t.Fatalf("import: %v\n%s", err, out)
	}
	var got sum
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		tr.t.Fatalf("%v\n%s", err, out)
	}
	want := tr.truth()
	if got.Series != want.Series || got.Cells != want.Cells || got.Hash != want.Hash {
		tr.t.Errorf("imported %+v, the server has %+v", got, want)
	}
	return got
}

// add adds up what the server has.
func (tr *trial) add() (s sum) {
	s.Series = len(tr.Model().Indicators)
	for k, o := range tr.Model().SMUP(tr.Model().Register()) {
		s.add(k.ID, source.Cell{Area: k.Area, Period: k.Period, Observation: o})
	}
	return s
}

// account checks the books: what the server saw, what the ledger has, what was needed.
func (tr *trial) account(kills, misdeeds int) {
	tr.t.Helper()
	count := tr.Count()
	if len(count.Broken) > 0 {
		tr.t.Errorf("limits broken %d times: %.3q", len(count.Broken), count.Broken)
	}
	files, err := filepath.Glob(filepath.Join(tr.order.Dir, "ledger", "*.open"))
	if err != nil || len(files) != 1 {
		tr.t.Fatalf("ledgers %v, %v", files, err)
	}
	ledger, err := gusapi.OpenLedger(files[0], tr.order.Server.Limits, 0)
	if err != nil {
		tr.t.Fatal(err)
	}
	defer ledger.Close()
	booked, unsettled, err := ledger.Booked()
	if err != nil {
		tr.t.Fatal(err)
	}
	twice := 0
	for _, n := range count.Answered {
		twice += max(0, n-1)
	}
	tr.t.Logf("%d requests, %d different, %d refused by misdeeds, %d answered twice; the ledger: %d booked, %d of them cut by %d kills",
		count.Requests, len(count.Asked), misdeeds, twice, booked, unsettled, kills)
	if len(count.Asked) != tr.total {
		tr.t.Errorf("%d different requests, want %d", len(count.Asked), tr.total)
	}
	if unsettled > kills {
		tr.t.Errorf("%d requests are not settled after %d kills", unsettled, kills)
	}
	// Every request in the ledger is one that was needed, one that the server did not answer,
	// or one that a kill cut off: those may have been answered in vain, or never sent.
	if booked-unsettled > tr.total+misdeeds || booked < count.Requests || booked-count.Requests > unsettled || twice > unsettled {
		tr.t.Errorf("%d requests booked, %d seen, %d needed, %d answered twice", booked, count.Requests, tr.total, twice)
	}
}

// killed imports everything, killed n times at random, and checks that not one request was
// made in vain and no limit broken.
func (tr *trial) killed(n int, misdeeds func() int) {
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	var marks []int
	for range n {
		marks = append(marks, random.IntN(tr.total))
	}
	slices.Sort(marks)
	tr.t.Logf("seed %d: killed at requests %v of %d", seed, marks, tr.total)
	kills := 0
	for _, mark := range marks {
		cmd, out := tr.start()
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		for tr.Requests() < mark && len(ended) == 0 {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Duration(random.IntN(20_000)) * time.Microsecond)
		cmd.Process.Kill()
		if err := <-ended; err == nil {
			continue // it was done already
		} else if out.Len() > 0 {
			tr.t.Fatalf("import: %v\n%s", err, out)
		}
		kills++
	}
	result := tr.finish(tr.start())
	tr.account(kills, misdeeds())
	tr.t.Logf("%d series, %d cells; the process took %d MB at most", result.Series, result.Cells, result.PeakKB>>10)

	c, err := gusapi.Open(tr.order.options())
	if err != nil {
		tr.t.Fatal(err)
	}
	defer c.Close()
	plan, err := New(c, false).Plan(tr.t.Context(), source.Query{Register: tr.Model().Register()})
	if err != nil || plan.Requests != 0 || plan.Estimated {
		tr.t.Errorf("a further import would send requests: %+v, %v", plan, err)
	}
	if result.PeakKB > 400<<10 {
		tr.t.Errorf("the import took %d MB", result.PeakKB>>10)
	}
}

// misdeeds lets a server fail now and then, and counts.
func misdeeds() (do func(gustest.Ask) gustest.Misdeed, count func() int) {
	var done atomic.Int64
	return func(a gustest.Ask) gustest.Misdeed {
			deeds := map[int]gustest.Misdeed{13: gustest.ServerError, 31: gustest.Cut, 47: gustest.TooMany, 59: gustest.CutJSON, 71: gustest.Page, 83: gustest.Quota200}
			d := deeds[a.N%97]
			if d != gustest.Behave {
				done.Add(1)
			}
			return d
		}, func() int {
			return int(done.Load())
		}
}

func scaled(by int64) (l gusapi.Limits) {
	for _, w := range gusapi.Keyed {
		l = append(l, gusapi.Limit{N: w.N, Per: time.Duration(int64(w.Per) / by)})
	}
	return l
}

func TestKilled(t *testing.T) {
	do, count := misdeeds()
	tr := newTrial(t, gustest.Options{
		Indicators: 40, Misdeed: do,
		Limits: gusapi.Limits{{N: 10, Per: 20 * time.Millisecond}, {N: 100, Per: 500 * time.Millisecond}, {N: 200, Per: 1500 * time.Millisecond}},
	}, gusapi.Pace{Timeout: time.Second, Backoff: time.Millisecond, Refusal: time.Millisecond, Cooldown: 10 * time.Millisecond})
	tr.killed(4, count)
}

// The whole catalogue of SMUP, for the whole country, under the limits of a key whose time
// runs 1,500 times as fast, killed 20 times.
func TestKilledWholeCatalogue(t *testing.T) {
	if os.Getenv("RAPORTJST_HEAVY") == "" {
		t.Skip("takes minutes; set RAPORTJST_HEAVY=1")
	}
	do, count := misdeeds()
	tr := newTrial(t, gustest.Options{TERC: terc, Indicators: 1285, First: 2010, Last: 2024, Misdeed: do, Limits: scaled(1500)},
		gusapi.Pace{Timeout: 3 * time.Second, Backoff: 2 * time.Millisecond, Refusal: 10 * time.Millisecond, Cooldown: 50 * time.Millisecond})
	tr.killed(20, count)
}

// Three imports at once share the work: nothing is asked twice, and together they keep to
// the limits.
func TestImportsAtOnce(t *testing.T) {
	tr := newTrial(t, gustest.Options{
		Indicators: 30, Limits: gusapi.Limits{{N: 10, Per: 20 * time.Millisecond}, {N: 100, Per: 300 * time.Millisecond}},
	}, gusapi.Pace{Timeout: 5 * time.Second, Backoff: time.Millisecond, Refusal: time.Millisecond})
	var cmds []*exec.Cmd
	var outs []*bytes.Buffer
	for range 3 {
		cmd, out := tr.start()
		cmds, outs = append(cmds, cmd), append(outs, out)
	}
	for i := range cmds {
		tr.finish(cmds[i], outs[i])
	}
	tr.account(0, 0)
}
