package report

import "io/fs"

// Template is a report template (szablon raportu): what is shown, in which order, against
// which group. It is read from reports/<id>/report.toml; the tags are the keys of the file.
// The published JSON Schema is made from these types, and so is the advice on a mistyped
// key; the doc tag is the Polish explanation in it.
type Template struct {
	ID          string     `toml:"id" doc:"identyfikator szablonu, taki jak nazwa katalogu" required:"true"`
	Version     string     `toml:"version" doc:"wydanie szablonu, np. \"1.0\"" required:"true"`
	Title       string     `toml:"title" doc:"nazwa szablonu na liście"`
	Description string     `toml:"description" doc:"jedno zdanie o szablonie"`
	Extends     string     `toml:"extends" doc:"szablon, którego ustawienia są przejmowane"`
	Kinds       []string   `toml:"kinds" doc:"rodzaje jednostek, dla których szablon powstał" enum:"kind"`
	Default     bool       `toml:"default" doc:"szablon wybierany dla tych rodzajów, gdy nie podano innego"`
	Subject     string     `toml:"subject" doc:"czego dotyczy raport, gdy wymaga wyboru: usługi albo obszaru (szablon:nazwa)" enum:"subject"`
	Union       bool       `toml:"union" doc:"raport o wszystkich członkach grupy, bez jednostki opisywanej"`
	Areas       []string   `toml:"areas" doc:"kody TERYT jednostek, dla których szablon jest przeznaczony; puste: wszystkich"`
	Cover       Cover      `toml:"cover" doc:"okładka"`
	Group       Group      `toml:"group" doc:"grupa porównawcza"`
	Summary     Summary    `toml:"summary" doc:"strona „Najważniejsze informacje”"`
	Comparison  Comparison `toml:"comparison" doc:"tabela na tle grupy porównawczej"`
	Chapters    []Chapter  `toml:"chapter" doc:"rozdziały w kolejności"`
	Order       []string   `toml:"order" doc:"kolejność rozdziałów (id); niewymienione stoją na końcu"`
	Omit        []string   `toml:"omit" doc:"rozdziały (id), których się nie drukuje"`
	MaxAge      int        `toml:"max_age" doc:"ile lat najwyżej może mieć najnowsza wartość wskaźnika"`
}

// Cover is what the title page says.
type Cover struct {
	Name   string   `toml:"name" doc:"nazwa na okładce; puste: nazwa jednostki"`
	Title  []string `toml:"title" doc:"wiersze tytułu; {rok} to rok sprawozdawczy"`
	Foot   string   `toml:"foot" doc:"tytuł w stopce strony; puste: wiersze tytułu razem"`
	Author string   `toml:"author" doc:"wydawca dokumentu"`
	Legal  string   `toml:"legal" doc:"uwaga prawna na końcu dokumentu"`
	Arms   string   `toml:"arms" normal:"-" doc:"plik z herbem, PNG lub JPEG, w katalogu szablonu"`
	ArmsOf string   `toml:"arms_alt" doc:"opis herbu dla osób niewidomych"`
	Logo   string   `toml:"logo" normal:"-" doc:"plik ze znakiem związku, PNG lub JPEG, w katalogu szablonu"`
	LogoOf string   `toml:"logo_alt" doc:"opis znaku dla osób niewidomych"`
}

// Group is the rule of the peer group.
type Group struct {
	Rule       string             `toml:"rule" doc:"reguła doboru grupy" enum:"rule"`
	Size       []string           `toml:"size" doc:"wskaźniki liczby ludności; liczy się pierwszy, który jest w danych"`
	Bands      []float64          `toml:"bands" doc:"granice klas wielkości, rosnąco"`
	Min        int                `toml:"min" doc:"poniżej ilu jednostek grupa jest rozszerzana na kraj"`
	Nearest    int                `toml:"nearest" doc:"ile najbliższych jednostek (reguła structure)"`
	Structure  map[string]float64 `toml:"structure" doc:"wskaźniki podobieństwa i ich wagi (reguła structure)"`
	Members    []string           `toml:"members" doc:"kody TERYT członków (reguła list)"`
	Name       string             `toml:"name" doc:"nazwa grupy (reguła list), np. „gminy członkowskie Związku Gmin Wzorcowych”"`
	Types      string             `toml:"types" normal:"-" doc:"plik CSV lub XLSX z kolumnami teryt, typ, nazwa w katalogu szablonu (reguła type)"`
	TypesTitle string             `toml:"types_title" doc:"nazwa klasyfikacji (reguła type)"`
}

