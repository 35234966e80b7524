package graphic

// Meta is what a file of a picture says about itself: its title, its text alternative and
// the language of both (BCP 47).
type Meta struct {
	Title       string
	Description string
	Language    string
}
