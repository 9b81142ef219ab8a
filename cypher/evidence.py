"""Why a relation stands in the graph: every sentence that says it, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cypher.find import lookup, resolve_name
from cypher.model import relation_type
from graph.ontology import RELATIONS
from zhitu.errors import QueryError

if TYPE_CHECKING:
    from graph.store import Store

# One relationship a document; the sentences it names, in the order of the text.
CLAIMS = """
MATCH (h:Entity)-[r]->(t:Entity)
WHERE h.id IN $heads AND t.id IN $tails AND type(r) = $type
MATCH (d:Document {id: r.document})
RETURN h.name AS head, t.name AS tail, d.name AS document, d.id AS id, r.source AS source,
       r.confidence AS confidence, r.rule AS rule, r.status AS status, r.title AS title,
       coalesce(r.sentences, []) AS sentences
ORDER BY document, id, head, tail
"""

SENTENCES = """
MATCH (s:Sentence) WHERE s.id IN $ids
RETURN s.id AS id, s.start AS start, s.end AS end, s.section AS section, s.text AS text
ORDER BY start
"""

MENTIONS = """
MATCH (e:Entity)-[m:MENTIONED_IN]->(s:Sentence)
WHERE s.id IN $ids AND e.name IN $names
RETURN s.id AS id, e.name AS name, m.text AS text
ORDER BY m.start
"""

BETWEEN = """
MATCH (h:Entity)-[r]-(t:Entity)
WHERE h.id IN $heads AND t.id IN $tails AND NOT type(r) IN ['MENTIONED_IN']
RETURN DISTINCT startNode(r).name AS head, type(r) AS type, endNode(r).name AS tail
ORDER BY head, type, tail
"""


@dataclass(frozen=True)
class Evidence:
    """One sentence that says a relation.

    `start` and `end` count characters of the document's text, half-open. `said` maps the
    names of the two ends to how the sentence calls them; an end that is missing there is
    the unsaid subject. A relation that no sentence says (of the gazetteer, or of names)
    has `source` and no sentence.
    """

    head: str
    type: str
    tail: str
    document: str
    document_id: str
    source: str
    sentence: str | None
    start: int | None
    end: int | None
    section: str | None
    said: dict[str, str]
    confidence: float | None
    rule: str | None
    status: str | None
    title: str | None


def evidence(
    store: Store, head: str, relation: str, tail: str, *, timeout: float | None = None
) -> list[Evidence]:
    """Collect what supports a relation.

    Parameters
    ----------
    store : Store
    head, tail : str
        Names or aliases of the two ends.
    relation : str
        Type, English or Chinese (`cypher.model.relation_type`). A symmetric one is found either
        way round.
    timeout : float, optional
        Seconds a statement may take.

    Returns
    -------
    list of Evidence
        By document and position.

    Raises
    ------
    UsageError
        If the type is unknown.
    QueryError
        If an end is unknown, or nothing in the graph says the relation; the message tells
        what joins the two instead.
    """
    name = relation_type(relation)
    heads, tails = _ids(store, head, timeout), _ids(store, tail, timeout)
    ways = [(heads, tails)] + ([(tails, heads)] if RELATIONS[name].symmetric else [])
    rows = [
        row
        for one, other in ways
        for row in store.read(
            CLAIMS, {"heads": one, "tails": other, "type": name}, timeout=timeout
        ).rows
    ]
    if not rows:
        raise QueryError(_nothing(store, head, name, tail, heads, tails, timeout))
    ids = sorted({sentence for row in rows for sentence in row[-1]})
    names = sorted({end for row in rows for end in row[:2]})
    sentences = {
        row[0]: row[1:] for row in store.read(SENTENCES, {"ids": ids}, timeout=timeout).rows
    }
    said: dict[tuple[str, str], str] = {}
    for id_, end, text in store.read(MENTIONS, {"ids": ids, "names": names}, timeout=timeout).rows:
        said.setdefault((id_, end), text)
    found = []
    for one, other, document, id_, source, confidence, rule, status, title, told in rows:
        common = (one, name, other, document, id_, source or "text")
        rest = (confidence, rule, status, title)
        for sentence in sorted(told, key=lambda s: sentences[s][0]):
            start, end, section, text = sentences[sentence]
            ends = {e: said[sentence, e] for e in (one, other) if (sentence, e) in said}
            found.append(Evidence(*common, text, start, end, section, ends, *rest))
        if not told:
            found.append(Evidence(*common, None, None, None, None, {}, *rest))
    return found


def _ids(store: Store, name: str, timeout: float | None) -> list[str]:
    """Return the ids of everything called so; an unknown name is told with its nearest."""
    found = lookup(store, name, timeout=timeout)
    if not found:
        resolve_name(store, name, timeout=timeout)
    return [id_ for id_, _, _ in found]


def _nothing(
    store: Store,
    head: str,
    name: str,
    tail: str,
    heads: list[str],
    tails: list[str],
    timeout: float | None,
) -> str:
    rows = store.read(BETWEEN, {"heads": heads, "tails": tails}, timeout=timeout).rows
    told = "; ".join(f"{one} {kind} {other}" for one, kind, other in rows)
    return f"no document says {head} {name} {tail}; " + (
        f"between the two there is: {told}" if told else "nothing joins the two"
    )
