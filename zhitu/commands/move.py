"""``zhitu remove``, ``export`` and ``copy``."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhitu.commands.common import StoreOption, console, open_store
from zhitu.errors import UsageError

if TYPE_CHECKING:
    from graph.store import ManifestEntry


class ExportFormat(StrEnum):
    """Forms in which ``zhitu export`` writes the graph."""

    graphml = "graphml"
    gexf = "gexf"
    csv = "csv"
    jsonld = "jsonld"


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    app.command()(remove)
    app.command()(export)
    app.command()(copy)


def remove(
    documents: Annotated[
        list[str],
        typer.Argument(metavar="DOCUMENT...", help="Names, paths or ids of documents."),
    ],
    store: StoreOption = None,
) -> int:
    """Take documents out of the graph, with exactly what only they supported.

    Example: zhitu remove 柯城区政协常委会工作报告2024.txt
    """
    with open_store(store) as graph:
        known = graph.manifest()
        chosen = {entry.id: entry for name in documents for entry in _find(known, name)}
        report = graph.remove(chosen)
        for id_ in report.removed:
            console.print(f"removed {chosen[id_].name}", markup=False, soft_wrap=True)
        console.print(f"{len(report.removed)} documents and {report.entities} entities removed")
    return 0


def export(
    output: Annotated[
        Path,
        typer.Option("-o", "--output", help="File to write; a folder for csv."),
    ],
    format: Annotated[
        ExportFormat | None,
        typer.Option(
            "--format",
            help="graphml, gexf (Gephi), csv (a folder for neo4j-admin), jsonld; "
            "told by the file's ending if left out.",
        ),
    ] = None,
    entities_only: Annotated[
        bool,
        typer.Option("--entities-only", help="Leave out documents, sentences and mentions."),
    ] = False,
    store: StoreOption = None,
) -> int:
    """Write the whole graph for other tools.

    Example: zhitu export -o 衢州.gexf --entities-only --store file:衢州.db
    """
    from graph import export as exports

    chosen = format.value if format else _format_of(output)
    with open_store(store) as graph:
        nodes = exports.export(graph, chosen, output, provenance=not entities_only)
    console.print(f"{nodes} nodes written to {output}", markup=False, soft_wrap=True)
    return 0


def copy(
    source: Annotated[str, typer.Argument(metavar="SRC", help="Store to copy from.")],
    target: Annotated[str, typer.Argument(metavar="DST", help="Store to copy into.")],
    format: Annotated[
        str, typer.Option("--format", help="table, or json: counts and checksums by kind.")
    ] = "table",
) -> int:
    """Copy the graph into another store, and compare both by counts and checksums.

    Documents that are in the target already are left alone; an interrupted copy goes on
    where it stopped.

    Example: zhitu copy file:衢州.db neo4j://neo4j:password@localhost:7687
    """
    from graph.transfer import copy as copy_graph

    if source == target:
        raise UsageError("SRC and DST are the same store")
    with open_store(source) as one, open_store(target, create=True) as other:
        with console.status("copying") as status:
            report = copy_graph(
                one,
                other,
                progress=lambda done, all_: status.update(f"copying: {done} of {all_} documents"),
            )
        places = f"{one.name} and {other.name}"
    console.print(
        f"{report.copied} documents copied, {report.unchanged} were there; {places} agree in "
        f"{sum(sum_.count for sum_ in report.sums.values())} nodes and relationships, "
        "by count and SHA-256",
        markup=False,
        soft_wrap=True,
    )
    if format == "json":
        sums = {
            kind: {"count": sum_.count, "sha256": f"{sum_.digest:064x}"}
            for kind, sum_ in report.sums.items()
        }
        print(json.dumps(sums))
    return 0


def _find(known: dict[str, ManifestEntry], wanted: str) -> list[ManifestEntry]:
    """Documents that are meant: by id, by source, or by name."""
    path = str(Path(wanted).absolute())
    for found in (
        [entry for entry in known.values() if entry.id == wanted],
        [entry for entry in known.values() if wanted == entry.source or path == entry.source],
        [entry for entry in known.values() if entry.name == wanted],
    ):
        if len(found) > 1:
            choices = ", ".join(f"{entry.id} ({entry.source})" for entry in found)
            raise UsageError(f"several documents are called {wanted}; give an id: {choices}")
        if found:
            return found
    names = [entry.name for entry in known.values()]
    raise UsageError(f"no document {wanted} in the graph{_nearest(wanted, names)}")


def _nearest(wanted: str, names: list[str]) -> str:
    import difflib

    near = difflib.get_close_matches(wanted, names, n=3, cutoff=0.3)
    return f"; nearest: {', '.join(near)}" if near else "; zhitu stats lists what there is"


def _format_of(output: Path) -> str:
    from graph.export import FORMATS

    by_suffix = {known.suffix: name for name, known in FORMATS.items() if known.suffix}
    if output.suffix in by_suffix:
        return by_suffix[output.suffix]
    raise UsageError(
        f"-o {output}: the ending does not tell the format; add --format "
        f"{'|'.join(sorted(FORMATS))}"
    )
