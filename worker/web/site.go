package web

import (
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/raportjst/raportjst/generator/fault"
)

// Site is who runs the portal, as the law wants to read it on its pages: the statement of
// accessibility, the information on personal data, the contact. What is empty is shown as
// missing, and a statement that lacks a field is not shown as made.
type Site struct {
	Owner    string `toml:"podmiot"`  // "Gmina Lipnica Górna"
	URL      string `toml:"adres"`    // of the portal: "https://raport.example.pl"
	Person   string `toml:"osoba"`    // who answers for accessibility
	Email    string `toml:"email"`    // of that person
	Phone    string `toml:"telefon"`  // likewise
	Post     string `toml:"siedziba"` // where the owner has its seat
	Guardian string `toml:"iod"`      // how to reach the inspector of data protection

	Published string `toml:"data_publikacji"`    // of the portal, ISO 8601
	Updated   string `toml:"data_aktualizacji"`  // its last change that matters
	Made      string `toml:"data_sporzadzenia"`  // of the statement
	Reviewed  string `toml:"data_przegladu"`     // of the statement
	Status    string `toml:"status"`             // "zgodna", "częściowo zgodna", "niezgodna"
	Lacking   string `toml:"tresci_niedostepne"` // what is not accessible, and why; not needed of what is "zgodna"
	Basis     string `toml:"podstawa"`           // "samoocena", or who made the review
	Building  string `toml:"architektura"`       // access to the owner's building
}

// statuses are what a statement may say.
var statuses = []string{"zgodna", "częściowo zgodna", "niezgodna"}

// Missing names the fields that a statement of accessibility lacks.
func (s Site) Missing() []string {
	var out []string
	v := reflect.ValueOf(s)
	for i := range v.NumField() {
		name := v.Type().Field(i).Tag.Get("toml")
		optional := name == "iod" || name == "siedziba" || name == "tresci_niedostepne" && s.Status == statuses[0]
		if !optional && strings.TrimSpace(v.Field(i).String()) == "" {
			out = append(out, name)
		}
	}
	return out
}

// Check refuses dates that are none and a status that the law does not know.
func (s Site) Check() error {
	for name, date := range map[string]string{"data_publikacji": s.Published, "data_aktualizacji": s.Updated, "data_sporzadzenia": s.Made, "data_przegladu": s.Reviewed} {
		if _, err := time.Parse(time.DateOnly, date); date != "" && err != nil {
			return &fault.Fault{Where: name, What: "„" + date + "” nie jest datą", Hint: "podaj rok, miesiąc i dzień, na przykład 2026-03-31"}
		}
	}
	for _, known := range append(statuses, "") {
		if s.Status == known {
			return nil
		}
	}
	return &fault.Fault{Where: "status", What: "nieznany status „" + s.Status + "”", Hint: "do wyboru: " + strings.Join(statuses, ", ")}
}

// sitePage is a page that tells of the portal.
type sitePage struct {
	frame
	Site    Site
	Missing []string
}

// told answers with a page that tells of the portal; it is the same for all.
func (p *Portal) told(name, title string) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		k, err := p.cache.get(digestOf(name, p.base), func() ([]byte, string, error) {
			body, err := p.fill(name, sitePage{p.frame(title, name), p.Site, p.Site.Missing()})
			return body, "text/html; charset=utf-8", err
		})
		if err != nil {
			return err
		}
		return k.send(w, r, pageLife)
	}
}
