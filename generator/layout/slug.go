package layout

// A slug is a piece of a column that no page break divides: a heading, two lines of a
// paragraph, a row of a table. (In hot metal, a slug is a line cast in one piece.)
type slug struct {
	height float64 // wanted
	least  float64 // where the content can give way: a chart
	space  float64 // above, wanted; dropped at the top of a page
	tight  float64 // above, at least
	x      float64 // from the left of the column
	rule   breakRule
	box    int32  // the note box it stands in, 0: none
	run    int32  // the run of slugs in two columns it belongs to, 0: none
	anchor string // leads here
	table  *table // whose head is repeated when a page begins with this slug
	group  *group // with the heading of this group
	content
}

// content is what a slug shows.
type content interface {
	// set places the content with its top left corner at (x, y) in the height given to
	// its slug.
	set(p *press, x, y, height float64)
}

// breakRule says how a page break before a slug would look.
type breakRule uint8

const (
	free        breakRule = iota // between blocks
	withinText                   // inside a paragraph or list
	withinBox                    // inside a note box
	withinRows                   // inside a long table
	withinFew                    // inside a short table
	afterWhole                   // after what can stand alone on its page
	withinWhole                  // inside it
	never                        // the slug stays with the one before
)

// kind is what stands above a space: it decides how wide the space is.
type kind uint8

const (
	nothing kind = iota
	kindChapter
	kindHeading
	kindText
	kindSmall
	kindBlock
	kindSource
	kindLegal
)

// between gives the space between two blocks, wanted and least (design.md §9).
func between(above, below kind) (space, tight float64) {
	switch {
	case above == nothing:
		return 0, 0
	case below == kindHeading && above == kindChapter:
		return 12.5, 10
	case below == kindHeading && above == kindHeading:
		return 5, 5
	case below == kindHeading && above == kindBlock:
		return 25, 15
	case below == kindHeading:
		return 20, 15
	case above == kindHeading:
		return 5, 5
	case above == kindChapter && below == kindBlock:
		return 12.5, 10
	case above == kindChapter:
		return 2.5, 2.5
	case below == kindSource:
		return 5, 2.5
	case below == kindLegal:
		return 20, 12.5
	case below == kindBlock && above == kindText:
		return 22.5, 15
	case below == kindBlock || above == kindBlock:
		return 20, 12.5
	case above == kindSmall && below == kindSmall:
		return 5, 2.5
	case above == kindSource:
		return 12.5, 7.5
	}
	return 7.5, 5
}

// flow is a column of slugs in the making.
type flow struct {
	slugs    []slug
	x, width float64 // where the next slug stands
	last     kind
	keep     bool  // the next slug stays with the last
	box      int32 // the note box around
	lead     float64
	run      int32
	blocks   *[]stretch // where the blocks of a chapter are noted; nil in a column
}

// add appends a slug; the caller has set its height.
func (f *flow) add(s slug) {
	s.x, s.box, s.run = f.x, f.box, f.run
	if s.least == 0 {
		s.least = s.height
	}
	if f.keep || len(f.slugs) == 0 {
		s.rule = never
	}
	if len(f.slugs) == 0 {
		s.rule = free
	}
	f.keep = false
	f.slugs = append(f.slugs, s)
}

// begin adds the first slug of a block with the space that its kind asks for.
func (f *flow) begin(k kind, s slug) {
	s.space, s.tight = between(f.last, k)
	f.last = k
	f.add(s)
}

// heights sums a column as wanted and at least.
func heights(slugs []slug) (wanted, least float64) {
	for i := range slugs {
		s := &slugs[i]
		wanted += s.height
		least += s.least
		if i > 0 {
			wanted += s.space
			least += s.tight
		}
	}
	return wanted, least
}

// fit shares out a height that a column's wanted one exceeds: spaces give way first, in
// whole steps, then the charts. What it returns tells the space and the height of a slug.
func fit(slugs []slug, height float64) (space func(*slug) float64, inner func(*slug) float64) {
	wanted, _ := heights(slugs)
	give, room := 0.0, 0.0
	for i := range slugs {
		s := &slugs[i]
		room += s.height - s.least
		if i > 0 {
			give += s.space - s.tight
		}
	}
	excess := max(0, wanted-height)
	r := 0.0
	if give > 0 {
		r = min(1, excess/give)
	}
	given := 0.0
	narrow := func(s *slug) float64 {
		if r == 0 {
			return s.space
		}
		steps := float64(int((s.space-r*(s.space-s.tight))/step+1e-9)) * step
		return max(s.tight, steps)
	}
	for i := range slugs {
		if i > 0 {
			given += slugs[i].space - narrow(&slugs[i])
		}
	}
	q := 0.0
	if excess -= given; excess > 0 && room > 0 {
		q = min(1, excess/room)
	}
	return narrow, func(s *slug) float64 { return s.height - q*(s.height-s.least) }
}
