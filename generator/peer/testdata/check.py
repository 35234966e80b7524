"""Recomputes every statistic of the real panel from the raw files and compares it with the
rows on standard input: code;group;indicator;year;n;median;low;high;rank;position;change.
It shares no code with the program: other language, other library (NumPy), other way to
form the groups. Usage: check.py <folder of the real data> < rows"""

import csv
import sys
from collections import defaultdict

import numpy as np

root = sys.argv[1]
kind = {}
with open(root + "/register/units.csv", encoding="utf-8") as f:
    for r in csv.DictReader(f):
        c = r["teryt6"]
        city = len(c) >= 4 and int(c[2:4]) >= 61
        kind[c] = ("city", len(c)) if city else (r["terc_kind"], len(c))

value = {}
with open(root + "/bdl/panel_gminy_2003_2019.csv", encoding="utf-8") as f:
    for r in csv.DictReader(f):
        for y in range(2003, 2020):
            if r[str(y)] != "":
                value[r["teryt6"], r["bdl_variable_id"], y] = float(r[str(y)])

tiers = {}
for c in kind:
    if kind[c] == ("city", 4):
        kids = [k for k in kind if len(k) == 6 and k[:4] == c]
        if len(kids) == 1:
            tiers[c], tiers[kids[0]] = kids[0], c


def figure(c, ind, year):
    v = value.get((c, ind, year))
    if v is None and c in tiers:
        v = value.get((tiers[c], ind, year))
    return v


near = defaultdict(set)
for name in ("gminy", "powiaty"):
    with open(root + f"/boundaries/adjacency_{name}.tsv", encoding="utf-8") as f:
        for r in csv.DictReader(f, delimiter="\t"):
            near[r["a"]].add(r["b"])
            near[r["b"]].add(r["a"])

same = defaultdict(list)
for c in kind:
    same[kind[c]].append(c)

BANDS = [0, 30, 60, 120, 500, float("inf")]


def band(c):
    v = figure(c, "60559", 2018)
    return None if v is None else max(i for i in range(len(BANDS) - 1) if v >= BANDS[i])


bands = {c: band(c) for c in kind}


def members(c, rule):
    if rule == "neighbours":
        return {c} | near[c]
    if rule == "powiat" and len(c) == 6:
        return {k for k in kind if len(k) == 6 and k[:4] == c[:4]}
    if rule == "country":
        return set(same[kind[c]])
    here = {k for k in same[kind[c]] if k[:2] == c[:2]}
    if rule in ("voivodeship", "powiat"):
        return here
    whole = here if len(here) >= 10 else set(same[kind[c]])
    if bands[c] is None:
        return whole
    small = {k for k in here if bands[k] == bands[c]}
    if len(small) < 10:
        small = {k for k in same[kind[c]] if bands[k] == bands[c]}
    return small if len(small) >= 5 else whole


def close(a, b):
    return abs(a - b) <= 1e-9 * max(1, abs(b))


cache, described, wrong, rows = {}, {}, 0, 0


def describe(group, ind, year):
    if (group, ind, year) not in described:
        vs = np.array([v for v in (figure(m, ind, year) for m in group) if v is not None])
        described[group, ind, year] = vs, np.percentile(vs, [25, 50, 75], method="linear") if len(vs) >= 5 else None
    return described[group, ind, year]


for line in sys.stdin:
    c, rule, ind, year, n, med, low, high, rank, position, change = line.rstrip("\n").split(";")
    ind, year = ind.removeprefix("bdl:"), int(year)
    rows += 1
    if (c, rule) not in cache:
        cache = {(c, rule): frozenset(members(c, rule))}
    vs, quarters = describe(cache[c, rule], ind, year)
    own = figure(c, ind, year)
    ok = len(vs) == int(n)
    want_position = 0
    if len(vs) >= 5:
        q1, q2, q3 = quarters
        ok = ok and close(float(med), q2) and close(float(low), q1) and close(float(high), q3)
        if own is not None:
            ok = ok and int(rank) == 1 + int((vs > own).sum())
            if own == q2:
                want_position = 3
            elif own >= q3 or close(own, q3):
                want_position = 1
            elif own > q2:
                want_position = 2
            elif own <= q1 or close(own, q1):
                want_position = 5
            else:
                want_position = 4
    else:
        ok = ok and float(med) == 0 and int(rank) == 0
    if int(position) != want_position and not (own is not None and len(vs) >= 5 and min(abs(own - q) for q in (q1, q2, q3)) < 1e-9 * max(1, abs(own))):
        ok = False
    before = figure(c, ind, year - 5)
    if own is None or before is None or (not ind.startswith("6056") and before <= 0) or (ind == "60559" and before <= 0):
        ok = ok and change == ""
    else:
        percent = ind in ("60565", "60566", "60567")
        want = own - before if percent else 100 * (own - before) / before
        ok = ok and change != "" and close(float(change), want)
    if not ok:
        wrong += 1
        if wrong <= 5:
            print("differs:", line.strip(), "have n", len(vs), "own", own)
if wrong:
    sys.exit(f"{wrong} of {rows} rows differ")
print(f"{rows} rows equal")
