package layout

import (
	"strings"
	"testing"

	"github.com/raportjst/raportjst/generator/document"
)

// A strip and the place beside it never touch, however many are in the group, and the
// strip keeps a width in which it can be read.
func TestStripBesidePlace(t *testing.T) {
	for _, rank := range []string{"3. z\u00A014", "105. z\u00A0106", "1\u202F205. z\u00A01\u202F532"} {
		w := stripBeside([]document.Finding{{Rank: "1. z\u00A05"}, {Rank: rank}})
		end := stripRight - (findingStrip - w)
		if start := rankRight - small.Width(rank); end > start-rankSpace+0.01 {
			t.Errorf("%q begins at %.1f, the strip ends at %.1f", rank, start, end)
		}
		if w < leastStrip {
			t.Errorf("%q: a strip of %.1f points", rank, w)
		}
	}
	if w := stripBeside([]document.Finding{{Rank: "3. z\u00A014"}}); w != findingStrip {
		t.Errorf("beside a short place the strip takes %.1f points, want %.1f", w, float64(findingStrip))
	}
}

// A topic of long words breaks only between them.
func TestTopicBeside(t *testing.T) {
	const topic = "Gospodarowanie nieruchomościami"
	w := topicBeside([]document.Finding{{Topic: "Ludność"}, {Topic: topic}})
	for _, word := range strings.Split(topic, " ") {
		if smallMuted.Width(word+" ") > w-topicSpace {
			t.Errorf("%q is wider than its column of %.1f points", word, w)
		}
	}
	if w := topicBeside([]document.Finding{{Topic: "Ludność"}}); w != topicWidth {
		t.Errorf("a short topic takes %.1f points", w)
	}
}
