package stat

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestParseAreaCode(t *testing.T) {
	for s, want := range map[string]AreaCode{"00": Country, "30": "30", "3064": "3064", "306401": "306401", "3064011": "306401", "9810013": "981001"} {
		if c, err := ParseAreaCode(s); err != nil || c != want {
			t.Errorf("%q: %q, %v", s, c, err)
		}
	}
	for _, s := range []string{"", "3", "306", "30640", "30640111", "3o64", "30 4", "-1", "３０", "306401x"} {
		if c, err := ParseAreaCode(s); err == nil {
			t.Errorf("%q is read as %q", s, c)
		}
	}
}

func TestAreaCode(t *testing.T) {
	for _, c := range []struct {
		code        AreaCode
		level       Level
		parent      AreaCode
		voivodeship AreaCode
		city        bool
	}{
		{"00", LevelCountry, "", "", false},
		{"30", LevelVoivodeship, "00", "30", false},
		{"3021", LevelPowiat, "30", "30", false},
		{"3064", LevelPowiat, "30", "30", true},
		{"302101", LevelGmina, "3021", "30", false},
		{"306401", LevelGmina, "3064", "30", true},
		{"026501", LevelGmina, "0265", "02", true},
		{"0260", LevelPowiat, "02", "02", false},
		{"", LevelUnknown, "", "", false},
		{"302", LevelUnknown, "", "30", false},
	} {
		if c.code.Level() != c.level || c.code.Parent() != c.parent || c.code.Voivodeship() != c.voivodeship {
			t.Errorf("%q: level %d, parent %q, voivodeship %q", c.code, c.code.Level(), c.code.Parent(), c.code.Voivodeship())
		}
		if c.level != LevelUnknown && c.code.CityPowiat() != c.city {
			t.Errorf("%q: city %v", c.code, c.code.CityPowiat())
		}
	}
}

// TestObservation: only a present value, one below the format and one that did not occur
// are numbers, and the zero value is none.
func TestObservation(t *testing.T) {
	if v, ok := (Observation{}).Value(); ok || v != 0 {
		t.Errorf("the zero value is %v, %v", v, ok)
	}
	if v, ok := Observed(-2.5, Preliminary).Value(); !ok || v != -2.5 {
		t.Errorf("%v, %v", v, ok)
	}
	for s, want := range map[Status]bool{Missing: false, NotOccurred: true, BelowFormat: true, Secret: false, NotApplicable: false, Pending: false} {
		o := Unobserved(s, "?").WithRemark(Revised | Joint)
		if v, ok := o.Value(); ok != want || v != 0 {
			t.Errorf("status %d is %v, %v", s, v, ok)
		}
		if o.Sign != "?" || o.Remark != Revised|Joint || o.WithSign("!").Sign != "!" || o.Sign != "?" {
			t.Errorf("%+v", o)
		}
	}
	// A value cannot come back by a change of status.
	o := Observed(7, 0)
	o.Status = Secret
	if v, ok := o.Value(); ok || v != 0 {
		t.Errorf("a secret shows %v", v)
	}
	defer func() {
		if recover() == nil {
			t.Error("a present observation without a value is made")
		}
	}()
	Unobserved(Present, "")
}

func TestShort(t *testing.T) {
	if (Indicator{Name: "n"}).Short() != "n" || (Indicator{Name: "n", Label: "l"}).Short() != "l" {
		t.Error("Short")
	}
}

// poland is a small register with a powiat of two gminas and a city on both tiers.
func poland(t testing.TB) *Register {
	t.Helper()
	areas := []Area{{Code: "306401", Kind: KindCity}, {Code: "3021", Kind: KindPowiat}, {Code: "00", Kind: KindCountry}, {Code: "302102"}, {Code: "30"}, {Code: "302101"}, {Code: "3064", Kind: KindCity}}
	r, err := NewRegister("2026-01-01", areas, []Border{{"306401", "302102", 3}, {"302101", "302102", 2}, {"302101", "302102", 2}, {"3021", "3064", 3}})
	if err != nil {
		t.Fatal(err)
	}
	areas[0].Code = "999999" // the register keeps its own
	return r
}

