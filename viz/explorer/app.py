"""The application: routes, templates, errors as pages, and running it."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from viz.explorer.data import Reading
from viz.explorer.guard import Access, Guard, make_access
from viz.explorer.names import NameIndex
from viz.explorer.tables import COLUMNS, WORDS, Table, csv_response, url
from viz.explorer.unclear import Unclear
from viz.page import asset, to_json, type_styles, vis_network
from viz.style import RELATION_NAMES, TYPE_NAMES
from zhitu.errors import QueryError, StoreError, UsageError, ZhituError

if TYPE_CHECKING:
    from graph.store import Store
    from zhitu.settings import Settings

VIEWS: tuple[tuple[str, str], ...] = (
    ("/", "首页"),
    ("/graph", "关系图"),
    ("/documents", "文档"),
    ("/map", "地图"),
    ("/path", "路径"),
    ("/compare", "比较"),
    ("/queries", "问答"),
    ("/corrections", "更正"),
)
"""The navigation: address and name."""


@dataclass(frozen=True)
class Explorer:
    """What every view needs."""

    store: Reading
    settings: Settings
    access: Access
    names: NameIndex
    templates: Environment
    writing: threading.Lock

    def page(self, template: str, request: Request, status: int = 200, **values: Any) -> Response:
        """Render a page."""
        html = self.templates.get_template(f"explorer/{template}").render(
            path=request.url.path, **values
        )
        return HTMLResponse(html, status_code=status)

    def table_page(
        self, template: str, request: Request, tables: dict[str, Table], **values: Any
    ) -> Response:
        """Render a page with tables, or the one that ``?format=csv&table=`` asks for."""
        asked = request.query_params
        if asked.get("format") == "csv":
            name = asked.get("table", next(iter(tables), ""))
            if name not in tables:
                raise UsageError(f"这里没有叫 {name} 的表；有 {'、'.join(tables)}")
            return csv_response(tables[name])
        links = {name: csv_url(request, name) for name in tables}
        return self.page(template, request, tables=tables, csv=links, **values)


def csv_url(request: Request, table: str) -> str:
    """The address of a table of this page as CSV."""
    given: dict[str, list[str]] = {}
    for key, value in request.query_params.multi_items():
        if key not in ("format", "table"):
            given.setdefault(key, []).append(value)
    return url(request.url.path, **given, table=table, format="csv")


def make_app(store: Store, settings: Settings, *, access: Access) -> Starlette:
    """Build the explorer over an open store.

    Parameters
    ----------
    store : Store
        From `graph.store.connect`; asked from several threads at once.
    settings : Settings
        `query_limit`, `query_timeout` and `corrections` are read.
    access : Access
        From `viz.explorer.guard.make_access`.
    """
    from viz.explorer import corrections, documents, graphs, pages, questions

    reading = Reading(store, settings.query_timeout)
    templates = Environment(
        loader=PackageLoader("viz", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["json"] = to_json
    templates.globals.update(
        views=VIEWS,
        url=url,
        form_token=access.form_token,
        type_names=TYPE_NAMES,
        relation_names=RELATION_NAMES,
        words=WORDS,
        columns=COLUMNS,
        store_name=store.name,
    )
    explorer = Explorer(reading, settings, access, NameIndex(reading), templates, threading.Lock())
    views: list[tuple[str, Callable[[Explorer, Request], Response], str]] = [
        ("/", pages.home, "GET"),
        ("/search", pages.search, "GET"),
        ("/entity", pages.entity, "GET"),
        ("/documents", documents.documents, "GET"),
        ("/document", documents.document, "GET"),
        ("/compare", documents.compare, "GET"),
        ("/map", pages.map_, "GET"),
        ("/graph", graphs.graph, "GET"),
        ("/path", graphs.path, "GET"),
        ("/api/expand", graphs.expand, "POST"),
        ("/api/suggest", pages.suggest, "GET"),
        ("/queries", questions.queries, "GET"),
        ("/queries/{name}", questions.query, "GET"),
        ("/cypher", questions.cypher, "GET"),
        ("/corrections", corrections.corrections, "GET"),
        ("/api/corrections", corrections.record, "POST"),
    ]
    routes = [
        Route(path, _endpoint(explorer, view, method), methods=[method])
        for path, view, method in views
    ]
    routes.append(Route("/static/{name}", _static))

    def missing(request: Request, _: Exception) -> Response:
        return _failed(explorer, request, 404, QueryError(f"没有这个地址：{request.url.path}"))

    app = Starlette(routes=routes, exception_handlers={404: missing})
    app.add_middleware(Guard, access=access)
    return app


def _endpoint(
    explorer: Explorer, view: Callable[..., Response], method: str
) -> Callable[[Request], Any]:
    """A view as Starlette calls it, in a worker thread: errors of ours become a page."""
    from starlette.concurrency import run_in_threadpool

    @wraps(view)
    async def endpoint(request: Request) -> Response:
        try:
            body = [_json(await request.body())] if method == "POST" else []
            return await run_in_threadpool(partial(view, explorer, request, *body))
        except ZhituError as error:
            status = 503 if isinstance(error, StoreError) else 404
            if isinstance(error, UsageError | QueryError):
                status = 400
            return _failed(explorer, request, status, error)

    return endpoint


def _failed(explorer: Explorer, request: Request, status: int, error: Exception) -> Response:
    """An error as a page, or as JSON for our scripts, with what may be meant."""
    if request.url.path.startswith("/api/"):
        choices = error.choices if isinstance(error, Unclear) else ()
        found = [{"text": c.shown, "url": c.address} for c in choices]
        return JSONResponse({"error": str(error), "choices": found}, status_code=status)
    links = error.links(request) if isinstance(error, Unclear) else []
    return explorer.page("error.html", request, status, error=str(error), links=links)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        raise UsageError("the request holds no JSON") from None


def _static(request: Request) -> Response:
    """Our scripts and styles, and vis-network out of pyvis."""
    name = request.path_params["name"]
    kind = "text/javascript" if name.endswith(".js") else "text/css"
    known = {"vis-network.js": vis_network, "types.css": type_styles}
    files = {f.name for f in resources.files("viz").joinpath("static").iterdir()}
    if name in known:
        text = known[name]()
    elif name in files and name.endswith((".js", ".css")):
        text = asset(name)
    else:
        return Response("not found", status_code=404, media_type="text/plain")
    return Response(
        text, media_type=f"{kind}; charset=utf-8", headers={"cache-control": "no-cache"}
    )


def serve(
    store: Store,
    settings: Settings,
    *,
    host: str,
    port: int,
    ready: Callable[[str], None],
) -> None:
    """Serve the explorer until interrupted.

    Parameters
    ----------
    host : str
        ``127.0.0.1`` for this machine only; anything else needs the token in the address.
    port : int
        0 for any free one.
    ready : callable
        Called with the address to open once connections are accepted.

    Raises
    ------
    UsageError
        If the address cannot be bound.
    """
    import uvicorn

    access = make_access(host)
    try:
        bound = socket.create_server((host, port), family=_family(host))
    except (OSError, OverflowError) as error:
        raise UsageError(
            f"cannot listen on {host}:{port} ({error}); give another with --host or --port"
        ) from None
    config = uvicorn.Config(
        make_app(store, settings, access=access),
        log_level="warning",
        access_log=False,
        lifespan="off",
        server_header=False,
    )
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{bound.getsockname()[1]}/"
    ready(address + (f"?token={access.token}" if access.token else ""))
    # Ctrl+C is the way to stop it, and no failure.
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[bound])


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def corrections_path(settings: Settings) -> Path:
    """The file of corrections made by hand."""
    return Path(settings.corrections)
