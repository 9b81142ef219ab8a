"""`zhitu show` and `zhitu serve`: the picture, and the explorer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zhitu.commands.common import StoreOption, console, open_store


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    app.command()(show)
    app.command()(serve)


def show(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME]...",
            help="Names or aliases; none: around the issuers.",
            show_default=False,
        ),
    ] = None,
    store: StoreOption = None,
    hops: Annotated[int, typer.Option(help="Relations away from NAME, 0 to 4.")] = 1,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE.html",
            help="The page to write  [default: NAME.html or zhitu.html]",
            show_default=False,
        ),
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    type_: Annotated[
        list[str] | None,
        typer.Option(
            "--type",
            metavar="LABEL",
            help="Only neighbours of this type, e.g. Brand or 品牌; may be repeated.",
            show_default=False,
        ),
    ] = None,
    relation: Annotated[
        list[str] | None,
        typer.Option(
            "--relation",
            metavar="TYPE",
            help="Only this relation, e.g. IMPLEMENTS or 实施; may be repeated.",
            show_default=False,
        ),
    ] = None,
    document: Annotated[
        list[str] | None,
        typer.Option(
            "--document",
            metavar="NAME",
            help="Only relations of this document; may be repeated.",
            show_default=False,
        ),
    ] = None,
    status: Annotated[
        str | None, typer.Option(help="Only what is done, or planned.", show_default=False)
    ] = None,
    confidence: Annotated[
        float, typer.Option("--confidence", help="Least confidence, 0 to 1.")
    ] = 0.0,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="Documents from this date on: 2023, 2023-05 or 2023-05-01.",
            show_default=False,
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Documents up to this date.", show_default=False),
    ] = None,
    limit: Annotated[
        int, typer.Option(help="Most nodes, up to 2000; the best connected stay.")
    ] = 500,
) -> None:
    """Draw what surrounds one or more entities as a single offline HTML page.

    Example: zhitu show 柯城区政协 --hops 2 --type Project --open
    """
    from viz.page import write_page
    from viz.subgraph import subgraph

    with open_store(store) as opened:
        graph = subgraph(
            opened,
            names or (),
            hops=hops,
            types=type_,
            relations=relation,
            documents=document,
            status=status,
            confidence=confidence,
            since=since,
            until=until,
            limit=limit,
        )
    path = write_page(graph, output or Path(_file_name(names or [])))
    console.print(
        f"{path}: {len(graph)} entities, {graph.number_of_edges()} relations",
        markup=False,
        soft_wrap=True,
    )
    for note in graph.graph["notes"]:
        console.print(note, markup=False, soft_wrap=True)
    if open_:
        import webbrowser

        webbrowser.open(path.resolve().as_uri())


def _file_name(names: list[str]) -> str:
    safe = "".join(c if c.isalnum() or c in "-_.·" else "_" for c in names[0])[:60] if names else ""
    return f"{safe.strip('.') or 'zhitu'}.html"


def serve(
    store: StoreOption = None,
    host: Annotated[
        str, typer.Option(help="127.0.0.1: this machine only; else a token is asked for.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0: any free one.")] = 8760,
    open_: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Explore the graph in the browser: search, expand, paths, documents, map, questions.

    Example: zhitu serve --store file:衢州.db --open
    """
    from viz.explorer.app import serve as run
    from zhitu.settings import load_settings

    def ready(address: str) -> None:
        console.print(f"{address}  (Ctrl+C stops)", markup=False, soft_wrap=True)
        if open_:
            import webbrowser

            webbrowser.open(address)

    with open_store(store) as opened:
        run(opened, load_settings(store=store), host=host, port=port, ready=ready)
