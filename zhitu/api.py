"""Zhitu for Python and notebooks: `connect`, then ask with DataFrames and look.

>>> import zhitu
>>> with zhitu.connect("file:衢州.db") as kg:                        # doctest: +SKIP
...     kg.query("projects-of", {"name": "柯城区政协"})
"""

from __future__ import annotations

import html
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhitu.errors import UsageError
from zhitu.settings import Settings, load_settings

if TYPE_CHECKING:
    import networkx
    import pandas

    from graph.store import Store
    from zhitu.pipeline import BuildReport

_NAME = re.compile(r"[A-Za-z0-9][\w-]*")
PICTURE_HEIGHT = 640
"""Pixels that a picture takes in a notebook."""


@dataclass(frozen=True)
class Picture:
    """A page that draws a part of the graph; Jupyter shows it in a frame.

    `html` is the whole offline page, `graph` what it draws.
    """

    html: str
    graph: networkx.MultiDiGraph

    def save(self, path: str | Path) -> Path:
        """Write the page to a file and return its path.

        Raises
        ------
        UsageError
            If the file cannot be written.
        """
        try:
            Path(path).write_text(self.html, encoding="utf-8", newline="\n")
        except OSError as error:
            raise UsageError(f"cannot write {path}: {error.strerror}; give another file") from None
        return Path(path)

    def _repr_html_(self) -> str:
        return (
            f'<iframe srcdoc="{html.escape(self.html)}" width="100%" height="{PICTURE_HEIGHT}" '
            'style="border:1px solid #ddd" title="知图"></iframe>'
        )

    def __repr__(self) -> str:
        nodes, edges = self.graph.number_of_nodes(), self.graph.number_of_edges()
        return f"<Picture: {nodes} entities, {edges} relations; .save('图.html') writes it>"


