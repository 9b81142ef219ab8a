"""``zhitu query``, ``queries``, ``find`` and ``shell``."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import time
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graph.ontology import LABELS
from zhitu.commands.common import StoreOption, console, open_store
from zhitu.errors import UsageError
from zhitu.settings import load_settings

if TYPE_CHECKING:
    from cypher.find import Found
    from cypher.queries import NamedQuery
    from graph.store import Result, Store

_NAME = re.compile(r"[A-Za-z0-9][\w-]*")


class Format(StrEnum):
    """Forms that a result can be printed in."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


class ListFormat(StrEnum):
    """Forms that a list can be printed in."""

    table = "table"
    json = "json"


ParamOption = Annotated[
    list[str] | None,
    typer.Option(
        "--param",
        "-p",
        metavar="KEY=VALUE",
        help="A parameter; numbers, true, false, null and JSON are read as such, the rest as text.",
    ),
]
FormatOption = Annotated[
    Format | None,
    typer.Option("--format", "-f", help="\\[default: table, or what --output's name says]"),
]
LimitOption = Annotated[
    int | None,
    typer.Option("--limit", "-n", help="Rows at most  \\[default: 1000, or ZHITU_QUERY_LIMIT]"),
]
TimeoutOption = Annotated[
    float | None,
    typer.Option("--timeout", help="Seconds at most  \\[default: 30, or ZHITU_QUERY_TIMEOUT]"),
]
OutputOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="File to write: .csv .json .parquet .txt"),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    app.command()(query)
    app.command()(queries)
    app.command()(find)
    app.command()(shell)


def query(
    text: Annotated[
        str, typer.Argument(metavar="QUERY", help="Cypher, the name of a query, or - for stdin.")
    ],
    param: ParamOption = None,
    format: FormatOption = None,
    output: OutputOption = None,
    limit: LimitOption = None,
    timeout: TimeoutOption = None,
    write: Annotated[
        bool, typer.Option("--write", help="Allow the query to change the graph.")
    ] = False,
    store: StoreOption = None,
) -> None:
    """Ask the graph in Cypher, or run a named query (zhitu queries lists them).

    Example: zhitu query 'MATCH (o:Organization)-[:IMPLEMENTS]->(p) RETURN o.name, p.name'

    Example: zhitu query projects-of --param name=柯城区政协 --format csv
    """
    from cypher.output import format_for, write_result
    from cypher.queries import run_named

    settings = load_settings(store=store, query_limit=limit, query_timeout=timeout)
    form = format_for(output, format.value if format else None)
    if text == "-":
        text = read_stdin()
    limits = {"limit": settings.query_limit, "timeout": settings.query_timeout}
    began = time.monotonic()
    with open_store(settings=settings) as graph:
        if _NAME.fullmatch(text.strip()):
            if write:
                raise UsageError("--write is for Cypher of your own; named queries only read")
            result = run_named(graph, text.strip(), named_values(param or ()), **limits)
        else:
            result = _run_text(graph, text, parameters(param or ()), write=write, **limits)
    seconds = time.monotonic() - began
    with quiet_pipe():
        write_result(result, form, output)
    _say_size(result, settings.query_limit, seconds, form)
    if output:
        _say(f"written to {output}")


def queries(
    text: Annotated[
        str | None, typer.Argument(metavar="[TEXT]", help="Words to search the questions for.")
    ] = None,
    format: Annotated[ListFormat, typer.Option("--format", "-f")] = ListFormat.table,
) -> None:
    """List the named queries, or those that fit a text in Chinese or English.

    The name of one shows its parameters and its Cypher.

    Example: zhitu queries 品牌

    Example: zhitu queries projects-of
    """
    from cypher.queries import library, search

    found = [library()[text]] if text in library() else search(text or "")
    with quiet_pipe():
        if format is ListFormat.json:
            print(json.dumps([_described(q) for q in found], ensure_ascii=False, indent=1))
            return
        topic = None
        for named in found:
            if not text and named.topic != topic:
                print(f"\n{named.topic}" if topic else named.topic)
                topic = named.topic
            _print_query(named)
            if named.name == text:
                _print_whole(named)
    if not found:
        _say(f"no query fits {text}; zhitu queries lists all")


def find(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A name, or a part of one.")],
    type: Annotated[
        list[str] | None,
        typer.Option(
            "--type",
            "-t",
            help="Of this type: " + "|".join(LABELS),
        ),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", help="Entities at most.")] = 20,
    format: Annotated[ListFormat, typer.Option("--format", "-f")] = ListFormat.table,
    store: StoreOption = None,
) -> None:
    """Search names and aliases; the best match first.

    Example: zhitu find 议事
    """
    from cypher.find import find as search
    from cypher.find import holds

    settings = load_settings(store=store)
    with open_store(settings=settings) as graph:
        found = search(graph, text, types=type, limit=limit, timeout=settings.query_timeout)
    with quiet_pipe():
        _print_found(found, format)
    if not found:
        _say(f"nothing is called {text}, nor like it")
    elif not any(holds(each, text) for each in found):
        _say(f"nothing is called {text}; these are the nearest")


def shell(store: StoreOption = None) -> None:
    """Ask one question after the other, with history and completion.

    Example: zhitu shell --store file:衢州.db
    """
    from zhitu.shell import run_shell

    settings = load_settings(store=store)
    with open_store(settings=settings) as graph:
        run_shell(graph, settings)


def read_stdin() -> str:
    """Read a query from standard input as UTF-8.

    Raises
    ------
    UsageError
        If it is not UTF-8.
    """
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"standard input is not UTF-8 (byte {error.start}); convert it with iconv -t UTF-8"
        ) from None


