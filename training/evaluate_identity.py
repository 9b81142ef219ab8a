"""How well mentions are grouped into entities, with gold mentions, on the written documents.

::

    python -m training.evaluate --identity [--part dev] [--data ../shared/data/written] [--verbose]

B-cubed precision, recall and F1 over organisations and places: within each document
(averaged over mentions), and with all documents thrown together, so that what two documents
share must be one and what they only call alike must be two. Also how often issuer, kind and
jurisdiction of the header are right. Exits 1 below the bar of 0.95.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from extract.documents import Document, Mention
from extract.header import read_header
from extract.sentences import segment
from graph.identity import resolve
from graph.ontology import LABEL_OF_TAG
from training.evaluate_documents import KINDS, same_issuer

BAR = 0.95
GROUPED = ("Organization", "Place")


@dataclass(frozen=True)
class Gold:
    """A written document with its gold mentions; `keys[i]` is that of mention number i."""

    document: Document
    keys: tuple[str, ...]
    kind: str
    issuer: str
    jurisdiction: str


@dataclass(frozen=True)
class BCubed:
    """B-cubed scores, between 0 and 1, over `mentions` mentions."""

    precision: float
    recall: float
    mentions: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def b_cubed(pairs: Iterable[tuple[Hashable, Hashable]]) -> BCubed:
    """B-cubed of a grouping against gold (Bagga and Baldwin, 1998).

    Parameters
    ----------
    pairs : iterable of (system key, gold key)
        One a mention.

    Examples
    --------
    >>> b_cubed([("a", 1), ("a", 1), ("b", 1), ("b", 2)]).precision
    0.75
    """
    pairs = list(pairs)
    system: dict[Hashable, int] = defaultdict(int)
    gold: dict[Hashable, int] = defaultdict(int)
    both: dict[Hashable, int] = defaultdict(int)
    for s, k in pairs:
        system[s] += 1
        gold[k] += 1
        both[s, k] += 1
    n = len(pairs)
    precision = sum(both[s, k] / system[s] for s, k in pairs) / n
    recall = sum(both[s, k] / gold[k] for s, k in pairs) / n
    return BCubed(precision, recall, n)


def load_gold(data: Path, part: str) -> list[Gold]:
    """Read the written documents of a part, with gold mentions instead of recognised ones."""
    found = []
    for line in (data / "documents.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if part not in (row["part"], "all"):
            continue
        text = (data / "docs" / f"{row['document']}.txt").read_text(encoding="utf-8")
        document = segment(Document(row["document"], row["document"] + ".txt", text))
        mentions, keys = [], []
        for start, end, tag, canonical in row["mentions"]:
            mentions.append(_mention(document, start, end, LABEL_OF_TAG[tag]))
            keys.append(canonical or text[start:end])
        found.append(
            Gold(
                replace(document, mentions=tuple(mentions)),
                tuple(keys),
                row["kind"],
                row["issuer"],
                row["jurisdiction"],
            )
        )
    return found


def _mention(document: Document, start: int, end: int, label: str) -> Mention:
    for number, sentence in enumerate(document.sentences):
        if sentence.start <= start < sentence.end:
            begin = next((i for i, at in enumerate(sentence.offsets) if at >= start), 0)
            return Mention(start, end, document.text[start:end], label, number, begin, 1.0, "gold")
    raise ValueError(f"{document.name}: no sentence holds characters {start}-{end}")


def evaluate(golds: Sequence[Gold], *, verbose: bool = False) -> dict[str, object]:
    """Resolve each document and score it.

    Returns
    -------
    dict
        ``within`` and ``across`` (`BCubed`), and ``issuer``, ``kind``, ``jurisdiction``
        (share of documents that are right).
    """
    within, across = [], []
    right = {"issuer": 0, "kind": 0, "jurisdiction": 0}
    for gold in golds:
        document = resolve(read_header(gold.document))
        # A mention may have been parted (省市委): the gold one is then judged by its first part.
        found = {m.start: m.entity for m in document.mentions}
        rows = [
            (found[m.start], k, m)
            for m, k in zip(gold.document.mentions, gold.keys, strict=True)
            if m.type in GROUPED
        ]
        within += [((document.id, s), (document.id, m.type, k)) for s, k, m in rows]
        across += [(s, (m.type, k)) for s, k, m in rows]
        header = document.header
        issuer = next((e.name for e in document.entities if e.id == document.issuer), None)
        place = header.jurisdiction.path if header.jurisdiction else None
        checks = {
            "issuer": (same_issuer(issuer, gold.issuer, gold.jurisdiction), gold.issuer, issuer),
            "kind": (header.kind == KINDS.get(gold.kind, gold.kind), gold.kind, header.kind),
            "jurisdiction": (place == gold.jurisdiction, gold.jurisdiction, place),
        }
        for name, (ok, wanted, got) in checks.items():
            right[name] += ok
            if verbose and not ok:
                print(f"{document.id}\t{name}\twanted {wanted}\tgot {got}")
        if verbose:
            _show_errors(document.id, rows)
    if verbose:
        _show_across(across)
    return {
        "within": b_cubed(within),
        "across": b_cubed(across),
        **{name: count / len(golds) for name, count in right.items()},
    }


def _show_errors(document: str, rows: list) -> None:
    by_gold, by_system = defaultdict(set), defaultdict(set)
    for s, k, m in rows:
        by_gold[m.type, k].add((s, m.text))
        by_system[s].add((k, m.text))
    for (_, k), found in by_gold.items():
        if len({s for s, _ in found}) > 1:
            print(f"{document}\tsplit\t{k}\t{sorted(found)}")
    for s, found in by_system.items():
        if len({k for k, _ in found}) > 1:
            print(f"{document}\tmixed\t{s}\t{sorted(found)}")


def _show_across(pairs: list) -> None:
    by_gold, by_system = defaultdict(set), defaultdict(set)
    for s, k in pairs:
        by_gold[k].add(s)
        by_system[s].add(k)
    for k, found in by_gold.items():
        if len(found) > 1:
            print(f"across\tsplit\t{k}\t{sorted(found)}")
    for s, found in by_system.items():
        if len(found) > 1:
            print(f"across\tmixed\t{s}\t{sorted(found)}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the scores of a part; 1 if any is below `BAR`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data/written"))
    parser.add_argument("--part", default="dev", help="part of documents.jsonl, or all")
    parser.add_argument("--verbose", action="store_true", help="list every wrong grouping")
    args = parser.parse_args(arguments)
    golds = load_gold(args.data, args.part)
    if not golds:
        parser.error(f"{args.data} holds no document of part {args.part!r}; try --part all")
    scores = evaluate(golds, verbose=args.verbose)
    for name in ("within", "across"):
        s = scores[name]
        figures = f"P {s.precision:.4f}  R {s.recall:.4f}  F1 {s.f1:.4f}"
        print(f"{name:<13} {figures}  ({s.mentions} mentions)")
    for name in ("issuer", "kind", "jurisdiction"):
        print(f"{name:<13} {scores[name]:.4f}  ({len(golds)} documents)")
    lowest = min(
        scores["within"].f1,
        scores["across"].f1,
        *(scores[n] for n in ("issuer", "kind", "jurisdiction")),
    )
    return 0 if lowest >= BAR else 1


if __name__ == "__main__":
    raise SystemExit(main())
