"""What a graph holds, independent of the store: for comparing and for verifying copies."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graph.networks import DOCUMENTS, ENTITIES, ISSUERS, MENTIONS, RELATIONSHIPS, SENTENCES
from graph.ontology import LABELS, RELATIONS

if TYPE_CHECKING:
    from graph.store import Store


@dataclass(frozen=True)
class Checksum:
    """How many things of a kind there are, and a digest of all they say.

    The digest is the sum of the things' own SHA-256, so their order does not matter.
    """

    count: int = 0
    digest: int = 0

    def __add__(self, other: Checksum) -> Checksum:
        return Checksum(self.count + other.count, (self.digest + other.digest) % 2**256)


def checksums(
    store: Store, documents: Collection[str] | None = None, *, aliases: bool = True
) -> dict[str, Checksum]:
    """Sum up what the store holds, by kind.

    Parameters
    ----------
    store : Store
    documents : collection of str, optional
        Content ids; only these documents and what they say are summed, and the entities
        that they speak of. None for all.
    aliases : bool
        Whether the entities' aliases count: they come from all documents together.

    Returns
    -------
    dict of str to Checksum
        By label (``Organization``, ``Document``, ...) and relationship type.
    """
    sums: dict[str, Checksum] = {}
    for kind, thing in things(store, documents, aliases=aliases):
        text = json.dumps(thing, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
        digest = int.from_bytes(hashlib.sha256(text.encode()).digest())
        sums[kind] = sums.get(kind, Checksum()) + Checksum(1, digest)
    return dict(sorted(sums.items()))


def things(
    store: Store, documents: Collection[str] | None = None, *, aliases: bool = True
) -> Iterator[tuple[str, list[Any]]]:
    """List every node and relationship by ids and properties alone.

    Yields
    ------
    tuple of str and list
        Kind (label or relationship type) and what makes the thing: for a node its
        properties, for a relationship the ids of its ends and its properties.
    """
    wanted = None if documents is None else set(documents)
    spoken: set[str] = set()
    sentences: set[str] = set()
    for (properties,) in store.read(DOCUMENTS).rows:
        if wanted is None or properties["id"] in wanted:
            yield "Document", [properties]
    for document, properties in store.read(SENTENCES).rows:
        if wanted is None or document in wanted:
            sentences.add(properties["id"])
            yield "Sentence", [properties]
            yield "IN_DOCUMENT", [properties["id"], document]
    for entity, sentence, properties in store.read(MENTIONS).rows:
        if sentence in sentences:
            spoken.add(entity)
            yield "MENTIONED_IN", [entity, sentence, properties]
    for document, entity in store.read(ISSUERS).rows:
        if wanted is None or document in wanted:
            spoken.add(entity)
            yield "ISSUED_BY", [document, entity]
    for head, type_, tail, properties in store.read(RELATIONSHIPS).rows:
        if type_ in RELATIONS and (wanted is None or properties.get("document") in wanted):
            spoken |= {head, tail}
            yield type_, [head, tail, properties]
    for labels, properties in store.read(ENTITIES).rows:
        if wanted is None or properties["id"] in spoken:
            kept = properties if aliases else {**properties, "aliases": None}
            yield "+".join(label for label in LABELS if label in labels), [kept]
