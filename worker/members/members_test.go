package members

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/generator/stat"
)

func register(t testing.TB) *stat.Register {
	t.Helper()
	r, err := stat.NewRegister("2026-01-01", []stat.Area{
		{Code: "00", Kind: stat.KindCountry, Name: "Polska"},
		{Code: "30", Kind: stat.KindVoivodeship, Name: "wielkopolskie"},
		{Code: "04", Kind: stat.KindVoivodeship, Name: "kujawsko-pomorskie"},
		{Code: "3021", Kind: stat.KindPowiat, Name: "poznański"},
		{Code: "0408", Kind: stat.KindPowiat, Name: "lipnowski"},
		{Code: "302101", Kind: stat.KindUrban, Name: "Luboń"},
		{Code: "302109", Kind: stat.KindUrbanRural, Name: "Kórnik"},
		{Code: "040801", Kind: stat.KindUrban, Name: "Lipno"},
		{Code: "040805", Kind: stat.KindRural, Name: "Lipno"},
		{Code: "3064", Kind: stat.KindCity, Name: "Poznań"},
		{Code: "306401", Kind: stat.KindCity, Name: "Poznań"},
		{Code: "3013", Kind: stat.KindPowiat, Name: "leszczyński"},
		{Code: "301303", Kind: stat.KindRural, Name: "Lipno"},
		{Code: "302110", Kind: stat.KindUrbanRural, Name: "Mosina"},
		{Code: "302102", Kind: stat.KindUrban, Name: "Puszczykowo"},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func read(t *testing.T, name string, body []byte) (*List, error) {
	t.Helper()
	return Read(t.Context(), fstest.MapFS{name: {Data: body}}, name, register(t))
}

// said is a list in lines: "row area address,address" and each problem.
func said(l *List) []string {
	var out []string
	for _, r := range l.Rows {
		var to []string
		for _, p := range r.People {
			to = append(to, p.Address)
		}
		out = append(out, fmt.Sprintf("%d %s %s", r.Row, r.Area, strings.Join(to, ",")))
	}
	return out
}

func TestReadsListsOfAnyForm(t *testing.T) {
	want := []string{"2 302109 a@example.org", "3 306401 b@example.org,c@example.org", "4 30 "}
	const text = "teryt;nazwa;email\n3021093;Kórnik;a@example.org\n3064;Poznań;b@example.org, c@example.org\n30;wielkopolskie;\n"
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.ReplaceAll(text, ";", "\t"))
	if err != nil {
		t.Fatal(err)
	}
	windows, err := charmap.Windows1250.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	book := excelize.NewFile()
	if _, err := book.NewSheet("Członkowie"); err != nil {
		t.Fatal(err)
	}
	for at, v := range map[string]any{
		"A1": "TERYT", "B1": "Nazwa JST", "C1": "E-mail", "A2": 3021093, "B2": "Kórnik", "C2": "a@example.org", "A3": "3064", "C3": "b@example.org\nc@example.org", "A4": 30,
	} {
		if err := book.SetCellValue("Członkowie", at, v); err != nil {
			t.Fatal(err)
		}
	}
	var xlsx bytes.Buffer
	if err := book.Write(&xlsx); err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string]string{
		"lista.csv": text, "mark.csv": "\ufeff" + text, "commas.csv": "teryt,email\r\n302109,a@example.org\r\n306401,\"b@example.org,c@example.org\"\r\n30,\r\n",
		"sep.csv": "sep=;\n" + text, "utf16.txt": utf16, "windows.csv": windows, "lista.xlsx": xlsx.String(),
		"empty rows.csv": text + ";;\n;;\n", "names.csv": "nazwa;powiat;adres e-mail\nKórnik;poznański;a@example.org\nm. Poznań;;b@example.org c@example.org\nwojewództwo wielkopolskie;;\n",
	} {
		l, err := read(t, name, []byte(body))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := said(l); !slices.Equal(got, want) || len(l.Errors()) > 0 {
			t.Errorf("%s: %q, %v", name, got, l.Errors())
		}
	}
	// Letters of an office: rows that a title stands above, lines in a cell.
	l, err := read(t, "b.csv", []byte("Lista członków związku;;\n\nnazwa;teryt;email\n\"Kórnik\ni okolice\";302109;a@example.org\nMosina;302110;b@example.org\n"))
	if err != nil || !slices.Equal(said(l), []string{"4 302109 a@example.org", "5 302110 b@example.org"}) {
		t.Errorf("rows as a spreadsheet shows them: %v, %v", said(l), err)
	}
}

func TestReadsODS(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil || os.Getenv("RAPORTJST_HEAVY") == "" {
		t.Skip("needs LibreOffice and RAPORTJST_HEAVY=1")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "lista.csv"), []byte("teryt;nazwa;email\n0408011;Lipno;a@example.org\n302109;Kórnik;b@example.org\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	convert := exec.Command(office, "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--infilter=CSV:59,34,76,1,1/2", "--convert-to", "ods", "--outdir", dir, filepath.Join(dir, "lista.csv"))
	if out, err := convert.CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	l, err := Read(t.Context(), os.DirFS(dir), "lista.ods", register(t))
	if err != nil || !slices.Equal(said(l), []string{"2 040801 a@example.org", "3 302109 b@example.org"}) {
		t.Errorf("%v, %v", l, err)
	}
}

func TestTellsWhatIsWrong(t *testing.T) {
	for row, want := range map[string]string{
		// What the code and the name say.
		"302109;Luboń;a@example.org":                        "błąd: wiersz 2, kolumna „nazwa”: kod 302109 to 302109 Kórnik (gmina miejsko-wiejska, powiat poznański), a w wierszu jest „Luboń”",
		"302109;Powiat poznański;a@example.org":             "błąd: wiersz 2, kolumna „nazwa”: kod 302109",
		"3021;Kórnik;a@example.org":                         "błąd: wiersz 2, kolumna „nazwa”: kod 3021",
		"302109;Urząd Miejski w Kórniku;a@example.org":      "",
		"302109;Miasto i Gmina Kórnik;a@example.org":        "",
		"302109;Gmina Kórnik (siedziba);a@example.org":      "",
		"302109;Zielona Góra;a@example.org":                 "błąd: wiersz 2, kolumna „nazwa”",
		"3021;Starostwo Powiatowe w Poznaniu;a@example.org": "",
		"999999;;a@example.org":                             "nieznany kod TERYT 999999",
		"40801;;a@example.org":                              "wpisz 040801",
		"408011;;a@example.org":                             "wpisz 0408011",
		"30210;;a@example.org":                              "ma 5 cyfr",
		"abc;;a@example.org":                                "„abc” nie jest kodem TERYT",
		"00;;a@example.org":                                 "nieznany kod TERYT 00",
		";Lipno;a@example.org":                              "są 3 jednostki o nazwie „Lipno”",
		";Kurnik;a@example.org":                             "czy chodzi o: 302109 Kórnik",
		";;a@example.org":                                   "brak kodu i nazwy jednostki",
		// Addresses.
		"302109;Kórnik;":                               "uwaga: wiersz 2, kolumna „email”: brak adresu",
		"302109;Kórnik;rada(at)example.org":            "błąd: wiersz 2, kolumna „email”: „rada(at)example.org” nie jest adresem",
		"302109;Kórnik;a@gmial.com":                    "czy chodzi o gmail.com?",
		"302109;Kórnik;a@gmail.con":                    "czy chodzi o gmail.com?",
		"302109;Kórnik;a@kornik.lp":                    "czy chodzi o kornik.pl?",
		"302109;Kórnik;a@kornik":                       "nie jest nazwą domeny",
		"302109;Kórnik;żółw@example.org":               "uwaga: wiersz 2, kolumna „email”: „żółw@example.org” ma polskie litery",
		"302109;Kórnik;a@example.org a@example.org":    "jest już przy tej jednostce w wierszu 2",
		"302109;Kórnik;a@example.org A@example.org":    "różnią się tylko wielkością liter",
		"302109;Kórnik;\"a@example.org\nBcc: x@y.pl\"": "błąd",
	} {
		l, err := read(t, "l.csv", []byte("teryt;nazwa;email\n"+row+"\n"))
		if err != nil {
			t.Errorf("%s: %v", row, err)
			continue
		}
		var all []string
		for _, p := range l.Problems {
			all = append(all, p.String())
		}
		text := strings.Join(all, "\n")
		if want == "" && text != "" || !strings.Contains(text, want) {
			t.Errorf("%s: %q, want %q", row, text, want)
		}
		for _, p := range l.Problems {
			if p.Error && l.Rows[0].Area != "" && strings.Contains(p.Column, "nazwa") {
				t.Errorf("%s: the report of a row that contradicts itself would go out", row)
			}
		}
	}
}

// TestLostZeros reads codes that a spreadsheet took for numbers as imports read them: all
// together, and tells each.
func TestLostZeros(t *testing.T) {
	for list, want := range map[string][]string{
		"40801;a@example.org\n302109;b@example.org\n408;c@example.org\n4;d@example.org": {"2 040801 a@example.org", "3 302109 b@example.org", "4 0408 c@example.org", "5 04 d@example.org"},
		"408011;a@example.org\n3021093;b@example.org\n408052;c@example.org":             {"2 040801 a@example.org", "3 302109 b@example.org", "4 040805 c@example.org"},
		"0408000;a@example.org\n3021000;b@example.org":                                  {"2 0408 a@example.org", "3 3021 b@example.org"},
		"40801.0;a@example.org\n302109_3;b@example.org\n\"30 21 10\";c@example.org":     {"2 040801 a@example.org", "3 302109 b@example.org", "4 302110 c@example.org"},
	} {
		l, err := read(t, "l.csv", []byte("teryt;email\n"+list+"\n"))
		if err != nil || len(l.Errors()) > 0 || !slices.Equal(said(l), want) {
			t.Errorf("%s: %q, %v %v", list, said(l), err, l.Problems)
			continue
		}
		told := 0
		for _, p := range l.Problems {
			if strings.Contains(p.What, "nie ma zera na początku; odczytano go z zerem: 04") {
				told++
			}
		}
		lost := strings.Count("\n"+list, "\n4")
		if told != lost {
			t.Errorf("%s: %d of %d codes are told: %v", list, told, lost, l.Problems)
		}
	}
	// 204011 is a gmina of the voivodeship 20, or 0204011 without its zero: the name tells, or nobody.
	reg, err := stat.NewRegister("2026-01-01", []stat.Area{
		{Code: "00", Kind: stat.KindCountry, Name: "Polska"},
		{Code: "02", Kind: stat.KindVoivodeship, Name: "dolnośląskie"},
		{Code: "20", Kind: stat.KindVoivodeship, Name: "podlaskie"},
		{Code: "0204", Kind: stat.KindPowiat, Name: "górowski"},
		{Code: "2040", Kind: stat.KindPowiat, Name: "zmyślony"},
		{Code: "020401", Kind: stat.KindUrban, Name: "Góra"},
		{Code: "204011", Kind: stat.KindRural, Name: "Dół"},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for row, want := range map[string]string{"204011;;": "", "204011;Góra;": "020401", "204011;Dół;": "204011"} {
		l, err := Read(t.Context(), fstest.MapFS{"l.csv": {Data: []byte("teryt;nazwa;email\n" + row + "a@example.org\n")}}, "l.csv", reg)
		if err != nil || l.Rows[0].Area != want || (want == "") != (len(l.Errors()) > 0) {
			t.Errorf("%s: %+v, %v", row, l, err)
		}
	}
}

func TestAddresses(t *testing.T) {
	l, err := read(t, "l.csv", []byte("teryt;email;osoba;funkcja;zwrot\n"+
		"302109;\"Jan Kowalski <jan@kornik.example.org>; sekretariat@kornik.example.org\";;;\n"+
		"302101;urzad@łomża.pl;Anna Nowak;sekretarz;Szanowna Pani Sekretarz\n"))
	if err != nil || len(l.Problems) > 0 {
		t.Fatalf("%v, %v", l.Problems, err)
	}
	jan, anna := l.Rows[0].People[0], l.Rows[1].People[0]
	if jan.Address != "jan@kornik.example.org" || jan.Name != "Jan Kowalski" || l.Rows[0].People[1].Name != "" {
		t.Errorf("%+v", l.Rows[0].People)
	}
	if anna.Address != "urzad@xn--oma-0ta54a.pl" && !strings.HasPrefix(anna.Address, "urzad@xn--") || anna.Shown != "urzad@łomża.pl" || anna.Salutation != "Szanowna Pani Sekretarz" || anna.Role != "sekretarz" {
		t.Errorf("%+v", anna)
	}
	members := l.Members()
	if len(members) != 2 || members[1].People[anna.Address].Name != "Anna Nowak" || members[1].Name != "Luboń" {
		t.Errorf("%+v", members)
	}
}

func TestOneAddressForMany(t *testing.T) {
	l, err := read(t, "l.csv", []byte("teryt;email\n302109;a@example.org\n302101;A@example.org\n302102;\n302102;\n"))
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprint(l.Problems)
	for _, want := range []string{"na jeden adres „a@example.org” pójdą raporty 2 jednostek: Kórnik, Luboń", "Puszczykowo jest już w wierszu 4"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
	if left := l.Left(); len(left) != 1 || left[0].Area != "302102" {
		t.Errorf("without an address: %+v", left)
	}
}

// What is hidden is not read, or it is said: as in an import.
func TestHidden(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	fill := func(sheet string, rows ...[]any) {
		t.Helper()
		for i, r := range rows {
			if err := f.SetSheetRow(sheet, fmt.Sprint("A", i+1), &r); err != nil {
				t.Fatal(err)
			}
		}
	}
	fill("Sheet1", []any{"teryt", "email"}, []any{"302109", "stary@example.org"})
	for _, name := range []string{"Lista", "Druga", "Pomoc"} {
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
	}
	fill("Lista", []any{"teryt", "email"}, []any{"302101", "a@example.org"}, []any{"302102", "b@example.org"})
	fill("Druga", []any{"Stan na dziś"}, []any{"teryt", "email"}, []any{"302110", "c@example.org"})
	fill("Pomoc", []any{"jak wypełnić"})
	f.SetActiveSheet(1)
	for _, err := range []error{f.SetSheetVisible("Sheet1", false), f.SetColVisible("Lista", "B", false), f.SetRowVisible("Lista", 3, false)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	l, err := read(t, "l.xlsx", b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if m := l.Members(); len(m) != 2 || m[0].Area != "302101" || m[1].Area != "302102" {
		t.Errorf("%+v", m)
	}
	var got []string
	for _, p := range l.Problems {
		got = append(got, p.String())
	}
	want := []string{
		"uwaga: wiersz 3: wiersz jest ukryty, na przykład przez filtr, a należy do listy – usuń go albo odkryj",
		"uwaga: kolumna „email” jest ukryta, a jest czytana – odkryj ją i sprawdź",
		"uwaga: w ukrytym arkuszu „Sheet1” też jest lista; nie wczytano jej – odkryj arkusz i przenieś z niego wiersze albo go usuń",
		"uwaga: w arkuszu „Druga” też jest lista, a wczytano tylko arkusz „Lista” – przenieś wiersze do jednego arkusza albo podaj drugą listę w osobnym pliku",
	}
	if !slices.Equal(got, want) {
		t.Errorf("have\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestRefusesWhatIsNoList(t *testing.T) {
	for text, want := range map[string]string{
		"":                              "plik jest pusty",
		"a;b\n1;2\n":                    "nie ma w nim wiersza z nazwami kolumn; w pierwszym wierszu jest: „a”, „b”",
		"teryt;email\n":                 "lista jest pusta",
		"PK\x03\x04\x14\x00\x06\x00sko": "uszkodzony plik XLSX",
	} {
		_, err := read(t, "l.csv", []byte(text))
		var f *fault.Fault
		if !errors.As(err, &f) || !strings.Contains(f.What, want) || f.Hint == "" {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// names answers for the domain name system.
type names map[string][]*net.MX

func (n names) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	if mx, ok := n[name]; ok {
		return mx, nil
	}
	return nil, &net.DNSError{Name: name, IsNotFound: !strings.HasPrefix(name, "wolna"), IsTimeout: strings.HasPrefix(name, "wolna")}
}

func (n names) LookupHost(_ context.Context, name string) ([]string, error) {
	if name == "sama.example.org." {
		return []string{"192.0.2.1"}, nil
	}
	return nil, &net.DNSError{Name: name, IsNotFound: true}
}

func TestAsksForDomains(t *testing.T) {
	l, err := read(t, "l.csv", []byte("teryt;email\n302109;a@dobra.example.org b@sama.example.org\n302101;a@brak.example.org\n302102;a@zerowa.example.org\n302110;a@wolna.example.org\n"))
	if err != nil || len(l.Problems) > 0 {
		t.Fatal(l.Problems, err)
	}
	l.CheckDomains(t.Context(), names{"dobra.example.org.": {{Host: "mx.example.org."}}, "zerowa.example.org.": {{Host: "."}}})
	var got []string
	for _, p := range l.Problems {
		got = append(got, fmt.Sprintf("%d %v %s", p.Row, p.Error, p.What))
	}
	want := []string{
		"3 true domena brak.example.org nie istnieje albo nie przyjmuje poczty (brak MX)",
		"4 true domena zerowa.example.org ogłasza, że nie przyjmuje poczty",
		"5 false nie udało się sprawdzić domeny wolna.example.org",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func FuzzList(f *testing.F) {
	f.Add("teryt;email\n302109;rada@example.org\n")
	f.Add("\ufeffTERYT,E-mail\r\n302109,\"a@b.pl\r\n")
	f.Add("nazwa;powiat;email\nKórnik;poznański;Jan <a@b.pl>\n")
	r := register(f)
	f.Fuzz(func(t *testing.T, text string) {
		l, err := Read(context.Background(), fstest.MapFS{"l.csv": {Data: []byte(text)}}, "l.csv", r)
		if err != nil {
			var problem *fault.Fault
			if !errors.As(err, &problem) {
				t.Errorf("not a message for users: %v", err)
			}
			return
		}
		for _, m := range l.Members() {
			if _, ok := r.Area(stat.AreaCode(m.Area)); !ok {
				t.Errorf("area %q is not in the register", m.Area)
			}
			for _, a := range m.Recipients {
				if strings.ContainsAny(a, "\r\n<> ,") || strings.Count(a, "@") == 0 {
					t.Errorf("recipient %q", a)
				}
			}
		}
	})
}

// TestAddressColumn knows a column of addresses by a word of its head, and tells once where there is
// none that can be told apart.
func TestAddressColumn(t *testing.T) {
	for head, want := range map[string]string{
		"E-mail urzędu": "", "adres (e-mail)": "", "Mail sekretariatu": "", "email_urzedu": "",
		"Kontakt":                       "nie ma kolumny z adresami: raporty powstaną, a nikt ich nie dostanie; kolumn, których program nie zna, nie czyta: „Kontakt”",
		"e-mail wójta;e-mail skarbnika": "nie czyta: „e-mail wójta”, „e-mail skarbnika”",
	} {
		fsys := fstest.MapFS{"lista.csv": {Data: []byte("teryt;nazwa;" + head + "\n302109;Kórnik;rada@kornik.pl\n")}}
		l, err := Read(t.Context(), fsys, "lista.csv", register(t))
		if err != nil {
			t.Fatal(err)
		}
		told := ""
		for _, p := range l.Problems {
			told += p.String() + "\n"
		}
		letters := 0
		for _, m := range l.Members() {
			letters += len(m.Recipients)
		}
		if want == "" && (letters != 1 || told != "") || want != "" && (letters != 0 || strings.Count(told, "\n") != 1 || !strings.Contains(told, want)) {
			t.Errorf("%s: %d letters, told\n%s", head, letters, told)
		}
	}
}
