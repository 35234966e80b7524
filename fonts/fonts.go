// Package fonts embeds the report's fonts, unmodified, and their licence; no code but the
// embed.FS.
package fonts

import "embed"

// FS holds Lato-Regular.ttf, Lato-Bold.ttf and OFL.txt.
//
//go:embed Lato-Regular.ttf Lato-Bold.ttf OFL.txt
var FS embed.FS
