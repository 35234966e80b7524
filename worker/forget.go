package worker

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
)

// What is left of an address that was erased, and of addresses in logs.

const forgotten = "sha256:"

// Forgotten tells whether a hash stands in the place of an address that was erased.
func Forgotten(address string) bool { return strings.HasPrefix(address, forgotten) }

// HashAddress is what stands in the place of an address that was erased.
func HashAddress(address string) string {
	if Forgotten(address) {
		return address
	}
	sum := sha256.Sum256([]byte(strings.ToLower(address)))
	return forgotten + hex.EncodeToString(sum[:])
}

// Forget takes the recipient out of a delivery and leaves a hash of the address: whoever has
// the address can tell that the proof is of it.
func (d *Delivery) Forget() {
	if Forgotten(d.Recipient) {
		return
	}
	address := regexp.MustCompile("(?i)" + regexp.QuoteMeta(d.Recipient)) // servers answer in a case of their own
	d.Recipient, d.To = HashAddress(d.Recipient), Addressee{}
	for n, p := range d.Problems {
		d.Problems[n] = address.ReplaceAllLiteralString(p, d.Recipient)
	}
	d.Why = address.ReplaceAllLiteralString(d.Why, d.Recipient)
}

// mention is what looks like an address in a text, or like the login of a URL, with "://".
var mention = regexp.MustCompile(`(://[^\s/?#<>"]*?)?[^\s<>"(),;:\[\]{}|\\/„”]+@[\p{L}\p{N}]([\p{L}\p{N}.-]*[\p{L}\p{N}])?`)

// ReplaceAddresses replaces the addresses in a text.
func ReplaceAddresses(text string, by func(address string) string) string {
	if strings.IndexByte(text, '@') < 0 {
		return text
	}
	return mention.ReplaceAllStringFunc(text, func(found string) string {
		if strings.HasPrefix(found, "://") {
			return found
		}
		return by(found)
	})
}

// HideAddresses is a text as a log may have it: with the domains of recipients, which tell whose
// server has refused, and without their names.
func HideAddresses(text string) string {
	return ReplaceAddresses(text, func(a string) string { return "…" + a[strings.LastIndexByte(a, '@'):] })
}
