package members

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/sync/errgroup"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/gazetteer"
	"github.com/raportjst/raportjst/generator/normal"
)

// withName is an address with a name before it: "Jan Kowalski <jan@example.org>".
var withName = regexp.MustCompile(`("[^"<>]*"|[^<>,;"]*)<([^<>]*)>`)

// addresses takes the addresses of a cell apart: by commas, semicolons and spaces, or each with
// a name in front.
func addresses(cell string) []string {
	var out []string
	rest := withName.ReplaceAllStringFunc(cell, func(s string) string {
		out = append(out, strings.TrimSpace(s))
		return " "
	})
	return append(out, strings.FieldsFunc(rest, func(r rune) bool { return strings.ContainsRune(",; \t", r) })...)
}

// ReadAddress reads one address as lists have it, "Jan <jan@example.org>" too, and gives it as it
// is kept. The error is a *fault.Fault.
func ReadAddress(text string) (string, error) {
	p, bad := readAddress(normal.Line(text))
	if bad != nil && bad.Error {
		return "", &fault.Fault{Where: "adres", What: bad.What, Hint: "popraw adres"}
	}
	return p.Address, nil
}

// readAddress reads one address. The row of a problem is not set.
func readAddress(text string) (Person, *Problem) {
	bad := func(what, hint string) (Person, *Problem) {
		return Person{}, &Problem{Error: true, What: what, Hint: hint}
	}
	var p Person
	bare := strings.TrimPrefix(text, "mailto:")
	if m := withName.FindStringSubmatch(bare); m != nil {
		p.Name, bare = strings.Trim(strings.TrimSpace(m[1]), `"`), strings.TrimSpace(m[2])
	}
	at := strings.LastIndexByte(bare, '@')
	if at <= 0 || at == len(bare)-1 {
		return bad("„"+text+"” nie jest adresem poczty elektronicznej", "popraw adres albo zostaw puste pole")
	}
	local, host := bare[:at], strings.TrimSuffix(bare[at+1:], ".")
	ascii, err := idna.Lookup.ToASCII(host)
	if err != nil || !strings.Contains(ascii, ".") {
		return bad("„"+host+"” w adresie „"+text+"” nie jest nazwą domeny", "popraw adres")
	}
	p.Address = local + "@" + strings.ToLower(ascii)
	if a, err := mail.ParseAddress(p.Address); err != nil || a.Address != p.Address || len(local) > 64 || len(p.Address) > 254 {
		return bad("„"+text+"” nie jest adresem poczty elektronicznej", "popraw adres albo zostaw puste pole")
	}
	if p.Address != bare {
		p.Shown = bare
	}
	if strings.IndexFunc(local, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 {
		return p, &Problem{What: "„" + bare + "” ma polskie litery przed znakiem @: nie każdy serwer przyjmie taki adres", Hint: "sprawdź adres w BIP urzędu"}
	}
	if right := meant(strings.ToLower(ascii)); right != "" {
		return p, &Problem{What: "domena „" + host + "” wygląda na literówkę", Hint: "czy chodzi o " + right + "?"}
	}
	return p, nil
}

// usual are domains of many mailboxes in Poland, in which slips of the keyboard are found.
var usual = []string{"gmail.com", "wp.pl", "onet.pl", "onet.eu", "poczta.onet.pl", "o2.pl", "op.pl", "vp.pl", "tlen.pl", "interia.pl", "interia.eu", "poczta.fm", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "home.pl", "int.pl", "go2.pl", "gazeta.pl"}

// endings are slips in the last part of a domain.
var endings = map[string]string{".p": ".pl", ".pll": ".pl", ".lp": ".pl", ".ppl": ".pl", ".pk": ".pl", ".plk": ".pl", ".ol": ".pl", ".comm": ".com", ".con": ".com", ".cpm": ".com", ".ocm": ".com", ".gov.p": ".gov.pl", ".gow.pl": ".gov.pl", ".giv.pl": ".gov.pl", ".go.pl": ".gov.pl"}

// meant is the domain that was probably meant; "" where nothing seems wrong.
func meant(domain string) string {
	if slices.Contains(usual, domain) {
		return ""
	}
	for _, n := range []int{2, 1} { // the longest first
		parts := strings.Split(domain, ".")
		if len(parts) <= n {
			continue
		}
		end := "." + strings.Join(parts[len(parts)-n:], ".")
		if right, ok := endings[end]; ok {
			if end == ".pk" || end == ".ol" || end == ".p" || len(parts) > 1 {
				return strings.TrimSuffix(domain, end) + right
			}
		}
	}
	for _, u := range usual {
		if len(u) >= 6 && gazetteer.Distance(domain, u) == 1 && domain[len(domain)-2:] == u[len(u)-2:] || len(u) >= 9 && gazetteer.Distance(domain, u) == 1 {
			return u
		}
	}
	return ""
}

// check looks at the whole list: what stands twice, one address for many.
func (l *List) check() {
	type seen struct {
		row     int
		address string
	}
	first := map[string]seen{} // by area and address
	areas := map[string][]string{}
	units := map[string]int{}
	for n := range l.Rows {
		r := &l.Rows[n]
		if r.Area == "" {
			continue
		}
		if row, twice := units[r.Area]; twice && len(r.People) == 0 {
			l.doubt(r.Row, "", fmt.Sprintf("%s jest już w wierszu %d", r.Name, row), "usuń jeden z wierszy")
		} else if !twice {
			units[r.Area] = r.Row
		}
		r.People = slices.DeleteFunc(r.People, func(p Person) bool {
			key := strings.ToLower(p.Address)
			s, twice := first[r.Area+" "+key]
			switch {
			case !twice:
				first[r.Area+" "+key] = seen{r.Row, p.Address}
				areas[key] = append(areas[key], r.Name)
				return false
			case s.address != p.Address:
				l.doubt(r.Row, "", fmt.Sprintf("„%s” i „%s” (wiersz %d) różnią się tylko wielkością liter", p.Address, s.address, s.row), "list pójdzie raz; usuń jeden z nich")
			default:
				l.doubt(r.Row, "", fmt.Sprintf("„%s” jest już przy tej jednostce w wierszu %d", p.Address, s.row), "list pójdzie raz; usuń jeden z wierszy")
			}
			return true
		})
	}
	for _, key := range sorted(areas) {
		if of := areas[key]; len(of) > 1 {
			l.doubt(0, "", fmt.Sprintf("na jeden adres „%s” pójdą raporty %d jednostek: %s", key, len(of), strings.Join(of[:min(len(of), 5)], ", ")), "sprawdź, czy tak ma być")
		}
	}
	slices.SortStableFunc(l.Problems, func(a, b Problem) int { return order(a.Row) - order(b.Row) })
}

// order puts what is said of the whole list at the end.
func order(row int) int {
	if row == 0 {
		return MostRows * 2
	}
	return row
}

func sorted[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// Resolver asks the domain name system; *net.Resolver is one.
type Resolver interface {
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupHost(ctx context.Context, host string) ([]string, error)
}

// lookups is how many domains are asked for at a time.
const lookups = 16

// CheckDomains asks of each domain whether it takes mail. It leaves the computer, so that it is
// done only where it is asked for.
func (l *List) CheckDomains(ctx context.Context, r Resolver) {
	rows := map[string]int{}
	for _, row := range l.Rows {
		for _, p := range row.People {
			domain := p.Address[strings.LastIndexByte(p.Address, '@')+1:]
			if _, known := rows[domain]; !known {
				rows[domain] = row.Row
			}
		}
	}
	var mu sync.Mutex
	all, inner := errgroup.WithContext(ctx)
	all.SetLimit(lookups)
	for domain, row := range rows {
		all.Go(func() error {
			what, dead := mailless(inner, r, domain)
			if what == "" {
				return nil
			}
			mu.Lock()
			defer mu.Unlock()
			hint := "sprawdź adres w BIP urzędu"
			if !dead {
				hint = "spróbuj ponownie później"
			}
			l.Problems = append(l.Problems, Problem{Row: row, Error: dead, What: what, Hint: hint})
			return nil
		})
	}
	_ = all.Wait()
	slices.SortStableFunc(l.Problems, func(a, b Problem) int { return order(a.Row) - order(b.Row) })
}

// mailless says why a domain takes no mail (RFC 5321 §5.1, RFC 7505), and whether that is sure.
func mailless(ctx context.Context, r Resolver, domain string) (what string, sure bool) {
	var none *net.DNSError
	mx, err := r.LookupMX(ctx, domain+".")
	switch {
	case err == nil && len(mx) == 1 && (mx[0].Host == "." || mx[0].Host == ""):
		return "domena " + domain + " ogłasza, że nie przyjmuje poczty", true
	case err == nil && len(mx) > 0:
		return "", false
	case err != nil && (!errors.As(err, &none) || !none.IsNotFound):
		return "nie udało się sprawdzić domeny " + domain, false
	}
	_, err = r.LookupHost(ctx, domain+".")
	switch {
	case err == nil:
		return "", false
	case errors.As(err, &none) && none.IsNotFound:
		return "domena " + domain + " nie istnieje albo nie przyjmuje poczty (brak MX)", true
	}
	return "nie udało się sprawdzić domeny " + domain, false
}
