"""Neo4j as a store: reading its URI, connecting, and the errors of both."""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from graph.ontology import LABELS
from graph.store import NAMES_INDEX
from graph.store_errors import causes
from zhitu.errors import StoreAuthError, StoreError, StoreUnavailable, UsageError

if TYPE_CHECKING:
    import neo4j

CONNECTION_TIMEOUT = 10.0
"""Seconds to wait for a server to answer at all."""

STARTING = 30.0
"""Seconds to wait for a database whose server answers already: it starts after it."""

TAKE_LOCK = "MERGE (l:Document {id: $id}) SET l.locked = true"
DROP_LOCK = "MATCH (l:Document {id: $id}) DELETE l"
LOCK_ID = "zhitu:lock"

# One pass: MERGE with one label goes through the unique constraint, and what was there
# with another name or other aliases comes back. (A new one has those of its row.)
ENTER_ENTITIES = {
    label: f"""
UNWIND $rows AS row
MERGE (e:Entity {{id: row.id}})
ON CREATE SET e:{label}, e += row
WITH e, row
WHERE e.aliases <> row.aliases OR e.name <> row.name
RETURN e.id AS id, e.name AS name, e.aliases AS aliases
"""
    for label in LABELS
}

# The analyser cjk keeps every two characters that stand side by side. Eventually consistent:
# the server brings the index up to date beside the loading, and a search waits for that.
CREATE_NAMES_INDEX = f"""
CREATE FULLTEXT INDEX {NAMES_INDEX} IF NOT EXISTS FOR (n:Entity) ON EACH [n.name, n.aliases]
OPTIONS {{indexConfig: {{
    `fulltext.analyzer`: 'cjk', `fulltext.eventually_consistent`: true
}}}}
"""
FIND_NAMES_INDEX = f"""
SHOW INDEXES YIELD name, state WHERE name = '{NAMES_INDEX}' AND state = 'ONLINE' RETURN name
"""
AWAIT_NAMES_INDEX = "CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()"


@dataclass(frozen=True)
class Address:
    """A Neo4j URI taken apart; `uri` is what the driver gets, without credentials."""

    uri: str
    user: str | None
    password: str | None
    database: str | None


def parse_uri(uri: str) -> Address:
    """Take a Neo4j URI apart.

    Parameters
    ----------
    uri : str
        ``scheme://user:password@host:port/database``; all but scheme and host optional,
        but a password is demanded unless the host is this machine.

    Raises
    ------
    UsageError
        If there is no host, the port is no number, or the password is missing.

    Examples
    --------
    >>> parse_uri("neo4j+s://neo4j:p%40ss%2F1@db.example.org").password
    'p@ss/1'
    >>> parse_uri("bolt://10.0.0.7:7687")
    Traceback (most recent call last):
    zhitu.errors.UsageError: store bolt://10.0.0.7:7687 is not on this machine, so its URI
    must hold a password: bolt://user:password@10.0.0.7:7687
    """
    parts = urlsplit(uri)
    credentials, _, place = parts.netloc.rpartition("@")
    bare = f"{parts.scheme}://{place}"
    try:
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise UsageError(
            f"store {bare}: the port is not a number below 65536 (percent-encode '/', '@' and "
            "':' in user and password)"
        ) from None
    if not host:
        raise UsageError(f"store {bare} names no host; e.g. neo4j://user:password@localhost:7687")
    user, _, password = credentials.partition(":")
    if not password and not is_loopback(host):
        raise UsageError(
            f"store {bare} is not on this machine, so its URI must hold a password: "
            f"{parts.scheme}://user:password@{place}"
        )
    return Address(
        bare,
        unquote(user) or ("neo4j" if password else None),
        unquote(password) or None,
        unquote(parts.path.strip("/")) or None,
    )


