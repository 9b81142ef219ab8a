"""Tables with a text in each row: csv, tsv and jsonl. Every row is a document."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass

from extract.read_text import decode
from zhitu.errors import DocumentError

TEXT_COLUMNS: tuple[str, ...] = (
    "text",
    "content",
    "body",
    "article",
    "正文",
    "内容",
    "全文",
    "文本",
)
TITLE_COLUMNS: tuple[str, ...] = ("title", "headline", "标题", "题目", "name", "名称")
DATE_COLUMNS: tuple[str, ...] = ("date", "published", "日期", "发布日期", "发布时间", "时间")


@dataclass(frozen=True)
class Row:
    """One row: its number from 1 (the heading not counted), its text, what else it says."""

    number: int
    text: str
    title: str | None = None
    date: str | None = None


def csv_rows(data: bytes, name: str, text_column: str | None) -> Iterator[Row]:
    """Rows of a csv or tsv file with headings; ``,``, ``;`` or tab between the columns.

    Raises
    ------
    DocumentError
        If the text column is not there, with the columns that are.

    Examples
    --------
    >>> data = "标题,正文\\n一,柯城区政协\\n二,常山县政协".encode("gb18030")
    >>> [(row.number, row.title, row.text) for row in csv_rows(data, "a.csv", None)]
    [(1, '一', '柯城区政协'), (2, '二', '常山县政协')]
    """
    text = decode(data, name)
    first = text.partition("\n")[0]
    delimiter = max("\t;,", key=first.count)
    csv.field_size_limit(1 << 30)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        columns = [column for column in reader.fieldnames or () if column]
        column = _text_column(columns, name, text_column)
        for number, record in enumerate(reader, 1):
            yield _row(number, record, column)
    except csv.Error as error:
        raise DocumentError(
            f"{name}: line {reader.line_num} is no csv ({error}); check its quotes"
        ) from error


def jsonl_rows(data: bytes, name: str, text_column: str | None) -> Iterator[Row]:
    """Rows of a file with one JSON object a line, or of one JSON array of objects.

    Raises
    ------
    DocumentError
        If a line is no JSON object or has no text column.

    Examples
    --------
    >>> [row.text for row in jsonl_rows('{"text": "柯城区政协"}'.encode(), "a.jsonl", None)]
    ['柯城区政协']
    """
    column = None
    text = decode(data, name)
    for number, record in _array(text, name) if text.lstrip()[:1] == "[" else _lines(text, name):
        if not isinstance(record, dict):
            raise DocumentError(f"{name}: item {number} is no JSON object; one object a line")
        column = column or _text_column(list(record), name, text_column)
        yield _row(number, record, column)


def _lines(text: str, name: str) -> Iterator[tuple[int, object]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, _parsed(line, f"{name}: line {number}")


def _array(text: str, name: str) -> Iterator[tuple[int, object]]:
    found = _parsed(text, name)
    yield from enumerate(found if isinstance(found, list) else [found], 1)


def _parsed(text: str, where: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"{where} is no JSON ({error}); mend it") from error


def _row(number: int, record: dict, column: str) -> Row:
    text = record.get(column)
    return Row(
        number,
        text if isinstance(text, str) else "",
        title=_first(record, TITLE_COLUMNS, column),
        date=_first(record, DATE_COLUMNS, column),
    )


def _first(record: dict, names: tuple[str, ...], text_column: str) -> str | None:
    for name in names:
        value = record.get(name)
        if name != text_column and isinstance(value, str) and value.strip():
            return value.strip()
    return None


def _text_column(columns: list[str], name: str, given: str | None) -> str:
    if given is not None:
        if given in columns:
            return given
        raise DocumentError(f"{name}: no column {given!r}; its columns are {', '.join(columns)}")
    for candidate in TEXT_COLUMNS:
        if candidate in columns:
            return candidate
    if len(columns) == 1:
        return columns[0]
    raise DocumentError(
        f"{name}: which column holds the text? Name it with --text-column; "
        f"its columns are {', '.join(columns)}"
    )
