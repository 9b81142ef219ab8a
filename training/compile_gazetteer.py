"""Compile the raw gazetteer into the tables that `extract.gazetteer` ships.

::

    python -m training.compile_gazetteer --source ../shared/data/gazetteer

Writes ``divisions.tsv.xz``, ``villages.zip`` and ``universities.tsv`` beside the package.
``organs.tsv`` and ``nicknames.tsv`` are kept by hand; this script checks that every central
organ of the source is in ``organs.tsv``.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import lzma
import re
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "extract" / "gazetteer"

PLACEHOLDERS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
"""Rows of GB/T 2260 that are no place of their own, only a step in the numbering."""

_COMMITTEE = re.compile(r"(?:村民委员会|居民委员会|村委会|居委会|委员会)$")
_NO_VILLAGE = re.compile(r"虚拟|生活区$")


def village_name(name: str) -> str | None:
    """The village or community that a committee is named after; None for made-up ones.

    Examples
    --------
    >>> village_name("曾庙村民委员会"), village_name("八流村村民委员会")
    ('曾庙村', '八流村')
    >>> village_name("银闸社区居委会"), village_name("某区虚拟社区")
    ('银闸社区', None)
    """
    name = re.sub(r"\s+", "", name)
    if _NO_VILLAGE.search(name):
        return None
    stem = _COMMITTEE.sub("", name)
    if not stem:
        return None
    rural = "村委会" in name or "村民委员会" in name
    if rural and not stem.endswith(("村", "社区", "嘎查")):
        return stem + "村"
    if stem != name and not rural and not stem.endswith(("社区", "居", "村", "小区")):
        return stem + "社区"
    return stem


def compile_divisions(rows: Iterable[dict[str, str]]) -> str:
    """Sorted lines ``code name level parent lng lat``, placeholders folded away."""
    rows = list(rows)
    parent = {r["code"]: r["parent"] for r in rows}
    folded = {r["code"] for r in rows if r["name"] in PLACEHOLDERS}

    def real_parent(code: str) -> str:
        up = parent[code]
        if up and up not in parent:
            # A few new zones have townships and no row of their own.
            up = next(c for c in (up[:4] + "00", up[:2] + "0000") if c in parent)
        while up in folded:
            up = parent[up]
        return up

    lines = []
    for row in sorted(rows, key=lambda r: r["code"]):
        if row["code"] in folded:
            continue
        lng, lat = ((f"{float(row[k]):.4f}" if row[k] else "") for k in ("lng", "lat"))
        fields = (row["code"], row["name"].strip(), row["level"], real_parent(row["code"]))
        lines.append("\t".join((*fields, lng, lat)))
    return "\n".join(lines) + "\n"


def compile_villages(rows: Iterable[dict[str, str]]) -> dict[str, str]:
    """Text by county code: a line a village, ``code name``."""
    by_county: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if name := village_name(row["name"]):
            by_county[row["areaCode"]].append(f"{row['code']}\t{name}")
    return {county: "\n".join(sorted(lines)) + "\n" for county, lines in by_county.items()}


def write_villages(path: Path, by_county: dict[str, str]) -> None:
    """One archive member a prefecture, so that one county costs a few milliseconds."""
    by_prefecture: dict[str, list[str]] = defaultdict(list)
    for county, text in sorted(by_county.items()):
        by_prefecture[county[:4]].append(text)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        for prefecture, texts in sorted(by_prefecture.items()):
            # A fixed date keeps the file the same from one run to the next.
            archive.writestr(
                zipfile.ZipInfo(f"{prefecture}.tsv", (1980, 1, 1, 0, 0, 0)),
                "".join(texts),
                zipfile.ZIP_LZMA,
            )


def missing_organs(source: dict) -> list[str]:
    """Central organs of the source that ``organs.tsv`` knows under no name."""
    table = (PACKAGE / "organs.tsv").read_text(encoding="utf-8")
    known = {
        name
        for line in table.splitlines()
        if line and not line.startswith("#")
        for field in line.split("\t")
        for name in field.split()
    }
    return [
        name
        for branch in source["branches"]
        if branch["id"] not in ("provincial", "municipal", "media")
        for agency in branch["agencies"]
        for name in agency["name_cn"].split(" / ")
        if name not in known and not name.endswith(("省", "市")) and branch["name_cn"] != "媒体"
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", type=Path, default=Path("../shared/data/gazetteer"))
    args = parser.parse_args(arguments)
    with open(args.source / "divisions.csv", encoding="utf-8", newline="") as file:
        divisions = compile_divisions(csv.DictReader(file))
    (PACKAGE / "divisions.tsv.xz").write_bytes(lzma.compress(divisions.encode(), preset=9))
    raw = lzma.decompress((args.source / "villages.csv.xz").read_bytes()).decode()
    write_villages(
        PACKAGE / "villages.zip", compile_villages(csv.DictReader(io.StringIO(raw, newline="")))
    )
    universities = json.loads((args.source / "universities.json").read_text(encoding="utf-8"))
    (PACKAGE / "universities.tsv").write_text(
        # The source gives latitude first; a few have no position.
        "".join(
            f"{name}\t{at[1]:.4f}\t{at[0]:.4f}\n" if at else f"{name}\t\t\n"
            for name, at in sorted(universities.items())
        ),
        encoding="utf-8",
    )
    organs = json.loads((args.source / "central_organs.json").read_text(encoding="utf-8"))
    if missing := missing_organs(organs):
        print("not in organs.tsv: " + ", ".join(missing), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
