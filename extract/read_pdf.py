"""The text layer of a PDF: columns in reading order, running heads dropped, wraps joined.

pdfplumber gives characters with their places. They are put into lines, the lines of a page
into columns, and what stands in the margin of several pages alike (running heads, page
numbers) is dropped. Lines are joined to paragraphs by their geometry: a paragraph ends where
a line stops short, the next one is indented, or the size of the type changes. So a sentence
that a column or a page cut in two is whole again.
"""

from __future__ import annotations

import io
import logging
import re
import struct
import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from zhitu.errors import DocumentError

_BROKEN = (
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What pdfminer lets through on damaged files, beside its own errors."""

_MARGIN = 0.12
"""Share of the page's height at top and bottom where running heads are looked for."""

_PAGE_NUMBER = re.compile(
    r"[\s—–\-－·•]*(?:第?\s*\d{1,4}\s*页?(?:\s*[/／共]\s*\d{1,4}\s*页?)?)[\s—–\-－·•]*"
)
_GAP = 0.8
"""Share of the type size that a gap in a line must have to be one between columns."""

_LONGEST_CELL = 80
"""Characters of a cell on average, above which ruled boxes hold text and are no table."""

_NEW_IN_HEAD = re.compile(r"[—（(]|(?:19|20)\d\d年")
_STOP = re.compile(r"[。！？；：…!?;:]$|[。！？][”’」』）)]$")


@dataclass(frozen=True)
class Line:
    """A run of characters on one baseline; points from the page's top left corner.

    `left` and `right` are the edges of the column it stands in.
    """

    page: int
    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    left: float = 0.0
    right: float = 0.0
    row: bool = False
    """A row of a ruled table: its cells apart by tabs, joined to nothing."""


def pdf_text(data: bytes, name: str) -> str:
    """The text of a PDF, a paragraph a line.

    Raises
    ------
    DocumentError
        If it is broken, needs a password, or has no text layer (a scan).
    """
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfminer.psexceptions import PSException
    from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

    lines: list[Line] = []
    heights: dict[int, float] = {}
    # pdfminer warns of every oddity of a font, a line each; none of them is the reader's.
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            for number, page in enumerate(pdf.pages):
                heights[number] = float(page.height)
                rows, rest = _tables(page.dedupe_chars(), number)
                lines.extend([*rows, *_segments(rest, number)])
                page.close()
    except (PdfminerException, MalformedPDFException, PSException, *_BROKEN) as error:
        causes = (error, error.__cause__, *error.args)
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in causes):
            raise DocumentError(f"{name}: needs a password; save it without one") from error
        raise DocumentError(f"{name}: not a PDF that can be read; print it to PDF anew") from error
    if not any(line.text.strip() for line in lines):
        raise DocumentError(
            f"{name}: no text layer, a scan; run text recognition first (ocrmypdf -l chi_sim)"
        )
    unmapped = sum(line.text.count("(cid:") * 6 for line in lines)
    if unmapped > 0.2 * sum(len(line.text) for line in lines):
        raise DocumentError(f"{name}: its fonts hide their characters; use the original file")
    kept = _without_running_heads(lines, heights)
    ordered: list[Line] = []
    for number in sorted(heights):
        ordered.extend(in_reading_order([line for line in kept if line.page == number]))
    return "\n".join(paragraphs(ordered))


def _tables(page, number: int) -> tuple[list[Line], list[dict]]:
    """Rows of the page's ruled tables, and the characters outside them.

    A frame around text is no table, nor are boxes that hold whole paragraphs.
    """
    if len(page.edges) < 6:
        return [], page.chars
    rows: list[Line] = []
    boxes: list[tuple[float, float, float, float]] = []
    for table in page.find_tables():
        cells = [[_cell(text) for text in row] for row in table.extract()]
        filled = [text for row in cells for text in row if text]
        if len(cells) < 2 or max(map(len, cells)) < 2 or not filled:
            continue
        if sum(map(len, filled)) / len(filled) > _LONGEST_CELL:
            continue
        boxes.append(table.bbox)
        for shape, row in zip(table.rows, cells, strict=True):
            x0, top, x1, bottom = shape.bbox
            text = "\t".join(text for text in row if text)
            if text:
                rows.append(Line(number, text, x0, x1, top, bottom, bottom - top, row=True))
    outside = [c for c in page.chars if not any(_within(c, box) for box in boxes)]
    return rows, outside


