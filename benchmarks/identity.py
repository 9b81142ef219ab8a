"""Zhitu's resolver beside neo4j-graphrag's FuzzyMatchResolver, on the same pairs and texts.

::

    python -m benchmarks.identity [--data ../shared/data/written]

The peer is run with its own code (`compute_similarity` and `_consolidate_sets`, threshold
0.8, its default); only the database around it is left out. It sees what it would see in a
graph: surfaces as names, nodes by label. It is also given Zhitu's canonical names, to tell
apart what the names do and what the matching does. Prints Markdown tables.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path

from graph.identity import resolve
from tests.test_identity import marked, rows
from training.evaluate_identity import GROUPED, b_cubed, load_gold

THRESHOLD = 0.8


def peer() -> Callable[[str, str], float]:
    """The peer's similarity of two names, 0 to 1."""
    import neo4j
    from neo4j_graphrag.components.resolver import FuzzyMatchResolver

    # A driver connects when it is first used, and comparing two names never uses it.
    driver = neo4j.GraphDatabase.driver("bolt://127.0.0.1:7687")
    return FuzzyMatchResolver(driver).compute_similarity


def score_pairs() -> list[tuple[str, int, int, int]]:
    """(who, right, wrongly merged, wrongly split) over ``tests/data/identity_pairs.tsv``."""
    similar = peer()
    tallies: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for code_a, text_a, code_b, text_b, verdict, _ in rows("identity_pairs.tsv"):
        ends = [resolve(marked(text, code)) for code, text in ((code_a, text_a), (code_b, text_b))]
        ids = [d.mentions[-1].entity for d in ends]
        names = [
            next(e.name for e in d.entities if e.id == i) for d, i in zip(ends, ids, strict=True)
        ]
        surfaces = [d.mentions[-1].text for d in ends]
        verdicts = {
            "Zhitu": ids[0] == ids[1],
            "FuzzyMatchResolver, surfaces": similar(*surfaces) >= THRESHOLD,
            "FuzzyMatchResolver, canonical names": similar(*names) >= THRESHOLD,
            "equal surfaces": surfaces[0] == surfaces[1],
        }
        for who, same in verdicts.items():
            wanted = verdict == "same"
            tallies[who][0 if same == wanted else 1 if same else 2] += 1
    return [(who, *counts) for who, counts in tallies.items()]


def groups(names: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The peer's sets over (label, name) nodes: number of the set by node."""
    from neo4j_graphrag.components.resolver import FuzzyMatchResolver

    similar = peer()
    nodes = sorted(set(names))
    close = [
        {a, b}
        for a, b in combinations(nodes, 2)
        if a[0] == b[0] and similar(a[1], b[1]) >= THRESHOLD
    ]
    merged = FuzzyMatchResolver._consolidate_sets(close)
    number = {node: i for i, node in enumerate(nodes)}
    for i, members in enumerate(merged, len(nodes)):
        number |= dict.fromkeys(members, i)
    return number


def score_documents(data: Path, part: str) -> list[tuple[str, float, float]]:
    """(who, F1 within documents, F1 across) of B-cubed over organisations and places."""
    golds = load_gold(data, part)
    pairs: dict[str, dict[str, list]] = defaultdict(lambda: {"within": [], "across": []})
    everything = []
    from extract.header import read_header

    for gold in golds:
        resolved = resolve(read_header(gold.document))
        entities = {m.start: m.entity for m in resolved.mentions}
        chosen = [
            (m, entities[m.start], k)
            for m, k in zip(gold.document.mentions, gold.keys, strict=True)
            if m.type in GROUPED
        ]
        inside = groups([(m.type, m.text) for m, _, _ in chosen])
        for m, entity, k in chosen:
            here, key = gold.document.id, (m.type, k)
            everything.append((m.type, m.text))
            pairs["Zhitu"]["within"].append(((here, entity), (here, key)))
            pairs["Zhitu"]["across"].append((entity, key))
            pairs["equal surfaces"]["within"].append(((here, m.type, m.text), (here, key)))
            pairs["equal surfaces"]["across"].append(((m.type, m.text), key))
            found = (here, inside[m.type, m.text])
            pairs["FuzzyMatchResolver, surfaces"]["within"].append((found, (here, key)))
            pairs["FuzzyMatchResolver, surfaces"]["across"].append(((m.type, m.text), key))
    number = groups(everything)
    across = pairs["FuzzyMatchResolver, surfaces"]["across"]
    pairs["FuzzyMatchResolver, surfaces"]["across"] = [(number[s], k) for s, k in across]
    return [
        (who, b_cubed(found["within"]).f1, b_cubed(found["across"]).f1)
        for who, found in pairs.items()
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data/written"))
    parser.add_argument("--part", default="dev", choices=("dev", "train", "all"))
    args = parser.parse_args(arguments)
    print("| on the pairs | right | wrongly merged | wrongly split |\n|---|---|---|---|")
    for who, right, merged, split in score_pairs():
        print(f"| {who} | {right} of {right + merged + split} | {merged} | {split} |")
    print(f"\n| B-cubed F1, written {args.part} | within documents | across |\n|---|---|---|")
    for who, within, across in score_documents(args.data, args.part):
        print(f"| {who} | {within:.3f} | {across:.3f} |")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
