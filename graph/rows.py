"""From extracted documents to the rows that the loader writes.

Pure functions: no database in here. A row is a dict of properties that Bolt can carry;
absent values are left out, so that both stores keep them alike (as nothing).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from extract.documents import Document, Relation
from graph.entities import Entity
from graph.ontology import LABELS, RELATIONS
from zhitu.errors import StoreError

Row = dict[str, Any]


@dataclass(frozen=True)
class Rows:
    """What some documents come to. Entities by label, relations by type."""

    documents: list[Row] = field(default_factory=list)
    issuers: list[Row] = field(default_factory=list)
    sentences: list[Row] = field(default_factory=list)
    mentions: list[Row] = field(default_factory=list)
    entities: dict[str, dict[str, Row]] = field(default_factory=dict)
    relations: dict[str, list[Row]] = field(default_factory=dict)

    @property
    def relationships(self) -> int:
        """How many relationships they come to."""
        relations = sum(len(rows) for rows in self.relations.values())
        # One IN_DOCUMENT a sentence.
        return relations + len(self.mentions) + len(self.issuers) + len(self.sentences)


def make_rows(documents: Iterable[Document], version: str) -> Rows:
    """Turn documents into the rows that represent them.

    Parameters
    ----------
    documents : iterable of Document
        Extracted, with different ids.
    version : str
        Version of the extractor, kept with each document.

    Raises
    ------
    StoreError
        If a document contradicts the ontology or itself: an unknown label or relation
        type, or an entity that it does not list.
    """
    rows = Rows()
    for document in documents:
        _add(rows, document, version)
    return rows


def _add(rows: Rows, document: Document, version: str) -> None:
    rows.documents.append(document_row(document, version))
    entities = {entity.id: entity for entity in document.entities}
    sentence_ids = [sentence.id for sentence in document.sentences]
    for number, sentence in enumerate(document.sentences):
        properties = _present(
            id=sentence.id,
            number=number,
            text=sentence.text,
            start=sentence.start,
            end=sentence.end,
            section=sentence.section,
            status=sentence.status,
        )
        rows.sentences.append({"document": document.id, "properties": properties})
    surfaces: dict[str, set[str]] = defaultdict(set)
    for mention in document.mentions:
        if mention.entity is None:
            continue
        entity = _listed(entities, mention.entity, document)
        surfaces[entity.id].add(mention.text)
        properties = _present(
            start=mention.start,
            end=mention.end,
            begin=mention.begin,
            text=mention.text,
            confidence=mention.confidence,
            source=mention.source,
            reason=entity.reason or None,
        )
        rows.mentions.append(
            {
                "entity": entity.id,
                "sentence": sentence_ids[mention.sentence],
                "properties": properties,
            }
        )
    supported = set(surfaces)
    if document.issuer is not None:
        supported.add(_listed(entities, document.issuer, document).id)
        rows.issuers.append({"document": document.id, "entity": document.issuer})
    for type_, relations in relation_rows(document).items():
        rows.relations.setdefault(type_, []).extend(relations)
        for row in relations:
            supported.add(_listed(entities, row["head"], document).id)
            supported.add(_listed(entities, row["tail"], document).id)
    # An entity that nothing of the document speaks of would never be taken out again.
    for id_ in sorted(supported):
        _add_entity(rows, entities[id_], surfaces[id_])


def _add_entity(rows: Rows, entity: Entity, surfaces: set[str]) -> None:
    if entity.type not in LABELS:
        raise StoreError(f"entity {entity.id!r} has type {entity.type!r}; known: {LABELS}")
    of_label = rows.entities.setdefault(entity.type, {})
    row = of_label.setdefault(entity.id, entity_row(entity))
    row["aliases"] = sorted({*row["aliases"], *surfaces} - {entity.name})


def entity_row(entity: Entity) -> Row:
    """The properties of an entity that its identity decides, and no aliases yet."""
    return _present(
        id=entity.id,
        name=entity.name,
        aliases=[],
        code=entity.code,
        level=entity.level,
        path=entity.path,
        lng=entity.lng,
        lat=entity.lat,
    )


def document_row(document: Document, version: str) -> Row:
    """The properties of a document's node."""
    header = document.header
    jurisdiction = header.jurisdiction
    return _present(
        id=document.id,
        name=document.name,
        source=document.source,
        version=version,
        title=header.title,
        kind=header.kind,
        meeting=header.meeting,
        date=header.date,
        speaker=header.speaker,
        post=header.post,
        jurisdiction=jurisdiction.path if jurisdiction else None,
        code=jurisdiction.code if jurisdiction else None,
        level=jurisdiction.level if jurisdiction else None,
        # Ids of corrections made by hand: seen, and those that changed something.
        corrections=list(document.corrections) or None,
        applied=list(document.applied) or None,
    )


def relation_rows(document: Document) -> dict[str, list[Row]]:
    """Gather a document's claims: one relationship per head, type and tail.

    Where several sentences say the same, all their ids are kept, in the order of the
    text, and the most confident gives evidence, rule and status; titles are joined by
    ``、``. Claims about unresolved mentions, or of a thing about itself, are left out;
    links are added where no sentence says the same.

    Returns
    -------
    dict of str to list of dict
        By relation type: ``head``, ``tail`` (entity ids) and ``properties``.
    """
    claims: dict[tuple[str, str, str], list[Relation]] = defaultdict(list)
    for relation in document.relations:
        if relation.type not in RELATIONS:
            raise StoreError(f"document {document.name}: unknown relation {relation.type!r}")
        head = document.issuer if relation.head is None else document.mentions[relation.head].entity
        tail = document.mentions[relation.tail].entity
        if head is None or tail is None or head == tail:
            continue
        if RELATIONS[relation.type].symmetric:
            head, tail = sorted((head, tail))
        claims[head, relation.type, tail].append(relation)
    rows: dict[str, list[Row]] = {}
    for (head, type_, tail), relations in claims.items():
        properties = _claim(document, relations)
        rows.setdefault(type_, []).append({"head": head, "tail": tail, "properties": properties})
    for link in document.links:
        if link.type not in RELATIONS:
            raise StoreError(f"document {document.name}: unknown relation {link.type!r}")
        key = (link.head, link.type, link.tail)
        if link.head == link.tail or key in claims:
            continue
        claims[key] = []
        properties = {"document": document.id, "source": link.source}
        rows.setdefault(link.type, []).append(
            {"head": link.head, "tail": link.tail, "properties": properties}
        )
    return rows


def _claim(document: Document, relations: list[Relation]) -> Row:
    best = max(relations, key=lambda relation: (relation.confidence, -relation.sentence))
    said = sorted({relation.sentence for relation in relations})
    titles = dict.fromkeys(relation.title for relation in relations if relation.title)
    return _present(
        document=document.id,
        source="text",
        sentences=[document.sentences[number].id for number in said],
        evidence=document.sentences[best.sentence].text,
        confidence=best.confidence,
        rule=best.rule,
        title="、".join(titles) or None,
        status=best.status,
    )


def _listed(entities: dict[str, Entity], id_: str, document: Document) -> Entity:
    try:
        return entities[id_]
    except KeyError:
        raise StoreError(
            f"document {document.name}: entity {id_!r} is used but not listed"
        ) from None


def _present(**properties: Any) -> Row:
    return {name: value for name, value in properties.items() if value is not None}
