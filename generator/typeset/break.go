package typeset

// piece is an unbreakable stretch of text of one style with the spaces that follow it.
type piece struct {
	run    int // index of its run
	text   string
	width  float64 // without trailing spaces
	spaces float64 // width of the trailing spaces
	glued  bool    // the next piece may not begin a line
}

func breakLines(runs []Run, width float64) []Line {
	pieces := split(runs)
	var lines []Line
	var line Line
	pending := 0.0 // spaces that count once something follows
	flush := func() {
		lines = append(lines, line)
		line, pending = Line{}, 0
	}
	add := func(p piece) {
		if n := len(line.Runs); n > 0 && line.Runs[n-1].Tag == runs[p.run].Tag && line.Runs[n-1].Style == runs[p.run].Style {
			line.Runs[n-1].Text += p.text
		} else {
			line.Runs = append(line.Runs, Run{Text: p.text, Style: runs[p.run].Style, Tag: runs[p.run].Tag})
		}
		line.Width += pending + p.width
		pending = p.spaces
	}
	for i := 0; i < len(pieces); {
		j, w, inner := i, 0.0, 0.0
		for ; ; j++ { // a word: pieces glued together over a change of style
			w += inner + pieces[j].width
			inner = pieces[j].spaces
			if !pieces[j].glued || j+1 == len(pieces) {
				break
			}
		}
		if len(line.Runs) > 0 && line.Width+pending+w > width {
			flush()
		}
		if w > width {
			for _, p := range pieces[i : j+1] {
				for _, c := range chop(runs[p.run].Style, p, width) {
					if len(line.Runs) > 0 && line.Width+pending+c.width > width {
						flush()
					}
					add(c)
				}
			}
		} else {
			for _, p := range pieces[i : j+1] {
				add(p)
			}
		}
		i = j + 1
	}
	if len(line.Runs) > 0 {
		flush()
	}
	return lines
}

// split cuts runs at the places where a line may break.
func split(runs []Run) []piece {
	var out []piece
	for n, r := range runs {
		f := Of(r.Style.Face)
		rs := []rune(r.Text)
		for i := 0; i < len(rs); {
			j := i
			for j < len(rs) && rs[j] != ' ' {
				j++
				if j < len(rs) && rs[j] != ' ' && breakAfter(rs, j-1) {
					break
				}
			}
			k := j
			for k < len(rs) && rs[k] == ' ' {
				k++
			}
			out = append(out, piece{
				run: n, text: string(rs[i:k]),
				width: f.Width(string(rs[i:j]), r.Style.Size), spaces: f.Width(string(rs[j:k]), r.Style.Size),
				glued: k == len(rs) && j == k && !breakAfter(rs, j-1),
			})
			i = k
		}
	}
	return out
}

// breakAfter reports whether a line may break after rs[i] inside a word: after a hyphen
// or slash between letters ("miejsko-wiejska"), never within a number ("2015–2023").
func breakAfter(rs []rune, i int) bool {
	if i < 1 || (rs[i] != '-' && rs[i] != '/') {
		return false
	}
	return letter(rs[i-1]) && (i+1 >= len(rs) || letter(rs[i+1]))
}

func letter(r rune) bool { return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= 0xC0 }

// chop cuts a word that is wider than a line between characters.
func chop(s Style, p piece, width float64) []piece {
	f := Of(s.Face)
	var out []piece
	cur := piece{run: p.run}
	for _, r := range p.text {
		w := f.Width(string(r), s.Size)
		if r == ' ' {
			cur.text += " "
			cur.spaces += w
			continue
		}
		if cur.text != "" && cur.width+w > width {
			out = append(out, cur)
			cur = piece{run: p.run}
		}
		cur.text += string(r)
		cur.width += w
	}
	return append(out, cur)
}
