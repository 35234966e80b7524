package typeset

import (
	"unicode"
	"unicode/utf8"
)

// Breaker breaks the texts of one document into lines. The lines stay valid; their memory
// is carved from slabs that all calls share. The zero value is ready; it is not safe for
// concurrent use.
type Breaker struct {
	pieces []piece // scratch of one call
	runs   []Run   // slab
	lines  []Line  // slab
}

// piece is an unbreakable stretch of text of one run with the spaces that follow it.
type piece struct {
	run      int     // index of its run
	from, to int     // bytes of the run's text, spaces included
	width    float64 // without trailing spaces
	spaces   float64 // width of the trailing spaces
	glued    bool    // the next piece may not begin a line
	ends     bool    // the next piece begins a line
}

// line is a line in the making; its runs are the tail of the slab.
type line struct {
	width   float64
	pending float64 // spaces that count once something follows
	first   int     // index of its first run in the slab
	run     int     // index of the source of its last run
	to      int     // where the last run's text ends in its source
}

// A slab begins small, for the breaker of a single text, and doubles up to this.
const slab = 256

func grown(old int) int { return min(max(2*old, 4), slab) }

// Break is the function Break with shared memory.
func (b *Breaker) Break(runs []Run, width float64) []Line {
	width = finite(width)
	b.split(runs)
	begin := len(b.lines)
	l := line{first: len(b.runs), run: -1}
	pieces := b.pieces
	for i := 0; i < len(pieces); {
		j, w, inner := i, 0.0, 0.0
		for ; ; j++ { // a word: pieces glued together over a change of style
			w += inner + pieces[j].width
			inner = pieces[j].spaces
			if !pieces[j].glued || j+1 == len(pieces) {
				break
			}
		}
		if l.run >= 0 && l.width+l.pending+w > width {
			b.flush(&l, &begin)
		}
		for _, p := range pieces[i : j+1] {
			if w <= width {
				b.add(&l, runs, p)
				continue
			}
			b.chop(&l, &begin, runs, p, width)
		}
		if pieces[j].ends && l.run >= 0 {
			b.flush(&l, &begin)
		}
		i = j + 1
	}
	if l.run >= 0 {
		b.flush(&l, &begin)
	}
	return b.lines[begin:len(b.lines):len(b.lines)]
}

// Widest is the function Widest with shared memory.
func (b *Breaker) Widest(runs []Run) float64 {
	b.split(runs)
	widest, w, inner := 0.0, 0.0, 0.0
	for _, p := range b.pieces {
		w += inner + p.width
		inner = p.spaces
		widest = max(widest, w)
		if !p.glued {
			w, inner = 0, 0
		}
	}
	return widest
}

// flush ends the line. A full slab is left to the lines that live in it.
func (b *Breaker) flush(l *line, begin *int) {
	if len(b.lines) == cap(b.lines) {
		next := make([]Line, 0, max(grown(cap(b.lines)), 2*(len(b.lines)-*begin)))
		b.lines = append(next, b.lines[*begin:]...)
		*begin = 0
	}
	b.lines = append(b.lines, Line{Runs: b.runs[l.first:len(b.runs):len(b.runs)], Width: l.width})
	*l = line{first: len(b.runs), run: -1}
}

// add puts a piece at the end of the line.
func (b *Breaker) add(l *line, runs []Run, p piece) {
	r := &runs[p.run]
	if l.run == p.run && l.to == p.from {
		last := &b.runs[len(b.runs)-1]
		last.Text = r.Text[p.from-len(last.Text) : p.to]
	} else {
		if len(b.runs) == cap(b.runs) {
			next := make([]Run, 0, max(grown(cap(b.runs)), 2*(len(b.runs)-l.first)))
			b.runs = append(next, b.runs[l.first:]...)
			l.first = 0
		}
		b.runs = append(b.runs, Run{Text: r.Text[p.from:p.to], Style: r.Style, Tag: r.Tag, Bound: r.Bound && p.from == 0})
	}
	l.run, l.to = p.run, p.to
	l.width += l.pending + p.width
	l.pending = p.spaces
}

