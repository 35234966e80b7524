package locale

import "github.com/raportjst/raportjst/generator/stat"

// KindWords are the words for a kind of areas.
type KindWords struct {
	Name   string // "miasto na prawach powiatu"
	Short  string // where it tells areas of one name apart: "miasto"
	Plural string // "miasta na prawach powiatu"
	Tier   string // the areas of its tier in the plural, those of gminas together: "gminy"
	Key    string // in templates: "miasto-na-prawach-powiatu"
	Noun   AreaNoun
}

// Kind is the words for a kind; they are empty for none.
func Kind(k stat.Kind) KindWords { return kinds[k] }

// Tier is the areas of a level in the plural: "gminy".
func Tier(l stat.Level) string {
	return kinds[map[stat.Level]stat.Kind{
		stat.LevelCountry: stat.KindCountry, stat.LevelVoivodeship: stat.KindVoivodeship, stat.LevelPowiat: stat.KindPowiat, stat.LevelGmina: stat.KindRural,
	}[l]].Tier
}

var kinds = map[stat.Kind]KindWords{
	stat.KindUrban:       {"gmina miejska", "gmina miejska", "gminy miejskie", "gminy", "gmina-miejska", Gmina},
	stat.KindRural:       {"gmina wiejska", "gmina wiejska", "gminy wiejskie", "gminy", "gmina-wiejska", Gmina},
	stat.KindUrbanRural:  {"gmina miejsko-wiejska", "gmina miejsko-wiejska", "gminy miejsko-wiejskie", "gminy", "gmina-miejsko-wiejska", Gmina},
	stat.KindCity:        {"miasto na prawach powiatu", "miasto", "miasta na prawach powiatu", "miasta na prawach powiatu", "miasto-na-prawach-powiatu", Miasto},
	stat.KindPowiat:      {"powiat", "powiat", "powiaty", "powiaty", "powiat", Powiat},
	stat.KindVoivodeship: {"województwo", "województwo", "województwa", "województwa", "wojewodztwo", Wojewodztwo},
	stat.KindCountry:     {"kraj", "kraj", "kraje", "kraj", "kraj", Kraj},
}
