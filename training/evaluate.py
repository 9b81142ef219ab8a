"""Exact and relaxed span F1, by type and source, of the model and of all it is part of.

Usage::

    python -m training.evaluate [--model NAME_OR_DIR] [--backend onnx|torch] [FILE.jsonl ...]
    python -m training.evaluate --identity [...]
    python -m training.evaluate --relations [...]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from extract.documents import Document, Sentence
from extract.recognise import load_recogniser
from graph.ontology import TAG_OF_LABEL
from training.data import SHARED, Example, read_examples
from training.scores import Score, score

DEV = (SHARED / "data/annotated/dev.jsonl", SHARED / "data/written/dev.jsonl")


@dataclass(frozen=True)
class Found:
    """Gold and found spans of each sentence, with their documents and texts."""

    examples: list[Example]
    spans: list[list[tuple[int, int, str]]]
    confidences: list[list[float]]
    sources: list[list[str]]


def as_documents(examples: list[Example]) -> list[Document]:
    """Make one document of all sentences of each document, in their order."""
    documents: dict[str, list[Example]] = {}
    for example in examples:
        documents.setdefault(example.document, []).append(example)
    made = []
    for name, rows in documents.items():
        sentences, text = [], ""
        for row in rows:
            start = len(text)
            offsets = tuple(range(start, start + len(row.text)))
            sentences.append(Sentence(row.id, start, start + len(row.text), row.text, offsets))
            text += row.text + "\n"
        made.append(Document(name, name, text, sentences=tuple(sentences)))
    return made


def find(recogniser, examples: list[Example]) -> Found:
    """Recognise whole documents and give the spans back by sentence."""
    by_id = {example.id: example for example in examples}
    order, spans, sure, sources = [], [], [], []
    for document in recogniser.recognise_all(as_documents(examples)):
        base = len(order)
        for sentence in document.sentences:
            order.append(by_id[sentence.id])
            spans.append([])
            sure.append([])
            sources.append([])
        for mention in document.mentions:
            span = (mention.begin, mention.begin + len(mention.text), TAG_OF_LABEL[mention.type])
            spans[base + mention.sentence].append(span)
            sure[base + mention.sentence].append(mention.confidence)
            sources[base + mention.sentence].append(mention.source)
    return Found(order, spans, sure, sources)


def origin(document: str) -> str:
    """Which kind of text a document of the annotated data is.

    >>> origin("贵州省"), origin("written1_8"), origin("gc82")
    ('reports', 'county documents', 'news')
    """
    if document.startswith("written"):
        return "county documents"
    return "news" if document[0].isascii() else "reports"


def errors(found: Found) -> tuple[Counter, Counter]:
    """Names missed and names found that are none, with their tags, counted."""
    missed: Counter = Counter()
    extra: Counter = Counter()
    for example, spans in zip(found.examples, found.spans, strict=True):
        gold = set(example.spans)
        missed.update((example.text[s:e], tag) for s, e, tag in gold - set(spans))
        extra.update((example.text[s:e], tag) for s, e, tag in set(spans) - gold)
    return missed, extra


def reliability(found: Found, bins: int = 10) -> list[tuple[float, float, int]]:
    """Mean confidence, share that is right, and count, by bin of confidence."""
    rows: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for example, spans, sure in zip(found.examples, found.spans, found.confidences, strict=True):
        for span, p in zip(spans, sure, strict=True):
            rows[min(int(p * bins), bins - 1)].append((p, span in example.spans))
    return [
        (sum(p for p, _ in row) / len(row), sum(ok for _, ok in row) / len(row), len(row))
        for row in rows
        if row
    ]


def print_scores(title: str, table: dict[str, Score]) -> None:
    print(f"\n{title}\n{'type':10}{'F1':>8}{'precision':>11}{'recall':>8}{'gold':>7}{'found':>7}")
    for name, s in table.items():
        print(f"{name:10}{s.f1:8.3f}{s.precision:11.3f}{s.recall:8.3f}{s.wanted:7}{s.found:7}")


def report(path: Path, recogniser, *, name: str, details: bool) -> dict:
    """Print what `recogniser` does on one file and return its F1 by type."""
    examples = read_examples(path)
    begun = time.perf_counter()
    found = find(recogniser, examples)
    seconds = time.perf_counter() - begun
    gold = [example.spans for example in found.examples]
    table = score(gold, found.spans)
    characters = sum(len(example.text) for example in examples)
    print_scores(f"{path}: {name}, exact ({characters / seconds:,.0f} characters/s)", table)
    relaxed = score(gold, found.spans, relaxed=True)
    print("relaxed F1: " + "  ".join(f"{k} {v.f1:.3f}" for k, v in relaxed.items()))
    if details:
        for kind in sorted({origin(example.document) for example in examples}):
            chosen = [i for i, e in enumerate(found.examples) if origin(e.document) == kind]
            part = score([gold[i] for i in chosen], [found.spans[i] for i in chosen])
            print(f"{kind}: " + "  ".join(f"{k} {v.f1:.3f}" for k, v in part.items()))
        right: Counter = Counter()
        total: Counter = Counter()
        for example, spans, sources in zip(found.examples, found.spans, found.sources, strict=True):
            for span, source in zip(spans, sources, strict=True):
                total[source] += 1
                right[source] += span in example.spans
        print("by source: " + "  ".join(f"{s} {right[s]}/{total[s]} right" for s in total))
        print("\nreliability: confidence, share right, mentions")
        for mean, share, count in reliability(found):
            print(f"  {mean:.2f}  {share:.2f}  {count}")
        for title, counts in zip(("missed", "extra"), errors(found), strict=True):
            top = "、".join(f"{text} {tag} {n}" for (text, tag), n in counts.most_common(30))
            print(f"\nmost frequent {title}: {top}")
    return {tag: round(s.f1, 4) for tag, s in table.items()}


def main(argv: list[str] | None = None) -> int:
    args = list(sys.argv[1:] if argv is None else argv)
    for flag, module in (
        ("--identity", "training.evaluate_identity"),
        ("--relations", "training.evaluate_relations"),
    ):
        if flag in args:
            from importlib import import_module

            args.remove(flag)
            return import_module(module).main(args)
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE.jsonl")
    parser.add_argument("--model", default="accurate")
    parser.add_argument("--backend", default="onnx", choices=("onnx", "torch"))
    parser.add_argument("--dictionary", type=Path)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--json", type=Path, help="also write the F1 values here")
    options = parser.parse_args(args)
    results = {}
    whole = load_recogniser(
        options.model,
        backend=options.backend,
        dictionary=options.dictionary,
        threads=options.threads,
    )
    from dataclasses import replace

    alone = replace(whole, rules=False)
    for path in options.files or DEV:
        results[str(path)] = {
            "model": report(path, alone, name="the model alone", details=False),
            "whole": report(path, whole, name="the whole recogniser", details=True),
        }
    if options.json:
        options.json.write_text(json.dumps(results, ensure_ascii=False, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
