package locale

import (
	"time"
	_ "time/tzdata" // Warsaw is there on every machine
)

// Warsaw is the zone of all times that people read.
var Warsaw = func() *time.Location {
	z, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		panic(err) // the zones are in the program
	}
	return z
}()

// Day writes the day of a time for people, in Polish time: "2.04.2027".
func Day(t time.Time) string { return t.In(Warsaw).Format("2.01.2006") }

// Clock writes a time for people, in Polish time: "2.04.2027, 9:14"; "" for none.
func Clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(Warsaw).Format("2.01.2006, 15:04")
}
