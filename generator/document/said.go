package document

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
)

// Said is what a document says, in two readings. Two editions with the same Own digest print
// the same of the unit itself; with the same Whole digest also the same of the others.
type Said struct {
	Own   string // SHA-256, hex: the unit's own values and signs, its authors' texts, its pictures
	Whole string // Content of the document: medians, ranks, maps and other units, too
	Facts []Fact // what Own is a digest of, in order of Of
	Parts []Fact // the sections of Body by title, each with a short digest
	Brief Brief
}

// Fact is one thing that a document says, and how.
type Fact struct {
	Of   string `json:"of"`   // "bdl:76973 2025", "981001 bdl:76973 2025" of a part of the unit, "obraz"
	Text string `json:"text"` // as printed: "8 346 zł"; of a picture or a text a short digest
}

// Says reads what a document says. The areas that are the unit's own are that of the Annex and
// those inside it; a document without one, about the members of a union, is about all of its
// areas.
func Says(d *Document) Said {
	s := Said{Whole: Content(d), Brief: briefly(d)}
	o := own{of: d.Annex.Own, seen: map[Fact]bool{}}
	o.value(reflect.ValueOf(d.Cover))
	o.value(reflect.ValueOf(d.Body))
	for _, text := range d.Meta.Authored {
		o.add("tekst własny", short(plainSpaces.Replace(text)))
	}
	for f := range o.seen {
		s.Facts = append(s.Facts, f)
	}
	slices.SortFunc(s.Facts, func(x, y Fact) int { return strings.Compare(x.Of+"\x00"+x.Text, y.Of+"\x00"+y.Text) })
	sum := sha256.New()
	for _, text := range []string{d.Meta.Identifier, d.Meta.Language, d.Meta.Tag, d.Cover.Name} {
		fmt.Fprintf(sum, "%d:%s", len(text), text)
	}
	for _, f := range s.Facts {
		fmt.Fprintf(sum, "%d:%s%d:%s", len(f.Of), f.Of, len(f.Text), f.Text)
	}
	s.Own = hex.EncodeToString(sum.Sum(nil))
	for _, b := range d.Body {
		if part, ok := b.(Section); ok && !part.About {
			s.Parts = append(s.Parts, Fact{part.Title, contentOf(d, part)[:12]})
		}
	}
	return s
}

func short(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:6])
}

// own collects the facts of a unit.
type own struct {
	of   string
	seen map[Fact]bool
}

func (o own) add(of, text string) { o.seen[Fact{of, text}] = true }

func (o own) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		switch x := v.Interface().(type) {
		case Number:
			o.number(x)
			return
		case Image:
			o.add("obraz", short(string(x.Data)+x.Alt))
			return
		case Section:
			if x.About {
				return
			}
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				o.value(v.Field(i))
			}
		}
	case reflect.Interface, reflect.Pointer:
		if !v.IsNil() && v.Type() != ofTopology {
			o.value(v.Elem())
		}
	case reflect.Slice, reflect.Array:
		switch v.Type().Elem().Kind() {
		case reflect.Struct, reflect.Interface, reflect.Pointer, reflect.Slice:
			for i := range v.Len() {
				o.value(v.Index(i))
			}
		default:
		}
	default:
	}
}

// number adds a printed number that tells of the unit alone: observed, or computed from such.
func (o own) number(n Number) {
	switch n.Origin.Op {
	case Observed, Change, ChangePercent, Share, PerHead, Sum:
	case Unknown, Median, LowerQuartile, UpperQuartile, Rank, Count, Distance:
		return
	}
	var of []string
	for _, r := range n.Origin.Refs {
		if !strings.HasPrefix(r.Area, o.of) {
			return
		}
		name := fmt.Sprint(r.Indicator, " ", r.Period)
		if r.Area != o.of {
			name = r.Area + " " + name
		}
		of = append(of, name)
	}
	if len(of) == 0 {
		return
	}
	name := strings.Join(of, ", ")
	if n.Origin.Op != Observed {
		name = fmt.Sprint(ops[n.Origin.Op], " ", name)
		if n.Origin.Less > 0 {
			name = fmt.Sprint(name, ", odjęto ", n.Origin.Less)
		}
	}
	text := n.Sign + n.Text
	if n.Present {
		text = strings.TrimSpace(n.Text + n.Mark + " " + n.Unit)
	}
	o.add(name, plainSpaces.Replace(text))
}

// ops name the operations in a Fact.
var ops = map[Op]string{Change: "zmiana", ChangePercent: "zmiana w %", Share: "udział", PerHead: "na mieszkańca", Sum: "suma"}

