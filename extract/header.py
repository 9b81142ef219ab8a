"""What the head of a document says of it: title, kind, issuer, meeting, date, speaker.

`extract.head` reads the lines, `extract.kinds` tells the kind, `extract.issuer` the division
governed and the issuer's canonical name.
"""

from __future__ import annotations

from dataclasses import replace

from extract.documents import Document, Header
from extract.head import read_head, signed_date
from extract.issuer import issuer_of, jurisdiction_of
from extract.kinds import NEWS, kind_of


def read_header(document: Document) -> Document:
    """Fill in `header`: what the head says, and what the text must be about.

    Parameters
    ----------
    document : Document
        With `text`; a title or date that its `header` already has is kept.

    Returns
    -------
    Document
        With `header`; its `issuer` is a canonical name, `date` is ISO 8601 (``2024-01-27``,
        or ``2025-06`` where no day is given). What is not known is None.

    Examples
    --------
    >>> from extract.read import make_document
    >>> text = '''政协第五届衢州市柯城区委员会常务委员会工作报告
    ... 2024年1月27日在政协第五届衢州市柯城区委员会第三次会议上
    ... 衢州市柯城区政协主席 叶美峰
    ... 2023年工作回顾'''
    >>> header = read_header(make_document(text, "a.txt")).header
    >>> header.kind, header.issuer, header.date
    ('政协工作报告', '政协浙江省衢州市柯城区委员会', '2024-01-27')
    >>> header.post, header.speaker, header.jurisdiction.code
    ('衢州市柯城区政协主席', '叶美峰', '330802')
    """
    given = document.header
    head = read_head(document.text, given)
    kind = kind_of(head.title or "", document.text, " ".join(head.lines[1:6]))
    where = jurisdiction_of(head, kind, document.text)
    issuer = issuer_of(kind, head, where, document.text)
    header = Header(
        title=head.title,
        kind=kind,
        issuer=issuer,
        meeting=head.meeting,
        date=head.date or (signed_date(document.text) if kind != NEWS else None),
        speaker=head.speaker,
        post=head.post,
        jurisdiction=where,
    )
    return replace(document, header=header)
