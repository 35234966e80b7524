// Package fonts embeds the report's fonts, unmodified, their subsets for web pages, and their
// licence; no code but the embed.FS.
package fonts

import "embed"

// FS holds Lato-Regular.ttf and Lato-Bold.ttf, each also as a WOFF2 subset of the Latin letters
// and signs that reports use (pyftsubset with kerning and figures, without hints), and OFL.txt.
//
//go:embed Lato-Regular.ttf Lato-Bold.ttf Lato-Regular.woff2 Lato-Bold.woff2 OFL.txt
var FS embed.FS
