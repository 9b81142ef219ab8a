"""The library of named queries: reading the ``.cypher`` files and binding parameters.

A file ``cypher/library/NAME.cypher`` opens with a header of comments::

    // zh: 某机构实施或参与了哪些项目，在什么地方？
    // en: Which projects does an organisation implement or take part in, and where?
    // topic: 项目
    // words: 工程 承建 建设
    // param name: entity | 机构、地方或人物 | organisation, place or person
    // param status: status = null | done 已完成，planned 计划中 | done or planned
    // example: name=柯城区政协 status=planned

A parameter without ``= default`` must be given. The text below the header is plain Cypher
that runs unchanged in any client.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from cypher.model import nearest
from graph.ontology import LABELS, label_named
from zhitu.errors import QueryError, UsageError

if TYPE_CHECKING:
    from graph.store import Result, Store

KINDS: dict[str, str] = {
    "entity": "name or alias of an entity",
    "document": "name, title or id of a document",
    "label": "one of " + ", ".join(LABELS),
    "status": "done or planned",
    "text": "text",
    "integer": "whole number",
    "number": "number",
}
"""Kinds of parameters and what they take."""

_PARAM = re.compile(
    r"(?P<name>\w+): (?P<kind>\w+)(?: = (?P<default>[^|]+?))? \| (?P<zh>[^|]+?) \| (?P<en>[^|]+)"
)


@dataclass(frozen=True)
class Parameter:
    """One parameter of a named query; `kind` is one of `KINDS`."""

    name: str
    kind: str
    zh: str
    en: str
    required: bool
    default: Any = None


@dataclass(frozen=True)
class NamedQuery:
    """One query of the library.

    `example` maps parameter names to values as a person would write them; `words` are
    further words to find it by.
    """

    name: str
    zh: str
    en: str
    topic: str
    words: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    example: Mapping[str, str]
    text: str

    @property
    def example_line(self) -> str:
        """The example as a command."""
        given = "".join(f" --param {key}={value}" for key, value in self.example.items())
        return f"zhitu query {self.name}{given}"


@functools.cache
def library() -> Mapping[str, NamedQuery]:
    """Read the library: every named query by its name, sorted.

    Examples
    --------
    >>> library()["posts-of"].zh
    '某个人担任过哪些职务？'
    """
    folder = resources.files("cypher") / "library"
    files = sorted(
        (f for f in folder.iterdir() if f.name.endswith(".cypher")), key=lambda f: f.name
    )
    return {
        f.name.removesuffix(".cypher"): parse(f.name.removesuffix(".cypher"), f.read_text("utf-8"))
        for f in files
    }


def parse(name: str, source: str) -> NamedQuery:
    """Read one ``.cypher`` file.

    Raises
    ------
    QueryError
        If the header lacks a field or a parameter line cannot be read.
    """
    fields: dict[str, str] = {}
    parameters: list[Parameter] = []
    for line in source.splitlines():
        if not line.startswith("// "):
            continue
        key, _, value = line.removeprefix("// ").partition(": ")
        if key.startswith("param "):
            parameters.append(_parameter(name, line.removeprefix("// param ")))
        else:
            fields[key] = value.strip()
    if missing := {"zh", "en", "topic"} - set(fields):
        raise QueryError(f"cypher/library/{name}.cypher: the header lacks {sorted(missing)[0]}:")
    example = dict(part.split("=", 1) for part in fields.get("example", "").split())
    return NamedQuery(
        name,
        fields["zh"],
        fields["en"],
        fields["topic"],
        tuple(fields.get("words", "").split()),
        tuple(parameters),
        example,
        source,
    )


def _parameter(query: str, line: str) -> Parameter:
    match = _PARAM.fullmatch(line.strip())
    if not match or match["kind"] not in KINDS:
        raise QueryError(
            f"cypher/library/{query}.cypher: parameter line {line!r} is not "
            f"'name: kind [= default] | 中文 | English' with kind one of {', '.join(KINDS)}"
        )
    default = match["default"]
    return Parameter(
        match["name"],
        match["kind"],
        match["zh"],
        match["en"],
        required=default is None,
        default=None if default is None else json.loads(default),
    )


def documented() -> str:
    """The library as tables of Markdown, a topic each; what ``docs/querying.md`` ends with."""
    topics: dict[str, list[NamedQuery]] = {}
    for query in library().values():
        topics.setdefault(query.topic, []).append(query)
    parts = []
    for topic, queries in sorted(topics.items()):
        parts.append(f"### {topic}\n\n| name | question | parameters |\n|---|---|---|\n")
        for query in queries:
            given = " ".join(
                f"`{p.name}`" if p.required else f"`{p.name}={json.dumps(p.default)}`"
                for p in query.parameters
            )
            parts.append(f"| `{query.name}` | {query.zh}<br>{query.en} | {given} |\n")
        parts.append("\n")
    return "".join(parts).rstrip("\n") + "\n"


def named(name: str) -> NamedQuery:
    """Look a query up.

    Raises
    ------
    UsageError
        If there is none of that name; the message lists the nearest.
    """
    queries = library()
    if name in queries:
        return queries[name]
    near = nearest(name, queries) or [q.name for q in search(name)][:3]
    shown = f"nearest: {', '.join(near)}; " if near else ""
    raise UsageError(f"no query is called {name!r}; {shown}zhitu queries lists all")


def search(text: str = "") -> list[NamedQuery]:
    """List the queries that `text` fits, best first; all of them without text.

    Every two characters of a Chinese text that a question holds count, as does every word
    of an English one, so ``柯城的品牌`` finds the queries about brands. What any question
    may hold (哪些, 没有, 的) counts for nothing.

    Examples
    --------
    >>> [q.name for q in search("县里的品牌")][0]
    'brands-of-place'
    """
    if not text.strip():
        return sorted(library().values(), key=lambda q: (q.topic, q.name))
    scored = [(_score(query, text), query) for query in library().values()]
    best = max(score for score, _ in scored)
    kept = [(score, q) for score, q in scored if score and score >= best / 3]
    return [q for _, q in sorted(kept, key=lambda pair: (-pair[0], pair[1].name))]


_EMPTY_WORDS = re.compile(
    "哪些|哪个|哪里|哪|什么|怎么样|怎么|怎样|如何|为什么|多少|几|谁|没有|有没有|有|是不是|是|"
    "某个|某些|某|一个|一些|这个|那个|这|那|都|也|还|的|了|过|着|和|与|跟|及|或|在|由|被|对|"
    "请问|请|吗|呢|吧|啊|我|你|他|我们|想|要"
)
"""Words that a question is made of whatever it is about; they part what it is about."""


def _score(query: NamedQuery, text: str) -> float:
    about = f"{query.zh} {query.topic} {' '.join(query.words)}"
    english = set(re.findall(r"[a-z]+", f"{query.name} {query.en}".lower()))
    score = 0.0
    for word in re.findall(r"[a-z]+", text.lower()):
        score += 2 * any(w == word or w == f"{word}s" or f"{w}s" == word for w in english)
    for run in re.findall(r"[\u3400-\u9fff]+", _EMPTY_WORDS.sub(" ", text)):
        # One character says something by itself, not where it is left over of a text.
        if run in about and (len(run) > 1 or run == text.strip()):
            score += 2 * len(run)
        pairs = {run[i : i + 2] for i in range(len(run) - 1)}
        score += sum(pair in about for pair in pairs)
        score += sum(pair in (query.topic, *query.words) for pair in pairs)
    return score


def run_named(
    store: Store,
    name: str,
    values: Mapping[str, Any] | None = None,
    *,
    limit: int | None = None,
    timeout: float | None = None,
) -> Result:
    """Run a named query.

    Parameters
    ----------
    store : Store
        From `graph.store.connect`.
    name : str
        Name of the query.
    values : mapping, optional
        Values by parameter name; text is converted to the parameter's kind, names and
        aliases of entities to canonical names.
    limit, timeout
        As for `cypher.run.run`.

    Raises
    ------
    UsageError
        If the query or a parameter is unknown, one is missing, or a value does not fit.
    QueryError
        If an entity or document of that name is not in the graph.
    """
    from cypher.run import run

    query = named(name)
    return run(store, query.text, bind(store, query, values or {}), limit=limit, timeout=timeout)


def bind(store: Store, query: NamedQuery, values: Mapping[str, Any]) -> dict[str, Any]:
    """Turn what a person gave into the values of a query's parameters."""
    from cypher.find import resolve_document, resolve_name

    converted = convert(query, values)
    for parameter in query.parameters:
        value = converted[parameter.name]
        if value is not None and parameter.kind == "entity":
            converted[parameter.name] = resolve_name(store, value)
        elif value is not None and parameter.kind == "document":
            converted[parameter.name] = resolve_document(store, value)
    return converted


