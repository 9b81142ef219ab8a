"""The embedded store: ArcadeDB inside this process, spoken to over Bolt on loopback.

One process holds the database's directory and serves it at a random port with a random
password, both written to a file beside the data that only the user can read. Another
process of the same user that opens the directory meanwhile joins through that endpoint;
when the holder ends, the next one to need the database takes over.

Readers log in as a user whom ArcadeDB itself allows nothing but reading: see `GROUPS`.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
import shutil
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from graph.ontology import LABELS
from zhitu.errors import StoreError, StoreUnavailable

if TYPE_CHECKING:
    import neo4j

DATABASE = "graph"
JOIN_PATIENCE = 15.0
"""Seconds to wait for a process that holds the database to say where it listens."""

MESSAGE_SIZE = 512 * 1024 * 1024
"""Bytes that one Bolt message may hold."""

KNOWN_ENTITIES = """
UNWIND $ids AS id
MATCH (e:Entity {id: id})
RETURN e.id AS id, e.name AS name, e.aliases AS aliases
"""

# ArcadeDB finds no index for a MERGE with two labels, and a label added afterwards moves
# the record.
CREATE_ENTITIES = {
    label: f"UNWIND $rows AS row CREATE (e:Entity:{label}) SET e = row" for label in LABELS
}

_EVERY_RECORD = ["createRecord", "readRecord", "updateRecord", "deleteRecord"]
_EVERYTHING = ["updateSecurity", "updateSchema", "updateDatabaseSettings"]


def _group(access: list[str], records: list[str]) -> dict[str, Any]:
    return {
        "resultSetLimit": -1,
        "readTimeout": -1,
        "access": access,
        "types": {"*": {"access": records}},
    }


GROUPS = {
    "databases": {
        "*": {
            "groups": {
                "admin": _group(_EVERYTHING, _EVERY_RECORD),
                "reader": _group([], ["readRecord"]),
                "*": _group([], []),
            }
        }
    },
    "version": 1,
}
"""ArcadeDB's security groups. Over Bolt it lets a READ transaction write, so reading is
done as a user whom the engine refuses every change of records and schema."""


@dataclass(frozen=True)
class Endpoint:
    """Where a held database is served; kept in a file that only its user can read."""

    pid: int
    bolt_port: int
    http_port: int
    password: str


def open_embedded(path: str | Path, *, create: bool = True) -> EmbeddedBackend:
    """Open the database in directory `path`, or join the process that holds it.

    Raises
    ------
    StoreError
        If there is something else at `path`, or nothing and `create` is False.
    StoreUnavailable
        If a process that cannot be joined holds it.
    """
    directory = Path(path).absolute()
    if directory.exists():
        _check_directory(directory)
    elif not create:
        raise StoreError(f"there is no graph at {path} yet: zhitu build PATH... makes it")
    try:
        directory.mkdir(parents=True, exist_ok=True)
        directory.chmod(0o700)
    except OSError as error:
        raise StoreError(f"{path} cannot be made a database: {error.strerror}") from error
    backend = EmbeddedBackend(directory)
    backend.open()
    return backend


def _check_directory(directory: Path) -> None:
    if not directory.is_dir():
        raise StoreError(f"{directory} is a file, not a database; name another with file:PATH")
    if any(directory.iterdir()) and not (directory / "zhitu.lock").exists():
        raise StoreError(
            f"{directory} holds other files and no Zhitu database; name another with file:PATH"
        )


class EmbeddedBackend:
    """The database in one directory, held by this process or joined."""

    database = DATABASE
    schema = ()

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.name = f"file:{_short(directory)}"
        self._owner = FileLock(directory / "zhitu.lock")
        self._writers = FileLock(directory / "zhitu.writing", thread_local=False)
        self._timing = threading.Lock()
        self._writing = threading.Lock()
        self._timeout_set: float | None = None
        self._server: Any = None
        self._writer: neo4j.Driver | None = None
        self._readers: list[neo4j.Driver] = []
        self._opening = threading.Lock()
        self._endpoint: Endpoint | None = None

    @property
    def writer(self) -> neo4j.Driver:
        """Logged in as the one who may do everything."""
        with self._opening:
            if self._writer is None:
                self._writer = self._open_driver("root")
            return self._writer

    def borrow_reader(self) -> neo4j.Driver:
        """A driver of its own for each query, logged in as the one who may only read."""
        with contextlib.suppress(IndexError):
            return self._readers.pop()
        return self._open_driver("reader")

    def return_reader(
        self, driver: neo4j.Driver, session: neo4j.Session, *, finished: bool
    ) -> None:
        """Keep the driver for the next query, or drop the connection with its query.

        A session that is closed properly lets ArcadeDB count on to the last row, which
        may be billions away.
        """
        if finished:
            session.close()
            self._readers.append(driver)
            return
        driver.close()
        with contextlib.suppress(Exception):
            session.close()

    @property
    def owned(self) -> bool:
        """Whether this process holds the database, rather than having joined another."""
        return self._server is not None

    @contextlib.contextmanager
    def limit_time(self, seconds: float | None) -> Iterator[None]:
        """Set the database's own time limit, which it reads when a query starts.

        Bolt's timeout is ignored by ArcadeDB.
        """
        with self._timing:
            if self._timeout_set != seconds:
                milliseconds = 0 if seconds is None else max(1, round(seconds * 1000))
                self._http(
                    f"command/{DATABASE}",
                    language="sql",
                    command=f"ALTER DATABASE `arcadedb.command.timeout` {milliseconds}",
                )
                self._timeout_set = seconds
            yield

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Let one transaction write at a time, over all processes: conflicts cost more."""
        with self._writing, self._writers:
            with self.limit_time(None):
                pass
            yield

    def lock(self, tx: neo4j.ManagedTransaction) -> None:
        """Nothing to do: `writing` has locked already."""

    def unlock(self, tx: neo4j.ManagedTransaction) -> None:
        """Nothing to do."""

    def has_names_index(self) -> bool:
        """ArcadeDB's Cypher cannot ask its full-text indexes."""
        return False

    def enter_entities(
        self, tx: neo4j.ManagedTransaction, label: str, rows: list[dict[str, Any]]
    ) -> tuple[int, dict[str, tuple[str, list[str]]]]:
        """Look up which are there, and create the others; nobody else writes meanwhile."""
        result = tx.run(KNOWN_ENTITIES, ids=[row["id"] for row in rows])
        known = {id_: (name, aliases) for id_, name, aliases in result}
        new = [row for row in rows if row["id"] not in known]
        if new:
            tx.run(CREATE_ENTITIES[label], rows=new).consume()
        return len(new), known

    def reopen(self) -> bool:
        """Open or join anew when the process that was joined has gone."""
        if self.owned:
            return False
        self._close_drivers()
        self.open()
        return True

    def close(self) -> None:
        """Stop serving, and let go of the directory."""
        self._close_drivers()
        if self._server is None:
            return
        (self.directory / "zhitu.endpoint").unlink(missing_ok=True)
        server, self._server = self._server, None
        server.stop()
        self._owner.release()

    def open(self) -> None:
        """Hold the directory and serve it, or join the process that does."""
        deadline = time.monotonic() + JOIN_PATIENCE
        while True:
            try:
                self._owner.acquire(timeout=0)
            except Timeout:
                if self._join():
                    return
            else:
                self._serve()
                return
            if time.monotonic() > deadline:
                holder = self._read_endpoint()
                who = f"process {holder.pid}" if holder else "another process"
                raise StoreUnavailable(
                    f"{self.name} is held by {who}, which does not answer; wait for it, or end it"
                )
            time.sleep(0.1)

    def _open_driver(self, user: str) -> neo4j.Driver:
        if self._endpoint is None:
            raise StoreUnavailable(f"{self.name} is closed")
        return _open_driver(self._endpoint, user)

    def _close_drivers(self) -> None:
        for driver in [self._writer, *self._readers]:
            if driver is not None:
                driver.close()
        self._writer = None
        self._readers.clear()
        self._endpoint = None
        self._timeout_set = None

    def _read_endpoint(self) -> Endpoint | None:
        try:
            return Endpoint(**json.loads((self.directory / "zhitu.endpoint").read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def _join(self) -> bool:
        from neo4j import exceptions

        endpoint = self._read_endpoint()
        if endpoint is None:
            return False
        driver = _open_driver(endpoint, "root")
        try:
            driver.verify_connectivity()
        except (exceptions.DriverError, exceptions.Neo4jError):
            # The file of a holder that was killed: the new one is about to write its own.
            driver.close()
            return False
        self._writer = driver
        self._endpoint = endpoint
        return True

    def _serve(self) -> None:
        file = self.directory / "zhitu.endpoint"
        try:
            file.unlink(missing_ok=True)
            self._server, endpoint = _start_server(self.directory)
            self._endpoint = endpoint
            self._http(
                "server",
                command="create user "
                + json.dumps(
                    {
                        "name": "reader",
                        "password": endpoint.password,
                        "databases": {DATABASE: ["reader"]},
                    }
                ),
            )
            _write_private(file, json.dumps(asdict(endpoint)))
        except BaseException:
            self.close()
            self._owner.release()
            raise

    def _http(self, path: str, **body: str) -> None:
        """Send ArcadeDB a command that Bolt has no words for."""
        if self._endpoint is None:
            raise StoreUnavailable(f"{self.name} is closed")
        token = base64.b64encode(f"root:{self._endpoint.password}".encode()).decode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._endpoint.http_port}/api/v1/{path}",
            data=json.dumps(body).encode(),
            headers={"Authorization": f"Basic {token}", "Content-Type": "application/json"},
        )
        # No proxy for the loopback, whatever the environment says.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            opener.open(request, timeout=30).close()
        except urllib.error.HTTPError as error:
            if error.code in (401, 403):
                raise StoreUnavailable(f"{self.name} is being closed") from error
            raise StoreError(f"{self.name}: the database refuses {path}: {error.code}") from error
        except OSError as error:
            raise StoreUnavailable(f"{self.name} does not answer any more") from error


