"""One table of settings: name, environment variable, default, a sentence each.

Settings are read once, at the command line or by `load_settings`, and passed on; no
other module reads the environment.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from zhitu.errors import UsageError


def _setting(default: object, doc: str):
    return field(default=default, metadata={"doc": doc})


@dataclass(frozen=True)
class Settings:
    """The settings of Zhitu; each can be set by ``ZHITU_<NAME>`` in the environment."""

    store: str = _setting(
        "file:zhitu.db",
        "Where the graph lives: file:PATH for the embedded database, "
        "neo4j://user:password@host:7687 for Neo4j.",
    )
    model: str = _setting(
        "accurate",
        "The recogniser: accurate, fast, a local HanLP component directory, "
        "or a name in hanlp.pretrained.*.",
    )
    backend: str = _setting("onnx", "What runs the network: onnx (ONNX Runtime) or torch.")
    corrections: str = _setting(
        "corrections.jsonl", "File of corrections made by hand, replayed on every build."
    )
    query_timeout: float = _setting(30.0, "Seconds after which a query is stopped.")
    query_limit: int = _setting(1000, "Rows after which a result is cut, and said to be truncated.")


def load_settings(environ: Mapping[str, str] | None = None, **given: object) -> Settings:
    """Build the settings: what is given wins over the environment, that over defaults.

    Parameters
    ----------
    environ : mapping, optional
        Environment variables; `os.environ` if left out.
    **given
        Values by setting name; None means not given.

    Raises
    ------
    UsageError
        If a name is unknown or a value is not of the setting's type.

    Examples
    --------
    >>> load_settings({"ZHITU_QUERY_LIMIT": "5"}).query_limit
    5
    """
    environ = os.environ if environ is None else environ
    names = {f.name for f in fields(Settings)}
    if unknown := set(given) - names:
        raise UsageError(
            f"unknown setting {sorted(unknown)[0]!r}; known: {', '.join(sorted(names))}"
        )
    values = {}
    for f in fields(Settings):
        variable = f"ZHITU_{f.name.upper()}"
        value = given.get(f.name)
        if value is None:
            value = environ.get(variable)
        if value is None:
            continue
        kind = type(f.default)
        try:
            values[f.name] = kind(value)
        except (TypeError, ValueError):
            raise UsageError(
                f"{variable}={value!r} is not a {kind.__name__}; e.g. {f.default!r}"
            ) from None
    return Settings(**values)
