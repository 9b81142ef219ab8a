"""Files to documents: finding them, reading them, and what makes two of them one.

A document's id is a hash of its characters without white space: the same text under two
names, in two encodings or in two file formats is one document.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path, PurePath

from extract.dates import iso_date
from extract.documents import Document, Header
from extract.read_docx import docx_text
from extract.read_markup import html_text, markdown_text
from extract.read_pdf import pdf_text
from extract.read_tables import Row, csv_rows, jsonl_rows
from extract.read_text import clean_newlines, decode, unify_radicals
from zhitu.errors import DocumentError, UsageError

TEXT = (".txt", ".text")
MARKDOWN = (".md", ".markdown")
HTML = (".html", ".htm", ".xhtml")
PDF = (".pdf",)
WORD = (".docx", ".docm")
CSV = (".csv", ".tsv")
JSONL = (".jsonl", ".ndjson")
JSON = (".json",)
"""Read when named outright; in folders a json file is more often something else."""

ZIP = (".zip",)
SUFFIXES: tuple[str, ...] = (*TEXT, *MARKDOWN, *HTML, *PDF, *WORD, *CSV, *JSONL, *ZIP)
"""What is read, and what a folder is searched for."""

UNREADABLE: dict[str, str] = {
    **dict.fromkeys((".doc", ".wps", ".rtf", ".odt", ".dot"), "docx"),
    **dict.fromkeys((".ofd", ".caj", ".ceb", ".ppt", ".pptx", ".epub"), "pdf"),
    **dict.fromkeys((".xls", ".xlsx", ".et"), "csv"),
    **dict.fromkeys((".mht", ".mhtml"), "html"),
    **dict.fromkeys((".rar", ".7z", ".tar", ".gz", ".tgz"), "zip"),
}
"""Documents in formats that are not read: never passed over in silence, but named with what
to save them as."""

MEMBER_LIMIT = 200 * 1024 * 1024
"""Bytes that one member of a zip archive may unpack to."""

_NESTING = 3
"""How deep zip archives in zip archives are followed."""


def find_files(paths: Iterable[str | Path]) -> list[Path]:
    """List the document files under `paths`, folders searched recursively.

    Parameters
    ----------
    paths : iterable of str or Path
        Files and folders. A file named outright is taken whatever its suffix; in
        folders, hidden files and those that are no documents (pictures, programs) are
        left alone. Documents in formats that cannot be read are listed, so that reading
        them says so.

    Returns
    -------
    list of Path
        Absolute paths, each once, in order of the arguments and sorted in each folder.

    Raises
    ------
    UsageError
        If a path does not exist, or a folder holds no document.
    """
    found: dict[Path, None] = {}
    for given in map(Path, paths):
        if given.is_dir():
            inside = sorted(
                path
                for path in given.rglob("*")
                if _is_document_name(path.relative_to(given)) and path.is_file()
            )
            if not inside:
                raise UsageError(
                    f"{given}: no documents in this folder; "
                    f"it is searched for {', '.join(s[1:] for s in SUFFIXES)}"
                )
            found.update(dict.fromkeys(path.absolute() for path in inside))
        elif given.exists():
            found[given.absolute()] = None
        else:
            raise UsageError(f"{given}: no such file or folder; check the path")
    return list(found)


def _is_document_name(path: PurePath) -> bool:
    hidden = any(part.startswith((".", "~$", "__MACOSX")) for part in path.parts)
    known = path.suffix.lower() in SUFFIXES or path.suffix.lower() in UNREADABLE
    return not hidden and known


def read_documents(path: str | Path, *, text_column: str | None = None) -> Iterator[Document]:
    """Read the document, or the documents, of one file.

    Parameters
    ----------
    path : str or Path
        A file, as `find_files` gives it.
    text_column : str, optional
        Column of csv and jsonl files that holds the text.

    Yields
    ------
    Document
        With `id`, `name`, `text` and `source` only.

    Raises
    ------
    DocumentError
        If the file cannot be read, is empty, binary or in an unknown encoding. Of a
        file with several documents the good ones come first.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(f"{path}: cannot be read ({error.strerror}); check it") from error
    yield from _read(data, path.name, str(path.absolute()), text_column, _NESTING)


def _read(
    data: bytes, label: str, source: str, text_column: str | None, nesting: int
) -> Iterator[Document]:
    """Documents of one file or archive member: `label` is its own name, `source` its address."""
    name = source
    suffix = _suffix(data, label)
    if not data.strip():
        raise DocumentError(f"{name}: empty, there is nothing in it")
    if suffix in ZIP:
        yield from _read_zip(data, source, text_column, nesting)
    elif suffix in (*CSV, *JSONL, *JSON):
        rows = csv_rows if suffix in CSV else jsonl_rows
        yield from _read_rows(rows(data, name, text_column), label, source)
    elif suffix in UNREADABLE:
        raise DocumentError(
            f"{name}: {suffix[1:]} is not read; save it as {UNREADABLE[suffix]} and try again"
        )
    else:
        yield make_document(_text(data, name, suffix), label, source)


