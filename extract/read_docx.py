"""Word documents (docx) to text: paragraphs and table rows in their order, a line each."""

from __future__ import annotations

import io
import zlib
from collections import defaultdict
from collections.abc import Iterator
from zipfile import BadZipFile

from zhitu.errors import DocumentError

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIPPED = {f"{_W}del", f"{_W}moveFrom", f"{_W}txbxContent", f"{_W}instrText"}
_DIGITS = "零一二三四五六七八九"


_BROKEN = (
    BadZipFile,
    zlib.error,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    SyntaxError,
    ValueError,
)
"""What python-docx, zipfile and lxml raise on damaged files, beside their own errors."""


def docx_text(data: bytes, name: str) -> str:
    """The text of a Word document, numbers of numbered paragraphs included.

    Tracked insertions count, deletions do not; page headers and footers, notes and text
    boxes are left out.

    Raises
    ------
    DocumentError
        If the file is no docx.
    """
    import docx
    from docx.opc.exceptions import OpcError
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    try:
        document = docx.Document(io.BytesIO(data))
    except (OpcError, *_BROKEN) as error:
        raise DocumentError(
            f"{name}: not a Word document that can be read; save it as docx again"
        ) from error
    numbers = _Numbering(document)
    lines: list[str] = []
    for element in _blocks(document.element.body):
        if element.tag == f"{_W}tbl":
            lines.extend(_rows(Table(element, document)))
        else:
            lines.append(numbers.of(Paragraph(element, document)) + _words(element))
    return "\n".join(line for line in lines if line.strip())


def _blocks(parent) -> Iterator:
    """Paragraphs and tables in order, those in content controls (cover pages) too."""
    for child in parent:
        if child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            yield from _blocks(child)


def _rows(table) -> Iterator[str]:
    """Rows with their cells apart by tabs; a merged cell once."""
    for row in table.rows:
        cells, seen = [], set()
        for cell in row.cells:
            if cell._tc not in seen:
                seen.add(cell._tc)
                words = (_words(paragraph._p) for paragraph in cell.paragraphs)
                cells.append("".join(words).replace("\n", ""))
        yield "\t".join(cells)


def _words(element) -> str:
    """The words of a paragraph's XML, tracked deletions and text boxes left out."""
    parts: list[str] = []
    for child in element:
        if child.tag in _SKIPPED:
            continue
        if child.tag == f"{_W}t":
            parts.append(child.text or "")
        elif child.tag == f"{_W}tab" and element.tag == f"{_W}r":
            parts.append("\t")
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            parts.append("\n")
        else:
            parts.append(_words(child))
    return "".join(parts)


class _Numbering:
    """Counts numbered paragraphs: Word keeps 一、 and （一） out of the text."""

    def __init__(self, document) -> None:
        self._levels: dict[tuple[str, int], tuple[str, str, int]] = {}
        self._counts: dict[tuple[str, int], int] = defaultdict(int)
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        abstract = {}
        for item in root.iter(f"{_W}abstractNum"):
            levels = {}
            for level in item.iter(f"{_W}lvl"):
                get = lambda tag, default, level=level: _value(level.find(f"{_W}{tag}"), default)  # noqa: E731
                levels[int(level.get(f"{_W}ilvl"))] = (
                    get("lvlText", ""),
                    get("numFmt", "decimal"),
                    int(get("start", "1")),
                )
            abstract[item.get(f"{_W}abstractNumId")] = levels
        for item in root.iter(f"{_W}num"):
            target = _value(item.find(f"{_W}abstractNumId"), "")
            for level, shape in abstract.get(target, {}).items():
                self._levels[item.get(f"{_W}numId"), level] = shape

    def of(self, paragraph) -> str:
        """The number that Word shows before a paragraph, empty if none."""
        properties = paragraph._p.find(f"{_W}pPr/{_W}numPr")
        if properties is None:
            properties = (
                paragraph.style.element.find(f"{_W}pPr/{_W}numPr") if paragraph.style else None
            )
        if properties is None:
            return ""
        number = _value(properties.find(f"{_W}numId"), "")
        level = int(_value(properties.find(f"{_W}ilvl"), "0"))
        shape = self._levels.get((number, level))
        if shape is None or shape[1] in ("bullet", "none"):
            return ""
        self._counts[number, level] += 1
        for deeper in range(level + 1, 9):
            self._counts.pop((number, deeper), None)
        text = shape[0]
        for depth in range(level + 1):
            _, form, start = self._levels.get((number, depth), shape)
            count = max(self._counts[number, depth], 1) + start - 1
            text = text.replace(f"%{depth + 1}", _numeral(count, form))
        return text


def _value(element, default: str) -> str:
    return default if element is None else element.get(f"{_W}val", default)


def _numeral(count: int, form: str) -> str:
    """A number as Word writes it.

    >>> _numeral(12, "chineseCounting"), _numeral(3, "decimal"), _numeral(20, "chineseCounting")
    ('十二', '3', '二十')
    """
    if not form.lower().startswith(("chinese", "ideograph", "japanesecounting", "taiwanese")):
        return str(count)
    tens, ones = divmod(count, 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens % 10]) + "十" + (_DIGITS[ones] if ones else "")
