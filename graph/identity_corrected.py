"""Replaying corrections on a document whose mentions have been resolved by rule."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from extract import gazetteer as g
from extract.documents import Document
from graph.corrections import Correction, concerning
from graph.entities import Entity, Link
from graph.identity_context import Home, home_in_name
from graph.ontology import LABELS, allowed

ByName = Callable[[str, str], Entity]
"""Gives the entity that a name and a type would have in this document by rule."""

_SPLIT = re.compile(r"#[0-9a-f]{8}$")
"""Ends the id of what a correction split off."""


def entity_of_id(id_: str, reason: str = "") -> Entity:
    """The entity that an id stands for: type, name, scope, and what follows from them.

    Examples
    --------
    >>> entity_of_id("Place:浙江省衢州市柯城区").code
    '330802'
    >>> entity_of_id("Organization:政协浙江省衢州市柯城区委员会").path
    '浙江省衢州市柯城区'
    >>> entity_of_id("Place:常山（河北）#0a1b2c3d").name
    '常山（河北）'
    """
    label, _, rest = id_.partition(":")
    name, _, scope = _SPLIT.sub("", rest).partition("@")
    bare = Entity(id_, name, label, reason=reason)
    if label == "Place":
        home = _home(name)
        if home is not None and home.path == name:
            division = home.division
            return replace(
                bare,
                code=home.code,
                level=home.level,
                path=home.path,
                lng=division.lng,
                lat=division.lat,
            )
        return bare
    if label == "Organization":
        home = home_in_name(name)
        return replace(bare, code=home.code, path=home.path) if home is not None else bare
    return replace(bare, code=scope or None)


def _home(text: str) -> Home | None:
    located = g.locate(text)
    return Home.of(located.division) if located.division is not None else None


def apply_corrections(
    document: Document, corrections: Sequence[Correction], by_name: ByName
) -> Document:
    """Replay corrections in their order.

    Parameters
    ----------
    document : Document
        Resolved by rule.
    corrections : sequence of Correction
        In force (`graph.corrections.in_force`).
    by_name : callable
        What a name and type would be by rule, for an `into` that the document lacks.

    Returns
    -------
    Document
        `applied` holds the ids of those that changed something, `corrections` these and all
        others that concern the document.
    """
    applied = []
    for number, correction in enumerate(corrections):
        before = {e.id for e in document.entities}
        changed = _OPS[correction.op](document, correction, by_name)
        if changed is None:
            continue
        document = _tidied(changed)
        applied.append(correction.id)
        # What has only now come in bears the name that it was given before, as elsewhere.
        come = {e.id for e in document.entities} - before
        for earlier in corrections[:number]:
            if earlier.op == "rename" and earlier.entity in come:
                document = _rename(document, earlier, by_name) or document
                applied.append(earlier.id)
    seen = concerning(corrections, document.id) | set(applied)
    return replace(document, applied=tuple(applied), corrections=tuple(sorted(seen)))


def _found(document: Document, reference: str) -> list[Entity]:
    by_id = [e for e in document.entities if e.id == reference]
    return by_id or [e for e in document.entities if e.name == reference]


def _target(document: Document, reference: str, label: str, by_name: ByName) -> Entity:
    found = _found(document, reference)
    if found:
        return next((e for e in found if e.type == label), found[0])
    if reference.partition(":")[0] in LABELS:
        return entity_of_id(reference)
    return by_name(reference, label)


def _moved(document: Document, old: str, new: Entity, why: str) -> Document:
    """Everything of entity `old` becomes `new`'s."""
    mentions = tuple(
        replace(m, entity=new.id, type=new.type) if m.entity == old else m
        for m in document.mentions
    )
    links = {}
    for link in document.links:
        head, tail = (new.id if end == old else end for end in (link.head, link.tail))
        if head != tail:
            links[head, link.type, tail] = replace(link, head=head, tail=tail)
    kept = _with([e for e in document.entities if e.id != old], new, why)
    issuer = new.id if document.issuer == old else document.issuer
    return replace(
        document,
        mentions=mentions,
        links=tuple(links.values()),
        entities=tuple(kept),
        issuer=issuer,
    )


def _with(entities: Sequence[Entity], new: Entity, why: str) -> tuple[Entity, ...]:
    """The entities and `new`, which is told why it is there or has grown."""
    if all(e.id != new.id for e in entities):
        return (*entities, replace(new, reason=why))
    return tuple(
        replace(e, reason="；".join(filter(None, (e.reason, why)))) if e.id == new.id else e
        for e in entities
    )


