"""The stream: files in, extracted documents out, loaded one by one.

Every stage is a function over one document; this module only puts them in order, so
that a document can be extracted in this process, in a worker process or elsewhere.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import extract as extract_package
import graph as graph_package
from extract.documents import Document
from extract.header import read_header
from extract.read import read_documents
from extract.recognise import recogniser_version
from extract.relations import relate
from extract.sections import mark_sections
from extract.sentences import segment
from graph.corrections import load_corrections, up_to_date, without_effect
from graph.identity import resolve
from zhitu import __version__
from zhitu.errors import DocumentError, UsageError
from zhitu.settings import Settings

if TYPE_CHECKING:
    from extract.recognise import Recogniser
    from graph.corrections import Correction
    from graph.store import Store


TABLES = ("*.tsv", "*.tsv.xz", "words.txt", "*.zip", "*.npz", "relations_reader.onnx")
"""Files beside the code of `extract` and `graph` that decide what a text yields."""


@dataclass(frozen=True)
class Failure:
    """A file that could not be read, and why."""

    path: Path
    message: str


@dataclass
class BuildReport:
    """What a build did; document names by outcome, and the files that failed.

    `gone` are documents in the graph whose files were beside those that were read, and are no
    longer there; `without_effect` describes the corrections that apply to nothing in the graph.
    """

    loaded: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    duplicates: list[tuple[str, str]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    without_effect: list[str] = field(default_factory=list)


def extract(
    document: Document, recogniser: Recogniser, corrections: Sequence[Correction] = ()
) -> Document:
    """Take one read document through every stage.

    Parameters
    ----------
    document : Document
        With `text` only, as `extract.read.read_documents` gives it.
    recogniser : Recogniser
        From `extract.recognise.load_recogniser`.
    corrections : sequence of Correction
        Corrections made by hand, replayed while identities are resolved.

    Returns
    -------
    Document
        With header, sentences, mentions, entities, links and relations.
    """
    prepared = mark_sections(read_header(segment(document)))
    return relate(resolve(recogniser.recognise(prepared), corrections))


def read_all(
    files: Iterable[Path],
    failures: list[Failure],
    *,
    text_column: str | None = None,
    on_read: Callable[[Path], None] = lambda path: None,
) -> Iterator[Document]:
    """Read every document of every file; files that cannot be read join `failures`.

    Parameters
    ----------
    files : iterable of Path
        From `extract.read.find_files`.
    failures : list of Failure
        Filled as files fail; the good ones go on.
    text_column : str, optional
        Column of csv and jsonl files that holds the text.
    on_read : callable
        Called with each file once all its documents have been passed on.
    """
    for path in files:
        try:
            yield from read_documents(path, text_column=text_column)
        except DocumentError as error:
            failures.append(Failure(path, str(error)))
        on_read(path)


def extractor_version(recogniser_version: str) -> str:
    """Name what decides, corrections apart, what a text yields; a change means extracting anew."""
    return f"{__version__}+{recogniser_version}+{_tables_version()}"


def _tables_version() -> str:
    """Digest of the tables that identity, the gazetteer and relations read; some may be edited."""
    digest = hashlib.sha256()
    for package in (extract_package, graph_package):
        folder = Path(package.__file__).parent
        for path in sorted(p for kind in TABLES for p in folder.rglob(kind)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def new_documents(
    documents: Iterable[Document],
    store: Store,
    version: str,
    report: BuildReport,
    corrections: Sequence[Correction] = (),
) -> Iterator[Document]:
    """Pass on the documents that the store does not hold in this version, so corrected.

    The others are noted in `report`: unchanged, or the same text under another name.
    """
    known = store.manifest()
    by_source = {entry.source: entry for entry in known.values()}
    seen: dict[str, str] = {}
    elsewhere: dict[str, Document] = {}
    for document in documents:
        if document.id in seen:
            report.duplicates.append((document.name, seen[document.id]))
            continue
        seen[document.id] = document.name
        entry = known.get(document.id)
        current = entry is not None and entry.version == version
        if current and up_to_date(corrections, document.id, entry.corrections):
            if entry.source == document.source:
                report.unchanged.append(document.name)
            elif _gone(entry.source):
                store.follow(document.id, name=document.name, source=document.source)
                report.renamed.append((entry.name, document.name))
            else:
                report.duplicates.append((document.name, entry.name))
                elsewhere[document.id] = document
            continue
        before = by_source.get(document.source)
        if entry or before:
            report.replaced.append(document.name)
        yield document
        if before and before.id != document.id:
            # The old text goes with its source, unless another file still holds it.
            known.pop(before.id, None)
            if before.id in elsewhere:
                yield elsewhere.pop(before.id)


def _gone(source: str) -> bool:
    """Whether the file is gone that `source` names, alone or as the part before ``#``."""
    return not Path(source).exists() and not Path(source.rsplit("#", 1)[0]).exists()


