package main

import (
	"bytes"
	"io"
	"regexp"

	"github.com/alecthomas/kong"
)

// phrase is what the parser says and how it is said to the user.
type phrase struct {
	english *regexp.Regexp
	polish  string
}

func phrases(pairs ...string) []phrase {
	var out []phrase
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, phrase{regexp.MustCompile(pairs[i]), pairs[i+1]})
	}
	return out
}

func translate(text string, into []phrase) string {
	for _, p := range into {
		text = p.english.ReplaceAllString(text, p.polish)
	}
	return text
}

// usageErrors are the parser's messages about the arguments (kong, context.go and
// mapper.go), in the order in which they are looked for.
var usageErrors = phrases(
	`^unknown flag (\S+?)(,|$)`, `nieznana opcja ${1}${2}`,
	`^unexpected flag argument "(.*)"$`, `opcja nie przyjmuje wartości „${1}”`,
	`^unexpected argument (.*?)(, did you mean|$)`, `nieznane polecenie lub zbędny argument „${1}”${2}`,
	`, did you mean one of (.*)\?$`, ` – czy chodziło o jedno z: ${1}?`,
	`, did you mean "(.*)"\?$`, ` – czy chodziło o „${1}”?`,
	`; perhaps try .*$`, ``,
	`^missing flags: `, `brakuje opcji: `,
	`^missing positional arguments `, `brakuje argumentów: `,
	`^expected one of `, `brakuje polecenia; do wyboru: `,
	`^expected "?([^"]*)"?$`, `brakuje: ${1}`,
	`^(.*) must be one of (.*?)(?:,"")? but got "(.*)"$`, `${1}: „${3}” nie jest jedną z wartości ${2}`,
	`^(.*) and (.*) can't be used together$`, `opcji ${1} i ${2} nie można podać razem`,
	`expected a valid \d+ bit u?int but got "(.*)"$`, `„${1}” nie jest liczbą całkowitą`,
	`expected duration but got "([^"]*)".*$`, `„${1}” nie jest czasem (na przykład 30s albo 5m)`,
	`bool value must be .* but got "(.*)"$`, `„${1}” to ani „true”, ani „false”`,
	`(missing value, expecting|expected \w+ value but got) .*$`, `brakuje wartości`,
	` \(from envar ([^=]*)=.*\)$`, ` (zmienna środowiska ${1})`,
)

// helpWords are the words that the parser puts around the help of the commands.
var helpWords = phrases(
	`(?m)^Usage: `, `Użycie: `,
	`<command>`, `<polecenie>`,
	`\[flags\]`, `[opcje]`,
	`(?m)^Flags:$`, `Opcje:`,
	`(?m)^Commands:$`, `Polecenia:`,
	`(?m)^Arguments:$`, `Argumenty:`,
	`(?m)^Run "(.*)" for more information.*\.$`, `Więcej o poleceniu: ${1}`,
)

// printHelp prints the help of a command in Polish.
func printHelp(options kong.HelpOptions, ctx *kong.Context) error {
	out := ctx.Stdout
	var text bytes.Buffer
	ctx.Stdout = &text
	err := kong.DefaultHelpPrinter(options, ctx)
	ctx.Stdout = out
	if err == nil {
		_, err = io.WriteString(out, translate(text.String(), helpWords))
	}
	return err
}