class KnowledgeGraph:
    """A graph that is open for asking. Made by `connect`; close it, or use ``with``."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self.store = store
        self.settings = settings

    def __enter__(self) -> KnowledgeGraph:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<KnowledgeGraph {self.store.name}>"

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()

    def query(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        limit: int | None = None,
        timeout: float | None = None,
        write: bool = False,
    ) -> pandas.DataFrame:
        """Run Cypher, or a named query, and return its rows.

        Parameters
        ----------
        text : str
            Cypher, or the name of a query (see `queries`).
        parameters : mapping, optional
            Values by parameter name.
        limit : int, optional
            Rows at most; the setting ``query_limit`` if left out.
        timeout : float, optional
            Seconds at most; the setting ``query_timeout`` if left out.
        write : bool
            Allow Cypher that changes the graph.

        Returns
        -------
        pandas.DataFrame
            A column for each column of the result. Nodes, relationships and paths are
            dictionaries, temporal values Python's own. ``attrs["truncated"]`` says whether
            rows were left out; a warning says so too.

        Raises
        ------
        QueryError
            If the query is refused or fails.
        UsageError
            If a named query or its parameters are unknown or do not fit.
        """
        from cypher.queries import run_named
        from cypher.run import run, warnings_for

        limit = self.settings.query_limit if limit is None else limit
        timeout = self.settings.query_timeout if timeout is None else timeout
        limits = {"limit": limit, "timeout": timeout}
        if _NAME.fullmatch(text.strip()):
            if write:
                raise UsageError("write=True is for Cypher of your own; named queries only read")
            result = run_named(self.store, text.strip(), parameters, **limits)
        else:
            result = run(self.store, text, parameters, write=write, **limits)
            for hint in warnings_for(text, parameters):
                warnings.warn(hint, stacklevel=2)
        if result.truncated:
            warnings.warn(
                f"truncated: only the first {len(result.rows)} rows; limit=N allows more",
                stacklevel=2,
            )
        frame = _frame([[_native(value) for value in row] for row in result.rows], result.columns)
        frame.attrs["truncated"] = result.truncated
        return frame

    def find(
        self, text: str, *, types: Sequence[str] | None = None, limit: int = 20
    ) -> pandas.DataFrame:
        """Search names and aliases, the best match first; see `cypher.find.find`.

        Returns
        -------
        pandas.DataFrame
            Columns name, type, aliases, documents, mentions, id.
        """
        from cypher.find import find

        found = find(
            self.store, text, types=types, limit=limit, timeout=self.settings.query_timeout
        )
        columns = ("name", "type", "aliases", "documents", "mentions", "id")
        return _frame(
            [[f.name, f.type, list(f.aliases), list(f.documents), f.mentions, f.id] for f in found],
            columns,
        )

    def queries(self, text: str = "") -> pandas.DataFrame:
        """List the named queries, or those that fit a text in Chinese or English.

        Returns
        -------
        pandas.DataFrame
            Columns name, question, english, parameters, topic.
        """
        from cypher.queries import search

        columns = ("name", "question", "english", "parameters", "topic")
        return _frame(
            [[q.name, q.zh, q.en, [p.name for p in q.parameters], q.topic] for q in search(text)],
            columns,
        )

    def graph(self, *, provenance: bool = False) -> networkx.MultiDiGraph:
        """Take the whole graph as networkx; see `graph.networks.to_networkx`.

        Parameters
        ----------
        provenance : bool
            Take documents, sentences and mentions as well.
        """
        from graph.networks import to_networkx

        return to_networkx(self.store, provenance=provenance)

    def subgraph(
        self,
        names: str | Sequence[str] = (),
        *,
        hops: int = 1,
        types: Sequence[str] | None = None,
        relations: Sequence[str] | None = None,
        limit: int = 500,
    ) -> networkx.MultiDiGraph:
        """Take what surrounds some entities as a networkx graph; see `viz.subgraph`."""
        from viz.subgraph import subgraph

        return subgraph(self.store, names, hops=hops, types=types, relations=relations, limit=limit)

    def show(
        self,
        names: str | Sequence[str] = (),
        *,
        hops: int = 1,
        types: Sequence[str] | None = None,
        relations: Sequence[str] | None = None,
        limit: int = 500,
    ) -> Picture:
        """Draw what surrounds some entities; around the issuers without a name.

        Parameters
        ----------
        names : str or sequence of str
            Names or aliases.
        hops : int
            Relations away from them.
        types, relations : sequence of str, optional
            Labels and relationship types to keep.
        limit : int
            Entities at most.

        Returns
        -------
        Picture
            Shown by Jupyter where it is the last value of a cell; ``.save(path)`` writes it.

        Raises
        ------
        QueryError
            If a name is unknown or may be several entities.
        """
        from viz.page import render_page

        graph = self.subgraph(names, hops=hops, types=types, relations=relations, limit=limit)
        return Picture(render_page(graph), graph)

    def build(self, paths: Sequence[str | Path]) -> BuildReport:
        """Read documents and load them into the graph, as ``zhitu build`` does.

        Raises
        ------
        DocumentError
            If a path does not exist or holds no document.
        """
        from extract.read import find_files
        from zhitu.pipeline import build_graph

        return build_graph(find_files([Path(p) for p in paths]), self.store, self.settings)


def connect(store: str | None = None, *, create: bool = False) -> KnowledgeGraph:
    """Open a graph.

    Parameters
    ----------
    store : str, optional
        ``file:PATH`` for the embedded database or ``neo4j://user:password@host:7687``;
        ``ZHITU_STORE`` or ``file:zhitu.db`` if left out.
    create : bool
        Make an embedded database that does not exist.

    Returns
    -------
    KnowledgeGraph

    Raises
    ------
    StoreError
        If the store does not answer, is not there, or refuses the password.
    """
    from graph.store import connect as open_store

    settings = load_settings(store=store)
    return KnowledgeGraph(open_store(settings.store, create=create), settings)


def graph(store: str | None = None, *, provenance: bool = False) -> networkx.MultiDiGraph:
    """Take a whole graph as networkx, without keeping it open; see `KnowledgeGraph.graph`."""
    with connect(store) as kg:
        return kg.graph(provenance=provenance)


def _frame(rows: list[list[Any]], columns: Sequence[str]) -> pandas.DataFrame:
    try:
        import pandas
    except ImportError:
        raise UsageError("DataFrames need pandas: pip install 'zhitu[notebook]'") from None
    return pandas.DataFrame(rows, columns=list(columns))


def _native(value: Any) -> Any:
    """Make a value Python's own, down to lists and maps."""
    if hasattr(value, "to_native"):
        return value.to_native()
    if isinstance(value, list):
        return [_native(item) for item in value]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    from cypher.values import plain

    return plain(value)