// split cuts runs at the places where a line may break.
func (b *Breaker) split(runs []Run) {
	b.pieces = b.pieces[:0]
	for n := range runs {
		r := &runs[n]
		f := Of(r.Style.Face)
		text := r.Text
		if last := len(b.pieces) - 1; last >= 0 && !b.pieces[last].ends && (r.Bound || dash(text) && b.pieces[last].spaces > 0) {
			b.pieces[last].glued = true
		}
		for i := 0; i < len(text); {
			j := wordEnd(text, i)
			k := j
			for k < len(text) && text[k] == ' ' {
				k++
			}
			b.pieces = append(b.pieces, piece{
				run: n, from: i, to: k,
				width: f.Width(text[i:j], r.Style.Size), spaces: f.Width(text[j:k], r.Style.Size),
				glued: k == len(text) && j == k || short(text[i:j]) || k > j && dash(text[k:]),
			})
			i = k
		}
		if last := len(b.pieces) - 1; last >= 0 && r.Ends {
			b.pieces[last].ends, b.pieces[last].glued = true, false
		}
	}
}

// wordEnd finds where the stretch that begins at i ends: at a space, at the end of the
// text, or inside a word where a line may break: after a hyphen or slash with
// three letters at least on both sides, as in "miejsko-wiejska", not in "km/h" or "F-02".
func wordEnd(text string, i int) int {
	letters := 0 // in a row, up to here
	for j := i; j < len(text); {
		if text[j] == ' ' {
			return j
		}
		r, n := utf8.DecodeRuneInString(text[j:])
		j += n
		switch {
		case unicode.IsLetter(r):
			letters++
		case (r == '-' || r == '/') && letters >= few && leading(text[j:]):
			return j
		default:
			letters = 0
		}
	}
	return len(text)
}

const few = 3

// leading reports whether a text begins with enough letters to stand on a line of its own.
func leading(text string) bool {
	n := 0
	for _, r := range text {
		if !unicode.IsLetter(r) {
			return false
		}
		if n++; n == few {
			return true
		}
	}
	return false
}

// short reports whether a word is one of the prepositions and conjunctions of one letter
// that Polish typography does not leave at the end of a line.
func short(word string) bool {
	for _, open := range [...]string{"(", "„", "«"} {
		if len(word) > len(open) && word[:len(open)] == open {
			word = word[len(open):]
		}
	}
	if len(word) != 1 {
		return false
	}
	switch word[0] | 0x20 {
	case 'a', 'i', 'o', 'u', 'w', 'z':
		return true
	}
	return false
}

// dash reports whether a text begins with a dash that stands for a pause: it belongs to
// the line before.
func dash(text string) bool {
	const en = "– "
	return len(text) > len(en) && text[:len(en)] == en
}

// chop cuts a piece that belongs to a word wider than a line between characters.
func (b *Breaker) chop(l *line, begin *int, runs []Run, p piece, width float64) {
	r := &runs[p.run]
	f := Of(r.Style.Face)
	part := piece{run: p.run, from: p.from, to: p.from}
	put := func() {
		if l.run >= 0 && l.width+l.pending+part.width > width {
			b.flush(l, begin)
		}
		b.add(l, runs, part)
		part = piece{run: p.run, from: part.to, to: part.to}
	}
	for i := p.from; i < p.to; {
		c, n := utf8.DecodeRuneInString(r.Text[i:])
		w := f.Width(r.Text[i:i+n], r.Style.Size)
		switch {
		case c == ' ':
			part.spaces += w
		case part.to > part.from && part.width+w > width:
			put()
			part.width = w
		default:
			part.width += w
		}
		i += n
		part.to = i
	}
	if part.to > part.from {
		put()
	}
}
