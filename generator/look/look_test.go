package look_test

import (
	"testing"

	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/look"
)

// Lines without a role take the further looks in order, and no two lines that stand side by
// side look alike without their colour.
func TestLinesOf(t *testing.T) {
	roles := []document.Role{document.Own, document.Other, document.GroupMedian, document.OwnPowiat, document.Other, document.OwnVoivodeship, document.Peer, document.GroupLow}
	got := look.LinesOf(roles)
	if got[1] != look.Further[0] || got[4] != look.Further[1] || got[7] != look.Further[2] {
		t.Errorf("further lines %+v, %+v, %+v", got[1], got[4], got[7])
	}
	if !got[0].Strong || got[0].Color != look.Accent || got[2].Color != look.Ink || got[3].Mark != look.Triangle || got[5].Mark != look.Diamond || got[6].Color != look.PeerLine {
		t.Errorf("lines of roles %+v", got)
	}
	all := append(look.Roles[1:], look.Further[:]...)
	for i, a := range all {
		for _, b := range all[:i] {
			if a.Mark == b.Mark && len(a.Dash.Lengths()) == len(b.Dash.Lengths()) && a.Dash == b.Dash && a.Width == b.Width {
				t.Errorf("%+v and %+v differ in colour alone", a, b)
			}
		}
	}
}

// Neighbouring parts of a bar differ in lightness or have a rule between them.
func TestPartOf(t *testing.T) {
	for n := 1; n <= 20; n++ {
		for i := range n {
			s := look.PartOf(i, n)
			if look.Contrast(s.Fill, s.Ink) < 4.5 {
				t.Errorf("part %d of %d: its text cannot be read", i, n)
			}
			if i > 0 && s.Fill == look.PartOf(i-1, n).Fill {
				t.Errorf("parts %d and %d of %d look alike", i-1, i, n)
			}
		}
	}
}