// Summary is the page „Najważniejsze informacje”.
type Summary struct {
	Title    string     `toml:"title" doc:"tytuł strony; puste: strony nie ma"`
	Cards    [][]string `toml:"cards" doc:"karty; każda to lista wskaźników, z których drukowany jest pierwszy mający wartość"`
	Findings int        `toml:"findings" doc:"liczba ustaleń, od 5 do 7"`
	Lead     [][]string `toml:"lead" doc:"ustalenia zawsze drukowane na początku; każde to lista wskaźników jak w kartach"`
}

// Comparison is the table „na tle grupy porównawczej”.
type Comparison struct {
	Title string   `toml:"title" doc:"tytuł strony; puste: strony nie ma"`
	Rows  []string `toml:"indicators" doc:"wskaźniki tabeli; puste: po kilka z każdego rozdziału"`
	Each  int      `toml:"each" doc:"ile wskaźników najwyżej z każdego rozdziału"`
}

// Chapter is a chapter that fills itself from the catalogue.
type Chapter struct {
	ID         string   `toml:"id" doc:"identyfikator rozdziału" required:"true"`
	Title      string   `toml:"title" doc:"tytuł rozdziału" required:"true"`
	Short      string   `toml:"short" doc:"krótki tytuł do nagłówka strony"`
	Indicators []string `toml:"indicators" doc:"wskaźniki wybrane po identyfikatorze, w kolejności"`
	Area       string   `toml:"area" doc:"obszar, z którego brane są wszystkie wskaźniki"`
	Others     bool     `toml:"others" doc:"rozdział powtarzany dla każdego obszaru danych, którego nie ma w innym rozdziale; {obszar} w tytule to jego nazwa"`
	Service    string   `toml:"service" doc:"usługa, z której brane są wszystkie wskaźniki"`
	Dimension  string   `toml:"dimension" doc:"wymiar wskaźników" enum:"dimension"`
	Except     []string `toml:"except" doc:"wskaźniki pomijane; {wiek} to grupa wieku w identyfikatorze"`
	Lead       []string `toml:"lead" doc:"wskaźniki omawiane w akapicie pod tytułem; puste: pierwsze trzy"`
	Silent     bool     `toml:"silent" doc:"bez akapitu pod tytułem"`
	Text       string   `toml:"text" normal:"-" doc:"plik Markdown w katalogu szablonu drukowany na początku rozdziału"`
	Blocks     []Block  `toml:"block" doc:"bloki rozdziału; puste: wykres i tabela lat"`

	files  fs.FS  // the folder of the template that defines the chapter
	folder string // the same as its author finds it
}

// Block is one table or figure of a chapter.
type Block struct {
	Kind       string   `toml:"kind" doc:"rodzaj bloku" enum:"block" required:"true"`
	Indicator  []string `toml:"indicator" doc:"wskaźnik; drukowany jest pierwszy z listy, który ma wartości"`
	Indicators []string `toml:"indicators" doc:"wskaźniki bloku w kolejności"`
	Title      string   `toml:"title" doc:"tytuł; puste: ułożony z danych"`
	Subtitle   string   `toml:"subtitle" doc:"podtytuł; puste: jednostka i lata"`
	Note       string   `toml:"note" doc:"uwaga pod blokiem"`
	Names      []string `toml:"names" doc:"krótkie nazwy wskaźników bloku, w ich kolejności"`

	Scope   string    `toml:"scope" doc:"obszar mapy; puste: odpowiedni dla rodzaju jednostki" enum:"scope"`
	Classes string    `toml:"classes" doc:"sposób podziału na klasy" enum:"classes"`
	Breaks  []float64 `toml:"breaks" doc:"stałe granice klas mapy, rosnąco"`
	Left    string    `toml:"left" doc:"wskaźniki lewej strony piramidy; {wiek} to grupa wieku w identyfikatorze"`
	Right   string    `toml:"right" doc:"wskaźniki prawej strony piramidy; {wiek} to grupa wieku w identyfikatorze"`
	Steps   []string  `toml:"steps" doc:"składniki wykresu kaskadowego: \"bdl:1\" na początku, potem \"+bdl:2\", \"-bdl:3\", na końcu \"=bdl:4\""`
}
