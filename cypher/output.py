"""Results as a table, CSV, JSON or Parquet."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from cypher.values import plain, text
from zhitu.errors import UsageError

if TYPE_CHECKING:
    from graph.store import Result

FORMATS: tuple[str, ...] = ("table", "csv", "json", "parquet")
_SUFFIXES = {".csv": "csv", ".json": "json", ".parquet": "parquet", ".txt": "table"}


def format_for(path: Path | None, asked: str | None) -> str:
    """Decide the form: what was asked for, else what the file's name says, else a table.

    Raises
    ------
    UsageError
        If the name says nothing, or Parquet would go to the terminal.

    Examples
    --------
    >>> format_for(Path("机构.parquet"), None), format_for(None, "csv"), format_for(None, None)
    ('parquet', 'csv', 'table')
    """
    chosen = asked or (_SUFFIXES.get(path.suffix.lower()) if path else "table")
    if chosen is None:
        raise UsageError(
            f"--output {path}: the name does not say the form; "
            f"end it in {', '.join(_SUFFIXES)} or add --format"
        )
    if chosen == "parquet" and path is None:
        raise UsageError("--format parquet needs a file: add --output NAME.parquet")
    return chosen


def write_result(result: Result, form: str, path: Path | None = None) -> None:
    """Write a result to `path`, or to standard output.

    Raises
    ------
    UsageError
        If the file cannot be written.
    """
    if path is None:
        _WRITERS[form](result, sys.stdout)
        return
    try:
        if form == "parquet":
            write_parquet(result, path)
            return
        # Excel takes CSV for UTF-8 only with a byte order mark.
        encoding = "utf-8-sig" if form == "csv" else "utf-8"
        with path.open("w", encoding=encoding, newline="") as file:
            _WRITERS[form](result, file)
    except OSError as error:
        raise UsageError(f"--output {path}: cannot be written ({error.strerror})") from None


def rows_of(result: Result) -> list[dict[str, Any]]:
    """List the rows as plain data, by column."""
    return [
        {column: plain(value) for column, value in zip(result.columns, row, strict=True)}
        for row in result.rows
    ]


def write_json(result: Result, file: TextIO) -> None:
    """Write one array of row objects, a row a line."""
    file.write("[")
    for i, row in enumerate(rows_of(result)):
        file.write(",\n " if i else "\n ")
        json.dump(row, file, ensure_ascii=False, allow_nan=False)
    file.write("\n]\n" if result.rows else "]\n")


def write_csv(result: Result, file: TextIO) -> None:
    """Write a header line and the rows; lists are joined by 、, maps are JSON."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(result.columns)
    writer.writerows([text(value) for value in row] for row in result.rows)


def write_table(result: Result, file: TextIO) -> None:
    """Write a table: as wide as the terminal, or as wide as it must be in a pipe."""
    print_rows(result.columns, result.rows, file)


def print_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]], file: TextIO) -> None:
    """Print rows under their columns; nothing is cut off.

    In a terminal long cells are folded to its width; in a pipe every row is one line.
    """
    cells = [[text(value) for value in row] for row in rows]
    right = [
        bool(rows) and all(isinstance(row[i], int | float) for row in rows)
        for i in range(len(columns))
    ]
    if not file.isatty():
        _print_lines(columns, cells, right, file)
        return
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, highlight=False)
    for column, numbers in zip(columns, right, strict=True):
        table.add_column(escape(column), overflow="fold", justify="right" if numbers else "left")
    for row in cells:
        table.add_row(*(escape(cell) for cell in row))
    Console(file=file, highlight=False).print(table)


def _print_lines(
    columns: Sequence[str], cells: list[list[str]], right: list[bool], file: TextIO
) -> None:
    """Print a line a row, padded by the width that characters take in a terminal."""
    from rich.cells import cell_len

    lines = [list(columns), *([" ".join(cell.split("\n")) for cell in row] for row in cells)]
    sizes = [[cell_len(cell) for cell in line] for line in lines]
    widths = [max(column) for column in zip(*sizes, strict=True)] if columns else []
    for number, (line, size) in enumerate(zip(lines, sizes, strict=True)):
        padded = []
        for cell, taken, width, numbers in zip(line, size, widths, right, strict=True):
            space = " " * (width - taken)
            padded.append(space + cell if numbers else cell + space)
        file.write("   ".join(padded).rstrip() + "\n")
        if number == 0:
            file.write("   ".join("─" * width for width in widths) + "\n")


def write_parquet(result: Result, path: Path) -> None:
    """Write a Parquet file; columns of mixed kinds and maps become JSON text.

    Raises
    ------
    UsageError
        If pyarrow is not installed.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise UsageError(
            "Parquet needs pyarrow: pip install 'zhitu[notebook]', or use --format csv"
        ) from None
    columns = {
        name: _column([plain(row[i]) for row in result.rows])
        for i, name in enumerate(result.columns)
    }
    pyarrow.parquet.write_table(pyarrow.table(columns), path)


def _column(values: Sequence[Any]) -> list[Any]:
    """Give a column one kind that Parquet can hold."""
    kinds = {type(v) for v in values if v is not None}
    if kinds <= {int, float} or (len(kinds) <= 1 and kinds <= {str, bool, int, float}):
        return list(values)
    items = {type(i) for v in values if isinstance(v, list) for i in v}
    if kinds == {list} and len(items) <= 1 and items <= {str, bool, int, float}:
        return list(values)
    return [
        v if v is None or isinstance(v, str) else json.dumps(v, ensure_ascii=False) for v in values
    ]


_WRITERS: dict[str, Callable[[Result, TextIO], None]] = {
    "table": write_table,
    "csv": write_csv,
    "json": write_json,
}
