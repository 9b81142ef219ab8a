"""Recognition: sentences in, mentions out.

A `Recogniser` is loaded once and then maps documents to documents. Three sources speak:
HanLP's model, dictionaries (`extract.dictionary`) and form patterns
(`extract.patterns`); `extract.arbitration` says who wins, `extract.consistency` carries
names over from one sentence of a document to the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Protocol

from extract.arbitration import arbitrate
from extract.calibration import Calibration, read_calibration
from extract.consistency import mark_home, spread
from extract.dictionary import Lexicon, division_lexicon, gazetteer_lexicon, read_dictionary
from extract.documents import Document, Jurisdiction, Mention, Sentence
from extract.spans import Span, extents, likeliest
from extract.tagging import Candidate
from extract.weigh import Weigher, read_weigher
from graph.ontology import LABEL_OF_TAG
from zhitu.errors import ModelError, UsageError

MODELS = {"accurate": Path(__file__).parent / "model", "fast": Path(__file__).parent / "model_fast"}
WINDOW = 0
"""Characters of neighbouring sentences that the model reads together; 0: one by one."""
LEAST = 0.4
"""Confidence from which a span of the model counts: what gives the best F1 on training data
that the network had not seen (`training.weigh`)."""
POSSIBLE = LEAST / 2
"""Confidence from which a span is possible: it counts where the gazetteer or the rest of the
document vouches for the name."""
CHUNK = 32
"""Documents that are batched together by `Recogniser.recognise_all`."""

_CLOSING = "。！？；：…，、!?;:,.”’）)》]"
_LONGEST = 400


@dataclass(frozen=True)
class Piece:
    """Where characters ``[begin, end)`` of sentence `sentence` stand in a window."""

    sentence: int
    begin: int
    end: int
    at: int


@dataclass(frozen=True)
class Window:
    """A stretch of neighbouring sentences that the model reads at once."""

    text: str
    pieces: tuple[Piece, ...]


def windows(sentences: Iterable[Sentence], size: int = WINDOW) -> list[Window]:
    """Join neighbouring Chinese sentences to stretches of at most `size` characters.

    A full stop closes a sentence that has no closing mark (a heading); a sentence
    longer than the model reads is cut at a comma. Captions in other scripts and tables
    of numbers are left out.

    Examples
    --------
    >>> def s(text): return Sentence("s", 0, len(text), text, tuple(range(len(text))))
    >>> [w.text for w in windows([s("一、区政协"), s("浙江调研。"), s("全省经济回升。")], 12)]
    ['一、区政协。浙江调研。', '全省经济回升。']
    """
    found: list[Window] = []
    text, pieces = "", []
    last = -1

    def close() -> None:
        nonlocal text, pieces
        if pieces:
            found.append(Window(text, tuple(pieces)))
        text, pieces = "", []

    for number, sentence in enumerate(sentences):
        if not sentence.chinese or not sentence.text.strip():
            continue
        if number != last + 1:
            close()
        last = number
        for begin, end in _cuts(sentence.text):
            if text and len(text) + end - begin > size:
                close()
            if text and text[-1] not in _CLOSING:
                text += "。"
            pieces.append(Piece(number, begin, end, len(text)))
            text += sentence.text[begin:end]
    close()
    return found


def _cuts(text: str) -> Iterator[tuple[int, int]]:
    begin = 0
    while len(text) - begin > _LONGEST:
        part = text[begin : begin + _LONGEST]
        at = max(part.rfind(mark) for mark in "。；，、,; ")
        end = begin + (at + 1 if at > _LONGEST // 3 else _LONGEST)
        yield begin, end
        begin = end
    yield begin, len(text)


class Tagger(Protocol):
    """What finds spans in texts: an `extract.tagging.Network`, or a model of HanLP's own."""

    def tag(self, texts: list[str]) -> list[list[Candidate]]: ...


