"""What the head of a document says of it: title, kind, issuer, date, jurisdiction."""

from __future__ import annotations

from extract.documents import Document


def read_header(document: Document) -> Document:
    """Fill in `header`."""
    return document
