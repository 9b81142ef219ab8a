"""Running a query: guard, store, and errors that a person can act on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cypher.columns import columns_of
from cypher.explain import explained, unknown_names
from cypher.guard import check
from cypher.tokens import tidy, tokenise
from zhitu.errors import QueryError, UsageError, WriteRefused

if TYPE_CHECKING:
    from graph.store import Result, Store


def run(
    store: Store,
    query: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    limit: int | None = None,
    timeout: float | None = None,
    write: bool = False,
) -> Result:
    """Run one Cypher query.

    Parameters
    ----------
    store : Store
        From `graph.store.connect`.
    query : str
        One statement; comments and a closing semicolon are allowed.
    parameters : mapping of str to object, optional
        Values for ``$name``; they are sent beside the query, never put into it.
    limit : int, optional
        Rows after which the result is cut and `truncated` is set; None for all.
    timeout : float, optional
        Seconds after which the store stops the query; None for no limit.
    write : bool
        Allow writing.

    Returns
    -------
    Result
        `columns`, `rows` and `truncated`.

    Raises
    ------
    WriteRefused
        If the query could write and `write` is False; nothing is sent then.
    QueryError
        If the store refuses the query or stops it; the message shows the place and the
        nearest known names.
    UsageError
        If `limit` or `timeout` makes no sense.
    """
    if limit is not None and limit < 1:
        raise UsageError(f"--limit {limit}: at least 1 row is needed")
    if timeout is not None and timeout <= 0:
        raise UsageError(f"timeout {timeout}: it must be more than 0 seconds")
    text = check(query, write=write)
    values = dict(parameters or {})
    try:
        if write:
            result = store.write(text, values)
        else:
            result = store.read(text, values, limit=limit, timeout=timeout)
    except WriteRefused:
        raise
    except QueryError as error:
        raise QueryError(explained(_said(error), text, values)) from None
    return result if result.columns else replace(result, columns=columns_of(text))


def _said(error: QueryError) -> str:
    """Give the server's own words in full where the store passed a refusal on.

    The store's message is one line of bearable length, which may have lost the place.
    """
    said = getattr(error.__cause__, "message", None)
    return said if said and str(error).startswith("the store refuses the query") else str(error)


def warnings_for(query: str, parameters: Mapping[str, Any] | None = None) -> list[str]:
    """List what in a query that ran is probably not what was meant.

    A label, relationship type or property that the graph's model lacks makes no error, it
    only finds nothing; a parameter that was given and is not used is often misspelt.

    Examples
    --------
    >>> warnings_for("MATCH (n:Organisation) RETURN n.name", {"name": "柯城区"})
    ['line 1, column 10: the graph has no label Organisation; nearest: Organization',
     'parameter name is given and not used']
    """
    text = tidy(query)
    used = {t.name.removeprefix("$").strip("`") for t in tokenise(text) if t.kind == "parameter"}
    return [hint.message(text) for hint in unknown_names(text)] + [
        f"parameter {name} is given and not used" for name in parameters or () if name not in used
    ]
