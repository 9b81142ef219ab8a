"""The graph store: one seam, two real ends.

`connect` opens either Neo4j (``neo4j://user:password@host:7687``) or the embedded
database (``file:zhitu.db``). Both are spoken to with the official ``neo4j`` driver and
the same Cypher, so whatever works on one works on the other.

The ends differ in four things only, which `Backend` names: how a connection is had, how a
reader is kept from writing, how writers wait for one another, and how entities are entered.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from zhitu.errors import UsageError

if TYPE_CHECKING:
    import neo4j

    from extract.documents import Document

NAMES_INDEX = "entity_names"
"""Full-text index of names and aliases, on the store whose Cypher can ask it."""

NEO4J_SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")


@dataclass(frozen=True)
class Result:
    """Rows that a query gave.

    Nodes, relationships and paths are the ``neo4j`` driver's own objects on both stores.
    `truncated` says that there were more rows than the limit allowed.
    """

    columns: tuple[str, ...]
    rows: list[tuple]
    truncated: bool = False


@dataclass(frozen=True)
class ManifestEntry:
    """A document that is in the graph: content id, name, source, extractor version.

    `corrections` are the ids of the corrections made by hand that it was built with.
    """

    id: str
    name: str
    source: str
    version: str
    corrections: tuple[str, ...] = ()


@dataclass(frozen=True)
class LoadReport:
    """What a load did; documents by content id, and what was written."""

    loaded: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    nodes: int = 0
    relationships: int = 0


@dataclass(frozen=True)
class RemoveReport:
    """What a removal did; `removed` are content ids, `unknown` what was not there."""

    removed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    entities: int = 0


class Backend(Protocol):
    """What the two stores do differently."""

    name: str
    database: str | None
    create_entities: str
    """Cypher that creates the entities of one label, with ``{label}`` to be filled in."""
    schema: tuple[str, ...]
    """What this store needs beyond `graph.store_bolt.SCHEMA`, run before the first write."""

    @property
    def writer(self) -> neo4j.Driver:
        """The driver that may write."""

    def borrow_reader(self) -> neo4j.Driver:
        """Have a driver to read with."""

    def return_reader(
        self, driver: neo4j.Driver, session: neo4j.Session, *, finished: bool
    ) -> None:
        """Give it back; if not `finished`, the query may still be running."""

    def limit_time(self, seconds: float | None) -> contextlib.AbstractContextManager[None]:
        """Hold while a query starts that shall not run longer than `seconds`."""

    def writing(self) -> contextlib.AbstractContextManager[None]:
        """Hold while a writing transaction runs; outside the transaction."""

    def lock(self, tx: neo4j.ManagedTransaction) -> None:
        """Make other writers wait until this transaction ends; inside it."""

    def unlock(self, tx: neo4j.ManagedTransaction) -> None:
        """Leave no trace of `lock`; the last thing in the transaction."""

    def has_names_index(self) -> bool:
        """Say whether Cypher can search `NAMES_INDEX`, a full-text index of all names."""

    def enter_entities(
        self, tx: neo4j.ManagedTransaction, label: str, rows: list[dict[str, Any]]
    ) -> tuple[int, dict[str, tuple[str, list[str]]]]:
        """Create those of the entities that are not there, and leave the others alone.

        Returns how many were created; and name and aliases, by id, at least of those that
        were there with others than in `rows`.
        """

    def reopen(self) -> bool:
        """Try to get a lost connection back; say whether trying again makes sense."""

    def close(self) -> None:
        """Let go of everything."""


class Store(Protocol):
    """A graph store, open. Use it as a context manager, or call `close`."""

    name: str

    def load(
        self,
        documents: Iterable[Document],
        *,
        version: str,
        progress: Callable[[Document], None] | None = None,
    ) -> LoadReport:
        """Write extracted documents; what is in already in this version is left alone."""

    def follow(self, id_: str, *, name: str, source: str) -> None:
        """Note the new name and place of a document whose file was renamed or moved."""

    def remove(self, ids: Iterable[str]) -> RemoveReport:
        """Take documents out, with all that only they supported."""

    def manifest(self) -> dict[str, ManifestEntry]:
        """Tell which documents are in, by content id."""

    def read(
        self,
        cypher: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        limit: int | None = None,
        timeout: float | None = None,
    ) -> Result:
        """Run a query that the store itself keeps from writing."""

    def write(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> Result:
        """Run a query that may write, in one transaction."""

    def has_names_index(self) -> bool:
        """Say whether Cypher can search a full-text index of all names and aliases."""

    def close(self) -> None:
        """Let go of the database."""

    def __enter__(self) -> Store: ...

    def __exit__(self, *exception: object) -> None: ...


def connect(uri: str, *, create: bool = True) -> Store:
    """Open the store that `uri` names.

    Parameters
    ----------
    uri : str
        ``file:PATH`` for the embedded database, or a Neo4j URI
        (``neo4j://user:password@host:7687/database``, also ``neo4j+s://`` and ``bolt://``;
        special characters in user and password percent-encoded).
    create : bool
        Whether an embedded database that does not exist is made; if not, its absence is
        an error.

    Returns
    -------
    Store
        Open and answering.

    Raises
    ------
    UsageError
        If `uri` is neither, or lacks the password that a remote store needs.
    StoreUnavailable
        If the store does not answer, or a process that cannot be joined holds it.
    StoreAuthError
        If it refuses the user or the password.

    Examples
    --------
    >>> connect("mysql://localhost")
    Traceback (most recent call last):
    zhitu.errors.UsageError: store 'mysql://localhost': use file:PATH or neo4j://user:password@host:7687
    """
    scheme = urlsplit(uri).scheme
    from graph.store_bolt import BoltStore

    if scheme == "file":
        from graph.store_embedded import open_embedded

        return BoltStore(open_embedded(_path_of(uri), create=create))
    if scheme in NEO4J_SCHEMES:
        from graph.store_neo4j import open_neo4j

        return BoltStore(open_neo4j(uri))
    raise UsageError(
        f"store {without_password(uri)!r}: use file:PATH or neo4j://user:password@host:7687"
    )


def without_password(uri: str) -> str:
    """Cut user and password out of `uri`, for messages.

    >>> without_password("neo4j://neo4j:p%40ss@10.0.0.7:7687")
    'neo4j://10.0.0.7:7687'
    """
    return re.sub(r"(?<=://).*@", "", uri, flags=re.DOTALL)


def _path_of(uri: str) -> str:
    path = uri.removeprefix("file:")
    path = path.removeprefix("//") if path.startswith("//") else path
    if not path:
        raise UsageError(f"store {uri!r} names no directory; e.g. file:zhitu.db")
    return path