@dataclass(frozen=True)
class Recogniser:
    """Finds mentions in documents; made by `load_recogniser`.

    `rules` False leaves the model alone: no dictionary, patterns or consistency.
    `version` changes with everything that may change what is found.
    """

    component: Tagger
    calibration: Calibration
    gazetteer: Lexicon
    divisions: Lexicon
    dictionary: Lexicon | None = None
    weigher: Weigher | None = None
    rules: bool = True
    version: str = ""

    def recognise(self, document: Document) -> Document:
        """Fill in the mentions of a segmented document.

        Mentions are sorted by start, do not overlap within a sentence, and carry their
        source and a calibrated confidence.
        """
        return next(iter(self.recognise_all([document])))

    def recognise_all(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Recognise documents in order, batching over `CHUNK` of them at a time."""
        stream = iter(documents)
        while chunk := list(islice(stream, CHUNK)):
            cut = [windows(document.sentences) for document in chunk]
            tagged = iter(self.component.tag([w.text for row in cut for w in row]))
            for document, row in zip(chunk, cut, strict=True):
                found = self._model_spans(row, [next(tagged) for _ in row])
                yield replace(document, mentions=tuple(self._mentions(document, found)))

    def _model_spans(
        self, row: list[Window], tagged: list[list[Candidate]]
    ) -> dict[int, list[Span]]:
        """Candidates by sentence number; what straddles two sentences is dropped."""
        found: dict[int, list[Span]] = {}
        for window, candidates in zip(row, tagged, strict=True):
            for piece in window.pieces:
                spans = found.setdefault(piece.sentence, [])
                stop = piece.at + piece.end - piece.begin
                for start, end, tag, posterior in candidates:
                    if piece.at <= start and end <= stop:
                        label = LABEL_OF_TAG.get(tag, tag)
                        shift = piece.begin - piece.at
                        spans.append(Span(start + shift, end + shift, label, posterior, "model"))
        return found

    def _mentions(self, document: Document, found: dict[int, list[Span]]) -> Iterator[Mention]:
        numbers = sorted(found)
        rows = [found[number] for number in numbers]
        texts = [document.sentences[number].text for number in numbers]
        if self.weigher:
            rows = self.weigher.weigh(texts, rows)
        possible = [extents(row, POSSIBLE) for row in rows]
        rows = [likeliest(row, LEAST) for row in rows]
        if self.rules:
            rows = [
                arbitrate(
                    text,
                    row,
                    gazetteer=self.gazetteer,
                    divisions=self.divisions,
                    dictionary=self.dictionary,
                    possible=maybe,
                )
                for text, row, maybe in zip(texts, rows, possible, strict=True)
            ]
            where = document.header.jurisdiction
            rows = spread(texts, rows, possible, places=[where.path] if where else [])
            rows = mark_home(texts, rows, _short_names(where))
        for number, row in zip(numbers, rows, strict=True):
            sentence = document.sentences[number]
            for span in row:
                sure = span.confidence
                if span.source == "model":
                    sure = self.calibration.apply(span.label, sure)
                yield Mention(
                    start=sentence.offsets[span.begin],
                    end=sentence.offsets[span.end - 1] + 1,
                    text=sentence.text[span.begin : span.end],
                    type=span.label,
                    sentence=number,
                    begin=span.begin,
                    confidence=sure,
                    source=span.source,
                )


def _short_names(where: Jurisdiction | None) -> list[str]:
    """How a document's county or city is called shortly, by at least two characters."""
    from extract import gazetteer

    home = gazetteer.division(where.code) if where else None
    if home is None or home.level not in ("city", "county"):
        return []
    return [name for name in gazetteer.short_names(home.name, home.level) if len(name) > 1]


def load_recogniser(
    model: str = "accurate",
    *,
    backend: str = "onnx",
    dictionary: Path | str | None = None,
    threads: int = 0,
    rules: bool = True,
) -> Recogniser:
    """Load the recogniser once.

    Parameters
    ----------
    model : str
        ``accurate`` (the default), ``fast``, a directory that HanLP saved, or a name of
        `hanlp.pretrained`, which needs a network the first time.
    backend : str
        ``onnx`` (int8, ONNX Runtime) or ``torch`` (HanLP's own network).
    dictionary : path, optional
        CSV of names that always win: columns ``name,type``.
    threads : int
        Threads of the network; 0 takes all cores.
    rules : bool
        False leaves the model alone, to measure what it does by itself.

    Raises
    ------
    ModelError
        If there is no such model, or it does not load.
    UsageError
        If `backend` or `dictionary` makes no sense.
    """
    if backend not in ("onnx", "torch"):
        raise UsageError(f"backend {backend!r} is neither 'onnx' nor 'torch'")
    names = read_dictionary(dictionary) if dictionary else None
    directory = find_model(model)
    version = recogniser_version(model, dictionary)
    calibration, weigher = Calibration({}), None
    if directory is not None:
        calibration, weigher = read_calibration(directory), read_weigher(directory)
    return Recogniser(
        load_network(model, backend=backend, threads=threads),
        calibration,
        gazetteer_lexicon(),
        division_lexicon(),
        names,
        weigher,
        rules,
        version,
    )


def load_network(model: str = "accurate", *, backend: str = "onnx", threads: int = 0) -> Tagger:
    """Load the network of a model alone; parameters as of `load_recogniser`."""
    directory = find_model(model)
    # What a backend needs is imported with it: onnxruntime, or torch and HanLP.
    if directory is None:
        from extract.recognise_hanlp import load_pretrained

        return load_pretrained(model)
    if backend == "onnx":
        from extract.recognise_onnx import OnnxNetwork

        return OnnxNetwork(directory, threads=threads)
    from extract.recognise_hanlp import HanlpNetwork

    return HanlpNetwork(directory, threads=threads)


def find_model(model: str) -> Path | None:
    """Directory of a model, or None for a name of `hanlp.pretrained`.

    Raises
    ------
    ModelError
        If `model` is neither.

    Examples
    --------
    >>> find_model("accurate").name
    'model'
    >>> find_model("MSRA_NER_BERT_BASE_ZH") is None
    True
    """
    directory = MODELS.get(model, Path(model))
    if (directory / "config.json").is_file():
        return directory
    if model.startswith("hanlp.pretrained.") or (model.isupper() and "_" in model):
        return None
    missing = "has no config.json" if directory.is_dir() else "does not exist"
    raise ModelError(
        f"no model {model!r}: directory {directory} {missing}; take accurate, fast, "
        "a directory saved by HanLP, or a name of hanlp.pretrained in capitals"
    )


@cache
def recogniser_version(model: str = "accurate", dictionary: Path | str | None = None) -> str:
    """Short digest of all that decides what is found, without loading the model.

    The files of the model, the patterns, the gazetteer and the user's dictionary.

    Examples
    --------
    >>> len(recogniser_version())
    12
    """
    digest = hashlib.sha256(model.encode())
    here = Path(__file__).parent
    directory = find_model(model)
    files = sorted(directory.rglob("*")) if directory else []
    files += [here / "patterns.json", here / "gazetteer" / "divisions.tsv.xz"]
    files += [
        here / f"{name}.py"
        for name in (
            *("arbitration", "consistency", "dictionary", "patterns", "recognise", "spans"),
            *("tagging", "weigh", "words"),
        )
    ]
    files += [Path(dictionary)] if dictionary else []
    for file in files:
        if not file.is_file() or (
            file.name == "model.pt" and (directory / "network.onnx").is_file()
        ):
            continue
        digest.update(file.name.encode())
        try:
            digest.update(hashlib.sha256(file.read_bytes()).digest())
        except OSError as error:
            raise UsageError(f"{file} cannot be read: {error}") from None
    return digest.hexdigest()[:12]
