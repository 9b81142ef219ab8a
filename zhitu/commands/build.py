"""``zhitu build``, ``extract`` and ``stats``."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from zhitu.commands.common import StoreOption, console, open_store
from zhitu.settings import Settings, load_settings

if TYPE_CHECKING:
    from zhitu.pipeline import BuildReport, Failure

PathsArgument = Annotated[
    list[Path],
    typer.Argument(metavar="PATH...", help="Files and folders (folders are searched through)."),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model", help="accurate, fast, a local HanLP component directory, or hanlp.pretrained.*"
    ),
]
BackendOption = Annotated[
    str | None, typer.Option("--backend", help="onnx (ONNX Runtime) or torch (HanLP's own)")
]
DictionaryOption = Annotated[
    Path | None,
    typer.Option("--dictionary", help="CSV of your own names (name,type): they always win."),
]
WorkersOption = Annotated[int, typer.Option("--workers", help="Processes that extract.")]
CorrectionsOption = Annotated[
    Path | None,
    typer.Option("--corrections", help="Corrections made by hand  [default: corrections.jsonl]"),
]
TextColumnOption = Annotated[
    str | None, typer.Option("--text-column", help="Column of csv and jsonl that holds the text.")
]


class ExtractFormat(StrEnum):
    """Forms that ``zhitu extract`` prints."""

    jsonl = "jsonl"


class StatsFormat(StrEnum):
    """Forms that ``zhitu stats`` prints."""

    table = "table"
    json = "json"


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    app.command()(build)
    app.command()(extract)
    app.command()(stats)


def build(
    paths: PathsArgument,
    store: StoreOption = None,
    model: ModelOption = None,
    backend: BackendOption = None,
    dictionary: DictionaryOption = None,
    corrections: CorrectionsOption = None,
    text_column: TextColumnOption = None,
    workers: WorkersOption = 1,
) -> int:
    """Read documents and load them into the graph; what is in already is skipped.

    Example: zhitu build 政协报告/ 常山县政府工作报告.txt --store file:衢州.db
    """
    from extract.read import find_files
    from graph.statistics import count
    from zhitu.pipeline import build_graph
    from zhitu.tables import print_counts

    settings = _settings(store, model, backend, corrections)
    began = time.monotonic()
    files = find_files(paths)
    with open_store(settings=settings, create=True) as graph:
        with _progress(len(files)) as advance:
            report = build_graph(
                files,
                graph,
                settings,
                dictionary=dictionary,
                text_column=text_column,
                workers=workers,
                on_read=advance,
            )
        counts = count(graph)
    _print_outcome(report)
    if counts.documents:
        print_counts(counts, seconds=time.monotonic() - began)
    return _print_failures(report.failures)


def extract(
    paths: PathsArgument,
    format: Annotated[
        ExtractFormat, typer.Option("--format", help="One JSON object a document.")
    ] = ExtractFormat.jsonl,
    model: ModelOption = None,
    backend: BackendOption = None,
    dictionary: DictionaryOption = None,
    corrections: CorrectionsOption = None,
    text_column: TextColumnOption = None,
    workers: WorkersOption = 1,
) -> int:
    """Print the mentions, entities and relations of documents, without any database.

    Example: zhitu extract 柯城区政协报告.txt --format jsonl > 柯城.jsonl
    """
    from extract.read import find_files
    from graph.corrections import load_corrections
    from zhitu.jsonl import to_json
    from zhitu.pipeline import extract_all, read_all

    settings = _settings(None, model, backend, corrections)
    failures: list[Failure] = []
    files = find_files(paths)
    with _progress(len(files)) as advance:
        documents = extract_all(
            read_all(files, failures, text_column=text_column, on_read=advance),
            settings,
            load_corrections(Path(settings.corrections)),
            dictionary=dictionary,
            workers=workers,
        )
        for document in documents:
            print(json.dumps(to_json(document), ensure_ascii=False), flush=True)
    return _print_failures(failures)


def stats(
    store: StoreOption = None,
    format: Annotated[StatsFormat, typer.Option("--format")] = StatsFormat.table,
) -> None:
    """Count what the graph holds: documents, mentions, entities and relations by type.

    Example: zhitu stats --store file:衢州.db
    """
    from graph.statistics import statistics

    with open_store(store) as graph:
        found = statistics(graph)
    if format is StatsFormat.json:
        print(json.dumps(found.to_dict(), ensure_ascii=False))
        return
    from zhitu.tables import print_statistics

    print_statistics(found)


def _settings(
    store: str | None, model: str | None, backend: str | None, corrections: Path | None
) -> Settings:
    settings = load_settings(store=store, model=model, backend=backend)
    return replace(settings, corrections=str(corrections)) if corrections else settings


@contextlib.contextmanager
def _progress(total: int) -> Iterator[Callable[[Path], None]]:
    """Draw a progress bar of files on standard error; yields what a finished file calls."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("reading", total=total)
        yield lambda path: bar.update(task, advance=1, description=path.name)


def _print_outcome(report: BuildReport) -> None:
    for name, first in report.duplicates:
        console.print(f"same text as {first}, kept once: {name}", markup=False, soft_wrap=True)
    for before, name in report.renamed:
        console.print(f"{before} is now {name}", markup=False, soft_wrap=True)
    changed = len(report.loaded) - len(report.replaced)
    line = f"{changed} new, {len(report.replaced)} replaced, {len(report.unchanged)} unchanged"
    if not (report.loaded or report.renamed or report.failures):
        line += ": nothing to do, the graph is as it was"
    console.print(line, soft_wrap=True)
    for name in report.gone:
        console.print(
            f"its file is gone, the graph keeps it: {name}; zhitu remove {name} takes it out",
            markup=False,
            soft_wrap=True,
        )
    for correction in report.without_effect:
        console.print(
            f"correction without effect on these documents: {correction}; see zhitu undo --list",
            markup=False,
            soft_wrap=True,
        )


def _print_failures(failures: list[Failure]) -> int:
    """List the files that failed; returns the exit code."""
    for failure in failures:
        console.print(f"not read: {failure.message}", markup=False, soft_wrap=True)
    return 1 if failures else 0
