"""Choosing what to draw: the neighbourhood of some entities, within limits that are said.

The best-connected neighbours are kept; what is left out stands in the picture's notes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cypher.model import entity_label, relation_type
from graph.ontology import LABELS, RELATIONS
from viz import queries
from zhitu.errors import UsageError

if TYPE_CHECKING:
    import networkx as nx

    from graph.store import Store

SOFT_CAP = 500
"""Nodes drawn unless more are asked for: beyond that a picture is hard to read."""
HARD_CAP = 2000
"""Nodes drawn at most: beyond that a browser is slow."""
SEED_CAP = 60
"""Issuers taken as centres when no name is given."""
_MOST_HOPS = 4
_BATCH = 1000


@dataclass(frozen=True)
class Selection:
    """What may be drawn.

    Parameters
    ----------
    types, relations : tuple of str or None
        Labels of neighbours and relation types to keep; None for all.
    documents : tuple of str or None
        Document ids; only their relations are drawn.
    status : str or None
        ``done`` or ``planned``.
    confidence : float
        Least confidence, 0 to 1. Links of the gazetteer and of names count as 1.
    since, until : str or None
        ISO dates or their beginnings (``2023``, ``2023-05``), both inclusive; a document
        without a date is left out when either is given.
    limit : int
        Most nodes, at most `HARD_CAP`.
    """

    types: tuple[str, ...] | None = None
    relations: tuple[str, ...] | None = None
    documents: tuple[str, ...] | None = None
    status: str | None = None
    confidence: float = 0.0
    since: str | None = None
    until: str | None = None
    limit: int = SOFT_CAP

    def __post_init__(self) -> None:
        if self.status not in (None, "done", "planned"):
            raise UsageError(f"--status {self.status}: done or planned")
        if not 0 <= self.confidence <= 1:
            raise UsageError(f"--confidence {self.confidence}: from 0 to 1")
        if not 1 <= self.limit <= HARD_CAP:
            raise UsageError(f"--limit {self.limit}: from 1 to {HARD_CAP} nodes")


def subgraph(
    store: Store,
    names: str | Iterable[str] = (),
    *,
    hops: int = 1,
    types: Sequence[str] | None = None,
    relations: Sequence[str] | None = None,
    documents: Sequence[str] | None = None,
    status: str | None = None,
    confidence: float = 0.0,
    since: str | None = None,
    until: str | None = None,
    limit: int = SOFT_CAP,
) -> nx.MultiDiGraph:
    """Take the neighbourhood of some entities out of the store.

    Parameters
    ----------
    store : Store
        From `graph.store.connect`.
    names : str or iterable of str
        Names, aliases or ids of entities. Empty: the issuers of all documents, and of documents
        that say nothing of theirs what they speak of most.
    hops : int
        How many relations away from them, 0 to 4.
    types, relations, documents, status, confidence, since, until, limit
        See `Selection`; `documents` are names, titles or ids here.

    Returns
    -------
    networkx.MultiDiGraph
        Nodes by entity id with ``name``, ``type``, ``aliases``, ``ties`` (relationships
        in the whole graph) and what the gazetteer knows. Edges, one a document, with
        ``type``, ``document``, ``source``, ``confidence``, ``evidence`` (a list of
        ``{"sentence", "text", "marks"}``; marks are ``[begin, end, "head" | "tail"]`` in
        characters of the sentence). ``graph.graph`` holds ``title``, ``seeds``,
        ``documents`` and ``notes``.

    Raises
    ------
    QueryError
        If a name is unknown (the nearest are listed) or may be several (all are listed).
    UsageError
        If an option makes no sense, or nothing is in the graph.
    """
    if not 0 <= hops <= _MOST_HOPS:
        raise UsageError(f"--hops {hops}: from 0 to {_MOST_HOPS}")
    selection = Selection(
        types=tuple(map(entity_label, types)) if types else None,
        relations=tuple(relation_type(r, option="--relation") for r in relations or ()) or None,
        status=status,
        confidence=confidence,
        since=since,
        until=until,
        limit=limit,
    )
    given = [names] if isinstance(names, str) else list(names)
    known = known_documents(store)
    notes: list[str] = []
    chosen = _chosen_documents(store, known, documents, selection, notes)
    parameters = {
        "relations": list(selection.relations or RELATIONS),
        "types": list(selection.types) if selection.types else None,
        "documents": chosen,
        "status": selection.status,
        "confidence": selection.confidence,
    }
    seeds, around_issuers = _seeds(store, given, parameters, min(SEED_CAP, limit), notes)
    nodes = _spread(store, seeds, hops, parameters, limit, notes)
    return build(store, nodes, seeds, parameters, known, notes, around_issuers=around_issuers)


def build(
    store: Store,
    nodes: Sequence[str],
    seeds: Sequence[str],
    parameters: dict[str, Any],
    known: dict[str, dict[str, Any]],
    notes: Sequence[str],
    *,
    around_issuers: bool = False,
    touching: frozenset[str] | None = None,
) -> nx.MultiDiGraph:
    """Fetch the chosen entities, what joins them, and the evidence.

    With `touching` only relations that have one of these ends.
    """
    import networkx as nx

    graph = nx.MultiDiGraph()
    ties = dict(_in_batches(store, queries.TIES, nodes, {"relations": list(RELATIONS)}))
    for (entity,) in _in_batches(store, queries.ENTITIES, nodes):
        kept = ("code", "level", "path", "lng", "lat")
        graph.add_node(
            entity["id"],
            name=entity["name"],
            type=next(label for label in LABELS if label in entity.labels),
            aliases=sorted(a for a in entity.get("aliases") or () if a != entity["name"]),
            ties=ties.get(entity["id"], 0),
            **{key: entity[key] for key in kept if entity.get(key) is not None},
        )
    wanted = {key: parameters[key] for key in ("relations", "documents", "status", "confidence")}
    rows = store.read(queries.RELATIONS, {"ids": list(nodes), **wanted}).rows
    if touching is not None:
        rows = [row for row in rows if row[0] in touching or row[1] in touching]
    proofs = _evidence(store, rows)
    for head, tail, name, properties in sorted(rows, key=lambda row: (row[0], row[1], row[2])):
        found = [proofs[s] for s in properties.get("sentences") or () if s in proofs]
        kept = ("document", "source", "confidence", "title", "status", "rule")
        graph.add_edge(
            head,
            tail,
            type=name,
            evidence=[_proof(proof, head, tail) for proof in found],
            **{key: properties[key] for key in kept if properties.get(key) is not None},
        )
    used = {data.get("document") for _, _, data in graph.edges(data=True)}
    graph.graph.update(
        seeds=[seed for seed in seeds if seed in graph],
        title=_title(graph, seeds, around_issuers),
        documents={key: value for key, value in known.items() if key in used},
        notes=list(notes),
    )
    return graph


def known_documents(store: Store) -> dict[str, dict[str, Any]]:
    """Name, title, kind, date, issuer of every document and how it is shown, by id."""
    result = store.read(queries.DOCUMENTS)
    rows = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
    shown = told_apart(rows)
    return {
        row["id"]: {k: v for k, v in {**row, "shown": shown[row["id"]]}.items() if v and k != "id"}
        for row in rows
    }


def told_apart(documents: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What to call each document, by id: its title and, where others bear it too, the issuer.

    The file's name stands for an issuer or a title that is missing, and comes after them where
    they are the same too.

    Examples
    --------
    >>> rows = [{"id": i, "name": f"{i}.txt", "title": "工作报告", "issuer": o}
    ...         for i, o in (("1", "甲县"), ("2", "乙县"), ("3", "乙县"), ("4", None))]
    >>> list(told_apart(rows).values())
    ['工作报告 · 甲县', '工作报告 · 乙县 · 2.txt', '工作报告 · 乙县 · 3.txt', '工作报告 · 4.txt']
    """
    known = {document["id"]: document for document in documents}
    shown = {id_: document.get("title") or document["name"] for id_, document in known.items()}
    for keys in (("issuer", "name"), ("name",), ("id",)):
        alike: dict[str, list[str]] = defaultdict(list)
        for id_, name in shown.items():
            alike[name].append(id_)
        for name, ids in alike.items():
            apart = {i: next(known[i][k] for k in keys if known[i].get(k)) for i in ids}
            if len(set(apart.values())) > 1:
                shown.update({i: f"{name} · {value}" for i, value in apart.items()})
    return shown


