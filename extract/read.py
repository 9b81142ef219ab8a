"""Files to documents: finding them, reading them, and what makes two of them one.

A document's id is a hash of its characters without white space: the same text under two
names, in two encodings or in two file formats is one document.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from extract.documents import Document
from extract.read_text import clean_newlines, decode
from zhitu.errors import DocumentError, UsageError

SUFFIXES: tuple[str, ...] = (".txt",)
"""What a folder is searched for."""


def find_files(paths: Iterable[str | Path]) -> list[Path]:
    """List the document files under `paths`, folders searched recursively.

    Parameters
    ----------
    paths : iterable of str or Path
        Files and folders. A file named outright is taken whatever its suffix; in
        folders, hidden files and those without a known suffix are left alone.

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
            inside = sorted(filter(_is_document, given.rglob("*")))
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


def _is_document(path: Path) -> bool:
    hidden = any(part.startswith((".", "~$")) for part in path.parts)
    return not hidden and path.suffix.lower() in SUFFIXES and path.is_file()


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
    yield make_document(decode(data, str(path)), path.name, str(path.absolute()))


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
    text = clean_newlines(text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if not text.strip("\x00\ufeff \t\n\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u3000\u2028\u2029"):
        raise DocumentError(f"{name}: empty, there is no text in it")
    return Document(id=content_id(text), name=name, text=text, source=source)


def content_id(text: str) -> str:
    """Hash the characters of a text, white space aside: 16 hexadecimal digits."""
    return hashlib.sha256("".join(text.split()).encode("utf-8")).hexdigest()[:16]
