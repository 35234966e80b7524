package worker

import (
	"slices"
	"strings"

	"github.com/raportjst/raportjst/generator/fault"
)

// Domains are those that recipients may be of; none allows all.
type Domains []string

// ParseDomains reads domains as people write them: "@Urzad.pl".
func ParseDomains(named []string) Domains {
	var out Domains
	for _, d := range named {
		if d = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(d), "@")); d != "" {
			out = append(out, d)
		}
	}
	return out
}

// Allow refuses an address of another domain for good, whichever channel would reach it.
func (d Domains) Allow(address string) error {
	domain := strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
	if len(d) == 0 || slices.Contains(d, domain) {
		return nil
	}
	return Permanent(&fault.Fault{
		Where: "adres " + address, What: "domena " + domain + " nie jest dozwolona",
		Hint: "dopisz ją do listy dozwolonych domen (--mail-domains)",
	})
}
