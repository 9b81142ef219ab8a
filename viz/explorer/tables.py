"""Tables: what a page shows and what its CSV holds are the same object."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from starlette.responses import Response


@dataclass(frozen=True)
class Link:
    """A cell that leads somewhere; in CSV only its text stands."""

    text: str
    url: str
    type: str = ""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Table:
    """Rows with a name for the CSV file; `truncated` says that there were more."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]
    truncated: bool = False


def entity_link(id_: str, name: str, type_: str = "") -> Link:
    """A link to an entity's page.

    >>> entity_link("Place:柯城", "柯城").url
    '/entity?id=Place%3A%E6%9F%AF%E5%9F%8E'
    """
    return Link(name, url("/entity", id=id_), type_)


def url(path: str, **parameters: Any) -> str:
    """A path with its query; None is left out, sequences are repeated.

    >>> url("/graph", id=["a b", "c"], hops=2, type=None)
    '/graph?id=a%20b&id=c&hops=2'
    """
    given = {key: value for key, value in parameters.items() if value not in (None, "", [], ())}
    query = urlencode(given, doseq=True, quote_via=quote)
    return f"{path}?{query}" if query else path


def csv_response(table: Table) -> Response:
    """The table as a CSV file: UTF-8 with a byte order mark, so that Excel reads Chinese.

    A cell that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(table.columns)
    writer.writerows([[_cell(value) for value in row] for row in table.rows])
    name = quote(f"{table.name}.csv")
    return Response(
        out.getvalue().encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f"attachment; filename*=UTF-8''{name}"},
    )


def _cell(value: Any) -> Any:
    """
    >>> _cell("=1+1"), _cell(-2.5), _cell("-2.5"), _cell(None)
    ("'=1+1", -2.5, '-2.5', '')
    """
    if value is None or isinstance(value, int | float):
        return "" if value is None else value
    text = str(value)
    return "'" + text if text[:1] in "=+-@\t\r" and text and not _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
