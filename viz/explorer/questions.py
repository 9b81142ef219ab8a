"""The query library as forms, and free Cypher: results as tables and as pictures."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response

from graph.ontology import LABELS
from viz.explorer import data, unclear
from viz.explorer.graphs import induced, picture
from viz.explorer.tables import Table, entity_link, url
from viz.style import TYPE_NAMES
from viz.subgraph import resolve
from zhitu.errors import UsageError, ZhituError

if TYPE_CHECKING:
    from cypher.queries import NamedQuery
    from graph.store import Result
    from viz.explorer.app import Explorer

_PICTURED = 500


def queries(explorer: Explorer, request: Request) -> Response:
    """The library, by topic, or what fits a text."""
    from cypher.queries import search

    text = request.query_params.get("q", "").strip()
    listed = search(text)
    if text:
        topics = [("最相近的问题", listed)] if listed else []
    else:
        topics = [(topic, list(group)) for topic, group in groupby(listed, lambda q: q.topic)]
    return explorer.page("queries.html", request, topics=topics, text=text)


def query(explorer: Explorer, request: Request) -> Response:
    """One named query: its form, and the answer where the parameters are given."""
    from cypher.queries import named, run_named

    chosen = named(request.path_params["name"])
    known = {p.name for p in chosen.parameters}
    values = {k: v for k, v in request.query_params.items() if k in known and v != ""}
    ready = all(p.name in values for p in chosen.parameters if p.required)
    asked = ready and (bool(values) or not known or "run" in request.query_params)
    result, error, links = None, None, []
    if asked:
        settings = explorer.settings
        try:
            result = run_named(
                explorer.store,
                chosen.name,
                _meant(explorer, chosen, values),
                limit=settings.query_limit,
                timeout=settings.query_timeout,
            )
        except ZhituError as problem:
            error = str(problem)
            links = problem.links(request) if isinstance(problem, unclear.Unclear) else []
    here = {"links": links, "query": chosen, "values": values, "error": error, "labels": TYPE_NAMES}
    about = [values[p.name] for p in chosen.parameters if p.kind == "entity" and p.name in values]
    return _answer(
        explorer, request, "query.html", result, chosen.zh, chosen.name, here, about=about
    )


def _meant(explorer: Explorer, chosen: NamedQuery, values: dict[str, str]) -> dict[str, str]:
    """The values with entities by their canonical names and documents by their ids."""
    meant = dict(values)
    for p in chosen.parameters:
        if p.kind == "entity" and p.name in meant:
            ids = unclear.entities(explorer.store, meant[p.name].strip())
            meant[p.name] = data.entity(explorer.store, ids[0])["name"]
        elif p.kind == "document" and p.name in meant:
            meant[p.name] = unclear.document(explorer.store, meant[p.name].strip())
    return meant


def cypher(explorer: Explorer, request: Request) -> Response:
    """Free Cypher, reading only."""
    from cypher.run import run

    text = request.query_params.get("query", "").strip()
    result, error = None, None
    if text:
        settings = explorer.settings
        try:
            result = run(
                explorer.store, text, limit=settings.query_limit, timeout=settings.query_timeout
            )
        except ZhituError as problem:
            error = str(problem)
    here = {"text": text, "error": error}
    return _answer(explorer, request, "cypher.html", result, "查询结果", "cypher", here)


def _answer(
    explorer: Explorer,
    request: Request,
    template: str,
    result: Result | None,
    title: str,
    name: str,
    here: dict[str, Any],
    *,
    about: Sequence[str] = (),
) -> Response:
    """The page with the result as a table, its CSV, or its picture with what it is about."""
    if result is None:
        if request.query_params.get("format") == "csv":
            raise UsageError(here["error"] or "还没有问：缺少参数")
        return explorer.page(template, request, tables={}, csv={}, result=None, **here)
    if request.query_params.get("view") == "graph":
        centres = [id_ for name in about for id_ in resolve(explorer.store, name)]
        ids = [*centres, *entities_in(explorer, result)]
        if not ids:
            raise UsageError("这个答案里没有实体，画不出图")
        return picture(explorer, request, induced(explorer, ids, title, centres))
    table = as_table(explorer, result, name)
    return explorer.table_page(
        template, request, {"answer": table}, result=result, graph_url=_graph_url(request), **here
    )


def _graph_url(request: Request) -> str:
    given = {k: v for k, v in request.query_params.items() if k not in ("format", "table")}
    return url(request.url.path, **given, view="graph")


def as_table(explorer: Explorer, result: Result, name: str) -> Table:
    """A result with its nodes as links and everything else as text."""
    from cypher.values import text

    def cell(value: Any) -> Any:
        label = next((one for one in LABELS if one in getattr(value, "labels", ())), None)
        if label:
            return entity_link(value["id"], value["name"], label)
        return (
            value if isinstance(value, int | float) and not isinstance(value, bool) else text(value)
        )

    links = _names(explorer, result)
    rows = [
        tuple(
            entity_link(links[v], v) if isinstance(v, str) and v in links else cell(v) for v in row
        )
        for row in result.rows
    ]
    return Table(name, result.columns, rows, result.truncated)


def _names(explorer: Explorer, result: Result) -> dict[str, str]:
    """Ids of the texts in a result that are names of entities."""
    texts = {v for row in result.rows for v in row if isinstance(v, str) and len(v) < 80}
    if not texts:
        return {}
    rows = explorer.store.read(data.BY_NAME, {"names": sorted(texts), "limit": 5000}).rows
    return {name: id_ for id_, name in reversed(rows)}


def entities_in(explorer: Explorer, result: Result) -> list[str]:
    """Ids of the entities that a result holds, as nodes, in paths and lists, or by name."""
    ids: list[str] = []
    names: list[str] = []

    def visit(value: Any) -> None:
        if isinstance(value, str):
            names.append(value)
        elif isinstance(value, list | tuple):
            for item in value:
                visit(item)
        elif hasattr(value, "relationships"):
            visit(list(value.nodes))
        elif hasattr(value, "start_node"):
            visit([value.start_node, value.end_node])
        elif "Entity" in getattr(value, "labels", ()):
            ids.append(value["id"])

    visit(result.rows)
    wanted = sorted({n for n in names if 0 < len(n) < 80})
    rows = explorer.store.read(data.BY_NAME, {"names": wanted, "limit": _PICTURED}).rows
    return list(dict.fromkeys([*ids, *(row[0] for row in rows)]))[:_PICTURED]
