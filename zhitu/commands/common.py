"""What every command shares: options, the store, and where messages go."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from zhitu.settings import Settings, load_settings

if TYPE_CHECKING:
    from graph.store import Store

console = Console(stderr=True, highlight=False)
"""For people: progress, summaries, warnings. Standard output is for data only."""

StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        envvar="ZHITU_STORE",
        metavar="URI",
        show_envvar=True,
        help="file:PATH or neo4j://user:password@host:7687  \\[default: file:zhitu.db]",
        show_default=False,
    ),
]


@contextlib.contextmanager
def open_store(
    uri: str | None = None, *, settings: Settings | None = None, create: bool = False
) -> Iterator[Store]:
    """Open the store that was asked for, and close it at the end.

    Parameters
    ----------
    uri : str, optional
        Store as given on the command line.
    settings : Settings, optional
        Settings already read; `uri` is then left out.
    create : bool
        Make an embedded database that does not exist; asking one that is not there is an
        error (a mistyped path would otherwise answer with nothing).

    Raises
    ------
    zhitu.errors.StoreError
        If it does not answer, is held by another process, or refuses the password.
    """
    from graph.store import connect

    _import_driver()
    settings = settings or load_settings(store=uri)
    store = connect(settings.store, create=create)
    try:
        yield store
    finally:
        store.close()


def _import_driver() -> None:
    """Import the neo4j driver without pandas.

    The driver imports pandas where it is installed, which takes longer than most queries,
    and no command needs it.
    """
    if "neo4j" in sys.modules or "pandas" in sys.modules:
        return
    sys.modules["pandas"] = None  # type: ignore[assignment]  # makes `import pandas` fail
    try:
        import neo4j  # noqa: F401
    finally:
        del sys.modules["pandas"]