def _chosen_documents(
    store: Store,
    known: dict[str, dict[str, Any]],
    names: Sequence[str] | None,
    selection: Selection,
    notes: list[str],
) -> list[str] | None:
    """Ids of the documents whose relations may be drawn; None for all."""
    chosen: list[str] | None = None
    if names:
        from cypher.find import resolve_document

        chosen = [n if n in known else resolve_document(store, n) for n in names]
        notes.append("只画这些文档的关系：" + "、".join(document_name(known, d) for d in chosen))
    if selection.since or selection.until:
        pool = chosen if chosen is not None else list(known)
        dated = [d for d in pool if known[d].get("date")]
        chosen = [d for d in dated if _within(known[d]["date"], selection.since, selection.until)]
        span = f"{selection.since or '…'} 至 {selection.until or '…'}"
        undated = len(pool) - len(dated)
        notes.append(
            f"只画 {span} 的文档（{len(chosen)} 篇）"
            + (f"；{undated} 篇没有日期，未计入" if undated else "")
        )
    return chosen


def _within(date: str, since: str | None, until: str | None) -> bool:
    """Whether an ISO date lies in the span; the ends may be years or months.

    >>> _within("2023-05-01", "2023", "2023-05"), _within("2023-06-01", None, "2023-05")
    (True, False)
    """
    return (not since or date >= since) and (not until or date[: len(until)] <= until)


