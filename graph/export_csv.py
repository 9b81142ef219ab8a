"""CSV with the headers that ``neo4j-admin database import`` reads.

One file a label and a relationship type, each with its header in the first line, and
``import.sh`` with the command that loads them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph.ontology import LABELS

if TYPE_CHECKING:
    import networkx as nx

ARRAY_DELIMITER = "\x1f"
"""Between the values of a list: the unit separator, which no name holds."""

IMPORT = """#!/bin/sh
# Loads this folder into a new, stopped Neo4j database: sh import.sh [DATABASE]
cd "$(dirname "$0")" && exec neo4j-admin database import full "${{1:-neo4j}}" \\
    --multiline-fields=true --array-delimiter=U+001F --id-type=string --overwrite-destination \\
{files}
"""


def write_csv(graph: nx.MultiDiGraph, folder: Path) -> None:
    """Write a folder of CSV files.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `graph.networks.to_networkx`.
    folder : Path
        Made if it is not there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    options = []
    nodes: dict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    spaces = {}
    for node, data in graph.nodes(data=True):
        nodes[data["type"]].append((node, data))
        spaces[node] = _space(data["type"])
    for type_, rows in sorted(nodes.items()):
        columns = _columns([data for _, data in rows])
        header = [f"id:ID({_space(type_)})", ":LABEL", *columns.values()]
        labels = ARRAY_DELIMITER.join(("Entity", type_) if type_ in LABELS else (type_,))
        lines = ([node, labels, *_values(data, columns)] for node, data in rows)
        _write(folder / f"{type_}.csv", header, lines)
        options.append(f"    --nodes={type_}.csv")
    edges: dict[tuple[str, str, str], list[tuple[str, str, dict[str, Any]]]] = defaultdict(list)
    for head, tail, data in graph.edges(data=True):
        edges[data["type"], spaces[head], spaces[tail]].append((head, tail, data))
    for (type_, of_head, of_tail), rows in sorted(edges.items()):
        columns = _columns([data for _, _, data in rows])
        header = [f":START_ID({of_head})", f":END_ID({of_tail})", ":TYPE", *columns.values()]
        lines = ([head, tail, type_, *_values(data, columns)] for head, tail, data in rows)
        _write(folder / f"{type_}.csv", header, lines)
        options.append(f"    --relationships={type_}.csv")
    script = IMPORT.format(files=" \\\n".join(options))
    (folder / "import.sh").write_text(script, "utf-8")


def _space(type_: str) -> str:
    """The group within which ids are unique: a document may be called like an entity."""
    return "Entity" if type_ in LABELS else type_


def _columns(rows: list[dict[str, Any]]) -> dict[str, str]:
    """Properties that occur, with the header of each: name and type."""
    columns: dict[str, str] = {}
    for data in rows:
        for name, value in data.items():
            if name != "type" and columns.get(name, "").partition(":")[2] != "double":
                columns[name] = f"{name}:{_type(value)}"
    return dict(sorted(columns.items()))


def _type(value: Any) -> str:
    if isinstance(value, list):
        return "string[]"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "long"
    return "double" if isinstance(value, float) else "string"


def _values(data: dict[str, Any], columns: dict[str, str]) -> list[Any]:
    return [data.get(name) for name in columns]


def _cell(value: Any) -> str:
    """One cell: text in quotes, for the importer takes an empty cell without as absent.

    >>> _cell('说"好"。'), _cell(""), _cell(None), _cell(0.5)
    ('"说""好""。"', '""', '', '0.5')
    """
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return repr(value).lower() if isinstance(value, bool) else repr(value)
    text = ARRAY_DELIMITER.join(value) if isinstance(value, list) else value
    return '"' + text.replace('"', '""') + '"'


def _write(path: Path, header: list[str], rows: Iterable[list[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(",".join(header) + "\n")
        stream.writelines(",".join(map(_cell, row)) + "\n" for row in rows)
