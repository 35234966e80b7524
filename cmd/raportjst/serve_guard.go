package main

import (
	"bytes"
	"errors"
	"net"
	"net/netip"
	"os"
	"slices"
	"strconv"

	"github.com/pelletier/go-toml/v2"

	"github.com/raportjst/raportjst/generator/fault"
	"github.com/raportjst/raportjst/worker/web"
)

// guardFlags say who may ask the portal, and who runs it.
type guardFlags struct {
	Host           []string `env:"RAPORTJST_HOST" placeholder:"NAZWA" help:"Nazwa, pod którą działa portal, np. raport.example.pl; inne są odrzucane. Bez niej portal na tym komputerze (127.0.0.1) odpowiada tylko pod jego nazwami, a portal w sieci pod każdą." group:"Dostęp do portalu"`
	TrustedProxies []string `name:"trusted-proxy" env:"RAPORTJST_TRUSTED_PROXY" placeholder:"ADRES" help:"Adres lub sieć serwera pośredniczącego (TLS), któremu wierzyć, skąd jest gość (nagłówki opisuje README), np. 10.0.0.0/8." group:"Dostęp do portalu"`
	LocalOperator  bool     `env:"RAPORTJST_LOCAL_OPERATOR" help:"Kto otwiera portal na tym komputerze, jest jego administratorem (zamawia listy jednostek i całe województwa). Nie włączać, gdy na tym komputerze działa serwer pośredniczący: jego goście też nimi będą." group:"Dostęp do portalu"`
	Site           string   `env:"RAPORTJST_SITE" placeholder:"PLIK" help:"Plik (TOML) z danymi tego, kto prowadzi portal: deklaracja dostępności, dane osobowe, kontakt." group:"Dostęp do portalu"`
	Token          string   `hidden:"" env:"RAPORTJST_TOKEN"`
	TokenFile      string   `hidden:"" env:"RAPORTJST_TOKEN_FILE"`
}

// guard reads them for a portal that listens at an address.
func (f guardFlags) guard(at net.Addr) (web.Guard, error) {
	g := web.Guard{Hosts: slices.Clone(f.Host), Local: f.LocalOperator}
	if tcp, ok := at.(*net.TCPAddr); ok && tcp.IP.IsLoopback() {
		g.Hosts = append(g.Hosts, "localhost", "127.0.0.1", "::1", tcp.IP.String())
	}
	for _, s := range f.TrustedProxies {
		p, err := netip.ParsePrefix(s)
		if a, one := netip.ParseAddr(s); one == nil {
			p, err = netip.PrefixFrom(a, a.BitLen()), nil
		}
		if err != nil {
			return g, &fault.Fault{Where: "--trusted-proxy " + strconv.Quote(s), What: "to nie jest adres IP ani sieć", Hint: "podaj na przykład 10.0.0.5 albo 10.0.0.0/8", Err: err}
		}
		g.Proxies = append(g.Proxies, p)
	}
	var err error
	g.Token, err = secret("RAPORTJST_TOKEN", f.Token, f.TokenFile)
	return g, err
}

// site reads who runs the portal; nothing is known where no file is named.
func (f guardFlags) site() (web.Site, error) {
	var s web.Site
	if f.Site == "" {
		return s, nil
	}
	where := "--site " + f.Site
	body, err := os.ReadFile(f.Site)
	if err != nil {
		return s, &fault.Fault{Where: where, What: "nie można odczytać pliku", Hint: "sprawdź ścieżkę i prawa do pliku", Err: err}
	}
	if err := toml.NewDecoder(bytes.NewReader(body)).DisallowUnknownFields().Decode(&s); err != nil {
		what := err.Error()
		var strict *toml.StrictMissingError
		if errors.As(err, &strict) {
			what = "nieznane pole"
		}
		return s, &fault.Fault{Where: where, What: "nie można odczytać danych: " + what, Hint: "pola: podmiot, adres, osoba, email, telefon, siedziba, iod, data_publikacji, data_aktualizacji, data_sporzadzenia, data_przegladu, status, tresci_niedostepne, podstawa, architektura", Err: err}
	}
	if err := s.Check(); err != nil {
		return s, &fault.Fault{Where: where, What: err.Error(), Hint: "popraw plik", Err: err}
	}
	return s, nil
}
