package document

import (
	"net/mail"
	"net/url"
	"strings"
	"unicode"
)

// Reachable reports whether a link leads somewhere from a report that came by mail: to a
// web page or an e-mail address. A relative address leads nowhere from there, and any other
// scheme (javascript, file, data, …) may do what the reader did not ask for.
func Reachable(target string) bool {
	if strings.ContainsFunc(target, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }) {
		return false
	}
	u, err := url.Parse(target)
	if err != nil {
		return false
	}
	switch u.Scheme { // in lower case
	case "http", "https":
		return u.Hostname() != ""
	case "mailto":
		to, err := url.PathUnescape(u.Opaque)
		if err != nil {
			return false
		}
		_, err = mail.ParseAddressList(to)
		return err == nil
	}
	return false
}
