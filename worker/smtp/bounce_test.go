package smtp_test

import (
	"errors"
	"strings"
	"testing"

	mail "github.com/raportjst/raportjst/worker/smtp"
)

// report is a notification as Postfix writes it.
const report = `From: MAILER-DAEMON@poczta.example.org
To: raporty@zgw.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: text/plain; charset=us-ascii

This is the mail system.

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; poczta.example.org
Arrival-Date: Tue, 20 Apr 2027 08:00:00 +0200

Final-Recipient: rfc822; sekretariat@urzad.example.org
Original-Recipient: rfc822;Rada@urzad.example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <sekretariat@urzad.example.org>:
    User unknown

Final-Recipient: rfc822; b@urzad.example.org
Action: delayed
Status: 4.4.1

--x
Content-Type: text/rfc822-headers

Message-ID: <abcdef@zgw.example>
Subject: =?utf-8?q?Za=C5=82=C4=85cznik?=

--x--
`

func TestReadBounce(t *testing.T) {
	all, err := mail.ReadBounce(strings.NewReader(strings.ReplaceAll(report, "\n", "\r\n")))
	if err != nil || len(all) != 2 {
		t.Fatalf("%+v, %v", all, err)
	}
	want := mail.Bounce{MessageID: "abcdef@zgw.example", Recipient: "Rada@urzad.example.org", Action: "failed", Status: "5.1.1", Diagnostic: "550 5.1.1 <sekretariat@urzad.example.org>: User unknown"}
	if all[0] != want {
		t.Errorf("%+v", all[0])
	}
	if all[1].Action != "delayed" || all[1].Recipient != "b@urzad.example.org" {
		t.Errorf("%+v", all[1])
	}
	for _, text := range []string{"", "Subject: x\n\nzwykły list", "Content-Type: multipart/report; boundary=x\n\n--x", "Content-Type: message/delivery-status\n\nReporting-MTA: dns; a\n"} {
		if all, err := mail.ReadBounce(strings.NewReader(text)); !errors.Is(err, mail.ErrNoBounce) {
			t.Errorf("%q: %+v, %v", text, all, err)
		}
	}
}

func FuzzReadBounce(f *testing.F) {
	f.Add(report)
	f.Add("Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\nAction: failed\n")
	f.Fuzz(func(t *testing.T, text string) {
		all, err := mail.ReadBounce(strings.NewReader(text))
		if (err == nil) != (len(all) > 0) {
			t.Errorf("%d bounces, %v", len(all), err)
		}
		for _, b := range all {
			if strings.ContainsAny(b.Recipient+b.Diagnostic, "\r\n") {
				t.Errorf("%+v", b)
			}
		}
	})
}
