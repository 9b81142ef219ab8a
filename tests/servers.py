"""A real Neo4j server for tests and benchmarks.

Looked for in this order: ``NEO4J_URI``; Neo4j Community from its Maven Central artifacts
(``tests/neo4j/pom.xml``), on a random loopback port with a temporary home; Docker. If
none can be had, that is an error of one line, never a skipped test.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import quote

import trustme

ROOT = Path(__file__).resolve().parent.parent
POM = ROOT / "tests" / "neo4j" / "pom.xml"
CACHE = ROOT / ".neo4j"
"""Where the artifacts are kept, so that they are fetched once."""

NEEDED = (
    "tests need a Neo4j server: set NEO4J_URI=neo4j://user:password@host:7687, or install Java 17 "
    "and Maven (apt-get install openjdk-17-jdk-headless maven), or start Docker"
)
ENTRY_POINT = "org.neo4j.server.CommunityEntryPoint"
FIRST_PASSWORD = "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $new"
END_WITH_US = """
exec 3<&0
"$0" "$@" </dev/null 3<&- &
server=$!
(cat <&3 >/dev/null; kill -9 $server 2>/dev/null) &
wait $server
"""
"""Runs the server until standard input closes: also when we are killed. Its home is thrown
away, so it need not end tidily."""

START_PATIENCE = 300.0
"""Seconds within which a started server must answer."""


class NoServer(RuntimeError):
    """No Neo4j can be had; says in one line what to install."""


@contextlib.contextmanager
def neo4j_server(
    *, apoc: bool = False, memory: str = "1g", pagecache: str = "256m"
) -> Iterator[str]:
    """Have a Neo4j server for the length of a ``with`` block.

    Parameters
    ----------
    apoc : bool
        Whether the APOC plugin is needed (benchmarked peers do, Zhitu does not).
    memory, pagecache : str
        Heap and page cache of a server that is started here.

    Yields
    ------
    str
        Its URI with user and password. A server named by ``NEO4J_URI`` is used as it is.

    Raises
    ------
    NoServer
        If none can be had.
    """
    if uri := os.environ.get("NEO4J_URI"):
        yield uri
    elif _have_maven():
        with _from_maven(apoc=apoc, memory=memory, pagecache=pagecache) as uri:
            yield uri
    elif shutil.which("docker"):
        with _from_docker(apoc=apoc) as uri:
            yield uri
    else:
        raise NoServer(NEEDED)


def have_tls() -> bool:
    """Say whether the server is one that we gave a certificate: not one that was named."""
    return "NEO4J_URI" not in os.environ and _have_maven()


@cache
def authority() -> trustme.CA:
    """Who vouches for the certificate of our server; made anew in each run."""
    return trustme.CA()


def _have_maven() -> bool:
    return bool(shutil.which("java") and shutil.which("mvn"))


def fetch(*, apoc: bool = False) -> tuple[Path, Path | None]:
    """Fetch the server's artifacts by Maven unless they are there.

    Returns
    -------
    tuple of Path
        The folders of the server's jars and of the plugin's (None without APOC).
    """
    lib = CACHE / "lib"
    _copy_dependencies(lib, [])
    plugins = CACHE / "plugins" if apoc else None
    if plugins:
        _copy_dependencies(
            plugins, ["-Papoc", "-DexcludeTransitive=true", "-DincludeScope=provided"]
        )
    return lib, plugins


def _copy_dependencies(folder: Path, options: list[str]) -> None:
    # The stamp is written last: a fetch that was cut off is done again.
    stamp = folder / ".complete"
    wanted = POM.read_text("utf-8")
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return
    shutil.rmtree(folder, ignore_errors=True)
    scope = [] if options else ["-DincludeScope=runtime"]
    command = ["mvn", "-q", "-B", "-f", str(POM), "dependency:copy-dependencies"]
    command += [f"-DoutputDirectory={folder}", *scope, *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stdout + done.stderr).strip().splitlines()
        raise NoServer(f"Maven could not fetch Neo4j: {reason[0] if reason else 'no reason given'}")
    stamp.write_text(wanted, "utf-8")


@contextlib.contextmanager
def _from_maven(*, apoc: bool, memory: str, pagecache: str) -> Iterator[str]:
    lib, plugins = fetch(apoc=apoc)
    home = Path(tempfile.mkdtemp(prefix="zhitu-neo4j-"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = [
        f"server.bolt.listen_address=127.0.0.1:{port}",
        f"server.bolt.advertised_address=127.0.0.1:{port}",
        "server.http.enabled=false",
        "server.https.enabled=false",
        f"server.memory.pagecache.size={pagecache}",
        "dbms.usage_report.enabled=false",
        "server.bolt.tls_level=OPTIONAL",
        "dbms.ssl.policy.bolt.enabled=true",
        f"dbms.ssl.policy.bolt.base_directory={home / 'certificate'}",
        "dbms.ssl.policy.bolt.client_auth=NONE",
    ]
    _certify(home / "certificate")
    classpath = f"{lib}/*"
    if plugins:
        shutil.copytree(plugins, home / "plugins")
        settings.append("dbms.security.procedures.unrestricted=apoc.*")
        classpath = f"{home}/plugins/*:{classpath}"
    conf = home / "conf"
    conf.mkdir()
    (conf / "neo4j.conf").write_text("\n".join(settings) + "\n", "utf-8")
    folders = [f"--home-dir={home}", f"--config-dir={conf}"]
    log = home / "out.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [
                "sh",
                "-c",
                END_WITH_US,
                "java",
                f"-Xmx{memory}",
                "-cp",
                classpath,
                ENTRY_POINT,
                *folders,
            ],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        password = secrets.token_urlsafe(12)
        _set_first_password(server, log, f"bolt://127.0.0.1:{port}", password)
        yield f"neo4j://neo4j:{quote(password)}@127.0.0.1:{port}"
    finally:
        server.stdin.close()
        server.wait(60)
        shutil.rmtree(home, ignore_errors=True)


def _certify(folder: Path) -> None:
    """Put a key and a certificate where the server's policy looks for them."""
    folder.mkdir()
    certificate = authority().issue_cert("127.0.0.1", "localhost")
    certificate.private_key_pem.write_to_path(folder / "private.key")
    certificate.cert_chain_pems[0].write_to_path(folder / "public.crt")


