"""What `benchmarks.load` loads: extracted reports, multiplied."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from extract.documents import Document
from graph.rows import Row, Rows, make_rows

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT.parent / "shared" / "data" / "corpus" / "reports"
KEPT = ROOT / "build" / "benchmark-documents.pickle"


def load_documents(folder: Path) -> list[Document]:
    """The extracted documents; extracted anew if the reports or the extractor changed."""
    from extract.read import find_files, read_documents
    from extract.recognise import recogniser_version
    from zhitu.pipeline import extract_all, extractor_version
    from zhitu.settings import load_settings

    settings = load_settings({})
    read = [document for path in find_files([folder]) for document in read_documents(path)]
    key = (extractor_version(recogniser_version(settings.model)), [each.id for each in read])
    if KEPT.exists():
        kept_key, documents = pickle.loads(KEPT.read_bytes())
        if kept_key == key:
            return documents
    documents = list(extract_all(read, settings))
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_bytes(pickle.dumps((key, documents)))
    return documents


@dataclass(frozen=True)
class Corpus:
    """Documents, `copies` times under other ids, numbered from `first` on.

    Each set of entities serves `share` of the copies.
    """

    documents: list[Document]
    copies: int
    share: int = 1
    first: int = 0

    @property
    def sets(self) -> int:
        """Sets of entities."""
        return -(-self.copies // self.share)

    def __iter__(self) -> Iterator[Document]:
        for number in range(self.copies):
            end, of_set = f"·{self.first + number}", f"·{self.first + number % self.sets}"
            for document in self.documents:
                yield _copy(document, end, of_set)


def _copy(document: Document, end: str, of_set: str) -> Document:
    """One document under another id, with the entities of a set."""
    entities = (
        replace(one, id=one.id + of_set, name=one.name + of_set) for one in document.entities
    )
    return replace(
        document,
        id=document.id + end,
        source=document.source + end,
        sentences=tuple(replace(one, id=one.id + end) for one in document.sentences),
        mentions=tuple(
            replace(one, entity=one.entity + of_set) if one.entity else one
            for one in document.mentions
        ),
        entities=tuple(entities),
        links=tuple(
            replace(one, head=one.head + of_set, tail=one.tail + of_set) for one in document.links
        ),
        issuer=document.issuer + of_set if document.issuer else None,
    )


def rows_of(corpus: Corpus) -> Rows:
    """Entities and relations of all copies, each head, type and tail once.

    Copies with the same heads have the tails of other sets, so that none of them repeats another.
    """
    one = make_rows(corpus.documents, "benchmark")
    once = {
        type_: list({(row["head"], row["tail"]): row for row in reversed(relations)}.values())
        for type_, relations in one.relations.items()
    }
    ends = {row[end] for of_type in once.values() for row in of_type for end in ("head", "tail")}
    names = [f"·{corpus.first + number}" for number in range(corpus.sets)]
    entities = {
        label: {
            id_ + name: {**row, "id": id_ + name, "name": row["name"] + name}
            for name in names
            for id_, row in of_label.items()
            if id_ in ends
        }
        for label, of_label in one.entities.items()
    }
    relations: dict[str, list[Row]] = {type_: [] for type_ in once}
    for number in range(corpus.copies):
        distance, head = divmod(number, corpus.sets)
        of_heads, of_tails = names[head], names[(head + distance) % corpus.sets]
        for type_, rows in once.items():
            relations[type_] += (
                {**row, "head": row["head"] + of_heads, "tail": row["tail"] + of_tails}
                for row in rows
            )
    return Rows(entities=entities, relations=relations)
