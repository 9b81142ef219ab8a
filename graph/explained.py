"""Why the mentions of an entity are one thing, and what was close but kept apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract import gazetteer as g
from graph.duplicates import Named, Pair, apart, near, read_entities
from graph.ontology import LABELS
from zhitu.errors import QueryError

if TYPE_CHECKING:
    from graph.store import Store

PROPERTIES = """
MATCH (e:Entity {id: $id})
RETURN e.id AS id, e.name AS name, labels(e) AS labels, coalesce(e.aliases, []) AS aliases,
       e.code AS code, e.level AS level, e.path AS path
"""

SURFACES = """
MATCH (e:Entity {id: $id})-[m:MENTIONED_IN]->(:Sentence)-[:IN_DOCUMENT]->(d:Document)
RETURN d.name AS document, m.text AS text, count(*) AS mentions, min(m.reason) AS reason
ORDER BY document, mentions DESC, text
"""

ISSUED = """
MATCH (d:Document)-[:ISSUED_BY]->(:Entity {id: $id})
RETURN d.name AS document ORDER BY document
"""

LINKS = """
MATCH (e:Entity {id: $id})-[r]-(other:Entity)
WHERE r.source IN ['gazetteer', 'name']
RETURN DISTINCT startNode(r).name AS head, type(r) AS type, endNode(r).name AS tail,
       r.source AS source
ORDER BY source, type, head, tail
"""


@dataclass(frozen=True)
class Surface:
    """How one document calls it: surface, how often."""

    document: str
    text: str
    mentions: int


@dataclass(frozen=True)
class Explanation:
    """Everything that speaks for an entity being what it is."""

    entity: Named
    code: str | None
    level: str | None
    surfaces: tuple[Surface, ...]
    reasons: tuple[tuple[str, str], ...]
    issued: tuple[str, ...]
    links: tuple[tuple[str, str, str, str], ...]
    apart: tuple[Pair, ...]


def explain(store: Store, id_: str, *, limit: int = 10) -> Explanation:
    """Gather what the graph says of one entity's identity.

    Parameters
    ----------
    store : Store
        From `graph.store.connect`.
    id_ : str
        Entity id.
    limit : int
        Entities kept apart to list at most.

    Raises
    ------
    QueryError
        If there is no such entity.
    """
    rows = store.read(PROPERTIES, {"id": id_}).rows
    if not rows:
        raise QueryError(f"no entity has the id {id_!r}; look for it with `zhitu find`")
    _, name, labels, aliases, code, level, path = rows[0]
    label = next(x for x in LABELS if x in labels)
    entity = Named(id_, name, label, tuple(sorted(aliases)), path)
    said = store.read(SURFACES, {"id": id_}).rows
    reasons = {document: reason for document, _, _, reason in said if reason}
    others = [other for other in read_entities(store) if other.id != id_]
    return Explanation(
        entity=entity,
        code=code,
        level=level,
        surfaces=tuple(Surface(document, text, count) for document, text, count, _ in said),
        reasons=tuple(reasons.items()),
        issued=tuple(row[0] for row in store.read(ISSUED, {"id": id_}).rows),
        links=tuple(tuple(row) for row in store.read(LINKS, {"id": id_}).rows),
        apart=tuple((*near(entity, others), *apart(entity, others))[:limit]),
    )


def describe(found: Explanation) -> str:
    """Write an explanation for people, in Chinese."""
    entity = found.entity
    lines = [f"{entity.name}（{entity.type}）", f"  标识  {entity.id}"]
    if found.code:
        division = g.division(found.code)
        lines.append(f"  区划  {found.code} {g.path(division) if division else ''}".rstrip())
    for document in dict.fromkeys(s.document for s in found.surfaces):
        forms = "、".join(
            f"{s.text}×{s.mentions}" for s in found.surfaces if s.document == document
        )
        lines.append(f"  {document}：{forms}")
        lines += [f"    因为 {why}" for name, why in found.reasons if name == document]
    if found.issued:
        lines.append("  发文机关：" + "、".join(found.issued))
    for head, type_, tail, source in found.links:
        basis = "地名表" if source == "gazetteer" else "名称"
        lines.append(f"  {head} {type_} {tail}（依据{basis}）")
    if not found.surfaces:
        lines.append("  没有文档直接提到，只由发文机关或上面的联系得来")
    if found.apart:
        lines.append("  相近而未合并：")
        lines += [
            f"    {pair.other.name}（{pair.other.id}）：{pair.reason}" for pair in found.apart
        ]
    return "\n".join(lines)
