"""Views that are pictures: the graph of some entities, its expansion, a path between two."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from graph.ontology import RELATIONS
from viz import subgraph as select
from viz.explorer import data, unclear
from viz.explorer.tables import Table, entity_link, url
from viz.page import ontology, page_data
from viz.style import RELATION_NAMES
from zhitu.errors import UsageError

if TYPE_CHECKING:
    import networkx as nx

    from viz.explorer.app import Explorer

EXPAND = 60
"""Neighbours that one click brings in at most."""

ALL: dict[str, Any] = {
    "relations": list(RELATIONS),
    "documents": None,
    "status": None,
    "confidence": 0.0,
}


def graph(explorer: Explorer, request: Request) -> Response:
    """The neighbourhood of the entities named in the address; of the issuers without any."""
    asked = request.query_params
    names = [n for n in (*asked.getlist("id"), *asked.getlist("name")) if n.strip()]
    drawn = select.subgraph(
        explorer.store,
        [id_ for name in names for id_ in unclear.entities(explorer.store, name.strip())],
        hops=_number(asked.get("hops"), int, 1, "hops"),
        types=asked.getlist("type"),
        relations=asked.getlist("relation"),
        documents=asked.getlist("document"),
        status=asked.get("status") or None,
        confidence=_number(asked.get("confidence"), float, 0.0, "confidence"),
        since=asked.get("since") or None,
        until=asked.get("until") or None,
        limit=_number(asked.get("limit"), int, select.SOFT_CAP, "limit"),
    )
    centre = names[0] if len(names) == 1 else ""
    shown = drawn.nodes[centre]["name"] if centre in drawn else centre
    hops = int(asked.get("hops") or 1)
    return picture(explorer, request, drawn, around={"name": shown, "hops": hops})


def picture(
    explorer: Explorer,
    request: Request,
    drawn: nx.MultiDiGraph,
    *,
    around: dict[str, Any] | None = None,
) -> Response:
    """A page with the picture of `drawn`, and the form that asks for another."""
    found = page_data(drawn)
    page = {key: found[key] for key in ("title", "notes", "documents")}
    payload = {
        "page": page,
        "ontology": ontology(),
        "nodes": found["nodes"],
        "edges": found["edges"],
    }
    return explorer.page(
        "graph.html",
        request,
        data=payload,
        title=found["title"],
        around=around or {"name": "", "hops": 1},
    )


def induced(
    explorer: Explorer, ids: list[str], title: str, centres: Sequence[str] = ()
) -> nx.MultiDiGraph:
    """The picture of just these entities and what joins them."""
    known = select.known_documents(explorer.store)
    kept = list(dict.fromkeys(ids))[: select.HARD_CAP]
    notes = [f"只画前 {select.HARD_CAP} 个实体"] if len(set(ids)) > len(kept) else []
    drawn = select.build(explorer.store, kept, centres, ALL, known, notes)
    drawn.graph["title"] = title
    return drawn


def expand(explorer: Explorer, request: Request, body: dict[str, Any]) -> Response:
    """The neighbours of one entity, and what joins them to those already shown, as JSON."""
    if not isinstance(body, dict):
        raise UsageError("expand takes an object with id and shown")
    id_, shown = body.get("id"), body.get("shown", [])
    if not isinstance(id_, str) or not isinstance(shown, list) or len(shown) > select.HARD_CAP:
        raise UsageError("expand takes an id and the ids that are shown")
    shown = [other for other in shown if isinstance(other, str)]
    rows = explorer.store.read(select.queries.NEIGHBOURS, {"ids": [id_], "types": None, **ALL}).rows
    fresh = [row[0] for row in rows if row[0] not in set(shown)]
    room = max(0, min(EXPAND, select.HARD_CAP - len(shown)))
    kept = fresh[:room]
    wanted = frozenset([id_, *kept])
    drawn = select.build(
        explorer.store,
        [*dict.fromkeys([id_, *shown]), *kept],
        [],
        ALL,
        select.known_documents(explorer.store),
        [],
        touching=wanted,
    )
    found = page_data(drawn, placed=False)
    return JSONResponse(
        {
            "nodes": [n for n in found["nodes"] if n["id"] in wanted],
            "edges": found["edges"],
            "documents": drawn.graph["documents"],
            "left": len(fresh) - len(kept),
        }
    )


def path(explorer: Explorer, request: Request) -> Response:
    """A shortest way between two entities, as a picture and as steps with their evidence."""
    asked = request.query_params
    ends = [asked.get("from", "").strip(), asked.get("to", "").strip()]
    if not all(ends):
        return explorer.page("path.html", request, ends=ends, steps=None, data=None)
    try:
        ids = [unclear.entities(explorer.store, name) for name in ends]
    except unclear.Unclear as error:
        links = error.links(request)
        here = {"ends": ends, "steps": None, "data": None, "error": str(error), "links": links}
        return explorer.page("path.html", request, 400, **here)
    ways = [data.shortest_path(explorer.store, a, b) for a in ids[0] for b in ids[1]]
    way = min((w for w in ways if w), key=len, default=[])
    if not way:
        return explorer.page("path.html", request, ends=ends, steps=[], data=None)
    drawn = select.build(
        explorer.store, way, [way[0], way[-1]], ALL, select.known_documents(explorer.store), []
    )
    steps = list(_steps(drawn, way))
    table = Table(
        "路径",
        ("从", "关系", "到", "文档", "证据"),
        [
            (
                entity_link(h, drawn.nodes[h]["name"]),
                RELATION_NAMES[d["type"]],
                entity_link(t, drawn.nodes[t]["name"]),
                select.document_name(drawn.graph["documents"], d["document"])
                if d.get("document")
                else "",
                " / ".join(p["text"] for p in d["evidence"]),
            )
            for h, t, d in steps
        ],
    )
    found = page_data(drawn, placed=False)
    payload = {
        "page": {key: found[key] for key in ("title", "notes", "documents")},
        "ontology": ontology(),
        "nodes": _in_a_row(found["nodes"], way),
        "edges": found["edges"],
    }
    return explorer.table_page(
        "path.html",
        request,
        {"steps": table},
        ends=ends,
        steps=steps,
        data=payload,
        picture_url=url("/graph", id=way, hops=0),
    )


def _steps(drawn: nx.MultiDiGraph, way: list[str]) -> Any:
    for here, there in pairwise(way):
        for head, tail in ((here, there), (there, here)):
            for found in (drawn.get_edge_data(head, tail) or {}).values():
                yield head, tail, found


def _in_a_row(nodes: list[dict[str, Any]], way: list[str]) -> list[dict[str, Any]]:
    """A path reads from left to right."""
    place = {id_: i for i, id_ in enumerate(way)}
    return [{**n, "x": 220.0 * place[n["id"]], "y": 50.0 * (place[n["id"]] % 2)} for n in nodes]


def _number(text: str | None, kind: Any, default: Any, name: str) -> Any:
    if not text:
        return default
    try:
        return kind(text)
    except ValueError:
        raise UsageError(f"{name}={text} 不是数；例如 {default}") from None
