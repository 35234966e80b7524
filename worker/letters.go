package worker

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"slices"
	"strings"
	text "text/template"
	"time"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"

	"github.com/raportjst/raportjst/generator"
	"github.com/raportjst/raportjst/generator/document"
	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/locale"
)

// Letter is what a channel delivers: one report to one recipient. It is a pure function of
// the delivery and the files, so that each attempt sends the same bytes.
type Letter struct {
	ID       string // of the delivery; the message id is made of it
	Union    string // id of the one in whose name it goes out
	To       string
	ToName   string
	FromName string // of the union, where the sender of the channel has no name
	ReplyTo  string
	Subject  string
	Text     string
	HTML     string // the same for readers that show it; "" for none
	Date     time.Time
	Attempt  int
	Files    []generator.Artifact // attached
	Logo     *generator.Artifact  // shown in HTML as cid:logo
}

// Union is in whose name letters go out: mail/zwiazek.toml, or that of a folder of its own,
// mail/<id>/zwiazek.toml.
type Union struct {
	Name       string   `toml:"nazwa"`     // "Związek Gmin Przykładowych"
	ReplyTo    string   `toml:"odpowiedz"` // where questions go
	Phone      string   `toml:"telefon"`
	Site       string   `toml:"strona"`
	Salutation string   `toml:"zwrot"`  // where the list has none: "Szanowni Państwo"
	Signature  []string `toml:"podpis"` // lines
	Logo       string   `toml:"logo"`   // PNG or JPEG beside the file
	LogoAlt    string   `toml:"logo_opis"`
}

// Letters write letters from the templates mail/temat.txt, mail/tresc.txt and mail/tresc.html
// over a LetterView.
type Letters struct {
	layers []fs.FS // the first that has a file counts

	// Attach are the ids of the formats that are attached beside those that always are.
	Attach []string
	// Limit is the most bytes of files in a letter; 0: DefaultLimit. The message is a third
	// larger.
	Limit int64
	// Links give what a letter has no room for; nil: it is sent on request.
	Links *Links
}

// DefaultLimit is what nearly every mail server takes.
const DefaultLimit = 10 << 20

// LetterView is what a template of a letter is filled with.
type LetterView struct {
	Delivery   Delivery
	Union      Union
	Salutation string
	Title      string // "Załącznik statystyczny do raportu o stanie gminy za rok 2025"
	Unit       string // "Gmina Lipnica Górna"
	Name       string // "Lipnica Górna"
	Area       string
	Period     int
	Tag        string
	Brief      document.Brief
	Group      string // how many are compared: "14"; "" where that is not known
	Files      []LetterFile
	Left       []LetterFile // that the letter has no room for
	HasLogo    bool
}

// LetterFile is a file of the report in a letter.
type LetterFile struct {
	Name, Kind, Size, Digest string
	Link, Until              string // where it can be fetched, and until which day
}

// ReadLetters reads the templates, those of the first file system that has them, and tries them,
// so that a mistake shows at the start and not on the way to the first recipient.
func ReadLetters(layers ...fs.FS) (*Letters, error) {
	l := &Letters{layers: layers}
	folders := []string{""}
	for _, fsys := range layers {
		entries, err := fs.ReadDir(fsys, "mail")
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, &fault.Fault{Where: "szablony listów mail", What: "nie można ich odczytać", Hint: "sprawdź katalog szablonów", Err: err}
		}
		for _, e := range entries {
			if e.IsDir() {
				folders = append(folders, e.Name())
			}
		}
	}
	for _, f := range folders {
		d := Delivery{Union: f, Area: "981001", Name: "Próba", Period: 2025, Recipient: "rada@example.org", Tag: "PRÓBA"}
		brief := document.Brief{Title: "Załącznik", Unit: "Gmina Próba", Cards: []document.BriefCard{{Label: "a", Value: "1", Unit: "zł, 2025", Place: "miejsce 1. z 2"}}, Source: "GUS", Missing: "1 z 2"}
		for _, b := range []document.Brief{{}, brief} {
			if _, err := l.write(d, b, []LetterFile{{Name: "a.pdf", Kind: "PDF", Size: "1 kB", Digest: "00"}}, []LetterFile{{Name: "b.xlsx", Kind: "XLSX", Size: "1 kB", Digest: "00"}, {Name: "c.docx", Kind: "DOCX", Size: "1 kB", Digest: "00", Link: "https://example.org/p/x", Until: "1.05.2027"}}); err != nil {
				return nil, err
			}
		}
	}
	return l, nil
}