def _text(data: bytes, name: str, suffix: str) -> str:
    """Text of a file that holds one document."""
    if suffix in PDF:
        return pdf_text(data, name)
    if suffix in WORD:
        return docx_text(data, name)
    if suffix in HTML:
        return html_text(data, name)
    if suffix in MARKDOWN:
        return markdown_text(data, name)
    return decode(data, name)


def _suffix(data: bytes, name: str) -> str:
    """Suffix of a file; by its first bytes where it has none that is known."""
    suffix = PurePath(name).suffix.lower()
    if suffix in SUFFIXES or suffix in UNREADABLE:
        return suffix
    if data.startswith(b"%PDF-"):
        return ".pdf"
    if data.startswith(b"PK\x03\x04"):
        return ".docx" if b"word/document.xml" in data else ".zip"
    return suffix


def _read_rows(rows: Iterator[Row], label: str, source: str) -> Iterator[Document]:
    """A document for each row; rows without text are named at the end."""
    blank: list[int] = []
    count = 0
    for row in rows:
        count += 1
        if not row.text.strip():
            blank.append(row.number)
            continue
        document = make_document(row.text, f"{label}#{row.number}", f"{source}#{row.number}")
        yield replace(document, header=Header(title=row.title, date=iso_date(row.date or "")))
    if not count:
        raise DocumentError(f"{source}: empty, no rows below its heading")
    if blank:
        listed = ", ".join(map(str, blank[:10])) + (" …" if len(blank) > 10 else "")
        raise DocumentError(f"{source}: {len(blank)} of {count} rows have no text (rows {listed})")


_DAMAGED = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError)


def _read_zip(
    data: bytes, source: str, text_column: str | None, nesting: int
) -> Iterator[Document]:
    """Documents of an archive's members; those that fail are named at the end."""
    if not nesting:
        raise DocumentError(f"{source}: archives nested too deep; unpack it and build the folder")
    failures: list[str] = []
    count = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for item in archive.infolist():
                member = _member_name(item)
                if item.is_dir() or not _is_document_name(PurePath(member)):
                    continue
                count += 1
                try:
                    inside = f"{source}#{member}"
                    content = _unpack(archive, item, inside)
                    label = PurePath(member).name
                    yield from _read(content, label, inside, text_column, nesting - 1)
                except DocumentError as error:
                    failures.append(str(error))
    except _DAMAGED as error:
        raise DocumentError(f"{source}: a damaged archive ({error}); fetch it anew") from error
    if not count:
        raise DocumentError(f"{source}: no documents in this archive")
    if failures:
        raise DocumentError("; ".join(failures))


def _unpack(archive: zipfile.ZipFile, item: zipfile.ZipInfo, name: str) -> bytes:
    if item.flag_bits & 1:
        raise DocumentError(f"{name}: needs a password; unpack the archive first")
    if item.file_size > MEMBER_LIMIT:
        raise DocumentError(f"{name}: unpacks to more than {MEMBER_LIMIT >> 20} MB; too large")
    try:
        with archive.open(item) as member:
            return member.read(MEMBER_LIMIT + 1)[:MEMBER_LIMIT]
    except _DAMAGED as error:
        raise DocumentError(f"{name}: damaged in the archive ({error}); fetch it anew") from error


def _member_name(item: zipfile.ZipInfo) -> str:
    """A member's name; archives made on Chinese Windows hold it in GBK without saying so."""
    if item.flag_bits & 0x800:
        return item.filename
    raw = item.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return item.filename


def make_document(text: str, name: str, source: str = "") -> Document:
    """Make a document of a text, its id included.

    Parameters
    ----------
    text : str
        Line ends and a byte order mark are normalised; single surrogates, which no
        store takes, become U+FFFD.
    name : str
        For people.
    source : str
        Where it was read from.

    Raises
    ------
    DocumentError
        If there is nothing to read in it.

    Examples
    --------
    >>> one = make_document("柯城区政协\\r\\n工作报告", "a.txt")
    >>> two = make_document("柯城区政协工作报告\\n", "b.txt")
    >>> one.id == two.id, one.text
    (True, '柯城区政协\\n工作报告')
    """
    text = (
        unify_radicals(clean_newlines(text))
        .encode("utf-16", "surrogatepass")
        .decode("utf-16", "replace")
    )
    if not text.strip("\x00\ufeff \t\n\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u3000\u2028\u2029"):
        raise DocumentError(f"{source or name}: empty, there is no text in it")
    return Document(id=content_id(text), name=name, text=text, source=source)


def content_id(text: str) -> str:
    """Hash the characters of a text, white space aside: 16 hexadecimal digits."""
    return hashlib.sha256("".join(text.split()).encode("utf-8")).hexdigest()[:16]