def parameters(given: Sequence[str]) -> dict[str, Any]:
    """Read ``KEY=VALUE`` options; a value that is JSON is taken as such, else as text.

    Raises
    ------
    UsageError
        If one has no ``=``, no name, or comes twice.

    Examples
    --------
    >>> parameters(["name=柯城区政协", "top=5", 'years=["2023"]', "code='330802'"])
    {'name': '柯城区政协', 'top': 5, 'years': ['2023'], 'code': '330802'}
    """
    values: dict[str, Any] = {}
    for key, value in named_values(given).items():
        try:
            values[key] = json.loads(value)
        except ValueError:
            quoted = len(value) > 1 and value[0] == value[-1] == "'"
            values[key] = value[1:-1] if quoted else value
    return values


def named_values(given: Sequence[str]) -> dict[str, str]:
    """Read ``KEY=VALUE`` options as text.

    Raises
    ------
    UsageError
        If one has no ``=``, no name, or comes twice.
    """
    values: dict[str, str] = {}
    for option in given:
        key, equals, value = option.partition("=")
        key = key.strip().removeprefix("$")
        if not equals or not key:
            raise UsageError(f"--param {option}: write it as KEY=VALUE, e.g. --param name=柯城区")
        if key in values:
            raise UsageError(f"--param {key} is given twice")
        values[key] = value
    return values


@contextlib.contextmanager
def quiet_pipe() -> Iterator[None]:
    """Stop without a complaint when the reader of a pipe has seen enough (``| head``)."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes standard output once more at exit, which would fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None


def _run_text(
    graph: Store, text: str, values: dict[str, Any], *, write: bool, limit: int, timeout: float
) -> Result:
    from cypher.run import run, warnings_for

    result = run(graph, text, values, limit=limit, timeout=timeout, write=write)
    for warning in warnings_for(text, values):
        _say(f"warning: {warning}")
    return result


def _say_size(result: Result, limit: int, seconds: float, form: str) -> None:
    if result.truncated:
        _say(
            f"truncated: only the first {len(result.rows)} rows are shown; "
            f"--limit N or ZHITU_QUERY_LIMIT allows more than {limit}"
        )
    elif sys.stderr.isatty() or (form == "table" and not result.rows):
        rows = "1 row" if len(result.rows) == 1 else f"{len(result.rows)} rows"
        _say(f"{rows}, {seconds:.2f} s")


def _say(message: str) -> None:
    """Tell the person something, on standard error and in one line."""
    console.print(message, markup=False, soft_wrap=True)


def _described(named: NamedQuery) -> dict[str, Any]:
    return {
        "name": named.name,
        "topic": named.topic,
        "zh": named.zh,
        "en": named.en,
        "parameters": [
            {
                "name": p.name,
                "kind": p.kind,
                "zh": p.zh,
                "en": p.en,
                "required": p.required,
                "default": p.default,
            }
            for p in named.parameters
        ],
        "example": named.example_line,
        "cypher": named.text,
    }


def _print_query(named: NamedQuery) -> None:
    print(f"  {named.name}")
    print(f"      {named.zh}")
    print(f"      {named.en}")
    print(f"      {named.example_line}")


def _print_whole(named: NamedQuery) -> None:
    """Print what a query takes, and its text without the header."""
    for parameter in named.parameters:
        default = "required" if parameter.required else f"default {json.dumps(parameter.default)}"
        print(f"      --param {parameter.name}=…  {parameter.zh} · {parameter.en} ({default})")
    print()
    lines = named.text.splitlines()
    print("\n".join(line for line in lines if not line.startswith("// ")))


def _print_found(found: Sequence[Found], form: ListFormat) -> None:
    from cypher.output import print_rows
    from graph.ontology import ZH_OF_LABEL

    if form is ListFormat.json:
        rows = [
            {
                "name": f.name,
                "type": f.type,
                "aliases": list(f.aliases),
                "documents": list(f.documents),
                "mentions": f.mentions,
                "id": f.id,
                "score": f.score,
            }
            for f in found
        ]
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    print_rows(
        ("名称 name", "类型 type", "别名 aliases", "提及 mentions", "文档 documents"),
        [
            (
                f.name,
                f"{ZH_OF_LABEL.get(f.type, '')} {f.type}",
                list(f.aliases),
                f.mentions,
                _few(f.documents),
            )
            for f in found
        ],
        sys.stdout,
    )


def _few(names: Sequence[str], most: int = 3) -> str:
    more = f" … (+{len(names) - most})" if len(names) > most else ""
    return "、".join(names[:most]) + more
