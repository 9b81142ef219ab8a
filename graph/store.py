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
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from graph.store_errors import WRITE_REFUSED, translated_errors
from zhitu.errors import (
    StoreAuthError,
    StoreUnavailable,
    UsageError,
    WriteRefused,
)

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
    """What this store needs beyond `SCHEMA`, run before the first write."""

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


class BoltStore:
    """Either store, over Bolt. Made by `connect`."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.name = backend.name
        self._prepared = False
        self._lock = threading.Lock()

    def __enter__(self) -> BoltStore:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database. Closing twice is harmless."""
        self.backend.close()

    def read(
        self,
        cypher: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        limit: int | None = None,
        timeout: float | None = None,
    ) -> Result:
        """Run a query that the store itself keeps from writing.

        Parameters
        ----------
        cypher : str
        parameters : mapping, optional
        limit : int, optional
            Most rows to return; beyond it the result is cut and marked `truncated`.
        timeout : float, optional
            Seconds after which the store stops the query.

        Raises
        ------
        WriteRefused
            If the query would write.
        QueryError
            If the store refuses it, or it took too long.
        StoreUnavailable
            If the store does not answer.
        """

        def run() -> Result:
            return self._run_read(cypher, dict(parameters or {}), limit, timeout)

        return self._trying_again(run, timeout)

    def write(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> Result:
        """Run a query that may write, in one transaction; retried on transient errors.

        Raises
        ------
        QueryError
            If the store refuses it.
        StoreUnavailable
            If the store does not answer.
        """

        def work(tx: neo4j.ManagedTransaction) -> Result:
            return _collect(tx.run(cypher, dict(parameters or {})), None)

        with translated_errors(self.name, None):
            self.prepare()
            with self.backend.writing(), self._session(self.backend.writer) as session:
                return session.execute_write(work)

    def load(
        self,
        documents: Iterable[Document],
        *,
        version: str,
        progress: Callable[[Document], None] | None = None,
    ) -> LoadReport:
        """Write extracted documents, each as a whole or not at all.

        Documents are written as they come; several that come in quick succession share a
        transaction. A document that is in with this `version` is left alone; one with
        another version, or another text at the same `source`, is replaced.

        Parameters
        ----------
        documents : iterable of Document
            May be a slow generator; what it gave is written even if it then fails.
        version : str
            Names everything that decides what a text yields.
        progress : callable, optional
            Called with each document once it is safe in the store.

        Raises
        ------
        StoreUnavailable
            If the store stops answering; documents reported to `progress` are in.
        """
        from graph.load import load

        return load(self, documents, version=version, progress=progress)

    def follow(self, id_: str, *, name: str, source: str) -> None:
        """Note the new name and place of a document whose file was renamed or moved."""
        self.transact(lambda tx: tx.run(FOLLOW, id=id_, name=name, source=source).consume())

    def remove(self, ids: Iterable[str]) -> RemoveReport:
        """Take documents out, with all that only they supported.

        Parameters
        ----------
        ids : iterable of str
            Content ids, as `manifest` tells them.
        """
        from graph.retract import remove

        return remove(self, ids)

    def manifest(self) -> dict[str, ManifestEntry]:
        """Tell which documents are in, by content id."""
        rows = self.read(MANIFEST).rows
        return {row[0]: ManifestEntry(*row[:4], corrections=tuple(row[4])) for row in rows}

    def transact(self, work: Callable[[neo4j.ManagedTransaction], Any]) -> Any:
        """Run `work` in one transaction that no other writer of Zhitu overlaps.

        `work` may run several times: it must not change anything outside the store.
        """

        def locked(tx: neo4j.ManagedTransaction) -> Any:
            self.backend.lock(tx)
            result = work(tx)
            self.backend.unlock(tx)
            return result

        def run() -> Any:
            with self.backend.writing(), self._session(self.backend.writer) as session:
                return session.execute_write(locked)

        self.prepare()
        return self._trying_again(run, None)

    def has_names_index(self) -> bool:
        """Say whether Cypher can search a full-text index of all names and aliases."""
        with translated_errors(self.name, None):
            return self.backend.has_names_index()

    def prepare(self) -> None:
        """Create constraints and indexes, once."""
        with self._lock:
            if self._prepared:
                return
            with translated_errors(self.name, None), self._session(self.backend.writer) as session:
                for statement in (*SCHEMA, *self.backend.schema):
                    session.run(statement).consume()
            self._prepared = True

    def _session(self, driver: neo4j.Driver, **settings: Any) -> neo4j.Session:
        return driver.session(database=self.backend.database, **settings)

    def _trying_again(self, run: Callable[[], Any], timeout: float | None) -> Any:
        """Run; if the connection is lost and can be had again, run once more."""
        try:
            with translated_errors(self.name, timeout):
                return run()
        except (StoreUnavailable, StoreAuthError):
            # An embedded database that is being closed no longer knows its users.
            if not self.backend.reopen():
                raise
        with translated_errors(self.name, timeout):
            return run()

    def _run_read(
        self, cypher: str, parameters: dict[str, Any], limit: int | None, timeout: float | None
    ) -> Result:
        wanted = 1000 if limit is None else min(limit + 1, 1000)
        driver = self.backend.borrow_reader()
        session = self._session(driver, default_access_mode="READ", fetch_size=wanted)
        finished = False
        try:
            with self.backend.limit_time(timeout):
                tx = session.begin_transaction(timeout=timeout)
                result = tx.run(cypher, parameters)
            found = _collect(result, limit)
            # ArcadeDB refuses its reader some changes only when they are committed. (A cut
            # result is left as it is: the summary comes after the last row.)
            if not found.truncated and result.consume().counters.contains_updates:
                raise WriteRefused(WRITE_REFUSED)
            finished = not found.truncated
            return found
        finally:
            # Never committed: whatever a query might do, nothing of it can last.
            self.backend.return_reader(driver, session, finished=finished)


def _collect(result: neo4j.Result, limit: int | None) -> Result:
    rows: list[tuple] = []
    columns = tuple(result.keys())
    for record in result:
        if limit is not None and len(rows) == limit:
            return Result(columns, rows, truncated=True)
        rows.append(tuple(record.values()))
    return Result(columns, rows)


FOLLOW = "MATCH (d:Document {id: $id}) SET d.name = $name, d.source = $source"

MANIFEST = """
MATCH (d:Document)
RETURN d.id AS id, d.name AS name, d.source AS source, d.version AS version,
       coalesce(d.corrections, []) AS corrections
ORDER BY id
"""

SCHEMA = (
    "CREATE CONSTRAINT entity_id IF NOT EXISTS FOR (n:Entity) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT sentence_id IF NOT EXISTS FOR (n:Sentence) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT document_id IF NOT EXISTS FOR (n:Document) REQUIRE n.id IS UNIQUE",
    "CREATE INDEX entity_name IF NOT EXISTS FOR (n:Entity) ON (n.name)",
    "CREATE INDEX entity_code IF NOT EXISTS FOR (n:Entity) ON (n.code)",
    "CREATE INDEX document_source IF NOT EXISTS FOR (n:Document) ON (n.source)",
)
"""Run before the first write; each does nothing the second time."""