def document_name(known: dict[str, dict[str, Any]], id_: str) -> str:
    """How a document is shown (`told_apart`), or its id."""
    return known.get(id_, {}).get("shown") or id_


def _seeds(
    store: Store,
    names: Sequence[str],
    parameters: dict[str, Any],
    most: int,
    notes: list[str],
) -> tuple[list[str], bool]:
    """Ids to begin from, and whether they are issuers all."""
    if names:
        seeds = dict.fromkeys(seed for name in names for seed in resolve(store, name))
        return list(seeds), False
    wanted = {key: parameters[key] for key in ("relations", "documents")}
    issued = dict(store.read(queries.ISSUERS, {"documents": parameters["documents"]}).rows)
    joined = dict(_in_batches(store, queries.TIES, list(issued), wanted))
    issuers = [id_ for id_ in issued if joined.get(id_)]
    if len(issuers) > most:
        notes.append(
            f"以发文最多的 {most} 个机构为中心；另有 {len(issuers) - most} 个发文机构未作中心"
        )
        issuers = issuers[:most]
    # News often has no issuer, or one that it says nothing of: show what it speaks of most.
    silent = [document for id_ in issued if id_ not in joined for document in issued[id_]]
    if issuers and not silent:
        return issuers, True
    if issuers:
        wanted["documents"] = silent
    best = [
        row[0]
        for row in store.read(queries.BEST_CONNECTED, {**wanted, "limit": min(most, 5)}).rows
        if row[0] not in issuers
    ]
    if not issuers and not best:
        raise UsageError(
            f"nothing to draw in {store.name}: no relations there yet, or none within the "
            "options; build documents first: zhitu build PATH"
        )
    if issuers and best:
        notes.append(
            f"{len(silent)} 篇文档没有说到发文机构，画的是其中联系最多的 {len(best)} 个实体"
        )
    return [*issuers, *best], not best


