"""Text to sentences: lines joined where a page break or a hard wrap cut them, then split.

Offsets are kept throughout: a sentence's characters are those of the source, only line
breaks, the indentation around them and invisible characters are left out, and
`Sentence.offsets` says where each one stands.

Every step is linear in the text; a line of ten megabytes is no special case.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from extract.documents import Document, Sentence

MAX_LENGTH = 300
"""Characters after which a sentence without any full stop is cut, at a comma if it can be."""

_LINE_END = re.compile(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")

NUMBERED = re.compile(
    r"""(?:第[一二三四五六七八九十百]+(?:部分|章|节|篇|条|[,，、]\s*)
      |[一二三四五六七八九十]{1,3}[、.．]
      |[(（][一二三四五六七八九十]{1,3}[)）]
      |\d{1,2}(?:[、.．](?!\d)|[)）])
      |[(（]\d{1,2}[)）]
      |[①-⑳㈠-㈩⑴-⒇])""",
    re.VERBOSE,
)
"""A heading's or paragraph's number at the start of a line."""

_BULLET = re.compile(r"[●▲△◎□■◆◇★☆•·※▶►【—－*\-#|>]")
_PAGE_NUMBER = re.compile(
    r"[\s—–\-－·]*(?:\d{1,4}|第\s*\d+\s*页(?:[\s,，/]*共\s*\d+\s*页)?)[\s—–\-－·]*"
)
_CLOSERS = "”’」』）)》〉】]\"'"
_CLOSED = re.compile(rf"[。！？!?；;：:…][{re.escape(_CLOSERS)}]*$")
_NEVER_FIRST = "，。、；：！？”’」』》）〉】,;!?)"
"""Marks that no line begins with unless it was cut."""

_SIGNED = re.compile(r"[。！？!?；;…][”’」』]*[（(][^（）()]{0,40}[）)]$")
_RUNNING = re.compile(r"[。！？；]|[,，].*[,，]")
_HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_UNIT = re.compile(
    r"[A-Za-zÀ-ɏͰ-ӿ]+|[\u3040-\u30ff\uac00-\ud7af\u0600-\u06ff\u0f00-\u0fff\u1800-\u18af]"
)
_CONTENTS = re.compile(r"(?:[.．·…]\s?){6,}\s*\d*$")
"""A line of a table of contents: dots up to a page number."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NUMBER_CELL = re.compile(r"(?:^|[\s|,])[-+]?\d+(?:[.,]\d+)*%?(?=[\s|,]|$)")
_SPLIT = re.compile(r"[。！？；]+|(?<=[^\s!-/:-@\[-`{-~、，：])[!?;]+|[“”「」『』（）()]")
_OPEN, _CLOSE = "“「『（(", "”」』）)"
_QUOTE_LIMIT = 200


def segment(document: Document) -> Document:
    """Split a document into sentences.

    Parameters
    ----------
    document : Document
        With `text`.

    Returns
    -------
    Document
        With `sentences`. ``text[offsets[i]]`` is the i-th character of a sentence; ids
        are ``document id:number``, so that equal sentences of two documents stay two.

    Examples
    --------
    >>> from extract.read import make_document
    >>> text = "　　开展活动73场，参与达到750余人次。协商\\n\\n成果《中国时间，衢州开始》被转发。"
    >>> for sentence in segment(make_document(text, "a.txt")).sentences:
    ...     print(sentence.start, sentence.end, sentence.text)
    2 21 开展活动73场，参与达到750余人次。
    21 42 协商成果《中国时间，衢州开始》被转发。
    """
    sentences: list[Sentence] = []
    for block in _blocks(document.text):
        offsets = [i for start, end in block for i in range(start, end)]
        text = "".join(document.text[start:end] for start, end in block)
        if _INVISIBLE.search(text):
            kept = [i for i, character in enumerate(text) if not _INVISIBLE.match(character)]
            offsets = [offsets[i] for i in kept]
            text = "".join(text[i] for i in kept)
        for begin, end in _split(text):
            part = text[begin:end]
            sentences.append(
                Sentence(
                    id=f"{document.id}:{len(sentences)}",
                    start=offsets[begin],
                    end=offsets[end - 1] + 1,
                    text=part,
                    offsets=tuple(offsets[begin:end]),
                    chinese=is_chinese(part),
                )
            )
    return replace(document, sentences=tuple(sentences))


def is_chinese(text: str) -> bool:
    """Say whether a sentence is Chinese prose: no foreign caption, no row of numbers.

    A Latin word counts as much as a Chinese character; so does a number, unless the
    punctuation says that it stands in a sentence.

    Examples
    --------
    >>> is_chinese("OpenAI等平台"), is_chinese("ALL FOR U"), is_chinese("全市 12.5 3.4 8.1")
    (True, False, False)
    """
    han = len(_HAN.findall(text))
    if not han or _CONTENTS.search(text):
        return False
    foreign = len(_UNIT.findall(text))
    if not re.search("[。；！？，、]", text):
        if len(_NUMBER_CELL.findall(text)) >= 3 and han < 12:
            return False
        foreign += len(_NUMBER.findall(text))
    return han >= 0.4 * (han + foreign)


def _blocks(text: str) -> list[list[tuple[int, int]]]:
    """Group the lines into paragraphs: spans of the lines that belong together."""
    lines = _lines(text)
    wrap = _wrap_width(text, lines)
    blocks: list[list[tuple[int, int]]] = []
    position = 0
    while position < len(lines):
        block = [lines[position]]
        position += 1
        while position < len(lines):
            after = position
            if _is_page_number(text, lines[after]) and after + 1 < len(lines):
                after += 1
            if not _joins(text, block, lines[after], wrap):
                break
            block.append(lines[after])
            position = after + 1
        blocks.append(block)
    return blocks