def _merge(document: Document, c: Correction, by_name: ByName) -> Document | None:
    changed = None
    for entity in _found(document, c.entity):
        target = _target(document, c.into, entity.type, by_name)
        if target.id != entity.id:
            why = f"更正{c.id}：{entity.name}并入{target.name}"
            changed = _moved(changed or document, entity.id, target, why)
    return changed


def _split(document: Document, c: Correction, by_name: ByName) -> Document | None:
    if c.document and c.document not in (document.id, document.name):
        return None
    for entity in _found(document, c.entity):
        chosen = [
            i
            for i, m in enumerate(document.mentions)
            if m.entity == entity.id and c.text in (None, m.text)
        ]
        if not chosen:
            continue
        new = Entity(
            f"{entity.type}:{c.name}#{c.id}",
            c.name,
            entity.type,
            reason=f"更正{c.id}：从{entity.name}分出",
        )
        mentions = list(document.mentions)
        for i in chosen:
            mentions[i] = replace(mentions[i], entity=new.id)
        return replace(document, mentions=tuple(mentions), entities=(*document.entities, new))
    return None


def _rename(document: Document, c: Correction, by_name: ByName) -> Document | None:
    found = {e.id for e in _found(document, c.entity)}
    if not found:
        return None
    why = f"更正{c.id}：改名为{c.name}"
    return replace(
        document,
        entities=tuple(
            replace(e, name=c.name, reason="；".join(filter(None, (e.reason, why))))
            if e.id in found
            else e
            for e in document.entities
        ),
    )


def _retype(document: Document, c: Correction, by_name: ByName) -> Document | None:
    changed = None
    for entity in _found(document, c.entity):
        if entity.type != c.type:
            target = by_name(entity.name, c.type)
            why = f"更正{c.id}：类型改为{c.type}"
            changed = _moved(changed or document, entity.id, target, why)
    return changed


def _alias(document: Document, c: Correction, by_name: ByName) -> Document | None:
    changed = None
    wanted = {
        m.entity
        for m in document.mentions
        if m.text == c.text and m.entity and c.type in (None, m.type)
    }
    for id_ in sorted(wanted):
        label = id_.partition(":")[0]
        target = _target(changed or document, c.entity, label, by_name)
        if target.id == id_:
            continue
        base = changed or document
        mentions = tuple(
            replace(m, entity=target.id, type=target.type)
            if m.entity == id_ and m.text == c.text
            else m
            for m in base.mentions
        )
        why = f"更正{c.id}：“{c.text}”指{target.name}"
        changed = replace(base, mentions=mentions, entities=_with(base.entities, target, why))
    return changed


def _forget(document: Document, c: Correction, by_name: ByName) -> Document | None:
    if c.document and c.document not in (document.id, document.name):
        return None
    gone = {e.id for e in _found(document, c.entity)}
    if not gone:
        return None
    return replace(
        document,
        mentions=tuple(m for m in document.mentions if m.entity not in gone),
        links=tuple(x for x in document.links if x.head not in gone and x.tail not in gone),
    )


_OPS = {
    "merge": _merge,
    "split": _split,
    "rename": _rename,
    "retype": _retype,
    "alias": _alias,
    "forget": _forget,
}


def _tidied(document: Document) -> Document:
    """Keep the entities that a mention, the issuer or a link from a kept one supports."""
    types = {e.id: e.type for e in document.entities}
    links = [x for x in document.links if allowed(x.type, types[x.head], types[x.tail])]
    kept = {m.entity for m in document.mentions} | {document.issuer}
    below: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        below[link.head].append(link)
    queue = list(kept)
    while queue:
        for link in below.get(queue.pop(), ()):
            if link.tail not in kept:
                kept.add(link.tail)
                queue.append(link.tail)
    aliases: dict[str, set[str]] = defaultdict(set)
    for mention in document.mentions:
        if mention.entity:
            aliases[mention.entity].add(mention.text)
    return replace(
        document,
        entities=tuple(
            replace(e, aliases=tuple(sorted(aliases[e.id] - {e.name})))
            for e in document.entities
            if e.id in kept
        ),
        links=tuple(x for x in links if x.head in kept),
    )