// Pack is what is needed to tell two editions apart, small: a few kilobytes.
func (s Said) Pack() []byte {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err == nil {
		err = json.NewEncoder(z).Encode(s)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		panic(err) // plain texts into memory cannot fail
	}
	return b.Bytes()
}

// mostPacked bounds what is unpacked: it comes from a store.
const mostPacked = 64 << 20

// UnpackSaid reads what Pack has written.
func UnpackSaid(body []byte) (Said, error) {
	var s Said
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err == nil {
		err = json.NewDecoder(io.LimitReader(z, mostPacked)).Decode(&s)
	}
	if err != nil {
		return Said{}, fmt.Errorf("unpack what a report says: %w", err)
	}
	return s, nil
}

// Changed is one thing that two editions tell differently; "" where one does not tell it.
type Changed struct{ Of, Before, After string }

// Differences are what two lists of facts, each in order of Of, tell differently.
func Differences(before, after []Fact) []Changed {
	texts := func(facts []Fact) map[string]string {
		out := make(map[string]string, len(facts))
		for _, f := range facts {
			if known, ok := out[f.Of]; ok {
				out[f.Of] = known + " / " + f.Text
			} else {
				out[f.Of] = f.Text
			}
		}
		return out
	}
	was, is := texts(before), texts(after)
	var out []Changed
	for of, text := range is {
		if was[of] != text {
			out = append(out, Changed{of, was[of], text})
		}
	}
	for of, text := range was {
		if _, still := is[of]; !still {
			out = append(out, Changed{of, text, ""})
		}
	}
	slices.SortFunc(out, func(x, y Changed) int { return strings.Compare(x.Of, y.Of) })
	return out
}

// Brief is what a letter tells of a report.
type Brief struct {
	Title   string      `json:"title"`             // "Załącznik statystyczny do raportu o stanie gminy za rok 2025"
	Unit    string      `json:"unit"`              // "Gmina Lipnica Górna"
	Kind    string      `json:"kind"`              // "gmina miejsko-wiejska · powiat wzorcowy · …"
	Cards   []BriefCard `json:"cards,omitempty"`   // of the summary
	Source  string      `json:"source,omitempty"`  // "Źródło: GUS, BDL i SMUP, dane pobrano 15.04.2026 r."
	Missing string      `json:"missing,omitempty"` // "15 z 71 wskaźników nie ma wartości za 2025 r."
}

// BriefCard is one key figure.
type BriefCard struct {
	Label string `json:"label"`
	Value string `json:"value"` // "13 482"
	Unit  string `json:"unit"`  // "osoby, 2025"
	Place string `json:"place"` // "miejsce 8. z 14"
}

func briefly(d *Document) Brief {
	b := Brief{Title: d.Meta.Foot, Unit: d.Cover.Name, Kind: d.Cover.Kind}
	for _, x := range All(d.Body) {
		switch x := x.(type) {
		case KeyFigures:
			if len(b.Cards) > 0 {
				continue
			}
			for _, c := range x.Cards {
				card := BriefCard{Label: c.Label, Value: c.Number.Text + c.Number.Mark, Unit: c.Unit}
				for _, text := range append([]string{c.Position}, c.Details...) {
					if strings.HasPrefix(strings.ToLower(text), "miejsce") {
						card.Place = strings.ToLower(text)
					}
				}
				b.Cards = append(b.Cards, card)
			}
		case NoteBox:
			if b.Missing == "" {
				b.Missing = whole(x)
			}
		case Paragraph:
			if x.Role == Source && b.Source == "" {
				b.Source = plainly(x.Content)
			}
		case Columns, Contents, Definitions, Figure, Findings, List, Note, Section, SideFacts, Table:
		}
	}
	return b
}

// whole is the text of a note up to where it leads to a page.
func whole(n NoteBox) string {
	for _, x := range n.Blocks {
		p, ok := x.(Paragraph)
		if !ok {
			continue
		}
		text := plainly(p.Content)
		if i := strings.LastIndex(text, ". "); i >= 0 && strings.HasSuffix(strings.TrimSpace(text), ":") {
			text = text[:i+1] // "Pełny wykaz:"
		}
		return text
	}
	return ""
}

func plainly(content []Inline) string {
	var b strings.Builder
	for _, x := range content {
		switch x := x.(type) {
		case Text:
			b.WriteString(x.Text)
		case Link:
			b.WriteString(x.Text)
		case LineBreak:
			b.WriteByte(' ')
		case PageRef, NoteRef:
			return strings.TrimSpace(b.String())
		}
	}
	return strings.TrimSpace(b.String())
}
