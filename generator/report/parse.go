package report

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/normal"
)

// aspects are the dimensions of a public service, in the order in which reports tell them.
var aspects = []string{"ilość", "jakość", "dostępność", "koszt", "efektywność"}

// enums are the closed sets of values that the enum tag of a field names.
var enums = map[string][]string{
	"kind":      {"gmina-miejska", "gmina-wiejska", "gmina-miejsko-wiejska", "miasto-na-prawach-powiatu", "powiat", "wojewodztwo", "kraj"},
	"rule":      {"standard", "kind-size", "neighbours", "powiat", "voivodeship", "country", "structure", "list", "type", "children"},
	"subject":   {"service", "area"},
	"dimension": aspects,
	"block":     blockKinds(),
	"scope":     {"powiat", "neighbours", "voivodeship", "country", "children", "group"},
	"classes":   {"quantiles", "jenks"},
	"level":     {"kraj", "wojewodztwo", "powiat", "gmina"},
	"certainty": {"udokumentowana", "wyprowadzona", "przypuszczalna"},
}

// parse reads a TOML file strictly into v, a pointer to a struct of this package. The
// error joins one *fault.Fault for each thing that is wrong, with the line and the nearest
// key or value that is known.
func parse(name string, src []byte, v any) error {
	src, err := plainUTF8(name, src)
	if err != nil {
		return err
	}
	err = toml.NewDecoder(bytes.NewReader(src)).DisallowUnknownFields().Decode(v)
	var strict *toml.StrictMissingError
	var decode *toml.DecodeError
	switch {
	case errors.As(err, &strict):
		var all []error
		for _, e := range strict.Errors {
			row, _ := e.Position()
			all = append(all, unknownKey(at(name, row), e.Key(), reflect.TypeOf(v).Elem()))
		}
		return errors.Join(all...)
	case errors.As(err, &decode):
		row, col := decode.Position()
		return &fault.Fault{
			Where: fmt.Sprintf("%s, wiersz %d, kolumna %d", name, row, col),
			What:  translate(decode), Hint: "popraw zapis TOML w tym miejscu", Err: err,
		}
	case err != nil:
		return &fault.Fault{Where: name, What: "nie można odczytać pliku TOML", Hint: "sprawdź, czy plik jest zapisany w UTF-8", Err: err}
	}
	normal.Strings(v)
	c := check{name: name, line: lines(src)}
	c.value(reflect.ValueOf(v).Elem(), "")
	return errors.Join(c.faults...)
}

func at(name string, line int) string {
	if line == 0 {
		return name
	}
	return fmt.Sprintf("%s, wiersz %d", name, line)
}

// translate says in Polish what the decoder reports in English. The cases are those that
// a hand-written file meets; the rest keeps the original text in the chain.
func translate(e *toml.DecodeError) string {
	m := strings.TrimPrefix(e.Error(), "toml: ")
	key := strings.Join(e.Key(), ".")
	switch {
	case strings.Contains(m, "already"), strings.Contains(m, "redefin"), strings.Contains(m, "duplicate"):
		return fmt.Sprintf("klucz %q stoi dwa razy", key)
	case strings.Contains(m, "cannot decode"), strings.Contains(m, "cannot store"), strings.Contains(m, "type mismatch"), strings.Contains(m, "incompatible"):
		return fmt.Sprintf("wartość klucza %q ma zły rodzaj (%s)", key, m)
	case strings.Contains(m, "UTF"), strings.Contains(m, "utf"):
		return "znak spoza UTF-8"
	}
	return "błąd składni TOML (" + m + ")"
}

func unknownKey(where string, key toml.Key, root reflect.Type) error {
	last := key[len(key)-1]
	known := keys(root, key[:len(key)-1])
	hint := "dozwolone klucze: " + strings.Join(known, ", ")
	if n := nearest(last, known); n != "" {
		hint = fmt.Sprintf("czy chodziło o „%s”?", n)
	}
	return &fault.Fault{Where: where, What: fmt.Sprintf("nieznany klucz „%s”", strings.Join(key, ".")), Hint: hint}
}

// keys lists the keys known in the table at path.
func keys(t reflect.Type, path []string) []string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() == reflect.Map {
		if len(path) > 0 {
			return keys(t.Elem(), path[1:])
		}
		return nil
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	var out []string
	for i := range t.NumField() {
		tag := t.Field(i).Tag.Get("toml")
		if len(path) > 0 && tag == path[0] {
			return keys(t.Field(i).Type, path[1:])
		}
		if tag != "" {
			out = append(out, tag)
		}
	}
	if len(path) > 0 {
		return nil
	}
	return out
}

// check walks over a decoded value and tests the required and enum tags.
type check struct {
	name   string
	line   map[string]int
	faults []error
}

func (c *check) fail(path, what, hint string) {
	c.faults = append(c.faults, &fault.Fault{Where: at(c.name, c.lineOf(path)), What: what, Hint: hint})
}