func TestRegister(t *testing.T) {
	r := poland(t)
	var codes []string
	for i, a := range r.Areas() {
		codes = append(codes, string(a.Code))
		if j, ok := r.Index(a.Code); !ok || j != i {
			t.Errorf("index of %s is %d, %v", a.Code, j, ok)
		}
	}
	if s := strings.Join(codes, " "); s != "00 30 3021 302101 302102 3064 306401" || r.State() != "2026-01-01" {
		t.Errorf("areas %s of %s", s, r.State())
	}
	for c, want := range map[AreaCode]AreaCode{"3064": "306401", "306401": "306401", "3021": "3021", "0265": "0265"} {
		if r.Canonical(c) != want {
			t.Errorf("canonical of %s is %s", c, r.Canonical(c))
		}
	}
	for c, want := range map[AreaCode]AreaCode{"3064": "306401", "306401": "3064", "3021": "", "302101": "", "0265": "", "026501": ""} {
		if r.OtherTier(c) != want {
			t.Errorf("other tier of %s is %q", c, r.OtherTier(c))
		}
	}
	if !slices.Equal(r.Children("3021"), []AreaCode{"302101", "302102"}) || !slices.Equal(r.Children("30"), []AreaCode{"3021", "3064"}) || len(r.Children("302101")) != 0 {
		t.Errorf("children %v, %v", r.Children("3021"), r.Children("30"))
	}
	if !slices.Equal(r.Neighbours("302102"), []AreaCode{"302101", "306401"}) || !slices.Equal(r.Neighbours("3064"), []AreaCode{"3021"}) || len(r.Neighbours("30")) != 0 {
		t.Errorf("neighbours %v", r.Neighbours("302102"))
	}
	if b := r.Borders(); len(b) != 4 || b[0] != (Border{"3021", "3064", 3}) {
		t.Errorf("borders %v", b)
	}
	if _, ok := r.Area("999999"); ok {
		t.Error("the register shares the slice it was given")
	}
}

func TestRegisterRefuses(t *testing.T) {
	if _, err := NewRegister("", []Area{{Code: "30"}, {Code: "30"}}, nil); err == nil {
		t.Error("an area stands twice")
	}
	if _, err := NewRegister("", []Area{{Code: "30"}}, []Border{{A: "30", B: "32"}}); err == nil {
		t.Error("a border of an unknown area")
	}
}