def convert(query: NamedQuery, values: Mapping[str, Any]) -> dict[str, Any]:
    """Give every parameter a value of its kind, without asking the store.

    Examples
    --------
    >>> convert(library()["top-entities"], {"top": "5"})
    {'type': None, 'top': 5}
    """
    known = [p.name for p in query.parameters]
    for key in values:
        if key not in known:
            near = nearest(key, known) or known
            raise UsageError(
                f"{query.name} has no parameter {key!r}; "
                + (f"nearest: {', '.join(near)}" if known else "it takes none")
            )
    return {p.name: _value(query, p, values) for p in query.parameters}


def _value(query: NamedQuery, parameter: Parameter, values: Mapping[str, Any]) -> Any:
    given = values.get(parameter.name)
    if given is None or given == "":
        if parameter.required:
            raise UsageError(
                f"{query.name} needs {parameter.name} ({parameter.zh} · {parameter.en}); "
                f"for example: {query.example_line}"
            )
        return parameter.default
    try:
        return _CONVERTERS[parameter.kind](given)
    except ValueError:
        near = nearest(str(given), LABELS) if parameter.kind == "label" else []
        raise UsageError(
            f"{query.name}: {parameter.name}={given!r} is not {KINDS[parameter.kind]}"
            + (f"; nearest: {', '.join(near)}" if near else "")
        ) from None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(value)
    return value


def _type(value: Any) -> str:
    if label := label_named(str(value)):
        return label
    raise ValueError(value)


def _one_of(*choices: str):
    def choose(value: Any) -> str:
        for choice in choices:
            if str(value).casefold() == choice.casefold():
                return choice
        raise ValueError(value)

    return choose


def _integer(value: Any) -> int:
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise ValueError(value)
    return int(value)


_CONVERTERS = {
    "entity": _text,
    "document": _text,
    "label": _type,
    "status": _one_of("done", "planned"),
    "text": _text,
    "integer": _integer,
    "number": float,
}