// lineOf finds the line of a path, or of the nearest table around it.
func (c *check) lineOf(path string) int {
	for {
		if n, ok := c.line[path]; ok {
			return n
		}
		i := strings.LastIndexAny(path, ".[")
		if i < 0 {
			return 0
		}
		path = path[:i]
	}
}

func (c *check) value(v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			c.value(v.Index(i), fmt.Sprintf("%s[%d]", path, i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			key := f.Tag.Get("toml")
			if key == "" || !f.IsExported() {
				continue
			}
			p := strings.TrimPrefix(path+"."+key, ".")
			if f.Tag.Get("required") != "" && v.Field(i).IsZero() {
				c.fail(path, fmt.Sprintf("brak klucza „%s”", p), "uzupełnij go: "+f.Tag.Get("doc"))
			}
			if e := f.Tag.Get("enum"); e != "" {
				c.enum(v.Field(i), p, enums[e])
			}
			c.value(v.Field(i), p)
		}
	}
}

func (c *check) enum(v reflect.Value, path string, known []string) {
	if v.Kind() == reflect.Slice {
		for i := range v.Len() {
			c.enum(v.Index(i), fmt.Sprintf("%s[%d]", path, i), known)
		}
		return
	}
	if s := v.String(); s != "" && !slices.Contains(known, s) {
		c.fail(path, fmt.Sprintf("nieznana wartość „%s” klucza „%s”", s, path), suggest(s, known))
	}
}

func suggest(s string, known []string) string {
	if n := nearest(s, known); n != "" {
		return fmt.Sprintf("czy chodziło o „%s”?", n)
	}
	return "dozwolone: " + strings.Join(known, ", ")
}

// nearest finds the known word with the fewest edits from s; "" when all are far.
func nearest(s string, known []string) string {
	best, word := max(2, len([]rune(s))/3)+1, ""
	for _, k := range known {
		if d := distance([]rune(strings.ToLower(s)), []rune(strings.ToLower(k))); d < best {
			best, word = d, k
		}
	}
	return word
}

// distance is the Levenshtein distance with exchanges of neighbours (optimal alignment).
func distance(a, b []rune) int {
	two, one := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range one {
		one[j] = j
	}
	for i := range a {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(one[j]+cost, one[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], two[j-1]+1)
			}
		}
		two, one = one, row
	}
	return one[len(b)]
}

// lines maps the path of every key, table and array element of a TOML file to its line:
// "chapter[2].block[0].kind". A file that does not parse gives what stands before the fault.
func lines(src []byte) map[string]int {
	out := map[string]int{}
	count := map[string]int{} // elements seen of each array of tables
	var p unstable.Parser
	src = bytes.TrimPrefix(src, []byte("\xef\xbb\xbf"))
	p.Reset(src)
	line := func(n *unstable.Node) int {
		if !n.Valid() {
			return 0
		}
		return 1 + bytes.Count(src[:min(int(n.Raw.Offset), len(src))], []byte("\n"))
	}
	resolve := func(it unstable.Iterator, upTo int) (string, int) {
		path, row, n := "", 0, 0
		for it.Next() {
			k := it.Node()
			path = strings.TrimPrefix(path+"."+string(k.Data), ".")
			if row == 0 {
				row = line(k)
			}
			n++
			if c, ok := count[path]; ok && (upTo < 0 || n < upTo) {
				path += "[" + strconv.Itoa(c-1) + "]"
			}
		}
		return path, row
	}
	length := func(it unstable.Iterator) int {
		n := 0
		for it.Next() {
			n++
		}
		return n
	}
	var walk func(path string, row int, v *unstable.Node)
	walk = func(path string, row int, v *unstable.Node) {
		out[path] = row
		switch v.Kind {
		case unstable.Array:
			it, i := v.Children(), 0
			for it.Next() {
				r := line(it.Node())
				if it.Node().Raw.Length == 0 {
					r = row
				}
				walk(fmt.Sprintf("%s[%d]", path, i), r, it.Node())
				i++
			}
		case unstable.InlineTable:
			it := v.Children()
			for it.Next() {
				if kv := it.Node(); kv.Kind == unstable.KeyValue {
					key, r := resolve(kv.Key(), 0)
					walk(path+"."+key, r, kv.Value())
				}
			}
		}
	}
	table := ""
	for p.NextExpression() {
		e := p.Expression()
		switch e.Kind {
		case unstable.Table:
			t, row := resolve(e.Key(), -1)
			table, out[t] = t, row
		case unstable.ArrayTable:
			t, row := resolve(e.Key(), length(e.Key()))
			count[t]++
			table = fmt.Sprintf("%s[%d]", t, count[t]-1)
			out[table] = row
		case unstable.KeyValue:
			key, row := resolve(e.Key(), 0)
			walk(strings.TrimPrefix(table+"."+key, "."), row, e.Value())
		}
	}
	return out
}
