"""Recomputes every statistic of the real panel from the raw files and compares it with the
rows on standard input: code;group;indicator;year;n;median;low;high;rank;ties;position;
distance;change over a year;over five years;since the first year.
It shares no code with the program: other language, other library (NumPy), other way to
form the groups. Usage: check.py <folder of the real data> < rows"""

import csv
import itertools
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

# All figures as areas × indicators × years; NaN where there is none. A city has its figures
# on either tier.
codes = sorted(kind)
place = {c: i for i, c in enumerate(codes)}
indicators = sorted({ind for _, ind, _ in value})
years = range(2003, 2020)
figures = np.full((len(codes), len(indicators), len(years)), np.nan)
for (c, ind, y), v in value.items():
    if c in place:
        figures[place[c], indicators.index(ind), y - 2003] = v
for c, other in list(tiers.items()):
    if len(c) == 4:
        a, b = figures[place[c]].copy(), figures[place[other]].copy()
        figures[place[c]] = np.where(np.isnan(a), b, a)
        figures[place[other]] = np.where(np.isnan(b), a, b)


def figure(c, ind, year):
    v = figures[place[c], indicators.index(ind), year - 2003]
    return None if np.isnan(v) else v


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


AXES = [("60565", 1), ("76973", 0.5), ("60559", 2)]
spaces = {}


def structure(c):
    """The twelve nearest by the weighted sum of squared differences of standardised figures,
    over the axes on which the area itself has a figure."""
    if kind[c] not in spaces:
        codes = np.array(sorted(same[kind[c]]))
        x = np.array([[np.nan if figure(k, i, 2018) is None else figure(k, i, 2018) for i, _ in AXES] for k in codes], dtype=float)
        with np.errstate(all="ignore"):
            spaces[kind[c]] = codes, (x - np.nanmean(x, axis=0)) / np.nanstd(x, axis=0) * np.sqrt([w for _, w in AXES])
    codes, x = spaces[kind[c]]
    own = x[np.searchsorted(codes, c)]
    has = ~np.isnan(own)
    d = ((x[:, has] - own[has]) ** 2).sum(axis=1)
    d[codes == c] = -1
    best = sorted((round(v, 12), k) for v, k in zip(d, codes) if not np.isnan(v))
    return {str(k) for _, k in best[:13]}


def members(c, rule):
    if rule == "structure":
        return structure(c)
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


def described(group):
    """How many have a figure, and the quartiles where at least five have."""
    x = figures[group]
    n = (~np.isnan(x)).sum(axis=0)
    q = np.full((3, *n.shape), np.nan)
    whole = n == len(group)
    if len(group) >= 5 and whole.any():
        q[:, whole] = np.percentile(x[:, whole], [25, 50, 75], axis=0, method="linear")
    for i, y in np.argwhere((n >= 5) & ~whole):
        column = x[:, i, y]
        q[:, i, y] = np.percentile(column[~np.isnan(column)], [25, 50, 75], method="linear")
    return n, q


def equal(a, b):
    return (np.isnan(a) & np.isnan(b)) | (np.abs(a - b) <= 1e-9 * np.maximum(1, np.abs(b)))


percent = np.array([i in ("60565", "60566", "60567") for i in indicators])[:, None]


def change(before, now):
    with np.errstate(all="ignore"):
        return np.where(percent, now - before, np.where(before > 0, 100 * (now - before) / before, np.nan))


def shifted(own, by):
    out = np.full_like(own, np.nan)
    out[:, by:] = own[:, :-by]
    return out


def first(own):
    """The figure of the first year that has one, in all later years."""
    out = np.full_like(own, np.nan)
    for i, row in enumerate(own):
        at = np.flatnonzero(~np.isnan(row))
        if len(at) > 0:
            out[i, at[0] + 1 :] = row[at[0]]
    return out


def position(own, q, n, rank, ties):
    """The quarter by places, and where above or below hangs on the last bit of the median."""
    near = np.abs(own - q[1]) <= 1e-9 * np.maximum(1, np.abs(own))
    last = rank + ties - 1
    p = np.select([n < 8, own == q[1], 4 * last <= n, 4 * (n - rank + 1) <= n, own > q[1]], [1, 4, 2, 6, 3], 5)
    return np.where(rank == 0, 0, p), near


def expected(c, group, known):
    n, q = known
    own, x = figures[place[c]], figures[group]
    told = ~np.isnan(own) & (n >= 5)
    zero = np.nan_to_num(q)
    rank, ties = np.where(told, 1 + (x > own).sum(axis=0), 0), (x == own).sum(axis=0)
    return {
        "n": n, "median": zero[1], "low": zero[0], "high": zero[2],
        "rank": rank, "ties": ties,
        "position": position(own, q, n, rank, ties)[0], "distance": own - q[1],
        "year": change(shifted(own, 1), own), "five years": change(shifted(own, 5), own), "all years": change(first(own), own),
    }


cache, wrong, rows = {}, 0, 0
for (c, rule), lines in itertools.groupby((line.rstrip("\n").split(";") for line in sys.stdin), key=lambda f: (f[0], f[1])):
    lines = list(lines)
    rows += len(lines)
    group = np.array(sorted(place[m] for m in members(c, rule)))
    key = group.tobytes()
    known = cache.get(key) or described(group)
    if rule not in ("neighbours", "structure"):
        cache[key] = known
    want = expected(c, group, known)
    at = np.array([(indicators.index(f[2].removeprefix("bdl:")), int(f[3]) - 2003) for f in lines]).T
    have = np.array([[np.nan if t == "" else float(t) for t in f[4:]] for f in lines]).T
    ok = np.ones(len(lines), dtype=bool)
    for column, (name, w) in zip(have, want.items(), strict=True):
        same_here = equal(column, w[at[0], at[1]].astype(float))
        if name == "position":
            same_here |= position(figures[place[c]], known[1], known[0], want["rank"], want["ties"])[1][at[0], at[1]]
        ok &= same_here
    for i in np.flatnonzero(~ok):
        wrong += 1
        if wrong <= 5:
            print("differs:", ";".join(lines[i]), "want", {k: v[at[0][i], at[1][i]] for k, v in want.items()})
if wrong:
    sys.exit(f"{wrong} of {rows} rows differ")
print(f"{rows} rows equal")
