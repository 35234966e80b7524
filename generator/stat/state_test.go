package stat

import "testing"

// TestRegisterAt: a village that became a town and then got another name is each in its years,
// under one code; other changes stay.
func TestRegisterAt(t *testing.T) {
	now, err := NewRegister("2026-01-01", []Area{
		{Code: "100101", Kind: KindUrbanRural, Name: "Nowa", Changes: []Change{
			{Year: 2010, Kind: ChangeBoundary}, {Year: 2018, Kind: ChangeKindOf, From: "1001012"}, {Year: 2026, Kind: ChangeName, From: "Stara"},
		}},
		{Code: "100102", Kind: KindRural, Name: "Inna"},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		year  Period
		first int
		name  string
		kind  Kind
		left  int
	}{{2026, 0, "Nowa", KindUrbanRural, 3}, {2025, 2026, "Stara", KindUrbanRural, 2}, {2018, 2026, "Stara", KindUrbanRural, 2}, {2017, 2018, "Stara", KindRural, 1}, {2005, 2018, "Stara", KindRural, 1}} {
		r, first := now.At(c.year), now.RenamedAfter(c.year)
		a, _ := r.Area("100101")
		if first != c.first || a.Name != c.name || a.Kind != c.kind || len(a.Changes) != c.left {
			t.Errorf("at the end of %d, undone from %d: %+v", c.year, first, a)
		}
		if b, _ := r.Area("100102"); b.Name != "Inna" || b.Kind != KindRural {
			t.Errorf("%+v", b)
		}
	}
	a, _ := now.Area("100101")
	if a.KindAfter(0) != KindRural || a.KindAfter(1) != KindUrbanRural || a.NameAfter(1) != "Stara" || a.NameAfter(2) != "Nowa" || now.Known() != 2017 {
		t.Errorf("after its changes: %v %v %q %q, known since %d", a.KindAfter(0), a.KindAfter(1), a.NameAfter(1), a.NameAfter(2), now.Known())
	}
	if a.Name != "Nowa" {
		t.Error("the register itself changed")
	}
}