def _open_driver(endpoint: Endpoint, user: str) -> neo4j.Driver:
    import neo4j

    return neo4j.GraphDatabase.driver(
        f"bolt://127.0.0.1:{endpoint.bolt_port}",
        auth=(user, endpoint.password),
        connection_timeout=5.0,
    )


def _start_server(directory: Path) -> tuple[Any, Endpoint]:
    # Read by ArcadeDB when it first logs: its log belongs beside its data, and its
    # console output not among ours.
    os.environ.setdefault("ARCADEDB_LOG_DIR", str(directory / "log"))
    os.environ.setdefault("ARCADEDB_LOG_CONSOLE", "0")
    import arcadedb

    # Users and passwords are made anew at each start; the data lies elsewhere.
    config = directory / "config"
    shutil.rmtree(config, ignore_errors=True)
    config.mkdir(mode=0o700)
    (config / "server-groups.json").write_text(json.dumps(GROUPS), "utf-8")
    bolt_port, http_port = _free_ports(2)
    endpoint = Endpoint(os.getpid(), bolt_port, http_port, secrets.token_urlsafe(32))
    server = arcadedb.create_server(
        str(directory),
        endpoint.password,
        {
            "server.plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
            "host": "127.0.0.1",
            "bolt.host": "127.0.0.1",
            "bolt.port": bolt_port,
            "http_port": http_port,
            # A sentence may be a whole file without a full stop: 16 MB are too few.
            "bolt.maxMessageSize": MESSAGE_SIZE,
            "bolt.packstream.maxValueLength": MESSAGE_SIZE,
            # Errors keep their reasons only in this mode.
            "server.mode": "development",
            # The password is random and long: stretching it would only cost time.
            "server.securitySaltIterations": 1000,
        },
    )
    try:
        server.start()
        if (directory / "databases" / DATABASE).is_dir():
            server.get_database(DATABASE)
        else:
            server.create_database(DATABASE)
    except arcadedb.ArcadeDBError as error:
        with contextlib.suppress(arcadedb.ArcadeDBError):
            server.stop()
        reason = " ".join(str(error).split())[:300]
        raise StoreError(
            f"the database in {directory} cannot be opened: {reason}; see {directory / 'log'}"
        ) from error
    return server, endpoint


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def _write_private(file: Path, text: str) -> None:
    """Write `text` so that nobody else can ever read it, and nobody reads half of it."""
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    draft.replace(file)


def _short(directory: Path) -> str:
    """The path as people would write it: relative where it lies below here."""
    try:
        return str(directory.relative_to(Path.cwd()))
    except ValueError:
        return str(directory)
