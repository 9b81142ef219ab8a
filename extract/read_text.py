"""Bytes of a plain text to characters: UTF-8, UTF-16 with a mark, GB18030, Big5.

Text that is not UTF-8 is read as GB18030 or Big5, whichever gives the more ordinary
characters. Both standards put common characters first (GB/T 2312 level 1, Big5 level 1),
and a wrong guess lands in the rare ones, so eight characters are enough to tell them
apart; general detectors need about forty.
"""

from __future__ import annotations

import codecs
import unicodedata

from zhitu.errors import DocumentError

_SAMPLE = 20_000
"""Characters that are looked at to judge a guess; more do not change it."""

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip archive (or docx, xlsx)"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file (doc, xls, wps)"),
    (b"{\\rtf", "a rich text file (rtf)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
)


def decode(data: bytes, name: str) -> str:
    """Decode a text file, whatever the usual Chinese encoding.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        Name of the file, for the message.

    Returns
    -------
    str
        Without byte order mark, line ends as ``\\n``.

    Raises
    ------
    DocumentError
        If the file is binary or in no encoding that is known here.

    Examples
    --------
    >>> decode("柯城区政协".encode("gb18030"), "a.txt")
    '柯城区政协'
    >>> decode("常山縣人民政府".encode("big5"), "b.txt")
    '常山縣人民政府'
    """
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            raise DocumentError(f"{name}: this is {what}, not text; give it the fitting suffix")
    text = _decode(data)
    if text is None:
        if _looks_binary(data):
            raise DocumentError(f"{name}: a binary file, not text; convert it to txt, docx or pdf")
        raise DocumentError(
            f"{name}: neither UTF-8, GB18030 nor Big5; save it as UTF-8 and try again"
        )
    if _unprintable(text[:_SAMPLE]) > 0.02:
        raise DocumentError(f"{name}: a binary file, not text; convert it to txt, docx or pdf")
    return clean_newlines(text)


_RADICALS = str.maketrans(
    {cp: unicodedata.normalize("NFKC", chr(cp)) for cp in range(0x2F00, 0x2FD6)}
    | dict(
        zip(
            "⺟⺠⺬⻁⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
            "母民示虎西见角贝车長长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
            strict=True,
        )
    )
)


def unify_radicals(text: str) -> str:
    """Write characters that PDF fonts disguise as radicals as themselves, one for one.

    Kangxi radicals have a compatibility mapping; of the CJK Radicals Supplement those that
    are whole characters follow Unicode's ``EquivalentUnifiedIdeograph.txt``.

    Examples
    --------
    >>> unify_radicals("⼈⺠政协⼯作")
    '人民政协工作'
    """
    return text.translate(_RADICALS)


def clean_newlines(text: str) -> str:
    """Drop a byte order mark and write every line end as ``\\n``."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _decode(data: bytes) -> str | None:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _try(data, "utf-16")
    text = _try(data, "utf-8")
    if text is not None:
        return text
    guesses = [
        (_common(text[:_SAMPLE], encoding, last_lead), text)
        for encoding, last_lead in (("gb18030", 0xD7), ("big5hkscs", 0xC6))
        if (text := _try(data, encoding)) is not None
    ]
    if not guesses:
        return None
    score, text = max(guesses, key=lambda guess: guess[0])
    return text if score > 0.5 else None


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _common(text: str, encoding: str, last_lead: int) -> float:
    """Share of the non-ASCII characters that the encoding's first level holds."""
    first_level = "gb2312" if encoding == "gb18030" else encoding
    wide = [character for character in text if character > "\x7f"]
    common = 0
    for character in wide:
        try:
            common += character.encode(first_level)[0] <= last_lead
        except UnicodeEncodeError:
            continue
    return common / len(wide) if wide else 0.0


def _looks_binary(data: bytes) -> bool:
    head = data[:_SAMPLE]
    return sum(byte < 9 or 13 < byte < 27 for byte in head) > len(head) / 50


def _unprintable(text: str) -> float:
    """Share of control and replacement characters; a stray NUL in a text is tolerated."""
    if not text:
        return 0.0
    return sum(c < "\t" or "\r" < c < "\x1b" or c == "\ufffd" for c in text) / len(text)