def is_loopback(host: str) -> bool:
    """Say whether `host` is this machine.

    >>> is_loopback("localhost"), is_loopback("::1"), is_loopback("192.168.1.2")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Neo4jBackend:
    """A Neo4j server, spoken to by one driver."""

    schema = (CREATE_NAMES_INDEX,)

    def __init__(self, driver: neo4j.Driver, name: str, database: str | None) -> None:
        self.writer = driver
        self.name = name
        self.database = database
        self._has_names_index = False

    def borrow_reader(self) -> neo4j.Driver:
        """The one driver; its sessions are opened for reading only, and Neo4j sees to it."""
        return self.writer

    def return_reader(
        self, driver: neo4j.Driver, session: neo4j.Session, *, finished: bool
    ) -> None:
        """Close the session, which rolls its transaction back."""
        session.close()

    @contextlib.contextmanager
    def limit_time(self, seconds: float | None) -> Iterator[None]:
        """The driver hands the timeout to the server: nothing to do here."""
        yield

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Writers wait inside their transactions: see `lock`."""
        yield

    def lock(self, tx: neo4j.ManagedTransaction) -> None:
        """Hold the unique constraint's lock on an id that no document has.

        The node is gone again before the transaction ends, so nobody ever sees it.
        """
        tx.run(TAKE_LOCK, id=LOCK_ID).consume()

    def unlock(self, tx: neo4j.ManagedTransaction) -> None:
        """Delete the node; the lock lasts until the transaction ends all the same."""
        tx.run(DROP_LOCK, id=LOCK_ID).consume()

    def has_names_index(self) -> bool:
        """Say whether the index is there and complete; a graph of an older Zhitu has none.

        If so, it knows all that was written before this call.
        """
        with self.writer.session(database=self.database) as session:
            if not self._has_names_index:
                self._has_names_index = bool(session.run(FIND_NAMES_INDEX).values())
            if self._has_names_index:
                session.run(AWAIT_NAMES_INDEX).consume()
        return self._has_names_index

    def enter_entities(
        self, tx: neo4j.ManagedTransaction, label: str, rows: list[dict[str, Any]]
    ) -> tuple[int, dict[str, tuple[str, list[str]]]]:
        """Create those that are not there; tell of the others what differs."""
        result = tx.run(ENTER_ENTITIES[label], rows=rows)
        known = {id_: (name, aliases) for id_, name, aliases in result}
        return result.consume().counters.nodes_created, known

    def reopen(self) -> bool:
        """The driver's pool reconnects by itself."""
        return False

    def close(self) -> None:
        """Close the driver."""
        self.writer.close()


def open_neo4j(uri: str) -> Neo4jBackend:
    """Connect to Neo4j and see that it answers.

    Raises
    ------
    UsageError
        If the URI makes no sense.
    StoreUnavailable
        If nothing answers there, or what answers is not Neo4j.
    StoreAuthError
        If user or password are refused.
    """
    import neo4j
    from neo4j import exceptions

    address = parse_uri(uri)
    # Hints on queries, and failures that are raised as well, would stand among our messages.
    logging.getLogger("neo4j").setLevel(logging.CRITICAL)
    auth = (address.user, address.password or "") if address.user else None
    name = address.uri
    try:
        driver = neo4j.GraphDatabase.driver(
            address.uri,
            auth=auth,
            connection_timeout=CONNECTION_TIMEOUT,
            connection_acquisition_timeout=2 * CONNECTION_TIMEOUT,
        )
    except (exceptions.ConfigurationError, ValueError) as error:
        raise UsageError(f"store {name}: {error}") from error
    try:
        _greet(driver, address.database)
    except exceptions.AuthError as error:
        driver.close()
        raise StoreAuthError(
            f"{name} refuses user {address.user or '(none)'} with this password; give both in "
            "the URI: neo4j://user:password@host:7687 (special characters percent-encoded)"
        ) from error
    except (exceptions.ServiceUnavailable, exceptions.SessionExpired, OSError) as error:
        driver.close()
        if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes(error)):
            raise StoreUnavailable(
                f"{name} shows a certificate that nobody vouches for here: name the file of its "
                "authority in SSL_CERT_FILE, or take any certificate with neo4j+ssc:// or "
                "bolt+ssc:// (then whoever stands between can read along)"
            ) from error
        raise StoreUnavailable(
            f"no Neo4j answers at {name}: start it (docker compose up -d), or check host and "
            "port in --store"
        ) from error
    except exceptions.Neo4jError as error:
        driver.close()
        raise StoreError(f"{name}: {error.message or error.code}") from error
    return Neo4jBackend(driver, name, address.database)


def _greet(driver: neo4j.Driver, database: str | None) -> None:
    """See that the database answers; a server that has just started says DatabaseUnavailable."""
    from neo4j import exceptions

    deadline = time.monotonic() + STARTING
    while True:
        try:
            with driver.session(database=database) as session:
                session.run("RETURN 1").consume()
            return
        except exceptions.TransientError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.2)