def _set_first_password(server: subprocess.Popen, log: Path, uri: str, password: str) -> None:
    """Wait until the server answers, and give it its password as a first login must."""
    import neo4j
    from neo4j import exceptions

    deadline = time.monotonic() + START_PATIENCE
    while True:
        if server.poll() is not None:
            raise NoServer(f"Neo4j ended at once: {log.read_text('utf-8', 'replace')[-500:]}")
        try:
            with (
                neo4j.GraphDatabase.driver(uri, auth=("neo4j", "neo4j")) as driver,
                driver.session(database="system") as session,
            ):
                # Not execute_query: it would wait ever longer between its attempts.
                session.run(FIRST_PASSWORD, new=password).consume()
            return
        except (exceptions.ServiceUnavailable, exceptions.TransientError) as error:
            if time.monotonic() > deadline:
                raise NoServer(f"Neo4j does not answer after {START_PATIENCE:g} s") from error
            time.sleep(0.25)


@contextlib.contextmanager
def _from_docker(*, apoc: bool) -> Iterator[str]:
    from testcontainers.neo4j import Neo4jContainer

    container = Neo4jContainer("neo4j:5.26-community", password=secrets.token_urlsafe(12))
    if apoc:
        container = container.with_env("NEO4J_PLUGINS", '["apoc"]')
    try:
        container.start()
    except Exception as error:
        raise NoServer(f"{NEEDED} (Docker says: {error})") from error
    try:
        address = container.get_connection_url().partition("://")[2]
        yield f"bolt://neo4j:{quote(container.password)}@{address}"
    finally:
        container.stop()