def resolve(store: Store, name: str) -> list[str]:
    """Turn a name, an alias or an id into the ids of what is called so.

    Raises
    ------
    QueryError
        If nothing is called so, or different names are meant.
    """
    from cypher.find import lookup, resolve_name

    if store.read(queries.ENTITIES, {"ids": [name]}).rows:
        return [name]
    found = lookup(store, name)
    if len({full for _, full, _ in found}) == 1:
        return [id_ for id_, _, _ in found]
    resolve_name(store, name)  # raises, with the nearest names or the candidates
    raise AssertionError(name)


def _spread(
    store: Store,
    seeds: Sequence[str],
    hops: int,
    parameters: dict[str, Any],
    limit: int,
    notes: list[str],
) -> list[str]:
    """Go outwards hop by hop; at each hop the best connected stay while there is room."""
    kept = dict.fromkeys(seeds)
    frontier = list(seeds)
    left_out = 0
    for hop in range(1, hops + 1):
        ties: dict[str, int] = defaultdict(int)
        for id_, count in _in_batches(store, queries.NEIGHBOURS, frontier, parameters):
            if id_ not in kept:
                ties[id_] += count
        if not ties:
            break
        room = limit - len(kept)
        ranked = sorted(ties, key=lambda n: (-ties[n], n))
        if len(ranked) > room:
            whole = dict(
                _in_batches(store, queries.TIES, ranked, {"relations": parameters["relations"]})
            )
            ranked.sort(key=lambda n: (-whole.get(n, 0), -ties[n], n))
            left_out += len(ranked) - max(0, room)
            ranked = ranked[: max(0, room)]
            kept.update(dict.fromkeys(ranked))
            beyond = "，更远的也未画" if hop < hops else ""
            notes.append(
                f"最多画 {limit} 个实体：留下联系最多的，另有 {left_out} 个未画{beyond}"
                f"（上限 limit 可改，至多 {HARD_CAP}）"
            )
            break
        kept.update(dict.fromkeys(ranked))
        frontier = ranked
    return list(kept)


def _in_batches(
    store: Store, query: str, ids: Sequence[str], parameters: dict[str, Any] | None = None
) -> list[tuple]:
    rows: list[tuple] = []
    for start in range(0, len(ids), _BATCH):
        batch = list(ids[start : start + _BATCH])
        rows.extend(store.read(query, {"ids": batch, **(parameters or {})}).rows)
    return rows


def _evidence(store: Store, rows: Iterable[tuple]) -> dict[str, dict[str, Any]]:
    """Sentences by id, each with its text and mentions by entity."""
    wanted = sorted({s for row in rows for s in row[3].get("sentences") or ()})
    proofs: dict[str, dict[str, Any]] = {}
    for start in range(0, len(wanted), _BATCH):
        part = {"sentences": wanted[start : start + _BATCH]}
        for id_, text, section, entity, begin, mention in store.read(queries.EVIDENCE, part).rows:
            proof = proofs.setdefault(
                id_, {"sentence": id_, "text": text, "section": section, "mentions": {}}
            )
            if entity is not None and begin is not None:
                proof["mentions"].setdefault(entity, []).append((begin, begin + len(mention)))
    return proofs


def _proof(proof: dict[str, Any], head: str, tail: str) -> dict[str, Any]:
    marks = [
        [begin, end, role]
        for role, entity in (("head", head), ("tail", tail))
        for begin, end in proof["mentions"].get(entity, ())
    ]
    return {"sentence": proof["sentence"], "text": proof["text"], "marks": sorted(marks)}


def _title(graph: nx.MultiDiGraph, seeds: Sequence[str], around_issuers: bool) -> str:
    names = [graph.nodes[seed]["name"] for seed in seeds if seed in graph]
    if around_issuers and len(names) > 2:
        return f"{len(names)} 个发文机构及其联系"
    shown = "、".join(names[:3])
    return shown if len(names) <= 3 else f"{shown} 等 {len(names)} 个实体"