func TestBuilder(t *testing.T) {
	b := NewBuilder(poland(t), 2018, 2020)
	b.Invent()
	for _, id := range []IndicatorID{"bdl:2", "bdl:1"} {
		if err := b.Indicator(Indicator{ID: id, Name: string(id)}, Provenance{Table: string(id)}); err != nil {
			t.Fatal(err)
		}
	}
	set := func(a AreaCode, id IndicatorID, p Period, o Observation) {
		t.Helper()
		if err := b.Set(a, id, p, o); err != nil {
			t.Fatal(err)
		}
	}
	set("302101", "bdl:1", 2018, Observed(5, Preliminary).WithSign("s"))
	set("302101", "bdl:1", 2018, Observed(6, Revised).WithSign("*"))
	set("302101", "bdl:2", 2020, Unobserved(Secret, "#"))
	set("00", "bdl:2", 2019, Unobserved(Missing, "x"))
	set("00", "bdl:2", 2018, Unobserved(Missing, ""))
	for name, err := range map[string]error{
		"indicator": b.Set("30", "bdl:3", 2018, Observation{}),
		"area":      b.Set("32", "bdl:1", 2018, Observation{}),
		"early":     b.Set("30", "bdl:1", 2017, Observation{}),
		"late":      b.Set("30", "bdl:1", 2021, Observation{}),
		"twice":     b.Indicator(Indicator{ID: "bdl:1"}, Provenance{}),
		"no id":     b.Indicator(Indicator{}, Provenance{}),
	} {
		if err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	c, err := b.Column("bdl:1")
	if err != nil {
		t.Fatal(err)
	}
	for _, area := range []int{-1, 7} {
		if c.Set(area, 2018, Observation{}) == nil {
			t.Errorf("area %d is taken", area)
		}
	}
	if err := c.Set(0, 2020, Observed(1, 0)); err != nil {
		t.Fatal(err)
	}
	d := b.Dataset()
	if first, last := d.Periods(); first != 2018 || last != 2020 || !d.Invented() || d.Len() != 4 {
		t.Errorf("%d–%d, %d cells", first, last, d.Len())
	}
	if i := d.Indicators(); len(i) != 2 || i[0].ID != "bdl:1" || i[1].ID != "bdl:2" {
		t.Errorf("indicators %v are not in order", i)
	}
	if o := d.At("302101", "bdl:1", 2018); o != Observed(6, Revised).WithSign("*") {
		t.Errorf("%+v", o)
	}
	if o := d.At("00", "bdl:1", 2020); o != Observed(1, 0) {
		t.Errorf("%+v", o)
	}
	if o := d.At("302101", "bdl:2", 2020); o != Unobserved(Secret, "#") {
		t.Errorf("%+v", o)
	}
	for name, o := range map[string]Observation{
		"indicator": d.At("30", "bdl:3", 2018), "area": d.At("32", "bdl:1", 2018), "early": d.At("302101", "bdl:1", 2017), "late": d.At("302101", "bdl:1", 2021),
	} {
		if o != (Observation{}) {
			t.Errorf("%s: %+v", name, o)
		}
	}
	if i, ok := d.Indicator("bdl:2"); !ok || i.Name != "bdl:2" || d.Provenance("bdl:2").Table != "bdl:2" || d.Provenance("no") != (Provenance{}) {
		t.Errorf("%+v, %v", i, ok)
	}
	if _, ok := d.Indicator("no"); ok {
		t.Error("an indicator nobody added")
	}
	if first, last := NewBuilder(poland(t), 2, 1).Dataset().Periods(); first != 0 || last != 0 {
		t.Errorf("an empty data set has %d–%d", first, last)
	}
}

func TestManySigns(t *testing.T) {
	const many = 1 << 16
	b := NewBuilder(poland(t), 1, many)
	if err := b.Indicator(Indicator{ID: "a"}, Provenance{}); err != nil {
		t.Fatal(err)
	}
	var err error
	n := 0
	for ; err == nil && n < many; n++ {
		err = b.Set("30", "a", Period(n+1), Unobserved(Missing, strconv.Itoa(n)))
	}
	if n != many || err == nil {
		t.Errorf("%d signs, %v", n, err)
	}
}

// TestFigure reads a city with powiat rights, whose figures stand on one tier or another,
// under this indicator or its twin.
func TestFigure(t *testing.T) {
	b := NewBuilder(poland(t), 2018, 2022)
	for _, i := range []Indicator{{ID: "smup:1", Twin: "smup:2"}, {ID: "smup:2"}} {
		if err := b.Indicator(i, Provenance{}); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		a  AreaCode
		id IndicatorID
		p  Period
		v  float64
	}{
		{"306401", "smup:1", 2018, 1}, {"3064", "smup:1", 2018, 2}, // both tiers: the one asked for
		{"3064", "smup:1", 2019, 3},   // the other tier
		{"306401", "smup:2", 2020, 4}, // the twin
		{"3064", "smup:2", 2021, 5},   // the twin on the other tier
		{"302101", "smup:2", 2018, 9}, // no city: the twin is not for it
	} {
		if err := b.Set(c.a, c.id, c.p, Observed(c.v, 0)); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Set("306401", "smup:1", 2022, Unobserved(Missing, "x")); err != nil {
		t.Fatal(err)
	}
	if err := b.Set("3064", "smup:1", 2022, Observed(6, 0)); err != nil {
		t.Fatal(err)
	}
	d := b.Dataset()
	for p, want := range map[Period]float64{2018: 1, 2019: 3, 2020: 4, 2021: 5} {
		if v, ok := d.Figure("306401", "smup:1", p).Value(); !ok || v != want {
			t.Errorf("%d: %v, want %v", p, v, want)
		}
	}
	if v, _ := d.Figure("3064", "smup:1", 2018).Value(); v != 2 {
		t.Errorf("the powiat tier has %v", v)
	}
	if o := d.Figure("306401", "smup:1", 2022); o.Sign != "x" {
		t.Errorf("a missing value with a sign is passed over: %+v", o)
	}
	if o := d.Figure("302101", "smup:1", 2018); o != (Observation{}) {
		t.Errorf("a gmina has the figure of cities: %+v", o)
	}
}

// TestOrigins has the population of powiats as it was told later than that of gminas. The
// city is told with the powiats, on either code.
func TestOrigins(t *testing.T) {
	r := poland(t)
	b := NewBuilder(r, 2020, 2021)
	now, old := Provenance{Table: "now", Extracted: "2025-03-29"}, Provenance{Table: "old", Extracted: "2022-04-07"}
	for _, id := range []IndicatorID{"bdl:1", "bdl:2"} {
		if err := b.Indicator(Indicator{ID: id}, now); err != nil {
			t.Fatal(err)
		}
	}
	for _, a := range []AreaCode{Country, "3021", "3064"} {
		if err := b.Set(a, "bdl:1", 2020, Observed(1, 0)); err != nil {
			t.Fatal(err)
		}
	}
	c, err := b.Part("bdl:1", old)
	if err != nil {
		t.Fatal(err)
	}
	j, _ := r.Index("302101")
	if err := c.Set(j, 2021, Unobserved(Missing, "x")); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Part("bdl:3", old); err == nil {
		t.Error("an unknown indicator has a part")
	}
	d := b.Dataset()
	for a, want := range map[AreaCode]Provenance{Country: now, "3021": now, "3064": now, "306401": now, "302101": old} {
		if have := d.Origin(a, "bdl:1", 0); have != want {
			t.Errorf("%s is from %s, want %s", a, have.Table, want.Table)
		}
	}
	o := d.Origins("bdl:1")
	if len(o) != 2 || o[0].Provenance != now || o[1].Provenance != old || d.Provenance("bdl:1") != now ||
		!slices.Equal(o[0].Kinds, []Kind{KindCountry, KindPowiat, KindCity}) || !slices.Equal(o[1].Kinds, []Kind{KindUnknown}) {
		t.Errorf("%+v", o)
	}
	if o := d.Origins("bdl:2"); len(o) != 1 || o[0].Kinds != nil || d.Origin("302101", "bdl:2", 0) != now {
		t.Errorf("%+v", o)
	}
	if o := d.Origins("bdl:1"); o[0].First != 2020 || o[0].Last != 2020 || o[1].First != 2021 || o[1].Last != 2021 {
		t.Errorf("years %+v", o)
	}
	if d.Origins("bdl:3") != nil || d.Origin("302101", "bdl:3", 0) != (Provenance{}) {
		t.Error("an unknown indicator has an origin")
	}
}