def _lines(text: str) -> list[tuple[int, int]]:
    """Spans of the lines that hold something, white space around them left out."""
    spans = []
    start = 0
    ends = [match.start() for match in _LINE_END.finditer(text)] + [len(text)]
    for end in ends:
        line = text[start:end]
        if not _INVISIBLE.sub("", line).strip():
            start = end + 1
            continue
        left = start + len(line) - len(line.lstrip())
        spans.append((left, start + len(line.rstrip())))
        start = end + 1
    return spans


def _is_page_number(text: str, span: tuple[int, int]) -> bool:
    return span[1] - span[0] < 30 and bool(_PAGE_NUMBER.fullmatch(text, *span))


def _width(line: str) -> int:
    """Width on the page in half characters."""
    return sum(2 if character > "\u2e7f" or character in "“”‘’—…" else 1 for character in line)


def _wrap_width(text: str, lines: list[tuple[int, int]]) -> int | None:
    """Width at which the text was wrapped by hand, None where lines are paragraphs.

    A wrapped text has many lines of nearly one width that stop in mid-sentence, and hardly
    any longer one.
    """
    widths = Counter(
        _width(text[start:end])
        for start, end in lines
        if end - start <= 100 and not _CLOSED.search(text, end - 3, end)
    )
    open_lines = sum(widths.values())
    if open_lines < 5:
        return None
    best = max(widths, key=lambda w: sum(widths[w - d] for d in range(5)) * (w >= 24))
    full = sum(widths[best - d] for d in range(5))
    longer = sum(end - start > 100 or _width(text[start:end]) > best + 2 for start, end in lines)
    wrapped = best >= 24 and full >= 4 and full >= 0.4 * open_lines
    return best if wrapped and longer <= 0.05 * len(lines) else None


def _joins(
    text: str, block: list[tuple[int, int]], line: tuple[int, int], wrap: int | None
) -> bool:
    """Say whether `line` goes on with the sentence in which `block` stopped."""
    start, end = block[-1]
    if text[line[0]] in _NEVER_FIRST:
        return True
    if NUMBERED.match(text, line[0]) or _BULLET.match(text, line[0]):
        return False
    tail = text[max(start, end - 60) : end]
    if _CLOSED.search(tail) or _SIGNED.search(tail):
        return False
    last = text[start:end] if end - start <= 400 else text[end - 400 : end]
    if is_chinese(last) != is_chinese(text[line[0] : min(line[1], line[0] + 400)]):
        return False
    indented = text[line[0] - 1 : line[0]] in ("\u3000", "\t")
    if indented and wrap:
        return False
    if tail.endswith(("，", ",", "、")) or _unclosed(tail):
        return True
    if wrap and end - start <= 100:
        # Latin words and digits leave lines uneven; those with a full stop inside are prose.
        share = _width(last) / wrap
        return share >= 0.85 or (share >= 0.6 and re.search("[。！？；]", last) is not None)
    goes_on = line[1] - line[0] >= 20 or re.search("[。！？；，,]", text[line[0] : line[1]])
    if not goes_on:
        return False
    if NUMBERED.match(text, block[0][0]) and len(block) == 1:
        return len(last) > 60 or bool(re.search("[。！？；]", last))
    running = len(last) > 20 and _RUNNING.search(last)
    return bool(running or re.search("[。！？；]", last)) or (len(last) >= 28 and "，" in last)


def _unclosed(tail: str) -> bool:
    return any(tail.count(o) > tail.count(c) for o, c in zip("“《（(", "”》）)", strict=True))


def _split(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences of a paragraph, white space around them left out.

    Nothing is split inside brackets or quotes, as long as those close within
    `_QUOTE_LIMIT` characters. A quotation that opens its sentence goes on with who said
    it (``“……。”贺钧说。``); one that ends it (``他说：“……。”``) closes it.
    """
    ends: list[int] = []
    begin = 0
    opened: list[int] = []
    position = 0
    closed_stop = False
    for match in _SPLIT.finditer(text):
        if match.start() < position:
            continue
        mark = match[0]
        if opened and match.start() - opened[0] > _QUOTE_LIMIT:
            opened.clear()
        if mark in _OPEN:
            opened.append(match.start())
            continue
        if mark in _CLOSE:
            if opened:
                first = opened.pop()
                closed_stop = text[match.start() - 1] in "。！？!?" and mark in "”」』"
                if closed_stop and not opened and first > begin:
                    ends.append(match.end())
                    begin = match.end()
            continue
        if opened:
            continue
        position = match.end()
        while position < len(text) and text[position] in "”’」』":
            position += 1
        ends.append(position)
        begin = position
    spans = []
    begin = 0
    for end in [*ends, len(text)]:
        spans.extend(_trimmed(text, begin, end))
        begin = end
    return spans


def _trimmed(text: str, begin: int, end: int) -> list[tuple[int, int]]:
    """The span without white space around it, cut where it is longer than `MAX_LENGTH`."""
    pieces = []
    while begin < end:
        while begin < end and text[begin].isspace():
            begin += 1
        stop = end
        if end - begin > MAX_LENGTH:
            stop = begin + MAX_LENGTH
            comma = max(text.rfind(mark, begin + 100, stop) for mark in "，,、：: ")
            stop = comma + 1 if comma > 0 else stop
        last = stop
        while last > begin and text[last - 1].isspace():
            last -= 1
        if last > begin:
            pieces.append((begin, last))
        begin = stop
    return pieces
