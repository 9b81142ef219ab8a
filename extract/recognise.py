"""Recognition: sentences in, mentions out.

A `Recogniser` is loaded once and then maps documents to documents. Three sources speak:
HanLP's model, dictionaries (`extract.dictionary`) and form patterns
(`extract.patterns`); `extract.arbitration` says who wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from extract.documents import Document, Mention, Sentence
from graph.ontology import LABEL_OF_TAG
from zhitu.errors import ModelError, UsageError

MODELS = {"accurate": Path(__file__).parent / "model", "fast": Path(__file__).parent / "model_fast"}
WINDOW = 0
"""Characters of neighbouring sentences that the model reads together; 0: one by one."""
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


@dataclass(frozen=True)
class Recogniser:
    """Finds mentions in documents; made by `load_recogniser`."""

    component: object
    labels: dict[str, str]

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
            tagged = self.component.tag([w.text for row in cut for w in row])
            at = 0
            for document, row in zip(chunk, cut, strict=True):
                spans = tagged[at : at + len(row)]
                at += len(row)
                yield replace(document, mentions=tuple(self._mentions(document, row, spans)))

    def _mentions(self, document: Document, row, tagged) -> Iterator[Mention]:
        for window, result in zip(row, tagged, strict=True):
            for start, end, tag, confidence in result.spans:
                for piece in window.pieces:
                    length = piece.end - piece.begin
                    if piece.at <= start and end <= piece.at + length:
                        begin = piece.begin + start - piece.at
                        yield mention(
                            document.sentences[piece.sentence],
                            piece.sentence,
                            begin,
                            begin + end - start,
                            self.labels[tag],
                            confidence,
                            "model",
                        )

    def encode(self, texts: list[str]):
        """Last hidden states of the encoder, one array (length, width) a text, fp32.

        Texts are read one by one, without their neighbours, and must be at most 400
        characters long.
        """
        return [result.hidden for result in self.component.tag(texts)]


def mention(
    sentence: Sentence,
    number: int,
    begin: int,
    end: int,
    label: str,
    confidence: float,
    source: str,
) -> Mention:
    """Make the mention of ``sentence.text[begin:end]``."""
    return Mention(
        start=sentence.offsets[begin],
        end=sentence.offsets[end - 1] + 1,
        text=sentence.text[begin:end],
        type=label,
        sentence=number,
        begin=begin,
        confidence=confidence,
        source=source,
    )


def load_recogniser(
    model: str = "accurate",
    *,
    backend: str = "onnx",
    dictionary: Path | str | None = None,
    threads: int = 0,
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

    Raises
    ------
    ModelError
        If there is no such model, or it does not load.
    UsageError
        If `backend` or `dictionary` makes no sense.
    """
    if backend not in ("onnx", "torch"):
        raise UsageError(f"backend {backend!r} is neither 'onnx' nor 'torch'")
    directory = MODELS.get(model, Path(model))
    if not (directory / "config.json").is_file():
        raise ModelError(
            f"no model {model!r}: not 'accurate' or 'fast', and {directory}/config.json is missing"
        )
    from extract.recognise_hanlp import Component

    return Recogniser(Component(directory, backend=backend, threads=threads), dict(LABEL_OF_TAG))
