#!/usr/bin/env python3
"""Holds the figures of finished reports against the panel they were made from.

usage: check-figures.py PANEL.csv YEAR DIR

For every raport-<teryt>-<year>.pdf with its .xlsx in DIR: total income (BDL 76037) and
registered unemployed (BDL 10514) of the year stand in the text of the PDF and in a cell of
the workbook, to the last digit; where the panel has none, the GUS sign stands there. The
panel, pdftotext and openpyxl are independent of the program that wrote the files.
"""

import csv
import decimal
import pathlib
import subprocess
import sys
import unicodedata

import openpyxl

WANTED = {"76037": "dochody ogółem", "10514": "bezrobotni zarejestrowani"}


def digits(text):
    """The text without the blanks that group thousands."""
    return "".join(c for c in text if unicodedata.category(c) != "Zs" and c not in "\n\t")


def polish(value):
    """A figure as the report prints it, all its digits, without grouping."""
    return format(value, "f").replace(".", ",").replace("-", "\u2212")


def main(panel, year, folder):
    figures = {}
    with open(panel, encoding="utf-8-sig", newline="") as f:
        for row in csv.DictReader(f):
            if row["bdl_variable_id"] in WANTED:
                figures[row["teryt6"], row["bdl_variable_id"]] = row[year]
    checked = wrong = 0
    for pdf in sorted(pathlib.Path(folder).glob(f"*-{year}.pdf")):
        teryt = pdf.stem.split("-")[1]
        text = digits(subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout)
        book = openpyxl.load_workbook(pdf.with_suffix(".xlsx"), data_only=True, read_only=True)
        cells = {decimal.Decimal(repr(c)) for s in book for r in s.iter_rows(values_only=True) for c in r if isinstance(c, (int, float)) and not isinstance(c, bool)}
        for variable, name in WANTED.items():
            raw = figures.get((teryt, variable), "")
            if raw == "":
                print(f"{teryt}: {name} {year}: none in the panel")
                continue
            value = decimal.Decimal(raw)
            checked += 2
            if polish(value) not in text and polish(value.normalize()) not in text:
                wrong += 1
                print(f"{pdf.name}: {name} {polish(value)} does not stand in the text")
            if value not in cells and value.normalize() not in cells:
                wrong += 1
                print(f"{pdf.stem}.xlsx: {name} {value} stands in no cell")
    print(f"{checked} figures checked, {wrong} wrong")
    return 1 if wrong or not checked else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
