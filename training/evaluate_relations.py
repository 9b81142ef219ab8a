"""Score relations on annotated sentences: with gold mentions and with predicted ones.

A relation counts once a document as (head surface, type, tail surface), ``@ISSUER`` for
the unsaid subject, symmetric relations in either order.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from extract.documents import Document, Header, Sentence
from extract.relations import relate, relate_sentences
from graph.ontology import ISSUER, RELATION_TYPES
from training.relations_data import (
    ANNOTATED,
    WRITTEN,
    Example,
    Triple,
    canonical,
    read_relations,
)

DEV_SETS = (ANNOTATED / "dev.jsonl", WRITTEN / "dev.jsonl")

Found = dict[str, dict[Triple, str]]
"""For each document its triples, and a sentence that says each."""


@dataclass
class Score:
    """Counts of one relation type: right, drawn and annotated."""

    right: int = 0
    drawn: int = 0
    gold: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.drawn if self.drawn else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.drawn + self.gold) if self.drawn + self.gold else 0.0


def gold(examples: Iterable[Example]) -> Found:
    """Collect what the annotators drew."""
    found: Found = defaultdict(dict)
    for example in examples:
        for triple in example.relations:
            found[example.document].setdefault(triple, example.text)
    return found


def drawn_on_gold_mentions(examples: Iterable[Example]) -> Found:
    """Relate every document's sentences with their annotated mentions."""
    found: Found = defaultdict(dict)
    by_document: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_document[example.document].append(example)
    for name, members in by_document.items():
        drawn = relate_sentences(
            [(example.text, example.spans) for example in members], speaks=members[0].speaks
        )
        for example, claims in zip(members, drawn, strict=True):
            surfaces = [example.text[span.begin : span.end] for span in example.spans]
            for claim in claims:
                head = ISSUER if claim.head is None else surfaces[claim.head]
                triple = canonical((head, claim.type, surfaces[claim.tail]))
                found[name].setdefault(triple, example.text)
    return found


def drawn_on_predicted_mentions(
    examples: Iterable[Example], recognise: Callable[[Document], Document]
) -> Found:
    """Recognise and relate every document; its text is its sentences in order."""
    found: Found = defaultdict(dict)
    by_document: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_document[example.document].append(example)
    for name, sentences in by_document.items():
        document = relate(recognise(as_document(name, sentences)))
        for relation in document.relations:
            head = ISSUER if relation.head is None else document.mentions[relation.head].text
            triple = canonical((head, relation.type, document.mentions[relation.tail].text))
            found[name].setdefault(triple, document.sentences[relation.sentence].text)
    return found


def as_document(name: str, examples: list[Example]) -> Document:
    """Make a document of annotated sentences, one a line; a report where its issuer speaks.

    >>> from training.relations_data import Example
    >>> two = [Example("县", str(n), "全县开工。", (), frozenset(), (), True) for n in range(2)]
    >>> document = as_document("县", two)
    >>> document.sentences[1].start, document.header.kind
    (6, '工作报告')
    """
    sentences, start = [], 0
    for example in examples:
        end = start + len(example.text)
        offsets = tuple(range(start, end))
        sentences.append(Sentence(f"{name}:{example.number}", start, end, example.text, offsets))
        start = end + 1
    header = Header(kind="工作报告", issuer=name) if examples[0].speaks else Header(kind="新闻")
    text = "\n".join(example.text for example in examples)
    return Document(name, name, text, header=header, sentences=tuple(sentences))


def score(gold: Found, drawn: Found) -> dict[str, Score]:
    """Count by type; ``all`` is the micro average.

    >>> scores = score({"d": {("a", "PART_OF", "b"): ""}}, {"d": {("a", "PART_OF", "b"): ""}})
    >>> scores["all"].f1
    1.0
    """
    scores = {r.name: Score() for r in RELATION_TYPES} | {"all": Score()}
    for document in {*gold, *drawn}:
        expected, got = gold.get(document, {}), drawn.get(document, {})
        for triple in {*expected, *got}:
            for row in (scores[triple[1]], scores["all"]):
                row.right += triple in expected and triple in got
                row.drawn += triple in got
                row.gold += triple in expected
    return scores


def errors(gold: Found, drawn: Found) -> list[tuple[int, str, str]]:
    """Group the errors by kind: how many, which kind, one example.

    A kind is what went wrong with which relation of which ends: ``missed``, ``extra``, or
    ``TYPE read as TYPE`` where the same two ends were joined by another type.
    """
    counts: Counter[str] = Counter()
    example: dict[str, str] = {}
    for document in sorted({*gold, *drawn}):
        expected, got = gold.get(document, {}), drawn.get(document, {})
        missed = {t for t in expected if t not in got}
        extra = {t for t in got if t not in expected}
        for head, relation, tail in sorted(missed | extra):
            triple = (head, relation, tail)
            unsaid = f"{ISSUER} " if head == ISSUER else ""
            swapped = next((o for o in extra if o != triple and {o[0], o[2]} == {head, tail}), None)
            if triple in missed and swapped:
                kind = f"{unsaid}{relation} read as {swapped[1]}"
            else:
                kind = f"{unsaid}{relation} {'missed' if triple in missed else 'extra'}"
            counts[kind] += 1
            where = expected.get(triple) or got[triple]
            example.setdefault(kind, f"{head} → {tail}: {where}")
    return [(count, kind, example[kind]) for kind, count in counts.most_common()]


def _print_table(scores: dict[str, Score]) -> None:
    print(f"{'relation':<18}{'P':>7}{'R':>7}{'F1':>7}{'right':>7}{'drawn':>7}{'gold':>7}")
    for name, row in scores.items():
        if row.gold or row.drawn:
            print(
                f"{name:<18}{row.precision:7.3f}{row.recall:7.3f}{row.f1:7.3f}"
                f"{row.right:7}{row.drawn:7}{row.gold:7}"
            )


def main(args: list[str] | None = None) -> int:
    """Print the tables; the command line of ``python -m training.evaluate --relations``."""
    parser = argparse.ArgumentParser(prog="training.evaluate --relations", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, default=list(DEV_SETS))
    parser.add_argument(
        "--mentions", choices=("gold", "predicted", "both"), default="both", help="which mentions"
    )
    parser.add_argument("--model", default="accurate", help="recogniser for predicted mentions")
    parser.add_argument("--errors", type=int, default=30, help="kinds of errors to list")
    options = parser.parse_args(args)
    for path in options.paths:
        examples = read_relations(path)
        expected = gold(examples)
        tables = {}
        if options.mentions != "predicted":
            tables["gold mentions"] = drawn_on_gold_mentions(examples)
        if options.mentions != "gold":
            from extract.recognise import load_recogniser

            recogniser = load_recogniser(options.model)
            tables["predicted mentions"] = drawn_on_predicted_mentions(
                examples, recogniser.recognise
            )
        for name, drawn in tables.items():
            print(f"\n## {path.parent.name}/{path.name}, {name}")
            _print_table(score(expected, drawn))
            print(f"\nMost frequent errors ({name}):")
            for count, kind, example in errors(expected, drawn)[: options.errors]:
                print(f"{count:4}  {kind}: {example}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