def build_graph(
    files: Iterable[Path],
    store: Store,
    settings: Settings,
    *,
    dictionary: Path | None = None,
    text_column: str | None = None,
    workers: int = 1,
    on_read: Callable[[Path], None] = lambda path: None,
) -> BuildReport:
    """Extract the documents of `files` and load them into `store`, one by one.

    What the store already holds in this version is skipped before recognition. An
    interrupted build keeps the documents that it finished.

    Returns
    -------
    BuildReport
    """
    report = BuildReport()
    files = list(files)
    corrections = load_corrections(Path(settings.corrections))
    version = extractor_version(recogniser_version(settings.model, dictionary))
    read = read_all(files, report.failures, text_column=text_column, on_read=on_read)
    fresh = new_documents(read, store, version, report, corrections)
    extracted = extract_all(
        fresh,
        settings,
        corrections,
        dictionary=dictionary,
        workers=workers,
        on_done=lambda document: report.loaded.append(document.name),
    )
    store.load(extracted, version=version)
    folders = {file.parent for file in files}
    report.gone = [
        entry.name
        for entry in store.manifest().values()
        if Path(entry.source.rsplit("#", 1)[0]).parent in folders and _gone(entry.source)
    ]
    report.without_effect = [c.describe() for c in without_effect(corrections, store)]
    return report


def extract_all(
    documents: Iterable[Document],
    settings: Settings,
    corrections: Sequence[Correction] = (),
    *,
    dictionary: Path | None = None,
    workers: int = 1,
    on_done: Callable[[Document], None] = lambda document: None,
) -> Iterator[Document]:
    """Extract documents as they come, in order; the model is loaded at the first one.

    Parameters
    ----------
    documents : iterable of Document
    settings : Settings
        `model` and `backend` are read.
    corrections : sequence of Correction
    dictionary : Path, optional
        The user's own CSV dictionary.
    workers : int
        Processes; each loads the model once. 1 means this process.
    on_done : callable
        Called with every finished document.

    Raises
    ------
    UsageError
        If `workers` is below 1.
    ModelError
        If the model cannot be loaded.
    """
    if workers < 1:
        raise UsageError(f"--workers {workers}: at least 1 is needed")
    make = _Maker(settings.model, settings.backend, dictionary, tuple(corrections))
    stream = _here(documents, make) if workers == 1 else _in_processes(documents, make, workers)
    for document in stream:
        on_done(document)
        yield document


@dataclass(frozen=True)
class _Maker:
    """What a process needs to make its recogniser; small enough to be sent to workers."""

    model: str
    backend: str
    dictionary: Path | None
    corrections: tuple[Correction, ...]

    def load(self) -> Callable[[Document], Document]:
        from extract.recognise import load_recogniser

        recogniser = load_recogniser(self.model, backend=self.backend, dictionary=self.dictionary)
        return partial(extract, recogniser=recogniser, corrections=self.corrections)


def _here(documents: Iterable[Document], make: _Maker) -> Iterator[Document]:
    extract_one = None
    for document in documents:
        extract_one = extract_one or make.load()
        yield extract_one(document)


def _in_processes(documents: Iterable[Document], make: _Maker, workers: int) -> Iterator[Document]:
    """Keep twice as many documents under way as there are workers, and their order."""
    pending: deque[Future[Document]] = deque()
    with ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_start_worker, initargs=(make,)
    ) as pool:
        for document in documents:
            pending.append(pool.submit(_extract_in_worker, document))
            if len(pending) >= 2 * workers:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()


_extract_one: Callable[[Document], Document]
"""Of a worker process: its own extractor, the model loaded once."""


def _start_worker(make: _Maker) -> None:
    global _extract_one
    _extract_one = make.load()


def _extract_in_worker(document: Document) -> Document:
    return _extract_one(document)