// Compose reads the files of a delivery and writes its letter.
func (l *Letters) Compose(ctx context.Context, files Store, d Delivery) (Letter, error) {
	said, err := ReadSaid(ctx, files, d.Key)
	if err != nil {
		return Letter{}, err
	}
	var brief document.Brief
	if said != nil {
		brief = said.Brief
	}
	all := []File{d.File}
	if len(l.Attach) > 0 {
		m, err := readManifest(ctx, files, d.Key)
		if err != nil {
			return Letter{}, err
		}
		if m != nil {
			for _, f := range m.Files {
				if format, ok := generator.FileFormat(f.MediaType); ok && f.Name != d.File.Name && slices.Contains(l.Attach, format.ID) {
					all = append(all, f)
				}
			}
		}
	}
	var attached []generator.Artifact
	var in, left []LetterFile
	linked := false
	room := cmp.Or(l.Limit, DefaultLimit)
	for _, f := range all {
		named := LetterFile{Name: fileTitle(brief, d, f), Kind: generator.FileName(f.Name, f.MediaType), Size: sizeText(f.Size), Digest: f.Digest}
		if room -= f.Size; room < 0 {
			room += f.Size
			if link, until := l.Links.to(d, f); link != "" {
				linked = true
				named.Link, named.Until = link, locale.Day(until)
			}
			left = append(left, named)
			continue
		}
		a, err := ReadFile(ctx, files, d.Key, f)
		if err != nil {
			return Letter{}, err
		}
		a.Name = named.Name
		attached, in = append(attached, a), append(in, named)
	}
	if len(attached) == 0 && !linked {
		return Letter{}, Permanent(&fault.Fault{
			Where: "list do " + d.Name, What: fmt.Sprintf("plik ma %s, a w liście mieści się %s", sizeText(d.File.Size), sizeText(cmp.Or(l.Limit, DefaultLimit))),
			Hint: "podnieś granicę (--mail-size) albo podaj adres portalu (--portal-url): list będzie miał odnośnik",
		})
	}
	letter, err := l.write(d, brief, in, left)
	letter.Files = attached
	return letter, err
}

// fileTitle is the name under which people save a file: "Załącznik statystyczny 2025 – Łasin.pdf".
func fileTitle(b document.Brief, d Delivery, f File) string {
	what := "Załącznik statystyczny"
	if first, _, ok := strings.Cut(b.Title, " do "); ok && utf8.RuneCountInString(first) < 40 {
		what = first
	}
	name := fmt.Sprintf("%s %d – %s", what, d.Period, d.Name)
	return PlainName(name + strings.ToLower(path.Ext(f.Name)))
}

func sizeText(n int64) string {
	if n >= 1<<20 {
		return strings.Replace(fmt.Sprintf("%.1f MB", float64(n)/(1<<20)), ".", ",", 1)
	}
	return fmt.Sprintf("%d kB", (n+1023)/1024)
}

// open reads a file of the templates, that of the union before that of all.
func (l *Letters) open(union, name string) (body []byte, err error) {
	names := []string{path.Join("mail", name)}
	if union != "" && fs.ValidPath(union) {
		names = []string{path.Join("mail", union, name), names[0]}
	}
	for _, n := range names {
		for _, fsys := range l.layers {
			if body, err = fs.ReadFile(fsys, n); !errors.Is(err, fs.ErrNotExist) {
				return body, err
			}
		}
	}
	return nil, err
}

func bad(name string, err error) error {
	return &fault.Fault{Where: "szablon listu mail/" + name, What: "nie można go odczytać albo wypełnić: " + err.Error(), Hint: "popraw szablon", Err: err}
}

// union reads in whose name a letter goes out.
func (l *Letters) union(id string) (Union, *generator.Artifact, error) {
	var u Union
	body, err := l.open(id, "zwiazek.toml")
	if errors.Is(err, fs.ErrNotExist) {
		return u, nil, nil
	}
	if err != nil {
		return u, nil, bad("zwiazek.toml", err)
	}
	if err := toml.NewDecoder(bytes.NewReader(body)).DisallowUnknownFields().Decode(&u); err != nil {
		return u, nil, bad("zwiazek.toml", fmt.Errorf("%w; dozwolone klucze: nazwa, odpowiedz, telefon, strona, zwrot, podpis, logo, logo_opis", err))
	}
	if u.Logo == "" {
		return u, nil, nil
	}
	picture, err := l.open(id, u.Logo)
	if err != nil {
		return u, nil, bad(u.Logo, err)
	}
	kind := ""
	switch {
	case bytes.HasPrefix(picture, []byte("\x89PNG")):
		kind = "image/png"
	case bytes.HasPrefix(picture, []byte("\xff\xd8\xff")):
		kind = "image/jpeg"
	default:
		return u, nil, bad(u.Logo, errors.New("logo musi być plikiem PNG albo JPEG"))
	}
	a := generator.NewArtifact("logo"+strings.ToLower(path.Ext(u.Logo)), kind, picture)
	return u, &a, nil
}

// UnionName is the name of the union with an id, as its zwiazek.toml says it; "" where there is none.
func (l *Letters) UnionName(id string) (string, error) {
	u, _, err := l.union(id)
	return u.Name, err
}

