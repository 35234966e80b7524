// Package templates embeds the definitions of reports, the texts of mails and the web
// pages; no code but the embed.FS.
package templates

import "embed"

// FS holds reports/<id>/report.toml with what belongs to it.
//
//go:embed reports
var FS embed.FS
