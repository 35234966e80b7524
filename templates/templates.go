// Package templates embeds the definitions of reports, the texts of mails and the web
// pages; no code but the embed.FS.
package templates

import "embed"

// FS holds reports/<id>/report.toml with what belongs to it, mail/temat.txt and
// mail/tresc.txt, and web/ with the pages of the portal.
//
//go:embed all:reports all:mail all:web
var FS embed.FS