def _cell(text: str | None) -> str:
    return _glue_lines((text or "").split("\n"))


def _within(character: dict, box: tuple[float, float, float, float]) -> bool:
    x = (character["x0"] + character["x1"]) / 2
    y = (character["top"] + character["bottom"]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _segments(characters: Sequence[dict], page: int) -> list[Line]:
    """Characters to runs on one baseline, cut at gaps as wide as a space between columns."""
    upright = [c for c in characters if c.get("upright", True) and c["text"].strip("\x00")]
    rows: list[list[dict]] = []
    for c in sorted(upright, key=lambda c: (round(c["bottom"], 1), c["x0"])):
        for row in rows[-3:]:
            if abs(row[0]["bottom"] - c["bottom"]) < 0.4 * min(row[0]["size"], c["size"]):
                row.append(c)
                break
        else:
            rows.append([c])
    lines = []
    for row in rows:
        row.sort(key=lambda c: c["x0"])
        run: list[dict] = []
        for c in row:
            if run and c["x0"] - run[-1]["x1"] > _GAP * max(c["size"], run[-1]["size"]):
                lines.append(_line(run, page))
                run = []
            run.append(c)
        lines.append(_line(run, page))
    return [line for line in lines if line.text]


def _line(run: list[dict], page: int) -> Line:
    parts: list[str] = []
    for before, c in zip([None, *run], run, strict=False):
        text = c["text"]
        if before is not None and parts and not parts[-1].isspace() and not text.isspace():
            gap = c["x0"] - before["x1"]
            latin = before["text"].isascii() and text.isascii()
            if gap > (0.2 if latin else 0.6) * c["size"]:
                parts.append(" ")
        parts.append(text)
    solid = [c for c in run if not c["text"].isspace()] or run
    return Line(
        page=page,
        text="".join(parts).strip(),
        x0=solid[0]["x0"],
        x1=solid[-1]["x1"],
        top=min(c["top"] for c in solid),
        bottom=max(c["bottom"] for c in solid),
        size=median(c["size"] for c in solid),
    )


def _without_running_heads(lines: list[Line], heights: dict[int, float]) -> list[Line]:
    """Drop page numbers, and what stands alike in the margin of two pages or more.

    Only the outermost lines of the margin count, so that a first line of text which two
    pages happen to share is no running head unless it stands at the very edge.
    """
    edge: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        height = heights[line.page]
        if line.bottom < _MARGIN * height or line.top > (1 - _MARGIN) * height:
            edge[line.page].append(line)
    seen: Counter[tuple[str, int]] = Counter()
    for found in edge.values():
        seen.update({_likeness(line) for line in found})
    repeated = {key for key, count in seen.items() if count >= max(2, 0.3 * len(heights))}
    dropped = {
        id(line)
        for found in edge.values()
        for line in found
        if _PAGE_NUMBER.fullmatch(line.text) or _likeness(line) in repeated
    }
    return [line for line in lines if id(line) not in dropped]


def _likeness(line: Line) -> tuple[str, int]:
    """What running heads share: their words, digits aside, and their height on the page."""
    return re.sub(r"\d+", "#", re.sub(r"\s+", "", line.text)), round(line.top / 6)


def in_reading_order(lines: list[Line]) -> list[Line]:
    """Lines of a page, column by column; lines across the columns stay between them.

    Returns
    -------
    list of Line
        With the edges of their column filled in.
    """
    if len(lines) < 4:
        return _as_column(lines)
    gutter = _gutter(lines)
    if gutter is None:
        return _as_column(lines)
    across, rest = [], []
    for line in sorted(lines, key=lambda line: line.top):
        crosses = line.x0 < gutter - 2 and line.x1 > gutter + 2
        (across if crosses or _is_headline(line, lines) else rest).append(line)
    ordered: list[Line] = []
    for bar in [*across, None]:
        band = [line for line in rest if bar is None or line.top < bar.top]
        rest = rest[len(band) :]
        ordered.extend(in_reading_order([line for line in band if line.x1 <= gutter + 2]))
        ordered.extend(in_reading_order([line for line in band if line.x1 > gutter + 2]))
        if bar is not None:
            ordered.extend(_as_column([bar], lines))
    return ordered


def _is_headline(line: Line, lines: list[Line]) -> bool:
    """Whether a line of large type has nothing beside it: a headline over all columns."""
    body = median([other.size for other in lines if not other.row] or [line.size])
    if line.row or line.size < 1.25 * body:
        return False
    return all(
        other is line or other.bottom <= line.top + 1 or other.top >= line.bottom - 1
        for other in lines
    )


def _gutter(lines: list[Line]) -> float | None:
    """Where the space between two columns of prose runs, None if there are none.

    A gutter has lines of many characters on both sides, level with each other, and few
    lines across it; a table has short cells instead.
    """
    size = median([line.size for line in lines if not line.row] or [12.0])
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    best: tuple[int, float] | None = None
    for x in sorted({line.x0 for line in lines}):
        if not left + 0.15 * (right - left) < x < right - 0.15 * (right - left):
            continue
        middle = x - 0.4 * size
        before = [line for line in lines if line.x1 <= middle]
        after = [line for line in lines if line.x0 >= x - 1]
        across = len(lines) - len(before) - len(after)
        if len(before) < 3 or len(after) < 3 or across > 0.4 * len(lines):
            continue
        if min(median(len(line.text) for line in side) for side in (before, after)) < 7:
            continue
        if not _side_by_side(before, after):
            continue
        if best is None or across < best[0]:
            best = across, middle
    return best[1] if best else None


def _side_by_side(before: list[Line], after: list[Line]) -> bool:
    top = max(min(line.top for line in side) for side in (before, after))
    bottom = min(max(line.bottom for line in side) for side in (before, after))
    shorter = min(
        max(line.bottom for line in side) - min(line.top for line in side)
        for side in (before, after)
    )
    return bottom - top > 0.5 * shorter


def _as_column(lines: list[Line], within: list[Line] | None = None) -> list[Line]:
    """Lines from the top down, those on one baseline joined; column edges filled in."""
    rows: list[Line] = []
    for line in sorted(lines, key=lambda line: (line.bottom, line.x0)):
        last = rows[-1] if rows and not (rows[-1].row or line.row) else None
        if last and abs(last.bottom - line.bottom) < 0.5 * line.size and last.x1 <= line.x0:
            rows[-1] = replace(
                last, text=f"{last.text}  {line.text}", x1=line.x1, top=min(last.top, line.top)
            )
        else:
            rows.append(line)
    edges = within or rows
    left = min((line.x0 for line in edges), default=0.0)
    right = max((line.x1 for line in edges), default=0.0)
    return [replace(line, left=left, right=right) for line in rows]


def paragraphs(lines: Sequence[Line]) -> list[str]:
    """Join lines in reading order to paragraphs."""
    pitch = _pitch(lines)
    body = median([line.size for line in lines if not line.row] or [0.0])
    found: list[str] = []
    before: Line | None = None
    for line in lines:
        if before is not None and _goes_on(before, line, pitch, body):
            found[-1] = _glue(found[-1], line.text)
        else:
            found.append(line.text)
        before = line
    return found


def _pitch(lines: Sequence[Line]) -> float:
    """Usual distance of baselines, in points."""
    steps = [
        b.bottom - a.bottom
        for a, b in pairwise(lines)
        if a.page == b.page and 0 < b.bottom - a.bottom < 6 * a.size and not (a.row or b.row)
    ]
    return median(steps) if steps else 0.0


def _goes_on(before: Line, line: Line, pitch: float, body: float) -> bool:
    if before.row or line.row:
        return False
    size = line.size
    if abs(before.size - size) > 0.12 * size:
        return False
    below = before.page == line.page and line.bottom > before.bottom
    if below and line.bottom - before.bottom > 1.6 * pitch:
        return False
    if size > 1.15 * body and below and not _STOP.search(before.text):
        if _NEW_IN_HEAD.match(line.text):
            return False
        # A headline that filled its line and goes on in the next.
        return before.right - before.left - (before.x1 - before.x0) < 1.5 * size
    full = before.right - before.x1 < 2.2 * size
    indented = line.x0 - line.left > 1.2 * size
    return full and not indented


def _glue(before: str, after: str) -> str:
    """Join two lines, with a space only between Latin words; a hyphen at the end goes."""
    if re.search(r"[A-Za-z]-$", before) and re.match(r"[a-z]", after):
        return before[:-1] + after
    space = " " if re.search(r"[A-Za-z0-9,.;]$", before) and re.match(r"[A-Za-z0-9]", after) else ""
    return f"{before}{space}{after}"


def _glue_lines(lines: Sequence[str]) -> str:
    """The lines of a cell as one."""
    text = ""
    for line in lines:
        text = _glue(text, line.strip()) if text else line.strip()
    return text
