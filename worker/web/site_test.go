package web

import "testing"

func TestSite(t *testing.T) {
	s := Site{Owner: "a", URL: "b", Person: "c", Email: "d", Phone: "e", Published: "2026-01-02", Updated: "2026-01-02", Made: "2026-01-02", Reviewed: "2026-01-02", Status: "zgodna", Basis: "samoocena", Building: "f"}
	if m := s.Missing(); m != nil || s.Check() != nil {
		t.Errorf("a whole one lacks %v: %v", m, s.Check())
	}
	s.Status = "częściowo zgodna"
	if m := s.Missing(); len(m) != 1 || m[0] != "tresci_niedostepne" {
		t.Errorf("lacks %v", m)
	}
	s.Status = "dobra"
	if s.Check() == nil {
		t.Error("any status is taken")
	}
	s.Status, s.Made = "", "wczoraj"
	if s.Check() == nil {
		t.Error("any date is taken")
	}
	if m := (Site{}).Missing(); len(m) != 13 {
		t.Errorf("an empty one lacks %v", m)
	}
}
