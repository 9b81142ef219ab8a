"""How often kind, issuer and jurisdiction of a document's header are right.

::

    python -m training.evaluate_documents [--part dev] [--data ../shared/data/written] [--verbose]

Over the written documents (whole texts, nothing given). The kinds of ``documents.jsonl`` are
finer than ours and mapped by `KINDS`. An issuer counts as right when it is the same body of
the same division (阜康市融媒体中心 is 新疆维吾尔自治区昌吉回族自治州阜康市融媒体中心); the
share that is equal to the letter is given beside it. Also the share of annotated sentences
that the segmenter cuts in the same way. Exits 1 below the bar of 0.95.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from extract.gazetteer import addresses, path
from extract.header import read_header
from extract.kinds import CONGRESS, CPPCC, DEPARTMENT, GOVERNMENT, NEWS
from extract.read import make_document
from extract.sentences import segment

BAR = 0.95
DATA = Path("../shared/data/written")
KINDS: dict[str, str] = {
    "政协常委会工作报告": CPPCC,
    "政府工作报告": GOVERNMENT,
    "人大常委会工作报告": CONGRESS,
    "部门工作总结": DEPARTMENT,
    "政协调研报告": DEPARTMENT,
    "地方新闻": NEWS,
    "新闻": NEWS,
}
"""Kind in ``documents.jsonl`` to kind in `extract.kinds`."""


@dataclass(frozen=True)
class HeaderScores:
    """Shares of `documents` between 0 and 1; `errors` says what was wrong, a line each."""

    documents: int
    kind: float
    issuer: float
    issuer_literal: float
    jurisdiction: float
    sentences: float
    errors: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether kind, issuer and jurisdiction each reach the bar."""
        return min(self.kind, self.issuer, self.jurisdiction) >= BAR

    def lines(self) -> list[str]:
        """The scores for people."""
        return [
            f"documents      {self.documents}",
            f"kind           {self.kind:.3f}",
            f"issuer         {self.issuer:.3f}  (to the letter {self.issuer_literal:.3f})",
            f"jurisdiction   {self.jurisdiction:.3f}",
            f"sentences      {self.sentences:.3f}  cut as in the annotated data",
        ]


def same_issuer(found: str | None, gold: str, jurisdiction: str) -> bool:
    """Whether two names are one body of one division.

    Examples
    --------
    >>> same_issuer("浙江省衢州市常山县融媒体中心", "常山县融媒体中心", "浙江省衢州市常山县")
    True
    >>> same_issuer("浙江省衢州市融媒体中心", "常山县融媒体中心", "浙江省衢州市常山县")
    False
    """
    if found == gold:
        return True
    readings = [a for a in addresses(gold) if path(a.division) == jurisdiction]
    return bool(readings) and found == jurisdiction + gold[readings[0].end :]


def score_headers(data: Path = DATA, part: str = "dev") -> HeaderScores:
    """Read the header of every document of a part and compare it with the gold.

    Parameters
    ----------
    data : Path
        Folder with ``documents.jsonl``, ``docs/`` and the sentences of each part.
    part : str
        ``train``, ``dev`` or ``all``.
    """
    gold_sentences: dict[str, list[str]] = defaultdict(list)
    for name in ("train", "dev") if part == "all" else (part,):
        for line in (data / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            gold_sentences[row["id"].rsplit(":", 1)[0]].append(row["text"])
    right = dict.fromkeys(("kind", "issuer", "literal", "jurisdiction"), 0)
    errors: list[str] = []
    documents = sentences = alike = 0
    for line in (data / "documents.jsonl").read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        if part not in (gold["part"], "all"):
            continue
        documents += 1
        name = gold["document"]
        text = (data / "docs" / f"{name}.txt").read_text(encoding="utf-8")
        document = read_header(segment(make_document(text, name)))
        header = document.header
        where = header.jurisdiction.path if header.jurisdiction else None
        checks = {
            "kind": (header.kind, KINDS.get(gold["kind"], gold["kind"])),
            "jurisdiction": (where, gold["jurisdiction"]),
            "issuer": (header.issuer, gold["issuer"]),
        }
        for what, (found, expected) in checks.items():
            same = found == expected
            if what == "issuer":
                right["literal"] += same
                same = same_issuer(found, expected, gold["jurisdiction"])
            right[what] += same
            if not same:
                errors.append(f"{name}: {what} {found}, gold {expected}")
        ours = {sentence.text for sentence in document.sentences}
        sentences += len(gold_sentences[name])
        alike += sum(text in ours for text in gold_sentences[name])
    if not documents:
        raise SystemExit(f"{data}: no documents of part {part!r}; try --part dev, train or all")
    share = {what: count / documents for what, count in right.items()}
    return HeaderScores(
        documents=documents,
        kind=share["kind"],
        issuer=share["issuer"],
        issuer_literal=share["literal"],
        jurisdiction=share["jurisdiction"],
        sentences=alike / sentences,
        errors=tuple(errors),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the scores; 1 below the bar."""
    parser = argparse.ArgumentParser(prog="python -m training.evaluate_documents")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--part", default="dev", choices=("train", "dev", "all"))
    parser.add_argument("--verbose", action="store_true", help="print every error")
    given = parser.parse_args(arguments)
    scores = score_headers(given.data, given.part)
    print("\n".join(scores.lines()))
    if given.verbose:
        print("\n".join(scores.errors))
    return 0 if scores.passed else 1


if __name__ == "__main__":
    raise SystemExit(main())
