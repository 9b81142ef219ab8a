"""Writing the graph for other tools: GraphML, GEXF, CSV for neo4j-admin, JSON-LD.

>>> sorted(FORMATS)
['csv', 'gexf', 'graphml', 'jsonld']
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph.export_csv import write_csv
from graph.export_jsonld import write_jsonld
from graph.networks import to_networkx
from zhitu.errors import UsageError

if TYPE_CHECKING:
    import networkx as nx

    from graph.store import Store

LIST_SEPARATOR = " | "
"""Between the values of a list, in formats that know no lists."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Format:
    """A format: how files of it are named, what it is for, and what writes it."""

    suffix: str
    description: str
    write: Callable[[nx.MultiDiGraph, Path], None]


def export(store: Store, format: str, path: Path, *, provenance: bool = True) -> int:
    """Write the whole graph to a file, or a folder for CSV.

    Parameters
    ----------
    store : Store
    format : str
        One of `FORMATS`.
    path : Path
        File to write; for ``csv`` a folder, which is made.
    provenance : bool
        Whether documents, sentences and mentions are written too.

    Returns
    -------
    int
        Nodes written.

    Raises
    ------
    UsageError
        If the format is unknown or the file cannot be written.
    """
    if format not in FORMATS:
        raise UsageError(f"--format {format}: unknown; one of {', '.join(sorted(FORMATS))}")
    graph = to_networkx(store, provenance=provenance)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        FORMATS[format].write(graph, path)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}; name another with -o") from error
    return len(graph)


def write_graphml(graph: nx.MultiDiGraph, path: Path) -> None:
    """Write GraphML, as Gephi, yEd, Cytoscape and networkx read it."""
    import networkx as nx

    nx.write_graphml_xml(_flat(graph), path, encoding="utf-8")


def write_gexf(graph: nx.MultiDiGraph, path: Path) -> None:
    """Write GEXF 1.2, as Gephi opens it; names become Gephi's labels."""
    import networkx as nx

    flat = _flat(graph)
    for _, data in flat.nodes(data=True):
        data["label"] = data.get("name") or data.get("text") or ""
    # GEXF has its own meaning for an edge's type (directedness), start and end (time).
    for _, _, data in flat.edges(data=True):
        data["label"] = data["relation"] = data.pop("type")
    for _, data in (*flat.nodes(data=True), *((None, d) for _, _, d in flat.edges(data=True))):
        for name in ("start", "end"):
            if name in data:
                data[f"{name}_character"] = data.pop(name)
    nx.write_gexf(flat, path, encoding="utf-8", version="1.2draft")


def _flat(graph: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """Copy a graph so that XML can hold it: no lists, no control characters, edges numbered.

    Characters that XML 1.0 cannot hold become U+FFFD.
    """
    import networkx as nx

    flat = nx.MultiDiGraph()
    for node, data in graph.nodes(data=True):
        flat.add_node(_xml(node), **{key: _xml(value) for key, value in data.items()})
    for number, (head, tail, data) in enumerate(graph.edges(data=True)):
        values = {key: _xml(value) for key, value in data.items()}
        flat.add_edge(_xml(head), _xml(tail), key=number, **values)
    return flat


def _xml(value: Any) -> Any:
    if isinstance(value, list):
        value = LIST_SEPARATOR.join(str(one) for one in value)
    return _NOT_XML.sub("\ufffd", value) if isinstance(value, str) else value


FORMATS: dict[str, Format] = {
    "graphml": Format(".graphml", "GraphML: networkx, yEd, Cytoscape, Gephi", write_graphml),
    "gexf": Format(".gexf", "GEXF: Gephi", write_gexf),
    "csv": Format("", "a folder of CSV for neo4j-admin database import", write_csv),
    "jsonld": Format(".jsonld", "JSON-LD: linked data, schema.org names", write_jsonld),
}
