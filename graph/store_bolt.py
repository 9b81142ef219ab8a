"""Either store, over Bolt: reading, writing, loading, and trying again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from graph.store import Backend, LoadReport, ManifestEntry, RemoveReport, Result
from graph.store_errors import WRITE_REFUSED, translated_errors
from zhitu.errors import StoreAuthError, StoreUnavailable, WriteRefused

if TYPE_CHECKING:
    import neo4j

    from extract.documents import Document

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


class BoltStore:
    """Either store, over Bolt. Made by `graph.store.connect`."""

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