// write fills the templates.
func (l *Letters) write(d Delivery, b document.Brief, in, left []LetterFile) (Letter, error) {
	u, logo, err := l.union(d.Union)
	if err != nil {
		return Letter{}, Permanent(err)
	}
	u.Name = cmp.Or(u.Name, d.UnionName)
	v := LetterView{
		Delivery: d, Union: u, Salutation: cmp.Or(d.To.Salutation, u.Salutation, "Szanowni Państwo"), Brief: b, Files: in, Left: left,
		Title: cmp.Or(b.Title, fmt.Sprintf("Załącznik statystyczny za rok %d", d.Period)), Unit: cmp.Or(b.Unit, d.Name),
		Name: d.Name, Area: d.Area, Period: d.Period, Tag: d.Tag, HasLogo: logo != nil,
	}
	for _, c := range b.Cards {
		if _, n, ok := strings.Cut(plainSpace(c.Place), " z "); ok {
			v.Group = n
		}
	}
	out := Letter{ID: d.letterID(), Union: d.Union, To: d.Recipient, ToName: d.To.Name, FromName: u.Name, ReplyTo: u.ReplyTo, Date: d.Created, Attempt: d.Attempt, Logo: logo}
	for name, to := range map[string]*string{"temat.txt": &out.Subject, "tresc.txt": &out.Text} {
		body, err := l.open(d.Union, name)
		if err != nil {
			return Letter{}, Permanent(bad(name, err))
		}
		t, err := text.New(name).Option("missingkey=error").Funcs(textFuncs).Parse(string(body))
		var s strings.Builder
		if err == nil {
			err = t.Execute(&s, v)
		}
		if err != nil {
			return Letter{}, Permanent(bad(name, err))
		}
		*to = s.String()
	}
	out.Subject = clip(strings.Join(strings.Fields(out.Subject), " "), 200)
	out.Text = wrapped(out.Text)
	body, err := l.open(d.Union, "tresc.html")
	if errors.Is(err, fs.ErrNotExist) {
		return out, nil
	}
	if err != nil {
		return Letter{}, Permanent(bad("tresc.html", err))
	}
	t, err := template.New("tresc.html").Option("missingkey=error").Funcs(template.FuncMap(textFuncs)).Parse(string(body))
	var s strings.Builder
	if err == nil {
		err = t.Execute(&s, v)
	}
	if err != nil {
		return Letter{}, Permanent(bad("tresc.html", err))
	}
	out.HTML = s.String()
	return out, nil
}

// textFuncs are what templates of letters may call.
var textFuncs = text.FuncMap{
	"upper": strings.ToUpper,
	// col sets a text to a width for a table of plain text; a negative width sets it to the right.
	"col": func(width int, s string) string {
		s = plainSpace(s)
		gap := strings.Repeat(" ", max(abs(width)-utf8.RuneCountInString(s), 0))
		if width < 0 {
			return gap + s
		}
		return s + gap
	},
	// label is col for a text that may be longer: it goes on in the next line.
	"label": func(width int, s string) string {
		head, line := "", ""
		for _, w := range strings.Fields(plainSpace(s)) {
			switch {
			case line == "":
				line = w
			case utf8.RuneCountInString(line+w)+1 > width:
				head, line = head+line+"\n  ", "  "+w // set in under the first
			default:
				line += " " + w
			}
		}
		return head + line + strings.Repeat(" ", max(width-utf8.RuneCountInString(line), 0))
	},
	// beside is a unit as it stands beside a value: without the year.
	"beside": func(unit string) string { u, _, _ := strings.Cut(unit, ","); return u },
	// value is a figure with its unit: "8 346 zł", "44,6%".
	"value": func(value, unit string) string {
		u, _, _ := strings.Cut(unit, ",")
		if u == "%" || u == "" {
			return value + u
		}
		return value + "\u00a0" + u
	},
	// rank is the place in a group: "8." of "miejsce 8. z 14".
	"rank": func(place string) string {
		place, _, _ = strings.Cut(strings.TrimPrefix(plainSpace(place), "miejsce "), " z ")
		return place
	},
	"groups": func(digest string) string {
		var out []string
		for part := range slices.Chunk([]byte(digest), 8) {
			out = append(out, string(part))
		}
		return strings.Join(out, " ")
	},
}

func abs(n int) int { return max(n, -n) }

func plainSpace(s string) string { return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(s) }

// clip cuts a text that is too long for a line of a list.
func clip(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// lineWidth is the most signs of a line of a letter in plain text.
const lineWidth = 72

// wrapped breaks the lines of a plain text that are too long, but those that begin with a space,
// which are tables, and addresses of pages.
func wrapped(s string) string {
	var out strings.Builder
	for line := range strings.SplitSeq(strings.TrimSpace(s), "\n") {
		line = strings.TrimRight(plainSpace(line), " \r")
		if strings.HasPrefix(line, " ") {
			out.WriteString(line + "\n")
			continue
		}
		n := 0
		for _, w := range strings.Fields(line) {
			size := utf8.RuneCountInString(w)
			switch {
			case n == 0:
			case n+1+size > lineWidth:
				out.WriteByte('\n')
				n = 0
			default:
				out.WriteByte(' ')
				n++
			}
			out.WriteString(w)
			n += size
		}
		out.WriteByte('\n')
	}
	return out.String()
}
